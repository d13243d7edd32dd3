//! Cutting a paragraph into words and marks.
//!
//! Enters: a text and the bytes of one paragraph. Leaves: its tokens in order.
//! Always holds: tokens do not overlap and lie on character boundaries; every character that is not white space is in a token; time
//! is linear in the length.

use std::borrow::Cow;

use super::lexicon;

/// The part of speech, as far as closed word classes and endings tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Noun,
    Proper,
    Pronoun,
    Verb,
    Auxiliary,
    Determiner,
    Adjective,
    Adverb,
    Preposition,
    Conjunction,
    Subordinator,
    Number,
    Possessive,
    Punctuation,
    Mark,
}

/// A word, a number, a sign, or a quotation mark.
#[derive(Debug, Clone)]
pub(super) struct Token<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: &'a str,
    /// In lower case, with straight apostrophes.
    pub(super) lower: Cow<'a, str>,
    pub(super) tag: Tag,
    /// The outermost quotation that the token is part of, its marks included.
    pub(super) quote: Option<u32>,
    /// White space, or the edge of the paragraph, stands before it.
    pub(super) space_before: bool,
    /// White space, or the edge of the paragraph, stands after it.
    pub(super) space_after: bool,
}

impl Token<'_> {
    pub(super) fn is(&self, word: &str) -> bool {
        self.lower == word
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.lower == *word)
    }

    /// Whether it is one of words set apart by single spaces.
    pub(super) fn among(&self, words: &str) -> bool {
        let (word, mut rest) = (self.lower.as_bytes(), words.as_bytes());
        // Most tokens are in few lists, and marks in none: one look at the letters of a list spares its words.
        if word.first().is_none_or(|first| !rest.contains(first)) {
            return word.is_empty() && words.split(' ').any(str::is_empty);
        }
        loop {
            if rest.starts_with(word) && rest.get(word.len()).is_none_or(|&next| next == b' ') {
                return true;
            }
            let Some(space) = rest.iter().position(|&letter| letter == b' ') else { return false };
            rest = &rest[space + 1..];
        }
    }

    pub(super) fn free(&self) -> bool {
        self.quote.is_none()
    }

    /// Whether it is written as a name: "Tayeb", and "el-Tayeb" too.
    pub(super) fn is_capital(&self) -> bool {
        let first_is_capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
        first_is_capital(self.text)
            || self.text.split_once(['-', '’', '\'']).is_some_and(|(particle, name)| {
                lexicon::is_joined_particle(particle) && first_is_capital(name)
            })
    }

    /// Whether it may be part of a name: a word of one, or "von" and "bin".
    pub(super) fn in_name(&self) -> bool {
        self.tag == Tag::Proper || lexicon::is_name_particle(&self.lower)
    }

    pub(super) fn is_word(&self) -> bool {
        !matches!(self.tag, Tag::Punctuation | Tag::Mark)
    }

    pub(super) fn is_dash(&self) -> bool {
        matches!(self.text, "—" | "–" | "―" | "‒" | "⸺" | "－")
            || (self.text.len() >= 2 && self.text.bytes().all(|byte| byte == b'-'))
            || (self.text == "-" && self.space_before && self.space_after)
    }

    pub(super) fn ends_sentence(&self) -> bool {
        matches!(self.text, "." | "!" | "?" | "…" | "..." | "。" | "！" | "？" | "؟" | "।" | "۔")
    }

    pub(super) fn is_comma(&self) -> bool {
        matches!(self.text, "," | "،" | "，")
    }

    pub(super) fn is_colon(&self) -> bool {
        matches!(self.text, ":" | "：")
    }
}

/// Signs that continue a word though they are no letters: combining marks, joiners, the soft hyphen.
fn continues_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '_' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}'
            | '\u{64b}'..='\u{65f}' | '\u{93c}' | '\u{94d}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}')
}

pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '＇')
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '“'
            | '”'
            | '„'
            | '‟'
            | '″'
            | '＂'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '\''
            | '「'
            | '」'
            | '『'
            | '』'
            | '《'
            | '》'
            | '〈'
            | '〉'
            | '〝'
            | '〞'
            | '〟'
    )
}

/// The tokens of `text[start..end]`.
pub(super) fn tokenize(text: &str, start: usize, end: usize) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let part = &text[start..end];
    let mut characters = part.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut stop = at + c.len_utf8();
        let mut tag = Tag::Punctuation;
        if c.is_alphanumeric() {
            tag = Tag::Noun;
            let mut previous = c;
            while let Some(&(next_at, next)) = characters.peek() {
                if continues_word(next)
                    || (connects(next)
                        && joins(&part[at..next_at], previous, next, &part[next_at + next.len_utf8()..]))
                {
                    previous = next;
                    stop = next_at + next.len_utf8();
                    characters.next();
                } else {
                    break;
                }
            }
            if part[stop..].starts_with('.') && takes_dot(&part[at..stop], &part[stop + 1..]) {
                stop += 1;
                characters.next();
            }
        } else if is_apostrophe(c) && possessive(part, at, stop) {
            tag = Tag::Possessive;
            stop += 1;
            characters.next();
        } else if is_mark(c) {
            tag = Tag::Mark;
            if c == '\'' && part[stop..].starts_with('\'') {
                stop += 1;
                characters.next();
            }
        } else if c == '`' {
            tag = Tag::Mark;
            if part[stop..].starts_with('`') {
                stop += 1;
                characters.next();
            }
        } else if matches!(c, '-' | '.') {
            while part[stop..].starts_with(c) {
                stop += 1;
                characters.next();
            }
        }
        push(&mut tokens, text, start + at, start + stop, tag);
    }
    let bounds: Vec<(bool, bool)> = tokens
        .iter()
        .map(|token| {
            let before = text[start..token.start].chars().next_back().is_none_or(char::is_whitespace);
            let after = text[token.end..end].chars().next().is_none_or(char::is_whitespace);
            (before, after)
        })
        .collect();
    for (token, (before, after)) in tokens.iter_mut().zip(bounds) {
        token.space_before = before;
        token.space_after = after;
    }
    tokens
}

/// Whether a lone apostrophe opens the possessive of something that ends in a sign ("the U.N.'s").
fn possessive(part: &str, at: usize, stop: usize) -> bool {
    let before = part[..at].chars().next_back().is_some_and(|c| c == '.' || c == ')' || c == '%');
    before && part[stop..].starts_with('s') && !part[stop + 1..].starts_with(char::is_alphanumeric)
}

fn connects(c: char) -> bool {
    is_apostrophe(c) || matches!(c, '-' | '‑' | '‐' | '.' | ',' | '&' | '/' | '@' | ':' | '·')
}

/// Whether a sign inside a word belongs to it: `word` so far, its last character, the sign, and what follows the sign.
fn joins(word: &str, previous: char, sign: char, rest: &str) -> bool {
    let Some(next) = rest.chars().next() else { return false };
    if !next.is_alphanumeric() || !continues_word(previous) {
        return false;
    }
    match sign {
        ',' | ':' => previous.is_ascii_digit() && next.is_ascii_digit(),
        '.' => {
            (previous.is_ascii_digit() && next.is_ascii_digit())
                || (previous.is_lowercase() && next.is_lowercase() && word.chars().count() > 1)
                || (word.rsplit('.').next().is_some_and(|part| part.chars().count() == 1)
                    && rest.chars().nth(1).is_none_or(|after| !after.is_alphanumeric()))
        }
        _ => true,
    }
}

/// Whether the dot after a word is part of it: an abbreviation, an initial, "U.N.".
fn takes_dot(word: &str, rest: &str) -> bool {
    let dotted = word.contains('.')
        && word.split('.').all(|part| part.chars().count() == 1)
        && word.chars().any(char::is_alphabetic);
    if dotted {
        return true;
    }
    if word.len() > 6 {
        return false;
    }
    let mut characters = word.chars();
    let first = characters.next();
    let capital = first.is_some_and(char::is_uppercase);
    if characters.next().is_none() {
        // "So did I." ends a sentence, "J. Smith" does not.
        return capital
            && word != "I"
            && rest.starts_with(' ')
            && rest[1..].chars().next().is_some_and(char::is_uppercase);
    }
    rest.starts_with(|c: char| c.is_whitespace() || c == ',')
        && capital
        && lexicon::is_abbreviation(&word.to_lowercase())
        && (word != "No" || rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

fn push<'a>(tokens: &mut Vec<Token<'a>>, text: &'a str, start: usize, end: usize, tag: Tag) {
    let word = &text[start..end];
    // The possessive and the short forms of auxiliaries are words of their own.
    if tag == Tag::Noun
        && let Some((at, sign)) = word.char_indices().rev().find(|(_, c)| is_apostrophe(*c))
        && at > 0
        && matches!(&word[at + sign.len_utf8()..], "s" | "S" | "ll" | "ve" | "re" | "d" | "m")
    {
        push_one(tokens, text, start, start + at, Tag::Noun);
        push_one(tokens, text, start + at, end, Tag::Possessive);
        return;
    }
    push_one(tokens, text, start, end, tag);
}

fn push_one<'a>(tokens: &mut Vec<Token<'a>>, text: &'a str, start: usize, end: usize, tag: Tag) {
    let word = &text[start..end];
    let plain = word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    let lower = if plain {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(word.to_lowercase().replace(['’', 'ʼ', '＇'], "'"))
    };
    tokens.push(Token {
        start,
        end,
        text: word,
        lower,
        tag,
        quote: None,
        space_before: false,
        space_after: false,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokenize(text, 0, text.len()).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_keep_their_inner_signs_and_lose_the_outer_ones() {
        assert_eq!(
            words("The U.N.'s well-known 10,000 men, Mr. Hale said."),
            ["The", "U.N.", "'s", "well-known", "10,000", "men", ",", "Mr.", "Hale", "said", "."]
        );
        assert_eq!(
            words("didn’t he’ll Karim’s farmers’"),
            ["didn’t", "he", "’ll", "Karim", "’s", "farmers", "’"]
        );
        assert_eq!(
            words("So did I. He left--then..."),
            ["So", "did", "I", ".", "He", "left", "--", "then", "..."]
        );
    }

    #[test]
    fn letters_of_other_scripts_are_words_with_their_marks() {
        assert_eq!(words("مُحَمَّد قال: «نعم»"), ["مُحَمَّد", "قال", ":", "«", "نعم", "»"]);
        assert_eq!(words("Иван\u{301} — да."), ["Иван\u{301}", "—", "да", "."]);
    }
}
