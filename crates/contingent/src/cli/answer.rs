//! `contingent answer`: the main job.

use std::process::ExitCode;

use contingent::answer::{BuildOptions, build_answer};
use contingent::render::{RenderOptions, render_answer};
use contingent_ensemble::{Design, Experiment, RunDirectory, RunOptions, run_experiment, with_threads};
use contingent_model::CheckedModel;

use super::{AnswerArguments, Format, Outcome, Stop, output, settings};
use crate::cli::output::Progress;

/// Draws whose trajectories are kept for the fan chart.
const RECORDED_DRAWS: u32 = 1_000;

pub(super) fn run(arguments: &AnswerArguments) -> Outcome {
    let model = output::open(&arguments.model)?;
    if model.questions.is_empty() {
        return Err(Stop::Model(
            "the model asks no question\nhelp: add a `question`; `contingent run` needs none".to_owned(),
        ));
    }
    let design = Design {
        seed: arguments.ensemble.seed,
        n_draws: arguments.draws,
        n_replications: arguments.replications,
    };
    let experiments = experiments(&model, arguments)?;
    let target =
        arguments.ensemble.out.clone().unwrap_or_else(|| output::default_directory(&arguments.model, ""));
    let mut directory = RunDirectory::create(&target, &model, design)?;
    let backend = arguments.ensemble.backend.backend();
    directory.note_backend(backend);
    let progress = Progress::new(design.n_runs() as u64 * experiments.len() as u64);
    let threads = usize::from(arguments.ensemble.threads.unwrap_or(0));
    let results = with_threads(threads, || {
        let mut results: Vec<contingent_ensemble::EnsembleResult> = Vec::new();
        for (i, experiment) in experiments.iter().enumerate() {
            let before = i as u64 * design.n_runs() as u64;
            let options = RunOptions {
                recorded_draws: if i == 0 { RECORDED_DRAWS } else { 0 },
                progress: &|finished| progress.set(before + finished),
                cancelled: output::interrupted(),
                draws_of: results.first(),
                backend,
                ..RunOptions::default()
            };
            let result = run_experiment(&model, experiment, &design, &options)?;
            let complete = result.is_complete();
            results.push(result);
            if !complete {
                break;
            }
        }
        Ok::<_, contingent_ensemble::Error>(results)
    })??;
    progress.finish();
    let mut results = results;
    let interrupted = results.len() < experiments.len() || results.iter().any(|result| !result.is_complete());
    if interrupted {
        // Finished experiments are kept; of the baseline, the draws that finished.
        let baseline_alone = results.len() == 1;
        results.retain(|result| result.is_complete() || (baseline_alone && result.n_whole_draws() > 0));
        if results.is_empty() {
            return Err(Stop::Interrupted(
                "interrupted before one draw finished; nothing was written".to_owned(),
            ));
        }
    }
    for result in &results {
        directory.write_result(result)?;
    }
    let options = BuildOptions {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        run_directory: Some(target.display().to_string()),
    };
    let mut answer = build_answer(&model, &results, &options)?;
    if interrupted {
        answer.warnings.push(format!(
            "Interrupted: {} of {} experiments are in this answer.",
            results.len(),
            experiments.len()
        ));
    }
    let json = serde_json::to_string_pretty(&answer)? + "\n";
    directory.write_text("answer.json", &json)?;
    directory.commit()?;
    match arguments.ensemble.format {
        Format::Json => output::result(&json)?,
        Format::Human => {
            let hints = hints(arguments);
            let options = RenderOptions { width: output::width(), hints: &hints };
            output::result(&render_answer(&answer, &options))?;
        }
    }
    if answer.questions.iter().all(|question| question.estimate.is_none()) {
        return Err(Stop::Model("no question has an answer; the reasons stand above".to_owned()));
    }
    if interrupted {
        return Err(Stop::Interrupted("interrupted; the answer holds what had finished".to_owned()));
    }
    Ok(ExitCode::SUCCESS)
}

/// What to try next.
fn hints(arguments: &AnswerArguments) -> Vec<String> {
    let model = arguments.model.display();
    vec![
        format!("contingent answer {model} --format json"),
        format!("contingent answer {model} --set NAME=VALUE"),
        format!("contingent simulate {model} --csv -"),
    ]
}

/// The baseline, every policy against it, and every view on its own; or what the user chose of them.
fn experiments(model: &CheckedModel, arguments: &AnswerArguments) -> Result<Vec<Experiment>, Stop> {
    let chosen = settings::experiment(model, &arguments.experiment)?;
    let baseline = Experiment { policy: None, ..chosen.clone() };
    let mut experiments = vec![baseline.clone()];
    for policy in 0..model.policies.len() {
        if chosen.policy.is_none_or(|only| only == policy) {
            experiments.push(Experiment { policy: Some(policy), ..baseline.clone() });
        }
    }
    if arguments.experiment.view.is_none() {
        for view in 0..model.views.len() {
            experiments.push(Experiment { view: Some(view), ..baseline.clone() });
        }
    }
    Ok(experiments)
}
