//! Builds the report document.
//!
//! Enters: a model, its texts, results and the answer. Leaves: a [`Report`]. Always holds: what is taken as observed is taken so
//! everywhere or the analysis is left out.

use contingent_analysis::OutcomeColumn;
use contingent_engine::OutcomeRole;
use contingent_ensemble::EnsembleResult;
use contingent_model::{CheckedModel, Measure};
use contingent_syntax::Sources;

use super::{evidence, fans, prose};
use crate::answer::{Answer, iso_date_in_words};
use crate::causal_map::{DEFAULT_NODES, MapOptions, causal_map};
use crate::checklists::{Standard, checklist};
use crate::compare::ComparisonDocument;
use crate::discover::{self, ExperimentColumns, Wanted, discover_scenarios};
use crate::evidence::{StoredAnswer, StoredIndex, StoredModel, StoredQuestion, build_evidence};
use crate::policies::PolicyReport;
use crate::watch::{WatchColumns, WatchOptions, watch_list};
use contingent_report::chart::Frame;
use contingent_report::document::answer::{QuestionAnswer, QuestionKind};
use contingent_report::document::report::{
    BacktestRecord, DueRecord, FileText, FuturesRecord, REPORT_SCHEMA, Report,
};

/// Equally likely futures of a number (Kay et al. 2016 found 50 dots to be counted quickly and well).
const N_FUTURES: usize = 50;

/// The texts of a model.
#[derive(Clone, Copy, Debug)]
pub struct ReportSources<'a> {
    /// The texts of the model, then of its data.
    pub sources: &'a Sources,
    /// How many of them, the first, are of the model.
    pub n_files: usize,
}

/// What the caller adds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportOptions {
    /// Version of the program.
    pub version: String,
    /// Who answers for it.
    pub author: Option<String>,
    /// The command that makes it again.
    pub command: String,
    /// Policies under every view, when they were run.
    pub policies: Option<PolicyReport>,
    /// Where the gap between two readings comes from, when it was worked out.
    pub gap: Option<ComparisonDocument>,
    /// What a reader must know of how they were run.
    pub notes: Vec<String>,
}

/// The map of the model, thick where the first question hangs on it; none where nothing acts on anything.
fn map_of(
    model: &CheckedModel,
    texts: ReportSources<'_>,
    answer: &Answer,
) -> Option<contingent_report::map::Map> {
    let indices = answer
        .questions
        .iter()
        .take(1)
        .flat_map(|question| &question.hangs_on)
        .filter(|one| one.distinguishable)
        .map(|one| (one.assumption.clone(), one.index))
        .collect();
    let options = MapOptions {
        frame: Frame { id: "map".to_owned(), width: 960.0 },
        seed: answer.seed,
        indices,
        n_nodes: DEFAULT_NODES,
    };
    Some(causal_map(model, &prose::files(texts), &options)).filter(|map| !map.links.is_empty())
}

/// The report on an answer. `results` are those that the answer was built from, with the experiment that it is about first.
pub fn build_report(
    model: &CheckedModel,
    texts: ReportSources<'_>,
    results: &[EnsembleResult],
    answer: &Answer,
    options: ReportOptions,
) -> Report {
    let is_observed = !answer.observed.is_empty();
    let mut notes = options.notes;
    let headline = results.first();
    // With something observed the answer is about some of the runs, and these analyses would be about all of them.
    let whole = headline.filter(|_| !is_observed);
    if is_observed {
        notes.push(
            "Something is taken as observed, so the sections on what to watch and on when it goes wrong, which would be about \
             all runs, are left out."
                .to_owned(),
        );
    }
    let watched =
        whole.filter(|result| result.n_kept_runs > 0 && !model.indicators.is_empty()).map(|result| {
            let columns = WatchColumns::of_result(model, result);
            let options = WatchOptions { version: options.version.clone(), ..WatchOptions::default() };
            watch_list(model, &columns, &options)
        });
    let discovery = whole.and_then(|result| {
        let columns = ExperimentColumns::of_result(model, result);
        let wanted = Wanted { questions: vec![0], ..Wanted::default() };
        let options = discover::BuildOptions { version: options.version.clone(), run_directory: None };
        discover_scenarios(model, &columns, &wanted, &options).ok().map(|found| found.document)
    });
    if discovery.is_some() && answer.questions.len() > 1 {
        notes.push(
            "Futures in which it goes wrong were searched for the first question only; `contingent discover` searches them for \
             all."
                .to_owned(),
        );
    }
    Report {
        schema: REPORT_SCHEMA.to_owned(),
        author: options.author,
        command: options.command,
        fans: match whole {
            Some(result) => fans::of_result(model, result, None),
            None => answer.trajectories.iter().map(|one| fans::of_trajectory(model, one)).collect(),
        },
        fans_of_views: if is_observed { Vec::new() } else { fans::of_views(model, results) },
        futures: whole.map_or_else(Vec::new, |result| futures(model, result, answer)),
        views: evidence::view_differences(model),
        gap: options.gap,
        watch_list: watched,
        discovery,
        policies: options.policies,
        evidence: build_evidence(model, Some(&stored(answer))),
        claims: evidence::claims(model, answer),
        sources: evidence::sources(model),
        assumptions: evidence::assumptions(model, answer),
        map: map_of(model, texts, answer),
        checklists: Standard::ALL.map(|standard| checklist(model, Some(answer), standard)).to_vec(),
        description: prose::description(model, texts),
        backtest: BacktestRecord { scores: Vec::new(), due: due(answer) },
        files: texts
            .sources
            .files
            .iter()
            .enumerate()
            .map(|(place, file)| FileText {
                name: file.name.clone(),
                is_data: place >= texts.n_files,
                text: file.text.clone(),
            })
            .collect(),
        live: whole.and_then(|result| crate::live::build_live(model, result, answer)),
        answer: answer.clone(),
        notes,
    }
}

/// What the evidence is told of the answer.
fn stored(answer: &Answer) -> StoredAnswer {
    StoredAnswer {
        model: StoredModel { hash: answer.model.hash.clone(), title: answer.model.title.clone() },
        questions: answer
            .questions
            .iter()
            .map(|question| StoredQuestion {
                id: question.id.clone(),
                label: question.label.clone(),
                hangs_on: question
                    .hangs_on
                    .iter()
                    .map(|found| StoredIndex {
                        assumption: found.assumption.clone(),
                        index: found.index,
                        distinguishable: found.distinguishable,
                    })
                    .collect(),
            })
            .collect(),
    }
}

/// The numbers and first times that are asked for, and when the events of probabilities come.
fn futures(model: &CheckedModel, result: &EnsembleResult, answer: &Answer) -> Vec<FuturesRecord> {
    let n_runs = result.n_whole_draws() * result.design.n_replications as usize;
    let find = |question: usize, role: OutcomeRole| {
        let place = result
            .outcomes
            .iter()
            .position(|outcome| outcome.question == question && outcome.role == role)?;
        Some(&result.outcome_values[place][..n_runs])
    };
    answer
        .questions
        .iter()
        .enumerate()
        .filter_map(|(position, asked)| {
            let question = &model.questions[position];
            let (role, scale) = match question.measure {
                Measure::Probability(_) => (OutcomeRole::FirstTime, 1.0),
                Measure::Distribution(_) => (OutcomeRole::Value, question.unit.scale),
            };
            let column = OutcomeColumn::new(find(position, role)?, result.design.n_replications as usize)
                .given(find(position, OutcomeRole::Given));
            let mut counted: Vec<f64> =
                (0..n_runs).filter(|&run| column.counts(run)).map(|run| column.values[run] / scale).collect();
            counted.sort_unstable_by(f64::total_cmp);
            if counted.is_empty() {
                return None;
            }
            let values = (0..N_FUTURES)
                .map(|place| {
                    let share = (place as f64 + 0.5) / N_FUTURES as f64;
                    let rank = ((share * counted.len() as f64).ceil() as usize).clamp(1, counted.len());
                    let value = counted[rank - 1];
                    value.is_finite().then_some(value)
                })
                .collect();
            Some(FuturesRecord { question: asked.id.clone(), values, n_runs: counted.len() })
        })
        .collect()
}

/// When events will have settled what is asked.
fn due(answer: &Answer) -> Vec<DueRecord> {
    let is_dated = answer.model.start.is_some();
    answer
        .questions
        .iter()
        .map(|question| DueRecord {
            question: question.id.clone(),
            by: is_dated.then(|| last_day(question, &answer.model.horizon)),
        })
        .collect()
}

fn last_day(question: &QuestionAnswer, horizon: &str) -> String {
    let date =
        ["by ", "on ", "at every time until "].iter().find_map(|start| question.when.strip_prefix(start));
    match (question.kind, date) {
        (QuestionKind::FirstTime, _) | (_, None) => iso_date_in_words(horizon),
        (_, Some(date)) => date.to_owned(),
    }
}
