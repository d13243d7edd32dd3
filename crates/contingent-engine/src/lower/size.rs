//! How large a model becomes, before anything is expanded.
//!
//! Enters: the model. Leaves: nothing, or the estimate that is too large. Always holds: the estimate counts
//! every scalar that lowering would visit, so a model that passes is lowered in bounded memory. A level of a
//! delay and every past value of a lag or window counts as an equation: each needs registers of its own.

use contingent_model::{
    CheckedModel, Condition, Council, CouncilRule, Effect, Expression, Formula, Measure, Memory, MemoryKind,
    Method, Quantity, SubscriptId, VariableKind,
};

use crate::configuration::{Configuration, Recording};
use crate::program::CompileError;

/// The most scalar equations: elements of variables and events, levels and past values.
const EQUATION_LIMIT: u64 = 200_000;
/// The most scalar operations after reductions are written out.
const OPERATION_LIMIT: u64 = 4_000_000;

/// Scalar equations and operations.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    equations: u64,
    operations: u64,
}

impl Size {
    fn operations(operations: u64) -> Self {
        Self { equations: 0, operations }
    }

    fn and(self, other: Self) -> Self {
        Self {
            equations: self.equations.saturating_add(other.equations),
            operations: self.operations.saturating_add(other.operations),
        }
    }

    fn larger(self, other: Self) -> Self {
        Self {
            equations: self.equations.max(other.equations),
            operations: self.operations.max(other.operations),
        }
    }

    fn times(self, n: u64) -> Self {
        Self { equations: self.equations.saturating_mul(n), operations: self.operations.saturating_mul(n) }
    }

    /// As many operations again for each evaluation; the equations are the same.
    fn evaluated(self, times: u64) -> Self {
        Self { operations: self.operations.saturating_mul(times), ..self }
    }
}

pub(super) fn check(model: &CheckedModel, configuration: &Configuration) -> Result<(), CompileError> {
    let mut total = Size::default();
    // At the start, and at every stage of a step.
    let evaluations = 1 + n_stages(model);
    for variable in &model.variables {
        let elements = n_elements(model, &variable.subscripts);
        let each = match &variable.kind {
            VariableKind::Assumption { .. }
            | VariableKind::Lever { .. }
            | VariableKind::Mechanism { .. }
            | VariableKind::Input(_) => Size::operations(1),
            VariableKind::Stock { initial, .. } => expression_size(model, initial),
            VariableKind::Flow { rate, to, .. } => {
                let shares = to.iter().filter_map(|to| to.share.as_ref());
                let shares = sum(shares.map(|share| expression_size(model, share)));
                expression_size(model, rate).and(shares).evaluated(evaluations)
            }
            VariableKind::Auxiliary { definition } => {
                expression_size(model, definition).evaluated(evaluations)
            }
            VariableKind::Decision(decision) => {
                let parts = decision.expressions().map(|part| expression_size(model, part));
                sum(parts).and(Size::operations(1 + 8 * decision.options.len() as u64))
            }
            VariableKind::Position(council) => council_size(model, council),
        };
        total = total.and(Size { equations: 1, operations: 0 }.and(each).times(elements));
    }
    for event in &model.events {
        let elements = n_elements(model, &event.subscripts);
        let when = event.when.as_ref().map_or_else(Size::default, |when| expression_size(model, when));
        let effects = sum(event.effects.iter().map(|effect| {
            let (Effect::Add { over, amount: size, .. }
            | Effect::Set { over, value: size, .. }
            | Effect::Move { over, quantity: size, .. }) = effect;
            expression_size(model, size).times(n_elements(model, over))
        }));
        let excitations = sum(event.excitations.iter().map(|excitation| {
            let parts =
                [expression_size(model, &excitation.ratio), expression_size(model, &excitation.duration)];
            // What is left, what is added, and the two numbers that both need.
            sum(parts).and(Size::operations(10)).times(n_elements(model, &excitation.over))
        }));
        let each = sum([
            Size { equations: 1, operations: 0 },
            expression_size(model, &event.hazard),
            when,
            excitations,
            effects,
        ]);
        total = total.and(each.times(elements));
    }
    for question in &model.questions {
        let measure = match &question.measure {
            Measure::Probability(formula) => formula_size(model, formula),
            Measure::Distribution(Quantity::At { expression, .. }) => expression_size(model, expression),
            Measure::Distribution(Quantity::FirstTime { condition }) => condition_size(model, condition),
        };
        let given =
            question.given.as_ref().map_or_else(Size::default, |formula| formula_size(model, formula));
        total = sum([total, measure, given]);
    }
    // A likelihood is some two hundred operations besides its parameters.
    let likelihood = Size::operations(200);
    for observation in &model.observations {
        let parameters = observation.parameters.iter().flatten().map(|of| expression_size(model, of));
        total = sum([total, sum(parameters), likelihood]);
    }
    if configuration.recording == Recording::Indicators {
        let indicators =
            model.indicators.iter().map(|indicator| expression_size(model, &indicator.expression));
        total = total.and(sum(indicators));
    }
    let Size { equations, operations } = total;
    if equations > EQUATION_LIMIT {
        return Err(CompileError::TooLarge { values: equations, limit: EQUATION_LIMIT });
    }
    if operations > OPERATION_LIMIT {
        return Err(CompileError::TooManyOperations { operations, limit: OPERATION_LIMIT });
    }
    Ok(())
}

/// What one dimension of a council takes.
fn council_size(model: &CheckedModel, council: &Council) -> Size {
    let n_members = model.subscript(council.members).elements.len() as u64;
    let asked = sum(council.expressions().map(|part| expression_size(model, part)));
    let rule = match council.rule {
        CouncilRule::WeightedMean => 4 * n_members,
        // Two selections of two each for every pair that may be exchanged.
        CouncilRule::WeightedMedian => 3 * n_members * n_members,
        CouncilRule::Challenge { .. } => 3 * n_members,
    };
    asked.and(Size::operations(4)).times(n_members).and(Size::operations(rule))
}

fn sum(sizes: impl IntoIterator<Item = Size>) -> Size {
    sizes.into_iter().fold(Size::default(), Size::and)
}

/// Evaluations of the rates within a step.
fn n_stages(model: &CheckedModel) -> u64 {
    match model.clock.method {
        Method::Euler | Method::Exact => 1,
        Method::RungeKutta => 4,
    }
}

fn n_elements(model: &CheckedModel, subscripts: &[SubscriptId]) -> u64 {
    subscripts
        .iter()
        .fold(1, |n: u64, id| n.saturating_mul(model.subscripts[id.index()].elements.len() as u64))
}

fn formula_size(model: &CheckedModel, formula: &Formula) -> Size {
    match formula {
        Formula::Within { condition, .. }
        | Formula::Always { condition, .. }
        | Formula::At { condition, .. } => condition_size(model, condition),
        Formula::Before { first, second } => condition_size(model, first).and(condition_size(model, second)),
    }
}

fn condition_size(model: &CheckedModel, condition: &Condition) -> Size {
    expression_size(model, &condition.expression)
}

/// Scalar operations and states of an expression, its reductions written out.
fn expression_size(model: &CheckedModel, expression: &Expression) -> Size {
    part_size(model, expression, 1 + n_stages(model))
}

/// The same, where what is remembered is lowered `evaluations` times: at the start and at every stage, or once
/// more inside of what is counted so already.
fn part_size(model: &CheckedModel, expression: &Expression, evaluations: u64) -> Size {
    let size = |part: &Expression| part_size(model, part, evaluations);
    let inner = match expression {
        Expression::Number(_)
        | Expression::Time
        | Expression::Position(_)
        | Expression::Variable { .. }
        | Expression::Event { .. } => Size::default(),
        Expression::Unary(_, a) | Expression::Lookup(_, a) => size(a),
        Expression::Binary(_, a, b) => sum([size(a), size(b)]),
        Expression::If(c, a, b) => sum([size(c), size(a), size(b)]),
        // A position is known where the expression is written out: one entry of a table is left.
        Expression::Select { selector, alternatives } if matches!(**selector, Expression::Position(_)) => {
            alternatives.iter().map(size).fold(Size::default(), Size::larger)
        }
        Expression::Select { selector, alternatives } => {
            sum([size(selector), sum(alternatives.iter().map(size))])
        }
        Expression::Call(_, arguments) | Expression::Draw { arguments, .. } => {
            sum(arguments.iter().map(size))
        }
        Expression::Reduce { over, body, .. } => size(body).times(n_elements(model, over)),
        Expression::Memory(memory) => memory_size(model, memory, evaluations),
    };
    inner.and(Size::operations(1))
}

/// A memory: its parts, its states, and what these cost in a step.
fn memory_size(model: &CheckedModel, memory: &Memory, evaluations: u64) -> Size {
    /// What moves through a level, and adding it.
    const PER_LEVEL: u64 = 4;
    let parts = sum(memory.parts().map(|part| part_size(model, part, 1))).evaluated(evaluations);
    let (states, operations) = match &memory.kind {
        MemoryKind::Delay { order, .. } | MemoryKind::Smooth { order, .. } => {
            (u64::from(*order), (u64::from(*order) * PER_LEVEL + 2) * n_stages(model))
        }
        MemoryKind::Lag { steps } => (*steps as u64, *steps as u64),
        // Shifted, and added up afresh.
        MemoryKind::Window { steps, .. } => (*steps as u64, (*steps as u64).saturating_mul(2)),
        MemoryKind::Ever => (1, 1),
    };
    parts.and(Size { equations: states, operations })
}
