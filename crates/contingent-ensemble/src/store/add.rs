//! Adding what an analysis found to a run directory that stands.
//!
//! Enters: a run directory and files to be. Leaves: the files in it, and a manifest that lists them. Always holds: each
//! file is written aside and renamed into place, the manifest last; a file that stood at its place is replaced, and no
//! draw, run or trajectory ever is.

use std::fs;
use std::path::{Component, Path};

use super::table::{Column, Values, write_table};
use super::{MANIFEST, file_error, read_manifest, write_new_file};
use crate::Error;
use crate::manifest::FileRecord;

/// A column of whole numbers, one per row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegerColumn {
    /// Name.
    pub name: String,
    /// One value per row; none is written as null.
    pub values: Vec<Option<i32>>,
}

/// A column of a table of an analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct TableColumn {
    /// Name.
    pub name: String,
    /// The unit of its numbers, `1` when they have none.
    pub unit: String,
    /// One value per row.
    pub values: TableValues,
}

/// The values of a column; none is written as null.
#[derive(Clone, Debug, PartialEq)]
pub enum TableValues {
    /// Texts.
    Text(Vec<String>),
    /// Numbers.
    Number(Vec<Option<f64>>),
    /// Whole numbers.
    Integer(Vec<Option<i32>>),
}

impl TableValues {
    fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Integer(values) => values.len(),
        }
    }
}

/// A file of an analysis.
#[derive(Clone, Debug)]
pub enum Addition {
    /// A text, such as JSON.
    Text(String),
    /// Bytes as they are, such as a picture.
    Bytes(Vec<u8>),
    /// A Parquet table of whole numbers; its columns have the same number of rows.
    Integers(Vec<IntegerColumn>),
    /// A Parquet table; its columns have the same number of rows.
    Table(Vec<TableColumn>),
}

/// Folders that hold what was run, into which nothing is added.
const OF_THE_RUN: [&str; 4] = ["draws", "runs", "series", "trajectories"];

/// Adds files, each at a path inside the directory with `/` between its parts.
pub fn add_to_run(directory: &Path, additions: &[(String, Addition)]) -> Result<(), Error> {
    let mut manifest = read_manifest(directory)?;
    for (relative, addition) in additions {
        check_place(relative)?;
        let path = relative.split('/').fold(directory.to_owned(), |path, part| path.join(part));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|reason| file_error("create", folder, reason))?;
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".partial-{}", std::process::id()));
        let partial = path.with_file_name(name);
        let written = addition.write(&partial, relative).and_then(|record| {
            fs::rename(&partial, &path).map_err(|reason| file_error("put into place", &path, reason))?;
            Ok(record)
        });
        if written.is_err() {
            // Best effort: the error below is the one that matters.
            let _ = fs::remove_file(&partial);
        }
        let record = written?;
        manifest.files.retain(|file| file.path != *relative);
        manifest.files.push(record);
    }
    let path = directory.join(MANIFEST);
    let partial = directory.join(format!("{MANIFEST}.partial-{}", std::process::id()));
    let mut text = serde_json::to_string_pretty(&manifest)
        .map_err(|reason| Error::Manifest { path: path.clone(), reason })?;
    text.push('\n');
    let written = write_new_file(&partial, &text).and_then(|()| {
        fs::rename(&partial, &path).map_err(|reason| file_error("put into place", &path, reason))
    });
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written
}

/// Fails when a path leaves the directory or would replace what was run.
pub(super) fn check_place(relative: &str) -> Result<(), Error> {
    let mut parts = Path::new(relative).components();
    let first = parts.clone().next();
    let stays_inside = !relative.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)));
    let is_of_the_run =
        matches!(first, Some(Component::Normal(part)) if OF_THE_RUN.iter().any(|folder| part == *folder));
    if stays_inside && !is_of_the_run && relative != MANIFEST {
        Ok(())
    } else {
        Err(Error::TextOutside { relative: relative.to_owned() })
    }
}

impl Addition {
    /// Writes a new file and describes it.
    pub(super) fn write(&self, path: &Path, relative: &str) -> Result<FileRecord, Error> {
        let (n_rows, columns) = match self {
            Self::Text(text) => {
                write_new_file(path, text)?;
                (None, Vec::new())
            }
            Self::Bytes(bytes) => {
                write_new_file(path, bytes)?;
                (None, Vec::new())
            }
            Self::Integers(columns) => {
                let n_rows = columns.first().map_or(0, |column| column.values.len());
                assert!(columns.iter().all(|column| column.values.len() == n_rows), "one value per row");
                let columns: Vec<Column<'_>> = columns
                    .iter()
                    .map(|column| Column {
                        name: column.name.clone(),
                        unit: "1".to_owned(),
                        values: Values::IntegerOrNone(Box::new(|row| column.values[row])),
                    })
                    .collect();
                write_table(path, n_rows, &columns)?;
                (Some(n_rows as u64), columns.iter().map(Column::record).collect())
            }
            Self::Table(columns) => {
                let n_rows = columns.first().map_or(0, |column| column.values.len());
                assert!(columns.iter().all(|column| column.values.len() == n_rows), "one value per row");
                let columns: Vec<Column<'_>> = columns
                    .iter()
                    .map(|column| Column {
                        name: column.name.clone(),
                        unit: column.unit.clone(),
                        values: match &column.values {
                            TableValues::Text(values) => Values::Text(Box::new(|row| &values[row])),
                            TableValues::Number(values) => Values::NumberOrNone(Box::new(|row| values[row])),
                            TableValues::Integer(values) => {
                                Values::IntegerOrNone(Box::new(|row| values[row]))
                            }
                        },
                    })
                    .collect();
                write_table(path, n_rows, &columns)?;
                (Some(n_rows as u64), columns.iter().map(Column::record).collect())
            }
        };
        let n_bytes =
            fs::metadata(path).map_err(|reason| file_error("read the size of", path, reason))?.len();
        Ok(FileRecord { path: relative.to_owned(), n_bytes, n_rows, columns })
    }
}
