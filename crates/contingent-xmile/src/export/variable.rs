//! One variable of the model as elements of XMILE.
//!
//! Enters: a variable. Leaves: a stock, flow or auxiliary with its equation. Always holds: what XMILE has no place for is
//! refused, or noted with what stands instead.

use std::fmt::Write as _;

use contingent_model::{
    BinaryOperator, Distribution, Endpoint, Expression, Function, Index, Method, Shape, SubscriptId,
    Variable, VariableId, VariableKind,
};

use super::equation::{asks_where, number, reference_name};
use super::{Writer, points, shape};
use crate::report::Weight;
use crate::xml::escaped;

/// Most points of a series from data.
const MAX_POINTS: usize = 100_000;

impl Writer<'_> {
    pub(super) fn variable(&mut self, position: usize) -> Result<String, String> {
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
    pub(super) fn moves(&self) -> Vec<(usize, usize)> {
        let mut moves = Vec::new();
        for (position, variable) in self.model.variables.iter().enumerate() {
            if let VariableKind::Flow { to, .. } = &variable.kind {
                moves.extend((0..to.len().max(1)).map(|part| (position, part)));
            }
        }
        moves
    }

    /// The name of a flow, or of one part of it, as equations write it.
    pub(super) fn flow_name(&self, flow: usize, part: usize) -> String {
        reference_name(&self.part_name(flow, part))
    }

    pub(super) fn part_name(&self, flow: usize, part: usize) -> String {
        let name = &self.names[flow];
        match &self.model.variables[flow].kind {
            VariableKind::Flow { to, .. } if to.len() > 1 => {
                format!("{name} to {}", self.names[to[part].endpoint.stock.index()])
            }
            _ => name.clone(),
        }
    }

    pub(super) fn flow(
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

    pub(super) fn opened(&self, tag: &str, variable: &Variable, name: &str) -> String {
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

    pub(super) fn constants(&mut self, variable: &Variable, name: &str, values: &[f64]) -> String {
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
    pub(super) fn element_names(&self, subscripts: &[SubscriptId], element: usize) -> Vec<String> {
        self.combination(subscripts, element)
            .into_iter()
            .map(|(id, position)| self.subscripts[id.index()].1[position].clone())
            .collect()
    }

    pub(super) fn combination(
        &self,
        subscripts: &[SubscriptId],
        element: usize,
    ) -> Vec<(SubscriptId, usize)> {
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
    pub(super) fn element(
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
}

/// The middle of a distribution: what a run at central values takes.
fn middle(distribution: &Distribution) -> f64 {
    match distribution {
        Distribution::Constant(value) => *value,
        other => contingent_engine::quantile::central(other),
    }
}
