//! What things are called in words.
//!
//! Enters: labels, documentation and names of a model. Leaves: a phrase for every name, and what a name in an
//! expression stands for. Always holds: a phrase is the label, else the first sentence of the documentation
//! when that is a short noun phrase, else the name with spaces; two things never share a phrase where both
//! could be meant.

use std::collections::{HashMap, HashSet};

use contingent_model::{CheckedModel, EventId, LookupId, SubscriptId, VariableId, VariableKind};
use contingent_syntax::ast::{DeclarationKind as K, Head, IndexItem, Reference, Text};

use super::{Item, capitalised};

/// Longest documentation that serves as a name, in words.
const MAX_WORDS: usize = 8;
/// Sentences that begin so are no noun phrases.
const NO_NOUN: [&str; 22] = [
    "how", "whether", "what", "when", "where", "which", "who", "why", "if", "it", "this", "these", "they",
    "on", "off", "here", "there", "no", "a", "we", "taken", "as",
];

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Referent {
    Variable(VariableId),
    Event(EventId),
    Lookup(LookupId),
    Subscript(SubscriptId),
}

/// What is known of a declared thing.
#[derive(Clone, Debug, Default)]
struct Called {
    phrase: String,
    /// Whether the phrase tells by itself which is meant, so that no owner is named.
    is_plain: bool,
    /// Whether other things have the same phrase.
    is_shared: bool,
    /// Whether the phrase is a label, which is always marked as one.
    is_label: bool,
    /// What the documentation says beyond the phrase.
    rest: String,
}

pub(super) struct Names<'a> {
    model: &'a CheckedModel,
    referents: HashMap<String, Referent>,
    called: HashMap<Referent, Called>,
    actors: HashMap<Referent, Option<usize>>,
    /// Words that are written with a capital within sentences.
    proper: HashSet<String>,
    /// Words that are written without a capital.
    plain: HashSet<String>,
}

/// Where a phrase stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The actor whose declaration is told.
    pub(super) actor: Option<usize>,
}

impl<'a> Names<'a> {
    pub(super) fn new(model: &'a CheckedModel, items: &[Item<'a>]) -> Self {
        let (proper, plain) = proper_words(model, items);
        let mut names = Self {
            model,
            referents: HashMap::new(),
            called: HashMap::new(),
            actors: HashMap::new(),
            proper,
            plain,
        };
        let events: HashMap<&str, usize> =
            model.events.iter().enumerate().map(|(i, event)| (event.name.as_str(), i)).collect();
        let variables: HashMap<&str, usize> =
            model.variables.iter().enumerate().map(|(i, variable)| (variable.name.as_str(), i)).collect();
        let lookups: HashMap<&str, usize> =
            model.lookups.iter().enumerate().map(|(i, lookup)| (lookup.name.as_str(), i)).collect();
        for item in items {
            let Some((name, label)) = named(&item.declaration.kind) else { continue };
            let qualified = names.qualified(item.actor, name);
            let qualified = qualified.as_str();
            let referent = match &item.declaration.kind {
                K::Event { .. } => events.get(qualified).map(|&i| Referent::Event(EventId(i as u32))),
                K::Lookup { .. } => lookups.get(qualified).map(|&i| Referent::Lookup(LookupId(i as u32))),
                _ => variables.get(qualified).map(|&i| Referent::Variable(VariableId(i as u32))),
            };
            let Some(referent) = referent else { continue };
            let called = names.call(name, label, &item.declaration.documentation);
            names.referents.insert(qualified.to_owned(), referent);
            names.called.insert(referent, called);
            names.actors.insert(referent, item.actor);
        }
        for (i, variable) in model.variables.iter().enumerate() {
            let VariableKind::Position(council) = &variable.kind else { continue };
            let (decision, position) =
                (Referent::Variable(council.decision), Referent::Variable(VariableId(i as u32)));
            let of = names.called.get(&decision).map_or("", |called| called.phrase.as_str());
            let called = Called {
                phrase: format!("position of the council on {}", names.uncapitalised(of)),
                is_plain: true,
                ..Called::default()
            };
            names.called.insert(position, called);
            names.referents.insert(variable.name.clone(), position);
            names.actors.insert(position, names.actors.get(&decision).copied().flatten());
        }
        for (i, subscript) in model.subscripts.iter().enumerate() {
            names.referents.insert(subscript.name.clone(), Referent::Subscript(SubscriptId(i as u32)));
        }
        // A phrase that several things share says whose it is.
        let mut shared: HashMap<String, usize> = HashMap::new();
        for called in names.called.values() {
            *shared.entry(called.phrase.to_lowercase()).or_default() += 1;
        }
        for called in names.called.values_mut() {
            called.is_shared = shared[&called.phrase.to_lowercase()] > 1;
        }
        names
    }

    fn call(&self, name: &str, label: Option<&Text>, documentation: &str) -> Called {
        let (first, rest) = crate::sentence::first_sentence(documentation);
        let documentation = documentation.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(label) = label {
            return Called {
                phrase: label.text.clone(),
                is_plain: true,
                is_label: true,
                rest: documentation,
                ..Called::default()
            };
        }
        let whole = first.as_str();
        let cut = [", of which ", ", which ", ", who ", ", as ", ", by ", ", where "]
            .iter()
            .find_map(|mark| whole.split_once(mark).map(|(head, _)| head));
        let head = cut.unwrap_or(whole);
        let opening = head.split_whitespace().next().unwrap_or("").to_lowercase();
        let is_name = !head.is_empty()
            && head.split_whitespace().count() <= MAX_WORDS
            && !head.contains([',', ';', ':', '"', '(', '?'])
            && !NO_NOUN.contains(&opening.as_str());
        if is_name {
            let rest = if cut.is_some() { documentation.clone() } else { rest };
            return Called { phrase: self.uncapitalised(head), is_plain: true, rest, ..Called::default() };
        }
        Called { phrase: self.spelled(name), rest: documentation, ..Called::default() }
    }

    /// A name with spaces, its proper words with capitals.
    fn spelled(&self, name: &str) -> String {
        let spelled = |word: &str| {
            let capital = capitalised(word);
            if self.proper.contains(&capital) && !self.plain.contains(word) {
                capital
            } else {
                word.to_owned()
            }
        };
        name.split('_').map(spelled).collect::<Vec<_>>().join(" ")
    }

    /// Text as it stands within a sentence.
    pub(super) fn uncapitalised(&self, text: &str) -> String {
        let first = text.split_whitespace().next().unwrap_or("");
        let stem = first.trim_end_matches("'s");
        let is_acronym = stem.chars().filter(|letter| letter.is_uppercase()).count() > 1;
        if self.proper.contains(stem) || is_acronym {
            return text.to_owned();
        }
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
    }

    pub(super) fn qualified(&self, actor: Option<usize>, name: &str) -> String {
        match actor {
            Some(actor) => format!("{}.{name}", self.model.actors[actor].name),
            None => name.to_owned(),
        }
    }

    /// What a name written in a declaration of `actor` stands for.
    pub(super) fn find(&self, place: Place, name: &str) -> Option<Referent> {
        place
            .actor
            .and_then(|_| self.referents.get(&self.qualified(place.actor, name)))
            .or_else(|| self.referents.get(name))
            .copied()
    }

    /// The heading of a declaration.
    pub(super) fn title(&self, referent: Referent) -> String {
        capitalised(&self.bare(referent))
    }

    /// The phrase without marks.
    pub(super) fn bare(&self, referent: Referent) -> String {
        match referent {
            Referent::Subscript(id) => self.noun(id),
            other => self.called.get(&other).map_or_else(String::new, |called| called.phrase.clone()),
        }
    }

    /// What the documentation says beyond the title.
    pub(super) fn rest(&self, referent: Referent) -> &str {
        self.called.get(&referent).map_or("", |called| called.rest.as_str())
    }

    /// The phrase within a sentence: in quotation marks when it has several words, with its owner when the
    /// phrase alone does not tell which is meant.
    pub(super) fn phrase(&self, referent: Referent, place: Place) -> String {
        let bare = self.bare(referent);
        if let Referent::Subscript(_) = referent {
            return format!("the {bare}");
        }
        let Some(called) = self.called.get(&referent) else { return bare };
        let marked = if bare.contains(' ') || called.is_label { format!("‘{bare}’") } else { bare };
        let Some(owner) =
            self.actors.get(&referent).copied().flatten().filter(|&owner| place.actor != Some(owner))
        else {
            return marked;
        };
        let owner = self.actor(owner);
        let is_short = owner.split_whitespace().count() <= 3;
        if called.is_shared && !is_short {
            format!("{marked} ({owner})")
        } else if called.is_shared || (is_short && !called.is_plain) {
            format!("{} {marked}", possessive(&owner))
        } else {
            marked
        }
    }

    /// An actor within a sentence.
    pub(super) fn actor(&self, position: usize) -> String {
        self.uncapitalised(&self.model.actors[position].label)
    }

    /// The label of an element within a sentence.
    pub(super) fn element(&self, subscript: SubscriptId, element: usize) -> String {
        self.uncapitalised(&self.model.subscripts[subscript.index()].labels[element])
    }

    /// Splits `split.happened` into the event and its reading.
    pub(super) fn resolve(&self, place: Place, reference: &Reference) -> (Option<Referent>, Option<String>) {
        let whole = reference.path.text();
        if let Some(reading) = &reference.reading {
            if let Some(found) = self.find(place, &format!("{whole}.{}", reading.text)) {
                return (Some(found), None);
            }
            return (self.find(place, &whole), Some(reading.text.clone()));
        }
        if let Some(found) = self.find(place, &whole) {
            return (Some(found), None);
        }
        match whole.rsplit_once('.') {
            Some((stem, reading)) => (self.find(place, stem), Some(reading.to_owned())),
            None => (None, None),
        }
    }

    /// A reference within a sentence, with the elements that it names.
    pub(super) fn reference(&self, place: Place, reference: &Reference) -> String {
        let (found, reading) = self.resolve(place, reference);
        let Some(referent) = found else {
            return reference.path.text().replace(['_', '.'], " ");
        };
        let elements = self.elements(reference, referent);
        let of = if elements.is_empty() { String::new() } else { format!(" ({})", elements.join(", ")) };
        let phrase = self.phrase(referent, place);
        let unit = &self.model.clock.time_unit;
        match (referent, reading.as_deref()) {
            (Referent::Event(_), Some("count")) => {
                let step = if self.model.clock.dt == 1.0 { unit.as_str() } else { "step" };
                format!("the number of times that {phrase}{of} happened in the last {step}")
            }
            (Referent::Event(_), Some("total")) => {
                format!("the number of times that {phrase}{of} has happened so far")
            }
            (Referent::Subscript(id), Some("value")) => format!("the number of the {}", self.noun(id)),
            (Referent::Event(_), Some("happened")) => format!("{phrase}{of} has happened"),
            _ => format!("{phrase}{of}"),
        }
    }

    /// An event that a reference reads, with the elements that it names.
    pub(super) fn event(&self, place: Place, reference: &Reference) -> String {
        let (Some(referent), _) = self.resolve(place, reference) else { return reference.path.text() };
        let elements = self.elements(reference, referent);
        let of = if elements.is_empty() { String::new() } else { format!(" ({})", elements.join(", ")) };
        format!("{}{of}", self.phrase(referent, place))
    }

    /// What an element of a subscript is called: `region`; `second region` for a second index over the same set,
    /// `region in ‘border’` for a part of one.
    pub(super) fn noun(&self, id: SubscriptId) -> String {
        self.counted(id, |noun| noun.replace('_', " "))
    }

    /// As [`Self::noun`], for several.
    pub(super) fn nouns(&self, id: SubscriptId) -> String {
        self.counted(id, super::value::plural)
    }

    fn counted(&self, id: SubscriptId, noun: impl Fn(&str) -> String) -> String {
        const ORDINALS: [&str; 4] = ["second", "third", "fourth", "fifth"];
        let subscripts = &self.model.subscripts;
        let subscript = &subscripts[id.index()];
        let Some(within) = &subscript.within else { return noun(&subscript.name) };
        let set = &subscripts[within.set.index()];
        let is_index = |other: &contingent_model::Subscript| {
            other
                .within
                .as_ref()
                .is_some_and(|other| other.set == within.set && other.positions.len() == set.elements.len())
        };
        if !is_index(subscript) {
            return format!("{} in ‘{}’", noun(&set.name), subscript.name.replace('_', " "));
        }
        let n_before = subscripts[..id.index()].iter().filter(|other| is_index(other)).count();
        match ORDINALS.get(n_before) {
            Some(ordinal) => format!("{ordinal} {}", noun(&set.name)),
            None => noun(&subscript.name),
        }
    }

    /// A subscript by its name.
    pub(super) fn subscript(&self, name: &str) -> Option<SubscriptId> {
        match self.referents.get(name) {
            Some(Referent::Subscript(id)) => Some(*id),
            _ => None,
        }
    }

    /// The label of an element, by its name, within a sentence.
    pub(super) fn element_of(&self, subscript: SubscriptId, name: &str) -> Option<String> {
        let elements = &self.model.subscripts[subscript.index()].elements;
        elements.iter().position(|element| element == name).map(|position| self.element(subscript, position))
    }

    /// The labels of the fixed elements of a reference, and the indices that are not its own.
    fn elements(&self, reference: &Reference, referent: Referent) -> Vec<String> {
        let subscripts = match referent {
            Referent::Variable(id) => &self.model.variable(id).subscripts,
            Referent::Event(id) => &self.model.events[id.index()].subscripts,
            _ => return Vec::new(),
        };
        let mut labels = Vec::new();
        for (item, id) in reference.indices.iter().flatten().zip(subscripts) {
            let IndexItem::Named(word) = item else { continue };
            if let Some(label) = self.element_of(*id, &word.text) {
                labels.push(label);
            } else if let Some(other) = self.subscript(&word.text).filter(|other| other != id) {
                labels.push(format!("the {}", self.noun(other)));
            }
        }
        labels
    }
}

/// The name and label of what can be referred to.
pub(super) fn named(kind: &K) -> Option<(&str, Option<&Text>)> {
    fn of(head: &Head) -> (&str, Option<&Text>) {
        (head.name.text.as_str(), head.label.as_ref())
    }
    match kind {
        K::Assume { head, .. }
        | K::Lever { head, .. }
        | K::Mechanism { head, .. }
        | K::Stock { head, .. }
        | K::Flow { head, .. }
        | K::Auxiliary { head, .. }
        | K::Links { head, .. }
        | K::Input { head, .. }
        | K::Event { head, .. }
        | K::Decision { head, .. } => Some(of(head)),
        K::Lookup { name, .. } => Some((name.text.as_str(), None)),
        _ => None,
    }
}

/// `Daesh-K's`, `the United States'`.
fn possessive(owner: &str) -> String {
    if owner.ends_with('s') { format!("{owner}'") } else { format!("{owner}'s") }
}

/// Words that stand with a capital somewhere within a sentence of the model, and words that stand without one.
fn proper_words(model: &CheckedModel, items: &[Item<'_>]) -> (HashSet<String>, HashSet<String>) {
    let mut texts: Vec<&str> = vec![&model.title, &model.purpose];
    texts.extend(model.actors.iter().map(|actor| actor.label.as_str()));
    texts.extend(model.subscripts.iter().flat_map(|subscript| &subscript.labels).map(String::as_str));
    texts.extend(items.iter().map(|item| item.declaration.documentation.as_str()));
    texts.extend(
        items.iter().filter_map(|item| named(&item.declaration.kind)?.1).map(|label| label.text.as_str()),
    );
    texts.extend(model.questions.iter().map(|question| question.text.as_str()));
    texts.extend(model.claims.iter().map(|claim| claim.says.as_str()));
    let (mut proper, mut plain) = (HashSet::new(), HashSet::new());
    for text in texts {
        let mut begins = true;
        for word in text.split_whitespace() {
            let stem = word.trim_matches(|c: char| !c.is_alphanumeric()).trim_end_matches("'s");
            if !begins && stem.starts_with(char::is_uppercase) {
                proper.insert(stem.to_owned());
            } else if stem.starts_with(char::is_lowercase) {
                plain.insert(stem.to_owned());
            }
            begins = word.ends_with(['.', '?', '!', ':', '‘', '"']) || word == "-";
        }
    }
    (proper, plain)
}
