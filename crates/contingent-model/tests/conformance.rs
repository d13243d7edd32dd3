//! The literate cases of `conformance/` and the example of the language page.
//!
//! Enters: Markdown with fenced `ctg` blocks whose expected diagnostics stand as comments at the end of the
//! line that they point at; `conformance/README.md` describes the format. Always holds: every diagnostic is
//! expected by severity, code and line; every expectation occurs; every code of the registry has a case
//! that triggers it and a near miss.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use contingent_model::{Checked, check, load};
use contingent_syntax::{Code, Diagnostic, Sources};

/// One file of a case, with its place in the Markdown.
struct CaseFile {
    name: String,
    text: String,
    /// Line of the Markdown before the first line of the block.
    line: usize,
    /// Lines of the prelude that stand before it.
    n_prelude_lines: usize,
}

/// One model with what is expected of it.
struct Case {
    page: String,
    heading: String,
    files: Vec<CaseFile>,
}

struct Expectation {
    file: usize,
    line: usize,
    severity: &'static str,
    code: String,
    /// Words that the headline or the help must contain.
    words: Vec<String>,
}

/// A fenced block: the words after the fence, its text, and the line of the Markdown before its first.
struct Block {
    heading: String,
    words: Vec<String>,
    text: String,
    line: usize,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[expect(clippy::disallowed_methods, reason = "the cases are files")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut heading = String::new();
    let mut open: Option<Block> = None;
    for (i, line) in markdown.lines().enumerate() {
        if let Some(mut block) = open.take() {
            if line.starts_with("```") {
                blocks.push(block);
            } else {
                block.text += line;
                block.text.push('\n');
                open = Some(block);
            }
        } else if let Some(title) = line.strip_prefix("## ") {
            title.trim().clone_into(&mut heading);
        } else if let Some(words) = line.strip_prefix("```") {
            let words = words.split_whitespace().map(str::to_owned).collect();
            open = Some(Block { heading: heading.clone(), words, text: String::new(), line: i + 1 });
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    blocks
}

fn prelude() -> String {
    let page = blocks(&read(&root().join("conformance/README.md")));
    let mut found = page.into_iter().filter(|block| block.words == ["ctg", "prelude"]);
    let prelude = found.next().expect("conformance/README.md defines the prelude").text;
    assert!(found.next().is_none(), "there is one prelude");
    prelude
}

fn cases() -> Vec<Case> {
    let prelude = prelude();
    let mut pages: Vec<PathBuf> = std::fs::read_dir(root().join("conformance"))
        .expect("the folder `conformance` exists")
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| {
            path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("README.md")
        })
        .collect();
    pages.sort();
    let mut cases: Vec<Case> = Vec::new();
    for path in pages {
        let page = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut joins = false;
        for block in blocks(&read(&path)) {
            let words: Vec<&str> = block.words.iter().map(String::as_str).collect();
            let (name, text, n_prelude_lines) = match words.as_slice() {
                ["ctg"] => ("model.ctg".to_owned(), block.text, 0),
                ["ctg", "fragment"] => {
                    ("model.ctg".to_owned(), prelude.clone() + &block.text, prelude.lines().count())
                }
                ["ctg", file] if file.starts_with("file=") => {
                    (file["file=".len()..].to_owned(), block.text, 0)
                }
                other => panic!("{page}:{}: unknown kind of block {other:?}", block.line),
            };
            let is_part = words.len() == 2 && words[1] != "fragment";
            let begins = name == "model.ctg";
            let file = CaseFile { name, text, line: block.line, n_prelude_lines };
            match cases.last_mut() {
                Some(case) if joins && !begins && case.heading == block.heading && case.page == page => {
                    case.files.push(file);
                }
                _ => cases.push(Case { page: page.clone(), heading: block.heading, files: vec![file] }),
            }
            joins = is_part;
        }
    }
    cases
}

/// The expectations written in a line: `# error: unit-clash "fighter"`.
fn expectations(file: usize, line: usize, text: &str) -> Vec<Expectation> {
    let mut found = Vec::new();
    for part in text.split('#').skip(1) {
        let part = part.trim();
        let Some((severity, rest)) = ["error", "warning"]
            .into_iter()
            .find_map(|severity| Some((severity, part.strip_prefix(severity)?.strip_prefix(": ")?)))
        else {
            continue;
        };
        let (code, words) = rest.split_once(' ').unwrap_or((rest, ""));
        let words = words.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        found.push(Expectation { file, line, severity, code: code.to_owned(), words });
    }
    found
}

impl Case {
    fn check(&self) -> Checked {
        let main = &self.files[0];
        let loaded = load(&main.name, main.text.clone(), &mut |name| {
            self.files
                .iter()
                .find(|file| file.name == name)
                .map(|file| file.text.clone())
                .ok_or_else(|| "there is no such file".to_owned())
        });
        check(loaded)
    }

    fn expected(&self) -> Vec<Expectation> {
        let mut expected = Vec::new();
        for (i, file) in self.files.iter().enumerate() {
            for (k, line) in file.text.lines().enumerate() {
                expected.extend(expectations(i, k + 1, line));
            }
        }
        expected
    }

    /// The position of the file of a diagnostic among those of the case.
    fn position(&self, sources: &Sources, diagnostic: &Diagnostic) -> usize {
        let name = &sources.file(diagnostic.primary.span.file).name;
        self.files.iter().position(|file| file.name == *name).expect("only files of the case are read")
    }

    fn place(&self, file: usize, line: usize) -> String {
        let CaseFile { line: before, n_prelude_lines, .. } = self.files[file];
        format!("{}:{}", self.page, (before + line).saturating_sub(n_prelude_lines))
    }

    /// What is wrong with the case, in words.
    fn mistakes(&self) -> Vec<String> {
        let Checked { sources, model, diagnostics } = self.check();
        let mut mistakes = Vec::new();
        let mut expected = self.expected();
        for diagnostic in &diagnostics {
            let file = self.position(&sources, diagnostic);
            let line = line_of(&sources, diagnostic);
            // The prelude declares units and a subscript for all cases; few use them all.
            if diagnostic.code == Code::UnusedDeclaration && line <= self.files[file].n_prelude_lines {
                continue;
            }
            let severity = if diagnostic.is_error() { "error" } else { "warning" };
            let said = format!("{} | {}", diagnostic.headline, diagnostic.help.clone().unwrap_or_default());
            let position = expected.iter().position(|one| {
                (one.file, one.line, one.severity, one.code.as_str())
                    == (file, line, severity, diagnostic.code.as_str())
                    && one.words.iter().all(|words| said.contains(words.as_str()))
            });
            if let Some(position) = position {
                expected.remove(position);
            } else {
                let code = diagnostic.code.as_str();
                mistakes
                    .push(format!("{}: not expected: {severity}: {code}: {said}", self.place(file, line)));
            }
            if diagnostic.help.as_ref().is_none_or(String::is_empty) || diagnostic.headline.ends_with('.') {
                mistakes.push(format!("{}: no fix, or a full stop: {said}", self.place(file, line)));
            }
        }
        for one in expected {
            let place = self.place(one.file, one.line);
            mistakes.push(format!("{place}: did not occur: {}: {} {:?}", one.severity, one.code, one.words));
        }
        if model.is_some() == diagnostics.iter().any(Diagnostic::is_error) {
            mistakes.push(format!("{}: a model exists exactly when there is no error", self.place(0, 1)));
        }
        mistakes
    }
}

/// The line that a diagnostic points at; the last one with text when it points at the end of the file.
fn line_of(sources: &Sources, diagnostic: &Diagnostic) -> usize {
    let text = &sources.file(diagnostic.primary.span.file).text;
    let start = (diagnostic.primary.span.start as usize).min(text.trim_end().len());
    text[..start].matches('\n').count() + 1
}

#[test]
fn every_case_gives_exactly_its_diagnostics() {
    let cases = cases();
    assert!(cases.len() > 90, "only {} cases were found", cases.len());
    let mistakes: Vec<String> = cases.iter().flat_map(Case::mistakes).collect();
    assert!(mistakes.is_empty(), "{} mistakes\n{}", mistakes.len(), mistakes.join("\n"));
}

#[test]
fn every_code_has_a_case_that_triggers_it_and_a_near_miss() {
    let known: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let (mut triggered, mut missed, mut unknown) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for case in cases() {
        let expected = case.expected();
        if expected.iter().any(|one| one.code == case.heading) {
            triggered.insert(case.heading.clone());
        } else if expected.is_empty() {
            missed.insert(case.heading.clone());
        }
        unknown
            .extend(expected.into_iter().map(|one| one.code).filter(|code| !known.contains(code.as_str())));
    }
    let without = |found: &BTreeSet<String>| -> Vec<&str> {
        known.iter().copied().filter(|&code| !found.contains(code)).collect()
    };
    let nothing: [&str; 0] = [];
    assert_eq!(unknown, nothing, "codes that do not exist");
    assert_eq!(without(&triggered), nothing, "codes without a case under their heading");
    assert_eq!(without(&missed), nothing, "codes without a near miss under their heading");
    assert!(known.len() >= 33, "the registry was read");
}

#[test]
fn the_examples_of_the_pages_are_clean() {
    for page in ["docs/language.md", "README.md"] {
        let blocks = blocks(&read(&root().join(page)));
        let examples: Vec<&Block> = blocks.iter().filter(|block| block.words == ["ctg"]).collect();
        assert!(!examples.is_empty(), "{page} has no example");
        for block in examples {
            let loaded = load("model.ctg", block.text.clone(), &mut |_| Err("no files here".to_owned()));
            let checked = check(loaded);
            assert_eq!(checked.diagnostics, vec![], "{page}:{}", block.line);
            assert!(checked.model.is_some());
        }
    }
}
