//! Models in the formats of other programs, as files.
//!
//! Enters: paths and reports. Leaves: texts, and the document that says what became of each part. Always holds: a file
//! is read whole or not at all, and is bounded.

use std::fmt::Write as _;
use std::path::Path;

use contingent_xmile::{MAX_BYTES, Report, Weight};
use schemars::JsonSchema;
use serde::Serialize;

/// What an import or export did, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExchangeDocument {
    /// Version of this form.
    pub schema_version: u32,
    /// What was read.
    pub read: String,
    /// What was written, if anything.
    pub written: Option<String>,
    /// Why nothing was written.
    pub failure: Option<String>,
    /// What became of each part.
    pub report: Report,
}

impl ExchangeDocument {
    /// A document of the present version.
    pub fn new(read: &str, written: Option<&Path>, report: Report, failure: Option<String>) -> Self {
        let written = written.map(|path| path.display().to_string());
        Self { schema_version: 1, read: read.to_owned(), written, failure, report }
    }

    /// The same for people.
    pub fn to_text(&self) -> String {
        let mut text = self.report.to_text();
        if let Some(written) = self.written.as_ref().filter(|written| *written != "-") {
            let n = |weight| self.report.notes.iter().filter(|note| note.weight == weight).count();
            let _ = write!(text, "{} written to {written}", self.read);
            if n(Weight::Changed) > 0 {
                let _ = write!(text, "; {} of its parts may give other numbers", n(Weight::Changed));
            }
            text.push('\n');
        }
        text
    }
}

/// The text of an XMILE file, or why it cannot be read.
pub fn read_xmile(path: &Path) -> Result<String, String> {
    let fail = |reason: String| format!("cannot read `{}`: {reason}", path.display());
    let metadata = std::fs::metadata(path).map_err(|error| fail(error.to_string()))?;
    if metadata.is_dir() {
        return Err(fail("it is a directory".to_owned()));
    }
    if metadata.len() > MAX_BYTES as u64 {
        return Err(fail(format!("it is larger than {} MiB", MAX_BYTES / (1024 * 1024))));
    }
    let bytes = std::fs::read(path).map_err(|error| fail(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| fail("it is not in UTF-8".to_owned()))
}
