//! `contingent sensitivity`: what the answers of a model hang on.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use contingent::discover::ExperimentColumns;
use contingent::render::{RenderOptions, render_sensitivity};
use contingent::sensitivity::{
    BuildOptions, DesignKind, GroupBy, Plan, SensitivityDocument, answers_a_question, factors, from_columns,
    from_design, from_stored_alone, run_design, tables,
};
use contingent_ensemble::manifest::{DesignRecord, ModelRecord};
use contingent_ensemble::store::{AnalysisRecord, check_analysis_place, read_experiment, write_analysis};
use contingent_ensemble::{Design, RunOptions, points, run_experiment, with_threads};
use contingent_model::{CheckedModel, Distribution};
use contingent_syntax::nearest;

use super::{ExperimentArguments, Format, Outcome, Stop, output, settings};
use crate::cli::output::Progress;

/// Which runs tell what the answers hang on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DesignName {
    /// Independent draws, as `answer` takes them: what each assumption does alone
    Ensemble,
    /// Mixtures of two draws: what each does in all, and what two do only together
    Saltelli,
    /// One assumption after the other moved by half of its range: screening of very many
    Morris,
    /// As `morris`, each assumption moved alone from the start
    Radial,
}

/// What assumptions are looked at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GroupName {
    /// The actor that they are about
    Actor,
    /// The sources that they cite
    Source,
    /// The people whose claims they cite
    Speaker,
}

impl GroupName {
    pub(super) fn group_by(name: Option<Self>) -> GroupBy {
        match name {
            None => GroupBy::Assumption,
            Some(Self::Actor) => GroupBy::Actor,
            Some(Self::Source) => GroupBy::Source,
            Some(Self::Speaker) => GroupBy::Speaker,
        }
    }
}

#[derive(Args)]
pub(super) struct SensitivityArguments {
    /// A `.ctg` file, a directory with a `model.ctg`, or a run directory
    model: std::path::PathBuf,
    /// Look at this question alone; may be given several times
    #[arg(long, value_name = "NAME")]
    question: Vec<String>,
    /// Which runs tell it
    #[arg(long, value_enum, default_value_t = DesignName::Ensemble)]
    design: DesignName,
    /// Look at groups of assumptions
    #[arg(long, value_enum, value_name = "WHAT")]
    group_by: Option<GroupName>,
    /// Runs in all, replications counted; a design takes as many points as they allow
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    runs: Option<u32>,
    /// Replications of each draw or row, each with its own chance; two or more tell chance from the rest
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    replications: u32,
    /// Bootstrap replicates behind the intervals of a design
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    bootstraps: u32,
    /// Use the runs of this run directory instead of running the model
    #[arg(long, value_name = "RUN_DIRECTORY",
        conflicts_with_all = ["runs", "replications", "settings", "seed"])]
    from: Option<std::path::PathBuf>,
    #[command(flatten)]
    experiment: ExperimentArguments,
    /// Seed of every draw
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; all cores unless given
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Write the document and its tables to this directory
    #[arg(short, long, value_name = "DIRECTORY")]
    out: Option<std::path::PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Runs of an ensemble unless the user says otherwise: 10,000 draws twice.
const ENSEMBLE_RUNS: u32 = 20_000;

/// Runs of a design unless the user says otherwise.
const DESIGN_RUNS: u32 = 200_000;

pub(super) fn run(arguments: &SensitivityArguments) -> Outcome {
    if let Some(out) = &arguments.out {
        check_analysis_place(out)?;
    }
    if is_run_directory(&arguments.model) {
        return of_run_directory(arguments);
    }
    let model = output::open(&arguments.model)?;
    if model.questions.is_empty() {
        return Err(Stop::Model(
            "the model asks no question\nhelp: add a `question`; sensitivity is about its answer".to_owned(),
        ));
    }
    let names: Vec<&str> = model.questions.iter().map(|question| question.name.as_str()).collect();
    let options = build_options(arguments, places(&arguments.question, &names)?);
    match (&arguments.from, arguments.design) {
        (Some(_), DesignName::Saltelli | DesignName::Morris | DesignName::Radial) => Err(needs_runs()),
        (Some(directory), DesignName::Ensemble) => from_directory(&model, directory, arguments, &options),
        (None, DesignName::Ensemble) => ensemble(&model, arguments, &options),
        (None, _) => designed(&model, arguments, &options),
    }
}

fn is_run_directory(path: &Path) -> bool {
    path.join("manifest.json").is_file() && !path.join(contingent::project::MAIN_FILE).is_file()
}

fn needs_runs() -> Stop {
    Stop::Fault(
        "a run directory holds independent draws, and this design needs runs of its own\nhelp: leave out `--design`, or \
         give the model instead of the run directory"
            .to_owned(),
    )
}

/// The positions of the questions that were named.
pub(super) fn places(wanted: &[String], names: &[&str]) -> Result<Vec<usize>, Stop> {
    wanted
        .iter()
        .map(|name| {
            names.iter().position(|known| known == name).ok_or_else(|| {
                let hint = nearest(name, names.iter().copied()).map_or_else(
                    || format!("it asks {}", names.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                Stop::Fault(format!("the model has no question `{name}`\nhelp: {hint}"))
            })
        })
        .collect()
}

fn build_options(arguments: &SensitivityArguments, questions: Vec<usize>) -> BuildOptions {
    BuildOptions {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        questions,
        n_bootstraps: arguments.bootstraps as usize,
        directory: arguments.out.as_ref().map(|out| out.display().to_string()),
    }
}

/// The ensemble that `answer` would run.
fn ensemble(model: &CheckedModel, arguments: &SensitivityArguments, options: &BuildOptions) -> Outcome {
    let experiment = settings::experiment(model, &arguments.experiment)?;
    let n_draws = arguments.runs.unwrap_or(ENSEMBLE_RUNS).div_ceil(arguments.replications);
    let design = Design { seed: arguments.seed, n_draws, n_replications: arguments.replications };
    let progress = Progress::new(design.n_runs() as u64);
    let run_options = RunOptions {
        progress: &|finished| progress.set(finished),
        cancelled: output::interrupted(),
        ..RunOptions::default()
    };
    let threads = usize::from(arguments.threads.unwrap_or(0));
    let result = with_threads(threads, || run_experiment(model, &experiment, &design, &run_options))??;
    progress.finish();
    if result.n_whole_draws() == 0 {
        return Err(nothing_finished());
    }
    let columns = ExperimentColumns::of_result(model, &result);
    let document =
        from_columns(model, &experiment, &columns, GroupName::group_by(arguments.group_by), options);
    finish(arguments, &document)
}

/// The runs of a run directory, with the model at hand.
fn from_directory(
    model: &CheckedModel,
    directory: &Path,
    arguments: &SensitivityArguments,
    options: &BuildOptions,
) -> Outcome {
    let experiment = settings::experiment(model, &arguments.experiment)?;
    let stored = read_experiment(directory, experiment.view_name(model), experiment.policy_name(model))?;
    let columns = ExperimentColumns::of_stored(model, &stored)?;
    if columns.design.n_draws == 0 {
        return Err(Stop::Fault("not one draw of the run directory finished".to_owned()));
    }
    let document =
        from_columns(model, &experiment, &columns, GroupName::group_by(arguments.group_by), options);
    finish(arguments, &document)
}

/// The runs of a run directory alone.
fn of_run_directory(arguments: &SensitivityArguments) -> Outcome {
    if arguments.design != DesignName::Ensemble {
        return Err(needs_runs());
    }
    let directory = &arguments.model;
    let with_model = |what: &str| {
        Stop::Fault(format!(
            "{what}\nhelp: give the model and the runs: `contingent sensitivity MODEL --from {}`",
            directory.display()
        ))
    };
    if arguments.group_by.is_some() {
        return Err(with_model("a run directory does not say who an assumption is from or about"));
    }
    if arguments.from.is_some() {
        return Err(Stop::Fault(format!(
            "`{}` is a run directory, and `--from` names another\nhelp: give the model with `--from`, or one run directory \
             alone",
            directory.display()
        )));
    }
    if !arguments.experiment.settings.is_empty() || arguments.runs.is_some() {
        return Err(Stop::Fault(format!(
            "`{}` is a run directory: nothing is run again, so `--set` and `--runs` say nothing\nhelp: give the model instead",
            directory.display()
        )));
    }
    let view = arguments.experiment.view.as_deref().unwrap_or("base");
    let policy = arguments.experiment.policy.as_deref().unwrap_or("none");
    let stored = read_experiment(directory, view, policy)?;
    let names: Vec<&str> = stored
        .outcomes
        .iter()
        .map(|column| column.name.as_str())
        .filter(|name| answers_a_question(name))
        .collect();
    let options = build_options(arguments, places(&arguments.question, &names)?);
    let m = u64::from(stored.design().n_replications.max(1));
    if stored.record.n_finished_runs < m {
        return Err(Stop::Fault("not one draw of the run directory finished".to_owned()));
    }
    let document = from_stored_alone(&stored, &options);
    finish(arguments, &document)
}

/// A design made for the purpose.
fn designed(model: &CheckedModel, arguments: &SensitivityArguments, options: &BuildOptions) -> Outcome {
    if arguments.replications < 2 {
        return Err(Stop::Fault(
            "a design needs two replications of each row to tell chance from the rest\nhelp: leave out `--replications`"
                .to_owned(),
        ));
    }
    let experiment = settings::experiment(model, &arguments.experiment)?;
    let parameters = points::parameters(model, &experiment)?;
    let varies = |place: usize| {
        !matches!(*experiment.distribution(model, &parameters[place]), Distribution::Constant(_))
    };
    let group_by = GroupName::group_by(arguments.group_by);
    let found = factors(model, &experiment, &parameters, varies, group_by, true);
    if found.factors.is_empty() {
        return Err(Stop::Model(
            "no assumption varies here, so nothing can be moved\nhelp: leave out `--set`, or take another view"
                .to_owned(),
        ));
    }
    let kind = match arguments.design {
        DesignName::Ensemble => DesignKind::Ensemble,
        DesignName::Saltelli => DesignKind::Saltelli,
        DesignName::Morris => DesignKind::Morris,
        DesignName::Radial => DesignKind::Radial,
    };
    let n_factors = found.factors.len();
    let n_runs = arguments.runs.unwrap_or(DESIGN_RUNS);
    let plan = Plan::within(kind, arguments.seed, n_factors, n_runs, arguments.replications);
    if arguments.runs.is_some_and(|runs| plan.n_runs(n_factors) > runs as usize) {
        output::note(&format!(
            "{n_factors} factors need at least {} runs with this design; these are run",
            plan.n_runs(n_factors)
        ));
    }
    let progress = Progress::new(plan.n_runs(n_factors) as u64);
    let run_options = RunOptions {
        progress: &|finished| progress.set(finished),
        cancelled: output::interrupted(),
        ..RunOptions::default()
    };
    let threads = usize::from(arguments.threads.unwrap_or(0));
    let document = with_threads(threads, || {
        let runs = run_design(model, &experiment, parameters, found, plan, &run_options)?;
        let document =
            (runs.n_whole_points() > 0).then(|| from_design(model, &experiment, &runs, group_by, options));
        Ok::<_, contingent_ensemble::Error>(document)
    })??;
    progress.finish();
    finish(arguments, &document.ok_or_else(nothing_finished)?)
}

fn nothing_finished() -> Stop {
    Stop::Interrupted("interrupted before one draw finished; nothing was written".to_owned())
}

/// Writes, prints and says how it ended.
fn finish(arguments: &SensitivityArguments, document: &SensitivityDocument) -> Outcome {
    if let Some(out) = &arguments.out {
        let design = &document.design;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let record = AnalysisRecord {
            model: ModelRecord { title: document.title.clone(), hash: document.model_hash.clone() },
            seed: document.seed,
            design: DesignRecord {
                method: design.kind.clone(),
                n_draws: count(design.n_points),
                n_replications: count(design.n_replications),
            },
            n_runs: design.n_runs as u64,
            complete: design.complete,
        };
        write_analysis(out, record, &tables(document)?)?;
    }
    match arguments.format {
        Format::Json => output::result(&(serde_json::to_string_pretty(document)? + "\n"))?,
        Format::Human => {
            let hints = hints(arguments);
            let options = RenderOptions { width: output::width(), hints: &hints };
            output::result(&render_sensitivity(document, &options))?;
        }
    }
    if !document.design.complete && output::interrupted().load(std::sync::atomic::Ordering::SeqCst) {
        return Err(Stop::Interrupted("interrupted; the result is over what had finished".to_owned()));
    }
    if document.questions.iter().all(|question| question.unanswerable.is_some()) {
        return Err(Stop::Model("no question has a result; the reasons stand above".to_owned()));
    }
    Ok(ExitCode::SUCCESS)
}

/// What to try next.
fn hints(arguments: &SensitivityArguments) -> Vec<String> {
    let model = arguments.model.display();
    if is_run_directory(&arguments.model) {
        return vec![format!("contingent sensitivity MODEL --from {model} --group-by source")];
    }
    let mut hints = Vec::new();
    if arguments.design != DesignName::Saltelli {
        hints.push(format!("contingent sensitivity {model} --design saltelli"));
    }
    if arguments.group_by.is_none() {
        hints.push(format!("contingent sensitivity {model} --group-by source"));
    }
    hints.push(format!("contingent sensitivity {model} --format json"));
    hints
}
