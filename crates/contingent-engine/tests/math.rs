//! The arithmetic against the platform's functions, against values computed with 40 digits, and at its limits.
//!
//! Enters: nothing. Leaves: verdicts. Always holds: bounds are stated in units in the last place or as relative
//! errors, a little above what was measured; reference values are rounded from 40-digit arithmetic.

#![expect(clippy::disallowed_methods, reason = "the platform's functions are what is compared with")]

use contingent_engine::math::beta::{IncompleteBeta, incomplete_beta};
use contingent_engine::math::gamma::{IncompleteGamma, ln_gamma, lower_gamma, upper_gamma};
use contingent_engine::math::{
    Lane, absolute, ceil, exp, exp_of_moderate, expm1, floor, log, log1p, logistic, normal_cdf,
    normal_quantile, pow, round, truncate,
};
use contingent_engine::random::mix;

/// The `index`th of a fixed list of well mixed numbers in 0..1.
fn uniform(index: u64) -> f64 {
    (mix(index) >> 11) as f64 / 9_007_199_254_740_992.0
}

/// How many doubles lie between two doubles.
fn distance(a: f64, b: f64) -> u64 {
    let ordered = |x: f64| {
        let bits = x.to_bits().cast_signed();
        if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
    };
    if a.is_nan() && b.is_nan() { 0 } else { ordered(a).abs_diff(ordered(b)) }
}

/// The largest distance between two functions on random points and an even grid of a range.
fn largest_distance(ours: fn(f64) -> f64, theirs: fn(f64) -> f64, low: f64, high: f64) -> u64 {
    let n_points = 40_000;
    let random = (0..n_points).map(uniform);
    let even = (0..=n_points).map(|i| i as f64 / n_points as f64);
    random.chain(even).map(|u| low + (high - low) * u).map(|x| distance(ours(x), theirs(x))).fold(0, u64::max)
}

fn assert_close(what: &str, ours: f64, reference: f64, tolerance: f64) {
    let error = if reference == 0.0 { ours.abs() } else { (ours / reference - 1.0).abs() };
    assert!(error <= tolerance, "{what}: {ours:e} instead of {reference:e}, relative error {error:e}");
}

#[test]
fn exponentials_and_logarithms_agree_with_the_platform() {
    type Function = fn(f64) -> f64;
    let cases: [(&str, Function, Function, f64, f64, u64); 18] = [
        ("exp", exp, f64::exp, -708.0, 709.8, 1),
        ("exp", exp, f64::exp, -1.0, 1.0, 1),
        ("exp of subnormal results", exp, f64::exp, -746.0, -708.0, 1),
        ("exp of moderate arguments", exp_of_moderate, f64::exp, -45.0, 0.0, 1),
        ("exp of moderate arguments", exp_of_moderate, f64::exp, -700.0, 700.0, 1),
        ("exp of moderate arguments against exp", exp_of_moderate, exp, -700.0, 700.0, 0),
        ("expm1", expm1, f64::exp_m1, -50.0, 709.8, 2),
        ("expm1", expm1, f64::exp_m1, -1.0, 1.0, 2),
        ("expm1", expm1, f64::exp_m1, -1e-5, 1e-5, 2),
        ("log", log, f64::ln, 0.5, 2.0, 1),
        ("log", log, f64::ln, 0.99, 1.01, 1),
        ("log", log, f64::ln, 0.0, 1e5, 1),
        ("log", log, f64::ln, 0.0, f64::MAX, 1),
        ("log of subnormal numbers", log, f64::ln, 0.0, 1e-307, 1),
        ("log1p", log1p, f64::ln_1p, -1.0, 1.0, 2),
        ("log1p", log1p, f64::ln_1p, -1e-5, 1e-5, 2),
        ("log1p", log1p, f64::ln_1p, 0.0, 1e5, 2),
        ("logistic", logistic, |x| 1.0 / (1.0 + (-x).exp()), -700.0, 700.0, 4),
    ];
    for (name, ours, theirs, low, high, bound) in cases {
        let largest = largest_distance(ours, theirs, low, high);
        assert!(largest <= bound, "{name} on {low:e}..{high:e}: {largest} units in the last place");
    }
}

#[test]
fn limits_of_exponentials_and_logarithms_are_right() {
    let (infinity, nan) = (f64::INFINITY, f64::NAN);
    let tiny = f64::from_bits(1);
    let cases = [
        (exp(-infinity), 0.0),
        (exp(infinity), infinity),
        (exp(710.0), infinity),
        (exp(-745.2), 0.0),
        (exp(-745.1), tiny),
        (exp(0.0), 1.0),
        (expm1(-infinity), -1.0),
        (expm1(infinity), infinity),
        (expm1(tiny), tiny),
        (expm1(-0.0), -0.0),
        (log(0.0), -infinity),
        (log(-0.0), -infinity),
        (log(infinity), infinity),
        (log(1.0), 0.0),
        (log1p(-1.0), -infinity),
        (log1p(infinity), infinity),
        (log1p(-0.0), -0.0),
        (log1p(tiny), tiny),
        (logistic(-infinity), 0.0),
        (logistic(infinity), 1.0),
        (logistic(0.0), 0.5),
        (normal_cdf(-infinity), 0.0),
        (normal_cdf(infinity), 1.0),
        (normal_quantile(0.0), -infinity),
        (normal_quantile(1.0), infinity),
        (normal_quantile(0.5), 0.0),
    ];
    for (position, (ours, wanted)) in cases.into_iter().enumerate() {
        assert_eq!(ours.to_bits(), f64::to_bits(wanted), "case {position}: {ours:e} instead of {wanted:e}");
    }
    for f in [exp, expm1, log, log1p, logistic, normal_cdf, normal_quantile, floor, ceil, round, truncate] {
        assert!(f(nan).is_nan());
    }
    for x in [log(-1.0), log(-infinity), log(-tiny), log1p(-1.1), normal_quantile(-0.1), normal_quantile(1.1)]
    {
        assert!(x.is_nan());
    }
}

#[test]
fn powers_agree_with_the_platform_and_with_references() {
    for index in 0..100_000 {
        let (x, y) = (exp(40.0 * (uniform(2 * index) - 0.5)), 60.0 * (uniform(2 * index + 1) - 0.5));
        let theirs = x.powf(y);
        if theirs > 1e-300 && theirs < 1e300 {
            assert_close("pow", pow(x, y), theirs, 1e-15);
        }
    }
    let references = [
        (10.0, 300.5, 3.162_277_660_168_379_5e300),
        (1.000_000_1, 1_000_000_000.0, 2.688_103_858_214_464_7e43),
        (0.3, -500.0, 2.750_252_956_203_189e261),
        (2.5, 3.7, 29.674_132_536_420_86),
        (1.5, -0.25, 0.903_602_003_609_844_9),
        (1.0e-300, 0.9, 9.999_999_999_999_847e-271),
        (1.0e300, -1.03, 9.999_999_999_999_8e-310),
        (0.999_999_999, 100_000_000_000.0, 3.720_086_311_124_783e-44),
        (7.0, 0.125, 1.275_373_106_858_454_2),
        (3.0, 40.0, 1.215_766_545_905_692_9e19),
        (5.0e-324, 0.5, 2.222_758_749_485_077_5e-162),
    ];
    for (x, y, wanted) in references {
        assert_close("pow", pow(x, y), wanted, if wanted < 1e-300 { 1e-9 } else { 2e-15 });
    }
    for exponent in 0..300 {
        assert_eq!(pow(2.0, f64::from(exponent)), 2.0_f64.powi(exponent), "2^{exponent}");
    }
}

#[test]
fn powers_at_the_limits_follow_the_stated_rules() {
    let (infinity, nan) = (f64::INFINITY, f64::NAN);
    let values = [0.0, -0.0, 0.5, 1.0, 2.0, -0.5, -1.0, -2.0, 1e300, 1e-310, infinity];
    let exponents = [0.0, 1.0, -1.0, 2.0, 3.0, -3.0, 0.5, -0.5, 1e10, -1e10, 1e300, infinity, -infinity];
    for x in values {
        for y in exponents {
            let (ours, theirs) = (pow(x, y), x.powf(y));
            // Only the sign of powers of minus zero differs: zero counts as positive here.
            let wanted = if x == 0.0 { theirs.abs() } else { theirs };
            assert!(distance(ours, wanted) <= 1, "{x:e}^{y:e}: {ours:e} instead of {wanted:e}");
        }
    }
    assert_eq!(pow(-infinity, 3.0), -infinity);
    assert_eq!(pow(-3.0, 3.0), -27.0);
    for (x, y) in [(nan, 2.0), (2.0, nan), (nan, 0.0), (1.0, nan), (0.0, nan), (infinity, nan), (-2.0, 0.5)] {
        assert!(pow(x, y).is_nan(), "{x}^{y}");
    }
}

#[test]
fn rounding_agrees_with_the_platform_to_the_bit() {
    let special =
        [0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.499_999_999_999_999_94, 1e-310, 4_503_599_627_370_495.5];
    let large = [4_503_599_627_370_496.0, 9_007_199_254_740_993.0, 1e300, f64::INFINITY];
    let random = (0..50_000).map(|i| (uniform(i) - 0.5) * exp(60.0 * uniform(i + 1_000_000) - 10.0));
    for x in special.into_iter().chain(large).chain(random) {
        for x in [x, -x] {
            assert_eq!(floor(x).to_bits(), x.floor().to_bits(), "floor {x:e}");
            assert_eq!(ceil(x).to_bits(), x.ceil().to_bits(), "ceil {x:e}");
            assert_eq!(round(x).to_bits(), x.round().to_bits(), "round {x:e}");
            assert_eq!(truncate(x).to_bits(), x.trunc().to_bits(), "truncate {x:e}");
            assert_eq!(absolute(x).to_bits(), x.abs().to_bits(), "absolute {x:e}");
        }
    }
}

#[test]
fn least_and_greatest_follow_the_rule_of_x86() {
    let nan = f64::NAN;
    assert_eq!(nan.lesser(1.0), 1.0);
    assert!(1.0.lesser(nan).is_nan());
    assert_eq!(nan.greater(1.0), 1.0);
    assert!(1.0.greater(nan).is_nan());
    assert_eq!(0.0.lesser(-0.0).to_bits(), (-0.0_f64).to_bits());
    assert_eq!((-0.0).greater(0.0).to_bits(), 0.0_f64.to_bits());
    assert_eq!(nan.select_less(1.0, 2.0, 3.0), 3.0);
}

#[test]
fn normal_probabilities_are_right_in_both_tails() {
    let references = [
        (-37.5, 4.605_353_009_581_955e-308),
        (-30.0, 4.906_713_927_148_187e-198),
        (-20.3, 6.429_244_467_698_346e-92),
        (-12.0, 1.776_482_112_077_679e-33),
        (-8.1, 2.747_959_392_398_228_6e-16),
        (-5.5, 1.898_956_246_588_771_8e-8),
        (-3.0, 0.001_349_898_031_630_094_6),
        (-1.7, 0.044_565_462_758_543_04),
        (-1.0, 0.158_655_253_931_457_05),
        (-0.6, 0.274_253_117_750_073_6),
        (-0.1, 0.460_172_162_722_971),
        (-1.0e-5, 0.499_996_010_577_196_06),
        (0.0, 0.5),
        (0.3, 0.617_911_422_188_952_7),
        (1.0, 0.841_344_746_068_542_9),
        (2.5, 0.993_790_334_674_223_8),
        (4.5, 0.999_996_602_326_875_3),
    ];
    for (x, wanted) in references {
        assert_close(&format!("normal_cdf({x})"), normal_cdf(x), wanted, 1e-15);
    }
}

#[test]
fn normal_quantiles_are_right_in_both_tails() {
    let references = [
        (5.0e-324, -38.467_405_617_144_344),
        (1.0e-300, -37.047_096_299_361_2),
        (1.0e-100, -21.273_453_560_965_326),
        (1.0e-30, -11.464_024_688_443_615),
        (1.110_223_024_625_156_5e-16, -8.209_536_151_601_387),
        (1.0e-15, -7.941_345_326_170_997),
        (1.0e-11, -6.706_023_155_495_136),
        (1.5e-11, -6.646_570_887_477_113),
        (1.0e-8, -5.612_001_244_174_789),
        (1.0e-5, -4.264_890_793_922_825),
        (0.001, -3.090_232_306_167_813_6),
        (0.01, -2.326_347_874_040_841),
        (0.05, -1.644_853_626_951_472_6),
        (0.074_9, -1.440_238_267_527_963_7),
        (0.075_1, -1.438_825_392_752_54),
        (0.1, -1.281_551_565_544_600_4),
        (0.2, -0.841_621_233_572_914_2),
        (0.3, -0.524_400_512_708_040_8),
        (0.45, -0.125_661_346_855_074_02),
        (0.499, -0.002_506_630_899_571_766),
        (0.499_999_9, -2.506_628_274_703_106_3e-7),
        (0.500_000_1, 2.506_628_273_311_648e-7),
        (0.6, 0.253_347_103_135_799_7),
        (0.75, 0.674_489_750_196_081_7),
        (0.925, 1.439_531_470_938_456_1),
        (0.925_1, 1.440_238_267_527_964),
        (0.975, 1.959_963_984_540_053_8),
        (0.999, 3.090_232_306_167_813),
    ];
    for (u, wanted) in references {
        assert_close(&format!("normal_quantile({u:e})"), normal_quantile(u), wanted, 1e-15);
    }
    // A seam between two formulas is where monotonicity would break first.
    for index in 0..200_000 {
        let u = 2e-6 * f64::from(index) + 1e-9;
        assert!(normal_quantile(u) < normal_quantile(u + 2e-6), "near {u}");
        // The derivative of ln(cdf) magnifies the quantile's rounding by up to x^2.
        assert_close("round trip", normal_cdf(normal_quantile(u)), u, 3e-14);
    }
}

#[test]
fn gamma_functions_agree_with_references() {
    let references = [
        (1.0e-10, 23.025_850_929_882_736),
        (0.01, 4.599_479_878_042_022),
        (0.3, 1.095_797_994_818_075_6),
        (0.5, 0.572_364_942_924_700_1),
        (0.9, 0.066_376_239_734_742_95),
        (1.1, -0.049_872_441_259_839_764),
        (1.5, -0.120_782_237_635_245_22),
        (2.3, 0.154_189_454_959_630_46),
        (3.0, std::f64::consts::LN_2),
        (4.7, 2.736_405_146_315_566_7),
        (9.9, 12.577_179_904_219_88),
        (10.0, 12.801_827_480_081_469),
        (12.5, 18.734_347_511_936_445),
        (50.0, 144.565_743_946_344_9),
        (171.0, 706.573_062_245_787_4),
        (10_000.0, 82_099.717_496_442_38),
        (100_000_000.0, 1_742_068_066.103_834_6),
    ];
    for (x, wanted) in references {
        let error = (ln_gamma(x) - wanted).abs();
        assert!(error < 2e-15 + 4e-16 * wanted.abs(), "ln_gamma({x}): error {error:e}");
    }
    let references = [
        (0.01, 0.001, 0.938_570_652_526_129, 0.061_429_347_473_871_014),
        (0.5, 0.1, 0.345_279_153_981_423, 0.654_720_846_018_577),
        (0.5, 2.0, 0.954_499_736_103_641_6, 0.045_500_263_896_358_42),
        (1.0, 1.0, 0.632_120_558_828_557_7, 0.367_879_441_171_442_33),
        (2.5, 0.3, 0.011_996_757_205_906_266, 0.988_003_242_794_093_7),
        (2.5, 12.0, 0.999_782_887_056_547_3, 0.000_217_112_943_452_723_33),
        (10.0, 3.0, 0.001_102_488_130_115_479_8, 0.998_897_511_869_884_5),
        (10.0, 10.0, 0.542_070_285_528_147_8, 0.457_929_714_471_852_2),
        (10.0, 40.0, 0.999_999_996_074_067_8, 3.925_932_226_286_188e-9),
        (100.0, 70.0, 0.000_430_372_594_979_890_87, 0.999_569_627_405_020_1),
        (100.0, 101.0, 0.552_896_293_434_511_3, 0.447_103_706_565_488_76),
        (100.0, 160.0, 0.999_999_855_797_755, 1.442_022_450_535_273_7e-7),
        (1_000.0, 900.0, 0.000_549_902_265_711_782_9, 0.999_450_097_734_288_2),
        (1_000.0, 1_100.0, 0.998_940_676_746_07, 0.001_059_323_253_929_977_3),
        (100_000.0, 99_500.0, 0.056_741_823_212_792_26, 0.943_258_176_787_207_7),
        (100_000.0, 100_700.0, 0.986_430_189_984_054_6, 0.013_569_810_015_945_425),
    ];
    for (a, x, lower, upper) in references {
        let tolerance = 1e-14 + 1e-15 * f64::sqrt(a);
        assert_close(&format!("P({a}, {x})"), lower_gamma(a, x), lower, tolerance);
        assert_close(&format!("Q({a}, {x})"), upper_gamma(a, x), upper, tolerance);
        assert_eq!(IncompleteGamma::new(a).tails(x).0, lower_gamma(a, x));
    }
}

#[test]
fn the_beta_function_agrees_with_references() {
    let references = [
        (0.01, 0.02, 0.3, 0.661_178_427_251_107_3, 0.338_821_572_748_892_7),
        (0.5, 0.5, 0.1, 0.204_832_764_699_133_45, 0.795_167_235_300_866_5),
        (1.0, 1.0, 0.25, 0.25, 0.75),
        (2.0, 5.0, 0.05, 0.032_773_828_125, 0.967_226_171_875),
        (2.0, 5.0, 0.9, 0.999_945, 5.499_999_999_999_994e-5),
        (30.0, 4.0, 0.6, 8.949_956_565_974_161e-5, 0.999_910_500_434_340_3),
        (4.0, 30.0, 0.3, 0.995_812_866_754_198_1, 0.004_187_133_245_801_902),
        (200.0, 300.0, 0.3, 1.049_698_524_329_294_7e-6, 0.999_998_950_301_475_7),
        (200.0, 300.0, 0.42, 0.819_601_066_417_266_3, 0.180_398_933_582_733_7),
        (5_000.0, 0.5, 0.999, 0.001_561_579_160_289_283_4, 0.998_438_420_839_710_7),
    ];
    for (a, b, x, lower, upper) in references {
        assert_close(&format!("I_{x}({a}, {b})"), incomplete_beta(a, b, x), lower, 3e-14);
        let ours = IncompleteBeta::new(a, b).tails(x, 1.0 - x).1;
        assert_close(&format!("1 - I_{x}({a}, {b})"), ours, upper, 3e-14);
    }
}
