//! Equations of XMILE in the language.
//!
//! Enters: a [`Flat`] model, with identifiers. Leaves: the text of expressions, and helpers that they need. Always
//! holds: a condition stands only where one is meant; what has no counterpart is refused with a reason.

mod function;
mod random;
mod text;

use std::cell::RefCell;
use std::collections::HashMap;

use contingent_syntax::nearest;

use crate::document::Kind;
use crate::equation::{Equation, Index, Operator, canonical};
use crate::flat::Flat;
use crate::names::Identifiers;
use text::{AND, ATOM, COMPARISON, IF, NOT, OR, POWER, PRODUCT, SIGN, SUM};
pub(crate) use text::{Text, written};

/// Longest expression, in bytes: macros and functions that name an argument twice can grow without end.
const MAX_TEXT: usize = 100_000;

/// A dimension in the language.
#[derive(Clone, Debug)]
pub(crate) struct Subscript {
    /// Identifiers of the indices over it: the first, and one more for each time it stands twice in a variable.
    pub(crate) indices: Vec<String>,
    /// Canonical names, identifiers and names of the elements as shown.
    pub(crate) elements: Vec<(String, String, String)>,
}

/// Something that an equation needs beside it.
#[derive(Clone, Debug)]
pub(crate) struct Helper {
    pub(crate) identifier: String,
    pub(crate) dimensions: Vec<String>,
    pub(crate) definition: String,
    /// A stock that nothing moves keeps the value at the start.
    pub(crate) is_stock: bool,
    pub(crate) doc: String,
    /// The variable that needs it.
    pub(crate) owner: usize,
}

/// Where an equation stands.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) owner: usize,
    pub(crate) scope: usize,
    /// Canonical names of the dimensions that are bound here, those of the declaration first.
    pub(crate) bound: Vec<String>,
}

pub(crate) struct Translator<'f> {
    pub(crate) flat: &'f Flat,
    pub(crate) identifiers: &'f [String],
    /// Identifier of the table of a variable.
    pub(crate) tables: HashMap<usize, String>,
    pub(crate) subscripts: HashMap<String, Subscript>,
    pub(crate) names: Identifiers,
    pub(crate) helpers: Vec<Helper>,
    pub(crate) start: f64,
    pub(crate) stop: f64,
    pub(crate) dt: f64,
    /// The identifier of the step, once it is needed.
    pub(crate) step_name: Option<String>,
    /// Values of variables that never change, as far as they were asked for; none for those that do.
    pub(crate) constants: RefCell<HashMap<usize, Option<f64>>>,
    /// (variable, what was changed).
    pub(crate) changes: Vec<(usize, String)>,
}

type Translated = Result<Text, String>;

impl Translator<'_> {
    /// The identifier of the time step.
    pub(crate) fn step(&mut self) -> String {
        let names = &mut self.names;
        self.step_name.get_or_insert_with(|| names.take("time_step")).clone()
    }

    fn now(&self) -> Text {
        match self.start {
            0.0 => Text::new("time".to_owned(), ATOM),
            start => Text::new(format!("{} + time", Text::number(start).at(PRODUCT)), SUM),
        }
    }

    pub(crate) fn number(&mut self, equation: &Equation, place: &Place) -> Translated {
        Ok(self.expression(equation, place)?.into_number())
    }

    pub(crate) fn expression(&mut self, equation: &Equation, place: &Place) -> Translated {
        let text = self.any(equation, place)?;
        if text.text.len() > MAX_TEXT {
            return Err("the equation grows too long in the language".to_owned());
        }
        Ok(text)
    }

    fn any(&mut self, equation: &Equation, place: &Place) -> Translated {
        match equation {
            Equation::Number(value) if value.is_finite() => Ok(Text::number(*value)),
            Equation::Number(_) => Err("a number is too large".to_owned()),
            Equation::Name(name, indices) => self.reference(name, indices.as_deref(), place),
            Equation::Call(name, arguments) => self.call(name, arguments, place),
            Equation::Negate(inner) => {
                let inner = self.number(inner, place)?;
                Ok(Text::new(format!("-{}", inner.at(POWER)), SIGN))
            }
            Equation::Not(inner) => {
                let inner = self.expression(inner, place)?.into_condition();
                let text = format!("not {}", inner.at(COMPARISON));
                Ok(Text { text, level: NOT, is_condition: true })
            }
            Equation::Binary(operator, a, b) => self.binary(*operator, a, b, place),
            Equation::If(condition, yes, no) => {
                let condition = self.expression(condition, place)?.into_condition();
                let (yes, no) = (self.number(yes, place)?, self.number(no, place)?);
                let text = format!("if {} then {} else {}", condition.at(OR), yes.at(OR), no.at(IF));
                Ok(Text::new(text, IF))
            }
        }
    }

    fn binary(&mut self, operator: Operator, a: &Equation, b: &Equation, place: &Place) -> Translated {
        use Operator as O;
        let (a, b) = (self.expression(a, place)?, self.expression(b, place)?);
        if matches!(operator, O::And | O::Or) {
            let (a, b) = (a.into_condition(), b.into_condition());
            let (sign, level) = if operator == O::And { ("and", AND) } else { ("or", OR) };
            let text = format!("{} {sign} {}", a.at(level), b.at(level + 1));
            return Ok(Text { text, level, is_condition: true });
        }
        let (a, b) = (a.into_number(), b.into_number());
        let joined = |sign: &str, level: u8, left: u8, right: u8| {
            Text::new(format!("{} {sign} {}", a.at(left), b.at(right)), level)
        };
        let compared = |sign: &str| {
            let text = format!("{} {sign} {}", a.at(SUM), b.at(SUM));
            Text { text, level: COMPARISON, is_condition: true }
        };
        Ok(match operator {
            O::Add => joined("+", SUM, SUM, PRODUCT),
            O::Subtract => joined("-", SUM, SUM, PRODUCT),
            O::Multiply => joined("*", PRODUCT, PRODUCT, SIGN),
            O::Divide => joined("/", PRODUCT, PRODUCT, SIGN),
            O::Power => joined("^", POWER, ATOM, ATOM),
            O::SafeDivide => safe_division(&a, &b, &Text::number(0.0)),
            O::Modulo => modulo(&a, &b),
            O::Equal => compared("=="),
            O::NotEqual => compared("!="),
            O::Less => compared("<"),
            O::LessOrEqual => compared("<="),
            O::Greater => compared(">"),
            O::GreaterOrEqual => compared(">="),
            O::And | O::Or => unreachable!("conditions are told apart above"),
        })
    }

    /// The identifier of the index over a dimension that is bound here; `nth` counts how often it stood before.
    fn bound_index(&self, dimension: &str, nth: usize, place: &Place) -> Option<String> {
        let n = place.bound.iter().filter(|&bound| bound == dimension).count();
        (n > 0).then(|| self.subscripts.get(dimension)?.indices.get(nth.min(n - 1)).cloned()).flatten()
    }

    fn reference(&mut self, name: &str, indices: Option<&[Index]>, place: &Place) -> Translated {
        let Some(found) = self.flat.find(place.scope, name) else {
            return self.constant(name, indices, place);
        };
        let (identifier, dimensions) =
            (self.identifiers[found].clone(), self.flat.variables[found].dimensions.clone());
        if self.flat.variables[found].kind == Kind::Table {
            return Err(format!("the graphical function `{name}` stands without a value"));
        }
        let Some(indices) = indices else {
            for (i, dimension) in dimensions.iter().enumerate() {
                let nth = dimensions[..i].iter().filter(|&before| before == dimension).count();
                if place.bound.iter().filter(|&bound| bound == dimension).count() <= nth {
                    return Err(format!("`{name}` has several values, and the equation does not say which"));
                }
            }
            return Ok(Text::new(identifier, ATOM));
        };
        if indices.len() != dimensions.len() {
            return Err(format!(
                "`{name}` has {} subscripts and is given {}",
                dimensions.len(),
                indices.len()
            ));
        }
        let mut parts = Vec::with_capacity(indices.len());
        for (i, (index, dimension)) in indices.iter().zip(&dimensions).enumerate() {
            let nth = dimensions[..i].iter().filter(|&before| before == dimension).count();
            let Some(subscript) = self.subscripts.get(dimension) else {
                return Err(format!("there is no dimension `{dimension}`"));
            };
            let part = match index {
                Index::All => self
                    .bound_index(dimension, nth, place)
                    .ok_or_else(|| format!("`*` in `{name}` stands outside of a sum or the like"))?,
                Index::Is(Equation::Name(word, None)) if element(subscript, word).is_some() => {
                    element(subscript, word).unwrap_or_default()
                }
                Index::Is(Equation::Name(word, None)) if self.subscripts.contains_key(word.as_str()) => self
                    .bound_index(word, nth, place)
                    .ok_or_else(|| format!("the dimension `{word}` has no element in this equation"))?,
                Index::Is(Equation::Number(position)) => {
                    let position = *position;
                    let by_number = element(subscript, &written(position));
                    let by_position = (position >= 1.0 && position.fract() == 0.0)
                        .then(|| subscript.elements.get(position as usize - 1).map(|(_, id, _)| id.clone()))
                        .flatten();
                    by_number.or(by_position).ok_or_else(|| format!("`{name}` has no element {position}"))?
                }
                Index::Is(worked_out) => {
                    return self.worked_out(name, indices, i, worked_out, dimension, place);
                }
            };
            parts.push(part);
        }
        Ok(Text::new(format!("{identifier}[{}]", parts.join(", ")), ATOM))
    }

    /// A reference whose element is worked out: one alternative for each, and 0 for none of them, as in XMILE.
    fn worked_out(
        &mut self,
        name: &str,
        indices: &[Index],
        position: usize,
        index: &Equation,
        dimension: &str,
        place: &Place,
    ) -> Translated {
        let index = self.number(index, place)?;
        let elements = self.subscripts[dimension].elements.clone();
        if elements.len() > 100 {
            return Err(format!("an element of `{name}` is worked out among {}", elements.len()));
        }
        let mut text = String::new();
        for (i, (element, ..)) in elements.iter().enumerate() {
            let mut fixed = indices.to_vec();
            fixed[position] = Index::Is(Equation::Name(element.clone(), None));
            let value = self.reference(name, Some(&fixed), place)?;
            text.push_str(&format!("if floor({}) == {} then {} else ", index.text, i + 1, value.at(OR)));
        }
        text.push('0');
        Ok(Text::new(text, IF))
    }

    fn constant(&mut self, name: &str, indices: Option<&[Index]>, place: &Place) -> Translated {
        if indices.is_some() {
            return Err(self.unknown(name));
        }
        Ok(match name {
            "time" => self.now(),
            "dt" | "time_step" => Text::new(self.step(), ATOM),
            "starttime" | "initial_time" => Text::number(self.start),
            "stoptime" | "final_time" => Text::number(self.stop),
            "pi" => Text::number(std::f64::consts::PI),
            "inf" => Text::number(1e300),
            "true" => Text::number(1.0),
            "false" => Text::number(0.0),
            _ if self.subscripts.contains_key(name) => {
                return Err(format!(
                    "the dimension `{name}` stands as a number; the language has none for it"
                ));
            }
            _ if is_function(name) => return self.call(name, &[], place),
            _ if name.starts_with('?') => {
                return Err(
                    "the equation was lost when the file was written (`???`): write it there, or save the \
                            file anew from the program that made it"
                        .to_owned(),
                );
            }
            _ => return Err(self.unknown(name)),
        })
    }

    /// That a name stands for nothing, with the name of the file that is nearest to it.
    fn unknown(&self, name: &str) -> String {
        let known = self.flat.variables.iter().map(|variable| variable.key.as_str());
        match nearest(name, known) {
            Some(meant) => format!("there is no variable `{name}`; did you mean `{meant}`?"),
            None => format!("there is no variable `{name}`"),
        }
    }

    /// The value of the table of a variable.
    pub(crate) fn looked_up(&mut self, table: &str, x: &Text) -> Text {
        Text::new(format!("{table}({})", x.text), ATOM)
    }

    /// A helper over the dimensions that are bound here; gives its name.
    fn helper(&mut self, stem: &str, definition: &str, is_stock: bool, doc: &str, place: &Place) -> Text {
        let identifier = self.names.take(&format!("{}_{stem}", self.identifiers[place.owner]));
        let own = &self.flat.variables[place.owner].dimensions;
        self.helpers.push(Helper {
            identifier: identifier.clone(),
            dimensions: own.clone(),
            definition: definition.to_owned(),
            is_stock,
            doc: doc.to_owned(),
            owner: place.owner,
        });
        Text::new(identifier, ATOM)
    }

    /// The value of an equation that never changes.
    pub(crate) fn known(&self, equation: &Equation, place: &Place, depth: usize) -> Option<f64> {
        if depth > 500 {
            return None;
        }
        let of = |inner: &Equation| self.known(inner, place, depth + 1);
        match equation {
            Equation::Number(value) => Some(*value),
            Equation::Negate(inner) => of(inner).map(|value| -value),
            Equation::Binary(operator, a, b) => {
                let (a, b) = (of(a)?, of(b)?);
                Some(match operator {
                    Operator::Add => a + b,
                    Operator::Subtract => a - b,
                    Operator::Multiply => a * b,
                    Operator::Divide => a / b,
                    _ => return None,
                })
            }
            Equation::Name(name, None) => {
                if let Some(found) = self.flat.find(place.scope, name) {
                    let variable = &self.flat.variables[found];
                    let [equation] = &variable.body.equations[..] else { return None };
                    let is_plain = variable.kind == Kind::Auxiliary
                        && variable.body.table.is_none()
                        && variable.body.parts.is_empty();
                    if let Some(known) = self.constants.borrow().get(&found) {
                        return *known;
                    }
                    // A circle meets this and ends.
                    self.constants.borrow_mut().insert(found, None);
                    let place = Place { owner: found, scope: variable.scope, bound: Vec::new() };
                    let value = is_plain.then(|| self.known(equation, &place, depth + 1)).flatten();
                    self.constants.borrow_mut().insert(found, value);
                    return value;
                }
                match name.as_str() {
                    "dt" | "time_step" => Some(self.dt),
                    "starttime" | "initial_time" => Some(self.start),
                    "stoptime" | "final_time" => Some(self.stop),
                    _ => None,
                }
            }
            _ => None,
        }
        .filter(|value| value.is_finite())
    }
}

/// The identifier of an element by its canonical name.
fn element(subscript: &Subscript, name: &str) -> Option<String> {
    let name = canonical(name);
    subscript.elements.iter().find(|(known, ..)| *known == name).map(|(_, identifier, _)| identifier.clone())
}

/// Functions that may stand without brackets.
fn is_function(name: &str) -> bool {
    matches!(name, "uniform" | "random")
}

fn safe_division(a: &Text, b: &Text, otherwise: &Text) -> Text {
    let text =
        format!("if {} == 0 then {} else {} / {}", b.at(SUM), otherwise.at(OR), a.at(PRODUCT), b.at(SIGN));
    Text::new(text, IF)
}

/// What is left over, with the sign of the divisor.
fn modulo(a: &Text, b: &Text) -> Text {
    let (x, y) = (a.at(PRODUCT), b.at(SIGN));
    Text::new(format!("{} - {y} * floor({x} / {y})", a.at(SUM)), SUM)
}
