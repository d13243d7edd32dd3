//! `contingent run`: an ensemble into a run directory.

use std::fmt::Write as _;
use std::process::ExitCode;

use contingent::run_summary::{ModelIdentity, RUN_SUMMARY_SCHEMA, RunSummary};
use contingent_ensemble::{Design, RunDirectory, RunOptions, stream_experiment, with_threads};

use super::{Format, Outcome, RunArguments, Stop, output, settings};
use crate::cli::output::Progress;

pub(super) fn run(arguments: &RunArguments) -> Outcome {
    let model = output::open(&arguments.model)?;
    let experiment = settings::experiment(&model, &arguments.experiment)?;
    let n_draws = arguments.runs.div_ceil(arguments.replications);
    let design = Design { seed: arguments.ensemble.seed, n_draws, n_replications: arguments.replications };
    let target = arguments
        .ensemble
        .out
        .clone()
        .unwrap_or_else(|| output::default_directory(&arguments.model, "-ensemble"));
    let mut directory = RunDirectory::create(&target, &model, design)?;
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
    // Part by part, so that memory does not grow with the number of runs.
    let mut tables = directory.stream(&experiment)?;
    let sums_up = !arguments.no_series;
    let result = with_threads(threads, || {
        let all = 0..design.n_runs();
        stream_experiment(&model, &experiment, &design, all, sums_up, &options, &mut |part| {
            tables.append(part)
        })
    })??;
    progress.finish();
    if result.n_finished_runs == 0 {
        return Err(Stop::Interrupted("interrupted before one run finished; nothing was written".to_owned()));
    }
    directory.finish_stream(tables, &result)?;
    let place = directory.commit()?;
    let complete = result.is_complete();
    match arguments.ensemble.format {
        Format::Json => {
            let summary = RunSummary {
                schema: RUN_SUMMARY_SCHEMA.to_owned(),
                model: ModelIdentity { title: model.title.clone(), hash: model.hash.clone() },
                seed: design.seed,
                n_runs: result.n_finished_runs,
                complete,
                failed_share: result.failed_share(),
                clipped_share: result.clipped_share(),
                run_directory: place.clone(),
            };
            output::result(&(serde_json::to_string_pretty(&summary)? + "\n"))?;
        }
        Format::Human => {
            let mut text = format!(
                "{}\n{} runs{} of {} steps, seed {}\nwritten to {}\n",
                model.title,
                result.n_finished_runs,
                if complete { String::new() } else { format!(" of {} (interrupted)", design.n_runs()) },
                model.clock.n_steps,
                design.seed,
                place.display()
            );
            if result.n_failed_runs > 0 {
                let percent = 100.0 * result.failed_share();
                let _ = writeln!(text, "{percent:.2}% of the runs failed and are marked");
            }
            text += "\neach question is a column; join draws and runs on `draw`\n";
            output::result(&text)?;
        }
    }
    if !complete {
        return Err(Stop::Interrupted(
            "interrupted; the run directory holds the runs that had finished".to_owned(),
        ));
    }
    Ok(ExitCode::SUCCESS)
}
