//! Random streams and counts against published vectors, exact probabilities and their stated properties.
//!
//! Enters: fixed seeds. Leaves: verdicts. Always holds: every statistical test states the rate of false alarms that
//! it would have over freely chosen seeds; with the fixed seeds the outcome never changes.

use contingent_engine::math::gamma::upper_gamma;
use contingent_engine::math::{exp, expm1, log, log1p};
use contingent_engine::random::{
    RoundKeys, StreamKey, binomial_at_hazard_lanes, binomial_at_hazard_quantile, binomial_lanes,
    binomial_quantile, mix, philox, poisson_lanes, poisson_quantile, stratified_uniform, stream_hash,
    uniform_from_words, uniform_pair,
};

/// The rate of false alarms of each single chi-square test; about 60 are made.
const FALSE_ALARM: f64 = 1e-6;

/// The probability that a chi-square variable exceeds what these counts give against the expected ones.
fn chi_square_probability(observed: &[f64], expected: &[f64], n_constraints: usize) -> f64 {
    assert!(observed.len() == expected.len() && observed.len() > n_constraints);
    let statistic: f64 = observed.iter().zip(expected).map(|(o, e)| (o - e) * (o - e) / e).sum();
    upper_gamma(0.5 * (observed.len() - n_constraints) as f64, 0.5 * statistic)
}

/// Uniforms of one stream, as a simulation would draw them.
fn uniforms(name: &str, n: u32) -> Vec<f64> {
    let keys = StreamKey::new(7, stream_hash(name, "", 0)).round_keys();
    (0..n).map(|draw| uniform_pair(&keys, draw, 0, 0, 0).0).collect()
}

#[test]
fn philox_gives_the_published_vectors() {
    // The known answers that accompany Random123 (Salmon et al. 2011).
    let cases: [([u64; 4], u64, [u64; 4]); 3] = [
        ([0; 4], 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        ([0xffff_ffff; 4], u64::MAX, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        (
            [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
            0x299f_31d0_a409_3822,
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
        ),
    ];
    for (counter, key, wanted) in cases {
        let output = philox(&RoundKeys::new(key), counter).map(|word| word & 0xffff_ffff);
        assert_eq!(output, wanted);
    }
}

#[test]
fn uniforms_are_odd_multiples_of_the_smallest_step() {
    assert_eq!(uniform_from_words(0_u64, 0_u64), 2.0_f64.powi(-53));
    assert_eq!(uniform_from_words(u64::MAX, u64::MAX), 1.0 - 2.0_f64.powi(-53));
    for u in uniforms("steps", 1000) {
        assert_eq!((u * 2.0_f64.powi(53)) % 2.0, 1.0);
    }
}

#[test]
fn stream_hashes_are_those_of_the_definition_and_differ() {
    // The first output of splitmix64 from zero, as published with it; the second pins the whole definition.
    assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
    assert_eq!(stream_hash("attacks", "kabul", 1), 0x193e_e3e0_d5d8_02d2);
    let mut hashes: Vec<u64> = Vec::new();
    for declaration in ["", "a", "b", "ab", "attacks", "Attacks"] {
        for element in ["", "a", "b", "1", "kabul"] {
            hashes.extend((0..4).map(|ordinal| stream_hash(declaration, element, ordinal)));
        }
    }
    let n = hashes.len();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), n);
}

/// Two numbers that are neighbours in some respect.
type Pair<'a> = &'a dyn Fn(u32) -> (f64, f64);

#[test]
fn uniforms_of_streams_steps_and_slots_are_uniform_and_independent() {
    // 64 cells of pairs (u, v) for each way in which two numbers can be neighbours.
    let keys = StreamKey::new(1, stream_hash("a", "", 0)).round_keys();
    let other = StreamKey::new(1, stream_hash("b", "", 0)).round_keys();
    let reseeded = StreamKey::new(2, stream_hash("a", "", 0)).round_keys();
    let n = 64_000_u32;
    let first =
        |keys: &RoundKeys, draw, replication, pair, slot| uniform_pair(keys, draw, replication, pair, slot).0;
    let neighbours: [(&str, Pair); 7] = [
        ("step", &|i| uniform_pair(&keys, i, 0, 0, 0)),
        ("step pair", &|i| (first(&keys, i, 0, 0, 0), first(&keys, i, 0, 1, 0))),
        ("draw", &|i| (first(&keys, 2 * i, 0, 0, 0), first(&keys, 2 * i + 1, 0, 0, 0))),
        ("replication", &|i| (first(&keys, i, 0, 0, 0), first(&keys, i, 1, 0, 0))),
        ("slot", &|i| (first(&keys, i, 0, 0, 0), first(&keys, i, 0, 0, 1))),
        ("stream", &|i| (first(&keys, i, 0, 0, 0), first(&other, i, 0, 0, 0))),
        ("seed", &|i| (first(&keys, i, 0, 0, 0), first(&reseeded, i, 0, 0, 0))),
    ];
    for (name, pair) in neighbours {
        let mut cells = [0.0; 64];
        for i in 0..n {
            let (u, v) = pair(i);
            cells[(u * 8.0) as usize * 8 + (v * 8.0) as usize] += 1.0;
        }
        let probability = chi_square_probability(&cells, &[f64::from(n) / 64.0; 64], 1);
        assert!(probability > FALSE_ALARM, "{name}: {probability:e}");
    }
}

#[test]
fn the_first_power_of_two_positions_are_stratified() {
    for name in 0..50 {
        for k in [0, 1, 2, 3, 6, 10] {
            let n = 1_u32 << k;
            for block in [0] {
                let mut is_hit = vec![false; n as usize];
                for index in block * n..(block + 1) * n {
                    let u = stratified_uniform(3, mix(name), index);
                    assert!(u > 0.0 && u < 1.0);
                    let cell = (u * f64::from(n)) as usize;
                    assert!(!is_hit[cell], "name {name}, 2^{k} points from block {block}");
                    is_hit[cell] = true;
                }
            }
        }
    }
}

#[test]
fn single_points_of_the_design_are_uniform_over_names_and_seeds() {
    let n = 40_000;
    for index in [0, 1, 2, 7, 1000, u32::MAX] {
        let (mut over_names, mut over_seeds) = ([0.0; 40], [0.0; 40]);
        for key in 0..n {
            over_names[(stratified_uniform(5, stream_hash("x", "", key), index) * 40.0) as usize] += 1.0;
            over_seeds[(stratified_uniform(u64::from(key), 5, index) * 40.0) as usize] += 1.0;
        }
        for cells in [over_names, over_seeds] {
            let probability = chi_square_probability(&cells, &[f64::from(n) / 40.0; 40], 1);
            assert!(probability > FALSE_ALARM, "position {index}: {probability:e}");
        }
    }
}

#[test]
fn axes_of_unlike_names_are_paired_at_random() {
    // Cells of an 8 x 8 grid over two axes: with stratified axes and random pairing the counts vary a little less
    // than multinomial ones, so the test is conservative.
    let n_points = 16_384_u32;
    for pair in 0..20 {
        let names = [stream_hash("left", "", pair), stream_hash("right", "", pair)];
        let mut cells = [0.0; 64];
        for index in 0..n_points {
            let [a, b] = names.map(|name| (stratified_uniform(11, name, index) * 8.0) as usize);
            cells[a * 8 + b] += 1.0;
        }
        let probability = chi_square_probability(&cells, &[f64::from(n_points) / 64.0; 64], 1);
        assert!(probability > FALSE_ALARM, "pair {pair}: {probability:e}");
    }
}

#[test]
fn correlations_between_axes_are_those_of_random_pairing() {
    // The correlation of n randomly paired points has mean zero and variance 1/n; the coarse octaves, of few points,
    // add up to 7% at n = 100 (simulated with ideal permutations). Over 2,000 pairs of names the estimate of the
    // variance has a relative standard deviation of sqrt(2/2000) = 3%; five of them are allowed on top.
    let n_pairs = 2_000_u32;
    for n_points in [100_u32, 1_000, 1_024] {
        let (mut sum, mut sum_of_squares) = (0.0, 0.0);
        for pair in 0..n_pairs {
            let names = [stream_hash("left", "", pair), stream_hash("right", "", pair)];
            let product = |index| {
                let [a, b] = names.map(|name| stratified_uniform(13, name, index) - 0.5);
                12.0 * a * b
            };
            let correlation = (0..n_points).map(product).sum::<f64>() / f64::from(n_points);
            sum += correlation;
            sum_of_squares += correlation * correlation;
        }
        let inflation = sum_of_squares / f64::from(n_pairs) * f64::from(n_points);
        assert!(
            (inflation - 1.0).abs() < 0.23,
            "variance of the correlation is {inflation}/n for n = {n_points}"
        );
        assert!(sum.abs() < 5.0 * sum_of_squares.sqrt(), "mean correlation {}", sum / f64::from(n_pairs));
    }
}

/// The chi-square test of drawn counts against a probability function from `first` on, cells of few pooled.
fn probability_of_counts(counts: &[f64], first: f64, masses: impl Iterator<Item = f64>) -> f64 {
    let n = counts.len() as f64;
    let (mut observed, mut expected) = (Vec::new(), Vec::new());
    let (mut pooled_observed, mut pooled_expected, mut used) = (0.0, 0.0, 0.0);
    let mut value = first;
    for mass in masses {
        pooled_observed += counts.iter().filter(|count| **count == value).count() as f64;
        pooled_expected += n * mass;
        value += 1.0;
        if pooled_expected >= 20.0 {
            observed.push(pooled_observed);
            expected.push(pooled_expected);
            used += pooled_expected;
            (pooled_observed, pooled_expected) = (0.0, 0.0);
        }
    }
    let rest = n - used;
    let seen: f64 = observed.iter().sum();
    if rest >= 20.0 {
        observed.push(n - seen);
        expected.push(rest);
    } else {
        let last = expected.len() - 1;
        observed[last] += n - seen;
        expected[last] += rest;
    }
    if observed.len() == 1 { 1.0 } else { chi_square_probability(&observed, &expected, 1) }
}

#[test]
fn poisson_counts_follow_the_poisson_distribution() {
    let us = uniforms("poisson", 40_000);
    for mean in [0.01, 0.3, 1.0, 4.5, 17.0, 31.9, 32.1, 60.0, 250.0] {
        let counts: Vec<f64> = us.iter().map(|u| poisson_quantile(mean, *u)).collect();
        let logarithms = (0..600).scan(-mean, |logarithm, k| {
            let mass = exp(*logarithm);
            *logarithm += log(mean / (f64::from(k) + 1.0));
            Some(mass)
        });
        let probability = probability_of_counts(&counts, 0.0, logarithms);
        assert!(probability > FALSE_ALARM, "mean {mean}: {probability:e}");
    }
}

#[test]
fn binomial_counts_follow_the_binomial_distribution() {
    let us = uniforms("binomial", 40_000);
    let cases = [
        (1.0, 0.3),
        (7.0, 0.5),
        (7.0, 0.8),
        (50.0, 0.02),
        (90.0, 0.35),
        (90.0, 0.97),
        (200.0, 0.3),
        (400.0, 0.6),
    ];
    for (n, p) in cases {
        let counts: Vec<f64> = us.iter().map(|u| binomial_quantile(n, p, *u)).collect();
        let masses = (0..=n as u32).scan(n * log1p(-p), |logarithm, k| {
            let mass = exp(*logarithm);
            *logarithm += log((n - f64::from(k)) / (f64::from(k) + 1.0)) + log(p) - log1p(-p);
            Some(mass)
        });
        let probability = probability_of_counts(&counts, 0.0, masses);
        assert!(probability > FALSE_ALARM, "n {n}, p {p}: {probability:e}");
    }
}

#[test]
fn counts_at_a_hazard_follow_the_binomial_distribution() {
    let us = uniforms("hazard", 40_000);
    let cases = [
        (1.0, 0.3),
        (7.0, 0.69),
        (7.0, 0.70),
        (7.0, 2.5),
        (50.0, 0.02),
        (90.0, 0.35),
        (90.0, 0.36),
        (3_000.0, 0.01),
        (400.0, 1.0),
        (1e6, 1e-6),
    ];
    for (n, hazard) in cases {
        let counts: Vec<f64> = us.iter().map(|u| binomial_at_hazard_quantile(n, hazard, *u)).collect();
        // Each term is the one before times (n - k) / (k + 1) times the odds.
        let masses = (0..=(n as u32).min(2_000)).scan(-n * hazard, |logarithm, k| {
            let mass = exp(*logarithm);
            *logarithm += log((n - f64::from(k)) / (f64::from(k) + 1.0)) + log(expm1(hazard));
            Some(mass)
        });
        let probability = probability_of_counts(&counts, 0.0, masses);
        assert!(probability > FALSE_ALARM, "n {n}, hazard {hazard}: {probability:e}");
    }
}

#[test]
fn counts_at_a_hazard_are_those_at_its_probability() {
    let (mut n_compared, mut n_unlike) = (0, 0);
    for n in [0.0, 1.0, 2.9, 12.0, 44.0, 47.0, 500.0, 1e5] {
        for step in 0..120 {
            let hazard = exp(0.15 * f64::from(step) - 15.0);
            for u in ladder().into_iter().step_by(3) {
                let direct = binomial_at_hazard_quantile(n, hazard, u);
                let other = binomial_quantile(n, -expm1(-hazard), u);
                // Only ties may be told apart by rounding, and then by one.
                let bound = if 1.0 - u < 1e-13 { f64::INFINITY } else { 1.0 };
                assert!(
                    (direct - other).abs() <= bound,
                    "n {n}, hazard {hazard:e}, u {u:e}: {direct}, {other}"
                );
                n_compared += 1;
                n_unlike += i32::from(direct != other && bound == 1.0);
            }
        }
    }
    assert!(n_compared > 100_000 && n_unlike < 20, "{n_unlike} of {n_compared} differ");
}

#[test]
fn counts_at_a_hazard_rise_with_the_uniform_and_with_the_parameters() {
    let us: Vec<f64> = ladder().into_iter().filter(|u| *u > 1e-12 && *u < 1.0 - 1e-12).collect();
    let hazards: Vec<f64> = (0..300).map(|i| exp(0.05 * f64::from(i) - 12.0)).collect();
    for n in [3.0, 40.0, 47.0, 500.0, 20_000.0] {
        for hazard in hazards.iter().step_by(7) {
            for (low, high) in us.iter().zip(&us[1..]) {
                let counts = [*low, *high].map(|u| binomial_at_hazard_quantile(n, *hazard, u));
                assert!(counts[0] <= counts[1], "n {n}, hazard {hazard:e}, u {low:e}: {counts:?}");
            }
        }
        for u in us.iter().step_by(3) {
            for (low, high) in hazards.iter().zip(&hazards[1..]) {
                let counts = [*low, *high].map(|hazard| binomial_at_hazard_quantile(n, hazard, *u));
                assert!(counts[0] <= counts[1], "n {n}, hazard {low:e}, u {u:e}: {counts:?}");
            }
        }
    }
    for hazard in [0.01, 0.3, 0.9] {
        for n in 0..200 {
            for u in us.iter().step_by(3) {
                let counts = [n, n + 1].map(|n| binomial_at_hazard_quantile(f64::from(n), hazard, *u));
                assert!(counts[0] <= counts[1], "n {n}, hazard {hazard}, u {u:e}: {counts:?}");
            }
        }
    }
}

/// Uniforms of the bulk and of both tails, ascending.
fn ladder() -> Vec<f64> {
    let tails = (1..53).map(|k| 2.0_f64.powi(-k));
    let bulk = (1..400).map(|k| f64::from(k) / 400.0 + 1e-4 / 3.0);
    let mut us: Vec<f64> = tails.clone().chain(tails.map(|u| 1.0 - u)).chain(bulk).collect();
    us.sort_unstable_by(f64::total_cmp);
    us
}

#[test]
fn counts_are_exact_quantiles_also_where_the_expansion_decides() {
    // Against sums of exact terms: the quantile k has F(k-1) < u <= F(k), to the rounding of the sums.
    let slack = 1e-12;
    for mean in [0.2, 5.0, 31.0, 33.0, 47.3, 120.0, 500.0, 640.0] {
        let mut cumulated = vec![0.0];
        let mut term = exp(-mean);
        for k in 1..1500 {
            cumulated.push(cumulated[k - 1] + term);
            term *= mean / k as f64;
        }
        for u in ladder() {
            let k = poisson_quantile(mean, u) as usize;
            assert!(
                cumulated[k] < u * (1.0 + slack) && cumulated[k + 1] > u * (1.0 - slack) - 1e-14,
                "mean {mean}, u {u:e}: {k}"
            );
        }
    }
    for (n, p) in [(70.0, 0.5), (300.0, 0.2), (300.0, 0.83), (1000.0, 0.45), (20.0, 0.9)] {
        let mut cumulated = vec![0.0];
        let mut logarithm = n * log1p(-p);
        for k in 0..=n as u32 {
            cumulated.push(cumulated[k as usize] + exp(logarithm));
            logarithm += log((n - f64::from(k)) / (f64::from(k) + 1.0)) + log(p) - log1p(-p);
        }
        for u in ladder() {
            let k = binomial_quantile(n, p, u) as usize;
            assert!(
                cumulated[k] < u * (1.0 + slack) + 1e-13 && cumulated[k + 1] > u * (1.0 - slack) - 1e-13,
                "n {n}, p {p}, u {u:e}: {k}"
            );
        }
    }
}

#[test]
fn counts_rise_with_the_uniform_and_with_the_parameters() {
    let means: Vec<f64> = (0..400).map(|i| exp(0.04 * f64::from(i) - 4.0)).collect();
    let us = ladder();
    for (low, high) in us.iter().zip(&us[1..]) {
        for mean in means.iter().step_by(7) {
            assert!(
                poisson_quantile(*mean, *low) <= poisson_quantile(*mean, *high),
                "mean {mean}, u {low:e}"
            );
        }
        for p in [0.001, 0.2, 0.5, 0.500_001, 0.7, 0.999] {
            for n in [3.0, 40.0, 500.0] {
                assert!(
                    binomial_quantile(n, p, *low) <= binomial_quantile(n, p, *high),
                    "n {n}, p {p}, u {low:e}"
                );
            }
        }
    }
    for u in us.into_iter().filter(|u| *u > 1e-12 && *u < 1.0 - 1e-12) {
        for (low, high) in means.iter().zip(&means[1..]) {
            assert!(poisson_quantile(*low, u) <= poisson_quantile(*high, u), "mean {low}, u {u:e}");
        }
        for step in 0..100 {
            let (low, high) = (0.01 * f64::from(step), 0.01 * f64::from(step + 1));
            assert!(binomial_quantile(80.0, low, u) <= binomial_quantile(80.0, high, u), "p {low}, u {u:e}");
            let n = f64::from(step);
            assert!(binomial_quantile(n, 0.45, u) <= binomial_quantile(n + 1.0, 0.45, u), "n {n}, u {u:e}");
        }
    }
}

#[test]
fn lanes_and_single_numbers_give_the_same_bits() {
    let n = 1003_u32;
    let special = [f64::NAN, -1.0, 0.0, 1e-320, 0.5, 32.0, 33.0, 2e6, 1e15, f64::INFINITY];
    let us = uniforms("lanes", n);
    let us: Vec<f64> =
        us.iter().enumerate().map(|(i, u)| [*u, 0.0, 1.0, f64::NAN][(i % 40).saturating_sub(36)]).collect();
    let spread: Vec<f64> = uniforms("means", n).iter().map(|u| exp(20.0 * u - 10.0)).collect();
    let sizes: Vec<f64> =
        spread.iter().enumerate().map(|(i, x)| if i % 9 == 0 { special[i / 9 % 10] } else { *x }).collect();
    let shares: Vec<f64> = uniforms("shares", n).iter().map(|u| 1.2 * u - 0.1).collect();
    let mut out = vec![0.0; n as usize];
    poisson_lanes(&sizes, &us, &mut out);
    for i in 0..n as usize {
        assert_eq!(
            out[i].to_bits(),
            poisson_quantile(sizes[i], us[i]).to_bits(),
            "mean {}, u {}",
            sizes[i],
            us[i]
        );
    }
    binomial_lanes(&sizes, &shares, &us, &mut out);
    for i in 0..n as usize {
        let single = binomial_quantile(sizes[i], shares[i], us[i]);
        assert_eq!(out[i].to_bits(), single.to_bits(), "n {}, p {}, u {}", sizes[i], shares[i], us[i]);
    }
    // Hazards for which every way of counting occurs, among few and among many.
    let hazards: Vec<f64> = uniforms("hazards", n)
        .iter()
        .enumerate()
        .map(|(i, u)| if i % 11 == 0 { special[i / 11 % 10] } else { exp(14.0 * u - 10.0) })
        .collect();
    for divisor in [1.0, 100.0] {
        let hazards: Vec<f64> = hazards.iter().map(|hazard| hazard / divisor).collect();
        binomial_at_hazard_lanes(&sizes, &hazards, &us, &mut out);
        for i in 0..n as usize {
            let single = binomial_at_hazard_quantile(sizes[i], hazards[i], us[i]);
            assert_eq!(
                out[i].to_bits(),
                single.to_bits(),
                "n {}, hazard {}, u {}",
                sizes[i],
                hazards[i],
                us[i]
            );
        }
    }
}

#[test]
fn counts_at_the_limits_follow_the_stated_rules() {
    let (infinity, nan) = (f64::INFINITY, f64::NAN);
    assert_eq!(poisson_quantile(0.0, 0.9), 0.0);
    assert_eq!(poisson_quantile(-3.0, 0.9), 0.0);
    assert_eq!(poisson_quantile(infinity, 0.5), infinity);
    assert_eq!(poisson_quantile(3.0, 0.0), 0.0);
    assert_eq!(poisson_quantile(3.0, 1.0), infinity);
    assert!(poisson_quantile(nan, 0.5).is_nan() && poisson_quantile(1.0, nan).is_nan());
    assert_eq!(binomial_quantile(3.9, 1.0, 0.5), 3.0);
    assert_eq!(binomial_quantile(3.9, 7.0, 0.5), 3.0);
    assert_eq!(binomial_quantile(3.9, -7.0, 0.5), 0.0);
    assert_eq!(binomial_quantile(-2.0, 0.5, 0.5), 0.0);
    assert_eq!(binomial_quantile(5.0, 0.5, 0.0), 0.0);
    assert_eq!(binomial_quantile(5.0, 0.5, 1.0), 5.0);
    assert_eq!(binomial_quantile(5.0, 0.8, 1.0), 5.0);
    assert_eq!(binomial_quantile(infinity, 0.5, 0.5), infinity);
    assert_eq!(binomial_quantile(infinity, 0.0, 0.5), 0.0);
    for (n, p, u) in [(nan, 0.5, 0.5), (3.0, nan, 0.5), (3.0, 0.5, nan), (nan, 0.0, 0.5)] {
        assert!(binomial_quantile(n, p, u).is_nan(), "{n} {p} {u}");
    }
    assert_eq!(binomial_at_hazard_quantile(3.9, infinity, 0.5), 3.0);
    assert_eq!(binomial_at_hazard_quantile(3.9, -7.0, 0.5), 0.0);
    assert_eq!(binomial_at_hazard_quantile(-2.0, 0.5, 0.5), 0.0);
    assert_eq!(binomial_at_hazard_quantile(5.0, 0.5, 0.0), 0.0);
    assert_eq!(binomial_at_hazard_quantile(5.0, 0.5, 1.0), 5.0);
    assert_eq!(binomial_at_hazard_quantile(5.0, 0.0, 0.999), 0.0);
    assert_eq!(binomial_at_hazard_quantile(infinity, 0.5, 0.5), infinity);
    assert_eq!(binomial_at_hazard_quantile(infinity, 0.0, 0.5), 0.0);
    for (n, hazard, u) in
        [(nan, 0.5, 0.5), (3.0, nan, 0.5), (3.0, 0.5, nan), (nan, 0.0, 0.5), (0.0, nan, 0.5)]
    {
        assert!(binomial_at_hazard_quantile(n, hazard, u).is_nan(), "{n} {hazard} {u}");
    }
    // Far beyond what is summed or checked, the normal limit must show.
    assert!((poisson_quantile(1e12, 0.975) - 1e12 - 1.959_964e6).abs() < 10.0);
    assert!((binomial_quantile(4e12, 0.5, 0.025) - 2e12 + 1.959_964e6).abs() < 10.0);
}
