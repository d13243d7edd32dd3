//! The checked model: what the resolver hands to the engine and the analyses.
//!
//! Enters: nothing. Leaves: plain data with no reference to text except spans for messages. Always holds:
//! identifiers index the arenas of the same model; units, subscripts, names, cycles, grounds and sizes were
//! checked; numbers are in base units (time in [`Clock::time_unit`]). What is stored with `serde` is what a run and its
//! questions read: fields marked `skip` come back empty (see [`crate::stored`]).

use std::sync::Arc;

use contingent_syntax::Span;
pub use contingent_syntax::ast::Shape;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::distribution::Distribution;
use crate::expression::{Expression, Index};
use crate::observation::Observation;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// Position in its arena.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
id!(/** A position in [`CheckedModel::subscripts`]. */ SubscriptId);
id!(/** A position in [`CheckedModel::variables`]. */ VariableId);
id!(/** A position in [`CheckedModel::lookups`]. */ LookupId);
id!(/** A position in [`CheckedModel::events`]. */ EventId);
id!(/** A position in [`CheckedModel::claims`]. */ ClaimId);
id!(/** A position in [`CheckedModel::sources`]. */ SourceId);
id!(/** A position in [`CheckedModel::actors`]. */ ActorId);

/// How stocks are carried from t to t + dt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// Rates at t hold over the step.
    #[default]
    Euler,
    /// Classical Runge-Kutta of fourth order; chance, events and decisions are held over the step.
    RungeKutta,
    /// Gillespie's: whole things move one by one, each at its own moment; steps are when the state is looked at
    /// and when what is known only at steps changes.
    Exact,
}

/// When the model starts and how it steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Start date, when the model is dated.
    #[serde(with = "crate::stored::date")]
    pub start: Option<Date>,
    /// Number of steps; there are `n_steps + 1` times.
    pub n_steps: usize,
    /// Step in the time unit, positive.
    pub dt: f64,
    /// The base time unit of the model: the unit the step is written in, singular.
    pub time_unit: String,
    /// Days in one time unit.
    pub days_per_unit: f64,
    /// The number that the first time is written with, in the time unit; 0 for a model with dates.
    pub origin: f64,
    /// Steps between the times at which a simulation is recorded, at least 1.
    pub record_steps: usize,
    /// How stocks are carried over a step.
    pub method: Method,
}

/// A unit as it is shown, and the factor from the shown unit to base units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisplayUnit {
    /// Text such as `fighter/week`; `1` when dimensionless.
    pub text: String,
    /// Base units in one shown unit: shown = base / scale.
    pub scale: f64,
    /// Whether it is a share or a probability (shown as a percentage).
    pub is_share: bool,
}

/// A named index set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subscript {
    /// Name.
    pub name: String,
    /// Element names in order.
    pub elements: Vec<String>,
    /// Element labels in order (the name where none was given).
    #[serde(skip)]
    pub labels: Vec<String>,
    /// The set that its elements belong to, when it does not declare them itself.
    pub within: Option<Within>,
}

/// How a second index or a subset relates to the set that declares its elements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Within {
    /// The set, which declares its elements itself.
    pub set: SubscriptId,
    /// The position in that set of each element, ascending.
    pub positions: Vec<usize>,
}

/// Why an assumption is made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grounds {
    /// Claims cited.
    #[serde(skip)]
    pub claims: Vec<ClaimId>,
    /// The modeller's own judgement, in words.
    #[serde(skip)]
    pub judgement: Option<String>,
}

/// A flow's end: a stock, with one index per subscript of the stock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The stock.
    pub stock: VariableId,
    /// One index per subscript of the stock, bound by the flow's subscripts.
    pub indices: Vec<Index>,
}

/// Where a flow, or a part of it, goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Destination {
    /// The stock.
    pub endpoint: Endpoint,
    /// Share of the flow, without unit; none takes what the destinations before it leave.
    pub share: Option<Expression>,
}

/// What a variable is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum VariableKind {
    /// Epistemic: drawn once per run.
    Assumption {
        /// One distribution per element (row-major over the subscripts; one when there are none).
        distributions: Vec<Distribution>,
        /// Names of the alternatives when it is `one of`, else empty.
        alternatives: Vec<String>,
        /// Why.
        grounds: Grounds,
    },
    /// Ours to set.
    Lever {
        /// Value of each element unless a policy or setting changes it (row-major over the subscripts; one
        /// when there are none).
        defaults: Vec<f64>,
        /// Lowest value allowed.
        low: f64,
        /// Highest value allowed.
        high: f64,
        /// Why, when given.
        grounds: Grounds,
    },
    /// A mechanism with alternative forms; views and settings choose one.
    Mechanism {
        /// Names of the alternatives; the value of the variable is the position.
        alternatives: Vec<String>,
        /// The alternative that holds unless something chooses another.
        default: usize,
        /// Why.
        grounds: Grounds,
    },
    /// State.
    Stock {
        /// Value at the start; holds no chance.
        initial: Expression,
        /// Whether it may go below zero.
        signed: bool,
        /// Whether it counts whole things: what moves in and out is rounded to whole numbers.
        whole: bool,
    },
    /// Moves material each step: `rate * dt` from one end to the other; a negative rate moves it back.
    ///
    /// A flow to several destinations splits: all but the last have a share, the last takes the rest. Between
    /// whole stocks each thing goes to one of them by chance (multinomial); a negative rate moves nothing.
    Flow {
        /// Where it comes from; none is outside the model.
        from: Option<Endpoint>,
        /// Where it goes; empty is outside the model.
        to: Vec<Destination>,
        /// Ordinal of the first draw of a split; draw `i` is for destination `i`.
        split_ordinal: u32,
        /// Rate in stock unit per time unit.
        rate: Expression,
    },
    /// Evaluated each step.
    Auxiliary {
        /// Its definition.
        definition: Expression,
    },
    /// A series from data, the same in every run.
    Input(Input),
    /// A choice among options, reviewed on a clock; state: chosen from the state at t, in force from t+dt.
    Decision(Decision),
    /// Where the council of a decision stands, on 0 to 1: state that changes when the decision is reviewed. At the
    /// start it is the place of the option in force. Its subscripts are those of the decision, then the dimensions.
    Position(Box<Council>),
}

/// Members who come to a position together, on one or more dimensions from 0 to 1.
///
/// Positions and saliences are cut to 0..1, capabilities at 0; a member without capability or salience takes no part.
/// Where nobody takes part there is no position: not a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Council {
    /// The decision that is made with it.
    pub decision: VariableId,
    /// Who the members are.
    pub members: SubscriptId,
    /// What they decide on; without it there is one dimension.
    pub dimensions: Option<SubscriptId>,
    /// Where a member stands. Members and dimensions are bound.
    pub position: Expression,
    /// What a member brings to bear; only ratios count. Members are bound.
    pub capability: Expression,
    /// How much a member cares. Members and dimensions are bound.
    pub salience: Expression,
    /// How they come to a position.
    pub rule: CouncilRule,
}

impl Council {
    /// What is asked of its members.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        [&self.position, &self.capability, &self.salience].into_iter()
    }
}

/// How a council comes to a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CouncilRule {
    /// The mean of the positions, weighted with capability times salience.
    WeightedMean,
    /// The median of the positions, weighted with capability times salience.
    WeightedMedian,
    /// Bargaining by challenge (Bueno de Mesquita 1994; Wise, Lester & Efird 2015) until positions rest, then the
    /// weighted median.
    Challenge {
        /// The most turns.
        turns: usize,
    },
}

/// A series from a table of data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Per element (row-major over the subscripts; one when there are none): the values at times
    /// `0, dt/2, dt, ...`, `2 * n_steps + 1` of them, in base units. The value at step `k` stands at `2 * k`; those
    /// between serve integrators that look at the middle of a step.
    pub series: Vec<Arc<[f64]>>,
    /// The data file, relative to the main file.
    #[serde(skip)]
    pub file: String,
    /// Rows of values in the file.
    pub n_rows: usize,
    /// Whether values lie on a straight line between rows; else each holds until the next.
    pub is_linear: bool,
    /// Why, when given.
    pub grounds: Grounds,
}

/// A unit that is a number of others.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    /// Name.
    pub name: String,
    /// How many of `unit` it is.
    pub number: f64,
    /// The other unit, as written.
    pub unit: String,
    /// Why, when given.
    pub grounds: Grounds,
    /// Where it is declared.
    pub span: Span,
}

/// A choice among options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Steps between reviews, at least 1; reviews happen at steps 0, n, 2n, ...
    pub every_steps: usize,
    /// Option in force at the start.
    pub initially: usize,
    /// Names of the options; the value of the variable is the position.
    pub options: Vec<String>,
    /// Labels of the options.
    #[serde(skip)]
    pub labels: Vec<String>,
    /// Worth of each option; empty where a council decides.
    pub worths: Vec<Expression>,
    /// How the choice is made.
    pub rule: ChoiceRule,
}

/// How a decision chooses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ChoiceRule {
    /// Probability proportional to exp(rationality * worth) (McFadden 1974). One uniform draw, ordinal 0.
    #[expect(clippy::doc_markdown, reason = "the name of a person")]
    Logit {
        /// Sharpness, in one per unit of worth.
        rationality: Expression,
    },
    /// The option with the highest worth; the first on a tie.
    Best,
    /// Always this option.
    Fixed(usize),
    /// The option that is nearest (Euclidean) to where the council stands; the first on a tie.
    Council {
        /// Where the council stands, a [`VariableKind::Position`].
        position: VariableId,
        /// The place of each option, on 0 to 1. The dimensions are bound.
        places: Vec<Expression>,
        /// With it, probability proportional to exp(-sharpness * distance). One uniform draw, ordinal 0.
        sharpness: Option<Expression>,
    },
}

impl Decision {
    /// Every expression that is evaluated at a review, those of a council's members apart.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let (places, sharpness): (&[Expression], Option<&Expression>) = match &self.rule {
            ChoiceRule::Logit { rationality } => (&[], Some(rationality)),
            ChoiceRule::Council { places, sharpness, .. } => (places, sharpness.as_ref()),
            ChoiceRule::Best | ChoiceRule::Fixed(_) => (&[], None),
        };
        self.worths.iter().chain(places).chain(sharpness)
    }
}

/// Anything with a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    /// Qualified name, such as `daesh_k.fighters`; the key of its draws.
    pub name: String,
    /// Label in words, if given.
    #[serde(skip)]
    pub label: Option<String>,
    /// `##` documentation.
    #[serde(skip)]
    pub documentation: String,
    /// The actor it belongs to.
    #[serde(skip)]
    pub actor: Option<ActorId>,
    /// Unit, declared or inferred.
    pub unit: DisplayUnit,
    /// Subscripts in order.
    pub subscripts: Vec<SubscriptId>,
    /// What it is.
    pub kind: VariableKind,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Span,
}

/// A table of points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lookup {
    /// Name.
    pub name: String,
    /// Points in base units, strictly ascending in x, at least two.
    pub points: Vec<(f64, f64)>,
    /// What holds between and outside of the points.
    #[serde(with = "crate::stored::StoredShape")]
    pub shape: Shape,
    /// Why, when given.
    pub grounds: Grounds,
}

/// What an event does when it occurs. Applied at t+dt in declaration order, with expressions evaluated at t.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// `stock += amount` (or `-=`, with the amount negated), once per occurrence.
    Add {
        /// The stock and its indices.
        target: Endpoint,
        /// Subscripts iterated because the event does not bind them.
        over: Vec<SubscriptId>,
        /// Change per occurrence.
        amount: Expression,
    },
    /// `stock = value`, when it occurs at least once.
    Set {
        /// The stock and its indices.
        target: Endpoint,
        /// Subscripts iterated because the event does not bind them.
        over: Vec<SubscriptId>,
        /// The new value.
        value: Expression,
    },
    /// `move share of stock -> stock`: n occurrences move 1 - (1 - share)^n of what is there.
    /// `move amount from stock -> stock`: n occurrences move n times the amount, at most what is there.
    Move {
        /// Source stock.
        from: Endpoint,
        /// Destination stock; none leaves the model.
        to: Option<Endpoint>,
        /// Subscripts iterated because the event does not bind them.
        over: Vec<SubscriptId>,
        /// Share (0..1) or amount.
        quantity: Expression,
        /// Whether `quantity` is a share of the source.
        is_share: bool,
    },
}

/// How an occurrence of an event raises the rate of an event, itself or another (Hawkes 1971).
///
/// What is raised is state. It falls by exp(-dt / duration) over a step, and rises with each occurrence within the
/// step by ratio (1 - exp(-dt / duration)) / dt, so that each occurrence brings about `ratio` others at any step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Excitation {
    /// The event whose rate is raised.
    pub target: EventId,
    /// One index per subscript of the target.
    pub indices: Vec<Index>,
    /// Subscripts iterated because the event does not bind them.
    pub over: Vec<SubscriptId>,
    /// The mean number of occurrences that one brings about directly; cut at 0.
    pub ratio: Expression,
    /// The mean time until they come.
    pub duration: Expression,
    /// Where it stands.
    #[serde(skip)]
    pub span: Span,
}

/// Something that happens by chance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Qualified name; the key of its draws (ordinal 0).
    pub name: String,
    /// Label in words, if given.
    #[serde(skip)]
    pub label: Option<String>,
    /// The actor it belongs to.
    #[serde(skip)]
    pub actor: Option<ActorId>,
    /// Subscripts in order.
    pub subscripts: Vec<SubscriptId>,
    /// Rate in one per time unit.
    pub hazard: Expression,
    /// Whether it can happen only once (Bernoulli with 1 - exp(-h dt)); else a Poisson count.
    pub once: bool,
    /// A condition without which it does not happen.
    pub when: Option<Expression>,
    /// The events whose rate an occurrence raises for a while.
    pub excitations: Vec<Excitation>,
    /// Effects in declaration order. Draws inside continue the ordinals from 1.
    pub effects: Vec<Effect>,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Span,
}

/// A condition on the state, possibly held for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Evaluates to 0 or 1.
    pub expression: Expression,
    /// When d > 0: holds at t when `expression` held at every time in [t - d, t], d in steps.
    pub held_steps: usize,
}

/// A temporal formula, true or false of a run. Times are step positions from the start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Formula {
    /// The condition holds at some time up to `steps`, start included.
    Within {
        /// Last step looked at.
        steps: usize,
        /// The condition.
        condition: Condition,
    },
    /// The condition holds at every time up to `steps`, start included.
    Always {
        /// Last step looked at.
        steps: usize,
        /// The condition.
        condition: Condition,
    },
    /// The condition holds at the step.
    At {
        /// The step.
        step: usize,
        /// The condition.
        condition: Condition,
    },
    /// `first` holds at some time before `second` first does (or `second` never does).
    Before {
        /// What must come first.
        first: Condition,
        /// What it must precede.
        second: Condition,
    },
}

/// A number of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Quantity {
    /// An expression at a step.
    At {
        /// The step.
        step: usize,
        /// The expression.
        expression: Expression,
    },
    /// The first time that the condition holds, in the time unit; infinite when it never does.
    FirstTime {
        /// The condition.
        condition: Condition,
    },
}

/// What a question asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Measure {
    /// The probability that a formula is true.
    Probability(Formula),
    /// The distribution of a number.
    Distribution(Quantity),
}

/// A base rate against which an answer is read.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseRate {
    /// Lower end, 0..1.
    pub low: f64,
    /// Upper end, 0..1.
    pub high: f64,
    /// Why.
    pub grounds: Grounds,
}

/// A question that resolves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Name.
    pub name: String,
    /// The question in words.
    pub text: String,
    /// What is asked.
    pub measure: Measure,
    /// The formula as the modeller wrote it.
    #[serde(skip)]
    pub written: String,
    /// Only runs in which this holds count.
    pub given: Option<Formula>,
    /// How it resolves.
    #[serde(skip)]
    pub resolves: String,
    /// Base rate, when supplied.
    #[serde(skip)]
    pub base_rate: Option<BaseRate>,
    /// Unit of a distribution question.
    pub unit: DisplayUnit,
    /// Where it is declared.
    #[serde(skip)]
    pub span: Span,
}

/// Something to watch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// Name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Scalar expression.
    pub expression: Expression,
    /// Unit.
    pub unit: DisplayUnit,
}

/// What a view says in place of the model's own assumption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Override {
    /// Other distributions, one per element.
    Distributions(Vec<Distribution>),
    /// Other distributions of some elements, by position.
    Elements(Vec<(usize, Distribution)>),
    /// Another alternative of a mechanism.
    Alternative(usize),
}

/// A rival reading: other assumptions, never another structure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Name.
    pub name: String,
    /// Label.
    pub label: String,
    /// What it changes and why.
    pub overrides: Vec<(VariableId, Override, Grounds)>,
}

/// Lever settings over a span of steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Name.
    pub name: String,
    /// Label.
    pub label: String,
    /// First step at which the settings hold.
    pub from_step: usize,
    /// First step at which they no longer hold (`usize::MAX` when they stay).
    pub until_step: usize,
    /// What is set; no element is set twice.
    pub settings: Vec<LeverSetting>,
}

/// A lever, or one element of it, set to a value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeverSetting {
    /// The lever.
    pub lever: VariableId,
    /// The element, by position; none means all of them.
    pub element: Option<usize>,
    /// The value in base units.
    pub value: f64,
}

/// Who is linked with whom, and why; the weights are the definition of an auxiliary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Links {
    /// The auxiliary, with two subscripts, that holds the weights: 0 where nothing is said.
    pub variable: VariableId,
    /// Why, when given.
    pub grounds: Grounds,
}

/// A rank correlation between two scalar assumptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correlation {
    /// One assumption.
    pub first: VariableId,
    /// The other.
    pub second: VariableId,
    /// Spearman's rank correlation, -1..1 exclusive.
    pub rank: f64,
    /// Why.
    pub grounds: Grounds,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// Name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Other names.
    pub aliases: Vec<String>,
}

/// Where claims were printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Publisher.
    pub publisher: Option<String>,
    /// Date of publication.
    pub date: Option<Date>,
    /// Admiralty grade, such as `C3`.
    pub grade: Option<String>,
    /// Address.
    pub url: Option<String>,
}

/// What somebody said, in our words.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Name.
    pub name: String,
    /// Where it was printed.
    pub source: SourceId,
    /// Who said it.
    pub speaker: Option<String>,
    /// The speaker's role.
    pub role: Option<String>,
    /// Paraphrase.
    pub says: String,
    /// fact, causal, forecast, conditional, intent or normative.
    pub kinds: Vec<String>,
    /// direct, mixed or reported.
    pub voice: Option<String>,
    /// Admiralty grade of this claim, where it differs from that of its source.
    pub grade: Option<String>,
    /// secondhand, retracted, preliminary.
    pub tags: Vec<String>,
    /// Claims that print the same words elsewhere.
    pub same_as: Vec<ClaimId>,
    /// Where the words stand in the source.
    pub pins: Vec<Pin>,
    /// Its name, where it is declared.
    pub span: Span,
    /// The whole declaration.
    pub declaration: Span,
}

/// Where words of a claim stand in its source, without the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// How many words.
    pub n_words: usize,
    /// The hash of the folded words, 64 hexadecimal digits.
    pub sha256: String,
    /// Characters from the start of the text to the first word, when the pin was made.
    pub near: usize,
    /// Beginning of the hash that keeps case and punctuation, 16 hexadecimal digits.
    pub strict: Option<String>,
    /// Short hashes of pairs of words, four hexadecimal digits each.
    pub sketch: Option<String>,
}

/// A model in which every name, unit, subscript and ground was checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckedModel {
    /// Title.
    #[serde(skip)]
    pub title: String,
    /// What it is for.
    #[serde(skip)]
    pub purpose: String,
    /// What it must not be used for.
    #[serde(skip)]
    pub not_for: String,
    /// As-of date.
    #[serde(skip)]
    pub as_of: Option<Date>,
    /// What is left out, in words.
    #[serde(skip)]
    pub leaves_out: Vec<String>,
    /// SHA-256 over the texts, lower-case hexadecimal.
    #[serde(skip)]
    pub hash: String,
    /// Clock.
    pub clock: Clock,
    /// Units that are a number of others.
    #[serde(skip)]
    pub conversions: Vec<Conversion>,
    /// Index sets.
    pub subscripts: Vec<Subscript>,
    /// Actors.
    #[serde(skip)]
    pub actors: Vec<Actor>,
    /// Sources.
    #[serde(skip)]
    pub sources: Vec<Source>,
    /// Claims.
    #[serde(skip)]
    pub claims: Vec<Claim>,
    /// Variables, in declaration order.
    pub variables: Vec<Variable>,
    /// Auxiliaries and flows in an order in which each comes after all it needs at the same time.
    pub evaluation_order: Vec<VariableId>,
    /// Stocks, and what their initial values need, in an order in which each comes after all it needs at the
    /// start.
    pub initial_order: Vec<VariableId>,
    /// Links between elements.
    pub links: Vec<Links>,
    /// Lookups.
    pub lookups: Vec<Lookup>,
    /// Events, in declaration order.
    pub events: Vec<Event>,
    /// Correlations.
    pub correlations: Vec<Correlation>,
    /// Views.
    pub views: Vec<View>,
    /// Policies.
    pub policies: Vec<Policy>,
    /// Questions.
    pub questions: Vec<Question>,
    /// Indicators.
    pub indicators: Vec<Indicator>,
    /// Data that the model is compared with, in declaration order.
    pub observations: Vec<Observation>,
}

impl CheckedModel {
    /// A variable by id.
    pub fn variable(&self, id: VariableId) -> &Variable {
        &self.variables[id.index()]
    }

    /// A variable by qualified name.
    pub fn variable_named(&self, name: &str) -> Option<VariableId> {
        self.variables.iter().position(|variable| variable.name == name).map(|i| VariableId(i as u32))
    }

    /// A subscript by id.
    pub fn subscript(&self, id: SubscriptId) -> &Subscript {
        &self.subscripts[id.index()]
    }

    /// The subscript that declares the elements of another: itself unless it is a second index or a subset.
    pub fn set_of(&self, id: SubscriptId) -> SubscriptId {
        self.subscript(id).within.as_ref().map_or(id, |within| within.set)
    }

    /// The position that an element of `subscript` has in the set that declares it.
    pub fn position_in_set(&self, subscript: SubscriptId, position: usize) -> usize {
        self.subscript(subscript).within.as_ref().map_or(position, |within| within.positions[position])
    }

    /// The position in `target` of an element of `subscript`; none when the two do not share it.
    pub fn translate(&self, subscript: SubscriptId, position: usize, target: SubscriptId) -> Option<usize> {
        if subscript == target {
            return Some(position);
        }
        if self.set_of(subscript) != self.set_of(target) {
            return None;
        }
        let in_set = self.position_in_set(subscript, position);
        match &self.subscript(target).within {
            None => Some(in_set),
            Some(within) => within.positions.binary_search(&in_set).ok(),
        }
    }

    /// All combinations of elements of a list of subscripts, the last subscript fastest.
    pub fn combinations(&self, over: &[SubscriptId]) -> Vec<Vec<(SubscriptId, usize)>> {
        let mut combinations = vec![Vec::new()];
        for &id in over {
            let size = self.subscript(id).elements.len();
            combinations = combinations
                .into_iter()
                .flat_map(|outer| {
                    (0..size).map(move |position| {
                        let mut inner = outer.clone();
                        inner.push((id, position));
                        inner
                    })
                })
                .collect();
        }
        combinations
    }

    /// Whether every element of `subscript` is one of `other`, so that it can stand where `other` is needed.
    pub fn is_part_of(&self, subscript: SubscriptId, other: SubscriptId) -> bool {
        let n = self.subscript(subscript).elements.len();
        self.set_of(subscript) == self.set_of(other)
            && (self.subscript(other).within.is_none()
                || (0..n).all(|position| self.translate(subscript, position, other).is_some()))
    }

    /// Number of elements of a list of subscripts: the product of their sizes, 1 when empty.
    pub fn n_elements(&self, subscripts: &[SubscriptId]) -> usize {
        subscripts.iter().map(|id| self.subscripts[id.index()].elements.len()).product()
    }

    /// The name of one element of a variable or event, such as `daesh_k.fighters[kabul]`; `element` counts
    /// row-major over `subscripts`, the last subscript fastest.
    pub fn element_name(&self, name: &str, subscripts: &[SubscriptId], element: usize) -> String {
        if subscripts.is_empty() {
            return name.to_owned();
        }
        let mut rest = element;
        let mut parts = Vec::with_capacity(subscripts.len());
        for id in subscripts.iter().rev() {
            let elements = &self.subscripts[id.index()].elements;
            parts.push(elements[rest % elements.len()].as_str());
            rest /= elements.len();
        }
        parts.reverse();
        format!("{name}[{}]", parts.join(","))
    }
}
