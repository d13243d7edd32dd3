//! Units: those declared, those that are a number of others, and those written with a number or a name.
//!
//! Enters: declarations of units, written units. Leaves: the model's [`crate::unit::Units`], and [`Unit`]s. Always
//! holds: units may be declared in any order; one whose definition is broken fits everywhere.

use std::collections::HashMap;

use contingent_syntax::ast::{self, DeclarationKind, ExpressionKind, Name};
use contingent_syntax::{Code, Diagnostic};

use super::{Checker, Symbol};
use crate::checked::Conversion;
use crate::unit::{Dimension, NamedUnit, Power, Unit, nth_root};

impl<'a> Checker<'a> {
    pub(super) fn collect_units(&mut self, names: &[Name]) {
        for name in names {
            if self.is_new_unit(name) {
                self.units.declare(&name.text);
            }
        }
    }

    pub(super) fn collect_derived_name(&mut self, name: &Name) {
        if self.is_new_unit(name) {
            self.units.derive(&name.text, None);
        }
    }

    /// Registers the name of a unit; reports it when it is taken.
    fn is_new_unit(&mut self, name: &Name) -> bool {
        if self.units.named(&name.text).is_some() {
            let singular = name.text.strip_suffix('s').unwrap_or(&name.text);
            let first = self.unit_spans.get(&name.text).or_else(|| self.unit_spans.get(singular)).copied();
            let diagnostic = Diagnostic::error(
                Code::DuplicateName,
                format!("the unit `{}` is declared twice", name.text),
                name.span,
                if first.is_some() { "declared again here" } else { "part of the language" },
            )
            .help("remove it; the plural in `s` is understood");
            self.report(match first {
                Some(first) => diagnostic.and(first, "first declared here"),
                None => diagnostic,
            });
            return false;
        }
        self.unit_spans.insert(name.text.clone(), name.span);
        true
    }

    /// What the units stand for that are a number of others, each after those that it is made of.
    pub(super) fn collect_derived_units(&mut self) {
        let mut derived: Vec<&'a Name> = Vec::new();
        let mut positions: HashMap<&'a str, usize> = HashMap::new();
        let mut items = Vec::new();
        for (i, item) in self.items.iter().enumerate() {
            if let DeclarationKind::DerivedUnit { name, .. } = &item.declaration.kind
                && self.unit_spans.get(&name.text) == Some(&name.span)
            {
                positions.insert(&name.text, derived.len());
                derived.push(name);
                items.push(i);
            }
        }
        let parts = |this: &Self, position: usize| -> Vec<usize> {
            let declaration: &'a ast::Declaration = this.items[items[position]].declaration;
            let DeclarationKind::DerivedUnit { unit, .. } = &declaration.kind else { return Vec::new() };
            let find = |name: &str| positions.get(name).or_else(|| positions.get(name.strip_suffix('s')?));
            unit.factors.iter().filter_map(|factor| find(&factor.name.text).copied()).collect()
        };
        let mut state = vec![0_u8; derived.len()];
        for start in 0..derived.len() {
            if state[start] != 0 {
                continue;
            }
            state[start] = 1;
            let mut path = vec![(start, parts(self, start), 0)];
            while let Some((position, needed, next)) = path.last_mut() {
                let position = *position;
                if let Some(&target) = needed.get(*next) {
                    *next += 1;
                    match state[target] {
                        0 => {
                            state[target] = 1;
                            let needed = parts(self, target);
                            path.push((target, needed, 0));
                        }
                        1 => {
                            let begin = path.iter().position(|&(member, ..)| member == target).unwrap_or(0);
                            let circle: Vec<&Name> =
                                path[begin..].iter().map(|&(member, ..)| derived[member]).collect();
                            self.unit_circle(&circle);
                        }
                        _ => {}
                    }
                } else {
                    state[position] = 2;
                    path.pop();
                    self.derive_unit(items[position]);
                }
            }
        }
    }

    fn unit_circle(&mut self, circle: &[&Name]) {
        let names: Vec<&str> =
            circle.iter().chain(circle.first()).take(13).map(|name| name.text.as_str()).collect();
        let headline = if let [name] = circle {
            format!("the unit `{}` is defined by itself", name.text)
        } else {
            format!("these units are defined by each other in a circle: {}", names.join(" -> "))
        };
        let mut diagnostic =
            Diagnostic::error(Code::CircularDefinition, headline, circle[0].span, "begins and ends here")
                .help("declare one of them without a number: `unit name`");
        for name in circle.iter().skip(1).take(11) {
            diagnostic = diagnostic.and(name.span, "part of the circle");
        }
        self.report(diagnostic);
    }

    fn derive_unit(&mut self, item: usize) {
        let DeclarationKind::DerivedUnit { name, number, unit, grounds } = &self.items[item].declaration.kind
        else {
            return;
        };
        let ExpressionKind::Number { value, .. } = number.kind else { return };
        let grounds = self.grounds(grounds.as_ref(), None, name.span);
        let Some(meaning) = self.unit(unit) else { return };
        if value == 0.0 {
            self.report(
                Diagnostic::error(
                    Code::InvalidNumber,
                    format!("the unit `{}` is nothing", name.text),
                    number.span,
                    "zero of another unit",
                )
                .help("write how many of the other unit one of it is"),
            );
            return;
        }
        let scale = value * meaning.scale;
        if !scale.is_normal() {
            self.report(
                Diagnostic::error(
                    Code::InvalidNumber,
                    format!("the unit `{}` is too large or too small to represent", name.text),
                    number.span,
                    "not a sensible number of the other unit",
                )
                .help("choose a unit nearer to the other one"),
            );
            return;
        }
        self.units.derive(&name.text, Some((meaning.dimension, scale)));
        self.model.conversions.push(Conversion {
            name: name.text.clone(),
            number: value,
            unit: meaning.text,
            grounds,
            span: name.span,
        });
    }

    /// Whether a name, or its singular, belongs to a declaration that could not be read.
    fn is_broken_name(&self, name: &str) -> bool {
        let is_broken = |name| matches!(self.values.get(name), Some((Symbol::Broken, _)));
        is_broken(name) || name.strip_suffix('s').is_some_and(is_broken)
    }

    /// A written unit, or a diagnostic.
    pub(super) fn unit(&mut self, text: &ast::UnitText) -> Option<Unit> {
        let mut dimension = Dimension::none();
        let mut scale = 1.0;
        for factor in &text.factors {
            let (base, size) = self.unit_factor(factor)?;
            dimension = dimension.times(&base, factor.power);
            for _ in 0..factor.power.abs() {
                scale = if factor.power > 0 { scale * size } else { scale / size };
            }
        }
        let is_share = text.factors.len() == 1
            && matches!(text.factors[0].name.text.as_str(), "share" | "probability")
            && (text.factors[0].power, text.factors[0].root) == (1, 1);
        Some(Unit { dimension, scale, is_share, text: self.sources.text(text.span).to_owned() })
    }

    /// The dimension and scale of the root of one factor of a unit, before its power; or a diagnostic.
    pub(super) fn unit_factor(&mut self, factor: &ast::UnitFactor) -> Option<(Dimension, f64)> {
        let (dimension, scale) = self.named_unit(&factor.name)?;
        let root = Power::fraction(1, i64::from(factor.root));
        Some((dimension.raised(root), nth_root(scale, factor.root)))
    }

    /// The dimension and scale of one unit name, or a diagnostic.
    fn named_unit(&mut self, name: &Name) -> Option<(Dimension, f64)> {
        match self.units.named(&name.text) {
            Some(NamedUnit::Known(dimension, scale)) => {
                self.used_unit(name);
                for known in [Some(name.text.as_str()), name.text.strip_suffix('s')].into_iter().flatten() {
                    if !self.used_units.contains(known) {
                        self.used_units.insert(known.to_owned());
                    }
                }
                return Some((dimension, scale));
            }
            Some(NamedUnit::Broken) => return None,
            None if self.is_broken_name(&name.text) => return None,
            None => {}
        }
        let near = contingent_syntax::nearest(&name.text, self.units.names());
        let help = near.map_or_else(
            || format!("declare it: `unit {}`", name.text),
            |near| format!("did you mean `{near}`?"),
        );
        self.report(
            Diagnostic::error(
                Code::UnknownUnit,
                format!("there is no unit `{}`", name.text),
                name.span,
                "not declared",
            )
            .help(help)
            .fix_if(name.span, near),
        );
        None
    }
}
