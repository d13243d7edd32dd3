//! Every example in the tables of the language is checked and run.
//!
//! Enters: the tables of functions, distributions and forms. Always holds: an example gives no diagnostic, not even a
//! warning, and every variable in it is a finite number at every time, in every run of every view and policy.

use contingent_engine::quantile::quantile;
use contingent_engine::{Block, ChanceMode, Recording, Workspace, compile, run_block};
use contingent_ensemble::{Experiment, Settings};
use contingent_model::forms::{PRELUDE, TABLES, is_whole_model};
use contingent_model::functions::{DISTRIBUTIONS, FUNCTIONS};
use contingent_model::{CheckedModel, check, load};
use contingent_syntax::{Code, Diagnostic};

/// Draws of each example. Their places are spread evenly between 0 and 1.
const N_DRAWS: u32 = 20;

fn checked(example: &str) -> (Option<CheckedModel>, Vec<Diagnostic>) {
    let text = if is_whole_model(example) { example.to_owned() } else { format!("{PRELUDE}{example}\n") };
    let checked = check(load("model.ctg", text, &mut |name| match name {
        // What the example of `include` reads.
        "claims.ctg" => Ok("source bulletin \"A bulletin\" { publisher \"An institute\" }\n".to_owned()),
        // What the examples of `input` read.
        "attacks.csv" => Ok("month,attacks\n2024-01,9\n2024-02,\n2024-03,14\n2025-01,3\n".to_owned()),
        "strikes.csv" => Ok("month,strikes\n2023-12,1\n2024-01,3\n2024-02,0\n".to_owned()),
        "prices.csv" => Ok("week,kbl,the east,north\n0,1,2,3\n4,2,,5\n8,3,4,6\n".to_owned()),
        "supply.csv" => Ok("date,kabul,east,north\n2023-12-31,1,2,3\n2024-03-01,2,2,4\n".to_owned()),
        _ => Err("there is no such file".to_owned()),
    }));
    // What the prelude declares and an example does not use is no mistake of the example.
    let in_example = |one: &Diagnostic| {
        one.code != Code::UnusedDeclaration || one.primary.span.start as usize >= PRELUDE.len()
    };
    let diagnostics = checked.diagnostics.into_iter();
    let diagnostics = diagnostics.filter(|one| is_whole_model(example) || in_example(one)).collect();
    (checked.model, diagnostics)
}

/// Runs the model, with every variable recorded; says what went wrong. Gives the number of values looked at.
fn run(model: &CheckedModel) -> Result<usize, String> {
    let mut n_values = 0;
    for experiment in Experiment::every(model, &Settings::default()) {
        let mut configuration =
            experiment.configuration(model, Recording::Everything).map_err(|error| error.to_string())?;
        configuration.chance = ChanceMode::Drawn;
        let program = compile(model, &configuration).map_err(|error| error.to_string())?;
        for draw in 0..N_DRAWS {
            let place = (f64::from(draw) + 0.5) / f64::from(N_DRAWS);
            let parameters: Vec<f64> = program
                .parameters()
                .iter()
                .map(|parameter| quantile(&experiment.distribution(model, parameter), place))
                .collect();
            let block = Block { seed: 1, draws: &[draw], replications: &[0], parameters: &parameters };
            let result = run_block(&program, &block, &mut Workspace::default());
            if let Some(failure) = result.failures.first() {
                return Err(format!("`{}` went wrong at {}", failure.variable, failure.time));
            }
            if let Some(position) = result.recorded.iter().position(|value| !value.is_finite()) {
                return Err(format!("value {position} is not a finite number"));
            }
            n_values += result.recorded.len() + result.outcomes.len();
        }
    }
    Ok(n_values)
}

fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
    let functions = FUNCTIONS.iter().map(|row| (row.form, row.example));
    let distributions = DISTRIBUTIONS.iter().map(|row| (row.form, row.example));
    let forms = TABLES.iter().flat_map(|table| table.forms).map(|form| (form.form, form.example));
    functions.chain(distributions).chain(forms)
}

#[test]
fn every_example_of_the_reference_is_sound_and_runs() {
    let mut mistakes = Vec::new();
    let (mut n_examples, mut n_values) = (0, 0);
    for (form, example) in examples() {
        n_examples += 1;
        let (model, diagnostics) = checked(example);
        for diagnostic in &diagnostics {
            mistakes.push(format!("{form}: {}: {}", diagnostic.code.as_str(), diagnostic.headline));
        }
        match model.map(|model| run(&model)) {
            Some(Ok(n)) => n_values += n,
            Some(Err(mistake)) => mistakes.push(format!("{form}: {mistake}")),
            None => {}
        }
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    assert!(n_examples > 80 && n_values > 100_000, "{n_examples} examples, {n_values} values");
}

#[test]
fn every_distribution_has_central_values_inside_its_tails() {
    for row in DISTRIBUTIONS {
        let (model, _) = checked(row.example);
        let model = model.unwrap_or_else(|| panic!("{} does not check", row.name));
        let variable = model.variables.last().expect("an assumption");
        let contingent_model::VariableKind::Assumption { distributions, .. } = &variable.kind else {
            panic!("{}: not an assumption", row.name)
        };
        let [low, middle, high] = [0.01, 0.5, 0.99].map(|place| quantile(&distributions[0], place));
        assert!(low <= middle && middle <= high && low < high, "{}: {low} {middle} {high}", row.name);
    }
}

#[test]
fn a_function_without_its_values_is_told_how_it_is_written() {
    for row in FUNCTIONS {
        let (_, diagnostics) = checked(&format!("aux x = {}()", row.name));
        let found: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(found, [Code::WrongArguments], "{}", row.name);
        let help = diagnostics[0].help.clone().unwrap_or_default();
        assert!(help.contains(&format!("`{}(", row.name)), "{}: {help}", row.name);
    }
}
