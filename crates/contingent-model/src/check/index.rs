//! What stands in square brackets after a name, and what stands there when nothing is written.
//!
//! Enters: a reference and the subscripts of what it refers to. Leaves: one [`Index`] per subscript. Always
//! holds: an index is an element, or a subscript that has an element here and of which every element is one
//! of the subscript that it stands for. Without brackets a subscript stands for itself; where it has no
//! element, for the one second index or subset that has.

use contingent_syntax::ast::{self, ExpressionKind, IndexItem, Name, Reference};
use contingent_syntax::{Code, Diagnostic, Span};

use super::collect::list;
use super::{Checker, Scope, Symbol, walk};
use crate::checked::{SubscriptId, VariableId};
use crate::expression::{Exclusion, Expression, Index};

/// A subscript that a reference mentions, and whether by name.
pub(super) type Mentioned = (SubscriptId, bool);

/// Where a setting applies along one subscript of what is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Along {
    /// At one element, by position.
    One(usize),
    /// At every element of a subscript: that of the declaration, or one whose elements it has.
    Every(SubscriptId),
}

impl Checker<'_> {
    /// Reports brackets that have not one item per subscript.
    fn counted(&mut self, reference: &Reference, name: &str, subscripts: &[SubscriptId]) -> bool {
        let Some(items) = &reference.indices else { return true };
        if items.len() == subscripts.len() {
            return true;
        }
        let names: Vec<String> =
            subscripts.iter().map(|id| self.model.subscripts[id.index()].name.clone()).collect();
        let has = if names.is_empty() {
            "no subscripts".to_owned()
        } else {
            format!("the subscript{} {}", if names.len() == 1 { "" } else { "s" }, list(&names))
        };
        self.report(
            Diagnostic::error(
                Code::SubscriptMismatch,
                format!("`{name}` has {has}, found {} in brackets", items.len()),
                reference.span,
                "wrong number of subscripts",
            )
            .help(if names.is_empty() {
                format!("write `{name}` without brackets")
            } else {
                format!("write `{name}[{}]`", names.join(", "))
            }),
        );
        false
    }

    /// One index per subscript of what is referred to. Subscripts that are not bound are collected in
    /// `free` when it is given, else they are a mistake.
    pub(super) fn indices(
        &mut self,
        scope: &Scope,
        reference: &Reference,
        name: &str,
        subscripts: &[SubscriptId],
        mut free: Option<&mut Vec<SubscriptId>>,
    ) -> Option<Vec<Index>> {
        if !self.counted(reference, name, subscripts) {
            return None;
        }
        let mut indices = Vec::new();
        for (i, &id) in subscripts.iter().enumerate() {
            let (meant, is_written) = match reference.indices.as_ref().map(|items| &items[i]) {
                Some(IndexItem::Named(word)) => match self.named_index(scope, word, id, name)? {
                    Index::Bound(meant) => (meant, true),
                    element @ Index::Element(..) => {
                        indices.push(element);
                        continue;
                    }
                },
                Some(IndexItem::Except { subscript, excluded, span }) => {
                    let meant = self.exclusion(scope, subscript, excluded, *span, id, name)?;
                    indices.push(Index::Bound(meant));
                    continue;
                }
                Some(IndexItem::All(_)) => (id, true),
                None => (id, false),
            };
            if scope.bound.contains(&meant) {
                indices.push(Index::Bound(meant));
                continue;
            }
            if !is_written {
                let same: Vec<SubscriptId> =
                    scope.bound.iter().copied().filter(|&b| self.model.is_part_of(b, id)).collect();
                match same.as_slice() {
                    [] => {}
                    [only] => {
                        indices.push(Index::Bound(*only));
                        continue;
                    }
                    [first, second, ..] => {
                        self.either(reference.span, name, *first, *second);
                        return None;
                    }
                }
            }
            if let Some(free) = free.as_deref_mut() {
                if !free.contains(&meant) {
                    free.push(meant);
                }
                indices.push(Index::Bound(meant));
            } else if scope.lenient {
                return None;
            } else {
                self.unbound(scope, reference.span, name, meant);
                return None;
            }
        }
        Some(indices)
    }

    /// What a word in brackets means: an element, or a subscript whose elements are all of this one.
    fn named_index(&mut self, scope: &Scope, word: &Name, id: SubscriptId, name: &str) -> Option<Index> {
        if let Some(position) = self.element_named(id, &word.text) {
            return Some(Index::Element(id, position));
        }
        match self.values.get(&word.text) {
            Some(&(Symbol::Subscript(found), _)) if self.model.is_part_of(found, id) => {
                return Some(Index::Bound(found));
            }
            Some(&(Symbol::Subscript(found), _)) if self.model.set_of(found) == self.model.set_of(id) => {
                if !scope.lenient {
                    self.only_of_part(word.span, name, id, found);
                }
                return None;
            }
            Some((Symbol::Broken, _)) => return None,
            _ => {}
        }
        self.unknown_element(Code::SubscriptMismatch, word, id);
        None
    }

    /// Something has values for a part of a set only, and is used where we may be outside it.
    fn only_of_part(&mut self, place: Span, name: &str, part: SubscriptId, here: SubscriptId) {
        let outside: Vec<String> = (0..self.model.subscript(here).elements.len())
            .filter(|&position| self.model.translate(here, position, part).is_none())
            .map(|position| self.model.subscript(here).elements[position].clone())
            .collect();
        let (part_name, here_name) =
            (self.model.subscript(part).name.clone(), self.model.subscript(here).name.clone());
        let first = outside.first().cloned().unwrap_or_default();
        self.report(
            Diagnostic::error(
                Code::SubscriptMismatch,
                format!("`{name}` has a value per `{part_name}` only, but `{here_name}` goes beyond it"),
                place,
                format!("there is no `{name}[{first}]`"),
            )
            .help(format!(
                "use `{name}` in a declaration over `{part_name}`, or say what holds for the others in a table: \
                 `{{ {}: {name}[{0}], ..., else: 0 }}`",
                self.model.subscript(part).elements[0]
            )),
        );
    }

    fn either(&mut self, place: Span, name: &str, first: SubscriptId, second: SubscriptId) {
        let (first, second) =
            (self.model.subscript(first).name.clone(), self.model.subscript(second).name.clone());
        self.report(
            Diagnostic::error(
                Code::SubscriptMismatch,
                format!("`{name}` could be meant at `{first}` or at `{second}`"),
                place,
                "which of them?",
            )
            .help(format!("write `{name}[{first}]` or `{name}[{second}]`")),
        );
    }

    fn unbound(&mut self, scope: &Scope, place: Span, name: &str, id: SubscriptId) {
        let wider = scope.bound.iter().copied().find(|&b| self.model.set_of(b) == self.model.set_of(id));
        if let Some(here) = wider.filter(|&here| !self.model.is_part_of(here, id)) {
            return self.only_of_part(place, name, id, here);
        }
        let subscript = self.model.subscript(id);
        let (subscript, first) = (subscript.name.clone(), subscript.elements[0].clone());
        self.report(
            Diagnostic::error(
                Code::SubscriptMismatch,
                format!("`{name}` has a value per `{subscript}`, but a single value is needed here"),
                place,
                format!("which {subscript}?"),
            )
            .help(format!("write `{name}[{first}]` for one, or `sum({name})` for all together")),
        );
    }

    /// `region != kabul or east`: the reduction that runs over `region` leaves these out.
    fn exclusion(
        &mut self,
        scope: &Scope,
        over: &Name,
        excluded: &[Name],
        span: Span,
        id: SubscriptId,
        name: &str,
    ) -> Option<SubscriptId> {
        let Some(meant) = self.subscript_named(&over.text) else {
            if !matches!(self.values.get(&over.text), Some((Symbol::Broken, _))) {
                self.unknown_subscript(over);
            }
            return None;
        };
        if !self.model.is_part_of(meant, id) {
            if self.model.set_of(meant) == self.model.set_of(id) {
                self.only_of_part(over.span, name, id, meant);
            } else {
                let of = self.model.subscript(id).name.clone();
                self.report(
                    Diagnostic::error(
                        Code::SubscriptMismatch,
                        format!("`{name}` has the subscript `{of}` here, not `{}`", over.text),
                        over.span,
                        "another subscript",
                    )
                    .help(format!("write `{name}[{of} != ...]`")),
                );
            }
            return None;
        }
        let Some(depth) = self.reductions.iter().rposition(|(runs, _)| runs.contains(&meant)) else {
            if !scope.lenient {
                self.report(
                    Diagnostic::error(
                        Code::SubscriptMismatch,
                        format!("`{name}` is taken at several elements, but a single value is needed here"),
                        span,
                        "leaves more than one",
                    )
                    .help(format!(
                        "elements are left out inside `sum`, `mean`, `min`, `max`, `product` or `noisy_or`: \
                         `sum({name}[{}])`",
                        self.sources.text(span)
                    )),
                );
            }
            return None;
        };
        for word in excluded {
            let excluded = if let Some(position) = self.element_named(meant, &word.text) {
                Index::Element(meant, position)
            } else {
                Index::Bound(self.excluded_here(scope, word, meant, depth)?)
            };
            let exclusion = Exclusion { subscript: meant, excluded };
            let known = &mut self.reductions[depth].1;
            if !known.contains(&exclusion) {
                known.push(exclusion);
            }
        }
        Some(meant)
    }

    /// The subscript whose element is left out of a reduction over `over`, which stands at `depth`.
    fn excluded_here(
        &mut self,
        scope: &Scope,
        word: &Name,
        over: SubscriptId,
        depth: usize,
    ) -> Option<SubscriptId> {
        let Some(found) = self.subscript_named(&word.text) else {
            if !matches!(self.values.get(&word.text), Some((Symbol::Broken, _))) {
                self.unknown_element(Code::SubscriptMismatch, word, over);
            }
            return None;
        };
        let over_name = self.model.subscript(over).name.clone();
        let is_inner = self.reductions[depth + 1..].iter().any(|(runs, _)| runs.contains(&found));
        let mistake = if self.model.set_of(found) != self.model.set_of(over) {
            self.unknown_element(Code::SubscriptMismatch, word, over);
            return None;
        } else if found == over {
            (
                format!("`{over_name} != {over_name}` leaves nothing"),
                "an element is never another than itself",
                format!(
                    "declare a second index, `subscript {over_name}2 = {over_name}`, and write `[{over_name}2 != {over_name}]`"
                ),
            )
        } else if is_inner {
            (
                format!("`{}` runs inside what runs over `{over_name}`", word.text),
                "has no element there yet",
                format!("run over both together: `sum(... over {}, {over_name})`", word.text),
            )
        } else if !scope.bound.contains(&found) {
            if scope.lenient {
                return None;
            }
            (
                format!("`{}` has no element here", word.text),
                "which element is left out?",
                format!("name an element, or give the declaration the subscript: `name[{}]`", word.text),
            )
        } else {
            return Some(found);
        };
        let (headline, label, help) = mistake;
        self.report(Diagnostic::error(Code::SubscriptMismatch, headline, word.span, label).help(help));
        None
    }

    /// Where a setting applies: without brackets everywhere.
    pub(super) fn setting_places(&mut self, reference: &Reference, id: VariableId) -> Option<Vec<Along>> {
        let variable = self.model.variable(id);
        let (name, subscripts) = (variable.name.clone(), variable.subscripts.clone());
        if !self.counted(reference, &name, &subscripts) {
            return None;
        }
        let nowhere = Scope { actor: None, bound: Vec::new(), chance: Err("here"), lenient: false };
        let mut places = Vec::new();
        for (i, &subscript) in subscripts.iter().enumerate() {
            let place = match reference.indices.as_ref().map(|items| &items[i]) {
                None | Some(IndexItem::All(_)) => Along::Every(subscript),
                Some(IndexItem::Named(word)) => match self.named_index(&nowhere, word, subscript, &name)? {
                    Index::Element(_, position) => Along::One(position),
                    Index::Bound(part) => Along::Every(part),
                },
                Some(IndexItem::Except { span, .. }) => {
                    self.report(
                        Diagnostic::error(
                            Code::SubscriptMismatch,
                            "elements are left out only inside `sum` and its like",
                            *span,
                            "which elements are set?",
                        )
                        .help("set them one by one, or declare them as a part: `subscript border of region { kabul, east }`"),
                    );
                    return None;
                }
            };
            if matches!(place, Along::Every(_)) && places.contains(&place) {
                self.report(
                    Diagnostic::error(
                        Code::SubscriptMismatch,
                        "the same subscript stands twice in the brackets",
                        reference.span,
                        "only the diagonal?",
                    )
                    .help("write `*` for every element, or one element"),
                );
                return None;
            }
            places.push(place);
        }
        Some(places)
    }

    /// What each reference of an expression leaves to be run over.
    pub(super) fn mentioned(&self, scope: &Scope, expression: &ast::Expression) -> Vec<Vec<Mentioned>> {
        let mut found = Vec::new();
        walk::each(expression, &mut |part| match &part.kind {
            ExpressionKind::Reference(reference) => {
                let (name, _) = self.split_reading(scope, reference);
                let subscripts = match self.find(scope.actor, &name) {
                    Some((Symbol::Variable(id), _)) => self.model.variable(id).subscripts.as_slice(),
                    Some((Symbol::Event(id), _)) => self.model.events[id.index()].subscripts.as_slice(),
                    _ => &[],
                };
                let mut mentioned = Vec::new();
                for (i, &id) in subscripts.iter().enumerate() {
                    match reference.indices.as_ref().and_then(|items| items.get(i)) {
                        Some(IndexItem::Named(word)) if self.element_named(id, &word.text).is_some() => {}
                        Some(IndexItem::Named(word) | IndexItem::Except { subscript: word, .. }) => {
                            let named = self.subscript_named(&word.text);
                            let named = named.filter(|&b| self.model.is_part_of(b, id));
                            mentioned.push((named.unwrap_or(id), true));
                        }
                        Some(IndexItem::All(_)) => mentioned.push((id, true)),
                        None => mentioned.push((id, false)),
                    }
                }
                found.push(mentioned);
                true
            }
            ExpressionKind::Call { function, arguments, over, window: None }
                if super::call::reduction(&function.text, arguments.len()).is_some() =>
            {
                // An inner reduction leaves free only what it does not run over itself.
                if let (false, ast::ValueKind::Expression(body)) = (over.is_empty(), &arguments[0].value.kind)
                {
                    let runs: Vec<SubscriptId> =
                        over.iter().filter_map(|word| self.subscript_named(&word.text)).collect();
                    for mut inner in self.mentioned(scope, body) {
                        inner.retain(|&(id, is_written)| {
                            !runs.contains(&id)
                                && (is_written || !runs.iter().any(|&b| self.model.is_part_of(b, id)))
                        });
                        found.push(inner);
                    }
                }
                false
            }
            _ => true,
        });
        found
    }

    /// The subscripts that a reduction without `over` runs over: all that its references mention. None, with a
    /// diagnostic, when two of them are over the same set and it is not plain that every pair is meant.
    pub(super) fn run_over(
        &mut self,
        scope: &Scope,
        function: &Name,
        body: &ast::Expression,
        span: Span,
    ) -> Option<Vec<SubscriptId>> {
        let mentioned = self.mentioned(scope, body);
        let mut all: Vec<SubscriptId> = Vec::new();
        for &(id, _) in mentioned.iter().flatten() {
            if !all.contains(&id) {
                all.push(id);
            }
        }
        for (k, &first) in all.iter().enumerate() {
            for &second in &all[k + 1..] {
                let together = mentioned.iter().any(|one| {
                    one.iter().any(|&(id, _)| id == first) && one.iter().any(|&(id, _)| id == second)
                });
                let is_here = scope.bound.contains(&first) || scope.bound.contains(&second);
                if self.model.set_of(first) == self.model.set_of(second) && (is_here || !together) {
                    let (a, b) =
                        (self.model.subscript(first).name.clone(), self.model.subscript(second).name.clone());
                    let one = if scope.bound.contains(&first) { &b } else { &a };
                    self.report(
                        Diagnostic::error(
                            Code::SubscriptMismatch,
                            format!("`{}` could run over `{a}`, over `{b}`, or over both", function.text),
                            span,
                            "over which of them?",
                        )
                        .help(format!("say so at the end: `over {one}`, or `over {a}, {b}` for every pair")),
                    );
                    return None;
                }
            }
        }
        Some(all)
    }

    /// Reports a subscript that a reduction names although nothing inside is taken at it, while something is
    /// taken at another index over the same set.
    pub(super) fn check_runs(
        &mut self,
        scope: &Scope,
        over: &[Name],
        runs: &[SubscriptId],
        body: &Expression,
    ) {
        for (word, &id) in over.iter().zip(runs) {
            if uses(body, id) {
                continue;
            }
            let other = scope.bound.iter().copied().find(|&other| {
                other != id && self.model.set_of(other) == self.model.set_of(id) && uses(body, other)
            });
            let Some(other) = other else { continue };
            let other = self.model.subscript(other).name.clone();
            self.report(
                Diagnostic::error(
                    Code::SubscriptMismatch,
                    format!("nothing in here is taken at `{}`", word.text),
                    word.span,
                    format!("everything is at `{other}`"),
                )
                .help(format!("write `[{}]` after what is meant there", word.text)),
            );
        }
    }

    /// Whether exclusions may leave nothing of a subscript.
    pub(super) fn may_be_empty(&self, runs: &[SubscriptId], except: &[Exclusion]) -> Option<SubscriptId> {
        runs.iter().copied().find(|&id| {
            let mut left: Vec<usize> = (0..self.model.subscript(id).elements.len()).collect();
            let of_here: Vec<Index> =
                except.iter().filter(|one| one.subscript == id).map(|one| one.excluded).collect();
            left.retain(|&position| !of_here.contains(&Index::Element(id, position)));
            let others: Vec<SubscriptId> = of_here
                .iter()
                .filter_map(|index| match index {
                    Index::Bound(other) => Some(*other),
                    Index::Element(..) => None,
                })
                .collect();
            left.len() <= others.len()
                && left.iter().all(|&position| {
                    others.iter().any(|&other| self.model.translate(id, position, other).is_some())
                })
        })
    }
}

/// Whether an expression is taken at the element of a subscript.
fn uses(expression: &Expression, id: SubscriptId) -> bool {
    let mut found = false;
    walk::each_resolved(expression, &mut |part| {
        found |= match part {
            Expression::Position(here) => *here == id,
            Expression::Variable { indices, .. } | Expression::Event { indices, .. } => {
                indices.contains(&Index::Bound(id))
            }
            Expression::Reduce { except, .. } => except.iter().any(|one| one.excluded == Index::Bound(id)),
            _ => false,
        };
    });
    found
}
