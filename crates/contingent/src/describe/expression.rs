//! Formulas in words.
//!
//! Enters: expressions as they were written. Leaves: phrases and sentences. Always holds: brackets stand where the
//! words alone would leave open what belongs together; numbers keep their written units.

use contingent_model::{SubscriptId, VariableKind};
use contingent_syntax::ast::{
    Argument, Expression, ExpressionKind as K, IndexItem, Name, Operator, Reference, ValueKind,
};

use super::names::{Place, Referent};
use super::value::{number, plural, unit_after};
use super::{Story, list};

/// How tightly words hold together; a looser phrase within a tighter one stands in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hold {
    Clause,
    Or,
    And,
    Comparison,
    Sum,
    Quotient,
    Product,
    Atom,
}

pub(super) type Phrase = (String, Hold);

pub(super) fn atom(text: impl Into<String>) -> Phrase {
    (text.into(), Hold::Atom)
}

/// How a formula is told: who is spoken of, the verb, the words before a draw, and whether something goes somewhere.
struct Telling<'t> {
    subject: &'t str,
    verb: &'t str,
    drawn: &'t str,
    goes: bool,
}

/// One draw in words that stands as a rate of its own.
struct Drawn {
    text: String,
}

impl Story<'_> {
    /// An expression as a phrase.
    pub(super) fn words(&self, place: Place, expression: &Expression) -> String {
        self.phrase(place, expression).0
    }

    /// An expression as a sentence about `it`: `it is x`, `when c, it is x; otherwise it is y`.
    pub(super) fn definition(&self, place: Place, expression: &Expression, verb: &str) -> String {
        self.telling(
            place,
            expression,
            &Telling { subject: "it", verb, drawn: "it is drawn by chance", goes: false },
        )
    }

    /// The hazard of an event, as a sentence.
    pub(super) fn hazard(&self, place: Place, expression: &Expression) -> String {
        let telling =
            Telling { subject: "its rate", verb: "is", drawn: "its rate is drawn by chance", goes: false };
        self.telling(place, expression, &telling)
    }

    /// The rate of a flow, as a sentence.
    pub(super) fn rate(&self, place: Place, expression: &Expression) -> String {
        let telling = Telling {
            subject: "the rate",
            verb: "is",
            drawn: "how much moves is drawn by chance",
            goes: true,
        };
        self.telling(place, expression, &telling)
    }

    fn telling(&self, place: Place, expression: &Expression, telling: &Telling<'_>) -> String {
        let Telling { subject, verb, .. } = telling;
        match &expression.kind {
            K::If(condition, yes, no) => {
                let condition = self.words(place, condition);
                // A choice within the first branch is told within its clause, so that each "otherwise" is clear.
                let yes = match &yes.kind {
                    K::If(inner, a, b) => format!(
                        "{subject} {verb} {} if {}, and {} if not",
                        self.held(place, a, Hold::Or),
                        self.words(place, inner),
                        self.held(place, b, Hold::Or)
                    ),
                    _ => self.telling(place, yes, telling),
                };
                let no = match &no.kind {
                    K::Number { value: 0.0, .. } if telling.goes => "nothing moves".to_owned(),
                    _ => self.telling(place, no, telling),
                };
                let otherwise = if no.starts_with("when ") { "" } else { "otherwise " };
                format!("when {condition}, {yes}; {otherwise}{no}")
            }
            K::Match(selector, arms) => {
                let of = self.words(place, selector);
                let parts: Vec<String> = arms
                    .iter()
                    .map(|(name, arm)| {
                        let value = self.held(place, arm, Hold::Or);
                        match self.alternative(place, selector, name) {
                            Some(label) => format!("{value} when {of} is {label}"),
                            None => format!("{value} otherwise"),
                        }
                    })
                    .collect();
                format!("{subject} {verb} {}", list(&parts))
            }
            K::Table(entries) => {
                let parts: Vec<String> = entries
                    .iter()
                    .map(|(name, entry)| {
                        format!(
                            "{} for {}",
                            self.held(place, entry, Hold::Or),
                            self.element_named(&name.text)
                        )
                    })
                    .collect();
                format!("{subject} {verb} {}", list(&parts))
            }
            K::Call { function, arguments, window: None, .. } => {
                match self.drawn(place, &function.text, arguments) {
                    Some(Drawn { text }) => {
                        let text = match (function.text.as_str(), arguments.as_slice()) {
                            ("binomial", [from, chance]) if telling.goes => format!(
                                "each of those in {} goes with a chance of {}",
                                self.argument(place, from),
                                self.argument(place, chance)
                            ),
                            _ => text,
                        };
                        format!("{} each {}: {text}", telling.drawn, self.step())
                    }
                    None => format!("{subject} {verb} {}", self.words(place, expression)),
                }
            }
            _ => format!("{subject} {verb} {}", self.words(place, expression)),
        }
    }

    /// `week`, or `step of 2 weeks`.
    pub(super) fn step(&self) -> String {
        let clock = &self.model.clock;
        if clock.dt == 1.0 {
            clock.time_unit.clone()
        } else {
            format!("step of {} {}", number(clock.dt), plural(&clock.time_unit))
        }
    }

    fn drawn(&self, place: Place, name: &str, arguments: &[Argument]) -> Option<Drawn> {
        let part = |i: usize| arguments.get(i).map(|argument| self.argument(place, argument));
        let text = match (name, arguments.len()) {
            ("poisson", 1) => format!("a whole number whose average is {}", part(0)?),
            ("binomial", 2) => {
                format!("how many of {} it is, each counting with a chance of {}", part(0)?, part(1)?)
            }
            ("normal", 2) => format!("around {}, with a standard deviation of {}", part(0)?, part(1)?),
            ("uniform", 2) => format!("anything from {} to {}, all equally likely", part(0)?, part(1)?),
            ("bernoulli", 1) => format!("1 with a probability of {}, else 0", part(0)?),
            _ => return None,
        };
        Some(Drawn { text })
    }

    pub(super) fn argument(&self, place: Place, argument: &Argument) -> String {
        match &argument.value.kind {
            ValueKind::Expression(expression) => self.words(place, expression),
            _ => self.value(place, &argument.value, None, &[]),
        }
    }

    pub(super) fn held(&self, place: Place, expression: &Expression, least: Hold) -> String {
        let (text, hold) = self.phrase(place, expression);
        if hold < least { format!("({text})") } else { text }
    }

    fn phrase(&self, place: Place, expression: &Expression) -> Phrase {
        match &expression.kind {
            K::Number { value, percent, unit } => {
                let shown = if *percent { format!("{}%", number(value * 100.0)) } else { number(*value) };
                let unit = unit
                    .as_ref()
                    .map(|unit| unit_after(std::slice::from_ref(unit), *value == 1.0))
                    .unwrap_or_default();
                atom(shown + &unit)
            }
            K::Date(date) => atom(crate::answer::iso_date_in_words(&date.to_string())),
            K::Reference(reference) => self.reference_phrase(place, reference),
            K::Negate(inner) => (format!("minus {}", self.held(place, inner, Hold::Product)), Hold::Sum),
            K::Not(inner) => self.negation(place, inner),
            K::Binary(operator, _, left, right) => self.binary(place, *operator, left, right),
            K::Per(inner, unit) => {
                let per = unit_after(
                    &[contingent_syntax::ast::UnitFactor {
                        name: unit.name.clone(),
                        power: -unit.power,
                        root: unit.root,
                    }],
                    true,
                );
                let inner = self.held(place, inner, Hold::Atom);
                atom(inner + &per)
            }
            K::If(condition, yes, no) => (
                format!(
                    "{} if {}, otherwise {}",
                    self.held(place, yes, Hold::Or),
                    self.words(place, condition),
                    self.held(place, no, Hold::Or)
                ),
                Hold::Clause,
            ),
            K::Match(..) | K::Table(_) => {
                let text = self.definition(place, expression, "is");
                (text.strip_prefix("it is ").unwrap_or(&text).to_owned(), Hold::Clause)
            }
            K::Call { function, arguments, window: Some(window), .. } => {
                self.window(place, &function.text, arguments, window)
            }
            K::Call { function, arguments, over, window: None } => {
                self.call(place, function, arguments, over)
            }
        }
    }

    fn reference_phrase(&self, place: Place, reference: &Reference) -> Phrase {
        let (found, reading) = self.names.resolve(place, reference);
        if found.is_none() && reference.path.text() == "time" {
            return atom("the time since the start");
        }
        let text = self.names.reference(place, reference);
        let hold = if reading.as_deref() == Some("happened") { Hold::Comparison } else { Hold::Atom };
        (text, hold)
    }

    fn negation(&self, place: Place, inner: &Expression) -> Phrase {
        if let K::Reference(reference) = &inner.kind
            && self.names.resolve(place, reference).1.as_deref() == Some("happened")
        {
            let text = self.names.reference(place, reference);
            let stem = text.strip_suffix(" has happened").unwrap_or(&text);
            return (format!("{stem} has not happened"), Hold::Comparison);
        }
        if let K::Call { function, arguments, .. } = &inner.kind
            && let ("ever", [condition]) = (function.text.as_str(), arguments.as_slice())
        {
            return (
                format!("it has never been so that {}", self.argument(place, condition)),
                Hold::Comparison,
            );
        }
        (format!("it is not so that {}", self.held(place, inner, Hold::Comparison)), Hold::Comparison)
    }

    fn binary(&self, place: Place, operator: Operator, left: &Expression, right: &Expression) -> Phrase {
        let two = |word: &str, a: Hold, b: Hold, own: Hold| {
            (format!("{} {word} {}", self.held(place, left, a), self.held(place, right, b)), own)
        };
        match operator {
            Operator::Add => two("plus", Hold::Sum, Hold::Quotient, Hold::Sum),
            Operator::Subtract => two("minus", Hold::Sum, Hold::Quotient, Hold::Sum),
            Operator::Multiply => two("times", Hold::Product, Hold::Atom, Hold::Product),
            Operator::Divide => two("divided by", Hold::Product, Hold::Atom, Hold::Quotient),
            Operator::Power => {
                let base = self.held(place, left, Hold::Atom);
                let exponent = match right.kind {
                    K::Number { value, unit: None, percent: false } => Some(value),
                    _ => None,
                };
                match exponent {
                    Some(2.0) => atom(format!("{base} squared")),
                    Some(3.0) => atom(format!("{base} cubed")),
                    Some(0.5) => atom(format!("the square root of {base}")),
                    _ => (
                        format!("{base} to the power of {}", self.held(place, right, Hold::Atom)),
                        Hold::Product,
                    ),
                }
            }
            Operator::And => two("and", Hold::And, Hold::And, Hold::And),
            Operator::Or => two("or", Hold::Or, Hold::Or, Hold::Or),
            Operator::Equal | Operator::NotEqual => {
                let not = if operator == Operator::NotEqual { " not" } else { "" };
                for (category, word) in [(left, right), (right, left)] {
                    if let K::Reference(name) = &word.kind
                        && let [only] = name.path.parts.as_slice()
                        && let Some(label) = self.alternative(place, category, only)
                    {
                        let of = match self.subscript_of(place, category) {
                            Some(subscript) => format!("the {}", self.names.noun(subscript)),
                            None => self.words(place, category),
                        };
                        return (format!("{of} is{not} {label}"), Hold::Comparison);
                    }
                }
                two(if not.is_empty() { "is" } else { "is not" }, Hold::Sum, Hold::Sum, Hold::Comparison)
            }
            Operator::Less => two("is less than", Hold::Sum, Hold::Sum, Hold::Comparison),
            Operator::LessOrEqual => two("is at most", Hold::Sum, Hold::Sum, Hold::Comparison),
            Operator::Greater => two("is more than", Hold::Sum, Hold::Sum, Hold::Comparison),
            Operator::GreaterOrEqual => two("is at least", Hold::Sum, Hold::Sum, Hold::Comparison),
        }
    }

    fn subscript_of(&self, place: Place, expression: &Expression) -> Option<SubscriptId> {
        let K::Reference(reference) = &expression.kind else { return None };
        match self.names.resolve(place, reference) {
            (Some(Referent::Subscript(id)), None) => Some(id),
            _ => None,
        }
    }

    /// The label of an alternative of a category; none for `else` or when the category has no such word.
    fn alternative(&self, place: Place, category: &Expression, word: &Name) -> Option<String> {
        let K::Reference(reference) = &category.kind else { return None };
        let (names, labels) = match self.names.resolve(place, reference) {
            (Some(Referent::Subscript(id)), None) => {
                let position =
                    self.model.subscripts[id.index()].elements.iter().position(|e| *e == word.text)?;
                return Some(self.names.element(id, position));
            }
            (Some(Referent::Variable(id)), None) => match &self.model.variable(id).kind {
                VariableKind::Assumption { alternatives, .. }
                | VariableKind::Mechanism { alternatives, .. } => (alternatives, alternatives),
                VariableKind::Decision(decision) => (&decision.options, &decision.labels),
                _ => return None,
            },
            _ => return None,
        };
        let position = names.iter().position(|name| *name == word.text)?;
        Some(alternative_label(&labels[position]))
    }

    fn call(&self, place: Place, function: &Name, arguments: &[Argument], over: &[Name]) -> Phrase {
        let name = function.text.as_str();
        let parts: Vec<String> = arguments.iter().map(|argument| self.argument(place, argument)).collect();
        let bracketed = |i: usize| match arguments.get(i).map(|argument| &argument.value.kind) {
            Some(ValueKind::Expression(expression)) => self.held(place, expression, Hold::Atom),
            _ => parts.get(i).cloned().unwrap_or_default(),
        };
        let inner = |i: usize| match arguments.get(i).map(|argument| &argument.value.kind) {
            Some(ValueKind::Expression(expression)) => self.held(place, expression, Hold::Sum),
            _ => parts.get(i).cloned().unwrap_or_default(),
        };
        if let Some(Referent::Lookup(id)) = self.names.find(place, name) {
            let table = self.names.phrase(Referent::Lookup(id), place);
            return atom(format!("what {table} gives for {}", bracketed(0)));
        }
        if let Some(remembered) = self.remembered(place, name, arguments) {
            return remembered;
        }
        if is_reduction(name) && parts.len() == 1 {
            let over = self.over(place, arguments, over);
            if name == "noisy_or" {
                return atom(format!(
                    "the chance that {} has its effect in at least one case, over {over}",
                    bracketed(0)
                ));
            }
            let what = match name {
                "sum" => "the sum",
                "mean" => "the mean",
                "min" => "the smallest",
                "max" => "the largest",
                _ => "the product",
            };
            return atom(format!("{what} of {} over {over}", bracketed(0)));
        }
        if let ("exp", [argument]) = (name, arguments)
            && let Some(fading) = self.fading(place, argument)
        {
            return (fading, Hold::Sum);
        }
        let text = match (name, parts.len()) {
            ("exp", 1) => return (format!("e to the power of {}", bracketed(0)), Hold::Product),
            ("log", 1) => format!("the natural logarithm of {}", bracketed(0)),
            ("sqrt", 1) => format!("the square root of {}", bracketed(0)),
            ("abs", 1) => format!("the size of {} without its sign", bracketed(0)),
            ("floor", 1) => format!("{}, rounded down", bracketed(0)),
            ("ceil", 1) => format!("{}, rounded up", bracketed(0)),
            ("round", 1) => return (format!("the whole number nearest to {}", parts[0]), Hold::Sum),
            ("sin", 1) => format!("the sine of {}", bracketed(0)),
            ("cos", 1) => format!("the cosine of {}", bracketed(0)),
            ("tan", 1) => format!("the tangent of {}", bracketed(0)),
            ("arcsin", 1) => format!("the angle with the sine {}", bracketed(0)),
            ("arccos", 1) => format!("the angle with the cosine {}", bracketed(0)),
            ("arctan", 1) => format!("the angle with the tangent {}", bracketed(0)),
            ("logistic", 1) => format!("the logistic curve at {}", bracketed(0)),
            ("noisy_or", _) => {
                return (
                    format!("the chance that at least one of {} has its effect", list(&parts)),
                    Hold::Product,
                );
            }
            ("min", 2) => return (format!("the smaller of {} and {}", inner(0), inner(1)), Hold::Sum),
            ("max", 2) => return (format!("the larger of {} and {}", inner(0), inner(1)), Hold::Sum),
            ("min", _) => return (format!("the smallest of {}", list(&parts)), Hold::Sum),
            ("max", _) => return (format!("the largest of {}", list(&parts)), Hold::Sum),
            ("clamp", 3) => {
                return (
                    format!("{}, kept between {} and {}", bracketed(0), parts[1], parts[2]),
                    Hold::Clause,
                );
            }
            _ => match self.drawn(place, name, arguments) {
                Some(Drawn { text }) => {
                    return (format!("a number drawn by chance ({text})"), Hold::Product);
                }
                None if parts.is_empty() => format!("the {}", name.replace('_', " ")),
                None => {
                    return (format!("the {} of {}", name.replace('_', " "), list(&parts)), Hold::Product);
                }
            },
        };
        atom(text)
    }

    /// `exp(-time / span)`: a factor that fades.
    fn fading(&self, place: Place, argument: &Argument) -> Option<String> {
        let ValueKind::Expression(expression) = &argument.value.kind else { return None };
        let is_time = |expression: &Expression| matches!(&expression.kind, K::Reference(reference) if reference.path.text() == "time");
        let (numerator, span) = match &expression.kind {
            K::Binary(Operator::Divide, _, numerator, span) => (numerator, span),
            K::Negate(inner) => match &inner.kind {
                K::Binary(Operator::Divide, _, numerator, span) if is_time(numerator) => {
                    return Some(self.faded(place, span));
                }
                _ => return None,
            },
            _ => return None,
        };
        let K::Negate(time) = &numerator.kind else { return None };
        is_time(time).then(|| self.faded(place, span))
    }

    fn faded(&self, place: Place, span: &Expression) -> String {
        format!(
            "a factor that is 1 at the start and falls to about a third within {}",
            self.held(place, span, Hold::Atom)
        )
    }

    /// `all regions`: what a reduction runs over.
    fn over(&self, place: Place, arguments: &[Argument], over: &[Name]) -> String {
        let body = match arguments.first().map(|argument| &argument.value.kind) {
            Some(ValueKind::Expression(body)) => Some(body),
            _ => None,
        };
        let mut free = Free::default();
        if let Some(body) = body {
            self.free(place, body, &mut free);
        }
        let mut subscripts: Vec<SubscriptId> =
            over.iter().filter_map(|name| self.names.subscript(&name.text)).collect();
        if subscripts.is_empty() {
            subscripts = free.subscripts;
        }
        let mut exceptions: Vec<String> = Vec::new();
        for (subscript, word) in free.exceptions {
            let label = self.names.element_of(subscript, word).unwrap_or_else(|| THIS_ONE.to_owned());
            if subscripts.contains(&subscript) && !exceptions.contains(&label) {
                exceptions.push(label);
            }
        }
        if subscripts.is_empty() {
            return "everything".to_owned();
        }
        if let ([id], [exception]) = (&subscripts[..], &exceptions[..])
            && exception == THIS_ONE
            && let Some(within) = &self.model.subscript(*id).within
            && within.positions.len() == self.model.subscript(within.set).elements.len()
        {
            return format!("all other {}", self.names.nouns(within.set));
        }
        let plurals: Vec<String> = subscripts.iter().map(|id| self.names.nouns(*id)).collect();
        let but = if exceptions.is_empty() { String::new() } else { format!(" but {}", list(&exceptions)) };
        format!("all {}{but}", list(&plurals))
    }

    /// The subscripts of what an expression refers to.
    fn free<'e>(&self, place: Place, expression: &'e Expression, found: &mut Free<'e>) {
        match &expression.kind {
            K::Reference(reference) => {
                let subscripts = match self.names.resolve(place, reference).0 {
                    Some(Referent::Variable(id)) => &self.model.variable(id).subscripts,
                    Some(Referent::Event(id)) => &self.model.events[id.index()].subscripts,
                    _ => return,
                };
                for (i, id) in subscripts.iter().enumerate() {
                    let item = reference.indices.as_ref().and_then(|items| items.get(i));
                    let id = match item {
                        Some(IndexItem::Named(word)) if self.names.element_of(*id, &word.text).is_some() => {
                            continue;
                        }
                        Some(IndexItem::Named(word)) => self.names.subscript(&word.text).unwrap_or(*id),
                        Some(IndexItem::Except { subscript, excluded, .. }) => {
                            let id = self.names.subscript(&subscript.text).unwrap_or(*id);
                            found.exceptions.extend(excluded.iter().map(|word| (id, word.text.as_str())));
                            id
                        }
                        Some(IndexItem::All(_)) | None => *id,
                    };
                    if !found.subscripts.contains(&id) {
                        found.subscripts.push(id);
                    }
                }
            }
            K::Negate(inner) | K::Not(inner) | K::Per(inner, _) => self.free(place, inner, found),
            K::Binary(_, _, left, right) => {
                self.free(place, left, found);
                self.free(place, right, found);
            }
            K::If(a, b, c) => {
                for part in [a, b, c] {
                    self.free(place, part, found);
                }
            }
            K::Match(selector, arms) => {
                self.free(place, selector, found);
                for (_, arm) in arms {
                    self.free(place, arm, found);
                }
            }
            K::Table(entries) => {
                for (_, entry) in entries {
                    self.free(place, entry, found);
                }
            }
            K::Call { function, arguments, over, window } => {
                // What a sum within runs over is no longer free.
                let runs = is_reduction(&function.text) && arguments.len() == 1 && window.is_none();
                let mut inside = Free::default();
                for argument in arguments {
                    if let ValueKind::Expression(inner) = &argument.value.kind {
                        self.free(place, inner, &mut inside);
                    }
                }
                if runs {
                    let named: Vec<SubscriptId> =
                        over.iter().filter_map(|name| self.names.subscript(&name.text)).collect();
                    inside.subscripts.retain(|id| !named.is_empty() && !named.contains(id));
                    inside.exceptions.clear();
                }
                found.exceptions.extend(inside.exceptions);
                for id in inside.subscripts {
                    if !found.subscripts.contains(&id) {
                        found.subscripts.push(id);
                    }
                }
            }
            K::Number { .. } | K::Date(_) => {}
        }
    }
}

/// The element in which a sum stands, where it is left out.
const THIS_ONE: &str = "this one";

/// What an expression has a value for each of, and what its references leave out.
#[derive(Default)]
struct Free<'e> {
    subscripts: Vec<SubscriptId>,
    exceptions: Vec<(SubscriptId, &'e str)>,
}

/// Whether a function of one value runs over subscripts.
fn is_reduction(name: &str) -> bool {
    matches!(name, "sum" | "mean" | "min" | "max" | "product" | "noisy_or")
}

/// An alternative within a sentence: `on` and `off` as they are, labels in quotation marks.
pub(super) fn alternative_label(label: &str) -> String {
    let label = label.replace('_', " ");
    if matches!(label.as_str(), "on" | "off") { label } else { format!("‘{label}’") }
}
