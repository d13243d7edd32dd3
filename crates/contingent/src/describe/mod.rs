//! A model told in plain English.
//!
//! Enters: a checked model and the typed views of its files. Leaves: a [`Description`]: sections of paragraphs,
//! and its rendering as text, Markdown or JSON. Always holds: every declaration of the model has a paragraph of
//! its own or stands in the list that it belongs to; what is said follows from the text of the model alone;
//! numbers are shown with the units in which they were written.

#![expect(clippy::format_push_string, reason = "short texts, written as they read")]

mod data;
mod decided;
mod evidence;
mod expression;
mod grounds;
mod grouped;
mod loops;
mod moves;
mod names;
mod questions;
mod remembered;
mod render;
mod value;

use std::collections::BTreeMap;

use contingent_model::influence::{Influence, Node};
use contingent_model::{CheckedModel, EventId, VariableId};
use contingent_syntax::ast::{self, Declaration, DeclarationKind};
use serde::Serialize;

use names::{Names, Referent};

pub use loops::LoopStory;

pub use render::{human, markdown};

/// Version of the JSON form.
pub const SCHEMA: &str = "contingent.description/1";

/// A model in plain English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Description {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Title of the model.
    pub title: String,
    /// Sections in the order of reading.
    pub sections: Vec<Section>,
}

/// One section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Which of the sections it is.
    #[serde(skip)]
    pub part: Part,
    /// Heading.
    pub heading: String,
    /// Paragraphs.
    pub paragraphs: Vec<Paragraph>,
}

/// Which section it is, for those that leave some out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// What is asked.
    Asks,
    /// The feedback loops.
    FeedsBack,
    /// How questions resolve.
    Settles,
    /// Who said what.
    Evidence,
    /// What is left out.
    LeavesOut,
    /// Any other.
    #[default]
    Other,
}

/// How a paragraph stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Text of the section.
    Text,
    /// A heading within the section.
    Heading,
    /// A declaration.
    Entry,
    /// A point under the entry before it.
    Point,
}

/// One paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paragraph {
    /// How it stands.
    pub level: Level,
    /// The declaration that it tells, by its name in the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is called in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whole sentences.
    pub text: String,
}

impl Section {
    fn new(heading: &str) -> Self {
        Self { part: Part::Other, heading: heading.to_owned(), paragraphs: Vec::new() }
    }

    fn of(self, part: Part) -> Self {
        Self { part, ..self }
    }

    fn text(&mut self, text: &str) {
        self.push(Level::Text, None, None, text);
    }

    fn heading(&mut self, text: &str) {
        let paragraph = Paragraph { level: Level::Heading, name: None, title: None, text: text.to_owned() };
        self.paragraphs.push(paragraph);
    }

    fn entry(&mut self, name: &str, title: &str, text: &str) {
        self.push(Level::Entry, Some(name), Some(title), text);
    }

    fn point(&mut self, name: Option<&str>, text: &str) {
        self.push(Level::Point, name, None, text);
    }

    fn push(&mut self, level: Level, name: Option<&str>, title: Option<&str>, text: &str) {
        self.paragraphs.push(Paragraph {
            level,
            name: name.map(str::to_owned),
            title: title.map(str::to_owned),
            text: sentences(text),
        });
    }
}

/// A declaration with the actor that it stands in.
#[derive(Clone, Copy)]
struct Item<'a> {
    declaration: &'a Declaration,
    /// Position of the actor in the model.
    actor: Option<usize>,
}

/// What every section reads.
struct Story<'a> {
    model: &'a CheckedModel,
    items: Vec<Item<'a>>,
    names: Names<'a>,
    /// The least and the greatest value of each variable.
    bounds: Vec<(f64, f64)>,
}

/// Tells a model. `files` are the typed views of its texts, in reading order.
pub fn describe(model: &CheckedModel, files: &[ast::File]) -> Description {
    let story = story(model, files);
    let mut sections = vec![
        story.asks(),
        story.acts(),
        story.counts(),
        story.is_read(),
        story.happens(),
        story.decides(),
        story.assumes(),
        story.can_be_done(),
        story.readings(),
        story.watches(),
        story.compares(),
        story.feeds_back(),
        story.settles(),
        story.evidence(),
        story.leaves_out(),
    ];
    sections.retain(|section| !section.paragraphs.is_empty());
    Description { schema: SCHEMA, title: model.title.clone(), sections }
}

fn story<'a>(model: &'a CheckedModel, files: &'a [ast::File]) -> Story<'a> {
    let mut items = Vec::new();
    let mut n_actors = 0;
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        if let DeclarationKind::Actor { declarations, .. } = &declaration.kind {
            let actor = Some(n_actors);
            n_actors += 1;
            items.extend(declarations.iter().map(|declaration| Item { declaration, actor }));
        } else {
            items.push(Item { declaration, actor: None });
        }
    }
    let names = Names::new(model, &items);
    let bounds = contingent_model::influence::bounds(model);
    Story { model, items, names, bounds }
}

/// What variables and events are called, in a few words each.
pub fn titles(model: &CheckedModel, files: &[ast::File]) -> BTreeMap<Node, String> {
    let story = story(model, files);
    let variables = (0..model.variables.len() as u32)
        .map(|i| (Node::Variable(VariableId(i)), story.names.title(Referent::Variable(VariableId(i)))));
    let events = (0..model.events.len() as u32)
        .map(|i| (Node::Event(EventId(i)), story.names.title(Referent::Event(EventId(i)))));
    variables.chain(events).collect()
}

/// The feedback loops that influences close, each told once round; loops that differ only in detail are one.
pub fn loop_stories(model: &CheckedModel, files: &[ast::File], influences: &[Influence]) -> Vec<LoopStory> {
    story(model, files).loop_stories(influences)
}

/// Text as whole sentences: a capital at the start, an end mark at the end, one space between words.
fn sentences(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut text = capitalised(&words.join(" "));
    let ends = |text: &str| {
        let bare = text.trim_end_matches(['’', '”', ')', '"']);
        bare.ends_with(['.', '?', '!'])
    };
    if !text.is_empty() && !ends(&text) {
        text.push('.');
    }
    text
}

/// The first letter in upper case; an opening quotation mark before it is passed over.
fn capitalised(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut letters = text.chars();
    for letter in letters.by_ref() {
        if letter.is_alphanumeric() {
            result.extend(letter.to_uppercase());
            break;
        }
        result.push(letter);
    }
    result.extend(letters);
    result
}

/// `a`, `a and b`, `a, b and c`.
fn list(parts: &[String]) -> String {
    joined(parts, "and")
}

fn joined(parts: &[String], word: &str) -> String {
    match parts.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
    }
}

/// `1 loop`, `2 loops`.
fn counted(n: usize, noun: &str) -> String {
    let noun = if n == 1 { noun.to_owned() } else { value::plural(noun) };
    format!("{n} {noun}")
}
