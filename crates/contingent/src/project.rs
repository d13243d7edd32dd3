//! From a path that the user gives to a checked model.
//!
//! Enters: the path of a model file or directory. Leaves: [`Checked`], or an [`OpenError`] when there is
//! nothing to check. Always holds: only files that the model names are read.

use std::fmt;
use std::path::{Path, PathBuf};

use contingent_model::{Checked, Loaded, check, load};

/// The main file of a model directory.
pub const MAIN_FILE: &str = "model.ctg";

/// Largest file that is read, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Why a model could not be opened at all.
#[derive(Debug)]
pub enum OpenError {
    /// There is nothing at the path.
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// The directory has no main file.
    NoMainFile {
        /// The directory.
        directory: PathBuf,
    },
    /// The directory has no model files below it.
    NoModelFiles {
        /// The directory.
        directory: PathBuf,
    },
    /// The file could not be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why, in words.
        reason: String,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => {
                write!(
                    f,
                    "there is no model at `{}`\nhelp: give a `.ctg` file, or a directory with a `{MAIN_FILE}`",
                    path.display()
                )
            }
            Self::NoMainFile { directory } => {
                write!(
                    f,
                    "the directory `{}` has no `{MAIN_FILE}`\nhelp: give the path of a `.ctg` file, or add the file",
                    directory.display()
                )
            }
            Self::NoModelFiles { directory } => {
                write!(
                    f,
                    "there is no `.ctg` file below `{}`\nhelp: give the path of a `.ctg` file, or of a model",
                    directory.display()
                )
            }
            Self::Unreadable { path, reason } => {
                write!(
                    f,
                    "cannot read `{}`: {reason}\nhelp: a model is UTF-8 text of at most 64 MiB per file",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for OpenError {}

/// Reads and checks the model at `path`: a file, or a directory that holds `model.ctg`.
pub fn open(path: &Path) -> Result<Checked, OpenError> {
    read_model(path).map(check)
}

/// Reads the model at `path`, and every file that it includes.
pub(crate) fn read_model(path: &Path) -> Result<Loaded, OpenError> {
    let main = if path.is_dir() {
        let main = path.join(MAIN_FILE);
        if !main.is_file() {
            return Err(OpenError::NoMainFile { directory: path.to_owned() });
        }
        main
    } else if path.exists() {
        path.to_owned()
    } else {
        return Err(OpenError::Missing { path: path.to_owned() });
    };
    let text = read_file(&main)?;
    let directory = main.parent().map(Path::to_owned).unwrap_or_default();
    let name =
        main.file_name().map_or_else(|| MAIN_FILE.to_owned(), |name| name.to_string_lossy().into_owned());
    Ok(load(&name, text, &mut |include| read(&directory.join(include))))
}

/// Reads one model file.
pub(crate) fn read_file(path: &Path) -> Result<String, OpenError> {
    read(path).map_err(|reason| OpenError::Unreadable { path: path.to_owned(), reason })
}

/// Reads a file of text of at most 64 MiB.
///
/// # Errors
/// Why it cannot be read, in words.
#[expect(clippy::disallowed_methods, reason = "this is the adapter that reads files")]
pub fn read(path: &Path) -> Result<String, String> {
    let metadata = std::fs::metadata(path).map_err(|error| reason(&error))?;
    if metadata.is_dir() {
        return Err("it is a directory".to_owned());
    }
    if metadata.len() > MAX_BYTES {
        return Err(format!("it is {} MiB large", metadata.len() / (1024 * 1024)));
    }
    std::fs::read_to_string(path).map_err(|error| reason(&error))
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read (permission denied)".to_owned(),
        std::io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => error.to_string(),
    }
}
