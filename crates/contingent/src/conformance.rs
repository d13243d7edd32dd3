//! XMILE models against the output that stands beside them.
//!
//! Enters: a directory with models (`.xmile`, `.stmx`) and, beside each, tables of what it should give (`output*.csv` or
//! `.tab`). Leaves: a [`ModelResult`] for each model, and a page of them. Always holds: a model passes only when numbers
//! were compared and all of them agreed, to 1e-5 of the expected one or 1e-6; and when writing it as XMILE and reading
//! it again gives the same numbers.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use contingent_engine::quantile::central;
use contingent_engine::{Block, ChanceMode, Configuration, Recording, Workspace, compile, run_block};
use contingent_model::{CheckedModel, VariableKind};
use contingent_xmile::{ImportError, canonical};

use crate::exchange::read_xmile;
use crate::simulation::{Simulation, simulation};

/// Share of the expected number by which another may differ. Files round to six digits, which is up to 5e-6.
const RELATIVE: f64 = 1e-5;
/// Difference that counts as none near zero.
const ABSOLUTE: f64 = 1e-6;
/// The same for writing and reading again: only rounding in another order of operations is allowed.
const ROUND_TRIP: f64 = 1e-9;
/// What Vensim writes beside the variables of a model, whether or not the file has it.
const SETTINGS: [&str; 4] = ["initial_time", "final_time", "time_step", "saveper"];

/// What became of a model.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Everything that was compared agreed.
    Passed {
        /// Numbers that were compared.
        n_compared: usize,
        /// The largest difference, as a share of what is allowed.
        worst: f64,
    },
    /// It was not imported, and why.
    Refused(String),
    /// It was imported, but numbers differ or nothing could be compared.
    Failed(String),
}

/// One model.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelResult {
    /// Path below the directory.
    pub file: String,
    /// What became of it.
    pub state: State,
    /// Tables with which it was compared.
    pub tables: Vec<String>,
    /// Columns of the tables that the file has no variable for.
    pub absent: Vec<String>,
}

/// Compares every model below a directory.
pub fn conformance(directory: &Path) -> Result<Vec<ModelResult>, String> {
    let mut files = Vec::new();
    find_models(directory, 0, &mut files)?;
    files.sort();
    if files.is_empty() {
        return Err(format!("there is no XMILE model below `{}`", directory.display()));
    }
    Ok(files.iter().map(|file| compare_model(directory, file)).collect())
}

fn find_models(directory: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let fail = |error: std::io::Error| format!("cannot read `{}`: {error}", directory.display());
    for entry in std::fs::read_dir(directory).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.is_dir() && depth < 10 {
            find_models(&path, depth + 1, found)?;
        } else if path.extension().is_some_and(|extension| extension == "xmile" || extension == "stmx") {
            found.push(path);
        }
    }
    Ok(())
}

fn compare_model(root: &Path, path: &Path) -> ModelResult {
    let file = path.strip_prefix(root).unwrap_or(path).display().to_string();
    let mut result =
        ModelResult { file, state: State::Failed(String::new()), tables: Vec::new(), absent: Vec::new() };
    result.state = match check_model(path, &mut result.tables, &mut result.absent) {
        Ok((n_compared, worst)) => State::Passed { n_compared, worst },
        Err(state) => state,
    };
    result
}

fn check_model(
    path: &Path,
    tables: &mut Vec<String>,
    absent: &mut Vec<String>,
) -> Result<(usize, f64), State> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let text = read_xmile(path).map_err(State::Failed)?;
    let imported = contingent_xmile::import(&name, &text).map_err(|error| {
        State::Refused(match error {
            ImportError::Refused(report) => report
                .notes
                .iter()
                .filter(|note| note.weight == contingent_xmile::Weight::Refused)
                .map(|note| format!("`{}`: {}", note.place, note.reason))
                .collect::<Vec<_>>()
                .join("; "),
            other => other.to_string(),
        })
    })?;
    let model = checked(&name, &imported.text).map_err(State::Failed)?;
    let simulated = simulate(&model).map_err(State::Failed)?;
    let (mut n_compared, mut worst) = (0, 0.0_f64);
    for (table, expected) in expectations(path).map_err(State::Failed)? {
        let (n, here) = compare(&simulated, &expected, absent)
            .map_err(|reason| State::Failed(format!("against `{table}`: {reason}")))?;
        n_compared += n;
        worst = worst.max(here);
        tables.push(table);
    }
    absent.sort();
    absent.dedup();
    if n_compared == 0 {
        return Err(State::Failed("nothing could be compared".to_owned()));
    }
    round_trip(&model, &simulated).map_err(State::Failed)?;
    Ok((n_compared, worst))
}

/// The checked model of a text that was imported.
pub fn checked(name: &str, text: &str) -> Result<CheckedModel, String> {
    let loaded =
        contingent_model::load(name, text.to_owned(), &mut |_| Err("there is no other file".to_owned()));
    let checked = contingent_model::check(loaded);
    checked.model.ok_or_else(|| {
        checked
            .diagnostics
            .first()
            .map_or_else(|| "it has mistakes".to_owned(), |first| first.headline.clone())
    })
}

/// One future at central values, with chance replaced by its expectation.
pub fn simulate(model: &CheckedModel) -> Result<Simulation, String> {
    simulate_with(model, ChanceMode::Expected, 1)
}

/// One future at central values.
pub fn simulate_with(model: &CheckedModel, chance: ChanceMode, seed: u64) -> Result<Simulation, String> {
    let configuration =
        Configuration { chance, recording: Recording::Everything, ..Configuration::default() };
    let program = compile(model, &configuration).map_err(|error| error.to_string())?;
    let parameters: Vec<f64> = program
        .parameters()
        .iter()
        .map(|parameter| match &model.variable(parameter.variable).kind {
            VariableKind::Assumption { distributions, .. } => {
                central(distributions.get(parameter.element).unwrap_or(&distributions[0]))
            }
            _ => 0.0,
        })
        .collect();
    let block = Block { seed, draws: &[0], replications: &[0], parameters: &parameters };
    let result = run_block(&program, &block, &mut Workspace::default());
    Ok(simulation(model, &program, &result))
}

/// Writes a model as XMILE and reads it again: every number must be the same but for rounding.
pub fn round_trip(model: &CheckedModel, simulated: &Simulation) -> Result<usize, String> {
    let exported = contingent_xmile::export(model)
        .map_err(|report| format!("it cannot be written as XMILE again: {}", report.to_text().trim()))?;
    let again = contingent_xmile::import("again.xmile", &exported.text)
        .map_err(|error| format!("what was written as XMILE is not read: {error}"))?;
    let again = simulate(&checked("again.ctg", &again.text)?)?;
    if again.times.len() != simulated.times.len() {
        return Err(format!("written and read again it has {} times", again.times.len()));
    }
    let columns: HashMap<&str, usize> =
        again.columns.iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
    let mut n_compared = 0;
    for (i, name) in simulated.columns.iter().enumerate() {
        let Some(&j) = columns.get(name.as_str()) else {
            return Err(format!("written and read again there is no `{name}`"));
        };
        for (time, (one, other)) in simulated.times.iter().zip(simulated.rows.iter().zip(&again.rows)) {
            let (one, other) = (one[i], other[j]);
            let is_same = one == other
                || (one.is_nan() && other.is_nan())
                || (one - other).abs() <= ROUND_TRIP * one.abs().max(1.0);
            if !is_same {
                return Err(format!(
                    "written and read again `{name}` is {other} at time {time}; it was {one}"
                ));
            }
            n_compared += 1;
        }
    }
    Ok(n_compared)
}

/// A table of expected numbers.
struct Expected {
    columns: Vec<String>,
    /// Time and the cells of each row; empty cells are none.
    rows: Vec<(f64, Vec<Option<f64>>)>,
}

#[expect(clippy::disallowed_methods, reason = "this is an adapter that reads files of other programs")]
fn expectations(model: &Path) -> Result<Vec<(String, Expected)>, String> {
    let Some(directory) = model.parent() else { return Ok(Vec::new()) };
    let mut tables = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_table = path.extension().is_some_and(|extension| extension == "csv" || extension == "tab");
        if !(name.starts_with("output") && is_table) {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
        tables.push((name.clone(), expected(&text).map_err(|reason| format!("{name}: {reason}"))?));
    }
    tables.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(tables)
}

fn expected(text: &str) -> Result<Expected, String> {
    // Files of older programs end lines with a carriage return alone.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let header = lines.next().ok_or("the table is empty")?;
    let separator = if header.contains('\t') { '\t' } else { ',' };
    let columns = cells(header, separator).into_iter().skip(1).collect();
    let mut rows = Vec::new();
    for line in lines {
        let mut cells = cells(line, separator).into_iter();
        let time = cells.next().and_then(|cell| cell.trim().parse().ok()).ok_or("a row has no time")?;
        rows.push((time, cells.map(|cell| cell.trim().parse().ok()).collect()));
    }
    Ok(Expected { columns, rows })
}

fn cells(line: &str, separator: char) -> Vec<String> {
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    for character in line.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            other if other == separator && !is_quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

/// A name as names are compared, with its elements.
fn key(name: &str) -> String {
    match name.split_once('[') {
        None => canonical(name),
        Some((name, elements)) => {
            let elements: Vec<String> = elements.trim_end_matches(']').split(',').map(canonical).collect();
            format!("{}[{}]", canonical(name), elements.join(","))
        }
    }
}

fn compare(
    simulated: &Simulation,
    expected: &Expected,
    absent: &mut Vec<String>,
) -> Result<(usize, f64), String> {
    let columns: HashMap<String, usize> =
        simulated.columns.iter().enumerate().map(|(i, name)| (key(name), i)).collect();
    let (mut n_compared, mut worst) = (0, 0.0_f64);
    let (mut n_differing, mut first) = (0, String::new());
    for (j, name) in expected.columns.iter().enumerate() {
        let Some(&i) = columns.get(&key(name)) else {
            if !SETTINGS.contains(&key(name).as_str()) {
                absent.push(name.clone());
            }
            continue;
        };
        for (time, cells) in &expected.rows {
            let Some(wanted) = cells.get(j).copied().flatten() else { continue };
            let row = simulated.times.partition_point(|&known| known < time - 0.5e-3);
            let is_near = |row: usize| {
                simulated
                    .times
                    .get(row)
                    .is_some_and(|known| (known - time).abs() <= 0.55e-3 + 1e-6 * time.abs())
            };
            let Some(row) = (row..row + 2).find(|&row| is_near(row)) else {
                return Err(format!("the model has no time {time}"));
            };
            let found = simulated.rows[row][i];
            let allowed = ABSOLUTE.max(RELATIVE * wanted.abs());
            let difference = (found - wanted).abs();
            let agrees = difference <= allowed;
            if !agrees {
                n_differing += 1;
                if first.is_empty() {
                    first = format!("`{name}` is {found} at time {time}, and the table has {wanted}");
                }
            }
            if !SETTINGS.contains(&key(name).as_str()) {
                n_compared += 1;
            }
            worst = worst.max(difference / allowed);
        }
    }
    if n_differing > 0 {
        return Err(format!("{n_differing} of {n_compared} numbers differ, the first where {first}"));
    }
    if n_compared == 0 {
        return Err("no column of the table is a variable of the file".to_owned());
    }
    Ok((n_compared, worst))
}

/// Why a number that a table gives is not what the file says, for the page.
fn known_reason(file: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(part, _)| file.contains(part)).map(|&(_, reason)| reason)
}

/// Models whose tables do not belong to them, or that lost what they need, with the reason.
const KNOWN: &[(&str, &str)] = &[
    (
        "tests/exp/",
        "The table was reckoned in single precision: 48 steps of 0.1 from -5 make -0.2 and not -0.200003",
    ),
    ("macro_expression/", "The file calls a macro that it does not define"),
    ("macro_multi_macros/", "The file calls macros that it does not define"),
    ("subscript_constant_call/", "The program that wrote the file lost an equation and wrote `???`"),
    ("subscript_mixed_assembly/", "The program that wrote the file lost equations and wrote `???`"),
    (
        "subscript_subranges/",
        "The program that wrote the file lost an equation and a subrange and wrote `???`",
    ),
    ("subscript_updimensioning/", "The program that wrote the file lost an equation and wrote `???`"),
];

/// The page of all results.
pub fn page(results: &[ModelResult]) -> String {
    let n_passed = results.iter().filter(|result| matches!(result.state, State::Passed { .. })).count();
    let n_refused = results.iter().filter(|result| matches!(result.state, State::Refused(_))).count();
    let n_failed = results.len() - n_passed - n_refused;
    let mut text = format!(
        "# XMILE models of others\n\nWritten by `cargo xtask xmile DIR` from the models of the SDXorg test collection \
         (SDXorg/test-models). A model passes when every number of every table beside it agrees to 1e-5 of it, or 1e-6 \
         near zero, and when writing it as XMILE and reading it again gives the same numbers to 1e-9.\n\n{} models: \
         {n_passed} pass, {n_refused} are refused, {n_failed} differ from their tables.\n\n| model | state | numbers | \
         remarks |\n|---|---|---|---|\n",
        results.len()
    );
    for result in results {
        let absent = if result.absent.is_empty() {
            String::new()
        } else {
            let names: Vec<String> = result.absent.iter().map(|name| format!("`{name}`")).collect();
            format!("the tables also have {}, which the file does not", names.join(", "))
        };
        let (state, number, remarks) = match &result.state {
            State::Passed { n_compared, .. } => ("pass", n_compared.to_string(), absent),
            State::Refused(reason) => {
                let why = known_reason(&result.file).map_or_else(String::new, |why| format!("{why}. "));
                ("refused", String::new(), format!("{why}{}", capital(reason)))
            }
            State::Failed(reason) => {
                let why = known_reason(&result.file).map_or_else(String::new, |why| format!("{why}. "));
                ("differs", String::new(), format!("{why}{}", capital(reason)))
            }
        };
        let _ =
            writeln!(text, "| `{}` | {state} | {number} | {} |", result.file, remarks.replace('|', "\\|"));
    }
    text
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
