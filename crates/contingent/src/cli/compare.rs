//! `contingent compare`: views side by side, and where the gap between two comes from.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use contingent::compare::{
    BuildOptions, CompareError, Compared, ComparisonDocument, ViewRuns, build_comparison, differing_groups,
    run_gap, run_views, stored_views, tables,
};
use contingent::render::{RenderOptions, render_comparison};
use contingent_analysis::shapley::{MOST_EXACT, MOST_GROUPS, Orders};
use contingent_ensemble::manifest::{DesignRecord, ExperimentRecord, ModelRecord, SettingsRecord};
use contingent_ensemble::store::{AnalysisRecord, check_analysis_place, read_manifest, write_analysis};
use contingent_ensemble::{Design, Experiment, RunOptions, points, with_threads};
use contingent_model::CheckedModel;
use contingent_syntax::nearest;

use super::sensitivity::{GroupName, places};
use super::{ExperimentArguments, Format, Outcome, Stop, output, settings};
use crate::cli::output::Progress;

/// The model's own assumptions among the views.
const BASE: &str = "base";

#[derive(Args)]
pub(super) struct CompareArguments {
    /// A `.ctg` file, or a directory with a `model.ctg`
    model: PathBuf,
    /// The two views whose gap is explained; `base` is the model's own assumptions. Without them all views stand side
    /// by side, and the gap between the two that lie farthest apart is explained
    #[arg(value_name = "VIEW", num_args = 0..=2)]
    views: Vec<String>,
    /// Also tell what each policy changes under each view
    #[arg(long)]
    policies: bool,
    /// Pool the views with these weights, such as `ali=2,marandi=1`
    #[arg(long, value_name = "VIEW=WEIGHT,...")]
    weights: Option<String>,
    /// Look at this question alone; may be given several times. The first decides which views lie farthest apart
    #[arg(long, value_name = "NAME")]
    question: Vec<String>,
    /// Exchange what two views say in groups
    #[arg(long, value_enum, value_name = "WHAT")]
    group_by: Option<GroupName>,
    /// Draws of the assumptions, the same for every view
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(2..))]
    draws: u32,
    /// Replications of each draw, each with its own chance
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    replications: u32,
    /// Take the views from this run directory instead of running them; the gap between two that are named is then run over
    /// the draws of the directory
    #[arg(long, value_name = "RUN_DIRECTORY", conflicts_with_all = ["draws", "replications", "settings", "seed"])]
    from: Option<PathBuf>,
    /// Orders of exchange that are drawn when two views differ in more than eight groups
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(4..=10_000))]
    orders: u32,
    /// Set an assumption, lever or mechanism under every view
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    /// Take the levers of this policy under every view
    #[arg(long)]
    policy: Option<String>,
    /// Seed of every draw
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; all cores unless given
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Write the document and its tables to this directory
    #[arg(short, long, value_name = "DIRECTORY")]
    out: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl From<CompareError> for Stop {
    fn from(error: CompareError) -> Self {
        match error {
            CompareError::Ensemble(error) => error.into(),
            CompareError::Interrupted => Self::Interrupted(
                "interrupted; a comparison needs all its runs, so nothing was written".to_owned(),
            ),
            CompareError::Elsewhere(error) => error.into(),
            CompareError::StoppedEarly { view, policy } => Self::Fault(format!(
                "the runs of view `{view}` with policy `{policy}` were stopped early\nhelp: run the model again, or leave out \
                 `--from`"
            )),
        }
    }
}

pub(super) fn run(arguments: &CompareArguments) -> Outcome {
    if let Some(out) = &arguments.out {
        check_analysis_place(out)?;
    }
    let model = output::open(&arguments.model)?;
    if model.questions.is_empty() {
        return Err(Stop::Model(
            "the model asks no question\nhelp: add a `question`; views are compared by its answer".to_owned(),
        ));
    }
    let names: Vec<&str> = model.questions.iter().map(|question| question.name.as_str()).collect();
    let questions = places(&arguments.question, &names)?;
    let chosen = settings::experiment(
        &model,
        &ExperimentArguments {
            view: None,
            policy: arguments.policy.clone(),
            settings: arguments.settings.clone(),
        },
    )?;
    let pair = pair(&model, arguments)?;
    let weights = weights(&model, arguments.weights.as_deref())?;
    if model.views.is_empty() && !arguments.policies {
        return Err(Stop::Model(
            "the model has no view, so there is nothing to compare\nhelp: add a `view`, or give `--policies`"
                .to_owned(),
        ));
    }
    if model.policies.is_empty() && arguments.policies {
        return Err(Stop::Model(
            "the model has no policy\nhelp: add a `policy`, or leave out `--policies`".to_owned(),
        ));
    }
    let options = BuildOptions {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        questions,
        group_by: GroupName::group_by(arguments.group_by),
        weights,
        directory: arguments.out.as_ref().map(|out| out.display().to_string()),
    };
    let threads = usize::from(arguments.threads.unwrap_or(0));
    let document = with_threads(threads, || compared(&model, &chosen, pair, arguments, &options))??;
    finish(arguments, &document)
}

/// The positions of the two views that were named; none when none were.
fn pair(model: &CheckedModel, arguments: &CompareArguments) -> Result<Option<[Option<usize>; 2]>, Stop> {
    match arguments.views.as_slice() {
        [] => Ok(None),
        [first, second] => {
            let found = [view(model, first)?, view(model, second)?];
            if found[0] == found[1] {
                return Err(Stop::Fault(format!(
                    "`{first}` is named twice, and a view has no gap to itself\nhelp: name two views"
                )));
            }
            Ok(Some(found))
        }
        [only, ..] => {
            view(model, only)?;
            Err(Stop::Fault(format!(
                "one view alone has no gap to explain\nhelp: name two, such as `contingent compare {} {BASE} {only}`",
                arguments.model.display()
            )))
        }
    }
}

/// The position of a view; none for the model's own assumptions.
fn view(model: &CheckedModel, name: &str) -> Result<Option<usize>, Stop> {
    if name == BASE {
        return Ok(None);
    }
    model.views.iter().position(|view| view.name == name).map(Some).ok_or_else(|| {
        let known = || std::iter::once(BASE).chain(model.views.iter().map(|view| view.name.as_str()));
        let hint = nearest(name, known()).map_or_else(
            || format!("it has {}", known().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Stop::Fault(format!("the model has no view `{name}`\nhelp: {hint}"))
    })
}

/// `ali=2,marandi=1` as names and positive numbers.
fn weights(model: &CheckedModel, text: Option<&str>) -> Result<Vec<(String, f64)>, Stop> {
    let mut found: Vec<(String, f64)> = Vec::new();
    for word in text.into_iter().flat_map(|text| text.split(',')) {
        let Some((name, number)) = word.split_once('=') else {
            return Err(Stop::Fault(format!(
                "`{}` has no `=`\nhelp: write `--weights view=2,other=1`",
                word.trim()
            )));
        };
        let (name, number) = (name.trim(), number.trim());
        view(model, name)?;
        let weight = number.parse::<f64>().ok().filter(|weight| weight.is_finite() && *weight > 0.0);
        let Some(weight) = weight else {
            return Err(Stop::Fault(format!(
                "`{number}` is not a weight for `{name}`\nhelp: write a number above zero; leave a view out to give it no weight"
            )));
        };
        if found.iter().any(|(known, _)| known == name) {
            return Err(Stop::Fault(format!("`{name}` has two weights\nhelp: give each view once")));
        }
        found.push((name.to_owned(), weight));
    }
    Ok(found)
}

/// Runs everything and builds the document.
fn compared(
    model: &CheckedModel,
    chosen: &Experiment,
    pair: Option<[Option<usize>; 2]>,
    arguments: &CompareArguments,
    options: &BuildOptions,
) -> Result<ComparisonDocument, Stop> {
    let design =
        Design { seed: arguments.seed, n_draws: arguments.draws, n_replications: arguments.replications };
    design.check()?;
    let views = std::iter::once(None).chain((0..model.views.len()).map(Some));
    let is_weighted = |view: Option<usize>| {
        let name = view.map_or(BASE, |view| model.views[view].name.as_str());
        options.weights.iter().any(|(weighted, _)| weighted == name)
    };
    let shown: Vec<Option<usize>> =
        views.filter(|view| pair.is_none_or(|pair| pair.contains(view)) || is_weighted(*view)).collect();
    let of = |view: Option<usize>, policy: Option<usize>| {
        Compared::new(model, Experiment { view, policy, ..chosen.clone() })
    };
    let mut list: Vec<Compared> = shown.iter().map(|&view| of(view, chosen.policy)).collect();
    if arguments.policies {
        for policy in 0..model.policies.len() {
            if chosen.policy != Some(policy) {
                list.extend(shown.iter().map(|&view| of(view, Some(policy))));
            }
        }
    }
    let runs = if let Some(directory) = &arguments.from {
        stored(model, directory, list, pair.is_some())?
    } else {
        let progress = Progress::new((list.len() * design.n_runs()) as u64);
        let run_options = RunOptions {
            progress: &|finished| progress.set(finished),
            cancelled: output::interrupted(),
            ..RunOptions::default()
        };
        let runs = run_views(model, list, design, &run_options)?;
        progress.finish();
        runs
    };
    let design = runs.design;
    let explained = match pair {
        Some(pair) => {
            let place = |view: Option<usize>| shown.iter().position(|&known| known == view).unwrap_or(0);
            Some(pair.map(place))
        }
        // What policies change is asked for alone unless views are named; a run directory is read alone.
        None if arguments.policies || arguments.from.is_some() || shown.len() < 2 => None,
        None => farthest_apart(model, &runs, options),
    };
    let Some(explained) = explained else { return Ok(build_comparison(model, &runs, None, options)) };
    let [first, second] = explained.map(|place| &runs.runs[place].0.experiment);
    let parameters = points::parameters(model, first)?;
    let groups = differing_groups(model, &parameters, first, second, options.group_by)?;
    if groups.is_empty() {
        let [first, second] = explained.map(|place| runs.runs[place].0.view.as_str());
        output::note(&format!("`{first}` and `{second}` say the same; there is no gap to explain"));
        return Ok(build_comparison(model, &runs, None, options));
    }
    if groups.len() > MOST_GROUPS {
        return Err(Stop::Fault(format!(
            "the two views differ in {} things, more than {MOST_GROUPS}\nhelp: exchange them in groups with `--group-by actor`",
            groups.len()
        )));
    }
    let orders = Orders::new(groups.len(), (arguments.orders as usize).div_ceil(2), arguments.seed);
    let n_coalitions = orders.coalitions().len();
    if groups.len() > MOST_EXACT {
        output::note(&format!(
            "the two views differ in {} things: the gap is shared out over {} drawn orders; `--group-by` makes them fewer",
            groups.len(),
            orders.n_drawn().unwrap_or(0)
        ));
    }
    let progress = Progress::new((n_coalitions * design.n_runs()) as u64);
    let run_options = RunOptions {
        progress: &|finished| progress.set(finished),
        cancelled: output::interrupted(),
        ..RunOptions::default()
    };
    let gap = run_gap(model, &runs, explained, &parameters, groups, orders, &run_options)?;
    progress.finish();
    Ok(build_comparison(model, &runs, Some(&gap), options))
}

/// The experiments of a run directory. Of policies those are taken that were run; views have to be there.
fn stored(
    model: &CheckedModel,
    directory: &Path,
    mut list: Vec<Compared>,
    is_gap_asked: bool,
) -> Result<ViewRuns, Stop> {
    let manifest = read_manifest(directory)?;
    if is_gap_asked && manifest.experiments.iter().any(|record| record.settings != SettingsRecord::default())
    {
        return Err(Stop::Fault(format!(
            "`{}` was run with `--set`, and a gap cannot be explained without it\nhelp: leave out `--from` and give the \
             settings, or leave out the two views",
            directory.display()
        )));
    }
    let policy = list.first().map(|first| first.policy.clone());
    let is_there = |compared: &Compared| {
        let is_this =
            |record: &ExperimentRecord| record.view == compared.view && record.policy == compared.policy;
        Some(&compared.policy) == policy.as_ref() || manifest.experiments.iter().any(is_this)
    };
    list.retain(is_there);
    Ok(stored_views(model, directory, list)?)
}

/// The two views that lie farthest apart in the first question that was asked, the lower first.
fn farthest_apart(model: &CheckedModel, runs: &ViewRuns, options: &BuildOptions) -> Option<[usize; 2]> {
    let document = build_comparison(model, runs, None, options);
    let agreement = document.questions.iter().find_map(|question| question.agreement.as_ref())?;
    let place = |view: &str| runs.runs.iter().position(|(compared, _)| compared.view == view);
    let pair = [place(&agreement.lowest)?, place(&agreement.highest)?];
    (pair[0] != pair[1]).then_some(pair)
}

fn finish(arguments: &CompareArguments, document: &ComparisonDocument) -> Outcome {
    if let Some(out) = &arguments.out {
        let record = AnalysisRecord {
            model: ModelRecord { title: document.title.clone(), hash: document.model_hash.clone() },
            seed: document.seed,
            design: DesignRecord {
                method: "comparison".to_owned(),
                n_draws: document.n_draws as u32,
                n_replications: document.n_replications as u32,
            },
            n_runs: document.n_runs as u64,
            complete: true,
        };
        write_analysis(out, record, &tables(document)?)?;
    }
    match arguments.format {
        Format::Json => output::result(&(serde_json::to_string_pretty(document)? + "\n"))?,
        Format::Human => {
            let hints = hints(arguments, document);
            let options = RenderOptions { width: output::width(), hints: &hints };
            output::result(&render_comparison(document, &options))?;
        }
    }
    let answered = |value: &contingent::compare::ViewValue| value.value.is_some();
    if !document.questions.iter().any(|question| question.views.iter().any(answered)) {
        return Err(Stop::Model("no question has an answer under any view".to_owned()));
    }
    Ok(ExitCode::SUCCESS)
}

/// What to try next.
fn hints(arguments: &CompareArguments, document: &ComparisonDocument) -> Vec<String> {
    let model = arguments.model.display();
    let mut hints = Vec::new();
    if let [first, .., last] = document.views.as_slice() {
        if arguments.views.is_empty() {
            hints.push(format!("contingent compare {model} {} {}", first.id, last.id));
        } else if arguments.group_by.is_none() {
            hints.push(format!("contingent compare {model} {} --group-by actor", arguments.views.join(" ")));
        }
        if arguments.weights.is_none() {
            hints.push(format!("contingent compare {model} --weights {}=2,{}=1", first.id, last.id));
        }
    }
    hints.push(format!("contingent compare {model} --format json"));
    hints
}
