//! One future as a table.
//!
//! Enters: a model and the recording of one run of it. Leaves: columns and rows, and the same as CSV. Always holds: a
//! row stands for each time that the model records, with the number that the model gives it; a stock, flow or auxiliary
//! with a label of its own is called by it, with the labels of its elements, so that an imported model shows the names
//! of its file.

use std::fmt::Write as _;

use contingent_engine::{BlockResult, Program};
use contingent_model::{CheckedModel, Variable, VariableKind};

/// One future.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulation {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Times, as the model counts them.
    pub times: Vec<f64>,
    /// A row a time, a value a column, in the unit that is shown.
    pub rows: Vec<Vec<f64>>,
}

/// The recording of one run (of [`contingent_engine::Recording::Everything`]) as a table.
pub fn simulation(model: &CheckedModel, program: &Program, result: &BlockResult) -> Simulation {
    let recorded = program.recorded();
    let mut columns: Vec<String> = model
        .variables
        .iter()
        .flat_map(|variable| {
            (0..model.n_elements(&variable.subscripts)).map(|element| shown_name(model, variable, element))
        })
        .collect();
    columns.extend(recorded[columns.len()..].iter().map(|column| column.name.clone()));
    let clock = &model.clock;
    let steps: Vec<usize> = (0..program.n_times()).step_by(clock.record_steps.max(1)).collect();
    let row = |&step: &usize| {
        let values = &result.recorded[step * recorded.len()..][..recorded.len()];
        values.iter().zip(recorded).map(|(value, column)| value / column.unit.scale).collect()
    };
    Simulation {
        columns,
        times: steps.iter().map(|&step| clock.origin + step as f64 * clock.dt).collect(),
        rows: steps.iter().map(row).collect(),
    }
}

/// The name of one element of a variable: by labels where the variable has one of its own.
fn shown_name(model: &CheckedModel, variable: &Variable, element: usize) -> String {
    let has_label = matches!(
        variable.kind,
        VariableKind::Stock { .. } | VariableKind::Flow { .. } | VariableKind::Auxiliary { .. }
    );
    let Some(label) = variable.label.as_ref().filter(|_| has_label) else {
        return model.element_name(&variable.name, &variable.subscripts, element);
    };
    let mut rest = element;
    let mut parts = Vec::with_capacity(variable.subscripts.len());
    for &id in variable.subscripts.iter().rev() {
        let labels = &model.subscript(id).labels;
        parts.push(labels[rest % labels.len()].as_str());
        rest /= labels.len();
    }
    parts.reverse();
    if parts.is_empty() { label.clone() } else { format!("{label}[{}]", parts.join(",")) }
}

impl Simulation {
    /// The table as CSV: a line of names, then a line a time.
    pub fn to_csv(&self) -> String {
        let mut text = String::from("time");
        for column in &self.columns {
            let _ = write!(text, ",{}", quoted(column));
        }
        text.push('\n');
        for (time, row) in self.times.iter().zip(&self.rows) {
            let _ = write!(text, "{time}");
            for value in row {
                let _ = write!(text, ",{value}");
            }
            text.push('\n');
        }
        text
    }
}

fn quoted(name: &str) -> String {
    if name.contains([',', '"', '\n']) {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}
