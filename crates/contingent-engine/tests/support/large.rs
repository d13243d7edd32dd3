//! A synthetic model of a realistic size: about 250 scalar equations and 30 draws a step.

#![allow(clippy::wildcard_imports, reason = "the builder is a vocabulary")]

use super::*;

/// `n_regions` regions with a few dozen equations each.
pub fn model(n_regions: usize, n_steps: usize) -> Builder {
    let mut b = Builder::new(n_steps, 1.0);
    let names: Vec<String> = (0..n_regions).map(|i| format!("region{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let r = b.subscript("region", &names);
    let here = |v| read_bound(v, r);
    let contact = b.assume("contact_rate", &[]);
    let recovery = b.assume("recovery_rate", &[]);
    let noise = b.assume("noise", &[]);
    let growth = b.assume("growth", &[r]);
    let effort = b.lever("effort", 0.3);
    let switch = b.mechanism("feedback", &["on", "off"], 0);
    let fear = b.lookup("fear_effect", &[(0.0, 0.0), (2.0, 0.4), (6.0, 0.9), (12.0, 1.0)]);
    let quiet = b.stock("quiet", &[r], number(900.0));
    let active = b.stock("active", &[r], number(100.0));
    let spent = b.stock("spent", &[r], number(0.0));
    let memory = b.stock("memory", &[r], number(0.5));
    let fighters = b.whole_stock("fighters", &[r], number(60.0));
    let total = b.aux("total", &[r], add(add(here(quiet), here(active)), here(spent)));
    let share = b.aux("share", &[r], divide(here(active), here(total)));
    let all_active = b.aux("all_active", &[], sum_over(r, here(active)));
    let all = b.aux("all", &[], sum_over(r, here(total)));
    let pressure =
        b.aux("pressure", &[r], add(here(share), multiply(number(0.1), divide(read(all_active), read(all)))));
    let afraid =
        b.aux("afraid", &[r], Expression::Lookup(fear, Box::new(multiply(number(10.0), here(memory)))));
    let shock = b.aux(
        "shock",
        &[r],
        call(
            Function::Exp,
            vec![multiply(read(noise), draw(Chance::Normal, 0, vec![number(0.0), number(1.0)]))],
        ),
    );
    let feedback = b.aux(
        "feedback_factor",
        &[r],
        choose(
            equal(read(switch), number(0.0)),
            subtract(number(1.0), multiply(read(effort), here(afraid))),
            number(1.0),
        ),
    );
    let tempo = b.aux(
        "tempo",
        &[r],
        multiply(multiply(multiply(read(contact), here(pressure)), here(feedback)), here(shock)),
    );
    let mobilised = b.aux(
        "mobilised",
        &[r],
        call(Function::Logistic, vec![subtract(multiply(number(4.0), here(share)), number(2.0))]),
    );
    let room = b.aux(
        "room",
        &[r],
        call(Function::Max, vec![number(0.0), subtract(number(1.0), divide(here(fighters), number(500.0)))]),
    );
    let wish = b.aux("wish", &[r], multiply(multiply(here(growth), here(room)), here(mobilised)));
    let is_hot = b.aux("is_hot", &[r], greater(here(tempo), number(0.2)));
    let alarm = b.aux("alarm", &[r], choose(here(is_hot), number(1.0), here(memory)));
    let strain = b.aux(
        "strain",
        &[r],
        call(
            Function::Sqrt,
            vec![add(multiply(here(alarm), here(alarm)), multiply(here(share), here(share)))],
        ),
    );
    b.flow(
        "joining",
        &[r],
        Some(end_bound(quiet, r)),
        Some(end_bound(active, r)),
        multiply(here(quiet), here(tempo)),
    );
    b.flow(
        "leaving",
        &[r],
        Some(end_bound(active, r)),
        Some(end_bound(spent, r)),
        multiply(here(active), read(recovery)),
    );
    b.flow(
        "returning",
        &[r],
        Some(end_bound(spent, r)),
        Some(end_bound(quiet, r)),
        multiply(here(spent), number(0.02)),
    );
    b.flow(
        "remembering",
        &[r],
        None,
        Some(end_bound(memory, r)),
        multiply(number(0.1), subtract(here(alarm), here(memory))),
    );
    b.flow(
        "recruiting",
        &[r],
        None,
        Some(end_bound(fighters, r)),
        draw(Chance::Poisson { per_time: true }, 0, vec![multiply(number(3.0), here(wish))]),
    );
    b.flow(
        "dying",
        &[r],
        Some(end_bound(fighters, r)),
        None,
        draw(
            Chance::Binomial { per_time: true },
            0,
            vec![here(fighters), multiply(number(0.02), here(strain))],
        ),
    );
    let attack = b.event(
        "attack",
        &[r],
        multiply(number(0.002), here(fighters)),
        false,
        vec![Effect::Add { target: end_bound(memory, r), over: vec![], amount: number(0.05) }],
    );
    let split = b.event(
        "split",
        &[],
        multiply(number(0.002), read(all_active)),
        true,
        vec![Effect::Move {
            from: end_bound(fighters, r),
            to: None,
            over: vec![r],
            quantity: number(0.2),
            is_share: true,
        }],
    );
    let posture = b.decision(
        "posture",
        4,
        0,
        vec![number(0.0), subtract(read(all_active), number(100.0)), number(0.3)],
        ChoiceRule::Logit { rationality: number(0.01) },
    );
    b.within("campaign", 50, equal(read(posture), number(1.0)));
    b.value_at("strength", n_steps, sum_over(r, here(fighters)));
    b.value_at("split_by_end", n_steps, reading(split, EventReading::Happened));
    let _ = attack;
    b
}

/// Values of the parameters of one draw.
pub fn parameters(n_regions: usize) -> Vec<f64> {
    let mut values = vec![0.15, 0.05, 0.2];
    values.extend((0..n_regions).map(|i| 0.5 + 0.1 * i as f64));
    values
}
