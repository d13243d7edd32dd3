//! The founding case, `models/taliban-daesh-k`, held to what its texts say it does.
//!
//! Enters: the model's files as they stand. Always holds: experiments share the draws and the chance of their runs,
//! so that a difference is taken run by run; a direction counts as shown when the mean difference lies more than
//! [`Z`] of its standard errors on the right side of zero. A row without any effect passes by luck once in 740
//! times. Only rows are listed whose difference is six standard errors or more, so that with other random streams
//! a row of the same model fails once in 740 times at worst; the seed is fixed, so that the same model and streams
//! always give the same verdict.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use contingent::project;
use contingent_engine::{Block, OutcomeRole, Recording, Workspace, compile, run_block};
use contingent_ensemble::{Design, EnsembleResult, Experiment, RunOptions, Settings, run_experiment};
use contingent_model::{CheckedModel, Grounds, Measure, VariableId, VariableKind};
use jiff::civil::{Date, date};

/// Standard errors by which a mean difference must lie beyond zero.
const Z: f64 = 3.0;

/// Enough for the least of the claimed differences: see the module's documentation.
const DESIGN: Design = Design { seed: 1, n_draws: 800, n_replications: 1 };

/// What cannot be drawn wrongly needs few runs.
const FEW: Design = Design { seed: 2, n_draws: 64, n_replications: 1 };

const UP: f64 = 1.0;
const DOWN: f64 = -1.0;

/// Which column of a result is compared.
#[derive(Clone, Copy, Debug)]
enum Answer {
    /// The value of a question.
    Question(&'static str),
    /// The mean of an indicator over all times.
    Indicator(&'static str),
}
use Answer::{Indicator, Question};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/taliban-daesh-k")
}

fn open(path: &Path) -> CheckedModel {
    let checked = project::open(path).expect("the model's files are there");
    assert_eq!(checked.diagnostics, vec![], "the model checks clean");
    checked.model.expect("a model without errors")
}

fn model() -> &'static CheckedModel {
    static MODEL: OnceLock<CheckedModel> = OnceLock::new();
    MODEL.get_or_init(|| open(&directory()))
}

fn run(experiment: &Experiment, draws_of: Option<&EnsembleResult>) -> EnsembleResult {
    let options = RunOptions { recorded_draws: DESIGN.n_draws, draws_of, ..RunOptions::default() };
    let result = run_experiment(model(), experiment, &DESIGN, &options).expect("the model runs");
    assert_eq!(result.failures.first(), None);
    result
}

/// The model's own assumptions, with every lever as declared.
fn baseline() -> &'static EnsembleResult {
    static BASELINE: OnceLock<EnsembleResult> = OnceLock::new();
    BASELINE.get_or_init(|| run(&Experiment::default(), None))
}

fn id(name: &str) -> VariableId {
    model().variable_named(name).unwrap_or_else(|| panic!("the model has no `{name}`"))
}

/// A mechanism that is on as declared, and the position of its alternative `off`.
fn off(name: &str) -> (VariableId, usize) {
    let id = id(name);
    let VariableKind::Mechanism { alternatives, default, .. } = &model().variable(id).kind else {
        panic!("`{name}` is no mechanism");
    };
    let off = alternatives.iter().position(|alternative| alternative == "off").expect("it can be off");
    assert_ne!(off, *default, "{name} is on unless it is switched off");
    (id, off)
}

/// Values in shown units.
fn with(assumptions: &[(&str, f64)], levers: &[(&str, f64)], mechanisms_off: &[&str]) -> Experiment {
    let in_base_units = |&(name, value): &(&str, f64)| {
        let id = id(name);
        (id, value * model().variable(id).unit.scale)
    };
    let settings = Settings {
        assumptions: assumptions.iter().map(in_base_units).collect(),
        levers: levers.iter().map(in_base_units).collect(),
        mechanisms: mechanisms_off.iter().map(|name| off(name)).collect(),
        ..Settings::default()
    };
    Experiment { settings, ..Experiment::default() }
}

fn view(name: &str) -> Experiment {
    let position = model().views.iter().position(|view| view.name == name).expect("a view");
    Experiment { view: Some(position), ..Experiment::default() }
}

fn policy(name: &str) -> Experiment {
    let position = model().policies.iter().position(|policy| policy.name == name).expect("a policy");
    Experiment { policy: Some(position), ..Experiment::default() }
}

fn values(result: &EnsembleResult, answer: Answer) -> Vec<f64> {
    match answer {
        Question(name) => {
            let column = result.outcomes.iter().position(|column| column.name == name);
            result.outcome_values[column.unwrap_or_else(|| panic!("no question `{name}`"))].clone()
        }
        Indicator(name) => {
            let column = result.recorded.iter().position(|column| column.name == name);
            let column = column.unwrap_or_else(|| panic!("no indicator `{name}`"));
            let mean_over_time = |run_index| {
                let times = 0..result.n_times;
                times.map(|time| result.recorded_value(time, column, run_index)).sum::<f64>()
                    / result.n_times as f64
            };
            (0..result.n_kept_runs).map(mean_over_time).collect()
        }
    }
}

/// The mean difference of the paired runs, and how many of its standard errors it lies from zero, counted in
/// `direction`. Runs of different draws count as independent; that draws are stratified makes the error an
/// overestimate, if anything.
fn standard_errors(
    first: &EnsembleResult,
    second: &EnsembleResult,
    answer: Answer,
    direction: f64,
) -> (f64, f64) {
    let (first, second) = (values(first, answer), values(second, answer));
    assert_eq!(first.len(), DESIGN.n_runs(), "every run is compared");
    let differences: Vec<f64> = first.iter().zip(&second).map(|(first, second)| second - first).collect();
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    assert!(mean.is_finite(), "{answer:?} can be compared run by run");
    let variance = differences.iter().map(|difference| (difference - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let error = (variance / n).sqrt();
    (mean, if error > 0.0 { direction * mean / error } else { 0.0 })
}

/// One line per row that does not go its way; all rows are looked at before anything fails.
fn rows_that_fail(
    name: &str,
    first: &EnsembleResult,
    second: &EnsembleResult,
    claims: &[(Answer, f64)],
) -> Vec<String> {
    let fails = |&(answer, direction): &(Answer, f64)| {
        let (mean, errors) = standard_errors(first, second, answer, direction);
        let claimed = if direction > 0.0 { "up" } else { "down" };
        (errors <= Z).then(|| {
            format!(
                "{name}: {answer:?} was to go {claimed}; it moved by {mean:.4}, {errors:.1} errors that way"
            )
        })
    };
    claims.iter().filter_map(fails).collect()
}

fn assert_none(failed: &[String]) {
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// That a table speaks of everything that the model declares, and of nothing else.
fn assert_complete<'a>(
    what: &str,
    declared: impl Iterator<Item = &'a str>,
    listed: impl Iterator<Item = &'a str>,
) {
    let (declared, listed): (BTreeSet<&str>, BTreeSet<&str>) = (declared.collect(), listed.collect());
    assert_eq!(declared, listed, "the table and the model have the same {what}");
}

/// A mechanism, and where answers go when it is switched off.
const MECHANISMS_OFF: &[(&str, &[(Answer, f64)])] = &[
    ("attrition", &[(Question("strength_end"), UP), (Question("doubling_year"), UP)]),
    ("leader_losses", &[(Question("urban_campaign"), UP), (Question("strength_end"), UP)]),
    ("freed_prisoners", &[(Question("strength_end"), DOWN), (Question("doubling_year"), DOWN)]),
    ("remobilisation", &[(Question("strength_end"), DOWN), (Question("doubling_year"), DOWN)]),
    ("fronts", &[(Question("strength_end"), DOWN), (Question("urban_campaign"), DOWN)]),
    (
        "urban_network",
        &[
            (Question("urban_campaign"), DOWN),
            (Question("mass_attack_quarter"), DOWN),
            (Indicator("kabul_attacks"), DOWN),
        ],
    ),
    ("changing_sides", &[(Question("strength_end"), DOWN), (Indicator("kabul_attacks"), DOWN)]),
    (
        "factions",
        &[
            (Question("split_two_years"), DOWN),
            (Question("campaign_half_year"), UP),
            (Indicator("cohesion"), UP),
        ],
    ),
    ("overstretch", &[(Question("campaign_half_year"), UP), (Question("strength_end"), DOWN)]),
    (
        "recognition_and_money",
        &[
            (Question("campaign_half_year"), DOWN),
            (Question("recognition_two_years"), DOWN),
            (Question("rule_survives"), UP),
        ],
    ),
    ("patron_pressure", &[(Question("campaign_half_year"), DOWN), (Question("break_two_years"), DOWN)]),
    ("blame", &[(Question("campaign_half_year"), DOWN), (Indicator("campaign_lead"), DOWN)]),
    ("foreign_ties", &[(Question("campaign_half_year"), UP), (Indicator("strength"), DOWN)]),
];

/// A view, and where its author argues that answers go, against the model's own assumptions.
const VIEWS: &[(&str, &[(Answer, f64)])] = &[
    (
        "ali",
        &[
            (Question("split_two_years"), DOWN),
            (Question("doubling_year"), UP),
            (Question("strength_end"), UP),
            (Indicator("cohesion"), UP),
        ],
    ),
    (
        "marandi",
        &[
            (Question("campaign_half_year"), DOWN),
            (Question("split_two_years"), UP),
            (Question("break_two_years"), DOWN),
        ],
    ),
    (
        "alam",
        &[
            (Question("campaign_half_year"), UP),
            (Question("campaign_lasts"), UP),
            (Question("rule_survives"), DOWN),
        ],
    ),
    ("ruttig", &[(Question("campaign_half_year"), UP), (Question("campaign_lasts"), UP)]),
    (
        "sayed",
        &[
            (Question("mass_attack_quarter"), UP),
            (Question("urban_campaign"), UP),
            (Indicator("kabul_attacks"), UP),
        ],
    ),
];

/// A policy, and where answers go against every lever as declared.
const POLICIES: &[(&str, &[(Answer, f64)])] = &[
    ("press_hard", &[(Question("campaign_lasts"), UP), (Question("break_two_years"), UP)]),
    ("written_offer", &[(Question("campaign_lasts"), UP), (Question("recognition_two_years"), UP)]),
    ("vet_prisoners", &[(Question("strength_end"), DOWN), (Indicator("strength"), DOWN)]),
    ("strike_more", &[(Question("strength_end"), DOWN), (Question("campaign_lasts"), DOWN)]),
    ("rural_security", &[(Question("strength_end"), DOWN)]),
    (
        "together",
        &[
            (Question("campaign_lasts"), UP),
            (Question("strength_end"), DOWN),
            (Question("recognition_two_years"), UP),
        ],
    ),
    ("hands_off", &[(Question("campaign_lasts"), DOWN), (Question("recognition_two_years"), DOWN)]),
];

/// A lever, and where answers go from its lowest to its highest value.
const LEVERS: &[(&str, &[(Answer, f64)])] = &[
    (
        "patrons.pressing",
        &[
            (Question("campaign_half_year"), UP),
            (Question("break_two_years"), UP),
            (Indicator("cohesion"), DOWN),
        ],
    ),
    ("usa.over_horizon", &[(Question("strength_end"), DOWN), (Question("campaign_half_year"), DOWN)]),
    ("world.offer", &[(Question("campaign_half_year"), UP), (Question("recognition_two_years"), UP)]),
    ("taliban.rural_aid", &[(Question("strength_end"), DOWN), (Indicator("clashes_a_week"), UP)]),
    ("taliban.vetting", &[(Question("strength_end"), DOWN), (Indicator("strength"), DOWN)]),
];

#[test]
fn each_mechanism_switched_off_moves_answers_as_its_claims_say() {
    let declared = model().variables.iter();
    let declared = declared.filter(|variable| matches!(variable.kind, VariableKind::Mechanism { .. }));
    assert_complete(
        "mechanisms",
        declared.map(|variable| variable.name.as_str()),
        MECHANISMS_OFF.iter().map(|row| row.0),
    );
    let failed = MECHANISMS_OFF.iter().flat_map(|(name, claims)| {
        let result = run(&with(&[], &[], &[name]), Some(baseline()));
        rows_that_fail(name, baseline(), &result, claims)
    });
    assert_none(&failed.collect::<Vec<_>>());
}

#[test]
fn each_view_moves_answers_as_its_author_argues() {
    let declared = model().views.iter().map(|view| view.name.as_str());
    assert_complete("views", declared, VIEWS.iter().map(|row| row.0));
    let failed = VIEWS.iter().flat_map(|(name, claims)| {
        let result = run(&view(name), Some(baseline()));
        rows_that_fail(name, baseline(), &result, claims)
    });
    assert_none(&failed.collect::<Vec<_>>());
}

#[test]
fn each_policy_moves_answers_the_way_it_is_meant_to() {
    let declared = model().policies.iter().map(|policy| policy.name.as_str());
    assert_complete("policies", declared, POLICIES.iter().map(|row| row.0));
    let failed = POLICIES.iter().flat_map(|(name, claims)| {
        let result = run(&policy(name), Some(baseline()));
        rows_that_fail(name, baseline(), &result, claims)
    });
    assert_none(&failed.collect::<Vec<_>>());
}

/// The levers with their least and greatest values, in shown units.
fn levers() -> Vec<(&'static str, f64, f64)> {
    let bounds = model().variables.iter().filter_map(|variable| match variable.kind {
        VariableKind::Lever { low, high, .. } => {
            Some((variable.name.as_str(), low / variable.unit.scale, high / variable.unit.scale))
        }
        _ => None,
    });
    bounds.collect()
}

#[test]
fn each_lever_moves_answers_the_way_it_is_meant_to() {
    assert_complete("levers", levers().iter().map(|lever| lever.0), LEVERS.iter().map(|row| row.0));
    let failed = LEVERS.iter().flat_map(|(name, claims)| {
        let (_, low, high) = *levers().iter().find(|lever| lever.0 == *name).expect("listed above");
        let at = |value| run(&with(&[], &[(name, value)], &[]), Some(baseline()));
        rows_that_fail(name, &at(low), &at(high), claims)
    });
    assert_none(&failed.collect::<Vec<_>>());
}

/// Runs with everything recorded and looks at every stock at every time: finite, never below zero where it may not
/// be, whole where it counts whole things, and the sum over all whole stocks the same as at the start to the last
/// bit. Sums of whole numbers below 2^53 are exact. Returns the number of sums that were compared.
fn assert_the_books_balance(
    what: &str,
    model: &CheckedModel,
    experiment: &Experiment,
    design: &Design,
) -> usize {
    let configuration = experiment.configuration(model, Recording::Everything).expect("it fits the model");
    let program = compile(model, &configuration).expect("it compiles");
    let columns =
        design.parameter_values(model, program.parameters(), experiment).expect("the assumptions are drawn");
    let n_runs = design.n_runs();
    let draws: Vec<u32> = (0..n_runs).map(|run_index| design.draw_of(run_index)).collect();
    let replications: Vec<u32> = (0..n_runs).map(|run_index| design.replication_of(run_index)).collect();
    let parameters: Vec<f64> =
        columns.iter().flat_map(|column| draws.iter().map(|&draw| column[draw as usize])).collect();
    let block =
        Block { seed: design.seed, draws: &draws, replications: &replications, parameters: &parameters };
    let result = run_block(&program, &block, &mut Workspace::default());
    assert_eq!(result.failures.first(), None, "{what}");

    let recorded = program.recorded();
    let mut is_person = vec![false; recorded.len()];
    for variable in &model.variables {
        let VariableKind::Stock { signed, whole, .. } = variable.kind else { continue };
        for element in 0..model.n_elements(&variable.subscripts) {
            let name = model.element_name(&variable.name, &variable.subscripts, element);
            let position = recorded.iter().position(|recorded| recorded.name == name);
            let position = position.unwrap_or_else(|| panic!("`{name}` is not recorded"));
            is_person[position] = whole;
            for row in result.recorded.chunks_exact(n_runs).skip(position).step_by(recorded.len()) {
                for &value in row {
                    assert!(value.is_finite() && (signed || value >= 0.0), "{what}: {name} is {value}");
                    assert!(!whole || value.fract() == 0.0, "{what}: {name} is {value}, not whole");
                }
            }
            assert!(!whole || variable.unit.text == "person", "{name} does not count people");
        }
    }
    assert!(is_person.iter().filter(|&&is_person| is_person).count() > 10, "few stocks count people");

    let people: Vec<Vec<f64>> = result
        .recorded
        .chunks_exact(recorded.len() * n_runs)
        .map(|at_one_time| {
            let rows = at_one_time.chunks_exact(n_runs).zip(&is_person).filter(|(_, is_person)| **is_person);
            rows.fold(vec![0.0; n_runs], |sums, (row, _)| {
                sums.iter().zip(row).map(|(sum, x)| sum + x).collect()
            })
        })
        .collect();
    assert_eq!(people.len(), program.n_times(), "every time is compared");
    for (time_index, sums) in people.iter().enumerate() {
        assert_eq!(*sums, people[0], "{what}: people were made or lost by time {time_index}");
    }
    people.len() * n_runs
}

/// Experiments at the edges of what can be set.
fn extremes() -> Vec<(&'static str, Experiment)> {
    let mechanisms: Vec<&str> = MECHANISMS_OFF.iter().map(|row| row.0).collect();
    let low: Vec<(&str, f64)> = levers().iter().map(|&(name, low, _)| (name, low)).collect();
    let high: Vec<(&str, f64)> = levers().iter().map(|&(name, _, high)| (name, high)).collect();
    vec![
        ("no freed prisoners", with(&[("freed_in_all", 0.0)], &[], &["freed_prisoners"])),
        ("nobody freed was of Daesh-K", with(&[("freed_daesh_share", 0.0)], &[], &[])),
        ("no recruitment", with(&[("daesh_k.recruit_rate", 0.0)], &[], &["remobilisation"])),
        ("nobody to recruit", with(&[("sympathisers_at_start", 0.0)], &[], &[])),
        ("endless recruitment", with(&[("daesh_k.recruit_rate", 1e5)], &[], &[])),
        ("no patrons", with(&[], &[("patrons.pressing", 0.0)], &["patron_pressure"])),
        ("everything off", with(&[], &[], &mechanisms)),
        ("a campaign that costs everything", with(&[("taliban.war_cost", 1e6)], &[], &[])),
        ("a campaign that is worth everything", with(&[("taliban.war_cost", -1e6)], &[], &[])),
        ("a council that tosses coins", with(&[("taliban.sharpness", 0.0)], &[], &[])),
        ("a council that never errs", with(&[("taliban.sharpness", 1e3)], &[], &[])),
        ("one man of Daesh-K", with(&[("strength_at_start", 1.0)], &[], &[])),
        ("no man of Daesh-K", with(&[("strength_at_start", 0.0)], &[], &[])),
        ("ten Taliban", with(&[("taliban_at_start", 10.0)], &[], &[])),
        (
            "deadly clashes among few",
            with(&[("taliban_at_start", 50.0), ("daesh_k.clash_rate", 1.0)], &[], &[]),
        ),
        ("no foreign fighters", with(&[("foreign_at_start", 0.0)], &[], &[])),
        ("all levers low", with(&[], &low, &[])),
        ("all levers high", with(&[], &high, &[])),
    ]
}

#[test]
fn people_are_conserved_exactly() {
    let views = VIEWS.iter().map(|&(name, _)| (name, view(name)));
    let policies = POLICIES.iter().map(|&(name, _)| (name, policy(name)));
    let base = std::iter::once(("base", Experiment::default()));
    let n_compared: usize = base
        .chain(views)
        .chain(policies)
        .chain(extremes())
        .map(|(what, experiment)| assert_the_books_balance(what, model(), &experiment, &FEW))
        .sum();
    assert!(n_compared > 100_000, "few sums were compared: {n_compared}");
}

#[test]
fn the_indicator_of_everybody_never_changes() {
    let everybody = baseline().recorded.iter().position(|recorded| recorded.name == "everybody");
    let everybody = everybody.expect("an indicator");
    let at = |time, run| baseline().recorded_value(time, everybody, run);
    let runs: Vec<usize> = (0..baseline().n_kept_runs).collect();
    assert_eq!(runs.len(), DESIGN.n_runs());
    for time in 0..baseline().n_times {
        assert!(runs.iter().all(|&run| at(time, run) == at(0, run)), "at time {time}");
    }
}

#[test]
fn extremes_stay_sane() {
    for (what, experiment) in extremes() {
        let result = run_experiment(model(), &experiment, &FEW, &RunOptions::default()).expect("it runs");
        assert_eq!(result.failures.first(), None, "{what}");
        assert_eq!(result.n_finished_runs, FEW.n_runs(), "{what}");
        for (column, values) in result.outcomes.iter().zip(&result.outcome_values) {
            let question = &model().questions[column.question];
            let sane = |value: f64| match question.measure {
                _ if column.role == OutcomeRole::FirstTime => value >= 0.0,
                Measure::Distribution(_) if column.role == OutcomeRole::Value => value >= 0.0,
                _ => value == 0.0 || value == 1.0,
            };
            for &value in values {
                assert!(sane(value), "{what}: {} is {value}", column.name);
            }
        }
    }
}

fn few_values(experiment: &Experiment, question: &'static str) -> Vec<f64> {
    let result = run_experiment(model(), experiment, &FEW, &RunOptions::default()).expect("it runs");
    values(&result, Question(question))
}

#[test]
fn a_campaign_that_costs_everything_never_comes_and_one_that_is_worth_everything_comes_at_once() {
    let never = with(&[("taliban.war_cost", 1e6)], &[], &[]);
    assert!(few_values(&never, "campaign_begins").iter().all(|&week| week == f64::INFINITY));
    assert!(few_values(&never, "campaign_lasts").iter().all(|&lasts| lasts == 0.0));
    // The first review is that of the first day, and its choice is in force a week later.
    let always = with(&[("taliban.war_cost", -1e6)], &[], &[]);
    assert!(few_values(&always, "campaign_begins").iter().all(|&week| week == 1.0));
    assert!(few_values(&always, "campaign_lasts").iter().all(|&lasts| lasts == 1.0));
}

#[test]
fn what_a_mechanism_alone_can_bring_about_does_not_happen_without_it() {
    let impossible = |off: &[&str], question| {
        let values = few_values(&with(&[], &[], off), question);
        assert!(values.iter().all(|&value| value == 0.0), "{question} without {off:?}");
    };
    impossible(&["factions"], "split_two_years");
    // No new men from anywhere: what was there cannot double.
    impossible(&["remobilisation", "freed_prisoners", "changing_sides", "foreign_ties"], "doubling_year");
    let survives = few_values(&with(&[], &[], &["recognition_and_money"]), "rule_survives");
    assert!(survives.iter().all(|&survives| survives == 1.0), "the rule falls for want of money only");
}

#[test]
fn factions_that_bargain_decide_in_every_run_and_not_always_as_their_mean() {
    let factions = id("factions");
    let VariableKind::Mechanism { alternatives, .. } = &model().variable(factions).kind else {
        panic!("`factions` is a mechanism");
    };
    let bargain =
        alternatives.iter().position(|alternative| alternative == "bargain").expect("it can bargain");
    let settings =
        Settings { mechanisms: [(factions, bargain)].into_iter().collect(), ..Settings::default() };
    let bargained = run(&Experiment { settings, ..Experiment::default() }, Some(baseline()));
    let campaigns = |result: &EnsembleResult| values(result, Question("campaign_half_year"));
    let (mean, after) = (campaigns(baseline()), campaigns(&bargained));
    assert_ne!(mean, after, "bargaining leads elsewhere than the mean");
    let share = after.iter().sum::<f64>() / after.len() as f64;
    assert!(0.02 < share && share < 0.98, "{share}");
}

#[test]
fn the_model_has_the_parts_that_the_case_asks_for() {
    let model = model();
    let n_mechanisms = model
        .variables
        .iter()
        .filter(|variable| matches!(variable.kind, VariableKind::Mechanism { .. }))
        .count();
    // The rival readings are the fourteenth.
    assert!(n_mechanisms + usize::from(!model.views.is_empty()) >= 14);
    assert!(model.questions.len() >= 6);
    assert!(model.views.len() >= 5);
    assert!(model.policies.len() >= 5);
}

#[test]
fn every_question_resolves_and_every_assumption_has_grounds() {
    let grounded = |grounds: &Grounds| {
        let judgement = grounds.judgement.as_ref().is_some_and(|judgement| !judgement.trim().is_empty());
        judgement || !grounds.claims.is_empty()
    };
    for question in &model().questions {
        assert!(!question.resolves.trim().is_empty(), "{}", question.name);
        assert!(question.base_rate.as_ref().is_none_or(|rate| grounded(&rate.grounds)), "{}", question.name);
    }
    for variable in &model().variables {
        if let VariableKind::Assumption { grounds, .. } | VariableKind::Mechanism { grounds, .. } =
            &variable.kind
        {
            assert!(grounded(grounds), "{}", variable.name);
        }
    }
    for view in &model().views {
        assert!(!view.overrides.is_empty(), "{} changes nothing", view.name);
        for (variable, _, grounds) in &view.overrides {
            assert!(grounded(grounds), "{} of {}", model().variable(*variable).name, view.name);
        }
    }
    assert!(model().correlations.iter().all(|correlation| grounded(&correlation.grounds)));
}

/// Lines that may name a later day because they speak of the future that is asked about, or of when a count of
/// earlier days was printed: the file, and words of the line.
const LATER_DAYS_ALLOWED: &[(&str, &str)] = &[
    // The years that the model looks ahead, and when policies begin in them.
    ("model.ctg", "time    2021-08-30 to 2023-08-28"),
    ("policies.ctg", "Each policy sets levers from 1 November 2021"),
    ("policies.ctg", "from 2021-11-01 {"),
    ("README.md", "Seven policies start on 1 November 2021"),
    // A report printed two days after the as-of date, of which only what lies before is used; see README.md.
    ("claims.ctg", "report of the Secretary-General, September 2021"),
    ("README.md", "early September 2021"),
];

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The days that a line names after `as_of`: `2021-09-01`, `September 2021` (the whole month), `2022`.
fn later_days(line: &str, as_of: Date) -> Vec<String> {
    let words: Vec<&str> = line
        .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    let mut later = Vec::new();
    for (position, word) in words.iter().enumerate() {
        let month = position.checked_sub(1).and_then(|before| {
            let before = words[before].to_lowercase();
            MONTHS.iter().position(|month| before.starts_with(month))
        });
        let is_later = match (word.parse::<Date>(), word.parse::<i16>()) {
            (Ok(day), _) => day > as_of,
            (_, Ok(year)) if word.len() == 4 && year == as_of.year() => {
                month.is_some_and(|month| month as i8 + 1 > as_of.month())
            }
            (_, Ok(year)) if word.len() == 4 => (as_of.year() + 1..2100).contains(&year),
            _ => false,
        };
        if is_later {
            later.push((*word).to_owned());
        }
    }
    later
}

#[test]
fn later_days_are_found_in_text() {
    let as_of = date(2021, 8, 31);
    for (line, n_found) in [
        ("told on 2021-09-01", 1),
        ("told in 2021-08-31, 30 August 2021 and 2021", 0),
        ("in September 2021 and in Oct 2021", 2),
        ("2_022 men, 3,310 of 2,190", 0),
        ("as 2022 showed", 1),
        ("August 2023", 1),
        ("the record of 1994 to August 2021, edition 22.1", 0),
    ] {
        assert_eq!(later_days(line, as_of).len(), n_found, "{line}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the texts are files")]
fn nothing_in_the_texts_dates_from_after_the_as_of_date() {
    let as_of = model().as_of.expect("the model has an as-of date");
    assert_eq!(as_of, date(2021, 8, 31));
    for source in &model().sources {
        assert!(source.date.is_none_or(|day| day <= as_of), "{} is of a later day", source.name);
    }
    let mut n_lines = 0;
    let mut allowed = BTreeSet::new();
    let mut failed = Vec::new();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in &files {
        let file = path.file_name().unwrap().to_str().unwrap();
        // How a question resolves is about the days that it asks about.
        let mut in_question = false;
        for line in std::fs::read_to_string(path).unwrap().lines() {
            n_lines += 1;
            in_question = (in_question || line.starts_with("question ")) && line != "}";
            let later = later_days(line, as_of);
            if in_question || later.is_empty() {
                continue;
            }
            match LATER_DAYS_ALLOWED.iter().find(|(of, words)| *of == file && line.contains(words)) {
                Some(entry) => _ = allowed.insert(entry),
                None => failed.push(format!("{file}: {} in: {line}", later.join(", "))),
            }
        }
    }
    assert!(files.len() > 10 && n_lines > 1_000, "the texts were read");
    assert_none(&failed);
    assert_eq!(allowed, LATER_DAYS_ALLOWED.iter().collect(), "each line that is allowed is there");
}

/// The value below which a share of the values lies.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(share * (sorted.len() - 1) as f64).round() as usize]
}

/// The 5% and 95% quantiles of 600 runs lie within 1.8 percentage points of their ranks (two standard errors); the
/// recorded figures lie far inside, so that luck does not decide.
#[test]
fn the_past_is_within_the_range_of_the_same_equations() {
    let past = open(&directory().join("history.ctg"));
    let design = Design { seed: 1, n_draws: 600, n_replications: 1 };
    let result = run_experiment(&past, &Experiment::default(), &design, &RunOptions::default()).unwrap();
    assert_eq!(result.failures.first(), None);
    for (question, recorded) in [
        ("deaths_2018", 577.0),
        ("deaths_to_2019", 628.0),
        ("deaths_to_2020", 628.0),
        ("strength_2021", 1_850.0),
    ] {
        let values = values(&result, Question(question));
        let (low, high) = (quantile(&values, 0.05), quantile(&values, 0.95));
        assert!(low <= recorded && recorded <= high, "{question}: {recorded} is not in {low} to {high}");
    }
    let n_compared = assert_the_books_balance("history", &past, &Experiment::default(), &FEW);
    assert!(n_compared > 10_000);
}
