use contingent_engine::{OutcomeColumn, OutcomeRole, Parameter, Recorded};
use contingent_ensemble::{Design, EnsembleResult, Experiment};
use contingent_model::{CheckedModel, VariableKind, check, load};

use super::*;

const MODEL: &str = r#"
model "Will the strike spread?" {
  purpose "Show the shape of a model"
  not_for "Any real decision"
  time 2024-01-01 to 2024-12-30 step 1 week
  leaves_out "The weather"
}

unit striker

source paper "The paper" { publisher "A press" }
claim many from paper by "A. Speaker" { says "Many will come out" }

assume at_start "Strikers at the start": striker = 200 to 400 because judgement "counts at the gates"
assume spread_rate = 2% to 8% per week because many, judgement "our reading"

stock strikers: striker = at_start
flow joining: -> strikers = strikers * spread_rate

view slow "It stays local" { spread_rate = 1% per week because many }

lever pay: 1 = 1 range 0 to 2
policy raise "Pay is raised" { pay = 2 }

indicator crowd "strikers out": striker = strikers

question large "Will more than 1,000 be out within half a year?" {
  P( within 26 weeks: strikers > 1_000 striker )
  resolves "Yes if the labour office counts more than 1,000 on any day."
}
question size "How many will be out in half a year?" {
  distribution( strikers at 26 weeks )
  resolves "The count of the labour office."
}
"#;

fn model() -> CheckedModel {
    let loaded = load("model.ctg", MODEL.to_owned(), &mut |_| Err("no other file".to_owned()));
    let checked = check(loaded);
    checked.model.unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
}

/// An experiment of 400 draws with two replications in which the event happens when the rate exceeds a bar.
fn result(model: &CheckedModel, view: Option<usize>, policy: Option<usize>, bar: f64) -> EnsembleResult {
    let parameters: Vec<Parameter> = ["at_start", "spread_rate"]
        .iter()
        .map(|name| Parameter {
            variable: model.variable_named(name).unwrap(),
            element: 0,
            name: (*name).to_owned(),
        })
        .collect();
    let n_draws = 400;
    let at_start: Vec<f64> = (0..n_draws).map(|draw| 200.0 + f64::from(draw * 61 % n_draws)).collect();
    let rate: Vec<f64> = (0..n_draws).map(|draw| f64::from(draw) / f64::from(n_draws)).collect();
    let large = (0..2 * n_draws).map(|run| f64::from(u8::from(rate[(run / 2) as usize] > bar))).collect();
    let size = (0..2 * n_draws).map(|run| 1_000.0 * rate[(run / 2) as usize] + f64::from(run % 2)).collect();
    let crowd = model.indicators[0].unit.clone();
    EnsembleResult {
        experiment: Experiment { view, policy, ..Experiment::default() },
        design: Design { seed: 3, n_draws: n_draws as u32, n_replications: 2 },
        parameters,
        parameter_values: vec![at_start.into(), rate.into()],
        outcomes: ["large", "size"]
            .iter()
            .enumerate()
            .map(|(question, name)| OutcomeColumn {
                name: (*name).to_owned(),
                question,
                role: OutcomeRole::Value,
            })
            .collect(),
        outcome_values: vec![large, size],
        log_likelihoods: Vec::new(),
        clipped: 0,
        n_clipped_runs: 0,
        failures: Vec::new(),
        recorded: vec![Recorded { name: "crowd".to_owned(), unit: crowd }],
        trajectories: vec![1.0, 2.0, 3.0, 4.0],
        n_times: 2,
        n_kept_runs: 2,
        n_finished_runs: 2 * n_draws as usize,
    }
}

fn answer() -> Answer {
    let model = model();
    let results = [
        result(&model, None, None, 0.7),
        result(&model, Some(0), None, 0.9),
        result(&model, None, Some(0), 0.6),
        result(&model, Some(0), Some(0), 0.85),
    ];
    let options = BuildOptions {
        version: "0.1.0".to_owned(),
        run_directory: Some("runs/strike".to_owned()),
        ..BuildOptions::default()
    };
    build_answer(&model, &results, &options).unwrap()
}

#[test]
fn the_answer_holds_estimate_views_policies_and_what_it_hangs_on() {
    let answer = answer();
    let large = &answer.questions[0];
    let estimate = large.estimate.as_ref().unwrap();
    assert_eq!(large.when, "by 1 July 2024");
    assert!((estimate.probability.unwrap() - 0.2975).abs() < 1e-12);
    assert_eq!(estimate.word.as_deref(), Some("unlikely"));
    assert_eq!(large.hangs_on[0].assumption, "spread_rate");
    assert_eq!(large.hangs_on[0].claims, ["many"]);
    assert!(large.hangs_on[0].distinguishable && !large.hangs_on[0].is_judgement);
    assert!(large.hangs_on[1].is_judgement && !large.hangs_on[1].distinguishable);
    assert_eq!(large.views.len(), 1);
    assert!((large.views_gap.unwrap().low.unwrap() - 0.0975).abs() < 1e-12);
    let policy = &large.policies[0];
    assert!((policy.difference.unwrap() - 0.1).abs() < 1e-12);
    assert!(policy.distinguishable && (policy.share_higher - 0.1).abs() < 1e-12);
    assert!((policy.by_view[0].difference - 0.05).abs() < 1e-12);
}

#[test]
fn a_quantity_has_mean_and_quantiles_in_the_shown_unit() {
    let size = &answer().questions[1];
    let estimate = size.estimate.as_ref().unwrap();
    assert_eq!((size.kind, size.unit.as_deref()), (QuestionKind::Quantity, Some("striker")));
    assert!((estimate.mean.unwrap() - 499.25).abs() < 1e-9);
    assert_eq!(estimate.quantiles.len(), 5);
    assert!(size.spread.unwrap().epistemic.unwrap() > 280.0);
    assert_eq!(size.policies[0].compared, ComparedMeasure::Mean);
}

#[test]
fn the_document_says_what_it_rests_on_and_reads_back() {
    let answer = answer();
    assert_eq!(answer.schema, ANSWER_SCHEMA);
    assert_eq!(answer.evidence.n_judgement_only, 1);
    assert_eq!(answer.evidence.n_our_reading, 1);
    assert_eq!(answer.design.n_runs, 800);
    assert_eq!(answer.trajectories[0].label, "strikers out");
    assert_eq!(answer.trajectories[0].dates[1], "2024-01-08");
    let text = serde_json::to_string(&answer).unwrap();
    let read: Answer = serde_json::from_str(&text).unwrap();
    // Numbers survive to the last bit or two, which is what the parser of the reader promises.
    assert_eq!(read.questions[0].label, answer.questions[0].label);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    for pointer in [
        "/schema",
        "/model/title",
        "/model/hash",
        "/seed",
        "/questions/0/id",
        "/questions/0/label",
        "/questions/0/estimate/probability",
        "/questions/0/estimate/interval/low",
        "/questions/0/estimate/word",
        "/questions/0/estimate/word_range/0",
        "/questions/0/estimate/in_100",
        "/questions/0/spread/simulation",
        "/questions/0/spread/epistemic",
        "/questions/0/spread/chance",
        "/questions/0/views/0/id",
        "/questions/0/views/0/estimate/probability",
        "/questions/0/policies/0/id",
        "/questions/0/policies/0/difference",
        "/questions/0/policies/0/interval/low",
        "/questions/0/hangs_on/0/assumption",
        "/questions/0/hangs_on/0/index",
        "/questions/0/hangs_on/0/interval/low",
        "/questions/1/estimate/mean",
        "/questions/1/estimate/quantiles/0/value",
    ] {
        assert!(value.pointer(pointer).is_some_and(|found| !found.is_null()), "{pointer}");
    }
    assert!(value["questions"][0]["base_rate"].is_null());
}

#[test]
fn an_interrupted_ensemble_answers_with_the_draws_that_every_experiment_finished() {
    let model = model();
    let mut stopped = result(&model, Some(0), None, 0.9);
    stopped.n_finished_runs = 301;
    for column in &mut stopped.outcome_values {
        column.truncate(301);
    }
    let results = [result(&model, None, None, 0.7), stopped];
    let answer = build_answer(&model, &results, &BuildOptions::default()).unwrap();
    assert_eq!((answer.design.n_draws, answer.design.complete), (150, false));
    assert!(answer.warnings.iter().any(|warning| warning.contains("stopped early")));
}

#[test]
fn what_cannot_be_built_is_refused_by_name() {
    let model = model();
    let options = BuildOptions::default();
    assert_eq!(build_answer(&model, &[], &options), Err(BuildError::NoExperiment));
    let mut other = result(&model, None, Some(0), 0.7);
    other.design.seed = 4;
    let results = [result(&model, None, None, 0.7), other];
    assert_eq!(build_answer(&model, &results, &options), Err(BuildError::DesignsDiffer { position: 1 }));
    let mut none = result(&model, None, None, 0.7);
    none.n_finished_runs = 1;
    assert_eq!(build_answer(&model, &[none], &options), Err(BuildError::NoFinishedDraw { position: 0 }));
}

#[test]
fn the_fixture_is_a_model_with_two_assumptions() {
    let n = model().variables.iter().filter(|v| matches!(v.kind, VariableKind::Assumption { .. })).count();
    assert_eq!(n, 2);
}
