//! Columns that the author lined up over several lines.
//!
//! Enters: lines, with the columns that their tokens had in the source. Leaves: the spaces that line them
//! up again, and the columns of comments. Always holds: what stood in one column on neighbouring lines
//! stands in one column again, as far to the left as the widest line lets it; what was not
//! lined up is not; lining up makes no line too wide. The result has the same columns lined up, so that a
//! second time changes nothing.

use std::collections::BTreeMap;

use super::MAX_WIDTH;
use super::layout::{self, Placed};
use super::line::Row;
use super::token::Token;
use crate::SyntaxKind;

/// Spaces between code and the comment after it.
const COMMENT_GAP: usize = 2;

/// Tokens in one column on lines that follow each other.
struct Group {
    /// Positions of the tokens, with the positions of their lines.
    members: Vec<(usize, usize)>,
    /// The least and the most space before one of them in the source.
    gaps: (usize, usize),
}

/// The spaces to add before each token.
pub(super) fn columns(tokens: &[Token], rows: &[Row]) -> Vec<usize> {
    let mut extra = vec![0; tokens.len()];
    let mut groups = groups(tokens, rows);
    groups.retain(|group| group.gaps.1 > 1 && group.members.len() > 1);
    if groups.is_empty() {
        return extra;
    }
    let placed = layout::place(tokens, &[]);
    // From left to right, so that what moves a token has been decided before its own group is.
    groups.sort_by_key(|group| tokens[group.members[0].0].column);
    let mut shifts: BTreeMap<usize, usize> = BTreeMap::new();
    for group in groups {
        let shift = |row: usize| shifts.get(&row).copied().unwrap_or(0);
        let at = |&(i, row): &(usize, usize)| placed.columns[i] + shift(row);
        // A column that stood apart by two spaces or more on every line keeps two.
        let apart = usize::from(group.gaps.0 > 1);
        let column = group.members.iter().map(at).max().unwrap_or(0) + apart;
        let fits = group.members.iter().all(|member| {
            let added = column - at(member);
            added == 0 || width(tokens, &placed, &rows[member.1]) + shift(member.1) + added <= MAX_WIDTH
        });
        if fits {
            let added: Vec<usize> = group.members.iter().map(|member| column - at(member)).collect();
            for (&(i, row), added) in group.members.iter().zip(added) {
                extra[i] += added;
                *shifts.entry(row).or_default() += added;
            }
        }
    }
    extra
}

fn width(tokens: &[Token], placed: &Placed, row: &Row) -> usize {
    row.code.map_or(0, |(_, end)| placed.columns[end - 1] + tokens[end - 1].width)
}

fn groups(tokens: &[Token], rows: &[Row]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // The group of each cell of the line before, by the column in the source.
    let mut before: Vec<(usize, usize)> = Vec::new();
    for (r, row) in rows.iter().enumerate() {
        if row.blank {
            before.clear();
        }
        let Some((start, end)) = row.code else { continue };
        if is_text_below_text(tokens, start) {
            continue;
        }
        if !is_eligible(tokens, start, end) {
            before.clear();
            continue;
        }
        let mut cells = Vec::new();
        let mut candidates = before.iter().copied().peekable();
        for i in start + 1..end {
            let column = tokens[i].column;
            while candidates.next_if(|&(group, _)| group_column(tokens, &groups[group]) < column).is_some() {}
            let joined = candidates.peek().copied().filter(|&(group, cell)| {
                group_column(tokens, &groups[group]) == column && is_alike(tokens, cell, i)
            });
            let group = joined.map_or(groups.len(), |(group, _)| group);
            if joined.is_none() {
                groups.push(Group { members: Vec::new(), gaps: (usize::MAX, 0) });
            }
            groups[group].members.push((i, r));
            let gaps = &mut groups[group].gaps;
            *gaps = (gaps.0.min(tokens[i].gap), gaps.1.max(tokens[i].gap));
            cells.push((group, i));
        }
        before = cells;
    }
    groups
}

fn group_column(tokens: &[Token], group: &Group) -> usize {
    tokens[group.members[0].0].column
}

/// Whether a line is the first of a statement, stands as it stood in the source, and leaves no bracket open.
fn is_eligible(tokens: &[Token], start: usize, end: usize) -> bool {
    let as_in_source = tokens[start].broke && tokens[start + 1..end].iter().all(|token| !token.broke);
    let closed = tokens[start..end].iter().all(|token| {
        !token.opens()
            || token.kind == SyntaxKind::OpenBrace
            || token.partner.is_none_or(|partner| partner < end)
    });
    tokens[start].begins_statement && as_in_source && closed
}

fn is_text_below_text(tokens: &[Token], start: usize) -> bool {
    let is_text = |i: usize| tokens.get(i).is_some_and(|token| token.kind == SyntaxKind::Text);
    start > 0 && is_text(start) && is_text(start - 1) && !tokens[start].begins_statement
}

/// Whether two tokens may stand in one column: the same sign or word, two strings, or two second words.
fn is_alike(tokens: &[Token], a: usize, b: usize) -> bool {
    let is_second = |i: usize| i > 0 && tokens[i - 1].begins_statement;
    let is_sign = |i: usize| tokens[i].expects_more() || tokens[i].opens() || tokens[i].closes();
    let same = tokens[a].kind == tokens[b].kind
        && (tokens[a].kind == SyntaxKind::Text || tokens[a].text == tokens[b].text);
    same || (is_second(a) && is_second(b) && !is_sign(a) && !is_sign(b))
}

/// Sets the columns of all comments.
pub(super) fn comments(tokens: &[Token], rows: &mut [Row], placed: &Placed) {
    let mut start = 0;
    while start < rows.len() {
        let Some(column) = rows[start].comment.as_ref().map(|comment| comment.column) else {
            start += 1;
            continue;
        };
        if rows[start].code.is_none() {
            rows[start].comment_column = placed.comment_columns.get(rows[start].next).copied().unwrap_or(0);
            start += 1;
            continue;
        }
        let continues =
            |row: &Row| !row.blank && row.comment.as_ref().is_some_and(|comment| comment.column == column);
        let end = (start + 1..rows.len()).find(|&r| !continues(&rows[r])).unwrap_or(rows.len());
        let widest = rows[start..end].iter().map(|row| width(tokens, placed, row)).max().unwrap_or(0);
        for row in &mut rows[start..end] {
            row.comment_column = widest + COMMENT_GAP;
        }
        start = end;
    }
}
