//! Stated signs against the engine: what is perturbed never moves the other way.
//!
//! Enters: random small models, made from a counter so that every run makes the same ones. Always holds: where all
//! chains of influence from an assumption to a value have one sign, a rise in the assumption never moves the value the
//! other way; where there is no chain, nothing moves. Assumptions are perturbed at random points, by little and by much.

#![expect(clippy::format_push_string, reason = "short texts, written as they read")]

use std::collections::BTreeMap;

use contingent_engine::{Block, ChanceMode, Configuration, Recording, Workspace, compile, run_block};
use contingent_model::influence::{Influence, Node, Sign, influences};
use contingent_model::{CheckedModel, EventId, VariableId, check, load};

const N_MODELS: u64 = 300;
const N_POINTS: usize = 6;
/// Relative error of a value that a few dozen operations computed.
const ROUNDING: f64 = 1e-9;

/// Numbers in a fixed order (`SplitMix64`, Steele, Lea and Flood 2014).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Assumptions with their ranges: positive, shares, either sign.
const ASSUMPTIONS: [(&str, &str, f64, f64); 6] = [
    ("p", "1", 0.2, 3.0),
    ("q", "1", 1.0, 2.0),
    ("s", "share", 0.05, 0.95),
    ("t", "share", 0.05, 0.95),
    ("z", "1", -2.0, 2.0),
    ("w", "1", 0.0, 4.0),
];

// The flow out of `k0` stays below what it holds, since a stock that runs dry is no influence.

/// A random expression over the names that are known so far.
fn expression(numbers: &mut Numbers, known: &[String], depth: usize) -> String {
    if depth == 0 || numbers.below(6) == 0 {
        return match numbers.below(5) {
            0 => format!("{}", numbers.below(4)),
            _ => known[numbers.below(known.len())].clone(),
        };
    }
    let mut part = || expression(numbers, known, depth - 1);
    let (a, b, c) = (part(), part(), part());
    match numbers.below(26) {
        0 | 1 => format!("({a} + {b})"),
        2 | 3 => format!("({a} - {b})"),
        4 | 5 => format!("({a} * {b})"),
        6 => format!("({a} / (1 + abs({b})))"),
        7 => format!("(abs({a}) / (abs({a}) + abs({b}) + 1))"),
        8 => format!("min({a}, {b})"),
        9 => format!("max({a}, {b}, {c})"),
        10 => format!("clamp({a}, 0, 1)"),
        11 => format!("exp(-abs({a}))"),
        12 => format!("log(1 + abs({a}))"),
        13 => format!("sqrt(abs({a}))"),
        14 => format!("logistic({a})"),
        15 => format!("(if {a} > {b} then {c} else {a})"),
        16 => format!("(if {a} <= {b} and {c} > 1 then 2 else 0)"),
        17 => format!("({a} ^ 2)"),
        18 => format!("(1 - clamp({a}, 0, 1))"),
        19 => format!("rising({a}) * {b}"),
        20 => format!("noisy_or(logistic({a}), clamp({b} * s, 0, 1))"),
        21 => format!("delay({a}, 3 weeks, order 2)"),
        22 => format!("smooth({a}, 2 weeks)"),
        23 => format!("lag({a}, 1 week)"),
        24 => format!("(if ever({a} > {b}) then {c} else 0) + mean({b} over 2 weeks)"),
        _ => format!("(if d == last then {a} else {b})"),
    }
}

fn text(seed: u64) -> String {
    let mut numbers = Numbers(seed);
    let mut text = String::from(
        "model \"Random\" {\n purpose \"p\"\n not_for \"n\"\n time 0 to 2 weeks step 1 week\n}\n\
         lookup rising(v: 1): 1 = (-1, 0) (1, 2) (5, 3)\n",
    );
    let mut known: Vec<String> = Vec::new();
    for (name, unit, low, high) in ASSUMPTIONS {
        text += &format!("assume {name}: {unit} = uniform({low}, {high}) because judgement \"random\"\n");
        known.push(name.to_owned());
    }
    text += "stock k0: 1 = p + w\nstock k1: 1 = 3 * s\n";
    known.extend(["k0".to_owned(), "k1".to_owned()]);
    for i in 0..4 {
        let definition = expression(&mut numbers, &known, 3);
        text += &format!("aux x{i}: 1 = {definition}\n");
        known.push(format!("x{i}"));
    }
    let mut make = |depth| expression(&mut numbers, &known, depth);
    let parts: Vec<String> = (0..8).map(|_| make(2)).collect();
    text += &format!(
        "flow f0: -> k0 = abs({}) * 1 per week\nflow f1: k0 -> k1 = min(0.15, abs({}) * 0.1) * 1 per week\n\
         event e at abs({}) * 0.3 per week {{\n  k0 += abs({})\n  move 20% of k1 -> k0\n}}\n\
         decision d every 1 week initially first {{\n  option first worth {}\n  option middle worth {}\n  option last worth {}\n  choose best\n}}\n",
        parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]
    );
    text
}

/// The sign of all chains from one assumption to everything, at the start and one step on. None: no chain.
fn chains(model: &CheckedModel, arrows: &[Influence], from: VariableId) -> [BTreeMap<Node, Sign>; 2] {
    let is_state = |node: Node| match node {
        Node::Event(_) => false,
        Node::Variable(id) => matches!(
            model.variable(id).kind,
            contingent_model::VariableKind::Stock { .. } | contingent_model::VariableKind::Decision(_)
        ),
    };
    let beside = |known: &mut BTreeMap<Node, Sign>, node: Node, sign: Sign| {
        known.entry(node).and_modify(|old| *old = old.beside(sign)).or_insert(sign);
    };
    let mut start: BTreeMap<Node, Sign> = BTreeMap::from([(Node::Variable(from), Sign::Positive)]);
    for arrow in arrows.iter().filter(|arrow| arrow.at_start) {
        if let Some(&sign) = start.get(&arrow.cause) {
            beside(&mut start, arrow.effect, sign.times(arrow.sign));
        }
    }
    let within = |values: &mut BTreeMap<Node, Sign>| {
        let order: Vec<Node> = model
            .evaluation_order
            .iter()
            .map(|&id| Node::Variable(id))
            .chain((0..model.events.len()).map(|i| Node::Event(EventId(i as u32))))
            .collect();
        for node in order {
            for arrow in arrows.iter().filter(|arrow| !arrow.at_start && arrow.effect == node) {
                if let Some(&sign) = values.get(&arrow.cause) {
                    beside(values, node, sign.times(arrow.sign));
                }
            }
        }
    };
    within(&mut start);
    let mut next: BTreeMap<Node, Sign> =
        start.iter().filter(|(node, _)| is_state(**node)).map(|(n, s)| (*n, *s)).collect();
    // A decision is taken anew; a stock keeps what it held.
    next.retain(|node, _| matches!(node, Node::Variable(id) if matches!(model.variable(*id).kind, contingent_model::VariableKind::Stock { .. })));
    for arrow in arrows.iter().filter(|arrow| !arrow.at_start && is_state(arrow.effect)) {
        if let Some(&sign) = start.get(&arrow.cause) {
            beside(&mut next, arrow.effect, sign.times(arrow.sign));
        }
    }
    [start, next]
}

#[test]
fn no_stated_sign_is_contradicted_by_the_engine() {
    let (mut n_signed, mut n_mixed, mut n_moved, mut n_models) = (0, 0, 0, 0);
    for seed in 0..N_MODELS {
        let text = text(seed);
        let checked = check(load("m.ctg", text.clone(), &mut |_| Err(String::new())));
        let Some(model) = checked.model else { panic!("{text}\n{:?}", checked.diagnostics) };
        n_models += 1;
        let arrows = influences(&model);
        let configuration = Configuration {
            chance: ChanceMode::Expected,
            recording: Recording::Everything,
            ..Configuration::default()
        };
        let program = compile(&model, &configuration).expect("it is small");
        let n_parameters = program.parameters().len();
        assert_eq!(n_parameters, ASSUMPTIONS.len());
        let mut numbers = Numbers(seed ^ 0xabcd);
        for (a, &(name, _, low, high)) in ASSUMPTIONS.iter().enumerate() {
            let signs = chains(&model, &arrows, model.variable_named(name).expect("declared"));
            // Pairs of lanes: a point, and the same point with one assumption raised.
            let n_lanes = 2 * N_POINTS;
            let mut parameters = vec![0.0; n_parameters * n_lanes];
            for point in 0..N_POINTS {
                for (k, &(_, _, from, to)) in ASSUMPTIONS.iter().enumerate() {
                    let value = from + (to - from) * numbers.unit();
                    parameters[k * n_lanes + 2 * point] = value;
                    parameters[k * n_lanes + 2 * point + 1] = value;
                }
                let value = parameters[a * n_lanes + 2 * point];
                let rise =
                    if point % 2 == 0 { 1e-3 * (high - value) } else { numbers.unit() * (high - value) };
                parameters[a * n_lanes + 2 * point + 1] = (value + rise).clamp(low, high);
            }
            let identities = vec![0; n_lanes];
            let block =
                Block { seed: 1, draws: &identities, replications: &identities, parameters: &parameters };
            let result = run_block(&program, &block, &mut Workspace::default());
            let recorded = program.recorded();
            for (column, known) in recorded.iter().enumerate() {
                let Some(id) = model.variable_named(&known.name) else { continue };
                let node = Node::Variable(id);
                for (time, signs) in signs.iter().enumerate() {
                    let is_state = matches!(
                        model.variable(id).kind,
                        contingent_model::VariableKind::Stock { .. }
                            | contingent_model::VariableKind::Decision(_)
                    );
                    if time == 1 && !is_state {
                        continue;
                    }
                    for point in 0..N_POINTS {
                        let value = |lane: usize| {
                            result.recorded[(time * recorded.len() + column) * n_lanes + 2 * point + lane]
                        };
                        let (before, after) = (value(0), value(1));
                        let moved = after - before;
                        let error = ROUNDING * (1.0 + before.abs().max(after.abs()));
                        n_moved += usize::from(moved.abs() > error);
                        let fits = match signs.get(&node) {
                            None => moved.abs() <= error,
                            Some(Sign::Positive) => moved >= -error,
                            Some(Sign::Negative) => moved <= error,
                            Some(Sign::Mixed) => true,
                        };
                        match signs.get(&node) {
                            Some(Sign::Mixed) => n_mixed += 1,
                            Some(_) => n_signed += 1,
                            None => {}
                        }
                        assert!(
                            fits,
                            "seed {seed}: `{name}` on `{}` at {time} is said to be {:?}, but {before} became {after}\n{text}",
                            known.name,
                            signs.get(&node),
                        );
                    }
                }
            }
        }
    }
    assert_eq!(n_models, N_MODELS);
    // The comparison compared something, and the signs say something.
    assert!(n_moved > 10_000, "{n_moved}");
    assert!(n_signed > 10_000 && n_signed * 3 > n_mixed, "{n_signed} signed, {n_mixed} mixed");
}
