//! Which way causes push, and on which pushes an answer hangs.
//!
//! Enters: a model, its influences, sampled states, the first-order indices of its assumptions. Leaves: signs with the share of
//! states in which they hold, and weights. Always holds: a sign that the model settles for every value stays as it is; of the others
//! one is given when at least [`LEAST_SHARE`] of the states in which the cause does anything agree.

use std::collections::{BTreeMap, BTreeSet};

use contingent_model::influence::{Influence, Node, Sign};
use contingent_model::{
    CheckedModel, ChoiceRule, Decision, Effect, EventId, Expression, SubscriptId, VariableId, VariableKind,
    each_resolved,
};

use super::equation::{Columns, Equation, Move, State};
use super::states::States;

/// Share of the states that must agree.
pub(super) const LEAST_SHARE: f64 = 0.95;
/// Most elements of one effect that are looked at in a state.
const MOST_ELEMENTS: usize = 6;

/// An influence with what the states say of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SignedInfluence {
    pub(super) cause: Node,
    pub(super) effect: Node,
    pub(super) sign: Sign,
    /// Of a sign that is taken from states, the share of those in which it holds; none when the model settles it.
    pub(super) share: Option<f64>,
    /// Whether no state shows any effect.
    pub(super) is_idle: bool,
    /// Share of what is not known that bears on this influence.
    pub(super) weight: f64,
}

/// What reads equations at states.
pub(super) struct Reader<'a> {
    pub(super) model: &'a CheckedModel,
    pub(super) columns: &'a Columns,
    pub(super) bounds: &'a [(f64, f64)],
    pub(super) states: &'a States,
}

/// Part of an equation that a cause acts through: its value is multiplied by `factor`.
struct Part<'a> {
    expression: Form<'a>,
    over: Vec<SubscriptId>,
    factor: f64,
}

enum Form<'a> {
    Plain(&'a Expression),
    /// A product, such as of a condition and a hazard.
    Product(&'a Expression, &'a Expression),
    /// The expected option of a decision.
    Choice(&'a Decision),
    /// What an event sets a stock to, less what is there.
    Rise(&'a Expression, VariableId),
}

impl Reader<'_> {
    /// The influences with signs from the states where the model leaves them open, and with weights.
    pub(super) fn signed(
        &self,
        influences: &[Influence],
        indices: &BTreeMap<VariableId, f64>,
    ) -> Vec<SignedInfluence> {
        influences
            .iter()
            .filter(|influence| !influence.at_start)
            .map(|influence| {
                let mut signed = SignedInfluence {
                    cause: influence.cause,
                    effect: influence.effect,
                    sign: influence.sign,
                    share: None,
                    is_idle: false,
                    weight: 0.0,
                };
                if influence.sign == Sign::Mixed && !self.is_unordered(influence.cause) {
                    self.settle(&mut signed);
                }
                signed.weight = self.weight(&signed, indices);
                signed
            })
            .collect()
    }

    /// Whether a cause has alternatives without an order, so that it has no sign.
    pub(super) fn is_unordered(&self, node: Node) -> bool {
        matches!(node, Node::Variable(id) if match &self.model.variable(id).kind {
            VariableKind::Mechanism { .. } => true,
            VariableKind::Assumption { alternatives, .. } => !alternatives.is_empty(),
            _ => false,
        })
    }

    fn settle(&self, influence: &mut SignedInfluence) {
        if let (Node::Event(event), Node::Variable(stock)) = (influence.cause, influence.effect) {
            let mut parts = Vec::new();
            self.amounts(stock, Some(event), &mut parts);
            if !parts.is_empty() {
                self.settle_amounts(influence, &parts);
            }
            return;
        }
        let parts = self.parts(influence.cause, influence.effect);
        // A small move first; where thresholds hide its effect, one as large as the spread.
        for scale in [0.05, 1.0] {
            let (mut up, mut down) = (0_usize, 0_usize);
            self.each_slope(influence.cause, &parts, scale, &mut |slope| {
                if slope > 0.0 {
                    up += 1;
                } else if slope < 0.0 {
                    down += 1;
                }
            });
            if up + down == 0 {
                continue;
            }
            let share = up.max(down) as f64 / (up + down) as f64;
            influence.share = Some(share);
            if share >= LEAST_SHARE {
                influence.sign = if up > down { Sign::Positive } else { Sign::Negative };
            }
            return;
        }
        influence.is_idle = !parts.is_empty() && !self.states.states.is_empty();
    }

    /// The sign of what an event adds to a stock.
    fn settle_amounts(&self, influence: &mut SignedInfluence, parts: &[Part<'_>]) {
        let (mut up, mut down) = (0_usize, 0_usize);
        for (time, values) in &self.states.states {
            let state = State { time: *time, values };
            for part in parts {
                for bound in self.model.combinations(&part.over).into_iter().take(MOST_ELEMENTS) {
                    let amount = part.factor * self.part(part, &bound, &state, &[]);
                    up += usize::from(amount > 0.0);
                    down += usize::from(amount < 0.0);
                }
            }
        }
        influence.is_idle = up + down == 0 && !self.states.states.is_empty();
        if up + down > 0 {
            let share = up.max(down) as f64 / (up + down) as f64;
            influence.share = Some(share);
            if share >= LEAST_SHARE {
                influence.sign = if up > down { Sign::Positive } else { Sign::Negative };
            }
        }
    }

    /// Share of what is not known about assumptions that change how strongly the cause acts.
    fn weight(&self, influence: &SignedInfluence, indices: &BTreeMap<VariableId, f64>) -> f64 {
        let parts = self.parts(influence.cause, influence.effect);
        let mut weight = 0.0;
        for (&assumption, &index) in indices {
            let node = Node::Variable(assumption);
            if node == influence.cause
                || index >= 0.005
                    && parts.iter().any(|part| part.reads(node))
                    && self.bears_on(node, influence.cause, &parts)
            {
                weight += index;
            }
        }
        weight
    }

    /// Whether a move of an assumption changes the effect of a move of the cause, in one state in twenty or more.
    fn bears_on(&self, assumption: Node, cause: Node, parts: &[Part<'_>]) -> bool {
        let (by, of_assumption) = (self.step(cause, 1.0), self.step(assumption, 1.0));
        let mut n = 0;
        let mut bearing = 0;
        for (time, values) in self.states.states.iter().step_by(3) {
            let state = State { time: *time, values };
            n += 1;
            let moved = |moves: &[Move]| self.total(parts, &state, moves);
            let (a, b) = (Move { node: cause, by }, Move { node: assumption, by: of_assumption });
            let (neither, one, other, both) = (moved(&[]), moved(&[a]), moved(&[b]), moved(&[a, b]));
            let size = neither.abs().max(one.abs()).max(other.abs()).max(both.abs());
            bearing += usize::from((both - one - other + neither).abs() > 1e-9 * size);
        }
        n > 0 && 20 * bearing >= n
    }

    fn step(&self, node: Node, scale: f64) -> f64 {
        if matches!(node, Node::Event(_)) {
            return 1.0;
        }
        if matches!(node, Node::Variable(id) if matches!(self.model.variable(id).kind, VariableKind::Decision(_)))
        {
            return 1.0;
        }
        let columns = self.columns.of(self.model, node);
        let n = columns.len().max(1) as f64;
        let spread = self.states.spreads[columns.clone()].iter().sum::<f64>() / n;
        if spread > 0.0 {
            return scale * spread;
        }
        let size =
            self.states.states.first().map_or(1.0, |(_, values)| {
                values[columns].iter().map(|value| value.abs()).fold(0.0, f64::max)
            });
        scale * if size > 0.0 { 0.2 * size } else { 1.0 }
    }

    fn each_slope(&self, cause: Node, parts: &[Part<'_>], scale: f64, note: &mut dyn FnMut(f64)) {
        let by = self.step(cause, scale);
        for (time, values) in &self.states.states {
            let state = State { time: *time, values };
            for part in parts {
                for bound in self.model.combinations(&part.over).into_iter().take(MOST_ELEMENTS) {
                    let at =
                        |by: f64| part.factor * self.part(part, &bound, &state, &[Move { node: cause, by }]);
                    let (low, high) = (at(-by), at(by));
                    let size = low.abs().max(high.abs());
                    // Differences in the last digits are rounding.
                    if high.is_finite() && low.is_finite() && (high - low).abs() > 1e-10 * size {
                        note(high - low);
                    }
                }
            }
        }
    }

    fn total(&self, parts: &[Part<'_>], state: &State<'_>, moves: &[Move]) -> f64 {
        let mut sum = 0.0;
        for part in parts {
            for bound in self.model.combinations(&part.over).into_iter().take(MOST_ELEMENTS) {
                let value = part.factor * self.part(part, &bound, state, moves);
                sum += if value.is_finite() { value } else { 0.0 };
            }
        }
        sum
    }

    fn part(
        &self,
        part: &Part<'_>,
        bound: &Vec<(SubscriptId, usize)>,
        state: &State<'_>,
        moves: &[Move],
    ) -> f64 {
        let equation =
            Equation { model: self.model, columns: self.columns, bounds: self.bounds, state, moves };
        match &part.expression {
            Form::Plain(expression) => equation.value(expression, bound),
            Form::Product(a, b) => equation.value(a, bound) * equation.value(b, bound),
            Form::Choice(decision) => expected_option(&equation, decision, bound),
            Form::Rise(value, stock) => {
                let columns = self.columns.of(self.model, Node::Variable(*stock));
                let n = columns.len().max(1) as f64;
                equation.value(value, bound) - state.values[columns].iter().sum::<f64>() / n
            }
        }
    }

    /// The expressions through which a cause acts on an effect. An event that acts on a stock acts through amounts themselves.
    fn parts(&self, cause: Node, effect: Node) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        match effect {
            Node::Event(id) => {
                let event = &self.model.events[id.index()];
                let expression = match &event.when {
                    Some(when) => Form::Product(when, &event.hazard),
                    None => Form::Plain(&event.hazard),
                };
                parts.push(Part { expression, over: event.subscripts.clone(), factor: 1.0 });
            }
            Node::Variable(id) => {
                let variable = self.model.variable(id);
                let over = variable.subscripts.clone();
                match &variable.kind {
                    VariableKind::Auxiliary { definition } => {
                        parts.push(Part { expression: Form::Plain(definition), over, factor: 1.0 });
                    }
                    VariableKind::Flow { rate, .. } => {
                        parts.push(Part { expression: Form::Plain(rate), over, factor: 1.0 });
                    }
                    VariableKind::Decision(decision) => {
                        parts.push(Part { expression: Form::Choice(decision), over, factor: 1.0 });
                    }
                    VariableKind::Stock { .. } => self.amounts(id, None, &mut parts),
                    _ => {}
                }
            }
        }
        parts.retain(|part| part.reads(cause));
        parts
    }

    /// What events, or one of them, add to a stock.
    fn amounts<'m>(&'m self, stock: VariableId, only: Option<EventId>, parts: &mut Vec<Part<'m>>) {
        for (i, event) in self.model.events.iter().enumerate() {
            if only.is_some_and(|only| only.index() != i) {
                continue;
            }
            for effect in &event.effects {
                let mut push = |expression: Form<'m>, over: &[SubscriptId], factor: f64| {
                    let over = event.subscripts.iter().chain(over).copied().collect();
                    parts.push(Part { expression, over, factor });
                };
                match effect {
                    Effect::Add { target, over, amount } if target.stock == stock => {
                        push(Form::Plain(amount), over, 1.0);
                    }
                    Effect::Set { target, over, value } if target.stock == stock => {
                        push(Form::Rise(value, stock), over, 1.0);
                    }
                    Effect::Move { from, to, over, quantity, .. } => {
                        if from.stock == stock {
                            push(Form::Plain(quantity), over, -1.0);
                        }
                        if to.as_ref().is_some_and(|to| to.stock == stock) {
                            push(Form::Plain(quantity), over, 1.0);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

impl Part<'_> {
    fn reads(&self, node: Node) -> bool {
        let mut found = BTreeSet::new();
        match &self.expression {
            Form::Plain(expression) | Form::Rise(expression, _) => read_by(expression, &mut found),
            Form::Product(a, b) => {
                read_by(a, &mut found);
                read_by(b, &mut found);
            }
            Form::Choice(decision) => {
                decision.worths.iter().for_each(|worth| read_by(worth, &mut found));
                if let ChoiceRule::Logit { rationality } = &decision.rule {
                    read_by(rationality, &mut found);
                }
            }
        }
        found.contains(&node)
    }
}

/// What an expression reads.
fn read_by(expression: &Expression, found: &mut BTreeSet<Node>) {
    each_resolved(expression, &mut |part| match part {
        Expression::Variable { variable, .. } => {
            found.insert(Node::Variable(*variable));
        }
        Expression::Event { event, .. } => {
            found.insert(Node::Event(*event));
        }
        _ => {}
    });
}

/// The mean position of the option that is chosen (logit, by `McFadden` 1974); the best option is taken as a sharp logit. Not a number
/// where a council decides: whoever moves it may move it to either side, so that its signs stay mixed.
fn expected_option(equation: &Equation<'_>, decision: &Decision, bound: &Vec<(SubscriptId, usize)>) -> f64 {
    let worths: Vec<f64> = decision.worths.iter().map(|worth| equation.value(worth, bound)).collect();
    let highest = worths.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let lowest = worths.iter().copied().fold(f64::INFINITY, f64::min);
    let rationality = match &decision.rule {
        ChoiceRule::Logit { rationality } => equation.value(rationality, bound),
        ChoiceRule::Best => 20.0 / (highest - lowest).max(1e-9),
        ChoiceRule::Fixed(option) => return *option as f64,
        ChoiceRule::Council { .. } => return f64::NAN,
    };
    let odds: Vec<f64> =
        worths.iter().map(|worth| contingent_engine::math::exp(rationality * (worth - highest))).collect();
    let all: f64 = odds.iter().sum();
    odds.iter().enumerate().map(|(position, odd)| position as f64 * odd).sum::<f64>() / all
}
