//! Which stocks cannot recover from not being finite.
//!
//! Enters: a stock's slot. Leaves: whether a level that is not finite at some time leaves one that is not finite at
//! every later time, so that one look at the last time is enough. Always holds: it is claimed only where it follows
//! from the operations on the way from the level to the next one, whatever the other operands are.

use super::Slot;
use crate::graph::{Binary, Graph, Node, Operation};

/// When a stock is watched for not being finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watch {
    /// At every time.
    Always,
    /// At the last time.
    AtEnd,
    /// At the last time, and its initial value.
    AtStartAndEnd,
}

/// Nodes that are looked at for one stock at most. The way from a level to the next is short; where it is not, the
/// stock is watched at every time.
const MOST_NODES: usize = 256;

/// When a stock has to be watched.
pub(super) fn watch(graph: &Graph, slot: &Slot) -> Watch {
    let search = |from| Search { graph, state: slot.state, from, n_left: MOST_NODES };
    if search(Values::NotFinite).keeps(slot.next) {
        return Watch::AtEnd;
    }
    // A floor lets infinity and not-a-number pass, and leaves nothing below it, so that minus infinity can come
    // from the initial level only.
    let is_kept = match graph.operation(slot.next) {
        Operation::Binary(Binary::Maximum, floor, level) => {
            graph.as_constant(floor).is_some_and(f64::is_finite) && search(Values::NotBounded).keeps(level)
        }
        _ => false,
    };
    match graph.as_constant(slot.initial) {
        _ if !is_kept => Watch::Always,
        Some(initial) if initial.is_finite() => Watch::AtEnd,
        _ => Watch::AtStartAndEnd,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Values {
    /// Both infinities and not-a-number.
    NotFinite,
    /// Infinity and not-a-number.
    NotBounded,
}

struct Search<'g> {
    graph: &'g Graph,
    state: Node,
    from: Values,
    n_left: usize,
}

impl Search<'_> {
    /// Whether `node` has one of the values wherever `state` has one.
    fn keeps(&mut self, node: Node) -> bool {
        if node == self.state || self.n_left == 0 {
            return node == self.state;
        }
        self.n_left -= 1;
        match (self.graph.operation(node), self.from) {
            // What was made last comes first: there the way is likely to be.
            (Operation::Binary(Binary::Add, a, b), _)
            | (Operation::Binary(Binary::Multiply, a, b), Values::NotFinite) => {
                a == self.state || self.keeps(b) || self.keeps(a)
            }
            (Operation::Binary(Binary::Subtract, a, b), Values::NotFinite) => {
                b == self.state || self.keeps(a) || self.keeps(b)
            }
            (Operation::Binary(Binary::Subtract, a, _), Values::NotBounded)
            | (Operation::Binary(Binary::Divide, a, _), Values::NotFinite) => self.keeps(a),
            // `bound > level ? bound : level`.
            (Operation::Binary(Binary::Maximum, _, level), Values::NotBounded) => self.keeps(level),
            (Operation::Select(_, a, b), _) => self.keeps(a) && self.keeps(b),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Facts, Graph};
    use crate::lower::Section;

    fn slot(state: Node, initial: Node, next: Node) -> Slot {
        Slot { name: "s".to_owned(), state, initial, next, section: Section::Advance, kept: true }
    }

    #[test]
    fn a_level_that_only_gains_and_loses_is_watched_at_the_end() {
        let mut graph = Graph::new(10);
        let (start, rate) = (graph.constant(3.0), graph.parameter(0));
        let state = graph.new_state(Facts::default());
        let gained = graph.multiply(state, rate);
        let lost = graph.divide(rate, state);
        let level = graph.add(state, gained);
        let level = graph.subtract(level, lost);
        assert_eq!(watch(&graph, &slot(state, start, level)), Watch::AtEnd);
        let floored = graph.positive_part(level);
        assert_eq!(watch(&graph, &slot(state, start, floored)), Watch::AtEnd);
        assert_eq!(watch(&graph, &slot(state, rate, floored)), Watch::AtStartAndEnd);
    }

    #[test]
    fn a_level_that_may_recover_is_watched_always() {
        let mut graph = Graph::new(10);
        let (start, rate) = (graph.constant(3.0), graph.parameter(0));
        let state = graph.new_state(Facts::default());
        let level = graph.add(state, rate);
        let back = graph.subtract(rate, state);
        let condition = graph.less(rate, start);
        let divisor = graph.divide(rate, state);
        let recovering = [
            graph.minimum(start, level),
            graph.select(condition, rate, level),
            divisor,
            // Infinity turns into minus infinity, which the floor hides.
            graph.positive_part(back),
        ];
        for next in recovering {
            assert_eq!(watch(&graph, &slot(state, start, next)), Watch::Always);
        }
    }
}
