//! Inputs: exogenous series from tables of data.
//!
//! Enters: declarations of inputs and the texts of the data files. Leaves: per input and element the values at
//! every half step, in base units. Always holds: a diagnostic points at the declaration and, where a cell is to
//! blame, into the data.

use std::sync::Arc;

use contingent_syntax::ast::{self, AfterData, DeclarationKind, InputColumns, Interpolation, Text};
use contingent_syntax::{Code, Diagnostic, FileId, Span};

use super::cells::{Column, MAX_CELLS_SHOWN, Read, and_more};
use super::header::count;
use super::walk::constant;
use super::{Checker, Scope};
use crate::checked::{VariableId, VariableKind};
use crate::data::Table;
use crate::series::{RowTime, Rule, after_months, at_half_steps, covered_until, days_between, tolerance};
use crate::unit::{Dimension, Unit};

/// Most numbers that all inputs of a model may hold at half steps.
const MAX_VALUES: usize = 4_000_000;

/// The longest stretch between two values.
struct Gap {
    time: f64,
    /// Whole calendar months, when it is written in months, quarters or years.
    months: Option<i64>,
    span: Span,
}

/// What holds after the last row.
#[derive(Clone, Copy, Debug, PartialEq)]
enum After {
    Nothing,
    Held,
    Value(f64),
}

impl Checker<'_> {
    pub(super) fn check_inputs(&mut self) {
        let mut read = std::mem::take(&mut self.read);
        for i in 0..self.model.variables.len() {
            let id = VariableId(i as u32);
            if !matches!(self.variable_declaration(id), DeclarationKind::Input { .. }) {
                continue;
            }
            let of = self.types[i].clone().unwrap_or(super::Type::Any);
            self.model.variables[i].unit = self.display_unit(&of, self.declared_units[i].as_ref());
            let found = self.input_series(id, &mut read);
            if let (VariableKind::Input(input), Some(found)) = (&mut self.model.variables[i].kind, found) {
                input.series = found;
            }
        }
        self.read = read;
    }

    /// The values of an input, one series per element; none when something about it is broken.
    fn input_series(&mut self, id: VariableId, read: &mut Read) -> Option<Vec<Arc<[f64]>>> {
        let i = id.index();
        let DeclarationKind::Input {
            file, time_column, time_unit, interpolation, gaps, after, grounds, ..
        } = self.variable_declaration(id)
        else {
            return None;
        };
        let grounds = self.grounds(grounds.as_ref(), None, file.span);
        let unit = self.declared_units[i].clone();
        let before = self.n_reported;
        let gap = gaps.as_ref().and_then(|gaps| self.gap(gaps));
        let after = match after {
            None => After::Nothing,
            Some(AfterData::Held(_)) => After::Held,
            Some(AfterData::Value(value)) => self.after_value(value, unit.as_ref()),
        };
        let is_sound = self.n_reported == before;
        let table = self.table_of(file, read);
        if let VariableKind::Input(input) = &mut self.model.variables[i].kind {
            input.grounds = grounds;
            input.n_rows = table.as_ref().map_or(0, |(_, table)| table.rows.len());
        }
        let (data, table) = table?;
        let times = self.row_times(data, &table, time_column, time_unit.as_ref(), read);
        let columns = self.input_columns(id, data, &table)?;
        let (Some(times), Some(unit), true, true) = (times, unit, is_sound, self.clock_known) else {
            return None;
        };
        let is_linear = *interpolation == Interpolation::Linear;
        let rule = Rule {
            linear: is_linear,
            after: match after {
                After::Value(value) => Some(value),
                After::Nothing | After::Held => None,
            },
        };
        if !self.has_room(id, columns.len(), read) {
            return None;
        }
        let mut series = Vec::with_capacity(columns.len());
        let mut is_complete = true;
        for column in &columns {
            let values = self.column_values(column, &unit);
            let points = values.and_then(|values| self.points(column, &times, &values, gap.as_ref(), read));
            let points = points.filter(|points| {
                after != After::Nothing || self.covers_the_end(column, &times, points, rule, read)
            });
            match points {
                Some(points) => {
                    let points: Vec<(&RowTime, f64)> =
                        points.iter().map(|&(row, value)| (&times[row], value)).collect();
                    series.push(at_half_steps(&points, rule, &self.model.clock).into());
                }
                None => is_complete = false,
            }
        }
        is_complete.then_some(series)
    }

    /// Whether the series of an input fit with those before; says so once when they do not.
    fn has_room(&mut self, id: VariableId, n_columns: usize, read: &mut Read) -> bool {
        let had_room = read.n_values <= MAX_VALUES;
        let size = 2 * self.model.clock.n_steps + 1;
        read.n_values = read.n_values.saturating_add(n_columns.saturating_mul(size));
        let has_room = read.n_values <= MAX_VALUES;
        if had_room && !has_room {
            self.report(
                Diagnostic::error(
                    Code::TooLarge,
                    format!("the inputs hold more than {} numbers", count(MAX_VALUES as f64)),
                    self.model.variable(id).span,
                    "too many from here on",
                )
                .help("choose a longer step, a shorter horizon, or fewer elements"),
            );
        }
        has_room
    }

    fn gap(&mut self, expression: &ast::Expression) -> Option<Gap> {
        let time = self.known_number(expression, &self.units.time(), "the longest gap")?;
        if time <= 0.0 {
            self.report(
                Diagnostic::error(
                    Code::InvalidTime,
                    "the longest gap must be some time",
                    expression.span,
                    "no time passes",
                )
                .help("write for example `gaps up to 8 weeks`"),
            );
            return None;
        }
        let months = match &expression.kind {
            ast::ExpressionKind::Number { value, unit: Some(unit), percent: false }
                if value.fract() == 0.0 && *value < 10_000.0 && (unit.power, unit.root) == (1, 1) =>
            {
                let months = match unit.name.text.trim_end_matches('s') {
                    "month" => 1,
                    "quarter" => 3,
                    "year" => 12,
                    "decade" => 120,
                    _ => 0,
                };
                (months > 0).then_some(*value as i64 * months)
            }
            _ => None,
        };
        Some(Gap { time, months, span: expression.span })
    }

    fn after_value(&mut self, expression: &ast::Expression, unit: Option<&Unit>) -> After {
        let mut scope = Scope { actor: None, bound: Vec::new(), chance: Err("in an input"), lenient: false };
        let before = self.n_reported;
        let Some(unit) = unit else { return After::Held };
        let resolved = self.number_in(&mut scope, expression, unit, None);
        match constant(&resolved) {
            Some(value) => After::Value(value),
            None if self.n_reported > before => After::Held,
            None => {
                self.not_known(expression, "the value after the last row");
                After::Held
            }
        }
    }

    /// A number of a dimension that is known beforehand.
    fn known_number(
        &mut self,
        expression: &ast::Expression,
        dimension: &Dimension,
        what: &str,
    ) -> Option<f64> {
        let mut scope = Scope { actor: None, bound: Vec::new(), chance: Err("in an input"), lenient: false };
        let before = self.n_reported;
        let typed = self.resolve(&mut scope, expression);
        self.expect_dimension(&typed, dimension, None);
        if self.n_reported > before || typed.is_broken() {
            return None;
        }
        let value = constant(&typed.expression);
        if value.is_none() {
            self.not_known(expression, what);
        }
        value
    }

    fn not_known(&mut self, expression: &ast::Expression, what: &str) {
        self.report(
            Diagnostic::error(
                Code::NotConstant,
                format!("{what} must be known beforehand"),
                expression.span,
                "depends on something else",
            )
            .help("write a number and its unit"),
        );
    }

    /// The columns of an input, one per element.
    fn input_columns<'t>(
        &mut self,
        id: VariableId,
        data: FileId,
        table: &'t Table,
    ) -> Option<Vec<Column<'t>>> {
        let DeclarationKind::Input { head, file, columns, .. } = self.variable_declaration(id) else {
            return None;
        };
        let subscripts = self.model.variable(id).subscripts.clone();
        let name = &head.name.text;
        if head.subscripts.len() != subscripts.len() {
            return None;
        }
        let wrong = |headline: String, span: Span, label: &str, help: String| {
            Diagnostic::error(Code::SubscriptMismatch, headline, span, label).help(help)
        };
        if let [first, _, ..] = head.subscripts.as_slice() {
            self.report(wrong(
                format!("the input `{name}` has more than one subscript"),
                first.span,
                "a table has one column per element of a single subscript",
                "declare an input per element of one of them".to_owned(),
            ));
            return None;
        }
        let headers: Vec<Text> = match (columns, subscripts.first()) {
            (InputColumns::One(header), None) => vec![header.clone()],
            (InputColumns::One(header), Some(subscript)) => {
                let first = self.model.subscripts[subscript.index()].elements[0].clone();
                self.report(wrong(
                    format!("the input `{name}` has one column for all elements"),
                    header.span,
                    "a header per element is needed",
                    format!("write `column {{ {first}: {}, ... }}`, or leave out the subscript", header.text),
                ));
                return None;
            }
            (InputColumns::PerElement(entries), _) => {
                let scope = self.scope(None, &subscripts, self.model.variable(id).span, Err("here"));
                let place = entries.first().map_or(file.span, |(element, _)| element.span);
                let order = self.table(&scope, entries, place).order?;
                order.into_iter().map(|entry| entries[entry].1.clone()).collect()
            }
            (InputColumns::Elements, Some(subscript)) => {
                let elements = &self.model.subscripts[subscript.index()].elements;
                elements.iter().map(|text| Text { text: text.clone(), span: file.span }).collect()
            }
            (InputColumns::Elements, None) => {
                self.report(
                    Diagnostic::error(
                        Code::MissingProperty,
                        format!("the input `{name}` does not say which column holds its values"),
                        file.span,
                        "no `column` after this",
                    )
                    .help("write `column header` after the file"),
                );
                return None;
            }
        };
        let written = head.unit.as_ref().map(|unit| self.sources.text(unit.span).to_owned());
        let of_input = self.declared_units[id.index()].clone();
        let mut found = Vec::new();
        let n_headers = headers.len();
        for header in headers {
            let Some((position, unit)) = self.column_of(data, table, &header) else { continue };
            if let (Some(place), Some(of_input), Some(written)) = (unit, &of_input, &written)
                && !self.is_unit_of_header(place, of_input)
            {
                let span = table.cell_span(self.data_text(data), &table.header, position);
                let (unit, declared) = (self.sources.text(place).to_owned(), written);
                self.report(
                    Diagnostic::error(
                        Code::UnitClash,
                        format!("the column is in `{unit}`, the input in `{declared}`"),
                        head.unit.as_ref().map_or(header.span, |unit| unit.span),
                        "declared here",
                    )
                    .and(span, format!("this says `{unit}`"))
                    .help("declare the input in the unit of the column, and convert it with an `aux`"),
                );
                continue;
            }
            found.push(Column { table, data, place: header.span, position, header: header.text });
        }
        (found.len() == n_headers).then_some(found)
    }

    /// The rows with a value that the model needs, from the last at or before the start to the first at or after
    /// the end, when they begin in time and leave no gap that is not allowed.
    fn points(
        &mut self,
        column: &Column,
        times: &[RowTime],
        values: &[Option<f64>],
        gap: Option<&Gap>,
        read: &mut Read,
    ) -> Option<Vec<(usize, f64)>> {
        let clock = self.model.clock.clone();
        let near = tolerance(&clock);
        let end = clock.n_steps as f64 * clock.dt;
        let known: Vec<(usize, f64)> =
            values.iter().enumerate().filter_map(|(row, value)| Some((row, (*value)?))).collect();
        let Some(&(first, _)) = known.first() else {
            let headline =
                format!("`{}` has no value in the column `{}`", self.data_name(column), column.header);
            let span =
                column.table.cell_span(self.data_text(column.data), &column.table.header, column.position);
            self.report(
                Diagnostic::error(Code::MissingData, headline, column.place, "read here")
                    .and(span, "nothing below this")
                    .help("name another column, or fill this one"),
            );
            return None;
        };
        if times[first].at > near {
            if !read.said.insert((column.data, "start", first, first)) {
                return None;
            }
            let headline = format!(
                "{}: the data begin {}, after the model",
                self.place(column, first),
                self.when(&times[first])
            );
            let help = match clock.start {
                Some(start) => format!("add a row at or before {start}, or start the model later"),
                None => {
                    "add a row at or before the start; numbers count from the start of the model".to_owned()
                }
            };
            let span = self.cell(column, first);
            self.report(
                Diagnostic::error(Code::MissingData, headline, column.place, "read here")
                    .and(span, "the first value")
                    .help(help),
            );
            return None;
        }
        let from = known.iter().rposition(|&(row, _)| times[row].at <= near).unwrap_or(0);
        let last = known.len() - 1;
        let until = known.iter().position(|&(row, _)| times[row].at >= end - near).unwrap_or(last).max(from);
        let needed = known[from..=until].to_vec();
        let broken = match gap {
            None => self.empty_cells(column, &needed),
            Some(gap) => self.long_gap(column, times, &needed, gap, read),
        };
        (!broken).then_some(needed)
    }

    /// Reports rows without a value between those with one.
    fn empty_cells(&mut self, column: &Column, needed: &[(usize, f64)]) -> bool {
        let empty: Vec<usize> = needed.windows(2).flat_map(|pair| pair[0].0 + 1..pair[1].0).collect();
        let Some(&first) = empty.first() else { return false };
        let headline =
            format!("{}: the cell is empty{}", self.place(column, first), and_more(empty.len(), "cell"));
        let spans: Vec<Span> =
            empty.iter().take(1 + MAX_CELLS_SHOWN).map(|&row| self.cell(column, row)).collect();
        let diagnostic = Diagnostic::error(Code::MissingData, headline, column.place, "read here")
            .help("fill the cell, or allow gaps: `gaps up to 8 weeks` after `held` or `linear`");
        self.report_with_cells(diagnostic, &spans, "no value");
        true
    }

    /// Reports the first stretch between two values that is longer than allowed.
    fn long_gap(
        &mut self,
        column: &Column,
        times: &[RowTime],
        needed: &[(usize, f64)],
        gap: &Gap,
        read: &mut Read,
    ) -> bool {
        let clock = &self.model.clock;
        let is_longer = |first: &RowTime, second: &RowTime| match (first.date, second.date, gap.months) {
            (Some(first), Some(second), Some(months)) => {
                after_months(first, months).is_some_and(|latest| latest < second)
            }
            (Some(first), Some(second), None) => {
                f64::from(days_between(first, second)) > gap.time * clock.days_per_unit + 1e-6
            }
            _ => second.at - first.at > gap.time + tolerance(clock),
        };
        let Some(pair) = needed.windows(2).find(|pair| is_longer(&times[pair[0].0], &times[pair[1].0]))
        else {
            return false;
        };
        let (before, after) = (pair[0].0, pair[1].0);
        if !read.said.insert((column.data, "gap", before, after)) {
            return true;
        }
        let length = match (times[before].date, times[after].date) {
            (Some(first), Some(second)) => format!("{} days", days_between(first, second)),
            _ => format!("{} {}s", times[after].at - times[before].at, clock.time_unit),
        };
        let headline = format!("{}: {length} pass without a value", self.place(column, before));
        let (first, second) = (self.cell(column, before), self.cell(column, after));
        self.report(
            Diagnostic::error(Code::MissingData, headline, column.place, "read here")
                .and(gap.span, "the longest gap allowed")
                .and(first, "a value here")
                .and(second, "the next one here")
                .help(format!("add rows between, or allow it: `gaps up to {length}`")),
        );
        true
    }

    /// Whether the rows go on to the end of the model; reports it when they do not.
    fn covers_the_end(
        &mut self,
        column: &Column,
        times: &[RowTime],
        points: &[(usize, f64)],
        rule: Rule,
        read: &mut Read,
    ) -> bool {
        let Some(&(last, _)) = points.last() else { return false };
        let clock = &self.model.clock;
        let end = clock.n_steps as f64 * clock.dt;
        let (covered, _) = covered_until(&times[last], rule);
        if covered >= end - tolerance(clock) {
            return true;
        }
        if !read.said.insert((column.data, "end", last, last)) {
            return false;
        }
        let model_end = match clock.start {
            Some(start) => {
                let days = (end * clock.days_per_unit).round() as i64;
                let date = start.checked_add(jiff::Span::new().days(days)).unwrap_or(start);
                format!("the model runs to {date}")
            }
            None => format!("the model runs to {end} {}s", clock.time_unit),
        };
        let headline = format!(
            "{}: the last value stands {}, {model_end}",
            self.place(column, last),
            self.when(&times[last])
        );
        let span = self.cell(column, last);
        self.report(
            Diagnostic::error(Code::MissingData, headline, column.place, "read here")
                .and(span, "the last value")
                .help("say what holds afterwards: `then held` or `then 0`; or end the model earlier"),
        );
        false
    }
}
