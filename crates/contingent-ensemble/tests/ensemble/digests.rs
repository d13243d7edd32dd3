//! Known digests: the bits of outcomes, which no back end, number of threads or size of block moves, and which only a
//! raised `STREAM_VERSION` may.
//!
//! A digest that moved on purpose: raise the version in `contingent-engine`, and put in the digests that the failing
//! test prints.

use std::path::Path;

use contingent_engine::{
    Backend, Block, OutcomeRole, STREAM_VERSION, Workspace, compile, random::mix, run_block,
};
use contingent_ensemble::{Design, Experiment, RunOptions, run_experiment, with_threads};
use contingent_model::{CheckedModel, check, load};

use crate::support::strike;

/// The version under which the digests below were taken.
const VERSION: u32 = 1;

/// Continuous stocks, elementary functions, a table, what is remembered, and every kind of chance.
const MIXED: &str = r#"
model "Mixed" {
  purpose "To compare bits"
  not_for "Any decision"
  time 2024-01-01 to 2024-07-01 step 1 week
}
unit fighter
subscript region { kabul, east, north }

assume growth = 5% to 20% per week because judgement "made up"
assume noise: 1 = 0.05 to 0.3 because judgement "made up"
assume loss: 1/week = 0.01 to 0.2 because judgement "made up"
assume power: 1 = 0.4 to 1.4 because judgement "made up"
lookup fear(x: 1): 1 = (0, 0) (2, 0.4) (6, 0.9) (12, 1)

stock crowd[region]: fighter = 100 fighter
whole stock band[region]: fighter = 40 fighter
whole stock gone: fighter = 0 fighter
stock mood: 1 = 1

aux shock[region]: 1 = exp(noise * normal(0, 1))
aux size[region]: 1 = log(1 + crowd / 1 fighter) + sqrt(mood)
aux dread[region]: 1 = fear(size * mood)
aux late: 1 = delay(sum(dread over region), 3 weeks, order 3)
aux seen: 1 = smooth(late, 4 weeks)

flow swelling[region]: -> crowd[region] = growth * crowd * shock * (1 - crowd / 5000 fighter)
flow cooling: mood -> = mood * 0.1 / 1 week * (1 + seen) ^ power
flow warming: -> mood = uniform(0, 0.4) / 1 week
flow joining[region]: -> band[region] = poisson(0.02 / 1 week * crowd)
flow leaving[region]: band[region] -> gone = binomial(band[region], loss)
event raid "A raid" at 10% per week {
  mood += 0.5
}

question many "Are there many?" { P( at 26 weeks: sum(band over region) > 400 fighter ), resolves "by a count" }
question mood_then "What is the mood?" { distribution( mood at 26 weeks ), resolves "by a count" }
question left "How many left?" { distribution( gone at 26 weeks ), resolves "by a count" }
question raids "How many raids?" { distribution( raid.total at 26 weeks ), resolves "by a count" }
"#;

/// Two councils that bargain: members whose numbers differ from run to run and move, of whom some take no part, on one
/// dimension and on two.
const BARGAINED: &str = r#"
model "Bargained" {
  purpose "To compare bits"
  not_for "Any decision"
  time 2024-01-01 to 2024-07-01 step 1 week
}
subscript wing { old, young, abroad, armed, rich }
subscript issue { openness, pace }

assume stance[wing, issue]: share = uniform(0, 1) because judgement "made up"
assume power[wing] = uniform(-0.5, 3) because judgement "made up"
assume care[wing, issue]: share = uniform(0, 0.9) because judgement "made up"
stock mood: 1 = 1
flow cooling: mood -> = mood * 0.04 / 1 week
event raid "A raid" at 20% per week { mood += 0.3 }

decision line "The line" every 2 weeks {
  option closed at 0%
  option open at 100%
  council of wing on issue with position clamp(stance * mood, 0, 1), capability power, salience care
  choose council by challenge within 8 turns
}
decision speed "The speed" every 3 weeks initially fast {
  option slow at 20%
  option fast at 90%
  council of wing with position clamp(stance[wing, pace] * mood, 0, 1), capability max(0.1, power), salience 100%
  choose council by challenge within 30 turns with logit(5)
}
flow calming: mood -> = if line == closed then 0.02 / 1 week else 0 / 1 week

question openness_then "How open?" { distribution( line.position[openness] at 26 weeks ), resolves "by a count" }
question pace_then "How fast?" { distribution( line.position[pace] at 26 weeks ), resolves "by a count" }
question speed_then "Where on speed?" { distribution( speed.position at 26 weeks ), resolves "by a count" }
question mood_then "What is the mood?" { distribution( mood at 26 weeks ), resolves "by a count" }
"#;

fn of_text(text: &str) -> CheckedModel {
    checked(text.to_owned(), &mut |name| Err(format!("{name} is not there")))
}

#[expect(clippy::disallowed_methods, reason = "the founding case is a model of the repository")]
fn founding_case() -> CheckedModel {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/taliban-daesh-k");
    let mut read =
        |name: &str| std::fs::read_to_string(directory.join(name)).map_err(|reason| reason.to_string());
    checked(read("model.ctg").unwrap(), &mut read)
}

fn checked(text: String, read: &mut dyn FnMut(&str) -> Result<String, String>) -> CheckedModel {
    let checked = check(load("model.ctg", text, read));
    let errors: Vec<_> = checked.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    checked.model.unwrap()
}

/// One word of all columns: of their bits, in order.
fn digest(columns: &[Vec<f64>]) -> u64 {
    columns.iter().flatten().fold(0, |digest, value| mix(digest ^ value.to_bits()))
}

/// The digest of an experiment over a design of several blocks, the last not full, in every way of running it: every way
/// gives the same bits in all columns, and what is known is that of values and conditions, which come first.
fn digest_in_every_way(model: &CheckedModel, experiment: &Experiment) -> u64 {
    let design = Design { seed: 2026, n_draws: 150, n_replications: 2 };
    let mut digests = Vec::new();
    let mut known = 0;
    for backend in [Backend::Interpreter, Backend::Native, Backend::Automatic] {
        for n_threads in [1, 2, 7] {
            let options = RunOptions { backend, ..RunOptions::default() };
            let result =
                with_threads(n_threads, || run_experiment(model, experiment, &design, &options)).unwrap();
            let result = result.unwrap();
            assert!(result.is_complete() && result.failures.is_empty());
            let n_first =
                result.outcomes.iter().filter(|outcome| outcome.role != OutcomeRole::FirstTime).count();
            known = digest(&result.outcome_values[..n_first]);
            digests.push((format!("{backend:?}, {n_threads} threads"), digest(&result.outcome_values)));
        }
        for block_size in [37, 128, 300] {
            let columns = in_blocks(model, experiment, &design, backend, block_size);
            digests.push((format!("{backend:?}, blocks of {block_size}"), digest(&columns)));
        }
    }
    let same = digests[0].1;
    for (way, digest) in &digests {
        assert_eq!(*digest, same, "{way}");
    }
    known
}

/// The outcomes of a design that is run in blocks of a size, without threads.
fn in_blocks(
    model: &CheckedModel,
    experiment: &Experiment,
    design: &Design,
    backend: Backend,
    block_size: usize,
) -> Vec<Vec<f64>> {
    let configuration = experiment.configuration(model, contingent_engine::Recording::Nothing).unwrap();
    let program = compile(model, &configuration).unwrap().with_backend(backend);
    let values = design.parameter_values(model, program.parameters(), experiment).unwrap();
    let mut columns = vec![Vec::new(); program.outcomes().len()];
    let mut workspace = Workspace::default();
    for first in (0..design.n_runs()).step_by(block_size) {
        let runs = first..(first + block_size).min(design.n_runs());
        let draws: Vec<u32> = runs.clone().map(|run| design.draw_of(run)).collect();
        let replications: Vec<u32> = runs.map(|run| design.replication_of(run)).collect();
        let parameters: Vec<f64> =
            values.iter().flat_map(|column| draws.iter().map(|&draw| column[draw as usize])).collect();
        let block =
            Block { seed: design.seed, draws: &draws, replications: &replications, parameters: &parameters };
        let result = run_block(&program, &block, &mut workspace);
        for (column, values) in columns.iter_mut().zip(result.outcomes.chunks_exact(draws.len())) {
            column.extend_from_slice(values);
        }
    }
    columns
}

#[test]
fn outcomes_have_the_known_digests_in_every_way_of_running_them() {
    let founding_case = founding_case();
    let other = Experiment { view: Some(1), policy: Some(5), ..Experiment::default() };
    let mut bargaining = Experiment::default();
    let factions = founding_case.variable_named("factions").expect("the mechanism is there");
    bargaining.settings.mechanisms.insert(factions, 1);
    let found = [
        ("strike", digest_in_every_way(&strike(), &Experiment::default())),
        ("mixed", digest_in_every_way(&of_text(MIXED), &Experiment::default())),
        ("founding case", digest_in_every_way(&founding_case, &Experiment::default())),
        ("founding case, a view and a policy", digest_in_every_way(&founding_case, &other)),
        ("founding case, its factions bargain", digest_in_every_way(&founding_case, &bargaining)),
        ("bargained", digest_in_every_way(&of_text(BARGAINED), &Experiment::default())),
    ];
    let known = [
        ("strike", 0x8851_0d13_be62_7a1f),
        ("mixed", 0x4f29_8130_f009_917b),
        ("founding case", 0x3b09_d2c3_1d8d_6c7f),
        ("founding case, a view and a policy", 0x56ec_6ad7_f548_242a),
        ("founding case, its factions bargain", 0x226b_dfbb_6d77_9e8c),
        ("bargained", 0x4842_1f04_45c4_130d),
    ];
    assert_eq!(STREAM_VERSION, VERSION, "the version was raised: take the digests again: {found:#x?}");
    assert_eq!(found, known, "bits moved: raise the version, and take the digests again: {found:#x?}");
}
