//! Random functions of XMILE in the language.
//!
//! Enters: the name of a random function and its arguments. Leaves: draws with the same distribution. Always holds: what
//! would draw from another distribution is refused, or the report says so.

use super::text::{ATOM, IF, POWER, PRODUCT, SIGN, SUM};
use super::{Place, Text, Translated, Translator};
use crate::equation::Equation;

impl Translator<'_> {
    /// Draws. Seeds are not carried over: every draw has a stream of its own here.
    pub(super) fn random(
        &mut self,
        name: &str,
        values: &[Text],
        arguments: &[Equation],
        place: &Place,
    ) -> Option<Translated> {
        let n = values.len();
        let (least, most) = match name {
            "uniform" | "random" | "random_uniform" => (0, 4),
            "normal" | "random_normal" => (2, 6),
            "poisson" | "exprnd" | "random_poisson" | "random_exponential" => (1, 6),
            "lognormal" | "binomial" | "gamma" | "weibull" | "logistic" | "pareto" => (2, 4),
            "triangular" | "random_triangular" => (3, 6),
            "geometric" | "montecarlo" | "bernoulli" => (1, 2),
            "beta" | "negbinomial" | "combinations" | "permutations" | "factorial" => {
                return Some(Err(format!("the language has no counterpart of `{}`", name.to_uppercase())));
            }
            _ => return None,
        };
        if !(least..=most).contains(&n) {
            return Some(Err(format!("`{}` is given {n} values", name.to_uppercase())));
        }
        let at = |i: usize| values[i].clone();
        let one = |text: String, level| Some(Ok(Text::new(text, level)));
        let constants: Vec<Option<f64>> =
            arguments.iter().map(|argument| self.known(argument, place, 0)).collect();
        let known = |i: usize| constants.get(i).copied().flatten();
        let limits_matter = match name {
            "normal" if n > 3 => {
                // NORMAL(mean, sd, seed, min, max).
                known(3).is_none_or(|low| low > -1e9) || known(4).is_none_or(|high| high < 1e9)
            }
            "random_normal" if n >= 4 => true,
            _ => false,
        };
        let mut note = "its numbers are drawn from streams of their own, whatever the seed".to_owned();
        if limits_matter {
            note.push_str("; what falls outside its limits is put at them");
        }
        self.changes.push((place.owner, note));
        match name {
            "uniform" | "random" | "random_uniform" if n >= 2 => {
                one(format!("uniform({}, {})", at(0).text, at(1).text), ATOM)
            }
            "uniform" | "random" | "random_uniform" => one("uniform(0, 1)".to_owned(), ATOM),
            "normal" => {
                let draw = format!("normal({}, {})", at(0).text, at(1).text);
                if limits_matter && n >= 5 {
                    return one(format!("clamp({draw}, {}, {})", at(3).text, at(4).text), ATOM);
                }
                one(draw, ATOM)
            }
            // RANDOM NORMAL(min, max, mean, sd, seed), as Vensim has it.
            "random_normal" if n >= 4 => {
                let draw = format!("normal({}, {})", at(2).text, at(3).text);
                one(format!("clamp({draw}, {}, {})", at(0).text, at(1).text), ATOM)
            }
            "random_normal" => one(format!("normal({}, {})", at(0).text, at(1).text), ATOM),
            "poisson" => one(format!("poisson({})", at(0).text), ATOM),
            "binomial" => one(format!("binomial({}, {})", at(0).text, at(1).text), ATOM),
            "bernoulli" => one(format!("bernoulli({})", at(0).text), ATOM),
            "montecarlo" => {
                // So many percent a unit of time.
                let dt = self.step();
                one(format!("bernoulli({} / 100 * {dt})", at(0).at(PRODUCT)), ATOM)
            }
            "exprnd" => one(format!("-{} * log(uniform(0, 1))", at(0).at(POWER)), PRODUCT),
            "weibull" => {
                // WEIBULL(shape, scale).
                one(
                    format!("{} * (-log(uniform(0, 1))) ^ (1 / {})", at(1).at(PRODUCT), at(0).at(SIGN)),
                    PRODUCT,
                )
            }
            "pareto" => {
                one(format!("{} * uniform(0, 1) ^ (-1 / {})", at(1).at(PRODUCT), at(0).at(SIGN)), PRODUCT)
            }
            "logistic" => {
                let u = self.helper("chance", "uniform(0, 1)", false, "Drawn each step.", place).text;
                one(format!("{} + {} * log({u} / (1 - {u}))", at(0).at(SUM), at(1).at(PRODUCT)), SUM)
            }
            "lognormal" => {
                // By its own mean and standard deviation: the variance of the logarithm is log(1 + (sd / mean)^2).
                let (mean, sd) = (at(0), at(1));
                let variance = format!("log(1 + ({} / {}) ^ 2)", sd.at(PRODUCT), mean.at(SIGN));
                one(format!("exp(normal(log({}) - {variance} / 2, sqrt({variance})))", mean.text), ATOM)
            }
            "gamma" => {
                let (shape, scale) = (known(0), n);
                let Some(shape) = shape.filter(|shape| shape.fract() == 0.0 && (1.0..=20.0).contains(shape))
                else {
                    return Some(Err("`GAMMA` is carried over for whole shapes up to 20 only".to_owned()));
                };
                let scale = if scale >= 2 { at(1) } else { Text::number(1.0) };
                let logs: Vec<String> =
                    (0..shape as usize).map(|_| "log(uniform(0, 1))".to_owned()).collect();
                one(format!("-{} * ({})", scale.at(POWER), logs.join(" + ")), PRODUCT)
            }
            "geometric" => one(format!("ceil(log(uniform(0, 1)) / log(1 - {}))", at(0).at(PRODUCT)), ATOM),
            "triangular" => {
                let u = self.helper("chance", "uniform(0, 1)", false, "Drawn each step.", place).text;
                let (low, mode, high) = (at(0), at(1), at(2));
                let width = format!("({} - {})", high.at(SUM), low.at(PRODUCT));
                let left = format!("({} - {})", mode.at(SUM), low.at(PRODUCT));
                let right = format!("({} - {})", high.at(SUM), mode.at(PRODUCT));
                one(
                    format!(
                        "if {u} < {left} / {width} then {} + sqrt({u} * {width} * {left}) else {} - sqrt((1 - {u}) * \
                         {width} * {right})",
                        low.at(SUM),
                        high.at(SUM)
                    ),
                    IF,
                )
            }
            other => Some(Err(format!(
                "`{}` takes its values in an order that is not the same everywhere; it is not carried over",
                other.to_uppercase()
            ))),
        }
    }
}
