//! Observations: data that the model is compared with.
//!
//! Enters: declarations of observations and the texts of the data files. Leaves: per observation its values at the steps
//! at which their periods are complete, and the parameters of their distribution. Always holds: a value that the
//! distribution cannot give whatever its parameters is refused, with its line in the data; parameters that look back
//! over one period look at the steps of that very period, however many it has.

use std::rc::Rc;

use contingent_syntax::ast::{self, DeclarationKind, ExpressionKind, Name, Text, ValueKind};
use contingent_syntax::{Code, Diagnostic, FileId, Span};

use super::cells::{Column, MAX_CELLS_SHOWN, Read, and_more};
use super::collect::list;
use super::walk::constant;
use super::{Checker, Item, Scope, Type};
use crate::data::Table;
use crate::expression::Expression;
use crate::load::joined;
use crate::observation::{Likelihood, Observation, ObservedValue, ParameterKind};
use crate::period::{Period, Stretch};
use crate::series::RowTime;
use crate::unit::{Dimension, Unit};

/// How far, in relation to its size, a number may lie from a whole one and still be it: above the rounding of a
/// conversion of units, below any fraction that data mean.
const WHOLE_TOLERANCE: f64 = 1e-9;

/// The period over which parameters look back while they are resolved.
#[derive(Clone, Copy, Debug)]
pub(super) struct LookingBack {
    period: Period,
    /// How many steps it has.
    steps: usize,
    /// Whether something looked back over it.
    is_used: bool,
}

/// A distribution with the expressions of its parameters, in its order.
struct Written<'e> {
    likelihood: Likelihood,
    parameters: Vec<&'e ast::Expression>,
}

/// A row with a value whose period lies within the time of the model.
struct Row {
    position: usize,
    n_steps: usize,
    /// The step at which it is complete.
    step: usize,
}

/// The rows of an observation.
struct Rows {
    within: Vec<Row>,
    n_missing: usize,
    n_outside: usize,
}

impl Checker<'_> {
    pub(super) fn check_observations(&mut self) {
        let mut read = std::mem::take(&mut self.read);
        for i in 0..self.items.len() {
            self.check_observation(self.items[i], &mut read);
        }
        self.read = read;
    }

    /// How many steps a time has that is the period of the observation whose parameters are being resolved.
    pub(super) fn steps_looked_back(&mut self, time: &ast::Expression) -> Option<usize> {
        let looking_back = self.looking_back.as_mut()?;
        let ExpressionKind::Number { value, percent: false, unit: Some(unit) } = &time.kind else {
            return None;
        };
        if (unit.power, unit.root) != (1, 1) || !looking_back.period.is(*value, &unit.name.text) {
            return None;
        }
        looking_back.is_used = true;
        Some(looking_back.steps)
    }

    fn check_observation(&mut self, item: Item, read: &mut Read) {
        let DeclarationKind::Observe {
            head,
            file,
            column,
            period: period_name,
            time_column,
            time_unit,
            distribution,
            grounds,
        } = &item.declaration.kind
        else {
            return;
        };
        self.unique("observation", &head.name, "");
        if let Some(subscript) = head.subscripts.first() {
            self.report(
                Diagnostic::error(
                    Code::SubscriptMismatch,
                    format!("the observation `{}` has a subscript", head.name.text),
                    subscript.span,
                    "an observation is one column of data",
                )
                .help("write one `observe` per element, each with its column, or observe a `sum`"),
            );
        }
        let grounds = self.grounds(grounds.as_ref(), None, file.span);
        let declared = head.unit.as_ref().map(|text| self.unit(text));
        let written = self.written_likelihood(distribution);
        let period = self.observed_period(period_name);
        let table = self.table_of(file, read);
        let found = table.as_ref().and_then(|(data, table)| {
            let column = self.observed_column(*data, table, column)?;
            // A word that is no period names no column either.
            let period = period?;
            let header = time_column
                .clone()
                .unwrap_or_else(|| Text { text: period_name.text.clone(), span: period_name.span });
            let times = self.observed_times(*data, table, &header, (time_column, time_unit), read)?;
            let rows = self.observed_rows(&column.0, period, &times, period_name)?;
            Some((column, rows))
        });
        let mut lengths: Vec<usize> = match &found {
            Some((_, rows)) => rows.within.iter().map(|row| row.n_steps).collect(),
            None => vec![1],
        };
        lengths.sort_unstable();
        lengths.dedup();
        let header = found.as_ref().and_then(|((_, place), _)| *place);
        if let (Some(Some(unit)), Some(place)) = (&declared, header)
            && !self.is_unit_of_header(place, unit)
        {
            self.header_says_otherwise(place, head.unit.as_ref().map_or(file.span, |unit| unit.span));
        }
        let Some(written) = written else { return };
        let unit = match (declared, header) {
            (Some(unit), _) => {
                unit.zip(head.unit.as_ref().map(|text| Some((text.span, "the data are in this unit"))))
            }
            (None, Some(place)) => {
                let unit = self.header_unit(place);
                if unit.is_none() {
                    self.unknown_header_unit(place, column.span);
                }
                unit.map(|unit| (unit, Some((place, "the data are in this unit"))))
            }
            (None, None) => {
                self.unit_of_parameters(item, &written, period, &lengths).map(|unit| (unit, None))
            }
        };
        let parameters = self.observed_parameters(item, &written, unit.as_ref(), period, &mut lengths);
        let (Some(((column, _), rows)), Some((unit, _)), Some(period)) = (found, unit, period) else {
            return;
        };
        let Some(values) = self.observed_values(&column, &unit, &written, &parameters, &rows, &lengths)
        else {
            return;
        };
        self.model.observations.push(Observation {
            name: head.name.text.clone(),
            label: head.label.as_ref().map(|label| label.text.clone()),
            unit: self.display_unit(&Type::Any, Some(&unit)),
            likelihood: written.likelihood,
            parameters,
            values,
            n_missing: rows.n_missing,
            n_outside: rows.n_outside,
            file: joined(&self.sources.file(file.span.file).name, &file.text),
            period: period.name().to_owned(),
            written: self.sources.text(distribution.span).split_whitespace().collect::<Vec<_>>().join(" "),
            grounds,
            span: head.name.span,
        });
    }

    /// The distribution after `~` with its parameters in order.
    fn written_likelihood<'e>(&mut self, distribution: &'e ast::Expression) -> Option<Written<'e>> {
        let names: Vec<String> = Likelihood::ALL.map(|known| known.name().to_owned()).to_vec();
        let ExpressionKind::Call { function, arguments, over, window } = &distribution.kind else {
            self.report(
                Diagnostic::error(
                    Code::WrongArguments,
                    "what stands after `~` is no distribution",
                    distribution.span,
                    "the data cannot come from this",
                )
                .help("say what the data scatter around, and how: `~ poisson(mean = x)`"),
            );
            return None;
        };
        let Some(likelihood) = Likelihood::named(&function.text) else {
            let near = contingent_syntax::nearest(&function.text, names.iter().map(String::as_str));
            let help = near.map_or_else(
                || format!("data may come from {}", list(&names)),
                |near| format!("did you mean `{near}`?"),
            );
            self.report(
                Diagnostic::error(
                    Code::WrongArguments,
                    format!("data cannot come from `{}`", function.text),
                    function.span,
                    "not a distribution of data",
                )
                .help(help)
                .fix_if(function.span, near),
            );
            return None;
        };
        let parameters = likelihood.parameters();
        let mut slots: Vec<Option<&ast::Expression>> = vec![None; parameters.len()];
        let out_of_place = over.first().map(|name| name.span).or(window.as_ref().map(|time| time.span));
        let mut wrong = out_of_place.map(|span| (span, "`over` does not belong here"));
        for (i, argument) in arguments.iter().enumerate() {
            let position = match &argument.name {
                None => Some(i),
                Some(word) => parameters.iter().position(|&(parameter, _)| parameter == word.text),
            };
            let place = argument.name.as_ref().map_or(argument.value.span, |word| word.span);
            let is_plain = argument.word.is_none() && argument.weight.is_none();
            match (position.and_then(|position| slots.get_mut(position)), &argument.value.kind) {
                (Some(slot), ValueKind::Expression(value)) if slot.is_none() && is_plain => {
                    *slot = Some(value);
                }
                _ => wrong = wrong.or(Some((place, "does not belong here"))),
            }
        }
        let found: Vec<&ast::Expression> = slots.into_iter().flatten().collect();
        if wrong.is_none() && found.len() < parameters.len() {
            wrong = Some((distribution.span, "not all of them are here"));
        }
        if let Some((span, label)) = wrong {
            let names: Vec<&str> = parameters.iter().map(|&(parameter, _)| parameter).collect();
            self.report(
                Diagnostic::error(
                    Code::WrongArguments,
                    format!("`{}` takes {}", likelihood.name(), names.join(", ")),
                    span,
                    label,
                )
                .help(format!(
                    "write `{}({} = ...)`",
                    likelihood.name(),
                    names.join(" = ..., ")
                )),
            );
            return None;
        }
        Some(Written { likelihood, parameters: found })
    }

    fn observed_period(&mut self, name: &Name) -> Option<Period> {
        let found = Period::named(&name.text);
        if found.is_none() {
            let near = contingent_syntax::nearest(&name.text, Period::NAMES);
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "say how long a row stands for, and where it is dated: `by month dated {}`",
                    name.text
                ),
            };
            self.report(
                Diagnostic::error(
                    Code::InvalidTime,
                    format!("`{}` is no period of data", name.text),
                    name.span,
                    "`day`, `week`, `month`, `quarter`, `year` or `step` is needed",
                )
                .help(help)
                .fix_if(name.span, near),
            );
        }
        let period = found?;
        if !self.clock_known {
            return None;
        }
        let clock = &self.model.clock;
        let length = period.days().map(|days| self.units.time_scale(days));
        // Months and years of the calendar are now and then shorter than on average; a step that is as long as the
        // average still meets each of them once.
        if length.is_none_or(|length| length > clock.dt * (1.0 - WHOLE_TOLERANCE)) {
            return Some(period);
        }
        let step = format!("{} {}", clock.dt, clock.time_unit);
        self.report(
            Diagnostic::error(
                Code::InvalidTime,
                format!("a {} is shorter than the step of the model", period.name()),
                name.span,
                format!("the step is {step}"),
            )
            .help("choose a shorter step, or add the data up to longer periods"),
        );
        None
    }

    /// The column of the values, and the place of the unit in its header.
    fn observed_column<'t>(
        &mut self,
        data: FileId,
        table: &'t Table,
        header: &Text,
    ) -> Option<(Column<'t>, Option<Span>)> {
        let (position, unit) = self.column_of(data, table, header)?;
        Some((Column { table, data, place: header.span, position, header: header.text.clone() }, unit))
    }

    /// The times of the rows. A column that is not named is called like the period.
    fn observed_times(
        &mut self,
        data: FileId,
        table: &Table,
        header: &Text,
        (named, unit): (&Option<Text>, &Option<Name>),
        read: &mut Read,
    ) -> Option<Rc<Vec<RowTime>>> {
        if named.is_none() && table.columns_named(&header.text).is_empty() {
            let name = self.sources.file(data).name.clone();
            let known: Vec<String> = table.header.iter().map(str::to_owned).collect();
            let span = table.cell_span(self.data_text(data), &table.header, usize::MAX);
            let first = known.first().cloned().unwrap_or_default();
            let shown = if first.contains(|c: char| !c.is_alphanumeric() && c != '_') {
                format!("\"{first}\"")
            } else {
                first
            };
            self.report(
                Diagnostic::error(
                    Code::UnknownColumn,
                    format!("`{name}` has no column `{}`", header.text),
                    header.span,
                    "the times are looked for in a column of this name",
                )
                .and(span, "the line of headers")
                .help(format!("say which column dates the rows: `by {} dated {shown}`", header.text)),
            );
            return None;
        }
        self.row_times(data, table, header, unit.as_ref(), read)
    }

    /// Which rows have a value, and at which steps they are complete.
    fn observed_rows(
        &mut self,
        column: &Column,
        period: Period,
        times: &[RowTime],
        place: &Name,
    ) -> Option<Rows> {
        let clock = self.model.clock.clone();
        if let Some(first) = times.first()
            && !period.may_be_written(first.form)
        {
            let form = first.form.words();
            let header = format!(
                "`{}` dates its rows by {} each, not by {}",
                self.data_name(column),
                form,
                period.name()
            );
            let fitting = form.rsplit(' ').next().unwrap_or_default();
            self.report(
                Diagnostic::error(Code::InvalidData, header, place.span, "another period")
                    .help(format!("write `by {fitting}`, or give the rows dates such as 2021-08-30")),
            );
            return None;
        }
        let stretches: Vec<Stretch> =
            times.iter().map(|time| period.stretch(time, &clock, &self.units)).collect();
        let near = crate::series::tolerance(&clock);
        if let Some(row) =
            (1..stretches.len()).find(|&row| stretches[row].begin < stretches[row - 1].end - near)
        {
            let headline = format!(
                "{}: the {} of this row overlaps with that of the row above",
                self.place(column, row),
                period.name()
            );
            let spans = [self.cell(column, row), self.cell(column, row - 1)];
            let diagnostic = Diagnostic::error(Code::InvalidData, headline, column.place, "read here")
                .and(spans[0], "this row")
                .and(spans[1], "the row above")
                .help(format!("keep one row per {}, dated by its first day", period.name()));
            self.report(diagnostic);
            return None;
        }
        let has_value =
            |row: usize| column.table.rows[row].get(column.position).is_some_and(|cell| !cell.is_empty());
        let mut rows = Rows { within: Vec::new(), n_missing: 0, n_outside: 0 };
        for (position, stretch) in stretches.iter().enumerate().filter(|&(row, _)| has_value(row)) {
            if !stretch.is_within(&clock) {
                rows.n_outside += 1;
                continue;
            }
            let (begin, step) = stretch.steps(&clock);
            rows.within.push(Row { position, n_steps: step.saturating_sub(begin).max(1), step });
        }
        let (Some(first), Some(last)) = (rows.within.first(), rows.within.last()) else {
            self.nothing_within(column, times, rows.n_outside);
            return None;
        };
        let length = period.days().map_or(clock.dt, |days| self.units.time_scale(days));
        let span = first.position..=last.position;
        let n_absent: usize = span
            .clone()
            .skip(1)
            .map(|row| {
                let gap = stretches[row].begin - stretches[row - 1].end;
                if gap > near { ((gap / length).round() as usize).max(1) } else { 0 }
            })
            .sum();
        rows.n_missing = n_absent + span.filter(|&row| !has_value(row)).count();
        Some(rows)
    }

    fn nothing_within(&mut self, column: &Column, times: &[RowTime], n_outside: usize) {
        let name = self.data_name(column);
        let diagnostic = if n_outside == 0 {
            let span =
                column.table.cell_span(self.data_text(column.data), &column.table.header, column.position);
            Diagnostic::error(
                Code::MissingData,
                format!("`{name}` has no value in the column `{}`", column.header),
                column.place,
                "read here",
            )
            .and(span, "nothing below this")
            .help("name another column, or fill this one")
        } else {
            let when = |row: usize| times.get(row).map_or_else(String::new, |time| self.when(time));
            let help = format!(
                "the rows stand {} to {}; only periods that lie wholly within the time of the model are compared",
                when(0),
                when(times.len().saturating_sub(1))
            );
            Diagnostic::error(
                Code::MissingData,
                format!("no row of `{name}` lies within the time of the model"),
                column.place,
                "nothing to compare with",
            )
            .help(help)
        };
        self.report(diagnostic);
    }

    fn header_says_otherwise(&mut self, place: Span, declared: Span) {
        let (of_column, of_declaration) =
            (self.sources.text(place).to_owned(), self.sources.text(declared).to_owned());
        self.report(
            Diagnostic::error(
                Code::UnitClash,
                format!("the column is in `{of_column}`, the observation in `{of_declaration}`"),
                declared,
                "declared here",
            )
            .and(place, format!("this says `{of_column}`"))
            .help("declare the observation in the unit of the column, or leave its unit out"),
        );
    }

    fn unknown_header_unit(&mut self, place: Span, column: Span) {
        let text = self.sources.text(place).to_owned();
        let near = contingent_syntax::nearest(&text, self.units.names());
        let help = near.map_or_else(
            || format!("declare it: `unit {text}`; or write another unit after the name of the observation"),
            |near| format!("did you mean `{near}`?"),
        );
        self.report(
            Diagnostic::error(
                Code::UnknownUnit,
                format!("the header of the column says `{text}`, which is no unit"),
                column,
                "read here",
            )
            .and(place, "no unit of the model")
            .help(help),
        );
    }

    /// Resolves a parameter while windows of one period have so many steps.
    fn looking_back<R>(
        &mut self,
        looking: Option<(Period, usize)>,
        resolve: impl FnOnce(&mut Self) -> R,
    ) -> (R, bool) {
        self.looking_back = looking.map(|(period, steps)| LookingBack { period, steps, is_used: false });
        let found = resolve(self);
        let is_used = self.looking_back.take().is_some_and(|looking| looking.is_used);
        (found, is_used)
    }

    fn observation_scope(item: Item) -> Scope {
        Scope { chance: Err("in what data are compared with"), ..Self::question_scope(item) }
    }

    /// The unit of the first parameter that is in the unit of the data, as it is shown.
    fn unit_of_parameters(
        &mut self,
        item: Item,
        written: &Written<'_>,
        period: Option<Period>,
        lengths: &[usize],
    ) -> Option<Unit> {
        let kinds = written.likelihood.parameters();
        let position = kinds.iter().position(|&(_, kind)| kind.is_in_unit())?;
        let expression = written.parameters[position];
        // What is wrong with it is said where it is resolved for good.
        let (n_reported, n_kept, n_memories) = (self.n_reported, self.diagnostics.len(), self.n_memories);
        let unknown = self.unknown.clone();
        let (typed, _) = self.looking_back(period.zip(lengths.first().copied()), |this| {
            this.resolve(&mut Self::observation_scope(item), expression)
        });
        let is_sound = self.n_reported == n_reported;
        self.diagnostics.truncate(n_kept);
        (self.n_reported, self.n_memories, self.unknown) = (n_reported, n_memories, unknown);
        if !is_sound {
            return None;
        }
        let dimension = match &typed.of {
            Type::Number(dimension) => dimension.clone(),
            Type::Any if typed.bare => Dimension::none(),
            _ => return None,
        };
        let shown = self.unit_shown(expression, &typed.of, item);
        Some(Unit { dimension, scale: shown.scale, is_share: shown.is_share, text: shown.text })
    }

    /// The parameters, once per length of a period if they look back over one. `lengths` is then left as it is, else
    /// cut to its first.
    fn observed_parameters(
        &mut self,
        item: Item,
        written: &Written<'_>,
        unit: Option<&(Unit, Option<(Span, &'static str)>)>,
        period: Option<Period>,
        lengths: &mut Vec<usize>,
    ) -> Vec<Vec<Expression>> {
        let before = self.n_reported;
        let mut variants = Vec::new();
        let mut i = 0;
        while let Some(&length) = lengths.get(i) {
            let (parameters, is_used) = self.looking_back(period.map(|period| (period, length)), |this| {
                let kinds = written.likelihood.parameters();
                let parts = written.parameters.iter().zip(kinds);
                parts
                    .map(|(part, &(name, kind))| this.observed_parameter(item, part, name, kind, unit))
                    .collect()
            });
            variants.push(parameters);
            if !is_used || self.n_reported > before {
                lengths.truncate(1);
            }
            i += 1;
        }
        variants
    }

    fn observed_parameter(
        &mut self,
        item: Item,
        expression: &ast::Expression,
        name: &str,
        kind: ParameterKind,
        unit: Option<&(Unit, Option<(Span, &'static str)>)>,
    ) -> Expression {
        let before = self.n_reported;
        let typed = self.resolve(&mut Self::observation_scope(item), expression);
        let mut resolved = typed.expression.clone();
        match unit {
            _ if !kind.is_in_unit() => self.expect_dimension(&typed, &Dimension::none(), None),
            Some((unit, _)) if typed.bare => {
                if let Expression::Number(value) = resolved {
                    resolved = Expression::Number(value * unit.scale);
                }
            }
            Some((unit, _))
                if typed.of == Type::Number(unit.dimension.per_time()) && !self.units.is_plain() =>
            {
                let found = self.describe(&typed.of);
                self.report(
                    Diagnostic::error(
                        Code::UnitClash,
                        format!("the {name} is {found}, the data are in `{}`", unit.text),
                        typed.span,
                        "per time",
                    )
                    .help("add it up over the period of a row, for example `sum(x over 1 month)`"),
                );
            }
            Some((unit, place)) => self.expect_dimension(&typed, &unit.dimension, *place),
            None => self.expect_number(&typed),
        }
        if let (Some(value), true) = (constant(&resolved), self.n_reported == before && !typed.is_broken()) {
            self.possible_parameter(value, name, kind, expression.span);
        }
        resolved
    }

    /// Reports a known parameter with which there is no such distribution.
    fn possible_parameter(&mut self, value: f64, name: &str, kind: ParameterKind, place: Span) {
        let (is_possible, rule) = match kind {
            ParameterKind::Location => (true, ""),
            ParameterKind::Amount => (value >= 0.0, "zero or more"),
            ParameterKind::Spread | ParameterKind::Shape => (value > 0.0, "more than zero"),
            ParameterKind::Probability => ((0.0..=1.0).contains(&value), "from 0 to 1"),
        };
        if !is_possible {
            self.report(
                Diagnostic::error(
                    Code::InvalidDistribution,
                    format!("`{name}` must be {rule}"),
                    place,
                    "impossible",
                )
                .help("without it there is no such distribution, and no data could come from it"),
            );
        }
    }

    /// The values that are compared; none when one of them cannot come from the distribution.
    fn observed_values(
        &mut self,
        column: &Column,
        unit: &Unit,
        written: &Written<'_>,
        parameters: &[Vec<Expression>],
        rows: &Rows,
        lengths: &[usize],
    ) -> Option<Vec<ObservedValue>> {
        let cells = self.column_values(column, unit)?;
        let likelihood = written.likelihood;
        let at_most = match (likelihood, parameters.first()) {
            (Likelihood::Binomial, Some(of)) => of.first().and_then(constant).unwrap_or(f64::INFINITY),
            _ => f64::INFINITY,
        };
        let mut impossible: Vec<(&'static str, Vec<usize>)> = Vec::new();
        let mut values = Vec::with_capacity(rows.within.len());
        for row in &rows.within {
            let Some(value) = cells[row.position] else { continue };
            let whole = value.round();
            let is_whole = (value - whole).abs() <= WHOLE_TOLERANCE * value.abs().max(1.0);
            let wrong = if likelihood.is_count() && value < 0.0 {
                Some("less than nothing")
            } else if likelihood.is_count() && !is_whole {
                Some("not a whole number")
            } else if likelihood == Likelihood::LogNormal && value <= 0.0 {
                Some("not above zero")
            } else if value > at_most {
                Some("more than `n`")
            } else {
                None
            };
            if let Some(wrong) = wrong {
                match impossible.iter_mut().find(|(known, _)| *known == wrong) {
                    Some((_, rows)) => rows.push(row.position),
                    None => impossible.push((wrong, vec![row.position])),
                }
            }
            let value = if likelihood.is_count() { whole } else { value };
            let variant = lengths.iter().position(|&length| length == row.n_steps).unwrap_or(0);
            values.push(ObservedValue { step: row.step, value, variant });
        }
        if impossible.is_empty() {
            return Some(values);
        }
        for (wrong, rows) in impossible {
            let cell = column.table.rows[rows[0]].get(column.position).unwrap_or("");
            let headline = format!(
                "{}: `{cell}` cannot come from `{}`{}",
                self.place(column, rows[0]),
                likelihood.name(),
                and_more(rows.len(), "cell")
            );
            let help = match wrong {
                "not a whole number" => {
                    "it gives whole numbers only: correct the data, or compare amounts with `normal` or `lognormal`"
                }
                "less than nothing" => {
                    "it gives no negative numbers: correct the data, leave the cell empty where the value is not known, \
                     or compare with `normal`"
                }
                "not above zero" => {
                    "it gives numbers above zero only: compare with `normal`, or leave the cell empty"
                }
                _ => "it gives at most `n`: correct the data or raise `n`",
            };
            let spans: Vec<Span> =
                rows.iter().take(1 + MAX_CELLS_SHOWN).map(|&row| self.cell(column, row)).collect();
            let diagnostic =
                Diagnostic::error(Code::ImpossibleObservation, headline, column.place, "read here")
                    .help(help);
            self.report_with_cells(diagnostic, &spans, wrong);
        }
        None
    }
}
