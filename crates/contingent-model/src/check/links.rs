//! `links`: who is linked with whom.
//!
//! Enters: pairs of elements with weights. Leaves: the weights as the definition of an auxiliary with two
//! subscripts, 0 where nothing is said. Always holds: no pair stands twice, nothing is linked with itself, and
//! a link both ways joins elements of one set.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use contingent_syntax::ast::{DeclarationKind, Head, Link};
use contingent_syntax::{Code, Diagnostic, Span};

use super::walk::constant;
use super::{Checker, Type};
use crate::checked::{Links, SubscriptId, VariableId, VariableKind};
use crate::expression::Expression;
use crate::unit::{Dimension, Unit};

impl Checker<'_> {
    pub(super) fn check_links(&mut self) {
        for i in 0..self.model.variables.len() {
            let id = VariableId(i as u32);
            let DeclarationKind::Links { head, links, grounds } = self.variable_declaration(id) else {
                continue;
            };
            let place = head.name.span;
            let of = self.types[i].clone().unwrap_or(Type::Any);
            self.model.variables[i].unit = self.display_unit(&of, self.declared_units[i].as_ref());
            if let Some(definition) = self.weights(id, head, links) {
                self.model.variables[i].kind = VariableKind::Auxiliary { definition };
            }
            let grounds = self.grounds(grounds.as_ref(), None, place);
            self.model.links.push(Links { variable: id, grounds });
        }
    }

    /// The two subscripts of a `links` declaration.
    fn ends(&mut self, id: VariableId, head: &Head) -> Option<[SubscriptId; 2]> {
        let variable = self.model.variable(id);
        if let [rows, columns] = *variable.subscripts.as_slice() {
            return Some([rows, columns]);
        }
        if !self.broken_subscripts.contains(&variable.span) {
            let (place, name) = (variable.span, head.name.text.clone());
            let found = variable.subscripts.len();
            let example = variable
                .subscripts
                .first()
                .map_or_else(|| "region".to_owned(), |&id| self.model.subscript(id).name.clone());
            self.report(
                Diagnostic::error(
                    Code::InvalidLinks,
                    format!("the links `{name}` have {found} subscript{}", if found == 1 { "" } else { "s" }),
                    place,
                    "two are needed: from which, and to which",
                )
                .help(format!(
                    "write `links {name}[{example}, {example}2] {{ ... }}`, with `subscript {example}2 = {example}`"
                )),
            );
        }
        None
    }

    fn weights(&mut self, id: VariableId, head: &Head, links: &[Link]) -> Option<Expression> {
        let [rows, columns] = self.ends(id, head)?;
        let one = Unit { dimension: Dimension::none(), scale: 1.0, is_share: false, text: "1".to_owned() };
        let unit = match (&head.unit, self.declared_units[id.index()].clone()) {
            (_, Some(unit)) => unit,
            (None, None) => one,
            (Some(_), None) => return None,
        };
        let same_set = self.model.set_of(rows) == self.model.set_of(columns);
        let [n_rows, n_columns] = [rows, columns].map(|id| self.model.subscript(id).elements.len());
        let mut weights: HashMap<(usize, usize), (f64, Span)> = HashMap::new();
        for link in links {
            let [from, to] = [(&link.from, rows), (&link.to, columns)].map(|(name, subscript)| {
                let found = self.element_named(subscript, &name.text);
                if found.is_none() {
                    self.unknown_element(Code::SubscriptMismatch, name, subscript);
                }
                found
            });
            let weight = self.weight_of(link, head, &unit);
            let (Some(from), Some(to), Some(weight)) = (from, to, weight) else { continue };
            if same_set && link.from.text == link.to.text {
                self.report(
                    Diagnostic::error(
                        Code::InvalidLinks,
                        format!("`{}` is linked with itself", link.from.text),
                        link.span,
                        "the same at both ends",
                    )
                    .help("a link joins two; what happens within one is an `aux` of its own"),
                );
                continue;
            }
            let back = self.model.translate(columns, to, rows).zip(self.model.translate(rows, from, columns));
            if link.both_ways && back.is_none() {
                let [a, b] = [rows, columns].map(|id| self.model.subscript(id).name.clone());
                self.report(
                    Diagnostic::error(
                        Code::InvalidLinks,
                        format!("a link both ways needs both ends in `{a}` and in `{b}`"),
                        link.span,
                        "one end is in one of them only",
                    )
                    .and(head.name.span, format!("from `{a}` to `{b}`"))
                    .help(format!("write `{} -> {}` for a link one way", link.from.text, link.to.text)),
                );
                continue;
            }
            let pairs = [Some((from, to)), back.filter(|_| link.both_ways)];
            for pair in pairs.into_iter().flatten() {
                match weights.entry(pair) {
                    Entry::Vacant(slot) => {
                        slot.insert((weight, link.span));
                    }
                    Entry::Occupied(first) => {
                        let first = first.get().1;
                        self.report(
                            Diagnostic::error(
                                Code::InvalidLinks,
                                format!("`{}` and `{}` are linked twice", link.from.text, link.to.text),
                                link.span,
                                "again here",
                            )
                            .and(first, "first here")
                            .help("keep one of the two; `a - b` holds both ways, `a -> b` one way"),
                        );
                        break;
                    }
                }
            }
        }
        let by = |selector, alternatives| Expression::Select {
            selector: Box::new(Expression::Position(selector)),
            alternatives,
        };
        let row = |from: usize| -> Vec<Expression> {
            let weight = |to: usize| weights.get(&(from, to)).map_or(0.0, |&(weight, _)| weight);
            (0..n_columns).map(|to| Expression::Number(weight(to))).collect()
        };
        Some(by(rows, (0..n_rows).map(|from| by(columns, row(from))).collect()))
    }

    /// The weight of a link in base units: 1 of the declared unit unless it is written.
    fn weight_of(&mut self, link: &Link, head: &Head, unit: &Unit) -> Option<f64> {
        let Some(written) = &link.weight else { return Some(unit.scale) };
        let before = self.n_reported;
        let mut scope = self.scope(None, &[], head.name.span, Err("in a link"));
        let place = head
            .unit
            .as_ref()
            .map_or((head.name.span, "these weights have no unit"), |text| (text.span, "declared here"));
        let value = self.number_in(&mut scope, written, unit, Some(place));
        if self.n_reported > before {
            return None;
        }
        let found = constant(&value);
        if found.is_none() {
            self.report(
                Diagnostic::error(
                    Code::NotConstant,
                    "the weight of a link must be a number",
                    written.span,
                    "depends on something else",
                )
                .help("write a number here, and multiply by what is not known in an `aux`"),
            );
        }
        found
    }
}
