//! How long it takes to read and check a large model.
//!
//! Enters: the number of declarations, 5,000 unless given. Leaves: milliseconds on standard output, the least of
//! several runs each. Always holds: the model is the same every time: actors with stocks, flows, auxiliaries, events,
//! decisions and assumptions that cite claims, and questions.
//!
//! `cargo run --release -p contingent-model --example check_speed`

use std::fmt::Write as _;
use std::time::Instant;

use contingent_model::influence::{LoopLimits, feedback_loops, influences};
use contingent_model::{check, load};

/// Declarations of one actor, its own included.
const PER_ACTOR: usize = 34;
const N_REPEATS: usize = 9;

fn main() {
    let wanted = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(5_000);
    let (text, n) = model(wanted);
    let mut least = [f64::INFINITY; 4];
    let mut n_diagnostics = 0;
    for _ in 0..N_REPEATS {
        let start = now();
        let loaded = load("model.ctg", text.clone(), &mut |_| Err("there are no other files".to_owned()));
        let parsed = now();
        let checked = check(loaded);
        let done = now();
        n_diagnostics = checked.diagnostics.len();
        let Some(model) = &checked.model else {
            for diagnostic in checked.diagnostics.iter().take(5) {
                say(&format!("{}: {:?}", diagnostic.headline, checked.sources.text(diagnostic.primary.span)));
            }
            return;
        };
        let before = now();
        let arrows = influences(model);
        let found = now();
        let loops = feedback_loops(model, &arrows, LoopLimits::default());
        assert!(!loops.loops.is_empty(), "the model has loops");
        let milliseconds = |from: Instant, to: Instant| (to - from).as_secs_f64() * 1e3;
        for (least, time) in least.iter_mut().zip([
            milliseconds(start, parsed),
            milliseconds(parsed, done),
            milliseconds(before, found),
            milliseconds(found, now()),
        ]) {
            *least = least.min(time);
        }
    }
    say(&format!(
        "{n} declarations, {} KiB, {n_diagnostics} diagnostics\nread {:.1} ms, check {:.1} ms, influences {:.1} ms, loops {:.1} ms",
        text.len() / 1024,
        least[0],
        least[1],
        least[2],
        least[3]
    ));
}

#[expect(clippy::disallowed_methods, reason = "a benchmark looks at the clock")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stdout, reason = "a benchmark talks to whoever runs it")]
fn say(text: &str) {
    println!("{text}");
}

/// A model of about `wanted` declarations, and how many there are.
fn model(wanted: usize) -> (String, usize) {
    let mut text = String::from(
        "model \"A large model\" {\n  purpose \"To measure\"\n  not_for \"Any decision\"\n  \
         time 2024-01-01 to 2024-12-30 step 1 week\n}\nunit person, attack\n\
         subscript region { kabul \"Kabul\", east \"The east\", north \"The north\" }\n\
         source report \"A report\" { publisher \"A paper\", date 2023-12-01, grade C3 }\n\
         lookup fear_of(x: attack): share = (0, 0%) (10, 40%) (50, 90%)\n",
    );
    let mut n = 5;
    let n_actors = wanted.div_ceil(PER_ACTOR).max(2);
    for a in 0..n_actors {
        let rival = (a + 1) % n_actors;
        for c in 0..6 {
            let _ = writeln!(
                text,
                "claim said_{a}_{c} from report by \"Speaker {a}\" {{ says \"They hold together, {c}\", kind fact }}"
            );
        }
        let _ = writeln!(text, "actor group_{a} \"Group {a}\" {{");
        for (k, (name, range)) in [
            ("strength_at_start", ": person = 1_000 to 2_000"),
            ("joining_rate", " = 10% to 40% per year"),
            ("loss_rate", " = 20% to 60% per year"),
            ("attack_rate", ": attack/person/week = 0.001 to 0.01"),
            ("sharpness", ": 1 = 2 to 6"),
            ("room", "[region]: share = { kabul: 10% to 30%, east: 40% to 80%, north: 20% to 60% }"),
        ]
        .iter()
        .enumerate()
        {
            let _ = writeln!(
                text,
                "  ## What is assumed of group {a}.\n  assume {name}{range}\n    because said_{a}_{k}, judgement \"our reading\""
            );
        }
        let _ = write!(
            text,
            "  lever pressure: share = 20% range 0% to 100%\n\
             \x20 stock fighters[region]: person = strength_at_start / 3\n\
             \x20 stock fear: share = 20%\n\
             \x20 stock lost: person = 0\n\
             \x20 flow joining[region]: -> fighters = fighters * joining_rate * room * (1 - fear)\n\
             \x20 flow losses[region]: fighters -> lost = fighters * loss_rate * group_{rival}.effort\n\
             \x20 flow learning: -> fear = (fear_of(group_{rival}.seen) - fear) / 8 weeks\n\
             \x20 aux strength = sum(fighters over region)\n\
             \x20 aux effort: share = match posture {{ wait: 0.2, act: 1 }} * (1 - pressure)\n\
             \x20 aux attacks[region] = attack_rate * fighters * effort\n\
             \x20 aux seen = sum(attacks over region) * 4 weeks\n\
             \x20 aux worth_of_acting = 1 - fear + 0.1 * strength / max(1 person, group_{rival}.strength)\n\
             \x20 aux share_of_all = strength / (strength + group_{rival}.strength)\n\
             \x20 event split \"Group {a} splits\" at 5% per year * (1 - share_of_all) once {{\n    move 10% of fighters[*] -> lost\n  }}\n\
             \x20 event deal at 10% per year * fear when strength < 5_000 persons {{ fear -= 0.5 * fear }}\n\
             \x20 decision posture \"What to do\" by group_{a} every 4 weeks initially wait {{\n    option wait worth 0.5\n    option act worth worth_of_acting\n    choose logit(sharpness)\n  }}\n}}\n"
        );
        let _ = writeln!(
            text,
            "view reading_{a} \"Reading {a}\" {{ group_{a}.joining_rate = 30% to 80% per year because said_{a}_0 }}\n\
             policy press_{a} \"Press {a}\" from 2024-03-04 {{ group_{a}.pressure = 80% }}\n\
             question split_{a} \"Will group {a} split?\" {{\n  P( within 26 weeks: group_{a}.split.happened )\n  resolves \"Yes if reported.\"\n}}\n\
             question size_{a} \"How large?\" {{\n  distribution( group_{a}.strength at 26 weeks )\n  resolves \"As counted.\"\n}}\n\
             indicator seen_{a} \"Attacks seen\" = group_{a}.seen"
        );
        n += 6 + 1 + 6 + 1 + 3 + 3 + 6 + 2 + 1 + 5;
    }
    (text, n)
}
