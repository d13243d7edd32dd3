//! The file of figures of a model.
//!
//! Enters: the text of `figures.csv` with the columns `name`, `measure`, `at`, `view`, `expected`, `allowed`, `origin`
//! and `note`. Leaves: a [`Figure`] a line. Always holds: every line has a number, how far the model may be from it, and
//! where it comes from; there is at least one.

/// What is taken of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The value at a time, with chance replaced by its expectation.
    Value,
    /// The least value of all steps, likewise.
    Least,
    /// The greatest value of all steps, likewise.
    Greatest,
    /// The first time at which a condition holds, likewise.
    First,
    /// The mean over runs at a time; `allowed` counts standard errors.
    Mean,
    /// The variance over runs at a time; `allowed` counts standard errors.
    Variance,
    /// The share of runs in which a condition holds at a time; `allowed` counts standard errors.
    Share,
}

impl Measure {
    /// All of them, with their names in the file.
    const NAMES: [(&'static str, Self); 7] = [
        ("value", Self::Value),
        ("least", Self::Least),
        ("greatest", Self::Greatest),
        ("first", Self::First),
        ("mean", Self::Mean),
        ("variance", Self::Variance),
        ("share", Self::Share),
    ];

    /// Whether it is estimated from runs with chance.
    pub fn is_of_chance(self) -> bool {
        matches!(self, Self::Mean | Self::Variance | Self::Share)
    }

    /// Whether it is taken at one time.
    pub fn has_time(self) -> bool {
        self == Self::Value || self.is_of_chance()
    }

    /// Its name in the file.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, measure)| *measure == self).map_or("", |(name, _)| name)
    }
}

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is printed in the source.
    Published,
    /// It follows from the equations by another way than running them.
    Derived,
    /// It is known to whoever wrote the model, and was not checked against the source.
    FromMemory,
}

impl Origin {
    /// Its name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Derived => "derived",
            Self::FromMemory => "from memory",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Published, Self::Derived, Self::FromMemory].into_iter().find(|origin| origin.name() == name)
    }
}

/// A number that is known of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Line in the file, from 1.
    pub line: u64,
    /// What it is of: an element of a variable, as `contingent simulate --csv` names it without labels.
    pub name: String,
    /// What is taken of it.
    pub measure: Measure,
    /// When, in the time unit of the model since its start.
    pub at: Option<f64>,
    /// Under which view.
    pub view: Option<String>,
    /// The number, in the unit that is shown.
    pub expected: f64,
    /// How far the model may be from it; standard errors where it is estimated.
    pub allowed: f64,
    /// Where the number comes from.
    pub origin: Origin,
    /// How it was found, in words.
    pub note: String,
}

/// The columns, in their order.
const COLUMNS: [&str; 8] = ["name", "measure", "at", "view", "expected", "allowed", "origin", "note"];

/// Reads a file of figures.
pub(super) fn read(text: &str) -> Result<Vec<Figure>, String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| error.to_string())?;
    if headers.iter().ne(COLUMNS) {
        return Err(format!("its first line must be `{}`", COLUMNS.join(",")));
    }
    let mut figures = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        figures.push(figure(&record, line).map_err(|why| format!("line {line}: {why}"))?);
    }
    if figures.is_empty() {
        return Err("it has no figures".to_owned());
    }
    Ok(figures)
}

fn figure(record: &csv::StringRecord, line: u64) -> Result<Figure, String> {
    let cell = |column: usize| record.get(column).unwrap_or_default();
    let number = |column: usize| -> Result<f64, String> {
        let number = cell(column).parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| format!("`{}` must be a number, and is `{}`", COLUMNS[column], cell(column)))
    };
    let known = Measure::NAMES.iter().find(|(name, _)| *name == cell(1));
    let measure = known.map(|&(_, measure)| measure).ok_or_else(|| {
        let names: Vec<&str> = Measure::NAMES.iter().map(|(name, _)| *name).collect();
        format!("there is no measure `{}`; there are {}", cell(1), names.join(", "))
    })?;
    let at = if measure.has_time() {
        Some(number(2)?)
    } else if cell(2).is_empty() {
        None
    } else {
        return Err(format!("`{}` is taken over all steps: leave `at` empty", measure.name()));
    };
    let origin = Origin::named(cell(6)).ok_or_else(|| {
        format!("`origin` is `published`, `derived` or `from memory`, and here is `{}`", cell(6))
    })?;
    if cell(7).is_empty() {
        return Err("`note` must say how the figure was found".to_owned());
    }
    let allowed = number(5)?;
    if allowed < 0.0 {
        return Err("`allowed` must not be below zero".to_owned());
    }
    Ok(Figure {
        line,
        name: cell(0).to_owned(),
        measure,
        at,
        view: Some(cell(3)).filter(|view| !view.is_empty()).map(str::to_owned),
        expected: number(4)?,
        allowed,
        origin,
        note: cell(7).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "name,measure,at,view,expected,allowed,origin,note\n";

    #[test]
    fn a_line_is_read_with_its_time_view_and_origin() {
        let figures = read(&format!(
            "{HEADER}x,mean,5,slow,2.5,3,derived,By hand\ny,least,,,1,0.1,published,Table 1\n"
        ));
        let figures = figures.expect("it reads");
        assert_eq!(
            (figures[0].at, figures[0].view.as_deref(), figures[0].line),
            (Some(5.0), Some("slow"), 2)
        );
        assert_eq!((figures[1].measure, figures[1].origin), (Measure::Least, Origin::Published));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, reason) in [
            ("name,value\n", "first line"),
            (HEADER, "no figures"),
            (&format!("{HEADER}x,median,5,,1,1,derived,n\n"), "line 2: there is no measure `median`"),
            (&format!("{HEADER}x,value,,,1,1,derived,n\n"), "line 2: `at` must be a number"),
            (&format!("{HEADER}x,least,5,,1,1,derived,n\n"), "leave `at` empty"),
            (&format!("{HEADER}x,value,5,,NaN,1,derived,n\n"), "`expected` must be a number"),
            (&format!("{HEADER}x,value,5,,1,-1,derived,n\n"), "below zero"),
            (&format!("{HEADER}x,value,5,,1,1,guessed,n\n"), "`origin` is"),
            (&format!("{HEADER}x,value,5,,1,1,derived,\n"), "`note` must say"),
        ] {
            let error = read(text).expect_err("it is refused");
            assert!(error.contains(reason), "{error} does not say {reason}");
        }
    }
}
