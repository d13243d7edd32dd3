//! A directory of an analysis that keeps no runs: its document and tables, with a manifest.
//!
//! Enters: files, and what the manifest says of the model and the design. Leaves: a directory with the files and a
//! `manifest.json` in the form of that of a run directory, without experiments. Always holds: everything is written aside
//! and renamed into place as the last act; nothing but a directory with such a manifest is ever replaced.

use std::fs;
use std::path::{Path, PathBuf};

use super::add::{Addition, check_place};
use super::{MANIFEST, check_replaceable, create_beside, file_error, write_new_file};
use crate::Error;
use crate::manifest::{DesignRecord, Manifest, ModelRecord, RUN_SCHEMA, STREAM_VERSION};

/// What an analysis was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnalysisRecord {
    /// The model.
    pub model: ModelRecord,
    /// The seed of every random stream.
    pub seed: u64,
    /// The points.
    pub design: DesignRecord,
    /// Finished runs.
    pub n_runs: u64,
    /// Whether every run of the design finished.
    pub complete: bool,
}

/// Whether a directory may be made or replaced here; worth asking before anything is run.
pub fn check_analysis_place(target: &Path) -> Result<(), Error> {
    check_replaceable(target)
}

/// Writes the files of an analysis, each at a path inside the directory with `/` between its parts, and renames the
/// directory into place. Leaves where it now is.
pub fn write_analysis(
    target: &Path,
    record: AnalysisRecord,
    files: &[(String, Addition)],
) -> Result<PathBuf, Error> {
    check_replaceable(target)?;
    let target = if target.exists() {
        fs::canonicalize(target).map_err(|reason| file_error("find", target, reason))?
    } else {
        target.to_owned()
    };
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).map_err(|reason| file_error("create", parent, reason))?;
    }
    let partial = create_beside(&target, "partial")?;
    let placed = fill(&partial, record, files).and_then(|()| put_into_place(&partial, &target));
    if placed.is_err() {
        // Best effort: the error is the one that matters, and what remains carries `partial` in its name.
        let _ = fs::remove_dir_all(&partial);
    }
    placed.map(|()| target)
}

fn fill(partial: &Path, record: AnalysisRecord, files: &[(String, Addition)]) -> Result<(), Error> {
    let mut records = Vec::new();
    for (relative, addition) in files {
        check_place(relative)?;
        let path = relative.split('/').fold(partial.to_owned(), |path, part| path.join(part));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|reason| file_error("create", folder, reason))?;
        }
        records.push(addition.write(&path, relative)?);
    }
    let manifest = Manifest {
        schema: RUN_SCHEMA.to_owned(),
        model: record.model,
        backend: None,
        seed: record.seed,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        stream_version: STREAM_VERSION,
        design: record.design,
        experiments: Vec::new(),
        n_runs: record.n_runs,
        complete: record.complete,
        files: records,
    };
    let path = partial.join(MANIFEST);
    let mut text = serde_json::to_string_pretty(&manifest)
        .map_err(|reason| Error::Manifest { path: path.clone(), reason })?;
    text.push('\n');
    write_new_file(&path, &text)
}

fn put_into_place(partial: &Path, target: &Path) -> Result<(), Error> {
    if !target.exists() {
        return fs::rename(partial, target).map_err(|reason| file_error("put into place", target, reason));
    }
    let aside = create_beside(target, "replaced")?;
    let replaced = aside.join("run");
    fs::rename(target, &replaced).map_err(|reason| file_error("move aside", target, reason))?;
    if let Err(reason) = fs::rename(partial, target) {
        // Best effort: the error below is the one that matters, and names the place.
        let _ = fs::rename(&replaced, target);
        let _ = fs::remove_dir(&aside);
        return Err(file_error("put into place", target, reason));
    }
    fs::remove_dir_all(&aside).map_err(|reason| Error::ReplacedRunLeft { path: aside, reason })
}
