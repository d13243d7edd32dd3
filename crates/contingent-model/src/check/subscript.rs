//! Second indices over a set, parts of a set, and words that should be elements.
//!
//! Enters: `subscript region2 = region` and `subscript border of region { ... }`. Leaves: subscripts that point
//! into the set that declares their elements. Always holds: a chain of them is followed to its end, so that
//! the set of every subscript declares its elements itself; a part keeps the order of its set.

use std::collections::{HashMap, HashSet};

use contingent_syntax::ast::{self, DeclarationKind, Name, SubscriptBase};
use contingent_syntax::{Code, Diagnostic, Span};

use super::collect::list;
use super::{Checker, Symbol};
use crate::checked::{Subscript, SubscriptId, Within};

/// Most elements that a message names.
const MAX_NAMED: usize = 12;

impl Checker<'_> {
    /// Subscripts that take their elements from others, each after the one that it takes them from.
    pub(super) fn collect_derived_subscripts(&mut self) {
        let pending: Vec<usize> = (0..self.items.len()).filter(|&i| self.base_name(i).is_some()).collect();
        let declared: HashMap<String, usize> =
            pending.iter().filter_map(|&i| Some((self.derived_name(i)?.text.clone(), i))).collect();
        let mut done = HashSet::new();
        for &start in &pending {
            // From each to the one that it is built on, until one is known; then back.
            let mut chain = Vec::new();
            let mut place_in_chain = HashMap::new();
            let mut next = Some(start);
            while let Some(i) = next.filter(|i| !done.contains(i)) {
                if let Some(&begin) = place_in_chain.get(&i) {
                    let circle = chain.split_off(begin);
                    self.circle_of_subscripts(&circle);
                    done.extend(circle);
                    break;
                }
                place_in_chain.insert(i, chain.len());
                chain.push(i);
                let base = self.base_name(i).filter(|base| !self.values.contains_key(&base.text));
                next = base.and_then(|base| declared.get(&base.text).copied());
            }
            for i in chain.into_iter().rev() {
                self.collect_derived(i);
                done.insert(i);
            }
        }
    }

    fn derived_name(&self, item: usize) -> Option<&Name> {
        match &self.items[item].declaration.kind {
            DeclarationKind::Subscript { name, .. } => Some(name),
            _ => None,
        }
    }

    fn base_name(&self, item: usize) -> Option<&Name> {
        match &self.items[item].declaration.kind {
            DeclarationKind::Subscript {
                base: SubscriptBase::SameAs(of) | SubscriptBase::PartOf(of),
                ..
            } => Some(of),
            _ => None,
        }
    }

    fn circle_of_subscripts(&mut self, circle: &[usize]) {
        let members: Vec<Name> = circle.iter().filter_map(|&i| self.derived_name(i).cloned()).collect();
        let Some((first, rest)) = members.split_first() else { return };
        let mut diagnostic = Diagnostic::error(
            Code::CircularDefinition,
            if rest.is_empty() {
                format!("the subscript `{}` takes its elements from itself", first.text)
            } else {
                let names: Vec<String> = members.iter().map(|name| name.text.clone()).collect();
                format!("the subscripts {} take their elements from one another", list(&names))
            },
            first.span,
            "which elements?",
        )
        .help(format!("let one of them declare the elements: `subscript {} {{ kabul, east }}`", first.text));
        for name in rest {
            diagnostic = diagnostic.and(name.span, "and this one");
        }
        self.report(diagnostic);
        for name in members {
            self.name_value(name.text, Symbol::Broken, name.span);
        }
    }

    fn collect_derived(&mut self, item: usize) {
        let DeclarationKind::Subscript { name, base, elements, range } = &self.items[item].declaration.kind
        else {
            return;
        };
        let (SubscriptBase::SameAs(of) | SubscriptBase::PartOf(of)) = base else { return };
        let id = match self.values.get(&of.text) {
            Some(&(Symbol::Subscript(id), _)) => id,
            Some(_) => return self.name_value(name.text.clone(), Symbol::Broken, name.span),
            None => {
                self.unknown_subscript(of);
                return self.name_value(name.text.clone(), Symbol::Broken, name.span);
            }
        };
        if matches!(base, SubscriptBase::PartOf(_)) {
            return self.collect_subscript(name, Some((id, of.span)), elements, range.as_ref());
        }
        let other = self.model.subscript(id);
        let n = other.elements.len();
        let positions = (0..n).map(|position| self.model.position_in_set(id, position)).collect();
        let subscript = Subscript {
            name: name.text.clone(),
            elements: other.elements.clone(),
            labels: other.labels.clone(),
            within: Some(Within { set: self.model.set_of(id), positions }),
        };
        if subscript.elements.contains(&name.text) {
            let diagnostic = Diagnostic::error(
                Code::DuplicateName,
                format!("the subscript `{}` has an element of its own name", name.text),
                name.span,
                "also an element",
            )
            .and(of.span, "has the element")
            .help("give it another name");
            self.report(diagnostic);
        }
        let new = SubscriptId(self.model.subscripts.len() as u32);
        self.model.subscripts.push(subscript);
        self.name_value(name.text.clone(), Symbol::Subscript(new), name.span);
    }

    pub(super) fn unknown_subscript(&mut self, name: &Name) {
        let known: Vec<String> = self.model.subscripts.iter().map(|s| s.name.clone()).collect();
        let near = contingent_syntax::nearest(&name.text, known.iter().map(String::as_str));
        let help = near.map_or_else(
            || format!("declare it: `subscript {} {{ kabul \"Kabul\", east \"The east\" }}`", name.text),
            |near| format!("did you mean `{near}`?"),
        );
        self.report(
            Diagnostic::error(
                Code::UnknownName,
                format!("there is no subscript `{}`", name.text),
                name.span,
                "not declared",
            )
            .help(help),
        );
    }

    /// A declared part of a set, in the order of the set; none when an element of it is a mistake.
    pub(super) fn part_of(
        &mut self,
        part: Subscript,
        (of, place): (SubscriptId, Span),
        written: &[(Name, Option<ast::Text>)],
        range: Option<&(ast::Expression, ast::Expression)>,
    ) -> Option<Subscript> {
        let before = self.n_reported;
        if let Some((_, Some(label))) = written.iter().find(|(_, label)| label.is_some()) {
            self.report(
                Diagnostic::error(
                    Code::InvalidProperty,
                    format!("an element of `{}` has a label of its own", part.name),
                    label.span,
                    "it has the label of the whole set already",
                )
                .and(place, "the set that names its elements")
                .help("remove the label"),
            );
        }
        let span_of = |text: &str| match range {
            Some((first, last)) => first.span.cover(last.span),
            None => written.iter().find(|(name, _)| name.text == text).map_or(place, |(name, _)| name.span),
        };
        let mut positions = Vec::new();
        let known: HashMap<String, usize> =
            self.model.subscript(of).elements.iter().cloned().enumerate().map(|(i, e)| (e, i)).collect();
        for element in &part.elements {
            if let Some(&position) = known.get(element) {
                positions.push(self.model.position_in_set(of, position));
                continue;
            }
            let name = Name { text: element.clone(), span: span_of(element) };
            self.unknown_element(Code::SubscriptMismatch, &name, of);
            if range.is_some() {
                break;
            }
        }
        if self.n_reported > before {
            return None;
        }
        positions.sort_unstable();
        let set = self.model.set_of(of);
        let whole = self.model.subscript(set);
        let named = |from: &[String]| positions.iter().map(|&position| from[position].clone()).collect();
        Some(Subscript {
            elements: named(&whole.elements),
            labels: named(&whole.labels),
            name: part.name,
            within: Some(Within { set, positions }),
        })
    }

    /// The subscript that a word names.
    pub(super) fn subscript_named(&self, word: &str) -> Option<SubscriptId> {
        match self.values.get(word) {
            Some(&(Symbol::Subscript(id), _)) => Some(id),
            _ => None,
        }
    }

    /// The position of an element.
    pub(super) fn element_named(&self, subscript: SubscriptId, word: &str) -> Option<usize> {
        self.model.subscript(subscript).elements.iter().position(|element| element == word)
    }

    /// Some elements in words.
    pub(super) fn elements_listed(&self, subscript: SubscriptId) -> String {
        let elements = &self.model.subscript(subscript).elements;
        if elements.len() <= MAX_NAMED {
            return list(elements);
        }
        let shown: Vec<String> = elements[..MAX_NAMED].iter().map(|element| format!("`{element}`")).collect();
        format!("{} and {} more", shown.join(", "), elements.len() - MAX_NAMED)
    }

    /// A word that is no element of a subscript: one mistake, however often and wherever it is used.
    pub(super) fn unknown_element(&mut self, code: Code, word: &Name, subscript: SubscriptId) {
        let name = self.model.subscript(subscript).name.clone();
        let headline = format!("`{}` is not an element of `{name}`", word.text);
        let set = self.model.set_of(subscript);
        if set != subscript && self.element_named(set, &word.text).is_some() {
            let (whole, elements) = (self.model.subscript(set).name.clone(), self.elements_listed(subscript));
            let diagnostic = Diagnostic::error(code, headline, word.span, format!("not in `{name}`"))
                .help(format!("it is an element of `{whole}`, but `{name}` has only {elements}"));
            return self.report_once(format!("element {} of {name}", word.text), diagnostic);
        }
        let same_set = |id: u32| self.model.set_of(SubscriptId(id)) == set;
        let mut known: Vec<&str> =
            self.model.subscript(subscript).elements.iter().map(String::as_str).collect();
        known.push(&name);
        known.extend(
            (0..self.model.subscripts.len())
                .filter(|&id| same_set(id as u32))
                .map(|id| self.model.subscripts[id].name.as_str()),
        );
        let help = contingent_syntax::nearest(&word.text, known.iter().copied()).map_or_else(
            || format!("`{name}` has the elements {}", self.elements_listed(subscript)),
            |near| format!("did you mean `{near}`?"),
        );
        let diagnostic = Diagnostic::error(code, headline, word.span, "unknown element").help(help);
        let set = self.model.subscript(set).name.clone();
        self.report_once(format!("element {} of {set}", word.text), diagnostic);
    }
}
