//! The actor map of a model.
//!
//! Enters: a checked model, the typed views of its texts, what an answer hangs on. Leaves: a [`Map`] to draw. Always holds: links are
//! the influences of the model; a sign that does not hold for every value is taken from states of real runs and says so; what is not
//! drawn is counted in words; the same model, indices and seed give the same map.

mod contract;
mod equation;
mod signs;
mod states;

use std::collections::{BTreeMap, BTreeSet};

use contingent_model::influence::{Influence, Node, Sign, bounds, influences};
use contingent_model::{CheckedModel, VariableId, VariableKind};
use contingent_report::chart::Frame;
use contingent_report::map::{Group, Link, LinkSign, Loop, Map, NodeKind};
use contingent_report::words::number::plain;
use contingent_report::words::text::{capitalised, listed};
use contingent_syntax::ast;

use crate::describe::{self, LoopStory};
use contract::{Contracted, Role, contracted};
use equation::Columns;
use signs::{Reader, SignedInfluence};

/// Most nodes unless the caller says otherwise.
pub const DEFAULT_NODES: usize = 40;
/// Most loops that a map names.
const N_LOOPS: usize = 8;
/// Most names in a sentence about what is not drawn.
const N_NAMED: usize = 6;

/// What a caller says of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapOptions {
    /// Where it stands.
    pub frame: Frame,
    /// Key of the runs whose states give signs.
    pub seed: u64,
    /// First-order indices by the name of the assumption, with its element where it has one, as `hangs_on` of an answer has them.
    pub indices: Vec<(String, f64)>,
    /// Most nodes.
    pub n_nodes: usize,
}

/// The map of a model. `files` are the typed views of its texts, in reading order.
pub fn causal_map(model: &CheckedModel, files: &[ast::File], options: &MapOptions) -> Map {
    let all = influences(model);
    let columns = Columns::new(model);
    let states = states::sampled(model, &columns, options.seed);
    let bounds = bounds(model);
    let reader = Reader { model, columns: &columns, bounds: &bounds, states: &states };
    let indices = indices_of(model, &options.indices);
    let signed = reader.signed(&all, &indices);
    let is_drawn = |node: Node| match node {
        Node::Event(_) => true,
        Node::Variable(id) => !matches!(
            model.variable(id).kind,
            VariableKind::Assumption { .. } | VariableKind::Mechanism { .. }
        ),
    };
    let drawn: Vec<SignedInfluence> =
        signed.iter().filter(|one| is_drawn(one.cause) && is_drawn(one.effect)).cloned().collect();
    let role = |node: Node| match node {
        Node::Variable(id) => match &model.variable(id).kind {
            VariableKind::Flow { .. } => Role::Link,
            VariableKind::Auxiliary { .. } => Role::Passing,
            _ => Role::Kept,
        },
        Node::Event(_) => Role::Kept,
    };
    let weights = node_weights(&signed, &indices);
    let graph = contracted(&drawn, role, weights, options.n_nodes);
    let names = describe::titles(model, files);
    let title = |node: Node| {
        names.get(&node).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| match node {
            Node::Variable(id) => model.variable(id).name.replace(['_', '.'], " "),
            Node::Event(id) => model.events[id.index()].name.replace(['_', '.'], " "),
        })
    };
    let nodes: BTreeSet<Node> = graph.ways.keys().flat_map(|&(from, to)| [from, to]).collect();
    let places: BTreeMap<Node, usize> = nodes.iter().enumerate().map(|(i, &node)| (node, i)).collect();
    let (groups, group_of) = groups_of(model, &nodes);
    let refined: Vec<Influence> = drawn
        .iter()
        .filter(|one| !one.is_idle)
        .map(|one| Influence { cause: one.cause, effect: one.effect, sign: one.sign, at_start: false })
        .collect();
    Map {
        frame: options.frame.clone(),
        title: format!("How \u{2018}{}\u{2019} works", model.title),
        groups,
        nodes: nodes
            .iter()
            .map(|&node| contingent_report::map::Node {
                id: id_of(model, node),
                label: capitalised(&title(node)),
                kind: kind_of(model, node),
                group: group_of.get(&node).copied().flatten(),
                weight: graph.weights.get(&node).copied().unwrap_or(0.0),
                note: weighed(graph.weights.get(&node).copied().unwrap_or(0.0)),
            })
            .collect(),
        links: graph
            .ways
            .iter()
            .map(|(&(from, to), way)| Link {
                from: places[&from],
                to: places[&to],
                sign: match way.sign {
                    Sign::Positive => LinkSign::Positive,
                    Sign::Negative => LinkSign::Negative,
                    Sign::Mixed => LinkSign::Mixed,
                },
                weight: way.weight,
                note: note_of(way, &title),
            })
            .collect(),
        loops: loops_of(describe::loop_stories(model, files, &refined), &places),
        left_out: left_out(model, &graph, &signed, &title),
    }
}

/// Indices per assumption: the elements of one are added up.
fn indices_of(model: &CheckedModel, indices: &[(String, f64)]) -> BTreeMap<VariableId, f64> {
    let mut found = BTreeMap::new();
    for (name, index) in indices {
        let name = name.split_once('[').map_or(name.as_str(), |(name, _)| name);
        if let Some(id) = model.variable_named(name) {
            *found.entry(id).or_insert(0.0) += index.max(0.0);
        }
    }
    found
}

/// What hangs on a node: the assumptions that its equation reads.
fn node_weights(signed: &[SignedInfluence], indices: &BTreeMap<VariableId, f64>) -> BTreeMap<Node, f64> {
    let mut weights = BTreeMap::new();
    for one in signed {
        if let Node::Variable(id) = one.cause
            && let Some(index) = indices.get(&id)
        {
            *weights.entry(one.effect).or_insert(0.0) += index;
        }
    }
    weights
}

fn id_of(model: &CheckedModel, node: Node) -> String {
    match node {
        Node::Variable(id) => model.variable(id).name.clone(),
        Node::Event(id) => model.events[id.index()].name.clone(),
    }
}

fn kind_of(model: &CheckedModel, node: Node) -> NodeKind {
    match node {
        Node::Event(_) => NodeKind::Event,
        Node::Variable(id) => match &model.variable(id).kind {
            VariableKind::Stock { .. } => NodeKind::Stock,
            VariableKind::Decision(_) => NodeKind::Decision,
            VariableKind::Lever { .. } => NodeKind::Lever,
            VariableKind::Assumption { .. } | VariableKind::Mechanism { .. } => NodeKind::Assumption,
            VariableKind::Flow { .. }
            | VariableKind::Auxiliary { .. }
            | VariableKind::Input(_)
            | VariableKind::Position(_) => NodeKind::Auxiliary,
        },
    }
}

/// The actors that have nodes, in model order, and the group of each node.
fn groups_of(model: &CheckedModel, nodes: &BTreeSet<Node>) -> (Vec<Group>, BTreeMap<Node, Option<usize>>) {
    let actor = |node: Node| match node {
        Node::Variable(id) => model.variable(id).actor,
        Node::Event(id) => model.events[id.index()].actor,
    };
    let present: BTreeSet<_> = nodes.iter().filter_map(|&node| actor(node)).collect();
    let groups = present
        .iter()
        .map(|id| {
            let actor = &model.actors[id.index()];
            Group { id: actor.name.clone(), label: actor.label.clone() }
        })
        .collect();
    let place = |node: Node| actor(node).and_then(|id| present.iter().position(|&other| other == id));
    (groups, nodes.iter().map(|&node| (node, place(node))).collect())
}

fn weighed(weight: f64) -> String {
    if weight < 0.01 {
        return String::new();
    }
    format!(
        "assumptions about it account for {}% of what is not known about the answer",
        plain((100.0 * weight).round())
    )
}

fn note_of(way: &contract::Way, title: &dyn Fn(Node) -> String) -> String {
    let mut sentences = Vec::new();
    if !way.through.is_empty() {
        let named: Vec<String> =
            way.through.iter().take(4).map(|&node| format!("\u{2018}{}\u{2019}", title(node))).collect();
        let more = way.through.len() - named.len();
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        sentences.push(format!("By way of {}{more}.", listed(&named)));
    }
    match (way.sign, way.share) {
        (Sign::Mixed, Some(share)) => sentences.push(format!(
            "The sign changes: the more frequent one holds in {}% of the states of runs that were looked at.",
            plain((100.0 * share).floor())
        )),
        (Sign::Mixed, None) if way.n_ways > 1 => {
            sentences.push("Several ways push in different directions.".to_owned());
        }
        (_, Some(share)) => sentences.push(format!(
            "The sign holds in {}% of the states of runs that were looked at, not for every value.",
            plain((100.0 * share).floor())
        )),
        (_, None) => {}
    }
    sentences.join(" ")
}

fn loops_of(stories: Vec<LoopStory>, places: &BTreeMap<Node, usize>) -> Vec<Loop> {
    let (mut n_reinforcing, mut n_balancing, mut n_mixed) = (0, 0, 0);
    let mut loops = Vec::new();
    for story in stories {
        let nodes: Vec<usize> =
            story.members.iter().filter_map(|member| places.get(member).copied()).collect();
        if nodes.len() < 2 {
            continue;
        }
        let (letter, n) = match story.kind {
            contingent_model::influence::LoopKind::Reinforcing => ("R", &mut n_reinforcing),
            contingent_model::influence::LoopKind::Balancing => ("B", &mut n_balancing),
            contingent_model::influence::LoopKind::Mixed => ("M", &mut n_mixed),
        };
        *n += 1;
        loops.push(Loop { name: format!("{letter}{n}"), told: story.told, nodes });
        if loops.len() == N_LOOPS {
            break;
        }
    }
    loops
}

fn left_out(
    model: &CheckedModel,
    graph: &Contracted,
    signed: &[SignedInfluence],
    title: &dyn Fn(Node) -> String,
) -> Vec<String> {
    let named = |nodes: &[Node]| {
        let names: Vec<String> =
            nodes.iter().take(N_NAMED).map(|&node| format!("\u{2018}{}\u{2019}", title(node))).collect();
        let more = nodes.len().saturating_sub(N_NAMED);
        if more > 0 { format!("{} and {more} more", names.join(", ")) } else { listed(&names) }
    };
    let mut sentences = Vec::new();
    let is_flow = |node: &Node| matches!(node, Node::Variable(id) if matches!(model.variable(*id).kind, VariableKind::Flow { .. }));
    let passing: Vec<Node> = graph.passed.iter().copied().filter(|node| !is_flow(node)).collect();
    if !passing.is_empty() {
        sentences
            .push(format!("Drawn as links only, since they pass on what acts on them: {}.", named(&passing)));
    }
    if !graph.dropped.is_empty() {
        sentences.push(format!("Left out, since little hangs on them: {}.", named(&graph.dropped)));
    }
    let n_idle = signed.iter().filter(|one| one.is_idle).count();
    if n_idle > 0 {
        let (links, have) = if n_idle == 1 { ("link", "has") } else { ("links", "have") };
        sentences
            .push(format!("{n_idle} {links} of the model {have} no effect in the runs that were looked at."));
    }
    let n_assumptions = model
        .variables
        .iter()
        .filter(|variable| matches!(variable.kind, VariableKind::Assumption { .. }))
        .count();
    if n_assumptions > 0 {
        sentences.push("Assumptions are not drawn; links that hang on them are thick.".to_owned());
    }
    sentences
}
