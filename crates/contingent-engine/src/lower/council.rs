//! Councils: where their members come to stand, and which option is nearest.
//!
//! Enters: what the members stand for at the time of a review. Leaves: a node a dimension, and the distances of the options.
//! Always holds: averages are straight-line code that adds and sorts as [`crate::council::Council`] does, so that both give
//! the same bits; bargaining is one operation a dimension, done only in steps in which the decision is reviewed.

use contingent_model::{Council, CouncilRule, Expression, SubscriptId, VariableId, VariableKind};

use super::{Lowering, Moment, Node, Scope};
use crate::graph::{CouncilCall, Unary};

/// What the members bring: a node a member, and a row a member and a column a dimension.
struct Members {
    capability: Vec<Node>,
    salience: Vec<Vec<Node>>,
    position: Vec<Vec<Node>>,
}

impl<'m> Lowering<'m> {
    /// Where the council of one element of a decision stands, a node a dimension. Sets the state that is read as `.position`.
    pub(super) fn council(&mut self, position: VariableId, element: usize, review: Node) -> Vec<Node> {
        let model = self.model;
        let variable = model.variable(position);
        let VariableKind::Position(council) = &variable.kind else {
            unreachable!("the resolver gives a council's decision its position");
        };
        let n_dimensions = self.n_dimensions(council);
        let decided = &model.variable(council.decision).subscripts;
        let scope = self.scope(&variable.name, decided, element, Moment::Current);
        let members = self.members(council, &scope, n_dimensions);
        let outcome: Vec<Node> = match council.rule {
            CouncilRule::WeightedMean => {
                (0..n_dimensions).map(|dimension| self.weighted_mean(&members, dimension)).collect()
            }
            CouncilRule::WeightedMedian => {
                (0..n_dimensions).map(|dimension| self.weighted_median(&members, dimension)).collect()
            }
            CouncilRule::Challenge { turns } => {
                let Members { capability, salience, position } = members;
                let table = salience.into_iter().chain(position).flatten();
                let operands = [review].into_iter().chain(capability).chain(table).collect();
                self.graph.bargain(CouncilCall { n_dimensions, most_turns: turns, operands })
            }
        };
        for (dimension, &stands) in outcome.iter().enumerate() {
            let element = element * n_dimensions + dimension;
            let name = model.element_name(&variable.name, &variable.subscripts, element);
            self.names.push((name.clone(), stands));
            self.watch_where(&name, stands, Some(review));
            let state = self.states[position.index()][element];
            let next = self.graph.select(review, stands, state);
            let initial = self.value(position, element, Moment::Start);
            let slot = self.slot(state);
            slot.initial = initial;
            slot.next = next;
        }
        outcome
    }

    fn n_dimensions(&self, council: &Council) -> usize {
        council.dimensions.map_or(1, |id| self.model.subscript(id).elements.len())
    }

    fn members(&mut self, council: &'m Council, scope: &Scope<'m>, n_dimensions: usize) -> Members {
        let n_members = self.model.subscript(council.members).elements.len();
        let mut members = Members { capability: Vec::new(), salience: Vec::new(), position: Vec::new() };
        for member in 0..n_members {
            let mut inner = scope.clone();
            inner.bindings.push((council.members, member));
            let capability = self.expression(&council.capability, &inner);
            members.capability.push(self.graph.positive_part(capability));
            let shares = |this: &mut Self, expression: &'m Expression| -> Vec<Node> {
                (0..n_dimensions)
                    .map(|dimension| {
                        let mut at = inner.clone();
                        at.bindings.extend(council.dimensions.map(|id| (id, dimension)));
                        let share = this.expression(expression, &at);
                        this.graph.unit_interval(share)
                    })
                    .collect()
            };
            let salience = shares(self, &council.salience);
            let position = shares(self, &council.position);
            members.salience.push(salience);
            members.position.push(position);
        }
        members
    }

    fn weights(&mut self, members: &Members, dimension: usize) -> Vec<Node> {
        let each = members.capability.iter().zip(&members.salience);
        each.map(|(&capability, salience)| self.graph.multiply(capability, salience[dimension])).collect()
    }

    /// As [`crate::council::Council::weighted_mean`].
    fn weighted_mean(&mut self, members: &Members, dimension: usize) -> Node {
        let zero = self.graph.constant(0.0);
        let (mut sum, mut weight) = (zero, zero);
        for (own, position) in self.weights(members, dimension).into_iter().zip(&members.position) {
            let part = self.graph.multiply(own, position[dimension]);
            sum = self.graph.add(sum, part);
            weight = self.graph.add(weight, own);
        }
        self.graph.divide(sum, weight)
    }

    /// As [`crate::council::Council::weighted_median`]: sorted by exchanges of neighbours, which keep the order of equals.
    fn weighted_median(&mut self, members: &Members, dimension: usize) -> Node {
        let weights = self.weights(members, dimension);
        let mut standing: Vec<(Node, Node)> =
            members.position.iter().map(|row| row[dimension]).zip(weights).collect();
        // Comparisons pass over what is not a number; this does not.
        let zero = self.graph.constant(0.0);
        let mut spoiled = zero;
        for &(position, _) in &standing {
            let nothing = self.graph.subtract(position, position);
            spoiled = self.graph.add(spoiled, nothing);
        }
        for placed in 1..standing.len() {
            for at in (0..placed).rev() {
                let (low, high) = (standing[at], standing[at + 1]);
                let swaps = self.graph.less(high.0, low.0);
                standing[at] =
                    (self.graph.select(swaps, high.0, low.0), self.graph.select(swaps, high.1, low.1));
                standing[at + 1] =
                    (self.graph.select(swaps, low.0, high.0), self.graph.select(swaps, low.1, high.1));
            }
        }
        let mut below = Vec::with_capacity(standing.len());
        let mut sum = zero;
        for &(_, weight) in &standing {
            sum = self.graph.add(sum, weight);
            below.push(sum);
        }
        let two = self.graph.constant(2.0);
        let half = self.graph.divide(sum, two);
        let last = standing.len() - 1;
        let mut median = standing[last].0;
        for at in (0..last).rev() {
            let is_reached = self.graph.less_or_equal(half, below[at]);
            median = self.graph.select(is_reached, standing[at].0, median);
        }
        // Where nobody cares there is none: 0 / 0.
        let difference = self.graph.subtract(half, half);
        let nowhere = self.graph.divide(difference, half);
        let is_somewhere = self.graph.less(zero, half);
        let median = self.graph.select(is_somewhere, median, nowhere);
        self.graph.add(median, spoiled)
    }

    /// The distances of the options' places from where a council stands, negative: what is nearest is worth most.
    pub(super) fn nearness(
        &mut self,
        outcome: &[Node],
        places: &'m [Expression],
        dimensions: Option<SubscriptId>,
        scope: &Scope<'m>,
    ) -> Vec<Node> {
        places
            .iter()
            .map(|place| {
                let mut squares = self.graph.constant(0.0);
                let mut single = squares;
                for (dimension, &stands) in outcome.iter().enumerate() {
                    let mut at = scope.clone();
                    at.bindings.extend(dimensions.map(|id| (id, dimension)));
                    let place = self.expression(place, &at);
                    let apart = self.graph.subtract(stands, place);
                    single = self.graph.unary(Unary::Absolute, apart);
                    let square = self.graph.multiply(apart, apart);
                    squares = self.graph.add(squares, square);
                }
                let distance =
                    if outcome.len() == 1 { single } else { self.graph.unary(Unary::SquareRoot, squares) };
                self.graph.unary(Unary::Negate, distance)
            })
            .collect()
    }
}
