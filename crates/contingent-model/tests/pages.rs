//! The pages that explain diagnostics: their wrong examples give the code, their right examples do not.
//!
//! Enters: the page of every code. Always holds: a page has one wrong and one right example, in the form that
//! `conformance/README.md` calls a fragment, or as a whole model, with the files that it reads; the wrong one gives the code and nothing that the
//! page does not name, the right one gives no error and not the code.

use std::path::Path;

use contingent_model::forms::{PRELUDE, is_whole_model};
use contingent_model::{Checked, check, load};
use contingent_syntax::Code;

/// An example and the files that it reads.
struct Example<'p> {
    text: &'p str,
    files: Vec<(&'p str, &'p str)>,
}

fn checked(example: &Example<'_>) -> Checked {
    let Example { text: example, files } = example;
    let text = if is_whole_model(example) { (*example).to_owned() } else { format!("{PRELUDE}{example}") };
    let mut checked = check(load("model.ctg", text, &mut |name| {
        let file = files.iter().find(|file| file.0 == name);
        file.map(|file| file.1.to_owned()).ok_or_else(|| "there is no such file".to_owned())
    }));
    // What the prelude declares and an example does not use is no mistake of the example.
    if !is_whole_model(example) {
        checked.diagnostics.retain(|one| {
            one.code != Code::UnusedDeclaration || one.primary.span.start as usize >= PRELUDE.len()
        });
    }
    checked
}

/// The example below a heading with the files that follow it, and the words behind.
fn section<'p>(page: &'p str, heading: &str) -> Result<(Example<'p>, &'p str), String> {
    let (_, rest) =
        page.split_once(&format!("\n## {heading}\n")).ok_or(format!("no heading `## {heading}`"))?;
    let section = rest.split_once("\n## ").map_or(rest, |(section, _)| section);
    let (before, rest) = section.split_once("```ctg\n").ok_or(format!("no example under `{heading}`"))?;
    let (text, mut after) = rest.split_once("```").ok_or("the fence is not closed")?;
    let mut files = Vec::new();
    while let Some(rest) = after.trim_start().strip_prefix("```csv file=") {
        let (name, rest) = rest.split_once('\n').ok_or("the fence is not closed")?;
        let (file, rest) = rest.split_once("```").ok_or("the fence is not closed")?;
        files.push((name, file));
        after = rest;
    }
    if !before.trim().is_empty() || after.contains("```") {
        return Err(format!("`{heading}` holds more than one example, or words before it"));
    }
    Ok((Example { text, files }, after.trim()))
}

fn mistakes(code: Code) -> Vec<String> {
    let page = code.page();
    let mut mistakes = Vec::new();
    if page.lines().next() != Some(&format!("# {}", code.as_str())) {
        mistakes.push("the title is not the code".to_owned());
    }
    let introduction = page.split_once("\n## ").map_or("", |(before, _)| before);
    if introduction.split_whitespace().count() < 25 || !page.ends_with('\n') {
        mistakes.push("the introduction is missing or too short, or the last line does not end".to_owned());
    }
    if let Some(line) = page.lines().find(|line| line.ends_with([' ', '\t']) || line.contains('\t')) {
        mistakes.push(format!("a line has stray spaces: {line}"));
    }
    match section(page, "Wrong") {
        Err(mistake) => mistakes.push(mistake),
        Ok((example, words)) => {
            if words.is_empty() {
                mistakes.push("the wrong example is not explained".to_owned());
            }
            let found = checked(&example).diagnostics;
            if found.iter().all(|diagnostic| diagnostic.code != code) {
                mistakes.push("the wrong example does not give the code".to_owned());
            }
            for other in found.iter().filter(|diagnostic| diagnostic.code != code) {
                if !page.contains(&format!("`{}`", other.code.as_str())) {
                    mistakes.push(format!("the wrong example also gives {}", other.code.as_str()));
                }
            }
        }
    }
    match section(page, "Right") {
        Err(mistake) => mistakes.push(mistake),
        Ok((example, _)) => {
            for diagnostic in checked(&example).diagnostics {
                if diagnostic.is_error() || diagnostic.code == code {
                    mistakes.push(format!(
                        "the right example gives {}: {}",
                        diagnostic.code.as_str(),
                        diagnostic.headline
                    ));
                }
            }
        }
    }
    mistakes.into_iter().map(|mistake| format!("{}: {mistake}", code.as_str())).collect()
}

#[test]
fn every_page_explains_its_code_with_examples_that_hold() {
    let mistakes: Vec<String> = Code::ALL.iter().flat_map(|&code| mistakes(code)).collect();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    assert!(Code::ALL.len() >= 33, "the registry was read");
}

#[test]
fn every_page_in_the_folder_belongs_to_a_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contingent-syntax/src/pages");
    let mut n_pages = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of pages exists") {
        let name = entry.expect("the folder can be listed").file_name().to_string_lossy().into_owned();
        let code = name.strip_suffix(".md").and_then(Code::named);
        assert!(code.is_some(), "`{name}` is the page of no code");
        n_pages += 1;
    }
    assert_eq!(n_pages, Code::ALL.len());
}

#[test]
fn codes_are_found_by_their_name_only() {
    assert_eq!(Code::named("unit-clash"), Some(Code::UnitClash));
    assert_eq!(Code::named("unit-crash"), None);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the prelude is compared with the file that states it")]
fn the_prelude_of_examples_is_that_of_the_conformance_cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/README.md");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (_, rest) = text.split_once("```ctg prelude\n").expect("the prelude is marked");
    assert_eq!(PRELUDE, rest.split_once("```").expect("the fence is closed").0);
}
