//! From a flat model to the text of the language.
//!
//! Enters: the text of a file and its name. Leaves: an [`Imported`] model: the text, laid out, and the report. Always
//! holds: the text passes the checker, or nothing is given; names of the file stand as labels where the language needs
//! other ones.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fmt::Write as _;

use contingent_syntax::ast::Shape;

use crate::document::{self, Dimension, Document, Kind, Table};
use crate::equation::{Equation, canonical};
use crate::flat::{Flat, Variable, flatten, shown};
use crate::names::Identifiers;
use crate::report::{Note, Report, Weight};
use crate::translate::{Place, Subscript, Text, Translator, written};
use crate::xml::XmlError;

/// Most elements of one variable whose equations are written out.
const MAX_ELEMENTS: usize = 20_000;

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
pub fn import(file: &str, text: &str) -> Result<Imported, ImportError> {
    let document = document::read(text).map_err(ImportError::Unreadable)?;
    let mut flat = flatten(&document);
    let mut notes = document.notes.clone();
    notes.append(&mut flat.notes);
    let made = Import::new(&document, &flat, file).text(&mut notes);
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
}

/// A declaration with what it belongs to.
struct Line {
    owner: usize,
    section: Section,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Tables,
    Stocks,
    Flows,
    Others,
}

impl Section {
    fn title(self) -> &'static str {
        match self {
            Self::Tables => "Graphical functions",
            Self::Stocks => "Stocks",
            Self::Flows => "Flows",
            Self::Others => "Constants and auxiliaries",
        }
    }
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
            let reason = format!(
                "time is a plain number; the file counts it in `{units}`, and the units of variables stand in their \
                 descriptions"
            );
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

    /// Identifiers of the tables: a table on its own has its own name, that of a variable another.
    fn table_names(&mut self) -> HashMap<usize, String> {
        let mut tables = HashMap::new();
        for (position, variable) in self.flat.variables.iter().enumerate() {
            if variable.body.table.is_none() {
                continue;
            }
            let is_alone = variable.kind == Kind::Table || variable.body.equations.is_empty();
            let own = &self.identifiers[position];
            let name = if is_alone { own.clone() } else { self.names.take(&format!("{own}_table")) };
            tables.insert(position, name);
        }
        tables
    }

    fn tables(&self, translator: &Translator<'_>, lines: &mut Vec<Line>, notes: &mut Vec<Note>) {
        let mut positions: Vec<_> = translator.tables.iter().collect();
        positions.sort();
        for (&position, name) in positions {
            let variable = &self.flat.variables[position];
            let Some(table) = &variable.body.table else { continue };
            let is_alone = name == &self.identifiers[position];
            if is_alone && canonical(&variable.name) != *name {
                let reason = format!("the graphical function is called `{name}` in the language");
                notes.push(Note::new(Weight::Rewritten, variable.line, &variable.name, &reason));
            }
            let doc = if is_alone { self.documentation(variable) } else { String::new() };
            let text = format!("{doc}{}", lookup(name, table));
            lines.push(Line { owner: position, section: Section::Tables, text });
        }
    }

    /// The stocks that each flow joins.
    fn ends(&self, notes: &mut Vec<Note>) -> HashMap<usize, Ends> {
        let mut ends: HashMap<usize, Ends> = HashMap::new();
        for (stock, variable) in self.flat.variables.iter().enumerate() {
            if variable.kind != Kind::Stock {
                continue;
            }
            for (names, is_in) in [(&variable.inflows, true), (&variable.outflows, false)] {
                for name in names {
                    match self.flat.find(variable.scope, name) {
                        Some(flow) if self.flat.variables[flow].kind != Kind::Stock => {
                            let ends = ends.entry(flow).or_default();
                            let side = if is_in { &mut ends.destinations } else { &mut ends.sources };
                            side.push(stock);
                        }
                        _ => notes.push(refusal(variable, &format!("there is no flow `{name}`"))),
                    }
                }
            }
        }
        ends
    }

    fn variable(
        &self,
        translator: &mut Translator<'_>,
        ends: &HashMap<usize, Ends>,
        limits: &mut Limits<'_>,
        position: usize,
        lines: &mut Vec<Line>,
        notes: &mut Vec<Note>,
    ) -> Result<(), String> {
        let variable = &self.flat.variables[position];
        let identifier = &self.identifiers[position];
        let is_only_table = translator.tables.get(&position) == Some(identifier);
        if is_only_table {
            return Ok(());
        }
        let doc = self.documentation(variable);
        let head = self.head(translator, identifier, Some(variable), &variable.dimensions);
        let mut line = |section, text| lines.push(Line { owner: position, section, text });
        if variable.kind == Kind::Stock {
            let initial = self.body(translator, position)?;
            line(Section::Stocks, format!("{doc}signed stock {head}: 1 = {}", initial.text));
            return Ok(());
        }
        let rate = match self.conveyor_of(ends, position) {
            Some(stock) => self.conveyor(translator, stock, position, notes)?,
            None => self.body(translator, position)?,
        };
        let Some(ends) = ends.get(&position) else {
            line(Section::Others, format!("{doc}aux {head} = {}", non_negative(variable, rate).text));
            return Ok(());
        };
        let rate = non_negative(variable, rate);
        let stocks = || ends.sources.iter().chain(&ends.destinations);
        let fits = |stock: &usize| self.flat.variables[*stock].dimensions == variable.dimensions;
        let is_proper = ends.sources.len() <= 1
            && ends.destinations.len() <= 1
            && ends.sources != ends.destinations
            && stocks().all(fits);
        let place = |stock: Option<&usize>| stock.map_or("", |&stock| self.identifiers[stock].as_str());
        if is_proper {
            let rate = limits.apply(translator, position, position, ends, rate, notes);
            let (from, to) = (place(ends.sources.first()), place(ends.destinations.first()));
            line(Section::Flows, format!("{doc}flow {head}: {from} -> {to} = {}", rate.text));
            return Ok(());
        }
        // A flow that leaves or enters several stocks is a number by itself, and moves each of them.
        notes.push(Note::new(
            Weight::Rewritten,
            variable.line,
            &variable.name,
            "one flow moves several stocks; it is an auxiliary with a flow for each of them",
        ));
        line(Section::Flows, format!("{doc}aux {head} = {}", rate.text));
        let sides = ends.sources.iter().map(|&stock| (stock, true));
        for (stock, is_source) in sides.chain(ends.destinations.iter().map(|&stock| (stock, false))) {
            let of = &self.flat.variables[stock];
            if !variable.dimensions.iter().all(|dimension| of.dimensions.contains(dimension)) {
                return Err(format!("its subscripts are not those of the stock `{}`", of.name));
            }
            let (word, other) = (if is_source { "from" } else { "to" }, &self.identifiers[stock]);
            let name = limits.part_name(
                translator,
                position,
                stock,
                is_source,
                &format!("{identifier}_{word}_{other}"),
            );
            let head = self.head(translator, &name, None, &of.dimensions);
            let one = if is_source {
                Ends { sources: vec![stock], destinations: Vec::new() }
            } else {
                Ends { sources: Vec::new(), destinations: vec![stock] }
            };
            let value = Text { text: identifier.clone(), level: 9, is_condition: false };
            let rate = limits.apply(translator, position, position, &one, value, notes);
            let ends = if is_source { format!("{other} ->") } else { format!("-> {other}") };
            line(Section::Flows, format!("flow {head}: {ends} = {}", rate.text));
        }
        Ok(())
    }

    /// The conveyor that a flow leaves.
    fn conveyor_of(&self, ends: &HashMap<usize, Ends>, flow: usize) -> Option<usize> {
        let sources = &ends.get(&flow)?.sources;
        sources.iter().copied().find(|&stock| self.flat.variables[stock].conveyor.is_some())
    }

    /// What leaves a conveyor: what entered it so long ago; at first what it held at the start, evenly.
    fn conveyor(
        &self,
        translator: &mut Translator<'_>,
        stock: usize,
        flow: usize,
        notes: &mut Vec<Note>,
    ) -> Result<Text, String> {
        let variable = &self.flat.variables[stock];
        let Some((length, conveyor)) = &variable.conveyor else { return Err("no conveyor".to_owned()) };
        if !conveyor.extras.is_empty() {
            return Err(format!(
                "the conveyor `{}` has {}, for which the language has no form",
                variable.name,
                conveyor.extras.join(", ")
            ));
        }
        if variable.outflows.len() != 1 {
            return Err(format!("the conveyor `{}` has several outflows or leaks", variable.name));
        }
        let place = Place { owner: flow, scope: variable.scope, bound: variable.dimensions.clone() };
        let length = length.as_ref().and_then(|length| translator.known(length, &place, 0));
        let Some(length) = length.filter(|&length| length > 0.0) else {
            return Err(format!(
                "the length of the conveyor `{}` must be a positive number that does not change",
                variable.name
            ));
        };
        let steps = (length / translator.dt).round().max(1.0);
        let length = steps * translator.dt;
        let initial = self.body(translator, stock)?;
        let first = format!("{} / {}", initial.at(6), written(length));
        let inflows: Vec<String> = variable
            .inflows
            .iter()
            .filter_map(|name| self.flat.find(variable.scope, name))
            .map(|inflow| self.identifiers[inflow].clone())
            .collect();
        notes.push(Note::new(
            Weight::Rewritten,
            variable.line,
            &variable.name,
            "the conveyor is a stock whose outflow is a lag of what flows in",
        ));
        if steps > ((translator.stop - translator.start) / translator.dt).round() {
            return Ok(Text { text: first, level: 6, is_condition: false });
        }
        let entering = if inflows.is_empty() { "0".to_owned() } else { inflows.join(" + ") };
        let text = format!("lag({entering}, {}, initially {first})", written(length));
        Ok(Text { text, level: 9, is_condition: false })
    }

    /// What a variable is worth, over its dimensions.
    fn body(&self, translator: &mut Translator<'_>, position: usize) -> Result<Text, String> {
        let variable = &self.flat.variables[position];
        let body = &variable.body;
        let place = Place { owner: position, scope: variable.scope, bound: variable.dimensions.clone() };
        let table = translator.tables.get(&position).cloned();
        let one = |translator: &mut Translator<'_>, equation: &Equation| {
            let value = translator.number(equation, &place)?;
            Ok::<Text, String>(match &table {
                Some(table) => translator.looked_up(table, &value),
                None => value,
            })
        };
        if variable.dimensions.is_empty() || (body.parts.is_empty() && body.equations.len() == 1) {
            return match &body.equations[..] {
                [equation] => one(translator, equation),
                [] => Err("it has no equation".to_owned()),
                several => Err(format!("it has {} equations but one value", several.len())),
            };
        }
        let sizes: Vec<Vec<(String, String)>> = variable
            .dimensions
            .iter()
            .map(|dimension| {
                let elements = &translator.subscripts[dimension].elements;
                elements.iter().map(|(key, id, _)| (key.clone(), id.clone())).collect()
            })
            .collect();
        let n = sizes.iter().fold(1_usize, |n, names| n.saturating_mul(names.len()));
        if n > MAX_ELEMENTS {
            return Err(format!("it has {n} elements with equations of their own"));
        }
        if body.parts.is_empty() && body.equations.len() != n {
            return Err(format!("it has {} equations for {n} elements", body.equations.len()));
        }
        let mut values = Vec::with_capacity(n);
        for element in 0..n {
            let mut rest = element;
            let mut combination = vec![String::new(); sizes.len()];
            for (slot, names) in combination.iter_mut().zip(&sizes).rev() {
                slot.clone_from(&names[rest % names.len()].0);
                rest /= names.len();
            }
            if body.parts.is_empty() {
                values.push(one(translator, &body.equations[element])?.text);
                continue;
            }
            let part = body.parts.iter().find(|(subscript, ..)| {
                subscript.len() == combination.len()
                    && subscript
                        .iter()
                        .zip(&combination)
                        .zip(&variable.dimensions)
                        .all(|((word, element), dimension)| word == element || word == dimension)
            });
            let value = match part {
                Some((_, Some(equation), None)) => one(translator, equation)?.text,
                Some((_, equation, Some(table))) => {
                    let Some(equation) = equation else {
                        return Err("an element has a graphical function without an equation".to_owned());
                    };
                    let x = translator.number(equation, &place)?;
                    table_in_place(&x, table)
                }
                _ => match &body.equations[..] {
                    [equation] => one(translator, equation)?.text,
                    _ => {
                        return Err(format!(
                            "there is no equation for its element `{}`",
                            combination.join(", ")
                        ));
                    }
                },
            };
            values.push(value);
        }
        let mut values = values.into_iter();
        let text = nested(&sizes, &mut values);
        Ok(Text { text, level: 9, is_condition: false })
    }

    fn head(
        &self,
        translator: &Translator<'_>,
        identifier: &str,
        variable: Option<&Variable>,
        dimensions: &[String],
    ) -> String {
        let mut head = identifier.to_owned();
        let mut is_plain = true;
        if !dimensions.is_empty() {
            let mut names = Vec::new();
            for (i, dimension) in dimensions.iter().enumerate() {
                let nth = dimensions[..i].iter().filter(|&before| before == dimension).count();
                let subscript = &translator.subscripts[dimension];
                is_plain &= subscript.elements.iter().all(|(_, id, shown)| id == shown);
                names.push(subscript.indices[nth].clone());
            }
            let _ = write!(head, "[{}]", names.join(", "));
        }
        if let Some(variable) = variable
            && (variable.name != identifier || !is_plain)
        {
            let _ = write!(head, " {}", quoted(&variable.name));
        }
        head
    }

    fn documentation(&self, variable: &Variable) -> String {
        let mut text = documented(&variable.doc);
        if let Some(units) = &variable.units {
            text.push_str(&documented(&format!("In the file in {}.", shown(units))));
        }
        text
    }

    /// Writes declarations by group, and by section where there are no groups.
    fn lay_out(&self, text: &mut String, lines: &[Line]) {
        let mut order: Vec<usize> = (0..lines.len()).collect();
        let group = |line: &Line| self.flat.variables[line.owner].group.unwrap_or(usize::MAX);
        order.sort_by_key(|&i| (group(&lines[i]), lines[i].section, lines[i].owner));
        let mut before: Option<(usize, Section)> = None;
        for i in order {
            let line = &lines[i];
            let here = (group(line), line.section);
            if before.is_none_or(|before| before.0 != here.0)
                && let Some((name, doc)) = self.flat.groups.get(here.0)
            {
                let _ = writeln!(text, "\n# {}", commented(name));
                for part in doc.lines().map(str::trim).filter(|part| !part.is_empty()) {
                    let _ = writeln!(text, "# {}", commented(part));
                }
            }
            if before.is_none_or(|before| before != here) {
                text.push('\n');
                if self.flat.groups.get(here.0).is_none() {
                    let _ = writeln!(text, "# {}\n", line.section.title());
                }
            }
            before = Some(here);
            text.push_str(&line.text);
            text.push('\n');
            if line.text.starts_with("##") {
                text.push('\n');
            }
        }
    }
}

fn refusal(variable: &Variable, reason: &str) -> Note {
    Note::new(Weight::Refused, variable.line, &variable.name, reason)
}

fn non_negative(variable: &Variable, rate: Text) -> Text {
    if variable.non_negative && variable.kind == Kind::Flow {
        // A table over subscripts is written out before it is cut.
        return Text { text: format!("max({}, 0)", rate.text), level: 9, is_condition: false };
    }
    rate
}

/// What stocks that hold no less than nothing leave of the flows.
struct Limits<'f> {
    flat: &'f Flat,
    identifiers: &'f [String],
    /// Names of flows that move one of several stocks, by flow, stock and whether they leave it.
    parts: HashMap<(usize, usize, bool), String>,
    /// Which variables need which others at the same moment.
    needs: Vec<HashSet<usize>>,
}

impl<'f> Limits<'f> {
    fn new(flat: &'f Flat, identifiers: &'f [String]) -> Self {
        let needs = flat
            .variables
            .iter()
            .map(|variable| {
                let mut needs = HashSet::new();
                let parts = variable.body.parts.iter().filter_map(|(_, equation, _)| equation.as_ref());
                for equation in variable.body.equations.iter().chain(parts) {
                    equation.each(&mut |part| {
                        if let Equation::Name(name, _) | Equation::Call(name, _) = part
                            && let Some(found) = flat.find(variable.scope, name)
                            && flat.variables[found].kind != Kind::Stock
                        {
                            needs.insert(found);
                        }
                    });
                }
                if variable.kind == Kind::Stock { HashSet::new() } else { needs }
            })
            .collect();
        Self { flat, identifiers, parts: HashMap::new(), needs }
    }

    fn part_name(
        &mut self,
        translator: &mut Translator<'_>,
        flow: usize,
        stock: usize,
        is_source: bool,
        name: &str,
    ) -> String {
        let names = &mut translator.names;
        self.parts.entry((flow, stock, is_source)).or_insert_with(|| names.take(name)).clone()
    }

    fn reaches(&self, from: usize, to: usize) -> bool {
        let (mut open, mut seen) = (vec![from], HashSet::new());
        while let Some(here) = open.pop() {
            if here == to {
                return true;
            }
            if seen.insert(here) {
                open.extend(&self.needs[here]);
            }
        }
        false
    }

    /// Limits a rate by what its stocks hold: XMILE lets outflows take in the order in which they are listed, after
    /// what flows in within the step.
    fn apply(
        &mut self,
        translator: &mut Translator<'_>,
        flow: usize,
        node: usize,
        ends: &Ends,
        rate: Text,
        notes: &mut Vec<Note>,
    ) -> Text {
        let mut rate = rate;
        for (&stock, is_source) in ends
            .sources
            .iter()
            .map(|stock| (stock, true))
            .chain(ends.destinations.iter().map(|stock| (stock, false)))
        {
            let of = &self.flat.variables[stock];
            let never_takes = !is_source && self.flat.variables[flow].non_negative;
            if !of.non_negative || of.conveyor.is_some() || never_takes {
                continue;
            }
            let available = self.available(translator, stock, flow, is_source, node, notes);
            let (function, bound) =
                if is_source { ("min", available) } else { ("max", format!("-({available})")) };
            rate =
                Text { text: format!("{function}({}, {bound})", rate.text), level: 9, is_condition: false };
        }
        rate
    }

    /// What a stock can give to a flow, per time.
    fn available(
        &mut self,
        translator: &mut Translator<'_>,
        stock: usize,
        flow: usize,
        is_source: bool,
        node: usize,
        notes: &mut Vec<Note>,
    ) -> String {
        let of = &self.flat.variables[stock];
        let dt = translator.step();
        let mut text = format!("{} / {dt}", self.identifiers[stock]);
        let found = |names: &[String]| -> Vec<usize> {
            names.iter().filter_map(|name| self.flat.find(of.scope, name)).collect()
        };
        let (inflows, outflows) = (found(&of.inflows), found(&of.outflows));
        let before: Vec<(usize, bool)> = if is_source {
            let earlier = outflows.iter().take_while(|&&other| other != flow);
            inflows.iter().map(|&other| (other, true)).chain(earlier.map(|&other| (other, false))).collect()
        } else {
            inflows.iter().take_while(|&&other| other != flow).map(|&other| (other, true)).collect()
        };
        for (other, is_in) in before {
            if other == flow {
                continue;
            }
            if self.reaches(other, node) {
                notes.push(Note::new(
                    Weight::Changed,
                    of.line,
                    &of.name,
                    &format!(
                        "what `{}` may take is reckoned without `{}`, which depends on it",
                        self.flat.variables[flow].name, self.flat.variables[other].name
                    ),
                ));
                continue;
            }
            self.needs[node].insert(other);
            let default = format!(
                "{}_{}_{}",
                self.identifiers[other],
                if is_in { "to" } else { "from" },
                self.identifiers[stock]
            );
            let is_shared = self.flat.variables.iter().enumerate().any(|(position, variable)| {
                position != stock && variable.kind == Kind::Stock && {
                    let names = if is_in { &variable.inflows } else { &variable.outflows };
                    names.iter().any(|name| self.flat.find(variable.scope, name) == Some(other))
                }
            });
            let name = if is_shared {
                self.part_name(translator, other, stock, !is_in, &default)
            } else {
                self.identifiers[other].clone()
            };
            let sign = if is_in { '+' } else { '-' };
            let _ = write!(text, " {sign} {name}");
        }
        text
    }
}

fn lookup(name: &str, table: &Table) -> String {
    let shape = match table.shape {
        Shape::Clamped => "",
        Shape::Extrapolated => " extrapolated",
        Shape::Stepped => " stepped",
    };
    let points: Vec<String> = table
        .points
        .iter()
        .map(|&(x, y)| format!("({}, {})", Text::number(x).text, Text::number(y).text))
        .collect();
    format!("lookup {name}(x: 1){shape}: 1 = {}", points.join(" "))
}

/// A table of one element, where it stands: straight lines between points as conditions.
fn table_in_place(x: &Text, table: &Table) -> String {
    let mut text = String::new();
    let number = |value: f64| Text::number(value).at(8);
    let last = table.points.len() - 1;
    for (i, pair) in table.points.windows(2).enumerate() {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        let line = match table.shape {
            Shape::Stepped => number(y0),
            _ => {
                format!("{} + ({} - {}) * {}", number(y0), x.at(5), number(x0), number((y1 - y0) / (x1 - x0)))
            }
        };
        if i == 0 && table.shape != Shape::Extrapolated {
            let _ = write!(text, "if {} < {} then {} else ", x.at(5), number(x0), number(y0));
        }
        if i + 1 == last && table.shape == Shape::Extrapolated {
            text.push_str(&line);
            return text;
        }
        let _ = write!(text, "if {} < {} then {line} else ", x.at(5), number(x1));
    }
    text.push_str(&number(table.points[last].1));
    text
}

/// Values as tables in tables, the first dimension outermost.
fn nested(sizes: &[Vec<(String, String)>], values: &mut dyn Iterator<Item = String>) -> String {
    let Some((first, rest)) = sizes.split_first() else { return values.next().unwrap_or_default() };
    let parts: Vec<String> =
        first.iter().map(|(_, identifier)| format!("{identifier}: {}", nested(rest, values))).collect();
    format!("{{ {} }}", parts.join(", "))
}

/// A string of the language.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Text for a comment of one line.
fn commented(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect::<String>()
        .trim_start_matches('#')
        .trim()
        .to_owned()
}

/// Documentation, a line for each line.
fn documented(text: &str) -> String {
    let mut out = String::new();
    for line in text.replace("\\n", "\n").lines().map(commented).filter(|line| !line.is_empty()) {
        let _ = writeln!(out, "## {line}");
    }
    out
}
