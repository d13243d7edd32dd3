//! Declarations that bring numbers from outside: inputs and observations from tables, and units with a rate of
//! conversion.

use super::Parser;
use crate::ast::{
    AfterData, DeclarationKind, Expression, ExpressionKind, InputColumns, Interpolation, Name, Text,
};
use crate::{Code, Diagnostic, SyntaxKind};

/// The whole form of an observation, for help.
const OBSERVE: &str = "write `observe name from \"data.csv\" column header by month ~ poisson(mean = x)`, with what the model says for x";

/// The whole form of an input, for help.
const INPUT: &str = "write `input name: unit from \"data.csv\" column header by date held`";

impl Parser<'_> {
    /// Reads `= 12 fighters because ...` after the name of a unit.
    pub(super) fn derived_unit(&mut self, name: Name) -> Option<DeclarationKind> {
        self.broken_name = Some(name.clone());
        self.bump();
        let start = self.here();
        if !self.at(SyntaxKind::Number) {
            return self.expected_with(
                "a number",
                &format!("write how many of another unit it is: `unit {} = 12 things`", name.text),
            );
        }
        self.start(SyntaxKind::Expression);
        let value = self.written_number();
        self.finish();
        let number = Expression {
            kind: ExpressionKind::Number { value: value?, percent: false, unit: None },
            span: self.since(start),
        };
        if !self.at(SyntaxKind::Word) && !self.at(SyntaxKind::Slash) && !self.at(SyntaxKind::Number) {
            return self.expected_with(
                "a unit",
                &format!("write how many of another unit it is: `unit {} = 12 things`", name.text),
            );
        }
        let unit = self.unit_of_number()?;
        let grounds = self.grounds()?;
        Some(DeclarationKind::DerivedUnit { name, number, unit, grounds })
    }

    /// Reads an input after its keyword.
    pub(super) fn input(&mut self) -> Option<DeclarationKind> {
        let head = self.head(true)?;
        if !self.eat_continuation("from") {
            return self.expected_with("`from` and a file", INPUT);
        }
        let file = self.text("the name of a file, as a string")?;
        let columns = self.input_columns()?;
        if !self.eat_continuation("by") {
            return self.expected_with("`by` and the column of times", INPUT);
        }
        let time_column = self.column_name("the column of times")?;
        let time_unit = if self.eat_continuation("in") { Some(self.word("a unit of time")?) } else { None };
        let interpolation = if self.eat_continuation("held") {
            Interpolation::Held
        } else if self.eat_continuation("linear") {
            Interpolation::Linear
        } else {
            return self.expected_with(
                "`held` or `linear`",
                "say what holds between two rows: `held` (the value of the row before) or `linear` (a straight line)",
            );
        };
        let gaps = if self.eat_continuation("gaps") {
            self.expect_word("up", "write `gaps up to 8 weeks`")?;
            self.expect_word("to", "write `gaps up to 8 weeks`")?;
            Some(self.expression()?)
        } else {
            None
        };
        let after = if self.eat_continuation("then") { Some(self.after_data()?) } else { None };
        let grounds = self.grounds()?;
        self.misplaced_part()?;
        Some(DeclarationKind::Input {
            head,
            file,
            columns,
            time_column,
            time_unit,
            interpolation,
            gaps,
            after,
            grounds,
        })
    }

    /// Reads an observation after its keyword.
    pub(super) fn observe(&mut self) -> Option<DeclarationKind> {
        let head = self.head(true)?;
        if !self.eat_continuation("from") {
            return self.expected_with("`from` and a file", OBSERVE);
        }
        let file = self.text("the name of a file, as a string")?;
        if !self.eat_continuation("column") {
            return self.expected_with("`column` and the header of the observed values", OBSERVE);
        }
        let column = self.column_name("the header of a column")?;
        if !self.eat_continuation("by") {
            return self.expected_with("`by` and the period of a row", OBSERVE);
        }
        let period = self.word("a period: `day`, `week`, `month`, `quarter`, `year` or `step`")?;
        let time_column = if self.eat_continuation("dated") {
            Some(self.column_name("the column of times")?)
        } else {
            None
        };
        let time_unit = if self.eat_continuation("in") { Some(self.word("a unit of time")?) } else { None };
        if self.kind() != SyntaxKind::Tilde {
            return self.expected_with("`~` and a distribution", OBSERVE);
        }
        self.bump();
        self.fresh = self.position;
        let distribution = Box::new(self.expression()?);
        let grounds = self.grounds()?;
        Some(DeclarationKind::Observe {
            head,
            file,
            column,
            period,
            time_column,
            time_unit,
            distribution,
            grounds,
        })
    }

    fn input_columns(&mut self) -> Option<InputColumns> {
        if !self.eat_continuation("column") {
            return Some(InputColumns::Elements);
        }
        if self.kind() != SyntaxKind::OpenBrace {
            return self.column_name("the header of a column").map(InputColumns::One);
        }
        let entries =
            self.block("a header per element: `{ kabul: kbl, east: \"Nangarhar\" }`", |parser| {
                let element = parser.element_name()?;
                parser.expect(SyntaxKind::Colon, "`:`")?;
                Some((element, parser.column_name("the header of a column")?))
            })?;
        Some(InputColumns::PerElement(entries))
    }

    /// The header of a column: a word, or a string when it has spaces.
    fn column_name(&mut self, what: &str) -> Option<Text> {
        if self.at(SyntaxKind::Text) {
            return self.text(what);
        }
        if self.at(SyntaxKind::Word) {
            let Name { text, span } = self.word(what)?;
            return Some(Text { text, span });
        }
        self.expected_with(
            what,
            "write the header as it stands in the file; between double quotes when it has spaces",
        )
    }

    fn after_data(&mut self) -> Option<AfterData> {
        if self.at_word("held") {
            return Some(AfterData::Held(self.bump()));
        }
        self.expression().map(AfterData::Value)
    }

    /// Reports a part of an input that stands after what it should stand before.
    fn misplaced_part(&mut self) -> Option<()> {
        let word = if self.kind() == SyntaxKind::Word { self.token_text(0) } else { "" };
        if !matches!(word, "gaps" | "then" | "held" | "linear" | "column" | "by" | "from") || self.line_ends()
        {
            return Some(());
        }
        let here = self.here();
        self.report(
            Diagnostic::error(
                Code::SyntaxError,
                format!("`{word}` stands too late in this input, or a second time"),
                here,
                "out of order",
            )
            .help("the parts stand in this order: `from`, `column`, `by`, `held` or `linear`, `gaps up to`, `then`, `because`"),
        );
        None
    }
}
