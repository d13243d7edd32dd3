//! A run that goes non-finite is reported with time, variable and cause; the others finish.

mod support;

use contingent_engine::{Block, Configuration, Workspace, run_block};
use contingent_model::{Expression, Function};
use support::*;

#[test]
fn division_by_zero_names_the_auxiliary_and_the_time() {
    let mut b = Builder::new(10, 0.5);
    let start = b.assume("start", &[]);
    let x = b.stock("x", &[], read(start));
    let ratio = b.aux("ratio", &[], divide(number(1.0), subtract(read(x), number(3.0))));
    let _ = b.aux("harmless", &[], divide(number(1.0), number(0.0)));
    b.flow("in", &[], None, Some(end(x)), add(number(2.0), multiply(number(0.0), read(ratio))));
    b.value_at("q", 10, read(x));
    let program = compiled(&b, &Configuration::default());
    let parameters = [0.0, 0.5, 1.0, 0.25];
    let block =
        Block { seed: 1, draws: &[7, 8, 9, 10], replications: &[0, 1, 2, 3], parameters: &parameters };
    let result = run_block(&program, &block, &mut Workspace::default());
    let failed: Vec<usize> = result.failures.iter().map(|failure| failure.lane).collect();
    assert_eq!(failed, [0, 2]);
    let failure = &result.failures[0];
    assert_eq!((failure.draw, failure.replication, failure.time), (7, 0, 1.5));
    assert_eq!(failure.variable, "ratio");
    assert_eq!(failure.cause, "division by zero in 'ratio'");
    assert_eq!(result.failures[1].time, 1.0);
    assert!((result.outcomes[1] - 10.5).abs() < 1e-12);
}

#[test]
fn causes_are_told_apart() {
    let cause = |definition: fn(Expression) -> Expression| {
        let mut b = Builder::new(3, 1.0);
        let x = b.signed_stock("x", number(1.0));
        b.flow("falling", &[], Some(end(x)), None, number(1.0));
        let y = b.aux("y", &[], definition(read(x)));
        let z = b.signed_stock("z", number(0.0));
        b.flow("into_z", &[], None, Some(end(z)), read(y));
        let result = single(&compiled(&b, &Configuration::default()), &[]);
        let failure = result.failures[0].clone();
        (failure.time, failure.variable, failure.cause)
    };
    let unary = |function, x| call(function, vec![x]);
    let _ = unary;
    assert_eq!(cause(|x| call(Function::Log, vec![x])), (1.0, "y".into(), "logarithm of zero in 'y'".into()));
    assert_eq!(
        cause(|x| call(Function::Sqrt, vec![x])),
        (2.0, "y".into(), "square root of a negative number in 'y'".into())
    );
    assert_eq!(
        cause(|x| call(Function::Exp, vec![multiply(number(1e4), x)])),
        (0.0, "y".into(), "overflow in 'y'".into())
    );
}

#[test]
fn a_stock_that_overflows_is_named_at_the_time_it_does() {
    let mut b = Builder::new(4, 1.0);
    let x = b.stock("x", &[], number(1e308));
    b.flow("in", &[], None, Some(end(x)), number(5e307));
    let result = single(&compiled(&b, &Configuration::default()), &[]);
    let failure = &result.failures[0];
    assert_eq!((failure.variable.as_str(), failure.time), ("x", 2.0));
    assert_eq!(failure.cause, "overflow in 'x'");
}

#[test]
fn a_question_that_compares_what_is_not_a_number_fails_only_where_it_matters() {
    let build = |guarded: bool| {
        let mut b = Builder::new(3, 1.0);
        let x = b.stock("x", &[], number(0.0));
        let ratio = b.aux("ratio", &[], divide(read(x), read(x)));
        let high = greater(read(ratio), number(2.0));
        let condition = if guarded { and(greater(read(x), number(0.0)), high) } else { high };
        b.within("q", 3, condition);
        single(&compiled(&b, &Configuration::default()), &[])
    };
    let result = build(false);
    assert_eq!(result.failures[0].variable, "ratio");
    assert_eq!(result.failures[0].time, 0.0);
    assert!(build(true).failures.is_empty());
}

#[test]
fn a_failed_parameter_is_named() {
    let mut b = Builder::new(3, 1.0);
    let p = b.assume("p", &[]);
    b.stock("x", &[], read(p));
    let result = single(&compiled(&b, &Configuration::default()), &[f64::NAN]);
    assert_eq!(result.failures[0].variable, "p");
    assert_eq!(result.failures[0].time, 0.0);
}
