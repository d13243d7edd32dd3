//! Inputs: exogenous series from tables of data.
//!
//! Enters: declarations of inputs and the texts of the data files. Leaves: per input and element the values at
//! every half step, in base units. Always holds: a diagnostic points at the declaration and, where a cell is to
//! blame, into the data; what is wrong with a file or a column of times is said once, however many inputs
//! read it.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use contingent_syntax::ast::{self, AfterData, DeclarationKind, InputColumns, Interpolation, Text};
use contingent_syntax::{Code, Diagnostic, FileId, Span};
use csv::StringRecord;

use super::collect::list;
use super::header::count;
use super::walk::constant;
use super::{Checker, Scope};
use crate::checked::{VariableId, VariableKind};
use crate::data::Table;
use crate::load::joined;
use crate::series::{
    CellProblem, RowTime, Rule, TimeScale, after_months, at_half_steps, covered_until, days_between, number,
    row_time, tolerance,
};
use crate::unit::{Dimension, TIME_UNITS, Unit};

/// Most numbers that all inputs of a model may hold at half steps.
const MAX_VALUES: usize = 4_000_000;
/// Most further cells with the same mistake that are shown.
const MAX_CELLS_SHOWN: usize = 3;
/// Most headers that are listed.
const MAX_HEADERS_SHOWN: usize = 12;

/// A column of times: its file, its position and the unit that its numbers count in.
type TimeColumn = (FileId, usize, Option<String>);

/// What was read so far, so that it is read and blamed once.
#[derive(Default)]
struct Read {
    tables: HashMap<FileId, Option<Rc<Table>>>,
    times: HashMap<TimeColumn, Option<Rc<Vec<RowTime>>>>,
    n_values: usize,
    /// Missing rows that were reported: what is missing, and the rows before and after it.
    said: HashSet<(FileId, &'static str, usize, usize)>,
}

/// One column of a table, as an input reads it.
struct Column<'t> {
    table: &'t Table,
    data: FileId,
    /// Where the declaration names it, or its file.
    place: Span,
    position: usize,
    header: String,
}

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
        let mut read = Read::default();
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

    /// The text of a data file.
    fn data_text(&self, data: FileId) -> &str {
        &self.sources.file(data).text
    }

    /// The table that an input reads. What is wrong with the file is said where it is first read; a file that
    /// could not be read at all was reported when the model was loaded.
    fn table_of(&mut self, file: &Text, read: &mut Read) -> Option<(FileId, Rc<Table>)> {
        let name = joined(&self.sources.file(file.span.file).name, &file.text);
        let position = self.sources.files.iter().position(|source| source.name == name)?;
        let data = FileId(position as u32);
        if let Some(known) = read.tables.get(&data) {
            return known.clone().map(|table| (data, table));
        }
        let table = match Table::read(data, self.data_text(data)) {
            Ok(table) => self.has_equal_rows(file, data, &table).then(|| Rc::new(table)),
            Err(reason) => {
                self.report(
                    Diagnostic::error(
                        Code::InvalidData,
                        format!("`{name}` is no table of data: {reason}"),
                        file.span,
                        "read here",
                    )
                    .help("a data file has a line of headers and lines of values below, with commas between"),
                );
                None
            }
        };
        read.tables.insert(data, table.clone());
        table.map(|table| (data, table))
    }

    /// Whether every row has as many cells as the header.
    fn has_equal_rows(&mut self, file: &Text, data: FileId, table: &Table) -> bool {
        let n_columns = table.header.len();
        let name = self.sources.file(data).name.clone();
        let first = table.header.get(0).unwrap_or("");
        if let ([separator], 1) = (
            [';', '\t', '|'].iter().filter(|&&c| first.contains(c)).collect::<Vec<_>>().as_slice(),
            n_columns,
        ) {
            let shown = if **separator == '\t' { "tabs".to_owned() } else { format!("`{separator}`") };
            let span = table.cell_span(self.data_text(data), &table.header, 0);
            self.report(
                Diagnostic::error(
                    Code::InvalidData,
                    format!("`{name}` has {shown} between its cells, not commas"),
                    file.span,
                    "read here",
                )
                .and(span, "the line of headers")
                .help("save the table with commas between cells, and decimals with a point"),
            );
            return false;
        }
        let odd: Vec<&StringRecord> = table.rows.iter().filter(|row| row.len() != n_columns).collect();
        let Some(&row) = odd.first() else { return true };
        let text = self.data_text(data);
        let spans: Vec<Span> =
            odd.iter().take(1 + MAX_CELLS_SHOWN).map(|row| table.cell_span(text, row, usize::MAX)).collect();
        let headline = format!(
            "`{name}` line {}: {} {} under {} {}{}",
            table.line(text, row),
            row.len(),
            if row.len() == 1 { "cell" } else { "cells" },
            n_columns,
            if n_columns == 1 { "header" } else { "headers" },
            and_more(odd.len(), "line"),
        );
        let help = if row.len() > n_columns {
            "put a cell that holds a comma between double quotes, and write decimals with a point"
        } else {
            "give every column its cell: a missing value is an empty cell between commas"
        };
        let diagnostic = Diagnostic::error(Code::InvalidData, headline, file.span, "read here").help(help);
        self.report_with_cells(diagnostic, &spans, "the wrong number of cells");
        false
    }

    /// Reports a diagnostic with its first cell and a few further ones.
    fn report_with_cells(&mut self, mut diagnostic: Diagnostic, cells: &[Span], label: &str) {
        for (i, &cell) in cells.iter().take(1 + MAX_CELLS_SHOWN).enumerate() {
            diagnostic = diagnostic.and(cell, if i == 0 { label } else { "here too" });
        }
        self.report(diagnostic);
    }

    /// The column of a header, with the unit that stands in brackets after it, if any.
    fn column_of(&mut self, data: FileId, table: &Table, header: &Text) -> Option<(usize, Option<String>)> {
        let bare = |text: &str| -> (String, Option<String>) {
            match text.strip_suffix(']').and_then(|text| text.rsplit_once('[')) {
                Some((name, unit)) => (name.trim_end().to_owned(), Some(unit.trim().to_owned())),
                None => (text.to_owned(), None),
            }
        };
        let exact = table.columns_named(&header.text).to_vec();
        let found =
            if exact.is_empty() { positions(table, |text| bare(text).0 == header.text) } else { exact };
        let name = self.sources.file(data).name.clone();
        match found.as_slice() {
            &[position] => {
                let text = table.header.get(position).unwrap_or("");
                Some((position, if text == header.text { None } else { bare(text).1 }))
            }
            [] => {
                let known: Vec<String> =
                    table.header.iter().filter(|text| !text.is_empty()).map(|text| bare(text).0).collect();
                let lower = header.text.to_lowercase();
                let near = known.iter().find(|known| known.to_lowercase() == lower).cloned().or_else(|| {
                    contingent_syntax::nearest(&header.text, known.iter().map(String::as_str))
                        .map(str::to_owned)
                });
                let help = match near {
                    Some(near) if near.contains(|c: char| !c.is_alphanumeric() && c != '_') => {
                        format!("did you mean `\"{near}\"`?")
                    }
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        let shown = &known[..known.len().min(MAX_HEADERS_SHOWN)];
                        let more = if shown.len() < known.len() { " and others" } else { "" };
                        format!("its columns are {}{more}", list(shown))
                    }
                };
                let span = table.cell_span(self.data_text(data), &table.header, usize::MAX);
                self.report(
                    Diagnostic::error(
                        Code::UnknownColumn,
                        format!("`{name}` has no column `{}`", header.text),
                        header.span,
                        "no such header",
                    )
                    .and(span, "the line of headers")
                    .help(help),
                );
                None
            }
            [first, second, ..] => {
                let text = self.data_text(data);
                let spans = [*first, *second].map(|position| table.cell_span(text, &table.header, position));
                let diagnostic = Diagnostic::error(
                    Code::InvalidData,
                    format!("`{name}` has more than one column `{}`", header.text),
                    header.span,
                    "which one?",
                )
                .help("give each column a header of its own");
                self.report_with_cells(diagnostic, &spans, "first here");
                None
            }
        }
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
        let declared = head.unit.as_ref().map(|unit| self.sources.text(unit.span).to_owned());
        let mut found = Vec::new();
        let n_headers = headers.len();
        for header in headers {
            let Some((position, unit)) = self.column_of(data, table, &header) else { continue };
            let plain = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
            if let (Some(unit), Some(declared)) = (&unit, &declared)
                && plain(unit) != plain(declared)
            {
                let span = table.cell_span(self.data_text(data), &table.header, position);
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

    /// The times of the rows, strictly ascending.
    fn row_times(
        &mut self,
        data: FileId,
        table: &Table,
        header: &Text,
        unit: Option<&ast::Name>,
        read: &mut Read,
    ) -> Option<Rc<Vec<RowTime>>> {
        let (position, _) = self.column_of(data, table, header)?;
        let scale = self.time_scale(unit)?;
        let key = (data, position, unit.map(|unit| unit.text.clone()));
        if let Some(known) = read.times.get(&key) {
            return known.clone();
        }
        let column = Column { table, data, place: header.span, position, header: header.text.clone() };
        let times = self.read_times(&column, scale).map(Rc::new);
        read.times.insert(key, times.clone());
        times
    }

    fn time_scale(&mut self, unit: Option<&ast::Name>) -> Option<TimeScale> {
        if !self.clock_known {
            return None;
        }
        let Some(unit) = unit else {
            return Some(self.model.clock.start.map_or(TimeScale::Numbers(1.0), TimeScale::Dates));
        };
        let singular = unit.text.strip_suffix('s').unwrap_or(&unit.text);
        if let Some(&(_, days)) = TIME_UNITS.iter().find(|&&(name, _)| name == singular) {
            return Some(TimeScale::Numbers(self.units.time_scale(days)));
        }
        let near = contingent_syntax::nearest(&unit.text, TIME_UNITS.iter().map(|&(name, _)| name));
        self.report(
            Diagnostic::error(
                Code::UnknownUnit,
                format!("`{}` is not a unit of time", unit.text),
                unit.span,
                "a unit of time is needed",
            )
            .help(near.map_or_else(
                || "write for example `by t in weeks`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            )),
        );
        None
    }

    fn read_times(&mut self, column: &Column, scale: TimeScale) -> Option<Vec<RowTime>> {
        let rows = &column.table.rows;
        let mut times: Vec<RowTime> = Vec::with_capacity(rows.len());
        let mut problems = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            let cell = row.get(column.position).unwrap_or("");
            let found = if cell.is_empty() {
                Err(CellProblem { label: "no time", help: "every row needs its time".to_owned() })
            } else {
                row_time(cell, scale, &self.model.clock, &self.units)
            };
            match found {
                Ok(time) => times.push(time),
                Err(problem) => problems.push((i, problem)),
            }
        }
        if !problems.is_empty() {
            self.report_cells(column, problems);
            return None;
        }
        if let Some(i) = (1..times.len()).find(|&i| times[i].form != times[0].form) {
            let (first, other) = (times[0].form.words(), times[i].form.words());
            let spans = [self.cell(column, i), self.cell(column, 0)];
            let headline =
                format!("{}: {other} stands in a column that begins with {first}", self.place(column, i));
            let diagnostic = Diagnostic::error(Code::InvalidData, headline, column.place, "read here")
                .and(spans[0], other)
                .and(spans[1], first)
                .help("write all times of a column in the same way");
            self.report(diagnostic);
            return None;
        }
        if let Some(i) = (1..times.len()).find(|&i| times[i].at <= times[i - 1].at) {
            let (row, before) = (self.cell(column, i), self.cell(column, i - 1));
            let (what, label) = if times[i].at == times[i - 1].at {
                ("the same time stands twice", "the second time")
            } else {
                ("the rows do not go forward in time", "earlier than the row above")
            };
            let headline = format!("{}: {what}", self.place(column, i));
            let diagnostic = Diagnostic::error(Code::InvalidData, headline, column.place, "read here")
                .and(row, label)
                .and(before, "the row above")
                .help("sort the rows by time and keep one row per time");
            self.report(diagnostic);
            return None;
        }
        Some(times)
    }

    /// `data/strikes.csv`, line and column of a cell.
    fn place(&self, column: &Column, row: usize) -> String {
        let source = self.sources.file(column.data);
        let line = column.table.line(&source.text, &column.table.rows[row]);
        format!("`{}` line {line}, column `{}`", source.name, column.header)
    }

    fn cell(&self, column: &Column, row: usize) -> Span {
        column.table.cell_span(self.data_text(column.data), &column.table.rows[row], column.position)
    }

    /// Reports cells that cannot be read, one diagnostic per kind of mistake.
    fn report_cells(&mut self, column: &Column, problems: Vec<(usize, CellProblem)>) {
        let mut kinds: Vec<(CellProblem, Vec<usize>)> = Vec::new();
        for (row, problem) in problems {
            match kinds.iter_mut().find(|(known, _)| known.label == problem.label) {
                Some((_, rows)) => rows.push(row),
                None => kinds.push((problem, vec![row])),
            }
        }
        for (problem, rows) in kinds {
            let first = rows[0];
            let cell = column.table.rows[first].get(column.position).unwrap_or("");
            let shown: String = cell.chars().take(40).collect();
            let what = if cell.is_empty() {
                "the cell is empty".to_owned()
            } else {
                format!("`{shown}` cannot be read")
            };
            let headline = format!("{}: {what}{}", self.place(column, first), and_more(rows.len(), "cell"));
            let spans: Vec<Span> =
                rows.iter().take(1 + MAX_CELLS_SHOWN).map(|&row| self.cell(column, row)).collect();
            let diagnostic =
                Diagnostic::error(Code::InvalidData, headline, column.place, "read here").help(problem.help);
            self.report_with_cells(diagnostic, &spans, problem.label);
        }
    }

    /// The numbers of a column in base units; none where a cell is empty.
    fn column_values(&mut self, column: &Column, unit: &Unit) -> Option<Vec<Option<f64>>> {
        let mut values = Vec::with_capacity(column.table.rows.len());
        let mut problems = Vec::new();
        for (i, row) in column.table.rows.iter().enumerate() {
            let cell = row.get(column.position).unwrap_or("");
            if cell.is_empty() {
                values.push(None);
                continue;
            }
            let in_base_units = number(cell).and_then(|value| {
                let value = value * unit.scale;
                if value.is_finite() {
                    Ok(value)
                } else {
                    Err(CellProblem {
                        label: "too large to represent",
                        help: "choose a larger unit".to_owned(),
                    })
                }
            });
            match in_base_units {
                Ok(value) => values.push(Some(value)),
                Err(problem) => problems.push((i, problem)),
            }
        }
        if problems.is_empty() {
            return Some(values);
        }
        self.report_cells(column, problems);
        None
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

    fn data_name(&self, column: &Column) -> String {
        self.sources.file(column.data).name.clone()
    }

    /// When a row stands, in words that follow a verb.
    fn when(&self, time: &RowTime) -> String {
        match time.date {
            Some(date) => format!("on {date}"),
            None => format!("at {} {}s", time.at, self.model.clock.time_unit),
        }
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

/// The columns whose header fits.
fn positions(table: &Table, fits: impl Fn(&str) -> bool) -> Vec<usize> {
    table.header.iter().enumerate().filter(|(_, text)| fits(text)).map(|(position, _)| position).collect()
}

/// `" (and 3 more cells)"`, or nothing when there is only one.
fn and_more(n: usize, what: &str) -> String {
    match n {
        0 | 1 => String::new(),
        2 => format!(" (and 1 more {what})"),
        _ => format!(" (and {} more {what}s)", count((n - 1) as f64)),
    }
}
