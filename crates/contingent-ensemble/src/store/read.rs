//! Reading a run directory back: the draws and outcomes of one of its experiments.
//!
//! Enters: a run directory and the names of a view and a policy. Leaves: a [`StoredExperiment`], numbers in shown units as
//! they lie on the disk. Always holds: columns are found by the manifest; a null of an outcome is not-a-number.

use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};

use super::read_manifest;
use crate::manifest::{ExperimentRecord, FileRecord, Manifest};
use crate::{Design, Error};

/// A column as it lies on the disk.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredColumn {
    /// Name.
    pub name: String,
    /// Unit of its numbers, `1` when they have none.
    pub unit: String,
    /// One value per row, in shown units; not-a-number where the table has none.
    pub values: Vec<f64>,
}

/// One experiment of a run directory.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredExperiment {
    /// What the run directory says of itself.
    pub manifest: Manifest,
    /// Which of its experiments this is.
    pub record: ExperimentRecord,
    /// One column per element of every assumption, a row per draw of the design.
    pub assumptions: Vec<StoredColumn>,
    /// One column per outcome, then per observation the logarithm of its likelihood, a row per finished run.
    pub outcomes: Vec<StoredColumn>,
}

impl StoredExperiment {
    /// The design behind the runs.
    pub fn design(&self) -> Design {
        Design {
            seed: self.manifest.seed,
            n_draws: self.manifest.design.n_draws,
            n_replications: self.manifest.design.n_replications,
        }
    }
}

/// Reads one experiment. Fails when the directory holds no such experiment, or when a table is not what the manifest says.
pub fn read_experiment(directory: &Path, view: &str, policy: &str) -> Result<StoredExperiment, Error> {
    let manifest = read_manifest(directory)?;
    let of_this = |record: &&ExperimentRecord| record.view == view && record.policy == policy;
    let Some(record) = manifest.experiments.iter().find(of_this).cloned() else {
        let known = manifest
            .experiments
            .iter()
            .map(|record| format!("view `{}` with policy `{}`", record.view, record.policy))
            .collect();
        return Err(Error::ExperimentMissing { view: view.to_owned(), policy: policy.to_owned(), known });
    };
    let draws = format!("draws/view={view}/");
    let runs = format!("runs/view={view}/policy={policy}/");
    let assumptions = read_tables(directory, &manifest, &draws, &["draw"])?;
    let outcomes = read_tables(directory, &manifest, &runs, &["draw", "replication"])?;
    Ok(StoredExperiment { manifest, record, assumptions, outcomes })
}

/// The columns of the indicators of one experiment, a row per kept run and time, run after run; none when no trajectory
/// was kept. Fails when a table is not what the manifest says.
pub fn read_trajectories(directory: &Path, view: &str, policy: &str) -> Result<Vec<StoredColumn>, Error> {
    let manifest = read_manifest(directory)?;
    let folder = format!("trajectories/view={view}/policy={policy}/");
    read_tables(directory, &manifest, &folder, &["draw", "replication", "step", "time"])
}

/// The columns of the tables in a folder, one below the other, without those that only count rows.
fn read_tables(
    directory: &Path,
    manifest: &Manifest,
    folder: &str,
    without: &[&str],
) -> Result<Vec<StoredColumn>, Error> {
    let mut columns: Vec<StoredColumn> = Vec::new();
    for file in manifest.files.iter().filter(|file| file.path.starts_with(folder)) {
        let path = file.path.split('/').fold(directory.to_owned(), |path, part| path.join(part));
        let of_file = read_table(&path, file)?;
        if columns.is_empty() {
            columns = of_file;
        } else {
            for (column, more) in columns.iter_mut().zip(of_file) {
                column.values.extend(more.values);
            }
        }
    }
    columns.retain(|column| !without.contains(&column.name.as_str()));
    Ok(columns)
}

fn read_table(path: &Path, record: &FileRecord) -> Result<Vec<StoredColumn>, Error> {
    let file = File::open(path).map_err(|reason| super::file_error("open", path, reason))?;
    let unreadable = |reason: ParquetError| Error::UnreadableTable { path: PathBuf::from(path), reason };
    let columns = read_columns(file).map_err(unreadable)?;
    let as_described = columns.len() == record.columns.len()
        && columns.iter().zip(&record.columns).all(|((name, values), described)| {
            *name == described.name && Some(values.len() as u64) == record.n_rows
        });
    if !as_described {
        return Err(unreadable(ParquetError::General(
            "its columns or rows are not those of the manifest".to_owned(),
        )));
    }
    Ok(columns
        .into_iter()
        .zip(&record.columns)
        .map(|((name, values), described)| StoredColumn { name, unit: described.unit.clone(), values })
        .collect())
}

fn read_columns(file: File) -> Result<Vec<(String, Vec<f64>)>, ParquetError> {
    let reader = SerializedFileReader::new(file)?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let mut columns: Vec<(String, Vec<f64>)> =
        schema.columns().iter().map(|column| (column.name().to_owned(), Vec::new())).collect();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let n_rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        for (place, (_, values)) in columns.iter_mut().enumerate() {
            match group.get_column_reader(place)? {
                ColumnReader::Int32ColumnReader(column) => {
                    read_values(column, n_rows, values, f64::from)?;
                }
                ColumnReader::DoubleColumnReader(column) => {
                    read_values(column, n_rows, values, |value| value)?;
                }
                _ => return Err(ParquetError::General("a column is neither int32 nor double".to_owned())),
            }
        }
    }
    Ok(columns)
}

fn read_values<T: DataType>(
    mut column: ColumnReaderImpl<T>,
    n_rows: usize,
    values: &mut Vec<f64>,
    to_number: impl Fn(T::T) -> f64,
) -> Result<(), ParquetError> {
    let (mut levels, mut present) = (Vec::new(), Vec::new());
    let mut n_read = 0;
    while n_read < n_rows {
        let (n_records, ..) = column.read_records(n_rows - n_read, Some(&mut levels), None, &mut present)?;
        if n_records == 0 {
            break;
        }
        n_read += n_records;
    }
    // A column in which every row has a value carries no levels.
    if levels.is_empty() {
        values.extend(present.into_iter().map(to_number));
    } else {
        let mut present = present.into_iter();
        values.extend(
            levels.iter().map(|&level| {
                if level == 0 { f64::NAN } else { present.next().map_or(f64::NAN, &to_number) }
            }),
        );
    }
    Ok(())
}
