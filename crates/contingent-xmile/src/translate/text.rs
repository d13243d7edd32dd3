//! Expressions as text that knows how tightly it holds together.
//!
//! Enters: parts of expressions. Leaves: text with brackets where they are needed and nowhere else. Always holds: a
//! condition becomes a number, and a number a condition, only by being written out.

/// How tightly the parts of a text hold together, as in the language.
pub(super) const IF: u8 = 0;
pub(super) const OR: u8 = 1;
pub(super) const AND: u8 = 2;
pub(super) const NOT: u8 = 3;
pub(super) const COMPARISON: u8 = 4;
pub(super) const SUM: u8 = 5;
pub(super) const PRODUCT: u8 = 6;
pub(super) const SIGN: u8 = 7;
pub(super) const POWER: u8 = 8;
pub(super) const ATOM: u8 = 9;

/// The text of an expression.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) level: u8,
    pub(crate) is_condition: bool,
}

impl Text {
    pub(super) fn new(text: String, level: u8) -> Self {
        Self { text, level, is_condition: false }
    }

    pub(crate) fn number(value: f64) -> Self {
        if value < 0.0 || (value == 0.0 && value.is_sign_negative()) {
            Self::new(format!("-{}", written(-value)), SIGN)
        } else {
            Self::new(written(value), ATOM)
        }
    }

    /// The text where something at least as tight as `level` is needed.
    pub(crate) fn at(&self, level: u8) -> String {
        if self.level >= level { self.text.clone() } else { format!("({})", self.text) }
    }

    /// The same as a number.
    pub(crate) fn into_number(self) -> Self {
        if self.is_condition { Self::new(format!("if {} then 1 else 0", self.at(OR)), IF) } else { self }
    }

    /// The same as a condition: what is not zero holds.
    pub(super) fn into_condition(self) -> Self {
        if self.is_condition {
            return self;
        }
        Self { text: format!("{} != 0", self.at(SUM)), level: COMPARISON, is_condition: true }
    }
}

/// A number as the language writes it.
pub(crate) fn written(value: f64) -> String {
    let plain = format!("{value}");
    if plain.len() <= 20 { plain } else { format!("{value:e}") }
}
