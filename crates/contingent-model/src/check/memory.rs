//! Functions that remember: delays, smoothing, lags, windows over time, and `ever`.
//!
//! Enters: calls. Leaves: [`Memory`] in expressions. Always holds: what must be known beforehand (an order, a
//! lag, a window) is a whole number here; a level never lets more through in a step than it holds, because a
//! delay or a smoothing of known length that is shorter than its stages is refused.

use contingent_syntax::ast::{self, ExpressionKind, Name, ValueKind};
use contingent_syntax::{Code, Diagnostic, Span};

use super::walk::{constant, each_resolved};
use super::{Checker, Scope, Type, Typed};
use crate::expression::{Expression, Index, Memory, MemoryKind, Window};
use crate::unit::{Dimension, TIME};

/// Functions of the past that are written like any other function.
pub(super) const MEMORY_FUNCTIONS: [&str; 4] = ["delay", "smooth", "lag", "ever"];

/// Most levels of a delay or smoothing; more differ little from a lag and cost a level each.
const MAX_ORDER: f64 = 20.0;

/// The arguments of a call, told apart.
#[derive(Default)]
struct Arguments<'e> {
    values: Vec<&'e ast::Expression>,
    order: Option<&'e ast::Expression>,
    initially: Option<&'e ast::Expression>,
}

impl Checker<'_> {
    /// `delay(...)`, `smooth(...)`, `lag(...)` or `ever(...)`.
    pub(super) fn memory_call(
        &mut self,
        scope: &mut Scope,
        function: &Name,
        arguments: &[ast::Argument],
        span: Span,
    ) -> Typed {
        let Some(arguments) = self.memory_arguments(function, arguments, span) else {
            return Typed::broken(span);
        };
        match function.text.as_str() {
            "ever" => self.ever(scope, arguments.values[0], span),
            "lag" => self.lag(scope, &arguments, span),
            _ => self.levels(scope, function, &arguments, span),
        }
    }

    fn memory_arguments<'e>(
        &mut self,
        function: &Name,
        arguments: &'e [ast::Argument],
        span: Span,
    ) -> Option<Arguments<'e>> {
        let name = function.text.as_str();
        let mut found = Arguments::default();
        for argument in arguments {
            let ValueKind::Expression(value) = &argument.value.kind else {
                self.wrong_memory(function, argument.value.span, "not a plain value");
                return None;
            };
            if argument.name.is_some() || argument.weight.is_some() {
                let place = argument.name.as_ref().map_or(argument.value.span, |name| name.span);
                self.wrong_memory(function, place, "does not belong here");
                return None;
            }
            let Some(word) = &argument.word else {
                let is_fixed = matches!(&value.kind, ExpressionKind::Reference(reference)
                    if reference.path.text() == "fixed" && reference.indices.is_none());
                if is_fixed && name == "delay" && found.values.len() == 2 {
                    self.report(
                        Diagnostic::error(
                            Code::WrongArguments,
                            "a delay of fixed length is a lag",
                            value.span,
                            "`fixed` does not belong here",
                        )
                        .help(format!(
                            "write `lag({}, {})`",
                            self.sources.text(found.values[0].span),
                            self.sources.text(found.values[1].span)
                        )),
                    );
                    return None;
                }
                if found.order.is_some() || found.initially.is_some() {
                    self.wrong_memory(function, value.span, "stands after a word");
                    return None;
                }
                found.values.push(value);
                continue;
            };
            let slot = match (word.text.as_str(), name) {
                ("order", "delay" | "smooth") => &mut found.order,
                ("initially", "delay" | "smooth" | "lag") => &mut found.initially,
                _ => {
                    self.wrong_memory(function, word.span, "does not belong here");
                    return None;
                }
            };
            if slot.replace(value).is_some() {
                self.wrong_memory(function, word.span, "stands a second time");
                return None;
            }
        }
        let needed = if name == "ever" { 1 } else { 2 };
        if found.values.len() != needed {
            let plural = if needed == 1 { "value" } else { "values" };
            let number = found.values.len();
            self.report(
                Diagnostic::error(
                    Code::WrongArguments,
                    format!("`{name}` takes {needed} {plural}, found {number}"),
                    span,
                    "wrong number of values",
                )
                .help(usage(name)),
            );
            return None;
        }
        if name == "delay" && found.order.is_none() {
            self.report(
                Diagnostic::error(
                    Code::WrongArguments,
                    "`delay` does not say of which order it is",
                    span,
                    "no `order`",
                )
                .help(format!(
                    "write `delay({}, {}, order 3)`: a higher order spreads the arrivals less",
                    self.sources.text(found.values[0].span),
                    self.sources.text(found.values[1].span)
                )),
            );
            return None;
        }
        Some(found)
    }

    fn wrong_memory(&mut self, function: &Name, place: Span, label: &str) {
        let name = function.text.as_str();
        let headline = match name {
            "delay" => "`delay` takes a value, a time, `order` and perhaps `initially`",
            "smooth" => "`smooth` takes a value, a time, and perhaps `order` and `initially`",
            "lag" => "`lag` takes a value, a time and perhaps `initially`",
            _ => "`ever` takes a condition",
        };
        self.report(Diagnostic::error(Code::WrongArguments, headline, place, label).help(usage(name)));
    }

    fn ever(&mut self, scope: &mut Scope, body: &ast::Expression, span: Span) -> Typed {
        let body = self.resolve(scope, body);
        self.expect_condition(&body);
        let expression = self.memory(scope, MemoryKind::Ever, body.expression, None, span);
        Typed::new(expression, Type::Condition, span)
    }

    fn lag(&mut self, scope: &mut Scope, arguments: &Arguments<'_>, span: Span) -> Typed {
        let body = self.resolve(scope, arguments.values[0]);
        if let Type::Category(_) = body.of {
            self.report(
                Diagnostic::error(
                    Code::TypeClash,
                    "`lag` takes a number or a condition",
                    body.span,
                    "a category",
                )
                .help("compare it inside: `lag(posture == campaign, 1 week)`"),
            );
            return Typed::broken(span);
        }
        let steps = self.memory_steps(arguments.values[1], "the lag");
        let (of, initially) = self.initial_of(scope, &body, arguments.initially, span);
        let Some(steps) = steps else {
            return Typed { expression: Expression::Number(0.0), of, span, bare: false };
        };
        Typed::new(self.memory(scope, MemoryKind::Lag { steps }, body.expression, initially, span), of, span)
    }

    fn levels(&mut self, scope: &mut Scope, function: &Name, arguments: &Arguments<'_>, span: Span) -> Typed {
        let body = self.resolve(scope, arguments.values[0]);
        self.expect_number(&body);
        let before = self.n_reported;
        let duration = self.resolve(scope, arguments.values[1]);
        if duration.of != Type::Any {
            let place = Some((function.span, "takes a time"));
            let time = self.units.time();
            self.expect_dimension(&duration, &time, place);
        }
        let is_sound = self.n_reported == before && !duration.is_broken();
        let order = match arguments.order {
            Some(order) => self.order(order),
            None => Some(1),
        };
        let (of, initially) = self.initial_of(scope, &body, arguments.initially, span);
        let Some(order) = order else {
            return Typed { expression: Expression::Number(0.0), of, span, bare: false };
        };
        if is_sound {
            self.check_stages(function, &duration, order, arguments.order);
        }
        let duration = duration.expression;
        let kind = if function.text == "delay" {
            MemoryKind::Delay { duration, order }
        } else {
            MemoryKind::Smooth { duration, order }
        };
        Typed::new(self.memory(scope, kind, body.expression, initially, span), of, span)
    }

    /// The number of levels, or a diagnostic.
    fn order(&mut self, written: &ast::Expression) -> Option<u32> {
        let mut scope = Scope { actor: None, bound: Vec::new(), chance: Err("in an order"), lenient: false };
        let before = self.n_reported;
        let typed = self.resolve(&mut scope, written);
        self.expect_dimension(&typed, &Dimension::none(), None);
        if self.n_reported > before || typed.is_broken() {
            return None;
        }
        let Some(order) = constant(&typed.expression) else {
            self.report(
                Diagnostic::error(
                    Code::NotConstant,
                    "the order must be known beforehand",
                    written.span,
                    "depends on something else",
                )
                .help("write a whole number, for example `order 3`"),
            );
            return None;
        };
        if order.fract() == 0.0 && (1.0..=MAX_ORDER).contains(&order) {
            return Some(order as u32);
        }
        self.report(
            Diagnostic::error(
                Code::WrongArguments,
                "the order is a whole number from 1 to 20",
                written.span,
                "not such a number",
            )
            .help("write for example `order 3`; for arrivals after a fixed time write `lag(x, 3 weeks)`"),
        );
        None
    }

    /// That a known duration leaves each level at least one step.
    fn check_stages(
        &mut self,
        function: &Name,
        duration: &Typed,
        order: u32,
        written: Option<&ast::Expression>,
    ) {
        let Some(time) = constant(&duration.expression) else { return };
        let name = function.text.as_str();
        if time <= 0.0 {
            self.report(
                Diagnostic::error(
                    Code::InvalidTime,
                    format!("the time of `{name}` is not positive"),
                    duration.span,
                    "no time passes",
                )
                .help(usage(name)),
            );
            return;
        }
        let clock = &self.model.clock;
        let stages = time / clock.dt;
        // Durations such as a month in weeks carry rounding errors of some 1e-16.
        if !self.clock_known || f64::from(order) <= stages * (1.0 + 1e-9) {
            return;
        }
        let step = format!("{} {}", clock.dt, clock.time_unit);
        let mut diagnostic = Diagnostic::error(
            Code::InvalidTime,
            if order == 1 {
                format!("the time of `{name}` is shorter than a step")
            } else {
                format!("each of the {order} levels of `{name}` would be passed in less than a step")
            },
            duration.span,
            format!("the step is {step}"),
        );
        if let Some(written) = written {
            diagnostic = diagnostic.and(written.span, format!("{order} levels"));
        }
        let possible = stages.floor();
        let help = if possible >= 1.0 && order > 1 {
            format!("write `order {possible}` or less, or choose a shorter step in the model block")
        } else {
            format!("write at least `{step}`, or choose a shorter step in the model block")
        };
        self.report(diagnostic.help(help));
    }

    /// `initially v`, which is of the type of what is remembered.
    fn initial_of(
        &mut self,
        scope: &mut Scope,
        body: &Typed,
        initially: Option<&ast::Expression>,
        span: Span,
    ) -> (Type, Option<Expression>) {
        let Some(initially) = initially else { return (body.of.clone(), None) };
        let value = self.resolve(scope, initially);
        let of = self.same_type(body, &value, span, "what is remembered and its start");
        (of, Some(value.expression))
    }

    /// `sum(x over 4 weeks)` and the like.
    pub(super) fn window_call(
        &mut self,
        scope: &mut Scope,
        function: &Name,
        parts: &[&ast::Expression],
        time: &ast::Expression,
        span: Span,
    ) -> Typed {
        let ([body], "sum" | "mean" | "min" | "max") = (parts, function.text.as_str()) else {
            self.report(
                Diagnostic::error(
                    Code::WrongArguments,
                    format!("`{}` does not run over a time here", function.text),
                    time.span,
                    "`over` does not belong here",
                )
                .help("`sum`, `mean`, `min` and `max` of one value run over a time: `sum(x over 4 weeks)`"),
            );
            return Typed::broken(span);
        };
        let body = self.resolve(scope, body);
        if body.of != Type::Condition {
            self.expect_number(&body);
        }
        let steps = self.memory_steps(time, "the window");
        let (window, of) = match (function.text.as_str(), &body.of) {
            ("sum", Type::Number(dimension)) if dimension.power_of(TIME) == -1 => {
                let total = dimension.times(&Dimension::base(TIME, 1), 1);
                (Window::Integral, Type::Number(total))
            }
            (name, of) => {
                let window = match name {
                    "sum" => Window::Sum,
                    "mean" => Window::Mean,
                    "min" => Window::Min,
                    _ => Window::Max,
                };
                let of = match of {
                    Type::Condition => Type::Number(Dimension::none()),
                    Type::Category(_) => Type::Any,
                    other => other.clone(),
                };
                (window, of)
            }
        };
        let Some(steps) = steps else {
            return Typed { expression: Expression::Number(0.0), of, span, bare: false };
        };
        let kind = MemoryKind::Window { window, steps };
        Typed::new(self.memory(scope, kind, body.expression, None, span), of, span)
    }

    /// A time that is known beforehand, as a number of steps, at least one.
    fn memory_steps(&mut self, time: &ast::Expression, what: &str) -> Option<usize> {
        if let Some(steps) = self.steps_looked_back(time) {
            return Some(steps);
        }
        let steps = self.steps(time, what, self.model.clock.n_steps)?;
        if steps > 0 {
            return Some(steps);
        }
        let clock = &self.model.clock;
        let help = format!("the step is {} {}; choose a multiple of it", clock.dt, clock.time_unit);
        self.report(
            Diagnostic::error(Code::InvalidTime, format!("{what} is zero"), time.span, "no time passes")
                .help(help),
        );
        None
    }

    fn memory(
        &mut self,
        scope: &Scope,
        kind: MemoryKind,
        body: Expression,
        initially: Option<Expression>,
        span: Span,
    ) -> Expression {
        let id = self.n_memories;
        self.n_memories += 1;
        let mut memory =
            Memory { id, kind, body, initially, subscripts: Vec::new(), has_chance: false, span };
        let (mut bound, mut has_chance) = (Vec::new(), false);
        for part in memory.parts() {
            each_resolved(part, &mut |part| match part {
                Expression::Variable { indices, .. } | Expression::Event { indices, .. } => {
                    bound.extend(indices.iter().filter_map(|index| match index {
                        Index::Bound(id) => Some(*id),
                        Index::Element(..) => None,
                    }));
                }
                Expression::Reduce { except, .. } => {
                    bound.extend(except.iter().filter_map(|exclusion| match exclusion.excluded {
                        Index::Bound(id) => Some(id),
                        Index::Element(..) => None,
                    }));
                }
                Expression::Position(id) => bound.push(*id),
                Expression::Draw { .. } => has_chance = true,
                _ => {}
            });
        }
        memory.subscripts = scope.bound.iter().copied().filter(|id| bound.contains(id)).collect();
        memory.has_chance = has_chance;
        Expression::Memory(Box::new(memory))
    }
}

/// How a function that remembers is written.
pub(super) fn usage(function: &str) -> String {
    match function {
        "delay" => "write `delay(x, 3 weeks, order 3)`, with `initially 0` after it if it starts empty",
        "smooth" => "write `smooth(x, 4 weeks)`, with `order 3` or `initially 0` after it if needed",
        "lag" => "write `lag(x, 1 week)`, with `initially 0` after it if needed",
        _ => "write `ever(x > 3)`",
    }
    .to_owned()
}
