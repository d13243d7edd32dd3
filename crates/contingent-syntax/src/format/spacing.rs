//! How many spaces stand between two tokens of a line.
//!
//! Enters: two tokens that follow each other. Leaves: 0 or 1. Always holds: the result depends on the
//! tokens and the nodes around them, never on the spaces of the source.

use super::token::Token;
use crate::{RESERVED_WORDS, SyntaxKind};

/// The spaces between `tokens[i - 1]` and `tokens[i]`, when they stand on one line.
pub(super) fn between(tokens: &[Token], i: usize) -> usize {
    usize::from(i > 0 && is_apart(tokens, i))
}

fn is_apart(tokens: &[Token], i: usize) -> bool {
    use SyntaxKind as K;
    let (before, token) = (&tokens[i - 1], &tokens[i]);
    match (before.kind, token.kind) {
        (K::Dot, _) | (_, K::Comma | K::Colon | K::Dot | K::Percent | K::CloseBracket) => false,
        (K::OpenParenthesis, _) => before.partner != Some(i) && is_padded(tokens, i - 1),
        (_, K::CloseParenthesis) => token.partner.is_some_and(|open| is_padded(tokens, open)),
        (K::OpenBracket, _) => false,
        (K::Word, K::OpenBracket) => RESERVED_WORDS.contains(&before.text),
        (K::Word, K::OpenParenthesis) => {
            !token.in_unit && (token.begins_parent || RESERVED_WORDS.contains(&before.text))
        }
        (K::Minus, _) => !is_sign(tokens, i - 1),
        (K::Slash | K::Star | K::Caret, _) if before.in_unit => false,
        (_, K::Slash | K::Star | K::Caret) if token.in_unit => false,
        (_, K::Caret) => !is_unit_power(tokens, i),
        (K::Caret, _) => !is_unit_power(tokens, i - 1),
        _ => true,
    }
}

/// Whether the parenthesis at `i` is that of a measure, a line such as `P( within 26 weeks: condition )`.
fn is_padded(tokens: &[Token], i: usize) -> bool {
    tokens[i].parent == SyntaxKind::Item
        && i > 0
        && tokens[i - 1].begins_statement
        && tokens[i - 1].kind == SyntaxKind::Word
}

/// Whether the minus at `i` is a sign and not an operator between two operands.
fn is_sign(tokens: &[Token], i: usize) -> bool {
    use SyntaxKind as K;
    let Some(before) = i.checked_sub(1).map(|i| &tokens[i]) else { return true };
    let after_operand = match before.kind {
        K::Word => !RESERVED_WORDS.contains(&before.text),
        K::Number | K::Date | K::Text | K::Percent => true,
        _ => before.closes(),
    };
    tokens[i].begins_expression || !after_operand
}

/// Whether the `^` at `i` belongs to a unit that stands after a number or after `per`.
fn is_unit_power(tokens: &[Token], i: usize) -> bool {
    use SyntaxKind as K;
    let [.., before, unit] = &tokens[..i] else { return false };
    let goes_on = tokens.get(i + 1).is_some_and(|token| token.kind == K::Number);
    goes_on
        && unit.kind == K::Word
        && (matches!(before.kind, K::Number | K::Percent) || before.is_word("per"))
}
