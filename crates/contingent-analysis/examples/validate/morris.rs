//! Elementary effects.

use contingent_analysis::{BootstrapOptions, ElementaryEffects, Steps, elementary_effects};

use crate::designed::{Chance, column, morris_outcomes};
use crate::functions::{Known, many, morris, morris_effects};
use crate::page::{Row, Section, Table};

/// Effects that are known.
pub(crate) const KNOWN: Section = Section {
    title: "Elementary effects",
    about: "The function of Morris (1991) with 20 inputs, over steps of half the range, against its effects over 200,000\n\
            independent starts; then a hundred inputs of which ten each move a probability by 4 in 100, seen as coin\n\
            flips in two replications. When every row has a chance of its own, which the program never does, the mean\n\
            absolute effect is overestimated as long as it lies below its standard error; the mean effect is not.",
    measure: known,
};

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

fn known() -> Vec<Table> {
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
        for seed in 0..n_designs {
            let found = effects(&function, Steps::Trajectory, 500, 2, chance, 40 + seed);
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
