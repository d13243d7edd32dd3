//! Simulated ensembles with known answers, for the tests and for the page of `cargo xtask validate`.

#![allow(dead_code, reason = "each user takes a part")]

use contingent_analysis::sequential::LookSchedule;
use contingent_analysis::watch::{RankedSignal, signal};
use contingent_analysis::{
    AssumptionColumn, DrawTotals, OutcomeColumn, ProbabilityEstimate, RegressionBasis, knowledge_gain,
    partial_information, regrets, satisficing,
};
use contingent_engine::math::{exp, log, normal_cdf};

use crate::common::{Stream, cube, happen};

/// The probability of a draw: a two-point mixture with mean `p` and epistemic variance `share * p (1 - p)`. Share 0 is a
/// single known probability, share 1 an outcome settled by the assumptions alone.
pub(crate) fn draw_probability(stream: &mut Stream, p: f64, share: f64) -> f64 {
    // p(theta) = p + sqrt(share) (b - p) with b Bernoulli(p) has mean p and variance share p (1 - p).
    p + share.sqrt() * (stream.bernoulli(p) - p)
}

/// How often the 95% interval holds the truth.
pub(crate) fn interval_coverage(p: f64, share: f64, m: usize, n_draws: usize, n_ensembles: u64) -> f64 {
    let mut n_covered = 0.0;
    for ensemble in 0..n_ensembles {
        let mut stream = Stream::new(ensemble * 7_919 + 31 * m as u64 + (1_000.0 * p) as u64);
        let probabilities: Vec<f64> = (0..n_draws).map(|_| draw_probability(&mut stream, p, share)).collect();
        let outcomes = happen(&mut stream, &probabilities, m);
        let estimate = ProbabilityEstimate::new(&OutcomeColumn::new(&outcomes, m)).expect("runs count");
        n_covered += f64::from(u8::from(estimate.interval.contains(p)));
    }
    n_covered / n_ensembles as f64
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
    let mut found = Stopped { coverage: 0.0, naive: 0.0, mean_draws: 0.0, met: 0.0 };
    for ensemble in 0..n_ensembles {
        let mut stream = Stream::new(ensemble * 104_729 + (10_000.0 * p) as u64);
        let probabilities: Vec<f64> = (0..last).map(|_| draw_probability(&mut stream, p, share)).collect();
        let outcomes = happen(&mut stream, &probabilities, 2);
        let at = |n_draws: u32, error: f64| {
            let column = OutcomeColumn::new(&outcomes[..2 * n_draws as usize], 2);
            ProbabilityEstimate::at(&column, error).expect("runs count").interval
        };
        for (place, look) in schedule.looks.iter().enumerate() {
            let interval = at(look.n_draws, look.error);
            let met = interval.width() <= 2.0 * half_width;
            if met || place + 1 == schedule.looks.len() {
                found.coverage += f64::from(u8::from(interval.contains(p)));
                found.mean_draws += f64::from(look.n_draws);
                found.met += f64::from(u8::from(met));
                break;
            }
        }
        for (place, look) in schedule.looks.iter().enumerate() {
            let interval = at(look.n_draws, 0.05);
            if interval.width() <= 2.0 * half_width || place + 1 == schedule.looks.len() {
                found.naive += f64::from(u8::from(interval.contains(p)));
                break;
            }
        }
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
    /// Adds one ensemble; [`Gained::over`] makes means of the sums.
    fn add(&mut self, value: f64, covered: bool, told: bool) {
        self.mean += value;
        self.covered += f64::from(u8::from(covered));
        self.told += f64::from(u8::from(told));
    }

    fn over(&mut self, n_ensembles: u64) {
        for sum in [&mut self.mean, &mut self.covered, &mut self.told] {
            *sum /= n_ensembles as f64;
        }
    }
}

/// Expected falls of the Brier score: of one assumption, of two together, of two that always agree, and of one that does
/// nothing. The probability is 0.2 + 0.3 x1 + 0.3 x2, each x uniform.
pub(crate) fn knowledge(n_draws: usize, n_ensembles: u64) -> [Gained; 4] {
    let mut found = [Gained::default(); 4];
    // Var(0.3 x) = 0.09 / 12; of both, twice that; where x3 repeats x1, together no more than x1 alone.
    for (gained, truth) in found.iter_mut().zip([0.0075, 0.015, 0.0075, 0.0]) {
        gained.truth = truth;
    }
    for ensemble in 0..n_ensembles {
        let mut stream = Stream::new(ensemble * 15_485_863 + 11);
        let mut columns = cube(&mut stream, 3, n_draws);
        columns.insert(2, columns[0].clone());
        let probabilities: Vec<f64> =
            (0..n_draws).map(|draw| 0.2 + 0.3 * columns[0][draw] + 0.3 * columns[1][draw]).collect();
        let outcomes = happen(&mut stream, &probabilities, 2);
        let totals = DrawTotals::new(&OutcomeColumn::new(&outcomes, 2), |value| value).expect("runs count");
        let basis = basis_of(&columns, 4);
        for (gained, group) in found.iter_mut().zip([&[0][..], &[0, 1], &[0, 2], &[3]]) {
            let one = knowledge_gain(&basis, group, &totals, 1).expect("draws enough");
            let covered = one.interval.contains(gained.truth);
            gained.add(one.gain, covered, one.distinguishable);
        }
    }
    for gained in &mut found {
        gained.over(n_ensembles);
    }
    found
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
    let mut found = Informed { cross: [Gained::default(); 3], in_sample: [0.0; 3] };
    let truths = [(0.2_f64 + b / 2.0).powi(2) / (2.0 * b) - 0.2, b / 4.0, 0.0];
    for (gained, truth) in found.cross.iter_mut().zip(truths) {
        gained.truth = truth;
    }
    let weights = vec![2.0; n_draws];
    for ensemble in 0..n_ensembles {
        let mut stream = Stream::new(ensemble * 32_452_843 + 5);
        let columns = cube(&mut stream, 1, n_draws);
        let basis = basis_of(&columns, 6);
        let mut response = |shift: f64, slope: f64| -> Vec<f64> {
            columns[0].iter().map(|x| shift + slope * (x - 0.5) + stream.normal()).collect()
        };
        let cases =
            [vec![response(0.2, b)], vec![response(0.0, b), response(0.0, -b)], vec![response(0.1, 0.0)]];
        for (place, differences) in cases.iter().enumerate() {
            let one = partial_information(&basis, &[0], differences, &weights, 0.05).expect("draws enough");
            let gained = &mut found.cross[place];
            let covered = one.interval.contains(gained.truth);
            gained.add(one.gain, covered, one.distinguishable);
            found.in_sample[place] += one.in_sample;
        }
    }
    found.cross.iter_mut().for_each(|gained| gained.over(n_ensembles));
    found.in_sample.iter_mut().for_each(|sum| *sum /= n_ensembles as f64);
    found
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
    let mut found = Signalled {
        area: Gained { truth: normal_cdf(distance / 2.0_f64.sqrt()), ..Gained::default() },
        ratio_covered: 0.0,
        probability_covered: 0.0,
        gain: Gained { truth: truth_gain, ..Gained::default() },
        mean_threshold: 0.0,
    };
    for ensemble in 0..n_ensembles {
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
        let covered = one.area.interval.contains(found.area.truth);
        found.area.add(one.area.value, covered, one.distinguishable);
        let covered = one.gain.interval.contains(truth_gain);
        found.gain.add(one.gain.value, covered, false);
        if let Some(warning) = one.warning {
            let t = warning.threshold;
            let (yes, no) = if warning.is_above {
                (1.0 - normal_cdf(t - distance), 1.0 - normal_cdf(t))
            } else {
                (normal_cdf(t - distance), normal_cdf(t))
            };
            let after = p * yes / (p * yes + (1.0 - p) * no);
            found.ratio_covered += f64::from(u8::from(warning.ratio_if.interval.contains(yes / no)));
            found.probability_covered += f64::from(u8::from(warning.probability_if.interval.contains(after)));
            found.mean_threshold += t;
        }
    }
    found.area.over(n_ensembles);
    found.gain.over(n_ensembles);
    for sum in [&mut found.ratio_covered, &mut found.probability_covered, &mut found.mean_threshold] {
        *sum /= n_ensembles as f64;
    }
    found
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
    /// Mean share of draws whose probability is at most 0.3.
    pub(crate) satisfied: f64,
    /// The same if the share of the draws' own means were counted, coin tosses and all.
    pub(crate) naive: f64,
}

/// The second alternative is better by x1 - 0.4, x1 uniform: regret of the first is at most 0.5 in nine draws of ten,
/// and the second is the best in six of ten. The probability is 0.1 + 0.8 x1: at most 0.3 in a quarter of the draws.
pub(crate) fn robust(n_draws: usize, n_ensembles: u64) -> Robust {
    let mut found = Robust { p90: 0.0, share_best: 0.0, satisfied: 0.0, naive: 0.0 };
    for ensemble in 0..n_ensembles {
        let mut stream = Stream::new(ensemble * 67_867_967 + 13);
        let columns = cube(&mut stream, 4, n_draws);
        let basis = basis_of(&columns, 1);
        let differences: Vec<f64> = columns[0].iter().map(|x| x - 0.4 + 0.5 * stream.normal()).collect();
        let weights = vec![2.0; n_draws];
        let regret = regrets(&basis, &[differences], &weights).expect("draws enough");
        found.p90 += regret[0].p90;
        found.share_best += regret[1].share_best;
        let probabilities: Vec<f64> = columns[0].iter().map(|x| 0.1 + 0.8 * x).collect();
        let outcomes = happen(&mut stream, &probabilities, 2);
        let totals = DrawTotals::new(&OutcomeColumn::new(&outcomes, 2), |value| value).expect("runs count");
        found.satisfied += satisficing(&basis, &totals, 0.3, true).expect("replications").share;
        let below = outcomes.chunks(2).filter(|runs| runs.iter().sum::<f64>() / 2.0 <= 0.3).count();
        found.naive += below as f64 / n_draws as f64;
    }
    for sum in [&mut found.p90, &mut found.share_best, &mut found.satisfied, &mut found.naive] {
        *sum /= n_ensembles as f64;
    }
    found
}

/// How much common random numbers shrink the error of a difference: the ratio of the error of paired runs to that of
/// runs with chance of their own, both measured over ensembles, and the coverage of the paired interval.
pub(crate) fn common_numbers(n_draws: usize, n_ensembles: u64) -> (f64, f64) {
    use contingent_analysis::paired::Compared;
    use contingent_analysis::paired_difference;
    let (mut paired, mut apart, mut covered) = (0.0, 0.0, 0.0);
    for ensemble in 0..n_ensembles {
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
        paired += (found.difference - 0.03) * (found.difference - 0.03);
        let unpaired = mean(&elsewhere) - mean(&baseline) - 0.03;
        apart += unpaired * unpaired;
        covered += f64::from(u8::from(found.interval.contains(0.03)));
    }
    ((paired / apart).sqrt(), covered / n_ensembles as f64)
}

/// How often the point of a first-passage curve at two times lies in its interval, for an event with a constant hazard
/// that differs between draws: uniform on 0.01..0.05 a step.
pub(crate) fn passage_coverage(n_draws: usize, n_ensembles: u64) -> [f64; 2] {
    use contingent_analysis::passage_curve;
    let truth = |t: f64| 1.0 - (exp(-0.01 * t) - exp(-0.05 * t)) / (0.04 * t);
    let mut covered = [0.0; 2];
    for ensemble in 0..n_ensembles {
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
        for (count, step) in covered.iter_mut().zip([10_usize, 60]) {
            let point = curve.points[step];
            *count += f64::from(u8::from(point.interval.contains(truth(step as f64)))) / n_ensembles as f64;
        }
    }
    covered
}
