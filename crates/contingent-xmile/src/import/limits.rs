//! What stocks that never go below zero let their flows take.
//!
//! Enters: a flow with its rate and the stocks that it joins. Leaves: the rate, limited by what these hold. Always holds:
//! outflows take in the order of the file, after what flows in within the step; where that would make a circle the term
//! is left out and the report says so.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::Ends;
use crate::document::Kind;
use crate::equation::Equation;
use crate::flat::Flat;
use crate::report::{Note, Weight};
use crate::translate::{Text, Translator};

/// What stocks that hold no less than nothing leave of the flows.
pub(super) struct Limits<'f> {
    flat: &'f Flat,
    identifiers: &'f [String],
    /// Names of flows that move one of several stocks, by flow, stock and whether they leave it.
    parts: HashMap<(usize, usize, bool), String>,
    /// Which variables need which others at the same moment.
    needs: Vec<HashSet<usize>>,
}

impl<'f> Limits<'f> {
    pub(super) fn new(flat: &'f Flat, identifiers: &'f [String]) -> Self {
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

    pub(super) fn part_name(
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

    pub(super) fn reaches(&self, from: usize, to: usize) -> bool {
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
    pub(super) fn apply(
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
    pub(super) fn available(
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
