//! Thirty mistakes of an analyst give thirty diagnostics.
//!
//! Enters: `thirty_mistakes.ctg`, in which every wrong line says at its end what is expected of it. Always holds: each
//! mistake gives one diagnostic on its line, and nothing else is reported; the rendering is a snapshot that was read.

use contingent::diagnostics::render;
use contingent::lint::fast_flows;
use contingent_model::{Checked, check, load};

const TEXT: &str = include_str!("thirty_mistakes.ctg");

fn checked() -> Checked {
    check(load("model.ctg", TEXT.to_owned(), &mut |_| Err("there is no such file".to_owned())))
}

/// What stands at the ends of lines: number of the mistake, line, severity and code.
fn expected() -> Vec<(usize, usize, String)> {
    let mut found = Vec::new();
    for (i, line) in TEXT.lines().enumerate() {
        let Some((_, comment)) = line.split_once("  # ").or_else(|| line.split_once(" # ")) else { continue };
        let words: Vec<&str> = comment.split_whitespace().collect();
        for three in words.chunks(3) {
            if let [number, severity, code] = three
                && let Ok(number) = number.parse()
            {
                found.push((number, i + 1, format!("{severity} {code}")));
            }
        }
    }
    found
}

#[test]
fn thirty_mistakes_give_thirty_diagnostics_each_on_its_line() {
    let expected = expected();
    let numbers: Vec<usize> = expected.iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, (1..=30).collect::<Vec<_>>(), "the mistakes are counted in order");
    let Checked { diagnostics, .. } = checked();
    let mut wanted: Vec<(usize, String)> = expected.into_iter().map(|(_, line, said)| (line, said)).collect();
    let mut found: Vec<(usize, String)> = diagnostics
        .iter()
        .map(|one| {
            let line = TEXT[..one.primary.span.start as usize].matches('\n').count() + 1;
            (line, format!("{} {}", if one.is_error() { "error:" } else { "warning:" }, one.code.as_str()))
        })
        .collect();
    wanted.sort();
    found.sort();
    assert_eq!(found, wanted);
    assert!(diagnostics.iter().all(|one| one.help.as_ref().is_some_and(|help| !help.is_empty())));
}

#[test]
fn the_thirty_mistakes_read_like_this() {
    let Checked { sources, diagnostics, .. } = checked();
    insta::assert_snapshot!(render(&diagnostics, &sources, false, 100));
}

const PRELUDE: &str =
    "model \"A case\" {\n purpose \"p\"\n not_for \"n\"\n time 0 to 30 weeks step 1 week\n}\nunit rebel\n";

fn warned(text: &str) -> Vec<String> {
    let checked = check(load("m.ctg", format!("{PRELUDE}{text}"), &mut |_| Err(String::new())));
    let model = checked.model.unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    fast_flows(&model)
        .into_iter()
        .map(|one| format!("{} | {}", one.headline, one.help.unwrap_or_default()))
        .collect()
}

/// Whether nobody is left is decided by how fast heat rises, which only a run shows.
#[test]
fn a_flow_that_becomes_too_fast_is_warned_about_with_its_time_and_a_step_that_would_do() {
    let text = "stock men: rebel = 100\nstock heat: share = 10%\nflow heating: -> heat = (1 - heat) / 10 weeks\n\
                flow going: men -> = men * heat / 1 week\nflow coming: -> men = 40 rebels per week\n";
    let found = warned(text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("the flow `going`, which moves 96% of `men` in it at 29 weeks"), "{found:?}");
    assert!(found[0].contains("write `step 1 day`"), "{found:?}");
}

#[test]
fn a_flow_is_warned_about_when_a_view_makes_it_too_fast() {
    let text = "assume pace = 5% to 10% per week because judgement \"slow\"\nmechanism rush \"Rush\": one of on, off = off because judgement \"r\"\n\
                stock men: rebel = 100\naux leaving = men * pace * (if rush == on then 9 else 1)\nflow going: men -> = leaving\n\
                view hasty \"Hasty\" { rush = on because judgement \"h\" }\n";
    let found = warned(text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("in the view `hasty`"), "{found:?}");
}

#[test]
fn what_empties_a_stock_without_going_with_it_is_not_too_fast() {
    for text in [
        "stock men: rebel = 100\nflow going: men -> = 30 rebels per week\n",
        "whole stock men: rebel = 100\nflow going: men -> = binomial(men, 3 per week)\n",
        "stock men: rebel = 100\nflow going: men -> = men * 40% per week\n",
    ] {
        assert_eq!(warned(text), Vec::<String>::new(), "{text}");
    }
}
