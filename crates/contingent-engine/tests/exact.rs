//! Things that move one by one: moments and distributions that are known, convergence of the method that steps
//! to them, and what holds of every run.
//!
//! Each saved time of a setting gives a z score of the mean and of the variance; the variance has the standard
//! error of its own sample, fourth moment included. A score of a mean beyond 3 comes by chance at 0.27% of the
//! times, and scores at neighbouring times go together. With 24 settings of 50 times, 3.2 times are expected
//! beyond 3, in at most 24 (1 - 0.9973^50) = 3.0 settings. More than 9 settings with such a time, or one of
//! more than 4.5, would come by chance in fewer than one of 500 streams of random numbers; the seeds are fixed.

mod support;

use contingent_engine::{BlockResult, Configuration, Recording, math::exp};
use contingent_model::{Chance, Effect, EventReading, Expression, Method, VariableId};
use support::*;

const N_RUNS: usize = 10_000;
const N_STEPS: usize = 50;

fn everything() -> Configuration {
    Configuration { recording: Recording::Everything, ..Configuration::default() }
}

fn exact(n_steps: usize, dt: f64) -> Builder {
    let mut b = Builder::new(n_steps, dt);
    b.model.clock.method = Method::Exact;
    b
}

fn change(stock: VariableId, amount: Expression) -> Effect {
    Effect::Add { target: end(stock), over: Vec::new(), amount }
}

/// The values of a recorded column at a time, one per run.
fn values<'r>(
    program: &contingent_engine::Program,
    result: &'r BlockResult,
    name: &str,
    time: usize,
    n_runs: usize,
) -> &'r [f64] {
    let n_recorded = program.recorded().len();
    let position = program.recorded().iter().position(|recorded| recorded.name == name);
    let position = position.expect("it is recorded");
    &result.recorded[(time * n_recorded + position) * n_runs..][..n_runs]
}

/// Mean, variance, and the standard error of the variance.
fn moments(values: &[f64]) -> (f64, f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let central = |power: i32| values.iter().map(|x| (x - mean).powi(power)).sum::<f64>() / n;
    let (second, fourth) = (central(2), central(4));
    (mean, second * n / (n - 1.0), ((fourth - second * second) / n).sqrt())
}

/// What one setting gave.
struct Scores {
    name: String,
    means: Vec<f64>,
    variances: Vec<f64>,
}

/// Scores of `x` at all times but the first against its mean and variance at time t.
fn scores(name: &str, builder: &Builder, seed: u64, known: impl Fn(f64) -> (f64, f64)) -> Scores {
    let program = compiled(builder, &everything());
    let result = replications(&program, seed, N_RUNS, &[]);
    assert!(result.failures.is_empty() && result.clipped.iter().all(|&n| n == 0), "{name}");
    let mut scores = Scores { name: name.to_owned(), means: Vec::new(), variances: Vec::new() };
    for step in 1..=builder.model.clock.n_steps {
        let (mean, variance, error) = moments(values(&program, &result, "x", step, N_RUNS));
        let (known_mean, known_variance) = known(step as f64 * builder.model.clock.dt);
        scores.means.push((mean - known_mean) / (known_variance / N_RUNS as f64).sqrt());
        scores.variances.push((variance - known_variance) / error);
    }
    scores
}

/// Birth of every one at `birth`, death at `death` (Bailey 1964, section 8.6).
fn birth_and_death(seed: u64, n: f64, birth: f64, death: f64, dt: f64) -> Scores {
    let mut b = exact(N_STEPS, dt);
    let x = b.whole_stock("x", &[], number(n));
    b.flow("born", &[], None, Some(end(x)), multiply(number(birth), read(x)));
    b.flow("dead", &[], Some(end(x)), None, multiply(number(death), read(x)));
    scores(&format!("birth {birth} death {death} of {n}"), &b, seed, |t| {
        let growth = exp((birth - death) * t);
        let spread = (birth + death) / (birth - death) * growth * (growth - 1.0);
        (n * growth, n * spread)
    })
}

/// Immigration in batches at `rate`, death at `death`: a Poisson shower thinned binomially (Bailey 1964, 8.7).
/// `first` and `second` are the first two factorial moments of the size of a batch.
fn batches(seed: u64, n: f64, rate: f64, death: f64, batch: Option<f64>, drawn: Option<f64>) -> Scores {
    let mut b = exact(N_STEPS, 1.0);
    let x = b.whole_stock("x", &[], number(n));
    b.flow("dead", &[], Some(end(x)), None, multiply(number(death), read(x)));
    let (first, second) = match (batch, drawn) {
        (Some(size), _) => {
            b.event("batch", &[], number(rate), false, vec![change(x, number(size))]);
            (size, size * (size - 1.0))
        }
        (None, Some(mean)) => {
            let more = draw(Chance::Poisson { per_time: false }, 1, vec![number(mean)]);
            b.event("batch", &[], number(rate), false, vec![change(x, add(number(1.0), more))]);
            (1.0 + mean, mean * (2.0 + mean))
        }
        (None, None) => {
            b.flow("coming", &[], None, Some(end(x)), number(rate));
            (1.0, 0.0)
        }
    };
    let name = format!("immigration of {batch:?} {drawn:?} at {rate}, death {death}, from {n}");
    scores(&name, &b, seed, |t| {
        let stays = exp(-death * t);
        let came = rate * first / death * (1.0 - stays);
        let together = rate * second / (2.0 * death) * (1.0 - stays * stays);
        (came + n * stays, came + together + n * stays * (1.0 - stays))
    })
}

/// Probabilities of the numbers of pairs 0..=n/2 at `t`, from none, by uniformisation (Jensen 1953).
fn pairs_at(n: f64, join: f64, part: f64, t: f64) -> Vec<f64> {
    let n_states = n as usize / 2 + 1;
    let left = |k: usize| n - 2.0 * k as f64;
    let joining = |k: usize| join * left(k) * (left(k) - 1.0) / 2.0;
    let parting = |k: usize| part * k as f64;
    let fastest = (0..n_states).map(|k| joining(k) + parting(k)).fold(0.0, f64::max);
    let n_parts = (fastest * t / 20.0).ceil().max(1.0);
    let mean = fastest * t / n_parts;
    let mut p = vec![0.0; n_states];
    p[0] = 1.0;
    for _ in 0..n_parts as usize {
        let mut weight = exp(-mean);
        let mut power = p.clone();
        let mut sum: Vec<f64> = power.iter().map(|x| weight * x).collect();
        for order in 1..120 {
            let mut next = vec![0.0; n_states];
            for k in 0..n_states {
                let (up, down) = (joining(k) / fastest, parting(k) / fastest);
                next[k] += power[k] * (1.0 - up - down);
                if k + 1 < n_states {
                    next[k + 1] += power[k] * up;
                }
                if k > 0 {
                    next[k - 1] += power[k] * down;
                }
            }
            power = next;
            weight *= mean / f64::from(order);
            for (sum, x) in sum.iter_mut().zip(&power) {
                *sum += weight * x;
            }
        }
        p = sum;
    }
    assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9, "the probabilities must be complete");
    p
}

/// Two become a pair at `join` for each two, a pair parts at `part`.
fn dimerisation(seed: u64, n: f64, join: f64, part: f64, dt: f64) -> Scores {
    let mut b = exact(N_STEPS, dt);
    let x = b.whole_stock("x", &[], number(n));
    let pairs = b.whole_stock("pairs", &[], number(0.0));
    let twos = multiply(read(x), subtract(read(x), number(1.0)));
    b.event(
        "joining",
        &[],
        multiply(number(join / 2.0), twos),
        false,
        vec![change(x, number(-2.0)), change(pairs, number(1.0))],
    );
    b.event(
        "parting",
        &[],
        multiply(number(part), read(pairs)),
        false,
        vec![change(x, number(2.0)), change(pairs, number(-1.0))],
    );
    scores(&format!("dimerisation of {n} at {join}, back at {part}"), &b, seed, |t| {
        let p = pairs_at(n, join, part, t);
        let moment = |power: i32| -> f64 {
            p.iter().enumerate().map(|(k, p)| p * (n - 2.0 * k as f64).powi(power)).sum()
        };
        (moment(1), moment(2) - moment(1) * moment(1))
    })
}

#[test]
fn means_and_variances_are_those_known_at_every_time() {
    let all = [
        birth_and_death(1, 100.0, 0.1, 0.11, 1.0),
        birth_and_death(2, 100.0, 1.0, 1.1, 0.4),
        birth_and_death(3, 2_000.0, 0.1, 0.11, 0.2),
        birth_and_death(4, 30.0, 0.06, 0.03, 1.0),
        birth_and_death(5, 7.0, 0.3, 0.1, 0.1),
        birth_and_death(6, 200.0, 0.0, 0.05, 1.0),
        birth_and_death(7, 1.0, 0.2, 0.25, 0.5),
        batches(11, 0.0, 1.0, 0.1, None, None),
        batches(12, 0.0, 10.0, 0.1, None, None),
        batches(13, 0.0, 5.0, 10.0, None, None),
        batches(14, 0.0, 20.0, 0.01, None, None),
        batches(15, 50.0, 2.0, 0.2, None, None),
        batches(16, 400.0, 1.0, 0.05, None, None),
        batches(21, 0.0, 1.0, 0.2, Some(5.0), None),
        batches(22, 0.0, 1.0, 0.2, Some(10.0), None),
        batches(23, 0.0, 0.2, 0.05, Some(100.0), None),
        batches(24, 20.0, 3.0, 0.5, Some(2.0), None),
        batches(25, 0.0, 1.0, 0.2, None, Some(4.0)),
        batches(26, 10.0, 0.5, 0.1, None, Some(0.5)),
        dimerisation(31, 100.0, 0.001, 0.01, 1.0),
        dimerisation(32, 1_000.0, 0.0002, 0.004, 1.0),
        dimerisation(33, 20.0, 0.05, 0.02, 0.5),
        dimerisation(34, 6.0, 0.1, 0.3, 0.3),
        dimerisation(35, 301.0, 0.001, 0.0, 0.4),
    ];
    let mut n_compared = 0;
    let mut beyond = Vec::new();
    for Scores { name, means, variances } in &all {
        n_compared += means.len();
        let greatest = means.iter().fold(0.0, |a: f64, z| a.max(z.abs()));
        if greatest > 3.0 {
            beyond.push(format!("{name}: {greatest:.2}"));
        }
        assert!(greatest < 4.5, "{name}: {greatest}");
        for (step, z) in variances.iter().enumerate() {
            assert!(z.abs() < 5.0, "{name}: variance at step {}: {z}", step + 1);
        }
    }
    assert_eq!(n_compared, 24 * N_STEPS);
    assert!(beyond.len() <= 9, "{beyond:?}");
    // The settings are independent: their scores at one time are standard normal numbers.
    for step in [0, N_STEPS / 2, N_STEPS - 1] {
        let sum: f64 = all.iter().map(|scores| scores.means[step].powi(2)).sum();
        // The 0.1% points of chi-squared with 24 degrees of freedom.
        assert!(7.5 < sum && sum < 51.2, "step {step}: {sum}");
    }
}

#[test]
fn a_number_that_comes_and_goes_is_poisson_at_the_end() {
    let mut b = exact(1, 20.0);
    let x = b.whole_stock("x", &[], number(0.0));
    b.flow("coming", &[], None, Some(end(x)), number(3.0));
    b.flow("going", &[], Some(end(x)), None, multiply(number(0.5), read(x)));
    let program = compiled(&b, &everything());
    let result = replications(&program, 3, 20_000, &[]);
    let mean = 6.0 * (1.0 - exp(-10.0));
    let (mut p, mut chi_squared, mut rest) = (exp(-mean), 0.0, 1.0);
    let found = values(&program, &result, "x", 1, 20_000);
    for k in 0..16 {
        let n = found.iter().filter(|&&x| x == f64::from(k)).count() as f64;
        chi_squared += (n - 20_000.0 * p).powi(2) / (20_000.0 * p);
        rest -= p;
        p *= mean / f64::from(k + 1);
    }
    let n = found.iter().filter(|&&x| x >= 16.0).count() as f64;
    chi_squared += (n - 20_000.0 * rest).powi(2) / (20_000.0 * rest);
    // The 0.1% point with 16 degrees of freedom.
    assert!(chi_squared < 39.3, "{chi_squared}");
}

/// The distribution of how many were ever infected, by the chain of infections and recoveries.
fn final_sizes(n: usize, infected: usize, ratio: f64) -> Vec<f64> {
    let susceptible = n - infected;
    // Probability of visiting each (susceptible, infected).
    let mut visited = vec![vec![0.0; n + 1]; susceptible + 1];
    visited[susceptible][infected] = 1.0;
    let mut sizes = vec![0.0; n + 1];
    for s in (0..=susceptible).rev() {
        for i in (0..=n - s).rev() {
            let here = visited[s][i];
            if i == 0 {
                sizes[n - s] += here;
                continue;
            }
            let infects = ratio * s as f64 / (ratio * s as f64 + n as f64);
            if s > 0 {
                visited[s - 1][i + 1] += here * infects;
            }
            visited[s][i - 1] += here * (1.0 - infects);
        }
    }
    sizes
}

#[test]
fn the_final_size_of_an_epidemic_has_its_exact_distribution() {
    for (seed, ratio) in [(5, 1.5), (6, 0.8), (7, 3.0)] {
        let (n, n_runs) = (24, 20_000);
        // Two steps: where the steps lie makes no difference.
        let mut b = exact(2, 100.0);
        let s = b.whole_stock("s", &[], number(n as f64 - 2.0));
        let i = b.whole_stock("i", &[], number(2.0));
        let r = b.whole_stock("r", &[], number(0.0));
        let infection = multiply(multiply(number(ratio / n as f64), read(s)), read(i));
        b.flow("infection", &[], Some(end(s)), Some(end(i)), infection);
        b.flow("recovery", &[], Some(end(i)), Some(end(r)), read(i));
        let program = compiled(&b, &everything());
        let result = replications(&program, seed, n_runs, &[]);
        assert!(values(&program, &result, "i", 2, n_runs).iter().all(|&i| i == 0.0), "all have recovered");
        let found = values(&program, &result, "r", 2, n_runs);
        let (mut chi_squared, mut n_cells) = (0.0, 0);
        for (size, p) in final_sizes(n, 2, ratio).into_iter().enumerate() {
            let n = found.iter().filter(|&&r| r == size as f64).count() as f64;
            let expected = n_runs as f64 * p;
            if expected >= 5.0 {
                chi_squared += (n - expected).powi(2) / expected;
                n_cells += 1;
            } else {
                assert!(n < 25.0, "size {size}: {n} of {expected}");
            }
        }
        assert!(n_cells > 15, "{n_cells}");
        // Far beyond the 0.1% point with 23 degrees of freedom, 49.7, is far from the distribution.
        assert!(chi_squared < 49.7, "{ratio}: {chi_squared} of {n_cells}");
    }
}

/// The error of the mean of a process at time 1 when `n_steps` steps of Poisson counts lead there, and its standard
/// error.
fn stepping_error(process: impl Fn(&mut Builder) -> f64, n_steps: usize) -> (f64, f64) {
    let n_runs = 20_000;
    let mut b = Builder::new(n_steps, 1.0 / n_steps as f64);
    let known = process(&mut b);
    let program = compiled(&b, &everything());
    let result = replications(&program, 9, n_runs, &[]);
    assert!(result.failures.is_empty() && result.clipped.iter().all(|&n| n == 0));
    let (mean, variance, _) = moments(values(&program, &result, "x", n_steps, n_runs));
    ((mean - known).abs(), (variance / n_runs as f64).sqrt())
}

/// Counts in a step at a rate per time.
fn leaping(rate: Expression) -> Expression {
    draw(Chance::Poisson { per_time: true }, 0, vec![rate])
}

/// Numbers that die: the mean at time 1.
fn dying(b: &mut Builder) -> f64 {
    let x = b.whole_stock("x", &[], number(1_000.0));
    b.flow("dead", &[], Some(end(x)), None, leaping(read(x)));
    1_000.0 * exp(-1.0)
}

/// Numbers that come and go.
fn coming_and_going(b: &mut Builder) -> f64 {
    let x = b.whole_stock("x", &[], number(200.0));
    b.flow("coming", &[], None, Some(end(x)), leaping(number(3_000.0)));
    b.flow("going", &[], Some(end(x)), None, leaping(multiply(number(1.5), read(x))));
    2_000.0 - 1_800.0 * exp(-1.5)
}

/// Numbers that multiply.
fn multiplying(b: &mut Builder) -> f64 {
    let x = b.whole_stock("x", &[], number(500.0));
    b.flow("born", &[], None, Some(end(x)), leaping(multiply(number(0.8), read(x))));
    b.flow("dead", &[], Some(end(x)), None, leaping(multiply(number(0.2), read(x))));
    500.0 * exp(0.6)
}

/// Numbers that pair at a rate with their square.
fn pairing(b: &mut Builder) -> f64 {
    let (n, join) = (300.0, 0.004);
    let x = b.whole_stock("x", &[], number(n));
    let twos = multiply(read(x), subtract(read(x), number(1.0)));
    b.event("joining", &[], multiply(number(join / 2.0), twos), false, vec![change(x, number(-2.0))]);
    let p = pairs_at(n, join, 0.0, 1.0);
    p.iter().enumerate().map(|(k, p)| p * (n - 2.0 * k as f64)).sum()
}

#[test]
fn leaping_from_step_to_step_converges_with_order_one() {
    // Standard errors of the means are 0.03 to 0.5; the error of each process at 32 steps is more than ten of its own.
    let processes: [(&str, fn(&mut Builder) -> f64); 4] = [
        ("dying", dying),
        ("coming and going", coming_and_going),
        ("multiplying", multiplying),
        ("pairing", pairing),
    ];
    for (name, process) in processes {
        let errors: Vec<(f64, f64)> =
            [4, 8, 16, 32].into_iter().map(|n_steps| stepping_error(process, n_steps)).collect();
        for pair in errors.windows(2) {
            let ((coarse, _), (fine, error)) = (pair[0], pair[1]);
            assert!(fine > 10.0 * error, "{name}: the error {fine} stands out of chance {error}");
            let order = (coarse / fine).log2();
            assert!((0.85..1.25).contains(&order), "{name}: {coarse} {fine}: {order}");
        }
    }
}

#[test]
fn draws_written_in_a_flow_stand_for_their_rates() {
    let build = |drawn: bool| {
        let mut b = exact(10, 1.0);
        let x = b.whole_stock("x", &[], number(40.0));
        let (coming, hazard) = (number(3.0), number(0.1));
        let (inflow, outflow) = if drawn {
            (
                draw(Chance::Poisson { per_time: true }, 0, vec![coming]),
                draw(Chance::Binomial { per_time: true }, 0, vec![read(x), hazard]),
            )
        } else {
            (coming, multiply(read(x), hazard))
        };
        b.flow("in", &[], None, Some(end(x)), inflow);
        b.flow("out", &[], Some(end(x)), None, outflow);
        let program = compiled(&b, &everything());
        let result = replications(&program, 4, 200, &[]);
        values(&program, &result, "x", 10, 200).to_vec()
    };
    assert_eq!(build(true), build(false));
}

#[test]
fn rates_that_change_with_time_move_the_right_number() {
    // Rates of 1, 2, ... 10 a step from data, and 5 more a step from step 4 on by a policy.
    let mut b = exact(10, 1.0);
    let x = b.whole_stock("x", &[], number(0.0));
    let half_steps: Vec<f64> = (0..=20).map(|i| f64::from(1 + i / 2)).collect();
    let input = b.input("input", &[], &[half_steps]);
    let lever = b.lever("lever", 0.0);
    b.flow("f", &[], None, Some(end(x)), add(read(input), read(lever)));
    b.policy(4, usize::MAX, &[(lever, 5.0)]);
    let configuration = Configuration { policy: Some(0), ..everything() };
    let program = compiled(&b, &configuration);
    let result = replications(&program, 8, N_RUNS, &[]);
    let mut expected = 0.0;
    for step in 1..=10 {
        expected += step as f64 + if step > 4 { 5.0 } else { 0.0 };
        let (mean, variance, error) = moments(values(&program, &result, "x", step, N_RUNS));
        assert!((mean - expected).abs() < 4.0 * (expected / N_RUNS as f64).sqrt(), "{step}: {mean}");
        assert!((variance - expected).abs() < 5.0 * error, "{step}: {variance}");
    }
}

#[test]
fn an_event_happens_once_and_at_its_hazard() {
    let mut b = exact(4, 1.0);
    let x = b.whole_stock("x", &[], number(0.0));
    let event = b.event("e", &[], number(0.5), true, vec![change(x, number(3.0))]);
    b.event("f", &[], number(2.0), false, Vec::new());
    b.aux("e_total", &[], reading(event, EventReading::Total));
    let program = compiled(&b, &everything());
    let result = replications(&program, 2, N_RUNS, &[]);
    for step in 0..=4 {
        let total = values(&program, &result, "e.total", step, N_RUNS);
        let x = values(&program, &result, "x", step, N_RUNS);
        assert!(total.iter().zip(x).all(|(total, x)| *x == 3.0 * total && *total <= 1.0));
        let p = 1.0 - exp(-0.5 * step as f64);
        let share = total.iter().sum::<f64>() / N_RUNS as f64;
        assert!((share - p).abs() <= 4.0 * (p * (1.0 - p) / N_RUNS as f64).sqrt(), "{step}: {share} {p}");
        let totals = values(&program, &result, "f.total", step, N_RUNS);
        let counts = values(&program, &result, "f.count", step, N_RUNS);
        let before = if step == 0 {
            vec![0.0; N_RUNS]
        } else {
            values(&program, &result, "f.total", step - 1, N_RUNS).to_vec()
        };
        for lane in 0..N_RUNS {
            assert_eq!(counts[lane], totals[lane] - before[lane], "a count is that of the step");
        }
    }
}

#[test]
fn a_flow_that_splits_gives_each_its_share() {
    let mut b = exact(3, 10.0);
    let x = b.whole_stock("x", &[], number(100.0));
    let a = b.whole_stock("a", &[], number(0.0));
    let c = b.whole_stock("c", &[], number(0.0));
    let to = vec![(end(a), Some(number(0.3))), (end(c), None)];
    b.split_flow("f", Some(end(x)), to, read(x));
    let program = compiled(&b, &everything());
    let result = replications(&program, 6, N_RUNS, &[]);
    let (xs, a_s, cs) = (
        values(&program, &result, "x", 3, N_RUNS),
        values(&program, &result, "a", 3, N_RUNS),
        values(&program, &result, "c", 3, N_RUNS),
    );
    assert!((0..N_RUNS).all(|lane| xs[lane] == 0.0 && a_s[lane] + cs[lane] == 100.0));
    let (mean, variance, error) = moments(a_s);
    assert!((mean - 30.0).abs() < 4.0 * (21.0 / N_RUNS as f64).sqrt(), "{mean}");
    assert!((variance - 21.0).abs() < 5.0 * error, "{variance}");
}

#[test]
fn a_negative_rate_moves_back_and_an_empty_stock_gives_nothing() {
    let mut b = exact(5, 10.0);
    let x = b.whole_stock("x", &[], number(3.0));
    let y = b.whole_stock("y", &[], number(4.0));
    b.flow("f", &[], Some(end(x)), Some(end(y)), number(-1.0));
    let program = compiled(&b, &everything());
    let result = replications(&program, 6, 300, &[]);
    assert!(values(&program, &result, "x", 5, 300).iter().all(|&x| x == 7.0));
    assert!(values(&program, &result, "y", 5, 300).iter().all(|&y| y == 0.0));
    // About 46 rings in each run found nothing to move.
    let rings: u32 = result.clipped.iter().sum();
    assert!((f64::from(rings) / 300.0 - 46.0).abs() < 2.0, "{rings}");
}

#[test]
fn another_flow_leaves_the_moments_of_jumps_as_they_are() {
    let build = |other: bool| {
        let mut b = exact(20, 1.0);
        if other {
            let y = b.whole_stock("y", &[], number(500.0));
            b.flow("away", &[], Some(end(y)), None, multiply(number(0.3), read(y)));
        }
        let x = b.whole_stock("x", &[], number(50.0));
        b.flow("born", &[], None, Some(end(x)), multiply(number(0.1), read(x)));
        b.flow("dead", &[], Some(end(x)), None, multiply(number(0.1), read(x)));
        let program = compiled(&b, &everything());
        let result = replications(&program, 6, 500, &[]);
        (0..=20).flat_map(|step| values(&program, &result, "x", step, 500).to_vec()).collect::<Vec<_>>()
    };
    assert_eq!(build(false), build(true));
}

#[test]
fn an_explosion_and_a_rate_that_is_not_finite_mark_their_runs_only() {
    let mut b = exact(4, 1.0);
    let fast = b.assume("fast", &[]);
    let x = b.whole_stock("x", &[], number(1.0));
    // Grows faster than anything: infinitely many in finite time.
    let square = multiply(read(fast), multiply(read(x), read(x)));
    b.flow("more", &[], None, Some(end(x)), square);
    let y = b.whole_stock("y", &[], number(5.0));
    b.flow("fewer", &[], Some(end(y)), None, divide(number(1.0), subtract(read(y), number(3.0))));
    b.value_at("q", 4, read(x));
    let program = compiled(&b, &Configuration::default());
    let fast = [0.001, 8.0, 0.001, 0.0];
    let draws: Vec<u32> = (0..4).collect();
    let block = contingent_engine::Block { seed: 1, draws: &draws, replications: &[0; 4], parameters: &fast };
    let result = contingent_engine::run_block(&program, &block, &mut contingent_engine::Workspace::default());
    let failed: Vec<usize> = result.failures.iter().map(|failure| failure.lane).collect();
    assert!(failed.contains(&1), "{:?}", result.failures);
    let explosion = &result.failures[failed.iter().position(|&lane| lane == 1).expect("it is there")];
    if explosion.variable == "more" {
        assert!(explosion.cause.contains("1000000 jumps within one step"), "{explosion:?}");
    }
    for failure in result.failures.iter().filter(|failure| failure.lane != 1) {
        assert_eq!(failure.variable, "fewer", "{failure:?}");
        assert!(failure.cause.contains("division by zero"), "{failure:?}");
    }
    for lane in 0..4 {
        assert_eq!(result.outcomes[lane].is_nan(), failed.contains(&lane), "lane {lane}");
    }
}

#[test]
fn a_run_has_the_same_bits_alone_and_in_any_company() {
    let mut b = exact(12, 0.7);
    let r = b.subscript("r", &["a", "b", "c"]);
    let speed = b.assume("speed", &[]);
    let x = b.whole_stock("x", &[r], add(number(20.0), Expression::Position(r)));
    let fear = b.stock("fear", &[], number(0.0));
    let noise = b.aux("noise", &[], draw(Chance::Uniform, 0, vec![number(0.5), number(1.5)]));
    b.flow("born", &[r], None, Some(end_bound(x, r)), multiply(read(speed), read(noise)));
    b.flow("dead", &[r], Some(end_bound(x, r)), None, multiply(number(0.2), read_bound(x, r)));
    let more = draw(Chance::Binomial { per_time: false }, 1, vec![number(3.0), number(0.4)]);
    let target = contingent_model::Endpoint { stock: x, indices: vec![contingent_model::Index::Bound(r)] };
    let hazard = add(number(0.3), multiply(number(0.1), read(fear)));
    b.event(
        "raid",
        &[r],
        hazard,
        false,
        vec![Effect::Add { target, over: Vec::new(), amount: more }, change(fear, number(0.125))],
    );
    let program = compiled(&b, &everything());
    let n = 300;
    let speeds: Vec<f64> = (0..n).map(|lane| lane as f64 / 100.0).collect();
    let draws: Vec<u32> = (0..n as u32).collect();
    let run = |lanes: std::ops::Range<usize>| {
        let replications = vec![2; lanes.len()];
        let block = contingent_engine::Block {
            seed: 77,
            draws: &draws[lanes.clone()],
            replications: &replications,
            parameters: &speeds[lanes],
        };
        contingent_engine::run_block(&program, &block, &mut contingent_engine::Workspace::default())
    };
    let all = run(0..n);
    let n_rows = all.recorded.len() / n;
    assert!(n_rows > 100);
    for lane in [0, 1, 127, 128, 200, 299] {
        let alone = run(lane..lane + 1);
        for row in 0..n_rows {
            assert_eq!(alone.recorded[row].to_bits(), all.recorded[row * n + lane].to_bits(), "{lane} {row}");
        }
    }
}
