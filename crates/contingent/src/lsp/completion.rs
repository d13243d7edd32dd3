//! What may be written next.
//!
//! Enters: a place. Leaves: words that fit there. Always holds: where only names of one kind fit, nothing else is
//! offered; where a new name is invented, nothing is.

use std::fmt::Write as _;

use contingent_model::functions::{distribution_signatures, function_signatures};
use contingent_model::{Likelihood, NameDefinition, NameId, NameKind, Names, TIME_UNITS};
use contingent_syntax::words::{
    CHOICE_RULES, CLAIM_KINDS, CLAIM_TAGS, CLAIM_VOICES, COUNCIL_RULES, EVENT_READINGS, declaring_words,
    lines_of,
};
use contingent_syntax::{FileId, Span, SyntaxKind};
use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, Documentation, MarkupContent, MarkupKind, TextEdit,
};

use super::context::{Cursor, Item, Open};
use super::prose::form_of;
use super::workspace::{Place, Workspace};

/// Most words that are offered at once; a longer list is asked for again as the word grows.
const MAX_ITEMS: usize = 400;

/// Words that a value may begin with, besides names.
const VALUE_WORDS: &[&str] = &["if", "match", "not", "time"];

/// A word that fits.
struct Candidate {
    label: String,
    kind: CompletionItemKind,
    detail: String,
    documentation: String,
}

pub(super) fn complete(workspace: &Workspace, place: Place) -> CompletionList {
    let text = place.model.text(place.file);
    let cursor = Cursor::new(text, place.offset);
    let mut list = CompletionList { is_incomplete: false, ..CompletionList::default() };
    if cursor.is_silent {
        return list;
    }
    let finder =
        Finder { names: &place.model.checked.names, file: place.file, cursor: &cursor, found: Vec::new() };
    let wanted = cursor.prefix.to_lowercase();
    let mut found: Vec<Candidate> = finder.find();
    found.retain(|candidate| is_within(&wanted, &candidate.label.to_lowercase()));
    if found.len() > MAX_ITEMS {
        found.truncate(MAX_ITEMS);
        list.is_incomplete = true;
    }
    let span = Span::new(place.file, cursor.start, place.offset);
    let range = place.model.range(span, workspace.encoding);
    list.items = found
        .into_iter()
        .enumerate()
        .map(|(i, candidate)| CompletionItem {
            kind: Some(candidate.kind),
            detail: (!candidate.detail.is_empty()).then_some(candidate.detail),
            documentation: (!candidate.documentation.is_empty()).then(|| {
                Documentation::from(MarkupContent {
                    kind: MarkupKind::PlainText,
                    value: candidate.documentation,
                })
            }),
            // The order in which they were found is that in which they are likely meant.
            sort_text: Some(format!("{i:05}")),
            text_edit: Some(TextEdit { range, new_text: candidate.label.clone() }.into()),
            label: candidate.label,
            ..CompletionItem::default()
        })
        .collect();
    list
}

/// Whether the letters of a word stand in a name in their order.
fn is_within(letters: &str, name: &str) -> bool {
    let mut rest = name.chars();
    letters.chars().all(|letter| rest.any(|other| other == letter))
}

struct Finder<'p> {
    names: &'p Names,
    file: FileId,
    cursor: &'p Cursor<'p>,
    found: Vec<Candidate>,
}

impl Finder<'_> {
    fn find(mut self) -> Vec<Candidate> {
        use SyntaxKind as K;
        let cursor = self.cursor;
        let open = cursor.open();
        let inner = open.first().copied();
        let last = cursor.last();
        match last {
            Some(item) if item.kind == K::Dot => self.after_dot(),
            _ if self.is_in_grounds() => self.claims(),
            _ if inner.is_some_and(|open| open.kind == K::OpenBracket) => self.in_brackets(inner),
            Some(item) if matches!(item.kind, K::EqualEqual | K::NotEqual) => self.compared(),
            _ if self.excitation().is_some() => self.exciting(),
            Some(item) if !cursor.is_first && item.is_word("over") => self.of_kind(&[NameKind::Subscript]),
            Some(_) if self.counts_turns() => self.words(&["turns"]),
            Some(item) if !cursor.is_first && (item.is_word("per") || item.kind == K::Number) => {
                self.units();
                if item.kind == K::Number {
                    self.words(&["per", "to"]);
                }
            }
            _ if inner.is_some_and(|open| open.kind == K::OpenBrace) && self.is_at_item() => self.item(inner),
            _ if self.is_at_line() => self.words(declaring_words()),
            _ => self.within(),
        }
        self.found
    }

    fn push(&mut self, label: &str, kind: CompletionItemKind, detail: &str) {
        self.found.push(Candidate {
            label: label.to_owned(),
            kind,
            detail: detail.to_owned(),
            documentation: String::new(),
        });
    }

    /// Words of the language, each with its form and what it means.
    fn words(&mut self, words: &[&str]) {
        let line: Vec<&str> = self.cursor.line().iter().map(|item| item.text).collect();
        let declaration = self.cursor.declaration_before(self.cursor.items.len()).map(|(_, word)| word);
        for word in words {
            let mut around = line.clone();
            around.extend(word.split(' '));
            let first = word.split(' ').next().unwrap_or_default();
            let form = form_of(first, &around, declaration);
            self.push(word, CompletionItemKind::Keyword, form.map_or("", |form| form.form));
            if let (Some(form), Some(last)) = (form, self.found.last_mut()) {
                last.documentation = form.meaning.to_owned();
            }
        }
    }

    /// A name as it is written here: members of the actor around the cursor without the actor's name.
    fn name(&mut self, definition: &NameDefinition) {
        let own =
            self.cursor.actor().and_then(|actor| definition.name.strip_prefix(actor)?.strip_prefix('.'));
        let label = own.unwrap_or(&definition.name).to_owned();
        let mut detail = definition.kind.describe().to_owned();
        if !definition.subscripts.is_empty() {
            let _ = write!(detail, "[{}]", definition.subscripts.join(", "));
        }
        if let Some(unit) = &definition.unit {
            let _ = write!(detail, ", {unit}");
        }
        let parts = [definition.label.clone().unwrap_or_default(), definition.documentation.clone()];
        let documentation =
            parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("\n\n");
        let kind = match definition.kind {
            NameKind::Actor => CompletionItemKind::Module,
            NameKind::Claim | NameKind::Source => CompletionItemKind::Reference,
            NameKind::Assumption | NameKind::Lever => CompletionItemKind::Constant,
            NameKind::Mechanism | NameKind::Decision | NameKind::Subscript => CompletionItemKind::Enum,
            NameKind::Element | NameKind::Alternative => CompletionItemKind::EnumMember,
            NameKind::Stock => CompletionItemKind::Field,
            NameKind::Flow => CompletionItemKind::Method,
            NameKind::Lookup => CompletionItemKind::Function,
            NameKind::Event => CompletionItemKind::Event,
            NameKind::Unit => CompletionItemKind::Unit,
            _ => CompletionItemKind::Variable,
        };
        self.found.push(Candidate { label, kind, detail, documentation });
    }

    fn of_kind(&mut self, kinds: &[NameKind]) {
        let names = self.names;
        let mut found: Vec<&NameDefinition> =
            names.definitions.iter().filter(|definition| kinds.contains(&definition.kind)).collect();
        // Those of the actor around the cursor come first.
        let own = self.cursor.actor().map(|actor| format!("{actor}."));
        found.sort_by_key(|definition| {
            !own.as_ref().is_some_and(|own| definition.name.starts_with(own.as_str()))
        });
        for definition in found {
            self.name(definition);
        }
    }

    fn parts_of(&mut self, owner: NameId) {
        let names = self.names;
        for (_, definition) in names.parts(owner) {
            self.name(definition);
        }
    }

    fn units(&mut self) {
        self.of_kind(&[NameKind::Unit]);
        for (unit, _) in TIME_UNITS {
            self.push(unit, CompletionItemKind::Unit, "unit of time");
        }
    }

    fn claims(&mut self) {
        self.of_kind(&[NameKind::Claim]);
        self.push("judgement", CompletionItemKind::Keyword, "judgement \"the reason in words\"");
    }

    /// Members of an actor, or what can be read of an event.
    fn after_dot(&mut self) {
        let Some((_, path)) = self.cursor.path_before(self.cursor.items.len() - 1) else {
            // After the brackets of an event with subscripts.
            return self.words(EVENT_READINGS);
        };
        let names = self.names;
        let is_event = names
            .value_named(self.cursor.actor(), &path)
            .is_some_and(|id| names.definition(id).kind == NameKind::Event);
        if is_event {
            return self.words(EVENT_READINGS);
        }
        let value = names.value_named(self.cursor.actor(), &path).map(|id| names.definition(id).kind);
        match value {
            Some(NameKind::Decision) => return self.words(&["position"]),
            Some(NameKind::Subscript) => return self.words(&["value"]),
            _ => {}
        }
        let actor =
            names.iter().find(|(_, one)| one.kind == NameKind::Actor && one.name == path).map(|(id, _)| id);
        for (_, member) in
            names.iter().filter(|(_, one)| one.kind.is_value() && one.owner.is_some() && one.owner == actor)
        {
            self.name(member);
            if let Some(last) = self.found.last_mut() {
                member.short_name().clone_into(&mut last.label);
            }
        }
    }

    /// Whether only claims and judgements stand between the cursor and a `because`.
    fn is_in_grounds(&self) -> bool {
        let mut items = self.cursor.items.iter().rev();
        // A name is expected: after `because` or after a comma.
        let expected =
            self.cursor.last().is_some_and(|last| last.kind == SyntaxKind::Comma || last.is_word("because"));
        expected
            && items
                .find(|item| {
                    item.is_word("because")
                        || !(matches!(item.kind, SyntaxKind::Comma | SyntaxKind::Text)
                            || (item.kind == SyntaxKind::Word && !declaring_words().contains(&item.text)))
                })
                .is_some_and(|item| item.is_word("because"))
    }

    /// Elements of the subscript at the cursor; in the head of a declaration, subscripts.
    fn in_brackets(&mut self, open: Option<Open>) {
        let Some(open) = open else { return };
        let Some((start, path)) = self.cursor.path_before(open.index) else { return };
        let is_head = start > 0 && {
            let before = self.cursor.items[start - 1];
            before.is_first && declaring_words().contains(&before.text) || before.is_word("stock")
        };
        if is_head {
            return self.of_kind(&[NameKind::Subscript]);
        }
        let names = self.names;
        let Some(id) = names.value_named(self.cursor.actor(), &path) else { return };
        let position = self.cursor.commas_since(open.index);
        let Some(subscript) = names.definition(id).subscripts.get(position) else { return };
        if let Some((id, definition)) =
            names.iter().find(|(_, one)| one.kind == NameKind::Subscript && one.name == *subscript)
        {
            self.parts_of(id);
            self.name(definition);
        }
    }

    /// Alternatives of what stands before `==`.
    fn compared(&mut self) {
        let end = self.cursor.items.len() - 1;
        if let Some((_, path)) = self.cursor.path_before(end)
            && let Some(id) = self.names.value_named(self.cursor.actor(), &path)
            && self.names.parts(id).next().is_some()
        {
            return self.parts_of(id);
        }
        self.values();
    }

    /// Whether an item of a braced block begins at the cursor.
    fn is_at_item(&self) -> bool {
        self.cursor.last().is_some_and(|last| match last.kind {
            SyntaxKind::OpenBrace | SyntaxKind::Comma => true,
            _ => self.cursor.is_first && !self.goes_on(),
        })
    }

    /// Whether the line before ends in something that goes on.
    fn goes_on(&self) -> bool {
        use SyntaxKind as K;
        self.cursor.last().is_some_and(|last| {
            matches!(
                last.kind,
                K::Assign
                    | K::PlusAssign
                    | K::MinusAssign
                    | K::Plus
                    | K::Minus
                    | K::Star
                    | K::Slash
                    | K::Caret
                    | K::Arrow
                    | K::Less
                    | K::LessEqual
                    | K::Greater
                    | K::GreaterEqual
                    | K::Comma
                    | K::Colon
            ) || ["then", "else", "and", "or", "not", "if", "to", "per", "because"]
                .iter()
                .any(|word| last.is_word(word))
        })
    }

    fn is_at_line(&self) -> bool {
        self.cursor.items.is_empty() || (self.cursor.is_first && !self.goes_on())
    }

    /// What begins a line of the block that is open.
    fn item(&mut self, open: Option<Open>) {
        use NameKind as N;
        let Some(open) = open else { return };
        if let Some(id) = self.matched(open) {
            self.parts_of(id);
            return self.words(&["else"]);
        }
        let before = open.index.checked_sub(1).map(|index| self.cursor.items[index]);
        let is_table = before.is_some_and(|item| matches!(item.kind, SyntaxKind::Assign | SyntaxKind::Colon));
        let Some((index, word)) = self.cursor.declaration_before(open.index) else { return };
        if is_table {
            return self.table(index, open);
        }
        match word {
            "actor" => self.words(declaring_words()),
            "view" => self.of_kind(&[N::Assumption, N::Mechanism]),
            "policy" => self.of_kind(&[N::Lever]),
            "event" => {
                self.of_kind(&[N::Stock]);
                self.words(lines_of(word));
            }
            _ => self.words(lines_of(word)),
        }
    }

    /// The category behind `match` when the brace belongs to one.
    fn matched(&self, open: Open) -> Option<NameId> {
        let (start, path) = self.cursor.path_before(open.index)?;
        let is_match = start > 0 && self.cursor.items[start - 1].is_word("match");
        is_match.then(|| self.names.value_named(self.cursor.actor(), &path))?
    }

    /// Elements of the subscripts of the declaration that a table stands in, or of what a view sets.
    fn table(&mut self, declaration: usize, open: Open) {
        let names = self.names;
        let set = self.cursor.path_before(open.index.saturating_sub(1)).map(|(_, path)| path);
        let declared = self.cursor.items[declaration..open.index]
            .iter()
            .find(|item| item.kind == SyntaxKind::Word && !declaring_words().contains(&item.text))
            .and_then(|item| names.at(self.file, item.start).map(|(id, _)| id));
        let owner = set.and_then(|path| names.value_named(self.cursor.actor(), &path)).or(declared);
        let Some(owner) = owner else { return };
        for subscript in names.definition(owner).subscripts.clone() {
            if let Some(id) = names.value_named(None, &subscript) {
                self.parts_of(id);
            }
        }
    }

    /// Somewhere within a statement.
    fn within(&mut self) {
        use NameKind as N;
        let items = &self.cursor.items;
        let Some(last) = self.cursor.last() else { return };
        let Some((index, word)) = self.cursor.declaration_before(items.len()) else { return self.values() };
        let is_in_block =
            self.cursor.open().iter().any(|open| open.kind == SyntaxKind::OpenBrace && open.index > index);
        let is_defined = items[index..].iter().any(|item| item.kind == SyntaxKind::Assign);
        // Right after the word that declares, a new name is invented.
        if index + 1 == items.len() {
            return match (word, items[index].text) {
                (_, "signed" | "whole") => self.words(&["stock"]),
                ("correlate", _) => self.of_kind(&[N::Assumption]),
                _ => {}
            };
        }
        if is_in_block && !matches!(word, "actor") {
            return self.within_block(word, last.text);
        }
        match (word, last.text) {
            ("claim", "from") => self.of_kind(&[N::Source]),
            ("claim", _) => self.words(&["from", "by", "role"]),
            ("decision", "by") => self.of_kind(&[N::Actor]),
            ("decision", "initially") | ("mechanism", "=") => self.options(index),
            ("correlate", ",") => self.of_kind(&[N::Assumption]),
            ("flow", _) if !is_defined => {
                if matches!(last.kind, SyntaxKind::Colon | SyntaxKind::Arrow) {
                    self.of_kind(&[N::Stock]);
                }
            }
            ("assume", ":") if !is_defined => {
                self.units();
                self.words(&["share", "probability", "one of"]);
            }
            ("mechanism", ":") if !is_defined => self.words(&["one of"]),
            (_, ":" | "/" | "*") if !is_defined => {
                self.units();
                self.words(&["share", "probability", "1"]);
            }
            ("assume", "=") => self.distributions(),
            ("observe", "by") => self.words(&["day", "week", "month", "quarter", "year", "step"]),
            ("observe", "~") => self.likelihoods(),
            ("observe", _) if items[index..].iter().any(|item| item.text == "~") => self.values(),
            ("observe", _) => self.words(&["from", "column", "by", "dated", "in"]),
            _ if is_defined || matches!(word, "event" | "decision" | "policy") => {
                self.values();
                if matches!(word, "assume") {
                    self.words(&["because", "to", "within"]);
                }
                if matches!(word, "event") {
                    self.words(&["once", "when", "excites"]);
                }
            }
            _ => {}
        }
    }

    /// Within a line of a block.
    fn within_block(&mut self, word: &str, last: &str) {
        match (word, last) {
            ("claim", "kind") => self.words(CLAIM_KINDS),
            ("claim", "voice") => self.words(CLAIM_VOICES),
            ("claim", "tags") => self.words(CLAIM_TAGS),
            ("decision", _) => self.decided(last),
            ("model" | "source" | "claim", _) => {}
            ("view", "=") => self.distributions(),
            ("question", "(") => {
                self.words(&["within", "always during", "at", "first time"]);
                self.values();
            }
            ("event", "->" | "from" | "of") => self.of_kind(&[NameKind::Stock]),
            _ => self.values(),
        }
    }

    /// Within a line of a decision: an option, who is in the council, how it is chosen.
    fn decided(&mut self, last: &str) {
        let line = self.cursor.line();
        match (line[0].text, last) {
            ("option", "option") => {}
            ("option", _)
                if line.len() == 2 || line.last().is_some_and(|item| item.kind == SyntaxKind::Text) =>
            {
                self.words(&["worth", "at"]);
            }
            ("choose", "choose") => self.words(CHOICE_RULES),
            ("choose", "council") => self.words(&["by"]),
            ("choose", "by") => self.words(COUNCIL_RULES),
            ("choose", "weighted") => self.words(&["mean", "median"]),
            ("choose", "challenge") => self.words(&["within"]),
            ("choose", "mean" | "median" | "turns") => self.words(&["with"]),
            ("choose", "with") => self.words(&["logit"]),
            ("choose", "fixed") => {
                if let Some((index, _)) = self.cursor.declaration_before(self.cursor.items.len()) {
                    self.options(index);
                }
            }
            ("council", "council") => self.words(&["of"]),
            ("council", "of" | "on") => self.of_kind(&[NameKind::Subscript]),
            ("council", "with") => self.words(&["position"]),
            ("council", ",") => {
                let missing: Vec<&str> = ["capability", "salience"]
                    .into_iter()
                    .filter(|word| !line.iter().any(|item| item.is_word(word)))
                    .collect();
                self.words(&missing);
                self.values();
            }
            ("council", _) if !line.iter().any(|item| item.is_word("with")) => {
                let has_dimensions = line.iter().any(|item| item.is_word("on"));
                self.words(if has_dimensions { &["with"] } else { &["on", "with"] });
            }
            _ => self.values(),
        }
    }

    /// Whether the number of turns of a council has just been written.
    fn counts_turns(&self) -> bool {
        let line = self.cursor.line();
        matches!(line, [.., challenge, within, number]
            if challenge.is_word("challenge") && within.is_word("within") && number.kind == SyntaxKind::Number)
    }

    /// What stands between the last `excites` of the head of an event and the cursor.
    fn excitation(&self) -> Option<&[Item<'_>]> {
        let items = &self.cursor.items;
        let (declaration, word) = self.cursor.declaration_before(items.len())?;
        let start = items.iter().rposition(|item| item.is_word("excites"))?;
        let is_in_head = word == "event" && start > declaration && self.cursor.open().is_empty();
        // The next line belongs to it only where this one goes on.
        let ends_line = self.cursor.is_first && !self.goes_on();
        (is_in_head && !ends_line).then(|| &items[start + 1..])
    }

    /// What an event excites, by how much, and over which time.
    fn exciting(&mut self) {
        let Some(said) = self.excitation() else { return };
        let position = |word: &str| said.iter().position(|item| item.is_word(word));
        let ends = said.last().map(|item| item.kind);
        let is_value = matches!(
            ends,
            Some(
                SyntaxKind::Number
                    | SyntaxKind::Word
                    | SyntaxKind::Percent
                    | SyntaxKind::CloseParenthesis
                    | SyntaxKind::CloseBracket
            )
        );
        match (position("by"), position("over")) {
            (None, _) if said.is_empty() => {
                self.words(&["itself"]);
                self.of_kind(&[NameKind::Event]);
            }
            (None, _) => self.words(&["by"]),
            (Some(by), None) if is_value && by + 1 < said.len() => self.words(&["over", "per"]),
            (Some(_), Some(over)) if over + 1 < said.len() => match ends {
                Some(SyntaxKind::Number) => self.units(),
                Some(SyntaxKind::Comma) => self.words(&["excites"]),
                _ if is_value => {}
                _ => self.values(),
            },
            _ => self.values(),
        }
    }

    /// Alternatives of the declaration at a position of the items.
    fn options(&mut self, index: usize) {
        if let Some(item) = self.cursor.items.get(index + 1)
            && let Some((id, _)) = self.names.at(self.file, item.start)
        {
            self.parts_of(id);
        }
    }

    fn distributions(&mut self) {
        for (name, signature) in distribution_signatures() {
            self.push(name, CompletionItemKind::Function, signature);
        }
        // The alternative of a mechanism, in a view.
        if let Some((_, path)) = self.cursor.path_before(self.cursor.items.len().saturating_sub(1))
            && let Some(id) = self.names.value_named(self.cursor.actor(), &path)
        {
            self.parts_of(id);
        }
    }

    /// The distributions that data may come from.
    fn likelihoods(&mut self) {
        for likelihood in Likelihood::ALL {
            let parameters: Vec<&str> = likelihood.parameters().iter().map(|&(name, _)| name).collect();
            let form = format!("{}({})", likelihood.name(), parameters.join(", "));
            self.push(likelihood.name(), CompletionItemKind::Function, &form);
        }
    }

    /// Whatever an expression may refer to.
    fn values(&mut self) {
        use NameKind as N;
        self.of_kind(&[
            N::Assumption,
            N::Lever,
            N::Mechanism,
            N::Stock,
            N::Flow,
            N::Auxiliary,
            N::Lookup,
            N::Event,
            N::Decision,
        ]);
        for (name, signature) in function_signatures() {
            self.push(name, CompletionItemKind::Function, signature);
        }
        self.of_kind(&[N::Actor, N::Subscript]);
        self.words(VALUE_WORDS);
    }
}
