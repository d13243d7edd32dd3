//! Decisions: options, what they are worth or where they stand, who decides, and how.
//!
//! Enters: a declared decision. Leaves: its clock, worths or places, and rule; of a council also what its members stand for.
//! Always holds: a council has from two to [`MOST_MEMBERS`] members and two or more options at different places; numbers that
//! are known lie where they can lie.

use contingent_syntax::ast::{self, Choice, DecisionOption, DeclarationKind, Head, Merit};
use contingent_syntax::{Code, Diagnostic, Span};

use super::table::constant_at;
use super::{Checker, Scope, Symbol, Type, Typed};
use crate::checked::{ChoiceRule, CouncilRule, SubscriptId, VariableId, VariableKind};
use crate::expression::Expression;
use crate::unit::{Dimension, Unit};

/// Most members that bargain: chances are products over all others, which must not vanish.
const MOST_MEMBERS: usize = 200;
/// Most turns of bargaining.
const MOST_TURNS: f64 = 100.0;

/// How a council is written.
const EXAMPLE: &str = "add `council of faction with position stance, capability power, salience care`";

impl Checker<'_> {
    pub(super) fn check_decision(&mut self, id: VariableId) {
        let i = id.index();
        let DeclarationKind::Decision { head, by, every, initially, options, council, choice } =
            self.variable_declaration(id)
        else {
            return;
        };
        if let Some(by) = by {
            let is_broken = self.values.get(&by.text).is_some_and(|(symbol, _)| *symbol == Symbol::Broken);
            if !is_broken && !self.actor_positions.contains_key(&by.text) {
                let near =
                    contingent_syntax::nearest(&by.text, self.model.actors.iter().map(|a| a.name.as_str()));
                let help = near.map_or_else(
                    || format!("declare it: `actor {} \"Label\"`", by.text),
                    |near| format!("did you mean `{near}`?"),
                );
                self.report(
                    Diagnostic::error(
                        Code::UnknownName,
                        format!("there is no actor `{}`", by.text),
                        by.span,
                        "not declared",
                    )
                    .help(help)
                    .fix_if(by.span, near),
                );
            } else if let Some(&position) = self.actor_positions.get(&by.text) {
                self.used_actor(by);
                self.model.variables[i].actor = Some(crate::checked::ActorId(position as u32));
            }
        }
        let is_broken = self.is_broken(self.variable_items[i].declaration.span);
        if options.len() < 2 && !is_broken {
            self.report(
                Diagnostic::error(
                    Code::MissingProperty,
                    format!("the decision `{}` has no choice to make", head.name.text),
                    head.name.span,
                    "fewer than two options",
                )
                .help("add `option name worth expression` lines"),
            );
        }
        for (k, option) in options.iter().enumerate() {
            if let Some(first) = options[..k].iter().find(|first| first.name.text == option.name.text) {
                self.report(
                    Diagnostic::error(
                        Code::DuplicateName,
                        format!("the option `{}` stands twice", option.name.text),
                        option.name.span,
                        "again here",
                    )
                    .and(first.name.span, "first here")
                    .help("give one of them another name"),
                );
            }
        }
        let names: Vec<String> = options.iter().map(|option| option.name.text.clone()).collect();
        let every_steps = self.steps(every, "the time between reviews", usize::MAX >> 16).unwrap_or(1);
        if every_steps == 0 {
            self.report(
                Diagnostic::error(
                    Code::InvalidTime,
                    "a decision cannot be reviewed every zero steps",
                    every.span,
                    "no time passes",
                )
                .help(format!(
                    "the step is {} {}; choose a multiple of it",
                    self.model.clock.dt, self.model.clock.time_unit
                )),
            );
        }
        let position = |this: &mut Self, name: &ast::Name| {
            let found = names.iter().position(|known| *known == name.text);
            if found.is_none() {
                this.unknown_alternative(name, &names, &head.name.text);
            }
            this.used_alternative(id, name);
            found.unwrap_or(0)
        };
        let start = initially.as_ref().map_or(0, |name| position(self, name));
        let (worths, rule) = if council.is_some() || matches!(choice, Some(Choice::Council(..))) {
            (Vec::new(), self.council_rule(id, head, options, council.as_deref(), choice.as_ref()))
        } else {
            let (worths, dimension) = self.worths(id, options);
            (worths, self.rule(id, head, &dimension, choice.as_ref(), &position))
        };
        if let VariableKind::Decision(decision) = &mut self.model.variables[i].kind {
            decision.every_steps = every_steps.max(1);
            decision.initially = start;
            decision.worths = worths;
            decision.rule = rule;
        }
    }

    /// What the options are worth, in one unit, and that unit.
    fn worths(&mut self, id: VariableId, options: &[DecisionOption]) -> (Vec<Expression>, Dimension) {
        let mut scope = self.variable_scope(id, Ok(1));
        let mut worths: Vec<Typed> = Vec::new();
        for option in options {
            if let Merit::Place(place) = &option.merit {
                self.report(
                    Diagnostic::error(
                        Code::InvalidCouncil,
                        format!("the option `{}` has a place, and no council decides", option.name.text),
                        place.span,
                        "a place on what a council decides",
                    )
                    .help(format!("write `worth` instead of `at`, or {EXAMPLE}")),
                );
                continue;
            }
            let typed = self.resolve(&mut scope, option.merit.expression());
            self.expect_number(&typed);
            if let (Some(first), Type::Number(found)) = (
                worths.iter().find_map(|worth| match &worth.of {
                    Type::Number(dimension) => Some((dimension.clone(), worth.span)),
                    _ => None,
                }),
                &typed.of,
            ) && first.0 != *found
            {
                let needed = first.0;
                self.expect_dimension(&typed, &needed, Some((first.1, "another option is in this unit")));
            }
            worths.push(typed);
        }
        let dimension = worths
            .iter()
            .find_map(|worth| match &worth.of {
                Type::Number(dimension) => Some(dimension.clone()),
                _ => None,
            })
            .unwrap_or_default();
        (worths.into_iter().map(|worth| worth.expression).collect(), dimension)
    }

    /// How a decision without a council chooses.
    fn rule(
        &mut self,
        id: VariableId,
        head: &Head,
        worth: &Dimension,
        choice: Option<&Choice>,
        position: &dyn Fn(&mut Self, &ast::Name) -> usize,
    ) -> ChoiceRule {
        match choice {
            Some(Choice::Logit(rationality)) => {
                let mut scope = self.variable_scope(id, Ok(1));
                let typed = self.resolve(&mut scope, rationality);
                self.expect_dimension(
                    &typed,
                    &worth.power(-1),
                    Some((head.name.span, "rationality times worth must have no unit")),
                );
                ChoiceRule::Logit { rationality: typed.expression }
            }
            Some(Choice::Best | Choice::Council(..)) => ChoiceRule::Best,
            Some(Choice::Fixed(name)) => ChoiceRule::Fixed(position(self, name)),
            None if self.is_broken(self.variable_items[id.index()].declaration.span) => ChoiceRule::Best,
            None => {
                self.report(
                    Diagnostic::error(
                        Code::MissingProperty,
                        format!("the decision `{}` does not say how it is made", head.name.text),
                        head.name.span,
                        "no `choose` line",
                    )
                    .help("add `choose logit(rationality)`, `choose best` or `choose fixed option`"),
                );
                ChoiceRule::Best
            }
        }
    }

    /// How a council decides, and what its members stand for.
    fn council_rule(
        &mut self,
        id: VariableId,
        head: &Head,
        options: &[DecisionOption],
        council: Option<&ast::Council>,
        choice: Option<&Choice>,
    ) -> ChoiceRule {
        let Some(council) = council else {
            self.report(
                Diagnostic::error(
                    Code::InvalidCouncil,
                    format!("the decision `{}` does not say who is in its council", head.name.text),
                    head.name.span,
                    "no `council` line",
                )
                .help(EXAMPLE),
            );
            return ChoiceRule::Best;
        };
        let Some(Choice::Council(by, _, sharpness)) = choice else {
            if !self.is_broken(self.variable_items[id.index()].declaration.span) {
                self.report(
                    Diagnostic::error(
                        Code::InvalidCouncil,
                        format!("the decision `{}` has a council that does not decide", head.name.text),
                        council.span,
                        "its members are given",
                    )
                    .help("write `choose council by weighted mean`, or remove the `council` line"),
                );
            }
            return ChoiceRule::Best;
        };
        let by = self.bargaining(by);
        let position = VariableId(id.0 + 1);
        let VariableKind::Position(found) = &self.model.variable(position).kind else {
            return ChoiceRule::Best;
        };
        let (members, dimensions) = (found.members, found.dimensions);
        let is_known = council.dimensions.is_none() || dimensions.is_some();
        if !self.is_subscript(&council.members.text) || !is_known {
            return ChoiceRule::Best;
        }
        self.check_members(head, council, members);
        let bound = self.model.variable(id).subscripts.clone();
        let twice = if bound.iter().chain(&dimensions).any(|&other| other == members) {
            Some(&council.members)
        } else {
            council.dimensions.as_ref().filter(|_| dimensions.is_some_and(|id| bound.contains(&id)))
        };
        if let Some(name) = twice {
            self.report(
                Diagnostic::error(
                    Code::InvalidCouncil,
                    format!("the decision runs over `{}` twice", name.text),
                    name.span,
                    "again here",
                )
                .help(format!(
                    "declare a second index over the same elements, `subscript {0}2 = {0}`",
                    name.text
                )),
            );
            return ChoiceRule::Best;
        }
        self.members_stand(position, council, &bound, members, dimensions, by);
        let places = self.places(id, options, &bound, dimensions);
        let sharpness = sharpness.as_ref().map(|sharpness| {
            let mut scope = self.variable_scope(id, Ok(1));
            let typed = self.resolve(&mut scope, sharpness);
            self.expect_dimension(
                &typed,
                &Dimension::none(),
                Some((council.span, "sharpness times distance must have no unit")),
            );
            typed.expression
        });
        ChoiceRule::Council { position, places, sharpness }
    }

    fn is_subscript(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some((Symbol::Subscript(_), _)))
    }

    fn bargaining(&mut self, by: &ast::CouncilRule) -> CouncilRule {
        match *by {
            ast::CouncilRule::WeightedMean => CouncilRule::WeightedMean,
            ast::CouncilRule::WeightedMedian => CouncilRule::WeightedMedian,
            ast::CouncilRule::Challenge(turns, place) => {
                if !(1.0..=MOST_TURNS).contains(&turns) || turns.fract() != 0.0 {
                    self.report(
                        Diagnostic::error(
                            Code::InvalidCouncil,
                            "bargaining takes a whole number of turns, from 1 to 100",
                            place,
                            "not such a number",
                        )
                        .help("write for example `challenge within 10 turns`; it ends earlier when positions rest"),
                    );
                }
                CouncilRule::Challenge { turns: turns.clamp(1.0, MOST_TURNS) as usize }
            }
        }
    }

    fn check_members(&mut self, head: &Head, council: &ast::Council, members: SubscriptId) {
        let n = self.model.subscript(members).elements.len();
        if (2..=MOST_MEMBERS).contains(&n) {
            return;
        }
        self.report(
            Diagnostic::error(
                Code::InvalidCouncil,
                format!(
                    "the council of `{}` has {n} member{}",
                    head.name.text,
                    if n == 1 { "" } else { "s" }
                ),
                council.members.span,
                format!("from 2 to {MOST_MEMBERS} are allowed"),
            )
            .help("a council is of the elements of a subscript: `subscript faction { inner, outer }`"),
        );
    }

    /// What the members stand for.
    fn members_stand(
        &mut self,
        position: VariableId,
        written: &ast::Council,
        bound: &[SubscriptId],
        members: SubscriptId,
        dimensions: Option<SubscriptId>,
        by: CouncilRule,
    ) {
        let item = self.variable_items[position.index()];
        let place = self.model.variable(position).span;
        let of_member: Vec<SubscriptId> = bound.iter().copied().chain([members]).collect();
        let of_dimension: Vec<SubscriptId> = of_member.iter().copied().chain(dimensions).collect();
        let mut scope = self.scope(item.actor, &of_dimension, place, Ok(0));
        let stance = self.share_in(
            &mut scope,
            &written.position,
            "a position",
            (written.span, "a position is a share"),
        );
        let salience = self.share_in(
            &mut scope,
            &written.salience,
            "a salience",
            (written.span, "a salience is a share"),
        );
        scope.bound.clone_from(&of_member);
        let typed = self.resolve(&mut scope, &written.capability);
        self.expect_number(&typed);
        let capability = typed.expression;
        let combinations = self.model.combinations(&of_member);
        let known: Vec<f64> = combinations.iter().filter_map(|at| constant_at(&capability, at)).collect();
        let all_nothing = known.len() == combinations.len() && known.iter().all(|&number| number == 0.0);
        if known.iter().any(|&number| number < 0.0) || (all_nothing && !known.is_empty()) {
            let headline =
                if all_nothing { "no member has any capability" } else { "a capability is below zero" };
            self.report(
                Diagnostic::error(
                    Code::InvalidCouncil,
                    headline,
                    written.capability.span,
                    "what a member brings to bear",
                )
                .help("capabilities are not negative, and somebody has some; only their ratios count"),
            );
        }
        if let VariableKind::Position(council) = &mut self.model.variables[position.index()].kind {
            council.position = stance;
            council.capability = capability;
            council.salience = salience;
            council.rule = by;
        }
    }

    /// A number from 0 to 1.
    fn share_in(
        &mut self,
        scope: &mut Scope,
        written: &ast::Expression,
        what: &str,
        place: (Span, &str),
    ) -> Expression {
        let share =
            Unit { dimension: Dimension::none(), scale: 1.0, is_share: true, text: "share".to_owned() };
        let before = self.n_reported;
        let expression = self.number_in(scope, written, &share, Some(place));
        let outside = self.n_reported == before
            && self
                .model
                .combinations(&scope.bound)
                .iter()
                .filter_map(|at| constant_at(&expression, at))
                .any(|number| !(0.0..=1.0).contains(&number));
        if outside {
            self.report(
                Diagnostic::error(
                    Code::InvalidCouncil,
                    format!("{what} lies from 0 to 1"),
                    written.span,
                    "beyond an end",
                )
                .help("measure what is decided from 0% (one end) to 100% (the other)"),
            );
        }
        expression
    }

    /// Where the options stand.
    fn places(
        &mut self,
        id: VariableId,
        options: &[DecisionOption],
        bound: &[SubscriptId],
        dimensions: Option<SubscriptId>,
    ) -> Vec<Expression> {
        let mut scope = self.variable_scope(id, Ok(1));
        scope.bound = bound.iter().copied().chain(dimensions).collect();
        let mut places: Vec<Expression> = Vec::new();
        for option in options {
            let Merit::Place(written) = &option.merit else {
                self.report(
                    Diagnostic::error(
                        Code::InvalidCouncil,
                        format!("the option `{}` does not say where it stands", option.name.text),
                        option.name.span,
                        "has a worth, but a council decides",
                    )
                    .help(format!("write `option {} at 50%`", option.name.text)),
                );
                continue;
            };
            let place = self.share_in(&mut scope, written, "a place", (written.span, "a place is a share"));
            let at = self.model.combinations(&scope.bound);
            let numbers = |expression: &Expression| -> Option<Vec<f64>> {
                at.iter().map(|at| constant_at(expression, at)).collect()
            };
            let own = numbers(&place);
            if own.is_some() && places.iter().any(|other| numbers(other) == own) {
                self.report(
                    Diagnostic::error(
                        Code::InvalidCouncil,
                        format!("the option `{}` stands where another does", option.name.text),
                        written.span,
                        "the same place",
                    )
                    .help("give every option a place of its own, so that one of them is the nearest"),
                );
            }
            places.push(place);
        }
        places
    }

    /// Members, dimensions and subscripts of where a council stands, once the decision has its own.
    pub(super) fn collect_members(&mut self, position: VariableId, decision: VariableId) {
        let DeclarationKind::Decision { council: Some(council), .. } = self.variable_declaration(decision)
        else {
            return;
        };
        let mut named = |name: &ast::Name| match self.values.get(&name.text) {
            Some(&(Symbol::Subscript(id), place)) => {
                self.naming.used(place, name.span);
                Some(id)
            }
            Some(&(Symbol::Broken, _)) => None,
            _ => {
                self.unknown_subscript(name);
                None
            }
        };
        let members = named(&council.members);
        let dimensions = council.dimensions.as_ref().and_then(named);
        let mut subscripts = self.model.variable(decision).subscripts.clone();
        subscripts.extend(dimensions.filter(|id| !subscripts.contains(id)));
        let variable = &mut self.model.variables[position.index()];
        variable.subscripts = subscripts;
        if let VariableKind::Position(council) = &mut variable.kind {
            council.members = members.unwrap_or(SubscriptId(0));
            council.dimensions = dimensions;
        }
    }
}
