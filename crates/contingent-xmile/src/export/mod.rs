//! From a checked model to XMILE.
//!
//! Enters: a [`CheckedModel`]. Leaves: the text of an XMILE file and a report, or only the report when something that
//! moves the model has no counterpart. Always holds: what is written reads back and gives the same numbers where the
//! report says nothing else; values are in base units, time in the unit of the step.

mod equation;
mod names;
mod variable;

use std::collections::HashSet;
use std::fmt::Write as _;

use contingent_model::{CheckedModel, Method, Shape, SubscriptId, VariableKind};

use crate::report::{Note, Report, Weight};
use crate::translate::written;
use crate::xml::escaped;
use names::{Names, TAKEN};

/// A model in XMILE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The text of the file.
    pub text: String,
    /// What became of each part.
    pub report: Report,
}

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
