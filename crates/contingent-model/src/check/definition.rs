//! Definitions of stocks, flows, auxiliaries, lookups and events.

use contingent_syntax::ast::{self, DeclarationKind, EffectKind, Head};
use contingent_syntax::{Code, Diagnostic, Span};

use super::header::count;
use super::walk::constant;
use super::{Checker, Scope, Type};
use crate::checked::{ActorId, Effect, EventId, SubscriptId, VariableId, VariableKind};
use crate::expression::Expression;
use crate::unit::{Dimension, Unit};

impl Checker<'_> {
    pub(super) fn check_definitions(&mut self) {
        self.check_lookups();
        self.infer_types();
        for i in 0..self.model.variables.len() {
            self.check_definition(VariableId(i as u32));
        }
        for i in 0..self.model.events.len() {
            self.check_event(EventId(i as u32));
        }
    }

    /// Where the parts of the declaration at `place` stand.
    pub(super) fn scope(
        &self,
        actor: Option<ActorId>,
        bound: &[SubscriptId],
        place: Span,
        chance: Result<u32, &'static str>,
    ) -> Scope {
        Scope { actor, bound: bound.to_vec(), chance, lenient: self.broken_subscripts.contains(&place) }
    }

    pub(super) fn variable_scope(&self, id: VariableId, chance: Result<u32, &'static str>) -> Scope {
        let variable = self.model.variable(id);
        self.scope(self.variable_items[id.index()].actor, &variable.subscripts, variable.span, chance)
    }

    fn check_lookups(&mut self) {
        let mut next = 0;
        for i in 0..self.items.len() {
            let DeclarationKind::Lookup { name, argument_unit, unit, points, grounds, .. } =
                &self.items[i].declaration.kind
            else {
                continue;
            };
            let (input, output) = (self.unit(argument_unit), self.unit(unit));
            let index = next;
            next += 1;
            self.model.lookups[index].grounds = self.grounds(grounds.as_ref(), None, name.span);
            let type_of = |unit: &Option<Unit>| {
                unit.as_ref().map_or(Type::Any, |unit| Type::Number(unit.dimension.clone()))
            };
            self.lookup_types[index] = (type_of(&input), type_of(&output));
            let (Some(input), Some(output)) = (input, output) else { continue };
            let mut scope =
                Scope { actor: None, bound: Vec::new(), chance: Err("in a lookup"), lenient: false };
            let mut read: Vec<(f64, f64)> = Vec::new();
            for (x, y) in points {
                let before = self.n_reported;
                let x_value = self.number_in(
                    &mut scope,
                    x,
                    &input,
                    Some((argument_unit.span, "the unit of the argument")),
                );
                let y_value =
                    self.number_in(&mut scope, y, &output, Some((unit.span, "the unit of the value")));
                if self.n_reported > before {
                    continue;
                }
                let (Some(x_value), Some(y_value)) = (constant(&x_value), constant(&y_value)) else {
                    self.report(
                        Diagnostic::error(
                            Code::NotConstant,
                            "the points of a lookup must be numbers",
                            x.span.cover(y.span),
                            "depends on something else",
                        )
                        .help("multiply the result of the lookup instead"),
                    );
                    continue;
                };
                if read.last().is_some_and(|&(last, _)| last >= x_value) {
                    self.report(
                        Diagnostic::error(
                            Code::InvalidLookup,
                            format!("the points of `{}` do not go from left to right", name.text),
                            x.span,
                            "not larger than the one before",
                        )
                        .help("order the points by their first number; each may stand only once"),
                    );
                    continue;
                }
                read.push((x_value, y_value));
            }
            if points.len() < 2 {
                self.report(
                    Diagnostic::error(
                        Code::InvalidLookup,
                        format!("the lookup `{}` has a single point", name.text),
                        name.span,
                        "at least two are needed",
                    )
                    .help("write for example `(0, 0) (2, 0.4)`"),
                );
            }
            self.model.lookups[index].points = read;
        }
    }

    /// Types of flows, and of auxiliaries without a declared unit, each after what it refers to.
    fn infer_types(&mut self) {
        for i in 0..self.model.variables.len() {
            let id = VariableId(i as u32);
            if matches!(self.variable_declaration(id), DeclarationKind::Flow { .. }) {
                self.check_flow_ends(id);
            }
        }
        // Iterative depth-first order over auxiliaries whose type is not known.
        let n = self.model.variables.len();
        let mut state = vec![0_u8; n];
        let (mut has_circle, mut order) = (false, Vec::new());
        for start in 0..n {
            let mut stack = vec![(start, false)];
            while let Some((i, expanded)) = stack.pop() {
                let id = VariableId(i as u32);
                let DeclarationKind::Auxiliary { head, definition } = self.variable_declaration(id) else {
                    continue;
                };
                if expanded {
                    if self.types[i].is_none() {
                        let item = self.variable_items[i];
                        let is_unknown = |needed: &VariableId| {
                            self.types[needed.index()].is_none()
                                && matches!(
                                    self.variable_declaration(*needed),
                                    DeclarationKind::Auxiliary { .. }
                                )
                        };
                        has_circle |= self.named_variables(item, definition).iter().any(is_unknown);
                        let typed = self.resolve_auxiliary(id, head, definition);
                        self.types[i] = Some(typed);
                        order.push(id);
                    }
                    continue;
                }
                if state[i] != 0 || self.types[i].is_some() {
                    continue;
                }
                state[i] = 1;
                stack.push((i, true));
                let item = self.variable_items[i];
                for needed in self.named_variables(item, definition) {
                    if self.types[needed.index()].is_none() && state[needed.index()] == 0 {
                        stack.push((needed.index(), false));
                    }
                }
            }
        }
        if has_circle {
            self.infer_types_again(&order);
        }
    }

    /// Auxiliaries that depend on each other in a circle, which something remembered may do: the type that one
    /// has is carried on to the others, which were checked without it.
    fn infer_types_again(&mut self, order: &[VariableId]) {
        if self.diagnostics.iter().any(Diagnostic::is_error) {
            return;
        }
        // Each round settles at least one more of them, in this order most often all.
        for _ in order {
            let mut is_changed = false;
            for &id in order {
                let DeclarationKind::Auxiliary { head, definition } = self.variable_declaration(id) else {
                    continue;
                };
                let before = self.n_reported;
                let found = self.resolve_auxiliary(id, head, definition);
                if self.n_reported > before {
                    return;
                }
                is_changed |= self.types[id.index()].as_ref() != Some(&found);
                self.types[id.index()] = Some(found);
            }
            if !is_changed {
                return;
            }
        }
    }

    fn resolve_auxiliary(&mut self, id: VariableId, head: &Head, definition: &ast::Expression) -> Type {
        let i = id.index();
        let mut scope = self.variable_scope(id, Ok(0));
        let (expression, of) = if let Some(unit) = self.declared_units[i].clone() {
            let place = head.unit.as_ref().map(|text| (text.span, "declared here"));
            (self.number_in(&mut scope, definition, &unit, place), Type::Number(unit.dimension))
        } else {
            let typed = self.resolve(&mut scope, definition);
            (typed.expression, typed.of)
        };
        let mut unit = self.display_unit(&of, self.declared_units[i].as_ref());
        if self.declared_units[i].is_none() && super::value::is_bare_percent(definition) {
            unit = Self::share_unit();
        }
        let variable = &mut self.model.variables[i];
        variable.unit = unit;
        variable.kind = VariableKind::Auxiliary { definition: expression };
        of
    }

    fn unit_of(&self, of: &Type) -> Option<Unit> {
        match of {
            Type::Number(dimension) => Some(Unit {
                dimension: dimension.clone(),
                scale: 1.0,
                is_share: false,
                text: self.units.describe(dimension),
            }),
            _ => None,
        }
    }

    fn check_definition(&mut self, id: VariableId) {
        let i = id.index();
        // What a council's members stand for is checked with the decision.
        if matches!(self.model.variables[i].kind, VariableKind::Position(_)) {
            return;
        }
        match self.variable_declaration(id) {
            DeclarationKind::Auxiliary { head, definition }
                if self.declared_units[i].is_some() || head.unit.is_some() =>
            {
                self.resolve_auxiliary(id, head, definition);
            }
            DeclarationKind::Stock { head, initial, .. } => {
                let mut scope = self.variable_scope(id, Err("in the initial value of a stock"));
                let place = head.unit.as_ref().map(|text| (text.span, "declared here"));
                let expression = match self.declared_units[i].clone() {
                    Some(unit) => self.number_in(&mut scope, initial, &unit, place),
                    None => self.resolve(&mut scope, initial).expression,
                };
                let of = self.types[i].clone().unwrap_or(Type::Any);
                self.model.variables[i].unit = self.display_unit(&of, self.declared_units[i].as_ref());
                if let VariableKind::Stock { initial, .. } = &mut self.model.variables[i].kind {
                    *initial = expression;
                }
            }
            DeclarationKind::Flow { .. } => self.check_flow(id),
            DeclarationKind::Decision { .. } => self.check_decision(id),
            _ => {}
        }
    }

    /// A duration as a whole number of steps, or a diagnostic.
    pub(super) fn steps(
        &mut self,
        expression: &ast::Expression,
        what: &str,
        at_most: usize,
    ) -> Option<usize> {
        let before = self.n_reported;
        let mut scope = Scope { actor: None, bound: Vec::new(), chance: Err("in a time"), lenient: false };
        let typed = self.resolve(&mut scope, expression);
        if self.n_reported > before {
            return None;
        }
        if typed.of != Type::Any {
            let time = self.units.time();
            self.expect_dimension(&typed, &time, None);
            if self.n_reported > before {
                return None;
            }
        }
        let clock = self.model.clock.clone();
        if typed.is_broken() {
            return None;
        }
        let Some(time) = constant(&typed.expression) else {
            self.report(
                Diagnostic::error(
                    Code::NotConstant,
                    format!("{what} must be known beforehand"),
                    expression.span,
                    "depends on something else",
                )
                .help("write a number and a unit of time, for example `26 weeks`"),
            );
            return None;
        };
        if !self.clock_known {
            return None;
        }
        let steps = time / clock.dt;
        let whole = steps.round();
        if whole < 0.0 {
            self.report(
                Diagnostic::error(
                    Code::InvalidTime,
                    format!("{what} is negative"),
                    expression.span,
                    if matches!(expression.kind, ast::ExpressionKind::Date(_)) {
                        "before the start of the model"
                    } else {
                        "less than no time"
                    },
                )
                .help("times count from the start of the model"),
            );
            return None;
        }
        if (steps - whole).abs() > 1e-6 * steps.abs().max(1.0) {
            let diagnostic = match (&expression.kind, clock.start) {
                (ast::ExpressionKind::Date(_), Some(start)) => {
                    let day = |steps: f64| {
                        let days = (steps * clock.dt * clock.days_per_unit).round() as i64;
                        start.checked_add(jiff::Span::new().days(days)).unwrap_or(start)
                    };
                    Diagnostic::error(
                        Code::InvalidTime,
                        format!("{what} ends between two steps"),
                        expression.span,
                        "no step begins on this day",
                    )
                    .help(format!(
                        "choose {} or {}",
                        day(steps.floor()),
                        day(steps.ceil())
                    ))
                }
                _ => Diagnostic::error(
                    Code::InvalidTime,
                    format!("{what} is {steps:.2} steps long"),
                    expression.span,
                    "not a whole number of steps",
                )
                .help(format!("the step is {} {}; choose a multiple of it", clock.dt, clock.time_unit)),
            };
            self.report(diagnostic);
            return None;
        }
        if whole > at_most as f64 {
            self.report(
                Diagnostic::error(
                    Code::InvalidTime,
                    format!("{what} lies outside the horizon"),
                    expression.span,
                    format!("step {}; the model has {} steps", count(whole), clock.n_steps),
                )
                .help("extend the horizon in the model block, or ask for an earlier time"),
            );
            return None;
        }
        Some(whole as usize)
    }

    fn check_event(&mut self, id: EventId) {
        let i = id.index();
        let item = self.event_items[i];
        let DeclarationKind::Event { head, hazard, when, excites, effects, .. } = &item.declaration.kind
        else {
            return;
        };
        let event = &self.model.events[i];
        let mut scope = self.scope(item.actor, &event.subscripts, event.span, Ok(1));
        let typed = self.resolve(&mut scope, hazard);
        if typed.of == Type::Number(Dimension::none()) && !self.units.is_plain() {
            self.report(
                Diagnostic::error(
                    Code::UnitClash,
                    format!("the hazard of `{}` has no time unit", head.name.text),
                    typed.span,
                    "how often per what time?",
                )
                .help("a hazard is per time: for example `5% per year` or `2 per week`"),
            );
        } else {
            self.expect_dimension(
                &typed,
                &self.units.per_time(&Dimension::none()),
                Some((head.name.span, "a hazard is a rate: one per time")),
            );
        }
        let condition = when.as_ref().map(|when| {
            let typed = self.resolve(&mut scope, when);
            self.expect_condition(&typed);
            typed.expression
        });
        let excitations =
            excites.iter().filter_map(|one| self.check_excitation(&mut scope, id, one)).collect();
        let mut resolved = Vec::new();
        for effect in effects {
            if let Some(effect) = self.check_effect(&mut scope, effect) {
                resolved.push(effect);
            }
        }
        let event = &mut self.model.events[i];
        event.hazard = typed.expression;
        event.when = condition;
        event.excitations = excitations;
        event.effects = resolved;
    }

    fn check_effect(&mut self, scope: &mut Scope, effect: &ast::Effect) -> Option<Effect> {
        let mut over = Vec::new();
        let target = self.endpoint(scope, &effect.target, Some(&mut over))?;
        let of = self.types[target.stock.index()].clone().unwrap_or(Type::Any);
        let unit = self.declared_units[target.stock.index()].clone().or_else(|| self.unit_of(&of));
        let bound = scope.bound.clone();
        let destination = match &effect.kind {
            EffectKind::Move { to: Some(to), .. } => Some(self.endpoint(scope, to, Some(&mut over))?),
            _ => None,
        };
        scope.bound.extend(over.iter().copied());
        let place = Some((effect.target.span, "the stock that changes"));
        let (EffectKind::Add(quantity)
        | EffectKind::Subtract(quantity)
        | EffectKind::Set(quantity)
        | EffectKind::Move { quantity, .. }) = &effect.kind;
        let share =
            Unit { dimension: Dimension::none(), scale: 1.0, is_share: true, text: "share".to_owned() };
        let is_share = matches!(effect.kind, EffectKind::Move { is_share: true, .. });
        let expression = match (is_share, unit) {
            (true, _) => self.number_in(scope, quantity, &share, None),
            (false, Some(unit)) => self.number_in(scope, quantity, &unit, place),
            (false, None) => self.resolve(scope, quantity).expression,
        };
        if is_share && constant(&expression).is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            self.report(
                Diagnostic::error(
                    Code::WrongArguments,
                    "`move ... of` takes a share of what is there",
                    quantity.span,
                    "not between 0% and 100%",
                )
                .help("write `move 5% of a -> b`, or `move 10 fighters from a -> b`"),
            );
        }
        scope.bound = bound;
        if let Some(destination) = &destination {
            let other = self.types[destination.stock.index()].clone().unwrap_or(Type::Any);
            if other != of && other != Type::Any && of != Type::Any {
                let (a, b) = (self.describe(&of), self.describe(&other));
                self.report(
                    Diagnostic::error(
                        Code::UnitClash,
                        format!("`move` joins stocks of different units: {a} and {b}"),
                        effect.span,
                        "do not fit together",
                    )
                    .help("use `-=` on one and `+=` on the other"),
                );
            }
        }
        Some(match &effect.kind {
            EffectKind::Add(_) => Effect::Add { target, over, amount: expression },
            EffectKind::Subtract(_) => Effect::Add {
                target,
                over,
                amount: Expression::Unary(crate::expression::UnaryOperator::Negate, Box::new(expression)),
            },
            EffectKind::Set(_) => Effect::Set { target, over, value: expression },
            EffectKind::Move { .. } => {
                Effect::Move { from: target, to: destination, over, quantity: expression, is_share }
            }
        })
    }
}
