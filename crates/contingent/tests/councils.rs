//! Councils in the language, from text to runs, against the councils of the engine and of `contingent council`.
//!
//! Enters: model texts in this file. Always holds: where both ways compute the same they must give the same bits, whatever runs
//! the program; a test with chance states how rarely it fails by chance, and its seed is fixed.

use std::fmt::Write as _;

use contingent::council::{Table, bargain};
use contingent_engine::council::Council;
use contingent_engine::{Backend, Configuration, Recording, compile};
use contingent_ensemble::{Design, EnsembleResult, Experiment, RunOptions, run_experiment};
use contingent_model::{CheckedModel, check, load};

/// `dummyData_3Dim.csv` of the KAPSARC Toolkit (MIT licence).
const REFERENCE: &str = "DummyData_3Dim ,\"Dummy scenario to test reading format\",7,3,
Actor,Description,Power,Pstn1,Sal1,Pstn2,Sal2,Pstn3,Sal3,
SActor-00, Random Spatial Actor, 102.543, 75.79, 49.53,  6.37,  5.91, 70.45, 28.15,
SActor-01, Random Spatial Actor,  53.393, 82.72, 30.33, 73.50, 21.22, 64.00, 24.79,
SActor-02, Random Spatial Actor, 129.643, 82.45, 48.47, 90.89, 13.55,  0.07, 34.62,
SActor-03, Random Spatial Actor,  75.920, 62.52, 20.76, 50.82, 39.24, 62.33, 22.21,
SActor-04, Random Spatial Actor,  63.224, 82.34, 40.96, 45.77, 25.43, 73.31, 22.59,
SActor-05, Random Spatial Actor, 120.048, 84.48, 22.92, 33.70, 39.35, 88.11, 15.42,
SActor-06, Random Spatial Actor,  54.178, 70.96, 31.75, 33.46, 27.93, 90.36, 26.03,
";

fn model(time: &str, body: &str) -> CheckedModel {
    let text = format!(
        "model \"A case\" {{\n  purpose \"To compare\"\n  not_for \"Any decision\"\n  {time}\n}}\n{body}"
    );
    let checked = check(load("model.ctg", text, &mut |_| Err("there is no such file".to_owned())));
    let errors: Vec<_> = checked.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    checked.model.expect("a model without errors")
}

fn run_by(model: &CheckedModel, backend: Backend, n_draws: u32) -> EnsembleResult {
    let design = Design { seed: 5, n_draws, n_replications: 1 };
    let options = RunOptions { recorded_draws: n_draws, backend, ..RunOptions::default() };
    run_experiment(model, &Experiment::default(), &design, &options).expect("the model runs")
}

/// The value of an indicator at a time in a run.
fn indicator(result: &EnsembleResult, name: &str, time: usize, run: usize) -> f64 {
    let position = result.recorded.iter().position(|column| column.name == name).expect("an indicator");
    result.recorded_value(time, position, run)
}

/// A table as a model with a council: a member an element, a dimension an element, numbers in `%` as the table has them.
fn as_model(table: &str, rule: &str) -> (CheckedModel, Table) {
    let read = Table::read(table).expect("a table");
    let mut body = String::from("subscript member { ");
    for member in 0..read.members.len() {
        let _ = write!(body, "m{member}, ");
    }
    body.truncate(body.len() - 2);
    body += " }\nsubscript issue { ";
    for dimension in 0..read.dimensions.len() {
        let _ = write!(body, "d{dimension}, ");
    }
    body.truncate(body.len() - 2);
    body += " }\n";
    for (name, pick) in [("stance", true), ("care", false)] {
        let _ = writeln!(body, "aux {name}[member, issue]: share = {{");
        for (member, numbers) in read.members.iter().enumerate() {
            let cells = if pick { &numbers.positions } else { &numbers.saliences };
            let cells: Vec<String> =
                cells.iter().enumerate().map(|(dimension, cell)| format!("d{dimension}: {cell}%")).collect();
            let _ = writeln!(body, "  m{member}: {{ {} }},", cells.join(", "));
        }
        body.truncate(body.len() - 2);
        body += "\n}\n";
    }
    let powers: Vec<String> = read
        .members
        .iter()
        .enumerate()
        .map(|(member, one)| format!("m{member}: {}", one.capability))
        .collect();
    let _ = writeln!(body, "aux power[member] = {{ {} }}", powers.join(", "));
    let _ = writeln!(
        body,
        "decision line every 2 weeks {{\n  option low at 0%\n  option high at 100%\n  council of member on issue with \
         position stance, capability power, salience care\n  choose council by {rule}\n}}"
    );
    for dimension in 0..read.dimensions.len() {
        let _ = writeln!(body, "indicator p{dimension} = line.position[d{dimension}]");
    }
    (model("time 0 to 5 weeks step 1 week", &body), read)
}

#[test]
fn the_reference_table_decides_in_the_language_as_on_its_own_to_the_bit() {
    for (rule, turns) in [
        ("weighted mean", 0),
        ("weighted median", 0),
        ("challenge within 100 turns", 100),
        ("challenge within 3 turns", 3),
    ] {
        let (model, table) = as_model(REFERENCE, rule);
        let document = bargain(&table, turns);
        let last = &document.states[document.states.len() - 1];
        let expected = if rule.ends_with("mean") { &last.weighted_mean } else { &last.weighted_median };
        for backend in [Backend::Interpreter, Backend::Native] {
            let result = run_by(&model, backend, 3);
            assert_eq!(result.failures, vec![]);
            for (dimension, expected) in expected.iter().enumerate() {
                let found = 100.0 * indicator(&result, &format!("p{dimension}"), 1, 2);
                let expected = expected.expect("somebody cares");
                assert_eq!(found.to_bits(), expected.to_bits(), "{rule}: {found} is not {expected}");
            }
        }
    }
}

#[test]
fn the_reference_run_of_the_toolkit_comes_out_through_the_language() {
    // The last state of the reference log, in hundredths; the weighted median is the position of a member of it.
    const LAST: [[f64; 7]; 3] = [
        [78.6, 78.6, 82.5, 67.1, 78.6, 79.9, 78.6],
        [31.8, 31.8, 90.9, 50.1, 31.6, 34.4, 31.6],
        [74.1, 74.1, 0.1, 63.7, 74.1, 75.2, 74.1],
    ];
    let (model, _) = as_model(REFERENCE, "challenge within 100 turns");
    let result = run_by(&model, Backend::Automatic, 1);
    for (dimension, (places, expected)) in LAST.iter().zip([78.6, 34.4, 74.1]).enumerate() {
        let found = format!("{:.1}", 100.0 * indicator(&result, &format!("p{dimension}"), 2, 0));
        assert_eq!(found, format!("{expected:.1}"), "dimension {dimension}");
        assert!(places.iter().any(|place| format!("{place:.1}") == found));
    }
}

/// Three members whose numbers are assumed, and the indicators that tell them.
const UNSURE: &str = "subscript wing { a, b, c }\n\
    assume stance[wing]: share = uniform(0, 1) because judgement \"any\"\n\
    assume power[wing] = uniform(0.1, 3) because judgement \"any\"\n\
    assume care[wing]: share = uniform(0.05, 1) because judgement \"any\"\n\
    aux leaning[wing]: share = clamp(stance + 0.02 * time / (1 week), 0, 1)\n\
    indicator xa = leaning[a]\nindicator xb = leaning[b]\nindicator xc = leaning[c]\n\
    indicator wa = power[a]\nindicator wb = power[b]\nindicator wc = power[c]\n\
    indicator sa = care[a]\nindicator sb = care[b]\nindicator sc = care[c]\n\
    indicator found = line.position\n";

fn unsure(method: &str, rule: &str) -> CheckedModel {
    model(
        &format!("time 0 to 8 weeks step 1 week\n{method}"),
        &format!(
            "{UNSURE}decision line every 4 weeks initially high {{\n  option low at 10%\n  option high at 90%\n  \
             council of wing with position leaning, capability power, salience care\n  choose council by {rule}\n}}"
        ),
    )
}

#[test]
fn councils_of_numbers_that_differ_from_run_to_run_give_the_bits_of_the_engine_in_every_way() {
    for rule in ["weighted mean", "weighted median", "challenge within 12 turns"] {
        for (method, backend) in [
            ("", Backend::Interpreter),
            ("", Backend::Native),
            ("method rk4", Backend::Automatic),
            ("method exact", Backend::Automatic),
        ] {
            let model = unsure(method, rule);
            let result = run_by(&model, backend, 300);
            assert_eq!(result.failures, vec![]);
            let mut n_compared = 0;
            for run in 0..300 {
                let at =
                    |names: [&str; 3], time: usize| names.map(|name| indicator(&result, name, time, run));
                assert_eq!(
                    at(["found"; 3], 0)[0].to_bits(),
                    0.9_f64.to_bits(),
                    "the place of the option in force"
                );
                // Reviewed at 0 and 4, in force a step later.
                for (review, from, until) in [(0, 1, 4), (4, 5, 8)] {
                    let council = Council::new(
                        at(["wa", "wb", "wc"], review).to_vec(),
                        at(["sa", "sb", "sc"], review).to_vec(),
                    )
                    .expect("a council");
                    let positions = at(["xa", "xb", "xc"], review);
                    let expected = match rule {
                        "weighted mean" => council.weighted_mean(&positions)[0],
                        "weighted median" => council.weighted_median(&positions)[0],
                        _ => {
                            let all = council.bargain(&positions, 12);
                            council.weighted_median(&all.turns[all.turns.len() - 1].positions)[0]
                        }
                    };
                    for time in from..=until {
                        let found = indicator(&result, "found", time, run);
                        assert_eq!(
                            found.to_bits(),
                            expected.to_bits(),
                            "{rule} {method} run {run} time {time}"
                        );
                        n_compared += 1;
                    }
                }
            }
            assert_eq!(n_compared, 2_400);
        }
    }
}

#[test]
fn the_nearest_option_is_chosen_and_a_logit_chooses_as_often_as_it_says() {
    let decided = |rule: &str| {
        let body = format!(
            "subscript wing {{ a, b }}\n\
             decision line every 1 week {{\n  option low at 0%\n  option middle at 55%\n  option high at 100%\n  \
             council of wing with position {{ a: 0.2, b: 0.8 }}, capability {{ a: 1, b: 3 }}, salience 1\n  \
             choose council by {rule}\n}}\n\
             indicator low = if line == low then 1 else 0\n\
             indicator middle = if line == middle then 1 else 0\n"
        );
        let result = run_by(&model("time 0 to 2 weeks step 1 week", &body), Backend::Automatic, 20_000);
        ["low", "middle"]
            .map(|name| (0..20_000).map(|run| indicator(&result, name, 1, run)).sum::<f64>() / 20_000.0)
    };
    // The mean is 0.65, the median 0.8.
    assert_eq!(decided("weighted mean"), [0.0, 1.0]);
    assert_eq!(decided("weighted median"), [0.0, 0.0]);
    let weights = [0.65_f64, 0.1, 0.35].map(|distance| contingent_engine::math::exp(-5.0 * distance));
    let all: f64 = weights.iter().sum();
    for (found, weight) in decided("weighted mean with logit(5)").into_iter().zip(weights) {
        let share = weight / all;
        let error = (share * (1.0 - share) / 20_000.0).sqrt();
        // Beyond 4 standard errors in 6e-5 of all seeds.
        assert!((found - share).abs() < 4.0 * error, "{found} is not {share}");
    }
}

#[test]
fn members_without_capability_take_no_part_and_a_council_of_nobody_fails_the_run() {
    let body = |rule: &str| {
        format!(
            "subscript wing {{ a, b, c }}\n\
             stock men[wing]: 1 = {{ a: 1, b: 1, c: 1 }}\n\
             flow leaving[wing]: men -> = if time < 4 weeks and wing == a then 0.5 per week\n  \
             else if time < 8 weeks and wing == b then 0.25 per week else if wing == c then 0.1 per week else 0 per week\n\
             decision line every 1 week {{\n  option low at 0%\n  option high at 100%\n  \
             council of wing with position {{ a: 0.1, b: 0.6, c: 1.7 * men[a] }}, capability men,\n    \
             salience {{ a: 2 * men[a], b: 1, c: 0.5 }}\n  choose council by {rule}\n}}\n\
             indicator stands = line.position\n"
        )
    };
    for rule in ["weighted mean", "weighted median", "challenge within 10 turns"] {
        // After ten weeks nobody has any capability left.
        let result = run_by(&model("time 0 to 10 weeks step 1 week", &body(rule)), Backend::Automatic, 2);
        assert_eq!(result.failures, vec![], "{rule}");
        let last = indicator(&result, "stands", 10, 0);
        assert!((0.0..=1.0).contains(&last) && last < 0.05, "only c is left, at 0: {last}");
        let result = run_by(&model("time 0 to 13 weeks step 1 week", &body(rule)), Backend::Automatic, 2);
        assert_eq!(result.failures.len(), 2, "{rule}");
        let failure = &result.failures[0];
        assert_eq!(failure.variable, "line.position", "{failure:?}");
    }
}

#[test]
fn a_council_for_each_region_reads_the_numbers_of_its_region() {
    let model = model(
        "time 0 to 4 weeks step 1 week",
        "subscript region { kabul, east }\nsubscript wing { a, b }\n\
         decision line[region] every 1 week {\n  option low at 0%\n  option high at 100%\n  \
         council of wing with position if region == kabul then 0.9 else 0.1 * (1 + wing_number), capability 1, salience 1\n  \
         choose council by challenge within 5 turns\n}\n\
         aux wing_number[wing] = { a: 0, b: 2 }\n\
         indicator kabul_stands = line.position[kabul]\nindicator east_stands = line[east].position\n\
         indicator east_is_low = if line[east] == low then 1 else 0\n\
         indicator kabul_is_high = if line[kabul] == high then 1 else 0\n",
    );
    let result = run_by(&model, Backend::Automatic, 1);
    let council = Council::new(vec![1.0; 2], vec![1.0; 2]).expect("a council");
    let east = council.weighted_median(&council.rest(&[0.1, 0.1 * 3.0], 5))[0];
    assert_eq!(indicator(&result, "kabul_stands", 1, 0), 0.9);
    assert_eq!(indicator(&result, "east_stands", 1, 0), east);
    assert_eq!(indicator(&result, "east_is_low", 1, 0), 1.0);
    assert_eq!(indicator(&result, "kabul_is_high", 1, 0), 1.0);
}

#[test]
fn a_council_from_whose_decision_nothing_follows_is_not_asked_and_fails_no_run() {
    let body = |chosen: &str| {
        format!(
            "subscript wing {{ a, b }}\nmechanism bargaining \"They bargain\": one of on, off = {chosen} because judgement \"any\"\n\
             stock men: 1 = 1\nflow leaving: men -> = 1 per week\n\
             decision line every 1 week {{\n  option low at 0%\n  option high at 100%\n  \
             council of wing with position 0.5, capability men, salience 1\n  choose council by challenge within 5 turns\n}}\n\
             aux agreed = if bargaining == on and line == high then 1 else 0\nindicator stands = agreed\n"
        )
    };
    for (chosen, n_failed) in [("on", 2), ("off", 0)] {
        let model = model("time 0 to 4 weeks step 1 week", &body(chosen));
        let result = run_by(&model, Backend::Automatic, 2);
        assert_eq!(result.failures.len(), n_failed, "{chosen}");
        let configuration = Configuration { recording: Recording::Indicators, ..Configuration::default() };
        let listing = compile(&model, &configuration).expect("the model compiles").dump().to_lowercase();
        assert_eq!(listing.contains("bargain"), chosen == "on", "{listing}");
    }
}
