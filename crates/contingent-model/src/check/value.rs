//! Values of assumptions: from written ranges and distributions to [`Distribution`].

use contingent_syntax::ast::{self, ExpressionKind, Head, Name, Value, ValueKind};
use contingent_syntax::{Code, Diagnostic, Span};

use super::index::Along;
use super::table::{is_table, over};
use super::walk::constant;
use super::{Checker, Scope, Type};
use crate::checked::{SubscriptId, VariableId, VariableKind};
use crate::distribution::Distribution;
use crate::functions::{DISTRIBUTIONS, DistributionRow, FunctionGroup, distribution_named, functions_named};
use crate::unit::{Dimension, Unit};

/// Standard normal quantile of 95%.
const Z95: f64 = 1.644_853_626_951_472_2;

/// A written number: value in base units when it has a unit, else as written.
#[derive(Clone, Debug)]
struct End {
    value: f64,
    dimension: Dimension,
    bare: bool,
    percent: bool,
    span: Span,
}

/// What a value must fit, and what was found out about it.
struct Expected<'u> {
    unit: Option<&'u Unit>,
    /// Dimension of what was read so far, when no unit is declared.
    found: Option<Dimension>,
    /// Where the unit comes from, in words.
    place: Option<(Span, &'static str)>,
}

/// The value of an assumption as it is written.
enum Written {
    One(Distribution),
    PerElement { subscript: SubscriptId, entries: Vec<Written>, order: Vec<usize> },
}

impl Written {
    /// The distribution where subscripts have these elements.
    fn at(&self, at: &[(SubscriptId, usize)]) -> Distribution {
        match self {
            Self::One(distribution) => distribution.clone(),
            Self::PerElement { subscript, entries, order } => {
                let position = at.iter().find(|&&(id, _)| id == *subscript).map_or(0, |&(_, k)| k);
                entries[order[position]].at(at)
            }
        }
    }
}

impl Checker<'_> {
    pub(super) fn check_assumptions(&mut self) {
        for i in 0..self.model.variables.len() {
            let id = VariableId(i as u32);
            match self.variable_declaration(id) {
                ast::DeclarationKind::Assume { head, value, grounds, .. } => {
                    if self.variable_items[i].actor.is_none() {
                        self.column_name("assumption", &head.name);
                    }
                    let place = self.variable_items[i].declaration.span;
                    let grounds = self.grounds(grounds.as_ref(), Some(("assumption", &head.name)), place);
                    let (found, dimension) = self.assumption_value(id, head, value);
                    if self.types[i].is_none() {
                        self.types[i] = Some(dimension.map_or(Type::Any, Type::Number));
                    }
                    if let VariableKind::Assumption { distributions, grounds: slot, .. } =
                        &mut self.model.variables[i].kind
                    {
                        *distributions = found;
                        *slot = grounds;
                    }
                }
                ast::DeclarationKind::Lever { head, value, low, high, grounds } => {
                    let grounds = self.grounds(grounds.as_ref(), None, head.name.span);
                    let unit = self.declared_units[i].clone();
                    let place = head.unit.as_ref().map(|text| (text.span, "declared here"));
                    let mut expected = Expected { unit: unit.as_ref(), found: None, place };
                    let found = self.lever_values(id, value, &mut expected);
                    let ends = [low, high].map(|end| self.end_in(end, &mut expected));
                    let (Some(found), [Some(low_end), Some(high_end)]) = (found, ends) else { continue };
                    if !found.iter().all(|&value| low_end.value <= value && value <= high_end.value) {
                        self.report(
                            Diagnostic::error(
                                Code::InvalidSetting,
                                format!("the lever `{}` does not lie in its range", head.name.text),
                                value.span,
                                "outside",
                            )
                            .and(low.span.cover(high.span), "the range")
                            .help("choose a value within the range, or widen the range: `range low to high`"),
                        );
                    }
                    if let VariableKind::Lever { defaults, low, high, grounds: slot } =
                        &mut self.model.variables[i].kind
                    {
                        (*low, *high) = (low_end.value, high_end.value);
                        *defaults = found;
                        *slot = grounds;
                    }
                }
                ast::DeclarationKind::Mechanism { head, grounds, .. } => {
                    let place = self.variable_items[i].declaration.span;
                    let found = self.grounds(grounds.as_ref(), Some(("mechanism", &head.name)), place);
                    if let VariableKind::Mechanism { grounds, .. } = &mut self.model.variables[i].kind {
                        *grounds = found;
                    }
                }
                _ => continue,
            }
            let of = self.types[i].clone().unwrap_or(Type::Any);
            let mut unit = self.display_unit(&of, self.declared_units[i].as_ref());
            if let (None, ast::DeclarationKind::Assume { value, .. }) =
                (&self.declared_units[i], self.variable_declaration(id))
                && of == Type::Number(Dimension::none())
                && is_written_share(value)
            {
                unit = Self::share_unit();
            }
            self.model.variables[i].unit = unit;
        }
    }

    /// The value of each element of a lever.
    fn lever_values(
        &mut self,
        id: VariableId,
        value: &ast::Expression,
        expected: &mut Expected,
    ) -> Option<Vec<f64>> {
        let subscripts = self.model.variable(id).subscripts.clone();
        if !is_table(value) {
            let one = self.end_in(value, expected)?.value;
            return Some(vec![one; self.model.n_elements(&subscripts)]);
        }
        if self.broken_subscripts.contains(&self.model.variable(id).span) {
            return None;
        }
        let unit = expected.unit?;
        let place = expected.place.unwrap_or((value.span, "the lever"));
        let places: Vec<Along> = subscripts.iter().map(|&id| Along::Every(id)).collect();
        let settings = self.settings(id, &places, value, unit, place)?;
        Some(settings.into_iter().map(|(_, value)| value).collect())
    }

    /// The distributions of an assumption, one per element, and their dimension.
    fn assumption_value(
        &mut self,
        id: VariableId,
        head: &Head,
        value: &Value,
    ) -> (Vec<Distribution>, Option<Dimension>) {
        let unit = self.declared_units[id.index()].clone();
        let place = head.unit.as_ref().map(|text| (text.span, "declared here"));
        let places: Vec<Along> =
            self.model.variable(id).subscripts.iter().map(|&id| Along::Every(id)).collect();
        let expected = Expected { unit: unit.as_ref(), found: None, place };
        let (found, dimension) = self.value_per_element(id, &places, value, expected);
        (found.into_iter().map(|(_, distribution)| distribution).collect(), dimension)
    }

    /// The distributions of the elements that a value is given for, by position, and their dimension.
    fn value_per_element(
        &mut self,
        id: VariableId,
        places: &[Along],
        value: &Value,
        mut expected: Expected,
    ) -> (Vec<(usize, Distribution)>, Option<Dimension>) {
        let scope = self.scope(None, &over(places), self.model.variable(id).span, Err("here"));
        let written = self.written(id, &scope, value, &mut expected);
        let mut found = Vec::new();
        for at in self.model.combinations(&scope.bound) {
            found.push((self.element_at(id, places, &at), written.at(&at)));
        }
        (found, expected.found)
    }

    /// A value as it is written: each entry of a table is read once, however many elements it holds for.
    fn written(&mut self, id: VariableId, scope: &Scope, value: &Value, expected: &mut Expected) -> Written {
        let ValueKind::Table(entries) = &value.kind else {
            let one = self.distribution(id, value, expected);
            return Written::One(one.unwrap_or(Distribution::Constant(0.0)));
        };
        let table = self.table(scope, entries, value.span);
        let is_table = |entry: &Value| matches!(entry.kind, ValueKind::Table(_));
        let read = self.entries(table.subscript, entries, is_table, |this, entry| {
            this.written(id, scope, entry, expected)
        });
        let (Some(subscript), Some(order)) = (table.subscript, table.order) else {
            return Written::One(Distribution::Constant(0.0));
        };
        Written::PerElement { subscript, entries: read.into_iter().flatten().collect(), order }
    }

    /// What a view says in place of an assumption: checked against the declared or inferred unit.
    pub(super) fn override_value(
        &mut self,
        id: VariableId,
        places: &[Along],
        value: &Value,
    ) -> Option<Vec<(usize, Distribution)>> {
        let before = self.n_reported;
        let dimension = match &self.types[id.index()] {
            Some(Type::Number(dimension)) => dimension.clone(),
            Some(Type::Any) => return None,
            _ => Dimension::none(),
        };
        let variable = self.model.variable(id);
        let unit = self.declared_units[id.index()].clone().unwrap_or(Unit {
            dimension,
            scale: 1.0,
            is_share: false,
            text: variable.unit.text.clone(),
        });
        let place = Some((variable.span, "the assumption"));
        let (found, _) =
            self.value_per_element(id, places, value, Expected { unit: Some(&unit), found: None, place });
        (self.n_reported == before).then_some(found)
    }

    fn distribution(
        &mut self,
        id: VariableId,
        value: &Value,
        expected: &mut Expected,
    ) -> Option<Distribution> {
        let alternatives = match &self.model.variable(id).kind {
            VariableKind::Assumption { alternatives, .. } => alternatives.clone(),
            _ => Vec::new(),
        };
        if !alternatives.is_empty() {
            return self.one_of(id, value, &alternatives);
        }
        match &value.kind {
            ValueKind::Expression(expression) => {
                if let ExpressionKind::Call { function, arguments, .. } = &expression.kind {
                    if distribution_named(&function.text).is_some() {
                        return self.named_distribution(id, function, arguments, expression.span, expected);
                    }
                    // A function of numbers is read as an expression, and refused there as not constant.
                    if functions_named(&function.text).all(|row| row.group != FunctionGroup::Numbers) {
                        let known = DISTRIBUTIONS.iter().map(|row| row.name);
                        let near = contingent_syntax::nearest(&function.text, known);
                        self.report(
                            Diagnostic::error(
                                Code::UnknownName,
                                format!("there is no distribution `{}`", function.text),
                                function.span,
                                "unknown distribution",
                            )
                            .help(near.map_or_else(
                                || "write a range such as `10 to 20`, or `normal(mean, sd)`".to_owned(),
                                |near| format!("did you mean `{near}`?"),
                            )),
                        );
                        return None;
                    }
                }
                let end = self.end_in(expression, expected)?;
                Some(Distribution::Constant(end.value))
            }
            ValueKind::Range(low, high) => self.range(low, high, value.span, expected),
            ValueKind::Within(inner, low, high) => {
                let cut = inner.span;
                let inner = self.distribution(id, inner, expected);
                let low_end = self.end_in(low, expected);
                let high_end = self.end_in(high, expected);
                let (low_end, high_end) = (low_end?, high_end?);
                if low_end.value >= high_end.value {
                    self.impossible(
                        low.span.cover(high.span),
                        "the bounds of `within` are not in order",
                        "low to high",
                    );
                    return None;
                }
                let inner = inner?;
                if !reaches(&inner, low_end.value, high_end.value) {
                    self.report(
                        Diagnostic::error(
                            Code::InvalidDistribution,
                            "nothing is left between the bounds of `within`",
                            low.span.cover(high.span),
                            "these bounds",
                        )
                        .and(cut, "has no value between them")
                        .help("choose bounds that overlap with what is cut"),
                    );
                    return None;
                }
                Some(Distribution::Within {
                    inner: Box::new(inner),
                    low: low_end.value,
                    high: high_end.value,
                })
            }
            ValueKind::OneOf(_) => {
                self.report(
                    Diagnostic::error(
                        Code::InvalidDistribution,
                        "alternatives with weights stand in an assumption that is a number",
                        value.span,
                        "not a number",
                    )
                    .help("write `assume name: one of a, b = a 60%, b 40%`"),
                );
                None
            }
            ValueKind::Table(_) => {
                self.report(
                    Diagnostic::error(
                        Code::SubscriptMismatch,
                        "a table stands where one value is needed",
                        value.span,
                        "several values",
                    )
                    .help("let each entry of the table say it: `{ kabul: 1 to 2 within 0 to 3, ... }`"),
                );
                None
            }
        }
    }

    /// A weight: a number without unit.
    fn weight(&mut self, expression: &ast::Expression) -> Option<f64> {
        let none = Unit { dimension: Dimension::none(), scale: 1.0, is_share: true, text: "1".to_owned() };
        let mut expected = Expected { unit: Some(&none), found: None, place: None };
        self.end_in(expression, &mut expected).map(|end| end.value)
    }

    fn impossible(&mut self, span: Span, headline: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::error(Code::InvalidDistribution, headline, span, "impossible").help(help));
    }

    /// A constant number with its dimension.
    fn end(&mut self, expression: &ast::Expression) -> Option<End> {
        let before = self.n_reported;
        let mut scope = Scope {
            actor: None,
            bound: Vec::new(),
            chance: Err("in the value of an assumption"),
            lenient: false,
        };
        let typed = self.resolve(&mut scope, expression);
        self.expect_number(&typed);
        if self.n_reported > before || typed.is_broken() {
            return None;
        }
        let Some(value) = constant(&typed.expression) else {
            self.report(
                Diagnostic::error(
                    Code::NotConstant,
                    "this must be a number that is known beforehand",
                    expression.span,
                    "depends on something else",
                )
                .help("declare the parts as assumptions and combine them with `aux`"),
            );
            return None;
        };
        let value = self.finite(value, expression.span)?;
        let dimension = match typed.of {
            Type::Number(dimension) => dimension,
            _ => Dimension::none(),
        };
        let percent = is_bare_percent(expression);
        Some(End { value, dimension, bare: typed.bare, percent, span: expression.span })
    }

    /// A number that is in the declared unit when it is bare, and must fit it otherwise.
    fn end_in(&mut self, expression: &ast::Expression, expected: &mut Expected) -> Option<End> {
        let end = self.end(expression)?;
        self.fit(end, expected)
    }

    fn fit(&mut self, mut end: End, expected: &mut Expected) -> Option<End> {
        let (dimension, scale) = match (expected.unit, &expected.found) {
            (Some(unit), _) => (unit.dimension.clone(), unit.scale),
            (None, Some(found)) => (found.clone(), 1.0),
            (None, None) => {
                expected.found = Some(end.dimension.clone());
                expected.place = Some((end.span, "the unit was set here"));
                return Some(end);
            }
        };
        if end.bare {
            end.value = self.finite(end.value * scale, end.span)?;
            end.dimension = dimension;
            end.bare = false;
            return Some(end);
        }
        if end.dimension != dimension && end.value != 0.0 {
            let (found, needed) = (self.units.describe(&end.dimension), self.units.describe(&dimension));
            let mut diagnostic = Diagnostic::error(
                Code::UnitClash,
                format!("`{found}` stands where `{needed}` is needed"),
                end.span,
                format!("this is in `{found}`"),
            )
            .help(format!("write the value in `{needed}`"));
            if let Some((span, text)) = expected.place {
                diagnostic = diagnostic.and(span, format!("{text}: `{needed}`"));
            }
            self.report(diagnostic);
            return None;
        }
        Some(end)
    }

    /// `a to b`: the 5% to 95% interval.
    fn range(
        &mut self,
        low: &ast::Expression,
        high: &ast::Expression,
        span: Span,
        expected: &mut Expected,
    ) -> Option<Distribution> {
        let (low_end, high_end) = (self.end(low), self.end(high));
        let (mut low_end, mut high_end) = (low_end?, high_end?);
        // Without a declared unit, both ends in `%` make a share, unless one is below zero.
        let percents = low_end.percent && high_end.percent && low_end.value >= 0.0 && high_end.value >= 0.0;
        if in_percent(low) != in_percent(high) && (low_end.bare || high_end.bare) {
            self.impossible(
                span,
                "one end is written in `%` and the other is not",
                "write both ends in `%`, or none",
            );
            return None;
        }
        // A bare end takes the unit of the other end: `5% to 40% per year`, `1_500 to 2_200 fighters`.
        let unitless = |end: &End| end.bare || end.percent;
        if unitless(&low_end) && !high_end.dimension.is_none() && !high_end.bare {
            low_end.value *= written_scale(high, &high_end);
            low_end.dimension = high_end.dimension.clone();
            low_end.bare = false;
        } else if unitless(&high_end) && !low_end.dimension.is_none() && !low_end.bare {
            high_end.value *= written_scale(low, &low_end);
            high_end.dimension = low_end.dimension.clone();
            high_end.bare = false;
        }
        let is_share = expected.unit.is_some_and(|unit| unit.is_share) || percents;
        if expected.unit.is_none() && expected.found.is_none() && low_end.bare && !high_end.bare {
            expected.found = Some(high_end.dimension.clone());
        }
        if low_end.dimension == high_end.dimension {
            // One mistake, not one at each end.
            (low_end.span, high_end.span) = (span, span);
            low_end = self.fit(low_end, expected)?;
        }
        let (low, high) = (self.fit(low_end, expected), self.fit(high_end, expected));
        let (a, b) = (low?.value, high?.value);
        if a >= b {
            self.impossible(
                span,
                "the range does not run from low to high",
                "write the smaller number first",
            );
            return None;
        }
        if is_share {
            if a <= 0.0 || b >= 1.0 {
                self.impossible(
                    span,
                    "the 5% to 95% interval of a share must lie strictly between 0% and 100%",
                    "write for example `1% to 30%`, or `uniform(0%, 30%)` if the bounds are hard",
                );
                return None;
            }
            let (p, q) = (logit(a), logit(b));
            return Some(Distribution::LogitNormal { mean: 0.5 * (p + q), sd: (q - p) / (2.0 * Z95) });
        }
        if a == 0.0 || b == 0.0 {
            self.impossible(
                span,
                "a range that begins or ends at zero has no natural shape",
                "write `uniform(0, b)`, a small positive number instead of 0, or `triangular(0, mode, b)`",
            );
            return None;
        }
        if a > 0.0 {
            let (p, q) = (log(a), log(b));
            return Some(Distribution::LogNormal { median: (a * b).sqrt(), sdlog: (q - p) / (2.0 * Z95) });
        }
        Some(Distribution::Normal { mean: 0.5 * (a + b), sd: (b - a) / (2.0 * Z95) })
    }

    fn one_of(&mut self, id: VariableId, value: &Value, alternatives: &[String]) -> Option<Distribution> {
        let mut weights = vec![0.0; alternatives.len()];
        let name = self.model.variable(id).name.clone();
        if let ValueKind::OneOf(entries) = &value.kind {
            let mut seen = vec![false; alternatives.len()];
            let before = self.n_reported;
            for (alternative, weight) in entries {
                let weight = self.weight(weight);
                let Some(position) = alternatives.iter().position(|known| *known == alternative.text) else {
                    self.unknown_alternative(alternative, alternatives, &name);
                    continue;
                };
                if std::mem::replace(&mut seen[position], true) {
                    self.report(
                        Diagnostic::error(
                            Code::DuplicateName,
                            format!("`{}` has two weights", alternative.text),
                            alternative.span,
                            "again here",
                        )
                        .help("give every alternative one weight"),
                    );
                }
                weights[position] = weight?;
            }
            if self.n_reported > before {
                return None;
            }
            self.check_weights(&weights, value.span)?;
        } else {
            let Some(alternative) = value.as_name() else {
                self.report(
                    Diagnostic::error(
                        Code::InvalidDistribution,
                        format!("`{name}` needs a weight for each alternative"),
                        value.span,
                        "no weights",
                    )
                    .help(format!("write for example `{} 60%, ...`", alternatives[0])),
                );
                return None;
            };
            let Some(position) = alternatives.iter().position(|known| *known == alternative.text) else {
                self.unknown_alternative(alternative, alternatives, &name);
                return None;
            };
            weights[position] = 1.0;
        }
        Some(Distribution::OneOf(weights))
    }

    fn check_weights(&mut self, weights: &[f64], span: Span) -> Option<()> {
        let total: f64 = weights.iter().sum();
        if weights.iter().any(|&weight| weight < 0.0) {
            self.impossible(
                span,
                "a weight is negative",
                "weights lie between 0% and 100% and add up to 100%",
            );
            return None;
        }
        if (total - 1.0).abs() > 1e-9 {
            self.impossible(
                span,
                format!("the weights add up to {}%, not to 100%", (total * 1e6).round() / 1e4),
                "change the weights so that they add up to 100%",
            );
            return None;
        }
        Some(())
    }

    fn named_distribution(
        &mut self,
        id: VariableId,
        function: &Name,
        arguments: &[ast::Argument],
        span: Span,
        expected: &mut Expected,
    ) -> Option<Distribution> {
        let &DistributionRow { name, parameters, .. } = distribution_named(&function.text)?;
        if parameters.is_empty() {
            return self.weighted(id, name, arguments, span, expected);
        }
        let mut slots: Vec<Option<&Value>> = vec![None; parameters.len()];
        for (i, argument) in arguments.iter().enumerate() {
            let position = match &argument.name {
                None => Some(i),
                Some(word) => parameters.iter().position(|&(parameter, _)| parameter == word.text),
            };
            match position.and_then(|position| slots.get_mut(position)) {
                Some(slot) if slot.is_none() => *slot = Some(&argument.value),
                _ => {
                    let span = argument.name.as_ref().map_or(argument.value.span, |word| word.span);
                    self.wrong_parameters(name, parameters, span, "does not belong here");
                    return None;
                }
            }
        }
        let mut values = Vec::new();
        for (slot, &(_, in_unit)) in slots.iter().zip(parameters) {
            let Some(Value { kind: ValueKind::Expression(expression), .. }) = slot else {
                self.wrong_parameters(name, parameters, span, "not all numbers are here");
                return None;
            };
            let end = if in_unit {
                self.end_in(expression, expected)?
            } else {
                let plain =
                    Unit { dimension: Dimension::none(), scale: 1.0, is_share: false, text: String::new() };
                self.end_in(expression, &mut Expected { unit: Some(&plain), found: None, place: None })?
            };
            values.push(end.value);
        }
        if !parameters.iter().any(|&(_, in_unit)| in_unit) {
            let share = End { value: 1.0, dimension: Dimension::none(), bare: false, percent: false, span };
            self.fit(share, expected)?;
        }
        let need = |this: &mut Self, fits: bool, rule: &str| {
            if !fits {
                this.impossible(span, format!("`{name}` is impossible with these numbers"), rule.to_owned());
            }
            fits.then_some(())
        };
        Some(match (name, values.as_slice()) {
            ("normal", &[mean, sd]) => {
                need(self, sd > 0.0, "the standard deviation must be positive")?;
                Distribution::Normal { mean, sd }
            }
            ("lognormal", &[median, sdlog]) => {
                need(self, median > 0.0 && sdlog > 0.0, "the median and `sdlog` must be positive")?;
                Distribution::LogNormal { median, sdlog }
            }
            ("beta", &[alpha, beta]) => {
                need(self, alpha > 0.0 && beta > 0.0, "both shapes must be positive")?;
                Distribution::Beta { alpha, beta }
            }
            ("gamma", &[shape, scale]) => {
                need(self, shape > 0.0 && scale > 0.0, "shape and scale must be positive")?;
                Distribution::Gamma { shape, scale }
            }
            ("uniform", &[low, high]) => {
                need(self, low < high, "the first number must be the smaller")?;
                Distribution::Uniform { low, high }
            }
            ("triangular" | "pert", &[low, mode, high]) => {
                need(
                    self,
                    low <= mode && mode <= high && low < high,
                    "the numbers must be in order: low, mode, high",
                )?;
                if name == "pert" {
                    Distribution::Pert { low, mode, high }
                } else {
                    Distribution::Triangular { low, mode, high }
                }
            }
            ("student_t", &[degrees, mean, scale]) => {
                need(self, degrees > 0.0 && scale > 0.0, "degrees of freedom and scale must be positive")?;
                Distribution::StudentT { degrees, mean, scale }
            }
            _ => return None,
        })
    }

    fn wrong_parameters(&mut self, name: &str, parameters: &[(&str, bool)], span: Span, label: &str) {
        let names: Vec<&str> = parameters.iter().map(|&(parameter, _)| parameter).collect();
        self.report(
            Diagnostic::error(
                Code::WrongArguments,
                format!("`{name}` takes {}", names.join(", ")),
                span,
                label,
            )
            .help(format!("write `{name}({})`", names.join(", "))),
        );
    }

    /// `discrete(10: 20%, ...)` and `mixture(60%: 1 to 2, ...)`.
    fn weighted(
        &mut self,
        id: VariableId,
        name: &str,
        arguments: &[ast::Argument],
        span: Span,
        expected: &mut Expected,
    ) -> Option<Distribution> {
        let mut points = Vec::new();
        let mut components = Vec::new();
        let mut weights = Vec::new();
        for argument in arguments {
            let Some(first) = &argument.weight else {
                self.report(
                    Diagnostic::error(
                        Code::WrongArguments,
                        format!("`{name}` takes pairs"),
                        argument.value.span,
                        "no `:` here",
                    )
                    .help(if name == "discrete" {
                        "write `discrete(10: 20%, 20: 80%)`, values with their probabilities"
                    } else {
                        "write `mixture(60%: 1 to 2, 40%: 5 to 8)`, weights with their values"
                    }),
                );
                return None;
            };
            if name == "discrete" {
                let value = self.end_in(first, expected)?;
                let ValueKind::Expression(weight) = &argument.value.kind else {
                    self.impossible(
                        argument.value.span,
                        "a probability is a single number",
                        "write `value: 20%`",
                    );
                    return None;
                };
                let weight = self.weight(weight)?;
                points.push((value.value, weight));
                weights.push(weight);
            } else {
                let weight = self.weight(first)?;
                components.push((weight, self.distribution(id, &argument.value, expected)?));
                weights.push(weight);
            }
        }
        self.check_weights(&weights, span)?;
        if name == "discrete" {
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            return Some(Distribution::Discrete(points));
        }
        Some(Distribution::Mixture(components))
    }
}

/// Base units in one of the unit that an end is written in: its value over the number written.
fn written_scale(expression: &ast::Expression, end: &End) -> f64 {
    let mut inner = expression;
    let mut sign = 1.0;
    loop {
        match &inner.kind {
            ExpressionKind::Per(part, _) => inner = part,
            ExpressionKind::Negate(part) => {
                inner = part;
                sign = -sign;
            }
            ExpressionKind::Number { value, .. } if *value != 0.0 => return end.value / (sign * value),
            _ => return 1.0,
        }
    }
}

/// Whether a distribution can have a value between two bounds.
fn reaches(distribution: &Distribution, low: f64, high: f64) -> bool {
    use Distribution as D;
    let between = |a: f64, b: f64| a.max(low) < b.min(high);
    match distribution {
        D::Constant(value) => (low..=high).contains(value),
        D::Normal { .. } | D::StudentT { .. } | D::OneOf(_) => true,
        D::LogNormal { .. } | D::Gamma { .. } => high > 0.0,
        D::LogitNormal { .. } | D::Beta { .. } => between(0.0, 1.0),
        D::Uniform { low: a, high: b }
        | D::Triangular { low: a, high: b, .. }
        | D::Pert { low: a, high: b, .. } => between(*a, *b),
        D::Discrete(points) => {
            points.iter().any(|&(value, weight)| weight > 0.0 && (low..=high).contains(&value))
        }
        D::Mixture(components) => {
            components.iter().any(|(weight, component)| *weight > 0.0 && reaches(component, low, high))
        }
        D::Within { inner, low: a, high: b } => {
            a.max(low) < b.min(high) && reaches(inner, a.max(low), b.min(high))
        }
    }
}

/// Whether a number is written in percent, whatever unit follows.
fn in_percent(expression: &ast::Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Number { percent, .. } => *percent,
        ExpressionKind::Negate(inner) | ExpressionKind::Per(inner, _) => in_percent(inner),
        _ => false,
    }
}

/// Whether a value is written as a share: in `%`, without a unit, nowhere below zero.
fn is_written_share(value: &Value) -> bool {
    let is_share =
        |end: &ast::Expression| matches!(end.kind, ExpressionKind::Number { percent: true, unit: None, .. });
    match &value.kind {
        ValueKind::Expression(number) => is_share(number),
        ValueKind::Range(low, high) => is_share(low) && is_share(high),
        ValueKind::Within(inner, ..) => is_written_share(inner),
        ValueKind::Table(entries) => entries.iter().all(|(_, entry)| is_written_share(entry)),
        ValueKind::OneOf(_) => false,
    }
}

/// Whether a number is written in percent, with or without a minus, and without any unit.
pub(super) fn is_bare_percent(expression: &ast::Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Number { percent, unit, .. } => *percent && unit.is_none(),
        ExpressionKind::Negate(inner) => is_bare_percent(inner),
        _ => false,
    }
}

fn logit(p: f64) -> f64 {
    log(p / (1.0 - p))
}

/// Natural logarithm of a positive number: the same bits on every machine, by the series of the inverse
/// hyperbolic tangent after the power of two is taken out. Used for the parameters of written ranges only.
fn log(x: f64) -> f64 {
    let mut exponent = 0.0;
    let mut mantissa = x;
    while mantissa > std::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1.0;
    }
    while mantissa < std::f64::consts::FRAC_1_SQRT_2 {
        mantissa *= 2.0;
        exponent -= 1.0;
    }
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let (square, mut power, mut sum) = (s * s, s, 0.0);
    let mut k = 1.0;
    while k < 60.0 {
        sum += power / k;
        power *= square;
        k += 2.0;
    }
    exponent * std::f64::consts::LN_2 + 2.0 * sum
}

#[cfg(test)]
mod tests {
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the platform's logarithm is the reference here")]
    fn the_logarithm_agrees_with_the_platform() {
        for x in [1e-300, 1e-9, 0.05, 0.5, 0.999, 1.0, 1.5, 2.0, 1800.0, 1e12] {
            let x: f64 = x;
            assert!((super::log(x) - x.ln()).abs() <= 4e-16 * x.ln().abs().max(1.0), "{x}");
        }
    }
}
