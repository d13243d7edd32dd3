//! What runs, but probably not as it was meant.
//!
//! Enters: a model without errors. Leaves: warnings. Always holds: a warning names what it saw and what would
//! do away with it; what the model does not settle is not warned about.

use std::collections::HashSet;

use contingent_syntax::ast::DeclarationKind;
use contingent_syntax::{Code, Diagnostic, FileId, Span};

use super::walk::for_each_expression;
use super::{Checker, each_resolved};
use crate::checked::{
    ActorId, CheckedModel, Clock, Grounds, LeverSetting, Method, Override, VariableId, VariableKind,
};
use crate::expression::{Expression, Memory, MemoryKind};
use crate::influence::Pace;
use crate::unit::PLAIN_TIME;

/// A step moves at most this share of a stock; beyond it the numbers depend on the step.
const MOST_PER_STEP: f64 = 0.5;
/// What a step should move of a stock at most, when one is proposed.
const GOOD_PER_STEP: f64 = 0.2;
/// Growth rate times horizon that makes a thousandfold: the natural logarithm of 1,000.
const THOUSANDFOLD: f64 = 6.91;

impl Checker<'_> {
    /// Warnings that hold whether or not anything is asked.
    pub(super) fn check_warnings(&mut self) {
        self.check_periods();
        self.check_pace();
    }

    /// What is declared and then not used, in a model that asks something.
    pub(super) fn check_unused(&mut self) {
        let cited = cited_claims(&self.model);
        // A file with nothing but evidence is a library: several models may draw on it, none on all of it.
        let main = FileId(0);
        let written: HashSet<FileId> = self
            .items
            .iter()
            .filter(|item| {
                !matches!(
                    item.declaration.kind,
                    DeclarationKind::Source { .. } | DeclarationKind::Claim { .. }
                )
            })
            .map(|item| item.declaration.span.file)
            .collect();
        for (i, claim) in self.model.claims.iter().enumerate() {
            let is_library = claim.span.file != main && !written.contains(&claim.span.file);
            if !cited.contains(&i) && !is_library {
                let headline = format!("nothing cites the claim `{}`", claim.name);
                self.diagnostics.push(
                    Diagnostic::warning(Code::UnusedDeclaration, headline, claim.span, "changes nothing")
                        .help(format!(
                            "cite it where it bears on a number, `because {}`, or remove it",
                            claim.name
                        )),
                );
            }
        }
        let (mut lookups, mut subscripts) = (HashSet::new(), HashSet::new());
        for_each_expression(&self.model, &mut |expression| {
            each_resolved(expression, &mut |part| match part {
                Expression::Lookup(id, _) => {
                    lookups.insert(id.index());
                }
                Expression::Position(id) => {
                    subscripts.insert(id.index());
                }
                Expression::Reduce { over, except, .. } => {
                    subscripts.extend(over.iter().map(|id| id.index()));
                    subscripts.extend(except.iter().map(|left_out| left_out.subscript.index()));
                }
                _ => {}
            });
        });
        let headed = self
            .model
            .variables
            .iter()
            .map(|variable| &variable.subscripts)
            .chain(self.model.events.iter().map(|event| &event.subscripts));
        subscripts.extend(headed.flatten().map(|id| id.index()));
        // A second index, or a part of a set, needs the set.
        let sets: Vec<usize> = self
            .model
            .subscripts
            .iter()
            .enumerate()
            .filter(|(i, _)| subscripts.contains(i))
            .filter_map(|(_, subscript)| subscript.within.as_ref().map(|within| within.set.index()))
            .collect();
        subscripts.extend(sets);
        let mut acting: HashSet<usize> =
            self.model.variables.iter().filter_map(|variable| variable.actor).map(ActorId::index).collect();
        acting.extend(self.items.iter().filter_map(|item| item.actor).map(ActorId::index));
        let mut unused: Vec<(Span, String, &str)> = Vec::new();
        for (name, span) in &self.unit_spans {
            if !self.used_units.contains(name) {
                unused.push((
                    *span,
                    format!("nothing is counted in the unit `{name}`"),
                    "use it or remove it",
                ));
            }
        }
        for (i, lookup) in self.model.lookups.iter().enumerate() {
            if let (false, Some(&(_, span))) = (lookups.contains(&i), self.values.get(&lookup.name)) {
                unused.push((
                    span,
                    format!("nothing uses the lookup `{}`", lookup.name),
                    "use it like a function, `name(x)`, or remove it",
                ));
            }
        }
        for (i, subscript) in self.model.subscripts.iter().enumerate() {
            if let (false, Some(&(_, span))) = (subscripts.contains(&i), self.values.get(&subscript.name)) {
                unused.push((
                    span,
                    format!("nothing has the subscript `{}`", subscript.name),
                    "give it to a declaration, `stock name[subscript]`, or remove it",
                ));
            }
        }
        for (i, actor) in self.model.actors.iter().enumerate() {
            if !acting.contains(&i) {
                unused.push((
                    self.actor_spans[i],
                    format!("the actor `{}` does and holds nothing", actor.name),
                    "declare what it holds or decides inside its braces, or remove it",
                ));
            }
        }
        for (span, headline, help) in unused {
            self.diagnostics.push(
                Diagnostic::warning(Code::UnusedDeclaration, headline, span, "changes nothing").help(help),
            );
        }
    }

    /// Views and policies that leave every answer as it is. `reached` is what some answer depends on.
    pub(super) fn check_effects(&mut self, reached: &HashSet<usize>) {
        for view in &self.model.views {
            let is_idle = |(id, change, _): &(VariableId, Override, Grounds)| {
                !reached.contains(&id.index())
                    || match (change, &self.model.variable(*id).kind) {
                        (Override::Distributions(new), VariableKind::Assumption { distributions, .. }) => {
                            new == distributions
                        }
                        (Override::Elements(new), VariableKind::Assumption { distributions, .. }) => {
                            new.iter().all(|(element, new)| distributions.get(*element) == Some(new))
                        }
                        (Override::Alternative(new), VariableKind::Mechanism { default, .. }) => {
                            new == default
                        }
                        _ => false,
                    }
            };
            let Some(&span) = self.asked.get(&("view", view.name.clone())) else { continue };
            if view.overrides.iter().all(is_idle) {
                let headline = format!("the view `{}` changes nothing", view.name);
                let label = match view.overrides.len() {
                    0 => "empty",
                    1 => "its line says the same as the model, or something that no answer depends on",
                    _ => "all its lines say the same as the model, or something that no answer depends on",
                };
                self.diagnostics
                    .push(Diagnostic::warning(Code::NoEffect, headline, span, label).help(
                        "set an assumption or a mechanism that an answer depends on, to another value",
                    ));
            }
        }
        let n_steps = self.model.clock.n_steps;
        for policy in &self.model.policies {
            let Some(&span) = self.asked.get(&("policy", policy.name.clone())) else { continue };
            let never_holds = policy.from_step >= policy.until_step.min(n_steps);
            let is_idle = |setting: &LeverSetting| {
                let VariableKind::Lever { defaults, .. } = &self.model.variable(setting.lever).kind else {
                    return false;
                };
                !reached.contains(&setting.lever.index())
                    || match setting.element {
                        None => defaults.iter().all(|default| *default == setting.value),
                        Some(element) => defaults.get(element) == Some(&setting.value),
                    }
            };
            if never_holds || policy.settings.iter().all(is_idle) {
                let headline = format!("the policy `{}` changes nothing", policy.name);
                let label = match (never_holds, policy.settings.len()) {
                    (true, _) => "it holds at no step",
                    (_, 0) => "empty",
                    (_, 1) => "its line sets what holds anyway, or a lever that no answer depends on",
                    _ => "all its lines set what holds anyway, or levers that no answer depends on",
                };
                let help = if never_holds {
                    "let it begin earlier or last longer than one step"
                } else {
                    "the levers as they stand are compared with every policy anyway: set one to another value"
                };
                self.diagnostics.push(Diagnostic::warning(Code::NoEffect, headline, span, label).help(help));
            }
        }
    }

    /// Draws at every step with a probability that does not say in what time.
    fn check_periods(&mut self) {
        let clock = &self.model.clock;
        let step = if clock.dt == 1.0 {
            clock.time_unit.clone()
        } else {
            format!("{} {}s", clock.dt, clock.time_unit)
        };
        let mut seen = HashSet::new();
        for &(function, argument) in &self.without_period {
            // Within an event it is drawn when the event happens, which needs no period.
            let is_stepped = self.variable_items.iter().zip(&self.model.variables).any(|(item, variable)| {
                let whole = item.declaration.span;
                whole.file == function.file
                    && whole.start <= function.start
                    && function.end <= whole.end
                    && matches!(variable.kind, VariableKind::Flow { .. } | VariableKind::Auxiliary { .. })
            });
            if !is_stepped || !seen.insert(function) {
                continue;
            }
            let name = self.sources.text(function).to_owned();
            let help = if name == "binomial" {
                "say in what time, for example `20% per year`: then it means the same for every step"
                    .to_owned()
            } else {
                "say in what time: make it an `event ... at 20% per year`, or write the chance within a step as \
                 `1 - exp(-hazard * 1 week)`"
                    .to_owned()
            };
            self.diagnostics.push(
                Diagnostic::warning(
                    Code::ChanceWithoutPeriod,
                    format!("`{name}` is drawn anew every {step} with a probability that does not say per what time"),
                    argument,
                    "per year, per week, or over the whole horizon?",
                )
                .and(function, "with another step it comes up more or less often")
                .help(help),
            );
        }
    }

    /// Stocks that move too far within a step, and stocks that grow without limit.
    fn check_pace(&mut self) {
        let clock = self.model.clock.clone();
        let pace = Pace::new(&self.model);
        let mut found = Vec::new();
        for i in 0..self.model.variables.len() {
            let flow = VariableId(i as u32);
            let Some((stock, speed)) = pace.least_pull(flow) else { continue };
            let share = speed * clock.dt;
            // What moves one by one does not depend on the step.
            if share > MOST_PER_STEP && clock.method != Method::Exact {
                found.push(too_long(&self.model, flow, stock, share));
            }
        }
        found.extend(self.short_memories(&pace));
        for stock in pace.only_growing() {
            let growth: f64 = pace.least_growth(stock);
            let horizon = clock.n_steps as f64 * clock.dt;
            if growth * horizon < THOUSANDFOLD {
                continue;
            }
            let variable = self.model.variable(stock);
            let mut diagnostic = Diagnostic::warning(
                Code::UnlimitedGrowth,
                format!("`{}` feeds its own growth, and nothing ever takes from it", variable.name),
                variable.span,
                format!("more than a thousandfold by the end, at {:.0}% per {}", growth * 100.0, clock.time_unit),
            )
            .help(
                "let something run out, for example `... * (1 - x / limit)`, or add what takes from it; a count \
                 that only adds up should not stand in its own inflow",
            );
            for flow in pace.feeding(stock) {
                diagnostic = diagnostic.and(self.model.variable(flow).span, "grows with what is there");
            }
            found.push(diagnostic);
        }
        self.diagnostics.extend(found);
    }
}

impl Checker<'_> {
    /// Delays and smoothings with levels that pass on too much of what they hold within a step.
    fn short_memories(&self, pace: &Pace<'_>) -> Vec<Diagnostic> {
        let clock = &self.model.clock;
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for_each_expression(&self.model, &mut |expression| {
            each_resolved(expression, &mut |part| {
                let Expression::Memory(memory) = part else { return };
                let (MemoryKind::Delay { duration, order } | MemoryKind::Smooth { duration, order }) =
                    &memory.kind
                else {
                    return;
                };
                let longest = pace.most(duration);
                let share = f64::from(*order) * clock.dt / longest;
                // Up to there it takes the time that it should.
                if share > 1.0 + 1e-9 && share.is_finite() && seen.insert(memory.id) {
                    found.push(short_memory(&self.model, memory, *order, longest));
                }
            });
        });
        found
    }
}

/// A step that is too long for something remembered, of which no level is passed in less than a step.
fn short_memory(model: &CheckedModel, memory: &Memory, order: u32, longest: f64) -> Diagnostic {
    let clock = &model.clock;
    let what = if matches!(memory.kind, MemoryKind::Delay { .. }) { "delay" } else { "smoothing" };
    let whole = in_time_units(longest, &clock.time_unit);
    let levels = if order == 1 { String::new() } else { format!(" in {order} levels") };
    let wanted = good_step(clock, longest * clock.days_per_unit / f64::from(order));
    let real = in_time_units(f64::from(order) * clock.dt, &clock.time_unit);
    Diagnostic::warning(
        Code::StepTooLong,
        format!(
            "a step of {} is too long for a {what} of {whole}{levels}",
            duration(clock, clock.dt * clock.days_per_unit)
        ),
        memory.span,
        format!("takes {real}, since no level is passed in less than a step"),
    )
    .help(format!("write `step {wanted}` in the model block, a longer time, or a lower order"))
}

/// A length of time in the time unit of the model, in words.
fn in_time_units(time: f64, unit: &str) -> String {
    let shown = (time * 100.0).round() / 100.0;
    if shown == 1.0 { format!("1 {unit}") } else { format!("{shown} {unit}s") }
}

/// A step that is too long for a flow that moves `share` of a stock in it.
fn too_long(model: &CheckedModel, flow: VariableId, stock: VariableId, share: f64) -> Diagnostic {
    step_too_long(model, flow, stock, share, "")
}

/// The warning for a flow that moves `share` of a stock within one step, at its fastest; `when` says where that
/// was seen, empty when it holds always.
pub fn step_too_long(
    model: &CheckedModel,
    flow: VariableId,
    stock: VariableId,
    share: f64,
    when: &str,
) -> Diagnostic {
    let clock = &model.clock;
    let (moving, held) = (model.variable(flow), model.variable(stock));
    let step = duration(clock, clock.dt * clock.days_per_unit);
    let parts = (share / GOOD_PER_STEP).ceil();
    let wanted = good_step(clock, clock.dt * clock.days_per_unit / parts);
    let amount = if share >= 2.0 {
        format!("{share:.1} times what `{}` holds", held.name)
    } else {
        format!("{:.0}% of `{}`", share * 100.0, held.name)
    };
    Diagnostic::warning(
        Code::StepTooLong,
        format!("a step of {step} is too long for the flow `{}`, which moves {amount} in it{when}", moving.name),
        moving.span,
        "too fast for the step",
    )
    .and(held.span, "what it pulls on")
    .help(format!(
        "write `step {wanted}` in the model block, or a slower rate; up to a fifth of a stock in one step is safe"
    ))
}

/// A length of time in days as words.
fn duration(clock: &Clock, days: f64) -> String {
    if clock.time_unit == PLAIN_TIME {
        return days.to_string();
    }
    for (unit, length) in crate::TIME_UNITS.iter().rev() {
        let n = days / length;
        if n >= 0.999_999 && (n - n.round()).abs() < 1e-6 {
            let n = n.round();
            return if n == 1.0 { format!("1 {unit}") } else { format!("{n} {unit}s") };
        }
    }
    format!("{days} days")
}

/// A step of at most so many days that is easy to say.
fn good_step(clock: &Clock, days: f64) -> String {
    if clock.time_unit == PLAIN_TIME {
        let half = (1..60).map(|power| 0.5_f64.powi(power)).find(|&step| step <= days);
        return half.filter(|_| days < 1.0).unwrap_or_else(|| days.floor()).to_string();
    }
    for easy in [365.25, 365.25 / 4.0, 365.25 / 12.0, 14.0, 7.0, 3.0, 2.0, 1.0, 0.5, 0.25, 0.125] {
        if days >= easy {
            return duration(clock, easy);
        }
    }
    format!("{:.3} days", days.max(0.001))
}

/// Positions of the claims that something cites.
pub fn cited_claims(model: &CheckedModel) -> HashSet<usize> {
    let mut cited = HashSet::new();
    let mut cite = |grounds: &Grounds| cited.extend(grounds.claims.iter().map(|id| id.index()));
    for variable in &model.variables {
        match &variable.kind {
            VariableKind::Assumption { grounds, .. }
            | VariableKind::Lever { grounds, .. }
            | VariableKind::Mechanism { grounds, .. } => cite(grounds),
            VariableKind::Input(input) => cite(&input.grounds),
            _ => {}
        }
    }
    model.links.iter().for_each(|links| cite(&links.grounds));
    model.lookups.iter().for_each(|lookup| cite(&lookup.grounds));
    model.conversions.iter().for_each(|conversion| cite(&conversion.grounds));
    for view in &model.views {
        for (_, _, grounds) in &view.overrides {
            cite(grounds);
        }
    }
    for correlation in &model.correlations {
        cite(&correlation.grounds);
    }
    for question in &model.questions {
        if let Some(rate) = &question.base_rate {
            cite(&rate.grounds);
        }
    }
    model.observations.iter().for_each(|observation| cite(&observation.grounds));
    cited
}

impl Checker<'_> {
    /// Notes a draw whose probability has no period. `1 - exp(-hazard * duration)` says its time.
    pub(super) fn note_period(
        &mut self,
        function: Span,
        argument: Span,
        written: Option<&contingent_syntax::ast::Expression>,
    ) {
        use contingent_syntax::ast::{ExpressionKind as K, Operator};
        let says_time = written.is_some_and(|expression| {
            matches!(&expression.kind, K::Binary(Operator::Subtract, _, _, right)
                if matches!(&right.kind, K::Call { function, .. } if function.text == "exp"))
        });
        if !says_time {
            self.without_period.push((function, argument));
        }
    }
}
