//! Elementary effects: known values with and without chance, screening of many inputs, intervals.

mod common;
#[path = "common/designed.rs"]
mod designed;
#[path = "common/functions.rs"]
mod functions;

use common::within;
use contingent_analysis::{BootstrapOptions, ElementaryEffects, Steps, elementary_effects};
use designed::{Chance, column, morris_outcomes};
use functions::{Known, linear, morris, morris_effects};

fn effects(
    function: &Known,
    steps: Steps,
    n: usize,
    m: usize,
    chance: Chance,
    seed: u64,
) -> ElementaryEffects {
    let (layout, values, directions) = morris_outcomes(function, steps, n, m, chance, seed);
    let step = |point: usize, factor: usize| directions[point * function.n + factor];
    elementary_effects(&layout, &column(&values, m), &step, BootstrapOptions::default())
        .expect("points count")
}

#[test]
fn the_effects_of_a_straight_line_are_its_slopes() {
    let function = linear();
    for steps in [Steps::Trajectory, Steps::Radial] {
        let found = effects(&function, steps, 64, 1, Chance::None, 2);
        for (place, slope) in [1.0, (29.0_f64 / 71.0).sqrt()].into_iter().enumerate() {
            let effect = &found.factors[place];
            assert_eq!(effect.factor, place);
            let mu = effect.mu.expect("a number has a direction").value;
            assert!((mu - slope / 2.0).abs() < 1e-12 && (effect.mu_star.value - slope / 2.0).abs() < 1e-12);
            assert!(effect.sigma.value < 1e-6 && effect.distinguishable && !effect.tied_with_next);
        }
        assert!(found.factors[2..].iter().all(|effect| {
            effect.mu_star.value == 0.0 && effect.share_unmoved == 1.0 && !effect.distinguishable
        }));
    }
}

#[test]
fn the_function_of_morris_has_its_effects() {
    // Means and deviations of the effects computed on a design a hundred times as large.
    let function = morris();
    let truths = morris_effects(100_000);
    for steps in [Steps::Trajectory, Steps::Radial] {
        let found = effects(&function, steps, 1_000, 1, Chance::None, 8);
        for effect in &found.factors {
            let truth = truths[effect.factor];
            let what = format!("{steps:?} input {}", effect.factor + 1);
            // Six standard errors of 1,000 points; deviations are at most about 30.
            within(&format!("{what} mu*"), effect.mu_star.value - truth.mu_star, -3.0, 3.0);
            within(&format!("{what} sigma"), effect.sigma.value - truth.sigma, -4.0, 4.0);
        }
        let strongest: Vec<usize> = found.factors[..10].iter().map(|effect| effect.factor).collect();
        assert!(strongest.iter().all(|&factor| factor < 10), "{strongest:?}");
    }
}

#[test]
fn chance_neither_makes_nor_hides_effects() {
    // A hundred inputs of which ten matter, seen through coin flips.
    let function = functions::many(100);
    for chance in [Chance::Common, Chance::Own] {
        let found = effects(&function, Steps::Trajectory, 1_000, 2, chance, 3);
        let truth = |factor: usize| {
            if factor < 10 { 0.5 * 0.8 / 10.0 } else { 0.0 }
        };
        for effect in &found.factors {
            let expected = truth(effect.factor);
            let tolerance = if chance == Chance::Common { 0.02 } else { 0.2 };
            let what = format!("input {}", effect.factor);
            within(&what, effect.mu_star.value, expected - tolerance, expected + tolerance);
            if chance == Chance::Common {
                assert_eq!(effect.distinguishable, effect.factor < 10, "{effect:?}");
            }
        }
        let n_false =
            found.factors.iter().filter(|found| found.factor >= 10 && found.distinguishable).count();
        assert_eq!(n_false, 0);
    }
}

#[test]
fn inert_inputs_raise_their_stated_rate_of_false_alarms() {
    // One input of ten matters, each row with its own chance; 300 designs at 5% raise 15, give or take 4.
    let function = Known {
        name: "One of ten",
        n: 10,
        value: |x| x[0],
        range: (0.0, 1.0),
        first: Vec::new(),
        total: Vec::new(),
    };
    let n_designs = 300;
    let mut alarms = 0.0;
    for seed in 0..n_designs {
        let found = effects(&function, Steps::Trajectory, 60, 2, Chance::Own, 500 + seed);
        let alarm = found.factors.iter().any(|effect| effect.factor > 0 && effect.distinguishable);
        alarms += f64::from(u8::from(alarm)) / n_designs as f64;
    }
    within("designs with a false alarm", alarms, 0.0, 0.09);
}

#[test]
fn a_further_factor_leaves_the_order_of_the_others() {
    use contingent_analysis::MorrisLayout;
    let with = MorrisLayout::new(Steps::Trajectory, 9, vec![11, 22, 33, 44]);
    let without = MorrisLayout::new(Steps::Trajectory, 9, vec![11, 22, 44]);
    for point in 0..50 {
        let kept: Vec<usize> = with.order(point).into_iter().filter(|&factor| factor != 2).collect();
        let renamed: Vec<usize> =
            without.order(point).into_iter().map(|factor| if factor == 2 { 3 } else { factor }).collect();
        assert_eq!(kept, renamed);
    }
    let distinct: std::collections::BTreeSet<Vec<usize>> = (0..200).map(|point| with.order(point)).collect();
    assert_eq!(distinct.len(), 24, "every order comes up");
}
