//! Tables of numbers: the text of a CSV file as rows of cells.
//!
//! Enters: the text of a file. Leaves: a [`Table`], and the place of any of its cells in the text. Always
//! holds: cells are trimmed of spaces; rows without anything in them are left out; rows may have any number
//! of cells, which the reader of the table judges.

use std::collections::HashMap;

use contingent_syntax::{FileId, Span};
use csv::StringRecord;

/// Largest data file, in bytes.
pub(crate) const MAX_BYTES: usize = 16 * 1024 * 1024;

/// What spreadsheets put before a text to mark it as UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A table with a header.
#[derive(Debug)]
pub(crate) struct Table {
    /// The file.
    file: FileId,
    /// Bytes before the first that is read.
    offset: usize,
    /// The header: names of the columns.
    pub(crate) header: StringRecord,
    /// The rows below it.
    pub(crate) rows: Vec<StringRecord>,
    /// The columns of each header.
    columns: HashMap<String, Vec<usize>>,
}

impl Table {
    /// Reads a text; says in words why it is no table.
    pub(crate) fn read(file: FileId, text: &str) -> Result<Self, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("it is larger than {} MiB", MAX_BYTES / (1024 * 1024)));
        }
        let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let offset = text.len() - body.len();
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(body.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            if record.iter().any(|cell| !cell.is_empty()) {
                rows.push(record);
            }
        }
        if rows.is_empty() {
            return Err("it is empty".to_owned());
        }
        let header = rows.remove(0);
        if rows.is_empty() {
            return Err("it has no row below its header".to_owned());
        }
        let mut columns: HashMap<String, Vec<usize>> = HashMap::new();
        for (position, text) in header.iter().enumerate() {
            columns.entry(text.to_owned()).or_default().push(position);
        }
        Ok(Self { file, offset, header, rows, columns })
    }

    /// The columns with exactly this header.
    pub(crate) fn columns_named(&self, header: &str) -> &[usize] {
        self.columns.get(header).map_or(&[], Vec::as_slice)
    }

    /// The place of a cell of a row, with its quotes; of the whole row when it has no such cell.
    pub(crate) fn cell_span(&self, text: &str, row: &StringRecord, column: usize) -> Span {
        let bytes = text.as_bytes();
        let mut start = self.row_start(text, row);
        let whole = start;
        for position in 0.. {
            let end = cell_end(bytes, start);
            if position == column {
                return self.span(text, start, end);
            }
            if bytes.get(end) != Some(&b',') {
                return self.span(text, whole, end);
            }
            start = end + 1;
        }
        self.span(text, whole, whole)
    }

    /// The line of a row in the file, from 1.
    pub(crate) fn line(&self, text: &str, row: &StringRecord) -> usize {
        let start = self.row_start(text, row);
        text.get(..start).unwrap_or(text).matches('\n').count() + 1
    }

    /// The first byte of a row. The position of a record is where the one before it ended: line ends and blank
    /// lines between them are skipped.
    fn row_start(&self, text: &str, row: &StringRecord) -> usize {
        let start = row.position().map_or(0, |position| position.byte() as usize) + self.offset;
        let bytes = &text.as_bytes()[start.min(text.len())..];
        start.min(text.len()) + bytes.iter().take_while(|&&byte| matches!(byte, b'\r' | b'\n')).count()
    }

    /// A span without the spaces at its ends.
    fn span(&self, text: &str, start: usize, end: usize) -> Span {
        let cell = text.get(start..end).unwrap_or("");
        let before = cell.len() - cell.trim_start().len();
        let length = cell.trim().len();
        let start = if length == 0 { start } else { start + before };
        Span::new(self.file, start as u32, (start + length) as u32)
    }
}

/// The end of the cell that begins at `start`: a comma, a line end or the end of the text.
fn cell_end(bytes: &[u8], start: usize) -> usize {
    let mut i = start;
    if bytes.get(i) == Some(&b'"') {
        i += 1;
        while i < bytes.len() {
            match (bytes[i], bytes.get(i + 1)) {
                (b'"', Some(b'"')) => i += 2,
                (b'"', _) => {
                    i += 1;
                    break;
                }
                _ => i += 1,
            }
        }
    }
    while i < bytes.len() && !matches!(bytes[i], b',' | b'\r' | b'\n') {
        i += 1;
    }
    i
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_in_the_text() {
        let text = "\u{feff}date, \"a, b\",c\r\n\r\n2021-01-01,\"1,5\" ,  2  \r\n,,\r\n2021-02-01,\"say \"\"x\"\"\",\n2021-03-01,7";
        let table = Table::read(FileId(3), text).expect("a table");
        assert_eq!(table.header.iter().collect::<Vec<_>>(), ["date", "\"a", "b\"", "c"]);
        let cells = |row: usize| -> Vec<&str> {
            (0..table.rows[row].len())
                .map(|column| {
                    let span = table.cell_span(text, &table.rows[row], column);
                    assert_eq!(span.file, FileId(3));
                    &text[span.start as usize..span.end as usize]
                })
                .collect()
        };
        assert_eq!(table.rows.len(), 3);
        assert_eq!(cells(0), ["2021-01-01", "\"1,5\"", "2"]);
        assert_eq!(cells(1), ["2021-02-01", "\"say \"\"x\"\"\"", ""]);
        assert_eq!(table.rows[1].get(1), Some("say \"x\""));
        assert_eq!(cells(2), ["2021-03-01", "7"]);
        let lines: Vec<usize> = table.rows.iter().map(|row| table.line(text, row)).collect();
        assert_eq!(lines, [3, 5, 6]);
        let beyond = table.cell_span(text, &table.rows[2], 5);
        assert_eq!(&text[beyond.start as usize..beyond.end as usize], "2021-03-01,7");
    }

    #[test]
    fn what_is_no_table_is_refused_in_words() {
        assert!(Table::read(FileId(0), "").unwrap_err().contains("empty"));
        assert!(Table::read(FileId(0), "\u{feff}\r\n , \n").unwrap_err().contains("empty"));
        assert!(Table::read(FileId(0), "a,b\n").unwrap_err().contains("header"));
        assert!(Table::read(FileId(0), &"x".repeat(MAX_BYTES + 1)).unwrap_err().contains("16 MiB"));
    }
}
