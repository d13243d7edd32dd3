//! Quantiles and distribution functions of every distribution, against references, the crate `statrs`, and each other.
//!
//! Enters: nothing. Leaves: verdicts. Always holds: references are rounded from 40-digit arithmetic; tolerances are a
//! little above what was measured.

use contingent_engine::quantile::{cdf, central, quantile};
use contingent_model::Distribution::{
    self, Beta, Constant, Discrete, Gamma, LogNormal, LogitNormal, Mixture, Normal, OneOf, Pert, StudentT,
    Triangular, Uniform, Within,
};
use statrs::distribution::{ContinuousCDF, FisherSnedecor};

fn assert_close(what: &str, ours: f64, reference: f64, tolerance: f64) {
    let error = if reference == 0.0 { ours.abs() } else { (ours / reference - 1.0).abs() };
    assert!(error <= tolerance, "{what}: {ours:e} instead of {reference:e}, relative error {error:e}");
}

/// Probabilities of the bulk and of both tails, ascending.
fn ladder() -> Vec<f64> {
    let tails = [1e-15, 1e-12, 1e-9, 1e-6, 1e-4, 1e-3];
    let bulk = (1..200).map(|k| f64::from(k) / 200.0);
    tails.into_iter().chain(bulk).chain(tails.into_iter().rev().map(|u| 1.0 - u)).collect()
}

fn within(inner: Distribution, low: f64, high: f64) -> Distribution {
    Within { inner: Box::new(inner), low, high }
}

/// One or more of every continuous distribution, with unwieldy shapes among them.
fn continuous() -> Vec<Distribution> {
    let standard = Normal { mean: 0.0, sd: 1.0 };
    vec![
        standard.clone(),
        Normal { mean: -50.0, sd: 7.0 },
        LogNormal { median: 30.0, sdlog: 0.7 },
        LogitNormal { mean: -1.0, sd: 0.8 },
        Beta { alpha: 2.0, beta: 5.0 },
        Beta { alpha: 0.5, beta: 0.5 },
        Beta { alpha: 0.3, beta: 4.0 },
        Beta { alpha: 1.0, beta: 1.0 },
        Beta { alpha: 300.0, beta: 20.0 },
        Gamma { shape: 0.2, scale: 3.0 },
        Gamma { shape: 1.0, scale: 2.0 },
        Gamma { shape: 7.5, scale: 0.1 },
        Gamma { shape: 900.0, scale: 1.0 },
        Uniform { low: -3.0, high: 11.0 },
        Triangular { low: 1.0, mode: 2.0, high: 6.0 },
        Triangular { low: 1.0, mode: 1.0, high: 6.0 },
        Triangular { low: 1.0, mode: 6.0, high: 6.0 },
        Pert { low: 10.0, mode: 20.0, high: 100.0 },
        Pert { low: 0.0, mode: 0.0, high: 1.0 },
        StudentT { degrees: 3.0, mean: 4.0, scale: 2.0 },
        StudentT { degrees: 0.7, mean: 0.0, scale: 1.0 },
        StudentT { degrees: 200.0, mean: 0.0, scale: 1.0 },
        Mixture(vec![(0.3, standard.clone()), (0.7, LogNormal { median: 8.0, sdlog: 0.2 })]),
        within(standard.clone(), -1.0, 2.0),
        within(standard.clone(), 9.0, f64::INFINITY),
        within(standard, f64::NEG_INFINITY, -9.0),
        within(Gamma { shape: 2.0, scale: 1.0 }, 30.0, 60.0),
        within(
            Mixture(vec![(0.5, Uniform { low: 0.0, high: 2.0 }), (0.5, Uniform { low: 1.0, high: 3.0 })]),
            0.5,
            2.5,
        ),
    ]
}

#[test]
fn the_distribution_function_inverts_the_quantile() {
    for distribution in continuous() {
        for u in ladder() {
            let x = quantile(&distribution, u);
            let back = cdf(&distribution, x);
            // Where x has few digits left beside a bound or a centre, its near neighbours bracket u instead.
            let (below, above) =
                (cdf(&distribution, x - 1e-15 * x.abs()), cdf(&distribution, x + 1e-15 * x.abs()));
            let slack = 3e-13 * u.min(1.0 - u) + 1e-15;
            assert!(
                (back - u).abs() <= slack || (below <= u + slack && above >= u - slack),
                "{distribution:?} at {u:e}: x {x:e}, cdf {back:e}"
            );
        }
    }
}

#[test]
fn quantiles_rise_and_stay_within_the_support() {
    for distribution in continuous() {
        let (least, greatest) = (quantile(&distribution, 0.0), quantile(&distribution, 1.0));
        assert!(cdf(&distribution, least) == 0.0, "{distribution:?}");
        assert_eq!(cdf(&distribution, greatest), 1.0, "{distribution:?}");
        let mut previous = least;
        for u in ladder() {
            let x = quantile(&distribution, u);
            assert!(previous <= x && x <= greatest, "{distribution:?} at {u:e}: {x:e} after {previous:e}");
            previous = x;
        }
        for u in [-0.1, 1.1, f64::NAN] {
            assert!(quantile(&distribution, u).is_nan());
        }
        assert!(cdf(&distribution, f64::NAN).is_nan());
    }
}

#[test]
fn five_and_ninety_five_percent_are_recovered() {
    // What `a to b` means: the normal and log-normal distributions with these quantiles.
    let z = 1.644_853_626_951_472_6;
    let (low, high): (f64, f64) = (20.0, 80.0);
    let normal = Normal { mean: 50.0, sd: 30.0 / z };
    assert_close("normal", quantile(&normal, 0.05), low, 1e-15);
    assert_close("normal", quantile(&normal, 0.95), high, 1e-15);
    // ln 2 is half the logarithm of the ratio 4.
    let lognormal = LogNormal { median: 40.0, sdlog: std::f64::consts::LN_2 / z };
    assert_close("log-normal", quantile(&lognormal, 0.05), low, 1e-15);
    assert_close("log-normal", quantile(&lognormal, 0.95), high, 1e-15);
}

#[test]
fn beta_gamma_and_student_quantiles_agree_with_references() {
    let beta = [
        (2.0, 5.0, 0.05, 0.062_849_891_708_354_38),
        (2.0, 5.0, 0.95, 0.581_803_409_252_025_8),
        (0.5, 0.5, 0.3, 0.206_107_373_853_763_43),
        (30.0, 4.0, 0.001, 0.659_930_787_170_325_9),
        (150.0, 80.0, 0.5, 0.652_615_715_831_230_8),
        (0.8, 12.0, 0.999, 0.413_784_316_328_185_63),
    ];
    for (alpha, beta, u, wanted) in beta {
        assert_close("beta", quantile(&Beta { alpha, beta }, u), wanted, 2e-14);
    }
    let gamma = [
        (0.1, 0.05, 5.930_711_291_414_281e-14),
        (0.5, 0.5, 0.227_468_211_559_786_4),
        (1.0, 0.95, 2.995_732_273_553_99),
        (2.5, 1.0e-6, 0.006_448_080_103_248_548),
        (80.0, 0.3, 75.079_124_985_855_54),
        (1_000.0, 0.01, 927.908_159_796_642_5),
    ];
    for (shape, u, wanted) in gamma {
        assert_close("gamma", quantile(&Gamma { shape, scale: 2.0 }, u), 2.0 * wanted, 2e-14);
    }
    let student = [
        (1.0, 0.05, -6.313_751_514_675_043),
        (2.5, 1.0e-6, -220.173_429_178_236_86),
        (4.0, 0.3, -0.568_649_063_049_705_5),
        (10.0, 0.975, 2.228_138_851_986_274_4),
        (100.0, 0.9, 1.290_074_761_346_516),
    ];
    for (degrees, u, wanted) in student {
        assert_close("Student", quantile(&StudentT { degrees, mean: 0.0, scale: 1.0 }, u), wanted, 2e-14);
    }
}

#[test]
fn distribution_functions_and_quantiles_agree_with_statrs() {
    let us = [0.001, 0.05, 0.3, 0.5, 0.8, 0.95, 0.999];
    for u in us {
        for (mean, sd) in [(0.0, 1.0), (5.0, 0.1)] {
            let theirs = statrs::distribution::Normal::new(mean, sd).unwrap();
            let ours = quantile(&Normal { mean, sd }, u);
            assert!((ours - theirs.inverse_cdf(u)).abs() < 1e-9 * sd, "normal {mean} {sd} at {u}");
        }
        for (alpha, beta) in [(2.0, 5.0), (0.5, 0.7), (40.0, 3.0)] {
            let theirs = statrs::distribution::Beta::new(alpha, beta).unwrap();
            let x = quantile(&Beta { alpha, beta }, u);
            assert_close("beta cdf", cdf(&Beta { alpha, beta }, x), theirs.cdf(x), 1e-9);
            assert_close("beta quantile", x, theirs.inverse_cdf(u), 1e-9);
        }
        for (shape, scale) in [(0.5, 1.0), (3.0, 2.0), (80.0, 0.5)] {
            let theirs = statrs::distribution::Gamma::new(shape, 1.0 / scale).unwrap();
            let x = quantile(&Gamma { shape, scale }, u);
            assert_close("gamma", theirs.cdf(x), u, 1e-9);
        }
        for degrees in [1.0, 4.0, 30.0] {
            let theirs = statrs::distribution::StudentsT::new(0.0, 1.0, degrees).unwrap();
            let x = quantile(&StudentT { degrees, mean: 0.0, scale: 1.0 }, u);
            assert_close("Student", theirs.cdf(x), u, 1e-9);
        }
        let theirs = statrs::distribution::Triangular::new(1.0, 6.0, 2.0).unwrap();
        let x = quantile(&Triangular { low: 1.0, mode: 2.0, high: 6.0 }, u);
        assert_close("triangular", theirs.cdf(x), u, 1e-12);
        // A beta variable is a transformed F variable: a check by another route.
        let x = quantile(&Beta { alpha: 3.0, beta: 4.0 }, u);
        let f = FisherSnedecor::new(6.0, 8.0).unwrap();
        assert_close("F", f.cdf(x / (1.0 - x) * 4.0 / 3.0), u, 1e-9);
    }
}

#[test]
fn pert_is_the_beta_distribution_of_its_definition() {
    let pert = Pert { low: 10.0, mode: 20.0, high: 60.0 };
    let beta = Beta { alpha: 1.8, beta: 4.2 };
    for u in ladder() {
        assert_close("PERT", quantile(&pert, u), 10.0 + 50.0 * quantile(&beta, u), 1e-14);
    }
}

#[test]
fn finite_distributions_give_the_least_value_that_reaches_the_probability() {
    let discrete = Discrete(vec![(-1.0, 0.25), (2.0, 0.5), (7.0, 0.25)]);
    for (u, wanted) in [(0.0, -1.0), (0.25, -1.0), (0.26, 2.0), (0.75, 2.0), (0.76, 7.0), (1.0, 7.0)] {
        assert_eq!(quantile(&discrete, u), wanted, "{u}");
    }
    for (x, wanted) in [(-2.0, 0.0), (-1.0, 0.25), (1.9, 0.25), (2.0, 0.75), (7.0, 1.0), (8.0, 1.0)] {
        assert_eq!(cdf(&discrete, x), wanted, "{x}");
    }
    let alternatives = OneOf(vec![0.2, 0.0, 0.5, 0.3]);
    for (u, wanted) in [(0.0, 0.0), (0.1, 0.0), (0.3, 2.0), (0.69, 2.0), (0.71, 3.0), (1.0, 3.0)] {
        assert_eq!(quantile(&alternatives, u), wanted, "{u}");
    }
    // Ten times 0.1 falls short of one; the last alternative takes what is missing.
    assert_eq!(quantile(&OneOf(vec![0.1; 10]), 1.0), 9.0);
    assert_eq!(quantile(&Constant(3.5), 0.7), 3.5);
    assert_eq!((cdf(&Constant(3.5), 3.4), cdf(&Constant(3.5), 3.5)), (0.0, 1.0));
}

#[test]
fn mixtures_with_jumps_and_gaps_are_inverted_exactly() {
    let mixture = Mixture(vec![
        (0.25, Constant(0.0)),
        (0.5, Uniform { low: 1.0, high: 2.0 }),
        (0.25, Discrete(vec![(-4.0, 0.5), (9.0, 0.5)])),
    ]);
    for (u, wanted) in
        [(0.0, -4.0), (0.1, -4.0), (0.2, 0.0), (0.374, 0.0), (0.625, 1.5), (0.88, 9.0), (1.0, 9.0)]
    {
        assert_close(&format!("mixture at {u}"), quantile(&mixture, u), wanted, 1e-15);
    }
    let cut = within(mixture, 0.0, 1.5);
    assert_close("cut", quantile(&cut, 0.49), 0.0, 0.0);
    assert_close("cut", quantile(&cut, 0.75), 1.25, 1e-15);
    assert_close("cut", cdf(&cut, 0.0), 0.5, 1e-15);
}

#[test]
fn cutting_far_in_a_tail_keeps_its_accuracy() {
    // Beyond z = 9 the excess over 9 is nearly exponential; 40-digit reference of the median.
    let upper = within(Normal { mean: 0.0, sd: 1.0 }, 9.0, f64::INFINITY);
    let lower = within(Normal { mean: 0.0, sd: 1.0 }, f64::NEG_INFINITY, -9.0);
    assert_close("upper", quantile(&upper, 0.5), 9.075_787_065_491_832, 1e-15);
    assert_close("lower", quantile(&lower, 0.5), -9.075_787_065_491_832, 1e-15);
    // The exponential distribution has no memory, however far out it is cut.
    let late = within(Gamma { shape: 1.0, scale: 1.0 }, 500.0, f64::INFINITY);
    assert_close("exponential", quantile(&late, 0.5), 500.0 + std::f64::consts::LN_2, 1e-15);
}

#[test]
fn the_central_value_is_the_median_or_the_likeliest_alternative() {
    assert_eq!(central(&OneOf(vec![0.3, 0.35, 0.35])), 1.0);
    assert_eq!(central(&Normal { mean: 4.0, sd: 3.0 }), 4.0);
    assert_eq!(central(&LogNormal { median: 40.0, sdlog: 1.0 }), 40.0);
    assert_eq!(central(&Discrete(vec![(1.0, 0.4), (2.0, 0.6)])), 2.0);
}
