//! The index of names: declarations are entered before anything is resolved, uses while it is.
//!
//! Enters: declarations, and what each name was taken for. Leaves: [`Names`]. Always holds: a definition is
//! known by the place of its name, which every table of the checker keeps beside what it found; a use is
//! recorded at the moment that its name is resolved, never guessed afterwards.

use std::collections::HashMap;

use contingent_syntax::Span;
use contingent_syntax::ast::{self, Declaration, DeclarationKind, Head, Name, Reference, SubscriptBase};

use super::{Checker, Type};
use crate::checked::{SubscriptId, VariableId};
use crate::names::{NameDefinition, NameId, NameKind, Names};

/// The index while it grows.
#[derive(Default)]
pub(super) struct Naming {
    names: Names,
    /// Definitions by the place of their name.
    places: HashMap<Span, NameId>,
    /// Elements and alternatives by what they are a part of.
    parts: HashMap<(NameId, String), NameId>,
    actors: HashMap<String, NameId>,
}

impl Naming {
    /// Enters everything that is declared.
    pub(super) fn declare(&mut self, declarations: &[&Declaration]) {
        for declaration in declarations {
            self.declaration(declaration, None);
        }
    }

    fn enter(
        &mut self,
        name: &Name,
        kind: NameKind,
        declaration: &Declaration,
        owner: Option<NameId>,
    ) -> NameId {
        let id = NameId(self.names.definitions.len() as u32);
        let qualified = match owner.filter(|_| kind.is_value() || kind == NameKind::Broken) {
            Some(owner) => format!("{}.{}", self.names.definition(owner).name, name.text),
            None => name.text.clone(),
        };
        self.names.definitions.push(NameDefinition {
            name: qualified,
            kind,
            span: name.span,
            declaration: declaration.span,
            owner,
            label: None,
            documentation: declaration.documentation.clone(),
            subscripts: Vec::new(),
            unit: None,
            is_unit_declared: false,
            uses: Vec::new(),
        });
        self.places.insert(name.span, id);
        id
    }

    fn head(
        &mut self,
        head: &Head,
        kind: NameKind,
        declaration: &Declaration,
        owner: Option<NameId>,
    ) -> NameId {
        let id = self.enter(&head.name, kind, declaration, owner);
        let definition = &mut self.names.definitions[id.index()];
        definition.label = head.label.as_ref().map(|label| label.text.clone());
        definition.is_unit_declared = head.unit.is_some();
        definition.subscripts = head.subscripts.iter().map(|name| name.text.clone()).collect();
        id
    }

    fn part(
        &mut self,
        name: &Name,
        label: Option<&ast::Text>,
        kind: NameKind,
        of: NameId,
        declaration: &Declaration,
    ) {
        let id = self.enter(name, kind, declaration, Some(of));
        let definition = &mut self.names.definitions[id.index()];
        definition.label = label.map(|label| label.text.clone());
        // The documentation belongs to the whole.
        definition.documentation.clear();
        self.parts.entry((of, name.text.clone())).or_insert(id);
    }

    fn declaration(&mut self, declaration: &Declaration, actor: Option<NameId>) {
        use DeclarationKind as K;
        use NameKind as N;
        match &declaration.kind {
            K::Model { .. } | K::Include { .. } | K::Correlate { .. } => {}
            K::Units { names } => {
                for name in names {
                    self.enter(name, N::Unit, declaration, None);
                }
            }
            K::DerivedUnit { name, .. } => {
                self.enter(name, N::Unit, declaration, None);
            }
            K::Subscript { name, base, elements, .. } => {
                let id = self.enter(name, N::Subscript, declaration, None);
                // The elements of a part are those of its set.
                let own = if *base == SubscriptBase::Own { elements.as_slice() } else { &[] };
                for (element, label) in own {
                    self.part(element, label.as_ref(), N::Element, id, declaration);
                }
            }
            K::Actor { name, label, declarations, .. } => {
                let id = self.enter(name, N::Actor, declaration, None);
                self.names.definitions[id.index()].label = label.as_ref().map(|label| label.text.clone());
                self.actors.entry(name.text.clone()).or_insert(id);
                for inner in declarations {
                    self.declaration(inner, Some(id));
                }
            }
            K::Source { name, title, .. } => {
                let id = self.enter(name, N::Source, declaration, actor);
                self.names.definitions[id.index()].label = Some(title.text.clone());
            }
            K::Claim { name, .. } => {
                self.enter(name, N::Claim, declaration, actor);
            }
            K::Assume { head, alternatives, .. } => {
                let id = self.head(head, N::Assumption, declaration, actor);
                for name in alternatives {
                    self.part(name, None, N::Alternative, id, declaration);
                }
            }
            K::Lever { head, .. } => {
                self.head(head, N::Lever, declaration, actor);
            }
            K::Mechanism { head, alternatives, .. } => {
                let id = self.head(head, N::Mechanism, declaration, actor);
                for name in alternatives {
                    self.part(name, None, N::Alternative, id, declaration);
                }
            }
            K::Stock { head, .. } => {
                self.head(head, N::Stock, declaration, actor);
            }
            K::Flow { head, .. } => {
                self.head(head, N::Flow, declaration, actor);
            }
            K::Auxiliary { head, .. } => {
                self.head(head, N::Auxiliary, declaration, actor);
            }
            K::Links { head, .. } => {
                self.head(head, N::Links, declaration, actor);
            }
            K::Input { head, .. } => {
                self.head(head, N::Input, declaration, actor);
            }
            K::Lookup { name, .. } => {
                self.enter(name, N::Lookup, declaration, actor);
            }
            K::Event { head, .. } => {
                self.head(head, N::Event, declaration, actor);
            }
            K::Decision { head, options, .. } => {
                let id = self.head(head, N::Decision, declaration, actor);
                for option in options {
                    self.part(&option.name, option.label.as_ref(), N::Alternative, id, declaration);
                }
            }
            K::View { name, label, .. } => {
                let id = self.enter(name, N::View, declaration, actor);
                self.names.definitions[id.index()].label = Some(label.text.clone());
            }
            K::Policy { name, label, .. } => {
                let id = self.enter(name, N::Policy, declaration, actor);
                self.names.definitions[id.index()].label = Some(label.text.clone());
            }
            K::Question { name, text, .. } => {
                let id = self.enter(name, N::Question, declaration, actor);
                self.names.definitions[id.index()].label = Some(text.text.clone());
            }
            K::Indicator { head, .. } => {
                self.head(head, N::Indicator, declaration, actor);
            }
            K::Observe { head, .. } => {
                self.head(head, N::Observation, declaration, actor);
            }
            K::Broken { name } => {
                // A broken `model` or `include` keeps its own word as its name.
                if let Some(name) =
                    name.as_ref().filter(|name| contingent_syntax::words::may_be_name(&name.text))
                {
                    self.enter(name, N::Broken, declaration, actor);
                }
            }
        }
    }

    /// Records that what is declared at `place` is used at `span`.
    pub(super) fn used(&mut self, place: Span, span: Span) {
        if let Some(id) = self.places.get(&place) {
            self.names.definitions[id.index()].uses.push(span);
        }
    }

    fn is_named(&self, place: Span, name: &str) -> bool {
        self.places.get(&place).is_some_and(|id| self.names.definition(*id).name == name)
    }

    fn used_part(&mut self, of: Span, name: &Name) {
        if let Some(&of) = self.places.get(&of)
            && let Some(id) = self.parts.get(&(of, name.text.clone()))
        {
            self.names.definitions[id.index()].uses.push(name.span);
        }
    }

    fn used_actor(&mut self, name: &str, span: Span) {
        if let Some(id) = self.actors.get(name) {
            self.names.definitions[id.index()].uses.push(span);
        }
    }

    fn finish(mut self) -> Names {
        for (i, definition) in self.names.definitions.iter_mut().enumerate() {
            definition.uses.sort_by_key(|span| (span.file, span.start));
            definition.uses.dedup();
            let id = NameId(i as u32);
            self.names.occurrences.push((definition.span, id));
            self.names.occurrences.extend(definition.uses.iter().map(|&span| (span, id)));
        }
        self.names.occurrences.sort_by_key(|&(span, id)| (span.file, span.start, id));
        // A name that was declared where it is used, or resolved twice in two ways, is kept once.
        self.names.occurrences.dedup_by_key(|(span, _)| (span.file, span.start));
        self.names
    }
}

impl Checker<'_> {
    /// Records the use of a qualified name: `name` is as many parts of the path as the declaration has.
    pub(super) fn used_reference(&mut self, place: Span, reference: &Reference, name: &str) {
        let n_parts = name.split('.').count();
        let parts = &reference.path.parts[..n_parts.min(reference.path.parts.len())];
        if let [first, .., last] = parts {
            if self.naming.is_named(place, &first.text) {
                // What belongs to a broken declaration is broken, and has no place of its own.
                self.naming.used(place, first.span);
                return;
            }
            self.naming.used_actor(&first.text, first.span);
            self.naming.used(place, last.span);
        } else if let [only] = parts {
            self.naming.used(place, only.span);
        }
    }

    /// Records the use of a name that was read as one word with dots in it, such as a called lookup.
    pub(super) fn used_dotted(&mut self, place: Span, name: &Name) {
        let span = name.span;
        if let Some((owner, last)) = name.text.rsplit_once('.') {
            let first = Span::new(span.file, span.start, span.start + owner.len() as u32);
            self.naming.used_actor(owner, first);
            self.naming.used(place, Span::new(span.file, span.end - last.len() as u32, span.end));
        } else {
            self.naming.used(place, span);
        }
    }

    /// Records the use of a subscript.
    pub(super) fn used_subscript(&mut self, id: SubscriptId, span: Span) {
        if let Some(&(_, place)) = self.values.get(&self.model.subscripts[id.index()].name) {
            self.naming.used(place, span);
        }
    }

    /// Records the use of an element of a subscript: it is declared by the set.
    pub(super) fn used_element(&mut self, id: SubscriptId, name: &Name) {
        let id = self.model.set_of(id);
        if let Some(&(_, place)) = self.values.get(&self.model.subscripts[id.index()].name) {
            self.naming.used_part(place, name);
        }
    }

    /// Records the use of an alternative of a variable.
    pub(super) fn used_alternative(&mut self, id: VariableId, name: &Name) {
        self.naming.used_part(self.model.variable(id).span, name);
    }

    /// Records the use of an actor.
    pub(super) fn used_actor(&mut self, name: &Name) {
        self.naming.used_actor(&name.text, name.span);
    }

    /// Records the use of a unit, singular or plural.
    pub(super) fn used_unit(&mut self, name: &Name) {
        let singular = name.text.strip_suffix('s').unwrap_or(&name.text);
        if let Some(&place) = self.unit_spans.get(&name.text).or_else(|| self.unit_spans.get(singular)) {
            self.naming.used(place, name.span);
        }
    }

    /// The index, with the units that are known.
    pub(super) fn finish_names(&mut self) -> Names {
        let mut naming = std::mem::take(&mut self.naming);
        for (variable, of) in self.model.variables.iter().zip(&self.types) {
            if let (Some(Type::Number(_)), Some(&id)) = (of, naming.places.get(&variable.span)) {
                naming.names.definitions[id.index()].unit = Some(variable.unit.text.clone());
            }
        }
        for indicator in &self.model.indicators {
            if let Some(id) =
                self.asked.get(&("indicator", indicator.name.clone())).and_then(|s| naming.places.get(s))
            {
                naming.names.definitions[id.index()].unit = Some(indicator.unit.text.clone());
            }
        }
        for observation in &self.model.observations {
            if let Some(&id) = naming.places.get(&observation.span) {
                naming.names.definitions[id.index()].unit = Some(observation.unit.text.clone());
            }
        }
        naming.finish()
    }
}

#[cfg(test)]
mod tests {
    use contingent_syntax::{FileId, Sources};

    use crate::{Names, check, load};

    const PRELUDE: &str = "model \"A case\" {\n  purpose \"p\"\n  not_for \"n\"\n  time 2024-01-01 to 2024-12-30 step 1 week\n}\n";

    fn indexed(text: &str) -> (Names, Sources) {
        let checked = check(load("model.ctg", format!("{PRELUDE}{text}"), &mut |_| Err("none".to_owned())));
        (checked.names, checked.sources)
    }

    /// The name, kind and number of uses of what stands at the `n`th occurrence of a text.
    fn at(names: &Names, sources: &Sources, text: &str, n: usize) -> Option<(String, &'static str, usize)> {
        let (offset, _) =
            sources.files[0].text.match_indices(text).nth(n).expect("the text stands in the model");
        let (id, span) = names.at(FileId(0), offset as u32)?;
        assert_eq!(span.start as usize, offset, "the name begins here");
        let found = names.definition(id);
        Some((found.name.clone(), found.kind.describe(), found.uses.len()))
    }

    #[test]
    fn each_part_of_a_dotted_name_is_a_use_of_its_own() {
        let (names, sources) = indexed(
            "unit man\nactor north \"N\" { lookup slope(x: 1): man/week = (0, 0) (1, 2)\n stock men: man = 5 }\n\
             flow joining: -> north . men = north . slope(0.5)\n",
        );
        assert_eq!(at(&names, &sources, "north . men", 0), Some(("north".to_owned(), "actor", 2)));
        assert_eq!(at(&names, &sources, "men = north", 0), Some(("north.men".to_owned(), "stock", 1)));
        assert_eq!(at(&names, &sources, "slope(0.5)", 0), Some(("north.slope".to_owned(), "lookup", 1)));
        assert_eq!(at(&names, &sources, "man =", 0), Some(("man".to_owned(), "unit", 2)));
    }

    #[test]
    fn the_index_is_there_when_the_model_has_errors_and_broken_declarations_have_their_uses() {
        let (names, sources) = indexed(
            "stock men: = 5\naux twice = 2 * men + nothing\nquestion q \"Q\" { P( at 1 week: twice > 0 ) }\n",
        );
        assert_eq!(
            at(&names, &sources, "men + ", 0),
            Some(("men".to_owned(), "declaration that could not be read", 1))
        );
        assert_eq!(at(&names, &sources, "twice >", 0), Some(("twice".to_owned(), "auxiliary", 1)));
        assert_eq!(at(&names, &sources, "nothing", 0), None);
    }

    #[test]
    fn elements_and_alternatives_belong_to_what_they_are_part_of() {
        let (names, sources) = indexed(
            "subscript side { left, right }\nmechanism way: one of left, right = left because judgement \"j\"\n\
             aux x[side] = if side == right then 1 else if way == right then 2 else 3\naux y = x[left]\n",
        );
        assert_eq!(at(&names, &sources, "right then 1", 0), Some(("right".to_owned(), "element", 1)));
        assert_eq!(at(&names, &sources, "right then 2", 0), Some(("right".to_owned(), "alternative", 1)));
        assert_eq!(at(&names, &sources, "left]", 0), Some(("left".to_owned(), "element", 1)));
        assert_eq!(at(&names, &sources, "side] =", 0), Some(("side".to_owned(), "subscript", 2)));
    }
}
