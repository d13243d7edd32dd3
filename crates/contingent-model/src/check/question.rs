//! What is asked and compared: questions, indicators, views, policies and correlations.

use contingent_syntax::ast::{self, DeclarationKind, Name, Reference};
use contingent_syntax::{Code, Diagnostic, Span};

use super::index::Along;
use super::table::is_table;
use super::walk::constant;
use super::{Checker, Item, Scope, Symbol, Type};
use crate::checked::{
    BaseRate, CheckedModel, Condition, Correlation, Formula, Indicator, LeverSetting, Measure, Override,
    Policy, Quantity, Question, VariableId, VariableKind, View,
};
use crate::unit::{Dimension, Unit};

/// Columns and folders that the tables of results use themselves.
const COLUMNS: [&str; 7] = ["draw", "replication", "step", "time", "view", "policy", "shard"];

/// What a view or policy has set so far, and where.
#[derive(Default)]
struct AlreadySet {
    lines: Vec<(VariableId, Vec<Along>, Span)>,
}

impl AlreadySet {
    /// Keeps a line; gives the earlier line that sets one of the same elements.
    fn twice(&mut self, model: &CheckedModel, id: VariableId, places: &[Along], place: Span) -> Option<Span> {
        let subscripts = &model.variable(id).subscripts;
        let meets = |first: &[Along]| {
            subscripts.iter().zip(first.iter().zip(places)).all(|(&of, (a, b))| match (*a, *b) {
                (Along::One(a), Along::One(b)) => a == b,
                (Along::One(one), Along::Every(part)) | (Along::Every(part), Along::One(one)) => {
                    model.translate(of, one, part).is_some()
                }
                (Along::Every(a), Along::Every(b)) => (0..model.subscript(a).elements.len())
                    .any(|position| model.translate(a, position, b).is_some()),
            })
        };
        let found = self.lines.iter().find(|(seen, first, _)| *seen == id && meets(first));
        let found = found.map(|&(_, _, span)| span);
        self.lines.push((id, places.to_vec(), place));
        found
    }
}

impl Checker<'_> {
    pub(super) fn check_questions(&mut self) {
        for i in 0..self.items.len() {
            let item = self.items[i];
            match &item.declaration.kind {
                DeclarationKind::Question { .. } => self.check_question(item),
                DeclarationKind::Indicator { .. } => self.check_indicator(item),
                DeclarationKind::View { name, label, overrides } => {
                    self.check_view(item, name, label, overrides);
                }
                DeclarationKind::Policy { .. } => self.check_policy(item),
                DeclarationKind::Correlate { first, second, rank, grounds } => {
                    self.check_correlation(item, first, second, rank, grounds.as_ref());
                }
                _ => {}
            }
        }
    }

    /// Reports a name that another declaration of the same kind has, or that the language keeps for itself.
    pub(super) fn unique(&mut self, what: &'static str, name: &Name, kept: &str) {
        if name.text == kept {
            self.report(
                Diagnostic::error(
                    Code::DuplicateName,
                    format!("every model has a {what} `{kept}` already"),
                    name.span,
                    "declared again here",
                )
                .help("give it another name"),
            );
        } else if let Some(first) = self.asked.insert((what, name.text.clone()), name.span) {
            self.twice(what, name, first);
        }
    }

    /// Reports a name that the tables of results give to a column of their own.
    pub(super) fn column_name(&mut self, what: &str, name: &Name) {
        if COLUMNS.contains(&name.text.as_str()) {
            self.report(
                Diagnostic::error(
                    Code::ReservedWord,
                    format!(
                        "`{}` is a column of every table of results and cannot name the {what}",
                        name.text
                    ),
                    name.span,
                    "reserved",
                )
                .help(format!("choose another name, for example `{}_1`", name.text)),
            );
        }
    }

    pub(super) fn question_scope(item: Item) -> Scope {
        Scope {
            actor: item.actor,
            bound: Vec::new(),
            chance: Err("in a question or indicator"),
            lenient: false,
        }
    }

    fn check_condition(&mut self, item: Item, condition: &ast::Condition) -> Condition {
        let mut scope = Self::question_scope(item);
        let typed = self.resolve(&mut scope, &condition.expression);
        self.expect_condition(&typed);
        let limit = self.model.clock.n_steps;
        let held_steps = condition
            .held
            .as_ref()
            .and_then(|held| self.steps(held, "the time that the condition must hold", limit))
            .unwrap_or(0);
        Condition { expression: typed.expression, held_steps }
    }

    fn check_formula(&mut self, item: Item, formula: &ast::Formula) -> Formula {
        let limit = self.model.clock.n_steps;
        match formula {
            ast::Formula::Within(time, condition) => Formula::Within {
                steps: self.steps(time, "the time allowed", limit).unwrap_or(0),
                condition: self.check_condition(item, condition),
            },
            ast::Formula::Always(time, condition) => Formula::Always {
                steps: self.steps(time, "the time looked at", limit).unwrap_or(0),
                condition: self.check_condition(item, condition),
            },
            ast::Formula::At(time, condition) => Formula::At {
                step: self.steps(time, "the time asked for", limit).unwrap_or(0),
                condition: self.check_condition(item, condition),
            },
            ast::Formula::Before(first, second) => Formula::Before {
                first: self.check_condition(item, first),
                second: self.check_condition(item, second),
            },
        }
    }

    fn check_question(&mut self, item: Item) {
        let DeclarationKind::Question { name, text, measure, measure_span, given, resolves, base_rate } =
            &item.declaration.kind
        else {
            return;
        };
        self.unique("question", name, "");
        self.column_name("question", name);
        let share =
            Unit { dimension: Dimension::none(), scale: 1.0, is_share: true, text: "share".to_owned() };
        let mut unit = self.display_unit(&Type::Any, Some(&share));
        let limit = self.model.clock.n_steps;
        let measure = match measure.as_ref() {
            ast::Measure::Probability(formula) => Measure::Probability(self.check_formula(item, formula)),
            ast::Measure::At(quantity, time) => {
                let step = self.steps(time, "the time asked for", limit).unwrap_or(0);
                let mut scope = Self::question_scope(item);
                let typed = self.resolve(&mut scope, quantity);
                self.expect_number(&typed);
                unit = self.unit_shown(quantity, &typed.of, item);
                Measure::Distribution(Quantity::At { step, expression: typed.expression })
            }
            ast::Measure::FirstTime(condition) => {
                unit = self.display_unit(&Type::Number(self.units.time()), None);
                Measure::Distribution(Quantity::FirstTime {
                    condition: self.check_condition(item, condition),
                })
            }
        };
        let given = given.as_ref().map(|formula| self.check_formula(item, formula));
        if resolves.as_ref().is_none_or(|text| text.text.trim().is_empty())
            && !self.is_broken(item.declaration.span)
        {
            let mut diagnostic = Diagnostic::error(
                Code::MissingProperty,
                format!("the question `{}` does not say how it resolves", name.text),
                name.span,
                "no `resolves` line",
            )
            .help("add `resolves \"Yes if ..., as recorded by ...\"`");
            if resolves.is_none()
                && let Some((place, text)) =
                    self.lines_at_end_of_block(item.declaration.span, &["resolves \"\"".to_owned()])
            {
                diagnostic = diagnostic.fix(place, text);
            }
            self.report(diagnostic);
        }
        let base_rate = base_rate.as_ref().and_then(|(low, high, grounds)| {
            let grounds = self.grounds_after(
                grounds.as_ref(),
                Some(("base rate of", name)),
                item.declaration.span,
                high.span,
            );
            let mut ends = [0.0; 2];
            let before = self.n_reported;
            for (end, expression) in ends.iter_mut().zip([low, high]) {
                let mut scope = Self::question_scope(item);
                let value = self.number_in(&mut scope, expression, &share, None);
                *end = constant(&value)?;
            }
            if self.n_reported == before && !(0.0 <= ends[0] && ends[0] <= ends[1] && ends[1] <= 1.0) {
                self.report(
                    Diagnostic::error(
                        Code::InvalidProperty,
                        "a base rate runs from a low to a high probability",
                        low.span.cover(high.span),
                        "not within 0% to 100%, or not in order",
                    )
                    .help("write for example `base_rate 20% to 40% because claim`"),
                );
            }
            Some(BaseRate { low: ends[0], high: ends[1], grounds })
        });
        let written = self.sources.text(*measure_span).split_whitespace().collect::<Vec<_>>().join(" ");
        self.model.questions.push(Question {
            name: name.text.clone(),
            text: text.text.clone(),
            measure,
            written,
            given,
            resolves: resolves.as_ref().map(|text| text.text.clone()).unwrap_or_default(),
            base_rate,
            unit,
            span: name.span,
        });
    }

    /// The unit in which an expression is shown: that of the variable when it is one, else the dimension.
    pub(super) fn unit_shown(
        &self,
        expression: &ast::Expression,
        of: &Type,
        item: Item,
    ) -> crate::checked::DisplayUnit {
        let named = self.named_variables(item, expression);
        if let [only] = named.as_slice() {
            let unit = &self.model.variable(*only).unit;
            let same = match (&self.types[only.index()], of) {
                (Some(Type::Number(a)), Type::Number(b)) => a == b,
                _ => false,
            };
            if same {
                return unit.clone();
            }
        }
        self.display_unit(of, None)
    }

    fn check_indicator(&mut self, item: Item) {
        let DeclarationKind::Indicator { head, expression } = &item.declaration.kind else { return };
        self.unique("indicator", &head.name, "");
        self.column_name("indicator", &head.name);
        if let Some(subscript) = head.subscripts.first() {
            self.report(
                Diagnostic::error(
                    Code::SubscriptMismatch,
                    format!("the indicator `{}` has a subscript", head.name.text),
                    subscript.span,
                    "an indicator is one number",
                )
                .help("write one indicator per element, or use `sum`"),
            );
        }
        let mut scope = Self::question_scope(item);
        scope.lenient = !head.subscripts.is_empty();
        let declared = head.unit.as_ref().and_then(|text| self.unit(text));
        let (resolved, unit) = if let Some(unit) = declared {
            let place = head.unit.as_ref().map(|text| (text.span, "declared here"));
            let resolved = self.number_in(&mut scope, expression, &unit, place);
            let shown = self.display_unit(&Type::Any, Some(&unit));
            (resolved, shown)
        } else {
            let typed = self.resolve(&mut scope, expression);
            if !matches!(typed.of, Type::Condition) {
                self.expect_number(&typed);
            }
            let shown = self.unit_shown(expression, &typed.of, item);
            (typed.expression, shown)
        };
        self.model.indicators.push(Indicator {
            name: head.name.text.clone(),
            label: head.label.as_ref().map_or_else(|| head.name.text.clone(), |label| label.text.clone()),
            expression: resolved,
            unit,
        });
    }

    /// The variable that a view or policy changes.
    fn setting_target(&mut self, item: Item, reference: &Reference, wanted: &str) -> Option<VariableId> {
        let name = reference.path.text();
        let found = self.find(item.actor, &name);
        if let Some((_, place)) = found {
            self.used_reference(place, reference, &name);
        }
        match found {
            Some((Symbol::Variable(id), _)) => Some(id),
            Some((Symbol::Broken, _)) => None,
            Some((_, place)) => {
                self.report(
                    Diagnostic::error(
                        Code::InvalidSetting,
                        format!("`{name}` is not {wanted}"),
                        reference.span,
                        "cannot be set here",
                    )
                    .and(place, "declared here")
                    .help("views change assumptions and mechanisms, policies set levers"),
                );
                None
            }
            None => {
                let suggestion = self.suggestion(&name);
                let mut diagnostic = Diagnostic::error(
                    Code::UnknownName,
                    format!("there is no `{name}`"),
                    reference.span,
                    "not declared",
                );
                diagnostic = diagnostic
                    .help(match &suggestion {
                        Some(suggestion) => format!("did you mean `{suggestion}`?"),
                        None => format!("name {wanted} of the model"),
                    })
                    .fix_if(reference.path.span, suggestion);
                self.report(diagnostic);
                None
            }
        }
    }

    fn check_view(
        &mut self,
        item: Item,
        name: &Name,
        label: &ast::Text,
        overrides: &[(Reference, ast::Value, Option<ast::Grounds>)],
    ) {
        self.unique("view", name, "base");
        let mut view = View { name: name.text.clone(), label: label.text.clone(), overrides: Vec::new() };
        let mut set = AlreadySet::default();
        for (reference, value, grounds) in overrides {
            let target = Name {
                text: format!("{}` in the view `{}", reference.path.text(), name.text),
                span: reference.span,
            };
            let grounds = self.grounds_after(
                grounds.as_ref(),
                Some(("assumption", &target)),
                item.declaration.span,
                value.span,
            );
            let Some(id) = self.setting_target(item, reference, "an assumption") else { continue };
            let Some(places) = self.setting_places(reference, id) else { continue };
            if let Some(first) = set.twice(&self.model, id, &places, reference.span) {
                self.report(
                    Diagnostic::error(
                        Code::DuplicateName,
                        format!(
                            "the view `{}` sets `{}` twice",
                            name.text,
                            self.sources.text(reference.span)
                        ),
                        reference.span,
                        "again here",
                    )
                    .and(first, "first here")
                    .help("keep one of the two lines"),
                );
                continue;
            }
            let place = self.model.variable(id).span;
            match &self.model.variable(id).kind {
                VariableKind::Assumption { .. } => {
                    if let Some(found) = self.override_value(id, &places, value) {
                        let replacement = if reference.indices.is_none() {
                            Override::Distributions(found.into_iter().map(|(_, one)| one).collect())
                        } else {
                            Override::Elements(found)
                        };
                        view.overrides.push((id, replacement, grounds));
                    }
                }
                VariableKind::Mechanism { .. } if reference.indices.is_some() => self.report(
                    Diagnostic::error(
                        Code::InvalidSetting,
                        format!("`{}` is chosen as a whole", reference.path.text()),
                        reference.span,
                        "a mechanism is the same for every element",
                    )
                    .and(place, "declared here")
                    .help(format!("write `{} = alternative` without brackets", reference.path.text())),
                ),
                VariableKind::Mechanism { alternatives, .. } => {
                    let alternatives = alternatives.clone();
                    let Some(word) = value.as_name() else {
                        self.report(
                            Diagnostic::error(
                                Code::InvalidSetting,
                                format!("`{}` is a mechanism", reference.path.text()),
                                value.span,
                                "the name of an alternative is needed",
                            )
                            .and(place, "declared here")
                            .help(format!("it has {}", super::collect::list(&alternatives))),
                        );
                        continue;
                    };
                    match alternatives.iter().position(|known| *known == word.text) {
                        Some(position) => {
                            self.used_alternative(id, word);
                            view.overrides.push((id, Override::Alternative(position), grounds));
                        }
                        None => self.unknown_alternative(word, &alternatives, &reference.path.text()),
                    }
                }
                _ => self.report(
                    Diagnostic::error(
                        Code::InvalidSetting,
                        format!("a view cannot change `{}`", reference.path.text()),
                        reference.span,
                        "not an assumption or mechanism",
                    )
                    .and(place, "declared here")
                    .help("a view changes what is assumed, never the structure; declare an `assume` or a `mechanism`"),
                ),
            }
        }
        self.model.views.push(view);
    }

    fn check_policy(&mut self, item: Item) {
        let DeclarationKind::Policy { name, label, from, until, settings } = &item.declaration.kind else {
            return;
        };
        self.unique("policy", name, "none");
        let limit = self.model.clock.n_steps;
        let from_step = from.as_ref().map_or(Some(0), |from| self.step_at(from, limit)).unwrap_or(0);
        let until_step = match until {
            None => usize::MAX,
            Some(until) => self.step_at(until, limit).unwrap_or(usize::MAX),
        };
        if from_step >= until_step {
            self.report(
                Diagnostic::error(
                    Code::InvalidTime,
                    format!("the policy `{}` ends before it starts", name.text),
                    name.span,
                    "no time in between",
                )
                .help("the date after `to` must be later than the one after `from`"),
            );
        }
        let mut policy = Policy {
            name: name.text.clone(),
            label: label.text.clone(),
            from_step,
            until_step,
            settings: Vec::new(),
        };
        let mut set = AlreadySet::default();
        for (reference, value) in settings {
            let Some(id) = self.setting_target(item, reference, "a lever") else { continue };
            let place = self.model.variable(id).span;
            let VariableKind::Lever { ref defaults, low, high, .. } = self.model.variable(id).kind else {
                self.report(
                    Diagnostic::error(
                        Code::InvalidSetting,
                        format!("a policy cannot set `{}`", reference.path.text()),
                        reference.span,
                        "not a lever",
                    )
                    .and(place, "declared here")
                    .help("a policy sets levers: what is ours to choose"),
                );
                continue;
            };
            // The range of a lever that could not be read is not known.
            let has_range = !defaults.is_empty();
            let Some(unit) = self.declared_units[id.index()].clone() else { continue };
            let Some(places) = self.setting_places(reference, id) else { continue };
            let Some(found) = self.settings(id, &places, value, &unit, (place, "the lever")) else {
                continue;
            };
            if has_range && found.iter().any(|&(_, setting)| !(low <= setting && setting <= high)) {
                self.report(
                    Diagnostic::error(
                        Code::InvalidSetting,
                        format!("the value of `{}` lies outside its range", reference.path.text()),
                        value.span,
                        "outside",
                    )
                    .and(place, "its range is declared here")
                    .help("choose a value within the range, or widen the range of the lever"),
                );
                continue;
            }
            if let Some(first) = set.twice(&self.model, id, &places, reference.span) {
                self.report(
                    Diagnostic::error(
                        Code::DuplicateName,
                        format!(
                            "the policy `{}` sets `{}` twice",
                            name.text,
                            self.sources.text(reference.span)
                        ),
                        reference.span,
                        "again here",
                    )
                    .and(first, "first here")
                    .help("keep one of the two lines"),
                );
                continue;
            }
            let is_whole = reference.indices.is_none() && !is_table(value);
            let found = if is_whole { &found[..1] } else { &found[..] };
            policy.settings.extend(found.iter().map(|&(element, value)| LeverSetting {
                lever: id,
                element: (!is_whole).then_some(element),
                value,
            }));
        }
        self.model.policies.push(policy);
    }

    /// The first step at or after a date or time.
    fn step_at(&mut self, expression: &ast::Expression, limit: usize) -> Option<usize> {
        if !self.clock_known {
            return None;
        }
        if let ast::ExpressionKind::Date(date) = expression.kind
            && let Some(start) = self.model.clock.start
        {
            let days = start.until(date).map_or(0, |span| span.get_days());
            let steps =
                (f64::from(days) / self.model.clock.days_per_unit / self.model.clock.dt - 1e-9).ceil();
            if steps < 0.0 || steps > limit as f64 {
                self.report(
                    Diagnostic::error(
                        Code::InvalidTime,
                        format!("{date} lies outside the horizon"),
                        expression.span,
                        "before the start or after the end of the model",
                    )
                    .help("choose a date within the horizon of the model block"),
                );
                return None;
            }
            return Some(steps as usize);
        }
        self.steps(expression, "the time of the policy", limit)
    }

    fn check_correlation(
        &mut self,
        item: Item,
        first: &Reference,
        second: &Reference,
        rank: &ast::Expression,
        grounds: Option<&ast::Grounds>,
    ) {
        let pair = Name { text: format!("{}, {}", first.path.text(), second.path.text()), span: first.span };
        let grounds = self.grounds(grounds, Some(("correlation", &pair)), item.declaration.span);
        let mut ids = Vec::new();
        for reference in [first, second] {
            let Some(id) = self.setting_target(item, reference, "an assumption") else { return };
            let variable = self.model.variable(id);
            let place = variable.span;
            let is_assumption = matches!(variable.kind, VariableKind::Assumption { .. });
            if !is_assumption || !variable.subscripts.is_empty() || reference.indices.is_some() {
                self.report(
                    Diagnostic::error(
                        Code::InvalidCorrelation,
                        format!("`{}` cannot be correlated", reference.path.text()),
                        reference.span,
                        match (is_assumption, variable.subscripts.is_empty()) {
                            (true, false) => "it has subscripts",
                            (true, true) => "it has no subscripts, but there are brackets",
                            (false, _) => "not an assumption",
                        },
                    )
                    .and(place, "declared here")
                    .help("only assumptions without subscripts can be correlated"),
                );
                return;
            }
            ids.push(id);
        }
        let mut scope = Self::question_scope(item);
        let typed = self.resolve(&mut scope, rank);
        self.expect_dimension(&typed, &Dimension::none(), None);
        if typed.is_broken() {
            return;
        }
        let Some(value) = constant(&typed.expression) else {
            self.report(
                Diagnostic::error(
                    Code::NotConstant,
                    "a rank correlation must be known beforehand",
                    rank.span,
                    "depends on something else",
                )
                .help("write a number between -1 and 1"),
            );
            return;
        };
        if !(value > -1.0 && value < 1.0) || ids[0] == ids[1] {
            self.report(
                Diagnostic::error(
                    Code::InvalidCorrelation,
                    "a rank correlation joins two assumptions and lies between -1 and 1",
                    rank.span,
                    "out of range, or the same assumption twice",
                )
                .help("write for example `correlate a, b = 0.5 because judgement \"...\"`"),
            );
            return;
        }
        let known = self.model.correlations.iter().any(|known| {
            (known.first, known.second) == (ids[0], ids[1]) || (known.first, known.second) == (ids[1], ids[0])
        });
        if known {
            self.report(
                Diagnostic::error(
                    Code::InvalidCorrelation,
                    "these two are correlated twice",
                    first.span.cover(second.span),
                    "again here",
                )
                .help("keep one of the two lines"),
            );
            return;
        }
        self.correlation_spans.push(first.span.cover(second.span));
        self.model.correlations.push(Correlation { first: ids[0], second: ids[1], rank: value, grounds });
    }
}
