//! The functions of expressions and the distributions of assumptions.
//!
//! Enters: nothing. Leaves: [`FUNCTIONS`] and [`DISTRIBUTIONS`], the only lists of them: the checker knows no function
//! without a row here, and the reference and `contingent explain` are written from the rows. Always holds: the
//! example of a row stands after the prelude of `conformance/README.md`, uses what the row describes, and is checked
//! and run by a test.
//!
//! To add a function, add a row, then its meaning in `check/call.rs` and in the engine.

/// Where a function belongs in the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FunctionGroup {
    /// Of one number or several, without memory and without chance.
    Numbers,
    /// Over the elements of subscripts.
    Subscripts,
    /// Of the past, which they remember.
    Memory,
    /// Drawn each step.
    Chance,
}

impl FunctionGroup {
    /// Every group, in the order of the reference.
    pub const ALL: &'static [Self] = &[Self::Numbers, Self::Subscripts, Self::Memory, Self::Chance];

    /// The heading of the group.
    pub fn title(self) -> &'static str {
        match self {
            Self::Numbers => "Functions of numbers",
            Self::Subscripts => "Functions over subscripts",
            Self::Memory => "Functions that remember",
            Self::Chance => "Chance",
        }
    }

    /// What holds for all functions of the group.
    pub fn introduction(self) -> &'static str {
        match self {
            Self::Numbers => "The same values give the same result, at every time.",
            Self::Subscripts => {
                "They run over every subscript of what is inside, or only over those named after `over`. A condition \
                 counts as 1 where it holds."
            }
            Self::Memory => {
                "They look back from t, at most to the start. A window and a lag are known beforehand and are a whole \
                 number of steps long; the time of a delay or a smoothing may change on the way."
            }
            Self::Chance => {
                "Drawn anew at each step, in flows, auxiliaries, events and decisions. What is merely not known is an \
                 `assume`."
            }
        }
    }
}

/// One function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionRow {
    /// Its name.
    pub name: &'static str,
    /// Where it belongs.
    pub group: FunctionGroup,
    /// How it is written, with the names of its values.
    pub form: &'static str,
    /// What it gives, in a sentence.
    pub meaning: &'static str,
    /// What it takes and gives in units, in words.
    pub units: &'static str,
    /// Declarations that use it.
    pub example: &'static str,
    /// Where its definition comes from, if not from a schoolbook.
    pub source: Option<&'static str>,
}

use FunctionGroup::{Chance, Memory, Numbers, Subscripts};

/// Every function that can be used in expressions. A name with two forms has two rows.
pub const FUNCTIONS: &[FunctionRow] = &[
    FunctionRow {
        name: "exp",
        group: Numbers,
        form: "exp(x)",
        meaning: "The exponential of x.",
        units: "x has no unit, nor has the result.",
        example: "aux fading = exp(-time / (8 weeks))",
        source: None,
    },
    FunctionRow {
        name: "log",
        group: Numbers,
        form: "log(x)",
        meaning: "The natural logarithm of x; not a number when x is zero or less.",
        units: "x has no unit, nor has the result.",
        example: "stock fighters: fighter = 300\naux orders_of_magnitude = log(fighters / (1 fighter)) / log(10)",
        source: None,
    },
    FunctionRow {
        name: "sqrt",
        group: Numbers,
        form: "sqrt(x)",
        meaning: "The square root of x; not a number when x is below zero.",
        units: "The unit of the result is the square root of that of x, which must have one.",
        example: "stock ours: fighter = 300\nstock theirs: fighter = 100\naux between = sqrt(ours * theirs)",
        source: None,
    },
    FunctionRow {
        name: "abs",
        group: Numbers,
        form: "abs(x)",
        meaning: "x without its sign.",
        units: "The result has the unit of x.",
        example: "stock ours: fighter = 300\nstock theirs: fighter = 400\naux gap = abs(ours - theirs)",
        source: None,
    },
    FunctionRow {
        name: "floor",
        group: Numbers,
        form: "floor(x)",
        meaning: "The whole number at or below x, counted in base units.",
        units: "The result has the unit of x.",
        example: "stock fighters: fighter = 250\naux bands = floor(fighters / (30 fighters))",
        source: None,
    },
    FunctionRow {
        name: "ceil",
        group: Numbers,
        form: "ceil(x)",
        meaning: "The whole number at or above x, counted in base units.",
        units: "The result has the unit of x.",
        example: "stock fighters: fighter = 250\naux lorries = ceil(fighters / (30 fighters))",
        source: None,
    },
    FunctionRow {
        name: "round",
        group: Numbers,
        form: "round(x)",
        meaning: "The whole number nearest to x, counted in base units; halves go away from zero.",
        units: "The result has the unit of x.",
        example: "whole stock fighters: fighter = 250\nflow leaving: fighters -> = round(fighters * 1%) per week",
        source: None,
    },
    FunctionRow {
        name: "logistic",
        group: Numbers,
        form: "logistic(x)",
        meaning: "1 / (1 + exp(-x)): rises from 0 to 1 and is one half where x is 0.",
        units: "x has no unit, nor has the result.",
        example: "stock fighters: fighter = 250\n\
                  aux confidence = logistic((fighters - 200 fighters) / (50 fighters))",
        source: None,
    },
    FunctionRow {
        name: "sin",
        group: Numbers,
        form: "sin(x)",
        meaning: "The sine of x, an angle in radians.",
        units: "x has no unit, nor has the result.",
        example: "aux season = sin(2 * 3.14159265 * time / (52 weeks))",
        source: None,
    },
    FunctionRow {
        name: "cos",
        group: Numbers,
        form: "cos(x)",
        meaning: "The cosine of x, an angle in radians.",
        units: "x has no unit, nor has the result.",
        example: "aux season = cos(2 * 3.14159265 * time / (52 weeks))",
        source: None,
    },
    FunctionRow {
        name: "tan",
        group: Numbers,
        form: "tan(x)",
        meaning: "The tangent of x, an angle in radians.",
        units: "x has no unit, nor has the result.",
        example: "aux slope = tan(0.3)",
        source: None,
    },
    FunctionRow {
        name: "arcsin",
        group: Numbers,
        form: "arcsin(x)",
        meaning: "The angle between -pi/2 and pi/2 whose sine is x; not a number beyond 1.",
        units: "x has no unit, nor has the result.",
        example: "aux angle = arcsin(0.3)",
        source: None,
    },
    FunctionRow {
        name: "arccos",
        group: Numbers,
        form: "arccos(x)",
        meaning: "The angle between 0 and pi whose cosine is x; not a number beyond 1.",
        units: "x has no unit, nor has the result.",
        example: "aux angle = arccos(0.3)",
        source: None,
    },
    FunctionRow {
        name: "arctan",
        group: Numbers,
        form: "arctan(x)",
        meaning: "The angle between -pi/2 and pi/2 whose tangent is x.",
        units: "x has no unit, nor has the result.",
        example: "aux angle = arctan(time / (10 weeks))",
        source: None,
    },
    FunctionRow {
        name: "min",
        group: Numbers,
        form: "min(a, b, ...)",
        meaning: "The smallest of two values or more.",
        units: "All values have the same unit, which is that of the result.",
        example: "stock fighters: fighter = 250\naux housed = min(fighters, 200 fighters)",
        source: None,
    },
    FunctionRow {
        name: "max",
        group: Numbers,
        form: "max(a, b, ...)",
        meaning: "The largest of two values or more.",
        units: "All values have the same unit, which is that of the result.",
        example: "stock fighters: fighter = 250\naux homeless = max(fighters - 200 fighters, 0)",
        source: None,
    },
    FunctionRow {
        name: "clamp",
        group: Numbers,
        form: "clamp(x, low, high)",
        meaning: "x, but never below low and never above high.",
        units: "The three have the same unit, which is that of the result.",
        example: "stock attacks: attack = 4\naux fear = clamp(attacks / (10 attacks), 0, 1)",
        source: None,
    },
    FunctionRow {
        name: "noisy_or",
        group: Numbers,
        form: "noisy_or(p, q, ...)",
        meaning: "The chance that at least one of several causes has the effect, each on its own: 1 - (1 - p) (1 - q) ..., \
                  with each of them cut to 0..1.",
        units: "Probabilities, without unit, as is the result.",
        example: "assume by_bribe: probability = 5% to 20% because judgement \"a reading\"\n\
                  assume by_force: probability = 1% to 10% because judgement \"a reading\"\n\
                  aux gate_opens = noisy_or(by_bribe, by_force, 2%)",
        source: Some("Pearl 1988, Probabilistic Reasoning in Intelligent Systems, section 4.3.2"),
    },
    FunctionRow {
        name: "noisy_or",
        group: Subscripts,
        form: "noisy_or(p over subscript)",
        meaning: "The chance that at least one element's cause has the effect, each on its own.",
        units: "A probability, without unit, as is the result.",
        example: "assume breach[region]: probability = 1% to 10% because judgement \"a reading\"\n\
                  aux breached_somewhere = noisy_or(breach)",
        source: Some("Pearl 1988, Probabilistic Reasoning in Intelligent Systems, section 4.3.2"),
    },
    FunctionRow {
        name: "sum",
        group: Subscripts,
        form: "sum(x over subscript)",
        meaning: "The sum of x over all elements. `x[region != kabul or east]` leaves some out, `x[region2 != region]` the \
                  one where we are.",
        units: "The result has the unit of x.",
        example: "stock fighters[region]: fighter = { kabul: 100, east: 900, north: 300 }\n\
                  aux in_all = sum(fighters)\naux strongholds = sum(fighters > 200 fighters)\n\
                  aux outside_the_capital = sum(fighters[region != kabul])",
        source: None,
    },
    FunctionRow {
        name: "mean",
        group: Subscripts,
        form: "mean(x over subscript)",
        meaning: "The mean of x over all elements, each with the same weight.",
        units: "The result has the unit of x.",
        example: "stock fighters[region]: fighter = { kabul: 100, east: 900, north: 300 }\n\
                  aux usual = mean(fighters over region)",
        source: None,
    },
    FunctionRow {
        name: "product",
        group: Subscripts,
        form: "product(x over subscript)",
        meaning: "The product of x over all elements.",
        units: "x has no unit, nor has the result.",
        example: "assume quiet[region]: probability = 60% to 95% because judgement \"a reading\"\n\
                  aux all_quiet = product(quiet)",
        source: None,
    },
    FunctionRow {
        name: "min",
        group: Subscripts,
        form: "min(x over subscript)",
        meaning: "The smallest x of all elements.",
        units: "The result has the unit of x.",
        example: "stock fighters[region]: fighter = { kabul: 100, east: 900, north: 300 }\n\
                  aux weakest = min(fighters)",
        source: None,
    },
    FunctionRow {
        name: "max",
        group: Subscripts,
        form: "max(x over subscript)",
        meaning: "The largest x of all elements.",
        units: "The result has the unit of x.",
        example: "stock fighters[region]: fighter = { kabul: 100, east: 900, north: 300 }\n\
                  aux concentration = max(fighters) / sum(fighters)",
        source: None,
    },
    FunctionRow {
        name: "delay",
        group: Memory,
        form: "delay(x, time, order n)",
        meaning: "What went in as x comes out after this time on average, through n levels in a row; nothing is lost. It \
                  starts as if x had always been what it is at the start, unless `initially v` follows.",
        units: "The result has the unit of x. The order is a whole number up to 20.",
        example: "stock in_training: fighter = 0\nstock fighters: fighter = 0\n\
                  flow joining: -> in_training = 10 fighters per week\n\
                  flow trained: in_training -> fighters = delay(joining, 6 weeks, order 3, initially 0)",
        source: Some("Forrester 1961, Industrial Dynamics, chapter 9"),
    },
    FunctionRow {
        name: "smooth",
        group: Memory,
        form: "smooth(x, time)",
        meaning: "x as it is perceived: the gap to it closes at a rate of one per time. `order 2` smooths what was smoothed; \
                  `initially v` says where it starts.",
        units: "The result has the unit of x.",
        example: "stock attacks: attack = 3\nflow more: -> attacks = 1 attack per week\n\
                  aux perceived = smooth(attacks, 4 weeks)",
        source: Some("Forrester 1961, Industrial Dynamics, appendix E"),
    },
    FunctionRow {
        name: "lag",
        group: Memory,
        form: "lag(x, time)",
        meaning: "x exactly this long ago; before that, its value at the start, unless `initially v` follows. Also of a \
                  condition. A delay of fixed length is a lag.",
        units: "The result has the unit of x.",
        example: "stock attacks: attack = 3\nflow more: -> attacks = 1 attack per week\n\
                  aux rise = attacks - lag(attacks, 4 weeks)",
        source: None,
    },
    FunctionRow {
        name: "ever",
        group: Memory,
        form: "ever(C)",
        meaning: "Whether the condition held at some time up to t.",
        units: "The result is a condition.",
        example: "stock attacks: attack = 3\nflow more: -> attacks = 1 attack per week\n\
                  aux alarmed = ever(attacks > 10 attacks)",
        source: None,
    },
    FunctionRow {
        name: "sum",
        group: Memory,
        form: "sum(x over 4 weeks)",
        meaning: "Of something per time: what that makes in this time before t. Of anything else, such as `attack.count`: \
                  the values of the steps up to t, added.",
        units: "The result has the unit of x; of something per time, without the `/time`.",
        example: "event raid at 30% per week\naux raids_this_month = sum(raid.count over 4 weeks)\n\
                  stock fighters: fighter = 100\nflow joining: -> fighters = 3 fighters per week\n\
                  aux joined_this_month: fighter = sum(joining over 4 weeks)",
        source: None,
    },
    FunctionRow {
        name: "mean",
        group: Memory,
        form: "mean(x over 4 weeks)",
        meaning: "The mean of x over the steps of this time up to t; of a condition, the share of them in which it held.",
        units: "The result has the unit of x; that of a condition is a share.",
        example: "event raid at 30% per week\naux restless = mean(raid.count > 0 over 8 weeks)",
        source: None,
    },
    FunctionRow {
        name: "min",
        group: Memory,
        form: "min(x over 4 weeks)",
        meaning: "The smallest x of the steps of this time up to t.",
        units: "The result has the unit of x.",
        example: "stock attacks: attack = 3\naux calmest = min(attacks over 8 weeks)",
        source: None,
    },
    FunctionRow {
        name: "max",
        group: Memory,
        form: "max(x over 4 weeks)",
        meaning: "The largest x of the steps of this time up to t.",
        units: "The result has the unit of x.",
        example: "stock attacks: attack = 3\naux worst = max(attacks over 8 weeks)",
        source: None,
    },
    FunctionRow {
        name: "poisson",
        group: Chance,
        form: "poisson(mean)",
        meaning: "How many of many rare things happen in a step, when `mean` of them are expected.",
        units: "The result has the unit of the mean. When that is per time, the count in the step is divided by the step.",
        example: "stock fighters: fighter = 250\nflow joining: -> fighters = poisson(6 fighters per week)",
        source: None,
    },
    FunctionRow {
        name: "binomial",
        group: Chance,
        form: "binomial(n, p)",
        meaning: "How many of n things happen, each with probability p, on its own. When p is per time it is a hazard h: \
                  each of n goes within the step with probability 1 - exp(-h dt).",
        units: "p has no unit, and the result has that of n; or p is per time, and the result has the unit of n per time.",
        example: "whole stock fighters: fighter = 250\nflow leaving: fighters -> = binomial(fighters, 2% per week)",
        source: None,
    },
    FunctionRow {
        name: "normal",
        group: Chance,
        form: "normal(mean, sd)",
        meaning: "A draw from the normal distribution with this mean and standard deviation.",
        units: "Both have the same unit, which is that of the result.",
        example: "aux harvest = 1 + normal(0, 0.1)",
        source: None,
    },
    FunctionRow {
        name: "uniform",
        group: Chance,
        form: "uniform(low, high)",
        meaning: "A draw from everything between low and high, all equally likely.",
        units: "Both have the same unit, which is that of the result.",
        example: "aux mood = uniform(-1, 1)",
        source: None,
    },
    FunctionRow {
        name: "bernoulli",
        group: Chance,
        form: "bernoulli(p)",
        meaning: "1 with probability p, else 0.",
        units: "p has no unit, nor has the result.",
        example: "assume ambush = 1% to 5% per week because judgement \"a reading\"\n\
                  aux ambushed_this_week = bernoulli(1 - exp(-ambush * 1 week))",
        source: None,
    },
];

/// The rows of a function.
pub fn functions_named(name: &str) -> impl Iterator<Item = &'static FunctionRow> {
    FUNCTIONS.iter().filter(move |row| row.name == name)
}

/// The names of all functions, each once, in the order of the table.
pub fn function_names() -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::with_capacity(FUNCTIONS.len());
    for row in FUNCTIONS {
        if !names.contains(&row.name) {
            names.push(row.name);
        }
    }
    names
}

/// The functions of expressions, each once, with the first of its forms.
pub fn function_signatures() -> impl Iterator<Item = (&'static str, &'static str)> {
    function_names().into_iter().filter_map(|name| Some((name, functions_named(name).next()?.form)))
}

/// The distributions that an assumption can have, with their forms.
pub fn distribution_signatures() -> impl Iterator<Item = (&'static str, &'static str)> {
    DISTRIBUTIONS.iter().map(|row| (row.name, row.form))
}

/// How a function is written, in words: "write `exp(x)`".
pub(crate) fn usage(name: &str) -> String {
    let forms: Vec<String> = functions_named(name).map(|row| format!("`{}`", row.form)).collect();
    format!("write {}", forms.join(" or "))
}

/// One distribution of assumptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DistributionRow {
    /// Its name.
    pub name: &'static str,
    /// Its parameters in order, each with whether it is in the unit of the assumption. Empty when it takes pairs.
    pub parameters: &'static [(&'static str, bool)],
    /// How it is written.
    pub form: &'static str,
    /// What it says, in a sentence.
    pub meaning: &'static str,
    /// A declaration that uses it.
    pub example: &'static str,
    /// Where its definition comes from, if not from a schoolbook.
    pub source: Option<&'static str>,
}

/// Every named distribution of assumptions.
pub const DISTRIBUTIONS: &[DistributionRow] = &[
    DistributionRow {
        name: "normal",
        parameters: &[("mean", true), ("sd", true)],
        form: "normal(mean, sd)",
        meaning: "The bell curve with this mean and standard deviation.",
        example: "assume trend = normal(0, 0.5) because judgement \"as often up as down\"",
        source: None,
    },
    DistributionRow {
        name: "lognormal",
        parameters: &[("median", true), ("sdlog", false)],
        form: "lognormal(median, sdlog)",
        meaning: "A positive number whose logarithm is normal: `sdlog` is the standard deviation of the logarithm.",
        example: "assume strength: fighter = lognormal(1_800, 0.3) because judgement \"estimates differ by a third\"",
        source: None,
    },
    DistributionRow {
        name: "beta",
        parameters: &[("alpha", false), ("beta", false)],
        form: "beta(alpha, beta)",
        meaning: "A share; as much is known as after seeing `alpha` of one kind and `beta` of the other.",
        example: "assume support: share = beta(3, 9) because judgement \"three of twelve who were asked\"",
        source: None,
    },
    DistributionRow {
        name: "gamma",
        parameters: &[("shape", false), ("scale", true)],
        form: "gamma(shape, scale)",
        meaning: "A positive number with mean shape * scale.",
        example: "assume wait = gamma(2, 3 weeks) because judgement \"two steps of three weeks each\"",
        source: None,
    },
    DistributionRow {
        name: "uniform",
        parameters: &[("low", true), ("high", true)],
        form: "uniform(low, high)",
        meaning: "Everything between two hard limits, all equally likely.",
        example: "assume share_lost: share = uniform(0%, 30%) because judgement \"nothing more is known\"",
        source: None,
    },
    DistributionRow {
        name: "triangular",
        parameters: &[("low", true), ("mode", true), ("high", true)],
        form: "triangular(low, mode, high)",
        meaning: "Between two hard limits, with straight lines up to the most likely value and down again.",
        example: "assume delay = triangular(1 week, 3 weeks, 10 weeks) because judgement \"three weeks last time\"",
        source: None,
    },
    DistributionRow {
        name: "pert",
        parameters: &[("low", true), ("mode", true), ("high", true)],
        form: "pert(low, mode, high)",
        meaning: "As triangular, but smooth, and nearer to the most likely value.",
        example: "assume cost = pert(1, 2, 8) because judgement \"two is usual, eight has occurred\"",
        source: Some("Malcolm et al. (1959); Vose (2008)"),
    },
    DistributionRow {
        name: "student_t",
        parameters: &[("degrees", false), ("mean", true), ("scale", true)],
        form: "student_t(degrees, mean, scale)",
        meaning: "As normal, but far values are less unlikely, the more so the fewer degrees of freedom.",
        example: "assume surprise = student_t(3, 0, 1) because judgement \"surprises have been large\"",
        source: None,
    },
    DistributionRow {
        name: "discrete",
        parameters: &[],
        form: "discrete(value: probability, ...)",
        meaning: "One of the values, each with its probability; the probabilities add up to 100%.",
        example: "assume provinces_lost = discrete(0: 50%, 1: 30%, 2: 20%) because judgement \"counted on a map\"",
        source: None,
    },
    DistributionRow {
        name: "mixture",
        parameters: &[],
        form: "mixture(weight: value, ...)",
        meaning: "With each weight, one of several values; the weights add up to 100%.",
        example: "assume strength: fighter = mixture(60%: 1_500 to 2_200, 40%: 3_000 to 5_000)\n  \
                  because judgement \"two schools of counting\"",
        source: None,
    },
];

/// The row of a distribution.
pub fn distribution_named(name: &str) -> Option<&'static DistributionRow> {
    DISTRIBUTIONS.iter().find(|row| row.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_begin_with_the_name_and_show_the_parameters() {
        for row in FUNCTIONS {
            assert!(row.form.starts_with(&format!("{}(", row.name)), "{}", row.form);
            assert!(row.example.contains(&format!("{}(", row.name)), "{}", row.example);
            assert!(row.meaning.ends_with('.') && row.units.ends_with('.'), "{}", row.name);
        }
        for row in DISTRIBUTIONS {
            assert!(row.example.contains(&format!("{}(", row.name)), "{}", row.example);
            assert!(row.meaning.ends_with('.'), "{}", row.name);
            if !row.parameters.is_empty() {
                let names: Vec<&str> = row.parameters.iter().map(|&(name, _)| name).collect();
                assert_eq!(row.form, format!("{}({})", row.name, names.join(", ")));
            }
        }
    }

    #[test]
    fn no_row_stands_twice() {
        for (i, row) in FUNCTIONS.iter().enumerate() {
            assert!(FUNCTIONS[..i].iter().all(|other| other.form != row.form), "{}", row.form);
        }
        for (i, row) in DISTRIBUTIONS.iter().enumerate() {
            assert!(DISTRIBUTIONS[..i].iter().all(|other| other.name != row.name), "{}", row.name);
        }
    }
}
