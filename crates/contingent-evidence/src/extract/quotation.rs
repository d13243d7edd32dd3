//! Which marks belong together.
//!
//! Enters: the tokens of a paragraph. Leaves: its quotations, from mark to mark, inner ones too; outer ones are noted on the tokens.
//! Always holds: quotations of one paragraph nest or are apart; time is linear, for an open mark waits on a stack of bounded depth;
//! an apostrophe opens nothing that no mark closes.

use super::token::{Tag, Token};

/// Marks that close one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Double,
    Single,
    Guillemet,
    SingleGuillemet,
    Corner,
    DoubleCorner,
    Angle,
}

/// Words between marks.
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact of the marks")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quotation {
    /// Position of the first token, the opening mark where there is one.
    pub(super) first: usize,
    /// Position of the last token, the closing mark where there is one.
    pub(super) last: usize,
    pub(super) family: Family,
    /// A mark closes it.
    pub(super) closed: bool,
    /// It lies in another quotation.
    pub(super) nested: bool,
    /// It carries on a quotation that the paragraph before left open.
    pub(super) carries_on: bool,
    /// The paragraph after may carry it on.
    pub(super) left_open: bool,
}

impl Quotation {
    /// Positions of the tokens, half open.
    pub(super) fn end(&self) -> usize {
        self.last + 1
    }
}

/// What one paragraph tells the next.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Carry(Option<Family>);

const DEEPEST: usize = 8;

struct Open {
    at: usize,
    sign: char,
    family: Family,
    /// Quotations of the same family were closed inside it, so its own mark is probably stray.
    doubtful: bool,
    carries_on: bool,
}

/// What a mark may do where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Opens,
    Closes,
    Either,
    Nothing,
}

/// Pairs the marks of a paragraph.
pub(super) fn pair(tokens: &mut [Token<'_>], carry: &mut Carry) -> Vec<Quotation> {
    let mut stack: Vec<Open> = Vec::new();
    let mut found: Vec<Quotation> = Vec::new();
    let expected = carry.0.take();
    let mut first_mark = true;
    let closers = single_closers(tokens);
    for at in 0..tokens.len() {
        if tokens[at].tag != Tag::Mark {
            continue;
        }
        let sign = tokens[at].text.chars().next().unwrap_or('"');
        let family = family_of(&tokens[at]);
        let mut role = role_of(tokens, at, sign, family, &stack, &closers);
        let open_at = stack.iter().rposition(|open| open.family == family);
        if role == Role::Either {
            role = if open_at.is_some() { Role::Closes } else { Role::Opens };
        }
        let begins = at == 0;
        match role {
            Role::Opens => {
                if stack.len() == DEEPEST {
                    stack.remove(0);
                }
                stack.push(Open {
                    at,
                    sign,
                    family,
                    doubtful: false,
                    carries_on: begins && expected == Some(family),
                });
            }
            Role::Closes => {
                if let Some(position) = open_at {
                    let open = stack.split_off(position).swap_remove(0);
                    for outer in &mut stack {
                        outer.doubtful |= outer.family == family;
                    }
                    if at > open.at + 1 {
                        found.push(quotation(&open, at, true));
                    }
                } else if expected == Some(family) && first_mark && family != Family::Single && at > 0 {
                    // The paragraph before left a quotation open, and this one did not open it again.
                    let open = Open { at: 0, sign, family, doubtful: false, carries_on: true };
                    found.push(quotation(&open, at, true));
                }
            }
            Role::Either | Role::Nothing => {
                // "the farmers’ union": the apostrophe of a plural is a possessive.
                let plural = family == Family::Single
                    && !tokens[at].space_before
                    && at > 0
                    && tokens[at - 1].lower.ends_with(['s', 'z', 'x']);
                if plural && open_at.is_none_or(|_| tokens[at].space_after) {
                    tokens[at].tag = Tag::Possessive;
                }
                continue;
            }
        }
        first_mark = false;
    }
    if let Some(open) = stack.into_iter().find(|open| open.family != Family::Single && !open.doubtful)
        && tokens.len() > open.at + 1
    {
        carry.0 = Some(open.family);
        found.push(quotation(&open, tokens.len() - 1, false));
    }
    found.sort_by_key(|quotation| (quotation.first, usize::MAX - quotation.last));
    // After the sort an outer quotation comes before what it holds.
    let mut outer_end = 0;
    let mut kept: Vec<Quotation> = Vec::with_capacity(found.len());
    for mut quotation in found {
        if quotation.first < outer_end {
            if quotation.last >= outer_end {
                continue;
            }
            quotation.nested = true;
        } else {
            let number = kept.len() as u32;
            for token in &mut tokens[quotation.first..=quotation.last] {
                token.quote = Some(number);
            }
            outer_end = quotation.end();
        }
        kept.push(quotation);
    }
    kept
}

fn quotation(open: &Open, last: usize, closed: bool) -> Quotation {
    Quotation {
        first: open.at,
        last,
        family: open.family,
        closed,
        nested: false,
        carries_on: open.carries_on,
        left_open: !closed,
    }
}

fn family_of(token: &Token<'_>) -> Family {
    match token.text {
        "''" | "``" => Family::Double,
        _ => match token.text.chars().next().unwrap_or('"') {
            '‘' | '’' | '‚' | '‛' | '\'' | '`' => Family::Single,
            '«' | '»' => Family::Guillemet,
            '‹' | '›' => Family::SingleGuillemet,
            '「' | '」' => Family::Corner,
            '『' | '』' => Family::DoubleCorner,
            '《' | '》' | '〈' | '〉' => Family::Angle,
            _ => Family::Double,
        },
    }
}

fn role_of(
    tokens: &[Token<'_>],
    at: usize,
    sign: char,
    family: Family,
    stack: &[Open],
    closers: &[usize],
) -> Role {
    let token = &tokens[at];
    let opened_by = stack.iter().rev().find(|open| open.family == family).map(|open| open.sign);
    let before_opens = token.space_before
        || at.checked_sub(1).is_some_and(|before| {
            let before = &tokens[before];
            matches!(before.text, "(" | "[" | "¿" | "¡")
                || before.is_dash()
                || (before.tag == Tag::Mark && before.space_before)
        });
    if token.text == "``" {
        return Role::Opens;
    }
    match sign {
        '”' if opened_by.is_none() && token.space_before && !token.space_after => Role::Opens,
        '「' | '『' | '《' | '〈' | '〝' | '„' | '‟' => Role::Opens,
        '」' | '』' | '》' | '〉' | '〞' | '〟' | '”' => Role::Closes,
        '“' => match opened_by {
            Some('„') => Role::Closes,
            Some(_) if !token.space_before && token.space_after => Role::Closes,
            _ => Role::Opens,
        },
        '«' | '‹' => match opened_by {
            Some('»' | '›') => Role::Closes,
            _ => Role::Opens,
        },
        '»' | '›' => match opened_by {
            Some('«' | '‹') => Role::Closes,
            Some(_) => Role::Either,
            None if before_opens && !token.space_after => Role::Opens,
            None => Role::Closes,
        },
        '‘' | '‚' | '‛' => match opened_by {
            Some('‚') => Role::Closes,
            _ if elision(tokens, at) => Role::Nothing,
            _ if token.space_after => Role::Nothing,
            _ => Role::Opens,
        },
        '’' | '\'' if family == Family::Single => {
            if opened_by.is_some() {
                if !token.space_before && !plural_possessive(tokens, at, closers) {
                    return Role::Closes;
                }
                return Role::Nothing;
            }
            let opens = sign == '\'' && before_opens && !token.space_after && !elision(tokens, at);
            if opens { Role::Opens } else { Role::Nothing }
        }
        '`' => {
            if token.space_before && !token.space_after {
                Role::Opens
            } else {
                Role::Nothing
            }
        }
        _ => match (before_opens, token.space_after || at + 1 == tokens.len()) {
            (true, false) => Role::Opens,
            (false, true) => Role::Closes,
            _ => Role::Either,
        },
    }
}

/// "the ’90s", "’em".
fn elision(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|next| {
        next.text.starts_with(|c: char| c.is_ascii_digit()) || next.among("em tis twas til cause bout round")
    })
}

/// Positions where a single mark surely closes: after a sign, or at the end of a sentence or clause.
fn single_closers(tokens: &[Token<'_>]) -> Vec<usize> {
    (1..tokens.len())
        .filter(|&at| {
            let token = &tokens[at];
            token.tag == Tag::Mark
                && matches!(token.text, "’" | "'")
                && !token.space_before
                && (!tokens[at - 1].is_word()
                    || tokens.get(at + 1).is_none_or(|next| !next.is_word())
                    || !tokens[at - 1].lower.ends_with('s'))
        })
        .collect()
}

/// "the farmers’ union" inside single marks: after an s, before a word in lower case, while a surer closing mark is still to come
/// before the next opening one.
fn plural_possessive(tokens: &[Token<'_>], at: usize, closers: &[usize]) -> bool {
    let (Some(before), Some(after)) = (at.checked_sub(1).map(|before| &tokens[before]), tokens.get(at + 1))
    else {
        return false;
    };
    if !before.lower.ends_with('s') || !after.is_word() || after.is_capital() {
        return false;
    }
    let next = closers.partition_point(|&closer| closer <= at);
    closers.get(next).is_some_and(|&closer| {
        closer - at < 60
            && !tokens[at + 1..closer].iter().any(|token| matches!(token.text, "‘" | "“" | "”" | "\""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::token::tokenize;

    fn quoted(text: &str) -> Vec<String> {
        let mut tokens = tokenize(text, 0, text.len());
        let quotations = pair(&mut tokens, &mut Carry::default());
        quotations.iter().map(|q| text[tokens[q.first].start..tokens[q.last].end].to_owned()).collect()
    }

    #[test]
    fn every_style_of_marks_is_paired() {
        for text in [
            "He said “we go” today.",
            "He said \"we go\" today.",
            "He said „we go“ today.",
            "He said „we go” today.",
            "He said «we go» today.",
            "He said « we go » today.",
            "He said »we go« today.",
            "He said ‘we go’ today.",
            "He said 'we go' today.",
            "He said ‚we go‘ today.",
            "He said ”we go” today.",
            "He said ``we go'' today.",
            "He said 「we go」 today.",
        ] {
            assert_eq!(quoted(text).len(), 1, "{text}");
            assert!(quoted(text)[0].contains("we go"), "{text}");
        }
    }

    #[test]
    fn apostrophes_are_no_quotations() {
        assert!(
            quoted("The farmers' union and the traders' guild don't agree; rock 'n' roll in the '90s.").len()
                <= 1
        );
        assert!(quoted("The farmers’ union said the ’90s weren’t easy.").is_empty());
        assert_eq!(quoted("‘The farmers’ union is dead,’ he said."), ["‘The farmers’ union is dead,’"]);
    }

    #[test]
    fn inner_quotations_lie_in_outer_ones() {
        assert_eq!(
            quoted("“He told me ‘go home’ twice,” she said."),
            ["“He told me ‘go home’ twice,”", "‘go home’"]
        );
    }
}
