//! The lines that are written.
//!
//! Enters: tokens that know which of them begin a line, and the columns of all. Leaves: text. Always holds:
//! every token and comment is written once, in order; no line ends in a space; no two empty lines follow
//! each other; the text ends with one line break.

use super::layout::Placed;
use super::token::{Comment, Token};
use crate::SyntaxKind;

/// A line with something on it.
#[derive(Debug)]
pub(super) struct Row<'t> {
    /// Whether an empty line stands before it.
    pub(super) blank: bool,
    /// The positions of its first token and past its last.
    pub(super) code: Option<(usize, usize)>,
    /// Its comment.
    pub(super) comment: Option<Comment<'t>>,
    /// The position of the token before which a comment on a line of its own stands.
    pub(super) next: usize,
    /// The column of its comment, once that is known.
    pub(super) comment_column: usize,
}

/// Sorts tokens and comments into lines.
pub(super) fn rows<'t>(tokens: &[Token<'t>], last_comments: Vec<Comment<'t>>) -> Vec<Row<'t>> {
    let mut rows: Vec<Row> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let may_be_apart = token.begins_statement || token.kind == SyntaxKind::CloseBrace;
        for comment in &token.comments {
            let blank = comment.blank && may_be_apart;
            rows.push(Row { blank, code: None, comment: Some(comment.clone()), next: i, comment_column: 0 });
        }
        if token.breaks || i == 0 {
            let blank = token.blank && token.begins_statement;
            rows.push(Row { blank, code: Some((i, i)), comment: None, next: i, comment_column: 0 });
        }
        if let Some(row) = rows.last_mut() {
            row.code = row.code.map(|(start, _)| (start, i + 1));
            row.comment.clone_from(&token.trailing);
        }
    }
    for comment in last_comments {
        let blank = comment.blank;
        rows.push(Row { blank, code: None, comment: Some(comment), next: tokens.len(), comment_column: 0 });
    }
    if let Some(first) = rows.first_mut() {
        first.blank = false;
    }
    rows
}

/// Writes the lines.
pub(super) fn write(tokens: &[Token], rows: &[Row], placed: &Placed) -> String {
    let mut text = String::new();
    for row in rows {
        if row.blank {
            text.push('\n');
        }
        let mut column = 0;
        let mut pad = |text: &mut String, until: usize, width: usize| {
            text.extend(std::iter::repeat_n(' ', until.saturating_sub(column)));
            column = column.max(until) + width;
        };
        if let Some((start, end)) = row.code {
            for (token, &column) in tokens[start..end].iter().zip(&placed.columns[start..end]) {
                pad(&mut text, column, token.width);
                text.push_str(token.text);
            }
        }
        if let Some(comment) = &row.comment {
            pad(&mut text, row.comment_column, 0);
            text.push_str(comment.text);
        }
        text.push('\n');
    }
    text
}
