//! The tokens of a file with what the layout needs to know of each.
//!
//! Enters: the lossless tree. Leaves: tokens that are not trivia, with the comments before and after them.
//! Always holds: nothing here depends on which declaration a token belongs to; forms are told apart by the
//! kinds of the nodes around a token only, so that a new form is laid out like those before it.

use rowan::NodeOrToken;
use rowan::WalkEvent;

use crate::{SyntaxKind, SyntaxNode};

/// A comment with its place in the source.
#[derive(Clone, Debug)]
pub(super) struct Comment<'t> {
    /// Its text, without spaces at the end.
    pub(super) text: &'t str,
    /// Characters before it on its line.
    pub(super) column: usize,
    /// Whether an empty line stands before it.
    pub(super) blank: bool,
}

/// A token that is not trivia.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own; no two make one state")]
pub(super) struct Token<'t> {
    pub(super) kind: SyntaxKind,
    pub(super) text: &'t str,
    /// Its length in characters.
    pub(super) width: usize,
    /// Characters before it on its line of the source.
    pub(super) column: usize,
    /// Characters of space directly before it on its line of the source.
    pub(super) gap: usize,
    /// The node that holds it.
    pub(super) parent: SyntaxKind,
    /// The node that holds the node that holds it.
    pub(super) grandparent: SyntaxKind,
    /// Whether it is the first token of the node that holds it.
    pub(super) begins_parent: bool,
    /// Whether an expression begins with it.
    pub(super) begins_expression: bool,
    /// Whether a declaration, a line of a block, or an entry of a table begins with it.
    pub(super) begins_statement: bool,
    /// Whether a declaration of the file begins with it.
    pub(super) begins_declaration: bool,
    /// Whether it is part of a unit.
    pub(super) in_unit: bool,
    /// For the first token of grounds, the position after their last token.
    pub(super) grounds_end: Option<usize>,
    /// For a bracket, the position of the other one.
    pub(super) partner: Option<usize>,
    /// Whether it begins a line of what is written.
    pub(super) breaks: bool,
    /// Whether it began a line of the source.
    pub(super) broke: bool,
    /// Whether an empty line stands directly before it.
    pub(super) blank: bool,
    /// Comments on lines of their own before it.
    pub(super) comments: Vec<Comment<'t>>,
    /// The comment after it on its line.
    pub(super) trailing: Option<Comment<'t>>,
}

impl Token<'_> {
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == SyntaxKind::Word && self.text == word
    }

    pub(super) fn opens(&self) -> bool {
        matches!(self.kind, SyntaxKind::OpenBrace | SyntaxKind::OpenParenthesis | SyntaxKind::OpenBracket)
    }

    pub(super) fn closes(&self) -> bool {
        matches!(self.kind, SyntaxKind::CloseBrace | SyntaxKind::CloseParenthesis | SyntaxKind::CloseBracket)
    }

    /// Whether something must follow it in the same statement.
    pub(super) fn expects_more(&self) -> bool {
        use SyntaxKind as K;
        matches!(
            self.kind,
            K::Colon
                | K::Dot
                | K::Assign
                | K::PlusAssign
                | K::MinusAssign
                | K::Arrow
                | K::EqualEqual
                | K::NotEqual
                | K::Less
                | K::LessEqual
                | K::Greater
                | K::GreaterEqual
                | K::Plus
                | K::Minus
                | K::Star
                | K::Slash
                | K::Caret
                | K::Tilde
        )
    }
}

/// An open node: its kind and where it starts.
struct Open {
    kind: SyntaxKind,
    start: usize,
    /// Position of the first token after it began.
    first: usize,
}

/// The tokens of a tree, and the comments after the last of them.
pub(super) fn collect<'t>(root: &SyntaxNode, text: &'t str) -> (Vec<Token<'t>>, Vec<Comment<'t>>) {
    let mut reader = Reader {
        text,
        tokens: Vec::new(),
        open: Vec::new(),
        comments: Vec::new(),
        column: 0,
        n_newlines: 1,
        gap: 0,
        fresh: true,
        n_units: 0,
    };
    for event in root.preorder_with_tokens() {
        match event {
            WalkEvent::Enter(NodeOrToken::Node(node)) => {
                reader.enter(node.kind(), node.text_range().start().into());
            }
            WalkEvent::Leave(NodeOrToken::Node(node)) => reader.leave(node.kind()),
            WalkEvent::Enter(NodeOrToken::Token(token)) => {
                let range = token.text_range();
                reader.token(token.kind(), range.start().into(), range.end().into());
            }
            WalkEvent::Leave(NodeOrToken::Token(_)) => {}
        }
    }
    let comments = reader.comments;
    let mut tokens = reader.tokens;
    pair_brackets(&mut tokens);
    (tokens, comments)
}

struct Reader<'t> {
    text: &'t str,
    tokens: Vec<Token<'t>>,
    open: Vec<Open>,
    /// Comments since the last token.
    comments: Vec<Comment<'t>>,
    /// Characters before the next token on its line.
    column: usize,
    /// Line breaks since the last token or comment.
    n_newlines: usize,
    /// Characters of space since the last token or line break.
    gap: usize,
    /// Whether nothing but space stands on the line so far.
    fresh: bool,
    n_units: usize,
}

impl<'t> Reader<'t> {
    fn enter(&mut self, kind: SyntaxKind, start: usize) {
        self.n_units += usize::from(kind == SyntaxKind::Unit);
        self.open.push(Open { kind, start, first: self.tokens.len() });
    }

    fn leave(&mut self, kind: SyntaxKind) {
        self.n_units -= usize::from(kind == SyntaxKind::Unit);
        let closed = self.open.pop();
        if let Some(Open { kind: SyntaxKind::Grounds, first, .. }) = closed {
            let end = self.tokens.len();
            if let Some(token) = self.tokens.get_mut(first) {
                token.grounds_end = Some(end);
            }
        }
    }

    fn token(&mut self, kind: SyntaxKind, start: usize, end: usize) {
        let text = &self.text[start..end];
        let width = text.chars().count();
        match kind {
            SyntaxKind::Whitespace => self.gap += width,
            SyntaxKind::Newline => {
                self.n_newlines += 1;
                self.column = 0;
                self.gap = 0;
                self.fresh = true;
                return;
            }
            SyntaxKind::Comment | SyntaxKind::DocComment => self.comment(text),
            _ => self.significant(kind, text, start, width),
        }
        self.column += width;
    }

    fn comment(&mut self, text: &'t str) {
        let comment = Comment { text: text.trim_end(), column: self.column, blank: self.n_newlines > 1 };
        match self.tokens.last_mut() {
            Some(token) if !self.fresh => token.trailing = Some(comment),
            _ => self.comments.push(comment),
        }
        self.n_newlines = 0;
        self.gap = 0;
    }

    fn significant(&mut self, kind: SyntaxKind, text: &'t str, start: usize, width: usize) {
        let parent = self.open.last().map_or(SyntaxKind::File, |open| open.kind);
        let above = self.open.len().checked_sub(2).and_then(|i| self.open.get(i));
        let beginning =
            self.open.iter().rev().take_while(|open| open.start == start && open.kind != SyntaxKind::File);
        let (mut begins_expression, mut begins_statement, mut n_beginning) = (false, false, 0);
        for open in beginning {
            begins_expression |= open.kind == SyntaxKind::Expression;
            begins_statement |= matches!(open.kind, SyntaxKind::Declaration | SyntaxKind::Item);
            n_beginning += 1;
        }
        let outer = self.open.len() - n_beginning;
        let in_block = outer.checked_sub(1).is_some_and(|i| self.open[i].kind == SyntaxKind::Block);
        begins_statement |= in_block && self.begins_entry(kind, text);
        let token = Token {
            kind,
            text,
            width,
            column: self.column,
            gap: self.gap,
            parent,
            grandparent: above.map_or(SyntaxKind::File, |open| open.kind),
            begins_parent: n_beginning > 0,
            begins_expression,
            begins_statement,
            begins_declaration: begins_statement && outer == 1,
            in_unit: self.n_units > 0,
            grounds_end: None,
            partner: None,
            breaks: self.fresh,
            broke: self.fresh,
            blank: self.n_newlines > 1,
            comments: std::mem::take(&mut self.comments),
            trailing: None,
        };
        self.tokens.push(token);
        self.n_newlines = 0;
        self.gap = 0;
        self.fresh = false;
    }

    /// Whether a part of a block that has no node of its own begins here: an entry of a table, an element.
    fn begins_entry(&self, kind: SyntaxKind, text: &str) -> bool {
        let is_mark = matches!(
            kind,
            SyntaxKind::OpenBrace | SyntaxKind::CloseBrace | SyntaxKind::Comma | SyntaxKind::Colon
        );
        let Some(before) = self.tokens.last() else { return false };
        let after_mark = before.parent == SyntaxKind::Block
            && matches!(before.kind, SyntaxKind::OpenBrace | SyntaxKind::Comma);
        let goes_on = kind == SyntaxKind::Word && CONTINUING.contains(&text);
        !is_mark && (after_mark || (self.fresh && !before.expects_more() && !goes_on))
    }
}

/// Words that go on with the statement of the line before.
const CONTINUING: &[&str] = &["because", "within", "when", "then", "else", "and", "or", "per", "to"];

fn pair_brackets(tokens: &mut [Token]) {
    let mut open = Vec::new();
    for i in 0..tokens.len() {
        if tokens[i].opens() {
            open.push(i);
        } else if tokens[i].closes()
            && let Some(partner) = open.pop()
        {
            tokens[i].partner = Some(partner);
            tokens[partner].partner = Some(i);
        }
    }
}
