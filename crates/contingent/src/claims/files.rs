//! Files of articles and ledgers.
//!
//! Enters: paths. Leaves: documents, ledgers, registries of speakers. Always holds: a file that is too large is refused before it
//! is read; an error names the file and says what to do.

use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use contingent_evidence::ledger::{Ledger, Registry};
use contingent_evidence::read::{Document, MAX_BYTES, check_size, read};

/// The ending of the names of ledgers.
pub const LEDGER_ENDING: &str = ".claims.toml";
/// The name of the registry of speakers beside ledgers.
pub const SPEAKERS_FILE: &str = "speakers.toml";

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it, and, in a second line, what to do.
    pub reason: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot read `{}`: {}", self.path.display(), self.reason)
    }
}

impl std::error::Error for FileError {}

/// A ledger with the text that it was read from, which keeps its comments.
#[derive(Debug, Clone)]
pub struct OpenLedger {
    /// Where it lies.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What it says.
    pub ledger: Ledger,
}

/// Reads an article.
pub fn read_article(path: &Path) -> Result<Document, FileError> {
    let failed = |reason: String| FileError { path: path.to_owned(), reason };
    let bytes = bytes(path)?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    read(&bytes, &name).map_err(|error| failed(error.to_string()))
}

/// Reads a ledger, with what an interrupted review of it decided.
pub fn read_ledger(path: &Path) -> Result<OpenLedger, FileError> {
    let text = text(path)?;
    let failed = |reason: String| FileError { path: path.to_owned(), reason };
    let mut ledger = Ledger::read(&text).map_err(|error| failed(error.to_string()))?;
    super::journal::replay(path, &text, &mut ledger).map_err(failed)?;
    Ok(OpenLedger { path: path.to_owned(), text, ledger })
}

/// Adds the speakers of a file to a registry.
pub fn read_registry(path: &Path, registry: &mut Registry) -> Result<(), FileError> {
    let text = text(path)?;
    registry.read(&text).map_err(|error| FileError { path: path.to_owned(), reason: error.to_string() })
}

/// The text of a file as it stands.
pub fn ledger_text(path: &Path) -> Result<String, FileError> {
    text(path)
}

fn text(path: &Path) -> Result<String, FileError> {
    let is_not_utf_8 = |_| FileError {
        path: path.to_owned(),
        reason: "it is not UTF-8 text\nhelp: save it as UTF-8".to_owned(),
    };
    String::from_utf8(bytes(path)?).map_err(is_not_utf_8)
}

/// The bytes of a file. Pipes and devices have no size beforehand, so that reading stops at the limit as well.
fn bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    let failed = |reason: String| FileError { path: path.to_owned(), reason };
    let io = |error: std::io::Error| {
        failed(match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file\nhelp: check the path".to_owned(),
            std::io::ErrorKind::PermissionDenied => "it may not be read (permission denied)".to_owned(),
            _ => error.to_string(),
        })
    };
    let metadata = std::fs::metadata(path).map_err(io)?;
    if metadata.is_dir() {
        return Err(failed("it is a directory\nhelp: give the files in it, one by one".to_owned()));
    }
    check_size(metadata.len()).map_err(|error| failed(error.to_string()))?;
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    std::fs::File::open(path).map_err(io)?.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
    Ok(bytes)
}
