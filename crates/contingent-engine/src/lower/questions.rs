//! Questions: small monitors that watch the state while it moves.
//!
//! Enters: formulas and quantities. Leaves: one state register per outcome, updated at every time from the
//! values at that time; what is asked of the last time alone is a value of that time. Always holds: after the last
//! time the register, or the value, is the outcome; nothing else of the trajectory is needed.

use contingent_model::{Condition, Formula, Measure, Quantity};

use super::{Facts, Lowering, Moment, Node, Scope, Section};
use crate::program::{OutcomeColumn, OutcomeRole};

const TRUTH: Facts = Facts { non_negative: true, whole: true, truth: true };

impl<'m> Lowering<'m> {
    /// Per question its value, then its condition if it has one; then the first times of all questions.
    pub(super) fn lower_questions(&mut self) -> Vec<(OutcomeColumn, Node)> {
        let model = self.model;
        let mut outcomes = Vec::new();
        let mut first_times = Vec::new();
        for (position, question) in model.questions.iter().enumerate() {
            let scope = self.scope(&question.name, &[], 0, Moment::Current);
            let column = |name: String, role| OutcomeColumn { name, question: position, role };
            let (outcome, settles) = match &question.measure {
                Measure::Probability(formula) => self.formula(&question.name, formula, &scope),
                Measure::Distribution(quantity) => (self.quantity(&question.name, quantity, &scope), None),
            };
            outcomes.push((column(question.name.clone(), OutcomeRole::Value), outcome));
            if let Some(settles) = settles {
                let name = format!("{}.first_time", question.name);
                let first_time = self.first_time(&name, settles);
                first_times.push((column(name, OutcomeRole::FirstTime), first_time));
            }
            if let Some(formula) = &question.given {
                let name = format!("{}.given", question.name);
                let (outcome, _) = self.formula(&name, formula, &scope);
                outcomes.push((column(name, OutcomeRole::Given), outcome));
            }
        }
        outcomes.append(&mut first_times);
        outcomes
    }

    /// The first time at which something holds; infinite when it never does.
    fn first_time(&mut self, name: &str, holds: Node) -> Node {
        let facts = Facts { non_negative: true, ..Facts::default() };
        self.monitor(name, facts, f64::INFINITY, |lowering, so_far| {
            let time = lowering.time(Moment::Current);
            let never = lowering.graph.constant(f64::INFINITY);
            let candidate = lowering.graph.select(holds, time, never);
            lowering.graph.minimum(so_far, candidate)
        })
    }

    /// A monitor: a state register with its value before the first time; `update` gives the next from the
    /// present one.
    pub(super) fn monitor(
        &mut self,
        name: &str,
        facts: Facts,
        initial: f64,
        update: impl FnOnce(&mut Self, Node) -> Node,
    ) -> Node {
        let state = self.new_slot(name.to_owned(), facts, Section::Observe, false);
        let next = update(self, state);
        let initial = self.graph.constant(initial);
        let slot = self.slot(state);
        slot.initial = initial;
        slot.next = next;
        state
    }

    /// The outcome of a formula, and what holds at a time at which it settles, up to its end or later; none when it
    /// asks about one time only.
    fn formula(&mut self, name: &str, formula: &'m Formula, scope: &Scope<'m>) -> (Node, Option<Node>) {
        match formula {
            Formula::Within { steps, condition } => {
                let in_time = self.until(*steps);
                let holds = self.condition(name, condition, scope, Some(in_time));
                let outcome = self.monitor(name, TRUTH, 0.0, |lowering, so_far| {
                    let now = lowering.graph.and(in_time, holds);
                    lowering.graph.or(so_far, now)
                });
                (outcome, Some(holds))
            }
            Formula::Always { steps, condition } => {
                let in_time = self.until(*steps);
                let holds = self.condition(name, condition, scope, Some(in_time));
                let outcome = self.monitor(name, TRUTH, 1.0, |lowering, so_far| {
                    let over = lowering.graph.not(in_time);
                    let kept = lowering.graph.or(over, holds);
                    lowering.graph.and(so_far, kept)
                });
                (outcome, Some(self.graph.not(holds)))
            }
            Formula::At { step, condition } => {
                let now = self.at(*step);
                if self.is_last(*step) && condition.held_steps == 0 {
                    return (self.condition(name, condition, scope, Some(now)), None);
                }
                let in_time = self.until(*step);
                // A condition that must have been held for a while is followed from the start.
                let guard = if condition.held_steps > 0 { in_time } else { now };
                let holds = self.condition(name, condition, scope, Some(guard));
                let outcome = self
                    .monitor(name, TRUTH, 0.0, |lowering, so_far| lowering.graph.select(now, holds, so_far));
                (outcome, None)
            }
            Formula::Before { first, second } => {
                let second = self.condition(name, second, scope, None);
                let first = self.condition(name, first, scope, None);
                let mut lost_now = second;
                self.monitor(name, TRUTH, 0.0, |lowering, lost| {
                    lost_now = lowering.graph.or(lost, second);
                    lost_now
                });
                let open = self.graph.not(lost_now);
                let wins = self.graph.and(open, first);
                let outcome = self.monitor(name, TRUTH, 0.0, |lowering, won| lowering.graph.or(won, wins));
                (outcome, Some(wins))
            }
        }
    }

    fn quantity(&mut self, name: &str, quantity: &'m Quantity, scope: &Scope<'m>) -> Node {
        match quantity {
            Quantity::At { step, expression } => {
                let now = self.at(*step);
                let value = self.expression(expression, scope);
                self.names.push((name.to_owned(), value));
                self.watch_where(name, value, Some(now));
                if self.is_last(*step) {
                    return value;
                }
                self.monitor(name, Facts::default(), 0.0, |lowering, so_far| {
                    lowering.graph.select(now, value, so_far)
                })
            }
            Quantity::FirstTime { condition } => {
                let holds = self.condition(name, condition, scope, None);
                self.first_time(name, holds)
            }
        }
    }

    /// Whether a condition holds at t, where it had to hold for a while counting the times since it began.
    fn condition(
        &mut self,
        name: &str,
        condition: &'m Condition,
        scope: &Scope<'m>,
        guard: Option<Node>,
    ) -> Node {
        let guard = guard.filter(|&guard| self.graph.as_constant(guard) != Some(1.0));
        self.watch_compared(name, &condition.expression, scope, guard);
        let holds = self.expression(&condition.expression, scope);
        if condition.held_steps == 0 {
            return holds;
        }
        let mut count_now = holds;
        let facts = Facts { non_negative: true, whole: true, truth: false };
        self.monitor(&format!("{name} held"), facts, 0.0, |lowering, count| {
            let one = lowering.graph.constant(1.0);
            let zero = lowering.graph.constant(0.0);
            let longer = lowering.graph.add(count, one);
            count_now = lowering.graph.select(holds, longer, zero);
            count_now
        });
        let needed = self.graph.constant((condition.held_steps + 1) as f64);
        self.graph.less_or_equal(needed, count_now)
    }

    /// Whether the step is at most `last`.
    fn until(&mut self, last: usize) -> Node {
        let step = self.graph.step();
        let last = self.graph.constant(last as f64);
        self.graph.less_or_equal(step, last)
    }

    /// Whether the step is this one.
    fn at(&mut self, step: usize) -> Node {
        let now = self.graph.step();
        let number = self.graph.constant(step as f64);
        let is_now = self.graph.equal(number, now);
        if self.is_last(step) {
            self.last_times.insert(is_now);
        }
        is_now
    }

    /// Whether the step is the last one, and has code of its own.
    fn is_last(&self, step: usize) -> bool {
        step == self.model.clock.n_steps && !self.is_exact()
    }
}
