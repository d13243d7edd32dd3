//! The interpreter, its variants, machine code and the evaluation of single runs give the same bits.
//!
//! Enters: models, and random programs. Leaves: verdicts. Always holds: bits are compared, those of zeros with their
//! signs; a not-a-number only with another one, since its sign and payload are not specified.

use contingent_model::{Chance, DisplayUnit, EventReading, Expression, MemoryKind, Method, Window};

use crate::code::{Opcode, Source};
use crate::configuration::{ChanceMode, Configuration, Recording};
use crate::dispatch::Dispatch;
use crate::evaluation::Evaluation;
use crate::graph::{Binary, CouncilCall, Unary};
use crate::graph::{Facts, Graph, Node, Stream};
use crate::lower::{Lowered, Section, Slot};
use crate::program::{
    Backend, Block, BlockResult, OutcomeColumn, OutcomeRole, Parameter, Program, Recorded, Workspace,
    compile, run_block_with, stream_keys,
};
use crate::random::mix;
use crate::support::*;

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

/// Every way in which a program is run.
const WAYS: [(Dispatch, Backend); 3] = [
    (Dispatch::Widest, Backend::Interpreter),
    (Dispatch::Portable, Backend::Interpreter),
    (Dispatch::Widest, Backend::Native),
];

fn run(program: &Program, dispatch: Dispatch, backend: Backend, parameters: &[f64]) -> BlockResult {
    let draws: Vec<u32> = (0..N_LANES as u32).collect();
    let replications = vec![3; N_LANES];
    let block = Block { seed: 5, draws: &draws, replications: &replications, parameters };
    run_block_with(dispatch, &program.clone().with_backend(backend), &block, &mut Workspace::default())
}

/// Runs a program in every way and demands the same bits.
fn run_in_every_way(program: &Program, parameters: &[f64]) -> BlockResult {
    let [first, others @ ..] = WAYS.map(|(dispatch, backend)| run(program, dispatch, backend, parameters));
    for (other, way) in others.iter().zip(&WAYS[1..]) {
        assert_eq!(bits(&first.outcomes), bits(&other.outcomes), "{way:?}");
        assert_eq!(bits(&first.recorded), bits(&other.recorded), "{way:?}");
        assert_eq!(first.clipped, other.clipped, "{way:?}");
        assert_eq!(first.failures, other.failures, "{way:?}");
    }
    first
}

/// The bits; one pattern for everything that is not a number.
fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|&value| bits_of(value)).collect()
}

fn bits_of(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}

#[test]
fn every_way_of_running_a_model_gives_the_same_bits() {
    let result = run_in_every_way(&program(ChanceMode::Drawn), &parameters());
    assert!(result.recorded.len() > 100_000, "the comparison should see a trajectory");
}

#[test]
#[cfg(target_arch = "x86_64")]
fn machine_code_is_used_where_the_machine_has_the_instructions() {
    let has_instructions = std::arch::is_x86_feature_detected!("avx2");
    let program = program(ChanceMode::Drawn);
    assert_eq!(program.clone().with_backend(Backend::Native).is_native(), has_instructions);
    assert!(!program.clone().with_backend(Backend::Interpreter).is_native());
    assert_eq!(Backend::Native.on_this_machine() == Backend::Native, has_instructions);
}

#[test]
#[cfg(target_arch = "x86_64")]
fn where_the_system_refuses_machine_code_the_interpreter_runs() {
    let program = program(ChanceMode::Drawn);
    let wanted = run(&program, Dispatch::Widest, Backend::Interpreter, &parameters());
    let refused = program.without_native();
    assert!(!refused.clone().with_backend(Backend::Native).is_native());
    let result = run(&refused, Dispatch::Widest, Backend::Native, &parameters());
    assert_eq!(bits(&result.outcomes), bits(&wanted.outcomes));
}

#[test]
fn the_code_gives_the_bits_of_the_graph() {
    for chance in [ChanceMode::Drawn, ChanceMode::Expected] {
        let compared = compare_with_graph(&program(chance), &parameters(), &[0, 1, 255, 256, 299]);
        assert!(compared > 5_000);
    }
}

/// Two stocks, an event and something of every kind that is remembered.
fn remembering(method: Method) -> Program {
    let mut b = Builder::new(23, 0.5);
    b.model.clock.method = method;
    let growth = b.assume("growth", &[]);
    let r = b.subscript("r", &["a", "b"]);
    let x = b.stock("x", &[r], add(number(3.0), Expression::Position(r)));
    let y = b.stock("y", &[], number(0.0));
    let e = b.event("e", &[], number(0.4), false, vec![]);
    let noise = b.aux("noise", &[], draw(Chance::Normal, 0, vec![number(1.0), read(growth)]));
    let delayed = remember(0, delay(add(number(2.0), read(growth)), 3), read(noise), &[]);
    b.flow("out", &[r], Some(end_bound(x, r)), Some(end(y)), multiply(number(0.1), read_bound(x, r)));
    b.flow("in", &[], None, Some(end(y)), delayed);
    let smoothed = remember(1, smooth(number(2.0), 2), read_bound(x, r), &[r]);
    b.aux("smoothed", &[r], smoothed);
    b.aux("lagged", &[], remember(2, MemoryKind::Lag { steps: 5 }, read(noise), &[]));
    for (id, window) in
        [Window::Integral, Window::Sum, Window::Mean, Window::Min, Window::Max].into_iter().enumerate()
    {
        let count = reading(e, EventReading::Count);
        b.aux(
            &format!("{window:?}"),
            &[],
            remember(3 + id as u32, over(window, 4), add(count, read(noise)), &[]),
        );
    }
    b.aux("ever", &[], remember(9, MemoryKind::Ever, greater(read(noise), number(2.0)), &[]));
    b.value_at("q", 20, read(y));
    let configuration = Configuration { recording: Recording::Everything, ..Configuration::default() };
    compile(&b.model, &configuration).expect("the model is small")
}

#[test]
fn what_is_remembered_has_the_bits_of_the_graph_under_every_method() {
    let parameters: Vec<f64> = (0..N_LANES).map(|lane| lane as f64 / 100.0).collect();
    for method in [Method::Euler, Method::RungeKutta] {
        let program = remembering(method);
        let compared = compare_with_graph(&program, &parameters, &[0, 1, 255, 256, 299]);
        assert!(compared > 1_500);
        assert!(program.dump().contains("state delay 2 in in"));
    }
}

/// Compares lanes with the evaluation of their graph at every time; gives the number of comparisons.
fn compare_with_graph(program: &Program, parameters: &[f64], lanes: &[usize]) -> usize {
    let result = run_in_every_way(program, parameters);
    let lowered = program.lowered();
    let streams = stream_keys(lowered, 5);
    let mut compared = 0;
    for &lane in lanes {
        let own = (0..program.parameters().len()).map(|p| parameters[p * N_LANES + lane]).collect();
        let mut evaluation = Evaluation::new(lowered, &streams, lane as u32, 3, own);
        for time in 0..program.n_times() {
            for (position, (recorded, node)) in lowered.recorded.iter().enumerate() {
                let value = result.recorded[(time * lowered.recorded.len() + position) * N_LANES + lane];
                let expected = evaluation.value(*node);
                assert_eq!(
                    bits_of(value),
                    bits_of(expected),
                    "{} at {time}: {value}, {expected}",
                    recorded.name
                );
                compared += 1;
            }
            if time < lowered.n_steps {
                evaluation.advance();
            }
        }
        for (position, (column, node)) in lowered.outcomes.iter().enumerate() {
            let value = result.outcomes[position * N_LANES + lane];
            let expected = evaluation.value(lowered.after_last(*node));
            assert_eq!(bits_of(value), bits_of(expected), "{}", column.name);
        }
    }
    compared
}

/// Numbers that look random, from a position.
pub(crate) struct Choices(pub(crate) u64);

impl Choices {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = mix(self.0);
        (self.0 % n as u64) as usize
    }

    fn one_of(&mut self, nodes: &[Node]) -> Node {
        nodes[self.below(nodes.len())]
    }
}

/// An operation of a few kinds, so that chains of them fuse; the last operand is a constant.
fn simple(choices: &mut Choices, graph: &mut Graph, [a, b, c, k]: [Node; 4]) -> Node {
    match choices.below(7) {
        0 => graph.add(a, b),
        1 => graph.subtract(b, a),
        2 => graph.multiply(a, k),
        3 => graph.minimum(a, c),
        4 => graph.maximum(c, b),
        5 => graph.less(a, c),
        _ => graph.select(a, b, c),
    }
}

/// An operation of any kind.
pub(crate) fn of_any_kind(choices: &mut Choices, graph: &mut Graph, [a, b, c, k]: [Node; 4]) -> Node {
    const UNARY: [Unary; 11] = [
        Unary::Negate,
        Unary::Absolute,
        Unary::SquareRoot,
        Unary::Floor,
        Unary::Ceiling,
        Unary::Round,
        Unary::Exp,
        Unary::Log,
        Unary::ExpM1,
        Unary::Logistic,
        Unary::NormalQuantile,
    ];
    const BINARY: [Binary; 12] = [
        Binary::Add,
        Binary::Subtract,
        Binary::Multiply,
        Binary::Divide,
        Binary::Minimum,
        Binary::Maximum,
        Binary::Power,
        Binary::Less,
        Binary::LessOrEqual,
        Binary::Equal,
        Binary::NotEqual,
        Binary::Poisson,
    ];
    match choices.below(13) {
        0..3 => graph.unary(UNARY[choices.below(UNARY.len())], a),
        3..6 => graph.binary(BINARY[choices.below(BINARY.len())], a, b),
        6 => graph.binary(BINARY[choices.below(BINARY.len())], k, b),
        7 => graph.select(c, a, b),
        8 => graph.binomial(a, b, c),
        9 => graph.binomial_at_hazard(a, b, c),
        10 => {
            let points = [(-1.0, 3.0), (0.0, -0.0), (2.0, 1.0), (2.5, 1.0), (9.0, -4.0)];
            let table = graph.new_table(&points, choices.below(2) == 1);
            graph.table(table, a)
        }
        11 => graph.health(a, &[b, c]),
        _ => {
            // Two or three members on one or two dimensions, in steps in which the last operand is not 0.
            let (n_members, n_dimensions) = (2 + choices.below(2), 1 + choices.below(2));
            let n_numbers = n_members * (1 + 2 * n_dimensions);
            let numbers = (0..n_numbers).map(|_| [a, b, c, k][choices.below(4)]);
            let operands = [c].into_iter().chain(numbers).collect();
            let stands = graph.bargain(CouncilCall { n_dimensions, most_turns: 3, operands });
            stands[choices.below(n_dimensions)]
        }
    }
}

/// A program of random operations whose states read each other and themselves, swap places, share their next
/// values, or take them from uniforms, parameters and constants.
pub(crate) fn random_program(seed: u64, make: fn(&mut Choices, &mut Graph, [Node; 4]) -> Node) -> Program {
    let mut choices = Choices(seed);
    let n_steps = choices.below(6);
    let mut graph = Graph::new(n_steps);
    let mut leaves = vec![graph.constant(0.5), graph.constant(2.0), graph.parameter(0)];
    leaves.push(graph.add(leaves[0], leaves[2]));
    let mut nodes = leaves.clone();
    nodes.push(graph.step());
    for ordinal in 0..2 {
        let stream = Stream { declaration: "u".to_owned(), element: String::new(), ordinal };
        nodes.push(graph.uniform(stream, false));
    }
    let half_steps: std::sync::Arc<[f64]> = (0..=2 * n_steps).map(|k| 3.0 - 0.25 * k as f64).collect();
    for offset in 0..3 {
        nodes.push(graph.series_value(&half_steps, offset));
    }
    let n_slots = 2 + choices.below(6);
    let states: Vec<Node> = (0..n_slots).map(|_| graph.new_state(Facts::default())).collect();
    nodes.extend(&states);
    for _ in 0..choices.below(25) {
        // Half of the operands are recent, so that chains grow.
        let recent = &nodes[nodes.len() - 4..];
        let (a, b, c) = (choices.one_of(recent), choices.one_of(&nodes), choices.one_of(&states));
        let node = make(&mut choices, &mut graph, [a, b, c, leaves[0]]);
        nodes.push(node);
    }
    let mut slots = Vec::new();
    for (position, &state) in states.iter().enumerate() {
        let next = match choices.below(3) {
            0 => choices.one_of(&states),
            1 => choices.one_of(&nodes),
            _ => choices.one_of(&nodes[nodes.len() - 4..]),
        };
        slots.push(Slot {
            name: format!("s{position}"),
            state,
            initial: choices.one_of(&leaves),
            next,
            section: if choices.below(3) == 0 { Section::Observe } else { Section::Advance },
            kept: choices.below(2) == 0,
        });
    }
    let (clipped, health) = (graph.new_state(Facts::default()), graph.new_state(Facts::default()));
    for state in [clipped, health] {
        let (initial, section) = (graph.constant(0.0), Section::Advance);
        slots.push(Slot { name: "still".to_owned(), state, initial, next: state, section, kept: true });
    }
    let unit = DisplayUnit { text: "1".to_owned(), scale: 1.0, is_share: false };
    let recorded = (0..choices.below(5)).map(|position| {
        (Recorded { name: format!("n{position}"), unit: unit.clone() }, choices.one_of(&nodes))
    });
    let recorded = recorded.collect();
    let states = slots.iter().filter(|slot| slot.section == Section::Observe || slot.kept);
    let mut results: Vec<(String, Node)> = states.map(|slot| (slot.name.clone(), slot.state)).collect();
    results.extend((0..choices.below(4)).map(|position| (format!("r{position}"), choices.one_of(&nodes))));
    let outcomes = results
        .into_iter()
        .map(|(name, node)| (OutcomeColumn { name, question: 0, role: OutcomeRole::Value }, node));
    Program::new(Lowered {
        outcomes: outcomes.collect(),
        observations: Vec::new(),
        slots,
        graph,
        parameters: vec![Parameter {
            variable: contingent_model::VariableId(0),
            element: 0,
            name: "p".to_owned(),
        }],
        recorded,
        clipped,
        health,
        watched: Vec::new(),
        names: Vec::new(),
        n_steps,
        dt: 1.0,
        jumps: None,
    })
}

#[test]
fn states_that_read_each_other_get_the_bits_of_the_graph() {
    let parameters: Vec<f64> = (0..N_LANES).map(|lane| lane as f64 - 70.0).collect();
    let (mut n_copies, mut n_in_place, mut n_swapping, mut n_series) = (0, 0, 0, 0);
    for seed in 0..3_000 {
        let program = random_program(seed, simple);
        compare_with_graph(&program, &parameters, &[0, 71, 299]);
        let code = program.code();
        n_copies += code.advance[0].iter().filter(|instruction| instruction.opcode == Opcode::Copy).count();
        n_series += code.observe[0].iter().filter(|i| i.opcode == Opcode::Series).count();
        let in_place = code.states.iter().filter(|(registers, _)| registers[0] == registers[1]).count();
        (n_in_place, n_swapping) = (n_in_place + in_place, n_swapping + code.states.len() - in_place);
    }
    assert!(n_copies > 1_000 && n_in_place > 1_000 && n_swapping > 1_000 && n_series > 300);
}

#[test]
fn random_programs_give_the_same_bits_in_every_way() {
    const SPECIAL: [f64; 18] = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        -2.5,
        3.0,
        17.25,
        40.0,
        1e6,
        5e-324,
        -1e-310,
        1e300,
        -1e300,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        0.999_999_999_999_999_9,
    ];
    let parameters: Vec<f64> = (0..N_LANES).map(|lane| SPECIAL[lane % SPECIAL.len()]).collect();
    let lanes: Vec<usize> = (0..SPECIAL.len()).chain([127, 128, 299]).collect();
    let (mut compared, mut n_not_numbers, mut n_negative_zeros) = (0, 0, 0);
    for seed in 0..1_500 {
        let program = random_program(1_000_000 + seed, of_any_kind);
        compared += compare_with_graph(&program, &parameters, &lanes);
        let recorded = run(&program, Dispatch::Widest, Backend::Native, &parameters).recorded;
        n_not_numbers += recorded.iter().filter(|value| value.is_nan()).count();
        n_negative_zeros += recorded.iter().filter(|value| value.to_bits() == 1 << 63).count();
    }
    assert!(compared > 100_000, "{compared}");
    assert!(n_not_numbers > 10_000 && n_negative_zeros > 1_000, "{n_not_numbers}, {n_negative_zeros}");
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
