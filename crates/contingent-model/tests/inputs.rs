//! Inputs from data: what is read, what the hash covers, where diagnostics point, and that no table breaks the
//! checker.
//!
//! Enters: models and tables in this file, and the pages of the codes about data. Always holds: a table is
//! read once, and whatever stands in it, the check ends with diagnostics that point into existing text.

use std::path::Path;

use contingent_model::{Checked, VariableKind, check, load};
use contingent_syntax::{Code, Diagnostic};
use proptest::prelude::*;

const HEAD: &str = "model \"A case\" {\n  purpose \"p\"\n  not_for \"n\"\n  time 2024-01-01 to 2024-12-30 step 1 week\n}\n\
                    unit fighter, attack\nsubscript region { kabul \"Kabul\", east \"The east\", north \"The north\" }\n";

/// Checks a model of several files; the main file comes first and gets the head. Also gives the names read.
fn checked(files: &[(&str, &str)]) -> (Checked, Vec<String>) {
    let mut names = Vec::new();
    let main = format!("{HEAD}{}", files[0].1);
    let loaded = load(files[0].0, main, &mut |name| {
        names.push(name.to_owned());
        let file = files.iter().find(|file| file.0 == name);
        file.map(|file| file.1.to_owned()).ok_or_else(|| "there is no such file".to_owned())
    });
    (check(loaded), names)
}

/// Every label lies within the text of its file.
fn points_into_text(checked: &Checked) -> bool {
    checked.diagnostics.iter().all(|Diagnostic { primary, secondary, .. }| {
        std::iter::once(primary).chain(secondary).all(|label| {
            let text = &checked.sources.file(label.span.file).text;
            text.get(label.span.start as usize..label.span.end as usize).is_some()
        })
    })
}

#[test]
fn a_table_is_read_once_from_beside_the_file_that_names_it() {
    let main = "include \"parts/more.ctg\"\ninput a: 1 from \"d.csv\" column x by date held then held\n\
                input b: 1 from \"./d.csv\" column x by date linear then held\n";
    let more = "actor army { input c: 1 from \"d.csv\" column x by date held then held }\n\
                input d: 1 from \"../d.csv\" column x by date held then 0\n";
    let (checked, names) = checked(&[
        ("model.ctg", main),
        ("parts/more.ctg", more),
        ("d.csv", "date,x\n2024-01-01,1\n"),
        ("parts/d.csv", "date,x\n2023-12-25,2\n2024-06-03,5\n"),
    ]);
    assert_eq!(checked.diagnostics, vec![]);
    assert_eq!(names, ["parts/more.ctg", "d.csv", "parts/d.csv"]);
    let model = checked.model.expect("a model");
    let ends: Vec<(String, f64, f64)> = model
        .variables
        .iter()
        .filter_map(|variable| match &variable.kind {
            VariableKind::Input(input) => {
                assert_eq!(input.series[0].len(), 2 * 52 + 1);
                Some((variable.name.clone(), input.series[0][0], input.series[0][104]))
            }
            _ => None,
        })
        .collect();
    let expected = [("a", 1.0, 1.0), ("b", 1.0, 1.0), ("army.c", 2.0, 5.0), ("d", 1.0, 0.0)];
    assert_eq!(ends.len(), 4);
    for (name, first, last) in expected {
        assert!(ends.contains(&(name.to_owned(), first, last)), "{name}: {ends:?}");
    }
}

#[test]
fn the_hash_covers_the_data() {
    let hash = |data: &str| {
        let main = "input a: 1 from \"d.csv\" column x by date held then held\n";
        let (checked, _) = checked(&[("model.ctg", main), ("d.csv", data)]);
        checked.model.expect("a model").hash
    };
    let first = hash("date,x\n2024-01-01,1\n");
    assert_eq!(first, hash("date,x\r\n2024-01-01,1\r\n"));
    assert_ne!(first, hash("date,x\n2024-01-01,2\n"));
    assert_ne!(first, hash("date,x\n2024-01-01,1\n2025-02-01,9\n"));
}

#[test]
fn a_diagnostic_points_at_the_declaration_and_into_the_table() {
    let main = "input a: 1 from \"d.csv\" column \"x y\" by date held then held\n";
    let (checked, _) =
        checked(&[("model.ctg", main), ("d.csv", "date,x y\r\n2024-01-01, 1\r\n\r\n2024-02-01,\"0,5\"\r\n")]);
    let [diagnostic] = checked.diagnostics.as_slice() else { panic!("{:#?}", checked.diagnostics) };
    assert_eq!(diagnostic.code, Code::InvalidData);
    assert_eq!(diagnostic.headline, "`d.csv` line 4, column `x y`: `0,5` cannot be read");
    assert_eq!(checked.sources.text(diagnostic.primary.span), "\"x y\"");
    let [cell] = diagnostic.secondary.as_slice() else { panic!("{diagnostic:#?}") };
    assert_eq!(checked.sources.file(cell.span.file).name, "d.csv");
    assert_eq!(checked.sources.text(cell.span), "\"0,5\"");
}

#[test]
fn too_many_numbers_are_refused_before_they_are_held() {
    let main = "subscript group 1 to 10000\ninput a[group]: 1 from \"d.csv\" by date held then held\n\
                input b[group]: 1 from \"d.csv\" by date held then held\n\
                input c[group]: 1 from \"d.csv\" by date held then held\n\
                input d[group]: 1 from \"d.csv\" by date held then held\n\
                input e[group]: 1 from \"d.csv\" by date held then held\n";
    let numbers: Vec<String> = (1..=10_000).map(|k| k.to_string()).collect();
    let table = format!("date,{0}\n2024-01-01,{0}\n", numbers.join(","));
    let (checked, _) = checked(&[("model.ctg", main), ("d.csv", &table)]);
    let [diagnostic] = checked.diagnostics.as_slice() else { panic!("{:#?}", checked.diagnostics) };
    assert_eq!(diagnostic.code, Code::TooLarge);
    assert_eq!(checked.sources.text(diagnostic.primary.span), "d");
}

/// The `ctg` block of a section of a page, and the data files that stand with it.
fn example(page: &str, section: &str) -> Vec<(String, String)> {
    let (_, rest) = page.split_once(&format!("\n## {section}\n")).expect("the section");
    let rest = rest.split("\n## ").next().unwrap_or(rest);
    let mut found = Vec::new();
    for block in rest.split("```").skip(1).step_by(2) {
        let (words, text) = block.split_once('\n').expect("an info string");
        let name = words.split_once("file=").map_or("model.ctg", |(_, name)| name);
        found.push((name.to_owned(), text.to_owned()));
    }
    assert_eq!(found.first().map(|file| file.0.as_str()), Some("model.ctg"));
    found
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the pages are files")]
fn the_examples_of_the_pages_about_data_hold() {
    for code in [Code::InvalidData, Code::MissingData, Code::UnknownColumn] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contingent-syntax/src/pages");
        let page = std::fs::read_to_string(path.join(format!("{}.md", code.as_str()))).expect("the page");
        let found = |section: &str| -> Vec<Code> {
            let files = example(&page, section);
            let files: Vec<(&str, &str)> =
                files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            checked(&files).0.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
        };
        assert_eq!(found("Wrong"), [code], "{}", code.as_str());
        assert_eq!(found("Right"), [], "{}", code.as_str());
    }
}

proptest! {
    #[test]
    fn no_table_breaks_the_checker(
        parts in prop::collection::vec(
            prop_oneof![
                Just("date"), Just("x"), Just(","), Just(","), Just(","), Just("\n"), Just("\n"), Just("\r\n"),
                Just("\""), Just("2024-01-01"), Just("2024-02"), Just("2024"), Just("2025-01-01"), Just("-0.5"),
                Just("1"), Just("1e308"), Just("é"), Just(" "), Just("\u{feff}"), Just("9999-12-31"),
                Just("0000"), Just("2024-Q9"), Just("[1]"), Just(";"), Just("\0"),
            ],
            0..60,
        ),
        has_header in any::<bool>(),
    ) {
        let body: String = parts.concat();
        let table = if has_header { format!("date,x\n{body}") } else { body };
        let main = "input a: 1 from \"d.csv\" column x by date linear gaps up to 2 months then held\n\
                    input b: decade from \"d.csv\" column x by date held then 3\n\
                    input c[region]: 1 from \"d.csv\" by x in years held\n";
        let (checked, _) = checked(&[("model.ctg", main), ("d.csv", &table)]);
        prop_assert!(points_into_text(&checked), "{:#?}", checked.diagnostics);
        prop_assert_eq!(checked.model.is_some(), !checked.diagnostics.iter().any(Diagnostic::is_error));
        if let Some(model) = &checked.model {
            for variable in &model.variables {
                let VariableKind::Input(input) = &variable.kind else { continue };
                prop_assert!(input.series.iter().all(|s| s.len() == 105 && s.iter().all(|v| v.is_finite())));
            }
        }
    }
}
