//! Monitors against traces worked out by hand.

mod support;

use contingent_engine::{Configuration, OutcomeRole};
use contingent_model::{Condition, Expression, Formula, Measure, Quantity};
use support::*;

/// A condition that holds exactly at `times`, in a model of unit steps.
fn holds_at(times: &[f64]) -> Expression {
    let mut expression = number(0.0);
    for &time in times {
        let here = equal(Expression::Time, number(time));
        expression =
            Expression::Binary(contingent_model::BinaryOperator::Or, Box::new(expression), Box::new(here));
    }
    expression
}

fn condition(times: &[f64], held_steps: usize) -> Condition {
    Condition { expression: holds_at(times), held_steps }
}

fn outcome_of(measure: Measure) -> f64 {
    let mut b = Builder::new(10, 1.0);
    b.stock("x", &[], number(1.0));
    b.question("q", measure, None);
    let program = compiled(&b, &Configuration::default());
    single(&program, &[]).outcomes[0]
}

fn formula(formula: Formula) -> f64 {
    outcome_of(Measure::Probability(formula))
}

#[test]
fn within_looks_at_every_time_up_to_its_end() {
    let within = |steps, times: &[f64]| formula(Formula::Within { steps, condition: condition(times, 0) });
    assert_eq!(within(5, &[0.0]), 1.0);
    assert_eq!(within(5, &[5.0]), 1.0);
    assert_eq!(within(5, &[6.0]), 0.0);
    assert_eq!(within(10, &[10.0]), 1.0);
}

#[test]
fn always_needs_every_time_up_to_its_end() {
    let always = |steps, times: &[f64]| formula(Formula::Always { steps, condition: condition(times, 0) });
    assert_eq!(always(2, &[0.0, 1.0, 2.0]), 1.0);
    assert_eq!(always(2, &[0.0, 2.0]), 0.0);
    assert_eq!(always(3, &[0.0, 1.0, 2.0]), 0.0);
}

#[test]
fn at_looks_at_one_time() {
    let at = |step, times: &[f64]| formula(Formula::At { step, condition: condition(times, 0) });
    assert_eq!(at(4, &[4.0]), 1.0);
    assert_eq!(at(4, &[3.0, 5.0]), 0.0);
}

#[test]
fn before_needs_the_first_strictly_earlier() {
    let before = |first: &[f64], second: &[f64]| {
        formula(Formula::Before { first: condition(first, 0), second: condition(second, 0) })
    };
    assert_eq!(before(&[3.0], &[4.0]), 1.0);
    assert_eq!(before(&[3.0], &[]), 1.0);
    assert_eq!(before(&[3.0], &[3.0]), 0.0);
    assert_eq!(before(&[3.0], &[2.0]), 0.0);
    assert_eq!(before(&[], &[2.0]), 0.0);
    assert_eq!(before(&[], &[]), 0.0);
}

#[test]
fn first_time_is_in_time_units_and_infinite_for_never() {
    let first = |times: &[f64], held| {
        outcome_of(Measure::Distribution(Quantity::FirstTime { condition: condition(times, held) }))
    };
    assert_eq!(first(&[6.0, 3.0], 0), 3.0);
    assert_eq!(first(&[0.0], 0), 0.0);
    assert_eq!(first(&[], 0), f64::INFINITY);
    assert_eq!(first(&[1.0, 2.0, 4.0, 5.0, 6.0], 2), 6.0);
    assert_eq!(first(&[1.0, 2.0, 4.0, 5.0], 2), f64::INFINITY);
}

#[test]
fn held_for_a_while_counts_times_in_a_row() {
    let within =
        |steps, times: &[f64], held| formula(Formula::Within { steps, condition: condition(times, held) });
    assert_eq!(within(10, &[4.0, 5.0, 6.0], 2), 1.0);
    assert_eq!(within(10, &[4.0, 5.0, 7.0], 2), 0.0);
    assert_eq!(within(5, &[4.0, 5.0, 6.0], 2), 0.0);
    let at = |step, times: &[f64]| formula(Formula::At { step, condition: condition(times, 1) });
    assert_eq!(at(4, &[3.0, 4.0]), 1.0);
    assert_eq!(at(3, &[3.0, 4.0]), 0.0);
}

#[test]
fn a_given_is_a_column_of_its_own() {
    let mut b = Builder::new(10, 1.0);
    let given = Formula::Within { steps: 4, condition: condition(&[4.0], 0) };
    let measure = Measure::Distribution(Quantity::At { step: 7, expression: Expression::Time });
    b.question("q", measure, Some(given));
    let program = compiled(&b, &Configuration::default());
    let names: Vec<&str> = program.outcomes().iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["q", "q.given"]);
    assert_eq!(program.outcomes()[1].role, OutcomeRole::Given);
    assert_eq!(single(&program, &[]).outcomes, [7.0, 1.0]);
}

/// The first time of a formula, and its outcome.
fn first_time(formula: Formula) -> (f64, f64) {
    let mut b = Builder::new(10, 0.5);
    b.stock("x", &[], number(1.0));
    b.question("q", Measure::Probability(formula), None);
    let program = compiled(&b, &Configuration::default());
    let column = &program.outcomes()[1];
    assert_eq!((column.name.as_str(), column.role), ("q.first_time", OutcomeRole::FirstTime));
    let outcomes = single(&program, &[]).outcomes;
    (outcomes[1], outcomes[0])
}

#[test]
fn the_first_time_of_a_question_is_looked_for_up_to_the_horizon() {
    const NEVER: f64 = f64::INFINITY;
    let within = |times: &[f64], held_steps| {
        first_time(Formula::Within { steps: 4, condition: condition(times, held_steps) })
    };
    assert_eq!(within(&[0.0], 0), (0.0, 1.0));
    assert_eq!(within(&[2.0, 1.5], 0), (1.5, 1.0));
    // After the time allowed: it comes, and too late.
    assert_eq!(within(&[4.5], 0), (4.5, 0.0));
    assert_eq!(within(&[], 0), (NEVER, 0.0));
    // A condition that must have been held counts from when it has been.
    assert_eq!(within(&[1.0, 1.5, 2.0], 2), (2.0, 1.0));
    let always = |times: &[f64]| first_time(Formula::Always { steps: 2, condition: condition(times, 0) });
    assert_eq!(always(&[0.0, 0.5, 1.0]), (1.5, 1.0));
    assert_eq!(always(&[0.0, 1.0]), (0.5, 0.0));
    let before = |first: &[f64], second: &[f64]| {
        first_time(Formula::Before { first: condition(first, 0), second: condition(second, 0) })
    };
    assert_eq!(before(&[3.0, 2.0], &[4.0]), (2.0, 1.0));
    assert_eq!(before(&[3.0], &[3.0]), (NEVER, 0.0));
    assert_eq!(before(&[], &[]), (NEVER, 0.0));
}

#[test]
fn questions_about_one_time_have_no_first_time_and_all_first_times_come_last() {
    let mut b = Builder::new(10, 1.0);
    let at = Formula::At { step: 4, condition: condition(&[4.0], 0) };
    let within = Formula::Within { steps: 4, condition: condition(&[4.0], 0) };
    b.question("soon", Measure::Probability(within), Some(at.clone()));
    b.question("then", Measure::Probability(at), None);
    let program = compiled(&b, &Configuration::default());
    let names: Vec<&str> = program.outcomes().iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["soon", "soon.given", "then", "soon.first_time"]);
    assert_eq!(single(&program, &[]).outcomes, [1.0, 1.0, 1.0, 4.0]);
}
