//! Expressions: types, units, categories and tables.

use contingent_syntax::ast::{self, ExpressionKind, Name, Operator};
use contingent_syntax::{Code, Diagnostic, Span};

use super::collect::list;
use super::table::{is_table, two_values};
use super::walk::{constant, size};
use super::{Category, Checker, Scope, Symbol, Type, Typed};
use crate::checked::SubscriptId;
use crate::expression::{BinaryOperator, Expression, UnaryOperator};
use crate::unit::{Dimension, Power, TIME, Unit};

impl Typed {
    pub(super) fn broken(span: Span) -> Self {
        Self { expression: Expression::Number(0.0), of: Type::Any, span, bare: false }
    }

    /// Whether a mistake was reported for it, here or elsewhere.
    pub(super) fn is_broken(&self) -> bool {
        self.of == Type::Any && !self.bare && matches!(self.expression, Expression::Number(_))
    }

    /// The dimension of a number; none when it is broken. A bare zero counts as having no unit.
    pub(super) fn dimension(&self) -> Option<Dimension> {
        match &self.of {
            Type::Number(dimension) => Some(dimension.clone()),
            Type::Any if !self.bare => None,
            _ => Some(Dimension::none()),
        }
    }

    pub(super) fn new(expression: Expression, of: Type, span: Span) -> Self {
        Self { expression, of, span, bare: false }
    }
}

/// Most parts of expressions that the `else` of one `match` or table may come to, when it is written out for
/// everything that it stands for. Within each other they would grow without bound.
const MAX_COPIED: usize = 100_000;

impl Checker<'_> {
    /// Resolves an expression that must be a number of the given unit; a bare number is in that unit.
    pub(super) fn number_in(
        &mut self,
        scope: &mut Scope,
        expression: &ast::Expression,
        unit: &Unit,
        place: Option<(Span, &str)>,
    ) -> Expression {
        if let ExpressionKind::Table(entries) = &expression.kind {
            let before = self.n_reported;
            let table = self.table(scope, entries, expression.span);
            let values = self.entries(table.subscript, entries, is_table, |this, entry| {
                this.number_in(scope, entry, unit, place)
            });
            let (Some(subscript), Some(order)) = (table.subscript, table.order) else {
                return Expression::Number(0.0);
            };
            let copied = |entry| values.get(entry).and_then(Option::as_ref);
            if !self.entry_may_be_copied(entries, &order, copied, before) {
                return Expression::Number(0.0);
            }
            return Expression::Select {
                selector: Box::new(Expression::Position(subscript)),
                alternatives: order.into_iter().filter_map(|entry| values[entry].clone()).collect(),
            };
        }
        let typed = self.resolve(scope, expression);
        if typed.bare {
            return match typed.expression {
                Expression::Number(value) => {
                    Expression::Number(self.finite(value * unit.scale, typed.span).unwrap_or_default())
                }
                other => other,
            };
        }
        self.expect_dimension(&typed, &unit.dimension, place);
        typed.expression
    }

    /// Whether the last entry of a table, its `else`, may be written out for every element that has no own.
    fn entry_may_be_copied<'e>(
        &mut self,
        entries: &[(Name, ast::Expression)],
        order: &[usize],
        value: impl Fn(usize) -> Option<&'e Expression>,
        before: usize,
    ) -> bool {
        let Some(last) = entries.len().checked_sub(1) else { return true };
        let n = order.iter().filter(|&&entry| entry == last).count();
        value(last).is_none_or(|value| self.may_be_copied(value, n, entries[last].1.span, before))
    }

    /// Whether `value` may be written out `n` times; reports it when nothing was since `before`.
    fn may_be_copied(&mut self, value: &Expression, n: usize, place: Span, before: usize) -> bool {
        if n <= 1 || n.saturating_mul(size(value)) <= MAX_COPIED {
            return true;
        }
        // What is too large within is reported there.
        if self.n_reported == before {
            self.report(
                Diagnostic::error(
                    Code::TooLarge,
                    format!("the value of `else` is too large to stand for {n} others"),
                    place,
                    "written out for each of them",
                )
                .help("name it with `aux`, and write that name after `else:`"),
            );
        }
        false
    }

    /// Reports a number whose unit is not the one needed, or something that is no number.
    pub(super) fn expect_dimension(
        &mut self,
        typed: &Typed,
        needed: &Dimension,
        place: Option<(Span, &str)>,
    ) {
        match &typed.of {
            Type::Any => {}
            Type::Number(found) if found == needed => {}
            Type::Number(found) => {
                let (found_text, needed_text) = (self.units.describe(found), self.units.describe(needed));
                let mut diagnostic = Diagnostic::error(
                    Code::UnitClash,
                    format!("`{found_text}` stands where `{needed_text}` is needed"),
                    typed.span,
                    format!("this is in `{found_text}`"),
                );
                diagnostic = self.with_origin(diagnostic, typed);
                if let Some((span, text)) = place {
                    diagnostic = diagnostic.and(span, text);
                }
                let help = if found.per_time() == *needed {
                    "a flow moves something per time: divide by a time, or multiply by a rate such as `5% per week`"
                        .to_owned()
                } else if found.is_none() {
                    format!("write the unit after the number, or multiply by `1 {needed_text}`")
                } else {
                    self.conversion(needed, found)
                };
                diagnostic = diagnostic.help(help);
                if let Some((place, text)) = self.unit_after_number(typed, needed).filter(|_| found.is_none())
                {
                    diagnostic = diagnostic.fix(place, text);
                }
                self.report(diagnostic);
            }
            Type::Condition => self.report(
                Diagnostic::error(
                    Code::TypeClash,
                    "a condition stands where a number is needed",
                    typed.span,
                    "true or false",
                )
                .help("write `if condition then 1 else 0`"),
            ),
            Type::Category(_) => self.report(
                Diagnostic::error(
                    Code::TypeClash,
                    "a category stands where a number is needed",
                    typed.span,
                    "one of several alternatives",
                )
                .help("write `match name { a: 1, b: 0.5 }`, or compare it: `name == a`"),
            ),
        }
    }

    /// How to get from one dimension to another: by dividing where only that is needed.
    fn conversion(&self, needed: &Dimension, found: &Dimension) -> String {
        let factor = self.units.describe(&needed.times(found, -1));
        if factor.starts_with("1/") {
            let divisor = self.units.describe(&found.times(needed, -1));
            format!(
                "divide by something in `{divisor}`, for example what there was at the start, or what is normal"
            )
        } else {
            format!("convert it: multiply by something in `{factor}`")
        }
    }

    pub(super) fn expect_condition(&mut self, typed: &Typed) {
        if !matches!(typed.of, Type::Condition | Type::Any) {
            let found = self.describe(&typed.of);
            self.report(
                Diagnostic::error(
                    Code::TypeClash,
                    format!("{found} stands where a condition is needed"),
                    typed.span,
                    "neither true nor false",
                )
                .help("compare it with something, for example `x > 0`"),
            );
        }
    }

    /// Resolves an expression.
    pub(super) fn resolve(&mut self, scope: &mut Scope, expression: &ast::Expression) -> Typed {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Number { value, percent, unit } => {
                self.literal(*value, *percent, unit.as_ref(), span)
            }
            ExpressionKind::Date(date) => self.date(*date, span),
            ExpressionKind::Reference(reference) => self.reference(scope, reference),
            ExpressionKind::Negate(inner) => {
                let inner = self.resolve(scope, inner);
                self.expect_number(&inner);
                let expression = match inner.expression {
                    Expression::Number(value) => Expression::Number(-value),
                    other => Expression::Unary(UnaryOperator::Negate, Box::new(other)),
                };
                Typed { expression, of: inner.of, span, bare: inner.bare }
            }
            ExpressionKind::Not(inner) => {
                let inner = self.resolve(scope, inner);
                self.expect_condition(&inner);
                Typed::new(
                    Expression::Unary(UnaryOperator::Not, Box::new(inner.expression)),
                    Type::Condition,
                    span,
                )
            }
            ExpressionKind::Per(inner, factor) => {
                let inner = self.resolve(scope, inner);
                self.expect_number(&inner);
                let Some((dimension, scale)) = self.unit_factor(factor) else {
                    return Typed::broken(span);
                };
                let of = inner.dimension();
                let mut size = 1.0;
                for _ in 0..factor.power {
                    size *= scale;
                }
                let value = match inner.expression {
                    Expression::Number(value) => match self.finite(value / size, span) {
                        Some(value) => Expression::Number(value),
                        None => return Typed::broken(span),
                    },
                    other => Expression::Binary(
                        BinaryOperator::Divide,
                        Box::new(other),
                        Box::new(Expression::Number(size)),
                    ),
                };
                Typed::new(value, number(of.map(|of| of.times(&dimension, -factor.power))), span)
            }
            ExpressionKind::Binary(operator, place, left, right) => {
                self.binary(scope, *operator, *place, left, right, span)
            }
            ExpressionKind::If(condition, yes, no) => {
                let condition = self.resolve(scope, condition);
                self.expect_condition(&condition);
                let yes = self.resolve(scope, yes);
                let no = self.resolve(scope, no);
                let of = self.same_type(&yes, &no, span, "the two branches of `if`");
                Typed::new(
                    Expression::If(
                        Box::new(condition.expression),
                        Box::new(yes.expression),
                        Box::new(no.expression),
                    ),
                    of,
                    span,
                )
            }
            ExpressionKind::Match(selector, arms) => self.match_arms(scope, selector, arms, span),
            ExpressionKind::Table(entries) => {
                let before = self.n_reported;
                let table = self.table(scope, entries, span);
                let read = self
                    .entries(table.subscript, entries, is_table, |this, entry| this.resolve(scope, entry));
                let (Some(subscript), Some(order)) = (table.subscript, table.order) else {
                    return Typed::broken(span);
                };
                // The units are compared once per entry, also where `else` stands for many elements.
                let written: Vec<Typed> = read.into_iter().flatten().collect();
                let of = self.common_type(&written);
                let copied = |entry: usize| written.get(entry).map(|typed| &typed.expression);
                if !self.entry_may_be_copied(entries, &order, copied, before) {
                    return Typed::broken(span);
                }
                let alternatives = order.into_iter().map(|entry| written[entry].expression.clone()).collect();
                let selector = Box::new(Expression::Position(subscript));
                Typed::new(Expression::Select { selector, alternatives }, of, span)
            }
            ExpressionKind::Call { function, arguments, over, window } => {
                self.call(scope, function, arguments, over, window.as_deref(), span)
            }
        }
    }

    fn literal(&mut self, value: f64, percent: bool, unit: Option<&ast::UnitFactor>, span: Span) -> Typed {
        let Some(factor) = unit else {
            let of = if value == 0.0 && !percent { Type::Any } else { Type::Number(Dimension::none()) };
            return Typed { expression: Expression::Number(value), of, span, bare: !percent };
        };
        let Some((dimension, scale)) = self.unit_factor(factor) else { return Typed::broken(span) };
        let mut size = value;
        for _ in 0..factor.power {
            size *= scale;
        }
        let Some(size) = self.finite(size, span) else { return Typed::broken(span) };
        Typed::new(Expression::Number(size), Type::Number(dimension.power(factor.power)), span)
    }

    fn date(&mut self, date: jiff::civil::Date, span: Span) -> Typed {
        let Some(start) = self.model.clock.start else {
            if !self.clock_known {
                return Typed::broken(span);
            }
            self.report(
                Diagnostic::error(
                    Code::InvalidTime,
                    "a date stands in a model that has no dates",
                    span,
                    "time is counted from the start here",
                )
                .help("write the time since the start, for example `10 weeks`, or give the model dates"),
            );
            return Typed::broken(span);
        };
        let days = start.until(date).map_or(0, |span| span.get_days());
        let time = self.units.time_scale(f64::from(days));
        Typed::new(Expression::Number(time), Type::Number(Dimension::base(TIME, 1)), span)
    }

    pub(super) fn expect_number(&mut self, typed: &Typed) {
        if let Type::Condition | Type::Category(_) = typed.of {
            self.expect_dimension(typed, &Dimension::none(), None);
        }
    }

    /// The common type of two parts, or a diagnostic that names both.
    pub(super) fn same_type(&mut self, left: &Typed, right: &Typed, place: Span, what: &str) -> Type {
        match (&left.of, &right.of) {
            (Type::Any, other) | (other, Type::Any) => other.clone(),
            (a, b) if a == b => a.clone(),
            (a @ Type::Number(first), Type::Number(second)) => {
                let (a_text, b_text) = (self.units.describe(first), self.units.describe(second));
                let fix = if second.is_none() {
                    self.unit_after_number(right, first)
                } else if first.is_none() {
                    self.unit_after_number(left, second)
                } else {
                    None
                };
                let diagnostic = Diagnostic::error(
                    Code::UnitClash,
                    format!("{what} have different units: `{a_text}` and `{b_text}`"),
                    place,
                    "do not fit together",
                )
                .and(left.span, format!("this is in `{a_text}`"))
                .and(right.span, format!("this is in `{b_text}`"));
                let diagnostic = self.with_origin(self.with_origin(diagnostic, left), right);
                let mut diagnostic = diagnostic.help(if second.is_none() {
                    format!("write the unit after the number: `... {a_text}`")
                } else if first.is_none() {
                    format!("write the unit after the number: `... {b_text}`")
                } else {
                    format!(
                        "convert one of them with something in `{}`",
                        self.units.describe(&first.times(second, -1))
                    )
                });
                if let Some((place, text)) = fix {
                    diagnostic = diagnostic.fix(place, text);
                }
                self.report(diagnostic);
                a.clone()
            }
            (a, b) => {
                let (a_text, b_text) = (self.describe(a), self.describe(b));
                self.report(
                    Diagnostic::error(
                        Code::TypeClash,
                        format!("{what} do not fit together: {a_text} and {b_text}"),
                        place,
                        "do not fit together",
                    )
                    .and(left.span, a_text)
                    .and(right.span, b_text)
                    .help("both must be numbers, or both conditions"),
                );
                Type::Any
            }
        }
    }

    fn binary(
        &mut self,
        scope: &mut Scope,
        operator: Operator,
        place: Span,
        left: &ast::Expression,
        right: &ast::Expression,
        span: Span,
    ) -> Typed {
        if matches!(operator, Operator::Equal | Operator::NotEqual)
            && let Some(typed) = self.category_comparison(scope, operator, left, right, span)
        {
            return typed;
        }
        let left = self.resolve(scope, left);
        let right = self.resolve(scope, right);
        let (operator, of) = match operator {
            Operator::And | Operator::Or => {
                self.expect_condition(&left);
                self.expect_condition(&right);
                let operator =
                    if operator == Operator::And { BinaryOperator::And } else { BinaryOperator::Or };
                (operator, Type::Condition)
            }
            _ => {
                self.expect_number(&left);
                self.expect_number(&right);
                if matches!(left.of, Type::Condition | Type::Category(_))
                    || matches!(right.of, Type::Condition | Type::Category(_))
                {
                    return Typed::broken(span);
                }
                self.arithmetic(operator, place, &left, &right)
            }
        };
        let expression = Expression::Binary(operator, Box::new(left.expression), Box::new(right.expression));
        let expression = match constant(&expression) {
            Some(value) => match self.finite(value, span) {
                Some(value) => Expression::Number(value),
                None => return Typed::broken(span),
            },
            None => expression,
        };
        Typed::new(expression, of, span)
    }

    fn arithmetic(
        &mut self,
        operator: Operator,
        place: Span,
        left: &Typed,
        right: &Typed,
    ) -> (BinaryOperator, Type) {
        let compare = |this: &mut Self, operator| {
            this.same_type(left, right, place, "the two sides of the comparison");
            (operator, Type::Condition)
        };
        match operator {
            Operator::Add => (BinaryOperator::Add, self.same_type(left, right, place, "the terms")),
            Operator::Subtract => (BinaryOperator::Subtract, self.same_type(left, right, place, "the terms")),
            Operator::Multiply | Operator::Divide => {
                let (operator, power) = match operator {
                    Operator::Multiply => (BinaryOperator::Multiply, 1),
                    _ => (BinaryOperator::Divide, -1),
                };
                let of = left.dimension().zip(right.dimension()).map(|(a, b)| a.times(&b, power));
                (operator, number(of))
            }
            Operator::Power => {
                self.expect_dimension(right, &Dimension::none(), None);
                let Some(base) = left.dimension() else { return (BinaryOperator::Power, Type::Any) };
                let of = if base.is_none() {
                    base
                } else if let Some(power) = constant(&right.expression).and_then(Power::from_number) {
                    base.raised(power)
                } else {
                    let text = self.units.describe(&base);
                    let headline = if constant(&right.expression).is_some() {
                        format!("`{text}` can only be raised to a whole number or a simple fraction")
                    } else {
                        format!("`{text}` cannot be raised to a power that is not known beforehand")
                    };
                    let diagnostic =
                        Diagnostic::error(Code::UnitClash, headline, place, "the unit would make no sense")
                            .and(left.span, format!("this is in `{text}`"))
                            .help(
                                "divide by a reference value first, so that the unit cancels; fractions are \
                                 written `x ^ 0.5` or `x ^ (1/3)`",
                            );
                    let diagnostic = self.with_origin(diagnostic, left);
                    self.report(diagnostic);
                    return (BinaryOperator::Power, Type::Any);
                };
                (BinaryOperator::Power, Type::Number(of))
            }
            Operator::Less => compare(self, BinaryOperator::Less),
            Operator::LessOrEqual => compare(self, BinaryOperator::LessOrEqual),
            Operator::Greater => compare(self, BinaryOperator::Greater),
            Operator::GreaterOrEqual => compare(self, BinaryOperator::GreaterOrEqual),
            Operator::Equal => compare(self, BinaryOperator::Equal),
            Operator::NotEqual | Operator::And | Operator::Or => compare(self, BinaryOperator::NotEqual),
        }
    }

    /// `posture == campaign`: one side is a category, the other names one of its alternatives.
    fn category_comparison(
        &mut self,
        scope: &mut Scope,
        operator: Operator,
        left: &ast::Expression,
        right: &ast::Expression,
        span: Span,
    ) -> Option<Typed> {
        let (category, selector, other) =
            match (self.category_of(scope, left), self.category_of(scope, right)) {
                (Some(category), _) => (category, left, right),
                (None, Some(category)) => (category, right, left),
                (None, None) => return self.broken_comparison(scope, left, right, span),
            };
        let selector = self.resolve(scope, selector);
        let operator =
            if operator == Operator::Equal { BinaryOperator::Equal } else { BinaryOperator::NotEqual };
        let name = match &other.kind {
            ExpressionKind::Reference(reference)
                if reference.indices.is_none() && reference.path.parts.len() == 1 =>
            {
                let word = &reference.path.parts[0];
                if let Some(typed) = self.position_comparison(scope, operator, category, word, other, span) {
                    return Some(typed);
                }
                word.clone()
            }
            ExpressionKind::Number { .. } => {
                Name { text: self.sources.text(other.span).to_owned(), span: other.span }
            }
            _ => {
                let other = self.resolve(scope, other);
                self.same_type(&selector, &other, span, "the two sides of the comparison");
                return Some(Typed::broken(span));
            }
        };
        let position = self.alternative(category, &name);
        Some(Typed::new(
            Expression::Binary(
                operator,
                Box::new(selector.expression),
                Box::new(Expression::Number(position as f64)),
            ),
            Type::Condition,
            span,
        ))
    }

    /// `region == region2`: whether two indices over the same set have the same element.
    fn position_comparison(
        &mut self,
        scope: &mut Scope,
        operator: BinaryOperator,
        category: Category,
        word: &Name,
        other: &ast::Expression,
        span: Span,
    ) -> Option<Typed> {
        let Category::Subscript(first) = category else { return None };
        let second = self.subscript_named(&word.text)?;
        if self.element_named(first, &word.text).is_some()
            || self.model.set_of(first) != self.model.set_of(second)
        {
            return None;
        }
        if self.resolve(scope, other).is_broken() || !scope.bound.contains(&first) {
            return Some(Typed::broken(span));
        }
        let [left, right] = [first, second].map(|id| Box::new(self.set_position(id)));
        Some(Typed::new(Expression::Binary(operator, left, right), Type::Condition, span))
    }

    /// The position, in the set that declares it, of the element that a subscript has here.
    fn set_position(&self, id: SubscriptId) -> Expression {
        let here = Expression::Position(id);
        match &self.model.subscript(id).within {
            Some(within) if within.positions.len() < self.model.subscript(within.set).elements.len() => {
                Expression::Select {
                    selector: Box::new(here),
                    alternatives: within.positions.iter().map(|&k| Expression::Number(k as f64)).collect(),
                }
            }
            _ => here,
        }
    }

    /// A comparison of a name that is broken or not declared with a word that may be one of its alternatives:
    /// only the name is a mistake.
    fn broken_comparison(
        &mut self,
        scope: &mut Scope,
        left: &ast::Expression,
        right: &ast::Expression,
        span: Span,
    ) -> Option<Typed> {
        let is_word = |side: &ast::Expression| {
            matches!(&side.kind, ExpressionKind::Reference(reference)
                if reference.indices.is_none() && reference.path.parts.len() == 1
                    && self.find(scope.actor, &reference.path.text()).is_none())
        };
        let is_broken = |side: &ast::Expression| {
            matches!(&side.kind, ExpressionKind::Reference(reference)
                if matches!(self.find(scope.actor, &reference.path.text()), None | Some((Symbol::Broken, _))))
        };
        if is_broken(left) && is_word(right) {
            self.resolve(scope, left);
        } else if is_broken(right) && is_word(left) {
            self.resolve(scope, right);
        } else {
            return None;
        }
        Some(Typed::broken(span))
    }

    /// The position of an alternative, or a diagnostic and position 0.
    fn alternative(&mut self, category: Category, name: &Name) -> usize {
        let known = self.alternatives(category).to_vec();
        if let Some(position) = known.iter().position(|alternative| *alternative == name.text) {
            match category {
                Category::Variable(id) => self.used_alternative(id, name),
                Category::Subscript(id) => self.used_element(id, name),
            }
            return position;
        }
        match category {
            Category::Variable(id) => {
                let of = self.model.variable(id).name.clone();
                self.unknown_alternative(name, &known, &of);
            }
            Category::Subscript(id) => self.unknown_element(Code::UnknownAlternative, name, id),
        }
        0
    }

    fn category_of(&self, scope: &Scope, expression: &ast::Expression) -> Option<Category> {
        let ExpressionKind::Reference(reference) = &expression.kind else { return None };
        match self.find(scope.actor, &reference.path.text())?.0 {
            Symbol::Subscript(id) => Some(Category::Subscript(id)),
            Symbol::Variable(id) => match self.types[id.index()] {
                Some(Type::Category(category)) => Some(category),
                _ => None,
            },
            _ => None,
        }
    }

    fn match_arms(
        &mut self,
        scope: &mut Scope,
        selector: &ast::Expression,
        arms: &[(Name, ast::Expression)],
        span: Span,
    ) -> Typed {
        let Some(category) = self.category_of(scope, selector) else {
            let selector = self.resolve(scope, selector);
            for (_, arm) in arms {
                self.resolve(scope, arm);
            }
            if selector.of != Type::Any {
                self.report(
                    Diagnostic::error(
                        Code::TypeClash,
                        "`match` needs a category",
                        selector.span,
                        "not a category",
                    )
                    .help("a category is an assumption `one of`, a mechanism, a decision or a subscript; use `if` for numbers"),
                );
            }
            return Typed::broken(span);
        };
        let selector = self.resolve(scope, selector);
        let known = self.alternatives(category).to_vec();
        let mut chosen: Vec<Option<usize>> = vec![None; known.len()];
        let mut otherwise = None;
        for (i, (name, _)) in arms.iter().enumerate() {
            if name.text == "else" {
                otherwise = Some(i);
                continue;
            }
            let before = self.n_reported;
            let position = self.alternative(category, name);
            if self.n_reported > before {
                otherwise = otherwise.or(Some(i));
            } else if chosen[position].replace(i).is_some() {
                self.report(two_values(name));
            }
        }
        let before = self.n_reported;
        let values: Vec<Typed> = arms.iter().map(|(_, arm)| self.resolve(scope, arm)).collect();
        let missing: Vec<String> = known
            .iter()
            .zip(&chosen)
            .filter(|(_, arm)| arm.is_none() && otherwise.is_none())
            .map(|(name, _)| name.clone())
            .collect();
        if !missing.is_empty() {
            let lines: Vec<String> = missing.iter().map(|name| format!("{name}: 0")).collect();
            let mut diagnostic = Diagnostic::error(
                Code::UnknownAlternative,
                format!("`match` does not say what holds for {}", list(&missing)),
                span,
                "incomplete",
            )
            .help("add the missing lines, or `else: ...` as the last one");
            if let Some((place, text)) = self.lines_at_end_of_block(span, &lines) {
                diagnostic = diagnostic.fix(place, text);
            }
            self.report(diagnostic);
            return Typed::broken(span);
        }
        let n_others = chosen.iter().filter(|arm| arm.is_none()).count();
        if let Some(other) = otherwise
            && !self.may_be_copied(&values[other].expression, n_others, arms[other].1.span, before)
        {
            return Typed::broken(span);
        }
        let ordered = chosen.iter().filter_map(|arm| arm.or(otherwise)).map(|i| values[i].clone()).collect();
        self.select(selector.expression, ordered, span)
    }

    fn select(&mut self, selector: Expression, values: Vec<Typed>, span: Span) -> Typed {
        let of = self.common_type(&values);
        let alternatives = values.into_iter().map(|value| value.expression).collect();
        Typed::new(Expression::Select { selector: Box::new(selector), alternatives }, of, span)
    }

    /// The type that all alternatives have, or a diagnostic.
    fn common_type(&mut self, values: &[Typed]) -> Type {
        let mut of = Type::Any;
        if let Some((first, rest)) = values.split_first() {
            of = first.of.clone();
            for value in rest {
                let before = Typed { of: of.clone(), ..first.clone() };
                let found = self.same_type(&before, value, value.span, "the alternatives");
                if of == Type::Any {
                    of = found;
                }
            }
        }
        of
    }
}

/// A number of a dimension, or something broken.
fn number(of: Option<Dimension>) -> Type {
    of.map_or(Type::Any, Type::Number)
}
