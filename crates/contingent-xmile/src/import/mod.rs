//! From a flat model to the text of the language.
//!
//! Enters: the text of a file and its name. Leaves: an [`Imported`] model: the text, laid out, and the report. Always
//! holds: the text passes the checker, or nothing is given; names of the file stand as labels where the language needs
//! other ones.

mod layout;
mod limits;
mod variable;

use std::collections::HashMap;
use std::fmt;
use std::fmt::Write as _;

use crate::document::{self, Dimension, Document};
use crate::equation::{Equation, canonical};
use crate::flat::{Flat, Variable, flatten, shown};
use crate::names::Identifiers;
use crate::report::{Note, Report, Weight};
use crate::translate::{Place, Subscript, Text, Translator, written};
use crate::units::Units;
use crate::xml::XmlError;
use layout::{Line, Section, documented, quoted};
use limits::Limits;

/// A model in the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The text, laid out.
    pub text: String,
    /// What became of each part.
    pub report: Report,
}

/// Why a file gives no model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// It is no XMILE.
    Unreadable(XmlError),
    /// Something in it cannot be carried over; the report says what.
    Refused(Report),
    /// The text that was made has mistakes that the import did not foresee.
    Mistaken {
        /// The first mistake, in words.
        mistake: String,
        /// The report so far.
        report: Report,
    },
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::Refused(report) => f.write_str(report.to_text().trim_end()),
            Self::Mistaken { mistake, .. } => {
                write!(f, "what the file says is not possible in the language: {mistake}")
            }
        }
    }
}

impl std::error::Error for ImportError {}

/// Makes a model in the language of the text of an XMILE file. `file` is what the file is called in the model.
///
/// The units of the file are declared where all of them can be read and fit together; else they stand in the
/// descriptions, and the report says why.
pub fn import(file: &str, text: &str) -> Result<Imported, ImportError> {
    let document = document::read(text).map_err(ImportError::Unreadable)?;
    let mut flat = flatten(&document);
    let mut notes = document.notes.clone();
    notes.append(&mut flat.notes);
    let mut import = Import::new(&document, &flat, file);
    let why = match Units::read(&flat, document.specs.time_units.as_deref(), &mut import.names) {
        Ok(None) => return made(file, import, notes),
        Ok(units) => {
            import.units = units;
            match made(file, import, notes.clone()) {
                Err(ImportError::Mistaken { mistake, .. }) => mistake,
                outcome => return outcome,
            }
        }
        Err(why) => why,
    };
    let reason = format!("the units of the file stand in the descriptions: {why}");
    notes.push(Note::new(Weight::Rewritten, 0, "units", &reason));
    made(file, Import::new(&document, &flat, file), notes)
}

/// The text of one attempt, checked.
fn made(file: &str, import: Import<'_>, mut notes: Vec<Note>) -> Result<Imported, ImportError> {
    let made = import.text(&mut notes);
    let report = Report::of(notes);
    if report.is_refused() {
        return Err(ImportError::Refused(report));
    }
    let laid_out = match contingent_syntax::format(&made) {
        Ok(text) => text,
        Err(diagnostics) => {
            let mistake = diagnostics.first().map_or_else(
                || "it cannot be laid out".to_owned(),
                |first| {
                    let line = made[..(first.primary.span.start as usize).min(made.len())].lines().last();
                    format!(
                        "{} (`{}`)",
                        first.headline,
                        line.unwrap_or_default().chars().take(80).collect::<String>()
                    )
                },
            );
            return Err(ImportError::Mistaken { mistake, report });
        }
    };
    let loaded =
        contingent_model::load(file, laid_out.clone(), &mut |_| Err("there is no other file".to_owned()));
    let checked = contingent_model::check(loaded);
    if checked.model.is_none() {
        let first = checked
            .diagnostics
            .iter()
            .find(|diagnostic| diagnostic.severity == contingent_syntax::Severity::Error);
        let mistake = first.map_or_else(
            || "the checker refuses it".to_owned(),
            |diagnostic| {
                let place = checked.sources.text(diagnostic.primary.span);
                format!("{} (`{}`)", diagnostic.headline, place.chars().take(80).collect::<String>())
            },
        );
        return Err(ImportError::Mistaken { mistake, report });
    }
    Ok(Imported { text: laid_out, report })
}

/// Which flow moves what between which stocks.
#[derive(Clone, Debug, Default)]
struct Ends {
    sources: Vec<usize>,
    destinations: Vec<usize>,
}

struct Import<'d> {
    document: &'d Document,
    flat: &'d Flat,
    file: &'d str,
    identifiers: Vec<String>,
    names: Identifiers,
    subscripts: HashMap<String, Subscript>,
    /// Declarations of the subscripts, in order.
    subscript_lines: Vec<String>,
    /// Units of the variables, where they are declared.
    units: Option<Units>,
}

impl<'d> Import<'d> {
    fn new(document: &'d Document, flat: &'d Flat, file: &'d str) -> Self {
        let mut names = Identifiers::new();
        let identifiers = flat.variables.iter().map(|variable| names.take(&variable.key)).collect();
        let mut import = Self {
            document,
            flat,
            file,
            identifiers,
            names,
            subscripts: HashMap::new(),
            subscript_lines: Vec::new(),
            units: None,
        };
        import.name_subscripts();
        import
    }

    /// Which dimensions are needed, under which names, and how they relate.
    fn name_subscripts(&mut self) {
        let mut most: HashMap<&str, usize> = HashMap::new();
        for variable in &self.flat.variables {
            for dimension in &variable.dimensions {
                let n = variable.dimensions.iter().filter(|other| *other == dimension).count();
                let known = most.entry(dimension).or_default();
                *known = n.max(*known);
            }
        }
        let mut done: Vec<(String, Vec<(String, String, String)>)> = Vec::new();
        for Dimension { name, elements } in &self.document.dimensions {
            let key = canonical(name);
            if elements.is_empty() || self.subscripts.contains_key(&key) {
                continue;
            }
            let n_indices = most.get(key.as_str()).copied().unwrap_or(1).max(1);
            let indices: Vec<String> = (0..n_indices).map(|_| self.names.take(&key)).collect();
            let keys: Vec<String> = elements.iter().map(|element| canonical(element)).collect();
            // A dimension whose elements all stand in another, in its order, is a part of it.
            let whole = done.iter().find(|(_, known)| {
                let mut rest = known.iter();
                keys.iter().all(|key| rest.any(|(other, ..)| other == key))
            });
            let (line, named) = if let Some((of, known)) = whole {
                let named: Vec<_> =
                    known.iter().filter(|(other, ..)| keys.contains(other)).cloned().collect();
                let line = if named.len() == known.len() {
                    format!("subscript {} = {of}", indices[0])
                } else {
                    let list: Vec<&str> = named.iter().map(|(_, id, _)| id.as_str()).collect();
                    format!("subscript {} of {of} {{ {} }}", indices[0], list.join(", "))
                };
                (line, named)
            } else {
                let named: Vec<_> = elements
                    .iter()
                    .zip(keys)
                    .map(|(element, key)| (key.clone(), self.names.take(&key), shown(element)))
                    .collect();
                let list: Vec<String> = named
                    .iter()
                    .map(
                        |(_, id, shown)| {
                            if id == shown { id.clone() } else { format!("{id} {}", quoted(shown)) }
                        },
                    )
                    .collect();
                done.push((indices[0].clone(), named.clone()));
                (format!("subscript {} {{ {} }}", indices[0], list.join(", ")), named)
            };
            self.subscript_lines.push(line);
            for index in &indices[1..] {
                self.subscript_lines.push(format!("subscript {index} = {}", indices[0]));
            }
            self.subscripts.insert(key, Subscript { indices, elements: named });
        }
    }

    fn text(mut self, notes: &mut Vec<Note>) -> String {
        let flat = self.flat;
        for variable in &flat.variables {
            for dimension in &variable.dimensions {
                if !self.subscripts.contains_key(dimension) {
                    let reason = format!("the dimension `{dimension}` is not declared, or has no elements");
                    notes.push(refusal(variable, &reason));
                }
            }
        }
        if notes.iter().any(|note| note.weight == Weight::Refused) {
            return String::new();
        }
        let specs = &self.document.specs;
        let n_steps = ((specs.stop - specs.start) / specs.dt * (1.0 + 1e-9) + 1e-9).floor().max(1.0);
        let exact = (specs.stop - specs.start) / specs.dt;
        let mut stop = specs.stop;
        if (exact - n_steps).abs() > 1e-6 * n_steps {
            stop = specs.start + n_steps * specs.dt;
            let reason =
                format!("the time from start to stop is no whole number of steps; the model stops at {stop}");
            notes.push(Note::new(Weight::Changed, 0, "sim_specs", &reason));
        }
        let tables = self.table_names();
        let identifiers = self.identifiers.clone();
        let mut translator = Translator {
            flat,
            identifiers: &identifiers,
            tables,
            subscripts: std::mem::take(&mut self.subscripts),
            names: self.names.clone(),
            helpers: Vec::new(),
            start: specs.start,
            stop,
            dt: specs.dt,
            step_name: None,
            constants: std::cell::RefCell::default(),
            changes: Vec::new(),
        };
        let mut lines = Vec::new();
        self.tables(&translator, &mut lines, notes);
        let ends = self.ends(notes);
        let mut limits = Limits::new(flat, &identifiers);
        for (position, variable) in flat.variables.iter().enumerate() {
            let outcome = self.variable(&mut translator, &ends, &mut limits, position, &mut lines, notes);
            if let Err(reason) = outcome {
                notes.push(refusal(variable, &reason));
            }
        }
        let record = self.record_interval(&translator);
        for (owner, reason) in &translator.changes {
            let weight = if reason.starts_with("its numbers are drawn") && !reason.contains("limits") {
                Weight::Rewritten
            } else {
                Weight::Changed
            };
            let variable = &flat.variables[*owner];
            notes.push(Note::new(weight, variable.line, &variable.name, reason));
        }
        for helper in &translator.helpers {
            let head = self.head(&translator, &helper.identifier, None, &helper.dimensions);
            let doc = documented(&helper.doc);
            let (section, text) = if helper.is_stock {
                (Section::Stocks, format!("{doc}signed stock {head}: 1 = {}", helper.definition))
            } else {
                (Section::Others, format!("{doc}aux {head} = {}", helper.definition))
            };
            lines.push(Line { owner: helper.owner, section, text });
        }
        let mut text = self.header(stop, record, notes);
        if let Some(units) = &self.units {
            let _ = writeln!(text, "{}", units.declaration());
        }
        for line in &self.subscript_lines {
            text.push_str(line);
            text.push('\n');
        }
        if let Some(step) = &translator.step_name {
            let _ = writeln!(text, "\n## The step of time.\naux {step} = {}", written(specs.dt));
        }
        self.lay_out(&mut text, &lines);
        text
    }

    fn header(&self, stop: f64, record: Option<f64>, notes: &mut Vec<Note>) -> String {
        let document = self.document;
        let title = match shown(&document.name) {
            name if name.is_empty() => self.file.to_owned(),
            name => name,
        };
        let specs = &document.specs;
        let mut text = format!("model {} {{\n", quoted(&title));
        let mut purpose = format!("Imported from {}", self.file);
        let maker: Vec<String> = [&document.product, &document.vendor]
            .into_iter()
            .flatten()
            .map(|part| shown(part))
            .filter(|part| !part.is_empty())
            .collect();
        if !maker.is_empty() {
            let _ = write!(purpose, ", made with {}", maker.join(" by "));
        }
        if let Some(caption) = &document.caption {
            let _ = write!(purpose, ": {}", shown(caption));
        }
        let _ = writeln!(text, "  purpose {}", quoted(&purpose));
        text.push_str("  not_for \"Anything yet: the file does not say what it must not be used for\"\n");
        if let Some(units) = &specs.time_units {
            let reason = format!("time is a plain number; the file counts it in `{units}`");
            notes.push(Note::new(Weight::Rewritten, 0, "sim_specs", &reason));
        }
        let _ = writeln!(
            text,
            "  time {} to {} step {}",
            Text::number(specs.start).text,
            Text::number(stop).text,
            written(specs.dt)
        );
        if specs.is_runge_kutta {
            text.push_str("  method rk4\n");
        }
        if let Some(record) = record {
            let _ = writeln!(text, "  record every {}", written(record));
        }
        text.push_str("}\n\n");
        text
    }

    /// How far records lie apart, when that is more than a step.
    fn record_interval(&self, translator: &Translator<'_>) -> Option<f64> {
        let specs = &self.document.specs;
        let place = Place { owner: 0, scope: 0, bound: Vec::new() };
        let named = self
            .flat
            .find(0, "saveper")
            .and_then(|_| translator.known(&Equation::Name("saveper".to_owned(), None), &place, 0));
        let interval = specs.save_interval.or(named)?;
        let steps = (interval / specs.dt).round();
        (steps > 1.0 && steps * specs.dt <= translator.stop - specs.start).then_some(steps * specs.dt)
    }
}

fn refusal(variable: &Variable, reason: &str) -> Note {
    Note::new(Weight::Refused, variable.line, &variable.name, reason)
}
