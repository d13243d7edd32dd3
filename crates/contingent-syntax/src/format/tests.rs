//! What the layout does to line breaks changes no meaning, without the help of the comparison after it.

use std::path::{Path, PathBuf};

use super::{Lines, is_same, lay_out};
use crate::{FileId, parse};

/// Long forms of everything that may be broken.
const LONG: &str = include_str!("../../tests/format/long.ctg");

fn files(directory: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("the folder exists") {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|found| found == ending) {
            found.push(path);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the examples are files")]
fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut models, mut pages) = (Vec::new(), Vec::new());
    files(&root.join("models"), "ctg", &mut models);
    for folder in ["conformance", "docs"] {
        files(&root.join(folder), "md", &mut pages);
    }
    let read = |path: &PathBuf| std::fs::read_to_string(path).expect("the example can be read");
    let mut texts: Vec<String> = models.iter().map(read).collect();
    for page in &pages {
        let page = read(page);
        let blocks = page.split("```ctg").skip(1).filter_map(|rest| rest.split_once('\n'));
        texts.extend(blocks.map(|(_, block)| block.split("```").next().unwrap_or("").to_owned()));
    }
    texts.push(LONG.to_owned());
    texts
}

/// Everything on as few lines as the text allows: what fitting takes apart again.
fn joined(text: &str) -> String {
    let mut joined = String::new();
    let mut is_open = false;
    for line in text.lines() {
        let line = line.trim();
        let begins = line.is_empty() || line.starts_with('#');
        let code = line.split('#').next().unwrap_or("").trim_end();
        let goes_on = ["because", "then", "else", "and ", "or ", "within", "\""];
        let continues = is_open || (!begins && goes_on.iter().any(|word| line.starts_with(word)));
        if !continues {
            joined.push('\n');
        }
        joined.push_str(line);
        joined.push(' ');
        let ends = [',', '(', '[', '+', '-', '*', '/', '='];
        is_open = !line.contains('#') && code.ends_with(ends);
    }
    joined
}

#[test]
fn breaking_lines_changes_no_meaning() {
    let mut n_compared = 0;
    for text in texts() {
        for text in [joined(&text), text] {
            let read = parse(FileId(0), &text);
            if read.diagnostics.is_empty() {
                assert!(is_same(&read, &lay_out(&read, &text, Lines::Fitted)), "{text}");
                assert!(is_same(&read, &lay_out(&read, &text, Lines::Kept)), "{text}");
                n_compared += 1;
            }
        }
    }
    assert!(n_compared > 150, "only {n_compared} texts were compared");
}

#[test]
fn long_lines_of_every_form_are_broken() {
    let text = joined(LONG);
    let read = parse(FileId(0), &text);
    assert_eq!(read.diagnostics, vec![], "{text}");
    let laid_out = lay_out(&read, &text, Lines::Fitted);
    for line in laid_out.lines() {
        assert!(line.chars().count() <= super::MAX_WIDTH || line.contains(['"', '#']), "{line}");
    }
    assert_eq!(lay_out(&parse(FileId(0), &laid_out), &laid_out, Lines::Fitted), laid_out);
}
