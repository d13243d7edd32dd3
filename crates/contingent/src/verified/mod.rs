//! Published models against the numbers that are known of them.
//!
//! Enters: a directory with a folder a model, each with `model.ctg` and `figures.csv`. Leaves: every figure beside what
//! the model gives, and a page of them. Always holds: a model is run through the language and the engine as any other;
//! a model without figures, and a figure that names nothing of its model, is an error and never a pass; where a figure
//! comes from (published, derived, from memory) is said by the file and shown.

mod figures;
mod measure;
mod page;

use std::path::{Path, PathBuf};

pub use figures::{Figure, Measure, Origin};
pub use page::page;

use crate::project;

/// The file of the figures of a model.
pub const FIGURES: &str = "figures.csv";

/// A figure and what the model gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// What is known.
    pub figure: Figure,
    /// What the model gives, in the unit that is shown.
    pub found: f64,
    /// Standard error of `found` where it is estimated from runs.
    pub error: Option<f64>,
}

impl Compared {
    /// The difference as a share of what is allowed; above 1 the figure is not reproduced.
    pub fn share_of_allowed(&self) -> f64 {
        let difference = (self.found - self.figure.expected).abs();
        match self.error {
            _ if difference == 0.0 => 0.0,
            Some(error) => difference / (self.figure.allowed * error),
            None => difference / self.figure.allowed,
        }
    }

    /// Whether the model gives the figure.
    pub fn is_reproduced(&self) -> bool {
        self.share_of_allowed() <= 1.0
    }
}

/// A model with its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedModel {
    /// Name of its folder.
    pub folder: String,
    /// Title of the model.
    pub title: String,
    /// Titles of its sources, with who published them.
    pub sources: Vec<String>,
    /// Every figure, in the order of the file.
    pub compared: Vec<Compared>,
}

/// Runs every model below `directory` and compares its figures.
///
/// # Errors
/// Why a model, a file of figures or a run fails, with its place, in words.
pub fn verify(directory: &Path) -> Result<Vec<VerifiedModel>, String> {
    let folders = folders(directory)?;
    if folders.is_empty() {
        return Err(format!("there is no folder with a `{FIGURES}` below `{}`", directory.display()));
    }
    folders.iter().map(|folder| verify_model(folder)).collect()
}

/// Runs the model in a folder and compares its figures.
///
/// # Errors
/// As [`verify`].
pub fn verify_model(folder: &Path) -> Result<VerifiedModel, String> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let in_folder = |reason: String| format!("`{name}`: {reason}");
    let checked = project::open(folder).map_err(|error| in_folder(error.to_string()))?;
    let Some(model) = checked.model else {
        let n = checked.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        return Err(in_folder(format!("the model has {n} errors; `contingent check` shows them")));
    };
    let text = project::read(&folder.join(FIGURES)).map_err(|why| in_folder(format!("{FIGURES}: {why}")))?;
    let figures = figures::read(&text).map_err(|why| in_folder(format!("{FIGURES}: {why}")))?;
    let compared = measure::compare(&model, figures).map_err(|why| in_folder(format!("{FIGURES}: {why}")))?;
    let sources = model.sources.iter().map(page::citation).collect();
    Ok(VerifiedModel { folder: name, title: model.title.clone(), sources, compared })
}

/// The folders with figures, in the order of their names.
fn folders(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let fail = |error: std::io::Error| format!("cannot read `{}`: {error}", directory.display());
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.join(FIGURES).is_file() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}
