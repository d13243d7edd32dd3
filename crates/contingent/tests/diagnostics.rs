//! What a modeller reads when something is wrong: representative diagnostics, rendered plain, 100 columns wide.
//!
//! Enters: models in this file. Leaves: snapshots that were read by a person: a clear headline, both places,
//! a concrete fix.

use contingent::diagnostics::{count, render};
use contingent_model::{Checked, check, load};

const MODEL: &str = r#"model "Will it spread?" {
  purpose "To show what is wrong"
  not_for "Any decision"
  time    2024-01-01 to 2024-12-30 step 1 week
}
unit fighter, attack
subscript region { kabul "Kabul", east "The east" }
source report "A report" { publisher "A paper", date 2021-08-31, grade C3 }
claim ali_united from report by "An analyst" { says "In our words: they hold together" }
"#;

fn rendered(text: &str) -> String {
    let checked = check(load("model.ctg", text.to_owned(), &mut |_| Err("there is no such file".to_owned())));
    let Checked { sources, diagnostics, .. } = checked;
    assert!(!diagnostics.is_empty(), "something is wrong in it");
    render(&diagnostics, &sources, false, 100)
}

fn after_prelude(text: &str) -> String {
    rendered(&format!("{MODEL}{text}"))
}

#[test]
fn a_syntax_error_says_what_was_expected() {
    insta::assert_snapshot!(after_prelude("flow joining: -> fighters\nstock fighters: fighter = 100\n"));
}

#[test]
fn an_unknown_name_says_what_was_meant() {
    insta::assert_snapshot!(after_prelude(
        "actor taliban \"Taliban\" { stock fighters: fighter = 100 }\naux twice = 2 * figthers\n"
    ));
}

#[test]
fn a_unit_clash_names_both_units_and_where_each_comes_from() {
    insta::assert_snapshot!(after_prelude(
        "stock fighters: fighter = 100\nlookup tempo(x: fighter): attack/week = (0, 0) (100, 4)\n\
         aux sum_of_both = fighters + tempo(fighters) * 1 week\n\
         flow joining: -> fighters = fighters * 5%\n"
    ));
}

#[test]
fn a_circle_is_shown_with_all_its_members() {
    insta::assert_snapshot!(after_prelude(
        "aux fear = news * 2\naux news = attacks_seen + 1\naux attacks_seen = fear / 3\n"
    ));
}

#[test]
fn an_orphan_assumption_is_asked_for_its_grounds() {
    insta::assert_snapshot!(after_prelude(
        "assume strength: fighter = 1_500 to 2_200\nview ali \"Our reading of Ali\" { strength = 2_000 because ali_unted }\n"
    ));
}

#[test]
fn a_missing_include_is_one_mistake() {
    insta::assert_snapshot!(after_prelude(
        "include \"claims/2021.ctg\"\nassume x = 1 to 2 because claim_of_2021\n"
    ));
}

#[test]
fn a_horizon_of_zero_is_one_mistake() {
    insta::assert_snapshot!(rendered(
        "model \"Zero\" {\n  purpose \"p\"\n  not_for \"n\"\n  time 2024-01-01 to 2024-01-01 step 1 week\n}\n\
         question q \"Q\" { P( within 26 weeks: time > 3 weeks ), resolves \"r\" }\n"
    ));
}

#[test]
fn a_missing_subscript_offers_one_element_or_all() {
    insta::assert_snapshot!(after_prelude(
        "stock fighters[region]: fighter = { kabul: 10, east: 20 }\naux all = fighters\naux one = fighters[kabool]\n"
    ));
}

#[test]
fn an_impossible_range_says_how_to_write_it() {
    insta::assert_snapshot!(after_prelude(
        "assume a: share = 0% to 30% because ali_united\nassume b = 5 to 40% because ali_united\n\
         assume c: one of united, loose = united 60%, loose 50% because ali_united\n"
    ));
}

#[test]
fn correlations_that_contradict_each_other_are_shown_together() {
    insta::assert_snapshot!(after_prelude(
        "assume a = 1 to 2 because ali_united\nassume b = 1 to 2 because ali_united\nassume c = 1 to 2 because ali_united\n\
         correlate a, b = 0.9 because ali_united\ncorrelate b, c = 0.9 because ali_united\n\
         correlate a, c = -0.9 because judgement \"a slip\"\n"
    ));
}

#[test]
fn absurd_sizes_are_refused_before_anything_runs() {
    insta::assert_snapshot!(rendered(
        "model \"Absurd\" {\n  purpose \"p\"\n  not_for \"n\"\n  time 0 to 10_000_000 weeks step 1 week\n}\n\
         subscript soldier 1 to 1_000_000\nsubscript a 1 to 1000\nsubscript b 1 to 1000\naux x[a, b] = 3\n"
    ));
}

#[test]
fn a_time_between_two_steps_offers_the_nearest_two() {
    insta::assert_snapshot!(after_prelude(
        "question q \"Q\" { P( within 2024-02-07: time > 3 weeks ), resolves \"r\" }\n"
    ));
}

#[test]
fn texts_at_their_ends_render_without_a_panic() {
    for text in [
        "",
        "\u{feff}",
        "\n",
        "x",
        "\"",
        "aux é = \u{1f980}",
        "\tmodel\r\n\t\"x\r\n",
        "model \"x\" {",
        "aux x = (",
    ] {
        let shown = rendered(text);
        assert!(shown.contains("error[") && shown.contains("model.ctg:1"), "{text:?}: {shown}");
    }
}

#[test]
fn colour_changes_no_word() {
    let text = format!("{MODEL}aux x = 3 fighters + 1 attack\n");
    let checked = check(load("model.ctg", text, &mut |_| Err(String::new())));
    let plain = render(&checked.diagnostics, &checked.sources, false, 100);
    let coloured = render(&checked.diagnostics, &checked.sources, true, 100);
    assert_ne!(plain, coloured);
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    assert_eq!(count(&checked.diagnostics), "1 error");
}
