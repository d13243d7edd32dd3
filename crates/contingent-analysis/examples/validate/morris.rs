//! Elementary effects.

use contingent_analysis::{BootstrapOptions, ElementaryEffects, Steps, elementary_effects};

use crate::common::{over, shares_of};
use crate::designed::{Chance, column, morris_outcomes};
use crate::functions::{Known, interacting, many, morris, morris_effects};
use crate::page::{Effort, Promise, Row, Section, Table};

/// Effects that are known.
pub(crate) const KNOWN: Section = Section {
    title: "Elementary effects",
    about: "The function of Morris (1991) with 20 inputs, over steps of half the range, against its effects over 200,000\n\
            independent starts; then a hundred inputs of which ten each move a probability by 4 in 100, seen as coin\n\
            flips in two replications. When every row has a chance of its own, which the program never does, the mean\n\
            absolute effect is overestimated as long as it lies below its standard error; the mean effect is not.",
    measure: known,
};

/// How often the intervals cover.
pub(crate) const COVERAGE: Section = Section {
    title: "Coverage of the intervals of elementary effects",
    about: "u1 + 3 u1 u2 + u3/2 with u = x - 1/2 and an inert input, scaled to a probability by 0.8/3, over steps of half\n\
            the range. Moving the first by a half changes the function by (1 + 3 u2)/2: on average by 1/2, in size by 13/24,\n\
            with the standard deviation 0.433; moving the second by 3 u1/2: by 3/8 in size, with the same deviation; moving\n\
            the third changes it by 1/4 always. 200 starts, 500 with coin flips; 300 bootstrap replicates; `few` are 200\n\
            starts with coin flips, and with `own chance` every row has a chance of its own, which the program never does,\n\
            over a quarter of the usual number of designs. Starts are spread evenly and taken for independent, so intervals without chance are conservative. With\n\
            coin flips, rows of a start share their chance, and the mean absolute effect (mu*) takes its\n\
            shape from a normal distribution, its interval from a uniform one too.",
    measure: coverage,
};

/// Replications, starts, chance, what it is called.
const CASES: [(usize, usize, Chance, &str); 4] = [
    (1, 200, Chance::None, "as it is"),
    (2, 500, Chance::Common, "coin flips"),
    (2, 200, Chance::Common, "few, coin flips"),
    (2, 500, Chance::Own, "coin flips, own chance"),
];

fn coverage(effort: Effort) -> Vec<Table> {
    let function = interacting();
    let scale = 0.8 / 3.0;
    // E|1 + 3 u| / 2 with u uniform on -1/2..1/2 is 13/24; Var(1 + 3 u) / 4 = 9/48, and that of 3 u / 2 as well.
    let deviation = (9.0_f64 / 48.0).sqrt();
    let truths = [0.5, 13.0 / 24.0, deviation, 0.25, 0.375, deviation].map(|truth| truth * scale);
    let names = [
        "mu of the first",
        "mu* of the first",
        "sigma of the first",
        "mu of the third",
        "mu* of the second",
        "sigma of the second",
    ];
    let mut tables = Vec::new();
    for steps in [Steps::Trajectory, Steps::Radial] {
        for (m, n_starts, chance, name) in CASES {
            let is_usual = chance == Chance::None || (chance == Chance::Common && n_starts == 500);
            let n = if is_usual { effort.n_ensembles } else { effort.n_ensembles / 4 };
            let found = shares_of(n, |seed| {
                let (layout, values, directions) =
                    morris_outcomes(&function, steps, n_starts, m, chance, 700 + seed);
                let values: Vec<f64> = if chance == Chance::None {
                    values.iter().map(|value| value * scale).collect()
                } else {
                    values
                };
                let step = |point: usize, factor: usize| directions[point * function.n + factor];
                let options = BootstrapOptions { n_replicates: 300, seed };
                let found =
                    elementary_effects(&layout, &column(&values, m), &step, options).expect("points count");
                let of = |factor: usize| {
                    found.factors.iter().find(|effect| effect.factor == factor).expect("every factor is told")
                };
                let mu = |factor: usize| of(factor).mu.expect("it has an order").interval;
                [
                    mu(0).contains(truths[0]),
                    of(0).mu_star.interval.contains(truths[1]),
                    of(0).sigma.interval.contains(truths[2]),
                    chance == Chance::None || mu(2).contains(truths[3]),
                    of(1).mu_star.interval.contains(truths[4]),
                    of(1).sigma.interval.contains(truths[5]),
                    of(3).distinguishable,
                ]
            });
            let mut rows: Vec<Row> = names
                .into_iter()
                .zip(found)
                .filter(|(name, _)| chance != Chance::None || *name != "mu of the third")
                // The mean absolute effect is overestimated where every row has its own chance; see the section before.
                .filter(|(name, _)| chance != Chance::Own || !name.starts_with("mu*"))
                .map(|(name, found)| Row::rate(name, 0.95, found, n, Promise::AtLeast))
                .collect();
            rows.push(Row::rate("the inert input is told from zero", 0.05, found[6], n, Promise::AtMost));
            tables.push(Table { caption: format!("{steps:?}, {name}:"), rows });
        }
    }
    tables
}

fn effects(
    function: &Known,
    steps: Steps,
    n: usize,
    m: usize,
    chance: Chance,
    seed: u64,
) -> ElementaryEffects {
    let (layout, values, directions) = morris_outcomes(function, steps, n, m, chance, seed);
    let step = |point: usize, factor: usize| directions[point * function.n + factor];
    elementary_effects(&layout, &column(&values, m), &step, BootstrapOptions { n_replicates: 300, seed })
        .expect("points count")
}

fn known(_: Effort) -> Vec<Table> {
    let function = morris();
    let truths = morris_effects(200_000);
    let mut tables: Vec<Table> = [Steps::Trajectory, Steps::Radial]
        .into_iter()
        .map(|steps| {
            let found = effects(&function, steps, 1_000, 1, Chance::None, 5);
            let rows = [0, 3, 5, 7, 8, 14]
                .into_iter()
                .flat_map(|input| {
                    let effect = found.factors.iter().find(|effect| effect.factor == input).expect("told");
                    let truth = truths[input];
                    [
                        Row::within(
                            format!("input {}, mean absolute effect", input + 1),
                            truth.mu_star,
                            effect.mu_star.value,
                            truth.mu_star - 3.0,
                            truth.mu_star + 3.0,
                        ),
                        Row::within(
                            format!("input {}, standard deviation", input + 1),
                            truth.sigma,
                            effect.sigma.value,
                            truth.sigma - 3.0,
                            truth.sigma + 3.0,
                        ),
                    ]
                })
                .collect();
            Table { caption: format!("{steps:?}, 1,000 starts, the function as it is:"), rows }
        })
        .collect();
    let function = many(100);
    let n_designs = 20;
    for (chance, name) in [(Chance::Common, "common"), (Chance::Own, "own")] {
        let (mut size, mut mean, mut inert, mut seen, mut alarms) = (0.0, 0.0, 0.0, 0_u32, 0_u32);
        let designs =
            over(n_designs, |seed| effects(&function, Steps::Trajectory, 500, 2, chance, 40 + seed));
        for found in designs {
            let share = 1.0 / n_designs as f64;
            for effect in &found.factors {
                let mu = effect.mu.expect("a number has a direction").value;
                if effect.factor < 10 {
                    size += share * effect.mu_star.value / 10.0;
                    mean += share * mu / 10.0;
                    seen += u32::from(effect.distinguishable);
                } else {
                    inert += share * mu / 90.0;
                }
            }
            let is_alarm = found.factors.iter().any(|effect| effect.factor >= 10 && effect.distinguishable);
            alarms += u32::from(is_alarm);
        }
        let (seen, alarms) =
            (f64::from(seen) / (10 * n_designs) as f64, f64::from(alarms) / n_designs as f64);
        let mut rows = vec![
            Row::within("mean effect of the ten", 0.04, mean, 0.034, 0.046),
            Row::within("mean effect of the ninety inert ones", 0.0, inert, -0.001, 0.001),
            Row::share("designs with a false alarm among ninety", 0.05, alarms, 0.0, 0.2),
        ];
        if chance == Chance::Common {
            rows.insert(1, Row::within("mean absolute effect of the ten", 0.04, size, 0.03, 0.05));
            rows.push(Row::share("of the ten told from no effect", 1.0, seen, 0.95, 1.0));
        } else {
            rows.insert(1, Row::figure("mean absolute effect of the ten", format!("{size:.4}")));
            rows.push(Row::figure("of the ten told from no effect", format!("{:.0}%", 100.0 * seen)));
        }
        tables.push(Table {
            caption: format!(
                "Ten of a hundred, coin flips, {name} chance, 500 starts, means over {n_designs} designs:"
            ),
            rows,
        });
    }
    tables
}
