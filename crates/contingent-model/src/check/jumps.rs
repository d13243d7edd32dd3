//! What `method exact` can run: whole things that move one by one.
//!
//! Enters: a model without other errors and with that method. Leaves: diagnostics. Always holds: each names the
//! line that asks for the method; what is left to run has no flow that moves fractions, no level that empties
//! on its own, and no count that is drawn once a step.

use contingent_syntax::{Code, Diagnostic, Span};

use super::Checker;
use super::walk::{each_resolved, for_each_expression};
use crate::checked::{CheckedModel, VariableKind};
use crate::expression::{BinaryOperator, Chance, Expression, MemoryKind, Reduction, Window};

impl Checker<'_> {
    /// Reports what cannot move one by one. `asked` is where the model asks for the method.
    pub(super) fn check_jumps(&mut self, asked: Span) {
        let mut found = fractions(&self.model);
        found.extend(levels(&self.model));
        found.extend(counts(&self.model));
        found.extend(excitations(&self.model));
        for diagnostic in found {
            self.report(diagnostic.and(asked, "here things are asked to move one by one"));
        }
    }
}

/// Flows of stocks that are not whole.
fn fractions(model: &CheckedModel) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for flow in &model.variables {
        let VariableKind::Flow { from, to, .. } = &flow.kind else { continue };
        let ends = from.iter().chain(to.iter().map(|to| &to.endpoint));
        let mut stocks = ends.map(|end| model.variable(end.stock));
        let fraction = stocks.find(|stock| !matches!(stock.kind, VariableKind::Stock { whole: true, .. }));
        let Some(stock) = fraction else { continue };
        found.push(
            Diagnostic::error(
                Code::NotExact,
                format!("the flow `{}` moves fractions of `{}`", flow.name, stock.name),
                flow.span,
                "moves a little at every moment",
            )
            .and(stock.span, "not a whole stock")
            .help(format!(
                "if `{}` counts things that come and go one by one, write `whole stock`; if it does not, leave \
                 `method exact` out",
                stock.name
            )),
        );
    }
    found
}

/// Delays, smoothings and sums of what flows.
fn levels(model: &CheckedModel) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for_each_expression(model, &mut |expression| {
        each_resolved(expression, &mut |part| {
            let Expression::Memory(memory) = part else { return };
            let (headline, label, help) = match &memory.kind {
                MemoryKind::Delay { .. } => (
                    "a delay lets fractions through at every moment",
                    "not one by one",
                    "make the waiting a `whole stock`: one flow in, and one out at `stock / 3 weeks`; several \
                     such stocks in a row are a delay of higher order",
                ),
                MemoryKind::Smooth { .. } => (
                    "a smoothed value moves at every moment",
                    "not in jumps",
                    "use `mean(x over 4 weeks)`, which looks at the steps, or `lag(x, 1 week)`",
                ),
                MemoryKind::Window { window: Window::Integral, .. } => (
                    "what flowed in a while is not known from rates at the steps",
                    "adds up rates, not what moved",
                    "count it: let the flow end in a `whole stock` of its own and take \
                     `total - lag(total, 4 weeks, initially 0)`, or use `name.count` of an event",
                ),
                MemoryKind::Lag { .. } | MemoryKind::Window { .. } | MemoryKind::Ever => return,
            };
            // What stands in an auxiliary is met wherever that is written out.
            if found.iter().all(|known| known.primary.span != memory.span) {
                found.push(Diagnostic::error(Code::NotExact, headline, memory.span, label).help(help));
            }
        });
    });
    found
}

/// Counts that are drawn once a step.
fn counts(model: &CheckedModel) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut refuse = |what: String, span: Span| {
        found.push(
            Diagnostic::error(
                Code::NotExact,
                format!("{what} draws a count once a step"),
                span,
                "how many in a step, where each has its own moment",
            )
            .help(
                "under `method exact` a flow says how often something moves, and when it does is chance: write the \
                 rate itself, or `poisson(rate)` or `binomial(stock, hazard)` alone or added up in a flow",
            ),
        );
    };
    for variable in &model.variables {
        let is_sound = match &variable.kind {
            VariableKind::Flow { rate, to, .. } => {
                is_rate(rate) && to.iter().filter_map(|to| to.share.as_ref()).all(|share| !has_count(share))
            }
            VariableKind::Auxiliary { definition } => !has_count(definition),
            VariableKind::Decision(decision) => decision.expressions().all(|part| !has_count(part)),
            VariableKind::Position(council) => council.expressions().all(|part| !has_count(part)),
            _ => true,
        };
        if !is_sound {
            let what = match variable.kind {
                VariableKind::Flow { .. } => "flow",
                VariableKind::Auxiliary { .. } => "auxiliary",
                VariableKind::Position(_) => "council of",
                _ => "decision",
            };
            refuse(format!("the {what} `{}`", variable.name), variable.span);
        }
    }
    for event in &model.events {
        let effects = event.effects.iter().map(|effect| {
            let (crate::Effect::Add { amount: expression, .. }
            | crate::Effect::Set { value: expression, .. }
            | crate::Effect::Move { quantity: expression, .. }) = effect;
            expression
        });
        let mut is_sound =
            !has_count(&event.hazard) && event.when.as_ref().is_none_or(|when| !has_count(when));
        // How much an occurrence changes may be drawn, but not per time.
        for effect in effects {
            each_resolved(effect, &mut |part| is_sound &= !is_per_time(part));
        }
        if !is_sound {
            refuse(format!("the event `{}`", event.name), event.span);
        }
    }
    found
}

/// Rates that fall between two jumps.
fn excitations(model: &CheckedModel) -> Vec<Diagnostic> {
    let all = model.events.iter().flat_map(|event| &event.excitations);
    all.map(|excitation| {
        Diagnostic::error(
            Code::NotExact,
            "what an event excites dies down at every moment",
            excitation.span,
            "not in jumps",
        )
        .help(
            "leave `method exact` out and choose a short step, or keep the excitement in a `whole stock` that an \
             occurrence adds to and that empties by a flow",
        )
    })
    .collect()
}

fn is_per_time(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Draw {
            chance: Chance::Poisson { per_time: true } | Chance::Binomial { per_time: true },
            ..
        }
    )
}

/// Whether an expression draws a count anywhere.
fn has_count(expression: &Expression) -> bool {
    let mut has = false;
    each_resolved(expression, &mut |part| {
        has |=
            matches!(part, Expression::Draw { chance: Chance::Poisson { .. } | Chance::Binomial { .. }, .. });
    });
    has
}

/// Whether counts in an expression are drawn per time and only added up, so that their rates may stand for them.
fn is_rate(expression: &Expression) -> bool {
    match expression {
        draw @ Expression::Draw { arguments, .. } if is_per_time(draw) => {
            arguments.iter().all(|argument| !has_count(argument))
        }
        Expression::Binary(BinaryOperator::Add, a, b) => is_rate(a) && is_rate(b),
        Expression::If(condition, a, b) => !has_count(condition) && is_rate(a) && is_rate(b),
        Expression::Select { selector, alternatives } => {
            !has_count(selector) && alternatives.iter().all(is_rate)
        }
        Expression::Reduce { reduction: Reduction::Sum, body, .. } => is_rate(body),
        other => !has_count(other),
    }
}
