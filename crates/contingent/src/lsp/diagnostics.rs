//! Diagnostics as an editor shows them, and their fixes as actions.
//!
//! Enters: open models. Leaves: diagnostics by file, and edits. Always holds: every file of a model is listed, with
//! nothing where nothing is wrong, so that what was said before is taken back; the words are those of `contingent
//! check`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use contingent_syntax::{self as syntax, Severity, Span};
use gen_lsp_types::{
    CodeAction, CodeActionKind, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Range, TextEdit, Uri, WorkspaceEdit,
};

use super::workspace::{OpenModel, Workspace};

/// Longest piece of text that is quoted in the title of an action.
const MAX_QUOTED: usize = 40;

/// The diagnostics of every file of every open model.
pub(super) fn by_file(workspace: &Workspace) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
    let mut found: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
    for model in workspace.models() {
        let shared: Vec<PathBuf> =
            model.paths.iter().filter(|&path| found.contains_key(path)).cloned().collect();
        for path in &model.paths {
            found.entry(path.clone()).or_default();
        }
        for diagnostic in &model.checked.diagnostics {
            let path = &model.paths[diagnostic.primary.span.file.0 as usize];
            let shown = shown(workspace, model, diagnostic);
            let known = found.entry(path.clone()).or_default();
            // A file of two models has the same mistake in both.
            if !shared.contains(path) || !known.contains(&shown) {
                known.push(shown);
            }
        }
        if model.is_alone
            && let Some(path) = model.paths.first()
        {
            found.entry(path.clone()).or_default().push(Diagnostic {
                severity: Some(DiagnosticSeverity::Information),
                source: Some("contingent".to_owned()),
                message:
                    "no model includes this file, so names that are declared elsewhere are not checked\n\
                          help: add `include \"...\"` to a model, or a `model` block to this file"
                        .into(),
                ..Diagnostic::default()
            });
        }
    }
    found
}

fn shown(workspace: &Workspace, model: &OpenModel, diagnostic: &syntax::Diagnostic) -> Diagnostic {
    let mut message = diagnostic.headline.clone();
    if !diagnostic.primary.text.is_empty() {
        let _ = write!(message, ": {}", diagnostic.primary.text);
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    let related: Vec<_> = diagnostic
        .secondary
        .iter()
        .map(|label| DiagnosticRelatedInformation {
            location: workspace.location(model, label.span),
            message: label.text.clone(),
        })
        .collect();
    let is_unused = diagnostic.code == syntax::Code::UnusedDeclaration;
    Diagnostic {
        range: model.range(diagnostic.primary.span, workspace.encoding),
        severity: Some(match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
        }),
        code: Some(diagnostic.code.as_str().into()),
        source: Some("contingent".to_owned()),
        message: message.into(),
        tags: is_unused.then(|| vec![DiagnosticTag::Unnecessary]),
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    }
}

/// The fixes of the diagnostics that touch a range of a file.
pub(super) fn actions(workspace: &Workspace, uri: &Uri, range: Range) -> Vec<CodeAction> {
    let Some((model, file)) = workspace.model_of(uri) else { return Vec::new() };
    let mut actions: Vec<CodeAction> = Vec::new();
    for diagnostic in &model.checked.diagnostics {
        let Some(fix) = &diagnostic.fix else { continue };
        let at = model.range(diagnostic.primary.span, workspace.encoding);
        if diagnostic.primary.span.file != file || at.end < range.start || range.end < at.start {
            continue;
        }
        let location = workspace.location(model, fix.span);
        let edit = TextEdit { range: location.range, new_text: fix.text.clone() };
        actions.push(CodeAction {
            title: title(model, fix.span, &fix.text),
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![shown(workspace, model, diagnostic)]),
            is_preferred: Some(true),
            edit: Some(WorkspaceEdit {
                changes: Some([(location.uri, vec![edit])].into_iter().collect()),
                ..WorkspaceEdit::default()
            }),
            ..CodeAction::default()
        });
    }
    actions
}

/// What a change does, in words.
fn title(model: &OpenModel, span: Span, text: &str) -> String {
    let old = quoted(model.checked.sources.text(span));
    let new = quoted(text);
    match (old.is_empty(), new.is_empty()) {
        (true, _) => format!("Insert `{new}`"),
        (_, true) => format!("Remove `{old}`"),
        _ => format!("Change `{old}` to `{new}`"),
    }
}

/// A text on one line, cut where it is long.
fn quoted(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}
