//! The properties hold for the seeds, for some thousands of texts made from them, and for texts of absurd size.

use contingent_properties::{Mutator, check, format, parse, seeds};
use contingent_syntax::{FileId, RESERVED_WORDS};

const DICTIONARY: &str = include_str!("../../contingent.dict");

/// The words of the fuzzer's dictionary.
fn words() -> Vec<String> {
    DICTIONARY
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'))
        .map(|word| {
            word.replace("\\x0a", "\n").replace("\\x0d", "\r").replace("\\\"", "\"").replace("\\\\", "\\")
        })
        .collect()
}

#[test]
fn the_dictionary_has_every_reserved_word() {
    let words = words();
    for word in RESERVED_WORDS {
        assert!(words.iter().any(|known| known == word), "fuzz/contingent.dict lacks `{word}`");
    }
}

#[test]
fn the_properties_hold_for_the_seeds() {
    let seeds = seeds();
    assert!(seeds.len() > 100, "only {} seeds were found", seeds.len());
    let mut n_laid_out = 0;
    for seed in &seeds {
        parse(seed);
        format(seed);
        check(seed);
        n_laid_out += usize::from(contingent_syntax::format(seed).is_ok());
    }
    assert!(n_laid_out > 70, "only {n_laid_out} seeds can be laid out");
}

#[test]
fn the_properties_hold_for_texts_made_from_the_seeds() {
    const N_TEXTS: usize = 6000;
    // Small seeds are changed more often than their share, so that a change matters.
    let mut seeds = seeds();
    seeds.retain(|seed| seed.len() < 6000);
    let mut mutator = Mutator::new(20_210_831, words());
    let mut n_laid_out = 0;
    for i in 0..N_TEXTS {
        let (a, b) = (mutator.below(seeds.len()), mutator.below(seeds.len()));
        let text = mutator.mutate(&seeds[a], &seeds[b]);
        let outcome = std::panic::catch_unwind(|| {
            parse(&text);
            format(&text);
            if i % 4 == 0 {
                check(&text);
            }
        });
        assert!(outcome.is_ok(), "text {i}:\n{text}");
        n_laid_out += usize::from(contingent_syntax::format(&text).is_ok());
    }
    assert!(n_laid_out > N_TEXTS / 20, "only {n_laid_out} of the texts can be laid out");
}

/// Texts of absurd size that must end, with few diagnostics for one mistake.
fn absurd() -> Vec<(&'static str, String)> {
    const N: usize = 100_000;
    const MANY: usize = 20_000;
    let declarations = |line: &dyn Fn(usize) -> String| (0..50_000).map(line).collect::<String>();
    vec![
        ("brackets", format!("aux x = {}1{}", "(".repeat(N), ")".repeat(N))),
        ("open brackets", "(".repeat(N)),
        ("closing brackets", format!("aux x = 1{}", ")".repeat(N))),
        ("square brackets", format!("aux x = y{}", "[".repeat(N))),
        ("braces", format!("aux x = {}", "{ a: ".repeat(N))),
        ("calls", format!("aux x = {}", "f(".repeat(N))),
        ("actors", "actor a {\n".repeat(MANY)),
        ("blocks that are not closed", "event e at 1 {\n".repeat(MANY)),
        ("misspelt declarations", "stok s: x = 1\n".repeat(MANY)),
        ("a megabyte of sums", format!("aux x = 1{}", " + 1".repeat(300_000))),
        (
            "a megabyte of names",
            format!("aux x = f({}1)", "a_long_name_of_forty_characters_or_so, ".repeat(MANY)),
        ),
        ("a megabyte of dots", format!("aux x = a{}", ".a".repeat(500_000))),
        ("dotted names that are no call", format!("aux x = {}", "a.b.c + ".repeat(N))),
        ("a megabyte of signs", format!("aux x = {}1", "- ".repeat(500_000))),
        ("a megabyte of commas", format!("unit a{}", ", a".repeat(400_000))),
        ("a megabyte of digits", format!("aux x = {}", "9".repeat(1_000_000))),
        ("a megabyte of decimals", format!("aux x = 0.{}", "1".repeat(1_000_000))),
        ("a megabyte of underscores", format!("aux x = 1{}", "_1".repeat(500_000))),
        ("a huge exponent", format!("aux x = 1e{}", "9".repeat(1_000_000))),
        ("a megabyte in a name", format!("aux {} = 1", "x".repeat(1_000_000))),
        ("a megabyte in a string", format!("aux x \"{}\" = 1", "x ".repeat(500_000))),
        ("a megabyte of escapes", format!("aux x \"{}\" = 1", "\\\"".repeat(500_000))),
        ("a megabyte without a closing quote", format!("aux x \"{}", "\\".repeat(1_000_000))),
        ("strings", format!("aux x {}= 1", "\"a\" ".repeat(MANY))),
        ("comments", "# c\n".repeat(MANY)),
        ("a megabyte of comment", format!("# {}\naux x = 1", "c".repeat(1_000_000))),
        ("documents", format!("{}aux x = 1\n", "## d\n".repeat(MANY))),
        ("line breaks", format!("aux x = 1{}aux y = 2", "\n".repeat(1_000_000))),
        ("spaces", format!("aux x = {}1", " ".repeat(1_000_000))),
        ("unknown characters", "🦀".repeat(MANY)),
        ("a table", format!("aux x = {{ {} }}", "a: 1, ".repeat(MANY))),
        ("views", format!("view v \"V\" {{ {} }}", "a = 1 to 2 because b, ".repeat(MANY))),
        ("grounds", format!("assume x = 1 because {}c", "c, ".repeat(MANY))),
        ("points", format!("lookup f(x: 1): 1 = {}", "(0, 0) ".repeat(MANY))),
        ("a unit", format!("aux x: a{} = 1", "/a".repeat(MANY))),
        ("powers", format!("aux x = 1{}", " per week".repeat(MANY))),
        ("declarations", declarations(&|i| format!("aux x{i} = x{} + 1\n", i.saturating_sub(1)))),
        ("mistakes", declarations(&|i| format!("aux x{i} = 1 +\n"))),
        (
            "one actor",
            format!("actor a \"A\" {{\n{}}}\n", declarations(&|i| format!("aux x{i} = 1   # c\n"))),
        ),
        ("aligned lines", declarations(&|i| format!("aux x{i}   = 1\n"))),
    ]
}

#[test]
fn texts_of_absurd_size_are_read_laid_out_and_checked() {
    for (name, text) in absurd() {
        let read = contingent_syntax::parse(FileId(0), &text);
        let (n_lines, n) = (text.lines().count(), read.diagnostics.len());
        assert!(n <= 2 * n_lines + 200, "{name}: {n} diagnostics for {n_lines} lines");
        assert!(read.syntax().text() == text.as_str(), "{name}: the tree gives back the text");
        if let Ok(laid_out) = contingent_syntax::format(&text) {
            assert!(
                contingent_syntax::format(&laid_out).as_ref() == Ok(&laid_out),
                "{name}: twice equals once"
            );
        }
        let checked = contingent_model::check(contingent_model::load("model.ctg", text, &mut |_| {
            Err("there is no such file".to_owned())
        }));
        assert!(!checked.diagnostics.is_empty(), "{name}: there is no `model` block");
    }
}
