//! Decisions: which option is in force from t + dt.
//!
//! Enters: worths at t. Leaves: the next position of every decision. Always holds: between reviews the
//! choice stays; one uniform, ordinal 0, per decision element and step decides a logit; what a decision weighs fails a run
//! only where something follows from the decision.

use contingent_model::{ChoiceRule, Decision, VariableKind};

use super::{Lowering, Moment, Node, Scope};
use crate::graph::Unary;

impl<'m> Lowering<'m> {
    pub(super) fn lower_decisions(&mut self) {
        let model = self.model;
        for (position, variable) in model.variables.iter().enumerate() {
            let VariableKind::Decision(decision) = &variable.kind else { continue };
            let review = self.is_review(decision.every_steps);
            let n_elements = model.n_elements(&variable.subscripts);
            for element in 0..n_elements {
                let scope = self.scope(&variable.name, &variable.subscripts, element, Moment::Current);
                let name = model.element_name(&variable.name, &variable.subscripts, element);
                let state = self.states[position][element];
                let first = self.watched.len();
                let choice = self.choice(decision, element, &name, review, &scope);
                let mut states = vec![state];
                if let ChoiceRule::Council { position, .. } = &decision.rule {
                    let n_dimensions = self.states[position.index()].len() / n_elements;
                    states.extend(&self.states[position.index()][element * n_dimensions..][..n_dimensions]);
                }
                self.set_aside(first, states);
                let next = self.graph.select(review, choice, state);
                let initial = self.graph.constant(decision.initially as f64);
                let slot = self.slot(state);
                slot.initial = initial;
                slot.next = next;
            }
        }
    }

    /// Whether the step is a multiple of `every`.
    fn is_review(&mut self, every: usize) -> Node {
        if every <= 1 {
            return self.graph.truth(true);
        }
        // The quotient of two whole numbers below 2^53 rounds down correctly: it is never rounded up to a
        // whole number, because the nearest whole number is at least 1/every away.
        let step = self.graph.step();
        let every = self.graph.constant(every as f64);
        let quotient = self.graph.divide(step, every);
        let whole = self.graph.unary(Unary::Floor, quotient);
        self.graph.equal(quotient, whole)
    }

    fn choice(
        &mut self,
        decision: &'m Decision,
        element: usize,
        name: &str,
        review: Node,
        scope: &Scope<'m>,
    ) -> Node {
        let (mut worths, sharpness) = match &decision.rule {
            ChoiceRule::Fixed(option) => return self.graph.constant(*option as f64),
            ChoiceRule::Council { position, places, sharpness } => {
                let outcome = self.council(*position, element, review);
                let VariableKind::Position(council) = &self.model.variable(*position).kind else {
                    unreachable!("the resolver gives a council's decision its position");
                };
                (self.nearness(&outcome, places, council.dimensions, scope), sharpness.as_ref())
            }
            rule => {
                let worths = decision.worths.iter().map(|worth| self.expression(worth, scope)).collect();
                let rationality = match rule {
                    ChoiceRule::Logit { rationality } => Some(rationality),
                    _ => None,
                };
                (worths, rationality)
            }
        };
        if let Some(rationality) = sharpness {
            let rationality = self.expression(rationality, scope);
            for worth in &mut worths {
                *worth = self.graph.multiply(rationality, *worth);
            }
        }
        for &worth in &worths {
            self.names.push((name.to_owned(), worth));
            self.watch_where(name, worth, Some(review));
        }
        if sharpness.is_some() && self.is_drawn() { self.logit(&worths, scope) } else { self.best(&worths) }
    }

    /// The position of the greatest; the first on a tie.
    fn best(&mut self, worths: &[Node]) -> Node {
        let mut greatest = worths[0];
        let mut choice = self.graph.constant(0.0);
        for (position, &worth) in worths.iter().enumerate().skip(1) {
            let better = self.graph.less(greatest, worth);
            let here = self.graph.constant(position as f64);
            choice = self.graph.select(better, here, choice);
            greatest = self.graph.select(better, worth, greatest);
        }
        choice
    }

    /// A position drawn with probability proportional to exp(worth), the greatest subtracted first so that
    /// nothing overflows.
    fn logit(&mut self, worths: &[Node], scope: &Scope<'m>) -> Node {
        let greatest =
            worths[1..].iter().fold(worths[0], |greatest, &worth| self.graph.maximum(greatest, worth));
        let mut cumulative = Vec::with_capacity(worths.len());
        let mut sum = self.graph.constant(0.0);
        for &worth in worths {
            let below = self.graph.subtract(worth, greatest);
            let weight = self.graph.unary(Unary::Exp, below);
            sum = self.graph.add(sum, weight);
            cumulative.push(sum);
        }
        let u = self.uniform(0, scope);
        let threshold = self.graph.multiply(u, sum);
        let mut choice = self.graph.constant(0.0);
        for &bound in &cumulative[..cumulative.len() - 1] {
            let passed = self.graph.less_or_equal(bound, threshold);
            choice = self.graph.add(choice, passed);
        }
        choice
    }
}
