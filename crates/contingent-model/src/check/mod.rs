//! From parsed files to a checked model.
//!
//! Enters: [`Loaded`] files. Leaves: a [`CheckedModel`] when no error was found, and all diagnostics.
//! Always holds: a mistake in one declaration is reported once; whatever depends on a broken part is taken
//! to fit, so that one mistake does not raise others.
//!
//! The passes, in order: collect names ([`collect`], [`units`], [`subscript`]), the model block ([`header`]), values of
//! assumptions ([`value`]), links ([`links`]), data ([`input`]), definitions ([`definition`], on [`expression`],
//! [`call`], [`memory`], [`mod@reference`], [`index`] and [`table`]), what is asked ([`question`]) and what is compared with
//! data ([`observe`]), order and reach ([`order`]).

mod call;
mod cells;
mod collect;
mod correlation;
mod decision;
mod definition;
mod evidence;
mod excitation;
mod expression;
mod fix;
mod flow;
mod header;
mod index;
mod input;
mod jumps;
mod links;
mod memory;
mod naming;
mod observe;
mod order;
mod origin;
mod question;
mod reference;
mod subscript;
mod table;
mod units;
mod value;
mod walk;
mod warning;

pub use walk::each_resolved;
pub use warning::{cited_claims, step_too_long};

use std::cell::OnceCell;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use contingent_syntax::ast::{Declaration, DeclarationKind};
use contingent_syntax::{Code, Diagnostic, Label, Sources, Span, Words};

use crate::checked::{
    ActorId, CheckedModel, Clock, DisplayUnit, EventId, LookupId, Method, SubscriptId, VariableId,
    VariableKind,
};
use crate::expression::{Exclusion, Expression};
use crate::load::{Loaded, hash};
use crate::names::Names;
use crate::unit::{Dimension, Unit, Units};

/// Most further uses of an undeclared name that are shown.
const MAX_USES_SHOWN: usize = 3;

/// The outcome of checking a model.
#[derive(Debug)]
pub struct Checked {
    /// The texts, for rendering diagnostics: the files of the model, then its data.
    pub sources: Sources,
    /// How many of the texts, the first, are files of the model.
    pub n_files: usize,
    /// The model, when no error was found.
    pub model: Option<CheckedModel>,
    /// Errors and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Where every name is declared and used, as far as it could be read.
    pub names: Names,
}

/// Checks a loaded model.
pub fn check(loaded: Loaded) -> Checked {
    let Loaded { sources, files, diagnostics, is_incomplete } = loaded;
    let n_files = files.len();
    let (model, mut diagnostics, names) = {
        let declarations: Vec<&Declaration> = files.iter().flat_map(|file| &file.declarations).collect();
        let mut checker = Checker::new(&sources, diagnostics);
        checker.incomplete = is_incomplete
            || declarations.iter().any(|declaration| {
                matches!(&declaration.kind, DeclarationKind::Broken { name: Some(name) } if name.text == "include")
            });
        checker.n_unread = checker.diagnostics.len();
        checker.run(&declarations);
        let names = checker.finish_names();
        (checker.model, checker.diagnostics, names)
    };
    diagnostics.sort_by_key(|diagnostic| (diagnostic.primary.span.file, diagnostic.primary.span.start));
    diagnostics.dedup();
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    Checked { sources, n_files, model: (!failed).then_some(model), diagnostics, names }
}

/// What a name in an expression stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Symbol {
    Variable(VariableId),
    Event(EventId),
    Lookup(LookupId),
    Subscript(SubscriptId),
    /// Declared, but broken: fits everywhere.
    Broken,
}

/// The set that a category is chosen from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Category {
    Variable(VariableId),
    Subscript(SubscriptId),
}

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Type {
    Number(Dimension),
    /// The number 0, or something broken: fits everywhere.
    Any,
    Condition,
    Category(Category),
}

/// A resolved expression with its type.
#[derive(Clone, Debug)]
struct Typed {
    expression: Expression,
    of: Type,
    span: Span,
    /// Whether it is a number written without a unit or `%`.
    bare: bool,
}

/// Where an expression stands.
struct Scope {
    actor: Option<ActorId>,
    bound: Vec<SubscriptId>,
    /// Ordinal of the next draw, or why chance is not allowed here.
    chance: Result<u32, &'static str>,
    /// Whether the subscripts of the declaration are broken, so that any subscript fits.
    lenient: bool,
}

/// A declaration with the actor it belongs to.
#[derive(Clone, Copy)]
struct Item<'a> {
    declaration: &'a Declaration,
    actor: Option<ActorId>,
}

/// Declared names, as one that is not declared is compared with them.
#[derive(Default)]
struct Known {
    whole: Words<String>,
    /// Last parts: the names without their actors.
    ends: Words<String>,
    /// The names with each last part, in the order of the alphabet.
    by_end: BTreeMap<String, Vec<String>>,
}

impl Known {
    fn new<'n>(names: impl Iterator<Item = &'n String> + Clone) -> Self {
        let mut by_end: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in names.clone() {
            by_end.entry(last_part(name).to_owned()).or_default().push(name.clone());
        }
        for names in by_end.values_mut() {
            names.sort();
        }
        Self { whole: Words::new(names.cloned()), ends: Words::new(by_end.keys().cloned()), by_end }
    }
}

/// A name without its actor.
fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

struct Checker<'a> {
    sources: &'a Sources,
    diagnostics: Vec<Diagnostic>,
    /// How often something was reported, kept or not: what was resolved meanwhile is broken.
    n_reported: usize,
    /// Where the diagnostic of an undeclared name is kept, by its headline.
    unknown: HashMap<String, usize>,
    items: Vec<Item<'a>>,
    naming: naming::Naming,
    units: Units,
    model: CheckedModel,
    values: HashMap<String, (Symbol, Span)>,
    /// The names of `values`, once one that is not declared is compared with them.
    known: OnceCell<Known>,
    /// Sources and claims by name; the claim's position, when it is a sound claim.
    claims: HashMap<String, (Option<u32>, Span)>,
    source_names: HashMap<String, (u32, Span)>,
    /// Per variable: its item, declared unit and type once known.
    variable_items: Vec<Item<'a>>,
    declared_units: Vec<Option<Unit>>,
    types: Vec<Option<Type>>,
    event_items: Vec<Item<'a>>,
    /// Types of the argument and the value of each lookup.
    lookup_types: Vec<(Type, Type)>,
    /// Where each of the model's correlations stands.
    correlation_spans: Vec<Span>,
    actor_spans: Vec<Span>,
    /// Positions of actors by name, the first of each.
    actor_positions: HashMap<String, usize>,
    /// Where questions, indicators, views and policies are declared.
    asked: HashMap<(&'static str, String), Span>,
    unit_spans: HashMap<String, Span>,
    /// Units that something is written in.
    used_units: HashSet<String>,
    /// Draws with a probability that has no period: the function and the probability.
    without_period: Vec<(Span, Span)>,
    /// Whether the clock of the model is sound; otherwise nothing is compared with the horizon.
    clock_known: bool,
    /// Whether a file could not be read; otherwise a name that is not declared is a mistake.
    incomplete: bool,
    /// How many diagnostics, the first, are of the parser.
    n_unread: usize,
    /// Declarations with a broken list of subscripts: any subscript fits in them.
    broken_subscripts: HashSet<Span>,
    /// The reductions around what is being resolved, the innermost last: what each runs over and leaves out.
    reductions: Vec<(Vec<SubscriptId>, Vec<Exclusion>)>,
    /// The subscripts of the tables around what is being resolved, the innermost last.
    tabled: Vec<SubscriptId>,
    /// How many calls of functions that remember were resolved.
    n_memories: u32,
    /// Where the model asks for whole things to move one by one.
    exact: Option<Span>,
    /// What was read of the data so far.
    read: cells::Read,
    /// The period over which what is being resolved is compared with data.
    looking_back: Option<observe::LookingBack>,
}

impl<'a> Checker<'a> {
    fn new(sources: &'a Sources, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            sources,
            diagnostics,
            n_reported: 0,
            unknown: HashMap::new(),
            items: Vec::new(),
            naming: naming::Naming::default(),
            units: Units::new("week", 7.0),
            model: CheckedModel {
                title: String::new(),
                purpose: String::new(),
                not_for: String::new(),
                as_of: None,
                leaves_out: Vec::new(),
                hash: hash(sources),
                clock: Clock {
                    start: None,
                    n_steps: 1,
                    dt: 1.0,
                    time_unit: "week".to_owned(),
                    days_per_unit: 7.0,
                    origin: 0.0,
                    record_steps: 1,
                    method: Method::Euler,
                },
                conversions: Vec::new(),
                subscripts: Vec::new(),
                actors: Vec::new(),
                sources: Vec::new(),
                claims: Vec::new(),
                variables: Vec::new(),
                evaluation_order: Vec::new(),
                initial_order: Vec::new(),
                links: Vec::new(),
                lookups: Vec::new(),
                events: Vec::new(),
                correlations: Vec::new(),
                views: Vec::new(),
                policies: Vec::new(),
                questions: Vec::new(),
                indicators: Vec::new(),
                observations: Vec::new(),
            },
            values: HashMap::new(),
            known: OnceCell::new(),
            claims: HashMap::new(),
            source_names: HashMap::new(),
            variable_items: Vec::new(),
            declared_units: Vec::new(),
            types: Vec::new(),
            event_items: Vec::new(),
            lookup_types: Vec::new(),
            correlation_spans: Vec::new(),
            actor_spans: Vec::new(),
            actor_positions: HashMap::new(),
            asked: HashMap::new(),
            unit_spans: HashMap::new(),
            used_units: HashSet::new(),
            without_period: Vec::new(),
            clock_known: false,
            incomplete: false,
            n_unread: 0,
            broken_subscripts: HashSet::new(),
            reductions: Vec::new(),
            tabled: Vec::new(),
            n_memories: 0,
            exact: None,
            read: cells::Read::default(),
            looking_back: None,
        }
    }

    fn run(&mut self, declarations: &[&'a Declaration]) {
        self.naming.declare(declarations);
        self.collect(declarations);
        self.check_assumptions();
        self.check_links();
        self.check_inputs();
        self.check_definitions();
        self.check_questions();
        self.check_observations();
        self.check_correlations();
        self.check_initial_memory();
        self.check_order();
        if !self.diagnostics.iter().any(Diagnostic::is_error) {
            self.check_units_of_circles();
        }
        if !self.diagnostics.iter().any(Diagnostic::is_error) {
            match self.exact {
                Some(asked) => self.check_jumps(asked),
                None => self.check_wholeness(),
            }
            self.check_branching();
        }
        if !self.diagnostics.iter().any(Diagnostic::is_error) {
            self.check_reach();
            self.check_warnings();
        }
    }

    /// Keeps a diagnostic. When a file could not be read, what is not declared may stand in it. A name that
    /// is not known is one mistake, however often it is used.
    fn report(&mut self, diagnostic: Diagnostic) {
        if matches!(diagnostic.code, Code::UnknownName | Code::UnknownUnit | Code::UnknownAlternative) {
            if self.incomplete && diagnostic.code != Code::UnknownAlternative {
                self.n_reported += 1;
                return;
            }
            self.report_once(diagnostic.headline.clone(), diagnostic);
            return;
        }
        self.n_reported += 1;
        self.diagnostics.push(diagnostic);
    }

    /// Keeps a diagnostic of a word that is not known; its further uses are shown with the first.
    fn report_once(&mut self, key: String, diagnostic: Diagnostic) {
        self.n_reported += 1;
        let place = diagnostic.primary.span;
        match self.unknown.entry(key) {
            Entry::Occupied(first) => {
                let first = &mut self.diagnostics[*first.get()];
                let is_new = first.primary.span != place && first.secondary.iter().all(|l| l.span != place);
                if is_new && first.secondary.len() < MAX_USES_SHOWN {
                    first.secondary.push(Label { span: place, text: "used here too".to_owned() });
                }
            }
            Entry::Vacant(slot) => {
                slot.insert(self.diagnostics.len());
                self.diagnostics.push(diagnostic);
            }
        }
    }

    /// Whether something within a place could not be read, so that what seems to be missing there may only
    /// be broken.
    fn is_broken(&self, place: Span) -> bool {
        self.diagnostics.iter().take(self.n_unread).any(|known| {
            let found = known.primary.span;
            found.file == place.file && place.start <= found.start && found.start <= place.end
        })
    }

    fn describe(&self, of: &Type) -> String {
        match of {
            Type::Number(dimension) if dimension.is_none() => "a number without unit".to_owned(),
            Type::Number(dimension) => format!("`{}`", self.units.describe(dimension)),
            Type::Any => "anything".to_owned(),
            Type::Condition => "a condition".to_owned(),
            Type::Category(_) => "a category".to_owned(),
        }
    }

    fn alternatives(&self, category: Category) -> &[String] {
        match category {
            Category::Subscript(id) => &self.model.subscripts[id.index()].elements,
            Category::Variable(id) => match &self.model.variable(id).kind {
                VariableKind::Assumption { alternatives, .. }
                | VariableKind::Mechanism { alternatives, .. } => alternatives,
                VariableKind::Decision(decision) => &decision.options,
                _ => &[],
            },
        }
    }

    /// How a share is shown that was written in `%` without a declared unit.
    fn share_unit() -> DisplayUnit {
        DisplayUnit { text: "share".to_owned(), scale: 1.0, is_share: true }
    }

    fn display_unit(&self, of: &Type, declared: Option<&Unit>) -> DisplayUnit {
        match (declared, of) {
            (Some(unit), _) => {
                DisplayUnit { text: unit.text.clone(), scale: unit.scale, is_share: unit.is_share }
            }
            (None, Type::Number(dimension)) => {
                DisplayUnit { text: self.units.describe(dimension), scale: 1.0, is_share: false }
            }
            _ => DisplayUnit { text: "1".to_owned(), scale: 1.0, is_share: false },
        }
    }

    /// A name as it is looked up: inside the actor first, then anywhere. What belongs to a broken
    /// declaration is broken.
    fn find(&self, actor: Option<ActorId>, name: &str) -> Option<(Symbol, Span)> {
        actor
            .and_then(|actor| {
                let qualified = format!("{}.{name}", self.model.actors[actor.index()].name);
                self.values.get(&qualified)
            })
            .or_else(|| self.values.get(name))
            .or_else(|| {
                let (owner, _) = name.split_once('.')?;
                self.values.get(owner).filter(|(symbol, _)| *symbol == Symbol::Broken)
            })
            .copied()
    }

    /// A number in base units, or a diagnostic when it is none or too large.
    fn finite(&mut self, value: f64, span: Span) -> Option<f64> {
        if value.is_finite() {
            return Some(value);
        }
        let (headline, help) = if value.is_nan() {
            ("this is not a number", "zero is divided by zero here")
        } else {
            ("the number is too large to represent", "larger than 1.8e308; is something divided by zero?")
        };
        self.report(Diagnostic::error(Code::InvalidNumber, headline, span, "not a finite number").help(help));
        None
    }

    /// The nearest declared name, preferring the same last part in another actor. All names are collected before the
    /// first is looked for.
    fn suggestion(&self, name: &str) -> Option<String> {
        let known = self.known.get_or_init(|| Known::new(self.values.keys()));
        let last = last_part(name);
        if let Some(found) =
            known.by_end.get(last).and_then(|known| known.iter().find(|known| *known != name))
        {
            return Some(found.clone());
        }
        known.whole.nearest(name).cloned().or_else(|| {
            let near = known.ends.nearest(last)?;
            known.by_end.get(near)?.first().cloned()
        })
    }

    fn variable_declaration(&self, id: VariableId) -> &'a DeclarationKind {
        &self.variable_items[id.index()].declaration.kind
    }
}
