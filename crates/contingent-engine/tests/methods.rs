//! The method of Runge and Kutta: order of convergence, conservation, and what is held over a step.

mod support;

use contingent_engine::{Configuration, Recording, math::exp};
use contingent_model::{Chance, EventReading, Expression, Function, MemoryKind, Method, Window};
use support::*;

fn everything() -> Configuration {
    Configuration { recording: Recording::Everything, ..Configuration::default() }
}

/// The error at time 4 with steps of 4 / n.
fn error(method: Method, n_steps: usize, build: impl Fn(&mut Builder), exact: f64) -> f64 {
    let mut b = Builder::new(n_steps, 4.0 / n_steps as f64);
    b.model.clock.method = method;
    build(&mut b);
    let program = compiled(&b, &Configuration::default());
    let result = single(&program, &[]);
    assert_eq!(result.clipped, [0]);
    (result.outcomes[0] - exact).abs()
}

#[track_caller]
fn assert_order(build: impl Fn(&mut Builder) + Copy, exact: f64) {
    let euler = |n| error(Method::Euler, n, build, exact);
    let order = (euler(4000) / euler(8000)).log2();
    assert!((order - 1.0).abs() < 0.05, "Euler: {order}");
    let fourth = |n| error(Method::RungeKutta, n, build, exact);
    let (coarse, fine) = (fourth(40), fourth(80));
    let order = (coarse / fine).log2();
    assert!((order - 4.0).abs() < 0.25, "{coarse} {fine}: {order}");
    assert!(fine < 1e-5 * exact.abs().max(1.0), "{fine}");
}

#[test]
fn exponential_growth_converges_with_order_four() {
    let build = |b: &mut Builder| {
        let n_steps = b.model.clock.n_steps;
        let x = b.stock("x", &[], number(1.0));
        b.flow("f", &[], None, Some(end(x)), multiply(number(0.7), read(x)));
        b.value_at("q", n_steps, read(x));
    };
    assert_order(build, exp(2.8));
}

#[test]
fn a_rate_that_changes_with_time_converges_with_order_four() {
    // x' = t x.
    let build = |b: &mut Builder| {
        let n_steps = b.model.clock.n_steps;
        let x = b.stock("x", &[], number(1.0));
        let rate = multiply(multiply(number(0.5), Expression::Time), read(x));
        let rate = b.aux("rate", &[], rate);
        b.flow("f", &[], None, Some(end(x)), read(rate));
        b.value_at("q", n_steps, read(x));
    };
    assert_order(build, exp(4.0));
}

#[test]
fn logistic_growth_converges_with_order_four() {
    let build = |b: &mut Builder| {
        let n_steps = b.model.clock.n_steps;
        let x = b.stock("x", &[], number(0.1));
        let room = b.aux("room", &[], subtract(number(1.0), read(x)));
        b.flow("f", &[], None, Some(end(x)), multiply(multiply(number(1.3), read(x)), read(room)));
        b.value_at("q", n_steps, read(x));
    };
    assert_order(build, 1.0 / (1.0 + 9.0 * exp(-5.2)));
}

#[test]
fn an_oscillator_converges_with_order_four() {
    let build = |b: &mut Builder| {
        let n_steps = b.model.clock.n_steps;
        let x = b.signed_stock("x", number(1.0));
        let v = b.signed_stock("v", number(0.0));
        b.flow("f", &[], None, Some(end(x)), read(v));
        b.flow("g", &[], None, Some(end(v)), multiply(number(-1.0), read(x)));
        b.value_at("q", n_steps, read(x));
    };
    // The cosine of 4.
    assert_order(build, -0.653_643_620_863_611_9);
}

#[test]
fn a_closed_model_conserves_and_the_levels_move_by_the_effective_rates() {
    let mut b = Builder::new(200, 0.5);
    b.model.clock.method = Method::RungeKutta;
    let r = b.subscript("r", &["a", "b"]);
    let s = b.stock("s", &[r], number(512.0));
    let i = b.stock("i", &[r], add(number(1.0), Expression::Position(r)));
    let all = b.aux("all", &[], sum_over(r, read_bound(i, r)));
    let rate = multiply(number(0.001), multiply(read_bound(s, r), read(all)));
    b.flow("infection", &[r], Some(end_bound(s, r)), Some(end_bound(i, r)), rate);
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    let of = |name: &str| column(&program, &result, name);
    for (element, total) in [("a", 513.0), ("b", 514.0)] {
        let (s, i) = (of(&format!("s[{element}]")), of(&format!("i[{element}]")));
        for time in 0..=200 {
            // What leaves one is what enters the other: at most a rounding of 1e-13 per step.
            assert!((s[time] + i[time] - total).abs() < 200.0 * 1.2e-13);
        }
        assert!(s[200] < 1.0 && s[200] >= 0.0);
    }
    assert_eq!(result.clipped, [0]);
}

#[test]
fn what_is_drawn_or_decided_is_held_over_the_step() {
    let build = |method| {
        let mut b = Builder::new(30, 0.5);
        b.model.clock.method = method;
        let noise = b.aux("noise", &[], draw(Chance::Normal, 0, vec![number(2.0), number(0.5)]));
        let e = b.event("e", &[], number(0.5), false, vec![]);
        let lever = b.lever("lever", 1.0);
        b.policy(7, 20, &[(lever, 4.0)]);
        let d =
            b.decision("d", 3, 0, vec![Expression::Time, number(6.0)], contingent_model::ChoiceRule::Best);
        let past = remember(0, MemoryKind::Lag { steps: 2 }, Expression::Time, &[]);
        let lately = remember(1, over(Window::Mean, 4), Expression::Time, &[]);
        let drawn = draw(Chance::Normal, 0, vec![Expression::Time, number(1.0)]);
        let parts = [read(noise), reading(e, EventReading::Count), read(lever), read(d), past, lately, drawn];
        for (position, part) in parts.into_iter().enumerate() {
            let x = b.signed_stock(&format!("x{position}"), number(0.0));
            b.flow(&format!("f{position}"), &[], None, Some(end(x)), part);
        }
        let configuration = Configuration { policy: Some(0), ..everything() };
        let program = compiled(&b, &configuration);
        let result = single(&program, &[]);
        (0..7).map(|k| column(&program, &result, &format!("x{k}"))).collect::<Vec<_>>()
    };
    let (euler, fourth) = (build(Method::Euler), build(Method::RungeKutta));
    assert!(euler.iter().all(|x| x[30] != 0.0));
    assert_eq!(euler, fourth);
}

#[test]
fn time_itself_moves_on_within_the_step() {
    let mut b = Builder::new(10, 1.0);
    b.model.clock.method = Method::RungeKutta;
    let x = b.signed_stock("x", number(0.0));
    b.flow("f", &[], None, Some(end(x)), multiply(Expression::Time, Expression::Time));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    // The rule of Simpson is exact for the square.
    for (time, &found) in column(&program, &result, "x").iter().enumerate() {
        let exact = (time * time * time) as f64 / 3.0;
        assert!((found - exact).abs() < 1e-12);
    }
}

#[test]
fn effective_outflows_are_clipped_together_and_no_stage_is_below_zero() {
    let mut b = Builder::new(3, 1.0);
    b.model.clock.method = Method::RungeKutta;
    let x = b.stock("x", &[], number(9.0));
    let y = b.stock("y", &[], number(0.0));
    let z = b.stock("z", &[], number(0.0));
    b.flow("a", &[], Some(end(x)), Some(end(y)), number(12.0));
    // The root of a level below zero is not a number.
    b.flow("b", &[], Some(end(x)), Some(end(z)), call(Function::Sqrt, vec![read(x)]));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    assert_eq!(result.failures, vec![]);
    let of = |name: &str| column(&program, &result, name);
    // Rates of b at the stages: 3, then 9 - 7.5 = 1.5, 9 - 6.6, and nothing at the end.
    let root = 1.5_f64.sqrt();
    let third = (9.0 - 0.5 * (12.0 + root)).sqrt();
    let b_rate = (3.0 + 2.0 * (root + third)) / 6.0;
    let share = 9.0 / (12.0 + b_rate);
    assert!((of("y")[1] - 12.0 * share).abs() < 1e-12);
    assert!((of("z")[1] - b_rate * share).abs() < 1e-12);
    assert!((0.0..1e-14).contains(&of("x")[1]));
    assert!((of("y")[3] + of("z")[3] - 9.0).abs() < 1e-12);
    // Later only the constant flow is left to be clipped.
    assert_eq!(result.clipped, [3]);
}

#[test]
fn what_enters_an_empty_stock_in_a_step_can_leave_in_it() {
    // A chain of empty stocks is a delay of order four, up to the last one.
    let build = |b: &mut Builder| {
        let n_steps = b.model.clock.n_steps;
        let stocks: Vec<_> = (0..5).map(|k| b.stock(&format!("x{k}"), &[], number(0.0))).collect();
        b.flow("f", &[], None, Some(end(stocks[0])), number(1.0));
        for k in 0..4 {
            let rate = read(stocks[k]);
            b.flow(&format!("f{k}"), &[], Some(end(stocks[k])), Some(end(stocks[k + 1])), rate);
        }
        b.value_at("q", n_steps, read(stocks[3]));
    };
    // The fourth level of a delay: 1 - exp(-4) (1 + 4 + 16/2 + 64/6).
    assert_order(build, 1.0 - exp(-4.0) * (13.0 + 64.0 / 6.0));
}

#[test]
fn a_split_whose_shares_change_converges_with_order_four() {
    let build = |b: &mut Builder| {
        let n_steps = b.model.clock.n_steps;
        let x = b.stock("x", &[], number(1.0));
        let y = b.stock("y", &[], number(0.0));
        let z = b.stock("z", &[], number(0.0));
        let share = call(Function::Exp, vec![multiply(number(-1.0), Expression::Time)]);
        let to = vec![(end(y), Some(share)), (end(z), None)];
        b.split_flow("f", Some(end(x)), to, multiply(number(0.7), read(x)));
        b.value_at("q", n_steps, read(y));
    };
    // The integral of 0.7 exp(-1.7 t).
    assert_order(build, 0.7 / 1.7 * (1.0 - exp(-6.8)));
}

#[test]
fn what_does_not_arrive_cannot_leave() {
    // `a` wants to give 8 a step but holds 1; what it gives passes through `b` to `c`.
    let mut b = Builder::new(2, 1.0);
    b.model.clock.method = Method::RungeKutta;
    let first = b.stock("a", &[], number(1.0));
    let second = b.stock("b", &[], number(0.0));
    let third = b.stock("c", &[], number(0.0));
    b.flow("ab", &[], Some(end(first)), Some(end(second)), number(8.0));
    b.flow("bc", &[], Some(end(second)), Some(end(third)), number(8.0));
    b.flow("back", &[], Some(end(first)), Some(end(third)), number(-0.25));
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    let of = |name: &str| column(&program, &result, name);
    let total = |time: usize| of("a")[time] + of("b")[time] + of("c")[time];
    for time in 0..3 {
        assert!((total(time) - 1.0).abs() < 1e-15, "{time}: {}", total(time));
        assert!(of("a")[time] >= 0.0 && of("b")[time] >= 0.0 && of("c")[time] >= 0.0);
    }
    assert!(of("c")[1] > 0.5);
    assert!(result.clipped[0] >= 4);
}

#[test]
fn whole_stocks_stay_whole_and_move_as_under_euler() {
    let run = |method| {
        let mut b = Builder::new(40, 0.5);
        b.model.clock.method = method;
        let people = b.whole_stock("people", &[], number(100.0));
        let gone = b.whole_stock("gone", &[], number(0.0));
        let smoothed = b.stock("trust", &[], number(1.0));
        let leaving = draw(Chance::Binomial { per_time: true }, 0, vec![read(people), number(0.1)]);
        b.flow("leaving", &[], Some(end(people)), Some(end(gone)), leaving);
        let steady = divide(call(Function::Round, vec![multiply(number(0.05), read(people))]), number(0.5));
        b.flow("back", &[], Some(end(gone)), Some(end(people)), steady);
        b.flow("loss", &[], Some(end(smoothed)), None, multiply(number(0.1), read(smoothed)));
        let program = compiled(&b, &everything());
        let result = single(&program, &[]);
        ["people", "gone", "trust"].map(|name| column(&program, &result, name))
    };
    let ([people, gone, trust], [people_euler, gone_euler, trust_euler]) =
        (run(Method::RungeKutta), run(Method::Euler));
    assert_eq!((&people, &gone), (&people_euler, &gone_euler));
    assert!(people.iter().zip(&gone).all(|(a, b)| a.fract() == 0.0 && a + b == 100.0));
    assert!(people[40] < 100.0);
    assert!((trust[40] - exp(-2.0)).abs() < 1e-7);
    assert!((trust_euler[40] - exp(-2.0)).abs() > 1e-3);
}

#[test]
fn a_flow_by_a_delay_moves_what_the_delay_lets_out() {
    let mut b = Builder::new(80, 0.5);
    b.model.clock.method = Method::RungeKutta;
    let inside = b.stock("inside", &[], number(0.0));
    let out = b.stock("out", &[], number(0.0));
    let input = call(Function::Exp, vec![multiply(number(-0.3), Expression::Time)]);
    let input = b.aux("input", &[], input);
    b.flow("entering", &[], None, Some(end(inside)), read(input));
    let delayed = remember_from(0, delay(number(3.0), 3), read(input), number(0.0));
    b.flow("leaving", &[], Some(end(inside)), Some(end(out)), delayed);
    let program = compiled(&b, &everything());
    let result = single(&program, &[]);
    let last = |name: &str| column(&program, &result, name)[80];
    // The integral of the input; all but e^-12 of it has entered, and all but some e^-12 of that has left.
    assert!((last("inside") + last("out") - (1.0 - exp(-12.0)) / 0.3).abs() < 1e-5);
    assert!(last("inside") < 1e-3 && last("inside") >= 0.0, "{}", last("inside"));
    assert_eq!(result.clipped, [0]);
}
