//! What the modeller is told.
//!
//! Enters: nothing. Leaves: [`Diagnostic`] and the registry of [`Code`]s. Always holds: a diagnostic has a
//! stable code, one primary label, and texts that stand on their own without colour; every code has a page in
//! `pages/`.

use crate::Span;

macro_rules! codes {
    ($($variant:ident $text:literal $summary:literal,)*) => {
        /// The stable codes of diagnostics.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the registry.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The code as it is printed, kebab-case.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text,)* }
            }

            /// One sentence on what the code means.
            pub fn summary(self) -> &'static str {
                match self { $(Code::$variant => $summary,)* }
            }

            /// The page that explains the code, in Markdown, with an example that gives it and one that does not.
            pub fn page(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("pages/", $text, ".md")),)* }
            }

            /// The code that is printed as `text`.
            pub fn named(text: &str) -> Option<Code> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }
        }
    };
}

codes! {
    SyntaxError "syntax-error" "The text does not follow the grammar.",
    UnterminatedString "unterminated-string" "A string has no closing quote on its line.",
    InvalidNumber "invalid-number" "A number cannot be read or is too large to represent.",
    InvalidDate "invalid-date" "A date does not exist in the calendar.",
    ReservedWord "reserved-word" "A word of the language is used as a name.",
    NestedTooDeep "nested-too-deep" "Brackets or operators are nested too deep.",
    MissingModel "missing-model" "No `model` block was found, or there is more than one.",
    MissingProperty "missing-property" "A block lacks a line that it must have.",
    UnknownProperty "unknown-property" "A block has a line that it does not know.",
    InvalidProperty "invalid-property" "A line of a block has a value that is not allowed, or stands twice.",
    IncludeFailed "include-failed" "An included file cannot be read, or is included in a circle.",
    InvalidClock "invalid-clock" "The horizon or the step makes no sense.",
    TooLarge "too-large" "The model is too large to run.",
    DuplicateName "duplicate-name" "Two declarations have the same name.",
    UnknownName "unknown-name" "A name is not declared.",
    WrongKind "wrong-kind" "A name is declared, but as something else than is needed here.",
    UnknownUnit "unknown-unit" "A unit is not declared.",
    UnitClash "unit-clash" "Units do not fit together.",
    SubscriptMismatch "subscript-mismatch" "Subscripts are missing, wrong or too many.",
    WrongArguments "wrong-arguments" "A function or distribution has the wrong arguments.",
    TypeClash "type-clash" "A condition stands where a number is needed, or the reverse.",
    UnknownAlternative "unknown-alternative" "A category has no such alternative, or one is missing.",
    CircularDefinition "circular-definition" "Definitions depend on each other in a circle within a step.",
    OrphanAssumption "orphan-assumption" "An assumption does not say why it is made.",
    InvalidDistribution "invalid-distribution" "The parameters of a distribution are impossible.",
    NotConstant "not-constant" "A value must be known before the run starts.",
    ChanceNotAllowed "chance-not-allowed" "Chance stands where only certain values are allowed.",
    MemoryNotAllowed "memory-not-allowed" "The past stands where there is none.",
    UnitNotKnown "unit-not-known" "A unit cannot be inferred.",
    NotWhole "not-whole" "A flow of a whole stock can move a fraction.",
    NotExact "not-exact" "Something does not move one by one, as `method exact` needs.",
    InvalidSplit "invalid-split" "The shares of a flow that splits do not say where everything goes.",
    InvalidLookup "invalid-lookup" "The points of a lookup are not in order.",
    InvalidCouncil "invalid-council" "A council cannot decide as it is written.",
    ExplosiveEvent "explosive-event" "An event brings about, on average, at least as many others as it needs to go on for ever.",
    InvalidData "invalid-data" "A data file cannot be read, or a cell of it makes no sense.",
    MissingData "missing-data" "Data do not cover the time of the model, or have a gap.",
    ImpossibleObservation "impossible-observation" "A value of the data cannot come from the distribution it is compared with.",
    UnknownColumn "unknown-column" "A data file has no such column.",
    InvalidTime "invalid-time" "A time is not on a step or lies outside the horizon.",
    InvalidCorrelation "invalid-correlation" "Correlations are out of range or contradict each other.",
    InvalidSetting "invalid-setting" "A view, policy or setting changes something that it may not.",
    InvalidLinks "invalid-links" "The pairs of a `links` declaration make no sense.",
    UnusedDeclaration "unused-declaration" "Nothing that is asked depends on a declaration.",
    NoEffect "no-effect" "A view or a policy changes nothing.",
    ChanceWithoutPeriod "chance-without-period" "A probability is drawn every step without saying per what time.",
    StepTooLong "step-too-long" "A flow moves too much of a stock within one step.",
    UnlimitedGrowth "unlimited-growth" "A stock feeds its own growth, and nothing ever takes from it.",
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The model cannot run.
    Error,
    /// The model runs, but probably not as meant.
    Warning,
}

/// A place with a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The remark.
    pub text: String,
}

/// A change of the text that takes the mistake away and means what was most likely meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced; empty where something is only inserted.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// One message to the modeller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub headline: String,
    /// Where.
    pub primary: Label,
    /// Where the other half of the conflict stands.
    pub secondary: Vec<Label>,
    /// A concrete fix.
    pub help: Option<String>,
    /// The same fix as a change of the text, where only one is meant.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error with a primary label.
    pub fn error(code: Code, headline: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            headline: headline.into(),
            primary: Label { span, text: label.into() },
            secondary: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// A warning with a primary label.
    pub fn warning(code: Code, headline: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, headline, span, label) }
    }

    /// Adds a secondary label.
    #[must_use]
    pub fn and(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Says how to fix it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds the change of the text that the help describes. Only where the change is certain to be what the
    /// help says; an editor applies it at a keystroke.
    #[must_use]
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, text: text.into() });
        self
    }

    /// Adds a word that was meant in place of another, when one is near.
    #[must_use]
    pub fn fix_if(self, span: Span, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.fix(span, text),
            None => self,
        }
    }

    /// Whether it keeps the model from running.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
