//! From a checked model to XMILE.
//!
//! Enters: a [`CheckedModel`]. Leaves: the text of an XMILE file and a report, or only the report when something that
//! moves the model has no counterpart. Always holds: what is written reads back and gives the same numbers where the
//! report says nothing else; values are in base units, time in the unit of the step.

use std::collections::HashSet;
use std::fmt::Write as _;

use contingent_model::{
    BinaryOperator, Chance, CheckedModel, Distribution, Endpoint, Expression, Function, Index, Memory,
    MemoryKind, Method, Reduction, Shape, SubscriptId, UnaryOperator, Variable, VariableId, VariableKind,
};

use crate::equation::canonical;
use crate::report::{Note, Report, Weight};
use crate::translate::written;
use crate::xml::escaped;

/// A model in XMILE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The text of the file.
    pub text: String,
    /// What became of each part.
    pub report: Report,
}

/// Longest equation, in bytes.
const MAX_TEXT: usize = 1 << 20;
/// Most points of a series from data.
const MAX_POINTS: usize = 100_000;

/// Writes a model, or gives the report of what stands in the way.
pub fn export(model: &CheckedModel) -> Result<Exported, Report> {
    let mut writer = Writer::new(model);
    let text = writer.document();
    let report = Report::of(writer.notes);
    if report.is_refused() { Err(report) } else { Ok(Exported { text, report }) }
}

struct Writer<'m> {
    model: &'m CheckedModel,
    names: Vec<String>,
    lookups: Vec<String>,
    subscripts: Vec<(String, Vec<String>)>,
    notes: Vec<Note>,
    /// Elements that are chosen where an equation is written out.
    chosen: Vec<(SubscriptId, usize)>,
}

/// Names that differ by how XMILE compares them, and that are no functions of it.
struct Names(HashSet<String>);

impl Names {
    fn take(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut number = 2;
        while !self.0.insert(canonical(&candidate)) {
            candidate = format!("{name} {number}");
            number += 1;
        }
        candidate
    }
}

/// Words that an equation would read as something else.
const TAKEN: &[&str] = &[
    "time",
    "dt",
    "starttime",
    "stoptime",
    "pi",
    "inf",
    "if",
    "then",
    "else",
    "and",
    "or",
    "not",
    "mod",
    "abs",
    "exp",
    "ln",
    "log10",
    "sqrt",
    "sin",
    "cos",
    "tan",
    "arcsin",
    "arccos",
    "arctan",
    "int",
    "round",
    "min",
    "max",
    "sum",
    "mean",
    "prod",
    "size",
    "step",
    "ramp",
    "pulse",
    "init",
    "previous",
    "delay",
    "delay1",
    "delay3",
    "delayn",
    "smth1",
    "smth3",
    "smthn",
    "trend",
    "forcst",
    "normal",
    "uniform",
    "poisson",
    "binomial",
    "random",
    "lookup",
    "safediv",
    "true",
    "false",
    "log",
    "percent",
    "self",
];

impl<'m> Writer<'m> {
    fn new(model: &'m CheckedModel) -> Self {
        let mut taken = Names(TAKEN.iter().map(|&word| word.to_owned()).collect());
        let names = model
            .variables
            .iter()
            .map(|variable| {
                let own = match (&variable.kind, &variable.label) {
                    (
                        VariableKind::Stock { .. }
                        | VariableKind::Flow { .. }
                        | VariableKind::Auxiliary { .. },
                        Some(label),
                    ) => label.clone(),
                    _ => variable.name.clone(),
                };
                taken.take(&own)
            })
            .collect();
        let lookups = model.lookups.iter().map(|lookup| taken.take(&lookup.name)).collect();
        let subscripts = model
            .subscripts
            .iter()
            .map(|subscript| {
                let mut elements = Names(HashSet::new());
                let labels = subscript.labels.iter().map(|label| elements.take(label)).collect();
                (taken.take(&subscript.name), labels)
            })
            .collect();
        Self { model, names, lookups, subscripts, notes: Vec::new(), chosen: Vec::new() }
    }

    fn note(&mut self, weight: Weight, place: &str, reason: &str) {
        self.notes.push(Note::new(weight, 0, place, reason));
    }

    fn document(&mut self) -> String {
        let model = self.model;
        self.left_out();
        let clock = &model.clock;
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<xmile version=\"1.0\" \
             xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\" xmlns:isee=\"http://iseesystems.com/XMILE\">\n",
        );
        let _ = writeln!(
            text,
            "  <header>\n    <name>{}</name>\n    <caption>{}</caption>\n    <vendor>Contingent</vendor>\n    \
             <product version=\"{}\" lang=\"en\">Contingent</product>\n  </header>",
            escaped(&model.title),
            escaped(&model.purpose),
            env!("CARGO_PKG_VERSION")
        );
        let method = if clock.method == Method::RungeKutta { "rk4" } else { "euler" };
        let interval = match clock.record_steps {
            0 | 1 => String::new(),
            steps => format!(" isee:save_interval=\"{}\"", steps as f64 * clock.dt),
        };
        let _ = writeln!(
            text,
            "  <sim_specs method=\"{method}\" time_units=\"{}\"{interval}>\n    <start>{}</start>\n    \
             <stop>{}</stop>\n    <dt>{}</dt>\n  </sim_specs>",
            escaped(&clock.time_unit),
            clock.origin,
            clock.origin + clock.n_steps as f64 * clock.dt,
            clock.dt
        );
        if !self.subscripts.is_empty() {
            text.push_str("  <dimensions>\n");
            for (name, elements) in &self.subscripts {
                let _ = writeln!(text, "    <dim name=\"{}\">", escaped(name));
                for element in elements {
                    let _ = writeln!(text, "      <elem name=\"{}\"/>", escaped(element));
                }
                text.push_str("    </dim>\n");
            }
            text.push_str("  </dimensions>\n");
        }
        text.push_str("  <model>\n    <variables>\n");
        for (lookup, name) in model.lookups.iter().zip(self.lookups.clone()) {
            let _ = writeln!(text, "      <gf name=\"{}\"{}>", escaped(&name), shape(lookup.shape));
            text.push_str(&points(&lookup.points));
            text.push_str("      </gf>\n");
        }
        for position in 0..model.variables.len() {
            match self.variable(position) {
                Ok(part) => text.push_str(&part),
                Err(reason) => {
                    let place = self.names[position].clone();
                    self.note(Weight::Refused, &place, &reason);
                }
            }
        }
        text.push_str("    </variables>\n  </model>\n</xmile>\n");
        text
    }

    /// Says what of the model an XMILE file has no place for.
    fn left_out(&mut self) {
        let model = self.model;
        if !matches!(model.clock.method, Method::Euler | Method::RungeKutta) {
            self.note(
                Weight::Changed,
                "model",
                "`method exact` has no counterpart in XMILE; the file says `euler`",
            );
        }
        for event in &model.events {
            self.note(
                Weight::Refused,
                &event.name,
                "events that happen by chance have no counterpart in XMILE",
            );
        }
        for (what, n) in [
            ("questions", model.questions.len()),
            ("indicators", model.indicators.len()),
            ("views", model.views.len()),
            ("policies", model.policies.len()),
            ("claims", model.claims.len()),
            ("correlations", model.correlations.len()),
            ("observations", model.observations.len()),
        ] {
            if n > 0 {
                self.note(Weight::Lost, what, &format!("XMILE has no place for the {n} {what} of the model"));
            }
        }
        if !model.not_for.is_empty() {
            self.note(Weight::Lost, "model", "XMILE has no place for what the model must not be used for");
        }
        if let Some(start) = model.clock.start {
            let reason = format!("time is counted from {start}; XMILE has no dates");
            self.note(Weight::Rewritten, "model", &reason);
        }
    }

    fn variable(&mut self, position: usize) -> Result<String, String> {
        let model = self.model;
        let variable = &model.variables[position];
        let name = self.names[position].clone();
        match &variable.kind {
            VariableKind::Stock { initial, signed, whole } => {
                if *whole {
                    self.note(Weight::Changed, &name, "it counts whole things; XMILE counts fractions too");
                }
                let mut inside = String::new();
                let mut n_out = 0;
                for (flow, part) in self.moves() {
                    let VariableKind::Flow { from, to, .. } = &model.variables[flow].kind else { continue };
                    let is = |end: &Endpoint| end.stock.index() == position;
                    if to.get(part).is_some_and(|to| is(&to.endpoint)) {
                        let _ = writeln!(
                            inside,
                            "        <inflow>{}</inflow>",
                            escaped(&self.flow_name(flow, part))
                        );
                    }
                    if from.as_ref().is_some_and(is) {
                        n_out += 1;
                        let _ = writeln!(
                            inside,
                            "        <outflow>{}</outflow>",
                            escaped(&self.flow_name(flow, part))
                        );
                    }
                }
                if !*signed {
                    inside.push_str("        <non_negative/>\n");
                    if n_out > 1 {
                        self.note(
                            Weight::Changed,
                            &name,
                            "when it runs dry, XMILE lets its outflows take in their order; here they are scaled down \
                             together",
                        );
                    }
                }
                self.element("stock", variable, &name, &inside, initial)
            }
            VariableKind::Flow { from, to, rate, .. } => self.flow(position, from.as_ref(), to, rate),
            VariableKind::Auxiliary { definition } => self.element("aux", variable, &name, "", definition),
            VariableKind::Assumption { distributions, alternatives, .. } => {
                let values: Vec<f64> = distributions.iter().map(middle).collect();
                if distributions.iter().any(|one| !matches!(one, Distribution::Constant(_)))
                    || !alternatives.is_empty()
                {
                    self.note(
                        Weight::Changed,
                        &name,
                        "it is not known and drawn once a run; the file has a value in the middle",
                    );
                }
                Ok(self.constants(variable, &name, &values))
            }
            VariableKind::Lever { defaults, .. } => {
                self.note(Weight::Rewritten, &name, "a lever stands at its own value; its range is not kept");
                Ok(self.constants(variable, &name, defaults))
            }
            VariableKind::Mechanism { default, .. } => {
                self.note(
                    Weight::Changed,
                    &name,
                    "only the alternative that holds is written, by its position",
                );
                Ok(self.constants(variable, &name, &[*default as f64]))
            }
            VariableKind::Input(input) => {
                let dt = model.clock.dt;
                if input.series.iter().any(|series| series.len() > MAX_POINTS) {
                    return Err("its series is too long for a graphical function".to_owned());
                }
                let series: Vec<Vec<(f64, f64)>> = input
                    .series
                    .iter()
                    .map(|series| {
                        let stride = if model.clock.method == Method::RungeKutta { 1 } else { 2 };
                        let time = |i: usize| model.clock.origin + i as f64 * dt / 2.0;
                        series
                            .iter()
                            .enumerate()
                            .step_by(stride)
                            .map(|(i, &value)| (time(i), value))
                            .collect()
                    })
                    .collect();
                let kind = if input.is_linear { Shape::Clamped } else { Shape::Stepped };
                self.note(
                    Weight::Rewritten,
                    &name,
                    "the data stand in the file as a graphical function of time",
                );
                let table = |points_of: &[(f64, f64)], indent: &str| {
                    format!(
                        "{indent}<eqn>TIME</eqn>\n{indent}<gf{}>\n{}{indent}</gf>\n",
                        shape(kind),
                        points(points_of)
                    )
                };
                let mut text = self.opened("aux", variable, &name);
                if variable.subscripts.is_empty() {
                    text.push_str(&table(&series[0], "        "));
                } else {
                    for (element, series) in series.iter().enumerate() {
                        let subscript = self.element_names(&variable.subscripts, element).join(", ");
                        let _ = writeln!(text, "        <element subscript=\"{}\">", escaped(&subscript));
                        text.push_str(&table(series, "          "));
                        text.push_str("        </element>\n");
                    }
                }
                text.push_str("      </aux>\n");
                Ok(text)
            }
            VariableKind::Decision(_) => Err("decisions have no counterpart in XMILE".to_owned()),
            VariableKind::Position(_) => Err("councils have no counterpart in XMILE".to_owned()),
        }
    }

    /// Flows with the positions of their destinations: one of several destinations is several flows.
    fn moves(&self) -> Vec<(usize, usize)> {
        let mut moves = Vec::new();
        for (position, variable) in self.model.variables.iter().enumerate() {
            if let VariableKind::Flow { to, .. } = &variable.kind {
                moves.extend((0..to.len().max(1)).map(|part| (position, part)));
            }
        }
        moves
    }

    /// The name of a flow, or of one part of it, as equations write it.
    fn flow_name(&self, flow: usize, part: usize) -> String {
        reference_name(&self.part_name(flow, part))
    }

    fn part_name(&self, flow: usize, part: usize) -> String {
        let name = &self.names[flow];
        match &self.model.variables[flow].kind {
            VariableKind::Flow { to, .. } if to.len() > 1 => {
                format!("{name} to {}", self.names[to[part].endpoint.stock.index()])
            }
            _ => name.clone(),
        }
    }

    fn flow(
        &mut self,
        position: usize,
        from: Option<&Endpoint>,
        to: &[contingent_model::Destination],
        rate: &Expression,
    ) -> Result<String, String> {
        let variable = &self.model.variables[position];
        let name = self.names[position].clone();
        for end in from.into_iter().chain(to.iter().map(|to| &to.endpoint)) {
            let of = &self.model.variable(end.stock).subscripts;
            let is_plain = end.indices.len() == variable.subscripts.len()
                && of == &variable.subscripts
                && end
                    .indices
                    .iter()
                    .zip(&variable.subscripts)
                    .all(|(index, own)| *index == Index::Bound(*own));
            if !is_plain {
                return Err(format!(
                    "it joins some elements of `{}` only, which a flow of XMILE cannot",
                    self.names[end.stock.index()]
                ));
            }
        }
        if to.len() <= 1 {
            return self.element("flow", variable, &name, "", rate);
        }
        self.note(Weight::Rewritten, &name, "a flow that splits is a flow for each of its destinations");
        let mut text = self.element("aux", variable, &name, "", rate)?;
        let own: Vec<Index> = variable.subscripts.iter().map(|&id| Index::Bound(id)).collect();
        let whole = Expression::Variable { variable: VariableId(position as u32), indices: own };
        let whole = Expression::Call(Function::Max, vec![whole, Expression::Number(0.0)]);
        let mut rest = Expression::Number(1.0);
        for (part, destination) in to.iter().enumerate() {
            let share = match &destination.share {
                Some(share) => {
                    // Shares are cut to what is left.
                    let positive =
                        Expression::Call(Function::Max, vec![share.clone(), Expression::Number(0.0)]);
                    let share = Expression::Call(Function::Min, vec![positive, rest.clone()]);
                    rest =
                        Expression::Binary(BinaryOperator::Subtract, Box::new(rest), Box::new(share.clone()));
                    share
                }
                None => rest.clone(),
            };
            let amount =
                Expression::Binary(BinaryOperator::Multiply, Box::new(whole.clone()), Box::new(share));
            let name = self.part_name(position, part);
            text.push_str(&self.element("flow", variable, &name, "", &amount)?);
        }
        Ok(text)
    }

    fn opened(&self, tag: &str, variable: &Variable, name: &str) -> String {
        let mut text = format!("      <{tag} name=\"{}\">\n", escaped(name));
        if !variable.documentation.is_empty() {
            let _ = writeln!(text, "        <doc>{}</doc>", escaped(&variable.documentation));
        }
        if !variable.subscripts.is_empty() {
            text.push_str("        <dimensions>\n");
            for id in &variable.subscripts {
                let _ =
                    writeln!(text, "          <dim name=\"{}\"/>", escaped(&self.subscripts[id.index()].0));
            }
            text.push_str("        </dimensions>\n");
        }
        if variable.unit.text != "1" && variable.unit.scale == 1.0 {
            let _ = writeln!(text, "        <units>{}</units>", escaped(&variable.unit.text));
        }
        text
    }

    fn constants(&mut self, variable: &Variable, name: &str, values: &[f64]) -> String {
        let mut text = self.opened("aux", variable, name);
        if let (true, [value]) = (variable.subscripts.is_empty() || values.len() == 1, values) {
            let _ = writeln!(text, "        <eqn>{}</eqn>", number(*value));
        } else {
            for (element, &value) in values.iter().enumerate() {
                let subscript = self.element_names(&variable.subscripts, element).join(", ");
                let _ = writeln!(
                    text,
                    "        <element subscript=\"{}\">\n          <eqn>{}</eqn>\n        </element>",
                    escaped(&subscript),
                    number(value)
                );
            }
        }
        text.push_str("      </aux>\n");
        text
    }

    /// The names of the elements of a combination, the last subscript fastest.
    fn element_names(&self, subscripts: &[SubscriptId], element: usize) -> Vec<String> {
        self.combination(subscripts, element)
            .into_iter()
            .map(|(id, position)| self.subscripts[id.index()].1[position].clone())
            .collect()
    }

    fn combination(&self, subscripts: &[SubscriptId], element: usize) -> Vec<(SubscriptId, usize)> {
        let mut rest = element;
        let mut parts = Vec::with_capacity(subscripts.len());
        for &id in subscripts.iter().rev() {
            let n = self.model.subscript(id).elements.len();
            parts.push((id, rest % n));
            rest /= n;
        }
        parts.reverse();
        parts
    }

    /// A variable with its equation, for all elements at once where it is the same for all.
    fn element(
        &mut self,
        tag: &str,
        variable: &Variable,
        name: &str,
        inside: &str,
        equation: &Expression,
    ) -> Result<String, String> {
        let mut text = self.opened(tag, variable, name);
        text.push_str(inside);
        if variable.subscripts.is_empty() || !asks_where(equation) {
            let _ = writeln!(text, "        <eqn>{}</eqn>", escaped(&self.equation(equation)?));
        } else {
            for element in 0..self.model.n_elements(&variable.subscripts) {
                self.chosen = self.combination(&variable.subscripts, element);
                let written = self.equation(equation);
                self.chosen.clear();
                let subscript = self.element_names(&variable.subscripts, element).join(", ");
                let _ = writeln!(
                    text,
                    "        <element subscript=\"{}\">\n          <eqn>{}</eqn>\n        </element>",
                    escaped(&subscript),
                    escaped(&written?)
                );
            }
        }
        let _ = writeln!(text, "      </{tag}>");
        Ok(text)
    }

    fn equation(&mut self, expression: &Expression) -> Result<String, String> {
        let text = self.any(expression)?;
        if text.len() > MAX_TEXT {
            return Err("its equation grows too long in XMILE".to_owned());
        }
        // Brackets around the whole say nothing.
        Ok(match text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
            Some(inner) if is_balanced(inner) => inner.to_owned(),
            _ => text,
        })
    }

    /// The position that is chosen for a subscript, if one is.
    fn chosen(&self, id: SubscriptId) -> Option<usize> {
        self.chosen.iter().rev().find(|&&(chosen, _)| chosen == id).map(|&(_, position)| position)
    }

    fn index(&self, index: Index, of: SubscriptId) -> Result<String, String> {
        let (id, position) = match index {
            Index::Element(id, position) => (id, Some(position)),
            Index::Bound(id) => (id, self.chosen(id)),
        };
        let Some(position) = position else {
            return Ok(reference_name(&self.subscripts[id.index()].0));
        };
        let Some(position) = self.model.translate(id, position, of) else {
            return Err("it asks for an element that is not there".to_owned());
        };
        Ok(reference_name(&self.subscripts[of.index()].1[position]))
    }

    fn any(&mut self, expression: &Expression) -> Result<String, String> {
        let model = self.model;
        Ok(match expression {
            Expression::Number(value) => number(*value),
            Expression::Time if model.clock.origin == 0.0 => "TIME".to_owned(),
            Expression::Time => "(TIME - STARTTIME)".to_owned(),
            Expression::Position(id) => match self.chosen(*id) {
                Some(position) => position.to_string(),
                None => {
                    return Err("it asks which element it is in a way that XMILE has no form for".to_owned());
                }
            },
            Expression::Variable { variable, indices } => {
                let name = reference_name(&self.names[variable.index()]);
                if indices.is_empty() {
                    return Ok(name);
                }
                let of = &model.variable(*variable).subscripts;
                let indices: Result<Vec<String>, String> =
                    indices.iter().zip(of).map(|(&index, &of)| self.index(index, of)).collect();
                format!("{name}[{}]", indices?.join(", "))
            }
            Expression::Event { .. } => return Err("it reads an event".to_owned()),
            Expression::Unary(UnaryOperator::Negate, inner) => format!("(-{})", self.any(inner)?),
            Expression::Unary(UnaryOperator::Not, inner) => format!("(NOT {})", self.any(inner)?),
            Expression::Binary(operator, a, b) => {
                use BinaryOperator as B;
                if let (B::Equal | B::NotEqual, Some(here)) = (operator, self.same_place(a, b)) {
                    return Ok(u8::from(here == (*operator == B::Equal)).to_string());
                }
                let sign = match operator {
                    B::Add => "+",
                    B::Subtract => "-",
                    B::Multiply => "*",
                    B::Divide => "/",
                    B::Power => "^",
                    B::Less => "<",
                    B::LessOrEqual => "<=",
                    B::Greater => ">",
                    B::GreaterOrEqual => ">=",
                    B::Equal => "=",
                    B::NotEqual => "<>",
                    B::And => "AND",
                    B::Or => "OR",
                };
                format!("({} {sign} {})", self.any(a)?, self.any(b)?)
            }
            Expression::If(condition, yes, no) => {
                format!("(IF {} THEN {} ELSE {})", self.any(condition)?, self.any(yes)?, self.any(no)?)
            }
            Expression::Select { selector, alternatives } => self.selection(selector, alternatives)?,
            Expression::Call(function, arguments) => self.call(*function, arguments)?,
            Expression::Draw { chance, arguments, .. } => self.draw(*chance, arguments)?,
            Expression::Reduce { reduction, over, except, body } => {
                if except.is_empty()
                    && let Some(text) = self.whole_array(*reduction, over, body)?
                {
                    return Ok(text);
                }
                self.written_out(*reduction, over, except, body)?
            }
            Expression::Lookup(lookup, argument) => {
                format!("{}({})", reference_name(&self.lookups[lookup.index()]), self.any(argument)?)
            }
            Expression::Memory(memory) => self.memory(memory)?,
        })
    }

    /// Whether two parts ask for the same element of subscripts that are chosen; none when they ask nothing of it.
    fn same_place(&self, a: &Expression, b: &Expression) -> Option<bool> {
        let place = |expression: &Expression| match expression {
            Expression::Position(id) => Some((Some(*id), self.chosen(*id)?)),
            Expression::Number(value) => Some((None, *value as usize)),
            _ => None,
        };
        let is_place = |expression: &Expression| matches!(expression, Expression::Position(_));
        if !is_place(a) && !is_place(b) {
            return None;
        }
        let ((a, first), (b, second)) = (place(a)?, place(b)?);
        Some(match (a, b) {
            (Some(a), Some(b)) => {
                self.model.position_in_set(a, first) == self.model.position_in_set(b, second)
            }
            _ => first == second,
        })
    }

    fn selection(&mut self, selector: &Expression, alternatives: &[Expression]) -> Result<String, String> {
        let selector = self.any(selector)?;
        if let Ok(position) = selector.parse::<usize>() {
            return match alternatives.get(position) {
                Some(alternative) => self.any(alternative),
                None => Err("it asks for an alternative that is not there".to_owned()),
            };
        }
        let mut text = String::new();
        let last = alternatives.len().saturating_sub(1);
        for (position, alternative) in alternatives.iter().enumerate() {
            let value = self.any(alternative)?;
            if position == last {
                text.push_str(&value);
            } else {
                let _ = write!(text, "IF {selector} = {position} THEN {value} ELSE ");
            }
        }
        Ok(format!("({text})"))
    }

    fn call(&mut self, function: Function, arguments: &[Expression]) -> Result<String, String> {
        let mut parts = Vec::with_capacity(arguments.len());
        for argument in arguments {
            parts.push(self.any(argument)?);
        }
        let one = |name: &str| format!("{name}({})", parts[0]);
        Ok(match function {
            Function::Exp => one("EXP"),
            Function::Log => one("LN"),
            Function::Sqrt => one("SQRT"),
            Function::Abs => one("ABS"),
            Function::Floor => one("INT"),
            Function::Ceil => format!("(-INT(-{}))", parts[0]),
            Function::Round => one("ROUND"),
            Function::Logistic => format!("(1 / (1 + EXP(-{})))", parts[0]),
            Function::Sine => one("SIN"),
            Function::Cosine => one("COS"),
            Function::Tangent => one("TAN"),
            Function::ArcSine => one("ARCSIN"),
            Function::ArcCosine => one("ARCCOS"),
            Function::ArcTangent => one("ARCTAN"),
            Function::Min => format!("MIN({})", parts.join(", ")),
            Function::Max => format!("MAX({})", parts.join(", ")),
            Function::Clamp => format!("MIN({}, MAX({}, {}))", parts[2], parts[1], parts[0]),
            Function::NoisyOr => noisy_or(&parts),
        })
    }

    fn draw(&mut self, chance: Chance, arguments: &[Expression]) -> Result<String, String> {
        let mut parts = Vec::with_capacity(arguments.len());
        for argument in arguments {
            parts.push(self.any(argument)?);
        }
        self.note(
            Weight::Rewritten,
            "chance",
            "other programs draw other numbers from the same distributions",
        );
        Ok(match chance {
            Chance::Poisson { per_time: false } => format!("POISSON({})", parts[0]),
            Chance::Poisson { per_time: true } => format!("(POISSON({} * DT) / DT)", parts[0]),
            Chance::Binomial { per_time: false } => format!("BINOMIAL({}, {})", parts[0], parts[1]),
            Chance::Binomial { per_time: true } => {
                format!("(BINOMIAL({}, 1 - EXP(-{} * DT)) / DT)", parts[0], parts[1])
            }
            Chance::Normal => format!("NORMAL({}, {})", parts[0], parts[1]),
            Chance::Uniform => format!("UNIFORM({}, {})", parts[0], parts[1]),
            Chance::Bernoulli => format!("(IF UNIFORM(0, 1) < {} THEN 1 ELSE 0)", parts[0]),
        })
    }

    /// `SUM(x[*, Region])` where nothing but a variable is reduced.
    fn whole_array(
        &mut self,
        reduction: Reduction,
        over: &[SubscriptId],
        body: &Expression,
    ) -> Result<Option<String>, String> {
        let Expression::Variable { variable, indices } = body else { return Ok(None) };
        let name = match reduction {
            Reduction::Sum => "SUM",
            Reduction::Mean => "MEAN",
            Reduction::Min => "MIN",
            Reduction::Max => "MAX",
            Reduction::Product => "PROD",
            Reduction::NoisyOr => return Ok(None),
        };
        let of = &self.model.variable(*variable).subscripts;
        let mut parts = Vec::with_capacity(indices.len());
        let mut n_whole = 0;
        for (&index, &of) in indices.iter().zip(of) {
            match index {
                Index::Bound(id) if over.contains(&id) && id == of => {
                    n_whole += 1;
                    parts.push("*".to_owned());
                }
                Index::Bound(id) if over.contains(&id) => return Ok(None),
                _ => parts.push(self.index(index, of)?),
            }
        }
        if n_whole != over.len() {
            return Ok(None);
        }
        Ok(Some(format!("{name}({}[{}])", reference_name(&self.names[variable.index()]), parts.join(", "))))
    }

    fn written_out(
        &mut self,
        reduction: Reduction,
        over: &[SubscriptId],
        except: &[contingent_model::Exclusion],
        body: &Expression,
    ) -> Result<String, String> {
        let n = self.chosen.len();
        let mut parts = Vec::new();
        let mut size = 0;
        for combination in self.model.combinations(over) {
            self.chosen.truncate(n);
            self.chosen.extend(combination);
            let mut is_out = false;
            for exclusion in except {
                let here = self.chosen(exclusion.subscript);
                let (of, position) = match exclusion.excluded {
                    Index::Element(of, position) => (of, Some(position)),
                    Index::Bound(of) => (of, self.chosen(of)),
                };
                let Some(position) = position else {
                    self.chosen.truncate(n);
                    return Err("a sum leaves out the element that it stands in".to_owned());
                };
                is_out |= here.is_some() && self.model.translate(of, position, exclusion.subscript) == here;
            }
            if is_out {
                continue;
            }
            let part = self.any(body);
            let part = match part {
                Ok(part) => part,
                Err(reason) => {
                    self.chosen.truncate(n);
                    return Err(reason);
                }
            };
            size += part.len();
            if size > MAX_TEXT {
                self.chosen.truncate(n);
                return Err("a sum over its elements grows too long in XMILE".to_owned());
            }
            parts.push(part);
        }
        self.chosen.truncate(n);
        if parts.is_empty() {
            return Ok(if reduction == Reduction::Product { "1" } else { "0" }.to_owned());
        }
        Ok(match reduction {
            Reduction::Sum => format!("({})", parts.join(" + ")),
            Reduction::Mean => format!("(({}) / {})", parts.join(" + "), parts.len()),
            Reduction::Product => format!("({})", parts.join(" * ")),
            Reduction::NoisyOr => noisy_or(&parts),
            Reduction::Min | Reduction::Max => {
                let name = if reduction == Reduction::Min { "MIN" } else { "MAX" };
                if parts.len() == 1 { parts.remove(0) } else { format!("{name}({})", parts.join(", ")) }
            }
        })
    }

    fn memory(&mut self, memory: &Memory) -> Result<String, String> {
        let dt = self.model.clock.dt;
        let body = self.any(&memory.body)?;
        let initially = match &memory.initially {
            Some(initially) => format!(", {}", self.any(initially)?),
            None => String::new(),
        };
        Ok(match &memory.kind {
            MemoryKind::Delay { duration, order } | MemoryKind::Smooth { duration, order } => {
                let name = if matches!(memory.kind, MemoryKind::Delay { .. }) { "DELAY" } else { "SMTH" };
                let duration = self.any(duration)?;
                match order {
                    1 | 3 => format!("{name}{order}({body}, {duration}{initially})"),
                    _ => format!("{name}N({body}, {duration}, {order}{initially})"),
                }
            }
            MemoryKind::Lag { steps } => {
                format!("DELAY({body}, {}{initially})", number(*steps as f64 * dt))
            }
            MemoryKind::Window { .. } => {
                return Err("it looks back over a span of time, which no function of XMILE does".to_owned());
            }
            MemoryKind::Ever => return Err("it asks whether something ever held".to_owned()),
        })
    }
}

fn noisy_or(parts: &[String]) -> String {
    let fails: Vec<String> = parts.iter().map(|part| format!("(1 - MIN(1, MAX(0, {part})))")).collect();
    format!("(1 - {})", fails.join(" * "))
}

/// The middle of a distribution: what a run at central values takes.
fn middle(distribution: &Distribution) -> f64 {
    match distribution {
        Distribution::Constant(value) => *value,
        other => contingent_engine::quantile::central(other),
    }
}

/// Whether an expression asks which element it stands in, so that it is written out element by element.
fn asks_where(expression: &Expression) -> bool {
    match expression {
        Expression::Position(_) => true,
        Expression::Number(_) | Expression::Time | Expression::Variable { .. } | Expression::Event { .. } => {
            false
        }
        Expression::Unary(_, inner) | Expression::Lookup(_, inner) => asks_where(inner),
        Expression::Binary(_, a, b) => asks_where(a) || asks_where(b),
        Expression::If(a, b, c) => asks_where(a) || asks_where(b) || asks_where(c),
        Expression::Select { selector, alternatives } => {
            asks_where(selector) || alternatives.iter().any(asks_where)
        }
        Expression::Call(_, arguments) | Expression::Draw { arguments, .. } => {
            arguments.iter().any(asks_where)
        }
        Expression::Reduce { except, body, .. } => !except.is_empty() || asks_where(body),
        Expression::Memory(memory) => memory.parts().any(asks_where),
    }
}

/// Whether every bracket in a text closes one that it opened, outside of quotes.
fn is_balanced(text: &str) -> bool {
    let (mut depth, mut is_quoted) = (0_i64, false);
    for character in text.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => {
                depth -= 1;
                if depth < 0 {
                    return false;
                }
            }
            _ => {}
        }
    }
    depth == 0
}

fn number(value: f64) -> String {
    if value < 0.0 { format!("(-{})", written(-value)) } else { written(value) }
}

/// A name as equations write it: in quotes where it has anything but letters, digits and underscores.
fn reference_name(name: &str) -> String {
    let plain = name.replace(' ', "_");
    let is_plain = plain.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_plain { plain } else { format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")) }
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Clamped => " type=\"continuous\"",
        Shape::Extrapolated => " type=\"extrapolate\"",
        Shape::Stepped => " type=\"discrete\"",
    }
}

fn points(points: &[(f64, f64)]) -> String {
    let list = |of: fn(&(f64, f64)) -> f64| -> String {
        points.iter().map(|point| written_signed(of(point))).collect::<Vec<_>>().join(",")
    };
    format!(
        "          <xpts>{}</xpts>\n          <ypts>{}</ypts>\n",
        list(|point| point.0),
        list(|point| point.1)
    )
}

fn written_signed(value: f64) -> String {
    if value < 0.0 { format!("-{}", written(-value)) } else { written(value) }
}
