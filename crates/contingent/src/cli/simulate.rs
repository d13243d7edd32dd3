//! `contingent simulate`: one future, every variable at every time.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use contingent::simulation::simulation;
use contingent_engine::quantile::central;
use contingent_engine::{Block, ChanceMode, Recording, Workspace, compile, run_block};

use super::{Outcome, SimulateArguments, output, settings};

pub(super) fn run(arguments: &SimulateArguments) -> Outcome {
    let model = output::open(&arguments.model)?;
    let experiment = settings::experiment(&model, &arguments.experiment)?;
    let mut configuration = experiment.configuration(&model, Recording::Everything)?;
    configuration.chance = if arguments.chance { ChanceMode::Drawn } else { ChanceMode::Expected };
    let program = compile(&model, &configuration)?.with_backend(arguments.backend.backend());
    let parameters: Vec<f64> = program
        .parameters()
        .iter()
        .map(|parameter| central(&experiment.distribution(&model, parameter)))
        .collect();
    let block = Block { seed: arguments.seed, draws: &[0], replications: &[0], parameters: &parameters };
    let result = run_block(&program, &block, &mut Workspace::default());
    for failure in &result.failures {
        output::error(&format!(
            "the run went wrong at time {} in `{}`: {}",
            failure.time, failure.variable, failure.cause
        ));
    }
    let recorded = program.recorded();
    // One run: the likelihoods stand after the outcomes.
    let log_likelihoods = &result.outcomes[program.outcomes().len()..];
    let shown = |time: usize, column: usize| {
        result.recorded[time * recorded.len() + column] / recorded[column].unit.scale
    };
    let clock = &model.clock;
    let n_times = program.n_times();
    if let Some(path) = &arguments.csv {
        let table = simulation(&model, &program, &result);
        let text = table.to_csv();
        if path == Path::new("-") {
            output::result(&text)?;
        } else {
            output::write_aside(path, &text)?;
            output::note(&format!(
                "{} times of {} variables written to {}",
                table.times.len(),
                recorded.len(),
                path.display()
            ));
        }
    } else {
        let mut text = format!(
            "{}\none future at central values, {}\n\n",
            model.title,
            if arguments.chance {
                format!("chance drawn with seed {}", arguments.seed)
            } else {
                "chance replaced by its expectation".to_owned()
            }
        );
        let marks = [0, (n_times - 1) / 4, (n_times - 1) / 2, 3 * (n_times - 1) / 4, n_times - 1];
        let name_width = recorded.iter().map(|column| column.name.chars().count()).max().unwrap_or(4).min(44);
        let _ = write!(text, "{:name_width$}  {:>14}", "", "unit");
        for mark in marks {
            let _ = write!(text, " {:>10}", format!("{} {}", mark as f64 * clock.dt, &clock.time_unit[..1]));
        }
        text.push('\n');
        for (column, name) in recorded.iter().enumerate() {
            let unit: String = name.unit.text.chars().take(14).collect();
            let _ = write!(text, "{:name_width$}  {unit:>14}", name.name);
            for mark in marks {
                let _ = write!(text, " {:>10}", brief(shown(mark, column)));
            }
            text.push('\n');
        }
        for (observation, value) in model.observations.iter().zip(log_likelihoods) {
            let n = observation.values.len();
            let _ = write!(text, "\n{}: {} ", observation.name, plural(n, "observed value"));
            let _ = if *value == f64::NEG_INFINITY {
                write!(text, "impossible in this future")
            } else {
                write!(text, "with a log likelihood of {value:.4}")
            };
        }
        if !model.observations.is_empty() {
            text.push('\n');
        }
        text += "\n`--csv FILE` writes every time; `--chance` draws chance; `--set name=value` changes what is assumed\n";
        output::result(&text)?;
    }
    Ok(if result.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn plural(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// A number in at most ten characters.
fn brief(value: f64) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    let magnitude = value.abs();
    if value.fract() == 0.0 && magnitude < 1e9 {
        format!("{value}")
    } else if (0.001..1e6).contains(&magnitude) {
        let digits = if magnitude >= 100.0 { 1 } else { 4 };
        format!("{value:.digits$}")
    } else {
        format!("{value:.2e}")
    }
}
