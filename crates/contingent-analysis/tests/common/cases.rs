//! Simulated ensembles with known answers, for the tests and for the page of `cargo xtask validate`.

#![allow(dead_code, reason = "each user takes a part")]

use contingent_analysis::paired::Compared;
use contingent_analysis::sequential::LookSchedule;
use contingent_analysis::watch::{RankedSignal, signal};
use contingent_analysis::{
    AssumptionColumn, DrawTotals, Interval, OutcomeColumn, ProbabilityEstimate, QuantityEstimate,
    RegressionBasis, knowledge_gain, paired_difference, partial_information, passage_curve, regrets,
    satisficing,
};
use contingent_engine::math::{exp, log, normal_cdf, normal_quantile};

use crate::common::{Stream, cube, happen, over, share_of, shares_of};

/// The probability of a draw: a two-point mixture with mean `p` and epistemic variance `share * p (1 - p)`. Share 0 is a
/// single known probability, share 1 an outcome settled by the assumptions alone.
pub(crate) fn draw_probability(stream: &mut Stream, p: f64, share: f64) -> f64 {
    // p(theta) = p + sqrt(share) (b - p) with b Bernoulli(p) has mean p and variance share p (1 - p).
    p + share.sqrt() * (stream.bernoulli(p) - p)
}

/// How often the 95% interval holds the truth.
pub(crate) fn interval_coverage(p: f64, share: f64, m: usize, n_draws: usize, n_ensembles: u64) -> f64 {
    share_of(n_ensembles, |ensemble| {
        let mut stream = Stream::new(ensemble * 7_919 + 31 * m as u64 + (1_000.0 * p) as u64);
        let probabilities: Vec<f64> = (0..n_draws).map(|_| draw_probability(&mut stream, p, share)).collect();
        let outcomes = happen(&mut stream, &probabilities, m);
        let estimate = ProbabilityEstimate::new(&OutcomeColumn::new(&outcomes, m)).expect("runs count");
        estimate.interval.contains(p)
    })
}

/// How often the interval holds the truth for a question with a condition. Whether the condition holds depends on the
/// draw, and so does the answer; about three runs in ten count.
pub(crate) fn conditional_coverage(n_draws: usize, n_ensembles: u64) -> f64 {
    // E[y g] / E[g] with x uniform: (0.8 (0.1/2 + 0.4/3)) / 0.3.
    let truth = 0.8 * (0.05 + 0.4 / 3.0) / 0.3;
    share_of(n_ensembles, |ensemble| {
        let mut stream = Stream::new(ensemble + 17);
        let (mut outcomes, mut given) = (Vec::new(), Vec::new());
        for _ in 0..n_draws {
            let x = stream.uniform();
            for _ in 0..2 {
                given.push(stream.bernoulli(0.1 + 0.4 * x));
                outcomes.push(stream.bernoulli(0.8 * x));
            }
        }
        let column = OutcomeColumn::new(&outcomes, 2).given(Some(&given));
        ProbabilityEstimate::new(&column).expect("runs count").interval.contains(truth)
    })
}

/// How often the intervals of a number hold the truth: of its mean and of the five quantiles. The number is normal around
/// a normal value of the draw; with `is_skewed` its exponential.
pub(crate) fn quantity_coverage(n_draws: usize, is_skewed: bool, n_ensembles: u64) -> [f64; 6] {
    let (epistemic_sd, chance_sd) = (0.6_f64, 0.4_f64);
    let total_sd = (epistemic_sd * epistemic_sd + chance_sd * chance_sd).sqrt();
    let shown = |z: f64| if is_skewed { exp(z) } else { z };
    let truths = contingent_analysis::quantity::QUANTILES.map(|p| shown(total_sd * normal_quantile(p)));
    let true_mean = if is_skewed { exp(total_sd * total_sd / 2.0) } else { 0.0 };
    shares_of(n_ensembles, |ensemble| {
        let mut stream = Stream::new(ensemble * 6_700_417 + 31);
        let values: Vec<f64> = (0..n_draws)
            .flat_map(|_| {
                let theta = epistemic_sd * stream.normal();
                [0, 1].map(|_| shown(theta + chance_sd * stream.normal()))
            })
            .collect();
        let found = QuantityEstimate::new(&OutcomeColumn::new(&values, 2)).expect("runs count");
        let mean = found.mean.expect("every run is finite").1.contains(true_mean);
        std::array::from_fn(|place| match place {
            0 => mean,
            _ => found.quantiles[place - 1].interval.contains(truths[place - 1]),
        })
    })
}

/// What stopping by looks came to.
pub(crate) struct Stopped {
    /// How often the interval at the look at which it stopped holds the truth.
    pub(crate) coverage: f64,
    /// The same with an interval of 95% at every look, as if there were only one.
    pub(crate) naive: f64,
    /// Mean number of draws.
    pub(crate) mean_draws: f64,
    /// Share of ensembles that were as narrow as asked when they stopped.
    pub(crate) met: f64,
}

/// Runs until the interval is at most twice `half_width` wide.
pub(crate) fn sequential(p: f64, share: f64, half_width: f64, n_ensembles: u64) -> Stopped {
    let schedule = LookSchedule::new(half_width, 0.05, 0);
    let last = schedule.looks.last().expect("a look").n_draws as usize;
    let one = |ensemble: u64| {
        let mut stream = Stream::new(ensemble * 104_729 + (10_000.0 * p) as u64);
        let probabilities: Vec<f64> = (0..last).map(|_| draw_probability(&mut stream, p, share)).collect();
        let outcomes = happen(&mut stream, &probabilities, 2);
        let at = |n_draws: u32, error: f64| {
            let column = OutcomeColumn::new(&outcomes[..2 * n_draws as usize], 2);
            ProbabilityEstimate::at(&column, error).expect("runs count").interval
        };
        let is_met = |interval: Interval| interval.width() <= 2.0 * half_width;
        // The first look at which the interval is narrow enough, or the last one.
        let stop = |error_of: &dyn Fn(f64) -> f64| {
            let mut looks =
                schedule.looks.iter().map(|look| (look.n_draws, at(look.n_draws, error_of(look.error))));
            let first = looks.find(|(n_draws, interval)| is_met(*interval) || *n_draws as usize == last);
            first.expect("a last look")
        };
        let (n_draws, interval) = stop(&|error| error);
        let (_, naive) = stop(&|_| 0.05);
        (f64::from(n_draws), [interval.contains(p), naive.contains(p), is_met(interval)])
    };
    let mut found = Stopped { coverage: 0.0, naive: 0.0, mean_draws: 0.0, met: 0.0 };
    for (n_draws, [covered, naive, met]) in over(n_ensembles, one) {
        found.coverage += f64::from(u8::from(covered));
        found.naive += f64::from(u8::from(naive));
        found.met += f64::from(u8::from(met));
        found.mean_draws += n_draws;
    }
    for sum in [&mut found.coverage, &mut found.naive, &mut found.mean_draws, &mut found.met] {
        *sum /= n_ensembles as f64;
    }
    found
}

fn basis_of(columns: &[Vec<f64>], n_pieces: usize) -> RegressionBasis {
    let columns: Vec<AssumptionColumn<'_>> =
        columns.iter().map(|values| AssumptionColumn { values, is_category: false }).collect();
    RegressionBasis::new(&columns, n_pieces)
}

/// A gain over many ensembles.
#[derive(Clone, Copy, Default)]
pub(crate) struct Gained {
    /// What it is.
    pub(crate) truth: f64,
    /// Mean estimate.
    pub(crate) mean: f64,
    /// How often the interval holds the truth.
    pub(crate) covered: f64,
    /// How often it is told from nothing.
    pub(crate) told: f64,
}

impl Gained {
    /// Means over ensembles of a value, whether its interval holds the truth, and whether it is told from nothing.
    fn over(truth: f64, ones: impl Iterator<Item = (f64, bool, bool)>) -> Self {
        let mut gained = Self { truth, ..Self::default() };
        let mut n = 0.0;
        for (value, covered, told) in ones {
            gained.mean += value;
            gained.covered += f64::from(u8::from(covered));
            gained.told += f64::from(u8::from(told));
            n += 1.0;
        }
        for sum in [&mut gained.mean, &mut gained.covered, &mut gained.told] {
            *sum /= n;
        }
        gained
    }
}

/// Expected falls of the Brier score: of one assumption, of two together, of two that always agree, and of one that does
/// nothing. The probability is 0.2 + 0.3 x1 + 0.3 x2, each x uniform.
pub(crate) fn knowledge(n_draws: usize, n_ensembles: u64) -> [Gained; 4] {
    // Var(0.3 x) = 0.09 / 12; of both, twice that; where x3 repeats x1, together no more than x1 alone.
    let truths = [0.0075, 0.015, 0.0075, 0.0];
    let found = over(n_ensembles, |ensemble| {
        let mut stream = Stream::new(ensemble * 15_485_863 + 11);
        let mut columns = cube(&mut stream, 3, n_draws);
        columns.insert(2, columns[0].clone());
        let probabilities: Vec<f64> =
            (0..n_draws).map(|draw| 0.2 + 0.3 * columns[0][draw] + 0.3 * columns[1][draw]).collect();
        let outcomes = happen(&mut stream, &probabilities, 2);
        let totals = DrawTotals::new(&OutcomeColumn::new(&outcomes, 2), |value| value).expect("runs count");
        let basis = basis_of(&columns, 4);
        let mut place = 0;
        [&[0][..], &[0, 1], &[0, 2], &[3]].map(|group| {
            let one = knowledge_gain(&basis.design(group, &totals.counts).expect("draws enough"), &totals, 1);
            place += 1;
            (one.gain, one.interval.contains(truths[place - 1]), one.distinguishable)
        })
    });
    std::array::from_fn(|place| Gained::over(truths[place], found.iter().map(|ones| ones[place])))
}

/// Value of partial information: two alternatives, three alternatives, and one that knowledge cannot change.
pub(crate) struct Informed {
    /// Chosen and valued on different draws.
    pub(crate) cross: [Gained; 3],
    /// Mean of the usual figure.
    pub(crate) in_sample: [f64; 3],
}

/// With x uniform and b = 2, noise of standard deviation 1: (i) y1 - y0 = 0.2 + b (x - 0.5), worth
/// (0.2 + b/2)^2 / (2 b) - 0.2; (ii) besides, y2 - y0 = -b (x - 0.5) with no constant, worth b/4; (iii) y1 - y0 depends
/// on nothing that is learnt.
pub(crate) fn information(n_draws: usize, n_ensembles: u64) -> Informed {
    let b = 2.0;
    let truths = [(0.2_f64 + b / 2.0).powi(2) / (2.0 * b) - 0.2, b / 4.0, 0.0];
    let weights = vec![2.0; n_draws];
    let found = over(n_ensembles, |ensemble| {
        let mut stream = Stream::new(ensemble * 32_452_843 + 5);
        let columns = cube(&mut stream, 1, n_draws);
        let basis = basis_of(&columns, 6);
        let mut response = |shift: f64, slope: f64| -> Vec<f64> {
            columns[0].iter().map(|x| shift + slope * (x - 0.5) + stream.normal()).collect()
        };
        let cases =
            [vec![response(0.2, b)], vec![response(0.0, b), response(0.0, -b)], vec![response(0.1, 0.0)]];
        let mut place = 0;
        cases.map(|differences| {
            let one = partial_information(&basis, &[0], &differences, &weights, 0.05).expect("draws enough");
            place += 1;
            ((one.gain, one.interval.contains(truths[place - 1]), one.distinguishable), one.in_sample)
        })
    });
    Informed {
        cross: std::array::from_fn(|place| {
            Gained::over(truths[place], found.iter().map(|cases| cases[place].0))
        }),
        in_sample: std::array::from_fn(|place| {
            found.iter().map(|cases| cases[place].1).sum::<f64>() / n_ensembles as f64
        }),
    }
}

/// As the first of [`information`], over other numbers of draws and with other constants: y1 - y0 = shift + slope (x - 0.5)
/// with noise of a standard deviation.
pub(crate) fn information_of_two(
    n_draws: usize,
    [shift, slope, noise]: [f64; 3],
    n_ensembles: u64,
) -> Gained {
    let truth = if shift.abs() < slope / 2.0 {
        (shift + slope / 2.0).powi(2) / (2.0 * slope) - shift.max(0.0)
    } else {
        0.0
    };
    let weights = vec![2.0; n_draws];
    let found = over(n_ensembles, |ensemble| {
        let mut stream = Stream::new(ensemble * 32_452_843 + 6);
        let columns = cube(&mut stream, 1, n_draws);
        let basis = basis_of(&columns, 6);
        let difference: Vec<f64> =
            columns[0].iter().map(|x| shift + slope * (x - 0.5) + noise * stream.normal()).collect();
        let one = partial_information(&basis, &[0], &[difference], &weights, 0.05).expect("draws enough");
        (one.gain, one.interval.contains(truth), one.distinguishable)
    });
    Gained::over(truth, found.into_iter())
}

/// Signals from two normal populations a distance apart.
pub(crate) struct Signalled {
    /// The area under the curve: `Phi(distance / sqrt 2)`.
    pub(crate) area: Gained,
    /// Coverage of the likelihood ratio of a warning at the threshold that was chosen.
    pub(crate) ratio_covered: f64,
    /// Coverage of the probability after a warning.
    pub(crate) probability_covered: f64,
    /// The fall of the Brier score, by numerical integration.
    pub(crate) gain: Gained,
    /// Mean of the threshold.
    pub(crate) mean_threshold: f64,
}

/// The outcome has probability 0.3. Both replications of a draw share three fifths of the variance of the value of the
/// indicator, so that runs are not independent; and the outcome of both is the same in `agreeing` of the draws.
pub(crate) fn signals(distance: f64, agreeing: f64, n_draws: usize, n_ensembles: u64) -> Signalled {
    let p = 0.3;
    let truth_gain = binormal_gain(p, distance);
    let truth_area = normal_cdf(distance / 2.0_f64.sqrt());
    let ones = over(n_ensembles, |ensemble| {
        let mut stream = Stream::new(ensemble * 49_979_687 + 7);
        let (mut values, mut outcomes) = (Vec::new(), Vec::new());
        for _ in 0..n_draws {
            let common = stream.normal();
            let first = stream.bernoulli(p);
            for replication in 0..2 {
                let same = replication == 1 && stream.uniform() < agreeing;
                let outcome = if replication == 0 || same { first } else { stream.bernoulli(p) };
                let noise = 0.6_f64.sqrt() * common + 0.4_f64.sqrt() * stream.normal();
                values.push(noise + distance * outcome);
                outcomes.push(outcome);
            }
        }
        let leads = vec![3.0; values.len()];
        let ranked = RankedSignal::new(&values);
        let one = signal(&ranked, &OutcomeColumn::new(&outcomes, 2), Some(&leads), 1).expect("both kinds");
        let warned = one.warning.map(|warning| {
            let t = warning.threshold;
            let (yes, no) = if warning.is_above {
                (1.0 - normal_cdf(t - distance), 1.0 - normal_cdf(t))
            } else {
                (normal_cdf(t - distance), normal_cdf(t))
            };
            let after = p * yes / (p * yes + (1.0 - p) * no);
            let ratio = warning.ratio_if.interval.contains(yes / no);
            (ratio, warning.probability_if.interval.contains(after), t)
        });
        let area = (one.area.value, one.area.interval.contains(truth_area), one.distinguishable);
        (area, (one.gain.value, one.gain.interval.contains(truth_gain), false), warned)
    });
    let warned = || ones.iter().filter_map(|one| one.2);
    let mean = |of: &dyn Fn((bool, bool, f64)) -> f64| warned().map(of).sum::<f64>() / n_ensembles as f64;
    Signalled {
        area: Gained::over(truth_area, ones.iter().map(|one| one.0)),
        gain: Gained::over(truth_gain, ones.iter().map(|one| one.1)),
        ratio_covered: mean(&|one| f64::from(u8::from(one.0))),
        probability_covered: mean(&|one| f64::from(u8::from(one.1))),
        mean_threshold: mean(&|one| one.2),
    }
}

/// Var(E[y | x]) for y with probability p and x normal around 0 or `distance`, over twenty equal groups of x, which is
/// what is estimated.
fn binormal_gain(p: f64, distance: f64) -> f64 {
    let cumulative = |x: f64| p * normal_cdf(x - distance) + (1.0 - p) * normal_cdf(x);
    let mut gain = 0.0;
    let mut from = f64::NEG_INFINITY;
    for group in 1..=20 {
        let wanted = f64::from(group) / 20.0;
        let to = if group == 20 {
            f64::INFINITY
        } else {
            let (mut low, mut high) = (-12.0, 12.0 + distance);
            for _ in 0..100 {
                let middle = 0.5 * (low + high);
                if cumulative(middle) < wanted { low = middle } else { high = middle }
            }
            0.5 * (low + high)
        };
        let mass = |shift: f64| {
            let at =
                |x: f64| if x.is_infinite() { f64::from(u8::from(x > 0.0)) } else { normal_cdf(x - shift) };
            at(to) - at(from)
        };
        let of_group = p * mass(distance) / (p * mass(distance) + (1.0 - p) * mass(0.0));
        gain += 0.05 * (of_group - p) * (of_group - p);
        from = to;
    }
    gain
}

/// Regret of the second alternative at nine draws in ten, and the share of draws that are good enough.
pub(crate) struct Robust {
    /// Mean 90% point of the regret of the first alternative.
    pub(crate) p90: f64,
    /// Mean share of draws in which the second is the best.
    pub(crate) share_best: f64,
    /// Share of draws whose probability is at most 0.3.
    pub(crate) satisfied: Gained,
    /// The same where nothing that is drawn explains the probability.
    pub(crate) unexplained: Gained,
    /// The same if the share of the draws' own means were counted, coin tosses and all.
    pub(crate) naive: f64,
}

/// The second alternative is better by x1 - 0.4, x1 uniform: regret of the first is at most 0.5 in nine draws of ten,
/// and the second is the best in six of ten. The probability is 0.1 + 0.8 x1: at most 0.3 in a quarter of the draws.
/// Three more assumptions do nothing. A second probability hangs on none of them, but is itself drawn: the middle of
/// three uniform numbers, of which 21.6% lie below 0.3.
pub(crate) fn robust(n_draws: usize, n_ensembles: u64) -> Robust {
    let ones = over(n_ensembles, |ensemble| {
        let mut stream = Stream::new(ensemble * 67_867_967 + 13);
        let columns = cube(&mut stream, 4, n_draws);
        let basis = basis_of(&columns, 1);
        let differences: Vec<f64> = columns[0].iter().map(|x| x - 0.4 + 0.5 * stream.normal()).collect();
        let weights = vec![2.0; n_draws];
        let regret = regrets(&basis, &[differences], &weights).expect("draws enough");
        let probabilities: Vec<f64> = columns[0].iter().map(|x| 0.1 + 0.8 * x).collect();
        let outcomes = happen(&mut stream, &probabilities, 2);
        let totals = DrawTotals::new(&OutcomeColumn::new(&outcomes, 2), |value| value).expect("runs count");
        let found = satisficing(&basis, &totals, 0.3, true).expect("replications");
        let below = outcomes.chunks(2).filter(|runs| runs.iter().sum::<f64>() / 2.0 <= 0.3).count();
        let naive = below as f64 / n_draws as f64;
        let probabilities: Vec<f64> = (0..n_draws)
            .map(|_| {
                let mut three = [stream.uniform(), stream.uniform(), stream.uniform()];
                three.sort_by(f64::total_cmp);
                three[1]
            })
            .collect();
        let outcomes = happen(&mut stream, &probabilities, 2);
        let totals = DrawTotals::new(&OutcomeColumn::new(&outcomes, 2), |value| value).expect("runs count");
        let other = satisficing(&basis, &totals, 0.3, true).expect("replications");
        let other = (other.share, other.interval.contains(0.216), false);
        (
            [regret[0].p90, regret[1].share_best, naive],
            (found.share, found.interval.contains(0.25), false),
            other,
        )
    });
    let mean = |place: usize| ones.iter().map(|one| one.0[place]).sum::<f64>() / n_ensembles as f64;
    Robust {
        p90: mean(0),
        share_best: mean(1),
        satisfied: Gained::over(0.25, ones.iter().map(|one| one.1)),
        unexplained: Gained::over(0.216, ones.iter().map(|one| one.2)),
        naive: mean(2),
    }
}

/// How much common random numbers shrink the error of a difference: the ratio of the error of paired runs to that of
/// runs with chance of their own, both measured over ensembles, and the coverage of the paired interval.
pub(crate) fn common_numbers(n_draws: usize, n_ensembles: u64) -> (f64, f64) {
    let ones = over(n_ensembles, |ensemble| {
        let mut stream = Stream::new(ensemble * 86_028_121 + 17);
        let (mut baseline, mut policy, mut elsewhere) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..n_draws {
            let (p, other) = (0.1 + 0.6 * stream.uniform(), 0.1 + 0.6 * stream.uniform());
            for _ in 0..2 {
                let u = stream.uniform();
                baseline.push(f64::from(u8::from(u < p)));
                policy.push(f64::from(u8::from(u < p + 0.03)));
                elsewhere.push(stream.bernoulli(other + 0.03));
            }
        }
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let found = paired_difference(
            &OutcomeColumn::new(&policy, 2),
            &OutcomeColumn::new(&baseline, 2),
            Compared::Probability,
        )
        .expect("runs count");
        let (error, apart) = (found.difference - 0.03, mean(&elsewhere) - mean(&baseline) - 0.03);
        (error * error, apart * apart, found.interval.contains(0.03))
    });
    let (mut paired, mut apart, mut covered) = (0.0, 0.0, 0.0);
    for (with, without, holds) in ones {
        paired += with;
        apart += without;
        covered += f64::from(u8::from(holds));
    }
    ((paired / apart).sqrt(), covered / n_ensembles as f64)
}

/// Runs of two experiments with the same chance.
#[derive(Clone, Copy)]
pub(crate) struct Paired {
    /// Draws.
    pub(crate) n_draws: usize,
    /// Replications of each.
    pub(crate) m: usize,
    /// Share of runs that go up, and down.
    pub(crate) shares: [f64; 2],
    /// Share of runs that meet the chance of their draw instead of their own.
    pub(crate) agreeing: f64,
    /// Whether only runs count in which a condition holds, in seven of ten runs on each side, six of which on both.
    pub(crate) is_conditional: bool,
}

/// How often the interval of a paired difference holds the truth, and how often it is told from nothing. The probability
/// is uniform on 0.1..0.7 over draws.
pub(crate) fn paired_coverage(case: Paired, n_ensembles: u64) -> Gained {
    let Paired { n_draws, m, shares: [up, down], agreeing, is_conditional } = case;
    let truth = up - down;
    let found = over(n_ensembles, |ensemble| {
        let mut stream = Stream::new(ensemble * 86_028_121 + 23);
        let (mut baseline, mut policy) = (Vec::new(), Vec::new());
        let (mut given_baseline, mut given_policy) = (Vec::new(), Vec::new());
        for _ in 0..n_draws {
            let p = 0.1 + 0.6 * stream.uniform();
            let of_draw = stream.uniform();
            for _ in 0..m {
                let u = if stream.uniform() < agreeing { of_draw } else { stream.uniform() };
                baseline.push(f64::from(u8::from(u < p)));
                policy.push(f64::from(u8::from((down..p + up).contains(&u))));
                let condition = if is_conditional { stream.uniform() } else { 0.3 };
                given_baseline.push(f64::from(u8::from(condition < 0.7)));
                given_policy.push(f64::from(u8::from((0.1..0.8).contains(&condition))));
            }
        }
        let found = paired_difference(
            &OutcomeColumn::new(&policy, m).given(Some(&given_policy)),
            &OutcomeColumn::new(&baseline, m).given(Some(&given_baseline)),
            Compared::Probability,
        )
        .expect("runs count");
        (found.difference, found.interval.contains(truth), found.is_distinguishable())
    });
    Gained::over(truth, found.into_iter())
}

/// How often the point of a first-passage curve at two times lies in its interval, for an event with a constant hazard
/// that differs between draws: uniform on 0.01..0.05 a step.
pub(crate) fn passage_coverage(n_draws: usize, n_ensembles: u64) -> [f64; 2] {
    let truth = |t: f64| 1.0 - (exp(-0.01 * t) - exp(-0.05 * t)) / (0.04 * t);
    let truths = [truth(10.0), truth(60.0)];
    shares_of(n_ensembles, |ensemble| {
        let mut stream = Stream::new(ensemble * 122_949_823 + 19);
        let mut times = Vec::new();
        for _ in 0..n_draws {
            let hazard = 0.01 + 0.04 * stream.uniform();
            for _ in 0..2 {
                // Seen at the step that follows.
                times.push((-log(stream.uniform()) / hazard).ceil());
            }
        }
        let curve = passage_curve(&OutcomeColumn::new(&times, 2), 1.0, 61).expect("runs count");
        [10_usize, 60].map(|step| curve.points[step].interval.contains(truths[usize::from(step == 60)]))
    })
}
