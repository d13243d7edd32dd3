//! `contingent discover`: in which futures a question comes true.

use std::path::Path;
use std::process::ExitCode;

use contingent::discover::{
    AskedOutcome, BuildOptions, ExperimentColumns, Found, Wanted, discover_scenarios,
};
use contingent::render::{RenderOptions, render_discovery};
use contingent_ensemble::store::{Addition, IntegerColumn, add_to_run, read_experiment};
use contingent_ensemble::{Design, RunDirectory, RunOptions, run_experiment, with_threads};
use contingent_model::{CheckedModel, Measure};

use super::{DiscoverArguments, Format, Outcome, Stop, YesOrNo, output, settings};
use crate::cli::output::Progress;

pub(super) fn run(arguments: &DiscoverArguments) -> Outcome {
    let model = output::open(&arguments.model)?;
    if model.questions.is_empty() {
        return Err(Stop::Model(
            "the model asks no question\nhelp: add a `question`; discovery searches for its outcomes"
                .to_owned(),
        ));
    }
    let wanted = wanted(&model, arguments)?;
    match &arguments.from {
        Some(directory) => from_directory(&model, &wanted, directory, arguments),
        None => afresh(&model, &wanted, arguments),
    }
}

/// Runs the model, searches the runs and writes both.
fn afresh(model: &CheckedModel, wanted: &Wanted, arguments: &DiscoverArguments) -> Outcome {
    let experiment = settings::experiment(model, &arguments.experiment)?;
    let design = Design {
        seed: arguments.ensemble.seed,
        n_draws: arguments.draws,
        n_replications: arguments.replications,
    };
    let target = arguments
        .ensemble
        .out
        .clone()
        .unwrap_or_else(|| output::default_directory(&arguments.model, "-discover"));
    let mut directory = RunDirectory::create(&target, model, design)?;
    let backend = arguments.ensemble.backend.backend();
    directory.note_backend(backend);
    let progress = Progress::new(design.n_runs() as u64);
    let options = RunOptions {
        progress: &|finished| progress.set(finished),
        cancelled: output::interrupted(),
        backend,
        ..RunOptions::default()
    };
    let threads = usize::from(arguments.ensemble.threads.unwrap_or(0));
    let result = with_threads(threads, || run_experiment(model, &experiment, &design, &options))??;
    progress.finish();
    if result.n_whole_draws() == 0 {
        return Err(Stop::Interrupted(
            "interrupted before one draw finished; nothing was written".to_owned(),
        ));
    }
    let columns = ExperimentColumns::of_result(model, &result);
    let found =
        with_threads(threads, || discover_scenarios(model, &columns, wanted, &build_options(&target)))??;
    directory.write_result(&result)?;
    for (path, addition) in files(&found)? {
        directory.write_addition(&path, &addition)?;
    }
    directory.commit()?;
    print(arguments, &found)?;
    if !result.is_complete() {
        return Err(Stop::Interrupted(
            "interrupted; the search was over the draws that had finished".to_owned(),
        ));
    }
    ends(&found)
}

/// Searches runs that lie in a run directory, and adds what was found to it.
fn from_directory(
    model: &CheckedModel,
    wanted: &Wanted,
    directory: &Path,
    arguments: &DiscoverArguments,
) -> Outcome {
    // A name that the model does not have is refused with the nearest one before anything is read.
    let experiment = settings::experiment(model, &arguments.experiment)?;
    let stored = read_experiment(directory, experiment.view_name(model), experiment.policy_name(model))?;
    let columns = ExperimentColumns::of_stored(model, &stored)?;
    let found = with_threads(usize::from(arguments.ensemble.threads.unwrap_or(0)), || {
        discover_scenarios(model, &columns, wanted, &build_options(directory))
    })??;
    add_to_run(directory, &files(&found)?)?;
    print(arguments, &found)?;
    ends(&found)
}

fn build_options(directory: &Path) -> BuildOptions {
    BuildOptions {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        run_directory: Some(directory.display().to_string()),
    }
}

/// What is written beside the runs: the document, and the box of each draw. Neither says where it lies, so that equal
/// results are equal bytes.
fn files(found: &Found) -> Result<Vec<(String, Addition)>, Stop> {
    let mut document = found.document.clone();
    document.run_directory = None;
    let folder = format!("discovery/view={}/policy={}", document.view, document.policy);
    let json = serde_json::to_string_pretty(&document)? + "\n";
    let n_draws = document.n_draws;
    let mut columns = vec![IntegerColumn {
        name: "draw".to_owned(),
        values: (0..n_draws).map(|draw| i32::try_from(draw).ok()).collect(),
    }];
    columns.extend(
        found
            .boxes_of_draws
            .iter()
            .map(|(id, values)| IntegerColumn { name: id.clone(), values: values.clone() }),
    );
    Ok(vec![
        (format!("{folder}/discovery.json"), Addition::Text(json)),
        (format!("{folder}/boxes.parquet"), Addition::Integers(columns)),
    ])
}

fn print(arguments: &DiscoverArguments, found: &Found) -> Result<(), Stop> {
    match arguments.ensemble.format {
        Format::Json => output::result(&(serde_json::to_string_pretty(&found.document)? + "\n"))?,
        Format::Human => {
            let hints = hints(arguments);
            let options = RenderOptions { width: output::width(), hints: &hints };
            output::result(&render_discovery(&found.document, &options))?;
        }
    }
    Ok(())
}

/// A search that finds nothing is a result; only when no run counts anywhere is there none.
fn ends(found: &Found) -> Outcome {
    if found.document.outcomes.iter().all(|outcome| outcome.base.is_none()) {
        return Err(Stop::Model("no run counts for any question; the reasons stand above".to_owned()));
    }
    Ok(ExitCode::SUCCESS)
}

/// What to try next.
fn hints(arguments: &DiscoverArguments) -> Vec<String> {
    let model = arguments.model.display();
    vec![
        format!("contingent discover {model} --question NAME --where no"),
        format!("contingent discover {model} --view NAME"),
        format!("contingent discover {model} --format json"),
    ]
}

fn wanted(model: &CheckedModel, arguments: &DiscoverArguments) -> Result<Wanted, Stop> {
    let questions = settings::questions(model, &arguments.question)?;
    let bound = |option: &str, text: &str| {
        let [question] = questions.as_slice() else {
            return Err(Stop::Fault(format!(
                "`--{option}` needs one question\nhelp: add `--question NAME` with a question that asks for a number"
            )));
        };
        let question = &model.questions[*question];
        match question.measure {
            Measure::Probability(_) => Ok(0.0),
            Measure::Distribution(_) => settings::number(&question.name, text, &question.unit.text),
        }
    };
    let outcome = match (arguments.answer, &arguments.above, &arguments.below) {
        (Some(YesOrNo::Yes), ..) => AskedOutcome::Yes,
        (Some(YesOrNo::No), ..) => AskedOutcome::No,
        (None, Some(text), _) => AskedOutcome::Above(bound("above", text)?),
        (None, None, Some(text)) => AskedOutcome::Below(bound("below", text)?),
        (None, None, None) => AskedOutcome::Usual,
    };
    // Without a question named, `--where` is about those that ask for a probability.
    let is_yes_or_no = matches!(outcome, AskedOutcome::Yes | AskedOutcome::No);
    let questions = if questions.is_empty() && is_yes_or_no {
        let is_probability =
            |&place: &usize| matches!(model.questions[place].measure, Measure::Probability(_));
        let asked: Vec<usize> = (0..model.questions.len()).filter(is_probability).collect();
        if asked.is_empty() {
            return Err(Stop::Fault(
                "the model asks for no probability, so `--where` says nothing\nhelp: leave it out".to_owned(),
            ));
        }
        asked
    } else {
        questions
    };
    Ok(Wanted { questions, outcome })
}
