//! Questions and their temporal formulas.

use super::Parser;
use crate::ast::{Condition, DeclarationKind, Expression, Formula, Grounds, Measure, Text};
use crate::{Code, Diagnostic, Span, SyntaxKind};

#[derive(Default)]
struct QuestionParts {
    measure: Option<(Measure, Span)>,
    given: Option<Formula>,
    resolves: Option<Text>,
    base_rate: Option<(Expression, Expression, Option<Grounds>)>,
}

impl Parser<'_> {
    pub(super) fn question(&mut self) -> Option<DeclarationKind> {
        let name = self.remembered_name("the name of the question")?;
        let text = self.text("the question, as a string")?;
        let mut parts = QuestionParts::default();
        let errors = self.diagnostics.len();
        self.block(
            "`question name \"Text\" { P( within 26 weeks: condition ) resolves \"...\" }`",
            |parser| {
                parser.start(SyntaxKind::Item);
                let read = parser.question_item(&mut parts);
                parser.finish();
                read
            },
        )?;
        let Some((measure, measure_span)) = parts.measure else {
            if self.diagnostics.len() == errors {
                self.report(
                    Diagnostic::error(
                        Code::MissingProperty,
                        format!("the question `{}` does not say what is asked", name.text),
                        name.span,
                        "no `P( ... )` or `distribution( ... )`",
                    )
                    .help("add a line such as `P( within 26 weeks: condition )`"),
                );
            }
            return None;
        };
        Some(DeclarationKind::Question {
            name,
            text,
            measure: Box::new(measure),
            measure_span,
            given: parts.given.map(Box::new),
            resolves: parts.resolves,
            base_rate: parts.base_rate,
        })
    }

    fn question_item(&mut self, parts: &mut QuestionParts) -> Option<()> {
        let start = self.here();
        let key = self.word("`P( ... )`, `distribution( ... )`, `given`, `resolves` or `base_rate`")?;
        let twice = match key.text.as_str() {
            "P" | "distribution" => parts.measure.is_some(),
            "given" => parts.given.is_some(),
            "resolves" => parts.resolves.is_some(),
            "base_rate" => parts.base_rate.is_some(),
            _ => false,
        };
        if twice {
            self.line_twice(&key);
        }
        match key.text.as_str() {
            "P" => {
                let opened = self.open(SyntaxKind::OpenParenthesis, "`(`")?;
                let formula = self.formula()?;
                self.close(SyntaxKind::CloseParenthesis, "`)`", opened)?;
                parts.measure = Some((Measure::Probability(formula), self.since(start)));
            }
            "distribution" => {
                let opened = self.open(SyntaxKind::OpenParenthesis, "`(`")?;
                let measure = if self.at_word("first") && self.kind_ahead(1) == SyntaxKind::Word {
                    self.bump();
                    self.expect_word("time", "write `distribution( first time condition )`")?;
                    Measure::FirstTime(self.condition()?)
                } else {
                    let quantity = self.expression()?;
                    self.expect_word("at", "write `distribution( x at 104 weeks )`")?;
                    Measure::At(quantity, self.expression()?)
                };
                self.close(SyntaxKind::CloseParenthesis, "`)`", opened)?;
                parts.measure = Some((measure, self.since(start)));
            }
            "given" => parts.given = Some(self.formula()?),
            "resolves" => parts.resolves = Some(self.text("how the question resolves, as a string")?),
            "base_rate" => {
                let low = self.expression()?;
                self.expect_word("to", "write `base_rate 20% to 40% because claim`")?;
                let high = self.expression()?;
                let grounds = self.grounds()?;
                parts.base_rate = Some((low, high, grounds));
            }
            _ => {
                self.report(
                    Diagnostic::error(
                        Code::UnknownProperty,
                        format!("a question has no line `{}`", key.text),
                        key.span,
                        "unknown",
                    )
                    .help("a question has `P( ... )` or `distribution( ... )`, `given`, `resolves` and `base_rate`"),
                );
                return None;
            }
        }
        Some(())
    }

    fn formula(&mut self) -> Option<Formula> {
        self.start(SyntaxKind::Formula);
        let formula = self.formula_parts();
        self.finish();
        formula
    }

    fn formula_parts(&mut self) -> Option<Formula> {
        if self.eat_continuation("within") {
            let (duration, condition) = self.timed()?;
            return Some(Formula::Within(duration, condition));
        }
        if self.at_word("always") {
            self.bump();
            self.expect_word("during", "write `always during 26 weeks: condition`")?;
            let (duration, condition) = self.timed()?;
            return Some(Formula::Always(duration, condition));
        }
        if self.eat_continuation("at") {
            let (time, condition) = self.timed()?;
            return Some(Formula::At(time, condition));
        }
        let first = self.condition()?;
        if !self.eat_continuation("before") {
            return self.expected_with(
                "`before`",
                "a question needs a time: `within 26 weeks: condition`, `always during 26 weeks: condition`, \
                 `at 26 weeks: condition`, or `condition before condition`",
            );
        }
        Some(Formula::Before(first, self.condition()?))
    }

    fn timed(&mut self) -> Option<(Expression, Condition)> {
        let duration = self.expression()?;
        self.expect(SyntaxKind::Colon, "`:` and a condition")?;
        Some((duration, self.condition()?))
    }

    fn condition(&mut self) -> Option<Condition> {
        let expression = self.expression()?;
        let held = if self.eat_continuation("for") { Some(self.expression()?) } else { None };
        Some(Condition { expression, held })
    }
}
