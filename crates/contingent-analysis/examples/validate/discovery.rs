//! Scenario discovery: planted boxes, noise, inert assumptions, coverage of what is said of a box.

use contingent_analysis::discovery::{
    Discovery, DiscoveryOptions, DrawTable, Region, Restriction, Target, discover,
};
use contingent_analysis::{AssumptionColumn, OutcomeColumn};

use crate::common::{Stream, cube, happen, over, share_of};
use crate::page::{Effort, Promise, Row, Section, Table};

/// Planted boxes.
pub(crate) const PLANTED: Section = Section {
    title: "Scenario discovery",
    about: "Planted: 0.8 in the box x1 > 0.4, x2 < 0.6, 0.2 < x3 < 0.9, 0.15 elsewhere; three more assumptions do nothing;\n\
            2,000 draws, two replications. The true figures of the box that was found follow from volumes. Faint, 5,000\n\
            draws: 0.5 in the same box against 0.3, so that bounds and their number are uncertain, which is where choosing and measuring\n\
            on the same draws would show. Coverages and false alarms are over a fifth of the usual number of tables.",
    measure: planted,
};

/// The planted box and three inert assumptions.
fn chance(x: &[f64], inside: f64, outside: f64) -> f64 {
    if x[0] > 0.4 && x[1] < 0.6 && x[2] > 0.2 && x[2] < 0.9 { inside } else { outside }
}

fn search(seed: u64, n_draws: usize, p: impl Fn(&[f64]) -> f64) -> Discovery {
    let options = DiscoveryOptions { n_resamples: 0, most_leaves: 0, ..DiscoveryOptions::default() };
    let mut stream = Stream::new(seed);
    let columns = cube(&mut stream, 6, n_draws);
    let chances: Vec<f64> =
        (0..n_draws).map(|draw| p(&columns.iter().map(|column| column[draw]).collect::<Vec<_>>())).collect();
    let outcomes = happen(&mut stream, &chances, 2);
    let columns: Vec<AssumptionColumn<'_>> =
        columns.iter().map(|values| AssumptionColumn { values, is_category: false }).collect();
    let target = Target::new(&OutcomeColumn::new(&outcomes, 2), |value| value == 1.0).expect("runs count");
    discover(&DrawTable::new(&columns), &target, &DiscoveryOptions { seed: seed + 1, ..options })
}

fn bounds(region: &Region, assumption: usize) -> (f64, f64) {
    match region.restriction(assumption) {
        Some(Restriction::Range { low, high }) => (low.unwrap_or(0.0), high.unwrap_or(1.0)),
        _ => (0.0, 1.0),
    }
}

/// What a search for the first box came to.
#[expect(clippy::struct_excessive_bools, reason = "each is a line of the table")]
struct Found {
    /// Whether exactly the planted assumptions are restricted.
    exact: bool,
    inert: bool,
    worst: f64,
    density_covered: bool,
    coverage_covered: bool,
    density_off: f64,
}

fn first_box(seed: u64, inside: f64, outside: f64) -> Option<Found> {
    let n_draws = if inside > 0.6 { 2_000 } else { 5_000 };
    let found = search(seed, n_draws, |x| chance(x, inside, outside));
    let first = found.boxes.first()?;
    let sides: Vec<(f64, f64)> = (0..6).map(|j| bounds(&first.region, j)).collect();
    let planted = [(0.4, 1.0), (0.0, 0.6), (0.2, 0.9)];
    let volume: f64 = sides.iter().map(|(low, high)| high - low).product();
    let overlap = |(low, high): (f64, f64), (a, b): (f64, f64)| (high.min(b) - low.max(a)).max(0.0);
    let shared = planted.iter().zip(&sides).map(|(&planted, &side)| overlap(planted, side)).product::<f64>()
        * sides[3..].iter().map(|(low, high)| high - low).product::<f64>();
    let hits = shared * inside + (volume - shared) * outside;
    let whole = 0.6 * 0.6 * 0.7;
    let all_hits = whole * inside + (1.0 - whole) * outside;
    let restricted: Vec<usize> =
        first.region.restrictions.iter().map(|(assumption, _)| *assumption).collect();
    let off = |(side, planted): (&(f64, f64), &(f64, f64))| {
        (side.0 - planted.0).abs().max((side.1 - planted.1).abs())
    };
    Some(Found {
        exact: restricted == [0, 1, 2],
        inert: restricted.iter().any(|&assumption| assumption > 2),
        worst: sides.iter().zip(&planted).map(off).fold(0.0, f64::max),
        density_covered: first.figures.density.interval.contains(hits / volume),
        coverage_covered: first.figures.coverage.interval.contains(hits / all_hits),
        density_off: first.figures.density.value - hits / volume,
    })
}

fn planted(effort: Effort) -> Vec<Table> {
    let n = effort.of(2_000);
    let mut tables = Vec::new();
    for (name, inside, outside) in [("Planted", 0.8, 0.15), ("Faint", 0.5, 0.3)] {
        let found: Vec<Found> =
            over(n, |seed| first_box(seed + 20_000, inside, outside)).into_iter().flatten().collect();
        let n_found = found.len() as u64;
        let share = |of: &dyn Fn(&Found) -> bool| {
            found.iter().filter(|found| of(found)).count() as f64 / n_found as f64
        };
        let mut rows = vec![Row::figure("tables with a box", format!("{n_found} of {n}"))];
        if name == "Planted" {
            rows.push(Row::share(
                "exactly the planted assumptions",
                1.0,
                share(&|found| found.exact),
                0.95,
                1.0,
            ));
            let mut worst: Vec<f64> = found.iter().map(|found| found.worst).collect();
            worst.sort_by(f64::total_cmp);
            let usual = worst[(0.95 * n_found as f64) as usize];
            rows.push(Row::within("farthest bound, nineteen tables in twenty", 0.0, usual, 0.0, 0.06));
        }
        rows.push(Row::rate(
            "an inert assumption is restricted",
            0.05,
            share(&|found| found.inert),
            n_found,
            Promise::AtMost,
        ));
        let off = found.iter().map(|found| found.density_off).sum::<f64>() / n_found as f64;
        rows.push(Row::within("density less the true one, on average", 0.0, off, -0.004, 0.004));
        rows.push(Row::rate(
            "interval of the density",
            0.95,
            share(&|found| found.density_covered),
            n_found,
            Promise::Nominal,
        ));
        rows.push(Row::rate(
            "interval of the coverage",
            0.95,
            share(&|found| found.coverage_covered),
            n_found,
            Promise::Nominal,
        ));
        tables.push(Table { caption: format!("{name}:"), rows });
    }
    let noise = share_of(n, |seed| !search(seed + 40_000, 1_000, |_| 0.3).boxes.is_empty());
    tables.push(Table {
        caption: "Nothing to find, 1,000 draws:".to_owned(),
        rows: vec![Row::rate("tables of pure noise with a box", 0.01, noise, n, Promise::AtMost)],
    });
    tables
}
