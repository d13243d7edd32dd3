//! The interpreter, its variants and the evaluation of single runs give the same bits.

use crate::code::Source;
use crate::configuration::{ChanceMode, Configuration, Recording};
use crate::dispatch::Dispatch;
use crate::evaluation::Evaluation;
use crate::lower::Section;
use crate::program::{Block, BlockResult, Program, Workspace, compile, run_block_with, stream_keys};
use crate::support::large;

const N_REGIONS: usize = 3;
const N_LANES: usize = 300;

fn program(chance: ChanceMode) -> Program {
    let builder = large::model(N_REGIONS, 17);
    let configuration =
        Configuration { chance, recording: Recording::Everything, ..Configuration::default() };
    compile(&builder.model, &configuration).expect("the model is small")
}

fn parameters() -> Vec<f64> {
    let base = large::parameters(N_REGIONS);
    base.iter().flat_map(|&value| (0..N_LANES).map(move |lane| value * (0.5 + lane as f64 / 200.0))).collect()
}

fn run(program: &Program, dispatch: Dispatch, parameters: &[f64]) -> BlockResult {
    let draws: Vec<u32> = (0..N_LANES as u32).collect();
    let replications = vec![3; N_LANES];
    let block = Block { seed: 5, draws: &draws, replications: &replications, parameters };
    run_block_with(dispatch, program, &block, &mut Workspace::default())
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn the_widest_and_the_portable_variant_give_the_same_bits() {
    let program = program(ChanceMode::Drawn);
    let widest = run(&program, Dispatch::Widest, &parameters());
    let portable = run(&program, Dispatch::Portable, &parameters());
    assert!(widest.recorded.len() > 100_000, "the comparison should see a trajectory");
    assert_eq!(bits(&widest.outcomes), bits(&portable.outcomes));
    assert_eq!(bits(&widest.recorded), bits(&portable.recorded));
    assert_eq!(widest.clipped, portable.clipped);
}

#[test]
fn the_code_gives_the_bits_of_the_graph() {
    for chance in [ChanceMode::Drawn, ChanceMode::Expected] {
        let program = program(chance);
        let parameters = parameters();
        let result = run(&program, Dispatch::Widest, &parameters);
        let lowered = program.lowered();
        let streams = stream_keys(lowered, 5);
        let mut compared = 0;
        for lane in [0, 1, 255, 256, 299] {
            let own = (0..program.parameters().len()).map(|p| parameters[p * N_LANES + lane]).collect();
            let mut evaluation = Evaluation::new(lowered, &streams, lane as u32, 3, own);
            for time in 0..program.n_times() {
                for (position, (recorded, node)) in lowered.recorded.iter().enumerate() {
                    let value = result.recorded[(time * lowered.recorded.len() + position) * N_LANES + lane];
                    let expected = evaluation.value(*node);
                    assert_eq!(
                        value.to_bits(),
                        expected.to_bits(),
                        "{} at {time}: {value}, {expected}",
                        recorded.name
                    );
                    compared += 1;
                }
                if time < lowered.n_steps {
                    evaluation.advance();
                }
            }
            evaluation.commit(Section::Observe);
            for (position, (column, state)) in lowered.outcomes.iter().enumerate() {
                let value = result.outcomes[position * N_LANES + lane];
                assert_eq!(value.to_bits(), evaluation.state_of(*state).to_bits(), "{}", column.name);
            }
        }
        assert!(compared > 5_000);
    }
}

#[test]
fn a_listing_names_states_streams_and_sections() {
    let program = program(ChanceMode::Drawn);
    let listing = program.dump();
    for part in
        ["prologue", "observe", "advance", "state fighters[region0]", "Uniform(shock[region0]#0)", "table 0"]
    {
        assert!(listing.contains(part), "{part} is missing in\n{listing}");
    }
    assert!(matches!(program.code().health, Source::Register(_)));
}
