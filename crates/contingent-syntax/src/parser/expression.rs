//! Expressions, values of assumptions, references and units.

use super::{MAX_TERMS, Parser};
use crate::ast::{
    Argument, Expression, ExpressionKind, IndexItem, Name, Operator, Path, Reference, UnitFactor, UnitText,
    Value, ValueKind,
};
use crate::{Code, Diagnostic, Span, SyntaxKind};

/// Words that may follow a number without being its unit.
const NOT_UNITS: &[&str] = &[
    "to",
    "and",
    "or",
    "then",
    "else",
    "because",
    "per",
    "within",
    "when",
    "once",
    "of",
    "from",
    "step",
    "range",
    "for",
    "before",
    "given",
    "worth",
    "over",
    "initially",
    "at",
    "by",
    "until",
    "excites",
    "with",
];

/// Functions whose arguments may begin with a word, and the words.
const REMEMBERING: &[&str] = &["delay", "smooth", "lag"];
const ARGUMENT_WORDS: &[&str] = &["order", "initially"];
/// Largest power, and largest root, of a written unit.
const MAX_UNIT_POWER: i32 = 99;

/// Binding strengths, weakest first.
const OR: u8 = 1;
const AND: u8 = 2;
const COMPARISON: u8 = 4;
const ADDITIVE: u8 = 5;
const MULTIPLICATIVE: u8 = 6;
const POWER: u8 = 8;

impl Parser<'_> {
    /// Reads an expression.
    pub(super) fn expression(&mut self) -> Option<Expression> {
        self.start(SyntaxKind::Expression);
        if self.depth == 0 {
            self.terms = 0;
        }
        let expression = self.nested(|parser| parser.binary(OR));
        self.finish();
        expression
    }

    fn operator(&self) -> Option<(Operator, u8)> {
        if self.kind() == SyntaxKind::Word {
            return match self.token_text(0) {
                "or" => Some((Operator::Or, OR)),
                "and" => Some((Operator::And, AND)),
                _ => None,
            };
        }
        if self.line_ends() {
            return None;
        }
        Some(match self.kind() {
            SyntaxKind::Less => (Operator::Less, COMPARISON),
            SyntaxKind::LessEqual => (Operator::LessOrEqual, COMPARISON),
            SyntaxKind::Greater => (Operator::Greater, COMPARISON),
            SyntaxKind::GreaterEqual => (Operator::GreaterOrEqual, COMPARISON),
            SyntaxKind::EqualEqual => (Operator::Equal, COMPARISON),
            SyntaxKind::NotEqual => (Operator::NotEqual, COMPARISON),
            SyntaxKind::Plus => (Operator::Add, ADDITIVE),
            SyntaxKind::Minus => (Operator::Subtract, ADDITIVE),
            SyntaxKind::Star => (Operator::Multiply, MULTIPLICATIVE),
            SyntaxKind::Slash => (Operator::Divide, MULTIPLICATIVE),
            SyntaxKind::Caret => (Operator::Power, POWER),
            _ => return None,
        })
    }

    fn binary(&mut self, weakest: u8) -> Option<Expression> {
        let mut left = self.unary()?;
        let mut compared = false;
        while let Some((operator, strength)) = self.operator() {
            if strength < weakest {
                break;
            }
            self.one_more_term()?;
            let place = self.bump();
            let mut chained = false;
            if strength == COMPARISON {
                chained = compared;
                if compared {
                    self.report(
                        Diagnostic::error(
                            Code::SyntaxError,
                            "comparisons cannot be chained",
                            place,
                            "second comparison",
                        )
                        .help("write `a < b and b < c`"),
                    );
                }
                compared = true;
            }
            let right = if operator == Operator::Power {
                self.nested(|parser| parser.binary(strength))?
            } else {
                self.nested(|parser| parser.binary(strength + 1))?
            };
            let span = left.span.cover(right.span);
            if chained {
                continue;
            }
            left = Expression {
                kind: ExpressionKind::Binary(operator, place, Box::new(left), Box::new(right)),
                span,
            };
        }
        Some(left)
    }

    /// Counts an operator; too many in one expression would make its tree too deep.
    fn one_more_term(&mut self) -> Option<()> {
        self.terms += 1;
        if self.terms <= MAX_TERMS {
            return Some(());
        }
        let here = self.here();
        self.report(
            Diagnostic::error(
                Code::NestedTooDeep,
                "one expression has more than 1,000 terms",
                here,
                "too many from here on",
            )
            .help("name parts of it with `aux`, or use `sum` over a subscript"),
        );
        None
    }

    fn unary(&mut self) -> Option<Expression> {
        let start = self.here();
        if self.kind() == SyntaxKind::Minus {
            self.bump();
            let inner = self.nested(|parser| parser.binary(MULTIPLICATIVE + 1))?;
            return Some(Expression {
                kind: ExpressionKind::Negate(Box::new(inner)),
                span: self.since(start),
            });
        }
        if self.at_word("not") {
            self.bump();
            let inner = self.nested(|parser| parser.binary(COMPARISON))?;
            return Some(Expression { kind: ExpressionKind::Not(Box::new(inner)), span: self.since(start) });
        }
        let mut inner = self.primary()?;
        while self.eat_continuation("per") {
            self.one_more_term()?;
            let factor = self.unit_factor()?;
            inner =
                Expression { kind: ExpressionKind::Per(Box::new(inner), factor), span: self.since(start) };
        }
        Some(inner)
    }

    fn primary(&mut self) -> Option<Expression> {
        let start = self.here();
        if !self.at_declaration() {
            self.fresh = self.position;
        }
        let kind = match self.kind() {
            SyntaxKind::Number => self.number()?,
            SyntaxKind::Date => {
                let text = self.token_text(0).to_owned();
                self.bump();
                ExpressionKind::Date(self.date(&text, start)?)
            }
            SyntaxKind::OpenParenthesis => {
                let opened = self.open(SyntaxKind::OpenParenthesis, "`(`")?;
                let inner = self.expression()?;
                self.close(SyntaxKind::CloseParenthesis, "`)`", opened)?;
                return Some(Expression { kind: inner.kind, span: self.since(start) });
            }
            SyntaxKind::OpenBrace => {
                let entries = self.nested(|parser| {
                    parser.block("a value per element: `{ kabul: 1, east: 2 }`", |parser| {
                        let name = parser.element_name()?;
                        parser.expect(SyntaxKind::Colon, "`:`")?;
                        Some((name, parser.expression()?))
                    })
                })?;
                ExpressionKind::Table(entries)
            }
            SyntaxKind::Word if self.token_text(0) == "if" => return self.conditional(),
            SyntaxKind::Word if self.token_text(0) == "match" => return self.alternatives(),
            SyntaxKind::Word if self.at_call() => return self.call(),
            SyntaxKind::Word if !super::RESERVED_WORDS.contains(&self.token_text(0)) => {
                ExpressionKind::Reference(self.reference()?)
            }
            _ => return self.expected("a value"),
        };
        Some(Expression { kind, span: self.since(start) })
    }

    pub(super) fn date(&mut self, text: &str, span: Span) -> Option<jiff::civil::Date> {
        if let Ok(date) = text.parse() {
            return Some(date);
        }
        self.report(
            Diagnostic::error(
                Code::InvalidDate,
                format!("{text} is not a date of the calendar"),
                span,
                "no such day",
            )
            .help("dates are written year-month-day, for example 2021-08-30"),
        );
        None
    }

    fn number(&mut self) -> Option<ExpressionKind> {
        let value = self.written_number()?;
        let percent = self.eat(SyntaxKind::Percent);
        let unit = if self.at(SyntaxKind::Word)
            && !NOT_UNITS.contains(&self.token_text(0))
            && !super::RESERVED_WORDS.contains(&self.token_text(0))
        {
            Some(self.unit_factor()?)
        } else {
            None
        };
        Some(ExpressionKind::Number { value: if percent { value / 100.0 } else { value }, percent, unit })
    }

    /// Reads the digits of a number.
    pub(super) fn written_number(&mut self) -> Option<f64> {
        let text = self.token_text(0).replace('_', "");
        let span = self.bump();
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Some(value),
            _ => {
                self.report(
                    Diagnostic::error(
                        Code::InvalidNumber,
                        "the number is too large to represent",
                        span,
                        "larger than 1.8e308",
                    )
                    .help("choose a larger unit"),
                );
                None
            }
        }
    }

    fn conditional(&mut self) -> Option<Expression> {
        let start = self.bump();
        let condition = self.expression()?;
        if !self.eat_continuation("then") {
            return self.expected_with("`then`", "write `if condition then a else b`");
        }
        let yes = self.expression()?;
        if !self.eat_continuation("else") {
            return self.expected_with("`else`", "every `if` has an `else`: `if condition then a else b`");
        }
        let no = self.expression()?;
        Some(Expression {
            kind: ExpressionKind::If(Box::new(condition), Box::new(yes), Box::new(no)),
            span: self.since(start),
        })
    }

    fn alternatives(&mut self) -> Option<Expression> {
        let start = self.bump();
        let selector = self.expression()?;
        let arms = self.nested(|parser| {
            parser.block("alternatives: `match cohesion { united: 1, fractured: 0 }`", |parser| {
                let name = parser.element_name()?;
                parser.expect(SyntaxKind::Colon, "`:`")?;
                Some((name, parser.expression()?))
            })
        })?;
        Some(Expression { kind: ExpressionKind::Match(Box::new(selector), arms), span: self.since(start) })
    }

    /// The name of an element: a word, or a number in a numbered subscript.
    pub(super) fn element_name(&mut self) -> Option<Name> {
        if matches!(self.kind(), SyntaxKind::Number | SyntaxKind::Word) {
            let text = self.token_text(0).to_owned();
            let span = self.bump();
            return Some(Name { text, span });
        }
        self.expected("a name")
    }

    /// Whether a name, possibly with dots, is followed by `(`.
    fn at_call(&self) -> bool {
        let mut ahead = 1;
        while self.kind_ahead(ahead) == SyntaxKind::Dot && self.kind_ahead(ahead + 1) == SyntaxKind::Word {
            ahead += 2;
        }
        self.kind_ahead(ahead) == SyntaxKind::OpenParenthesis && !self.newline_at(ahead)
    }

    fn call(&mut self) -> Option<Expression> {
        self.start(SyntaxKind::Call);
        let start = self.here();
        let result = self.call_parts();
        self.finish();
        let kind = result?;
        Some(Expression { kind, span: self.since(start) })
    }

    fn call_parts(&mut self) -> Option<ExpressionKind> {
        let mut function = self.word("a function")?;
        while self.eat(SyntaxKind::Dot) {
            let part = self.word("a name after `.`")?;
            function = Name {
                text: format!("{}.{}", function.text, part.text),
                span: function.span.cover(part.span),
            };
        }
        let opened = self.open(SyntaxKind::OpenParenthesis, "`(`")?;
        let mut arguments = Vec::new();
        let mut over = Vec::new();
        let mut window = None;
        let takes_words = REMEMBERING.contains(&function.text.as_str());
        while self.kind() != SyntaxKind::CloseParenthesis {
            let argument = if takes_words && !arguments.is_empty() && self.at_argument_word() {
                self.nested(Self::argument_after_word)?
            } else {
                self.nested(Self::argument)?
            };
            arguments.push(argument);
            if self.eat_continuation("over") {
                if self.at_window() {
                    window = Some(Box::new(self.expression()?));
                } else {
                    over.push(self.word("a subscript or a time")?);
                    while self.eat(SyntaxKind::Comma) {
                        over.push(self.word("a subscript")?);
                    }
                }
            }
            if !self.eat(SyntaxKind::Comma) {
                break;
            }
        }
        self.close(SyntaxKind::CloseParenthesis, "`,` or `)`", opened)?;
        Some(ExpressionKind::Call { function, arguments, over, window })
    }

    /// Whether a time follows `over`, not a subscript; one that is computed is read, so that it can be refused.
    fn at_window(&self) -> bool {
        use SyntaxKind as K;
        match self.kind() {
            K::Number | K::OpenParenthesis | K::Minus => true,
            K::Word => matches!(self.kind_ahead(1), K::Plus | K::Minus | K::Star | K::Slash | K::Caret),
            _ => false,
        }
    }

    fn at_argument_word(&self) -> bool {
        self.kind() == SyntaxKind::Word && ARGUMENT_WORDS.contains(&self.token_text(0))
    }

    /// Reads `order 3` or `initially 0`.
    fn argument_after_word(&mut self) -> Option<Argument> {
        let word = self.word("a word")?;
        if matches!(
            self.kind(),
            SyntaxKind::Assign | SyntaxKind::Colon | SyntaxKind::Comma | SyntaxKind::CloseParenthesis
        ) {
            let example = if word.text == "order" { "order 3" } else { "initially 0" };
            return self
                .expected_with(&format!("a value after `{}`", word.text), &format!("write `{example}`"));
        }
        Some(Argument { name: None, word: Some(word), weight: None, value: self.value()? })
    }

    fn argument(&mut self) -> Option<Argument> {
        if self.kind() == SyntaxKind::Word && self.kind_ahead(1) == SyntaxKind::Assign {
            let name = self.word("a name")?;
            self.bump();
            return Some(Argument { name: Some(name), word: None, weight: None, value: self.value()? });
        }
        // A table here is a part of an expression: what is drawn has no values per element within a call.
        let value = if self.kind() == SyntaxKind::OpenBrace {
            let first = self.expression()?;
            Value { span: first.span, kind: ValueKind::Expression(first) }
        } else {
            self.value()?
        };
        if self.eat(SyntaxKind::Colon) {
            let ValueKind::Expression(weight) = value.kind else {
                return self.expected("a single number before `:`");
            };
            return Some(Argument { name: None, word: None, weight: Some(weight), value: self.value()? });
        }
        Some(Argument { name: None, word: None, weight: None, value })
    }

    /// Reads the value of an assumption.
    pub(super) fn value(&mut self) -> Option<Value> {
        self.start(SyntaxKind::Value);
        let value = self.nested(Self::value_parts);
        self.finish();
        value
    }

    fn at_weight(&self, ahead: usize) -> bool {
        self.kind_ahead(ahead) == SyntaxKind::Word
            && self.kind_ahead(ahead + 1) == SyntaxKind::Number
            && !self.newline_at(ahead + 1)
    }

    fn value_parts(&mut self) -> Option<Value> {
        let start = self.here();
        let kind = if self.kind() == SyntaxKind::OpenBrace {
            ValueKind::Table(self.block("a value per element: `{ kabul: 1 to 2, east: 3 }`", |parser| {
                let name = parser.element_name()?;
                parser.expect(SyntaxKind::Colon, "`:`")?;
                Some((name, parser.value()?))
            })?)
        } else if self.at_weight(0) {
            let mut weights = Vec::new();
            loop {
                let name = self.word("an alternative")?;
                weights.push((name, self.expression()?));
                if !(self.kind() == SyntaxKind::Comma && self.at_weight(1) && self.eat(SyntaxKind::Comma)) {
                    break;
                }
            }
            ValueKind::OneOf(weights)
        } else {
            let first = self.expression()?;
            if self.eat_continuation("to") {
                ValueKind::Range(first, self.expression()?)
            } else {
                ValueKind::Expression(first)
            }
        };
        let value = Value { kind, span: self.since(start) };
        if !self.eat_continuation("within") {
            return Some(value);
        }
        let low = self.expression()?;
        if !self.eat_continuation("to") {
            return self.expected_with("`to`", "write `within 0% to 80%`");
        }
        let high = self.expression()?;
        Some(Value { kind: ValueKind::Within(Box::new(value), low, high), span: self.since(start) })
    }

    /// Reads a reference such as `daesh_k.fighters[kabul]`.
    pub(super) fn reference(&mut self) -> Option<Reference> {
        self.start(SyntaxKind::Reference);
        let reference = self.reference_parts();
        self.finish();
        reference
    }

    fn reference_parts(&mut self) -> Option<Reference> {
        let start = self.here();
        let mut parts = vec![self.word("a name")?];
        while self.eat(SyntaxKind::Dot) {
            parts.push(self.word("a name after `.`")?);
        }
        let path = Path { parts, span: self.since(start) };
        let mut indices = None;
        let mut reading = None;
        if self.at(SyntaxKind::OpenBracket) {
            let opened = self.open(SyntaxKind::OpenBracket, "`[`")?;
            let mut items = Vec::new();
            loop {
                items.push(self.index_item()?);
                if !self.eat(SyntaxKind::Comma) {
                    break;
                }
            }
            self.close(SyntaxKind::CloseBracket, "`,` or `]`", opened)?;
            indices = Some(items);
            if self.eat(SyntaxKind::Dot) {
                reading = Some(self.word("`count`, `total` or `happened`")?);
            }
        }
        Some(Reference { path, indices, reading, span: self.since(start) })
    }

    /// Reads `kabul`, `region`, `*` or `region != kabul or east`.
    fn index_item(&mut self) -> Option<IndexItem> {
        if self.kind() == SyntaxKind::Star {
            return Some(IndexItem::All(self.bump()));
        }
        let name = self.element_name()?;
        if !self.eat(SyntaxKind::NotEqual) {
            return Some(IndexItem::Named(name));
        }
        let mut excluded = vec![self.element_name()?];
        while self.eat_word("or") {
            excluded.push(self.element_name()?);
        }
        if self.at_word("and") {
            return self.expected_with(
                "`or`, `,` or `]`",
                "write `x[region != kabul or east]` to leave out several",
            );
        }
        let span = name.span.cover(self.last());
        Some(IndexItem::Except { subscript: name, excluded, span })
    }

    fn unit_factor(&mut self) -> Option<UnitFactor> {
        let name = self.word("a unit")?;
        let (mut power, mut root) = (1, 1);
        if self.at(SyntaxKind::Caret) && self.kind_ahead(1) == SyntaxKind::Number {
            self.bump();
            power = self.unit_power()?;
        } else if self.at(SyntaxKind::Caret) && self.at_fraction(1) {
            self.bump();
            let opened = self.open(SyntaxKind::OpenParenthesis, "`(`")?;
            power = self.unit_power()?;
            self.bump();
            root = self.unit_power()?;
            self.close(SyntaxKind::CloseParenthesis, "`)`", opened)?;
        }
        Some(UnitFactor { name, power, root })
    }

    /// Whether a fraction in brackets such as `(1/2)` stands so many tokens ahead.
    fn at_fraction(&self, ahead: usize) -> bool {
        use SyntaxKind as K;
        [K::OpenParenthesis, K::Number, K::Slash, K::Number, K::CloseParenthesis]
            .into_iter()
            .enumerate()
            .all(|(i, kind)| self.kind_ahead(ahead + i) == kind)
    }

    fn unit_power(&mut self) -> Option<i32> {
        let text = self.token_text(0).to_owned();
        let span = self.bump();
        match text.parse::<i32>() {
            Ok(power) if (1..=MAX_UNIT_POWER).contains(&power) => Some(power),
            _ => {
                self.report(
                    Diagnostic::error(
                        Code::InvalidNumber,
                        format!("the power of a unit must be a whole number from 1 to {MAX_UNIT_POWER}"),
                        span,
                        "not such a number",
                    )
                    .help(
                        "write for example `fighter^2` or `fighter^(1/2)`; below a stroke for negative powers: `1/week^2`",
                    ),
                );
                None
            }
        }
    }

    /// Reads a unit after a number that is not part of it: `fighters`, or `/week` of `5/week`.
    pub(super) fn unit_of_number(&mut self) -> Option<UnitText> {
        if !self.at(SyntaxKind::Slash) {
            return self.unit();
        }
        self.start(SyntaxKind::Unit);
        let start = self.here();
        let unit = self.unit_factors(start, Vec::new());
        self.finish();
        unit
    }

    /// Reads a unit such as `fighter/week` or `1/week`.
    pub(super) fn unit(&mut self) -> Option<UnitText> {
        self.start(SyntaxKind::Unit);
        let unit = self.unit_parts();
        self.finish();
        unit
    }

    fn unit_parts(&mut self) -> Option<UnitText> {
        let start = self.here();
        let mut factors = Vec::new();
        if self.at(SyntaxKind::Number) && self.token_text(0) == "1" {
            self.bump();
        } else {
            factors.push(self.unit_factor()?);
        }
        self.unit_factors(start, factors)
    }

    /// Reads what is multiplied with a unit or stands below its stroke.
    fn unit_factors(&mut self, start: Span, mut factors: Vec<UnitFactor>) -> Option<UnitText> {
        loop {
            let sign = match self.kind() {
                SyntaxKind::Star if !self.line_ends() => 1,
                SyntaxKind::Slash if !self.line_ends() => -1,
                _ => break,
            };
            self.bump();
            let mut factor = self.unit_factor()?;
            factor.power *= sign;
            factors.push(factor);
        }
        Some(UnitText { factors, span: self.since(start) })
    }
}
