//! The same draw and replication give the same bits, whoever runs beside them and whatever else is declared.

mod support;

use contingent_engine::{Block, BlockResult, Configuration, Recording, Workspace, run_block};
use contingent_model::{Chance, CheckedModel};
use support::*;

fn large() -> CheckedModel {
    large::model(3, 20).model
}

fn everything() -> Configuration {
    Configuration { recording: Recording::Everything, ..Configuration::default() }
}

/// Runs the runs `which` (positions), whose parameters vary with the draw.
fn run(model: &CheckedModel, which: &[u32], workspace: &mut Workspace) -> BlockResult {
    let builder = Builder { model: model.clone() };
    let program = compiled(&builder, &everything());
    let draws: Vec<u32> = which.iter().map(|run| run / 2).collect();
    let replications: Vec<u32> = which.iter().map(|run| run % 2).collect();
    let mut parameters = Vec::new();
    for base in large::parameters(3) {
        parameters.extend(draws.iter().map(|&draw| base * (1.0 + f64::from(draw) / 1000.0)));
    }
    let block = Block { seed: 11, draws: &draws, replications: &replications, parameters: &parameters };
    run_block(&program, &block, workspace)
}

/// All numbers of one lane, as bits.
fn lane_bits(result: &BlockResult, lane: usize) -> Vec<u64> {
    let n = result.clipped.len();
    let numbers = result.outcomes.iter().chain(&result.recorded).skip(lane).step_by(n);
    numbers.map(|value| value.to_bits()).chain([u64::from(result.clipped[lane])]).collect()
}

#[test]
fn block_splits_and_lane_positions_do_not_matter() {
    let model = large();
    let mut workspace = Workspace::default();
    let all: Vec<u32> = (0..600).collect();
    let together = run(&model, &all, &mut workspace);
    assert!(together.failures.is_empty());
    let mut compared = 0;
    for part in [&all[0..1], &all[5..300], &all[255..258], &all[590..600]] {
        let apart = run(&model, part, &mut workspace);
        for (lane, &which) in part.iter().enumerate() {
            assert_eq!(lane_bits(&apart, lane), lane_bits(&together, which as usize));
            compared += 1;
        }
    }
    let mut reversed = all.clone();
    reversed.reverse();
    let backwards = run(&model, &reversed, &mut workspace);
    for lane in 0..600 {
        assert_eq!(lane_bits(&backwards, lane), lane_bits(&together, 599 - lane));
    }
    assert_eq!(compared, 309);
}

#[test]
fn recording_does_not_change_outcomes() {
    let builder = large::model(3, 20);
    let parameters = large::parameters(3);
    let with = replications(&compiled(&builder, &everything()), 2, 50, &parameters);
    let without = replications(&compiled(&builder, &Configuration::default()), 2, 50, &parameters);
    assert_eq!(with.outcomes, without.outcomes);
    assert_eq!(with.clipped, without.clipped);
    assert!(without.recorded.is_empty());
}

#[test]
fn other_declarations_do_not_change_the_draws_of_one() {
    let uniform = || draw(Chance::Uniform, 0, vec![number(0.0), number(1.0)]);
    let outcome = |names: &[&str]| {
        let mut b = Builder::new(4, 1.0);
        for &name in names {
            let id = b.aux(name, &[], uniform());
            if name == "kept" {
                b.value_at("q", 3, read(id));
            } else {
                b.value_at(name, 3, read(id));
            }
        }
        let position =
            b.model.questions.iter().position(|question| question.name == "q").expect("it is there");
        let result = replications(&compiled(&b, &Configuration::default()), 9, 10, &[]);
        result.outcomes[position * 10..(position + 1) * 10].to_vec()
    };
    let alone = outcome(&["kept"]);
    assert_eq!(alone, outcome(&["kept", "other"]));
    assert_eq!(alone, outcome(&["first", "other", "kept"]));
    assert_ne!(alone[0], alone[1]);
}

#[test]
fn seeds_draws_and_replications_all_matter() {
    let mut b = Builder::new(2, 1.0);
    let x = b.aux("x", &[], draw(Chance::Uniform, 0, vec![number(0.0), number(1.0)]));
    b.value_at("early", 0, read(x));
    b.value_at("late", 1, read(x));
    let program = compiled(&b, &Configuration::default());
    let run = |seed, draw, replication| {
        let block = Block { seed, draws: &[draw], replications: &[replication], parameters: &[] };
        run_block(&program, &block, &mut Workspace::default()).outcomes
    };
    let base = run(1, 0, 0);
    for other in [run(2, 0, 0), run(1, 1, 0), run(1, 0, 1)] {
        assert_ne!(base, other);
    }
    assert_ne!(base[0], base[1]);
    assert_eq!(base, run(1, 0, 0));
}
