//! Feedback loops: elementary circuits of the influences.
//!
//! Enters: influences and limits. Leaves: loops, shortest first. Always holds: a loop visits nothing twice and
//! is found once, from its first member in model order (as in Johnson 1975); a search goes only where the way
//! back is short enough, so that the work is in proportion to what is found; what acts at the start only
//! closes no loop; the limits are counts, never times, so that the same model gives the same loops.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{Influence, Node, Sign};
use crate::checked::{CheckedModel, VariableKind};
use crate::expression::Expression;

/// How far loops are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoopLimits {
    /// Most loops.
    pub n_loops: usize,
    /// Most members of one loop.
    pub length: usize,
    /// Most arrows that are followed.
    pub work: usize,
}

impl Default for LoopLimits {
    fn default() -> Self {
        Self { n_loops: 200, length: 24, work: 5_000_000 }
    }
}

/// What a loop does to a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoopKind {
    /// It goes on pushing the same way.
    Reinforcing,
    /// It pushes back.
    Balancing,
    /// It depends.
    Mixed,
}

/// A way from something back to itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackLoop {
    /// Members in the order of influence; the last one influences the first.
    pub members: Vec<Node>,
    /// The sign of the influence of each member on the next.
    pub signs: Vec<Sign>,
    /// What it does.
    pub kind: LoopKind,
    /// Whether chance plays a part: an event, or something that is drawn.
    pub has_chance: bool,
    /// Whether something accumulates on the way, so that it takes time.
    pub has_delay: bool,
    /// Whether a decision lies on the way.
    pub has_decision: bool,
}

/// The loops that were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackLoops {
    /// Shortest first, then in model order.
    pub loops: Vec<FeedbackLoop>,
    /// Whether there are no more than these.
    pub is_complete: bool,
}

/// The loops that the influences of a model close.
pub fn feedback_loops(model: &CheckedModel, influences: &[Influence], limits: LoopLimits) -> FeedbackLoops {
    let search = Search::new(influences, limits);
    let (circuits, is_complete) = search.run();
    let loops = circuits.into_iter().map(|(members, signs)| described(model, members, signs)).collect();
    FeedbackLoops { loops, is_complete }
}

fn described(model: &CheckedModel, members: Vec<Node>, signs: Vec<Sign>) -> FeedbackLoop {
    let kind = match signs.iter().copied().fold(Sign::Positive, Sign::times) {
        Sign::Positive => LoopKind::Reinforcing,
        Sign::Negative => LoopKind::Balancing,
        Sign::Mixed => LoopKind::Mixed,
    };
    let (mut has_chance, mut has_delay, mut has_decision) = (false, false, false);
    for (i, &member) in members.iter().enumerate() {
        let before = members[i.checked_sub(1).unwrap_or(members.len() - 1)];
        has_delay |= read_by(model, member).into_iter().any(|read| remembers(read, before));
        match member {
            Node::Event(_) => has_chance = true,
            Node::Variable(id) => match &model.variable(id).kind {
                VariableKind::Stock { .. } => has_delay = true,
                VariableKind::Decision(_) | VariableKind::Position(_) => has_decision = true,
                VariableKind::Auxiliary { definition: expression }
                | VariableKind::Flow { rate: expression, .. } => has_chance |= draws(expression),
                VariableKind::Assumption { .. }
                | VariableKind::Lever { .. }
                | VariableKind::Mechanism { .. }
                | VariableKind::Input(_) => {}
            },
        }
    }
    FeedbackLoop { members, signs, kind, has_chance, has_delay, has_decision }
}

/// The expressions that something works out at each time.
fn read_by(model: &CheckedModel, node: Node) -> Vec<&Expression> {
    match node {
        Node::Event(id) => {
            let event = &model.events[id.index()];
            let excitations = event.excitations.iter().flat_map(|one| [&one.ratio, &one.duration]);
            std::iter::once(&event.hazard).chain(&event.when).chain(excitations).collect()
        }
        Node::Variable(id) => match &model.variable(id).kind {
            VariableKind::Auxiliary { definition: expression }
            | VariableKind::Flow { rate: expression, .. } => vec![expression],
            VariableKind::Decision(decision) => decision.expressions().collect(),
            VariableKind::Position(council) => council.expressions().collect(),
            _ => Vec::new(),
        },
    }
}

/// Whether an expression remembers something of a cause.
fn remembers(expression: &Expression, cause: Node) -> bool {
    let mut found = false;
    crate::check::each_resolved(expression, &mut |part| {
        if let Expression::Memory(memory) = part {
            found |= super::causes(&memory.body).contains(&cause);
        }
    });
    found
}

/// Whether chance is drawn in an expression.
fn draws(expression: &Expression) -> bool {
    let mut found = false;
    crate::check::each_resolved(expression, &mut |part| found |= matches!(part, Expression::Draw { .. }));
    found
}

/// A circuit with the sign of each of its arrows.
type Circuit = (Vec<Node>, Vec<Sign>);

struct Search {
    nodes: Vec<Node>,
    /// Arrows within one strongly connected part, by position.
    next: Vec<Vec<(usize, Sign)>>,
    previous: Vec<Vec<usize>>,
    limits: LoopLimits,
}

impl Search {
    fn new(influences: &[Influence], limits: LoopLimits) -> Self {
        let mut positions: BTreeMap<Node, usize> = BTreeMap::new();
        for influence in influences.iter().filter(|influence| !influence.at_start) {
            for node in [influence.cause, influence.effect] {
                positions.insert(node, 0);
            }
        }
        for (i, position) in positions.values_mut().enumerate() {
            *position = i;
        }
        let nodes: Vec<Node> = positions.keys().copied().collect();
        let mut next = vec![Vec::new(); nodes.len()];
        for influence in influences.iter().filter(|influence| !influence.at_start) {
            next[positions[&influence.cause]].push((positions[&influence.effect], influence.sign));
        }
        let part = components(&next);
        for (i, targets) in next.iter_mut().enumerate() {
            targets.retain(|&(target, _)| part[target] == part[i]);
        }
        let mut previous = vec![Vec::new(); nodes.len()];
        for (i, targets) in next.iter().enumerate() {
            for &(target, _) in targets {
                previous[target].push(i);
            }
        }
        Self { nodes, next, previous, limits }
    }

    fn run(&self) -> (Vec<Circuit>, bool) {
        let mut found = Vec::new();
        let mut work = 0;
        let longest = self.limits.length.min(self.nodes.len());
        // The way back from everything to each start, once for all lengths.
        let mut ways: Vec<(usize, HashMap<usize, usize>)> = Vec::new();
        for start in 0..self.nodes.len() {
            if self.next[start].is_empty() {
                continue;
            }
            let back = self.way_back(start, &mut work);
            if work > self.limits.work {
                return (found, false);
            }
            ways.push((start, back));
        }
        for length in 1..=longest {
            for (start, back) in &ways {
                if !self.extend(*start, back, length, &mut found, &mut work) {
                    return (found, false);
                }
            }
        }
        // Something longer may be left where the way back is as long as was looked.
        let is_complete = self.limits.length >= self.largest_part();
        (found, is_complete)
    }

    /// An upper bound on the length of a loop.
    fn largest_part(&self) -> usize {
        let part = components(&self.next);
        let mut sizes: HashMap<usize, usize> = HashMap::new();
        for (i, part) in part.iter().enumerate() {
            if !self.next[i].is_empty() {
                *sizes.entry(*part).or_default() += 1;
            }
        }
        sizes.values().copied().max().unwrap_or(0)
    }

    /// How many arrows it takes at least from a node back to `start`, through nodes that come after it.
    fn way_back(&self, start: usize, work: &mut usize) -> HashMap<usize, usize> {
        let mut distance = HashMap::from([(start, 0)]);
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            let so_far = distance[&node];
            if so_far >= self.limits.length {
                continue;
            }
            for &before in &self.previous[node] {
                *work += 1;
                if before > start && !distance.contains_key(&before) {
                    distance.insert(before, so_far + 1);
                    queue.push_back(before);
                }
            }
        }
        distance
    }

    /// All circuits of exactly `length` arrows from `start` through later nodes. False when a limit was met.
    fn extend(
        &self,
        start: usize,
        back: &HashMap<usize, usize>,
        length: usize,
        found: &mut Vec<Circuit>,
        work: &mut usize,
    ) -> bool {
        let mut path: Vec<(usize, usize, Sign)> = vec![(start, 0, Sign::Positive)];
        while let Some(&mut (node, ref mut position, _)) = path.last_mut() {
            let Some(&(target, sign)) = self.next[node].get(*position) else {
                path.pop();
                continue;
            };
            *position += 1;
            *work += 1;
            if *work > self.limits.work {
                return false;
            }
            let depth = path.len();
            if target == start {
                if depth == length {
                    if found.len() >= self.limits.n_loops {
                        return false;
                    }
                    let members = path.iter().map(|&(node, ..)| self.nodes[node]).collect();
                    let signs =
                        path.iter().skip(1).map(|&(_, _, sign)| sign).chain(std::iter::once(sign)).collect();
                    found.push((members, signs));
                }
            } else if target > start
                && back.get(&target).is_some_and(|&way| depth + way <= length)
                && path.iter().all(|&(member, ..)| member != target)
            {
                path.push((target, 0, sign));
            }
        }
        true
    }
}

/// The strongly connected part of each node, by Tarjan's algorithm (1972) without recursion.
fn components(next: &[Vec<(usize, Sign)>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let n = next.len();
    let (mut order, mut low) = (vec![UNSEEN; n], vec![0; n]);
    let mut part = vec![UNSEEN; n];
    let (mut open, mut counter) = (Vec::new(), 0);
    for start in 0..n {
        if order[start] != UNSEEN {
            continue;
        }
        let mut path = vec![(start, 0)];
        while let Some(&mut (node, ref mut position)) = path.last_mut() {
            if *position == 0 {
                order[node] = counter;
                low[node] = counter;
                counter += 1;
                open.push(node);
            }
            if let Some(&(target, _)) = next[node].get(*position) {
                *position += 1;
                if order[target] == UNSEEN {
                    path.push((target, 0));
                } else if part[target] == UNSEEN {
                    low[node] = low[node].min(order[target]);
                }
                continue;
            }
            path.pop();
            if let Some(&(parent, _)) = path.last() {
                low[parent] = low[parent].min(low[node]);
            }
            if low[node] == order[node] {
                while let Some(member) = open.pop() {
                    part[member] = node;
                    if member == node {
                        break;
                    }
                }
            }
        }
    }
    part
}
