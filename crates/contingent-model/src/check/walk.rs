//! Walks over typed trees and resolved expressions.

use contingent_syntax::ast;

use crate::checked::{CheckedModel, Effect, Formula, Measure, Quantity, VariableKind};
use crate::expression::Expression;

/// Calls `visit` for an expression and, where it returns true, for every expression inside it.
pub(super) fn each<'e>(expression: &'e ast::Expression, visit: &mut dyn FnMut(&'e ast::Expression) -> bool) {
    use ast::ExpressionKind as K;
    if !visit(expression) {
        return;
    }
    match &expression.kind {
        K::Number { .. } | K::Date(_) | K::Reference(_) => {}
        K::Negate(inner) | K::Not(inner) | K::Per(inner, _) => each(inner, visit),
        K::Binary(_, _, left, right) => {
            each(left, visit);
            each(right, visit);
        }
        K::If(condition, yes, no) => {
            each(condition, visit);
            each(yes, visit);
            each(no, visit);
        }
        K::Match(selector, arms) => {
            each(selector, visit);
            for (_, arm) in arms {
                each(arm, visit);
            }
        }
        K::Table(entries) => {
            for (_, entry) in entries {
                each(entry, visit);
            }
        }
        K::Call { arguments, window, .. } => {
            if let Some(window) = window {
                each(window, visit);
            }
            for argument in arguments {
                if let ast::ValueKind::Expression(inner) = &argument.value.kind {
                    each(inner, visit);
                }
            }
        }
    }
}

/// How many expressions a resolved expression consists of.
pub(super) fn size(expression: &Expression) -> usize {
    let mut n = 0;
    each_resolved(expression, &mut |_| n += 1);
    n
}

/// Which parts of what is remembered a walk enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Through {
    /// All of them.
    Everything,
    /// Those whose values at t the value at t depends on.
    Present,
    /// Those that give the value at the start.
    Start,
}

/// Calls `visit` for a resolved expression and every expression inside it.
pub fn each_resolved(expression: &Expression, visit: &mut dyn FnMut(&Expression)) {
    each_through(expression, Through::Everything, visit);
}

/// Calls `visit` for a resolved expression and the expressions inside it, in what is remembered only for
/// those asked for.
pub(super) fn each_through(expression: &Expression, through: Through, visit: &mut dyn FnMut(&Expression)) {
    visit(expression);
    match expression {
        Expression::Number(_)
        | Expression::Time
        | Expression::Position(_)
        | Expression::Variable { .. }
        | Expression::Event { .. } => {}
        Expression::Unary(_, inner)
        | Expression::Lookup(_, inner)
        | Expression::Reduce { body: inner, .. } => {
            each_through(inner, through, visit);
        }
        Expression::Binary(_, left, right) => {
            each_through(left, through, visit);
            each_through(right, through, visit);
        }
        Expression::If(condition, yes, no) => {
            each_through(condition, through, visit);
            each_through(yes, through, visit);
            each_through(no, through, visit);
        }
        Expression::Select { selector, alternatives } => {
            each_through(selector, through, visit);
            for inner in alternatives {
                each_through(inner, through, visit);
            }
        }
        Expression::Call(_, arguments) | Expression::Draw { arguments, .. } => {
            for inner in arguments {
                each_through(inner, through, visit);
            }
        }
        Expression::Memory(memory) => match through {
            Through::Everything => memory.parts().for_each(|part| each_through(part, through, visit)),
            Through::Present => memory.present_parts().for_each(|part| each_through(part, through, visit)),
            Through::Start => {
                memory.start_part().into_iter().for_each(|part| each_through(part, through, visit));
            }
        },
    }
}

/// The value of an expression that consists of numbers and arithmetic only.
pub(super) fn constant(expression: &Expression) -> Option<f64> {
    use crate::expression::BinaryOperator as B;
    match expression {
        Expression::Number(value) => Some(*value),
        Expression::Unary(crate::expression::UnaryOperator::Negate, inner) => constant(inner).map(|x| -x),
        Expression::Binary(operator, left, right) => {
            let (a, b) = (constant(left)?, constant(right)?);
            match operator {
                B::Add => Some(a + b),
                B::Subtract => Some(a - b),
                B::Multiply => Some(a * b),
                B::Divide => Some(a / b),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Calls `visit` for every expression of the dynamics and of what is asked.
pub(super) fn for_each_expression(model: &CheckedModel, visit: &mut dyn FnMut(&Expression)) {
    for variable in &model.variables {
        match &variable.kind {
            VariableKind::Stock { initial, .. } => visit(initial),
            VariableKind::Flow { rate, to, .. } => {
                visit(rate);
                to.iter().filter_map(|to| to.share.as_ref()).for_each(&mut *visit);
            }
            VariableKind::Auxiliary { definition } => visit(definition),
            VariableKind::Decision(decision) => {
                decision.expressions().for_each(&mut *visit);
            }
            VariableKind::Position(council) => council.expressions().for_each(&mut *visit),
            VariableKind::Assumption { .. }
            | VariableKind::Lever { .. }
            | VariableKind::Mechanism { .. }
            | VariableKind::Input(_) => {}
        }
    }
    for event in &model.events {
        visit(&event.hazard);
        if let Some(when) = &event.when {
            visit(when);
        }
        for excitation in &event.excitations {
            visit(&excitation.ratio);
            visit(&excitation.duration);
        }
        for effect in &event.effects {
            let (Effect::Add { amount: expression, .. }
            | Effect::Set { value: expression, .. }
            | Effect::Move { quantity: expression, .. }) = effect;
            visit(expression);
        }
    }
    let formula = |formula: &Formula, visit: &mut dyn FnMut(&Expression)| match formula {
        Formula::Within { condition, .. }
        | Formula::Always { condition, .. }
        | Formula::At { condition, .. } => visit(&condition.expression),
        Formula::Before { first, second } => {
            visit(&first.expression);
            visit(&second.expression);
        }
    };
    for question in &model.questions {
        match &question.measure {
            Measure::Probability(asked) => formula(asked, visit),
            Measure::Distribution(Quantity::At { expression, .. }) => visit(expression),
            Measure::Distribution(Quantity::FirstTime { condition }) => visit(&condition.expression),
        }
        if let Some(given) = &question.given {
            formula(given, visit);
        }
    }
    for indicator in &model.indicators {
        visit(&indicator.expression);
    }
    for observation in &model.observations {
        observation.parameters.iter().flatten().for_each(&mut *visit);
    }
}
