//! Where each token stands.
//!
//! Enters: tokens that know which of them begin a line, and extra spaces before some. Leaves: the column of
//! each token, and of comments on lines of their own. Always holds: a line is indented by what it stands
//! in: two spaces more than the statement that it goes on with, than the line that opens its block, or the
//! column after the bracket that is open.

use super::spacing;
use super::token::Token;
use crate::SyntaxKind;

const STEP: usize = 2;

/// A bracket further to the right than this does not draw the following lines under it.
const FARTHEST_BRACKET: usize = 60;

/// Columns of tokens, by their positions.
#[derive(Debug, Default)]
pub(super) struct Placed {
    /// The column of each token.
    pub(super) columns: Vec<usize>,
    /// The column of comments on lines of their own before each token.
    pub(super) comment_columns: Vec<usize>,
}

/// What a line may stand in.
enum Frame {
    Statement { indent: usize },
    Block { content: usize, close: usize },
    Bracket { content: usize, close: usize },
    Grounds { indent: usize, end: usize },
}

/// Places all tokens. `extra[i]` spaces are added before token `i`.
pub(super) fn place(tokens: &[Token], extra: &[usize]) -> Placed {
    let mut placer = Placer {
        tokens,
        extra,
        frames: Vec::new(),
        line_indent: 0,
        line_start: 0,
        first_text: 0,
        placed: Placed::default(),
    };
    for i in 0..tokens.len() {
        placer.token(i);
    }
    placer.placed
}

struct Placer<'a, 't> {
    tokens: &'a [Token<'t>],
    extra: &'a [usize],
    frames: Vec<Frame>,
    line_indent: usize,
    line_start: usize,
    /// Column of the first of the strings that follow each other, and of which this is the last.
    first_text: usize,
    placed: Placed,
}

impl Placer<'_, '_> {
    fn token(&mut self, i: usize) {
        let token = &self.tokens[i];
        while matches!(self.frames.last(), Some(Frame::Grounds { end, .. }) if *end <= i) {
            self.frames.pop();
        }
        if token.begins_statement {
            self.begin_statement();
        }
        let column = if token.breaks || i == 0 {
            let indent = self.indent(i);
            (self.line_indent, self.line_start) = (indent, i);
            indent
        } else {
            let before = &self.tokens[i - 1];
            let extra = self.extra.get(i).copied().unwrap_or(0);
            self.placed.columns[i - 1] + before.width + spacing::between(self.tokens, i) + extra
        };
        let comments = match self.innermost_bracket() {
            Some((content, _)) if token.closes() => content,
            _ => self.line_indent,
        };
        self.placed.comment_columns.push(comments);
        self.placed.columns.push(column);
        if token.kind == SyntaxKind::Text && !self.goes_on_with_text(i) {
            // Strings go on below the first where that is the word after the first of its line.
            self.first_text = if i <= self.line_start + 1 { column } else { usize::MAX };
        }
        if token.closes() {
            while let Some(frame) = self.frames.pop() {
                if matches!(frame, Frame::Block { .. } | Frame::Bracket { .. }) {
                    break;
                }
            }
        } else if token.opens() {
            self.open(i, column);
        }
        if let Some(end) = token.grounds_end {
            self.frames.push(Frame::Grounds { indent: self.line_indent, end });
        }
    }

    fn begin_statement(&mut self) {
        while !matches!(self.frames.last(), None | Some(Frame::Block { .. })) {
            self.frames.pop();
        }
        let indent = match self.frames.last() {
            Some(Frame::Block { content, .. }) => *content,
            _ => 0,
        };
        self.frames.push(Frame::Statement { indent });
    }

    fn goes_on_with_text(&self, i: usize) -> bool {
        self.tokens[i].kind == SyntaxKind::Text
            && i > 0
            && self.tokens[i - 1].kind == SyntaxKind::Text
            && !self.tokens[i].begins_statement
    }

    fn indent(&self, i: usize) -> usize {
        if self.goes_on_with_text(i) && self.first_text != usize::MAX {
            return self.first_text;
        }
        if let (true, Some((_, close))) = (self.tokens[i].closes(), self.innermost_bracket()) {
            return close;
        }
        match self.frames.last() {
            None => 0,
            Some(Frame::Statement { indent }) if self.tokens[i].begins_statement => *indent,
            Some(Frame::Statement { indent } | Frame::Grounds { indent, .. }) => indent + STEP,
            Some(Frame::Block { content, .. } | Frame::Bracket { content, .. }) => *content,
        }
    }

    /// The columns of the lines in the innermost bracket or block that is open, and of what closes it.
    fn innermost_bracket(&self) -> Option<(usize, usize)> {
        self.frames.iter().rev().find_map(|frame| match frame {
            Frame::Block { content, close } | Frame::Bracket { content, close } => Some((*content, *close)),
            _ => None,
        })
    }

    fn open(&mut self, i: usize, column: usize) {
        let token = &self.tokens[i];
        let breaks_after = self.tokens.get(i + 1).is_some_and(|next| next.breaks);
        let frame = if token.kind == SyntaxKind::OpenBrace {
            let is_statement = matches!(token.grandparent, SyntaxKind::Declaration | SyntaxKind::Item);
            let statement = self.frames.iter().rev().find_map(|frame| match frame {
                Frame::Statement { indent } => Some(*indent),
                _ => None,
            });
            let close = if is_statement { statement.unwrap_or(0) } else { self.line_indent };
            Frame::Block { content: close + STEP, close }
        } else if breaks_after || column > FARTHEST_BRACKET {
            Frame::Bracket { content: self.line_indent + STEP, close: self.line_indent }
        } else {
            Frame::Bracket { content: column + 1, close: column }
        };
        self.frames.push(frame);
    }
}
