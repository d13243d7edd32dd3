//! The gap between the two views that lie farthest apart, for a report.
//!
//! Enters: a model, its answer and what was asked for. Leaves: a comparison of two views over the first question, with its parts.
//! Always holds: no more than about [`MOST_RUNS`] runs are spent on it; nothing where the answer is not about all views.

use contingent::answer::{Answer, Estimate};
use contingent::compare::{
    BuildOptions, CompareError, Compared, ComparisonDocument, build_comparison, differing_groups, run_gap,
    run_views,
};
use contingent::sensitivity::GroupBy;
use contingent_analysis::shapley::{MOST_EXACT, MOST_GROUPS, Orders};
use contingent_ensemble::{Design, Experiment, RunOptions, points, with_threads};
use contingent_model::CheckedModel;

use super::{AnswerArguments, Stop, output, settings};

/// Runs of all mixtures together: about a second of the founding model on two cores.
const MOST_RUNS: usize = 20_000;

/// Draws behind a mixture.
const FEWEST_DRAWS: usize = 50;
const MOST_DRAWS: usize = 500;

/// Pairs of orders where not all orders can be gone through: few, so that draws are many and the ends of the gap stand close to
/// where the answer has them.
const PAIRS_OF_ORDERS: usize = 4;

/// The views with the lowest and the highest answer to the first question, the lower first.
fn pair(model: &CheckedModel, answer: &Answer) -> Option<[Option<usize>; 2]> {
    let question = answer.questions.first()?;
    let value = |estimate: Option<&Estimate>| estimate.and_then(Estimate::location);
    let own = (question.view.is_none()).then(|| value(question.estimate.as_ref())).flatten();
    let mut known: Vec<(Option<usize>, f64)> = own.map(|own| (None, own)).into_iter().collect();
    for view in &question.views {
        let place = model.views.iter().position(|known| known.name == view.id);
        if let Some((place, value)) = place.zip(value(view.estimate.as_ref())) {
            known.push((Some(place), value));
        }
    }
    let lowest = known.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let highest = known.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (lowest.1 < highest.1).then_some([lowest.0, highest.0])
}

/// Where the gap between the two views that lie farthest apart comes from; none without such a pair.
pub(super) fn farthest_apart(
    model: &CheckedModel,
    answer: &Answer,
    arguments: &AnswerArguments,
    design: Design,
) -> Result<Option<ComparisonDocument>, Stop> {
    let is_all = arguments.experiment.view.is_none() && arguments.experiment.policy.is_none();
    if !is_all || !arguments.observed.is_empty() {
        return Ok(None);
    }
    let Some(pair) = pair(model, answer) else { return Ok(None) };
    let settings = settings::settings(model, &arguments.experiment.settings)?;
    let compared =
        pair.map(|view| Compared::new(model, Experiment { view, policy: None, settings: settings.clone() }));
    let [first, second] = &compared;
    let parameters = points::parameters(model, &first.experiment)?;
    let groups = |by| differing_groups(model, &parameters, &first.experiment, &second.experiment, by);
    let mut group_by = GroupBy::Assumption;
    let mut differing = groups(group_by)?;
    if differing.len() > MOST_GROUPS {
        group_by = GroupBy::Actor;
        differing = groups(group_by)?;
    }
    if differing.is_empty() || differing.len() > MOST_GROUPS {
        return Ok(None);
    }
    let orders = Orders::new(differing.len(), PAIRS_OF_ORDERS, design.seed);
    let n_replications = if differing.len() > MOST_EXACT { 1 } else { design.n_replications.min(2) };
    let of_all = orders.coalitions().len() * n_replications as usize;
    let n_draws = (MOST_RUNS / of_all.max(1)).clamp(FEWEST_DRAWS, MOST_DRAWS).min(design.n_draws as usize);
    let design = Design { seed: design.seed, n_draws: n_draws as u32, n_replications };
    let options = BuildOptions {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        questions: vec![0],
        group_by,
        weights: Vec::new(),
        directory: None,
    };
    let threads = usize::from(arguments.ensemble.threads.unwrap_or(0));
    let run_options = RunOptions { cancelled: output::interrupted(), ..RunOptions::default() };
    let found = with_threads(threads, || {
        let runs = run_views(model, compared.to_vec(), design, &run_options)?;
        let gap = run_gap(model, &runs, [0, 1], &parameters, differing, orders, &run_options)?;
        Ok::<_, CompareError>(build_comparison(model, &runs, Some(&gap), &options))
    })?;
    match found {
        Ok(document) => Ok(Some(document)),
        // The rest of the report stands without it.
        Err(CompareError::Interrupted) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
