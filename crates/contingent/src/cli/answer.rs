//! `contingent answer`: the main job.

use std::process::ExitCode;

use contingent::answer::{BuildOptions, build_answer};
use contingent::policies::{
    Alternatives, Objective, PoliciesError, PolicyOptions, PolicyReport, policy_report,
};
use contingent::render::{RenderOptions, ascii, render_answer};
use contingent::report::{DOCUMENT, PAGE, Report, ReportOptions, ReportSources, build_report};
use contingent_analysis::Scale;
use contingent_analysis::words::thousands;
use contingent_ensemble::{
    Design, EnsembleResult, Experiment, RunDirectory, RunOptions, run_experiment, with_threads,
};
use contingent_model::CheckedModel;
use contingent_report::page;

use super::{AnswerArguments, Format, Outcome, Stop, Words, claims, output, precision, settings};
use crate::cli::output::Progress;

/// Draws whose trajectories are kept for the fan chart.
const RECORDED_DRAWS: u32 = 1_000;

/// The same of rival views, whose fans are small.
const RECORDED_DRAWS_OF_VIEWS: u32 = 300;

/// Draws for policies under every view, in a report: differences over the same draws and chance are precise, and with all views
/// there are many experiments.
const DRAWS_OF_POLICIES: u32 = 500;

pub(super) fn run(arguments: &AnswerArguments) -> Outcome {
    let half_width = arguments.precision.as_deref().map(precision::half_width).transpose()?;
    let (model, texts) = output::open_with_texts(&arguments.model)?;
    if model.questions.is_empty() {
        return Err(Stop::Model(
            "the model asks no question\nhelp: add a `question`; `contingent run` needs none".to_owned(),
        ));
    }
    let objectives: Vec<Objective> = arguments
        .objective
        .iter()
        .map(|text| Objective::read(&model, text).map_err(Stop::Fault))
        .collect::<Result<_, _>>()?;
    let model = output::open_observed(&arguments.model, model, &arguments.observed)?;
    let n_observed = arguments.observed.len();
    let mut design = Design {
        seed: arguments.ensemble.seed,
        n_draws: arguments.draws,
        n_replications: arguments.replications,
    };
    let experiments = experiments(&model, arguments)?;
    // A copy that cannot be read is refused before anything runs.
    let verification = claims::verification(&model, &arguments.copies)?;
    let target =
        arguments.ensemble.out.clone().unwrap_or_else(|| output::default_directory(&arguments.model, ""));
    // Made once before anything is run, so that what stands in its way is known at once.
    let mut directory = RunDirectory::create(&target, &model, design)?;
    let backend = arguments.ensemble.backend.backend();
    directory.note_backend(backend);
    let threads = usize::from(arguments.ensemble.threads.unwrap_or(0));
    let recording = RunOptions {
        recorded_draws: RECORDED_DRAWS,
        cancelled: output::interrupted(),
        backend,
        ..RunOptions::default()
    };
    let mut results: Vec<EnsembleResult> = Vec::new();
    let mut looked = None;
    if let Some(half_width) = half_width {
        let schedule = precision::schedule(&model, half_width, n_observed)?;
        let found =
            precision::run(&model, &experiments[0], &schedule, design, &recording, n_observed, threads)?;
        design = found.result.design;
        directory = RunDirectory::create(&target, &model, design)?;
        directory.note_backend(backend);
        results.push(found.result);
        looked = Some(found.summary);
    }
    let progress = Progress::new(design.n_runs() as u64 * experiments.len() as u64);
    let results = with_threads(threads, || {
        for (i, experiment) in experiments.iter().enumerate().skip(results.len()) {
            if results.last().is_some_and(|result| !result.is_complete()) {
                break;
            }
            let before = i as u64 * design.n_runs() as u64;
            let options = RunOptions {
                recorded_draws: match (i, experiment.policy == experiments[0].policy) {
                    (0, _) => RECORDED_DRAWS,
                    (_, true) => RECORDED_DRAWS_OF_VIEWS,
                    (_, false) => 0,
                },
                progress: &|finished| progress.set(before + finished),
                draws_of: results.first(),
                ..recording
            };
            let result = run_experiment(&model, experiment, &design, &options)?;
            results.push(result);
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
        words: match arguments.words {
            Words::Icd203 => Scale::Icd203,
            Words::Phia => Scale::Phia,
        },
        observed: arguments.observed.iter().map(|text| text.trim().to_owned()).collect(),
        precision: looked,
    };
    let mut answer = with_threads(threads, || build_answer(&model, &results, &options))??;
    answer.verification = verification;
    if interrupted {
        answer.warnings.push(format!(
            "Interrupted: {} of {} experiments are in this answer.",
            results.len(),
            experiments.len()
        ));
    }
    let json = serde_json::to_string_pretty(&answer)? + "\n";
    directory.write_text("answer.json", &json)?;
    let (policies, notes) = policies_under_views(&model, arguments, &objectives, design, interrupted)?;
    let gap =
        if interrupted { None } else { super::gap::farthest_apart(&model, &answer, arguments, design)? };
    let options = ReportOptions {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        author: arguments.author.clone(),
        command: super::report::command_line(),
        policies,
        gap,
        notes,
    };
    let sources = ReportSources { sources: &texts.sources, n_files: texts.n_files };
    let report = with_threads(threads, || build_report(&model, sources, &results, &answer, options))?;
    let document = serde_json::to_string(&report)? + "\n";
    // Drawn from the document as it is stored, so that drawing it again gives the same page to the last digit.
    let stored: Report = serde_json::from_str(&document)?;
    directory.write_text(DOCUMENT, &document)?;
    directory.write_text(PAGE, &page::html(&stored))?;
    directory.commit()?;
    match arguments.ensemble.format {
        Format::Json => output::result(&json)?,
        Format::Human => {
            let hints = hints(arguments);
            let options = RenderOptions { width: output::width(), hints: &hints };
            let text = render_answer(&answer, &options);
            let is_ascii = arguments.ascii || output::is_without_utf8();
            output::result(&if is_ascii { ascii(&text) } else { text })?;
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

/// Policies under every view and what is aimed at, with few draws; none where the answer says as much already.
fn policies_under_views(
    model: &CheckedModel,
    arguments: &AnswerArguments,
    objectives: &[Objective],
    design: Design,
    interrupted: bool,
) -> Result<(Option<PolicyReport>, Vec<String>), Stop> {
    let is_all = arguments.experiment.view.is_none() && arguments.experiment.policy.is_none();
    let is_needed = !model.policies.is_empty() && (!model.views.is_empty() || !objectives.is_empty());
    if interrupted || !is_all || !is_needed || !arguments.observed.is_empty() {
        return Ok((None, Vec::new()));
    }
    let settings = settings::settings(model, &arguments.experiment.settings)?;
    let n_draws = design.n_draws.min(DRAWS_OF_POLICIES);
    let design = Design { n_draws, ..design };
    let alternatives = Alternatives::single(model);
    let options = PolicyOptions {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        objectives: objectives.to_vec(),
        thresholds: Vec::new(),
    };
    let threads = usize::from(arguments.ensemble.threads.unwrap_or(0));
    let found = policy_report(&alternatives, design, &options, &mut |view, policy| {
        let experiment = Experiment { view, policy, settings: settings.clone() };
        let options = RunOptions { cancelled: output::interrupted(), ..RunOptions::default() };
        with_threads(threads, || run_experiment(&alternatives.model, &experiment, &design, &options))
            .and_then(|result| result)
    });
    match found {
        Ok(report) => {
            let note = format!(
                "What policies do under each reading was run with {} draws of the assumptions, not {}; `contingent policies` \
                 runs as many as you like.",
                thousands(f64::from(n_draws), 0),
                thousands(f64::from(arguments.draws), 0)
            );
            Ok((Some(report), vec![note]))
        }
        Err(PoliciesError::Interrupted) => Ok((
            None,
            vec!["Policies under each reading are left out: the runs were interrupted.".to_owned()],
        )),
        Err(PoliciesError::Run(error)) => Err(error.into()),
    }
}
