//! Who acts, what is counted, and how it moves.
//!
//! Enters: actors, subscripts, units, stocks, flows, auxiliaries, lookups. Leaves: their sections. Always holds: a
//! flow is told in full once, where it first matters, and named wherever else it ends.

use std::collections::{HashMap, HashSet};

use contingent_model::{Destination, Effect, EventId, SubscriptId, VariableId, VariableKind};
use contingent_syntax::ast::{self, DeclarationKind as K, Head, Reference, Shape};

use super::names::{Place, Referent};
use super::value::{plural, unit_alone};
use super::{Item, Section, Story, capitalised, list};

impl Story<'_> {
    pub(super) fn acts(&self) -> Section {
        let mut section = Section::new("Who acts, and where");
        for (i, actor) in self.model.actors.iter().enumerate() {
            let aliases: Vec<String> = actor.aliases.iter().map(|alias| format!("‘{alias}’")).collect();
            let mine = |wanted: fn(&K) -> bool| -> Vec<String> {
                self.items
                    .iter()
                    .filter(|item| item.actor == Some(i) && wanted(&item.declaration.kind))
                    .filter_map(|item| self.variable_of(*item))
                    .map(|id| self.names.phrase(Referent::Variable(id), Place { actor: Some(i) }))
                    .collect()
            };
            let decided: Vec<String> = self
                .model
                .variables
                .iter()
                .enumerate()
                .filter(|(_, variable)| {
                    matches!(variable.kind, VariableKind::Decision(_))
                        && variable.actor.is_some_and(|id| id.index() == i)
                })
                .map(|(k, _)| {
                    self.names.phrase(Referent::Variable(VariableId(k as u32)), Place { actor: Some(i) })
                })
                .collect();
            let levers = mine(|kind| matches!(kind, K::Lever { .. }));
            let stocks = mine(|kind| matches!(kind, K::Stock { .. }));
            let mut parts = Vec::new();
            if !aliases.is_empty() {
                parts.push(format!("Also called {}.", list(&aliases)));
            }
            if !decided.is_empty() {
                parts.push(format!("What it decides: {}.", list(&decided)));
            }
            if !levers.is_empty() {
                parts.push(format!("What can be set: {}.", list(&levers)));
            }
            if parts.is_empty() && !stocks.is_empty() {
                parts.push(format!("What is counted: {}.", list(&stocks)));
            }
            if parts.is_empty() {
                parts.push("It neither decides nor holds anything that is counted.".to_owned());
            }
            let text = parts.join(" ");
            section.entry(&actor.name, &capitalised(&actor.label), &text);
        }
        for (i, subscript) in self.model.subscripts.iter().enumerate() {
            let n = subscript.elements.len();
            let what = self.names.nouns(SubscriptId(i as u32));
            let text = if let Some(within) = subscript.within.as_ref().filter(|within| {
                within.positions.len() == self.model.subscripts[within.set.index()].elements.len()
            }) {
                let set = self.names.noun(within.set);
                format!(
                    "The same {}, so that a {set} and another one can be spoken of together",
                    plural(&set)
                )
            } else if n > 12 {
                format!("There are {n}, from {} to {}", subscript.labels[0], subscript.labels[n - 1])
            } else {
                let labels: Vec<String> =
                    (0..n).map(|element| self.names.element(SubscriptId(i as u32), element)).collect();
                match labels.as_slice() {
                    [only] => format!("There is one: {only}"),
                    // Names that hold "and" or a comma themselves are set apart by semicolons.
                    labels if labels.iter().any(|label| label.contains(" and ") || label.contains(',')) => {
                        format!("There are {n}: {}", labels.join("; "))
                    }
                    labels => format!("There are {n}: {}", list(labels)),
                }
            };
            section.entry(&subscript.name, &capitalised(&what), &text);
        }
        section
    }

    pub(super) fn counts(&self) -> Section {
        let mut section = Section::new("What it counts, and how that moves");
        let units: Vec<String> = self
            .items
            .iter()
            .filter_map(|item| match &item.declaration.kind {
                K::Units { names } => Some(names.iter().map(|name| plural(&name.text))),
                _ => None,
            })
            .flatten()
            .collect();
        let clock = &self.model.clock;
        self.conversions(&mut section);
        let counted = if units.is_empty() {
            String::new()
        } else {
            format!("Things are counted in {}. ", list(&units))
        };
        let mut told: HashSet<VariableId> = HashSet::new();
        let mut touched: HashMap<VariableId, Vec<EventId>> = HashMap::new();
        for (i, event) in self.model.events.iter().enumerate() {
            for effect in &event.effects {
                let mut ends = Vec::new();
                match effect {
                    Effect::Add { target, .. } | Effect::Set { target, .. } => ends.push(target.stock),
                    Effect::Move { from, to, .. } => {
                        ends.push(from.stock);
                        ends.extend(to.as_ref().map(|to| to.stock));
                    }
                }
                for stock in ends {
                    let events = touched.entry(stock).or_default();
                    if !events.contains(&EventId(i as u32)) {
                        events.push(EventId(i as u32));
                    }
                }
            }
        }
        let mut flows: HashMap<VariableId, Vec<(VariableId, Item<'_>)>> = HashMap::new();
        for &item in &self.items {
            let (K::Flow { .. }, Some(id)) = (&item.declaration.kind, self.variable_of(item)) else {
                continue;
            };
            if let VariableKind::Flow { from, to, .. } = &self.model.variable(id).kind {
                let mut ends: Vec<VariableId> = Vec::new();
                for end in to.iter().map(|to| &to.endpoint).chain(from) {
                    if !ends.contains(&end.stock) {
                        ends.push(end.stock);
                    }
                }
                for stock in ends {
                    flows.entry(stock).or_default().push((id, item));
                }
            }
        }
        let stocks: Vec<Item<'_>> = self
            .items
            .iter()
            .copied()
            .filter(|item| matches!(item.declaration.kind, K::Stock { .. }))
            .collect();
        if stocks.is_empty() {
            if !counted.is_empty() {
                section.text(&counted);
            }
        } else {
            section.text(&format!(
                "{counted}What is counted changes from one {} to the next. Nothing falls below zero, unless it is said \
                 that it may",
                if clock.dt == 1.0 { clock.time_unit.clone() } else { "step".to_owned() }
            ));
        }
        self.by_actor(&mut section, &stocks, |story, section, item| {
            story.stock(section, item, &flows, &touched, &mut told);
        });
        let computed: Vec<Item<'_>> = self
            .items
            .iter()
            .copied()
            .filter(|item| {
                matches!(item.declaration.kind, K::Auxiliary { .. } | K::Lookup { .. } | K::Links { .. })
            })
            .collect();
        if !computed.is_empty() {
            section.text("The following is worked out anew at every time from what holds at that time.");
            self.by_actor(&mut section, &computed, Self::computed);
        }
        section
    }

    fn stock(
        &self,
        section: &mut Section,
        item: Item<'_>,
        flows: &HashMap<VariableId, Vec<(VariableId, Item<'_>)>>,
        touched: &HashMap<VariableId, Vec<EventId>>,
        told: &mut HashSet<VariableId>,
    ) {
        let (K::Stock { head, initial, signed, whole }, Some(id)) =
            (&item.declaration.kind, self.variable_of(item))
        else {
            return;
        };
        let place = Place { actor: item.actor };
        let rest = self.names.rest(Referent::Variable(id));
        let unit = unit_alone(head.unit.as_ref());
        let of = self.model.variable(id);
        let mut text = format!("{rest} ");
        let each = self.each(head);
        let start = self.quantity(place, initial, head.unit.as_ref());
        let is_simple = !matches!(
            initial.kind,
            contingent_syntax::ast::ExpressionKind::If(..)
                | contingent_syntax::ast::ExpressionKind::Match(..)
        );
        if is_simple {
            text += &format!("It starts at {start}{each}. ");
        } else {
            text += &format!(
                "{}{each}. ",
                capitalised(&self.definition(place, initial, "starts at"))
                    .replace("otherwise it starts at", "otherwise at")
            );
        }
        let counts = match (*whole, unit.is_empty()) {
            (true, true) => "It is always a whole number. ".to_owned(),
            (true, false) => format!("It counts whole {unit}. "),
            (false, true) if of.unit.is_share => "It is a share. ".to_owned(),
            (false, true) => String::new(),
            (false, false) => format!("It is counted in {unit}. "),
        };
        text += &counts;
        if *signed {
            text += "It may fall below zero. ";
        }
        let none = Vec::new();
        let mine = flows.get(&id).unwrap_or(&none);
        let events = touched.get(&id).map_or(&[][..], Vec::as_slice);
        if mine.is_empty() && events.is_empty() {
            text += "Nothing changes it.";
        }
        section.entry(&of.name, &self.names.title(Referent::Variable(id)), &text);
        for &(flow, flow_item) in mine {
            let line = self.flow(place, id, flow, flow_item, told.insert(flow));
            section.point(Some(&self.model.variable(flow).name), &line);
        }
        if !events.is_empty() {
            let names: Vec<String> =
                events.iter().map(|&event| self.names.phrase(Referent::Event(event), place)).collect();
            section
                .point(None, &format!("It also changes with {}: see what happens by chance", list(&names)));
        }
    }

    /// A flow as it is seen from one of its stocks.
    fn flow(
        &self,
        place: Place,
        stock: VariableId,
        flow: VariableId,
        item: Item<'_>,
        is_new: bool,
    ) -> String {
        let K::Flow { head, from, to, rate } = &item.declaration.kind else { return String::new() };
        let own = Place { actor: item.actor };
        let VariableKind::Flow { from: from_end, to: to_end, .. } = &self.model.variable(flow).kind else {
            return String::new();
        };
        let name = self.names.phrase(Referent::Variable(flow), place);
        let end = |reference: &Reference| self.with_owner(own, place, reference);
        let enters = to_end.iter().any(|to| to.endpoint.stock == stock);
        let leaves = from_end.as_ref().is_some_and(|end| end.stock == stock);
        let each = self.each(head);
        // A rate that may be negative moves it either way.
        let (grows, shrinks) = if self.bounds[flow.index()].0 < 0.0 {
            ("grows or shrinks", "shrinks or grows")
        } else {
            ("grows", "shrinks")
        };
        let names: Vec<String> = to.iter().map(|to| end(&to.stock)).collect();
        let into = if names.is_empty() { None } else { Some(list(&names)) };
        let name = if enters && to.len() > 1 { format!("a part of {name}") } else { name };
        let mut text = match (enters, leaves, from.as_ref().map(end), into) {
            (true, true, Some(from), Some(to)) => {
                format!("Within it, {name} moves from {from} to {to}{each}")
            }
            (true, _, Some(from), _) => format!("It grows by {name}, out of {from}{each}"),
            (true, _, None, _) => format!("It {grows} by {name}{each}"),
            (_, _, _, Some(to)) => format!("It shrinks by {name}, into {to}{each}"),
            _ => format!("It {shrinks} by {name}{each}"),
        };
        if !is_new {
            return format!("{text}; see there");
        }
        text += ". ";
        let rest = self.names.rest(Referent::Variable(flow));
        if !rest.is_empty() {
            text += rest;
            text.push(' ');
        }
        text += &capitalised(&self.rate(own, rate));
        if to.len() > 1 {
            text += &format!(". {}", self.split(place, own, to_end, to));
        }
        text
    }

    /// How much of a flow goes where.
    fn split(&self, place: Place, own: Place, ends: &[Destination], to: &[ast::Destination]) -> String {
        let parts: Vec<String> = to
            .iter()
            .map(|to| {
                let share = match &to.share {
                    ast::Share::Of(share) => self.held(own, share, super::expression::Hold::Or),
                    ast::Share::Rest(_) | ast::Share::All => "the rest".to_owned(),
                };
                format!("{share} to {}", self.with_owner(own, place, &to.stock))
            })
            .collect();
        let is_whole = ends.iter().any(|end| {
            matches!(self.model.variable(end.endpoint.stock).kind, VariableKind::Stock { whole: true, .. })
        });
        let chance = if is_whole { ", each of those that move by chance" } else { "" };
        format!("Of what moves, there go {}{chance}", list(&parts))
    }

    /// A stock at the end of a flow, as it is called in the declaration of another actor.
    fn with_owner(&self, own: Place, place: Place, reference: &Reference) -> String {
        match self.names.resolve(own, reference).0 {
            Some(referent) => {
                let seen = self.names.reference(own, reference);
                let (from, to) = (self.names.phrase(referent, own), self.names.phrase(referent, place));
                seen.replacen(&from, &to, 1)
            }
            None => self.names.reference(own, reference),
        }
    }

    fn computed(&self, section: &mut Section, item: Item<'_>) {
        let place = Place { actor: item.actor };
        match &item.declaration.kind {
            K::Auxiliary { head, definition } => {
                let Some(id) = self.variable_of(item) else { return };
                let rest = self.names.rest(Referent::Variable(id));
                let each = self.each(head);
                let told = self.definition(place, definition, "is");
                let each = each.strip_prefix(", ").map(|each| format!("{each}, ")).unwrap_or_default();
                let unit = match unit_alone(head.unit.as_ref()) {
                    unit if unit.starts_with("per ") => format!(" It is a number {unit}."),
                    unit if !unit.is_empty() => format!(" It is counted in {unit}."),
                    _ => String::new(),
                };
                let text = format!("{rest} {}.{unit}", capitalised(&format!("{each}{told}")));
                section.entry(
                    &self.model.variable(id).name,
                    &self.names.title(Referent::Variable(id)),
                    &text,
                );
            }
            K::Links { head, links, .. } => self.links(section, item, head, links),
            K::Lookup { name, argument, argument_unit, unit, shape, points, .. } => {
                let Some(referent) = self.names.find(place, &name.text) else { return };
                let Referent::Lookup(id) = referent else { return };
                let reasons = self.reasons(&self.model.lookups[id.index()].grounds);
                let points: Vec<String> = points
                    .iter()
                    .map(|(x, y)| {
                        format!(
                            "{} at {}",
                            self.quantity(place, y, Some(unit)),
                            self.quantity(place, x, Some(argument_unit))
                        )
                    })
                    .collect();
                let rest = self.names.rest(referent);
                let between = match shape {
                    Shape::Clamped => "straight lines join these points, and beyond the ends it stays level",
                    Shape::Extrapolated => {
                        "straight lines join these points, and the outer ones go on beyond the ends"
                    }
                    Shape::Stepped => {
                        "each of these holds up to the next, and beyond the ends it stays level"
                    }
                };
                let text = format!(
                    "{rest} Over {}, it is {}; {between}. {reasons}",
                    argument.text.replace('_', " "),
                    list(&points)
                );
                section.entry(
                    &self.names.qualified(item.actor, &name.text),
                    &self.names.title(referent),
                    &text,
                );
            }
            _ => {}
        }
    }

    /// `, for each region`, with the subscripts of a declaration; empty when it has none.
    pub(super) fn each(&self, head: &Head) -> String {
        let noun = |name: &ast::Name| {
            let id = self.names.subscript(&name.text);
            id.map_or_else(|| name.text.replace('_', " "), |id| self.names.noun(id))
        };
        let names: Vec<String> = head.subscripts.iter().map(noun).collect();
        if names.is_empty() { String::new() } else { format!(", for each {}", list(&names)) }
    }

    pub(super) fn variable_of(&self, item: Item<'_>) -> Option<VariableId> {
        let (name, _) = super::names::named(&item.declaration.kind)?;
        match self.names.find(Place { actor: item.actor }, name)? {
            Referent::Variable(id) => Some(id),
            _ => None,
        }
    }

    /// Entries under a heading for each actor, what belongs to nobody first.
    pub(super) fn by_actor(
        &self,
        section: &mut Section,
        items: &[Item<'_>],
        mut tell: impl FnMut(&Self, &mut Section, Item<'_>),
    ) {
        let mut actors: Vec<Option<usize>> = Vec::new();
        for item in items {
            if !actors.contains(&item.actor) {
                actors.push(item.actor);
            }
        }
        actors.sort_unstable();
        for actor in &actors {
            if let (Some(actor), true) = (actor, actors.len() > 1) {
                section.heading(&self.model.actors[*actor].label);
            }
            for &item in items.iter().filter(|item| item.actor == *actor) {
                tell(self, section, item);
            }
        }
    }
}
