//! One variable of the file as declarations.
//!
//! Enters: a variable of the flat model with what it joins. Leaves: its lines: a stock, a flow, an auxiliary, a lookup, or
//! several of them. Always holds: what the language has no form for is refused with the reason.

use std::collections::HashMap;
use std::fmt::Write as _;

use contingent_syntax::ast::Shape;

use super::layout::{Line, Section, documented, quoted};
use super::limits::Limits;
use super::{Ends, Import, refusal};
use crate::document::{Kind, Table};
use crate::equation::{Equation, canonical};
use crate::flat::{Variable, shown};
use crate::report::{Note, Weight};
use crate::translate::{Place, Text, Translator, written};

/// Most elements of one variable whose equations are written out.
const MAX_ELEMENTS: usize = 20_000;

impl Import<'_> {
    /// Identifiers of the tables: a table on its own has its own name, that of a variable another.
    pub(super) fn table_names(&mut self) -> HashMap<usize, String> {
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

    pub(super) fn tables(&self, translator: &Translator<'_>, lines: &mut Vec<Line>, notes: &mut Vec<Note>) {
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
            let y = self.unit_of(position);
            let text = format!("{doc}{}", lookup(name, table, &self.unit_of_input(position), y.as_deref()));
            lines.push(Line { owner: position, section: Section::Tables, text });
        }
    }

    /// The stocks that each flow joins.
    pub(super) fn ends(&self, notes: &mut Vec<Note>) -> HashMap<usize, Ends> {
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

    pub(super) fn variable(
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
            let unit = self.unit_of(position).unwrap_or_else(|| "1".to_owned());
            line(Section::Stocks, format!("{doc}signed stock {head}: {unit} = {}", initial.text));
            return Ok(());
        }
        let rate = match self.conveyor_of(ends, position) {
            Some(stock) => self.conveyor(translator, stock, position, notes)?,
            None => self.body(translator, position)?,
        };
        let Some(ends) = ends.get(&position) else {
            let unit = self.annotation(position);
            line(Section::Others, format!("{doc}aux {head}{unit} = {}", non_negative(variable, rate).text));
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
        let unit = self.annotation(position);
        line(Section::Flows, format!("{doc}aux {head}{unit} = {}", rate.text));
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
    pub(super) fn conveyor_of(&self, ends: &HashMap<usize, Ends>, flow: usize) -> Option<usize> {
        let sources = &ends.get(&flow)?.sources;
        sources.iter().copied().find(|&stock| self.flat.variables[stock].conveyor.is_some())
    }

    /// What leaves a conveyor: what entered it so long ago; at first what it held at the start, evenly.
    pub(super) fn conveyor(
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
    pub(super) fn body(&self, translator: &mut Translator<'_>, position: usize) -> Result<Text, String> {
        let variable = &self.flat.variables[position];
        let body = &variable.body;
        let place = Place { owner: position, scope: variable.scope, bound: variable.dimensions.clone() };
        let table = translator.tables.get(&position).cloned();
        let one = |translator: &mut Translator<'_>, equation: &Equation| {
            let value = translator.number(equation, &place)?;
            Ok::<Text, String>(match &table {
                Some(table) => translator.looked_up(table, &value),
                None => self.with_unit(position, value),
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

    pub(super) fn head(
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

    /// The unit of a variable, where units are declared and the file gives one.
    fn unit_of(&self, position: usize) -> Option<String> {
        self.units.as_ref()?.written(position)
    }

    /// The unit of what a table is read with: of a variable that stands alone, else none.
    fn unit_of_input(&self, position: usize) -> String {
        let variable = &self.flat.variables[position];
        let alone = match &variable.body.equations[..] {
            [Equation::Name(name, None)] => self.flat.find(variable.scope, name),
            _ => None,
        };
        alone.and_then(|found| self.unit_of(found)).unwrap_or_else(|| "1".to_owned())
    }

    /// The unit of an auxiliary after its name.
    fn annotation(&self, position: usize) -> String {
        self.unit_of(position).map_or_else(String::new, |unit| format!(": {unit}"))
    }

    /// A plain number in the unit of its variable; in a stock it has it without saying so.
    fn with_unit(&self, position: usize, value: Text) -> Text {
        let is_number = value.text.trim_start_matches('-').parse::<f64>().is_ok_and(|number| number != 0.0);
        if !is_number || self.flat.variables[position].kind == Kind::Stock {
            return value;
        }
        match self.units.as_ref().and_then(|units| units.quantity(&value.text, position)) {
            Some(text) => Text { text, level: 6, is_condition: false },
            None => value,
        }
    }

    pub(super) fn documentation(&self, variable: &Variable) -> String {
        let mut text = documented(&variable.doc);
        if let Some(units) = variable.units.as_ref().filter(|_| self.units.is_none()) {
            text.push_str(&documented(&format!("In the file in {}.", shown(units))));
        }
        text
    }
}

fn non_negative(variable: &Variable, rate: Text) -> Text {
    if variable.non_negative && variable.kind == Kind::Flow {
        // A table over subscripts is written out before it is cut.
        return Text { text: format!("max({}, 0)", rate.text), level: 9, is_condition: false };
    }
    rate
}

fn lookup(name: &str, table: &Table, x: &str, y: Option<&str>) -> String {
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
    format!("lookup {name}(x: {x}){shape}: {} = {}", y.unwrap_or("1"), points.join(" "))
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
