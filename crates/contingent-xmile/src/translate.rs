//! Equations of XMILE in the language.
//!
//! Enters: a [`Flat`] model, with identifiers. Leaves: the text of expressions, and helpers that they need. Always
//! holds: a condition stands only where one is meant; what has no counterpart is refused with a reason.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::document::Kind;
use crate::equation::{Equation, Index, Operator, canonical};
use crate::flat::Flat;
use crate::names::Identifiers;

/// How tightly the parts of a text hold together, as in the language.
pub(crate) const IF: u8 = 0;
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
pub(crate) const SUM: u8 = 5;
pub(crate) const PRODUCT: u8 = 6;
const SIGN: u8 = 7;
const POWER: u8 = 8;
const ATOM: u8 = 9;

/// Longest expression, in bytes: macros and functions that name an argument twice can grow without end.
const MAX_TEXT: usize = 100_000;

/// The text of an expression.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) level: u8,
    pub(crate) is_condition: bool,
}

impl Text {
    fn new(text: String, level: u8) -> Self {
        Self { text, level, is_condition: false }
    }

    pub(crate) fn number(value: f64) -> Self {
        if value < 0.0 || (value == 0.0 && value.is_sign_negative()) {
            Self::new(format!("-{}", written(-value)), SIGN)
        } else {
            Self::new(written(value), ATOM)
        }
    }

    /// The text where something at least as tight as `level` is needed.
    pub(crate) fn at(&self, level: u8) -> String {
        if self.level >= level { self.text.clone() } else { format!("({})", self.text) }
    }

    /// The same as a number.
    pub(crate) fn into_number(self) -> Self {
        if self.is_condition { Self::new(format!("if {} then 1 else 0", self.at(OR)), IF) } else { self }
    }

    /// The same as a condition: what is not zero holds.
    fn into_condition(self) -> Self {
        if self.is_condition {
            return self;
        }
        Self { text: format!("{} != 0", self.at(SUM)), level: COMPARISON, is_condition: true }
    }
}

/// A number as the language writes it.
pub(crate) fn written(value: f64) -> String {
    let plain = format!("{value}");
    if plain.len() <= 20 { plain } else { format!("{value:e}") }
}

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
            return Err(format!("there is no variable `{name}`"));
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
                return Err("the equation was lost when the file was written (`???`)".to_owned());
            }
            _ => return Err(format!("there is no variable `{name}`")),
        })
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

    fn call(&mut self, name: &str, arguments: &[Equation], place: &Place) -> Translated {
        if let Some(found) = self.flat.find(place.scope, name)
            && let Some(table) = self.tables.get(&found).cloned()
        {
            let [x] = arguments else {
                return Err(format!("the graphical function `{name}` takes one value"));
            };
            let x = self.number(x, place)?;
            return Ok(self.looked_up(&table, &x));
        }
        if name == "lookup"
            && let [Equation::Name(table, None), x] = arguments
        {
            return self.call(table, std::slice::from_ref(x), place);
        }
        if name == "size" {
            let [Equation::Name(of, _)] = arguments else { return Err("SIZE takes an array".to_owned()) };
            let found = self.flat.find(place.scope, of).map(|found| &self.flat.variables[found].dimensions);
            let n: usize = match found {
                Some(dimensions) => dimensions
                    .iter()
                    .map(|dimension| self.subscripts.get(dimension).map_or(1, |one| one.elements.len()))
                    .product(),
                None => match self.subscripts.get(of.as_str()) {
                    Some(subscript) => subscript.elements.len(),
                    None => return Err(format!("there is no array `{of}`")),
                },
            };
            return Ok(Text::number(n as f64));
        }
        if let Some(reduction) = reduction(name, arguments.len()) {
            return self.reduce(reduction, &arguments[0], place);
        }
        self.function(name, arguments, place)
    }

    fn reduce(&mut self, reduction: &str, body: &Equation, place: &Place) -> Translated {
        // What is unbound; else everything that is named.
        let (mut open, mut named) = (Vec::new(), Vec::new());
        body.each(&mut |part| {
            let Equation::Name(name, indices) = part else { return };
            let Some(found) = self.flat.find(place.scope, name) else { return };
            let dimensions = &self.flat.variables[found].dimensions;
            for (i, dimension) in dimensions.iter().enumerate() {
                let nth = dimensions[..i].iter().filter(|&before| before == dimension).count();
                let bound =
                    |dimension: &String| place.bound.iter().filter(|&bound| bound == dimension).count() > nth;
                match indices.as_ref().and_then(|indices| indices.get(i)) {
                    Some(Index::All) => push(&mut open, dimension, nth),
                    None => {
                        if bound(dimension) {
                            push(&mut named, dimension, nth);
                        } else {
                            push(&mut open, dimension, nth);
                        }
                    }
                    Some(Index::Is(Equation::Name(word, None)))
                        if self.subscripts.contains_key(word.as_str()) =>
                    {
                        if bound(word) {
                            push(&mut named, word, nth);
                        } else {
                            push(&mut open, word, nth);
                        }
                    }
                    Some(Index::Is(_)) => {}
                }
            }
        });
        let over = if open.is_empty() { named } else { open };
        if over.is_empty() {
            return Err(format!("`{}` is taken of something without subscripts", reduction.to_uppercase()));
        }
        let mut inner = place.clone();
        let mut indices = Vec::new();
        for (dimension, nth) in &over {
            let subscript = &self.subscripts[dimension];
            indices.push(subscript.indices[(*nth).min(subscript.indices.len() - 1)].clone());
            if place.bound.iter().filter(|&bound| bound == dimension).count() <= *nth {
                inner.bound.push(dimension.clone());
            }
        }
        let body = self.number(body, &inner)?;
        Ok(Text::new(format!("{reduction}({} over {})", body.at(OR), indices.join(", ")), ATOM))
    }

    fn function(&mut self, name: &str, arguments: &[Equation], place: &Place) -> Translated {
        let mut values = Vec::with_capacity(arguments.len());
        let only_conditions = matches!(name, "if_then_else") && arguments.len() == 3;
        for (i, argument) in arguments.iter().enumerate() {
            let value = self.expression(argument, place)?;
            values.push(if only_conditions && i == 0 { value.into_condition() } else { value.into_number() });
        }
        let n = values.len();
        let needs = |least: usize, most: usize| {
            if (least..=most).contains(&n) {
                return Ok(());
            }
            let range = if least == most { format!("{least}") } else { format!("{least} to {most}") };
            Err(format!("`{}` takes {range} values and is given {n}", name.to_uppercase()))
        };
        let known = |index: usize| arguments.get(index).and_then(|one| self.known(one, place, 0));
        let at = |index: usize| &values[index];
        let plain =
            |function: &str| -> Translated { Ok(Text::new(format!("{function}({})", at(0).text), ATOM)) };
        match name {
            "abs" | "exp" | "sqrt" | "sin" | "cos" | "tan" | "arcsin" | "arccos" | "arctan" => {
                needs(1, 1)?;
                plain(name)
            }
            "ln" => {
                needs(1, 1)?;
                plain("log")
            }
            "log10" => {
                needs(1, 1)?;
                Ok(Text::new(format!("log({}) / log(10)", at(0).text), PRODUCT))
            }
            "log" => {
                needs(1, 2)?;
                let base = values.get(1).map_or_else(|| "10".to_owned(), |base| base.text.clone());
                Ok(Text::new(format!("log({}) / log({base})", at(0).text), PRODUCT))
            }
            "int" | "integer" | "floor" => {
                needs(1, 1)?;
                plain("floor")
            }
            "ceil" | "ceiling" => {
                needs(1, 1)?;
                plain("ceil")
            }
            "round" => {
                needs(1, 1)?;
                plain("round")
            }
            "percent" => {
                needs(1, 1)?;
                Ok(Text::new(format!("{} * 100", at(0).at(PRODUCT)), PRODUCT))
            }
            "sign" | "sgn" => {
                needs(1, 1)?;
                let x = at(0).at(SUM);
                Ok(Text::new(format!("if {x} > 0 then 1 else if {x} < 0 then -1 else 0"), IF))
            }
            "sinh" | "cosh" | "tanh" => {
                needs(1, 1)?;
                let (up, down) = (format!("exp({})", at(0).text), format!("exp(-{})", at(0).at(POWER)));
                Ok(match name {
                    "sinh" => Text::new(format!("({up} - {down}) / 2"), PRODUCT),
                    "cosh" => Text::new(format!("({up} + {down}) / 2"), PRODUCT),
                    // 2 / (1 + exp(-2x)) - 1, which never divides infinity by infinity.
                    _ => Text::new(format!("2 * logistic(2 * {}) - 1", at(0).at(SIGN)), SUM),
                })
            }
            "min" | "max" if n >= 2 => {
                let list: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
                Ok(Text::new(format!("{name}({})", list.join(", ")), ATOM))
            }
            "mean" if n >= 2 => {
                let list: Vec<String> = values.iter().map(|value| value.at(PRODUCT)).collect();
                Ok(Text::new(format!("({}) / {n}", list.join(" + ")), PRODUCT))
            }
            "mod" | "modulo" => {
                needs(2, 2)?;
                Ok(modulo(at(0), at(1)))
            }
            "power" => {
                needs(2, 2)?;
                Ok(Text::new(format!("{} ^ {}", at(0).at(ATOM), at(1).at(ATOM)), POWER))
            }
            "quantum" => {
                needs(2, 2)?;
                let (x, step) = (at(0), at(1));
                let down = Text::new(
                    format!("floor({} / {}) * {}", x.at(PRODUCT), step.at(SIGN), step.at(SIGN)),
                    PRODUCT,
                );
                Ok(Text::new(format!("if {} <= 0 then {} else {}", step.at(SUM), x.at(OR), down.text), IF))
            }
            "safediv" | "zidz" | "xidz" => {
                needs(2, 3)?;
                let otherwise = values.get(2).cloned().unwrap_or_else(|| Text::number(0.0));
                Ok(safe_division(at(0), at(1), &otherwise))
            }
            "if_then_else" => {
                needs(3, 3)?;
                let text = format!("if {} then {} else {}", at(0).at(OR), at(1).at(OR), at(2).at(IF));
                Ok(Text::new(text, IF))
            }
            "lookup_extrapolate" | "lookup_forward" | "lookup_backward" => {
                Err(format!("`{}` reads a table in another way than it says itself", name.to_uppercase()))
            }
            "step" => {
                needs(2, 2)?;
                let (height, from) = (values[0].clone(), values[1].clone());
                let begun = self.begun(&from);
                let text = format!("if {begun} then {} else 0", height.at(OR));
                Ok(Text::new(text, IF))
            }
            "ramp" => {
                needs(2, 3)?;
                let now = self.now();
                let slope = values[0].at(PRODUCT);
                let from = &values[1];
                let until = match values.get(2) {
                    Some(end) => format!("min({}, {})", now.text, end.text),
                    None => now.text.clone(),
                };
                let until = Text::new(until, if values.len() > 2 { ATOM } else { now.level });
                Ok(Text::new(format!("{slope} * max({} - {}, 0)", until.at(SUM), from.at(PRODUCT)), PRODUCT))
            }
            "pulse" => {
                needs(1, 3)?;
                let height = values[0].clone();
                let first = values.get(1).cloned().unwrap_or_else(|| Text::number(self.start));
                let interval = values.get(2).cloned();
                let again = known(2);
                let dt = Text::new(self.step(), ATOM);
                let (now, half) = (self.now(), format!("{} / 2", dt.text));
                let begun = format!("{} + {half} > {}", now.at(SUM), first.at(SUM));
                let is_once = format!("{begun} and {} - {half} < {}", now.at(SUM), first.at(SUM));
                let condition = match (interval, again) {
                    (None, _) => is_once,
                    (Some(_), Some(again)) if again <= 0.0 => is_once,
                    (Some(interval), again) => {
                        // Time since the last pulse, from half a step before it.
                        let since = format!("({} - {} + {half})", now.at(SUM), first.at(PRODUCT));
                        let interval_text = interval.at(SIGN);
                        let repeated = format!(
                            "{begun} and {since} - {interval_text} * floor({since} / {interval_text}) < {}",
                            dt.text
                        );
                        if again.is_none() {
                            self.changes.push((
                                place.owner,
                                "the interval of PULSE is taken as positive throughout".to_owned(),
                            ));
                        }
                        repeated
                    }
                };
                let text = format!("if {condition} then {} / {} else 0", height.at(PRODUCT), dt.text);
                Ok(Text::new(text, IF))
            }
            "init" | "initial" => {
                needs(1, 1)?;
                let definition = values[0].text.clone();
                Ok(self.helper("at_start", &definition, true, "What it was at the start.", place))
            }
            "previous" => {
                needs(2, 2)?;
                let step = written(self.dt);
                Ok(Text::new(format!("lag({}, {step}, initially {})", at(0).at(OR), at(1).at(OR)), ATOM))
            }
            "delay" | "delay_fixed" => {
                needs(2, 3)?;
                let Some(length) = known(1) else {
                    return Err("the time of a DELAY must be known beforehand; here it changes or is drawn"
                        .to_owned());
                };
                let steps = (length / self.dt).round();
                if (length / self.dt - steps).abs() > 1e-6 * steps.max(1.0) {
                    self.changes.push((
                        place.owner,
                        format!("the DELAY of {length} is no whole number of steps; it is {steps} steps now"),
                    ));
                }
                if steps < 1.0 {
                    return Ok(values[0].clone());
                }
                let n_steps = ((self.stop - self.start) / self.dt).round();
                if steps > n_steps {
                    // Nothing of it arrives before the end.
                    let first = values.get(2).cloned().unwrap_or_else(|| values[0].clone());
                    return Ok(self.helper(
                        "at_start",
                        &first.text,
                        true,
                        "What it was at the start.",
                        place,
                    ));
                }
                let initially = match values.get(2) {
                    Some(first) => format!(", initially {}", first.at(OR)),
                    None => String::new(),
                };
                let length = written(steps * self.dt);
                Ok(Text::new(format!("lag({}, {length}{initially})", at(0).at(OR)), ATOM))
            }
            "delay1" | "delay1i" | "delay3" | "delay3i" | "smth1" | "smth3" | "smooth" | "smoothi"
            | "smooth3" | "smooth3i" => {
                needs(2, 3)?;
                let order = if name.contains('3') { 3 } else { 1 };
                self.levels(name.starts_with("delay"), f64::from(order), &values, 2)
            }
            "delayn" | "delay_n" | "smthn" | "smooth_n" => {
                needs(3, 4)?;
                // Vensim writes DELAY N(input, time, initial, order).
                let order_at = if name.contains('_') && n == 4 { 3 } else { 2 };
                let Some(order) = known(order_at) else {
                    return Err(format!("the order of `{}` must be a number", name.to_uppercase()));
                };
                let mut rest = values.clone();
                rest.remove(order_at);
                self.levels(name.starts_with("delay"), order, &rest, 2)
            }
            "trend" | "forcst" | "forecst" | "forecast" => {
                let is_trend = name == "trend";
                if is_trend {
                    needs(2, 3)?;
                } else {
                    needs(3, 4)?;
                }
                let initial_at = if is_trend { 2 } else { 3 };
                let (x, span) = (values[0].clone(), values[1].clone());
                let initially = match values.get(initial_at) {
                    Some(trend) => {
                        let before =
                            format!("{} / (1 + {} * {})", x.at(PRODUCT), trend.at(PRODUCT), span.at(SIGN));
                        format!(", initially {before}")
                    }
                    None => String::new(),
                };
                let definition = format!("smooth({}, {}{initially})", x.at(OR), span.at(OR));
                let average = self.helper(
                    "average",
                    &definition,
                    false,
                    "The average that the trend is reckoned from.",
                    place,
                );
                let trend =
                    format!("({} - {}) / ({} * {})", x.at(SUM), average.text, average.text, span.at(SIGN));
                let trend = format!("if {} == 0 then 0 else {trend}", average.text);
                if is_trend {
                    return Ok(Text::new(trend, IF));
                }
                let horizon = values[2].at(SIGN);
                Ok(Text::new(format!("{} * (1 + ({trend}) * {horizon})", x.at(PRODUCT)), PRODUCT))
            }
            "stddev" | "rank" | "npv" | "irr" | "counter" | "cycletime" | "cgrowth" | "sensirunnumber" => {
                Err(format!("the language has no counterpart of `{}`", name.to_uppercase()))
            }
            _ => match self.random(name, &values, arguments, place) {
                Some(text) => text,
                None => Err(format!("there is no function or macro `{name}`")),
            },
        }
    }

    fn levels(&mut self, is_delay: bool, order: f64, values: &[Text], initial_at: usize) -> Translated {
        if order.fract() != 0.0 || !(1.0..=20.0).contains(&order) {
            return Err(format!(
                "a delay or smoothing of order {order}; the language has whole orders up to 20"
            ));
        }
        let initially = match values.get(initial_at) {
            Some(first) => format!(", initially {}", first.at(OR)),
            None => String::new(),
        };
        let function = if is_delay { "delay" } else { "smooth" };
        let order = if is_delay || order != 1.0 { format!(", order {order}") } else { String::new() };
        let (x, span) = (values[0].at(OR), values[1].at(OR));
        Ok(Text::new(format!("{function}({x}, {span}{order}{initially})"), ATOM))
    }

    /// Whether a time has come: half a step is allowed for rounding.
    fn begun(&mut self, from: &Text) -> String {
        let dt = self.step();
        let now = self.now();
        format!("{} + {dt} / 2 > {}", now.at(SUM), from.at(SUM))
    }

    /// Draws. Seeds are not carried over: every draw has a stream of its own here.
    fn random(
        &mut self,
        name: &str,
        values: &[Text],
        arguments: &[Equation],
        place: &Place,
    ) -> Option<Translated> {
        let n = values.len();
        let (least, most) = match name {
            "uniform" | "random" | "random_uniform" => (0, 4),
            "normal" | "random_normal" => (2, 6),
            "poisson" | "exprnd" | "random_poisson" | "random_exponential" => (1, 6),
            "lognormal" | "binomial" | "gamma" | "weibull" | "logistic" | "pareto" => (2, 4),
            "triangular" | "random_triangular" => (3, 6),
            "geometric" | "montecarlo" | "bernoulli" => (1, 2),
            "beta" | "negbinomial" | "combinations" | "permutations" | "factorial" => {
                return Some(Err(format!("the language has no counterpart of `{}`", name.to_uppercase())));
            }
            _ => return None,
        };
        if !(least..=most).contains(&n) {
            return Some(Err(format!("`{}` is given {n} values", name.to_uppercase())));
        }
        let at = |i: usize| values[i].clone();
        let one = |text: String, level| Some(Ok(Text::new(text, level)));
        let constants: Vec<Option<f64>> =
            arguments.iter().map(|argument| self.known(argument, place, 0)).collect();
        let known = |i: usize| constants.get(i).copied().flatten();
        let limits_matter = match name {
            "normal" if n > 3 => {
                // NORMAL(mean, sd, seed, min, max).
                known(3).is_none_or(|low| low > -1e9) || known(4).is_none_or(|high| high < 1e9)
            }
            "random_normal" if n >= 4 => true,
            _ => false,
        };
        let mut note = "its numbers are drawn from streams of their own, whatever the seed".to_owned();
        if limits_matter {
            note.push_str("; what falls outside its limits is put at them");
        }
        self.changes.push((place.owner, note));
        match name {
            "uniform" | "random" | "random_uniform" if n >= 2 => {
                one(format!("uniform({}, {})", at(0).text, at(1).text), ATOM)
            }
            "uniform" | "random" | "random_uniform" => one("uniform(0, 1)".to_owned(), ATOM),
            "normal" => {
                let draw = format!("normal({}, {})", at(0).text, at(1).text);
                if limits_matter && n >= 5 {
                    return one(format!("clamp({draw}, {}, {})", at(3).text, at(4).text), ATOM);
                }
                one(draw, ATOM)
            }
            // RANDOM NORMAL(min, max, mean, sd, seed), as Vensim has it.
            "random_normal" if n >= 4 => {
                let draw = format!("normal({}, {})", at(2).text, at(3).text);
                one(format!("clamp({draw}, {}, {})", at(0).text, at(1).text), ATOM)
            }
            "random_normal" => one(format!("normal({}, {})", at(0).text, at(1).text), ATOM),
            "poisson" => one(format!("poisson({})", at(0).text), ATOM),
            "binomial" => one(format!("binomial({}, {})", at(0).text, at(1).text), ATOM),
            "bernoulli" => one(format!("bernoulli({})", at(0).text), ATOM),
            "montecarlo" => {
                // So many percent a unit of time.
                let dt = self.step();
                one(format!("bernoulli({} / 100 * {dt})", at(0).at(PRODUCT)), ATOM)
            }
            "exprnd" => one(format!("-{} * log(uniform(0, 1))", at(0).at(POWER)), PRODUCT),
            "weibull" => {
                // WEIBULL(shape, scale).
                one(
                    format!("{} * (-log(uniform(0, 1))) ^ (1 / {})", at(1).at(PRODUCT), at(0).at(SIGN)),
                    PRODUCT,
                )
            }
            "pareto" => {
                one(format!("{} * uniform(0, 1) ^ (-1 / {})", at(1).at(PRODUCT), at(0).at(SIGN)), PRODUCT)
            }
            "logistic" => {
                let u = self.helper("chance", "uniform(0, 1)", false, "Drawn each step.", place).text;
                one(format!("{} + {} * log({u} / (1 - {u}))", at(0).at(SUM), at(1).at(PRODUCT)), SUM)
            }
            "lognormal" => {
                // By its own mean and standard deviation: the variance of the logarithm is log(1 + (sd / mean)^2).
                let (mean, sd) = (at(0), at(1));
                let variance = format!("log(1 + ({} / {}) ^ 2)", sd.at(PRODUCT), mean.at(SIGN));
                one(format!("exp(normal(log({}) - {variance} / 2, sqrt({variance})))", mean.text), ATOM)
            }
            "gamma" => {
                let (shape, scale) = (known(0), n);
                let Some(shape) = shape.filter(|shape| shape.fract() == 0.0 && (1.0..=20.0).contains(shape))
                else {
                    return Some(Err("`GAMMA` is carried over for whole shapes up to 20 only".to_owned()));
                };
                let scale = if scale >= 2 { at(1) } else { Text::number(1.0) };
                let logs: Vec<String> =
                    (0..shape as usize).map(|_| "log(uniform(0, 1))".to_owned()).collect();
                one(format!("-{} * ({})", scale.at(POWER), logs.join(" + ")), PRODUCT)
            }
            "geometric" => one(format!("ceil(log(uniform(0, 1)) / log(1 - {}))", at(0).at(PRODUCT)), ATOM),
            "triangular" => {
                let u = self.helper("chance", "uniform(0, 1)", false, "Drawn each step.", place).text;
                let (low, mode, high) = (at(0), at(1), at(2));
                let width = format!("({} - {})", high.at(SUM), low.at(PRODUCT));
                let left = format!("({} - {})", mode.at(SUM), low.at(PRODUCT));
                let right = format!("({} - {})", high.at(SUM), mode.at(PRODUCT));
                one(
                    format!(
                        "if {u} < {left} / {width} then {} + sqrt({u} * {width} * {left}) else {} - sqrt((1 - {u}) * \
                         {width} * {right})",
                        low.at(SUM),
                        high.at(SUM)
                    ),
                    IF,
                )
            }
            other => Some(Err(format!(
                "`{}` takes its values in an order that is not the same everywhere; it is not carried over",
                other.to_uppercase()
            ))),
        }
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

fn push(list: &mut Vec<(String, usize)>, dimension: &str, nth: usize) {
    let one = (dimension.to_owned(), nth);
    if !list.contains(&one) {
        list.push(one);
    }
}

/// The identifier of an element by its canonical name.
fn element(subscript: &Subscript, name: &str) -> Option<String> {
    let name = canonical(name);
    subscript.elements.iter().find(|(known, ..)| *known == name).map(|(_, identifier, _)| identifier.clone())
}

fn reduction(name: &str, n_arguments: usize) -> Option<&'static str> {
    match name {
        _ if n_arguments != 1 => None,
        "sum" => Some("sum"),
        "mean" => Some("mean"),
        "prod" => Some("product"),
        "min" | "vmin" => Some("min"),
        "max" | "vmax" => Some("max"),
        _ => None,
    }
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
