//! Functions run over the points of a design, as themselves or as coin flips.

#![allow(dead_code, reason = "each test file uses a part")]

use contingent_analysis::{MorrisLayout, OutcomeColumn, SaltelliLayout, Step, Steps};
use contingent_engine::random::{mix, stratified_uniform, stream_hash};

use super::functions::Known;

/// How the outcome of a row comes about.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Chance {
    /// The function itself, without chance.
    None,
    /// Coin flips; the rows of a side of a point meet the same chance.
    Common,
    /// Coin flips, each row with its own chance.
    Own,
}

/// Coin flips or values of a row, `m` of them.
fn outcomes(
    function: &Known,
    x: &[f64],
    chance: Chance,
    key: u64,
    row: usize,
    m: usize,
) -> impl Iterator<Item = f64> {
    let value = if chance == Chance::None { (function.value)(x) } else { function.probability(x) };
    let key = if chance == Chance::Own { mix(key ^ mix(row as u64 + 1)) } else { key };
    (0..m).map(move |replication| {
        if chance == Chance::None {
            return value;
        }
        let u = (mix(key ^ (replication as u64) << 40) >> 11) as f64 / 9_007_199_254_740_992.0;
        f64::from(u8::from(u < value))
    })
}

fn axis(input: usize) -> u64 {
    stream_hash(&format!("x{input}"), "", 0)
}

/// The layout that suits an outcome with or without chance.
pub(crate) fn layout(function: &Known, chance: Chance) -> SaltelliLayout {
    if chance == Chance::None {
        SaltelliLayout::without_chance(function.n)
    } else {
        SaltelliLayout::new(function.n)
    }
}

/// A Saltelli design of `n` points over the inputs of a function: the outcomes, draw-major.
pub(crate) fn saltelli_outcomes(function: &Known, n: usize, m: usize, chance: Chance, seed: u64) -> Vec<f64> {
    let layout = layout(function, chance);
    let mut values = Vec::new();
    for point in 0..n {
        let at = |input: usize, draw: usize| stratified_uniform(seed, axis(input), draw as u32);
        for row in 0..layout.n_rows() {
            let x: Vec<f64> = (0..function.n)
                .map(|input| at(input, if layout.is_second(row, input) { n + point } else { point }))
                .collect();
            let met = layout.chance(row) * n + point;
            let key = mix(mix(seed ^ 0x6368_616e) ^ met as u64);
            values.extend(outcomes(function, &x, chance, key, row, m));
        }
    }
    values
}

/// A design of elementary effects over the inputs of a function: its layout, the outcomes and the steps.
pub(crate) fn morris_outcomes(
    function: &Known,
    steps: Steps,
    n: usize,
    m: usize,
    chance: Chance,
    seed: u64,
) -> (MorrisLayout, Vec<f64>, Vec<Step>) {
    let layout = MorrisLayout::new(steps, seed, (0..function.n).map(axis).collect());
    let (mut values, mut directions) = (Vec::new(), Vec::new());
    for point in 0..n {
        let start: Vec<f64> =
            (0..function.n).map(|input| stratified_uniform(seed, axis(input), point as u32)).collect();
        let moved = |u: f64| if u < 0.5 { u + 0.5 } else { u - 0.5 };
        directions.extend(start.iter().map(|&u| if u < 0.5 { Step::Up } else { Step::Down }));
        let rows = layout.rows_of_steps(point);
        for row in 0..layout.n_rows() {
            let x: Vec<f64> = (0..function.n)
                .map(|j| if layout.is_moved(row, rows[j]) { moved(start[j]) } else { start[j] })
                .collect();
            let key = mix(mix(seed ^ 0x6368_616e) ^ point as u64);
            values.extend(outcomes(function, &x, chance, key, row, m));
        }
    }
    (layout, values, directions)
}

/// A column over such outcomes.
pub(crate) fn column(values: &[f64], m: usize) -> OutcomeColumn<'_> {
    OutcomeColumn::new(values, m)
}
