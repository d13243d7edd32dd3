//! Rows of a document as the columns of a table.
//!
//! Enters: rows, and what to take of each. Leaves: columns for Parquet. Always holds: every column has as many values as
//! there are rows; what a row does not have is null.

use contingent_ensemble::store::{TableColumn, TableValues};
use contingent_report::document::answer::Range;

/// A table being made of rows.
pub(crate) struct Table<'r, R> {
    rows: &'r [R],
    columns: Vec<TableColumn>,
}

impl<'r, R> Table<'r, R> {
    /// A table without columns.
    pub(crate) fn new(rows: &'r [R]) -> Self {
        Self { rows, columns: Vec::new() }
    }

    fn with(mut self, name: &str, values: TableValues) -> Self {
        self.columns.push(TableColumn { name: name.to_owned(), unit: "1".to_owned(), values });
        self
    }

    /// A column of texts.
    pub(crate) fn text(self, name: &str, of: impl Fn(&R) -> &str) -> Self {
        let values = self.rows.iter().map(|row| of(row).to_owned()).collect();
        self.with(name, TableValues::Text(values))
    }

    /// A column of numbers.
    pub(crate) fn number(self, name: &str, of: impl Fn(&R) -> Option<f64>) -> Self {
        let values = self.rows.iter().map(of).collect();
        self.with(name, TableValues::Number(values))
    }

    /// A column of whole numbers.
    pub(crate) fn integer(self, name: &str, of: impl Fn(&R) -> Option<usize>) -> Self {
        let whole = |row| of(row).map(|value| i32::try_from(value).unwrap_or(i32::MAX));
        let values = self.rows.iter().map(whole).collect();
        self.with(name, TableValues::Integer(values))
    }

    /// A column of truths, 0 or 1.
    pub(crate) fn truth(self, name: &str, of: impl Fn(&R) -> Option<bool>) -> Self {
        self.integer(name, |row| of(row).map(usize::from))
    }

    /// Two columns for the ends of an interval.
    pub(crate) fn range(self, name: &str, of: impl Fn(&R) -> Option<Range>) -> Self {
        self.number(&format!("{name}_low"), |row| of(row).and_then(|range| range.low))
            .number(&format!("{name}_high"), |row| of(row).and_then(|range| range.high))
    }

    /// The columns.
    pub(crate) fn columns(self) -> Vec<TableColumn> {
        self.columns
    }
}
