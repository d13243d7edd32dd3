//! `contingent policies`: what could be done, across views and across what is not known.

use std::process::ExitCode;

use contingent::policies::{
    Alternatives, Objective, PoliciesError, PolicyOptions, Threshold, policy_report, search, tables,
};
use contingent::render::{RenderOptions, render_policies};
use contingent_ensemble::manifest::{DesignRecord, ModelRecord};
use contingent_ensemble::store::AnalysisRecord;
use contingent_ensemble::{Design, Experiment, RunOptions, run_experiment, with_threads};
use contingent_model::CheckedModel;

use super::{Format, Outcome, PoliciesArguments, Stop, output, settings};
use crate::cli::output::Progress;

pub(super) fn run(arguments: &PoliciesArguments) -> Outcome {
    if let Some(path) = &arguments.out {
        output::check_document_place(path)?;
    }
    let model = output::open(&arguments.model)?;
    if model.questions.is_empty() {
        return Err(Stop::Model(
            "the model asks no question\nhelp: add a `question`; policies are compared by their answers"
                .to_owned(),
        ));
    }
    if model.policies.is_empty() && arguments.search.is_none() {
        return Err(Stop::Model(
            "the model has no policy\nhelp: add for example `policy press \"They press\" { pressure = 80% }`, or try \
             settings of the levers with `--search 100`"
                .to_owned(),
        ));
    }
    let options = PolicyOptions {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        objectives: read_all(&arguments.objective, |text| Objective::read(&model, text))?,
        thresholds: read_all(&arguments.threshold, |text| Threshold::read(&model, text))?,
    };
    if arguments.search.is_some() && options.objectives.is_empty() {
        return Err(Stop::Fault(format!(
            "`--search` needs something to aim at\nhelp: add for example `--objective {}:minimise`",
            model.questions[0].name
        )));
    }
    let settings = settings::settings(&model, &arguments.settings)?;
    Experiment { view: None, policy: None, settings: settings.clone() }.check(&model)?;
    let alternatives = if arguments.combine {
        Alternatives::combined(&model).ok_or_else(|| {
            Stop::Fault(
                "the policies have too many combinations to run\nhelp: leave out `--combine`, or write the combinations \
                 that matter as policies of the model"
                    .to_owned(),
            )
        })?
    } else {
        Alternatives::single(&model)
    };
    let design =
        Design { seed: arguments.seed, n_draws: arguments.draws, n_replications: arguments.replications };
    let n_views = model.views.len() + 1;
    let n_experiments = n_views * alternatives.list.len();
    let threads = usize::from(arguments.threads.unwrap_or(0));
    let one = |model: &CheckedModel, view, policy, design: &Design, before: u64, progress: &Progress| {
        let experiment = Experiment { view, policy, settings: settings.clone() };
        let options = RunOptions {
            progress: &|finished| progress.set(before + finished),
            cancelled: output::interrupted(),
            ..RunOptions::default()
        };
        with_threads(threads, || run_experiment(model, &experiment, design, &options))
            .and_then(|result| result)
    };
    let n_runs = design.n_runs() as u64;
    let progress = Progress::new(n_runs * n_experiments as u64);
    let mut n_done = 0;
    let mut report = policy_report(&alternatives, design, &options, &mut |view, policy| {
        let result = one(&alternatives.model, view, policy, &design, n_done, &progress);
        n_done += n_runs;
        result
    })
    .map_err(stop)?;
    progress.finish();
    if let Some(n_tried) = arguments.search {
        let progress = Progress::new(n_runs * n_views as u64 * u64::from(n_tried + 1));
        let mut n_done = 0;
        let found = search(
            &model,
            &options.objectives,
            n_tried as usize,
            design.seed,
            &mut |model, view, policy, seed| {
                let result = one(model, view, policy, &Design { seed, ..design }, n_done, &progress);
                n_done += n_runs;
                result
            },
        )
        .map_err(stop)?;
        progress.finish();
        report.search = Some(found);
    }
    let json = serde_json::to_string_pretty(&report)? + "\n";
    if let Some(path) = &arguments.out {
        let n_searched = arguments.search.map_or(0, |n_tried| n_views * (n_tried as usize + 1));
        let record = AnalysisRecord {
            model: ModelRecord { title: report.title.clone(), hash: report.model_hash.clone() },
            seed: design.seed,
            design: DesignRecord {
                method: "policies".to_owned(),
                n_draws: design.n_draws,
                n_replications: design.n_replications,
            },
            n_runs: n_runs * (n_experiments + n_searched) as u64,
            complete: true,
        };
        output::write_document(path, &json, record, &tables(&report)?)?;
    }
    match arguments.format {
        Format::Json => output::result(&json)?,
        Format::Human => {
            let hints = hints(arguments, &model);
            let options = RenderOptions { width: output::width(), hints: &hints };
            output::result(&render_policies(&report, &options))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read_all<T>(texts: &[String], read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, Stop> {
    texts.iter().map(|text| read(text).map_err(Stop::Fault)).collect()
}

fn stop(error: PoliciesError<contingent_ensemble::Error>) -> Stop {
    match error {
        PoliciesError::Run(error) => error.into(),
        PoliciesError::Interrupted => {
            Stop::Interrupted("interrupted before every alternative had been run".to_owned())
        }
    }
}

/// What to try next.
fn hints(arguments: &PoliciesArguments, model: &CheckedModel) -> Vec<String> {
    let path = arguments.model.display();
    let question = &model.questions[0].name;
    let mut hints = Vec::new();
    if arguments.objective.is_empty() {
        hints.push(format!("contingent policies {path} --objective {question}:minimise"));
    }
    if arguments.threshold.is_empty() {
        hints.push(format!("contingent policies {path} --threshold \"{question} <= 30%\""));
    }
    if !arguments.combine {
        hints.push(format!("contingent policies {path} --combine"));
    }
    hints.push(format!("contingent policies {path} --format json"));
    hints
}
