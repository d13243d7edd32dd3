//! The run directory: the results of experiments as Parquet tables, with a manifest.
//!
//! Enters: results of experiments over one design, and texts such as the answer. Leaves: a directory with
//! `draws/view=V/draws.parquet` (a row per draw), `runs/view=V/policy=P/shard=LO-HI.parquet` (a row per run
//! from LO up to but without HI), `trajectories/view=V/policy=P/trajectories.parquet` (a row per run and
//! time), `series/view=V/policy=P/series.parquet` (a row per time, summaries of the indicators over the runs), and `manifest.json`. Numbers are in shown units. Always holds: a reader finds the whole directory or
//! none, because everything is written aside and renamed into place as the last act; nothing but a run
//! directory is ever replaced.
//!
//! Why draws and runs are separate tables, and how to join them: `docs/decisions/0002-run-directory.md`.

mod add;
mod analysis;
mod read;
mod stream;
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use contingent_engine::{Backend, OutcomeColumn, OutcomeRole, Parameter};
use contingent_model::{CheckedModel, Measure, VariableId};

use self::table::{Column, Values, write_table};
use crate::experiment::Settings;
use crate::manifest::{
    DesignRecord, ExperimentRecord, FailureRecord, FileRecord, Manifest, ModelRecord, RUN_SCHEMA,
    STREAM_VERSION, SettingsRecord,
};
use crate::stream::Totals;
use crate::{Design, EnsembleResult, Error};

pub use self::add::{Addition, IntegerColumn, TableColumn, TableValues, add_to_run};
pub use self::analysis::{AnalysisRecord, check_analysis_place, write_analysis};
pub use self::read::{StoredColumn, StoredExperiment, read_experiment, read_trajectories};
pub use self::stream::RunStream;

const MANIFEST: &str = "manifest.json";

/// Columns that the tables use themselves, and the names of the folders, which readers turn into columns.
const RESERVED_COLUMNS: [&str; 7] = ["draw", "replication", "step", "time", "view", "policy", "shard"];

/// Reads the manifest of a run directory. Fails when there is none, or when it is of another schema.
pub fn read_manifest(directory: &Path) -> Result<Manifest, Error> {
    let path = directory.join(MANIFEST);
    #[expect(clippy::disallowed_methods, reason = "the store is the place of this crate that reads files")]
    let text = fs::read_to_string(&path).map_err(|reason| file_error("read", &path, reason))?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|reason| Error::Manifest { path: path.clone(), reason })?;
    if manifest.schema == RUN_SCHEMA {
        Ok(manifest)
    } else {
        let found = format!("schema `{}` instead of `{RUN_SCHEMA}`", manifest.schema);
        Err(Error::Manifest { path, reason: <serde_json::Error as serde::de::Error>::custom(found) })
    }
}

/// Values of single elements of variables.
type ElementValues = BTreeMap<(VariableId, usize), f64>;

/// A run directory that is being written. It becomes visible with [`RunDirectory::commit`]; dropped before
/// that, it leaves nothing behind.
#[derive(Debug)]
pub struct RunDirectory<'a> {
    model: &'a CheckedModel,
    design: Design,
    target: PathBuf,
    partial: PathBuf,
    experiments: Vec<ExperimentRecord>,
    complete: bool,
    files: Vec<FileRecord>,
    /// The settings of assumptions behind the draws of each view that was written.
    drawn_with: BTreeMap<String, (BTreeMap<VariableId, f64>, ElementValues)>,
    backend: Option<Backend>,
    committed: bool,
}

impl<'a> RunDirectory<'a> {
    /// Begins a run directory at `target`, for results of `model` over `design`. Fails when something other
    /// than a run directory stands there, when a name of the model cannot name a column, or when positions in
    /// the design do not fit one; so that it is worth doing before the ensemble is run.
    pub fn create(target: &Path, model: &'a CheckedModel, design: Design) -> Result<Self, Error> {
        check_columns(model)?;
        let largest = design.n_draws.max(design.n_replications);
        if i32::try_from(largest).is_err() {
            return Err(Error::PositionsTooLarge {
                n_draws: design.n_draws,
                n_replications: design.n_replications,
            });
        }
        let target = if target.exists() {
            fs::canonicalize(target).map_err(|reason| file_error("find", target, reason))?
        } else {
            target.to_owned()
        };
        check_replaceable(&target)?;
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(|reason| file_error("create", parent, reason))?;
        }
        let partial = create_beside(&target, "partial")?;
        Ok(Self {
            model,
            design,
            target,
            partial,
            experiments: Vec::new(),
            complete: true,
            files: Vec::new(),
            drawn_with: BTreeMap::new(),
            backend: None,
            committed: false,
        })
    }

    /// Notes for the manifest what runs the program.
    pub fn note_backend(&mut self, backend: Backend) {
        self.backend = Some(backend.on_this_machine());
    }

    /// Writes the result of one experiment: its runs, its trajectories if any were kept, and the draws of its
    /// view unless another experiment has already written them. Fails when the experiment was already
    /// written, is of another design, or has other settings of assumptions than what its view holds already.
    pub fn write_result(&mut self, result: &EnsembleResult) -> Result<(), Error> {
        let view = result.experiment.view_name(self.model);
        let policy = result.experiment.policy_name(self.model);
        if result.design != self.design {
            return Err(Error::ExperimentsDiffer { view: view.to_owned(), what: "design" });
        }
        if self.experiments.iter().any(|written| written.view == view && written.policy == policy) {
            return Err(Error::ExperimentTwice { view: view.to_owned(), policy: policy.to_owned() });
        }
        let settings = &result.experiment.settings;
        let set = (&settings.assumptions, &settings.assumption_elements);
        match self.drawn_with.get(view) {
            Some((all, elements)) if (all, elements) == set => {}
            Some(_) => {
                return Err(Error::ExperimentsDiffer {
                    view: view.to_owned(),
                    what: "settings of assumptions",
                });
            }
            None => {
                self.write_draws(result, &format!("draws/view={view}/draws.parquet"))?;
                self.drawn_with.insert(view.to_owned(), (set.0.clone(), set.1.clone()));
            }
        }
        let n_runs = result.n_finished_runs;
        self.write_runs(result, &format!("runs/view={view}/policy={policy}/shard=0-{n_runs}.parquet"))?;
        if result.n_kept_runs > 0 && !result.recorded.is_empty() {
            let relative = format!("trajectories/view={view}/policy={policy}/trajectories.parquet");
            self.write_trajectories(result, &relative)?;
        }
        self.complete &= result.is_complete();
        self.experiments.push(experiment_record(self.model, result));
        Ok(())
    }

    /// Writes a text, such as `answer.json`, to a path inside the directory with `/` between its parts.
    pub fn write_text(&mut self, relative: &str, text: &str) -> Result<(), Error> {
        let stays_inside = Path::new(relative).components().all(|part| matches!(part, Component::Normal(_)));
        if relative.is_empty() || !stays_inside || relative == MANIFEST {
            return Err(Error::TextOutside { relative: relative.to_owned() });
        }
        let path = self.place_of(relative)?;
        write_new_file(&path, text)?;
        self.files.push(FileRecord {
            path: relative.to_owned(),
            n_bytes: text.len() as u64,
            n_rows: None,
            columns: Vec::new(),
        });
        Ok(())
    }

    /// Writes a file of an analysis to a path inside the directory with `/` between its parts; draws, runs and
    /// trajectories have their own folders, which are refused.
    pub fn write_addition(&mut self, relative: &str, addition: &Addition) -> Result<(), Error> {
        add::check_place(relative)?;
        let path = self.place_of(relative)?;
        self.files.push(addition.write(&path, relative)?);
        Ok(())
    }

    /// Writes the manifest and renames the directory into place; a run directory that stood there is removed.
    /// Leaves where the directory now is.
    pub fn commit(mut self) -> Result<PathBuf, Error> {
        let manifest = Manifest {
            schema: RUN_SCHEMA.to_owned(),
            model: ModelRecord { title: self.model.title.clone(), hash: self.model.hash.clone() },
            seed: self.design.seed,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            stream_version: STREAM_VERSION,
            backend: self.backend.map(|backend| backend.name().to_owned()),
            design: DesignRecord {
                method: "name-keyed scrambled sequences".to_owned(),
                n_draws: self.design.n_draws,
                n_replications: self.design.n_replications,
            },
            experiments: std::mem::take(&mut self.experiments),
            n_runs: 0,
            complete: self.complete,
            files: std::mem::take(&mut self.files),
        };
        let n_runs = manifest.experiments.iter().map(|experiment| experiment.n_finished_runs).sum();
        let manifest = Manifest { n_runs, ..manifest };
        let path = self.partial.join(MANIFEST);
        let mut text = serde_json::to_string_pretty(&manifest)
            .map_err(|reason| Error::Manifest { path: path.clone(), reason })?;
        text.push('\n');
        write_new_file(&path, &text)?;

        // Looked at again: since `create`, the user may have put something else there.
        check_replaceable(&self.target)?;
        let replaced = if self.target.exists() {
            let aside = create_beside(&self.target, "replaced")?.join("run");
            fs::rename(&self.target, &aside)
                .map_err(|reason| file_error("move aside", &self.target, reason))?;
            Some(aside)
        } else {
            None
        };
        if let Err(reason) = fs::rename(&self.partial, &self.target) {
            if let Some(aside) = replaced {
                // Best effort: the error below is the one that matters, and names the place.
                let _ = fs::rename(&aside, &self.target);
                let _ = aside.parent().map(fs::remove_dir);
            }
            return Err(file_error("put into place", &self.target, reason));
        }
        self.committed = true;
        if let Some(aside) = replaced.as_deref().and_then(Path::parent) {
            fs::remove_dir_all(aside)
                .map_err(|reason| Error::ReplacedRunLeft { path: aside.to_owned(), reason })?;
        }
        Ok(self.target.clone())
    }

    fn write_draws(&mut self, result: &EnsembleResult, relative: &str) -> Result<(), Error> {
        let mut columns = vec![position("draw", |row| row as u32)];
        for (parameter, values) in result.parameters.iter().zip(&result.parameter_values) {
            columns.push(draws_column(self.model, parameter, values));
        }
        self.write_table(relative, result.design.n_draws as usize, &columns)
    }

    fn write_runs(&mut self, result: &EnsembleResult, relative: &str) -> Result<(), Error> {
        let design = result.design;
        let mut columns = vec![
            position("draw", move |row| design.draw_of(row)),
            position("replication", move |row| design.replication_of(row)),
        ];
        for (outcome, values) in result.outcomes.iter().zip(&result.outcome_values) {
            columns.push(outcome_column(self.model, outcome, values));
        }
        for (observation, values) in self.model.observations.iter().zip(&result.log_likelihoods) {
            columns.push(likelihood_column(&observation.name, values));
        }
        self.write_table(relative, result.n_finished_runs, &columns)
    }

    fn write_trajectories(&mut self, result: &EnsembleResult, relative: &str) -> Result<(), Error> {
        let design = result.design;
        let n_times = result.n_times;
        let dt = self.model.clock.dt;
        let mut columns = vec![
            position("draw", move |row| design.draw_of(row / n_times)),
            position("replication", move |row| design.replication_of(row / n_times)),
            position("step", move |row| (row % n_times) as u32),
            Column {
                name: "time".to_owned(),
                unit: self.model.clock.time_unit.clone(),
                values: Values::Number(Box::new(move |row| (row % n_times) as f64 * dt)),
            },
        ];
        for (index, recorded) in result.recorded.iter().enumerate() {
            let scale = recorded.unit.scale;
            columns.push(Column {
                name: recorded.name.clone(),
                unit: recorded.unit.text.clone(),
                values: Values::Number(Box::new(move |row| {
                    result.recorded_value(row % n_times, index, row / n_times) / scale
                })),
            });
        }
        self.write_table(relative, result.n_kept_runs * n_times, &columns)
    }

    fn write_table(&mut self, relative: &str, n_rows: usize, columns: &[Column<'_>]) -> Result<(), Error> {
        let path = self.place_of(relative)?;
        write_table(&path, n_rows, columns)?;
        let n_bytes =
            fs::metadata(&path).map_err(|reason| file_error("read the size of", &path, reason))?.len();
        self.files.push(FileRecord {
            path: relative.to_owned(),
            n_bytes,
            n_rows: Some(n_rows as u64),
            columns: columns.iter().map(Column::record).collect(),
        });
        Ok(())
    }

    /// The path of a file to be, with the folders it lies in.
    fn place_of(&self, relative: &str) -> Result<PathBuf, Error> {
        let path = relative.split('/').fold(self.partial.clone(), |path, part| path.join(part));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|reason| file_error("create", folder, reason))?;
        }
        Ok(path)
    }
}

impl Drop for RunDirectory<'_> {
    fn drop(&mut self) {
        if !self.committed {
            // There is nobody left to tell; what remains carries `partial` in its name.
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
}

fn position<'a>(name: &str, value: impl Fn(usize) -> u32 + 'a) -> Column<'a> {
    Column { name: name.to_owned(), unit: "1".to_owned(), values: Values::Position(Box::new(value)) }
}

fn draws_column<'a>(model: &CheckedModel, parameter: &Parameter, values: &'a [f64]) -> Column<'a> {
    let unit = &model.variable(parameter.variable).unit;
    let scale = unit.scale;
    Column {
        name: parameter.name.clone(),
        unit: unit.text.clone(),
        values: Values::Number(Box::new(move |row| values[row] / scale)),
    }
}

/// How likely the data are in each run; empty for runs that failed.
fn likelihood_column<'a>(observation: &str, values: &'a [f64]) -> Column<'a> {
    let value = move |row: usize| (!values[row].is_nan()).then(|| values[row]);
    Column {
        name: format!("log_likelihood.{observation}"),
        unit: "1".to_owned(),
        values: Values::NumberOrNone(Box::new(value)),
    }
}

fn outcome_column<'a>(model: &CheckedModel, outcome: &OutcomeColumn, values: &'a [f64]) -> Column<'a> {
    let question = &model.questions[outcome.question];
    let name = outcome.name.clone();
    if outcome.role == OutcomeRole::FirstTime {
        let value = move |row: usize| (!values[row].is_nan()).then(|| values[row]);
        let unit = model.clock.time_unit.clone();
        Column { name, unit, values: Values::NumberOrNone(Box::new(value)) }
    } else if outcome.role == OutcomeRole::Given || matches!(question.measure, Measure::Probability(_)) {
        let value = move |row: usize| (!values[row].is_nan()).then(|| values[row] != 0.0);
        Column { name, unit: "1".to_owned(), values: Values::TrueOrFalse(Box::new(value)) }
    } else {
        let scale = question.unit.scale;
        let value = move |row: usize| (!values[row].is_nan()).then(|| values[row] / scale);
        Column { name, unit: question.unit.text.clone(), values: Values::NumberOrNone(Box::new(value)) }
    }
}

fn experiment_record(model: &CheckedModel, result: &EnsembleResult) -> ExperimentRecord {
    let failures = result.failures.iter().take(ExperimentRecord::MOST_FAILURES);
    ExperimentRecord {
        view: result.experiment.view_name(model).to_owned(),
        policy: result.experiment.policy_name(model).to_owned(),
        settings: settings_record(model, &result.experiment.settings),
        n_finished_runs: result.n_finished_runs as u64,
        n_failed_runs: result.failures.len() as u64,
        n_clipped_runs: result.n_clipped_runs as u64,
        n_kept_runs: result.n_kept_runs as u64,
        first_failures: failures.map(failure_record).collect(),
    }
}

fn totals_record(model: &CheckedModel, totals: &Totals) -> ExperimentRecord {
    ExperimentRecord {
        view: totals.experiment.view_name(model).to_owned(),
        policy: totals.experiment.policy_name(model).to_owned(),
        settings: settings_record(model, &totals.experiment.settings),
        n_finished_runs: totals.n_finished_runs as u64,
        n_failed_runs: totals.n_failed_runs as u64,
        n_clipped_runs: totals.n_clipped_runs as u64,
        n_kept_runs: 0,
        first_failures: totals.first_failures.iter().map(failure_record).collect(),
    }
}

fn failure_record(failure: &crate::Failure) -> FailureRecord {
    FailureRecord {
        draw: failure.draw,
        replication: failure.replication,
        time: failure.time,
        variable: failure.variable.clone(),
        cause: failure.cause.clone(),
    }
}

fn settings_record(model: &CheckedModel, settings: &Settings) -> SettingsRecord {
    let shown = |values: &BTreeMap<VariableId, f64>| {
        let shown = values.iter().map(|(&id, value)| {
            let variable = model.variable(id);
            (variable.name.clone(), value / variable.unit.scale)
        });
        shown.collect()
    };
    let chosen = settings.mechanisms.iter().map(|(&id, &alternative)| {
        let variable = model.variable(id);
        let contingent_model::VariableKind::Mechanism { alternatives, .. } = &variable.kind else {
            unreachable!("the experiment was checked before it was run")
        };
        (variable.name.clone(), alternatives[alternative].clone())
    });
    let of_elements = |values: &ElementValues| -> BTreeMap<String, f64> {
        let shown = values.iter().map(|(&(id, element), value)| {
            let variable = model.variable(id);
            let name = model.element_name(&variable.name, &variable.subscripts, element);
            (name, value / variable.unit.scale)
        });
        shown.collect()
    };
    let both = |mut all: BTreeMap<String, f64>, elements| {
        all.extend(of_elements(elements));
        all
    };
    SettingsRecord {
        assumptions: both(shown(&settings.assumptions), &settings.assumption_elements),
        levers: both(shown(&settings.levers), &settings.lever_elements),
        mechanisms: chosen.collect(),
    }
}

/// Fails when a name of the model would stand beside a column of the same name.
fn check_columns(model: &CheckedModel) -> Result<(), Error> {
    let is_assumption = |kind: &_| matches!(kind, contingent_model::VariableKind::Assumption { .. });
    let assumptions = model.variables.iter().filter(|variable| is_assumption(&variable.kind));
    let named = assumptions.map(|variable| (&variable.name, "assumption"));
    let named = named.chain(model.questions.iter().map(|question| (&question.name, "question")));
    let named = named.chain(model.indicators.iter().map(|indicator| (&indicator.name, "indicator")));
    for (name, declaration) in named {
        if RESERVED_COLUMNS.contains(&name.as_str()) {
            return Err(Error::ReservedColumn { column: name.clone(), declaration });
        }
    }
    Ok(())
}

/// Fails when something stands at the place that is not a run directory.
fn check_replaceable(target: &Path) -> Result<(), Error> {
    let is_free = !target.exists() && !target.is_symlink();
    if is_free || holds_a_run(target) {
        Ok(())
    } else {
        Err(Error::NotARunDirectory { path: target.to_owned() })
    }
}

/// Whether a directory holds a manifest of a run directory, of this or another version.
fn holds_a_run(directory: &Path) -> bool {
    #[derive(serde::Deserialize)]
    struct Schema {
        schema: String,
    }
    let family = RUN_SCHEMA.trim_end_matches(|last: char| last.is_ascii_digit());
    let Ok(file) = fs::File::open(directory.join(MANIFEST)) else { return false };
    serde_json::from_reader(std::io::BufReader::new(file))
        .is_ok_and(|Schema { schema }| schema.starts_with(family))
}

/// Creates a fresh directory beside another, named after it, the purpose and this process; on the same file
/// system, so that a rename moves it whole.
fn create_beside(target: &Path, purpose: &str) -> Result<PathBuf, Error> {
    let unnamed = || Error::RunDirectoryUnnamed { path: target.to_owned() };
    let name = target.file_name().ok_or_else(unnamed)?;
    let process = std::process::id();
    let mut attempt = 1_u32;
    loop {
        let mut beside = name.to_owned();
        beside.push(format!(".{purpose}-{process}"));
        if attempt > 1 {
            beside.push(format!("-{attempt}"));
        }
        let path = target.with_file_name(beside);
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(reason) if reason.kind() == ErrorKind::AlreadyExists => attempt += 1,
            Err(reason) => return Err(file_error("create", &path, reason)),
        }
    }
}

fn write_new_file(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Error> {
    let mut file = fs::File::create_new(path).map_err(|reason| file_error("create", path, reason))?;
    file.write_all(content.as_ref())
        .and_then(|()| file.sync_all())
        .map_err(|reason| file_error("write", path, reason))
}

fn file_error(action: &'static str, path: &Path, reason: std::io::Error) -> Error {
    Error::File { action, path: path.to_owned(), reason }
}
