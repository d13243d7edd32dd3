//! Functions of XMILE in the language.
//!
//! Enters: the name of a function and its arguments. Leaves: the expression that says the same, with the helpers that it
//! needs. Always holds: a function without a counterpart is refused by its name.

use super::text::{ATOM, IF, OR, POWER, PRODUCT, SIGN, SUM};
use super::{Place, Text, Translated, Translator, modulo, safe_division, written};
use crate::equation::{Equation, Index};

impl Translator<'_> {
    pub(super) fn call(&mut self, name: &str, arguments: &[Equation], place: &Place) -> Translated {
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

    pub(super) fn reduce(&mut self, reduction: &str, body: &Equation, place: &Place) -> Translated {
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

    pub(super) fn function(&mut self, name: &str, arguments: &[Equation], place: &Place) -> Translated {
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
                None => Err(format!(
                    "there is no function or macro `{name}`: the standard has none of this name, and no `<macro>` of the \
                     file defines it"
                )),
            },
        }
    }

    pub(super) fn levels(
        &mut self,
        is_delay: bool,
        order: f64,
        values: &[Text],
        initial_at: usize,
    ) -> Translated {
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
    pub(super) fn begun(&mut self, from: &Text) -> String {
        let dt = self.step();
        let now = self.now();
        format!("{} + {dt} / 2 > {}", now.at(SUM), from.at(SUM))
    }
}

fn push(list: &mut Vec<(String, usize)>, dimension: &str, nth: usize) {
    let one = (dimension.to_owned(), nth);
    if !list.contains(&one) {
        list.push(one);
    }
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
