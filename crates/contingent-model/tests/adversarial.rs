//! Texts that nobody would write, and models of absurd size: a diagnostic, never a panic, and never a wait.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use contingent_model::{Checked, CheckedModel, check, load};
use contingent_syntax::Diagnostic;
use proptest::prelude::*;

const MODEL: &str = "model \"A case\" {\n  purpose \"To show\"\n  not_for \"Any decision\"\n  \
                     time 2024-01-01 to 2024-12-30 step 1 week\n}\nunit fighter\n\
                     subscript region { kabul, east }\n";

fn checked(text: &str) -> Checked {
    check(load("model.ctg", text.to_owned(), &mut |_| Err("there is no such file".to_owned())))
}

fn after_prelude(text: &str) -> Checked {
    checked(&format!("{MODEL}{text}"))
}

fn codes(checked: &Checked) -> Vec<&'static str> {
    checked.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}

/// The model of a text without mistakes. What the texts and their prelude declare and then do not use is none.
fn clean(mut checked: Checked) -> CheckedModel {
    checked.diagnostics.retain(|one| one.code != contingent_syntax::Code::UnusedDeclaration);
    assert_eq!(checked.diagnostics, vec![]);
    checked.model.expect("a model without mistakes")
}

#[test]
fn texts_without_declarations_lack_a_model_block() {
    for text in
        ["", "\u{feff}", "\n\n", "   ", "\r\n", "# only a comment", "## only a document\n", "#", "\t#\r\n"]
    {
        assert_eq!(codes(&checked(text)), ["missing-model"], "{text:?}");
    }
}

#[test]
fn texts_of_garbage_are_refused_and_point_into_the_text() {
    for text in
        ["{", "}", "((((", "\"", "\\", "=", "\0", "\u{2028}x", "model", "model \"", "🦀", "aux", "1", "- - -"]
    {
        let checked = checked(text);
        assert!(checked.diagnostics.iter().any(Diagnostic::is_error), "{text:?}");
        for diagnostic in &checked.diagnostics {
            assert!(diagnostic.primary.span.end as usize <= text.len(), "{text:?}: {diagnostic:?}");
        }
    }
}

#[test]
fn line_ends_and_a_byte_order_mark_change_neither_the_model_nor_its_hash() {
    let text = format!("{MODEL}stock s: fighter = 3\n\nflow f: s -> =\n  s * 5% per week  # a comment\n");
    let plain = clean(checked(&text));
    let windows = clean(checked(&text.replace('\n', "\r\n")));
    let with_mark = clean(checked(&format!("\u{feff}{text}")));
    assert_eq!(plain.hash, windows.hash);
    assert_eq!(plain.variables.len(), windows.variables.len());
    assert_eq!(plain.title, with_mark.title);
}

#[test]
fn dates_at_the_ends_of_the_calendar_are_no_panic() {
    for (from, to) in [
        ("0001-01-01", "9999-12-31"),
        ("9999-12-30", "9999-12-31"),
        ("0000-01-01", "0000-01-02"),
        ("9999-12-31", "0001-01-01"),
        ("9998-12-31", "9999-12-31"),
    ] {
        for step in ["1 day", "1 week", "1 month", "1 year", "1000000 years", "0.0001 days", "1e-320 weeks"] {
            let _ = checked(&format!(
                "model \"M\" {{\n purpose \"p\"\n not_for \"n\"\n time {from} to {to} step {step}\n}}\n\
                 aux x = 0001-01-01 - 9999-12-31\n\
                 lever l: share = 3% range 0% to 5%\npolicy p \"P\" from 0001-01-01 to 9999-12-31 {{ l = 1% }}\n\
                 question q \"Q\" {{ P( within 9999-12-31: x > 3 weeks ), resolves \"r\" }}\n"
            ));
        }
    }
}

#[test]
fn numbers_at_the_ends_of_their_range_are_no_panic() {
    let numbers = [
        "0",
        "1e308",
        "1e-320",
        "1.7976931348623157e308",
        "-1e308",
        "1e308 years",
        "9".repeat(400).as_str(),
        "0%",
    ]
    .map(str::to_owned);
    for a in &numbers {
        for b in &numbers {
            let _ = after_prelude(&format!(
                "assume r = {a} to {b} because judgement \"j\"\n\
                 assume n = normal({a}, {b}) because judgement \"j\"\n\
                 assume w = uniform({a}, {b}) within {b} to {a} because judgement \"j\"\n\
                 aux x = ({a}) * ({b}) - ({a}) / ({b}) + ({a}) ^ 2\n\
                 stock s: fighter = {a}\nlever l: 1 = {a} range {b} to {b}\n\
                 lookup f(x: 1): 1 = ({a}, {b}) ({b}, {a})\n\
                 correlate r, n = {a} because judgement \"j\"\n\
                 decision d every {a} weeks {{ option p worth {a}, option q worth {b}, choose logit({b}) }}\n\
                 event e at {a} per week {{ s += {b}\n move {a} of s -> }}\n\
                 subscript c {a} to {b}\n\
                 question q \"Q\" {{ P( within {a} weeks: (x > {b}) for {b} weeks ), base_rate {a} to {b} because judgement \"j\", resolves \"r\" }}\n"
            ));
        }
    }
}

#[test]
fn powers_of_powers_of_units_are_no_overflow() {
    let mut text = String::from("aux x0 = 3 fighters\n");
    for i in 1..40 {
        let _ = writeln!(text, "aux x{i} = (x{} ^ 9) * (x{} ^ 9)", i - 1, i - 1);
    }
    let _ = after_prelude(&text);
}

#[test]
fn long_expressions_and_long_chains_are_read() {
    let sum = vec!["1"; 1000].join(" + ");
    clean(after_prelude(&format!("aux x = {sum}\n")));
    assert_eq!(codes(&after_prelude(&format!("aux x = {sum} + 1 + 1\n"))), ["nested-too-deep"]);
    let nested = format!("{}1{}", "abs(-".repeat(20), ")".repeat(20));
    clean(after_prelude(&format!("aux x = {nested}\n")));
    let mut chain = String::from("aux x0 = 1\n");
    for i in 1..5000 {
        let _ = writeln!(chain, "aux x{i} = x{} + 1", i - 1);
    }
    clean(after_prelude(&chain));
}

#[test]
fn matches_within_matches_do_not_grow_without_bound() {
    let names: Vec<String> = (0..20).map(|i| format!("o{i}")).collect();
    let weights: Vec<String> = names.iter().map(|name| format!("{name} 5%")).collect();
    let depth = 40;
    let text = format!(
        "assume c: one of {} = {} because judgement \"j\"\naux y = {}2{}\n",
        names.join(", "),
        weights.join(", "),
        "match c { o0: 1, else: ".repeat(depth),
        " }".repeat(depth)
    );
    assert_eq!(codes(&after_prelude(&text)), ["too-large"]);
}

#[test]
fn thousands_of_misspelt_names_among_thousands_are_found() {
    let mut text = String::new();
    for i in 0..2000 {
        let _ = writeln!(text, "aux value_{i} = valeu_{i} + 1");
    }
    let checked = after_prelude(&text);
    assert_eq!(checked.diagnostics.len(), 2000);
    let found =
        |diagnostic: &Diagnostic| diagnostic.help.as_ref().is_some_and(|help| help.contains("value_"));
    assert!(checked.diagnostics.iter().all(found));
}

#[test]
fn a_circle_of_thousands_is_one_diagnostic_that_stays_readable() {
    let mut circle = String::new();
    for i in 0..3000 {
        let _ = writeln!(circle, "aux x{i} = x{} + 1", (i + 1) % 3000);
    }
    let checked = after_prelude(&circle);
    assert_eq!(codes(&checked), ["circular-definition"]);
    assert!(checked.diagnostics[0].headline.len() < 300, "{}", checked.diagnostics[0].headline);
}

#[test]
fn circles_of_thousands_through_what_is_remembered_are_checked_at_once() {
    for start in [", initially 3 fighters", ""] {
        let mut circle = format!("aux x0 = smooth(x2999, 3 weeks{start})\n");
        for i in 1..3000 {
            let _ = writeln!(circle, "aux x{i} = x{} * 2", i - 1);
        }
        let checked = after_prelude(&circle);
        if start.is_empty() {
            assert_eq!(codes(&checked), ["circular-definition"]);
        } else {
            assert_eq!(clean(checked).variables[2999].unit.text, "fighter");
        }
    }
    let nested = format!("{}1{}", "smooth(lag(".repeat(10), ", 1 week), 3 weeks)".repeat(10));
    clean(after_prelude(&format!("aux x = {nested}\n")));
    let windows = format!("{}1{}", "mean(".repeat(20), " over 52 weeks)".repeat(20));
    clean(after_prelude(&format!("aux x = {windows}\n")));
}

#[test]
fn wholeness_of_shared_parts_is_found_without_visiting_them_again_and_again() {
    let mut text = String::from(
        "whole stock s: fighter = 3\nflow f: -> s = x60\naux x0 = poisson(3 fighters per week)\n",
    );
    for i in 1..=60 {
        let before = i - 1;
        let _ = writeln!(text, "aux x{i} = x{before} + x{before} + x{before}");
    }
    clean(after_prelude(&text));
}

#[test]
fn thousands_of_declarations_are_checked_at_once() {
    let mut text = String::new();
    for i in 0..1000 {
        let _ = writeln!(
            text,
            "stock s{i}: fighter = a{i}\nassume a{i}: fighter = 1 to 2 because judgement \"j\"\n\
             flow f{i}: s{i} -> s{} = s{i} * r{i}\nassume r{i} = 1% to 2% per week because judgement \"j\"\n\
             aux x{i} = s{i} + sum(y{i})\naux y{i}[region] = s{i}",
            (i + 1) % 1000
        );
    }
    assert_eq!(clean(after_prelude(&text)).variables.len(), 6000);
}

#[test]
fn hundreds_of_mistakes_are_each_reported_once() {
    let mut text = String::new();
    for i in 0..500 {
        let _ = writeln!(text, "aux value_{i} = valeu_{i} + 1");
    }
    let checked = after_prelude(&text);
    assert_eq!(checked.diagnostics.len(), 500);
    assert!(checked.diagnostics.iter().all(|diagnostic| diagnostic.code.as_str() == "unknown-name"));
}

#[test]
fn everything_declared_twice_is_one_diagnostic_each() {
    let text = "unit bomb\nsubscript level { low, high }\nactor a \"A\" { aux x = 3 }\nsource s \"S\" { grade A1 }\n\
                claim c from s { says \"...\" }\nassume b = 1 to 2 because c\nlever l: 1 = 1 range 0 to 2\n\
                mechanism m: one of on, off = on because c\nstock k: bomb = 3\nflow f: k -> = 1 bomb per week\n\
                aux y = 3\nlookup g(x: 1): 1 = (0, 0) (1, 1)\nevent e at 1 per week\n\
                decision d every 1 week { option p worth 1, option q worth 2, choose best }\n\
                view v \"V\" { b = 3 because c }\npolicy p \"P\" { l = 2 }\n\
                question q \"Q\" { P( within 2 weeks: b + l + y + g(1) + e.total > 1 and m == on and k > 1 bomb and d == p and a.x > 1 ), resolves \"r\" }\n\
                indicator i = 3\n";
    clean(after_prelude(text));
    let twice = after_prelude(&format!("{text}{text}"));
    assert!(codes(&twice).iter().all(|&code| code == "duplicate-name"), "{:#?}", twice.diagnostics);
    assert_eq!(twice.diagnostics.len(), 19);
}

fn flagship() -> Vec<(String, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/taliban-daesh-k");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&directory)
        .expect("the model is there")
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ctg"))
        .collect();
    paths.sort();
    #[expect(clippy::disallowed_methods, reason = "the model is files")]
    let read = |path: &PathBuf| std::fs::read_to_string(path).expect("a model file can be read");
    let name =
        |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    paths.iter().map(|path| (name(path), read(path))).collect()
}

fn check_files(files: &[(String, String)]) -> Checked {
    let text = |name: &str| files.iter().find(|file| file.0 == name).map(|file| file.1.clone());
    let main = text("model.ctg").expect("the model has a main file");
    check(load("model.ctg", main, &mut |name| text(name).ok_or_else(|| "there is no such file".to_owned())))
}

/// Cuts, doubles, swaps or replaces a part of a text, on character boundaries.
fn mutated(text: &str, kind: usize, at: usize, length: usize, insert: &str) -> String {
    let boundary = |i: usize| (0..=i.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let start = boundary(at % (text.len() + 1));
    let end = boundary(start + length).max(start);
    let (before, part, after) = (&text[..start], &text[start..end], &text[end..]);
    match kind {
        0 => format!("{before}{after}"),
        1 => format!("{before}{part}{part}{after}"),
        2 => format!("{before}{insert}{after}"),
        3 => format!("{before}{insert}{part}{after}"),
        _ => {
            let mut lines: Vec<&str> = text.lines().collect();
            let n = lines.len().max(1);
            if lines.len() > 1 {
                lines.swap(at % n, length % n);
            }
            lines.join("\n")
        }
    }
}

fn scraps() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "",
        "\n",
        "}",
        "{",
        "(",
        ")",
        "[",
        "]",
        "\"",
        "=",
        ":",
        ",",
        ".",
        "->",
        "+",
        "-",
        "%",
        "0",
        "1e308",
        "1 to 2",
        "per",
        "because",
        "because judgement \"\"",
        "if",
        "then",
        "else",
        "match",
        "sum(",
        "x over region",
        "[*]",
        "[region]",
        "for 8 weeks",
        "before",
        "given",
        "within",
        "*",
        "/ 0",
        "^ 9",
        "aux ",
        "stock ",
        "event ",
        "question ",
        "actor a { ",
        "# ",
        "\u{feff}",
        "\r\n",
        "é",
        "fighter",
        "weeks",
        "2021-02-30",
        "2021-11-01",
        "one of ",
        "over 4 weeks",
        "over ",
        "initially ",
        ", order 3",
        "delay(",
        "ever(",
        "method rk4\n",
        "method exact\n",
        "a 60%, b 40%",
        "uniform(0, 1)",
        "time",
        "not ",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_checker_never_panics_on_a_mutated_flagship(
        file in 0usize..100, kind in 0usize..5, at in 0usize..100_000, length in 0usize..200, insert in scraps()
    ) {
        let mut files = flagship();
        let n = files.len();
        let text = &mut files[file % n].1;
        *text = mutated(text, kind, at, length, &insert);
        let checked = check_files(&files);
        prop_assert_eq!(checked.model.is_none(), checked.diagnostics.iter().any(Diagnostic::is_error));
        for diagnostic in &checked.diagnostics {
            for label in std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary) {
                // Panics when a span does not lie in its file or cuts a character.
                let _ = checked.sources.text(label.span);
            }
        }
    }

    #[test]
    fn the_checker_never_panics_on_a_small_model_that_is_mutated_often(
        mutations in prop::collection::vec((0usize..5, 0usize..5_000, 0usize..40, scraps()), 1..8)
    ) {
        let mut text = format!(
            "{MODEL}actor a \"A\" {{\n  stock s[region]: fighter = {{ kabul: x, east: 2 }}\n  \
             flow f[region]: s -> = s * r\n}}\nassume x: fighter = 1 to 2 because judgement \"j\"\n\
             assume r = 1% to 2% per week because judgement \"j\"\nassume c: one of p, q = p 60%, q 40% because judgement \"j\"\n\
             event e[region] at 5% per year once when a.s > 1 fighter {{\n  a.s += 1\n  move 5% of a.s ->\n}}\n\
             decision d by a every 4 weeks {{\n  option p worth sum(a.s) / 1 fighter\n  option q worth match c {{ p: 1, else: 2 }}\n  choose logit(2)\n}}\n\
             lever l: share = 30% range 0% to 100%\npolicy o \"O\" from 2024-03-04 {{ l = 50% }}\nview v \"V\" {{ r = 3% per week because judgement \"j\" }}\n\
             question k \"K\" {{\n  P( within 26 weeks: (d == p) for 8 weeks )\n  given e[kabul].happened before d == q\n  resolves \"r\"\n}}\n\
             indicator i \"I\" = sum(a.s over region) * l\n\
             aux past[region] = delay(lag(a.s, 1 week, initially 0), 3 weeks, order 3) + smooth(a.s, 2 weeks)\n\
             aux heard = if ever(sum(a.s) > 3 fighters) then mean(sum(past) over 4 weeks) else sum(x * r over 3 weeks)\n"
        );
        for (kind, at, length, insert) in mutations {
            text = mutated(&text, kind, at, length, &insert);
        }
        let checked = checked(&text);
        prop_assert_eq!(checked.model.is_none(), checked.diagnostics.iter().any(Diagnostic::is_error));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_checker_never_panics_on_subscripts_that_are_mutated_often(
        mutations in prop::collection::vec((0usize..5, 0usize..5_000, 0usize..40, scraps()), 1..8)
    ) {
        let mut text = format!(
            "{MODEL}subscript region2 = region\nsubscript part of region {{ kabul }}\nsubscript part2 = part\n\
             subscript k 1 to 4\nsubscript some of k {{ 2, 3 }}\n\
             links near[region, region2]: share {{ kabul - east: 30%, east -> kabul }} because judgement \"j\"\n\
             aux m[region, region2] = {{ kabul: {{ kabul: 1, else: 2 }}, else: 3 }}\n\
             aux a[region] = sum(m[region, region2 != region] * near over region2) + noisy_or(10%, 20%)\n\
             aux b[part] = mean(a[part != kabul or east]) + sum(a[part]) + (if part == region2 then 1 else 0)\n\
             assume s[region, k]: share = {{ kabul: {{ 1: 10%, else: 20% to 30% }}, else: 5% }} because judgement \"j\"\n\
             lever l[region]: share = {{ kabul: 1%, else: 2% }} range 0% to 10%\n\
             policy p \"P\" {{ l[kabul] = 3%, l[part] = {{ kabul: 2% }} }}\n\
             view v \"V\" {{ s[kabul, *] = {{ 1: 1%, else: 2% }} because judgement \"j\"\n s[part, some] = 5% because judgement \"j\" }}\n\
             indicator i = sum(a) + sum(b) + sum(s[region != kabul, some])\n"
        );
        for (kind, at, length, insert) in mutations {
            text = mutated(&text, kind, at, length, &insert);
        }
        let checked = checked(&text);
        prop_assert_eq!(checked.model.is_none(), checked.diagnostics.iter().any(Diagnostic::is_error));
    }
}

/// A chain of indices, each built on the one that is declared after it, and one that ends in a circle.
#[test]
fn long_chains_of_subscripts_are_followed_once() {
    let mut text = String::new();
    for k in 0..5_000 {
        let _ = writeln!(text, "subscript r{k} = r{}", k + 1);
        let _ = writeln!(text, "subscript c{k} = c{}", k + 1);
    }
    text += "subscript r5000 of region { kabul }\nsubscript c5000 = c4999\naux x[r0] = 3\nindicator i = x[kabul]\n";
    assert_eq!(codes(&after_prelude(&text)), ["circular-definition"]);
}

#[test]
fn the_flagship_has_no_mistakes() {
    let checked = check_files(&flagship());
    assert_eq!(checked.diagnostics, vec![]);
}
