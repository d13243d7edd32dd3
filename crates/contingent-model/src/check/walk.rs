//! Walks over typed trees and resolved expressions.

use contingent_syntax::ast;

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
        K::Call { arguments, .. } => {
            for argument in arguments {
                if let ast::ValueKind::Expression(inner) = &argument.value.kind {
                    each(inner, visit);
                }
            }
        }
    }
}

/// Calls `visit` for a resolved expression and every expression inside it.
pub(crate) fn each_resolved(expression: &Expression, visit: &mut dyn FnMut(&Expression)) {
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
            each_resolved(inner, visit);
        }
        Expression::Binary(_, left, right) => {
            each_resolved(left, visit);
            each_resolved(right, visit);
        }
        Expression::If(condition, yes, no) => {
            each_resolved(condition, visit);
            each_resolved(yes, visit);
            each_resolved(no, visit);
        }
        Expression::Select { selector, alternatives } => {
            each_resolved(selector, visit);
            for inner in alternatives {
                each_resolved(inner, visit);
            }
        }
        Expression::Call(_, arguments) | Expression::Draw { arguments, .. } => {
            for inner in arguments {
                each_resolved(inner, visit);
            }
        }
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
