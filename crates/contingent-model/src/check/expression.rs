//! Expressions: types, units, categories and tables.

use contingent_syntax::ast::{self, ExpressionKind, Name, Operator};
use contingent_syntax::{Code, Diagnostic, Span};

use super::collect::list;
use super::walk::constant;
use super::{Category, Checker, Scope, Symbol, Type, Typed};
use crate::checked::SubscriptId;
use crate::expression::{BinaryOperator, Expression, UnaryOperator};
use crate::unit::{Dimension, TIME, Unit};

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
            let table = self.table(scope, entries, expression.span);
            let values: Vec<Expression> =
                entries.iter().map(|(_, entry)| self.number_in(scope, entry, unit, place)).collect();
            let Some((subscript, order)) = table else { return Expression::Number(0.0) };
            return Expression::Select {
                selector: Box::new(Expression::Position(subscript)),
                alternatives: order.into_iter().map(|entry| values[entry].clone()).collect(),
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
                let Some((dimension, scale)) = self.unit_factor(&factor.name) else {
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
                let table = self.table(scope, entries, span);
                let read: Vec<Typed> = entries.iter().map(|(_, entry)| self.resolve(scope, entry)).collect();
                let Some((subscript, order)) = table else { return Typed::broken(span) };
                let values = order.into_iter().map(|entry| read[entry].clone()).collect();
                self.select(Expression::Position(subscript), values, span)
            }
            ExpressionKind::Call { function, arguments, over } => {
                self.call(scope, function, arguments, over, span)
            }
        }
    }

    fn literal(&mut self, value: f64, percent: bool, unit: Option<&ast::UnitFactor>, span: Span) -> Typed {
        let Some(factor) = unit else {
            let of = if value == 0.0 && !percent { Type::Any } else { Type::Number(Dimension::none()) };
            return Typed { expression: Expression::Number(value), of, span, bare: !percent };
        };
        let Some((dimension, scale)) = self.unit_factor(&factor.name) else { return Typed::broken(span) };
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
        let time = f64::from(days) / self.model.clock.days_per_unit;
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
                self.report(
                    Diagnostic::error(
                        Code::UnitClash,
                        format!("{what} have different units: `{a_text}` and `{b_text}`"),
                        place,
                        "do not fit together",
                    )
                    .and(left.span, format!("this is in `{a_text}`"))
                    .and(right.span, format!("this is in `{b_text}`"))
                    .help(if second.is_none() {
                        format!("write the unit after the number: `... {a_text}`")
                    } else if first.is_none() {
                        format!("write the unit after the number: `... {b_text}`")
                    } else {
                        format!(
                            "convert one of them with something in `{}`",
                            self.units.describe(&first.times(second, -1))
                        )
                    }),
                );
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
                } else if let Some(power) =
                    constant(&right.expression).filter(|p| p.fract() == 0.0 && p.abs() < 10.0)
                {
                    base.power(power as i32)
                } else {
                    let text = self.units.describe(&base);
                    self.report(
                        Diagnostic::error(
                            Code::UnitClash,
                            format!("`{text}` cannot be raised to a power that is not a whole number"),
                            place,
                            "the unit would make no sense",
                        )
                        .and(left.span, format!("this is in `{text}`"))
                        .help("divide by a reference value first, so that the unit cancels"),
                    );
                    Dimension::none()
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
                reference.path.parts[0].clone()
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
            return position;
        }
        let of = match category {
            Category::Variable(id) => self.model.variable(id).name.clone(),
            Category::Subscript(id) => self.model.subscripts[id.index()].name.clone(),
        };
        self.unknown_alternative(name, &known, &of);
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
        let values: Vec<Typed> = arms.iter().map(|(_, arm)| self.resolve(scope, arm)).collect();
        let missing: Vec<String> = known
            .iter()
            .zip(&chosen)
            .filter(|(_, arm)| arm.is_none() && otherwise.is_none())
            .map(|(name, _)| name.clone())
            .collect();
        if !missing.is_empty() {
            self.report(
                Diagnostic::error(
                    Code::UnknownAlternative,
                    format!("`match` does not say what holds for {}", list(&missing)),
                    span,
                    "incomplete",
                )
                .help("add the missing lines, or `else: ...` as the last one"),
            );
            return Typed::broken(span);
        }
        let ordered = chosen.iter().filter_map(|arm| arm.or(otherwise)).map(|i| values[i].clone()).collect();
        self.select(selector.expression, ordered, span)
    }

    fn select(&mut self, selector: Expression, values: Vec<Typed>, span: Span) -> Typed {
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
        let alternatives = values.into_iter().map(|value| value.expression).collect();
        Typed::new(Expression::Select { selector: Box::new(selector), alternatives }, of, span)
    }

    /// The subscript that a table runs over, and for each element the position of its entry.
    pub(super) fn table<V>(
        &mut self,
        scope: &Scope,
        entries: &[(Name, V)],
        span: Span,
    ) -> Option<(SubscriptId, Vec<usize>)> {
        let Some((first, _)) = entries.first() else {
            self.report(
                Diagnostic::error(Code::SubscriptMismatch, "the table has no values", span, "empty")
                    .help("write a value per element: `{ kabul: 1, east: 2 }`"),
            );
            return None;
        };
        let holds = |id: &SubscriptId| self.model.subscripts[id.index()].elements.contains(&first.text);
        let Some(&subscript) = scope.bound.iter().find(|id| holds(id)) else {
            if scope.lenient {
                return None;
            }
            let names: Vec<String> =
                scope.bound.iter().map(|id| self.model.subscripts[id.index()].name.clone()).collect();
            let headline = if names.is_empty() {
                "a value per element stands in a declaration without subscripts".to_owned()
            } else {
                format!("`{}` is not an element of {}", first.text, list(&names))
            };
            self.report(
                Diagnostic::error(Code::SubscriptMismatch, headline, first.span, "not an element here").help(
                    "the declaration must have the subscript: `aux name[region] = { kabul: 1, east: 2 }`",
                ),
            );
            return None;
        };
        let elements = self.model.subscripts[subscript.index()].elements.clone();
        let mut order = vec![None; elements.len()];
        for (i, (name, _)) in entries.iter().enumerate() {
            if let Some(position) = elements.iter().position(|element| *element == name.text) {
                if order[position].replace(i).is_some() {
                    self.report(two_values(name));
                }
            } else {
                let of = self.model.subscripts[subscript.index()].name.clone();
                self.unknown_alternative(name, &elements, &of);
                return None;
            }
        }
        let missing: Vec<String> =
            elements.iter().zip(&order).filter(|(_, o)| o.is_none()).map(|(e, _)| e.clone()).collect();
        if !missing.is_empty() {
            self.report(
                Diagnostic::error(
                    Code::SubscriptMismatch,
                    format!("the table has no value for {}", list(&missing)),
                    span,
                    "incomplete",
                )
                .help("give every element a value"),
            );
            return None;
        }
        Some((subscript, order.into_iter().flatten().collect()))
    }
}

/// A number of a dimension, or something broken.
fn number(of: Option<Dimension>) -> Type {
    of.map_or(Type::Any, Type::Number)
}

fn two_values(name: &Name) -> Diagnostic {
    let headline = format!("`{}` has two values", name.text);
    Diagnostic::error(Code::DuplicateName, headline, name.span, "again here").help("keep one of the two")
}
