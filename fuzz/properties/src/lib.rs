//! What must hold of the front end for every text.
//!
//! Enters: any text. Leaves: nothing, or a panic that says what does not hold. Always holds: the fuzz targets
//! and the test that runs with all others look at exactly the same properties.

mod mutation;
mod seed;

pub use mutation::Mutator;
pub use seed::{PRELUDE, seeds};

use contingent_model::{Checked, load};
use contingent_syntax::{Diagnostic, FileId, Sources, meaning};

/// Longest text that is formatted and checked; longer ones have a test of their own.
pub const MAX_BYTES: usize = 64 * 1024;

/// The tree gives back the text, and diagnostics point into it; work is bounded by the length of the text.
pub fn parse(text: &str) {
    let parse = contingent_syntax::parse(FileId(0), text);
    let syntax = parse.syntax();
    let n_bytes: usize = syntax.text().len().into();
    assert_eq!(n_bytes, text.len(), "every byte enters the tree once");
    assert!(syntax.text() == text, "the tree gives back the text");
    let n_elements = syntax.descendants_with_tokens().count();
    assert!(n_elements <= 16 * text.len() + 16, "{n_elements} nodes and tokens of {} bytes", text.len());
    assert!(parse.diagnostics.len() <= text.len() + 1, "more mistakes than bytes");
    for diagnostic in &parse.diagnostics {
        points_into(diagnostic, text);
    }
}

/// A text that can be read is laid out once and for all, means the same, and keeps its tokens and comments.
pub fn format(text: &str) {
    let read = contingent_syntax::parse(FileId(0), text);
    let laid_out = match contingent_syntax::format(text) {
        Ok(laid_out) => laid_out,
        Err(diagnostics) => {
            assert!(!diagnostics.is_empty(), "a text is refused for a reason");
            assert_eq!(diagnostics, read.diagnostics);
            return;
        }
    };
    let again = contingent_syntax::parse(FileId(0), &laid_out);
    assert_eq!(again.diagnostics, vec![], "{laid_out}");
    assert!(meaning(&again.file) == meaning(&read.file), "the meaning changed\n{laid_out}");
    assert_eq!(written(&read), written(&again), "tokens and comments stay");
    assert_eq!(contingent_syntax::format(&laid_out).as_deref(), Ok(laid_out.as_str()), "twice equals once");
    for line in laid_out.split_terminator('\n') {
        assert!(line == line.trim_end(), "a line ends in a space: {line:?}");
    }
    assert!(laid_out.is_empty() || laid_out.ends_with('\n') && !laid_out.ends_with("\n\n"));
    assert!(!laid_out.contains("\n\n\n") && !laid_out.starts_with('\n'));
}

/// The tokens and comments of a text in order, without the spaces at the ends of comments.
fn written(parse: &contingent_syntax::Parse) -> Vec<String> {
    use contingent_syntax::SyntaxKind as K;
    let tokens = parse.syntax().descendants_with_tokens().filter_map(|element| element.as_token().cloned());
    tokens
        .filter(|token| !matches!(token.kind(), K::Whitespace | K::Newline))
        .map(|token| token.text().trim_end().to_owned())
        .collect()
}

/// Checking ends, its diagnostics point into the text and offer a fix, a model exists exactly when there is no
/// error, and the laid-out text gives the same diagnostics.
pub fn check(text: &str) {
    let text = if text.contains("model \"") { text.to_owned() } else { format!("{PRELUDE}{text}") };
    let Checked { sources, model, diagnostics } = checked(&text);
    for diagnostic in &diagnostics {
        for label in std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary) {
            assert_eq!(label.span.file, FileId(0));
        }
        points_into(diagnostic, &sources.files[0].text);
        assert!(diagnostic.help.as_ref().is_some_and(|help| !help.is_empty()), "no fix: {diagnostic:?}");
    }
    assert_eq!(model.is_none(), diagnostics.iter().any(Diagnostic::is_error));
    if let Ok(laid_out) = contingent_syntax::format(&text) {
        let after = checked(&laid_out);
        assert_eq!(said(&diagnostics, &sources), said(&after.diagnostics, &after.sources), "{laid_out}");
    }
}

fn checked(text: &str) -> Checked {
    contingent_model::check(load("model.ctg", text.to_owned(), &mut |_| {
        Err("there is no such file".to_owned())
    }))
}

/// What diagnostics say and of which words, without the spaces between these.
fn said(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<(&'static str, String, String)> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let words = sources.text(diagnostic.primary.span).split_whitespace().collect::<String>();
            (diagnostic.code.as_str(), diagnostic.headline.clone(), words)
        })
        .collect()
}

fn points_into(diagnostic: &Diagnostic, text: &str) {
    for label in std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary) {
        let (start, end) = (label.span.start as usize, label.span.end as usize);
        assert!(start <= end && text.get(start..end).is_some(), "points outside the text: {diagnostic:?}");
    }
}
