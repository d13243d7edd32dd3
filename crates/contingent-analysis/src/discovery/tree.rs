//! A regression tree on p(theta) as the second opinion (Breiman, Friedman, Olshen and Stone 1984).
//!
//! Enters: the searched half of the draws and the other. Leaves: a [`Tree`]. Always holds: splits and pruning are the
//! searched half's, the share of hits in every node is the other half's; the same draws and seed give the same tree.
//!
//! Grown by the largest fall of the squared error, draws weighted by their runs; alternatives are ordered by their share
//! of hits, which is optimal for one split (section 9.4 there). Pruned at its weakest links, the complexity chosen by
//! cross-validation with the rule of one standard error (sections 3.3 to 3.4).

use contingent_engine::random::{StreamKey, stream_hash, uniform_pair};

use crate::threads;

use super::DiscoveryOptions;
use super::figures::{Share, share_of};
use super::region::{Region, Restriction, bound_between};
use super::table::{DrawTable, Kind, Target, Total};

/// Splits in a row at most: sixteen leaves, more than anybody reads.
const DEEPEST: usize = 4;
/// Parts of the cross-validation.
const N_PARTS: usize = 5;
/// Share of the searched runs that a leaf holds at least, and draws.
const SMALLEST_LEAF: f64 = 0.02;
const FEWEST_DRAWS_IN_LEAF: usize = 20;

/// A pruned tree.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The root first; children after their parents.
    pub nodes: Vec<Node>,
    /// Of the scatter of hits over the checking draws, the share that the leaves account for, chance included in the
    /// scatter; may be below zero.
    pub explained: f64,
    /// The same as a share of the variance of p(theta), chance left out; absent when that variance cannot be told.
    pub explained_without_chance: Option<f64>,
}

impl Tree {
    /// The leaves from left to right, each with the branches that lead to it.
    pub fn leaves(&self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        self.collect(0, &mut Vec::new(), &mut leaves);
        leaves
    }

    fn collect(&self, node: usize, path: &mut Vec<(usize, bool)>, leaves: &mut Vec<Leaf>) {
        match &self.nodes[node].split {
            None => leaves.push(Leaf { node, path: path.clone() }),
            Some((_, left, right)) => {
                for (child, is_left) in [(*left, true), (*right, false)] {
                    path.push((node, is_left));
                    self.collect(child, path, leaves);
                    path.pop();
                }
            }
        }
    }
}

/// A leaf and how to get there: nodes, and whether their condition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Position of the leaf among the nodes.
    pub node: usize,
    /// Position of each node on the way, and whether its branch holds.
    pub path: Vec<(usize, bool)>,
}

/// A part of the futures.
#[derive(Clone, Debug)]
pub struct Node {
    /// The condition, and the nodes in which it holds and does not; none in a leaf.
    pub split: Option<(Branch, usize, usize)>,
    /// Share of hits, from the half that was not searched.
    pub share: Share,
    /// Share of all runs that lie here, from the half that was not searched.
    pub mass: f64,
    /// Checking draws that lie here.
    pub n_draws: usize,
}

/// A condition that splits a node.
#[derive(Clone, Debug, PartialEq)]
pub enum Branch {
    /// The assumption lies below the number.
    Below {
        /// The assumption.
        assumption: usize,
        /// The number.
        bound: f64,
    },
    /// The assumption is one of these.
    OneOf {
        /// The assumption.
        assumption: usize,
        /// The alternatives, ascending.
        alternatives: Vec<f64>,
    },
}

impl Branch {
    /// The assumption that decides.
    pub fn assumption(&self) -> usize {
        match self {
            Self::Below { assumption, .. } | Self::OneOf { assumption, .. } => *assumption,
        }
    }

    /// The part of a box in which the condition holds, or does not.
    fn restrict(&self, table: &DrawTable, region: &Region, holds: bool) -> Region {
        let mut part = region.clone();
        match self {
            Self::Below { assumption, bound } if holds => part.cut_above(*assumption, *bound),
            Self::Below { assumption, bound } => {
                // What is at the bound is not below it, and a box holds nothing at its bounds.
                let values = &table.columns[*assumption];
                let below = values.order.partition_point(|&draw| values.values[draw as usize] < *bound);
                if below > 0 {
                    let outside = values.values[values.order[below - 1] as usize];
                    part.cut_below(*assumption, bound_between(outside, *bound));
                }
            }
            Self::OneOf { assumption, alternatives } => {
                let Kind::Category { alternatives: all, .. } = &table.columns[*assumption].kind else {
                    return part;
                };
                let is_allowed = |value: &f64| match region.restriction(*assumption) {
                    Some(restriction) => restriction.allows(*value),
                    None => true,
                };
                let kept = all
                    .iter()
                    .copied()
                    .filter(|value| is_allowed(value) && alternatives.contains(value) == holds)
                    .collect();
                part.set(*assumption, Some(Restriction::Alternatives { kept }));
            }
        }
        part
    }

    fn holds(&self, table: &DrawTable, draw: usize) -> bool {
        match self {
            Self::Below { assumption, bound } => table.columns[*assumption].values[draw] < *bound,
            Self::OneOf { assumption, alternatives } => {
                alternatives.contains(&table.columns[*assumption].values[draw])
            }
        }
    }
}

/// A tree being grown: the error of each node, and what a split takes off it.
#[derive(Clone)]
struct Grown {
    nodes: Vec<GrownNode>,
}

#[derive(Clone)]
struct GrownNode {
    total: Total,
    split: Option<(Branch, usize, usize)>,
}

impl GrownNode {
    /// The squared error around the mean, less a constant that all trees over the same draws share.
    fn error(&self) -> f64 {
        if self.total.runs > 0.0 { -self.total.hits * self.total.hits / self.total.runs } else { 0.0 }
    }
}

/// Grows, prunes and measures a tree.
pub(super) fn grow(
    table: &DrawTable,
    target: &Target,
    search: &[u32],
    check: &[u32],
    options: &DiscoveryOptions,
) -> Tree {
    let grower = Grower::new(table, target, search);
    let whole = grower.grow(search);
    let sequence = whole.weakest_links();
    let place = choose_by_cross_validation(&grower, search, &sequence, options);
    let alpha = sequence[place].0;
    let pruned = &sequence[place].1;
    debug_assert!(alpha >= 0.0, "complexity is not negative");
    measured(table, target, pruned, check)
}

/// The boxes of the leaves of an unpruned tree that would sharpen the forecast most, at most `n` of them, best first.
pub(super) fn densest_leaves(table: &DrawTable, target: &Target, draws: &[u32], n: usize) -> Vec<Region> {
    let grown = Grower::new(table, target, draws).grow(draws);
    let whole = grown.nodes[0].total;
    let mut leaves = Vec::new();
    let mut path = vec![(0, Region::default())];
    while let Some((node, region)) = path.pop() {
        match &grown.nodes[node].split {
            None => leaves.push((grown.nodes[node].total.gain(whole), region)),
            Some((branch, left, right)) => {
                path.push((*right, branch.restrict(table, &region, false)));
                path.push((*left, branch.restrict(table, &region, true)));
            }
        }
    }
    leaves.retain(|(gain, region)| *gain > 0.0 && !region.restrictions.is_empty());
    leaves.sort_by(|a, b| b.0.total_cmp(&a.0));
    leaves.into_iter().take(n).map(|(_, region)| region).collect()
}

fn fewest_runs(target: &Target, draws: &[u32]) -> f64 {
    let runs = target.total(draws).runs;
    let per_draw = runs / draws.len().max(1) as f64;
    (SMALLEST_LEAF * runs).max(FEWEST_DRAWS_IN_LEAF as f64 * per_draw)
}

/// The draws for which it holds and those for which it does not, each in the order in which they stand.
fn parted(draws: &[u32], holds: &[bool]) -> [Vec<u32>; 2] {
    let n_held = draws.iter().filter(|&&draw| holds[draw as usize]).count();
    let mut parts = [Vec::with_capacity(n_held), Vec::with_capacity(draws.len() - n_held)];
    for &draw in draws {
        parts[usize::from(!holds[draw as usize])].push(draw);
    }
    parts
}

struct Grower<'a> {
    table: &'a DrawTable,
    target: &'a Target,
    fewest: f64,
}

impl<'a> Grower<'a> {
    fn new(table: &'a DrawTable, target: &'a Target, draws: &[u32]) -> Self {
        Self { table, target, fewest: fewest_runs(target, draws) }
    }

    fn grow(&self, draws: &[u32]) -> Grown {
        let mut grown = Grown { nodes: vec![GrownNode { total: self.target.total(draws), split: None }] };
        let mut is_here = vec![false; self.table.n_draws()];
        for &draw in draws {
            is_here[draw as usize] = true;
        }
        let orders: Vec<Vec<u32>> = self
            .table
            .columns
            .iter()
            .map(|column| match column.kind {
                Kind::Number => column.order.iter().copied().filter(|&draw| is_here[draw as usize]).collect(),
                _ => Vec::new(),
            })
            .collect();
        self.split(&mut grown, 0, draws, orders, 0);
        grown
    }

    fn split(&self, grown: &mut Grown, node: usize, draws: &[u32], orders: Vec<Vec<u32>>, depth: usize) {
        let total = grown.nodes[node].total;
        let Some(branch) = self.best_branch(total, draws, &orders) else { return };
        // Asked once per draw; the columns' orders then look it up.
        let mut holds = vec![false; self.table.n_draws()];
        for &draw in draws {
            holds[draw as usize] = branch.holds(self.table, draw as usize);
        }
        let halves: [Vec<u32>; 2] = parted(draws, &holds);
        let first_child = grown.nodes.len();
        for half in &halves {
            grown.nodes.push(GrownNode { total: self.target.total(half), split: None });
        }
        grown.nodes[node].split = Some((branch, first_child, first_child + 1));
        // Children that may not be split need no orders.
        if depth + 1 == DEEPEST {
            return;
        }
        let (left, right) = orders.iter().map(|order| parted(order, &holds).into()).unzip();
        drop(orders);
        self.split(grown, first_child, &halves[0], left, depth + 1);
        self.split(grown, first_child + 1, &halves[1], right, depth + 1);
    }

    /// The split that takes most off the squared error.
    fn best_branch(&self, total: Total, draws: &[u32], orders: &[Vec<u32>]) -> Option<Branch> {
        let mean = total.share();
        // What a split takes off is the square of one side's excess over what the mean would give it, over both sizes.
        let fall = |side: Total| {
            let rest = total.runs - side.runs;
            if side.runs < self.fewest || rest < self.fewest {
                return 0.0;
            }
            let excess = side.hits - mean * side.runs;
            excess * excess * total.runs / (side.runs * rest)
        };
        // Below this a fall is rounding.
        let mut best = (1e-9 * total.runs, None);
        for (assumption, column) in self.table.columns.iter().enumerate() {
            match &column.kind {
                Kind::Constant => {}
                Kind::Number => {
                    let mut side = Total::default();
                    let mut before: Option<u32> = None;
                    for &draw in &orders[assumption] {
                        let rest = total.runs - side.runs;
                        if side.runs >= self.fewest && rest >= self.fewest {
                            let excess = side.hits - mean * side.runs;
                            // As `fall` has it, without a division for each draw; values are looked up where it matters.
                            if excess * excess * total.runs > best.0 * (side.runs * rest)
                                && let Some(before) = before
                                && let last = column.values[before as usize]
                                && let value = column.values[draw as usize]
                                && last != value
                            {
                                // "Below" leaves the bound itself to the other side.
                                let bound = bound_between(value, last);
                                best = (fall(side), Some(Branch::Below { assumption, bound }));
                            }
                        }
                        side.add(self.target.per_draw[draw as usize]);
                        before = Some(draw);
                    }
                }
                Kind::Category { alternatives, code } => {
                    let mut tally = vec![Total::default(); alternatives.len()];
                    for &draw in draws {
                        let place = draw as usize;
                        tally[code[place] as usize].add(self.target.per_draw[place]);
                    }
                    let mut seen: Vec<usize> =
                        (0..alternatives.len()).filter(|&code| tally[code].runs > 0.0).collect();
                    seen.sort_by(|&a, &b| tally[a].share().total_cmp(&tally[b].share()).then(a.cmp(&b)));
                    let mut side = Total::default();
                    for n_left in 1..seen.len() {
                        side.add(tally[seen[n_left - 1]]);
                        let taken = fall(side);
                        if taken > best.0 {
                            let mut left: Vec<f64> =
                                seen[..n_left].iter().map(|&code| alternatives[code]).collect();
                            left.sort_by(f64::total_cmp);
                            best = (taken, Some(Branch::OneOf { assumption, alternatives: left }));
                        }
                    }
                }
            }
        }
        best.1
    }
}

impl Grown {
    fn n_leaves(&self) -> usize {
        self.below(0).1
    }

    /// Error and number of the leaves below a node.
    fn below(&self, node: usize) -> (f64, usize) {
        match &self.nodes[node].split {
            None => (self.nodes[node].error(), 1),
            Some((_, left, right)) => {
                let (a, b) = (self.below(*left), self.below(*right));
                (a.0 + b.0, a.1 + b.1)
            }
        }
    }

    /// The nodes that can be reached, which pruning leaves in place among those that cannot.
    fn reachable(&self, node: usize, found: &mut Vec<usize>) {
        found.push(node);
        if let Some((_, left, right)) = &self.nodes[node].split {
            self.reachable(*left, found);
            self.reachable(*right, found);
        }
    }

    /// The nested subtrees that are best for rising complexity, each with the complexity from which it is.
    fn weakest_links(&self) -> Vec<(f64, Grown)> {
        let mut sequence = vec![(0.0, self.clone())];
        let mut tree = self.clone();
        loop {
            let mut nodes = Vec::new();
            tree.reachable(0, &mut nodes);
            let links: Vec<(f64, usize)> = nodes
                .into_iter()
                .filter(|&node| tree.nodes[node].split.is_some())
                .map(|node| {
                    let (error, n_leaves) = tree.below(node);
                    ((tree.nodes[node].error() - error) / (n_leaves - 1) as f64, node)
                })
                .collect();
            let Some(weakest) = links.iter().map(|(alpha, _)| *alpha).min_by(f64::total_cmp) else { break };
            for (alpha, node) in links {
                if alpha <= weakest {
                    tree.nodes[node].split = None;
                }
            }
            sequence.push((weakest.max(0.0), tree.clone()));
        }
        sequence
    }

    /// The subtree that is best at a complexity.
    fn at(sequence: &[(f64, Grown)], alpha: f64) -> &Grown {
        let place = sequence.partition_point(|(from, _)| *from <= alpha);
        &sequence[place.max(1) - 1].1
    }

    fn predict(&self, table: &DrawTable, draw: usize) -> f64 {
        let mut node = 0;
        while let Some((branch, left, right)) = &self.nodes[node].split {
            node = if branch.holds(table, draw) { *left } else { *right };
        }
        self.nodes[node].total.share()
    }
}

/// The smallest subtree whose cross-validated error is within one standard error of the least, and that has no more
/// leaves than allowed.
fn choose_by_cross_validation(
    grower: &Grower<'_>,
    draws: &[u32],
    sequence: &[(f64, Grown)],
    options: &DiscoveryOptions,
) -> usize {
    let keys = StreamKey::new(options.seed, stream_hash("scenario discovery", "parts", 0)).round_keys();
    let part_of = |draw: u32| (uniform_pair(&keys, draw, 0, 0, 0).0 * N_PARTS as f64) as usize;
    // Within the interval in which a subtree is best, the geometric mean of the ends stands for it.
    let middles: Vec<f64> = (0..sequence.len())
        .map(|place| match sequence.get(place + 1) {
            Some((next, _)) => (sequence[place].0 * next).sqrt(),
            None => f64::INFINITY,
        })
        .collect();
    let n = draws.len() as f64;
    let parts: Vec<usize> = (0..N_PARTS).collect();
    let of_parts = threads::map(&parts, |&part| {
        let (held, rest): (Vec<u32>, Vec<u32>) = draws.iter().partition(|&&draw| part_of(draw) == part);
        let mut errors = vec![(0.0, 0.0); sequence.len()];
        if rest.is_empty() {
            return errors;
        }
        let share_kept = rest.len() as f64 / n;
        let subtrees = grower.grow(&rest).weakest_links();
        for (place, &alpha) in middles.iter().enumerate() {
            // The error is a sum, so that the same complexity weighs less on fewer draws.
            let tree = Grown::at(&subtrees, alpha * share_kept);
            for &draw in &held {
                let runs = grower.target.per_draw[draw as usize].runs;
                let residual = grower.target.per_draw[draw as usize].hits / runs
                    - tree.predict(grower.table, draw as usize);
                let error = runs * residual * residual;
                errors[place].0 += error;
                errors[place].1 += error * error;
            }
        }
        errors
    });
    let mut errors = vec![(0.0, 0.0); sequence.len()];
    for (place, error) in errors.iter_mut().enumerate() {
        for of_part in &of_parts {
            error.0 += of_part[place].0;
            error.1 += of_part[place].1;
        }
    }
    let least = (0..errors.len()).min_by(|&a, &b| errors[a].0.total_cmp(&errors[b].0)).unwrap_or(0);
    let (sum, squares) = errors[least];
    let standard_error = (squares - sum * sum / n).max(0.0).sqrt();
    let allowed = |place: usize| sequence[place].1.n_leaves() <= options.most_leaves;
    (0..sequence.len())
        .rev()
        .find(|&place| errors[place].0 <= sum + standard_error && allowed(place))
        .or_else(|| (0..sequence.len()).find(|&place| allowed(place)))
        .unwrap_or(sequence.len() - 1)
}

fn measured(table: &DrawTable, target: &Target, grown: &Grown, check: &[u32]) -> Tree {
    let mut nodes = Vec::new();
    let all = target.total(check).runs;
    let mut parts = Vec::new();
    lay_out(table, target, grown, 0, check.to_vec(), all, &mut nodes, &mut parts);
    let mean = target.total(check).share();
    let scatter: f64 = check
        .iter()
        .map(|&draw| {
            let runs = target.per_draw[draw as usize].runs;
            let residual = target.per_draw[draw as usize].hits / runs - mean;
            runs * residual * residual
        })
        .sum();
    let left: f64 = check
        .iter()
        .map(|&draw| {
            let runs = target.per_draw[draw as usize].runs;
            let residual = target.per_draw[draw as usize].hits / runs - grown.predict(table, draw as usize);
            runs * residual * residual
        })
        .sum();
    Tree {
        explained: if scatter > 0.0 { 1.0 - left / scatter } else { 0.0 },
        explained_without_chance: super::explained(target, check, &parts),
        nodes,
    }
}

#[expect(clippy::too_many_arguments, reason = "one call with what grows along the way")]
fn lay_out(
    table: &DrawTable,
    target: &Target,
    grown: &Grown,
    node: usize,
    draws: Vec<u32>,
    all: f64,
    nodes: &mut Vec<Node>,
    parts: &mut Vec<Vec<u32>>,
) -> usize {
    let place = nodes.len();
    nodes.push(Node {
        split: None,
        share: share_of(target, &draws),
        mass: target.total(&draws).runs / all,
        n_draws: draws.len(),
    });
    match &grown.nodes[node].split {
        None => parts.push(draws),
        Some((branch, left, right)) => {
            let (held, rest): (Vec<u32>, Vec<u32>) =
                draws.into_iter().partition(|&draw| branch.holds(table, draw as usize));
            let left = lay_out(table, target, grown, *left, held, all, nodes, parts);
            let right = lay_out(table, target, grown, *right, rest, all, nodes, parts);
            nodes[place].split = Some((branch.clone(), left, right));
        }
    }
    place
}
