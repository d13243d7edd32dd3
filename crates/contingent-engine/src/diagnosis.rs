//! Why a run went non-finite.
//!
//! Enters: the identity and the parameters of a failed run. Leaves: the first time, the variable and the
//! cause in words. Always holds: the run is evaluated again with the same bits; the cause is traced back
//! through the operations to the first whose operands were all finite, so a harmless infinity elsewhere is
//! not blamed.

use std::collections::HashMap;

use crate::evaluation::Evaluation;
use crate::graph::{Binary, Node, Operation, Unary};
use crate::lower::Lowered;
use crate::program::{Block, Failure};
use crate::random::RoundKeys;

/// Finds where the run of `lane` failed.
pub(crate) fn diagnose(lowered: &Lowered, streams: &[RoundKeys], block: &Block<'_>, lane: usize) -> Failure {
    let n_lanes = block.draws.len();
    let parameters =
        (0..lowered.parameters.len()).map(|parameter| block.parameters[parameter * n_lanes + lane]).collect();
    let (draw, replication) = (block.draws[lane], block.replications[lane]);
    let evaluation = Evaluation::new(lowered, streams, draw, replication, parameters);
    let origin = trace(lowered, evaluation);
    Failure {
        lane,
        draw,
        replication,
        time: origin.step as f64 * lowered.dt,
        variable: origin.variable,
        cause: origin.cause,
    }
}

/// Finds why something that is watched is not finite in a run at a known state.
pub(crate) fn diagnose_at(lowered: &Lowered, evaluation: &Evaluation<'_>, lane: usize) -> Failure {
    let watched = lowered.watched.iter().find(|(_, node)| !evaluation.value(*node).is_finite());
    match watched {
        Some((name, node)) => diagnose_node(lowered, evaluation, *node, name, lane),
        None => failure(
            lowered,
            evaluation,
            lane,
            String::new(),
            "something that is watched is not finite".to_owned(),
        ),
    }
}

/// Finds why a node is not finite in a run at a known state.
pub(crate) fn diagnose_node(
    lowered: &Lowered,
    evaluation: &Evaluation<'_>,
    node: Node,
    name: &str,
    lane: usize,
) -> Failure {
    if evaluation.value(node).is_finite() {
        // What it was computed from has moved on.
        let cause = format!("a rate that is not finite in '{name}'");
        return failure(lowered, evaluation, lane, name.to_owned(), cause);
    }
    let names = names_of(lowered);
    let origin = explain(lowered, evaluation, &names, node, name, evaluation.step());
    failure(lowered, evaluation, lane, origin.variable, origin.cause)
}

fn failure(
    lowered: &Lowered,
    evaluation: &Evaluation<'_>,
    lane: usize,
    variable: String,
    cause: String,
) -> Failure {
    let (draw, replication) = evaluation.identity();
    Failure { lane, draw, replication, time: evaluation.step() as f64 * lowered.dt, variable, cause }
}

fn names_of(lowered: &Lowered) -> HashMap<Node, &str> {
    let mut names: HashMap<Node, &str> = HashMap::new();
    for (name, node) in &lowered.names {
        names.entry(*node).or_insert(name);
    }
    names
}

/// Where a value that is not finite came from.
struct Origin {
    step: usize,
    variable: String,
    cause: String,
}

fn trace(lowered: &Lowered, mut evaluation: Evaluation<'_>) -> Origin {
    let names = names_of(lowered);
    loop {
        let step = evaluation.step();
        for (name, node) in &lowered.watched {
            if evaluation.value(*node).is_finite() {
                continue;
            }
            // At the start a stock has its initial value; later it was found before it was written.
            let node = slot_of(lowered, *node).map_or(*node, |slot| lowered.slots[slot].initial);
            return explain(lowered, &evaluation, &names, node, name, step);
        }
        if step == lowered.n_steps {
            break;
        }
        for (name, node) in &lowered.watched {
            let Some(slot) = slot_of(lowered, *node) else { continue };
            let next = lowered.slots[slot].next;
            if !evaluation.value(next).is_finite() {
                return explain(lowered, &evaluation, &names, next, name, step + 1);
            }
        }
        evaluation.advance();
    }
    let column =
        lowered.outcomes.iter().find(|(_, node)| evaluation.value(lowered.after_last(*node)).is_nan());
    Origin {
        step: lowered.n_steps,
        variable: column.map_or_else(String::new, |(column, _)| column.name.clone()),
        cause: "the outcome is not a number".to_owned(),
    }
}

fn slot_of(lowered: &Lowered, node: Node) -> Option<usize> {
    match lowered.graph.operation(node) {
        Operation::State(slot) => Some(slot as usize),
        _ => None,
    }
}

/// Follows operands that are not finite down to the operation that made the first of them. `step` is when
/// `name` itself has the value; a variable on the way has it at the time of evaluation.
fn explain(
    lowered: &Lowered,
    evaluation: &Evaluation<'_>,
    names: &HashMap<Node, &str>,
    node: Node,
    name: &str,
    step: usize,
) -> Origin {
    let graph = &lowered.graph;
    let is_bad = |node: Node| !evaluation.value(node).is_finite();
    let mut node = node;
    let mut origin = Origin { step, variable: name.to_owned(), cause: String::new() };
    loop {
        if let Some(name) = names.get(&node) {
            (*name).clone_into(&mut origin.variable);
            origin.step = evaluation.step();
        }
        let deeper = match graph.operation(node) {
            Operation::Select(condition, a, b) => {
                let chosen = if evaluation.value(condition) == 0.0 { b } else { a };
                [condition, chosen].into_iter().find(|&node| is_bad(node))
            }
            operation => graph.operands(operation).find(|&node| is_bad(node)),
        };
        match deeper {
            Some(operand) => node = operand,
            None => break,
        }
    }
    if let Operation::Parameter(parameter) = graph.operation(node) {
        lowered.parameters[parameter as usize].name.clone_into(&mut origin.variable);
    }
    origin.cause = format!("{} in '{}'", cause(lowered, evaluation, node), origin.variable);
    origin
}

/// What the operation of a node did to finite operands.
fn cause(lowered: &Lowered, evaluation: &Evaluation<'_>, node: Node) -> &'static str {
    let of = |node: Node| evaluation.value(node);
    match lowered.graph.operation(node) {
        Operation::Constant(_) => "a constant that is not finite",
        Operation::Parameter(_) | Operation::Series(_) => "a value that is not finite",
        Operation::State(_) => "a value that was not finite before and is remembered",
        Operation::Unary(unary, a) => match unary {
            Unary::Log if of(a) == 0.0 => "logarithm of zero",
            Unary::Log => "logarithm of a negative number",
            Unary::SquareRoot => "square root of a negative number",
            _ => "overflow",
        },
        Operation::Binary(binary, a, b) => match binary {
            Binary::Divide if of(b) == 0.0 => "division by zero",
            Binary::Power if of(a) == 0.0 => "division by zero",
            Binary::Power if of(a) < 0.0 && of(b).trunc() != of(b) => "fractional power of a negative number",
            Binary::Poisson => "a Poisson mean that is too large",
            _ => "overflow",
        },
        Operation::Bargain(..) => "a council of which nobody has capability and salience,",
        Operation::Binomial(..) | Operation::BinomialAtHazard(..) => "a binomial number that is too large",
        _ => "overflow",
    }
}
