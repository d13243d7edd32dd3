//! Texts to begin with.
//!
//! Enters: the models, the conformance pages and the documents of the project. Leaves: their texts. Always
//! holds: the order is that of the names, so that what is made from them is the same on every machine.

use std::path::{Path, PathBuf};

/// Declarations that stand before a text that has no `model` block.
pub const PRELUDE: &str = "model \"A case\" {\n  purpose \"To show\"\n  not_for \"Any decision\"\n  \
                           time 2024-01-01 to 2024-12-30 step 1 week\n}\nunit fighter, attack\n\
                           subscript region { kabul \"Kabul\", east \"The east\", north \"The north\" }\n";

/// The root of the project.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All model files, and every block of the pages that holds a model or a part of one.
pub fn seeds() -> Vec<String> {
    let mut seeds: Vec<String> = files(&root().join("models"), "ctg").iter().map(|path| read(path)).collect();
    for folder in ["conformance", "docs"] {
        for page in files(&root().join(folder), "md") {
            seeds.extend(blocks(&read(&page)));
        }
    }
    seeds
}

/// The fenced blocks of the language in a page.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match &mut open {
            Some(_) if line.starts_with("```") => blocks.extend(open.take()),
            Some(block) => {
                block.push_str(line);
                block.push('\n');
            }
            None if line.starts_with("```ctg") => open = Some(String::new()),
            None => {}
        }
    }
    blocks
}

fn files(directory: &Path, ending: &str) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a folder can be listed").path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found
}

#[expect(clippy::disallowed_methods, reason = "the seeds are files")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
