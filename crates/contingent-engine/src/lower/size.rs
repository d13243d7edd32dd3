//! How large a model becomes, before anything is expanded.
//!
//! Enters: the model. Leaves: nothing, or the estimate that is too large. Always holds: the estimate counts
//! every scalar that lowering would visit, so a model that passes is lowered in bounded memory.

use contingent_model::{
    CheckedModel, ChoiceRule, Condition, Effect, Expression, Formula, Measure, Quantity, SubscriptId,
    VariableKind,
};

use crate::configuration::{Configuration, Recording};
use crate::program::CompileError;

/// The most scalar equations: elements of variables and events.
const EQUATION_LIMIT: u64 = 200_000;
/// The most scalar operations after reductions are written out.
const OPERATION_LIMIT: u64 = 4_000_000;

pub(super) fn check(model: &CheckedModel, configuration: &Configuration) -> Result<(), CompileError> {
    let mut equations = 0u64;
    let mut operations = 0u64;
    for variable in &model.variables {
        let elements = n_elements(model, &variable.subscripts);
        let each = match &variable.kind {
            VariableKind::Assumption { .. }
            | VariableKind::Lever { .. }
            | VariableKind::Mechanism { .. }
            | VariableKind::Input(_) => 1,
            VariableKind::Stock { initial, .. } => expression_size(model, initial),
            VariableKind::Flow { rate: definition, .. } | VariableKind::Auxiliary { definition } => {
                expression_size(model, definition).saturating_mul(2)
            }
            VariableKind::Decision(decision) => {
                let rule = match &decision.rule {
                    ChoiceRule::Logit { rationality } => expression_size(model, rationality),
                    ChoiceRule::Best | ChoiceRule::Fixed(_) => 1,
                };
                sum(decision.worths.iter().map(|worth| expression_size(model, worth))).saturating_add(rule)
            }
        };
        equations = equations.saturating_add(elements);
        operations = operations.saturating_add(elements.saturating_mul(each));
    }
    for event in &model.events {
        let elements = n_elements(model, &event.subscripts);
        let when = event.when.as_ref().map_or(0, |when| expression_size(model, when));
        let effects = sum(event.effects.iter().map(|effect| {
            let (Effect::Add { over, amount: size, .. }
            | Effect::Set { over, value: size, .. }
            | Effect::Move { over, quantity: size, .. }) = effect;
            n_elements(model, over).saturating_mul(expression_size(model, size))
        }));
        let each = sum([expression_size(model, &event.hazard), when, effects]);
        equations = equations.saturating_add(elements);
        operations = operations.saturating_add(elements.saturating_mul(each));
    }
    for question in &model.questions {
        let measure = match &question.measure {
            Measure::Probability(formula) => formula_size(model, formula),
            Measure::Distribution(Quantity::At { expression, .. }) => expression_size(model, expression),
            Measure::Distribution(Quantity::FirstTime { condition }) => condition_size(model, condition),
        };
        let given = question.given.as_ref().map_or(0, |formula| formula_size(model, formula));
        operations = sum([operations, measure, given]);
    }
    if configuration.recording == Recording::Indicators {
        let size =
            sum(model.indicators.iter().map(|indicator| expression_size(model, &indicator.expression)));
        operations = operations.saturating_add(size);
    }
    if equations > EQUATION_LIMIT {
        return Err(CompileError::TooLarge { values: equations, limit: EQUATION_LIMIT });
    }
    if operations > OPERATION_LIMIT {
        return Err(CompileError::TooManyOperations { operations, limit: OPERATION_LIMIT });
    }
    Ok(())
}

fn sum(sizes: impl IntoIterator<Item = u64>) -> u64 {
    sizes.into_iter().fold(0, u64::saturating_add)
}

fn n_elements(model: &CheckedModel, subscripts: &[SubscriptId]) -> u64 {
    subscripts
        .iter()
        .fold(1, |n: u64, id| n.saturating_mul(model.subscripts[id.index()].elements.len() as u64))
}

fn formula_size(model: &CheckedModel, formula: &Formula) -> u64 {
    match formula {
        Formula::Within { condition, .. }
        | Formula::Always { condition, .. }
        | Formula::At { condition, .. } => condition_size(model, condition),
        Formula::Before { first, second } => {
            condition_size(model, first).saturating_add(condition_size(model, second))
        }
    }
}

fn condition_size(model: &CheckedModel, condition: &Condition) -> u64 {
    expression_size(model, &condition.expression)
}

/// Scalar operations of an expression, its reductions written out.
fn expression_size(model: &CheckedModel, expression: &Expression) -> u64 {
    let inner = match expression {
        Expression::Number(_)
        | Expression::Time
        | Expression::Position(_)
        | Expression::Variable { .. }
        | Expression::Event { .. } => 0,
        Expression::Unary(_, a) | Expression::Lookup(_, a) => expression_size(model, a),
        Expression::Binary(_, a, b) => sum([expression_size(model, a), expression_size(model, b)]),
        Expression::If(c, a, b) => {
            sum([expression_size(model, c), expression_size(model, a), expression_size(model, b)])
        }
        Expression::Select { selector, alternatives } => sum([
            expression_size(model, selector),
            sum(alternatives.iter().map(|alternative| expression_size(model, alternative))),
        ]),
        Expression::Call(_, arguments) | Expression::Draw { arguments, .. } => {
            sum(arguments.iter().map(|argument| expression_size(model, argument)))
        }
        Expression::Reduce { over, body, .. } => {
            n_elements(model, over).saturating_mul(expression_size(model, body))
        }
    };
    inner.saturating_add(1)
}
