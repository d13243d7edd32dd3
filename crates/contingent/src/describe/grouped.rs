//! What is assumed.
//!
//! Enters: assumptions and correlations. Leaves: their section. Always holds: every assumption has its range, its
//! shape and its grounds.

use contingent_model::VariableKind;
use contingent_syntax::ast::{DeclarationKind as K, ValueKind};

use super::names::{Place, Referent};
use super::{Section, Story, capitalised};

impl Story<'_> {
    pub(super) fn assumes(&self) -> Section {
        let mut section = Section::new("What is assumed").of(super::Part::Assumes);
        let assumptions = self.of(|kind| matches!(kind, K::Assume { .. }));
        if !assumptions.is_empty() {
            section.text(
                "What is not known is drawn once for every run. “Between 2 and 8” means nine chances in ten to lie there, \
                 one in twenty to lie below and one in twenty to lie above. “Our” judgement and reading are those of \
                 whoever wrote the model.",
            );
        }
        self.by_actor(&mut section, &assumptions, |story, section, item| {
            let K::Assume { head, value, .. } = &item.declaration.kind else { return };
            let Some(id) = story.variable_of(item) else { return };
            let variable = story.model.variable(id);
            let VariableKind::Assumption { distributions, grounds, .. } = &variable.kind else { return };
            let place = Place { actor: item.actor };
            let each =
                if matches!(value.kind, ValueKind::Table(_)) { String::new() } else { story.each(head) };
            let value = story.value(place, value, head.unit.as_ref(), distributions);
            let text = format!(
                "{} {}{each}. {}",
                story.names.rest(Referent::Variable(id)),
                capitalised(&value),
                story.grounds(grounds)
            );
            section.entry(&variable.name, &story.names.title(Referent::Variable(id)), &text);
        });
        let correlations = self.of(|kind| matches!(kind, K::Correlate { .. }));
        if !correlations.is_empty() {
            section.heading("Assumptions that go together");
        }
        for (item, correlation) in correlations.iter().zip(&self.model.correlations) {
            let place = Place { actor: item.actor };
            let [first, second] = [correlation.first, correlation.second]
                .map(|id| self.names.phrase(Referent::Variable(id), place));
            let strength = match correlation.rank.abs() {
                rank if rank < 0.25 => "slightly",
                rank if rank < 0.6 => "clearly",
                _ => "strongly",
            };
            let how = if correlation.rank < 0.0 {
                format!("Where {first} is high, {second} tends {strength} to be low")
            } else {
                format!("{} and {second} tend {strength} to be high together", capitalised(&first))
            };
            let rank = super::value::number(correlation.rank);
            section.point(
                None,
                &format!("{how} (rank correlation {rank}). {}", self.reasons(&correlation.grounds)),
            );
        }
        section
    }
}
