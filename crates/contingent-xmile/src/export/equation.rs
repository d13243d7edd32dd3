//! Expressions of the language as equations of XMILE.
//!
//! Enters: an expression. Leaves: the text of an equation. Always holds: what is written reads back as the same; sums
//! that XMILE cannot say are written out element by element, up to a length.

use std::fmt::Write as _;

use contingent_model::{
    BinaryOperator, Chance, Expression, Function, Index, Memory, MemoryKind, Reduction, SubscriptId,
    UnaryOperator,
};

use super::Writer;
use crate::report::Weight;
use crate::translate::written;

/// Longest equation, in bytes.
const MAX_TEXT: usize = 1 << 20;

impl Writer<'_> {
    pub(super) fn equation(&mut self, expression: &Expression) -> Result<String, String> {
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
    pub(super) fn chosen(&self, id: SubscriptId) -> Option<usize> {
        self.chosen.iter().rev().find(|&&(chosen, _)| chosen == id).map(|&(_, position)| position)
    }

    pub(super) fn index(&self, index: Index, of: SubscriptId) -> Result<String, String> {
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

    pub(super) fn any(&mut self, expression: &Expression) -> Result<String, String> {
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
    pub(super) fn same_place(&self, a: &Expression, b: &Expression) -> Option<bool> {
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

    pub(super) fn selection(
        &mut self,
        selector: &Expression,
        alternatives: &[Expression],
    ) -> Result<String, String> {
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

    pub(super) fn call(&mut self, function: Function, arguments: &[Expression]) -> Result<String, String> {
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

    pub(super) fn draw(&mut self, chance: Chance, arguments: &[Expression]) -> Result<String, String> {
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
    pub(super) fn whole_array(
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

    pub(super) fn written_out(
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

    pub(super) fn memory(&mut self, memory: &Memory) -> Result<String, String> {
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

/// Whether an expression asks which element it stands in, so that it is written out element by element.
pub(super) fn asks_where(expression: &Expression) -> bool {
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

pub(super) fn number(value: f64) -> String {
    if value < 0.0 { format!("(-{})", written(-value)) } else { written(value) }
}

/// A name as equations write it: in quotes where it has anything but letters, digits and underscores.
pub(super) fn reference_name(name: &str) -> String {
    let plain = name.replace(' ', "_");
    let is_plain = plain.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_plain { plain } else { format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")) }
}
