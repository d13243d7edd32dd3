//! Tokens to a lossless tree and the typed view, in one pass.
//!
//! Enters: the text of one file. Leaves: a [`Parse`]. Always holds: every token enters the tree exactly
//! once; a mistake is reported once and reading goes on with the next line or declaration; nesting is
//! bounded, so no text exhausts the stack. A method that returns `None` has reported its mistake.

mod data;
mod decision;
mod declaration;
mod expression;
mod question;

use rowan::{GreenNode, GreenNodeBuilder};

use crate::ast::{File, Name, Text, UnitText};
use crate::lexer::{Token, lex};
use crate::words::N_DECLARING;
use crate::{Code, Diagnostic, FileId, Span, SyntaxKind, SyntaxNode, nearest};

/// Words that begin declarations and cannot be names.
pub const RESERVED_WORDS: &[&str] = &[
    "model",
    "include",
    "unit",
    "subscript",
    "actor",
    "source",
    "claim",
    "assume",
    "correlate",
    "lever",
    "mechanism",
    "stock",
    "signed",
    "whole",
    "flow",
    "aux",
    "lookup",
    "input",
    "event",
    "decision",
    "view",
    "policy",
    "question",
    "indicator",
    "links",
    "observe",
    "because",
    "if",
    "then",
    "else",
    "match",
    "and",
    "or",
    "not",
    "per",
    "to",
];

/// Deepest nesting of brackets, and most operators in one expression; both bound the depth of its tree.
const MAX_DEPTH: u32 = 96;
const MAX_TERMS: u32 = 1000;

/// What was read from one file.
#[derive(Clone, Debug)]
pub struct Parse {
    /// The lossless tree.
    pub green: GreenNode,
    /// The typed view.
    pub file: File,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parse {
    /// The root of the lossless tree.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }
}

/// Reads one file. Texts of 4 GiB and more are refused with a diagnostic.
pub fn parse(id: FileId, text: &str) -> Parse {
    let (text, oversized) = if u32::try_from(text.len()).is_ok() { (text, false) } else { ("", true) };
    let mut parser = Parser::new(id, text);
    if oversized {
        let span = parser.here();
        parser.report(
            Diagnostic::error(Code::TooLarge, "the file is larger than 4 GiB", span, "not read")
                .help("split the model into files that are joined with `include`"),
        );
    }
    parser.builder.start_node(SyntaxKind::File.into());
    let declarations = parser.declarations(false);
    parser.emit_trivia();
    parser.builder.finish_node();
    Parse { green: parser.builder.finish(), file: File { declarations }, diagnostics: parser.diagnostics }
}

/// Reads a unit that stands at a place of a text in another language, such as the header of a table; none when it
/// is no unit. The spans are those of the text.
pub fn parse_unit(text: &str, place: Span) -> Option<UnitText> {
    let written = text.get(place.start as usize..place.end as usize)?;
    let padded = format!("{}{written}", " ".repeat(place.start as usize));
    let mut parser = Parser::new(place.file, &padded);
    parser.builder.start_node(SyntaxKind::File.into());
    parser.fresh = 0;
    let unit = parser.unit()?;
    (parser.kind() == SyntaxKind::End && parser.diagnostics.is_empty()).then_some(unit)
}

pub(crate) struct Parser<'t> {
    text: &'t str,
    file: FileId,
    tokens: Vec<Token>,
    /// Positions of the tokens that are not trivia, and whether a line break stands before each.
    significant: Vec<(usize, bool)>,
    position: usize,
    emitted: usize,
    builder: GreenNodeBuilder<'static>,
    diagnostics: Vec<Diagnostic>,
    /// Open round and square brackets; line breaks do not count within them.
    brackets: u32,
    depth: u32,
    /// Operators read so far in the outermost expression.
    terms: u32,
    /// The position before which a line break does not end anything: an item or operand begins there.
    fresh: usize,
    /// Whether the declarations of the current block are indented.
    indented: bool,
    /// The name of the declaration being read, in case the rest of it is broken.
    broken_name: Option<Name>,
}

impl<'t> Parser<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        let tokens = lex(text);
        let mut significant = Vec::new();
        let mut newline = true;
        for (i, token) in tokens.iter().enumerate() {
            if token.kind.is_trivia() {
                newline |= token.kind == SyntaxKind::Newline;
            } else {
                significant.push((i, newline));
                newline = false;
            }
        }
        Self {
            text,
            file,
            tokens,
            significant,
            position: 0,
            emitted: 0,
            builder: GreenNodeBuilder::new(),
            diagnostics: Vec::new(),
            brackets: 0,
            depth: 0,
            terms: 0,
            fresh: usize::MAX,
            indented: true,
            broken_name: None,
        }
    }

    // Looking.

    fn token(&self, ahead: usize) -> Token {
        let end = self.text.len() as u32;
        self.significant
            .get(self.position + ahead)
            .map_or(Token { kind: SyntaxKind::End, start: end, end }, |&(i, _)| self.tokens[i])
    }

    fn kind(&self) -> SyntaxKind {
        self.token(0).kind
    }

    fn kind_ahead(&self, ahead: usize) -> SyntaxKind {
        self.token(ahead).kind
    }

    fn token_text(&self, ahead: usize) -> &'t str {
        let token = self.token(ahead);
        &self.text[token.start as usize..token.end as usize]
    }

    fn newline_at(&self, ahead: usize) -> bool {
        self.significant.get(self.position + ahead).is_none_or(|&(_, newline)| newline)
    }

    /// Whether the current token begins a new line that ends the statement before it.
    fn line_ends(&self) -> bool {
        self.kind() == SyntaxKind::End
            || (self.brackets == 0 && self.position != self.fresh && self.newline_at(0))
    }

    /// Whether the current token is on the line of what was read before, and of this kind.
    fn at(&self, kind: SyntaxKind) -> bool {
        self.kind() == kind && !self.line_ends()
    }

    fn at_word(&self, word: &str) -> bool {
        self.kind() == SyntaxKind::Word && self.token_text(0) == word
    }

    fn at_word_on_line(&self, word: &str) -> bool {
        self.at_word(word) && !self.line_ends()
    }

    /// Whether a declaration begins here: a word that nothing else begins with, first on its line.
    fn at_declaration(&self) -> bool {
        self.newline_at(0)
            && self.kind() == SyntaxKind::Word
            && RESERVED_WORDS[..N_DECLARING].contains(&self.token_text(0))
    }

    /// Whether a line begins here that may be a declaration with a misspelt first word: two words, of which
    /// the first does not go on with a statement.
    fn at_misspelt_declaration(&self) -> bool {
        self.newline_at(0)
            && self.kind() == SyntaxKind::Word
            && !RESERVED_WORDS.contains(&self.token_text(0))
            && nearest(self.token_text(0), RESERVED_WORDS[..N_DECLARING].iter().copied()).is_some()
            && self.kind_ahead(1) == SyntaxKind::Word
            && !self.newline_at(1)
    }

    /// Whether the current token stands in the first column.
    fn at_margin(&self) -> bool {
        self.significant
            .get(self.position)
            .is_some_and(|&(i, _)| i == 0 || self.tokens[i - 1].kind == SyntaxKind::Newline)
    }

    fn here(&self) -> Span {
        let token = self.token(0);
        Span::new(self.file, token.start, token.end)
    }

    /// The place of the last token that was read.
    fn last(&self) -> Span {
        let (start, end) = match self.position.checked_sub(1).and_then(|i| self.significant.get(i)) {
            Some(&(i, _)) => (self.tokens[i].start, self.tokens[i].end),
            None => (0, 0),
        };
        Span::new(self.file, start, end)
    }

    fn since(&self, start: Span) -> Span {
        let end = self.last().end.max(start.end);
        Span::new(self.file, start.start, end)
    }

    // Reading.

    fn emit_trivia(&mut self) {
        let until = self.significant.get(self.position).map_or(self.tokens.len(), |&(i, _)| i);
        while self.emitted < until {
            self.emit_token();
        }
    }

    fn emit_token(&mut self) {
        let token = self.tokens[self.emitted];
        self.builder.token(token.kind.into(), &self.text[token.start as usize..token.end as usize]);
        self.emitted += 1;
    }

    fn bump(&mut self) -> Span {
        let span = self.here();
        self.emit_trivia();
        if self.kind() != SyntaxKind::End {
            self.emit_token();
            self.position += 1;
        }
        span
    }

    fn start(&mut self, kind: SyntaxKind) {
        self.emit_trivia();
        self.builder.start_node(kind.into());
    }

    fn finish(&mut self) {
        self.builder.finish_node();
    }

    fn eat(&mut self, kind: SyntaxKind) -> bool {
        let found = self.at(kind);
        if found {
            self.bump();
            if kind == SyntaxKind::Comma && !self.at_declaration() {
                self.fresh = self.position;
            }
        }
        found
    }

    /// Reads a word that can only continue a statement, on this line or the next.
    fn eat_continuation(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.bump();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        !self.line_ends() && self.eat_continuation(word)
    }

    fn expect(&mut self, kind: SyntaxKind, what: &str) -> Option<Span> {
        if self.at(kind) { Some(self.bump()) } else { self.expected(what) }
    }

    fn expect_word(&mut self, word: &str, example: &str) -> Option<Span> {
        if self.at_word_on_line(word) {
            Some(self.bump())
        } else {
            self.expected_with(&format!("`{word}`"), example)
        }
    }

    fn open(&mut self, kind: SyntaxKind, what: &str) -> Option<Span> {
        let span = self.expect(kind, what)?;
        self.brackets += 1;
        Some(span)
    }

    /// Reads the bracket that closes the one opened at `opened`.
    fn close(&mut self, kind: SyntaxKind, what: &str, opened: Span) -> Option<()> {
        if self.kind() == kind {
            self.bump();
            self.brackets = self.brackets.saturating_sub(1);
            return Some(());
        }
        let found = self.found();
        let here = self.here();
        self.report(
            Diagnostic::error(Code::SyntaxError, format!("expected {what}, found {found}"), here, "here")
                .and(opened, "to close this")
                .help("close the bracket, or remove the one that opens"),
        );
        None
    }

    fn found(&self) -> String {
        match self.kind() {
            SyntaxKind::End if self.brackets > 0 || self.position == 0 => "the end of the file".to_owned(),
            _ if self.line_ends() => "the end of the line".to_owned(),
            SyntaxKind::Text => "a string".to_owned(),
            SyntaxKind::Word if RESERVED_WORDS.contains(&self.token_text(0)) => {
                format!("the word `{}`", self.token_text(0))
            }
            _ => format!("`{}`", self.token_text(0)),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn expected<T>(&mut self, what: &str) -> Option<T> {
        let help = match what {
            "a value" => "write a number, a name, or an expression in brackets",
            "the end of the line" => {
                "an operator may be missing; every declaration begins on a line of its own"
            }
            "`=`" => "write `=` and then the value",
            "`->`" => "write `from -> to`; one end may be left out",
            "`(`" => "open a bracket",
            _ if what.starts_with("a new line") => {
                "texts stand between double quotes; the lines of a block stand apart, or with `,` between them"
            }
            _ if what.starts_with("`:`") => "write `:` and then what belongs to the name before it",
            _ => "names begin with a letter and go on with letters, digits and `_`",
        };
        self.expected_with(what, help)
    }

    fn expected_with<T>(&mut self, what: &str, example: &str) -> Option<T> {
        let found = self.found();
        let span = if self.line_ends() {
            let last = self.last();
            Span::new(self.file, last.end, last.end)
        } else {
            self.here()
        };
        let headline = format!("expected {what}, found {found}");
        self.report(
            Diagnostic::error(Code::SyntaxError, headline, span, format!("expected {what}")).help(example),
        );
        None
    }

    fn word(&mut self, what: &str) -> Option<Name> {
        if !self.at(SyntaxKind::Word) {
            return self.expected(what);
        }
        let text = self.token_text(0).to_owned();
        let span = self.bump();
        Some(Name { text, span })
    }

    /// Reports a line that may stand only once in its block.
    fn line_twice(&mut self, key: &Name) {
        self.report(
            Diagnostic::error(
                Code::InvalidProperty,
                format!("`{}` stands a second time in this block", key.text),
                key.span,
                "again here",
            )
            .help("keep one of the two lines"),
        );
    }

    /// Reads a name that is being declared.
    fn declared_name(&mut self, what: &str) -> Option<Name> {
        self.start(SyntaxKind::Name);
        let name = self.word(what);
        self.finish();
        let name = name?;
        if RESERVED_WORDS.contains(&name.text.as_str()) || name.text == "time" {
            self.report(
                Diagnostic::error(
                    Code::ReservedWord,
                    format!("`{}` is a word of the language and cannot be a name", name.text),
                    name.span,
                    "reserved",
                )
                .help(format!("choose another name, for example `{}_1`", name.text)),
            );
            // What uses the name is not told again that there is no such thing. `time` stands for the clock all the same.
            return (name.text != "time").then_some(name);
        }
        Some(name)
    }

    /// Reads a string, and the strings that follow it.
    fn text(&mut self, what: &str) -> Option<Text> {
        if !self.at(SyntaxKind::Text) {
            let help = if self.token_text(0).starts_with(['\u{201c}', '\u{201d}', '\u{201e}', '\'']) {
                "use straight double quotes: `\"`"
            } else {
                "strings stand between double quotes on one line"
            };
            return self.expected_with(what, help);
        }
        let start = self.here();
        let mut text = String::new();
        while self.kind() == SyntaxKind::Text {
            let raw = self.token_text(0);
            let span = self.bump();
            if raw.len() < 2 || !raw.ends_with('"') || ends_with_escaped_quote(raw) {
                self.report(
                    Diagnostic::error(
                        Code::UnterminatedString,
                        "the string has no closing quote",
                        span,
                        "begins here",
                    )
                    .help("end it with `\"` on the same line; a string may go on in a second string on the next line")
                    .fix(Span::new(self.file, span.end, span.end), "\""),
                );
                return None;
            }
            let inner = raw.strip_prefix('"').unwrap_or(raw);
            let inner = inner.strip_suffix('"').unwrap_or(inner);
            if !text.is_empty() {
                text.push(' ');
            }
            unescape_into(&mut text, inner);
        }
        Some(Text { text, span: self.since(start) })
    }

    // Recovering.

    /// Skips what is left of a broken line within a block.
    fn recover_line(&mut self) {
        self.brackets = 0;
        let mut braces = 0_u32;
        self.start(SyntaxKind::Broken);
        let first = self.position;
        loop {
            let kind = self.kind();
            let moved = self.position > first;
            if kind == SyntaxKind::End
                || (braces == 0 && (kind == SyntaxKind::CloseBrace || (moved && self.newline_at(0))))
                || (self.at_declaration() && self.at_margin() && moved)
                || (braces == 0 && !moved && self.newline_at(0))
            {
                break;
            }
            braces = match kind {
                SyntaxKind::OpenBrace => braces + 1,
                SyntaxKind::CloseBrace => braces.saturating_sub(1),
                _ => braces,
            };
            self.bump();
        }
        self.finish();
    }

    /// Skips to the next declaration, or to the brace that closes the block we are in.
    fn recover_declaration(&mut self, in_block: bool) {
        self.brackets = 0;
        let mut braces = 0_u32;
        self.start(SyntaxKind::Broken);
        loop {
            let kind = self.kind();
            if kind == SyntaxKind::End
                || (self.at_declaration() && (braces == 0 || self.at_margin()))
                || (self.at_misspelt_declaration() && braces == 0)
                || (in_block && braces == 0 && kind == SyntaxKind::CloseBrace)
            {
                break;
            }
            braces = match kind {
                SyntaxKind::OpenBrace => braces + 1,
                SyntaxKind::CloseBrace => braces.saturating_sub(1),
                _ => braces,
            };
            self.bump();
        }
        self.finish();
    }

    /// Reads a braced block of items that are separated by line breaks or commas.
    fn block<T>(&mut self, what: &str, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        if self.kind() != SyntaxKind::OpenBrace {
            return self.expected_with("`{`", what);
        }
        self.start(SyntaxKind::Block);
        let opened = self.bump();
        let brackets = std::mem::take(&mut self.brackets);
        let mut items = Vec::new();
        loop {
            while self.kind() == SyntaxKind::Comma {
                self.bump();
            }
            if self.kind() == SyntaxKind::CloseBrace {
                self.bump();
                break;
            }
            if self.kind() == SyntaxKind::End || (self.at_declaration() && self.at_margin()) {
                let here = self.here();
                self.report(
                    Diagnostic::error(Code::SyntaxError, "a block is not closed", opened, "opened here")
                        .and(here, "still inside the block here")
                        .help("add `}` at the end of the block"),
                );
                break;
            }
            let before = self.position;
            self.fresh = before;
            if let Some(read) = item(self) {
                items.push(read);
                let ends =
                    matches!(self.kind(), SyntaxKind::Comma | SyntaxKind::CloseBrace | SyntaxKind::End);
                if !ends && !self.newline_at(0) {
                    self.expected::<()>("a new line, `,` or `}`");
                    self.recover_line();
                }
            } else {
                self.recover_line();
                if self.position == before {
                    self.bump();
                }
            }
        }
        self.brackets = brackets;
        self.finish();
        Some(items)
    }

    /// Runs `read` one level deeper, or reports that the text is nested too deep.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            let here = self.here();
            self.report(
                Diagnostic::error(
                    Code::NestedTooDeep,
                    "this is nested too deep",
                    here,
                    "the limit is 96 levels",
                )
                .help("name a part of it with `aux`"),
            );
            return None;
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }
}

fn ends_with_escaped_quote(raw: &str) -> bool {
    let body = &raw[..raw.len() - 1];
    body.len() - body.trim_end_matches('\\').len() != 0
        && (body.len() - body.trim_end_matches('\\').len()) % 2 == 1
}

fn unescape_into(text: &mut String, raw: &str) {
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
}
