//! A council from a table in the format of the KAPSARC Toolkit.
//!
//! Enters: the text of a CSV file. Leaves: a [`Table`]. Always holds: a mistake names its line, its member and its column; positions
//! and saliences are in hundredths, as the file gives them.
//!
//! The first line gives a name, a description, the number of members and the number of dimensions. The second names the
//! columns: actor, description, power, then position and salience for each dimension. A line for each member follows.

use std::fmt;

use contingent_engine::council::{Council, CouncilError};

/// What the table says.
#[derive(Debug)]
pub struct Table {
    /// What is decided.
    pub title: String,
    /// More about it; may be empty.
    pub description: String,
    /// The dimensions, by the names of their columns of positions.
    pub dimensions: Vec<String>,
    /// The members.
    pub members: Vec<Member>,
    /// The same as numbers.
    pub council: Council,
}

/// A line of the table.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// More about it; may be empty.
    pub description: String,
    /// What it can bring to bear.
    pub capability: f64,
    /// Where it stands on each dimension, from 0 to 100.
    pub positions: Vec<f64>,
    /// How much it cares about each dimension, from 0 to 100.
    pub saliences: Vec<f64>,
}

/// Why a file is not such a table.
#[derive(Debug)]
pub struct TableError {
    /// The line, from 1; none where the file as a whole is meant.
    pub line: Option<u64>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for TableError {}

const FORMAT: &str =
    "the first line gives a name, a description, the number of members and the number of dimensions";

impl Table {
    /// Reads a table.
    ///
    /// # Errors
    /// The first mistake, with its line.
    pub fn read(text: &str) -> Result<Self, TableError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes())
            .into_records();
        let mut next = || -> Result<Option<Line>, TableError> {
            let record = lines.next().transpose().map_err(|error| TableError {
                line: error.position().map(csv::Position::line),
                message: format!("this cannot be read: {error}"),
            })?;
            Ok(record.as_ref().map(Line::new))
        };
        let missing = |message: &str| TableError { line: None, message: message.to_owned() };
        let head = next()?.ok_or_else(|| missing(&format!("the file is empty; {FORMAT}")))?;
        let title = head.text(0).to_owned();
        let n_members = head.count(2, "the number of members")?;
        let n_dimensions = head.count(3, "the number of dimensions")?;
        head.ends_after(4, FORMAT)?;
        let columns =
            next()?.ok_or_else(|| missing("the second line, with the names of the columns, is missing"))?;
        let n_columns = 3 + 2 * n_dimensions;
        let explained = format!(
            "actor, description and power, then a position and a salience for each of {n_dimensions} dimensions"
        );
        columns.has(n_columns, &explained)?;
        columns.ends_after(n_columns, &explained)?;
        let dimensions: Vec<String> =
            (0..n_dimensions).map(|dimension| columns.text(3 + 2 * dimension).to_owned()).collect();
        let mut members: Vec<Member> = Vec::new();
        let mut numbers_of_lines = Vec::new();
        while let Some(line) = next()? {
            if line.fields.is_empty() {
                continue;
            }
            let member = line.member(n_dimensions, &columns)?;
            if members.len() == n_members {
                return Err(line.wrong(format!(
                    "`{}` is one member more than the {n_members} that the first line announces",
                    member.name
                )));
            }
            if members.iter().any(|other| other.name == member.name) {
                return Err(
                    line.wrong(format!("`{}` is a member already; names tell members apart", member.name))
                );
            }
            numbers_of_lines.push(line.number);
            members.push(member);
        }
        if members.len() < n_members {
            return Err(missing(&format!(
                "the first line announces {n_members} members, but there are {}",
                members.len()
            )));
        }
        let council =
            council(&members).map_err(|error| named(&error, &members, &dimensions, &numbers_of_lines))?;
        Ok(Self { title, description: head.text(1).to_owned(), dimensions, members, council })
    }

    /// Where the members stand, one row a member and one column a dimension, on 0 to 1.
    pub fn positions(&self) -> Vec<f64> {
        self.members
            .iter()
            .flat_map(|member| member.positions.iter().map(|position| position / 100.0))
            .collect()
    }
}

fn council(members: &[Member]) -> Result<Council, CouncilError> {
    let council = Council::new(
        members.iter().map(|member| member.capability).collect(),
        members.iter().flat_map(|member| member.saliences.iter().map(|salience| salience / 100.0)).collect(),
    )?;
    let positions: Vec<f64> =
        members.iter().flat_map(|member| member.positions.iter().map(|position| position / 100.0)).collect();
    council.check_positions(&positions)?;
    Ok(council)
}

/// The mistake in the words of the file.
fn named(error: &CouncilError, members: &[Member], dimensions: &[String], lines: &[u64]) -> TableError {
    let at = |member: usize, message: String| TableError {
        line: Some(lines[member]),
        message: format!("`{}`: {message}", members[member].name),
    };
    let hundredths = |value: f64| (value * 1e8).round() / 1e6;
    match *error {
        CouncilError::TooFew | CouncilError::TooMany { .. } => {
            TableError { line: None, message: error.to_string() }
        }
        CouncilError::Capability { member, value } => {
            at(member, format!("power must be a positive number, not {value}; leave out who has none"))
        }
        CouncilError::Salience { member, dimension, value } => at(
            member,
            format!(
                "salience on `{}` must lie from 0 to 100, not at {}",
                dimensions[dimension],
                hundredths(value)
            ),
        ),
        CouncilError::TotalSalience { member, total } => at(
            member,
            format!(
                "saliences over all dimensions must sum to more than 0 and at most 100, not to {}",
                hundredths(total)
            ),
        ),
        CouncilError::Position { member, dimension, value } => at(
            member,
            format!(
                "position on `{}` must lie from 0 to 100, not at {}",
                dimensions[dimension],
                hundredths(value)
            ),
        ),
    }
}

/// A line that is being read.
struct Line {
    number: u64,
    fields: Vec<String>,
}

impl Line {
    /// Fields may end with a comma, and a line of commas is an empty one.
    fn new(record: &csv::StringRecord) -> Self {
        let number = record.position().map_or(0, csv::Position::line);
        let mut fields: Vec<String> = record.iter().map(str::to_owned).collect();
        while fields.last().is_some_and(String::is_empty) {
            fields.pop();
        }
        Self { number, fields }
    }

    fn wrong(&self, message: String) -> TableError {
        TableError { line: Some(self.number), message }
    }

    fn text(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", String::as_str)
    }

    fn has(&self, n_columns: usize, explained: &str) -> Result<(), TableError> {
        if self.fields.len() >= n_columns {
            return Ok(());
        }
        Err(self
            .wrong(format!("{} columns, where there should be {n_columns}: {explained}", self.fields.len())))
    }

    fn ends_after(&self, n_columns: usize, explained: &str) -> Result<(), TableError> {
        match self.fields.get(n_columns) {
            None => Ok(()),
            Some(more) => Err(self.wrong(format!("`{more}` is one column too many: {explained}"))),
        }
    }

    fn count(&self, column: usize, what: &str) -> Result<usize, TableError> {
        let text = self.text(column);
        match text.parse() {
            Ok(count) if (1..=10_000).contains(&count) => Ok(count),
            _ => Err(self.wrong(format!("`{text}` is not {what}, a whole number from 1; {FORMAT}"))),
        }
    }

    fn number_at(&self, column: usize, columns: &Line) -> Result<f64, TableError> {
        let text = self.text(column);
        text.parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(|| {
            self.wrong(format!(
                "`{}`: `{text}` in column {} (`{}`) is not a number",
                self.text(0),
                column + 1,
                columns.text(column)
            ))
        })
    }

    fn member(&self, n_dimensions: usize, columns: &Line) -> Result<Member, TableError> {
        let n_columns = 3 + 2 * n_dimensions;
        if self.text(0).is_empty() {
            return Err(self.wrong("a member without a name".to_owned()));
        }
        let explained = "a line for each member, with a value in every column";
        self.has(n_columns, explained)?;
        self.ends_after(n_columns, explained)?;
        let every_second = |first: usize| -> Result<Vec<f64>, TableError> {
            (0..n_dimensions).map(|dimension| self.number_at(first + 2 * dimension, columns)).collect()
        };
        Ok(Member {
            name: self.text(0).to_owned(),
            description: self.text(1).to_owned(),
            capability: self.number_at(2, columns)?,
            positions: every_second(3)?,
            saliences: every_second(4)?,
        })
    }
}
