//! Models without chance against closed forms: time, levers, policies, subscripts, tables, expectations.

mod support;

use contingent_engine::math::exp;
use contingent_engine::{ChanceMode, CompileError, Configuration, Recording, compile};
use contingent_model::{Chance, ChoiceRule, EventReading, Expression, Function};
use support::*;

fn everything() -> Configuration {
    Configuration { recording: Recording::Everything, ..Configuration::default() }
}

#[test]
fn decay_under_euler_is_the_power_of_one_step() {
    let dt = 0.25;
    let mut b = Builder::new(40, dt);
    let k = b.assume("k", &[]);
    let x = b.stock("x", &[], number(1000.0));
    b.flow("out", &[], Some(end(x)), None, multiply(read(x), read(k)));
    let program = compiled(&b, &everything());
    let rate = 0.3;
    let result = single(&program, &[rate]);
    let mut expected = 1000.0;
    for value in column(&program, &result, "x") {
        assert_eq!(value, expected);
        expected -= expected * rate * dt;
    }
    let closed = 1000.0 * (1.0 - rate * dt).powi(40);
    // 40 steps of three roundings of at most 1.1e-16 each.
    assert!((column(&program, &result, "x")[40] / closed - 1.0).abs() < 2e-14);
    assert_eq!(result.clipped, [0]);
}

#[test]
fn constant_inflow_grows_linearly_and_time_is_step_times_dt() {
    let mut b = Builder::new(10, 0.5);
    let x = b.stock("x", &[], number(1.0));
    b.flow("inflow", &[], None, Some(end(x)), number(4.0));
    b.aux("now", &[], Expression::Time);
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    for step in 0..=10 {
        assert_eq!(column(&program, &result, "x")[step], 1.0 + 2.0 * step as f64);
        assert_eq!(column(&program, &result, "now")[step], 0.5 * step as f64);
    }
}

#[test]
fn sir_conserves_people() {
    let mut b = Builder::new(200, 0.1);
    let s = b.stock("s", &[], number(990.0));
    let i = b.stock("i", &[], number(10.0));
    let r = b.stock("r", &[], number(0.0));
    let force = multiply(number(0.8), divide(multiply(read(s), read(i)), number(1000.0)));
    b.flow("infection", &[], Some(end(s)), Some(end(i)), force);
    b.flow("recovery", &[], Some(end(i)), Some(end(r)), multiply(number(0.2), read(i)));
    b.value_at("people", 200, add(add(read(s), read(i)), read(r)));
    b.value_at("recovered", 200, read(r));
    let program = compiled(&b, &Configuration::default());
    let result = single(&program, &[]);
    // 200 steps of a few roundings each on numbers below 1024.
    assert!((result.outcomes[0] - 1000.0).abs() < 1e-9);
    assert!(result.outcomes[1] > 500.0);
}

#[test]
fn a_policy_sets_its_lever_between_its_steps_only() {
    let mut b = Builder::new(8, 1.0);
    let effort = b.lever("effort", 1.0);
    let other = b.lever("other", 5.0);
    b.policy(3, 6, &[(effort, 2.0)]);
    let x = b.stock("x", &[], number(0.0));
    b.flow("inflow", &[], None, Some(end(x)), read(effort));
    let mut configuration = everything();
    configuration.policy = Some(0);
    configuration.levers.insert(other, 7.0);
    let program = compiled(&b, &configuration);
    let result = single(&program, &[]);
    assert_eq!(column(&program, &result, "effort"), [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0]);
    assert_eq!(column(&program, &result, "other"), [7.0; 9]);
    assert_eq!(column(&program, &result, "x")[8], 11.0);
    configuration.policy = None;
    let program = compiled(&b, &configuration);
    let result = single(&program, &[]);
    assert_eq!(column(&program, &result, "effort"), [1.0; 9]);
}

#[test]
fn a_mechanism_that_is_off_leaves_no_instruction() {
    let mut b = Builder::new(5, 1.0);
    let m = b.mechanism("m", &["on", "off"], 0);
    let x = b.stock("x", &[], number(2.0));
    let costly = call(Function::Exp, vec![read(x)]);
    let rate = choose(equal(read(m), number(0.0)), costly, number(1.0));
    b.flow("inflow", &[], None, Some(end(x)), rate);
    let on = compiled(&b, &Configuration::default());
    let mut configuration = Configuration::default();
    configuration.mechanisms.insert(m, 1);
    let off = compiled(&b, &configuration);
    assert!(on.dump().contains("Exp"));
    assert!(!off.dump().contains("Exp"));
}

#[test]
fn subscripts_reductions_and_tables_expand_to_scalars() {
    let mut b = Builder::new(1, 1.0);
    let r = b.subscript("r", &["a", "b", "c"]);
    let share = b.assume("share", &[r]);
    let f = b.lookup("f", &[(0.0, 0.0), (2.0, 4.0), (4.0, 5.0)]);
    let x = b.stock("x", &[r], read_bound(share, r));
    b.aux("total", &[], sum_over(r, multiply(read_bound(x, r), Expression::Position(r))));
    b.aux("mapped", &[r], Expression::Lookup(f, Box::new(read_bound(x, r))));
    b.aux("third", &[], read_element(x, r, 2));
    let picked = Expression::Select {
        selector: Box::new(Expression::Position(r)),
        alternatives: vec![number(7.0), read_bound(x, r), number(9.0)],
    };
    b.aux("picked", &[r], picked);
    let program = compiled(&b, &everything());
    assert_eq!(
        program.parameters().iter().map(|p| p.name.as_str()).collect::<Vec<_>>(),
        ["share[a]", "share[b]", "share[c]"]
    );
    let result = single(&program, &[-1.0, 3.0, 100.0]);
    let at = |name: &str| column(&program, &result, name)[0];
    assert_eq!(at("total"), 203.0);
    // A stock that is not signed starts at zero at the least.
    assert_eq!([at("x[a]"), at("mapped[a]"), at("mapped[b]"), at("mapped[c]")], [0.0, 0.0, 4.5, 5.0]);
    assert_eq!([at("third"), at("picked[a]"), at("picked[b]"), at("picked[c]")], [100.0, 7.0, 3.0, 9.0]);
}

#[test]
fn initial_values_may_refer_to_each_other_and_to_auxiliaries() {
    let mut b = Builder::new(1, 1.0);
    let share = b.assume("share", &[]);
    let second = VariableIdAhead(2);
    let first = b.stock("first", &[], multiply(number(2.0), read(second.id())));
    let found = b.stock("second", &[], multiply(read(share), number(10.0)));
    assert_eq!(found, second.id());
    let sum = b.aux("sum", &[], add(read(first), read(found)));
    b.stock("third", &[], read(sum));
    let program = compiled(&b, &everything());
    let result = single(&program, &[0.5]);
    assert_eq!(column(&program, &result, "third"), [15.0, 15.0]);
}

/// A variable that is declared later.
struct VariableIdAhead(u32);

impl VariableIdAhead {
    fn id(&self) -> contingent_model::VariableId {
        contingent_model::VariableId(self.0)
    }
}

#[test]
fn a_decision_is_in_force_from_the_step_after_its_review() {
    let mut b = Builder::new(6, 1.0);
    let worths = vec![number(3.0), Expression::Time, number(-1.0)];
    let d = b.decision("d", 2, 2, worths, ChoiceRule::Best);
    b.aux("is_second", &[], equal(read(d), number(1.0)));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    // Reviews at 0, 2, 4, 6; the second option is worth more than 3 from step 4 on.
    assert_eq!(column(&program, &result, "d"), [2.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0]);
    assert_eq!(column(&program, &result, "is_second")[6], 1.0);
}

#[test]
fn expectations_replace_draws() {
    let dt = 0.5;
    let mut b = Builder::new(3, dt);
    let x = b.whole_stock("x", &[], number(100.0));
    let y = b.stock("y", &[], number(0.0));
    b.flow("p", &[], None, Some(end(y)), draw(Chance::Poisson { per_time: true }, 0, vec![number(3.0)]));
    b.flow(
        "q",
        &[],
        Some(end(x)),
        None,
        draw(Chance::Binomial { per_time: true }, 0, vec![read(x), number(0.2)]),
    );
    b.aux("normal", &[], draw(Chance::Normal, 0, vec![number(4.0), number(2.0)]));
    b.aux("uniform", &[], draw(Chance::Uniform, 0, vec![number(1.0), number(2.0)]));
    b.aux("bernoulli", &[], draw(Chance::Bernoulli, 0, vec![number(0.3)]));
    let once = b.event("once", &[], number(0.4), true, vec![]);
    b.aux("happened", &[], reading(once, EventReading::Happened));
    b.event("often", &[], number(2.0), false, vec![]);
    let worths = vec![number(0.0), number(1.0), number(1.0)];
    b.decision("d", 1, 0, worths, ChoiceRule::Logit { rationality: number(2.0) });
    let configuration = Configuration { chance: ChanceMode::Expected, ..everything() };
    let program = compiled(&b, &configuration);
    let result = single(&program, &[]);
    let at = |name: &str, time: usize| column(&program, &result, name)[time];
    assert_eq!(at("y", 3), 4.5);
    assert!((at("x", 3) - 100.0 * exp(-0.2 * 1.5)).abs() < 1e-9);
    assert_eq!([at("normal", 0), at("uniform", 0), at("bernoulli", 0)], [4.0, 1.5, 0.3]);
    assert!((at("once.total", 3) - (1.0 - exp(-0.6))).abs() < 1e-12);
    assert_eq!(
        [at("happened", 1), at("often.count", 0), at("often.count", 2), at("often.total", 3)],
        [0.0, 0.0, 1.0, 3.0]
    );
    assert_eq!([at("d", 0), at("d", 1)], [0.0, 1.0]);
}

#[test]
fn a_model_that_is_too_large_is_refused_with_the_estimate() {
    let mut b = Builder::new(1, 1.0);
    let names: Vec<String> = (0..1000).map(|i| format!("e{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let r = b.subscript("r", &names);
    let s = b.subscript("s", &names);
    b.aux("x", &[r, s], number(1.0));
    let refused = compile(&b.model, &Configuration::default()).map(|_| ());
    assert_eq!(refused, Err(CompileError::TooLarge { values: 1_000_000, limit: 200_000 }));
    let mut b = Builder::new(1, 1.0);
    let r = b.subscript("r", &names);
    let s = b.subscript("s", &names);
    let t = b.subscript("t", &names[..10]);
    b.aux("x", &[t], sum_over(r, sum_over(s, Expression::Time)));
    let refused = compile(&b.model, &Configuration::default()).map(|_| ());
    assert!(matches!(refused, Err(CompileError::TooManyOperations { operations: 10_000_000.., .. })));
}

#[test]
fn an_input_is_read_at_the_times_of_the_steps() {
    let (n_steps, dt) = (7, 0.5);
    let mut b = Builder::new(n_steps, dt);
    let r = b.subscript("r", &["a", "b"]);
    // Half steps hold numbers that no step may read.
    let half = |f: fn(usize) -> f64| -> Vec<f64> {
        (0..=2 * n_steps).map(|k| if k % 2 == 0 { f(k / 2) } else { -1e6 }).collect()
    };
    let inflow = b.input("inflow", &[], &[half(|k| (k * k) as f64)]);
    let split = b.input("split", &[r], &[half(|k| k as f64), half(|k| 10.0 - k as f64)]);
    let x = b.stock("x", &[], add(read(inflow), number(5.0)));
    b.flow("arrive", &[], None, Some(end(x)), read(inflow));
    b.aux("total", &[], sum_over(r, read_bound(split, r)));
    b.value_at("last", n_steps, read_element(split, r, 1));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    let mut expected = 5.0;
    for step in 0..=n_steps {
        assert_eq!(column(&program, &result, "inflow")[step], (step * step) as f64);
        assert_eq!(column(&program, &result, "split[b]")[step], 10.0 - step as f64);
        assert_eq!(column(&program, &result, "total")[step], 10.0);
        assert_eq!(column(&program, &result, "x")[step], expected);
        expected += (step * step) as f64 * dt;
    }
    assert_eq!(result.outcomes, [10.0 - n_steps as f64]);
    assert!(program.dump().contains("Series(series "));
}

#[test]
fn an_input_that_never_changes_costs_nothing() {
    let mut b = Builder::new(10, 1.0);
    let rate = b.input("rate", &[], &[vec![2.0; 21]]);
    let x = b.stock("x", &[], number(1.0));
    b.flow("arrive", &[], None, Some(end(x)), read(rate));
    let program = compiled(&b, &everything());
    assert!(!program.dump().contains("Series"));
    assert_eq!(column(&program, &single(&program, &[]), "x")[10], 21.0);
}
