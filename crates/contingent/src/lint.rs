//! Warnings that need the model to be run.
//!
//! Enters: a checked model without errors. Leaves: warnings about flows that are too fast for the step. Always
//! holds: the model is run once as it stands and once per view, assumptions at their middle values and chance
//! replaced by its expectation, so that the same model gives the same warnings; a flow is warned about once.

use std::collections::{BTreeMap, HashMap};

use contingent_engine::quantile::central;
use contingent_engine::{Block, ChanceMode, Configuration, Recording, Workspace, compile, run_block};
use contingent_model::influence::{Node, Sign, influences};
use contingent_model::{
    Chance, CheckedModel, Distribution, Endpoint, Expression, Index, Override, VariableId, VariableKind,
    step_too_long,
};
use contingent_syntax::{Code, Diagnostic};

/// A flow that moves more than this share of a stock in a step is too fast for it.
const MOST_PER_STEP: f64 = 0.5;
/// A stock that holds less than this share of the most that it ever held has run dry, and says nothing of speed.
const DRY: f64 = 1e-3;
/// Largest recording that is made for a warning, in values: 64 MiB.
const MAX_VALUES: u64 = 8 << 20;

/// The fastest that a flow was seen.
struct Seen {
    share: f64,
    step: usize,
    view: Option<usize>,
}

/// Adds what only a run shows to the diagnostics of a model, in the order of the text.
pub fn add_warnings(model: &CheckedModel, diagnostics: &mut Vec<Diagnostic>) {
    let known: Vec<_> =
        diagnostics.iter().filter(|one| one.code == Code::StepTooLong).map(|one| one.primary.span).collect();
    let new: Vec<Diagnostic> =
        fast_flows(model).into_iter().filter(|one| !known.contains(&one.primary.span)).collect();
    diagnostics.extend(new);
    diagnostics.sort_by_key(|one| (one.primary.span.file, one.primary.span.start));
}

/// Warnings about flows that take more than half of a stock within a step in some run.
pub fn fast_flows(model: &CheckedModel) -> Vec<Diagnostic> {
    let drains = proportional_drains(model);
    if drains.is_empty() {
        return Vec::new();
    }
    let mut seen: BTreeMap<VariableId, Seen> = BTreeMap::new();
    for view in std::iter::once(None).chain((0..model.views.len()).map(Some)) {
        look(model, view, &drains, &mut seen);
    }
    seen.into_iter()
        .filter(|(_, seen)| seen.share > MOST_PER_STEP)
        .filter_map(|(flow, seen)| {
            let VariableKind::Flow { from: Some(from), .. } = &model.variable(flow).kind else { return None };
            let clock = &model.clock;
            let time = seen.step as f64 * clock.dt;
            let unit = &clock.time_unit;
            let plural = if time == 1.0 { "" } else { "s" };
            let view =
                seen.view.map_or_else(String::new, |i| format!(" in the view `{}`", model.views[i].name));
            let when = format!(" at {time} {unit}{plural}, its fastest at the values in the middle{view}");
            Some(step_too_long(model, flow, from.stock, seen.share, &when))
        })
        .collect()
}

/// Flows whose rate goes up with the stock that they empty: only these keep on taking a share of it. A flow that is
/// limited by what is there for each step anyway, as a binomial count is, cannot be too fast.
fn proportional_drains(model: &CheckedModel) -> Vec<VariableId> {
    let mut raises: HashMap<Node, Vec<Node>> = HashMap::new();
    for influence in influences(model) {
        if !influence.at_start && influence.sign != Sign::Negative {
            raises.entry(influence.effect).or_default().push(influence.cause);
        }
    }
    (0..model.variables.len())
        .map(|i| VariableId(i as u32))
        .filter(|&flow| {
            let VariableKind::Flow { from: Some(from), rate, .. } = &model.variable(flow).kind else {
                return false;
            };
            if matches!(rate, Expression::Draw { chance: Chance::Binomial { .. }, .. }) {
                return false;
            }
            // Directly, or through one auxiliary.
            let stock = Node::Variable(from.stock);
            let none = Vec::new();
            let causes = raises.get(&Node::Variable(flow)).unwrap_or(&none);
            causes.iter().any(|cause| {
                *cause == stock
                    || is_auxiliary(model, *cause)
                        && raises.get(cause).is_some_and(|more| more.contains(&stock))
            })
        })
        .collect()
}

fn is_auxiliary(model: &CheckedModel, node: Node) -> bool {
    matches!(node, Node::Variable(id) if matches!(model.variable(id).kind, VariableKind::Auxiliary { .. }))
}

/// Runs the model under a view and keeps the greatest share that each flow takes in a step.
fn look(
    model: &CheckedModel,
    view: Option<usize>,
    drains: &[VariableId],
    seen: &mut BTreeMap<VariableId, Seen>,
) {
    let overrides = view.map_or(&[][..], |i| model.views[i].overrides.as_slice());
    let mut configuration = Configuration {
        chance: ChanceMode::Expected,
        recording: Recording::Everything,
        ..Configuration::default()
    };
    let mut replaced: HashMap<VariableId, Vec<Distribution>> = HashMap::new();
    for (id, change, _) in overrides {
        match change {
            Override::Alternative(position) => {
                configuration.mechanisms.insert(*id, *position);
            }
            Override::Distributions(distributions) => {
                replaced.insert(*id, distributions.clone());
            }
            Override::Elements(elements) => {
                let VariableKind::Assumption { distributions, .. } = &model.variable(*id).kind else {
                    continue;
                };
                let all = replaced.entry(*id).or_insert_with(|| distributions.clone());
                for (element, distribution) in elements {
                    if let Some(known) = all.get_mut(*element) {
                        known.clone_from(distribution);
                    }
                }
            }
        }
    }
    // A model that is too large to run is refused with its reason when it is run.
    let Ok(program) = compile(model, &configuration) else { return };
    if program.n_recorded_values(1) > MAX_VALUES {
        return;
    }
    let parameters: Vec<f64> = program
        .parameters()
        .iter()
        .map(|parameter| {
            let VariableKind::Assumption { distributions: own, .. } =
                &model.variable(parameter.variable).kind
            else {
                return 0.0;
            };
            let distributions = replaced.get(&parameter.variable).unwrap_or(own);
            let position = if distributions.len() == 1 { 0 } else { parameter.element };
            distributions.get(position).map_or(0.0, central)
        })
        .collect();
    let block = Block { seed: 1, draws: &[0], replications: &[0], parameters: &parameters };
    let result = run_block(&program, &block, &mut Workspace::default());
    let recorded = program.recorded();
    let columns: HashMap<&str, usize> =
        recorded.iter().enumerate().map(|(i, column)| (column.name.as_str(), i)).collect();
    let dt = model.clock.dt;
    for &flow in drains {
        let variable = model.variable(flow);
        let VariableKind::Flow { from: Some(from), .. } = &variable.kind else { continue };
        for element in 0..model.n_elements(&variable.subscripts) {
            let name = model.element_name(&variable.name, &variable.subscripts, element);
            let stock = stock_element(model, from, &variable.subscripts, element);
            let (Some(&rate), Some(&held)) = (columns.get(name.as_str()), columns.get(stock.as_str())) else {
                continue;
            };
            let value = |time: usize, column: usize| result.recorded[time * recorded.len() + column];
            let most = (0..program.n_times()).map(|time| value(time, held)).fold(0.0, f64::max);
            for step in 0..program.n_times().saturating_sub(1) {
                let (moves, holds) = (value(step, rate) * dt, value(step, held));
                let share = moves / holds;
                if holds <= most * DRY || !share.is_finite() {
                    continue;
                }
                let fastest = seen.entry(flow).or_insert(Seen { share: 0.0, step: 0, view });
                if share > fastest.share {
                    *fastest = Seen { share, step, view };
                }
            }
        }
    }
}

/// The name of the stock element that an element of a flow empties.
fn stock_element(
    model: &CheckedModel,
    end: &Endpoint,
    subscripts: &[contingent_model::SubscriptId],
    element: usize,
) -> String {
    let mut rest = element;
    let mut positions = HashMap::new();
    for id in subscripts.iter().rev() {
        let n = model.subscripts[id.index()].elements.len();
        positions.insert(*id, rest % n);
        rest /= n;
    }
    let stock = model.variable(end.stock);
    let parts: Vec<&str> = end
        .indices
        .iter()
        .map(|index| match index {
            Index::Bound(id) => {
                let position = positions.get(id).copied().unwrap_or(0);
                model.subscripts[id.index()].elements[position].as_str()
            }
            Index::Element(id, position) => model.subscripts[id.index()].elements[*position].as_str(),
        })
        .collect();
    if parts.is_empty() { stock.name.clone() } else { format!("{}[{}]", stock.name, parts.join(",")) }
}
