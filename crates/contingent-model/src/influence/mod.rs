//! Who depends on whom, and in which direction.
//!
//! Enters: a [`CheckedModel`]. Leaves: signed [`Influence`]s between variables and events, and the feedback
//! loops that they close. Always holds: subscripts are collapsed; a sign says what a rise in the cause does to
//! the effect, all else equal, at once or within the step; where the model does not settle the direction for
//! every value that it allows, the sign is [`Sign::Mixed`].
//!
//! A sign rests on what is known of every value: stocks are not negative unless they are `signed`; whatever is
//! declared a share or a probability lies between 0 and 1; an assumption lies in the support of its
//! distribution or of what a view puts in its place; a lever lies in its range. A category has no order, so
//! what hangs on one is mixed; a decision rises when it moves towards its later options. That a stock which
//! runs dry cuts its outflows short is no influence here.

mod interval;
mod loops;
mod pace;
mod slope;

use std::collections::BTreeMap;

use crate::checked::{
    CheckedModel, ChoiceRule, CouncilRule, Destination, Effect, EventId, Override, VariableId, VariableKind,
};
use crate::distribution::Distribution;
use crate::expression::{BinaryOperator, Expression};
use interval::Interval;
use slope::{Cause, Encloser, positions};

pub(crate) use pace::Pace;

pub use loops::{FeedbackLoop, FeedbackLoops, LoopKind, LoopLimits, feedback_loops};

/// What influences and is influenced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// A variable, all its elements together.
    Variable(VariableId),
    /// An event: how often it happens.
    Event(EventId),
}

/// What a rise in the cause does to the effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sign {
    /// It raises it, or leaves it as it is.
    Positive,
    /// It lowers it, or leaves it as it is.
    Negative,
    /// It depends.
    Mixed,
}

impl Sign {
    /// The sign of a chain of two.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        match (self, other) {
            (Self::Mixed, _) | (_, Self::Mixed) => Self::Mixed,
            (a, b) if a == b => Self::Positive,
            _ => Self::Negative,
        }
    }

    /// The sign of two influences that act side by side.
    #[must_use]
    pub fn beside(self, other: Self) -> Self {
        if self == other { self } else { Self::Mixed }
    }

    fn of(slope: Interval) -> Option<Self> {
        if slope.is_zero() {
            None
        } else if slope.is_never_negative() {
            Some(Self::Positive)
        } else if slope.is_never_positive() {
            Some(Self::Negative)
        } else {
            Some(Self::Mixed)
        }
    }
}

/// One arrow of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Influence {
    /// What is asked to rise.
    pub cause: Node,
    /// What answers.
    pub effect: Node,
    /// How.
    pub sign: Sign,
    /// Whether it acts at the start only, through the initial value of a stock or of something remembered.
    pub at_start: bool,
}

/// All influences of a model, ordered by cause, then effect.
pub fn influences(model: &CheckedModel) -> Vec<Influence> {
    let mut found = Finder { encloser: encloser(model), signs: BTreeMap::new() };
    for i in 0..model.variables.len() {
        found.variable(VariableId(i as u32));
    }
    for i in 0..model.events.len() {
        found.event(EventId(i as u32));
    }
    found
        .signs
        .into_iter()
        .map(|((cause, effect, at_start), sign)| Influence { cause, effect, sign, at_start })
        .collect()
}

/// The least and the greatest value that each variable can have, as far as its declaration tells; infinite where
/// it does not.
pub fn bounds(model: &CheckedModel) -> Vec<(f64, f64)> {
    encloser(model).values.iter().map(|interval| (interval.low, interval.high)).collect()
}

/// What each variable's values lie in.
fn encloser(model: &CheckedModel) -> Encloser<'_> {
    let mut encloser =
        Encloser { model, values: vec![Interval::ALL; model.variables.len()], averages: false };
    let is_computed =
        |kind: &VariableKind| matches!(kind, VariableKind::Auxiliary { .. } | VariableKind::Flow { .. });
    for (i, variable) in model.variables.iter().enumerate() {
        let id = VariableId(i as u32);
        encloser.values[i] = match &variable.kind {
            VariableKind::Assumption { alternatives, .. } if !alternatives.is_empty() => {
                positions(alternatives.len())
            }
            VariableKind::Assumption { distributions, .. } => {
                let replaced = model.views.iter().flat_map(|view| &view.overrides).map(
                    |(target, change, _)| match change {
                        _ if *target != id => Vec::new(),
                        Override::Distributions(distributions) => distributions.iter().collect(),
                        Override::Elements(elements) => elements.iter().map(|(_, one)| one).collect(),
                        Override::Alternative(_) => Vec::new(),
                    },
                );
                let all = distributions.iter().chain(replaced.flatten());
                all.map(support).reduce(Interval::hull).unwrap_or(Interval::ALL)
            }
            kind if !is_computed(kind) => encloser.bounds(kind, variable.unit.is_share),
            _ => Interval::ALL,
        };
    }
    for &id in &model.evaluation_order {
        let variable = model.variable(id);
        encloser.values[id.index()] = encloser.bounds(&variable.kind, variable.unit.is_share);
    }
    encloser
}

/// The values that a distribution can give.
fn support(distribution: &Distribution) -> Interval {
    match distribution {
        Distribution::Constant(value) => Interval::at(*value),
        Distribution::Normal { .. } | Distribution::StudentT { .. } => Interval::ALL,
        Distribution::LogNormal { .. } | Distribution::Gamma { .. } => Interval::POSITIVE,
        Distribution::LogitNormal { .. } | Distribution::Beta { .. } => Interval::UNIT,
        Distribution::Uniform { low, high }
        | Distribution::Triangular { low, high, .. }
        | Distribution::Pert { low, high, .. } => Interval::new(*low, *high),
        Distribution::Discrete(values) => values
            .iter()
            .map(|&(value, _)| Interval::at(value))
            .reduce(Interval::hull)
            .unwrap_or(Interval::ALL),
        Distribution::OneOf(weights) => positions(weights.len()),
        Distribution::Mixture(parts) => {
            parts.iter().map(|(_, part)| support(part)).reduce(Interval::hull).unwrap_or(Interval::ALL)
        }
        Distribution::Within { inner, low, high } => support(inner).within(Interval::new(*low, *high)),
    }
}

struct Finder<'m> {
    encloser: Encloser<'m>,
    signs: BTreeMap<(Node, Node, bool), Sign>,
}

impl<'m> Finder<'m> {
    fn add(&mut self, cause: Node, effect: Node, sign: Sign, at_start: bool) {
        let sign = if self.is_unordered(cause) { Sign::Mixed } else { sign };
        self.signs
            .entry((cause, effect, at_start))
            .and_modify(|known| *known = known.beside(sign))
            .or_insert(sign);
    }

    /// Whether a cause has alternatives without an order.
    fn is_unordered(&self, node: Node) -> bool {
        match node {
            Node::Variable(id) => match &self.encloser.model.variable(id).kind {
                VariableKind::Mechanism { .. } => true,
                VariableKind::Assumption { alternatives, .. } => !alternatives.is_empty(),
                _ => false,
            },
            Node::Event(_) => false,
        }
    }

    /// Everything that an expression refers to, to an effect; `factor` multiplies the slope.
    fn expression(&mut self, expression: &Expression, effect: Node, factor: Interval, at_start: bool) {
        for cause in causes(expression) {
            let slope = self.encloser.enclose(expression, Cause::Now(cause)).slope;
            if let Some(sign) = Sign::of(slope.stretched().times(factor.stretched())) {
                self.add(cause, effect, sign, at_start);
            }
        }
        self.beginnings(expression, effect, factor);
    }

    /// What an expression begins to remember with, to an effect.
    fn beginnings(&mut self, expression: &Expression, effect: Node, factor: Interval) {
        for cause in beginnings(expression) {
            let slope = self.encloser.enclose(expression, Cause::AtStart(cause)).slope;
            if let Some(sign) = Sign::of(slope.stretched().times(factor.stretched())) {
                self.add(cause, effect, sign, true);
            }
        }
    }

    /// What a flow does to its ends, and what moves more of it to one end than to another.
    fn flow(&mut self, flow: Node, from: Option<VariableId>, to: &[Destination], rate: &Expression) {
        if let Some(from) = from {
            self.add(flow, Node::Variable(from), Sign::Negative, false);
        }
        // Of a flow that splits, less than nothing never moves.
        let moves = self.encloser.value(rate).within(Interval::POSITIVE);
        let shares = self.encloser.shares(to, Cause::Nothing);
        for (destination, share) in to.iter().zip(shares) {
            if let Some(sign) = Sign::of(share.value) {
                self.add(flow, Node::Variable(destination.endpoint.stock), sign, false);
            }
        }
        let mut sharing: Vec<Node> =
            to.iter().filter_map(|destination| destination.share.as_ref()).flat_map(causes).collect();
        sharing.sort_unstable();
        sharing.dedup();
        for cause in sharing {
            for (is_start, cause_now) in [(false, Cause::Now(cause)), (true, Cause::AtStart(cause))] {
                let shares = self.encloser.shares(to, cause_now);
                for (destination, share) in to.iter().zip(shares) {
                    let slope = share.slope.stretched().times(moves.stretched());
                    if let Some(sign) = Sign::of(slope) {
                        self.add(cause, Node::Variable(destination.endpoint.stock), sign, is_start);
                    }
                }
            }
        }
    }

    fn variable(&mut self, id: VariableId) {
        let model: &'m CheckedModel = self.encloser.model;
        let effect = Node::Variable(id);
        match &model.variable(id).kind {
            VariableKind::Auxiliary { definition } => {
                self.expression(definition, effect, Interval::ONE, false);
            }
            VariableKind::Flow { from, to, rate, .. } => {
                self.expression(rate, effect, Interval::ONE, false);
                self.flow(effect, from.as_ref().map(|end| end.stock), to, rate);
            }
            VariableKind::Stock { initial, .. } => {
                self.expression(initial, effect, Interval::ONE, true);
            }
            VariableKind::Decision(decision) => {
                let sharpness = match &decision.rule {
                    ChoiceRule::Fixed(_) => return,
                    ChoiceRule::Council { position, places, sharpness } => {
                        return self.council_choice(effect, *position, places, sharpness.as_ref());
                    }
                    ChoiceRule::Best => None,
                    ChoiceRule::Logit { rationality } => Some(rationality),
                };
                let is_sharp =
                    sharpness.is_none_or(|rationality| self.encloser.value(rationality).is_never_negative());
                // What adds more to the worth of each option than to that of the one before it moves the
                // choice towards the later ones (monotone likelihood ratio; Milgrom 1981).
                let mut advantages: BTreeMap<(Node, bool), Interval> = BTreeMap::new();
                for pair in decision.worths.windows(2) {
                    let advantage = Expression::Binary(
                        BinaryOperator::Subtract,
                        Box::new(pair[1].clone()),
                        Box::new(pair[0].clone()),
                    );
                    let mut note = |cause: Node, at_start: bool, slope: Interval| {
                        let all = advantages.entry((cause, at_start)).or_insert(slope);
                        *all = all.hull(slope);
                    };
                    for cause in causes(&advantage) {
                        let slope = self.encloser.enclose(&advantage, Cause::Now(cause)).slope;
                        note(cause, false, slope);
                    }
                    for cause in beginnings(&advantage) {
                        let slope = self.encloser.enclose(&advantage, Cause::AtStart(cause)).slope;
                        note(cause, true, slope);
                    }
                }
                // A cause that only some pairs refer to leaves the others as they are: no slope there, which
                // is within every sign.
                for ((cause, at_start), slope) in advantages {
                    if let Some(sign) = Sign::of(slope) {
                        self.add(cause, effect, if is_sharp { sign } else { Sign::Mixed }, at_start);
                    }
                }
                for cause in sharpness.map(causes).unwrap_or_default() {
                    self.add(cause, effect, Sign::Mixed, false);
                }
            }
            VariableKind::Position(council) => {
                // Averages rise with every position. Bargaining may turn the other way, and who weighs more moves the
                // outcome to where it stands.
                let rises = matches!(council.rule, CouncilRule::WeightedMean | CouncilRule::WeightedMedian);
                if rises {
                    self.expression(&council.position, effect, Interval::ONE, false);
                }
                let unclear = [&council.capability, &council.salience].into_iter();
                for part in unclear.chain((!rises).then_some(&council.position)) {
                    for cause in causes(part) {
                        self.add(cause, effect, Sign::Mixed, false);
                    }
                    self.beginnings(part, effect, Interval::ALL);
                }
            }
            VariableKind::Assumption { .. }
            | VariableKind::Lever { .. }
            | VariableKind::Mechanism { .. }
            | VariableKind::Input(_) => {}
        }
    }

    /// What a position, the places of options and the sharpness do to a choice: where the places are numbers that
    /// ascend or descend, the choice moves with the position (the nearest does, and so does the logit of distances,
    /// whose odds of a later place never fall; monotone likelihood ratio, Milgrom 1981).
    fn council_choice(
        &mut self,
        decision: Node,
        position: VariableId,
        places: &[Expression],
        sharpness: Option<&Expression>,
    ) {
        let numbers: Option<Vec<f64>> = places
            .iter()
            .map(|place| match place {
                Expression::Number(number) => Some(*number),
                _ => None,
            })
            .collect();
        let sign = match numbers {
            Some(numbers) if numbers.is_sorted() => Sign::Positive,
            Some(numbers) if numbers.is_sorted_by(|a, b| a >= b) => Sign::Negative,
            _ => Sign::Mixed,
        };
        let is_sharp = sharpness.is_none_or(|sharpness| self.encloser.value(sharpness).is_never_negative());
        self.add(Node::Variable(position), decision, if is_sharp { sign } else { Sign::Mixed }, false);
        for part in places.iter().chain(sharpness) {
            for cause in causes(part) {
                self.add(cause, decision, Sign::Mixed, false);
            }
        }
    }

    fn event(&mut self, id: EventId) {
        let model: &'m CheckedModel = self.encloser.model;
        let event = &model.events[id.index()];
        let node = Node::Event(id);
        match &event.when {
            None => self.expression(&event.hazard, node, Interval::ONE, false),
            Some(when) => {
                let both = Expression::If(
                    Box::new(when.clone()),
                    Box::new(event.hazard.clone()),
                    Box::new(Expression::Number(0.0)),
                );
                self.expression(&both, node, Interval::ONE, false);
            }
        }
        for excitation in &event.excitations {
            let excited = Node::Event(excitation.target);
            let (ratio, wait) = (self.encloser.value(&excitation.ratio), Interval::POSITIVE);
            if let Some(sign) = Sign::of(ratio.within(Interval::POSITIVE)) {
                self.add(node, excited, sign, false);
            }
            self.expression(&excitation.ratio, excited, wait, false);
            for cause in causes(&excitation.duration) {
                self.add(cause, excited, Sign::Mixed, false);
            }
        }
        for effect in &event.effects {
            match effect {
                Effect::Add { target, amount, .. } => self.amount(node, amount, target.stock, Interval::ONE),
                Effect::Set { target, value, .. } => {
                    let stock = Node::Variable(target.stock);
                    let rise = self.encloser.value(value).minus(self.encloser.values[target.stock.index()]);
                    if let Some(sign) = Sign::of(rise) {
                        self.add(node, stock, sign, false);
                    }
                    self.expression(value, stock, Interval::ONE, false);
                }
                Effect::Move { from, to, quantity, is_share, .. } => {
                    self.amount(node, quantity, from.stock, Interval::ONE.negated());
                    let Some(to) = to else { continue };
                    self.amount(node, quantity, to.stock, Interval::ONE);
                    // The more is there, the more moves: a share of it, or an amount up to all of it.
                    let quantity = self.encloser.value(quantity);
                    if from.stock != to.stock
                        && let Some(sign) = Sign::of(if *is_share { quantity } else { Interval::ONE })
                    {
                        self.add(Node::Variable(from.stock), Node::Variable(to.stock), sign, false);
                    }
                }
            }
        }
    }

    /// An event changes a stock by an amount: the event acts with the sign of the amount, and so does what
    /// the amount depends on. That a stock depends on itself here says no more than the event does.
    fn amount(&mut self, event: Node, amount: &Expression, stock: VariableId, factor: Interval) {
        let target = Node::Variable(stock);
        if let Some(sign) = Sign::of(self.encloser.value(amount).times(factor)) {
            self.add(event, target, sign, false);
        }
        for cause in causes(amount) {
            let slope = self.encloser.enclose(amount, Cause::Now(cause)).slope.times(factor);
            if cause != target
                && let Some(sign) = Sign::of(slope)
            {
                self.add(cause, target, sign, false);
            }
        }
        self.beginnings(amount, target, factor);
    }
}

/// What gives the first value of what an expression remembers, where that is said by itself; each once.
fn beginnings(expression: &Expression) -> Vec<Node> {
    let mut found = Vec::new();
    crate::check::each_resolved(expression, &mut |part| {
        if let Expression::Memory(memory) = part
            && let Some(initially) = &memory.initially
        {
            found.extend(causes(initially));
        }
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// Variables and events that an expression refers to, each once.
fn causes(expression: &Expression) -> Vec<Node> {
    let mut found = Vec::new();
    crate::check::each_resolved(expression, &mut |part| match part {
        Expression::Variable { variable, .. } => found.push(Node::Variable(*variable)),
        Expression::Event { event, .. } => found.push(Node::Event(*event)),
        _ => {}
    });
    found.sort_unstable();
    found.dedup();
    found
}
