//! The model block, the clock, grounds.

use contingent_syntax::ast::{self, DeclarationKind, ExpressionKind, Property, PropertyValue};
use contingent_syntax::words::lines_of;
use contingent_syntax::{Code, Diagnostic, Span};
use jiff::civil::Date;

use super::{Checker, collect::list};
use crate::checked::{Clock, Grounds, Method};
use crate::unit::{PLAIN_TIME, TIME_UNITS};

/// Most steps of one run.
const MAX_STEPS: f64 = 1_000_000.0;

/// The unit that a clock is written in.
struct TimeUnit<'n> {
    name: &'n str,
    days: f64,
    start: Option<Date>,
}

/// The value of a plain number, perhaps negative.
fn plain(expression: &ast::Expression) -> Option<f64> {
    match &expression.kind {
        ExpressionKind::Number { value, unit: None, percent: false } => Some(*value),
        ExpressionKind::Negate(inner) => plain(inner).map(|value| -value),
        _ => None,
    }
}

impl Checker<'_> {
    pub(super) fn check_header(&mut self) {
        let mut blocks = self.items.iter().filter_map(|item| match &item.declaration.kind {
            DeclarationKind::Model { title, properties } => Some((title, properties, item.declaration.span)),
            _ => None,
        });
        let (first, second) = (blocks.next(), blocks.next());
        let Some((title, properties, block)) = first else {
            let is_broken = self.items.iter().any(|item| {
                matches!(&item.declaration.kind, DeclarationKind::Broken { name: Some(name) } if name.text == "model")
            });
            if !is_broken && !self.incomplete {
                let span = Span::default();
                self.report(
                    Diagnostic::error(Code::MissingModel, "there is no `model` block", span, "the model begins here")
                        .help("add `model \"Title\" { purpose \"...\" not_for \"...\" time 2021-08-30 to 2023-08-28 step 1 week }`"),
                );
            }
            return;
        };
        if let Some((other, ..)) = second {
            let diagnostic = Diagnostic::error(
                Code::MissingModel,
                "there are two `model` blocks",
                other.span,
                "the second one",
            )
            .and(title.span, "the first one")
            .help("a model has one `model` block; included files have none");
            self.report(diagnostic);
        }
        self.model.title.clone_from(&title.text);
        let (title_span, mut clock, mut method, mut record) = (title.span, None, Method::Euler, None);
        let is_broken = self.is_broken(block);
        self.no_line_twice(properties, &["leaves_out"]);
        for property in properties {
            match (property.key.text.as_str(), &property.value) {
                ("purpose", PropertyValue::Text(text)) => self.model.purpose.clone_from(&text.text),
                ("not_for", PropertyValue::Text(text)) => self.model.not_for.clone_from(&text.text),
                ("leaves_out", PropertyValue::Text(text)) => self.model.leaves_out.push(text.text.clone()),
                ("as_of", PropertyValue::Date(date, _)) => self.model.as_of = Some(*date),
                ("time", PropertyValue::Time(times)) => clock = Some((property.span, times)),
                ("record", PropertyValue::Every(every)) => record = Some(every.as_ref()),
                ("method", PropertyValue::Words(words)) if words.len() == 1 => {
                    method = self.method(&words[0]);
                }
                _ => self.odd_property(property, "the model block", lines_of("model")),
            }
        }
        for (key, empty, why) in [
            ("purpose", self.model.purpose.is_empty(), "what the model is for"),
            ("not_for", self.model.not_for.is_empty(), "what it must not be used for"),
            ("time", clock.is_none(), "when it starts and ends, and its step"),
        ] {
            let meant = |property: &Property| match &property.value {
                PropertyValue::Text(_) if property.key.text == key => false,
                _ => contingent_syntax::nearest(&property.key.text, [key]).is_some(),
            };
            if empty && !is_broken && !properties.iter().any(meant) {
                let mut diagnostic = Diagnostic::error(
                    Code::MissingProperty,
                    format!("the model does not say {why}"),
                    title_span,
                    format!("no `{key}` line"),
                )
                .help(if key == "time" {
                    "add a line such as `time 2021-08-30 to 2023-08-28 step 1 week`".to_owned()
                } else {
                    format!("add a line `{key} \"...\"` to the block")
                });
                if key != "time"
                    && !properties.iter().any(|property| property.key.text == key)
                    && let Some((place, text)) = self.lines_at_end_of_block(block, &[format!("{key} \"\"")])
                {
                    diagnostic = diagnostic.fix(place, text);
                }
                self.report(diagnostic);
            }
        }
        if let Some((span, times)) = clock {
            self.check_clock(span, &times.0, &times.1, &times.2);
        }
        self.model.clock.method = method;
        if let Some(every) = record
            && self.clock_known
            && let Some(steps) = self.steps(every, "the time between records", self.model.clock.n_steps)
        {
            if steps == 0 {
                self.report(
                    Diagnostic::error(
                        Code::InvalidTime,
                        "the time between records is zero",
                        every.span,
                        "no time passes",
                    )
                    .help("write for example `record every 4 weeks`"),
                );
            }
            self.model.clock.record_steps = steps.max(1);
        }
    }

    fn method(&mut self, word: &ast::Name) -> Method {
        match word.text.as_str() {
            "euler" => {}
            "rk4" => return Method::RungeKutta,
            "exact" => {
                self.exact = Some(word.span);
                return Method::Exact;
            }
            _ => self.known_word(word, &["euler", "rk4", "exact"], "a method"),
        }
        Method::Euler
    }

    /// Lines of a block stand once, except those that may be repeated.
    pub(super) fn no_line_twice(&mut self, properties: &[Property], repeatable: &[&str]) {
        for (k, property) in properties.iter().enumerate() {
            let key = property.key.text.as_str();
            let Some(first) = properties[..k].iter().find(|first| first.key.text == key) else { continue };
            if !repeatable.contains(&key) {
                self.report(
                    Diagnostic::error(
                        Code::InvalidProperty,
                        format!("`{key}` stands a second time in this block"),
                        property.key.span,
                        "again here",
                    )
                    .and(first.key.span, "first here")
                    .help("keep one of the two lines"),
                );
            }
        }
    }

    pub(super) fn odd_property(&mut self, property: &Property, of: &str, known: &[&str]) {
        let key = property.key.text.as_str();
        if known.contains(&key) {
            let wanted = match key {
                "as_of" | "date" => "a date such as 2021-08-31",
                "kind" | "voice" | "grade" | "method" | "tags" => "a word without quotes",
                "same_as" => "names of claims without quotes",
                "time" => "`A to B step D`",
                "record" => "`every D`",
                _ => "a string between double quotes",
            };
            self.report(
                Diagnostic::error(
                    Code::InvalidProperty,
                    format!("`{key}` takes {wanted}"),
                    property.span,
                    "something else here",
                )
                .help(format!("write `{key}` and then {wanted}")),
            );
            return;
        }
        let near = contingent_syntax::nearest(key, known.iter().copied());
        let names: Vec<String> = known.iter().map(|&name| name.to_owned()).collect();
        self.report(
            Diagnostic::error(
                Code::UnknownProperty,
                format!("{of} has no line `{key}`"),
                property.key.span,
                "unknown",
            )
            .help(
                near.map_or_else(
                    || format!("it has {}", list(&names)),
                    |near| format!("did you mean `{near}`?"),
                ),
            )
            .fix_if(property.key.span, near),
        );
    }

    fn check_clock(
        &mut self,
        span: Span,
        first: &ast::Expression,
        last: &ast::Expression,
        step: &ast::Expression,
    ) {
        if let (Some(low), Some(high), Some(size)) = (plain(first), plain(last), plain(step)) {
            self.set_length(span, (first.span, last.span, step.span), (low, high - low, size), None);
            return;
        }
        let Some((size, unit)) = self.time_quantity(step, None) else { return };
        let Some(&(time_unit, days_per_unit)) = TIME_UNITS.iter().find(|&&(name, _)| name == unit) else {
            return;
        };
        let (start, origin, length) = match (&first.kind, &last.kind) {
            (ExpressionKind::Date(a), ExpressionKind::Date(b)) => {
                (Some(*a), 0.0, f64::from(days_between(*a, *b)) / days_per_unit)
            }
            (ExpressionKind::Date(_), _) | (_, ExpressionKind::Date(_)) => {
                self.report(
                    Diagnostic::error(
                        Code::InvalidClock,
                        "the model starts and ends with a date, or with a number",
                        first.span.cover(last.span),
                        "one of each here",
                    )
                    .help("write `time 2021-08-30 to 2023-08-28 step 1 week`, or `time 0 to 104 weeks step 1 week`"),
                );
                return;
            }
            _ => {
                let Some((low, low_unit)) = self.time_quantity(first, Some(time_unit)) else { return };
                let Some((high, high_unit)) = self.time_quantity(last, Some(time_unit)) else { return };
                let days = |unit: &str| {
                    TIME_UNITS.iter().find(|&&(name, _)| name == unit).map_or(1.0, |&(_, days)| days)
                };
                let origin = low * days(&low_unit) / days_per_unit;
                (None, origin, (high * days(&high_unit) - low * days(&low_unit)) / days_per_unit)
            }
        };
        let unit = TimeUnit { name: time_unit, days: days_per_unit, start };
        // The length is kept as it was reckoned: adding and taking away the origin would round it.
        self.set_length(span, (first.span, last.span, step.span), (origin, length, size), Some(&unit));
    }

    /// Sets the clock to `length` in steps of `size`; without a unit, time is a plain number.
    fn set_length(
        &mut self,
        span: Span,
        (first, last, step): (Span, Span, Span),
        (origin, length, size): (f64, f64, f64),
        unit: Option<&TimeUnit<'_>>,
    ) {
        if size <= 0.0 {
            self.report(
                Diagnostic::error(
                    Code::InvalidClock,
                    if size < 0.0 { "the step is negative" } else { "the step is zero" },
                    step,
                    "must be longer than zero",
                )
                .help("write for example `step 1 week`"),
            );
            return;
        }
        if length <= 0.0 {
            self.report(
                Diagnostic::error(
                    Code::InvalidClock,
                    if length < 0.0 { "the model ends before it starts" } else { "the horizon is zero" },
                    first.cover(last),
                    "no time passes between these",
                )
                .help("the second time must be later than the first"),
            );
            return;
        }
        let steps = length / size;
        if steps > MAX_STEPS {
            self.report(
                Diagnostic::error(
                    Code::TooLarge,
                    format!("the model has {} steps", count(steps)),
                    span,
                    format!("at most {} are allowed", count(MAX_STEPS)),
                )
                .help("choose a longer step or a shorter horizon"),
            );
            return;
        }
        let whole = steps.round();
        let (time_unit, days_per_unit, start) =
            unit.map_or((PLAIN_TIME, 1.0, None), |unit| (unit.name, unit.days, unit.start));
        let calendar = matches!(time_unit, "month" | "quarter" | "year") && start.is_some();
        if (steps - whole).abs() > if calendar { 0.1 } else { 1e-6 * steps.max(1.0) } || whole < 1.0 {
            let fitting = start.filter(|_| matches!(time_unit, "week" | "day")).map(|start| {
                let days = (steps.ceil() * size * days_per_unit) as i64;
                start.checked_add(jiff::Span::new().days(days)).unwrap_or(start)
            });
            self.report(
                Diagnostic::error(
                    Code::InvalidClock,
                    format!("the horizon is {steps:.2} steps long"),
                    span,
                    "not a whole number of steps",
                )
                .help(match fitting {
                    Some(end) => format!("end on {end}, after {:.0} steps", steps.ceil()),
                    None => "choose the end so that whole steps fit".to_owned(),
                })
                .fix_if(last, fitting.map(|end| end.to_string())),
            );
            return;
        }
        self.set_clock(Clock {
            start,
            n_steps: whole as usize,
            dt: size,
            time_unit: time_unit.to_owned(),
            days_per_unit,
            origin,
            record_steps: 1,
            method: Method::Euler,
        });
    }

    /// A number with a unit of time, as (number, singular unit name).
    fn time_quantity(
        &mut self,
        expression: &ast::Expression,
        default: Option<&str>,
    ) -> Option<(f64, String)> {
        let (sign, inner) = match &expression.kind {
            ExpressionKind::Negate(inner) => (-1.0, inner.as_ref()),
            _ => (1.0, expression),
        };
        if let ExpressionKind::Number { value, unit, percent: false } = &inner.kind {
            let name = unit.as_ref().map(|unit| unit.name.text.as_str()).or(default);
            if let Some(name) = name {
                let singular = name.strip_suffix('s').unwrap_or(name);
                if TIME_UNITS.iter().any(|&(known, _)| known == singular) {
                    return Some((sign * value, singular.to_owned()));
                }
            }
        }
        self.report(
            Diagnostic::error(
                Code::InvalidClock,
                "this is not a length of time",
                expression.span,
                "a time is needed",
            )
            .help("write a number and a unit of time, for example `1 week`"),
        );
        None
    }

    pub(super) fn twice(&mut self, what: &str, name: &ast::Name, first: Span) {
        self.report(
            Diagnostic::error(
                Code::DuplicateName,
                format!("the {what} `{}` is declared twice", name.text),
                name.span,
                "declared again here",
            )
            .and(first, "first declared here")
            .help("give one of them another name"),
        );
    }

    pub(super) fn known_word(&mut self, word: &ast::Name, known: &[&str], what: &str) {
        if known.contains(&word.text.as_str()) {
            return;
        }
        let names: Vec<String> = known.iter().map(|&name| name.to_owned()).collect();
        let near = contingent_syntax::nearest(&word.text, known.iter().copied());
        self.report(
            Diagnostic::error(
                Code::InvalidProperty,
                format!("`{}` is not {what}", word.text),
                word.span,
                "unknown",
            )
            .help(
                near.map_or_else(
                    || format!("choose {}", list(&names)),
                    |near| format!("did you mean `{near}`?"),
                ),
            )
            .fix_if(word.span, near),
        );
    }

    /// Grounds of something, resolved. `required` names what has none, when it must have some and its
    /// declaration was read to the end.
    pub(super) fn grounds(
        &mut self,
        grounds: Option<&ast::Grounds>,
        required: Option<(&str, &ast::Name)>,
        declaration: Span,
    ) -> Grounds {
        self.grounds_after(grounds, required, declaration, declaration)
    }

    /// As [`Checker::grounds`], of a line within a declaration: `before` is what grounds are written after.
    pub(super) fn grounds_after(
        &mut self,
        grounds: Option<&ast::Grounds>,
        required: Option<(&str, &ast::Name)>,
        declaration: Span,
        before: Span,
    ) -> Grounds {
        let Some(grounds) = grounds else {
            if let Some((what, name)) = required.filter(|_| !self.is_broken(declaration)) {
                self.report(
                    Diagnostic::error(
                        Code::OrphanAssumption,
                        format!("the {what} `{}` does not say why it is made", name.text),
                        name.span,
                        "no grounds",
                    )
                    .help("add `because CLAIM`, or `because judgement \"...\"`")
                    .fix(Span::new(before.file, before.end, before.end), " because judgement \"\""),
                );
            }
            return Grounds::default();
        };
        let mut resolved = Grounds {
            claims: Vec::new(),
            judgement: grounds.judgement.as_ref().map(|text| text.text.clone()),
        };
        for name in &grounds.claims {
            if let Some(&(id, place)) = self.claims.get(&name.text) {
                self.naming.used(place, name.span);
                resolved.claims.extend(id.map(crate::checked::ClaimId));
                continue;
            }
            let near = contingent_syntax::nearest(&name.text, self.claims.keys().map(String::as_str));
            let help = near.map_or_else(
                || format!("declare it: `claim {} from source {{ says \"...\" }}`", name.text),
                |near| format!("did you mean `{near}`?"),
            );
            self.report(
                Diagnostic::error(
                    Code::UnknownName,
                    format!("there is no claim `{}`", name.text),
                    name.span,
                    "not declared",
                )
                .help(help)
                .fix_if(name.span, near),
            );
        }
        if resolved.judgement.as_ref().is_some_and(|text| text.trim().is_empty())
            && let Some((what, name)) = required
        {
            self.report(
                Diagnostic::error(
                    Code::OrphanAssumption,
                    format!("the judgement behind the {what} `{}` is empty", name.text),
                    name.span,
                    "no reason",
                )
                .help("say in a few words why"),
            );
        }
        resolved
    }
}

/// A number of things, with `,` between thousands, and short even when it is absurd.
pub(super) fn count(number: f64) -> String {
    if number >= 1e12 {
        return format!("{number:.1e}");
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn days_between(first: Date, last: Date) -> i32 {
    first.until(last).map_or(0, |span| span.get_days())
}
