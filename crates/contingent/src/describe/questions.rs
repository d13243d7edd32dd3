//! What is asked, what is watched, how questions are settled, what is left out.
//!
//! Enters: the model block, questions and indicators. Leaves: their sections. Always holds: every question is told as
//! what is counted over the runs.

use contingent_syntax::ast::{Condition, DeclarationKind as K, Expression, ExpressionKind, Formula, Measure};

use super::names::Place;
use contingent_model::Method;

use super::value::{number, plural, unit_alone};
use super::{Section, Story, capitalised};
use crate::answer::iso_date_in_words;

impl Story<'_> {
    pub(super) fn asks(&self) -> Section {
        let mut section = Section::new("What it asks").of(super::Part::Asks);
        let model = self.model;
        section.text(&format!("Its purpose: {}", self.names.uncapitalised(&model.purpose)));
        section.text(&format!("It must not be used for: {}", self.names.uncapitalised(&model.not_for)));
        let clock = &model.clock;
        let length = clock.n_steps as f64 * clock.dt;
        let unit = if length == 1.0 { clock.time_unit.clone() } else { plural(&clock.time_unit) };
        let start = clock.start.map(|date| iso_date_in_words(&date.to_string()));
        let from = start.map(|date| format!("starts on {date} and ")).unwrap_or_default();
        let as_of = model
            .as_of
            .map(|date| {
                format!(
                    ". Nothing that became known after {} enters it",
                    iso_date_in_words(&date.to_string())
                )
            })
            .unwrap_or_default();
        let method = match clock.method {
            Method::Euler => "",
            Method::RungeKutta => {
                ". What flows within a step is worked out from four looks at it, by the method of Runge and Kutta; \
                 chance, events and decisions stay as they are over the step"
            }
            Method::Exact => {
                ". Whole things move one by one, each at its own moment; what a flow says is how often. The steps are when \
                 the model is looked at, decisions are taken, and what is known only at steps changes"
            }
        };
        section.text(&format!(
            "It {from}runs for {} {unit}, in steps of {} {}{as_of}{method}",
            number(length),
            number(clock.dt),
            if clock.dt == 1.0 { clock.time_unit.clone() } else { plural(&clock.time_unit) },
        ));
        for item in self.of(|kind| matches!(kind, K::Question { .. })) {
            let K::Question { name, text, measure, given, base_rate, .. } = &item.declaration.kind else {
                continue;
            };
            let place = Place { actor: item.actor };
            let mut told = format!("{} {}. ", self.names_doc(item), self.measure(place, measure));
            if let Some(given) = given {
                told += &format!("Only those runs are looked at in which, {}. ", self.formula(place, given));
            }
            if let (Some((low, high, _)), Some(question)) =
                (base_rate, model.questions.iter().find(|question| question.name == name.text))
            {
                let range = self.ends(place, low, high, None);
                let grounds =
                    question.base_rate.as_ref().map(|rate| self.grounds(&rate.grounds)).unwrap_or_default();
                told += &format!("How often such things happened before: {range}. {grounds}");
            }
            section.entry(&name.text, &text.text, &told);
        }
        section
    }

    fn measure(&self, place: Place, measure: &Measure) -> String {
        match measure {
            Measure::Probability(formula) => {
                format!("The answer is the share of runs in which, {}", self.formula(place, formula))
            }
            Measure::At(quantity, time) => {
                format!(
                    "The answer is the spread, over the runs, of {} {}",
                    self.words(place, quantity),
                    self.moment(place, time)
                )
            }
            Measure::FirstTime(condition) => {
                format!(
                    "The answer is the spread, over the runs, of the first time at which {}",
                    self.condition(place, condition)
                )
            }
        }
    }

    fn formula(&self, place: Place, formula: &Formula) -> String {
        let until = |time: &Expression| match &time.kind {
            ExpressionKind::Date(_) => format!("up to {}", self.words(place, time)),
            _ => format!("within {}", self.words(place, time)),
        };
        match formula {
            Formula::Within(time, condition) => {
                format!("at some time {}, {}", until(time), self.condition(place, condition))
            }
            Formula::Always(time, condition) => {
                format!("at every time {}, {}", until(time), self.condition(place, condition))
            }
            Formula::At(time, condition) => {
                format!("{}, {}", self.moment(place, time), self.condition(place, condition))
            }
            Formula::Before(first, second) => {
                format!("before {}, {}", self.condition(place, second), self.condition(place, first))
            }
        }
    }

    fn moment(&self, place: Place, time: &Expression) -> String {
        let words = self.words(place, time);
        if matches!(time.kind, ExpressionKind::Date(_)) {
            format!("on {words}")
        } else {
            format!("after {words}")
        }
    }

    fn condition(&self, place: Place, condition: &Condition) -> String {
        let words = self.words(place, &condition.expression);
        match &condition.held {
            Some(held) => {
                format!("{words}, and this has held for {} without a break", self.words(place, held))
            }
            None => words,
        }
    }

    pub(super) fn watches(&self) -> Section {
        let mut section = Section::new("What to watch");
        for item in self.of(|kind| matches!(kind, K::Indicator { .. })) {
            let K::Indicator { head, expression } = &item.declaration.kind else { continue };
            let place = Place { actor: item.actor };
            let title = head
                .label
                .as_ref()
                .map_or_else(|| capitalised(&head.name.text.replace('_', " ")), |label| label.text.clone());
            let unit = match unit_alone(head.unit.as_ref()) {
                unit if unit.is_empty() => String::new(),
                unit => format!(", in {unit}"),
            };
            let told = self.definition(place, expression, "is");
            section.entry(
                &head.name.text,
                &title,
                &format!("{} {}{unit}", self.names_doc(item), capitalised(&told)),
            );
        }
        section
    }

    pub(super) fn settles(&self) -> Section {
        let mut section = Section::new("How the questions are settled").of(super::Part::Settles);
        for item in self.of(|kind| matches!(kind, K::Question { .. })) {
            let K::Question { name, text, resolves: Some(resolves), .. } = &item.declaration.kind else {
                continue;
            };
            section.entry(&name.text, &text.text, &resolves.text);
        }
        section
    }

    pub(super) fn leaves_out(&self) -> Section {
        let mut section = Section::new("What it leaves out").of(super::Part::LeavesOut);
        if self.model.leaves_out.is_empty() {
            return section;
        }
        section.text(&match self.model.leaves_out.len() {
            1 => "One thing is left out on purpose.".to_owned(),
            n => format!("{n} things are left out on purpose."),
        });
        for text in &self.model.leaves_out {
            section.point(None, text);
        }
        section
    }
}
