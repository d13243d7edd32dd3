//! Where lines are broken.
//!
//! Enters: tokens with the line breaks of the author. Leaves: tokens with those that are written. Always
//! holds: breaks are taken away only before the brace that opens a statement's block; they are added only
//! in lines that are too wide, and around blocks that hold a break; when nothing changes any more, every
//! line fits or cannot be broken, so that a second time changes nothing.

use super::MAX_WIDTH;
use super::layout::{self, Placed};
use super::token::Token;
use crate::SyntaxKind;

/// Sets which tokens begin lines.
pub(super) fn fit(tokens: &mut [Token]) {
    join_braces(tokens);
    let mut starts: Vec<usize> = (0..tokens.len()).filter(|&i| tokens[i].begins_declaration).collect();
    starts.push(tokens.len());
    for pair in starts.windows(2) {
        fit_declaration(tokens, pair[0], pair[1]);
    }
}

/// A brace that opens the block of a statement stands on the line of the statement.
fn join_braces(tokens: &mut [Token]) {
    for i in 1..tokens.len() {
        let is_statement = matches!(tokens[i].grandparent, SyntaxKind::Declaration | SyntaxKind::Item)
            && tokens[i].parent == SyntaxKind::Block;
        let may_join = tokens[i].comments.is_empty() && tokens[i - 1].trailing.is_none();
        if tokens[i].kind == SyntaxKind::OpenBrace && tokens[i].begins_parent && is_statement && may_join {
            tokens[i].breaks = false;
        }
    }
}

fn fit_declaration(tokens: &mut [Token], start: usize, end: usize) {
    // Declarations of the file do not depend on each other; positions of brackets count from the first token.
    let part = &mut tokens[start..end];
    for token in part.iter_mut() {
        token.partner = token.partner.map(|partner| partner - start);
        token.grounds_end = token.grounds_end.map(|end| end - start);
    }
    loop {
        open_blocks(part);
        let placed = layout::place(part, &[]);
        if !break_lines(part, &placed) {
            break;
        }
    }
    for token in part {
        token.partner = token.partner.map(|partner| partner + start);
        token.grounds_end = token.grounds_end.map(|end| end + start);
    }
}

/// A block that holds a line break has its braces on lines of their own.
fn open_blocks(tokens: &mut [Token]) {
    // A block inside makes those around it open too, so that the last brace that closes comes first.
    let mut n_breaks_after = vec![0_usize; tokens.len() + 1];
    for i in (0..tokens.len()).rev() {
        n_breaks_after[i] = n_breaks_after[i + 1] + usize::from(tokens[i].breaks);
    }
    for i in 0..tokens.len() {
        if let (SyntaxKind::OpenBrace, Some(partner)) = (tokens[i].kind, tokens[i].partner)
            && partner > i + 1
            && n_breaks_after[i + 1] > n_breaks_after[partner + 1]
        {
            tokens[i + 1].breaks = true;
            tokens[partner].breaks = true;
        }
    }
}

/// Breaks every line that is too wide once more, and says whether there was one that could be broken.
fn break_lines(tokens: &mut [Token], placed: &Placed) -> bool {
    let mut changed = false;
    let mut start = 0;
    while start < tokens.len() {
        let end = (start + 1..tokens.len()).find(|&i| tokens[i].breaks).unwrap_or(tokens.len());
        if placed.columns[end - 1] + tokens[end - 1].width > MAX_WIDTH {
            changed |= break_line(tokens, placed, start, end);
        }
        start = end;
    }
    changed
}

/// How a line may be broken, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Because,
    Condition,
    Block,
    Value,
    Branch,
    Or,
    And,
    Comparison,
    Sum,
    Product,
    Comma,
}

/// Breaks one line at the outermost and best of the candidates where it may be broken.
fn break_line(tokens: &mut [Token], placed: &Placed, start: usize, end: usize) -> bool {
    let mut best: Option<(i32, Rank)> = None;
    let mut candidates = Vec::new();
    let mut depth = 0;
    for i in start..end {
        if tokens[i].closes() {
            depth -= 1;
        }
        if let Some(rank) = rank(tokens, i, start, end) {
            let level = (depth, rank);
            if best.is_none_or(|best| level < best) {
                best = Some(level);
                candidates.clear();
            }
            if best == Some(level) {
                candidates.push(i);
            }
        }
        if tokens[i].opens() {
            depth += 1;
        }
    }
    let Some((_, rank)) = best else { return false };
    match rank {
        Rank::Block => candidates.iter().for_each(|&i| open_block(tokens, i)),
        Rank::Because | Rank::Condition | Rank::Value | Rank::Branch => {
            for &i in &candidates {
                tokens[i].breaks = true;
            }
        }
        _ => fill(tokens, placed, &candidates, end),
    }
    true
}

/// Which kind of place for a break stands before token `i`; for a block, at its opening brace.
fn rank(tokens: &[Token], i: usize, start: usize, end: usize) -> Option<Rank> {
    use SyntaxKind as K;
    let token = &tokens[i];
    if token.kind == K::OpenBrace {
        let inside = token.partner.is_some_and(|partner| partner > i + 1 && partner < end);
        return inside.then_some(Rank::Block);
    }
    if i == start {
        return None;
    }
    let before = &tokens[i - 1];
    if before.opens() || token.closes() || token.in_unit || before.in_unit && before.expects_more() {
        return None;
    }
    if before.kind == K::Comma {
        return Some(Rank::Comma);
    }
    if token.kind == K::Tilde {
        return Some(Rank::Because);
    }
    if token.kind == K::Word {
        let rank = match token.text {
            "because" => Some(Rank::Because),
            "when" | "within" | "range" if !token.begins_parent && !before.expects_more() => {
                Some(Rank::Condition)
            }
            "then" | "else" if !token.begins_parent && token.parent == K::Expression => Some(Rank::Branch),
            "or" => Some(Rank::Or),
            "and" => Some(Rank::And),
            _ => None,
        };
        if rank.is_some() {
            return rank;
        }
    }
    let is_operand = before.parent == K::Expression;
    match before.kind {
        K::Assign | K::PlusAssign | K::MinusAssign | K::Colon
            if token.begins_expression && before.parent != K::Call =>
        {
            Some(Rank::Value)
        }
        K::EqualEqual | K::NotEqual | K::Less | K::LessEqual | K::Greater | K::GreaterEqual => {
            Some(Rank::Comparison)
        }
        K::Plus if is_operand => Some(Rank::Sum),
        K::Minus if is_operand && !before.begins_expression && i >= 2 && tokens[i - 2].is_operand_end() => {
            Some(Rank::Sum)
        }
        K::Star | K::Slash if is_operand => Some(Rank::Product),
        K::Text if token.kind == K::Text => Some(Rank::Comma),
        // Points of a lookup.
        K::CloseParenthesis if token.kind == K::OpenParenthesis && token.parent == K::Declaration => {
            Some(Rank::Comma)
        }
        _ => None,
    }
}

impl Token<'_> {
    fn is_operand_end(&self) -> bool {
        self.closes()
            || matches!(
                self.kind,
                SyntaxKind::Word | SyntaxKind::Number | SyntaxKind::Percent | SyntaxKind::Date
            )
    }
}

/// Puts every entry of a block on a line of its own.
fn open_block(tokens: &mut [Token], open: usize) {
    let Some(close) = tokens[open].partner else { return };
    tokens[open + 1].breaks = true;
    tokens[close].breaks = true;
    let mut i = open + 1;
    while i < close {
        if let (true, Some(partner)) = (tokens[i].opens(), tokens[i].partner) {
            i = partner;
        }
        if i > open + 1 && tokens[i].begins_statement {
            tokens[i].breaks = true;
        }
        i += 1;
    }
}

/// Breaks at as few of the candidates as let what stands between them fit.
fn fill(tokens: &mut [Token], placed: &Placed, candidates: &[usize], end: usize) {
    let end_of = |i: usize| placed.columns[i - 1] + tokens[i - 1].width;
    // All candidates have the same depth, and so the same bracket around them.
    let indent = candidates.first().map_or(0, |&place| indent_after(tokens, placed, place));
    let mut breaks = Vec::new();
    let mut gained = 0;
    for (k, &place) in candidates.iter().enumerate() {
        let next = candidates.get(k + 1).copied().unwrap_or(end);
        if end_of(next) - gained > MAX_WIDTH {
            breaks.push(place);
            gained = placed.columns[place].saturating_sub(indent);
        }
    }
    if breaks.is_empty() {
        breaks.extend(candidates.last());
    }
    for place in breaks {
        tokens[place].breaks = true;
    }
}

/// The column at which token `i` stands if it begins a line, as far as the brackets of its line tell.
fn indent_after(tokens: &[Token], placed: &Placed, i: usize) -> usize {
    let mut depth = 0;
    for k in (0..i).rev() {
        if tokens[k].closes() {
            depth += 1;
        } else if tokens[k].opens() {
            if depth == 0 && tokens[k].kind != SyntaxKind::OpenBrace {
                return placed.columns[k] + 1;
            }
            depth -= 1;
        }
        if tokens[k].breaks || k == 0 {
            return placed.columns[k] + 2;
        }
    }
    0
}
