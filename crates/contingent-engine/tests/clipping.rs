//! Stocks that are not signed never go below zero; what is scaled down is counted.

mod support;

use contingent_engine::{Configuration, Recording};
use contingent_model::{Effect, Expression};
use support::*;

fn everything() -> Configuration {
    Configuration { recording: Recording::Everything, ..Configuration::default() }
}

#[test]
fn two_outflows_are_scaled_together_and_conserve() {
    let mut b = Builder::new(2, 1.0);
    let x = b.stock("x", &[], number(10.0));
    let y = b.stock("y", &[], number(0.0));
    let z = b.stock("z", &[], number(0.0));
    b.flow("a", &[], Some(end(x)), Some(end(y)), number(12.0));
    b.flow("b", &[], Some(end(x)), Some(end(z)), number(4.0));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    assert_eq!(column(&program, &result, "x"), [10.0, 0.0, 0.0]);
    assert_eq!(column(&program, &result, "y"), [0.0, 7.5, 7.5]);
    assert_eq!(column(&program, &result, "z"), [0.0, 2.5, 2.5]);
    // At step 1 nothing is left, so everything is clipped again.
    assert_eq!(result.clipped, [2]);
}

#[test]
fn an_outflow_of_exactly_what_is_there_is_not_clipped() {
    let mut b = Builder::new(3, 0.1);
    let x = b.stock("x", &[], number(0.3));
    b.flow("drain", &[], Some(end(x)), None, divide(read(x), number(0.1)));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    assert!(column(&program, &result, "x")[1].abs() < 1e-16);
    assert_eq!(result.clipped, [0]);
}

#[test]
fn a_negative_rate_takes_from_the_destination() {
    let mut b = Builder::new(3, 1.0);
    let x = b.stock("x", &[], number(1.0));
    let y = b.stock("y", &[], number(5.0));
    b.flow("back", &[], Some(end(x)), Some(end(y)), number(-2.0));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    assert_eq!(column(&program, &result, "x"), [1.0, 3.0, 5.0, 6.0]);
    assert_eq!(column(&program, &result, "y"), [5.0, 3.0, 1.0, 0.0]);
    assert_eq!(result.clipped, [1]);
}

#[test]
fn a_signed_stock_is_not_limited() {
    let mut b = Builder::new(3, 1.0);
    let x = b.signed_stock("x", number(1.0));
    b.flow("out", &[], Some(end(x)), None, number(2.0));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    assert_eq!(column(&program, &result, "x"), [1.0, -1.0, -3.0, -5.0]);
    assert_eq!(result.clipped, [0]);
}

#[test]
fn whole_stocks_move_whole_things_when_scaled() {
    let mut b = Builder::new(1, 1.0);
    let x = b.whole_stock("x", &[], number(10.4));
    let y = b.whole_stock("y", &[], number(0.0));
    let z = b.whole_stock("z", &[], number(0.0));
    b.flow("a", &[], Some(end(x)), Some(end(y)), number(9.0));
    b.flow("b", &[], Some(end(x)), Some(end(z)), number(6.0));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    assert_eq!(column(&program, &result, "x"), [10.0, 0.0]);
    assert_eq!(column(&program, &result, "y")[1], 6.0);
    assert_eq!(column(&program, &result, "z")[1], 4.0);
    assert_eq!(result.clipped, [1]);
}

#[test]
fn effects_follow_in_order_and_floor_at_zero() {
    let mut b = Builder::new(1, 1.0);
    let x = b.stock("x", &[], number(10.0));
    let y = b.stock("y", &[], number(1.0));
    let w = b.whole_stock("w", &[], number(5.0));
    let effect_move = |quantity: Expression, is_share| Effect::Move {
        from: end(x),
        to: Some(end(y)),
        over: vec![],
        quantity,
        is_share,
    };
    // A hazard so high that it occurs for certain within rounding.
    b.event(
        "sure",
        &[],
        number(1e6),
        true,
        vec![
            effect_move(number(0.5), true),
            effect_move(number(2.0), false),
            Effect::Add { target: end(y), over: vec![], amount: read(x) },
            effect_move(number(100.0), false),
            Effect::Set { target: end(w), over: vec![], value: number(2.6) },
            Effect::Add { target: end(w), over: vec![], amount: number(-7.5) },
        ],
    );
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    // 10 -> 5 -> 3 -> 0; 1 + 5 + 2 + 10 (x at t) + 3.
    assert_eq!(column(&program, &result, "x")[1], 0.0);
    assert_eq!(column(&program, &result, "y")[1], 21.0);
    assert_eq!(column(&program, &result, "w")[1], 0.0);
    assert_eq!(result.clipped, [1]);
}

#[test]
fn effects_run_over_subscripts_that_the_event_lacks() {
    let mut b = Builder::new(1, 1.0);
    let r = b.subscript("r", &["a", "b"]);
    let x = b.stock("x", &[r], add(number(10.0), Expression::Position(r)));
    b.event(
        "sure",
        &[],
        number(1e6),
        true,
        vec![Effect::Move {
            from: end_bound(x, r),
            to: None,
            over: vec![r],
            quantity: number(0.5),
            is_share: true,
        }],
    );
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    assert_eq!(column(&program, &result, "x[a]")[1], 5.0);
    assert_eq!(column(&program, &result, "x[b]")[1], 5.5);
}
