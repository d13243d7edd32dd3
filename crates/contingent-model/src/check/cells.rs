//! Tables of data as declarations read them: which column, at what times, what numbers.
//!
//! Enters: names of files and headers, and the texts of the data. Leaves: columns, times and numbers in base units.
//! Always holds: a diagnostic points at the declaration and, where a cell is to blame, into the data; what is wrong
//! with a file or a column of times is said once, however many declarations read it.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use contingent_syntax::ast::{self, Text};
use contingent_syntax::{Code, Diagnostic, FileId, Span};
use csv::StringRecord;

use super::Checker;
use super::collect::list;
use super::header::count;
use crate::data::Table;
use crate::load::joined;
use crate::series::{CellProblem, RowTime, TimeScale, number, row_time};
use crate::unit::{TIME_UNITS, Unit};

/// Most further cells with the same mistake that are shown.
pub(super) const MAX_CELLS_SHOWN: usize = 3;
/// Most headers that are listed.
const MAX_HEADERS_SHOWN: usize = 12;

/// A column of times: its file, its position and the unit that its numbers count in.
type TimeColumn = (FileId, usize, Option<String>);

/// What was read so far, so that it is read and blamed once.
#[derive(Default)]
pub(super) struct Read {
    tables: HashMap<FileId, Option<Rc<Table>>>,
    times: HashMap<TimeColumn, Option<Rc<Vec<RowTime>>>>,
    /// Numbers that all inputs hold so far.
    pub(super) n_values: usize,
    /// Missing rows that were reported: what is missing, and the rows before and after it.
    pub(super) said: HashSet<(FileId, &'static str, usize, usize)>,
}

/// One column of a table, as a declaration reads it.
pub(super) struct Column<'t> {
    pub(super) table: &'t Table,
    pub(super) data: FileId,
    /// Where the declaration names it, or its file.
    pub(super) place: Span,
    pub(super) position: usize,
    pub(super) header: String,
}

impl Checker<'_> {
    /// The text of a data file.
    pub(super) fn data_text(&self, data: FileId) -> &str {
        &self.sources.file(data).text
    }

    /// The table that an input reads. What is wrong with the file is said where it is first read; a file that
    /// could not be read at all was reported when the model was loaded.
    pub(super) fn table_of(&mut self, file: &Text, read: &mut Read) -> Option<(FileId, Rc<Table>)> {
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
    pub(super) fn report_with_cells(&mut self, mut diagnostic: Diagnostic, cells: &[Span], label: &str) {
        for (i, &cell) in cells.iter().take(1 + MAX_CELLS_SHOWN).enumerate() {
            diagnostic = diagnostic.and(cell, if i == 0 { label } else { "here too" });
        }
        self.report(diagnostic);
    }

    /// Whether the unit in the header of a column is `declared`. One that cannot be read is compared by its letters.
    pub(super) fn is_unit_of_header(&mut self, place: Span, declared: &Unit) -> bool {
        if let Some(unit) = self.header_unit(place) {
            // Scales of units that are the same come from the same numbers, up to the order of multiplication.
            let same_scale = (unit.scale - declared.scale).abs() <= 1e-12 * declared.scale.abs();
            return unit.dimension == declared.dimension && same_scale;
        }
        let plain = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
        plain(self.sources.text(place)) == plain(&declared.text)
    }

    /// The unit in the header of a column; none when it is none that the model knows.
    pub(super) fn header_unit(&mut self, place: Span) -> Option<Unit> {
        let written = contingent_syntax::parse_unit(self.data_text(place.file), place)?;
        // Data are no part of the model's text, so that a name in them is not one of its uses.
        for factor in &written.factors {
            self.units.named(&factor.name.text)?;
        }
        let (naming, reported) = (std::mem::take(&mut self.naming), self.diagnostics.len());
        let unit = self.unit(&written);
        self.naming = naming;
        debug_assert!(unit.is_none() || self.diagnostics.len() == reported, "known units are not reported");
        unit
    }

    /// The column of a header, with the place of the unit that stands in brackets after it, if any.
    pub(super) fn column_of(
        &mut self,
        data: FileId,
        table: &Table,
        header: &Text,
    ) -> Option<(usize, Option<Span>)> {
        let bare = |text: &str| -> String {
            match text.strip_suffix(']').and_then(|text| text.rsplit_once('[')) {
                Some((name, _)) => name.trim_end().to_owned(),
                None => text.to_owned(),
            }
        };
        let exact = table.columns_named(&header.text).to_vec();
        let found = if exact.is_empty() { positions(table, |text| bare(text) == header.text) } else { exact };
        let name = self.sources.file(data).name.clone();
        match found.as_slice() {
            &[position] => {
                let text = table.header.get(position).unwrap_or("");
                let whole = table.cell_span(self.data_text(data), &table.header, position);
                Some((
                    position,
                    if text == header.text { None } else { in_brackets(self.sources.text(whole), whole) },
                ))
            }
            [] => {
                let known: Vec<String> =
                    table.header.iter().filter(|text| !text.is_empty()).map(&bare).collect();
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

    /// The times of the rows, strictly ascending.
    pub(super) fn row_times(
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
    pub(super) fn place(&self, column: &Column, row: usize) -> String {
        let source = self.sources.file(column.data);
        let line = column.table.line(&source.text, &column.table.rows[row]);
        format!("`{}` line {line}, column `{}`", source.name, column.header)
    }

    pub(super) fn cell(&self, column: &Column, row: usize) -> Span {
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
    pub(super) fn column_values(&mut self, column: &Column, unit: &Unit) -> Option<Vec<Option<f64>>> {
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
                if unit.is_share && !(0.0..=1.0).contains(&value) {
                    Err(CellProblem {
                        label: "no share between 0 and 1",
                        help: format!(
                            "a `{}` is written as a number from 0 to 1, such as 0.25 for 25%",
                            unit.text
                        ),
                    })
                } else if value.is_finite() {
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

    pub(super) fn data_name(&self, column: &Column) -> String {
        self.sources.file(column.data).name.clone()
    }

    /// When a row stands, in words that follow a verb.
    pub(super) fn when(&self, time: &RowTime) -> String {
        match time.date {
            Some(date) => format!("on {date}"),
            None => format!("at {} {}s", time.at, self.model.clock.time_unit),
        }
    }
}

/// The place of what stands in the last brackets of a header that stands at `whole`.
fn in_brackets(header: &str, whole: Span) -> Option<Span> {
    let (from, to) = (header.rfind('[')? + 1, header.rfind(']')?);
    let inside = header.get(from..to)?;
    let start = from + (inside.len() - inside.trim_start().len());
    let end = start + inside.trim().len();
    Some(Span::new(whole.file, whole.start + start as u32, whole.start + end as u32))
}

/// The columns whose header fits.
fn positions(table: &Table, fits: impl Fn(&str) -> bool) -> Vec<usize> {
    table.header.iter().enumerate().filter(|(_, text)| fits(text)).map(|(position, _)| position).collect()
}

/// `" (and 3 more cells)"`, or nothing when there is only one.
pub(super) fn and_more(n: usize, what: &str) -> String {
    match n {
        0 | 1 => String::new(),
        2 => format!(" (and 1 more {what})"),
        _ => format!(" (and {} more {what}s)", count((n - 1) as f64)),
    }
}
