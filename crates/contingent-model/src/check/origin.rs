//! Where the unit of an expression comes from.
//!
//! Enters: a diagnostic about units and the expression that it speaks of. Leaves: the diagnostic, with a label
//! at the declaration that set the unit. Always holds: a chain of inferred units is followed to its end, and
//! a product is its own origin; no place is labelled twice.

use contingent_syntax::ast::DeclarationKind;
use contingent_syntax::{Diagnostic, Span};

use super::{Checker, Typed};
use crate::checked::{LookupId, VariableId, VariableKind};
use crate::expression::{BinaryOperator, Expression, Function, Reduction, UnaryOperator};

/// Longest chain of inferred units that is followed.
const MAX_CHAIN: usize = 100;

/// The declaration that an expression has its unit from.
#[derive(Clone, Copy)]
enum Origin {
    Variable(VariableId),
    Lookup(LookupId),
}

/// What has the unit of the whole, when a part of the expression alone decides it.
fn origin(expression: &Expression) -> Option<Origin> {
    use Expression as E;
    match expression {
        E::Variable { variable, .. } => Some(Origin::Variable(*variable)),
        E::Lookup(lookup, _) => Some(Origin::Lookup(*lookup)),
        E::Unary(UnaryOperator::Negate, inner)
        | E::Reduce {
            reduction: Reduction::Sum | Reduction::Mean | Reduction::Min | Reduction::Max,
            body: inner,
            ..
        } => origin(inner),
        E::Binary(BinaryOperator::Add | BinaryOperator::Subtract, a, b) => origin(a).or_else(|| origin(b)),
        E::If(_, yes, no) => origin(yes).or_else(|| origin(no)),
        E::Select { alternatives, .. } => alternatives.iter().find_map(origin),
        E::Call(
            Function::Abs
            | Function::Floor
            | Function::Ceil
            | Function::Round
            | Function::Min
            | Function::Max
            | Function::Clamp,
            arguments,
        ) => arguments.iter().find_map(origin),
        _ => None,
    }
}

impl Checker<'_> {
    /// Adds a label where the unit of `typed` was declared or inferred from, when that is elsewhere.
    pub(super) fn with_origin(&self, diagnostic: Diagnostic, typed: &Typed) -> Diagnostic {
        let Some((span, text)) = origin(&typed.expression).and_then(|origin| self.unit_origin(origin)) else {
            return diagnostic;
        };
        let is_known =
            diagnostic.primary.span == span || diagnostic.secondary.iter().any(|label| label.span == span);
        if is_known { diagnostic } else { diagnostic.and(span, text) }
    }

    fn unit_origin(&self, start: Origin) -> Option<(Span, String)> {
        let mut current = start;
        for _ in 0..MAX_CHAIN {
            let id = match current {
                Origin::Lookup(id) => {
                    let mut lookups = self.items.iter().filter_map(|item| match &item.declaration.kind {
                        DeclarationKind::Lookup { unit, .. } => Some(unit.span),
                        _ => None,
                    });
                    let name = &self.model.lookups[id.index()].name;
                    return Some((lookups.nth(id.index())?, format!("`{name}` is declared in this unit")));
                }
                Origin::Variable(id) => id,
            };
            let variable = self.model.variable(id);
            let name = &variable.name;
            match self.variable_declaration(id) {
                DeclarationKind::Flow { from, to, .. } => {
                    let end = to.first().map(|to| &to.stock).or(from.as_ref())?;
                    return Some((end.span, format!("`{name}` changes this stock, per time")));
                }
                DeclarationKind::Auxiliary { head, definition } => {
                    if let Some(unit) = &head.unit {
                        return Some((unit.span, format!("`{name}` is declared in this unit")));
                    }
                    let VariableKind::Auxiliary { definition: resolved } = &variable.kind else {
                        return None;
                    };
                    match origin(resolved) {
                        Some(next) => current = next,
                        None => return Some((definition.span, format!("`{name}` has its unit from this"))),
                    }
                }
                DeclarationKind::Assume { head, value, .. } => {
                    let text = match &head.unit {
                        Some(unit) => (unit.span, format!("`{name}` is declared in this unit")),
                        None => (value.span, format!("`{name}` has its unit from this")),
                    };
                    return Some(text);
                }
                DeclarationKind::Stock { head, .. }
                | DeclarationKind::Lever { head, .. }
                | DeclarationKind::Input { head, .. } => {
                    let unit = head.unit.as_ref()?;
                    return Some((unit.span, format!("`{name}` is declared in this unit")));
                }
                _ => return None,
            }
        }
        None
    }
}
