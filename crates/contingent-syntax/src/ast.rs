//! The typed view of a file: what the parser understood, with the place of everything.
//!
//! Enters: nothing. Leaves: plain data that the resolver reads. Always holds: every part carries the span
//! of its text; a declaration that could not be read but whose name could is kept as
//! [`DeclarationKind::Broken`], so that one mistake does not make every use of the name a second one.

use crate::Span;

/// A name or word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A string with its place; adjacent strings are joined with a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The content without quotes and escapes.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A qualified name such as `daesh_k.fighters` or `split.happened`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The parts, at least one.
    pub parts: Vec<Name>,
    /// The whole.
    pub span: Span,
}

impl Path {
    /// The parts joined with dots.
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(".")
    }
}

/// One position of an index list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexItem {
    /// `[region]`, `[kabul]` or `[3]`
    Named(Name),
    /// `[*]`
    All(Span),
    /// `[region != kabul or east]`: every element but these, in a reduction.
    Except {
        /// The subscript that is run over.
        subscript: Name,
        /// What is left out: elements, or a subscript for the element where we are.
        excluded: Vec<Name>,
        /// The whole.
        span: Span,
    },
}

/// A path, its indices, and a reading after them: `mass_attack[kabul].count`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The path before the indices.
    pub path: Path,
    /// Indices; `None` when there are no brackets.
    pub indices: Option<Vec<IndexItem>>,
    /// A word after the indices.
    pub reading: Option<Name>,
    /// The whole.
    pub span: Span,
}

/// A factor of a unit with its power.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitFactor {
    /// Unit name; `1` stands alone as an empty list.
    pub name: Name,
    /// Power, negative below the stroke; the numerator of a fraction.
    pub power: i32,
    /// Root, positive: the denominator of the power, 1 when it is whole.
    pub root: i32,
}

/// A written unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitText {
    /// Factors; empty for `1`.
    pub factors: Vec<UnitFactor>,
    /// Its place.
    pub span: Span,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `and`
    And,
    /// `or`
    Or,
}

/// An expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its place.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A number; `percent` when written with `%` (the value is already divided by 100).
    Number {
        /// Value.
        value: f64,
        /// Whether it was written with `%`.
        percent: bool,
        /// Unit written directly after it.
        unit: Option<UnitFactor>,
    },
    /// A date.
    Date(jiff::civil::Date),
    /// A name.
    Reference(Reference),
    /// `-x`
    Negate(Box<Expression>),
    /// `not x`
    Not(Box<Expression>),
    /// `a + b`, with the place of the operator.
    Binary(Operator, Span, Box<Expression>, Box<Expression>),
    /// `x per week`
    Per(Box<Expression>, UnitFactor),
    /// `if c then a else b`
    If(Box<Expression>, Box<Expression>, Box<Expression>),
    /// `match x { a: 1, else: 2 }`
    Match(Box<Expression>, Vec<(Name, Expression)>),
    /// `{ kabul: 1, east: 2 }`
    Table(Vec<(Name, Expression)>),
    /// `f(x, ...)`
    Call {
        /// Function.
        function: Name,
        /// Arguments.
        arguments: Vec<Argument>,
        /// Subscripts after `over`.
        over: Vec<Name>,
        /// The time after `over`: `sum(x over 4 weeks)`.
        window: Option<Box<Expression>>,
    },
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// `name =` before it.
    pub name: Option<Name>,
    /// A word of the function before it, as in `order 3`.
    pub word: Option<Name>,
    /// `weight:` before it.
    pub weight: Option<Expression>,
    /// The argument.
    pub value: Value,
}

/// The value of an assumption, or an argument.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// Its place.
    pub span: Span,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// A number or a named distribution.
    Expression(Expression),
    /// `a to b`
    Range(Expression, Expression),
    /// `united 50%, loose 50%`
    OneOf(Vec<(Name, Expression)>),
    /// `{ kabul: 1 to 2, ... }`
    Table(Vec<(Name, Value)>),
    /// `value within low to high`
    Within(Box<Value>, Expression, Expression),
}

/// Grounds after `because`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grounds {
    /// Claims.
    pub claims: Vec<Name>,
    /// `judgement "..."`
    pub judgement: Option<Text>,
}

/// A declared thing: name, subscripts, label, unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Name.
    pub name: Name,
    /// Subscripts.
    pub subscripts: Vec<Name>,
    /// Label.
    pub label: Option<Text>,
    /// Unit.
    pub unit: Option<UnitText>,
}

/// Where the values of an input stand in its table.
#[derive(Clone, Debug, PartialEq)]
pub enum InputColumns {
    /// `column deaths`: the header of one column.
    One(Text),
    /// `column { kabul: kbl, east: "Nangarhar Khost" }`: a header per element.
    PerElement(Vec<(Name, Text)>),
    /// Nothing: the headers are the names of the elements.
    Elements,
}

/// What a table says between its points and outside of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Straight lines between points; the first and last value outside.
    #[default]
    Clamped,
    /// Straight lines between points, and the first and last of them go on outside.
    Extrapolated,
    /// Each value holds from its point to the next; the first and last value outside.
    Stepped,
}

/// How a value holds between two rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// `held`: until the next row.
    Held,
    /// `linear`: on a straight line to the next row.
    Linear,
}

/// What holds after the last row of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum AfterData {
    /// `then held`: the last value.
    Held(Span),
    /// `then 0`: this value.
    Value(Expression),
}

/// One line of a property block.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// First word.
    pub key: Name,
    /// Its value.
    pub value: PropertyValue,
    /// The whole line.
    pub span: Span,
}

/// The value of a property line.
#[derive(Clone, Debug, PartialEq)]
pub enum PropertyValue {
    /// A string.
    Text(Text),
    /// A date.
    Date(jiff::civil::Date, Span),
    /// Words separated by commas.
    Words(Vec<Name>),
    /// `A to B step D`
    Time(Box<(Expression, Expression, Expression)>),
    /// `every D`
    Every(Box<Expression>),
    /// `words N sha256 "..." near P`
    Pin(Box<Pin>),
}

/// Where the words of a claim stand in its source, without the words.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// How many words, and where that is written.
    pub words: (f64, Span),
    /// The hash of the folded words, in hexadecimal.
    pub sha256: Text,
    /// The place of the first word, in characters from the start of the text.
    pub near: (f64, Span),
    /// The beginning of a hash that keeps case and punctuation.
    pub strict: Option<Text>,
    /// Short hashes of some pairs of words, by which changed words are recognised.
    pub sketch: Option<Text>,
}

/// How much of a flow goes to a destination.
#[derive(Clone, Debug, PartialEq)]
pub enum Share {
    /// Nothing is written: all of it.
    All,
    /// A share such as `40%`.
    Of(Expression),
    /// `rest`: what the other destinations leave.
    Rest(Span),
}

/// Where a flow, or a part of it, goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Destination {
    /// The stock.
    pub stock: Reference,
    /// How much of the flow.
    pub share: Share,
}

/// What moves.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectKind {
    /// `target += amount`
    Add(Expression),
    /// `target -= amount`
    Subtract(Expression),
    /// `target = value`
    Set(Expression),
    /// `move q of target -> to` or `move q from target -> to`
    Move {
        /// Share or amount.
        quantity: Expression,
        /// Whether a share.
        is_share: bool,
        /// Destination.
        to: Option<Reference>,
    },
}

/// An effect of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The stock that changes, or is moved from.
    pub target: Reference,
    /// The change.
    pub kind: EffectKind,
    /// Its place.
    pub span: Span,
}

/// Where the elements of a subscript come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptBase {
    /// It declares them itself.
    Own,
    /// `subscript region2 = region`: those of another subscript, as a second index over the same set.
    SameAs(Name),
    /// `subscript border of region { kabul, east }`: some of those of another subscript.
    PartOf(Name),
}

/// One pair of a `links` declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The element on the left.
    pub from: Name,
    /// The element on the right.
    pub to: Name,
    /// Whether it holds both ways: `a - b` rather than `a -> b`.
    pub both_ways: bool,
    /// The weight after `:`.
    pub weight: Option<Expression>,
    /// The whole.
    pub span: Span,
}

/// An option of a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionOption {
    /// Name.
    pub name: Name,
    /// Label.
    pub label: Option<Text>,
    /// What it is worth, or where it stands.
    pub merit: Merit,
}

/// By what an option is chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Merit {
    /// `worth x`
    Worth(Expression),
    /// `at x`: where it stands on what a council decides.
    Place(Expression),
}

impl Merit {
    /// The expression.
    pub fn expression(&self) -> &Expression {
        let (Self::Worth(expression) | Self::Place(expression)) = self;
        expression
    }
}

/// `council of members on dimensions with position p, capability c, salience s`
#[derive(Clone, Debug, PartialEq)]
pub struct Council {
    /// The subscript of the members.
    pub members: Name,
    /// The subscript of the dimensions.
    pub dimensions: Option<Name>,
    /// Where a member stands.
    pub position: Expression,
    /// What a member brings to bear.
    pub capability: Expression,
    /// How much a member cares.
    pub salience: Expression,
    /// The whole line.
    pub span: Span,
}

/// How a council comes to a position.
#[derive(Clone, Debug, PartialEq)]
pub enum CouncilRule {
    /// `weighted mean`
    WeightedMean,
    /// `weighted median`
    WeightedMedian,
    /// `challenge within 10 turns`: how many, and where that is written.
    Challenge(f64, Span),
}

/// `choose ...`
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// `logit(r)`
    Logit(Expression),
    /// `best`
    Best,
    /// `fixed option`
    Fixed(Name),
    /// `council by rule`, with the place of `council`; `with logit(r)` after it says how sharply.
    Council(CouncilRule, Span, Option<Expression>),
}

/// `excites target by 0.4 over 3 weeks`
#[derive(Clone, Debug, PartialEq)]
pub struct Excitation {
    /// The event; none is `itself`.
    pub target: Option<Reference>,
    /// How many further occurrences each occurrence brings about.
    pub ratio: Expression,
    /// How long after it they come, on average.
    pub over: Expression,
    /// The whole.
    pub span: Span,
}

/// `C for D`
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The condition.
    pub expression: Expression,
    /// How long it must have held.
    pub held: Option<Expression>,
}

/// A temporal formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// `within D: C`
    Within(Expression, Condition),
    /// `always during D: C`
    Always(Expression, Condition),
    /// `at D: C`
    At(Expression, Condition),
    /// `C before C2`
    Before(Condition, Condition),
}

/// What a question asks.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one per question, and it is kept in a box")]
pub enum Measure {
    /// `P( formula )`
    Probability(Formula),
    /// `distribution( x at D )`
    At(Expression, Expression),
    /// `distribution( first time C )`
    FirstTime(Condition),
}

/// A declaration with its documentation and place.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// `##` lines above it.
    pub documentation: String,
    /// What it is.
    pub kind: DeclarationKind,
    /// The whole.
    pub span: Span,
}

/// What a declaration is.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are the parts of the forms in the language page, by the same names"
)]
pub enum DeclarationKind {
    Model {
        title: Text,
        properties: Vec<Property>,
    },
    Include {
        path: Text,
    },
    Units {
        names: Vec<Name>,
    },
    /// `unit dozen = 12 fighters`
    DerivedUnit {
        name: Name,
        number: Expression,
        unit: UnitText,
        grounds: Option<Grounds>,
    },
    Subscript {
        name: Name,
        base: SubscriptBase,
        elements: Vec<(Name, Option<Text>)>,
        range: Option<(Expression, Expression)>,
    },
    Links {
        head: Head,
        links: Vec<Link>,
        grounds: Option<Grounds>,
    },
    Actor {
        name: Name,
        label: Option<Text>,
        aliases: Vec<Text>,
        declarations: Vec<Declaration>,
    },
    Source {
        name: Name,
        title: Text,
        properties: Vec<Property>,
    },
    Claim {
        name: Name,
        source: Name,
        speaker: Option<Text>,
        role: Option<Text>,
        properties: Vec<Property>,
    },
    Assume {
        head: Head,
        alternatives: Vec<Name>,
        value: Value,
        grounds: Option<Grounds>,
    },
    Correlate {
        first: Reference,
        second: Reference,
        rank: Expression,
        grounds: Option<Grounds>,
    },
    Lever {
        head: Head,
        value: Expression,
        low: Expression,
        high: Expression,
        grounds: Option<Grounds>,
    },
    Mechanism {
        head: Head,
        alternatives: Vec<Name>,
        default: Name,
        grounds: Option<Grounds>,
    },
    Stock {
        head: Head,
        initial: Expression,
        signed: bool,
        whole: bool,
    },
    Flow {
        head: Head,
        from: Option<Reference>,
        to: Vec<Destination>,
        rate: Expression,
    },
    Auxiliary {
        head: Head,
        definition: Expression,
    },
    Lookup {
        name: Name,
        argument: Name,
        argument_unit: UnitText,
        unit: UnitText,
        shape: Shape,
        points: Vec<(Expression, Expression)>,
        grounds: Option<Grounds>,
    },
    Input {
        head: Head,
        file: Text,
        columns: InputColumns,
        time_column: Text,
        time_unit: Option<Name>,
        interpolation: Interpolation,
        gaps: Option<Expression>,
        after: Option<AfterData>,
        grounds: Option<Grounds>,
    },
    /// `observe name from "file.csv" column x by month ~ poisson(mean = y)`
    Observe {
        head: Head,
        file: Text,
        column: Text,
        period: Name,
        time_column: Option<Text>,
        time_unit: Option<Name>,
        /// What stands after `~`.
        distribution: Box<Expression>,
        grounds: Option<Grounds>,
    },
    Event {
        head: Head,
        hazard: Expression,
        once: bool,
        when: Option<Expression>,
        excites: Vec<Excitation>,
        effects: Vec<Effect>,
    },
    Decision {
        head: Head,
        by: Option<Name>,
        every: Expression,
        initially: Option<Name>,
        options: Vec<DecisionOption>,
        council: Option<Box<Council>>,
        choice: Option<Choice>,
    },
    View {
        name: Name,
        label: Text,
        overrides: Vec<(Reference, Value, Option<Grounds>)>,
    },
    Policy {
        name: Name,
        label: Text,
        from: Option<Expression>,
        until: Option<Expression>,
        settings: Vec<(Reference, Expression)>,
    },
    Question {
        name: Name,
        text: Text,
        measure: Box<Measure>,
        measure_span: Span,
        given: Option<Box<Formula>>,
        resolves: Option<Text>,
        base_rate: Option<(Expression, Expression, Option<Grounds>)>,
    },
    Indicator {
        head: Head,
        expression: Expression,
    },
    /// A declaration that could not be read, with the name it would have had.
    Broken {
        name: Option<Name>,
    },
}

/// A parsed file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// Its declarations in order.
    pub declarations: Vec<Declaration>,
}
