//! A graph of influences made small enough to read.
//!
//! Enters: signed influences and what each node is. Leaves: fewer nodes and links. Always holds: flows, and what only passes an
//! influence on, become links whose sign is the product of the signs on the way; several ways between the same two become one link,
//! of a sign only when all have it; nothing vanishes without being counted.

use std::collections::{BTreeMap, BTreeSet};

use contingent_model::influence::{Node, Sign};

use super::signs::SignedInfluence;

/// A link of the smaller graph.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Way {
    pub(super) sign: Sign,
    pub(super) weight: f64,
    /// The least share of states on the way in which a sign holds; none when the model settles all of them.
    pub(super) share: Option<f64>,
    /// What it passes through.
    pub(super) through: BTreeSet<Node>,
    /// Ways that it stands for.
    pub(super) n_ways: usize,
}

/// The smaller graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Contracted {
    pub(super) ways: BTreeMap<(Node, Node), Way>,
    /// Nodes that became links.
    pub(super) passed: Vec<Node>,
    /// Nodes that were left out to keep the map readable.
    pub(super) dropped: Vec<Node>,
    /// Weight that nodes took over from those that became links into them.
    pub(super) weights: BTreeMap<Node, f64>,
}

/// Which part a node may play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Always a link.
    Link,
    /// A link where it only passes on, or where the map would be too large.
    Passing,
    /// Always a node.
    Kept,
}

/// Makes a graph smaller until it has at most `n_nodes` nodes; `weights` are those of nodes.
pub(super) fn contracted(
    influences: &[SignedInfluence],
    role: impl Fn(Node) -> Role,
    mut weights: BTreeMap<Node, f64>,
    n_nodes: usize,
) -> Contracted {
    let mut graph = Contracted::default();
    let mut nodes = BTreeSet::new();
    for influence in influences.iter().filter(|influence| !influence.is_idle) {
        nodes.extend([influence.cause, influence.effect]);
        if influence.cause != influence.effect {
            let way = Way {
                sign: influence.sign,
                weight: influence.weight,
                share: influence.share,
                through: BTreeSet::new(),
                n_ways: 1,
            };
            add(&mut graph.ways, (influence.cause, influence.effect), way);
        }
    }
    let links: Vec<Node> = nodes.iter().copied().filter(|&node| role(node) == Role::Link).collect();
    for node in links {
        pass_through(&mut graph, &mut weights, node);
        nodes.remove(&node);
    }
    // First what only passes on, then, as long as there are too many, what costs the fewest links.
    loop {
        let found = nodes
            .iter()
            .copied()
            .filter(|&node| role(node) == Role::Passing)
            .map(|node| {
                let (n_in, n_out) = degrees(&graph.ways, node);
                let added = (n_in * n_out).cast_signed() - (n_in + n_out).cast_signed();
                (added, node)
            })
            .min();
        let Some((added, node)) = found else { break };
        let only_passes = added <= -1;
        if !only_passes && (nodes.len() <= n_nodes || added > 12) {
            break;
        }
        pass_through(&mut graph, &mut weights, node);
        nodes.remove(&node);
    }
    // What touches nothing is no part of the map.
    nodes.retain(|&node| degrees(&graph.ways, node) != (0, 0));
    while nodes.len() > n_nodes {
        let least = nodes.iter().copied().min_by(|&a, &b| {
            let rank = |node: Node| {
                let (n_in, n_out) = degrees(&graph.ways, node);
                weights.get(&node).copied().unwrap_or(0.0) + 0.01 * (n_in + n_out) as f64
            };
            rank(a).total_cmp(&rank(b)).then(a.cmp(&b))
        });
        let Some(least) = least else { break };
        graph.ways.retain(|&(from, to), _| from != least && to != least);
        nodes.remove(&least);
        graph.dropped.push(least);
        nodes.retain(|&node| degrees(&graph.ways, node) != (0, 0));
    }
    graph.weights = weights;
    graph
}

fn degrees(ways: &BTreeMap<(Node, Node), Way>, node: Node) -> (usize, usize) {
    let n_in = ways.keys().filter(|(_, to)| *to == node).count();
    let n_out = ways.keys().filter(|(from, _)| *from == node).count();
    (n_in, n_out)
}

/// Makes links of all ways through a node.
fn pass_through(graph: &mut Contracted, weights: &mut BTreeMap<Node, f64>, node: Node) {
    let of = |graph: &Contracted, is_in: bool| -> Vec<(Node, Way)> {
        graph
            .ways
            .iter()
            .filter(|((from, to), _)| if is_in { *to == node } else { *from == node })
            .map(|(&(from, to), way)| (if is_in { from } else { to }, way.clone()))
            .collect()
    };
    let (before, after) = (of(graph, true), of(graph, false));
    graph.ways.retain(|&(from, to), _| from != node && to != node);
    let own = weights.remove(&node).unwrap_or(0.0);
    for (to, second) in &after {
        let weight = weights.entry(*to).or_insert(0.0);
        *weight = weight.max(own);
        for (from, first) in &before {
            if from == to {
                continue;
            }
            let mut through: BTreeSet<Node> = first.through.union(&second.through).copied().collect();
            through.insert(node);
            let way = Way {
                sign: first.sign.times(second.sign),
                weight: first.weight.max(second.weight),
                share: match (first.share, second.share) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                },
                through,
                n_ways: first.n_ways * second.n_ways,
            };
            add(&mut graph.ways, (*from, *to), way);
        }
    }
    graph.passed.push(node);
}

fn add(ways: &mut BTreeMap<(Node, Node), Way>, ends: (Node, Node), way: Way) {
    match ways.entry(ends) {
        std::collections::btree_map::Entry::Vacant(vacant) => {
            vacant.insert(way);
        }
        std::collections::btree_map::Entry::Occupied(mut known) => {
            let known = known.get_mut();
            known.sign = known.sign.beside(way.sign);
            known.weight = known.weight.max(way.weight);
            known.share = match (known.share, way.share) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            known.through.extend(way.through);
            known.n_ways += way.n_ways;
        }
    }
}

#[cfg(test)]
mod tests {
    use contingent_model::VariableId;

    use super::*;

    fn node(i: u32) -> Node {
        Node::Variable(VariableId(i))
    }

    fn influence(cause: u32, effect: u32, sign: Sign) -> SignedInfluence {
        SignedInfluence {
            cause: node(cause),
            effect: node(effect),
            sign,
            share: None,
            is_idle: false,
            weight: 0.0,
        }
    }

    #[test]
    fn a_chain_becomes_a_link_with_the_product_of_its_signs() {
        let chain = [
            influence(0, 1, Sign::Negative),
            influence(1, 2, Sign::Negative),
            influence(2, 3, Sign::Negative),
        ];
        let role = |n: Node| if n == node(1) || n == node(2) { Role::Passing } else { Role::Kept };
        let graph = contracted(&chain, role, BTreeMap::new(), 10);
        assert_eq!(graph.ways.len(), 1);
        let way = &graph.ways[&(node(0), node(3))];
        assert_eq!(way.sign, Sign::Negative);
        assert_eq!(way.through, [node(1), node(2)].into());
        assert_eq!(graph.passed, [node(1), node(2)]);
    }

    #[test]
    fn ways_of_opposite_sign_become_one_mixed_link_and_idle_ones_none() {
        let both = [
            influence(0, 1, Sign::Positive),
            influence(1, 3, Sign::Positive),
            influence(0, 3, Sign::Negative),
            SignedInfluence { is_idle: true, ..influence(3, 0, Sign::Mixed) },
        ];
        let role = |n: Node| if n == node(1) { Role::Link } else { Role::Kept };
        let graph = contracted(&both, role, BTreeMap::from([(node(1), 0.2)]), 10);
        assert_eq!(graph.ways.len(), 1);
        assert_eq!(
            (graph.ways[&(node(0), node(3))].sign, graph.ways[&(node(0), node(3))].n_ways),
            (Sign::Mixed, 2)
        );
        assert_eq!(graph.weights[&node(3)], 0.2);
    }

    #[test]
    fn what_is_too_much_is_dropped_and_told() {
        let star: Vec<SignedInfluence> = (1..20).map(|i| influence(i, 0, Sign::Positive)).collect();
        let graph = contracted(&star, |_| Role::Kept, BTreeMap::from([(node(7), 0.5)]), 5);
        assert_eq!(graph.dropped.len(), 15);
        assert!(graph.ways.contains_key(&(node(7), node(0))));
    }
}
