//! Files to lay out.
//!
//! Enters: paths that the user gives. Leaves: the texts behind them, laid-out texts, differences, files.
//! Always holds: a file is there whole or as it was before; only a text that can be read is written back, and
//! only when it means the same.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use contingent_syntax::{Code, Diagnostic, FileId, SourceFile, Sources, format, meaning, parse};
use similar::TextDiff;

use crate::project::{OpenError, read_file, read_model};

/// The ending of the names of model files.
const ENDING: &str = "ctg";

/// What was found behind the paths.
#[derive(Debug, Default)]
pub struct Found {
    /// The files and their paths, each once, in the order of the paths.
    pub files: Vec<(PathBuf, SourceFile)>,
    /// Includes that cannot be followed, with the texts they stand in.
    pub failed_includes: Vec<(Vec<Diagnostic>, Sources)>,
}

/// Finds and reads the files behind paths: a file with what it includes, all model files below a directory.
pub fn find(paths: &[PathBuf]) -> Result<Found, OpenError> {
    let mut found = Found::default();
    let mut seen = BTreeSet::new();
    for path in paths {
        if path.is_dir() {
            let mut below = Vec::new();
            model_files(path, &mut below)?;
            if below.is_empty() {
                return Err(OpenError::NoModelFiles { directory: path.clone() });
            }
            for path in below {
                if seen.insert(identity(&path)) {
                    found.add(&path, read_file(&path)?);
                }
            }
            continue;
        }
        let loaded = read_model(path)?;
        let directory = path.parent().map(Path::to_owned).unwrap_or_default();
        for file in &loaded.sources.files {
            let path = directory.join(&file.name);
            if seen.insert(identity(&path)) {
                found.add(&path, file.text.clone());
            }
        }
        let is_include = |diagnostic: &Diagnostic| diagnostic.code == Code::IncludeFailed;
        let failed: Vec<Diagnostic> = loaded.diagnostics.into_iter().filter(is_include).collect();
        if !failed.is_empty() {
            found.failed_includes.push((failed, loaded.sources));
        }
    }
    Ok(found)
}

impl Found {
    fn add(&mut self, path: &Path, text: String) {
        self.files.push((path.to_owned(), SourceFile { name: path.display().to_string(), text }));
    }
}

/// What a path stands for, so that a file named twice is found once.
fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Adds every model file below a directory, in the order of names. Hidden entries and links to directories
/// are passed over.
fn model_files(directory: &Path, found: &mut Vec<PathBuf>) -> Result<(), OpenError> {
    let failed =
        |error: io::Error| OpenError::Unreadable { path: directory.to_owned(), reason: error.to_string() };
    let mut entries =
        std::fs::read_dir(directory).and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(failed)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type().map_err(failed)?.is_dir() {
            model_files(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == ENDING) && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// Lays out a text. Panics when the result would not mean the same, which is a mistake of ours.
pub fn lay_out(text: &str) -> Result<String, Vec<Diagnostic>> {
    let laid_out = format(text)?;
    let meaning_of = |text: &str| meaning(&parse(FileId(0), text).file);
    assert!(meaning_of(text) == meaning_of(&laid_out), "the laid-out text does not mean the same");
    Ok(laid_out)
}

/// Replaces what a file holds, all at once, and keeps who may read and write it. Links are followed.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize()?;
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(std::fs::metadata(&path)?.permissions())?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// The difference between two texts in the unified format.
pub fn unified_diff(name: &str, before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .header(&format!("{name} as it is"), &format!("{name} laid out"))
        .to_string()
}

/// The number of the first line that differs, with both forms of it; a missing line is empty.
pub fn first_difference<'t>(before: &'t str, after: &'t str) -> (usize, &'t str, &'t str) {
    let (mut left, mut right) = (before.split('\n'), after.split('\n'));
    let mut line = 1;
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) if a == b => line += 1,
            (a, b) => return (line, a.unwrap_or(""), b.unwrap_or("")),
        }
    }
}
