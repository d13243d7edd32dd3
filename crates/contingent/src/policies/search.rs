//! A search over lever settings: random, with an archive by tolerance.
//!
//! Enters: a model, what is aimed at, how many settings to try, and a way to run. Leaves: a [`SearchRecord`]. Always
//! holds: a setting is judged by its worst view in each objective; every setting meets the same draws and the same
//! chance; what is kept is measured again with other draws and chance, because the best of many is best partly by luck.
//!
//! Settings are points of scrambled sequences over the ranges of the levers, the same design as for assumptions: even
//! coverage, no tuning, and any number of settings is a good design. With few levers and noisy answers this is hard to
//! beat; it is not an evolutionary search and does not pretend to converge on an optimum. Kept is what no other setting
//! beats by more than a tolerance in every objective at once, one setting to each cell of a grid as wide as the tolerance
//! (epsilon dominance: Laumanns, Thiele, Deb and Zitzler 2002).

use contingent_analysis::DrawTotals;
use contingent_engine::random::{stratified_uniform, stream_hash};
use contingent_ensemble::EnsembleResult;
use contingent_model::{CheckedModel, LeverSetting, Measure, Policy, VariableId, VariableKind};

use super::build::{PoliciesError, column, in_shown_unit, setting_records};
use super::objective::Objective;
use contingent_report::document::policies::{FoundRecord, SearchRecord};

/// Tolerance for a probability: half a point of a hundred.
const PROBABILITY_TOLERANCE: f64 = 0.005;

/// Tolerance for a number, as a share of the range of its values over all settings.
const NUMBER_TOLERANCE: f64 = 0.02;

/// Settings that are kept at most, so that measuring again stays short.
const MOST_KEPT: usize = 24;

/// Runs a view with a policy of a model under a seed.
pub type RunSetting<'a, E> =
    dyn FnMut(&CheckedModel, Option<usize>, Option<usize>, u64) -> Result<EnsembleResult, E> + 'a;

/// Searches lever settings; `model` without levers finds nothing but doing nothing.
pub fn search<E>(
    model: &CheckedModel,
    objectives: &[Objective],
    n_tried: usize,
    seed: u64,
    run: &mut RunSetting<'_, E>,
) -> Result<SearchRecord, PoliciesError<E>> {
    let levers: Vec<VariableId> = (0..model.variables.len())
        .filter(|&place| matches!(model.variables[place].kind, VariableKind::Lever { .. }))
        .map(|place| VariableId(place as u32))
        .collect();
    let from_step = model.policies.iter().map(|policy| policy.from_step).min().unwrap_or(0);
    let mut with = model.clone();
    let first = with.policies.len();
    if !levers.is_empty() {
        for point in 0..n_tried {
            with.policies.push(setting(model, &levers, from_step, seed, point as u32));
        }
    }
    let tried: Vec<Option<usize>> =
        std::iter::once(None).chain((first..with.policies.len()).map(Some)).collect();
    let mut values = Vec::with_capacity(tried.len());
    for &policy in &tried {
        values.push(worst_view(&with, objectives, policy, seed, run)?);
    }
    let tolerances: Vec<f64> = objectives
        .iter()
        .enumerate()
        .map(|(place, objective)| match model.questions[objective.question].measure {
            Measure::Probability(_) => PROBABILITY_TOLERANCE,
            Measure::Distribution(_) => {
                let of = || values.iter().map(|values| values[place]).filter(|value| value.is_finite());
                let (low, high) =
                    (of().fold(f64::INFINITY, f64::min), of().fold(f64::NEG_INFINITY, f64::max));
                if high > low { NUMBER_TOLERANCE * (high - low) } else { 1.0 }
            }
        })
        .collect();
    let mut kept = archive(&values, &tolerances);
    kept.truncate(MOST_KEPT);
    kept.retain(|&place| place != 0);
    let again = seed.wrapping_add(1);
    let mut found = Vec::new();
    for place in std::iter::once(0).chain(kept) {
        let measured = worst_view(&with, objectives, tried[place], again, run)?;
        let shown = |values: &[f64]| -> Vec<f64> {
            values
                .iter()
                .zip(objectives)
                .map(|(&value, &objective)| in_shown_unit(model, objective, value))
                .collect()
        };
        found.push(FoundRecord {
            settings: setting_records(&with, tried[place]),
            worst_view: shown(&measured),
            in_search: shown(&values[place]),
        });
    }
    Ok(SearchRecord {
        method:
            "scrambled points over the ranges of the levers, judged by the worst view, kept by tolerance \
                 (epsilon dominance)"
                .to_owned(),
        n_tried: tried.len() - 1,
        from: from_step as f64 * model.clock.dt,
        measured_with_seed: again,
        found,
    })
}

/// A point of the design as a policy.
fn setting(model: &CheckedModel, levers: &[VariableId], from_step: usize, seed: u64, point: u32) -> Policy {
    let value = |&id: &VariableId| {
        let variable = model.variable(id);
        let VariableKind::Lever { low, high, .. } = variable.kind else {
            unreachable!("only levers are set");
        };
        let stream = stream_hash(&variable.name, "search", 0);
        let place = stratified_uniform(seed, stream, point);
        LeverSetting { lever: id, element: None, value: low + place * (high - low) }
    };
    Policy {
        name: format!("search-{}", point + 1),
        label: format!("Setting {}", point + 1),
        from_step,
        until_step: usize::MAX,
        settings: levers.iter().map(value).collect(),
    }
}

/// The lowest value of each objective over all views, more being better; minus infinity where a view has no run.
fn worst_view<E>(
    model: &CheckedModel,
    objectives: &[Objective],
    policy: Option<usize>,
    seed: u64,
    run: &mut RunSetting<'_, E>,
) -> Result<Vec<f64>, PoliciesError<E>> {
    let mut worst = vec![f64::INFINITY; objectives.len()];
    for view in std::iter::once(None).chain((0..model.views.len()).map(Some)) {
        let result = run(model, view, policy, seed).map_err(PoliciesError::Run)?;
        if !result.is_complete() {
            return Err(PoliciesError::Interrupted);
        }
        for (worst, objective) in worst.iter_mut().zip(objectives) {
            let mean = column(&result, objective.question)
                .and_then(|column| DrawTotals::new(&column, |value| value).ok())
                .map_or(f64::NEG_INFINITY, |totals| objective.sense.sign() * totals.mean);
            *worst = worst.min(mean);
        }
    }
    Ok(worst)
}

/// Positions of what no other beats by more than the tolerance in every objective, one to a cell, best first objective
/// first.
fn archive(values: &[Vec<f64>], tolerances: &[f64]) -> Vec<usize> {
    let cell = |values: &[f64]| -> Vec<f64> {
        values.iter().zip(tolerances).map(|(value, tolerance)| (value / tolerance).floor()).collect()
    };
    let sum = |place: usize| -> f64 {
        values[place].iter().zip(tolerances).map(|(value, tolerance)| value / tolerance).sum()
    };
    let mut kept: Vec<usize> = Vec::new();
    for place in 0..values.len() {
        if values[place].iter().any(|value| !value.is_finite()) {
            continue;
        }
        let own = cell(&values[place]);
        let beats = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| a >= b) && a != b;
        if kept.iter().any(|&other| beats(&cell(&values[other]), &own)) {
            continue;
        }
        if let Some(same) = kept.iter().position(|&other| cell(&values[other]) == own) {
            if sum(place) > sum(kept[same]) {
                kept[same] = place;
            }
            continue;
        }
        kept.retain(|&other| !beats(&own, &cell(&values[other])));
        kept.push(place);
    }
    kept.sort_by(|&a, &b| values[b][0].total_cmp(&values[a][0]).then(a.cmp(&b)));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_keeps_what_is_not_beaten_one_to_a_cell() {
        let values = vec![
            vec![0.50, 0.10],
            vec![0.40, 0.40],
            // In the cell of the one before, and better.
            vec![0.402, 0.403],
            // Beaten by it.
            vec![0.30, 0.30],
            vec![0.10, 0.60],
            vec![f64::NEG_INFINITY, 0.9],
        ];
        assert_eq!(archive(&values, &[0.005, 0.005]), [0, 2, 4]);
        assert_eq!(archive(&values, &[1.0, 1.0]).len(), 1);
    }
}
