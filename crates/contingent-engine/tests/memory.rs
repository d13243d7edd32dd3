//! What is remembered against closed forms, conservation and brute force from recorded series.

mod support;

use contingent_engine::{BlockResult, CompileError, Configuration, Program, Recording, compile, math::exp};
use contingent_model::{
    Chance, Condition, EventReading, Expression, Formula, Function, Measure, MemoryKind, Method, Quantity,
    Window,
};
use support::*;

fn everything() -> Configuration {
    Configuration { recording: Recording::Everything, ..Configuration::default() }
}

fn run(b: &Builder) -> (Program, BlockResult) {
    let program = compiled(b, &everything());
    let result = single(&program, &[]);
    assert_eq!(result.failures, vec![]);
    (program, result)
}

fn recorded(b: &Builder, name: &str) -> Vec<f64> {
    let (program, result) = run(b);
    column(&program, &result, name)
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (time, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= tolerance, "at {time}: {a}, {b}");
    }
}

/// A wave that is never below zero.
fn wave() -> Expression {
    let angle = multiply(number(0.37), multiply(Expression::Time, Expression::Time));
    let rest = subtract(angle.clone(), call(Function::Floor, vec![angle]));
    multiply(number(7.0), rest)
}

/// Material that enters a store and leaves it by a delay of what entered.
fn store(method: Method, duration: Expression, order: u32) -> Builder {
    let mut b = Builder::new(400, 0.25);
    b.model.clock.method = method;
    // Signed, so that nothing is cut off should more leave than entered.
    let inside = b.signed_stock("inside", number(0.0));
    let arrived = b.stock("arrived", &[], number(0.0));
    let input = choose(less(Expression::Time, number(20.0)), wave(), number(0.0));
    let input = b.aux("input", &[], input);
    let output = remember_from(0, delay(duration, order), read(input), number(0.0));
    let output = b.aux("output", &[], output);
    b.flow("entering", &[], None, Some(end(inside)), read(input));
    b.flow("leaving", &[], Some(end(inside)), Some(end(arrived)), read(output));
    b
}

#[test]
fn a_delay_gives_back_exactly_what_entered() {
    let changing = add(
        number(3.0),
        multiply(number(2.0), call(Function::Logistic, vec![subtract(Expression::Time, number(10.0))])),
    );
    for method in [Method::Euler, Method::RungeKutta] {
        for order in [1, 3, 7] {
            for duration in [number(3.0), changing.clone()] {
                let b = store(method, duration, order);
                let (program, result) = run(&b);
                let of = |name: &str| column(&program, &result, name);
                let (inside, arrived, output) = (of("inside"), of("arrived"), of("output"));
                let total = inside[400] + arrived[400];
                assert!(total > 50.0);
                // What is inside is what the levels hold: after 80 weeks nothing, and never less than nothing.
                assert!(inside[400].abs() < 1e-4 * total, "{} of {total}", inside[400]);
                // 400 roundings of numbers below 64.
                assert!(inside.iter().all(|&level| level >= -400.0 * 7.2e-15));
                assert!(output.iter().all(|&rate| rate >= 0.0));
            }
        }
    }
}

#[test]
fn the_levels_of_a_delay_balance_in_every_step() {
    let (dt, duration, order) = (0.25, 3.0, 3);
    let b = store(Method::Euler, number(duration), order);
    let (program, result) = run(&b);
    let (input, output) = (column(&program, &result, "input"), column(&program, &result, "output"));
    let mut levels = vec![0.0; order as usize];
    for step in 0..400 {
        let passing: Vec<f64> = levels.iter().map(|level| level * f64::from(order) / duration).collect();
        // Relative errors of some 1e-16 per operation on numbers below 10.
        assert!((output[step] - passing[2]).abs() < 1e-13, "{step}: {} {}", output[step], passing[2]);
        let before: f64 = levels.iter().sum();
        let mut entering = input[step];
        for (level, &leaving) in levels.iter_mut().zip(&passing) {
            *level += (entering - leaving) * dt;
            entering = leaving;
        }
        let after: f64 = levels.iter().sum();
        assert!((input[step] * dt - output[step] * dt - (after - before)).abs() < 1e-12);
    }
}

/// The output of a delay or smoothing of order n for an input of 1 from the start, empty before
/// (the distribution function of Erlang).
fn erlang(order: u32, duration: f64, time: f64) -> f64 {
    let x = f64::from(order) * time / duration;
    let mut term = 1.0;
    let mut sum = 0.0;
    for k in 0..order {
        if k > 0 {
            term *= x / f64::from(k);
        }
        sum += term;
    }
    1.0 - exp(-x) * sum
}

fn response(kind: MemoryKind, method: Method, dt: f64, n_steps: usize) -> Vec<f64> {
    let mut b = Builder::new(n_steps, dt);
    b.model.clock.method = method;
    b.aux("output", &[], remember_from(0, kind, number(1.0), number(0.0)));
    recorded(&b, "output")
}

#[test]
fn delays_and_smoothing_answer_a_step_as_erlang_says() {
    let duration = 4.0;
    for order in [1, 2, 3, 6, 20] {
        for kind in [delay(number(duration), order), smooth(number(duration), order)] {
            let error = |method, n_steps: usize| {
                let found = response(kind.clone(), method, 10.0 / n_steps as f64, n_steps);
                let times = (0..=n_steps).map(|step| 10.0 * step as f64 / n_steps as f64);
                let errors = found
                    .iter()
                    .zip(times)
                    .map(|(found, time)| (found - erlang(order, duration, time)).abs());
                errors.fold(0.0, f64::max)
            };
            let coarse = error(Method::Euler, 400);
            let fine = error(Method::Euler, 800);
            assert!(coarse < 0.05, "order {order}: {coarse}");
            assert!((1.8..2.2).contains(&(coarse / fine)), "order {order}: {coarse} {fine}");
            let coarse = error(Method::RungeKutta, 100);
            let fine = error(Method::RungeKutta, 200);
            assert!(fine < 1e-4, "order {order}: {fine}");
            assert!((14.0..20.0).contains(&(coarse / fine)), "order {order}: {coarse} {fine}");
        }
    }
}

#[test]
fn a_delay_of_as_many_steps_as_levels_is_a_lag() {
    for order in [1_u32, 2, 5] {
        let mut b = Builder::new(30, 0.5);
        let x = b.aux("x", &[], wave());
        let duration = f64::from(order) * 0.5;
        b.aux("delayed", &[], remember(0, delay(number(duration), order), read(x), &[]));
        b.aux("lagged", &[], remember(1, MemoryKind::Lag { steps: order as usize }, read(x), &[]));
        let (program, result) = run(&b);
        let (delayed, lagged) = (column(&program, &result, "delayed"), column(&program, &result, "lagged"));
        assert_close(&delayed, &lagged, 1e-12);
        assert!(lagged[20] > 0.0);
    }
}

#[test]
fn a_duration_shorter_than_a_step_lets_all_through_and_no_more() {
    for duration in [0.1, 0.0, -3.0] {
        let mut b = Builder::new(10, 1.0);
        let x = b.aux("x", &[], wave());
        let d = b.lever("d", duration);
        b.aux("output", &[], remember_from(0, delay(read(d), 1), read(x), number(0.0)));
        let (program, result) = run(&b);
        let (x, output) = (column(&program, &result, "x"), column(&program, &result, "output"));
        assert_eq!(output[0], 0.0);
        assert_eq!(output[1..], x[..10]);
    }
}

#[test]
fn smoothing_starts_at_what_it_smooths_unless_told() {
    let mut b = Builder::new(20, 0.5);
    let x = b.aux("x", &[], add(number(5.0), Expression::Time));
    b.aux("s", &[], remember(0, smooth(number(2.0), 1), read(x), &[]));
    b.aux("t", &[], remember_from(1, smooth(number(2.0), 1), read(x), number(9.0)));
    b.aux("d", &[], remember(2, delay(number(2.0), 2), read(x), &[]));
    let (program, result) = run(&b);
    for (name, start) in [("s", 5.0), ("t", 9.0), ("d", 5.0)] {
        let found = column(&program, &result, name);
        assert!((found[0] - start).abs() < 1e-15);
        if name == "d" {
            continue;
        }
        let mut level = start;
        for (step, &found) in found.iter().enumerate() {
            assert!((found - level).abs() < 1e-13);
            level += (5.0 + 0.5 * step as f64 - level) / 2.0 * 0.5;
        }
    }
}

#[test]
fn a_lag_is_the_value_that_long_ago() {
    let mut b = Builder::new(40, 0.25);
    let x = b.aux("x", &[], draw(Chance::Normal, 0, vec![number(3.0), number(1.0)]));
    let lag = |steps| MemoryKind::Lag { steps };
    b.aux("by_one", &[], remember(0, lag(1), read(x), &[]));
    b.aux("by_seven", &[], remember(1, lag(7), read(x), &[]));
    b.aux("from_two", &[], remember_from(2, lag(7), read(x), number(2.0)));
    b.aux("of_a_lag", &[], remember(3, lag(4), remember(4, lag(3), read(x), &[]), &[]));
    b.aux("never", &[], remember(5, lag(40), read(x), &[]));
    let (program, result) = run(&b);
    let of = |name: &str| column(&program, &result, name);
    let x = of("x");
    assert!(x[3] != x[4]);
    for step in 0..=40_usize {
        assert_eq!(of("by_one")[step], x[step.saturating_sub(1)]);
        assert_eq!(of("by_seven")[step], x[step.saturating_sub(7)]);
        assert_eq!(of("of_a_lag")[step], x[step.saturating_sub(7)]);
        assert_eq!(of("from_two")[step], if step < 7 { 2.0 } else { x[step - 7] });
        assert_eq!(of("never")[step], x[0]);
    }
}

#[test]
fn windows_are_what_the_recorded_series_says() {
    let (dt, n_steps) = (0.5, 60);
    let mut b = Builder::new(n_steps, dt);
    let x = b.aux("x", &[], draw(Chance::Normal, 0, vec![number(0.0), number(1.0)]));
    let windows = [Window::Integral, Window::Sum, Window::Mean, Window::Min, Window::Max];
    let lengths = [1_usize, 2, 9, 60];
    let mut id = 0;
    for window in windows {
        for steps in lengths {
            b.aux(&format!("{window:?}{steps}"), &[], remember(id, over(window, steps), read(x), &[]));
            id += 1;
        }
    }
    let (program, result) = run(&b);
    let x = column(&program, &result, "x");
    let mut compared = 0;
    for window in windows {
        for steps in lengths {
            let found = column(&program, &result, &format!("{window:?}{steps}"));
            assert_eq!(found.len(), n_steps + 1);
            for (time, &found) in found.iter().enumerate() {
                let last = if window == Window::Integral { time } else { time + 1 };
                let values = &x[last.saturating_sub(steps)..last];
                let sum: f64 = values.iter().sum();
                let expected = match window {
                    Window::Integral => sum * dt,
                    Window::Sum => sum,
                    Window::Mean => sum / values.len() as f64,
                    Window::Min => values.iter().copied().fold(f64::INFINITY, f64::min),
                    Window::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                };
                // The same numbers in the same order.
                assert!((found - expected).abs() < 1e-15, "{window:?} {steps} {time}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 5 * 4 * 61);
}

#[test]
fn a_window_counts_what_happened_in_it() {
    let mut b = Builder::new(50, 1.0);
    let e = b.event("e", &[], number(0.7), false, vec![]);
    b.aux("lately", &[], remember(0, over(Window::Sum, 4), reading(e, EventReading::Count), &[]));
    b.aux(
        "ever",
        &[],
        remember(1, MemoryKind::Ever, greater(reading(e, EventReading::Count), number(1.0)), &[]),
    );
    let share = over(Window::Mean, 4);
    b.aux("share", &[], remember(2, share, greater(reading(e, EventReading::Count), number(0.0)), &[]));
    let (program, result) = run(&b);
    let of = |name: &str| column(&program, &result, name);
    let (count, total) = (of("e.count"), of("e.total"));
    assert!(total[50] > 20.0);
    for time in 0..=50_usize {
        assert_eq!(of("lately")[time], total[time] - total[time.saturating_sub(4)]);
        assert_eq!(of("ever")[time] == 1.0, count[..=time].iter().any(|&count| count > 1.0));
        let window = &count[(time + 1).saturating_sub(4)..=time];
        let held = window.iter().filter(|&&count| count > 0.0).count();
        assert_eq!(of("share")[time], held as f64 / window.len() as f64);
    }
    assert_eq!((of("ever")[0], of("ever")[50]), (0.0, 1.0));
}

#[test]
fn each_element_remembers_its_own_and_what_is_common_once() {
    let mut b = Builder::new(12, 1.0);
    let r = b.subscript("r", &["a", "b", "c"]);
    let x = b.aux("x", &[r], multiply(add(Expression::Position(r), number(1.0)), Expression::Time));
    let all = b.aux("all", &[], sum_over(r, read_bound(x, r)));
    let lag = MemoryKind::Lag { steps: 2 };
    b.aux("own", &[r], remember(0, lag.clone(), read_bound(x, r), &[r]));
    b.aux("summed", &[], sum_over(r, remember(1, lag.clone(), read_bound(x, r), &[r])));
    let before = compiled(&b, &everything()).n_instructions();
    b.aux("common", &[r], remember(2, lag.clone(), read(all), &[]));
    b.aux("again", &[], remember(3, lag, read(all), &[]));
    let (program, result) = run(&b);
    let of = |name: &str| column(&program, &result, name);
    for time in 0..=12_usize {
        let past = time.saturating_sub(2) as f64;
        for (position, element) in ["a", "b", "c"].iter().enumerate() {
            assert_eq!(of(&format!("own[{element}]"))[time], (position + 1) as f64 * past);
            assert_eq!(of(&format!("common[{element}]"))[time], 6.0 * past);
        }
        assert_eq!(of("summed")[time], 6.0 * past);
        assert_eq!(of("again")[time], 6.0 * past);
    }
    // Two past values for all elements together and two for `again`; the sum is written straight into the first.
    assert_eq!(program.n_instructions(), before + 3);
}

#[test]
fn a_drawn_body_keeps_the_draws_of_its_declaration() {
    let model = |with_memory: bool| {
        let mut b = Builder::new(20, 1.0);
        let r = b.subscript("r", &["a", "b"]);
        let noise = draw(Chance::Normal, 0, vec![number(0.0), number(1.0)]);
        let body = if with_memory {
            let mut memory = remember(0, MemoryKind::Lag { steps: 3 }, noise, &[]);
            if let Expression::Memory(memory) = &mut memory {
                memory.has_chance = true;
            }
            memory
        } else {
            noise
        };
        b.aux("x", &[r], body);
        b
    };
    let (plain, past) = (model(false), model(true));
    for element in ["x[a]", "x[b]"] {
        let (plain, past) = (recorded(&plain, element), recorded(&past, element));
        assert!(plain[0] != plain[1]);
        for time in 0..=20_usize {
            assert_eq!(past[time], plain[time.saturating_sub(3)]);
        }
    }
    assert!(recorded(&past, "x[a]") != recorded(&past, "x[b]"));
}

#[test]
fn a_circle_through_what_is_remembered_closes() {
    for (kind, method) in [
        (smooth(number(2.0), 1), Method::Euler),
        (delay(number(2.0), 1), Method::Euler),
        (MemoryKind::Lag { steps: 4 }, Method::Euler),
    ] {
        let mut b = Builder::new(40, 0.5);
        b.model.clock.method = method;
        let goal = contingent_model::VariableId(1);
        let perceived = b.aux("perceived", &[], remember_from(0, kind.clone(), read(goal), number(1.0)));
        b.aux("goal", &[], multiply(number(1.2), read(perceived)));
        let found = recorded(&b, "perceived");
        let mut level = 1.0;
        for (time, &found) in found.iter().enumerate() {
            match kind {
                // The level of a delay holds 2 weeks of what passes: it grows by 0.2 / 2 of itself a week.
                MemoryKind::Lag { .. } => level = 1.2_f64.powi(i32::try_from(time / 4).expect("a few")),
                _ if time > 0 => level *= 1.0 + 0.2 / 2.0 * 0.5,
                _ => {}
            }
            assert!((found / level - 1.0).abs() < 1e-13, "{kind:?} {time}: {found} {level}");
        }
    }
}

#[test]
fn policies_are_remembered_from_their_step_on() {
    let mut b = Builder::new(12, 1.0);
    let effort = b.lever("effort", 1.0);
    b.policy(4, 8, &[(effort, 3.0)]);
    b.aux("past", &[], remember(0, MemoryKind::Lag { steps: 2 }, read(effort), &[]));
    b.aux("spent", &[], remember(1, over(Window::Integral, 12), read(effort), &[]));
    let mut configuration = everything();
    configuration.policy = Some(0);
    let program = compiled(&b, &configuration);
    let result = single(&program, &[]);
    let past = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0, 3.0, 3.0, 3.0, 1.0, 1.0, 1.0];
    assert_eq!(column(&program, &result, "past"), past);
    let spent = column(&program, &result, "spent");
    assert_eq!((spent[4], spent[8], spent[12]), (4.0, 16.0, 20.0));
}

#[test]
fn questions_and_events_read_what_is_remembered() {
    let mut b = Builder::new(20, 1.0);
    // At 5 only.
    let peak = || equal(Expression::Time, number(5.0));
    let ever = || remember(0, MemoryKind::Ever, peak(), &[]);
    let lagged = || remember(1, MemoryKind::Lag { steps: 3 }, peak(), &[]);
    let formula =
        |expression| Formula::Within { steps: 20, condition: Condition { expression, held_steps: 0 } };
    b.question(
        "ever_at_20",
        Measure::Probability(Formula::At {
            step: 20,
            condition: Condition { expression: ever(), held_steps: 0 },
        }),
        None,
    );
    b.question(
        "ever_for_10",
        Measure::Probability(Formula::Within {
            steps: 15,
            condition: Condition { expression: ever(), held_steps: 10 },
        }),
        None,
    );
    b.question(
        "ever_for_11",
        Measure::Probability(Formula::Within {
            steps: 15,
            condition: Condition { expression: ever(), held_steps: 11 },
        }),
        None,
    );
    b.question(
        "first",
        Measure::Distribution(Quantity::FirstTime {
            condition: Condition { expression: lagged(), held_steps: 0 },
        }),
        Some(formula(lagged())),
    );
    let condition = |expression| Condition { expression, held_steps: 0 };
    b.question(
        "before",
        Measure::Probability(Formula::Before { first: condition(peak()), second: condition(lagged()) }),
        None,
    );
    b.question(
        "always",
        Measure::Probability(Formula::Always { steps: 4, condition: condition(not(ever())) }),
        None,
    );
    b.value_at("lately", 7, remember(2, over(Window::Sum, 3), peak(), &[]));
    b.value_at("not_lately", 8, remember(3, over(Window::Sum, 3), peak(), &[]));
    let hazard = choose(lagged(), number(1e6), number(0.0));
    let e = b.event("e", &[], hazard, true, vec![]);
    b.question(
        "event",
        Measure::Distribution(Quantity::FirstTime {
            condition: condition(reading(e, EventReading::Happened)),
        }),
        None,
    );
    let program = compiled(&b, &Configuration::default());
    let result = single(&program, &[]);
    // The answers, then when each question settles.
    assert_eq!(result.outcomes[..10], [1.0, 1.0, 0.0, 8.0, 1.0, 1.0, 1.0, 1.0, 0.0, 9.0]);
}

#[test]
fn a_remembered_value_that_is_not_finite_is_named() {
    let mut b = Builder::new(10, 1.0);
    let s = b.stock("s", &[], number(1.0));
    let x = divide(number(1.0), subtract(Expression::Time, number(3.0)));
    b.flow("f", &[], None, Some(end(s)), remember(0, MemoryKind::Lag { steps: 2 }, x, &[]));
    let program = compiled(&b, &Configuration::default());
    let result = single(&program, &[]);
    assert_eq!(result.failures.len(), 1);
    assert_eq!(
        result.failures[0].cause,
        "a value that was not finite before and is remembered in 'lag 2 in f'"
    );
    assert_eq!(result.failures[0].time, 5.0);
}

#[test]
fn a_memory_that_needs_too_many_registers_is_refused() {
    let mut b = Builder::new(1_000_000, 1.0);
    b.aux("x", &[], remember(0, MemoryKind::Lag { steps: 500_000 }, Expression::Time, &[]));
    let error = compile(&b.model, &Configuration::default()).expect_err("half a million past values");
    assert!(matches!(error, CompileError::TooLarge { values: 500_001, .. }), "{error:?}");
}

#[test]
fn what_is_nested_deep_is_lowered_in_no_time() {
    for method in [Method::Euler, Method::RungeKutta] {
        let mut b = Builder::new(5, 1.0);
        b.model.clock.method = method;
        let x = b.stock("x", &[], number(3.0));
        b.flow("f", &[], None, Some(end(x)), number(1.0));
        let mut body = read(x);
        for id in 0..40 {
            body = match id % 4 {
                0 => remember(id, smooth(number(2.0), 2), body, &[]),
                1 => remember(id, delay(number(2.0), 2), body, &[]),
                2 => remember(id, MemoryKind::Lag { steps: 2 }, body, &[]),
                _ => remember(id, over(Window::Mean, 3), body, &[]),
            };
        }
        b.aux("deep", &[], body);
        let found = recorded(&b, "deep");
        assert_close(&found, &[3.0; 6], 1e-13);
    }
}
