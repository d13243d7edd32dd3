//! The parser keeps every byte, never panics, and reports each mistake once.

use contingent_syntax::ast::DeclarationKind;
use contingent_syntax::{Code, FileId, parse};
use proptest::prelude::*;

const MODEL: &str = include_str!("../../../docs/language.md");

/// The first fenced `ctg` example of the language page.
fn example() -> &'static str {
    let after = MODEL.split("```ctg\n").nth(1).expect("the page has an example");
    after.split("```").next().expect("the example ends")
}

fn codes(text: &str) -> Vec<Code> {
    parse(FileId(0), text).diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn the_example_of_the_language_page_has_no_mistakes() {
    let parse = parse(FileId(0), example());
    assert_eq!(parse.diagnostics, vec![]);
    assert_eq!(parse.file.declarations.len(), 7);
    assert_eq!(parse.syntax().to_string(), example());
}

#[test]
fn thirty_mistakes_give_thirty_diagnostics() {
    let mut text = String::new();
    for i in 0..30 {
        text += match i % 5 {
            0 => "aux a = 1 +\naux fine = 2\n",
            1 => "stock : fighter = 3\n",
            2 => "flow f: a -> b\n",
            3 => "event e { x += 1 }\n",
            _ => "stok s: fighter = 1\n",
        };
    }
    assert_eq!(codes(&text).len(), 30, "{:#?}", parse(FileId(0), &text).diagnostics);
}

#[test]
fn an_unclosed_block_does_not_swallow_what_follows() {
    let parse = parse(FileId(0), "view v \"V\" {\n  x = 3\n\nassume y = 2 because c\n");
    assert_eq!(parse.diagnostics.len(), 1);
    assert!(matches!(parse.file.declarations.last().map(|d| &d.kind), Some(DeclarationKind::Assume { .. })));
}

#[test]
fn an_unclosed_parenthesis_does_not_swallow_what_follows() {
    let parse = parse(FileId(0), "aux x = (1 + 2\naux y = 3\naux z = 4\n");
    assert_eq!(parse.diagnostics.len(), 1, "{:?}", parse.diagnostics);
    assert_eq!(parse.file.declarations.len(), 3);
}

#[test]
fn continuation_words_carry_a_statement_over_the_line_break() {
    assert_eq!(
        codes("assume c: one of a, b = a 50%, b 50%\n    because x, y\naux z = if a\n then 1\n else 2\n"),
        vec![]
    );
}

#[test]
fn deep_nesting_is_refused_without_a_crash() {
    for text in [
        format!("aux x = {}1{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("aux x = {}1", "-".repeat(100_000)),
        format!("aux x = {}1", "not ".repeat(100_000)),
        format!("aux x = {}1", "2 ^ ".repeat(100_000)),
        format!("aux x = 1{}", " + 1".repeat(100_000)),
        format!("aux x = 1{}", " per week".repeat(100_000)),
        format!("aux x = {}", "{ a: ".repeat(100_000)),
        format!("aux x = {}", "if 1 then ".repeat(100_000)),
        format!("aux x = {}", "f(".repeat(100_000)),
        "actor a {\n".repeat(100_000),
    ] {
        assert!(!codes(&text).is_empty());
    }
}

#[test]
fn every_line_end_of_every_system_ends_a_statement() {
    for end in ["\n", "\r\n", "\r"] {
        let text = format!("aux x = 1  # a comment{end}aux y = 2{end}");
        let parse = parse(FileId(0), &text);
        assert_eq!((parse.diagnostics.len(), parse.file.declarations.len()), (0, 2), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_tree_gives_back_any_text(text in "(\\PC|\n|[a-z{}()\\[\\]=:,.\"%+*-]|stock |aux |question |event |view |actor |\\{\n){0,60}") {
        let parse = parse(FileId(0), &text);
        prop_assert_eq!(parse.syntax().to_string(), text);
    }

    #[test]
    fn cutting_an_example_anywhere_keeps_every_byte(cut in 0usize..1200, insert in "[\\PC\n]{0,3}") {
        let text = example();
        let cut = (0..=cut.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
        let text = format!("{}{insert}{}", &text[..cut], &text[(cut + 7).min(text.len())..]);
        let parse = parse(FileId(0), &text);
        prop_assert_eq!(parse.syntax().to_string(), text);
    }
}
