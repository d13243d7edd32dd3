//! Decisions: options, a council, and how the choice is made.

use super::Parser;
use crate::ast::{Choice, Council, CouncilRule, DecisionOption, DeclarationKind, Merit, Name};
use crate::{Code, Diagnostic, SyntaxKind};

const COUNCIL: &str = "write `council of faction with position stance, capability power, salience care`";
const RULES: &str = "write `choose council by weighted mean`, `choose council by weighted median` or \
                     `choose council by challenge within 10 turns`";

/// What the lines of a decision say.
#[derive(Default)]
struct Lines {
    options: Vec<DecisionOption>,
    council: Option<Council>,
    choice: Option<Choice>,
}

impl Parser<'_> {
    pub(super) fn decision(&mut self) -> Option<DeclarationKind> {
        let head = self.head(false)?;
        let by = if self.eat_word("by") { Some(self.word("an actor")?) } else { None };
        if !self.eat_continuation("every") {
            return self
                .expected_with("`every`", "write `decision posture by taliban every 4 weeks { ... }`");
        }
        let every = self.expression()?;
        let initially = if self.eat_continuation("initially") { Some(self.word("an option")?) } else { None };
        let mut lines = Lines::default();
        self.block("options and a rule: `{ option a worth 1 ... choose best }`", |parser| {
            parser.start(SyntaxKind::Item);
            let read = parser.decision_item(&mut lines);
            parser.finish();
            read
        })?;
        let Lines { options, council, choice } = lines;
        let council = council.map(Box::new);
        Some(DeclarationKind::Decision { head, by, every, initially, options, council, choice })
    }

    fn decision_item(&mut self, lines: &mut Lines) -> Option<()> {
        let key = self.word("`option` or `choose`")?;
        match key.text.as_str() {
            "option" => {
                let name = self.declared_name("the name of an option")?;
                let label = if self.at(SyntaxKind::Text) { Some(self.text("a label")?) } else { None };
                let merit = if self.eat_continuation("worth") {
                    Merit::Worth(self.expression()?)
                } else if self.eat_continuation("at") {
                    Merit::Place(self.expression()?)
                } else {
                    return self.expected_with(
                        "`worth` or `at`",
                        "write `option campaign worth threat - cost`, or `option campaign at 100%` where a council decides",
                    );
                };
                lines.options.push(DecisionOption { name, label, merit });
            }
            "council" => {
                if lines.council.is_some() {
                    self.line_twice(&key);
                }
                lines.council = Some(self.council(&key)?);
            }
            "choose" => {
                if lines.choice.is_some() {
                    self.line_twice(&key);
                }
                lines.choice = Some(self.choice()?);
            }
            _ => {
                self.report(
                    Diagnostic::error(
                        Code::UnknownProperty,
                        format!("a decision has no line `{}`", key.text),
                        key.span,
                        "unknown",
                    )
                    .help("a decision has `option` lines, one `choose` line and at most one `council` line"),
                );
                return None;
            }
        }
        Some(())
    }

    /// Reads what follows `council`.
    fn council(&mut self, key: &Name) -> Option<Council> {
        self.expect_word("of", COUNCIL)?;
        let members = self.word("the subscript of the members")?;
        let dimensions =
            if self.eat_word("on") { Some(self.word("the subscript of the dimensions")?) } else { None };
        if !self.eat_continuation("with") {
            return self.expected_with("`with`", COUNCIL);
        }
        self.expect_word("position", COUNCIL)?;
        let position = self.expression()?;
        self.expect(SyntaxKind::Comma, "`,` and `capability`")?;
        if !self.eat_continuation("capability") {
            return self.expected_with("`capability`", COUNCIL);
        }
        let capability = self.expression()?;
        self.expect(SyntaxKind::Comma, "`,` and `salience`")?;
        if !self.eat_continuation("salience") {
            return self.expected_with("`salience`", COUNCIL);
        }
        let salience = self.expression()?;
        Some(Council { members, dimensions, position, capability, salience, span: self.since(key.span) })
    }

    /// Reads what follows `choose`.
    fn choice(&mut self) -> Option<Choice> {
        let rule = self.word("`logit(...)`, `best`, `fixed` or `council`")?;
        Some(match rule.text.as_str() {
            "logit" => Choice::Logit(self.sharpness()?),
            "best" => Choice::Best,
            "fixed" => Choice::Fixed(self.word("an option")?),
            "council" => {
                self.expect_word("by", RULES)?;
                let by = self.council_rule()?;
                let mut sharpness = None;
                if self.eat_continuation("with") {
                    self.expect_word("logit", "write `choose council by weighted mean with logit(6)`")?;
                    sharpness = Some(self.sharpness()?);
                }
                Choice::Council(by, rule.span, sharpness)
            }
            _ => {
                self.report(
                    Diagnostic::error(
                        Code::SyntaxError,
                        format!("`{}` is not a way to choose", rule.text),
                        rule.span,
                        "unknown rule",
                    )
                    .help(
                        "write `choose logit(rationality)`, `choose best`, `choose fixed option` or \
                         `choose council by weighted mean`",
                    ),
                );
                return None;
            }
        })
    }

    fn sharpness(&mut self) -> Option<crate::ast::Expression> {
        let opened = self.open(SyntaxKind::OpenParenthesis, "`(`")?;
        let rationality = self.expression()?;
        self.close(SyntaxKind::CloseParenthesis, "`)`", opened)?;
        Some(rationality)
    }

    fn council_rule(&mut self) -> Option<CouncilRule> {
        if self.eat_word("weighted") {
            if self.eat_word("mean") {
                return Some(CouncilRule::WeightedMean);
            }
            if self.eat_word("median") {
                return Some(CouncilRule::WeightedMedian);
            }
        } else if self.eat_word("challenge") {
            self.expect_word("within", RULES)?;
            let (turns, place) = self.count(RULES)?;
            if !self.eat_word("turn") {
                self.expect_word("turns", RULES)?;
            }
            return Some(CouncilRule::Challenge(turns, place));
        }
        self.expected_with("`weighted mean`, `weighted median` or `challenge`", RULES)
    }
}
