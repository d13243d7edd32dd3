//! Signs of influences on small cases where they are known, and loops.
//!
//! Enters: fragments in this file. Always holds: a sign is stated where the form settles it, and "it depends" where
//! it does not.

#![expect(clippy::format_push_string, reason = "short texts, written as they read")]

use contingent_model::influence::{
    FeedbackLoops, Influence, LoopKind, LoopLimits, Node, Sign, feedback_loops, influences,
};
use contingent_model::{CheckedModel, check, load};

const PRELUDE: &str = "model \"A case\" {\n purpose \"p\"\n not_for \"n\"\n time 0 to 52 weeks step 1 week\n}\n\
    unit man\nsubscript region { a, b }\n\
    assume p: 1 = uniform(0.5, 3) because judgement \"positive\"\n\
    assume q: 1 = uniform(1, 2) because judgement \"above one\"\n\
    assume s: share = 10% to 40% because judgement \"a share\"\n\
    assume z: 1 = normal(0, 1) because judgement \"either sign\"\n\
    assume c: one of x, y, w = x 30%, y 30%, w 40% because judgement \"a category\"\n\
    mechanism m \"M\": one of on, off = on because judgement \"a switch\"\n\
    lookup up(v: 1): 1 = (0, 0) (1, 2) (5, 3)\nlookup hump(v: 1): 1 = (0, 0) (1, 2) (5, 0)\n\
    lookup flat(v: 1): 1 = (0, 1) (9, 1)\n";

fn model(text: &str) -> CheckedModel {
    let checked = check(load("m.ctg", format!("{PRELUDE}{text}"), &mut |_| Err(String::new())));
    checked.model.unwrap_or_else(|| panic!("{text}: {:?}", checked.diagnostics))
}

fn node(model: &CheckedModel, name: &str) -> Node {
    let event = model.events.iter().position(|event| event.name == name);
    event.map_or_else(
        || Node::Variable(model.variable_named(name).unwrap_or_else(|| panic!("there is no {name}"))),
        |i| Node::Event(contingent_model::EventId(i as u32)),
    )
}

fn sign_in(model: &CheckedModel, cause: &str, effect: &str) -> Option<Sign> {
    let (cause, effect) = (node(model, cause), node(model, effect));
    influences(model)
        .into_iter()
        .find(|one: &Influence| one.cause == cause && one.effect == effect && !one.at_start)
        .map(|one| one.sign)
}

/// The sign of a cause in `aux r = EXPRESSION`.
fn sign(expression: &str, cause: &str) -> Option<Sign> {
    sign_in(&model(&format!("aux r = {expression}\n")), cause, "r")
}

#[test]
fn forms_that_settle_the_direction_have_its_sign() {
    let (up, down) = (Some(Sign::Positive), Some(Sign::Negative));
    for (expression, cause, expected) in [
        ("p + q", "p", up),
        ("q - p", "p", down),
        ("p * q", "p", up),
        ("-p * s", "s", down),
        ("q / p", "p", down),
        ("p / (p + q)", "p", up),
        ("p / (p + q)", "q", down),
        ("1 - s", "s", down),
        ("p * (1 - s)", "p", up),
        ("p * (1 - s)", "s", down),
        ("exp(-p)", "p", down),
        ("log(p) + sqrt(p)", "p", up),
        ("logistic(q - p)", "p", down),
        ("min(p, q, 2)", "p", up),
        ("max(1 - p, 0)", "p", down),
        ("clamp(1 - p, 0, 1)", "p", down),
        ("abs(p)", "p", up),
        ("p ^ 2", "p", up),
        ("p ^ -1", "p", down),
        ("q ^ p", "p", up),
        ("s ^ p", "p", down),
        ("(p - s) ^ 3", "s", down),
        ("floor(p) + round(p) - ceil(1 - p)", "p", up),
        ("up(p)", "p", up),
        ("if p > 1 then 1 else 0", "p", up),
        ("if p > 1 then 0 else s", "p", down),
        ("if p > 1 then p + 1 else p", "p", up),
        ("if p <= 1 then 2 else 1", "p", down),
        ("if p > 1 and q > 1 then 1 else 0", "q", up),
        ("if p > 1 or q < 1 then 1 else 0", "q", down),
        ("if not (p > 1) then 1 else 0", "p", down),
        ("if p > 1 then max(q, 2) else q", "p", up),
        ("poisson(p) + binomial(10, 1 - exp(-s))", "s", up),
        ("bernoulli(1 - exp(-p))", "p", up),
        ("normal(z, p)", "z", up),
        ("z * s", "z", up),
        ("(1 - s) * (1 - s)", "s", down),
        ("noisy_or(s, 10%)", "s", up),
        ("1 - noisy_or(s, 1 - s / 2)", "q", None),
        ("delay(p - s, 3 weeks, order 3)", "s", down),
        ("smooth(p * (1 - s), 4 weeks)", "s", down),
        ("lag(1 / p, 2 weeks)", "p", down),
        ("sum(p over 4 weeks) - q", "p", up),
        ("mean(p > 1 over 4 weeks)", "p", up),
        ("max(-p over 4 weeks)", "p", down),
        ("if ever(p < 1) then 1 else 0", "p", down),
        ("noisy_or(1 - s, 20%) * q", "s", down),
    ] {
        assert_eq!(sign(expression, cause), expected, "{expression}, {cause}");
    }
}

#[test]
fn forms_that_leave_it_open_depend() {
    for (expression, cause) in [
        ("z * p", "p"),
        ("s * (1 - s)", "s"),
        ("p - p * z", "p"),
        ("hump(p)", "p"),
        ("z ^ 2", "z"),
        ("abs(z)", "z"),
        ("normal(z, p)", "p"),
        ("if p > 1 then z else 0", "p"),
        ("if m == on then 1 else 0", "m"),
        ("match c { x: 1, y: 3, w: 2 }", "c"),
        ("smooth(z, p * 3 weeks)", "p"),
        ("delay(z * p, 3 weeks, order 1)", "p"),
    ] {
        assert_eq!(sign(expression, cause), Some(Sign::Mixed), "{expression}, {cause}");
    }
    assert_eq!(sign("flat(p)", "p"), None, "a level table does not answer");
    assert_eq!(sign("p * 0", "p"), None);
}

#[test]
fn stocks_flows_events_and_decisions_are_signed() {
    let model = model(
        "stock here: man = 10\nstock there: man = 5\nstock fear: share = 20%\n\
         flow going: here -> there = here * s * 1 per week\n\
         event raid at p * 5% per year when fear > 10% {\n  here -= 2\n  move 10% of here -> there\n  fear += 0.5 * (1 - fear)\n}\n\
         decision d every 2 weeks {\n  option none worth 0\n  option some worth s * fear\n  option all worth fear - q\n  choose logit(p)\n}\n\
         decision reversed every 2 weeks {\n  option none worth fear\n  option all worth 0\n  choose best\n}\n\
         aux effort = match d { none: 0, some: s, all: 1 }\n\
         aux seen = raid.total\n",
    );
    let (up, down, open) = (Some(Sign::Positive), Some(Sign::Negative), Some(Sign::Mixed));
    for (cause, effect, expected) in [
        ("here", "going", up),
        ("going", "here", down),
        ("going", "there", up),
        ("p", "raid", up),
        ("fear", "raid", up),
        ("raid", "here", down),
        ("raid", "there", up),
        ("raid", "fear", up),
        ("here", "there", up),
        ("fear", "d", up),
        ("q", "d", down),
        ("p", "d", open),
        ("fear", "reversed", down),
        ("d", "effort", up),
        ("raid", "seen", up),
    ] {
        assert_eq!(sign_in(&model, cause, effect), expected, "{cause} on {effect}");
    }
}

#[test]
fn what_acts_at_the_start_only_is_told_apart_and_closes_no_loop() {
    let model = model("stock here: man = p * 1 man\naux seen = here * 2\n");
    let all = influences(&model);
    let start = all.iter().find(|one| one.cause == node(&model, "p")).expect("p acts");
    assert!(start.at_start && start.sign == Sign::Positive);
    let loops = feedback_loops(&model, &all, LoopLimits::default());
    assert_eq!(loops, FeedbackLoops { loops: vec![], is_complete: true });
}

#[test]
fn what_is_remembered_delays_a_loop_and_its_beginning_closes_none() {
    let model = model(
        "aux seen = smooth(2 mans - news / 2, 4 weeks, initially 1 man)\naux news = seen * 1.5\n\
         aux late = lag(p, 2 weeks, initially q)\n",
    );
    assert_eq!(sign_in(&model, "news", "seen"), Some(Sign::Negative));
    assert_eq!(sign_in(&model, "q", "late"), None, "only at the start");
    let all = influences(&model);
    let start = all.iter().find(|one| one.cause == node(&model, "q")).expect("q acts");
    assert!(start.at_start && start.sign == Sign::Positive);
    let found = feedback_loops(&model, &all, LoopLimits::default());
    assert_eq!(found.loops.len(), 1);
    assert!(found.loops[0].has_delay && found.loops[0].kind == LoopKind::Balancing);
}

#[test]
fn a_flow_that_splits_feeds_by_its_shares() {
    let model = model(
        "stock here: man = 10\nstock home: man = 0\nstock gone: man = 0\nstock none: man = 0\n\
         flow leaving: here -> home s, none 0%, gone rest = here * 1% per week\n\
         subscript other = region\nstock k[region]: man = 1\n\
         links near[region, other] { a - b }\n\
         aux around[region]: man = sum(near * k[other] over other)\n\
         aux elsewhere[region]: man = sum(k[other != region])\n\
         aux risk = noisy_or(1 - exp(-k / 5 man))\n",
    );
    let (up, down) = (Some(Sign::Positive), Some(Sign::Negative));
    for (cause, effect, expected) in [
        ("leaving", "here", down),
        ("leaving", "home", up),
        ("leaving", "gone", up),
        ("leaving", "none", None),
        ("s", "home", up),
        ("s", "gone", down),
        ("s", "here", None),
        ("k", "around", up),
        ("near", "around", up),
        ("k", "elsewhere", up),
        ("k", "risk", up),
    ] {
        assert_eq!(sign_in(&model, cause, effect), expected, "{cause} on {effect}");
    }
}

#[test]
fn subscripts_are_collapsed_and_own_elements_differ_from_others() {
    let model = model(
        "assume w[region]: 1 = 1 to 2 because judgement \"weights\"\naux total = sum(w over region)\n\
         aux part[region] = w / sum(w over region)\nstock x[region]: man = 3\n\
         flow over: x[a] -> x[b] = x[a] * 1% per week\n",
    );
    assert_eq!(sign_in(&model, "w", "total"), Some(Sign::Positive));
    assert_eq!(
        sign_in(&model, "w", "part"),
        Some(Sign::Mixed),
        "more of one is a smaller share of the other"
    );
    assert_eq!(sign_in(&model, "over", "x"), Some(Sign::Mixed));
}

#[test]
fn loops_have_their_kind_and_say_what_lies_on_the_way() {
    let model = model(
        "stock fighters: man = 10\nstock fear: share = 20%\n\
         flow joining: -> fighters = fighters * 1% per week * (1 - fear)\n\
         flow losses: fighters -> = poisson(fighters * 2% per week)\n\
         flow worry: -> fear = (attacks / 100 - fear) / 4 weeks\n\
         aux attacks = fighters * 2 / 1 man * (if d == act then 1 else 0.5)\n\
         decision d every 4 weeks {\n  option wait worth 0.5\n  option act worth 1 - fear\n  choose best\n}\n",
    );
    let found = feedback_loops(&model, &influences(&model), LoopLimits::default());
    assert!(found.is_complete);
    let named = |one: &contingent_model::influence::FeedbackLoop| -> Vec<String> {
        one.members
            .iter()
            .map(|member| match member {
                Node::Variable(id) => model.variable(*id).name.clone(),
                Node::Event(id) => model.events[id.index()].name.clone(),
            })
            .collect()
    };
    let shown: Vec<(Vec<String>, LoopKind, bool, bool, bool)> = found
        .loops
        .iter()
        .map(|one| (named(one), one.kind, one.has_chance, one.has_delay, one.has_decision))
        .collect();
    let words = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(
        shown,
        [
            (words(&["fighters", "joining"]), LoopKind::Reinforcing, false, true, false),
            (words(&["fighters", "losses"]), LoopKind::Balancing, true, true, false),
            (words(&["fear", "worry"]), LoopKind::Balancing, false, true, false),
            (words(&["fear", "d", "attacks", "worry"]), LoopKind::Balancing, false, true, true),
            (
                words(&["fighters", "attacks", "worry", "fear", "joining"]),
                LoopKind::Balancing,
                false,
                true,
                false
            ),
        ]
    );
}

/// All loops of a complete graph: the sum over k of the k-subsets times (k - 1)! orders.
#[test]
fn every_loop_of_a_complete_graph_is_found_once() {
    let n = 6;
    let mut text = String::new();
    for i in 0..n {
        text += &format!("stock k{i}: 1 = 1\nflow f{i}: -> k{i} = (");
        let others: Vec<String> = (0..n).filter(|&j| j != i).map(|j| format!("k{j}")).collect();
        text += &format!("{}) * 1% per week\n", others.join(" + "));
    }
    let model = model(&text);
    let limits = LoopLimits { n_loops: 10_000, length: 24, work: 10_000_000 };
    let found = feedback_loops(&model, &influences(&model), limits);
    // 15 pairs, 20 triples in 2 orders, 15 fours in 6, 6 fives in 24, 1 six in 120.
    assert_eq!(found.loops.len(), 15 + 40 + 90 + 144 + 120);
    assert!(found.is_complete);
    let mut seen = std::collections::HashSet::new();
    assert!(found.loops.iter().all(|one| seen.insert(one.members.clone())));
    assert!(found.loops.windows(2).all(|pair| pair[0].members.len() <= pair[1].members.len()));
    assert!(found.loops.iter().all(|one| one.kind == LoopKind::Reinforcing));
    let few = feedback_loops(&model, &influences(&model), LoopLimits { n_loops: 20, ..limits });
    assert_eq!((few.loops.len(), few.is_complete), (20, false));
    assert_eq!(few.loops[..], found.loops[..20]);
    let short = feedback_loops(&model, &influences(&model), LoopLimits { length: 4, ..limits });
    assert_eq!((short.loops.len(), short.is_complete), (15, false));
}

/// With work that doubles at each branch this would not end.
#[test]
fn branches_within_branches_are_looked_at_once() {
    let mut text = "0".to_owned();
    for i in 0..40 {
        text = format!("if p > {i} then {} else ({text})", 100 - i);
    }
    // Whatever p lies above, the more of the bounds it passes, the lower is what it gives.
    assert_eq!(sign(&text, "p"), Some(Sign::Negative));
}
