//! What happens by chance, what is decided, what can be done, and the rival readings.
//!
//! Enters: events, decisions, levers, mechanisms, policies, views. Leaves: their sections. Always holds: every
//! effect, option, setting and override is a sentence.

use contingent_model::{VariableId, VariableKind};
use contingent_syntax::ast::{
    Choice, Council, CouncilRule, DeclarationKind as K, Effect, EffectKind, Excitation, Expression,
    ExpressionKind, Merit, Reference,
};

use super::expression::alternative_label;
use super::names::{Place, Referent};
use super::{Item, Section, Story, capitalised, list};

impl Story<'_> {
    pub(super) fn happens(&self) -> Section {
        let mut section = Section::new("What happens by chance");
        let events = self.of(|kind| matches!(kind, K::Event { .. }));
        if !events.is_empty() {
            section.text(
                "A rate such as “5% per year” is a chance at every moment: the shorter the time, the smaller the chance \
                 that it happens within it. What has happened is felt from the next step on.",
            );
        }
        self.by_actor(&mut section, &events, Self::event);
        section
    }

    fn event(&self, section: &mut Section, item: Item<'_>) {
        let K::Event { head, hazard, once, when, excites, effects } = &item.declaration.kind else { return };
        let place = Place { actor: item.actor };
        let Some(referent) = self.names.find(place, &head.name.text) else { return };
        let often = if *once { "at most once" } else { "again and again" };
        let mut text = format!("{} ", self.names.rest(referent));
        text += &format!("It may happen {often}{}. ", self.each(head));
        text += &format!("{}. ", capitalised(&self.hazard(place, hazard)));
        if let Some(when) = when {
            text += &format!("It happens only while {}. ", self.words(place, when));
        }
        for excitation in excites {
            text += &self.excitation(place, excitation);
        }
        let effects: Vec<String> = effects.iter().map(|effect| self.effect(place, effect)).collect();
        if effects.is_empty() {
            text += "It changes no count by itself; what matters is whether it has happened.";
        } else {
            text += &format!("When it happens, it {}.", list(&effects));
        }
        section.entry(&self.names.qualified(item.actor, &head.name.text), &self.names.title(referent), &text);
    }

    fn excitation(&self, place: Place, excitation: &Excitation) -> String {
        let more = match &excitation.target {
            None => "more of its kind".to_owned(),
            Some(target) => format!("of {}", self.names.reference(place, target)),
        };
        format!(
            "Each time, it sets off {} {more} on average, some {} later. ",
            self.words(place, &excitation.ratio),
            self.words(place, &excitation.over)
        )
    }

    fn effect(&self, place: Place, effect: &Effect) -> String {
        let target = self.names.reference(place, &effect.target);
        let unit = self.unit_of(place, &effect.target);
        let amount = |expression: &Expression| self.quantity(place, expression, unit);
        match &effect.kind {
            EffectKind::Add(quantity) => format!("adds {} to {target}", amount(quantity)),
            EffectKind::Subtract(quantity) => format!("takes {} from {target}", amount(quantity)),
            EffectKind::Set(quantity) => format!("sets {target} to {}", amount(quantity)),
            EffectKind::Move { quantity, is_share, to } => {
                let what = if *is_share {
                    let share = self.words(place, quantity);
                    let is_number = matches!(quantity.kind, ExpressionKind::Number { .. });
                    if is_number {
                        format!("{share} of {target}")
                    } else {
                        format!("a share of {target}, namely {share},")
                    }
                } else {
                    format!("{} from {target}", amount(quantity))
                };
                match to {
                    Some(to) => format!("moves {what} to {}", self.names.reference(place, to)),
                    None => format!("removes {}", what.trim_end_matches(',')),
                }
            }
        }
    }

    fn unit_of(&self, place: Place, reference: &Reference) -> Option<&contingent_syntax::ast::UnitText> {
        let Some(Referent::Variable(id)) = self.names.resolve(place, reference).0 else { return None };
        let name = &self.model.variable(id).name;
        self.items.iter().find_map(|item| match &item.declaration.kind {
            K::Stock { head, .. } | K::Assume { head, .. } | K::Lever { head, .. }
                if self.names.qualified(item.actor, &head.name.text) == *name =>
            {
                head.unit.as_ref()
            }
            _ => None,
        })
    }

    pub(super) fn decides(&self) -> Section {
        let mut section = Section::new("What is decided");
        for item in self.of(|kind| matches!(kind, K::Decision { .. })) {
            self.decision(&mut section, item);
        }
        section
    }

    fn decision(&self, section: &mut Section, item: Item<'_>) {
        let K::Decision { head, every, initially, options, council, choice, .. } = &item.declaration.kind
        else {
            return;
        };
        let Some(id) = self.variable_of(item) else { return };
        let place = Place { actor: item.actor };
        let variable = self.model.variable(id);
        let VariableKind::Decision(decision) = &variable.kind else { return };
        let referent = Referent::Variable(id);
        let every = self.words(place, every);
        let every = every.strip_prefix("1 ").unwrap_or(&every);
        let by = match variable.actor {
            Some(actor) => format!("It is decided by {}", self.names.actor(actor.index())),
            None => "It is decided".to_owned(),
        };
        let start = alternative_label(&decision.labels[decision.initially]);
        let at = if initially.is_some() { "At the start" } else { "At the start, being the first option," };
        let text = format!(
            "{} {by}, anew every {every}{}, from what holds then. {at} it is {start}.",
            self.names.rest(referent),
            self.each(head),
        );
        let rule = match choice {
            Some(Choice::Logit(rationality)) => format!(
                " The more an option is worth, the likelier it is chosen; how much likelier is set by {}.",
                self.words(place, rationality)
            ),
            Some(Choice::Council(by, _, sharpness)) => {
                self.council(place, council.as_deref(), by, sharpness.as_ref())
            }
            Some(Choice::Best) => " The option that is worth most is chosen.".to_owned(),
            Some(Choice::Fixed(name)) => {
                let label = decision.options.iter().position(|option| *option == name.text);
                let label = label.map_or(name.text.as_str(), |i| decision.labels[i].as_str());
                format!(" It is always {}, whatever the options are worth.", alternative_label(label))
            }
            None => String::new(),
        };
        section.entry(&variable.name, &self.names.title(referent), &format!("{text}{rule}"));
        for (option, label) in options.iter().zip(&decision.labels) {
            let verb = if matches!(option.merit, Merit::Place(_)) { "stands at" } else { "is worth" };
            let merit = option.merit.expression();
            let told = self.definition(place, merit, verb);
            let text = if matches!(merit.kind, ExpressionKind::If(..)) {
                format!("{}: {told}", alternative_label(label))
            } else {
                let value = told.replacen(&format!("it {verb}"), "", 1);
                format!("{} {verb} {}", alternative_label(label), value.trim_start())
            };
            section.point(None, &text);
        }
    }

    /// Who decides together, and how.
    fn council(
        &self,
        place: Place,
        council: Option<&Council>,
        by: &CouncilRule,
        sharpness: Option<&Expression>,
    ) -> String {
        let Some(council) = council else { return String::new() };
        let whom = self.names.subscript(&council.members.text);
        let each = whom.map_or_else(|| council.members.text.clone(), |id| self.names.noun(id));
        let how = match by {
            CouncilRule::WeightedMean => "stands at the mean of its members".to_owned(),
            CouncilRule::WeightedMedian => "stands at the median of its members".to_owned(),
            CouncilRule::Challenge(turns, _) => {
                format!(
                    "bargains, member against member, for at most {turns} turns, and stands at the median then"
                )
            }
        };
        let chosen = match sharpness {
            None => "The option nearest to it is chosen.".to_owned(),
            Some(sharpness) => format!(
                "The nearer an option is to it, the likelier it is chosen; how much likelier is set by {}.",
                self.words(place, sharpness)
            ),
        };
        format!(
            " It is decided by a council with every {each} as a member: it {how}. Members count with their capability times \
             how much they care. A member stands at {}, brings {} to bear, and cares {}. {chosen}",
            self.words(place, &council.position),
            self.words(place, &council.capability),
            self.words(place, &council.salience),
        )
    }

    pub(super) fn can_be_done(&self) -> Section {
        let mut section = Section::new("What can be done");
        let levers = self.of(|kind| matches!(kind, K::Lever { .. }));
        if !levers.is_empty() {
            section.text("These can be set, unlike what is assumed.");
        }
        self.by_actor(&mut section, &levers, |story, section, item| {
            let K::Lever { head, value, low, high, .. } = &item.declaration.kind else { return };
            let Some(id) = story.variable_of(item) else { return };
            let place = Place { actor: item.actor };
            let VariableKind::Lever { grounds, .. } = &story.model.variable(id).kind else { return };
            let unit = head.unit.as_ref();
            // A table says itself what each element has.
            let each = match value.kind {
                ExpressionKind::Table(_) => String::new(),
                _ => story.each(head).replacen(',', "", 1),
            };
            let text = format!(
                "{} It stands at {}{each} and can be set {}. {}",
                story.names.rest(Referent::Variable(id)),
                story.quantity(place, value, unit),
                story.ends(place, low, high, unit).replacen("between", "anywhere between", 1),
                story.reasons(grounds),
            );
            section.entry(&story.model.variable(id).name, &story.names.title(Referent::Variable(id)), &text);
        });
        let policies = self.of(|kind| matches!(kind, K::Policy { .. }));
        if !policies.is_empty() {
            section.heading("Policies that are compared");
        }
        for item in policies {
            let K::Policy { name, label, from, until, settings } = &item.declaration.kind else { continue };
            let place = Place { actor: item.actor };
            let time = |expression: &Expression| self.words(place, expression);
            let from_words = from.as_ref().map(time);
            let span = match (&from_words, until.as_ref().map(time)) {
                (None, None) => "Throughout,".to_owned(),
                (Some(from), None) => format!("From {from} on,"),
                (None, Some(until)) => format!("Until {until},"),
                (Some(from), Some(until)) => format!("From {from} to {until},"),
            };
            let settings: Vec<String> = settings
                .iter()
                .map(|(target, value)| {
                    let unit = self.unit_of(place, target);
                    format!(
                        "{} is set to {}",
                        self.names.reference(place, target),
                        self.quantity(place, value, unit)
                    )
                })
                .collect();
            let settings = if settings.is_empty() { vec!["nothing is changed".to_owned()] } else { settings };
            section.entry(
                &name.text,
                &label.text,
                &format!("{} {} {}", self.names_doc(item), span, list(&settings)),
            );
        }
        let mechanisms = self.of(|kind| matches!(kind, K::Mechanism { .. }));
        if !mechanisms.is_empty() {
            section.heading("Parts of the model that can be switched, to see what they do");
        }
        for item in mechanisms {
            let Some(id) = self.variable_of(item) else { continue };
            let variable = self.model.variable(id);
            let VariableKind::Mechanism { alternatives, default, grounds } = &variable.kind else { continue };
            let labels: Vec<String> = alternatives.iter().map(|name| alternative_label(name)).collect();
            let is_switch = alternatives.len() == 2
                && ["on", "off"].iter().all(|word| alternatives.iter().any(|a| a == word));
            let state = match (is_switch, alternatives[*default].as_str()) {
                (true, "on") => "It is on unless it is switched off".to_owned(),
                (true, _) => "It is off unless it is switched on".to_owned(),
                _ => format!(
                    "It is {} unless another is chosen; it can be {}",
                    labels[*default],
                    super::joined(&labels, "or")
                ),
            };
            let text =
                format!("{} {state}. {}", self.names.rest(Referent::Variable(id)), self.reasons(grounds));
            section.entry(&variable.name, &self.names.title(Referent::Variable(id)), &text);
        }
        section
    }

    pub(super) fn readings(&self) -> Section {
        let mut section = Section::new("Rival readings").of(super::Part::Reads);
        let views = self.of(|kind| matches!(kind, K::View { .. }));
        if !views.is_empty() {
            section.text(
                "Each reading changes only what is listed under it; everything else stays as assumed above. The parts \
                 of the model stay the same.",
            );
        }
        for item in views {
            let K::View { name, label, overrides } = &item.declaration.kind else { continue };
            let place = Place { actor: item.actor };
            let doc = self.names_doc(item);
            let opening = match overrides.len() {
                0 => "It changes nothing".to_owned(),
                1 => "It changes one thing".to_owned(),
                n => format!("It changes {n} things"),
            };
            section.entry(&name.text, &label.text, &format!("{doc} {opening}"));
            let resolved = self.model.views.iter().find(|view| view.name == name.text);
            for (i, (target, value, _)) in overrides.iter().enumerate() {
                let Some(Referent::Variable(id)) = self.names.resolve(place, target).0 else { continue };
                section.point(
                    None,
                    &self.override_words(
                        place,
                        id,
                        target,
                        value,
                        resolved.and_then(|view| view.overrides.get(i)),
                    ),
                );
            }
        }
        section
    }

    fn override_words(
        &self,
        place: Place,
        id: VariableId,
        target: &Reference,
        value: &contingent_syntax::ast::Value,
        found: Option<&(VariableId, contingent_model::Override, contingent_model::Grounds)>,
    ) -> String {
        let unit = self.unit_of(place, target);
        let phrase = capitalised(&self.names.reference(place, target));
        let grounds = found.map(|(_, _, grounds)| self.grounds(grounds)).unwrap_or_default();
        let said = match found {
            Some((_, contingent_model::Override::Alternative(position), _)) => {
                let VariableKind::Mechanism { alternatives, .. } = &self.model.variable(id).kind else {
                    return String::new();
                };
                format!("{phrase} is {}", alternative_label(&alternatives[*position]))
            }
            Some((_, contingent_model::Override::Elements(elements), _)) => {
                let distributions: Vec<_> = elements.iter().map(|(_, one)| one.clone()).collect();
                format!("{phrase}: {}", self.value(place, value, unit, &distributions))
            }
            Some((_, contingent_model::Override::Distributions(distributions), _)) => {
                format!("{phrase}: {}", self.value(place, value, unit, distributions))
            }
            None => format!("{phrase}: {}", self.value(place, value, unit, &[])),
        };
        let instead = self.assumed_instead(id);
        format!("{said}{instead}. {grounds}")
    }

    /// What the model itself assumes, when it can be said in a few words.
    fn assumed_instead(&self, id: VariableId) -> String {
        let name = &self.model.variable(id).name;
        let declared = self.items.iter().find_map(|item| match &item.declaration.kind {
            K::Assume { head, value, .. } if self.names.qualified(item.actor, &head.name.text) == *name => {
                Some((item, head, value))
            }
            _ => None,
        });
        match declared {
            Some((item, head, value)) => {
                let contingent_syntax::ast::ValueKind::Range(low, high) = &value.kind else {
                    return String::new();
                };
                let place = Place { actor: item.actor };
                format!(
                    " (the model has {})",
                    self.ends(place, low, high, head.unit.as_ref())
                        .replacen("between ", "", 1)
                        .replacen(" and ", " to ", 1)
                )
            }
            None => String::new(),
        }
    }

    /// Documentation of what has no name in formulas.
    #[expect(clippy::unused_self, reason = "asked of the story like the other phrases")]
    pub(super) fn names_doc(&self, item: Item<'_>) -> String {
        super::sentences(&item.declaration.documentation)
    }

    /// Declarations of a kind, in reading order.
    pub(super) fn of(&self, is_wanted: impl Fn(&K) -> bool) -> Vec<Item<'_>> {
        self.items.iter().copied().filter(|item| is_wanted(&item.declaration.kind)).collect()
    }
}
