//! The first pass: names, kinds and subscripts of everything declared.

use std::collections::HashMap;

use contingent_syntax::ast::{self, Declaration, DeclarationKind, Head, Name, SubscriptBase};
use contingent_syntax::{Code, Diagnostic, Span};

use super::header::count;
use super::{Checker, Item, Symbol, Type};
use crate::checked::{
    Actor, ActorId, Clock, Council, CouncilRule, Decision, Event, EventId, Grounds, Input, Lookup, LookupId,
    Subscript, SubscriptId, Variable, VariableId, VariableKind,
};
use crate::expression::Expression;
use crate::load::joined;
use crate::unit::Dimension;

/// Most elements of one subscript, and of one variable.
const MAX_ELEMENTS: usize = 10_000;
const MAX_CELLS: usize = 100_000;
/// Numbers of elements are below this, so that counting in steps of one is exact.
const MAX_NUMBER: f64 = 1e15;

impl<'a> Checker<'a> {
    pub(super) fn collect(&mut self, declarations: &[&'a Declaration]) {
        for declaration in declarations {
            self.collect_item(declaration, None);
        }
        self.check_header();
        for i in 0..self.items.len() {
            match &self.items[i].declaration.kind {
                DeclarationKind::Units { names } => self.collect_units(names),
                DeclarationKind::DerivedUnit { name, .. } => self.collect_derived_name(name),
                DeclarationKind::Subscript { name, base: SubscriptBase::Own, elements, range } => {
                    self.collect_subscript(name, None, elements, range.as_ref());
                }
                _ => {}
            }
        }
        let broken: Vec<(String, &Name)> = self
            .items
            .iter()
            .filter_map(|&item| match &item.declaration.kind {
                DeclarationKind::Broken { name: Some(name) } => Some((self.qualified(item, name), name)),
                _ => None,
            })
            .collect();
        for (qualified, name) in broken {
            self.values.entry(qualified).or_insert((Symbol::Broken, name.span));
            self.claims.entry(name.text.clone()).or_insert((None, name.span));
        }
        self.collect_derived_subscripts();
        self.collect_evidence();
        self.collect_derived_units();
        for i in 0..self.items.len() {
            self.collect_value(self.items[i]);
        }
        for i in 0..self.variable_items.len() {
            self.collect_head(VariableId(i as u32));
        }
        for i in 0..self.event_items.len() {
            let item = self.event_items[i];
            if let DeclarationKind::Event { head, .. } = &item.declaration.kind {
                self.model.events[i].subscripts = self.subscripts(item, head);
            }
        }
    }

    fn collect_item(&mut self, declaration: &'a Declaration, actor: Option<ActorId>) {
        if let DeclarationKind::Actor { name, label, aliases, declarations } = &declaration.kind {
            if actor.is_some() {
                self.report(
                    Diagnostic::error(
                        Code::WrongKind,
                        format!("the actor `{}` stands inside another actor", name.text),
                        name.span,
                        "declared here",
                    )
                    .help("declare actors side by side"),
                );
            }
            match self.actor_positions.get(&name.text) {
                Some(&first) => self.twice("actor", name, self.actor_spans[first]),
                None => {
                    self.actor_positions.insert(name.text.clone(), self.model.actors.len());
                }
            }
            self.actor_spans.push(name.span);
            let id = ActorId(self.model.actors.len() as u32);
            self.model.actors.push(Actor {
                name: name.text.clone(),
                label: label.as_ref().map_or_else(|| name.text.clone(), |label| label.text.clone()),
                aliases: aliases.iter().map(|alias| alias.text.clone()).collect(),
            });
            for inner in declarations {
                self.collect_item(inner, Some(id));
            }
        } else {
            self.items.push(Item { declaration, actor });
        }
    }

    /// A subscript that declares its elements, or a part of another.
    pub(super) fn collect_subscript(
        &mut self,
        name: &Name,
        part_of: Option<(SubscriptId, Span)>,
        elements: &[(Name, Option<ast::Text>)],
        range: Option<&(ast::Expression, ast::Expression)>,
    ) {
        let mut names = Vec::new();
        let mut labels = Vec::new();
        if let Some((first, last)) = range {
            let bound = |end: &ast::Expression| match end.kind {
                ast::ExpressionKind::Number { value, percent: false, unit: None }
                    if value.fract() == 0.0 && value < MAX_NUMBER =>
                {
                    Some(value)
                }
                _ => None,
            };
            match (bound(first), bound(last)) {
                (Some(low), Some(high)) if low <= high && high - low < MAX_ELEMENTS as f64 => {
                    let mut k = low;
                    while k <= high {
                        names.push(format!("{k}"));
                        k += 1.0;
                    }
                }
                (Some(low), Some(high)) if low <= high => {
                    let span = first.span.cover(last.span);
                    self.report(
                        Diagnostic::error(
                            Code::TooLarge,
                            format!("the subscript `{}` has {} elements", name.text, count(high - low + 1.0)),
                            span,
                            format!("at most {} are allowed", count(MAX_ELEMENTS as f64)),
                        )
                        .help("model groups, not single persons or places: a few dozen elements are plenty"),
                    );
                }
                _ => self.report(
                    Diagnostic::error(
                        Code::InvalidProperty,
                        format!(
                            "the elements of `{}` must run from one whole number up to another",
                            name.text
                        ),
                        first.span.cover(last.span),
                        "not such a range",
                    )
                    .help(format!("write for example `subscript {} 1 to 12`", name.text)),
                ),
            }
        }
        if elements.len() > MAX_ELEMENTS {
            self.report(
                Diagnostic::error(
                    Code::TooLarge,
                    format!("the subscript `{}` has {} elements", name.text, count(elements.len() as f64)),
                    name.span,
                    format!("at most {} are allowed", count(MAX_ELEMENTS as f64)),
                )
                .help("model groups, not single persons or places: a few dozen elements are plenty"),
            );
        }
        let mut seen: HashMap<&str, Span> = HashMap::from([(name.text.as_str(), name.span)]);
        for (element, label) in elements.iter().take(MAX_ELEMENTS) {
            if let Some(first) = seen.insert(&element.text, element.span) {
                let headline = if first == name.span {
                    format!("the subscript `{}` has an element of its own name", name.text)
                } else {
                    format!("`{}` has the element `{}` twice", name.text, element.text)
                };
                self.report(
                    Diagnostic::error(Code::DuplicateName, headline, element.span, "again here")
                        .and(first, "first here")
                        .help("give one of them another name"),
                );
                continue;
            }
            names.push(element.text.clone());
            labels.push(label.as_ref().map_or_else(|| element.text.clone(), |label| label.text.clone()));
        }
        if range.is_some() {
            labels.clone_from(&names);
        }
        if names.is_empty() {
            if range.is_none() {
                self.report(
                    Diagnostic::error(
                        Code::InvalidProperty,
                        format!("the subscript `{}` has no elements", name.text),
                        name.span,
                        "empty",
                    )
                    .help(format!(
                        "write `subscript {} {{ kabul \"Kabul\", east \"The east\" }}`",
                        name.text
                    )),
                );
            }
            self.name_value(name.text.clone(), Symbol::Broken, name.span);
            return;
        }
        let id = SubscriptId(self.model.subscripts.len() as u32);
        let subscript = Subscript { name: name.text.clone(), elements: names, labels, within: None };
        let subscript = match part_of {
            None => subscript,
            Some(set) => match self.part_of(subscript, set, elements, range) {
                Some(part) => part,
                None => return self.name_value(name.text.clone(), Symbol::Broken, name.span),
            },
        };
        self.model.subscripts.push(subscript);
        self.name_value(name.text.clone(), Symbol::Subscript(id), name.span);
    }

    /// Registers a name; reports it when it is taken.
    pub(super) fn name_value(&mut self, name: String, symbol: Symbol, span: Span) {
        if let Some(&(known, first)) = self.values.get(&name) {
            if known == Symbol::Broken {
                return;
            }
            self.report(
                Diagnostic::error(
                    Code::DuplicateName,
                    format!("`{name}` is declared twice"),
                    span,
                    "declared again here",
                )
                .and(first, "first declared here")
                .help("give one of them another name"),
            );
            return;
        }
        self.values.insert(name, (symbol, span));
    }

    fn qualified(&self, item: Item, name: &Name) -> String {
        match item.actor {
            Some(actor) => format!("{}.{}", self.model.actors[actor.index()].name, name.text),
            None => name.text.clone(),
        }
    }

    fn collect_value(&mut self, item: Item<'a>) {
        use DeclarationKind as K;
        match &item.declaration.kind {
            K::Assume { head, alternatives, .. } => {
                self.check_alternatives(alternatives);
                let kind = VariableKind::Assumption {
                    distributions: Vec::new(),
                    alternatives: alternatives.iter().map(|name| name.text.clone()).collect(),
                    grounds: Grounds::default(),
                };
                self.collect_variable(item, head, kind);
            }
            K::Lever { head, .. } => {
                let kind = VariableKind::Lever {
                    defaults: Vec::new(),
                    low: 0.0,
                    high: 0.0,
                    grounds: Grounds::default(),
                };
                self.collect_variable(item, head, kind);
            }
            K::Mechanism { head, alternatives, default, .. } => {
                self.check_alternatives(alternatives);
                let names: Vec<String> = alternatives.iter().map(|name| name.text.clone()).collect();
                let position = names.iter().position(|name| *name == default.text);
                if position.is_none() {
                    self.unknown_alternative(default, &names, &head.name.text);
                }
                let kind = VariableKind::Mechanism {
                    alternatives: names,
                    default: position.unwrap_or(0),
                    grounds: Grounds::default(),
                };
                let id = VariableId(self.model.variables.len() as u32);
                self.collect_variable(item, head, kind);
                self.used_alternative(id, default);
            }
            K::Stock { head, signed, whole, .. } => {
                let kind =
                    VariableKind::Stock { initial: Expression::Number(0.0), signed: *signed, whole: *whole };
                self.collect_variable(item, head, kind);
            }
            K::Flow { head, .. } => {
                let kind = VariableKind::Flow {
                    from: None,
                    to: Vec::new(),
                    split_ordinal: 0,
                    rate: Expression::Number(0.0),
                };
                self.collect_variable(item, head, kind);
            }
            K::Auxiliary { head, .. } | K::Links { head, .. } => {
                let kind = VariableKind::Auxiliary { definition: Expression::Number(0.0) };
                self.collect_variable(item, head, kind);
            }
            K::Input { head, file, interpolation, .. } => {
                let kind = VariableKind::Input(Input {
                    series: Vec::new(),
                    file: joined(&self.sources.file(file.span.file).name, &file.text),
                    n_rows: 0,
                    is_linear: *interpolation == ast::Interpolation::Linear,
                    grounds: Grounds::default(),
                });
                self.collect_variable(item, head, kind);
            }
            K::Decision { head, options, council, .. } => {
                let decision = VariableId(self.model.variables.len() as u32);
                let kind = VariableKind::Decision(Decision {
                    every_steps: 1,
                    initially: 0,
                    options: options.iter().map(|option| option.name.text.clone()).collect(),
                    labels: options
                        .iter()
                        .map(|option| {
                            option.label.as_ref().map_or(&option.name.text, |label| &label.text).clone()
                        })
                        .collect(),
                    worths: Vec::new(),
                    rule: crate::checked::ChoiceRule::Best,
                });
                self.collect_variable(item, head, kind);
                if council.is_some() {
                    self.collect_position(item, head, decision);
                }
            }
            K::Lookup { name, shape, .. } => {
                let id = LookupId(self.model.lookups.len() as u32);
                let qualified = self.qualified(item, name);
                self.model.lookups.push(Lookup {
                    name: qualified.clone(),
                    points: Vec::new(),
                    shape: *shape,
                    grounds: Grounds::default(),
                });
                self.lookup_types.push((Type::Any, Type::Any));
                self.name_value(qualified, Symbol::Lookup(id), name.span);
            }
            K::Event { head, once, .. } => {
                let id = EventId(self.model.events.len() as u32);
                let qualified = self.qualified(item, &head.name);
                self.model.events.push(Event {
                    name: qualified.clone(),
                    label: head.label.as_ref().map(|label| label.text.clone()),
                    actor: item.actor,
                    subscripts: Vec::new(),
                    hazard: Expression::Number(0.0),
                    once: *once,
                    when: None,
                    excitations: Vec::new(),
                    effects: Vec::new(),
                    span: head.name.span,
                });
                self.event_items.push(item);
                self.name_value(qualified, Symbol::Event(id), head.name.span);
            }
            _ => {}
        }
    }

    /// Alternatives have different names.
    fn check_alternatives(&mut self, alternatives: &[Name]) {
        for (k, name) in alternatives.iter().enumerate() {
            if let Some(first) = alternatives[..k].iter().find(|first| first.text == name.text) {
                self.twice("alternative", name, first.span);
            }
        }
    }

    pub(super) fn unknown_alternative(&mut self, name: &Name, known: &[String], of: &str) {
        let near = contingent_syntax::nearest(&name.text, known.iter().map(String::as_str));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has {}", list(known)),
        };
        self.report(
            Diagnostic::error(
                Code::UnknownAlternative,
                format!("`{of}` has no alternative `{}`", name.text),
                name.span,
                "unknown alternative",
            )
            .help(help)
            .fix_if(name.span, near),
        );
    }

    fn collect_variable(&mut self, item: Item<'a>, head: &Head, kind: VariableKind) {
        let id = VariableId(self.model.variables.len() as u32);
        let name = self.qualified(item, &head.name);
        self.model.variables.push(Variable {
            name: name.clone(),
            label: head.label.as_ref().map(|label| label.text.clone()),
            documentation: item.declaration.documentation.clone(),
            actor: item.actor,
            unit: self.display_unit(&Type::Any, None),
            subscripts: Vec::new(),
            kind,
            span: head.name.span,
        });
        self.variable_items.push(item);
        self.declared_units.push(None);
        self.types.push(None);
        self.name_value(name, Symbol::Variable(id), head.name.span);
    }

    /// Where the council of a decision stands, read as `decision.position`.
    fn collect_position(&mut self, item: Item<'a>, head: &Head, decision: VariableId) {
        let id = VariableId(self.model.variables.len() as u32);
        let name = format!("{}.position", self.qualified(item, &head.name));
        let zero = || Expression::Number(0.0);
        self.model.variables.push(Variable {
            name: name.clone(),
            label: head.label.as_ref().map(|label| format!("{}: where the council stands", label.text)),
            documentation: String::new(),
            actor: item.actor,
            unit: Self::share_unit(),
            subscripts: Vec::new(),
            kind: VariableKind::Position(Box::new(Council {
                decision,
                members: SubscriptId(0),
                dimensions: None,
                position: zero(),
                capability: zero(),
                salience: zero(),
                rule: CouncilRule::WeightedMean,
            })),
            span: head.name.span,
        });
        self.variable_items.push(item);
        self.declared_units.push(None);
        self.types.push(Some(Type::Number(Dimension::none())));
        self.name_value(name, Symbol::Variable(id), head.name.span);
    }

    /// Subscripts and declared unit of a variable; its type where the declaration alone tells it.
    fn collect_head(&mut self, id: VariableId) {
        use DeclarationKind as K;
        let i = id.index();
        if let VariableKind::Position(council) = &self.model.variables[i].kind {
            let decision = council.decision;
            return self.collect_members(id, decision);
        }
        let (K::Assume { head, .. }
        | K::Lever { head, .. }
        | K::Mechanism { head, .. }
        | K::Stock { head, .. }
        | K::Flow { head, .. }
        | K::Auxiliary { head, .. }
        | K::Links { head, .. }
        | K::Input { head, .. }
        | K::Decision { head, .. }) = self.variable_declaration(id)
        else {
            return;
        };
        let subscripts = self.subscripts(self.variable_items[i], head);
        self.model.variables[i].subscripts = subscripts;
        if let Some(text) = &head.unit {
            let unit = self.unit(text);
            self.types[i] =
                Some(unit.as_ref().map_or(Type::Any, |unit| Type::Number(unit.dimension.clone())));
            self.declared_units[i] = unit;
        } else if let Some(what) = match self.variable_declaration(id) {
            K::Stock { .. } => Some("stock"),
            K::Lever { .. } => Some("lever"),
            K::Input { .. } => Some("input"),
            _ => None,
        } {
            let rest = if what == "input" { "from" } else { "=" };
            self.report(
                Diagnostic::error(
                    Code::MissingProperty,
                    format!("the {what} `{}` has no unit", head.name.text),
                    head.name.span,
                    "no unit",
                )
                .help(format!(
                    "write `{what} {}: unit {rest} ...`; `share` or `1` when it has none",
                    head.name.text
                )),
            );
            self.types[i] = Some(Type::Any);
        }
        if self.types[i].is_none() && matches!(self.variable_declaration(id), K::Links { .. }) {
            self.types[i] = Some(Type::Number(Dimension::none()));
        }
        let is_category = match &self.model.variables[i].kind {
            VariableKind::Mechanism { .. } | VariableKind::Decision(_) => true,
            VariableKind::Assumption { alternatives, .. } => !alternatives.is_empty(),
            _ => false,
        };
        if is_category {
            self.types[i] = Some(Type::Category(super::Category::Variable(id)));
        }
    }

    /// The subscripts of a declaration. When one of them is broken, the name stands for something broken.
    fn subscripts(&mut self, item: Item, head: &Head) -> Vec<SubscriptId> {
        let mut subscripts = Vec::new();
        for name in &head.subscripts {
            match self.values.get(&name.text) {
                Some(&(Symbol::Subscript(id), _)) if subscripts.contains(&id) => self.report(
                    Diagnostic::error(
                        Code::SubscriptMismatch,
                        format!("`{}` has the subscript `{}` twice", head.name.text, name.text),
                        name.span,
                        "again here",
                    )
                    .help(format!(
                        "declare a second index over the same elements, `subscript {0}2 = {0}`, and write `{1}[{0}, {0}2]`",
                        name.text, head.name.text
                    )),
                ),
                Some(&(Symbol::Subscript(id), place)) => {
                    self.naming.used(place, name.span);
                    subscripts.push(id);
                }
                Some(&(Symbol::Broken, place)) => self.naming.used(place, name.span),
                Some(&(_, span)) => self.report(
                    Diagnostic::error(
                        Code::WrongKind,
                        format!("`{}` is not a subscript", name.text),
                        name.span,
                        "a subscript is needed here",
                    )
                    .and(span, "declared here")
                    .help("declare one: `subscript region { kabul \"Kabul\", east \"The east\" }`"),
                ),
                None => self.unknown_subscript(name),
            }
        }
        let cells = subscripts
            .iter()
            .map(|id| self.model.subscripts[id.index()].elements.len())
            .fold(1_usize, usize::saturating_mul);
        if cells > MAX_CELLS {
            let sizes: Vec<String> = subscripts
                .iter()
                .map(|id| count(self.model.subscripts[id.index()].elements.len() as f64))
                .collect();
            self.report(
                Diagnostic::error(
                    Code::TooLarge,
                    format!("`{}` has {} elements", head.name.text, sizes.join(" x ")),
                    head.name.span,
                    format!("at most {} are allowed", count(MAX_CELLS as f64)),
                )
                .help(
                    "use fewer subscripts or fewer elements: not every combination needs a number of its own",
                ),
            );
            subscripts.clear();
        }
        if subscripts.len() < head.subscripts.len() {
            self.broken_subscripts.insert(head.name.span);
            if let Some(entry) = self.values.get_mut(&self.qualified(item, &head.name))
                && entry.1 == head.name.span
            {
                entry.0 = Symbol::Broken;
            }
        }
        subscripts
    }

    pub(super) fn set_clock(&mut self, clock: Clock) {
        self.clock_known = true;
        self.units = crate::unit::Units::new(&clock.time_unit, clock.days_per_unit);
        self.model.clock = clock;
    }
}

/// Names in words: `a`, `b` and `c`.
pub(super) fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
