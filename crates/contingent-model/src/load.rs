//! From the main file to all files of a model.
//!
//! Enters: the name of the main file and a way to read a file by name. Leaves: [`Sources`] and one parse
//! per file of the model, in reading order; data files stand after them among the sources. Always holds: a
//! file is read once; a failing include is one diagnostic at its `include`, never the end of the check.

use std::collections::HashSet;
use std::fmt::Write as _;

use contingent_syntax::ast::{Declaration, DeclarationKind, File, Text};
use contingent_syntax::{Code, Diagnostic, FileId, SourceFile, Sources, parse};
use sha2::{Digest, Sha256};

/// All files of a model, parsed.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Texts: the files of the model, then its data files.
    pub sources: Sources,
    /// Typed views, one per file of the model.
    pub files: Vec<File>,
    /// What was wrong so far.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether some file could not be read, so that names may seem undeclared.
    pub is_incomplete: bool,
}

/// Most files that one model may include.
const MAX_FILES: usize = 1000;

/// Reads and parses `main` and everything that it includes. `read` takes a path relative to the directory
/// of the main file, with `/` between its parts, and gives the text or says in words why it cannot.
pub fn load(main: &str, text: String, read: &mut dyn FnMut(&str) -> Result<String, String>) -> Loaded {
    let mut loaded = Loaded::default();
    loaded.add(main.to_owned(), text);
    let mut next = 0;
    while next < loaded.files.len() {
        let includes: Vec<_> = loaded.files[next]
            .declarations
            .iter()
            .filter_map(|declaration| match &declaration.kind {
                DeclarationKind::Include { path } => Some(path.clone()),
                _ => None,
            })
            .collect();
        for include in includes {
            let name = joined(&loaded.sources.files[next].name, &include.text);
            if let Some(seen) = loaded.sources.files.iter().position(|file| file.name == name) {
                loaded.diagnostics.push(
                    Diagnostic::error(
                        Code::IncludeFailed,
                        format!("`{name}` is included a second time"),
                        include.span,
                        if seen == next {
                            "a file cannot include itself"
                        } else {
                            "already part of the model"
                        },
                    )
                    .help("remove this line; the order of files does not matter"),
                );
                continue;
            }
            let outcome = if loaded.files.len() >= MAX_FILES {
                Err(format!("a model has at most {MAX_FILES} files"))
            } else {
                read(&name)
            };
            match outcome {
                Ok(text) => loaded.add(name, text),
                Err(reason) => {
                    loaded.is_incomplete = true;
                    loaded.diagnostics.push(
                        Diagnostic::error(
                            Code::IncludeFailed,
                            format!("cannot read `{name}`: {reason}"),
                            include.span,
                            "included here",
                        )
                        .help("the path is relative to the file that it stands in"),
                    );
                }
            }
        }
        next += 1;
    }
    loaded.read_data(read);
    loaded
}

/// The data files that declarations name, those inside actors included.
fn data_files<'f>(declarations: &'f [Declaration], found: &mut Vec<&'f Text>) {
    for declaration in declarations {
        match &declaration.kind {
            DeclarationKind::Input { file, .. } | DeclarationKind::Observe { file, .. } => found.push(file),
            DeclarationKind::Actor { declarations, .. } => data_files(declarations, found),
            _ => {}
        }
    }
}

impl Loaded {
    /// Adds the text of one more file of the model, such as questions that the caller asks beside those of the model.
    /// It comes after all files that were read, and is part of the model's hash as they are.
    pub fn add_text(&mut self, name: &str, text: String) {
        let id = FileId(self.files.len() as u32);
        let parse = parse(id, &text);
        self.diagnostics.extend(parse.diagnostics);
        // Data files stand after the files of the model.
        self.sources.files.insert(self.files.len(), SourceFile { name: name.to_owned(), text });
        self.files.push(parse.file);
    }

    /// Reads the data files that inputs name, each once, after all files of the model: the text of a data file is
    /// one of the sources, and so part of the model's hash.
    fn read_data(&mut self, read: &mut dyn FnMut(&str) -> Result<String, String>) {
        let mut wanted = Vec::new();
        for file in &self.files {
            data_files(&file.declarations, &mut wanted);
        }
        let mut known: HashSet<String> = self.sources.files.iter().map(|file| file.name.clone()).collect();
        for path in wanted {
            let name = joined(&self.sources.files[path.span.file.0 as usize].name, &path.text);
            if !known.insert(name.clone()) {
                continue;
            }
            let outcome = if self.sources.files.len() >= MAX_FILES {
                Err(format!("a model has at most {MAX_FILES} files"))
            } else {
                read(&name)
            };
            match outcome {
                Ok(text) => self.sources.files.push(SourceFile { name, text }),
                Err(reason) => self.diagnostics.push(
                    Diagnostic::error(
                        Code::InvalidData,
                        format!("cannot read `{name}`: {reason}"),
                        path.span,
                        "data are read from here",
                    )
                    .help(
                        "the path is relative to the file that it stands in; data are UTF-8 text with commas",
                    ),
                ),
            }
        }
    }

    fn add(&mut self, name: String, text: String) {
        let id = FileId(self.files.len() as u32);
        let parse = parse(id, &text);
        self.diagnostics.extend(parse.diagnostics);
        self.files.push(parse.file);
        self.sources.files.push(SourceFile { name, text });
    }
}

/// The path of an include or a data file, relative to the directory of the main file.
pub(crate) fn joined(including: &str, path: &str) -> String {
    let mut parts: Vec<&str> = including.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|&last| last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// SHA-256 over the names and texts of all files, with line ends as `\n`, in lower-case hexadecimal. The
/// order in which files were read does not matter.
pub(crate) fn hash(sources: &Sources) -> String {
    let mut files: Vec<_> =
        sources.files.iter().map(|file| (file.name.as_str(), file.text.replace("\r\n", "\n"))).collect();
    files.sort();
    let mut hasher = Sha256::new();
    for (name, text) in files {
        for part in [name, text.as_str()] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    let mut text = String::with_capacity(64);
    for byte in hasher.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
