//! Stopping by looks, what knowledge is worth, what to watch and what is robust, on cases with a known answer.
//!
//! Bounds: the standard error of a coverage of 95% is 0.35 points over 4,000 ensembles, 0.7 over 1,000 and 1.1 over 400;
//! bounds are three of these wide around what is promised, wider only where it is said why. The page of
//! `cargo xtask validate` measures the same cases over more ensembles.

#[path = "common/cases.rs"]
mod cases;
mod common;

use common::within;

#[test]
fn stopping_by_looks_keeps_its_coverage_and_is_as_narrow_as_asked() {
    for (p, share) in [(0.5, 0.0), (0.3, 0.6), (0.12, 0.3), (0.04, 0.0), (0.9, 0.9)] {
        let found = cases::sequential(p, share, 0.05, 3_000);
        // Sums of errors over looks promise 95% at least.
        within(&format!("sequential coverage at {p}, share {share}"), found.coverage, 0.945, 1.0);
        assert_eq!(found.met, 1.0, "the last look is always narrow enough");
        assert!(found.naive <= found.coverage + 1e-9);
    }
    // A rarer event needs fewer draws.
    let rare = cases::sequential(0.04, 0.0, 0.05, 300).mean_draws;
    let even = cases::sequential(0.5, 0.9, 0.05, 300).mean_draws;
    assert!(rare < 0.5 * even, "{rare} against {even}");
}

#[test]
fn intervals_at_every_look_as_if_there_were_one_cover_less() {
    // The stopping rule prefers looks at which the estimate is far from one half, and so does its error.
    let found = cases::sequential(0.12, 0.3, 0.03, 3_000);
    within("as if there were one look", found.naive, 0.85, 0.955);
    assert!(found.coverage > found.naive);
}

#[test]
fn curves_of_first_passage_cover_at_each_time() {
    for (place, covered) in cases::passage_coverage(400, 1_500).into_iter().enumerate() {
        within(&format!("first passage, time {place}"), covered, 0.93, 0.975);
    }
}

#[test]
fn what_knowing_an_assumption_is_worth_is_unbiased_and_covered() {
    let [one, two, repeated, nothing] = cases::knowledge(2_000, 500);
    for (what, gained) in [("one", one), ("two", two), ("two that agree", repeated)] {
        within(what, gained.mean / gained.truth, 0.95, 1.05);
        within(&format!("{what}, coverage"), gained.covered, 0.92, 0.98);
        assert!(gained.told > 0.9, "{what}: {}", gained.told);
    }
    within("nothing is told from zero", nothing.told, 0.02, 0.09);
    assert!(nothing.mean < 0.0004, "{}", nothing.mean);
    within("nothing, coverage", nothing.covered, 0.94, 1.0);
}

#[test]
fn the_value_of_partial_information_agrees_with_closed_forms() {
    let found = cases::information(1_500, 400);
    for place in [0, 1] {
        let gained = found.cross[place];
        let what = format!("case {place}");
        // A rule that was learnt from the other draws attains a little less than perfect knowledge.
        within(&what, gained.mean / gained.truth, 0.95, 1.01);
        // Chance helps the choice with knowledge, and among three also the one without.
        within(&format!("{what}, in sample"), found.in_sample[place] / gained.truth, 0.93, 1.04);
        // The interval is of what the learnt rule attains, which is a little less; it covers perfect knowledge less often.
        // Nominal is 95%; with tied alternatives the interval is wider than it need be, see docs/decisions/0025.
        within(&format!("{what}, coverage"), gained.covered, 0.92, 1.0);
        assert_eq!(gained.told, 1.0);
    }
    let nothing = found.cross[2];
    within("false alarms", nothing.told, 0.0, 0.06);
    assert!(nothing.mean <= 0.002, "{}", nothing.mean);
    assert!(found.in_sample[2] >= nothing.mean);
}

#[test]
fn areas_ratios_and_gains_of_signals_agree_with_two_normal_populations() {
    for (distance, agreeing) in [(0.8, 0.0), (0.8, 0.7), (1.6, 0.3)] {
        let found = cases::signals(distance, agreeing, 1_000, 500);
        let what = format!("distance {distance}, agreeing {agreeing}");
        within(&format!("{what}: area"), found.area.mean - found.area.truth, -0.002, 0.002);
        within(&format!("{what}: area, coverage"), found.area.covered, 0.92, 0.98);
        within(&format!("{what}: ratio, coverage"), found.ratio_covered, 0.92, 0.985);
        within(&format!("{what}: probability, coverage"), found.probability_covered, 0.92, 0.985);
        within(&format!("{what}: gain"), found.gain.mean / found.gain.truth, 0.96, 1.04);
        within(&format!("{what}: gain, coverage"), found.gain.covered, 0.92, 0.985);
        assert_eq!(found.area.told, 1.0);
    }
}

#[test]
fn a_signal_that_says_nothing_is_seldom_told_from_nothing() {
    let found = cases::signals(0.0, 0.5, 600, 1_000);
    within("false alarms", found.area.told, 0.03, 0.072);
    within("area, coverage", found.area.covered, 0.93, 0.97);
    assert!(found.gain.mean < 0.002, "{}", found.gain.mean);
}

#[test]
fn regret_and_the_share_that_is_good_enough_are_of_what_is_expected_and_not_of_tosses() {
    let found = cases::robust(2_000, 100);
    within("regret at nine in ten", found.p90, 0.48, 0.52);
    within("share in which the second is best", found.share_best, 0.58, 0.62);
    within("share that is good enough", found.satisfied.mean, 0.23, 0.27);
    // Two tosses say 0, one half or 1: the share of pairs without a hit is E(1 - p)^2 = 0.303.
    within("as tosses have it", found.naive, 0.29, 0.32);
}

#[test]
fn common_random_numbers_shrink_the_error_of_a_difference() {
    let (ratio, covered) = cases::common_numbers(400, 1_500);
    // Of 800 runs a 33rd differs: sqrt(0.03 / (2 * 0.24)) = 0.25.
    within("error, paired over apart", ratio, 0.2, 0.3);
    within("paired difference, coverage", covered, 0.93, 0.98);
}
