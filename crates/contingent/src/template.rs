//! The model that `contingent new` writes.
//!
//! Enters: a title. Leaves: the files of a small model that teaches the forms of the language in order. Always holds:
//! the model checks without a diagnostic, runs and answers; a test does all three.

/// The title unless the user gives one.
pub const DEFAULT_TITLE: &str = "Will the truce in the hills hold?";

/// The files, by name.
pub fn files(title: &str) -> Vec<(&'static str, String)> {
    vec![
        ("model.ctg", include_str!("template/model.ctg").replace("{title}", &escaped(title))),
        ("claims.ctg", include_str!("template/claims.ctg").to_owned()),
    ]
}

/// A text as it stands between quotes in a model: one line, quotes and backslashes escaped.
fn escaped(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('\\', "\\\\").replace('"', "\\\"")
}
