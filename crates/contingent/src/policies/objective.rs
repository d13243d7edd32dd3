//! What is aimed at: a question to make more or less likely, or a bound that is good enough.
//!
//! Enters: words of the user, such as `campaign:minimise` or `campaign <= 30%`. Leaves: an [`Objective`] or
//! [`Threshold`]. Always holds: the question exists, and a bound is in base units.

use contingent_model::{CheckedModel, Measure, Quantity};
use contingent_syntax::nearest;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// More is better.
    Maximise,
    /// Less is better.
    Minimise,
}

impl Sense {
    /// 1 or -1.
    pub fn sign(self) -> f64 {
        match self {
            Self::Maximise => 1.0,
            Self::Minimise => -1.0,
        }
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Maximise => "maximise",
            Self::Minimise => "minimise",
        }
    }
}

/// A question to make larger or smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objective {
    /// The question.
    pub question: usize,
    /// Which way is better.
    pub sense: Sense,
}

/// A bound that is good enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// The question.
    pub question: usize,
    /// Whether at most the bound is good; otherwise at least.
    pub at_most: bool,
    /// The bound, a probability or a number in base units.
    pub bound: f64,
}

impl Objective {
    /// Reads `QUESTION`, `QUESTION:maximise` or `QUESTION:minimise`; says in words what is wrong.
    pub fn read(model: &CheckedModel, text: &str) -> Result<Self, String> {
        let (name, sense) = match text.split_once(':') {
            None => (text, Sense::Maximise),
            Some((name, sense)) => match sense.trim() {
                "maximise" | "maximize" => (name, Sense::Maximise),
                "minimise" | "minimize" => (name, Sense::Minimise),
                other => {
                    return Err(format!(
                        "`--objective {text}` says `{other}`\nhelp: write `{}:minimise` or `{}:maximise`",
                        name.trim(),
                        name.trim()
                    ));
                }
            },
        };
        Ok(Self { question: comparable(model, "objective", name.trim())?, sense })
    }
}

impl Threshold {
    /// Reads `QUESTION <= BOUND` or `QUESTION >= BOUND`; says in words what is wrong.
    pub fn read(model: &CheckedModel, text: &str) -> Result<Self, String> {
        let parts = text.split_once("<=").map(|parts| (true, parts));
        let Some((at_most, (name, bound))) =
            parts.or_else(|| text.split_once(">=").map(|parts| (false, parts)))
        else {
            return Err(format!(
                "`--threshold {text}` has no `<=` or `>=`\nhelp: write for example `--threshold \"question <= 30%\"`"
            ));
        };
        let question = comparable(model, "threshold", name.trim())?;
        let asked = &model.questions[question];
        let is_probability = matches!(asked.measure, Measure::Probability(_));
        let bound = bound.trim();
        let (digits, factor) = match bound.strip_suffix('%') {
            Some(digits) => (digits.trim(), 0.01),
            None => (bound, 1.0),
        };
        let unit = asked.unit.text.as_str();
        let digits = digits.strip_suffix(unit).map_or(digits, str::trim);
        let number = digits.replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite());
        let Some(number) = number else {
            let what = if is_probability {
                "a probability such as 30%".to_owned()
            } else {
                format!("a number in `{unit}`")
            };
            return Err(format!("`{bound}` is not a bound for `{}`\nhelp: write {what}", asked.name));
        };
        let bound = number * factor * if is_probability { 1.0 } else { asked.unit.scale };
        if is_probability && !(0.0..=1.0).contains(&bound) {
            return Err(format!(
                "`{}` asks for a probability, and {number} is none\nhelp: write a percentage, such as 30%",
                asked.name
            ));
        }
        Ok(Self { question, at_most, bound })
    }
}

/// A question whose answers have a mean.
fn comparable(model: &CheckedModel, option: &str, name: &str) -> Result<usize, String> {
    let position = model.questions.iter().position(|question| question.name == name).ok_or_else(|| {
        let known = || model.questions.iter().map(|question| question.name.as_str());
        let hint = nearest(name, known()).map_or_else(
            || format!("the model asks {}", known().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        format!("the model has no question `{name}`\nhelp: {hint}")
    })?;
    if matches!(model.questions[position].measure, Measure::Distribution(Quantity::FirstTime { .. })) {
        return Err(format!(
            "`{name}` asks when something comes first, which may be never and has no mean\nhelp: give `--{option}` a \
             question for the probability that it comes in time"
        ));
    }
    Ok(position)
}
