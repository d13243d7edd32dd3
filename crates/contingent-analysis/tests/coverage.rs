//! Intervals cover what they claim to cover, over thousands of simulated ensembles with known answers.
//!
//! Bounds: nominal coverage is 95%. With 4,000 ensembles the standard error of a coverage is 0.35 points. Wilson's
//! interval oscillates by about 1.5 points around its nominal level, Clopper and Pearson's is conservative.

mod common;

use common::{Stream, happen, within};
use contingent_analysis::paired::Compared;
use contingent_analysis::{OutcomeColumn, ProbabilityEstimate, QuantityEstimate, Spread, paired_difference};

/// The probability of a draw: a two-point mixture with mean `p` and epistemic variance `share * p (1 - p)`.
/// Share 0 is a single known probability, share 1 an outcome settled by the assumptions alone.
fn draw_probability(stream: &mut Stream, p: f64, share: f64) -> f64 {
    // p(theta) = p + sqrt(share) (b - p) with b Bernoulli(p) has mean p and variance share p (1 - p).
    p + share.sqrt() * (stream.bernoulli(p) - p)
}

fn coverage(p: f64, share: f64, m: usize, n_draws: usize, n_ensembles: u64) -> f64 {
    let mut n_covered = 0.0;
    for ensemble in 0..n_ensembles {
        let mut stream = Stream::new(ensemble * 7_919 + m as u64);
        let probabilities: Vec<f64> = (0..n_draws).map(|_| draw_probability(&mut stream, p, share)).collect();
        let outcomes = happen(&mut stream, &probabilities, m);
        let estimate = ProbabilityEstimate::new(&OutcomeColumn::new(&outcomes, m)).expect("runs count");
        assert!(estimate.interval.contains(estimate.probability));
        n_covered += f64::from(u8::from(estimate.interval.contains(p)));
    }
    n_covered / n_ensembles as f64
}

#[test]
fn the_interval_for_a_probability_covers_with_and_without_epistemic_spread() {
    for m in [1, 2, 4] {
        for p in [0.02, 0.21, 0.5, 0.93] {
            for share in [0.0, 0.5, 0.95] {
                let found = coverage(p, share, m, 500, 4_000);
                within(&format!("p {p}, epistemic share {share}, m {m}"), found, 0.935, 0.985);
            }
        }
    }
}

#[test]
fn the_interval_for_a_rare_event_covers_at_least_what_it_claims() {
    // The lowest coverage of the combination of a one-sided bound at zero with Clopper-Pearson is 93.8%,
    // near three expected occurrences; the clustering of a few occurrences is seen only roughly.
    for m in [1, 2] {
        for expected_occurrences in [0.3, 1.5, 3.1, 6.0] {
            for share in [0.0, 0.9] {
                let p = expected_occurrences / (300.0 * m as f64);
                let found = coverage(p, share, m, 300, 4_000);
                let what = format!("{expected_occurrences} occurrences expected, share {share}, m {m}");
                within(&what, found, 0.93, 1.0);
            }
        }
    }
}

#[test]
fn the_interval_covers_for_a_conditional_question() {
    // Whether the condition holds depends on the draw, and so does the answer: a ratio estimator.
    let (mut n_covered, mut n_ensembles) = (0.0, 0.0);
    for ensemble in 0..3_000 {
        let mut stream = Stream::new(ensemble + 17);
        let (mut outcomes, mut given) = (Vec::new(), Vec::new());
        for _ in 0..600 {
            let x = stream.uniform();
            for _ in 0..2 {
                given.push(stream.bernoulli(0.1 + 0.4 * x));
                outcomes.push(stream.bernoulli(0.8 * x));
            }
        }
        // E[y g] / E[g] with x uniform: (0.8 (0.1/2 + 0.4/3)) / 0.3.
        let truth = 0.8 * (0.05 + 0.4 / 3.0) / 0.3;
        let column = OutcomeColumn::new(&outcomes, 2).given(Some(&given));
        let estimate = ProbabilityEstimate::new(&column).unwrap();
        assert!(estimate.n_counted < 600 && estimate.effective_runs <= estimate.n_counted as f64);
        n_covered += f64::from(u8::from(estimate.interval.contains(truth)));
        n_ensembles += 1.0;
    }
    within("conditional probability", n_covered / n_ensembles, 0.935, 0.97);
}

#[test]
fn treating_replications_as_independent_would_not_cover() {
    // The comparison that shows what clustering by draw is for: nine tenths of the variance is epistemic.
    let (mut clustered, mut naive) = (0.0, 0.0);
    for ensemble in 0..2_000 {
        let mut stream = Stream::new(ensemble + 400_000);
        let probabilities: Vec<f64> = (0..300).map(|_| draw_probability(&mut stream, 0.4, 0.9)).collect();
        let outcomes = happen(&mut stream, &probabilities, 4);
        let estimate = ProbabilityEstimate::new(&OutcomeColumn::new(&outcomes, 4)).unwrap();
        clustered += f64::from(u8::from(estimate.interval.contains(0.4)));
        let interval = contingent_analysis::interval::wilson(estimate.probability, 1_200.0);
        naive += f64::from(u8::from(interval.contains(0.4)));
    }
    within("clustered by draw", clustered / 2_000.0, 0.935, 0.965);
    within("as if independent", naive / 2_000.0, 0.5, 0.85);
}

#[test]
fn the_epistemic_variance_is_unbiased() {
    // p(theta) uniform on 0.1..0.7: V = 0.6^2 / 12 = 0.03; mean 0.4, so chance is 0.24 - 0.03.
    for m in [2, 3, 5] {
        let (mut total, mut total_chance) = (0.0, 0.0);
        let n_ensembles = 4_000;
        for ensemble in 0..n_ensembles {
            let mut stream = Stream::new(ensemble + 90_000);
            let probabilities: Vec<f64> = (0..200).map(|_| 0.1 + 0.6 * stream.uniform()).collect();
            let outcomes = happen(&mut stream, &probabilities, m);
            let totals =
                contingent_analysis::DrawTotals::new(&OutcomeColumn::new(&outcomes, m), |v| v).unwrap();
            total += contingent_analysis::spread::epistemic_variance(&totals).unwrap().variance;
            let spread = ProbabilityEstimate::from_totals(&totals).spread;
            total_chance += spread.chance.unwrap() * spread.chance.unwrap();
        }
        // The standard error of the mean over ensembles is below 0.0003.
        within(&format!("mean V, m {m}"), total / n_ensembles as f64, 0.029, 0.031);
        within(&format!("mean chance, m {m}"), total_chance / n_ensembles as f64, 0.208, 0.212);
    }
}

#[test]
fn no_epistemic_spread_is_said_to_be_none() {
    let mut n_distinguishable = 0.0;
    let mut n_clamped = 0.0;
    for ensemble in 0..2_000 {
        let mut stream = Stream::new(ensemble + 70_000);
        let outcomes = happen(&mut stream, &vec![0.3; 300], 2);
        let totals = contingent_analysis::DrawTotals::new(&OutcomeColumn::new(&outcomes, 2), |v| v).unwrap();
        let spread = Spread::new(&totals);
        n_distinguishable += f64::from(u8::from(spread.epistemic_distinguishable));
        n_clamped += f64::from(u8::from(spread.epistemic_clamped));
    }
    within("false alarms of the epistemic spread", n_distinguishable / 2_000.0, 0.03, 0.07);
    within("negative V", n_clamped / 2_000.0, 0.45, 0.55);
}

#[test]
fn one_replication_leaves_epistemic_and_chance_unknown() {
    let outcomes = [0.0, 1.0, 1.0, 0.0, 1.0];
    let estimate = ProbabilityEstimate::new(&OutcomeColumn::new(&outcomes, 1)).unwrap();
    assert_eq!((estimate.spread.epistemic, estimate.spread.chance), (None, None));
}

#[test]
fn intervals_for_mean_and_quantiles_of_a_quantity_cover() {
    // y = exp(theta + noise) with both normal: quantiles of y are known; runs of a draw move together.
    use contingent_engine::math::{exp, normal_quantile};
    let (epistemic_sd, chance_sd) = (0.6_f64, 0.4_f64);
    let total_sd = (epistemic_sd * epistemic_sd + chance_sd * chance_sd).sqrt();
    let truths = contingent_analysis::quantity::QUANTILES.map(|p| exp(total_sd * normal_quantile(p)));
    let true_mean = exp(total_sd * total_sd / 2.0);
    let mut covered = [0.0; 5];
    let mut mean_covered = 0.0;
    let n_ensembles = 1_000;
    for ensemble in 0..n_ensembles {
        let mut stream = Stream::new(ensemble + 31);
        let values: Vec<f64> = (0..400)
            .flat_map(|_| {
                let theta = epistemic_sd * stream.normal();
                [0, 1].map(|_| exp(theta + chance_sd * stream.normal()))
            })
            .collect();
        let estimate = QuantityEstimate::new(&OutcomeColumn::new(&values, 2)).unwrap();
        for (count, (quantile, truth)) in covered.iter_mut().zip(estimate.quantiles.iter().zip(truths)) {
            *count += f64::from(u8::from(quantile.interval.contains(truth)));
        }
        mean_covered += f64::from(u8::from(estimate.mean.unwrap().1.contains(true_mean)));
    }
    for (count, p) in covered.iter().zip(contingent_analysis::quantity::QUANTILES) {
        within(&format!("quantile {p}"), count / n_ensembles as f64, 0.93, 0.985);
    }
    // The mean of a skewed quantity converges slowly, hence the lower bound.
    within("mean of a skewed quantity", mean_covered / n_ensembles as f64, 0.92, 0.97);
}

#[test]
fn the_variance_of_a_quantity_is_split_without_bias() {
    let (mut epistemic, mut chance) = (0.0, 0.0);
    let n_ensembles = 1_000;
    for ensemble in 0..n_ensembles {
        let mut stream = Stream::new(ensemble + 5);
        let values: Vec<f64> = (0..300)
            .flat_map(|_| {
                let theta = 100.0 + 3.0 * stream.normal();
                [0, 1, 2].map(|_| theta + 4.0 * stream.normal())
            })
            .collect();
        let spread = QuantityEstimate::new(&OutcomeColumn::new(&values, 3)).unwrap().spread.unwrap();
        epistemic += spread.epistemic.unwrap() * spread.epistemic.unwrap();
        chance += spread.chance.unwrap() * spread.chance.unwrap();
    }
    within("epistemic variance, truth 9", epistemic / n_ensembles as f64, 8.85, 9.15);
    within("chance variance, truth 16", chance / n_ensembles as f64, 15.85, 16.15);
}

#[test]
fn common_random_numbers_shrink_a_paired_difference_and_its_interval_covers() {
    // Under the policy p rises by 0.03; both use the same draws and the same uniform numbers.
    let (mut n_covered, mut paired_error, mut unpaired_error) = (0.0, 0.0, 0.0);
    let n_ensembles = 3_000;
    for ensemble in 0..n_ensembles {
        let mut stream = Stream::new(ensemble + 1_000_003);
        let (mut baseline, mut policy) = (Vec::new(), Vec::new());
        for _ in 0..500 {
            let p = 0.1 + 0.6 * stream.uniform();
            for _ in 0..2 {
                let u = stream.uniform();
                baseline.push(f64::from(u8::from(u < p)));
                policy.push(f64::from(u8::from(u < p + 0.03)));
            }
        }
        let (policy, baseline) = (OutcomeColumn::new(&policy, 2), OutcomeColumn::new(&baseline, 2));
        let found = paired_difference(&policy, &baseline, Compared::Probability).unwrap();
        n_covered += f64::from(u8::from(found.interval.contains(0.03)));
        paired_error += found.standard_error;
        let (a, b) = (
            ProbabilityEstimate::new(&policy).unwrap().spread,
            ProbabilityEstimate::new(&baseline).unwrap().spread,
        );
        unpaired_error += (a.simulation * a.simulation + b.simulation * b.simulation).sqrt();
    }
    within("paired difference", n_covered / n_ensembles as f64, 0.935, 0.98);
    within("error, paired over unpaired", paired_error / unpaired_error, 0.15, 0.3);
}

#[test]
fn a_paired_difference_of_nothing_raises_few_false_alarms() {
    // A policy that reshuffles one run in fifty without any effect on average.
    let mut n_alarms = 0.0;
    for ensemble in 0..3_000 {
        let mut stream = Stream::new(ensemble + 2_000_003);
        let baseline: Vec<f64> = (0..600).map(|_| stream.bernoulli(0.3)).collect();
        let policy: Vec<f64> = baseline
            .iter()
            .map(|&y| if stream.uniform() < 0.02 { stream.bernoulli(0.3) } else { y })
            .collect();
        let found = paired_difference(
            &OutcomeColumn::new(&policy, 2),
            &OutcomeColumn::new(&baseline, 2),
            Compared::Probability,
        )
        .unwrap();
        n_alarms += f64::from(u8::from(found.is_distinguishable()));
    }
    within("false alarms of a paired difference", n_alarms / 3_000.0, 0.005, 0.06);
}

#[test]
fn unanswerable_questions_are_said_to_be_so() {
    use contingent_analysis::Unanswerable;
    let values = [1.0, 0.0, 1.0, 1.0];
    let never_given = [0.0; 4];
    let column = OutcomeColumn::new(&values, 2).given(Some(&never_given));
    assert_eq!(ProbabilityEstimate::new(&column), Err(Unanswerable::NoRunSatisfied { n_runs: 4 }));
    let failed = [true; 4];
    let column = OutcomeColumn::new(&values, 2).failed(Some(&failed));
    assert_eq!(ProbabilityEstimate::new(&column), Err(Unanswerable::EveryRunFailed { n_runs: 4 }));
    let one_failed = [true, false, false, false];
    let column = OutcomeColumn::new(&values, 2).failed(Some(&one_failed));
    let estimate = ProbabilityEstimate::new(&column).unwrap();
    assert_eq!((estimate.n_counted, estimate.n_failed, estimate.n_true), (3, 1, 2));
}

#[test]
fn an_event_that_never_happened_has_an_upper_bound_of_three_in_the_number_of_draws() {
    let values = vec![0.0; 20_000];
    let estimate = ProbabilityEstimate::new(&OutcomeColumn::new(&values, 2)).unwrap();
    assert_eq!(estimate.method, contingent_analysis::IntervalMethod::UpperBound);
    assert!((estimate.interval.high - 3.0 / 10_000.0).abs() < 1e-6);
}
