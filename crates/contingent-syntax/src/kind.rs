//! Kinds of tokens and nodes of the lossless tree.
//!
//! Enters: nothing. Leaves: [`SyntaxKind`] and [`ContingentLanguage`] for `rowan`. Always holds: kinds
//! convert to and from `rowan`'s raw numbers without loss.

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident,)*) => {
        /// The kind of a token or node.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum SyntaxKind { $($(#[$doc])* $variant,)* }

        impl SyntaxKind {
            const ALL: &'static [SyntaxKind] = &[$(SyntaxKind::$variant,)*];
        }
    };
}

kinds! {
    /// Spaces and tabs.
    Whitespace,
    /// One line break.
    Newline,
    /// `# ...`
    Comment,
    /// `## ...`
    DocComment,
    /// A word.
    Word,
    /// A number.
    Number,
    /// A date such as `2021-08-30`.
    Date,
    /// A string with its quotes.
    Text,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `(`
    OpenParenthesis,
    /// `)`
    CloseParenthesis,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `.`
    Dot,
    /// `=`
    Assign,
    /// `+=`
    PlusAssign,
    /// `-=`
    MinusAssign,
    /// `->`
    Arrow,
    /// `==`
    EqualEqual,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `^`
    Caret,
    /// `%`
    Percent,
    /// `~`
    Tilde,
    /// A character that begins no token.
    Unknown,
    /// The end of the text.
    End,
    /// A whole file.
    File,
    /// A declaration.
    Declaration,
    /// Tokens that could not be read.
    Broken,
    /// A line of a block.
    Item,
    /// A braced block.
    Block,
    /// A name being declared.
    Name,
    /// A list of subscripts in brackets.
    Subscripts,
    /// A unit.
    Unit,
    /// Grounds after `because`.
    Grounds,
    /// The value of an assumption.
    Value,
    /// An expression.
    Expression,
    /// A reference to a name.
    Reference,
    /// A call with its arguments.
    Call,
    /// A temporal formula.
    Formula,
}

impl From<SyntaxKind> for rowan::SyntaxKind {
    fn from(kind: SyntaxKind) -> Self {
        Self(kind as u16)
    }
}

impl SyntaxKind {
    /// Whether the kind carries no meaning for the parser.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Whitespace | Self::Newline | Self::Comment | Self::DocComment)
    }
}

/// The language, for `rowan`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContingentLanguage {}

impl rowan::Language for ContingentLanguage {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        SyntaxKind::ALL[raw.0 as usize]
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        kind.into()
    }
}

/// A node of the lossless tree.
pub type SyntaxNode = rowan::SyntaxNode<ContingentLanguage>;
