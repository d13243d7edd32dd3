//! Names of XMILE files.
//!
//! Enters: names and labels of the language. Leaves: names that no two variables share. Always holds: names are compared
//! as XMILE compares them, without regard to case, spaces and underscores, and none is a word of its equations.

use std::collections::HashSet;

use crate::equation::canonical;

/// Names that differ by how XMILE compares them, and that are no functions of it.
pub(super) struct Names(pub(super) HashSet<String>);

impl Names {
    pub(super) fn take(&mut self, name: &str) -> String {
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
pub(super) const TAKEN: &[&str] = &[
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
