//! Tables: a value per element, one table inside another for several subscripts.
//!
//! Enters: the entries of a written table. Leaves: the subscript that it runs over and which entry holds for
//! each element. Always holds: a table runs over the first subscript that has an element here, has the
//! elements that the table names, and is not run over by a table around it; every element has one entry, its
//! own or that of `else`, which stands last.

use contingent_syntax::ast::{self, ExpressionKind, Name};
use contingent_syntax::{Code, Diagnostic, Span};

use super::collect::list;
use super::index::Along;
use super::walk::constant;
use super::{Checker, Scope};
use crate::checked::{SubscriptId, VariableId};
use crate::expression::Expression;
use crate::unit::Unit;

/// What a table runs over.
pub(super) struct Table {
    /// The subscript; none when it could not be found out.
    pub(super) subscript: Option<SubscriptId>,
    /// For each element the position of its entry; none when there is a mistake.
    pub(super) order: Option<Vec<usize>>,
}

const ELSE: &str = "else";

impl Checker<'_> {
    /// The subscript that a table runs over, and for each element the position of its entry.
    pub(super) fn table<V>(&mut self, scope: &Scope, entries: &[(Name, V)], span: Span) -> Table {
        let nothing = Table { subscript: None, order: None };
        if entries.is_empty() {
            self.report(
                Diagnostic::error(Code::SubscriptMismatch, "the table has no values", span, "empty")
                    .help("write a value per element: `{ kabul: 1, east: 2 }`"),
            );
            return nothing;
        }
        let first = entries.iter().map(|(name, _)| name).find(|name| name.text != ELSE);
        let holds =
            |id: &SubscriptId| first.is_none_or(|first| self.element_named(*id, &first.text).is_some());
        let open: Vec<SubscriptId> =
            scope.bound.iter().copied().filter(|id| !self.tabled.contains(id)).collect();
        let meant = open.iter().copied().find(holds).or_else(|| self.probably_over(&open, entries));
        let Some(subscript) = meant else {
            if !scope.lenient {
                self.no_subscript_for(scope, first.unwrap_or(&entries[0].0));
            }
            return nothing;
        };
        let n = self.model.subscript(subscript).elements.len();
        let broken = Table { subscript: Some(subscript), order: None };
        let mut order = vec![None; n];
        let mut otherwise = None;
        for (i, (name, _)) in entries.iter().enumerate() {
            if name.text == ELSE {
                if otherwise.replace(i).is_some() {
                    self.report(two_values(name));
                } else if entries[i + 1..].iter().any(|(name, _)| name.text != ELSE) {
                    self.report(
                        Diagnostic::error(
                            Code::SubscriptMismatch,
                            "`else` stands before other entries of the table",
                            name.span,
                            "holds for all that are not named",
                        )
                        .help("put `else` last"),
                    );
                }
            } else if let Some(position) = self.element_named(subscript, &name.text) {
                if order[position].replace(i).is_some() {
                    self.report(two_values(name));
                }
            } else {
                self.unknown_element(Code::UnknownAlternative, name, subscript);
                return broken;
            }
        }
        let missing: Vec<String> = (0..n)
            .filter(|&position| order[position].is_none() && otherwise.is_none())
            .map(|position| self.model.subscript(subscript).elements[position].clone())
            .collect();
        if !missing.is_empty() {
            self.report(
                Diagnostic::error(
                    Code::SubscriptMismatch,
                    format!("the table has no value for {}", list(&missing)),
                    span,
                    "incomplete",
                )
                .help("give every element a value, or say what holds for the others with `else: ...` as the last entry"),
            );
            return broken;
        }
        Table {
            subscript: Some(subscript),
            order: Some(order.into_iter().filter_map(|entry| entry.or(otherwise)).collect()),
        }
    }

    /// The subscript that a table is meant to run over although its first entry is misspelt.
    fn probably_over<V>(&self, open: &[SubscriptId], entries: &[(Name, V)]) -> Option<SubscriptId> {
        let has_any =
            |id: SubscriptId| entries.iter().any(|(name, _)| self.element_named(id, &name.text).is_some());
        let is_known = |word: &str| {
            self.model.subscripts.iter().any(|one| one.elements.iter().any(|element| element == word))
        };
        match open {
            [only] if entries.iter().all(|(name, _)| name.text == ELSE || !is_known(&name.text)) => {
                Some(*only)
            }
            _ => open.iter().copied().find(|&id| has_any(id)),
        }
    }

    fn no_subscript_for(&mut self, scope: &Scope, first: &Name) {
        let around = self.tabled.iter().copied().find(|&id| self.element_named(id, &first.text).is_some());
        if let Some(around) = around {
            let name = self.model.subscript(around).name.clone();
            self.report(
                Diagnostic::error(
                    Code::SubscriptMismatch,
                    format!("a table over `{name}` stands inside another one"),
                    first.span,
                    format!("`{name}` is settled here already"),
                )
                .help(format!(
                    "a table inside a table runs over another subscript: `name[{name}, {name}2]`, with \
                     `subscript {name}2 = {name}`"
                )),
            );
            return;
        }
        let names: Vec<String> =
            scope.bound.iter().map(|id| self.model.subscripts[id.index()].name.clone()).collect();
        let headline = if names.is_empty() {
            "a value per element stands in a declaration without subscripts".to_owned()
        } else if first.text == ELSE {
            format!(
                "a table stands where {} {} settled",
                list(&names),
                if names.len() == 1 { "is" } else { "are" }
            )
        } else {
            format!("`{}` is not an element of {}", first.text, list(&names))
        };
        self.report(
            Diagnostic::error(Code::SubscriptMismatch, headline, first.span, "not an element here")
                .help("the declaration must have the subscript: `aux name[region] = { kabul: 1, east: 2 }`"),
        );
    }

    /// Reads each entry of a table, which runs over `subscript`; where that is not known, no table in it.
    pub(super) fn entries<V, R>(
        &mut self,
        subscript: Option<SubscriptId>,
        entries: &[(Name, V)],
        is_table: impl Fn(&V) -> bool,
        mut read: impl FnMut(&mut Self, &V) -> R,
    ) -> Vec<Option<R>> {
        let depth = self.tabled.len();
        self.tabled.extend(subscript);
        let mut found = Vec::with_capacity(entries.len());
        for (_, entry) in entries {
            let is_skipped = subscript.is_none() && is_table(entry);
            found.push((!is_skipped).then(|| read(self, entry)));
        }
        self.tabled.truncate(depth);
        found
    }

    /// The numbers that a setting gives to the elements of a variable, by position, in base units.
    pub(super) fn settings(
        &mut self,
        id: VariableId,
        places: &[Along],
        value: &ast::Expression,
        unit: &Unit,
        place: (Span, &str),
    ) -> Option<Vec<(usize, f64)>> {
        let bound: Vec<SubscriptId> = over(places);
        let mut scope =
            Scope { actor: None, bound, chance: Err("in the setting of a lever"), lenient: false };
        let before = self.n_reported;
        let resolved = self.number_in(&mut scope, value, unit, Some(place));
        if self.n_reported > before {
            return None;
        }
        let mut settings = Vec::new();
        for at in self.model.combinations(&scope.bound) {
            let Some(number) = constant_at(&resolved, &at) else {
                self.report(
                    Diagnostic::error(
                        Code::NotConstant,
                        "a lever is set to a number",
                        value.span,
                        "depends on something else",
                    )
                    .help("write a number, for example `lever = 80%`, or a number per element"),
                );
                return None;
            };
            settings.push((self.element_at(id, places, &at), number));
        }
        Some(settings)
    }

    /// The element of a variable at which a setting applies, where the subscripts that are set have elements.
    pub(super) fn element_at(&self, id: VariableId, places: &[Along], at: &[(SubscriptId, usize)]) -> usize {
        let subscripts = &self.model.variable(id).subscripts;
        subscripts.iter().zip(places).fold(0, |element, (&subscript, place)| {
            let position = match *place {
                Along::One(position) => position,
                Along::Every(part) => {
                    let here = at.iter().find(|&&(id, _)| id == part).map_or(0, |&(_, position)| position);
                    self.model.translate(part, here, subscript).unwrap_or(0)
                }
            };
            element * self.model.subscript(subscript).elements.len() + position
        })
    }
}

/// The subscripts that a setting runs over.
pub(super) fn over(places: &[Along]) -> Vec<SubscriptId> {
    places
        .iter()
        .filter_map(|place| match place {
            Along::Every(subscript) => Some(*subscript),
            Along::One(_) => None,
        })
        .collect()
}

/// Whether an expression is a table.
pub(super) fn is_table(expression: &ast::Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Table(_))
}

/// The value of a number or table of numbers where subscripts have these elements.
pub(super) fn constant_at(expression: &Expression, at: &[(SubscriptId, usize)]) -> Option<f64> {
    match expression {
        Expression::Select { selector, alternatives } => {
            let Expression::Position(subscript) = **selector else { return None };
            let &(_, position) = at.iter().find(|&&(id, _)| id == subscript)?;
            constant_at(alternatives.get(position)?, at)
        }
        other => constant(other),
    }
}

pub(super) fn two_values(name: &Name) -> Diagnostic {
    let headline = format!("`{}` has two values", name.text);
    Diagnostic::error(Code::DuplicateName, headline, name.span, "again here").help("keep one of the two")
}
