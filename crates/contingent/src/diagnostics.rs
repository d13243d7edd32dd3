//! Diagnostics as a person reads them.
//!
//! Enters: diagnostics and the texts they point into. Leaves: text. Always holds: the words are the same
//! with and without colour, and the place is always given as file, line and column.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use contingent_syntax::{Diagnostic, Label, Severity, Sources};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All diagnostics, with a count at the end.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, colour: bool, width: usize) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(width.max(60));
    let mut text = String::new();
    for diagnostic in diagnostics {
        text += &renderer.render(&[group(diagnostic, sources)]);
        text += "\n\n";
    }
    text += &count(diagnostics);
    text
}

/// Where to read more: the command that explains the first diagnostic; nothing when there is none.
pub fn more(diagnostics: &[Diagnostic]) -> Option<String> {
    diagnostics.first().map(|first| format!("`contingent explain {}` says more", first.code.as_str()))
}

/// "2 errors, 1 warning".
pub fn count(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = diagnostics.len() - errors;
    let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    match (errors, warnings) {
        (0, 0) => "no errors, no warnings".to_owned(),
        (0, w) => format!("no errors, {}", plural(w, "warning")),
        (e, 0) => plural(e, "error"),
        (e, w) => format!("{}, {}", plural(e, "error"), plural(w, "warning")),
    }
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> annotate_snippets::Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(diagnostic.headline.as_str())
        .id(diagnostic.code.as_str())
        .elements(files(diagnostic).into_iter().map(|file| snippet(diagnostic, sources, file)));
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// The files that the labels lie in, that of the primary label first.
fn files(diagnostic: &Diagnostic) -> Vec<contingent_syntax::FileId> {
    let mut files = vec![diagnostic.primary.span.file];
    for label in &diagnostic.secondary {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

fn snippet<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
    file: contingent_syntax::FileId,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let source = sources.file(file);
    let range = |label: &Label| {
        let end = source.text.len();
        (label.span.start as usize).min(end)..(label.span.end as usize).min(end)
    };
    let mut snippet = Snippet::source(source.text.as_str()).path(source.name.as_str()).line_start(1);
    if diagnostic.primary.span.file == file {
        snippet = snippet.annotation(
            AnnotationKind::Primary.span(range(&diagnostic.primary)).label(diagnostic.primary.text.as_str()),
        );
    }
    for label in diagnostic.secondary.iter().filter(|label| label.span.file == file) {
        snippet = snippet.annotation(AnnotationKind::Context.span(range(label)).label(label.text.as_str()));
    }
    snippet
}

/// The schema of [`DiagnosticsDocument`].
pub const DIAGNOSTICS_SCHEMA: &str = "contingent.diagnostics/1";

/// What `contingent check --format json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiagnosticsDocument {
    /// [`DIAGNOSTICS_SCHEMA`].
    #[schemars(extend("const" = DIAGNOSTICS_SCHEMA))]
    pub schema: String,
    /// In the order of the text.
    pub diagnostics: Vec<DiagnosticItem>,
}

/// One diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiagnosticItem {
    /// Stable code; `contingent explain CODE` says more.
    pub code: String,
    /// How bad it is.
    pub severity: SeverityWord,
    /// What is wrong, in one sentence.
    pub headline: String,
    /// Where.
    pub primary: Place,
    /// Where the other half of the conflict stands.
    pub secondary: Vec<Place>,
    /// A concrete fix.
    pub help: Option<String>,
}

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeverityWord {
    /// The model cannot run.
    Error,
    /// The model runs, but probably not as meant.
    Warning,
}

/// A place in a text, with a remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The file, relative to the directory of the main file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The first byte in the file.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    /// The remark.
    pub text: String,
}

/// Diagnostics as one JSON document with a versioned schema.
pub fn to_json(diagnostics: &[Diagnostic], sources: &Sources) -> DiagnosticsDocument {
    let place = |label: &Label| {
        let source = sources.file(label.span.file);
        let before = &source.text[..(label.span.start as usize).min(source.text.len())];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        Place {
            file: source.name.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            start: label.span.start,
            end: label.span.end,
            text: label.text.clone(),
        }
    };
    let items = diagnostics.iter().map(|diagnostic| DiagnosticItem {
        code: diagnostic.code.as_str().to_owned(),
        severity: if diagnostic.is_error() { SeverityWord::Error } else { SeverityWord::Warning },
        headline: diagnostic.headline.clone(),
        primary: place(&diagnostic.primary),
        secondary: diagnostic.secondary.iter().map(place).collect(),
        help: diagnostic.help.clone(),
    });
    DiagnosticsDocument { schema: DIAGNOSTICS_SCHEMA.to_owned(), diagnostics: items.collect() }
}
