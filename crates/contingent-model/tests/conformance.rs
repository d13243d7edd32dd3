//! The literate cases of `conformance/` and the example of the language page.
//!
//! Enters: Markdown with fenced `ctg` blocks whose expected diagnostics stand as comments at the end of the
//! line that they point at; `conformance/README.md` describes the format. Always holds: every diagnostic is
//! expected by severity, code and line; every expectation occurs; every code of the registry has a case
//! that triggers it and a near miss.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use contingent_model::{Checked, check, load};
use contingent_syntax::{Code, Diagnostic, FileId, Sources, Span, SyntaxKind, lex, parse};

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
        let Checked { sources, model, diagnostics, .. } = self.check();
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

/// Applies the fix of a diagnostic to the files of a case.
fn fixed(case: &Case, sources: &Sources, diagnostic: &Diagnostic) -> Option<Case> {
    let fix = diagnostic.fix.as_ref()?;
    let name = &sources.file(fix.span.file).name;
    let files = case.files.iter().map(|file| {
        let mut text = file.text.clone();
        if file.name == *name {
            text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.text);
        }
        CaseFile { name: file.name.clone(), text, ..*file }
    });
    Some(Case { page: case.page.clone(), heading: case.heading.clone(), files: files.collect() })
}

#[test]
fn every_fix_takes_its_mistake_away_or_leaves_a_blank_to_be_filled() {
    let mut n_fixes = 0;
    for case in cases() {
        let Checked { sources, diagnostics, .. } = case.check();
        for diagnostic in &diagnostics {
            let Some(case) = fixed(&case, &sources, diagnostic) else { continue };
            n_fixes += 1;
            let after = case.check();
            let leaves_a_blank = diagnostic.fix.as_ref().is_some_and(|fix| fix.text.contains("\"\""));
            let same = after.diagnostics.iter().find(|other| {
                (other.code, &other.headline) == (diagnostic.code, &diagnostic.headline)
                    && other.primary.span == diagnostic.primary.span
            });
            let place = case.place(0, 1);
            let fix = &diagnostic.fix;
            assert!(
                leaves_a_blank || same.is_none(),
                "{place}: {} is still there after {fix:?}",
                diagnostic.headline
            );
            let codes = |all: &[Diagnostic]| all.iter().filter(|one| one.code == Code::SyntaxError).count();
            // What a string without an end has swallowed is read only when it ends.
            assert!(
                diagnostic.code == Code::UnterminatedString
                    || codes(&after.diagnostics) <= codes(&diagnostics),
                "{place}: {fix:?} breaks the grammar: {:?}",
                after.diagnostics
            );
        }
    }
    assert!(n_fixes > 40, "only {n_fixes} diagnostics have a fix");
}

/// The words of a text that are no name, although they are words: those of the grammar, and what a block or a
/// function gives a meaning of its own.
fn is_word_of_the_language(word: &str) -> bool {
    use contingent_syntax::words as w;
    let singular = word.strip_suffix('s').unwrap_or(word);
    contingent_syntax::RESERVED_WORDS.contains(&word)
        || [
            w::CONTEXT_WORDS,
            w::CHOICE_RULES,
            w::CLAIM_KINDS,
            w::CLAIM_VOICES,
            w::CLAIM_TAGS,
            w::EVENT_READINGS,
        ]
        .iter()
        .any(|list| list.contains(&word))
        || w::line_words().any(|line| line == word)
        || contingent_model::TIME_UNITS.iter().any(|&(unit, _)| unit == singular)
        || ["share", "probability"].contains(&singular)
        || contingent_model::functions::function_signatures().any(|(name, _)| name == word)
        || contingent_model::functions::distribution_signatures().any(|(_, signature)| {
            signature.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
        })
        || contingent_model::Likelihood::ALL.iter().any(|likelihood| {
            likelihood.name() == word
                || likelihood.parameters().iter().any(|&(parameter, _)| parameter == word)
        })
}

/// Places of words that are neither names nor words of the language: arguments of lookups and values of lines.
fn other_words(file: &contingent_syntax::ast::File) -> Vec<Span> {
    use contingent_syntax::ast::{Declaration, DeclarationKind as K, InputColumns, PropertyValue};
    fn of(declaration: &Declaration, found: &mut Vec<Span>) {
        match &declaration.kind {
            K::Lookup { argument, .. } => found.push(argument.span),
            // Headers of the table.
            K::Input { columns, time_column, .. } => {
                found.push(time_column.span);
                match columns {
                    InputColumns::One(header) => found.push(header.span),
                    InputColumns::PerElement(headers) => {
                        found.extend(headers.iter().map(|(_, header)| header.span));
                    }
                    InputColumns::Elements => {}
                }
            }
            K::Observe { column, time_column, .. } => {
                found.push(column.span);
                found.extend(time_column.iter().map(|header| header.span));
            }
            K::Source { properties, .. } | K::Model { properties, .. } | K::Claim { properties, .. } => {
                for property in properties.iter().filter(|property| property.key.text != "same_as") {
                    if let PropertyValue::Words(words) = &property.value {
                        found.extend(words.iter().map(|word| word.span));
                    }
                }
            }
            K::Actor { declarations, .. } => declarations.iter().for_each(|inner| of(inner, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    file.declarations.iter().for_each(|declaration| of(declaration, &mut found));
    found
}

/// Every word of a sound model that the index of names does not know, with its place.
fn words_without_a_name(checked: &Checked) -> (usize, Vec<String>) {
    let (mut n_names, mut missing) = (0, Vec::new());
    for (i, source) in checked.sources.files.iter().take(checked.n_files).enumerate() {
        let id = FileId(i as u32);
        let parsed = parse(id, &source.text);
        let others = other_words(&parsed.file);
        for token in lex(&source.text) {
            if token.kind != SyntaxKind::Word {
                continue;
            }
            let word = &source.text[token.start as usize..token.end as usize];
            let span = Span::new(id, token.start, token.end);
            let named = checked.names.at(id, span.start).is_some_and(|(_, found)| found == span);
            n_names += usize::from(named);
            if !named && !is_word_of_the_language(word) && !others.contains(&span) {
                missing.push(format!("{}: `{word}`", source.name));
            }
        }
    }
    (n_names, missing)
}

#[test]
fn every_name_of_a_sound_model_stands_in_the_index() {
    let (mut n_names, mut n_models) = (0, 0);
    let mut look = |checked: &Checked, place: &str| {
        let (found, missing) = words_without_a_name(checked);
        assert!(missing.is_empty(), "{place}: {}", missing.join(", "));
        n_names += found;
        n_models += 1;
    };
    for case in cases() {
        let checked = case.check();
        if checked.model.is_some() {
            look(&checked, &case.place(0, 1));
        }
    }
    let folder = root().join("models/taliban-daesh-k");
    let loaded = load("model.ctg", read(&folder.join("model.ctg")), &mut |name| Ok(read(&folder.join(name))));
    look(&check(loaded), "the founding case");
    assert!(n_models > 40 && n_names > 2000, "{n_names} names in {n_models} models were looked at");
}
