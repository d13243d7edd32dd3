//! Diagnostics as a person reads them.
//!
//! Enters: diagnostics and the texts they point into. Leaves: text. Always holds: the words are the same
//! with and without colour, and the place is always given as file, line and column.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use contingent_syntax::{Diagnostic, Label, Severity, Sources, Span};

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

/// Diagnostics as one JSON document with a versioned schema. The `text` of a `fix` replaces the bytes from `start` to
/// `end`.
pub fn to_json(diagnostics: &[Diagnostic], sources: &Sources) -> serde_json::Value {
    let place = |span: Span, text: &str| {
        let source = sources.file(span.file);
        let before = &source.text[..(span.start as usize).min(source.text.len())];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        serde_json::json!({
            "file": source.name,
            "line": before.matches('\n').count() + 1,
            "column": before[line_start..].chars().count() + 1,
            "start": span.start,
            "end": span.end,
            "text": text,
        })
    };
    let label = |label: &Label| place(label.span, &label.text);
    let items: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| {
            serde_json::json!({
                "code": diagnostic.code.as_str(),
                "severity": if diagnostic.is_error() { "error" } else { "warning" },
                "headline": diagnostic.headline,
                "primary": label(&diagnostic.primary),
                "secondary": diagnostic.secondary.iter().map(label).collect::<Vec<_>>(),
                "help": diagnostic.help,
                "fix": diagnostic.fix.as_ref().map(|fix| place(fix.span, &fix.text)),
            })
        })
        .collect();
    serde_json::json!({ "schema": "contingent.diagnostics/1", "diagnostics": items })
}
