//! What is read from data and compared with them, who is linked with whom, and units that are made of others.
//!
//! Enters: inputs, observations, links, derived units. Leaves: their paragraphs. Always holds: for every input its file,
//! its columns, and what holds between and after the rows are said, and for every observation what is left out.

use contingent_model::{Likelihood, VariableKind};
use contingent_syntax::ast::{
    self, AfterData, DeclarationKind as K, ExpressionKind, Head, InputColumns, Interpolation,
};

use super::names::{Place, Referent};
use super::value::{number, plural, unit_after, unit_alone};
use super::{Item, Section, Story, capitalised, counted, list};

/// Most pairs of a declaration of links that are told one by one.
const N_PAIRS: usize = 24;

impl Story<'_> {
    pub(super) fn is_read(&self) -> Section {
        let mut section = Section::new("What is read from data");
        let inputs = self.of(|kind| matches!(kind, K::Input { .. }));
        if !inputs.is_empty() {
            section.text("These series are the same in every run.");
        }
        self.by_actor(&mut section, &inputs, Self::input);
        section
    }

    fn input(&self, section: &mut Section, item: Item<'_>) {
        let K::Input { head, file, columns, time_column, time_unit, interpolation, gaps, after, .. } =
            &item.declaration.kind
        else {
            return;
        };
        let Some(id) = self.variable_of(item) else { return };
        let variable = self.model.variable(id);
        let VariableKind::Input(input) = &variable.kind else { return };
        let place = Place { actor: item.actor };
        let from = match columns {
            InputColumns::One(header) => format!("the column ‘{}’", header.text),
            InputColumns::PerElement(headers) => {
                let parts: Vec<String> = headers
                    .iter()
                    .map(|(name, header)| format!("‘{}’ for {}", header.text, self.element_named(&name.text)))
                    .collect();
                format!("the columns {}", list(&parts))
            }
            InputColumns::Elements => {
                let of = head.subscripts.first().and_then(|name| self.names.subscript(&name.text));
                let of = of.map_or_else(|| "element".to_owned(), |id| self.names.noun(id));
                format!("a column for each {of}")
            }
        };
        let times = match time_unit {
            Some(unit) => {
                let unit = plural(unit.text.strip_suffix('s').unwrap_or(&unit.text));
                format!("its times, in {unit} since the start, from ‘{}’", time_column.text)
            }
            None => format!("its times from ‘{}’", time_column.text),
        };
        let between = match interpolation {
            Interpolation::Held => "Each value holds until the next",
            Interpolation::Linear => "Between two values it follows a straight line",
        };
        let gaps = gaps.as_ref().map_or_else(String::new, |gap| {
            format!("; values may lie up to {} apart", self.words(place, gap))
        });
        let after = match after {
            None => String::new(),
            Some(AfterData::Held(_)) => ", and the last one stays".to_owned(),
            Some(AfterData::Value(value)) => {
                format!(", and after the last one it is {}", self.quantity(place, value, head.unit.as_ref()))
            }
        };
        let rows = if input.n_rows == 1 {
            "1 row".to_owned()
        } else {
            format!("{} rows", number(input.n_rows as f64))
        };
        let unit = match unit_alone(head.unit.as_ref()) {
            unit if unit.is_empty() => String::new(),
            unit if unit.starts_with("per ") => format!(" It is a number {unit}."),
            unit => format!(" It is counted in {unit}."),
        };
        let text = format!(
            "{} It is read from {from} of the file ‘{}’ ({rows}), {times}. {between}{after}{gaps}.{unit} {}",
            self.names.rest(Referent::Variable(id)),
            file.text,
            self.reasons(&input.grounds),
        );
        section.entry(&variable.name, &self.names.title(Referent::Variable(id)), &text);
    }

    /// The data that the model is compared with.
    pub(super) fn compares(&self) -> Section {
        let mut section = Section::new("What it is compared with");
        let observations = self.of(|kind| matches!(kind, K::Observe { .. }));
        if !observations.is_empty() {
            section.text(
                "How likely these data are is counted for every run. They change no number of the model and no answer.",
            );
        }
        self.by_actor(&mut section, &observations, Self::observation);
        section
    }

    fn observation(&self, section: &mut Section, item: Item<'_>) {
        let K::Observe { head, file, column, distribution, .. } = &item.declaration.kind else { return };
        let Some(known) = self.model.observations.iter().find(|known| known.span == head.name.span) else {
            return;
        };
        let ExpressionKind::Call { arguments, .. } = &distribution.kind else { return };
        let place = Place { actor: item.actor };
        let parameters: Vec<String> = known
            .likelihood
            .parameters()
            .iter()
            .enumerate()
            .filter_map(|(position, &(name, _))| {
                let named =
                    arguments.iter().find(|one| one.name.as_ref().is_some_and(|word| word.text == name));
                let argument = named.or_else(|| arguments.get(position).filter(|one| one.name.is_none()))?;
                let ast::ValueKind::Expression(value) = &argument.value.kind else { return None };
                Some(format!("{} {}", of_likelihood(known.likelihood, name), self.words(place, value)))
            })
            .collect();
        let mut left_out = Vec::new();
        if known.n_missing > 0 {
            left_out.push(format!("{} between them have no value", counted(known.n_missing, &known.period)));
        }
        if known.n_outside > 0 {
            let verb = if known.n_outside == 1 { "is" } else { "are" };
            left_out.push(format!(
                "{} that the model does not wholly cover {verb} left out",
                counted(known.n_outside, &known.period)
            ));
        }
        let left_out =
            if left_out.is_empty() { String::new() } else { format!(" ({})", left_out.join("; ")) };
        let title =
            head.label.as_ref().map_or_else(|| head.name.text.replace('_', " "), |label| label.text.clone());
        let unit = match known.unit.text.as_str() {
            "1" => String::new(),
            unit => format!(" in ‘{unit}’"),
        };
        let text = format!(
            "{} The column ‘{}’ of the file ‘{}’ has {}{unit}, one for each {}{left_out}. Each is compared, at the step in \
             which its {} ends, with {}: {}. {}",
            self.names_doc(item),
            column.text,
            file.text,
            counted(known.values.len(), "value"),
            known.period,
            known.period,
            likelihood_words(known.likelihood),
            list(&parameters),
            self.reasons(&known.grounds),
        );
        section.entry(&known.name, &capitalised(&title), &text);
    }

    pub(super) fn links(&self, section: &mut Section, item: Item<'_>, head: &Head, links: &[ast::Link]) {
        let Some(id) = self.variable_of(item) else { return };
        let place = Place { actor: item.actor };
        let parts: Vec<String> = links
            .iter()
            .take(N_PAIRS)
            .map(|link| {
                let [from, to] = [&link.from, &link.to].map(|name| self.element_named(&name.text));
                let how = if link.both_ways {
                    format!("{from} and {to}, both ways")
                } else {
                    format!("{from} to {to}")
                };
                match &link.weight {
                    Some(weight) => {
                        format!("{how}, with {}", self.quantity(place, weight, head.unit.as_ref()))
                    }
                    None => how,
                }
            })
            .collect();
        let more = match links.len().saturating_sub(N_PAIRS) {
            0 => String::new(),
            n => format!("; and {} more", number(n as f64)),
        };
        let linked = if parts.is_empty() {
            "It links nothing".to_owned()
        } else {
            format!(
                "It links {}{more}. A link counts 1 unless it says otherwise, and where there is none it is 0",
                parts.join("; ")
            )
        };
        let unit = match unit_alone(head.unit.as_ref()) {
            unit if unit.is_empty() => String::new(),
            unit if unit.starts_with("per ") => format!(" It is a number {unit}."),
            unit => format!(" It is counted in {unit}."),
        };
        let grounds = self.model.links.iter().find(|links| links.variable == id);
        let text = format!(
            "{} {linked}.{unit} {}",
            self.names.rest(Referent::Variable(id)),
            grounds.map_or_else(String::new, |links| self.reasons(&links.grounds)),
        );
        section.entry(&self.model.variable(id).name, &self.names.title(Referent::Variable(id)), &text);
    }

    /// Units that are a number of others.
    pub(super) fn conversions(&self, section: &mut Section) {
        for item in self.of(|kind| matches!(kind, K::DerivedUnit { .. })) {
            let K::DerivedUnit { name, number: written, unit, .. } = &item.declaration.kind else { continue };
            let Some(known) = self.model.conversions.iter().find(|known| known.name == name.text) else {
                continue;
            };
            let is_one = matches!(written.kind, ExpressionKind::Number { value: 1.0, .. });
            let noun = name.text.replace('_', " ");
            let text = format!(
                "{} One {noun} is {}{}. {}",
                self.names_doc(item),
                number(known.number),
                unit_after(&unit.factors, is_one),
                self.reasons(&known.grounds),
            );
            section.entry(&name.text, &capitalised(&noun), &text);
        }
    }
}

/// A distribution of data in words.
fn likelihood_words(likelihood: Likelihood) -> &'static str {
    match likelihood {
        Likelihood::Poisson => "a count of independent happenings (Poisson)",
        Likelihood::NegativeBinomial => {
            "a count that scatters more than independent happenings would (negative binomial)"
        }
        Likelihood::Binomial => "a count of those to whom it happens (binomial)",
        Likelihood::Normal => "a normal distribution",
        Likelihood::LogNormal => "a log-normal distribution",
        Likelihood::StudentT => "Student's t distribution, which allows for outliers",
    }
}

/// A parameter in words, to be followed by its value.
fn of_likelihood(likelihood: Likelihood, parameter: &str) -> &'static str {
    match (likelihood, parameter) {
        (_, "mean") => "its mean is",
        (_, "size") => "its size, the smaller the wider, is",
        (_, "n") => "out of",
        (_, "p") => "each with the probability",
        (_, "sd") => "its standard deviation is",
        (_, "median") => "its median is",
        (_, "sdlog") => "the standard deviation of its logarithm is",
        (_, "degrees") => "its degrees of freedom are",
        _ => "its scale is",
    }
}
