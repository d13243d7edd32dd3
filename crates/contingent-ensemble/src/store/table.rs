//! One Parquet table, written column by column.
//!
//! Enters: named columns whose values are computed row by row. Leaves: one file. Always holds: columns are
//! int32, double or UTF-8 text, and flat; the bytes depend on nothing but the values and the version of the Parquet
//! library, so equal results are equal files.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type};

use crate::Error;
use crate::manifest::ColumnRecord;

/// Rows that readers can take up separately, and the bound on what is buffered here.
const ROW_GROUP_ROWS: usize = 1 << 17;

/// A column of a table.
pub(super) struct Column<'a> {
    pub(super) name: String,
    /// The unit of its numbers, `1` when they have none.
    pub(super) unit: String,
    pub(super) values: Values<'a>,
}

/// The value of a column in a row; none is written as null.
pub(super) enum Values<'a> {
    Position(Box<dyn Fn(usize) -> u32 + 'a>),
    TrueOrFalse(Box<dyn Fn(usize) -> Option<bool> + 'a>),
    Number(Box<dyn Fn(usize) -> f64 + 'a>),
    NumberOrNone(Box<dyn Fn(usize) -> Option<f64> + 'a>),
    IntegerOrNone(Box<dyn Fn(usize) -> Option<i32> + 'a>),
    Text(Box<dyn Fn(usize) -> &'a str + 'a>),
}

impl Values<'_> {
    fn physical_type(&self) -> PhysicalType {
        match self {
            Self::Position(_) | Self::TrueOrFalse(_) | Self::IntegerOrNone(_) => PhysicalType::INT32,
            Self::Number(_) | Self::NumberOrNone(_) => PhysicalType::DOUBLE,
            Self::Text(_) => PhysicalType::BYTE_ARRAY,
        }
    }

    fn logical_type(&self) -> Option<LogicalType> {
        matches!(self, Self::Text(_)).then_some(LogicalType::String)
    }

    fn repetition(&self) -> Repetition {
        match self {
            Self::Position(_) | Self::Number(_) | Self::Text(_) => Repetition::REQUIRED,
            Self::TrueOrFalse(_) | Self::NumberOrNone(_) | Self::IntegerOrNone(_) => Repetition::OPTIONAL,
        }
    }
}

impl Column<'_> {
    pub(super) fn record(&self) -> ColumnRecord {
        let physical_type = match self.values.physical_type() {
            PhysicalType::INT32 => "int32",
            PhysicalType::BYTE_ARRAY => "string",
            _ => "double",
        };
        ColumnRecord {
            name: self.name.clone(),
            physical_type: physical_type.to_owned(),
            unit: self.unit.clone(),
        }
    }
}

/// Writes a table to a new file.
pub(super) fn write_table(path: &Path, n_rows: usize, columns: &[Column<'_>]) -> Result<(), Error> {
    let mut table = TableWriter::create(path, columns)?;
    table.append(n_rows, columns)?;
    table.finish()
}

/// A table that is written in stretches of rows.
pub(super) struct TableWriter {
    path: PathBuf,
    writer: SerializedFileWriter<File>,
    n_rows: u64,
}

impl fmt::Debug for TableWriter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TableWriter").field("path", &self.path).finish_non_exhaustive()
    }
}

impl TableWriter {
    /// Begins a table with columns of these names and kinds.
    pub(super) fn create(path: &Path, columns: &[Column<'_>]) -> Result<Self, Error> {
        let file = File::create_new(path).map_err(|reason| Error::File {
            action: "create",
            path: path.to_owned(),
            reason,
        })?;
        let writer = begin(file, columns).map_err(|reason| Error::Table { path: path.to_owned(), reason })?;
        Ok(Self { path: path.to_owned(), writer, n_rows: 0 })
    }

    /// Writes rows; the columns are those that the table was begun with, row 0 of theirs comes next.
    pub(super) fn append(&mut self, n_rows: usize, columns: &[Column<'_>]) -> Result<(), Error> {
        append(&mut self.writer, n_rows, columns)
            .map_err(|reason| Error::Table { path: self.path.clone(), reason })?;
        self.n_rows += n_rows as u64;
        Ok(())
    }

    /// Rows written so far.
    pub(super) fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Where it is written.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Closes the file.
    pub(super) fn finish(self) -> Result<(), Error> {
        let path = self.path;
        let file = self.writer.into_inner().map_err(|reason| Error::Table { path: path.clone(), reason })?;
        file.sync_all().map_err(|reason| Error::File { action: "finish", path, reason })
    }
}

fn begin(file: File, columns: &[Column<'_>]) -> Result<SerializedFileWriter<File>, ParquetError> {
    let mut fields = Vec::with_capacity(columns.len());
    // Coordinates of rows rise by constant steps; measured numbers rarely repeat but share their high bytes;
    // a column of few whole numbers is left to the dictionary, which packs it into bits.
    let mut properties = WriterProperties::builder()
        .set_created_by("contingent".to_owned())
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Page);
    for column in columns {
        let field = Type::primitive_type_builder(&column.name, column.values.physical_type())
            .with_repetition(column.values.repetition())
            .with_logical_type(column.values.logical_type())
            .build()?;
        fields.push(Arc::new(field));
        let encoding = match column.values {
            Values::Position(_) => Encoding::DELTA_BINARY_PACKED,
            Values::TrueOrFalse(_) | Values::IntegerOrNone(_) | Values::Text(_) => continue,
            Values::Number(_) | Values::NumberOrNone(_) => Encoding::BYTE_STREAM_SPLIT,
        };
        let path = ColumnPath::from(vec![column.name.clone()]);
        properties =
            properties.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding);
    }
    let schema = Type::group_type_builder("contingent").with_fields(fields).build()?;
    SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties.build()))
}

fn append(
    writer: &mut SerializedFileWriter<File>,
    n_rows: usize,
    columns: &[Column<'_>],
) -> Result<(), ParquetError> {
    for first_row in (0..n_rows).step_by(ROW_GROUP_ROWS) {
        let rows = first_row..n_rows.min(first_row + ROW_GROUP_ROWS);
        let mut group = writer.next_row_group()?;
        for column in columns {
            let mut place = group.next_column()?.expect("the schema has a field per column");
            match &column.values {
                Values::Position(value) => {
                    let int32 = |row| i32::try_from(value(row)).expect("positions were checked at the start");
                    let values: Vec<i32> = rows.clone().map(int32).collect();
                    place.typed::<Int32Type>().write_batch(&values, None, None)?;
                }
                Values::TrueOrFalse(value) => {
                    let values = rows.clone().map(|row| value(row).map(i32::from));
                    write_present::<Int32Type>(&mut place, values)?;
                }
                Values::Number(value) => {
                    let values: Vec<f64> = rows.clone().map(value).collect();
                    place.typed::<DoubleType>().write_batch(&values, None, None)?;
                }
                Values::IntegerOrNone(value) => {
                    write_present::<Int32Type>(&mut place, rows.clone().map(value))?;
                }
                Values::Text(value) => {
                    let values: Vec<ByteArray> =
                        rows.clone().map(|row| ByteArray::from(value(row))).collect();
                    place.typed::<ByteArrayType>().write_batch(&values, None, None)?;
                }
                Values::NumberOrNone(value) => {
                    write_present::<DoubleType>(&mut place, rows.clone().map(value))?;
                }
            }
            place.close()?;
        }
        group.close()?;
    }
    Ok(())
}

/// Writes the values that are there, and a definition level of 1 for each of them and 0 for each that is not.
fn write_present<T: DataType>(
    place: &mut SerializedColumnWriter<'_>,
    values: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let mut levels = Vec::new();
    let mut present = Vec::new();
    for value in values {
        levels.push(i16::from(value.is_some()));
        present.extend(value);
    }
    place.typed::<T>().write_batch(&present, Some(&levels), None)?;
    Ok(())
}
