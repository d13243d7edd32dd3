//! `contingent watch-list`: which indicators say most, how early.

use std::path::Path;
use std::process::ExitCode;

use contingent::answer::date_at;
use contingent::render::{RenderOptions, render_watch_list};
use contingent::watch::{WatchColumns, WatchList, WatchOptions, tables, watch_list};
use contingent_ensemble::manifest::{DesignRecord, ModelRecord};
use contingent_ensemble::store::{AnalysisRecord, read_experiment, read_trajectories};
use contingent_ensemble::{Design, RunOptions, run_experiment, with_threads};
use contingent_model::CheckedModel;

use super::{Format, Outcome, Stop, WatchListArguments, output, settings};
use crate::cli::output::Progress;

pub(super) fn run(arguments: &WatchListArguments) -> Outcome {
    if let Some(path) = &arguments.out {
        output::check_document_place(path)?;
    }
    let model = output::open(&arguments.model)?;
    if model.questions.is_empty() || model.indicators.is_empty() {
        return Err(Stop::Model(
            "there is nothing to watch: the model needs a question and an indicator\nhelp: add for example `indicator \
             strength \"Fighters\" = fighters`"
                .to_owned(),
        ));
    }
    let options = WatchOptions {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        questions: settings::questions(&model, &arguments.question)?,
        steps: arguments.at.iter().map(|text| step(&model, text)).collect::<Result<_, _>>()?,
    };
    let experiment = settings::experiment(&model, &arguments.experiment)?;
    let threads = usize::from(arguments.threads.unwrap_or(0));
    let columns = if let Some(directory) = &arguments.from {
        stored(&model, directory, experiment.view_name(&model), experiment.policy_name(&model))?
    } else {
        let design =
            Design { seed: arguments.seed, n_draws: arguments.draws, n_replications: arguments.replications };
        let progress = Progress::new(design.n_runs() as u64);
        let run_options = RunOptions {
            recorded_draws: design.n_draws,
            progress: &|finished| progress.set(finished),
            cancelled: output::interrupted(),
            ..RunOptions::default()
        };
        let result = with_threads(threads, || run_experiment(&model, &experiment, &design, &run_options))??;
        progress.finish();
        if !result.is_complete() {
            return Err(Stop::Interrupted("interrupted before every run had finished".to_owned()));
        }
        WatchColumns::of_result(&model, &result)
    };
    let list = with_threads(threads, || watch_list(&model, &columns, &options))?;
    let json = serde_json::to_string_pretty(&list)? + "\n";
    if let Some(path) = &arguments.out {
        let record = AnalysisRecord {
            model: ModelRecord { title: list.title.clone(), hash: list.model_hash.clone() },
            seed: list.seed,
            design: DesignRecord {
                method: "watch-list".to_owned(),
                n_draws: list.n_draws as u32,
                n_replications: list.n_replications as u32,
            },
            n_runs: (list.n_draws * list.n_replications) as u64,
            complete: true,
        };
        output::write_document(path, &json, record, &tables(&list)?)?;
    }
    match arguments.format {
        Format::Json => output::result(&json)?,
        Format::Human => {
            let hints = hints(arguments, &list);
            let options = RenderOptions { width: output::width(), hints: &hints };
            output::result(&render_watch_list(&list, &options))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn stored(model: &CheckedModel, directory: &Path, view: &str, policy: &str) -> Result<WatchColumns, Stop> {
    let stored = read_experiment(directory, view, policy)?;
    let trajectories = read_trajectories(directory, view, policy)?;
    if trajectories.is_empty() {
        return Err(Stop::Fault(format!(
            "`{}` holds no trajectories of view `{view}` with policy `{policy}`\nhelp: `contingent answer` keeps those of \
             its baseline; or leave out `--from`, and the model is run afresh",
            directory.display()
        )));
    }
    Ok(WatchColumns::of_stored(model, &stored, &trajectories)?)
}

/// The step of a day: a date, or a time since the start in the model's time unit.
fn step(model: &CheckedModel, text: &str) -> Result<usize, Stop> {
    let clock = &model.clock;
    let outside = || {
        let first = date_at(clock, 0.0).map_or_else(|| "0".to_owned(), |date| date.to_string());
        let end = clock.n_steps as f64 * clock.dt;
        let last = date_at(clock, end).map_or_else(|| end.to_string(), |date| date.to_string());
        Stop::Fault(format!(
            "`--at {text}` is not within the model's time\nhelp: it runs from {first} to {last}"
        ))
    };
    if let Ok(date) = text.trim().parse::<jiff::civil::Date>() {
        let day = |step: &usize| date_at(clock, *step as f64 * clock.dt);
        if day(&0).is_none_or(|first| date < first) || day(&clock.n_steps).is_none_or(|last| date > last) {
            return Err(outside());
        }
        let is_reached = |step: &usize| day(step).is_some_and(|day| day <= date);
        return (0..=clock.n_steps).rev().find(is_reached).ok_or_else(outside);
    }
    let number = text.trim().trim_end_matches('s').trim_end_matches(clock.time_unit.as_str()).trim();
    match number.parse::<f64>() {
        Ok(time) if time >= 0.0 && time <= clock.n_steps as f64 * clock.dt => {
            Ok((time / clock.dt).round() as usize)
        }
        Ok(_) => Err(outside()),
        Err(_) => Err(Stop::Fault(format!(
            "`--at {text}` is not a day\nhelp: write a date such as 2021-10-15, or a time since the start such as \"6 {}s\"",
            clock.time_unit
        ))),
    }
}

/// What to try next.
fn hints(arguments: &WatchListArguments, list: &WatchList) -> Vec<String> {
    let model = arguments.model.display();
    let best = list
        .questions
        .iter()
        .flat_map(|question| &question.signals)
        .find(|signal| signal.distinguishable && signal.warning.is_some());
    let mut hints = Vec::new();
    if let Some(signal) = best
        && let Some(warning) = &signal.warning
    {
        let side = if warning.is_above { ">=" } else { "<=" };
        let unit = match (signal.is_share, signal.unit.as_str()) {
            (true, _) | (_, "1") => String::new(),
            (false, unit) => format!(" {unit}"),
        };
        // Six digits say as much, and read better.
        let value: f64 = format!("{:.5e}", warning.threshold).parse().unwrap_or(warning.threshold);
        let day = signal.date.clone().unwrap_or_else(|| format!("{} {}s", signal.time, signal.time_unit));
        hints.push(format!(
            "contingent answer {model} --observed \"{} {side} {value}{unit} at {day}\"",
            signal.indicator
        ));
    }
    hints.push(format!("contingent watch-list {model} --format json"));
    hints
}
