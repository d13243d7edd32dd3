//! The document as tables.
//!
//! Enters: a [`ComparisonDocument`]. Leaves: files to be written. Always holds: a row per question and view, per question
//! and part of the gap, and per question, policy and view; the numbers are those of the document.

use contingent_ensemble::store::{Addition, TableColumn, TableValues};

use crate::sensitivity::EstimateRecord;
use contingent_report::document::comparison::ComparisonDocument;

/// The document itself and its tables, by path.
pub fn tables(document: &ComparisonDocument) -> Result<Vec<(String, Addition)>, serde_json::Error> {
    // The document does not say where it lies, so that equal results are equal bytes.
    let mut placeless = document.clone();
    placeless.directory = None;
    let json = serde_json::to_string_pretty(&placeless)? + "\n";
    let mut files = vec![("comparison.json".to_owned(), Addition::Text(json))];
    let mut views = Rows::new(&["question", "view", "unit"], &["value"]);
    let mut parts = Rows::new(&["question", "group", "label", "unit"], &["part"]);
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let mut policies = Rows::new(&["question", "policy", "view", "unit"], &["value", "change"]);
    for question in &document.questions {
        let unit = question.unit.as_deref().unwrap_or("1");
        for value in &question.views {
            views.push(&[&question.id, &value.view, unit], &[value.value]);
        }
        if let Some(pooled) = question.pooled {
            views.push(&[&question.id, "pooled", unit], &[Some(pooled)]);
        }
        for part in question.waterfall.iter().flat_map(|waterfall| &waterfall.parts) {
            parts.push(&[&question.id, &part.group, &part.label, unit], &[Some(part.part)]);
            first.push(Some(part.first));
            last.push(Some(part.last));
        }
        for change in &question.policies {
            policies
                .push(&[&question.id, &change.policy, &change.view, unit], &[change.value, change.change]);
        }
    }
    files.push(("views.parquet".to_owned(), Addition::Table(views.columns())));
    if !first.is_empty() {
        let mut columns = parts.columns();
        for (name, values) in [("first", first), ("last", last)] {
            columns.push(column(name, TableValues::Number(values)));
        }
        files.push(("parts.parquet".to_owned(), Addition::Table(columns)));
    }
    if !document.policies.is_empty() {
        files.push(("policies.parquet".to_owned(), Addition::Table(policies.columns())));
    }
    Ok(files)
}

fn column(name: &str, values: TableValues) -> TableColumn {
    TableColumn { name: name.to_owned(), unit: "1".to_owned(), values }
}

/// Rows of texts and of numbers with their intervals.
struct Rows {
    texts: Vec<(&'static str, Vec<String>)>,
    estimates: Vec<(&'static str, Vec<Option<EstimateRecord>>)>,
}

impl Rows {
    fn new(texts: &[&'static str], estimates: &[&'static str]) -> Self {
        Self {
            texts: texts.iter().map(|&name| (name, Vec::new())).collect(),
            estimates: estimates.iter().map(|&name| (name, Vec::new())).collect(),
        }
    }

    fn push(&mut self, texts: &[&str], estimates: &[Option<EstimateRecord>]) {
        for ((_, column), text) in self.texts.iter_mut().zip(texts) {
            column.push((*text).to_owned());
        }
        for ((_, column), estimate) in self.estimates.iter_mut().zip(estimates) {
            column.push(*estimate);
        }
    }

    fn columns(self) -> Vec<TableColumn> {
        let mut columns: Vec<TableColumn> =
            self.texts.into_iter().map(|(name, values)| column(name, TableValues::Text(values))).collect();
        for (name, values) in self.estimates {
            let of = |of: fn(&EstimateRecord) -> f64| {
                TableValues::Number(values.iter().map(|found| found.as_ref().map(of)).collect())
            };
            columns.push(column(name, of(|found| found.value)));
            columns.push(column(&format!("{name}_low"), of(|found| found.low)));
            columns.push(column(&format!("{name}_high"), of(|found| found.high)));
        }
        columns
    }
}
