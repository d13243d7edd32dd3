//! The two ways of making jumps agree, and many reactions are run the second way.

use contingent_model::{Chance, Effect, Endpoint, Expression, Index, Method};

use super::MOST_TOGETHER;
use crate::configuration::{Configuration, Recording};
use crate::program::{Block, BlockResult, Program, Workspace, compile};
use crate::support::*;

/// A ring of `n` stocks; each sends to the next, and things come, go and arrive in crowds.
fn ring(n: usize) -> Program {
    ring_of(n, 8.0, true)
}

/// As [`ring`], with `start` things and more in each stock; without crowds no jump does more than move one thing.
fn ring_of(n: usize, start: f64, crowds: bool) -> Program {
    let names: Vec<String> = (0..n).map(|i| format!("e{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut b = Builder::new(15, 0.5);
    b.model.clock.method = Method::Exact;
    let r = b.subscript("r", &names);
    let x = b.whole_stock("x", &[r], add(number(start), Expression::Position(r)));
    let at = |i: usize| Endpoint { stock: x, indices: vec![Index::Element(r, i % n)] };
    for i in 0..n {
        let rate = multiply(number(0.3), read_element(x, r, i));
        b.flow(&format!("next{i}"), &[], Some(at(i)), Some(at(i + 1)), rate);
    }
    b.flow(
        "away",
        &[r],
        Some(end_bound(x, r)),
        None,
        divide(read_bound(x, r), add(number(1.0), sum_over(r, read_bound(x, r)))),
    );
    let even = subtract(read_element(x, r, 0), read_element(x, r, 1));
    b.flow("level", &[], Some(at(0)), Some(at(1)), even);
    if crowds {
        add_crowds(&mut b, at(1), at(2), read_element(x, r, 1));
    } else {
        // Goes on when nothing is left.
        b.flow("drain", &[], Some(at(0)), None, number(0.8));
    }
    let configuration = Configuration { recording: Recording::Everything, ..Configuration::default() };
    compile(&b.model, &configuration).expect("the model is small")
}

/// Crowds arrive, and half of a stock is lost once.
fn add_crowds(b: &mut Builder, from: Endpoint, to: Endpoint, content: Expression) {
    let crowd = add(number(1.0), draw(Chance::Poisson { per_time: false }, 1, vec![number(2.0)]));
    let effect = Effect::Add { target: to, over: Vec::new(), amount: crowd };
    b.event("crowd", &[], number(0.4), false, vec![effect]);
    let half = Effect::Move { from, to: None, over: Vec::new(), quantity: number(0.5), is_share: true };
    b.event("loss", &[], multiply(number(0.01), content), true, vec![half]);
}

fn run(program: &Program, n_lanes: usize) -> BlockResult {
    let draws = vec![3; n_lanes];
    let replications: Vec<u32> = (0..n_lanes as u32).collect();
    let block = Block { seed: 12, draws: &draws, replications: &replications, parameters: &[] };
    crate::program::run_block(program, &block, &mut Workspace::default())
}

#[test]
fn runs_side_by_side_and_one_at_a_time_make_the_same_jumps() {
    // With 400 in each, runs jump so often in a step that the last of them draw ahead and go on alone; with one or two in each, many jumps
    // have nothing to move. Without crowds the jumps of few clocks are made abreast: two stocks have six.
    for (n, start, crowds, n_clipped) in [
        (3, 8.0, true, 0),
        (17, 8.0, true, 0),
        (3, 400.0, true, 0),
        (2, 400.0, false, 0),
        (2, 1.0, false, 10),
        (5, 8.0, false, 0),
    ] {
        let program = ring_of(n, start, crowds);
        let other = program.clone().run_the_other_way();
        let (together, single) = (run(&program, 200), run(&other, 200));
        assert_eq!(together.recorded.len(), single.recorded.len());
        assert!(together.recorded.iter().any(|&value| value > 1.0));
        // Clocks are read at other moments, so rates of stocks agree to the bit only because stocks are whole.
        assert_eq!(together.recorded, single.recorded);
        assert_eq!(together.clipped, single.clipped);
        assert!(together.clipped.iter().sum::<u32>() >= n_clipped, "jumps that move nothing are refused");
        assert!(together.failures.is_empty());
    }
}

#[test]
fn a_model_of_many_reactions_is_run_one_at_a_time_and_loses_nothing() {
    let n = MOST_TOGETHER;
    let program = ring(n);
    assert!(program.dump().contains("one run at a time"));
    assert!(ring(3).dump().contains("runs side by side"));
    let other = program.clone().run_the_other_way();
    assert_eq!(run(&program, 9).recorded, run(&other, 9).recorded);
}
