//! Many runs side by side, each making its next jump.
//!
//! Enters: the runs of a pass at a time. Leaves: them at the next time. Always holds: the runs that have not
//! reached the next time are the first lanes, so that no work is done for those that have; a run that reaches
//! it is written back to its own lane, and the last few draw their waiting times ahead.

#![expect(
    clippy::inline_always,
    reason = "loops over lanes vectorise for the instruction set of the caller only where all is inlined"
)]

use super::abreast;
use super::ahead::Ahead;
use super::alone::finish;
use super::plan::{Kinetics, Plan};
use super::rows::{LANES, Row, apply, apply_single, rounded};
use super::{MOST_JUMPS, Runs, Trouble};
use crate::lower::Lowered;
use crate::random::{self, RoundKeys};

/// Working memory. Rows: those of the kinetics, then what is left of the step, the draw and the replication as bits,
/// then per clock what is left of it, then per clock how often it has rung; both have a row more, for runs that
/// do not jump.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    rows: Vec<Row>,
    /// Rows that belong to a run and move with it to another lane.
    moving: Vec<u32>,
    /// Rows that are written back: the row here, the row at home.
    returning: Vec<(u32, u32)>,
    jumps: Vec<Move>,
    /// The lane at home of every lane.
    origin: Vec<u32>,
    ahead: Ahead,
}

/// Runs up to this many draw their waiting times ahead once they have made [`MANY`] jumps in a step.
const FEW: usize = 8;

/// Of those, runs up to this many go on alone.
const ALONE: usize = 2;

/// A run that has jumped so often in a step will need most of the waiting times that it draws ahead.
const MANY: u32 = 64;

/// What the most frequent kind of jump needs, close together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    pub(super) key: u64,
    pub(super) propensity: u32,
    /// Where one is taken from and given to, by direction.
    pub(super) from: [u32; 2],
    pub(super) to: [u32; 2],
    pub(super) limited: [bool; 2],
    pub(super) total: u32,
    pub(super) has_effects: bool,
}

/// Where the rows of the clocks begin.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) left: usize,
    pub(super) draw: usize,
    pub(super) replication: usize,
    pub(super) remaining: usize,
    pub(super) rung: usize,
}

impl Layout {
    fn new(kinetics: &Kinetics) -> Self {
        let left = kinetics.n_rows;
        let remaining = left + 3;
        Self {
            left,
            draw: left + 1,
            replication: left + 2,
            remaining,
            rung: remaining + kinetics.jumps.len() + 1,
        }
    }
}

/// One number per lane that does not outlive a jump.
pub(super) struct Sides {
    /// The position of the clock that rings; beyond the last where none does before the next time.
    pub(super) winner: [u64; LANES],
    /// Not zero where a propensity is not finite.
    pub(super) doubt: [f64; LANES],
    pub(super) key: [u64; LANES],
    pub(super) counter: [u64; LANES],
    pub(super) fresh: [f64; LANES],
}

impl Scratch {
    /// Takes over what holds until the next time.
    pub(super) fn load(&mut self, kinetics: &Kinetics, home: &[Row], runs: &Runs, n: usize) {
        let layout = Layout::new(kinetics);
        let n_jumps = kinetics.jumps.len();
        self.rows.resize(layout.rung + n_jumps + 1, Row::ZERO);
        for &(row, value) in &kinetics.constants {
            self.rows[row as usize].0 = [value; LANES];
        }
        for &(from, to) in kinetics.inputs.iter().chain(&kinetics.states) {
            self.rows[to as usize].0[..n].copy_from_slice(&home[from as usize].0[..n]);
        }
        self.rows[layout.draw].0 = runs.draws.map(f64::from_bits);
        self.rows[layout.replication].0 = runs.replications.map(f64::from_bits);
        let clocks = home.len() - 2 * n_jumps;
        for i in 0..n_jumps {
            self.rows[layout.remaining + i] = home[clocks + i];
            self.rows[layout.rung + i] = home[clocks + n_jumps + i];
        }
        self.moving.clear();
        self.moving.extend(kinetics.inputs.iter().chain(&kinetics.states).map(|pair| pair.1));
        self.moving.extend((layout.left..layout.remaining + n_jumps).map(|row| row as u32));
        self.moving.extend((layout.rung..layout.rung + n_jumps).map(|row| row as u32));
        self.returning.clear();
        self.returning.extend(kinetics.states.iter().map(|&(home, row)| (row, home)));
        for i in 0..n_jumps {
            self.returning.push(((layout.remaining + i) as u32, (clocks + i) as u32));
            self.returning.push(((layout.rung + i) as u32, (clocks + n_jumps + i) as u32));
        }
        let spare = kinetics.spare;
        self.jumps.clear();
        self.jumps.extend(kinetics.jumps.iter().zip(&runs.keys).map(|(jump, &key)| Move {
            key,
            propensity: jump.propensity,
            from: [jump.from, jump.to],
            to: [jump.to, jump.from],
            limited: [jump.from_limited, jump.to_limited],
            total: jump.total.unwrap_or(spare),
            has_effects: jump.effects.is_some(),
        }));
        // A run that does not jump.
        self.jumps.push(Move {
            key: 0,
            propensity: spare,
            from: [spare; 2],
            to: [spare; 2],
            limited: [false; 2],
            total: spare,
            has_effects: false,
        });
        self.rows[spare as usize] = Row::ZERO;
    }

    /// Jumps until the next time.
    pub(super) fn run(
        &mut self,
        plan: &Plan,
        lowered: &Lowered,
        streams: &[RoundKeys],
        home: &mut [Row],
        runs: &Runs,
        trouble: &mut Vec<(usize, Trouble)>,
    ) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "the line above checked that the machine has the instructions")]
            // SAFETY: the only requirement of `run_avx2` is that the machine has AVX2.
            unsafe {
                run_avx2(self, plan, lowered, streams, home, runs, trouble);
            }
            return;
        }
        run(self, plan, lowered, streams, home, runs, trouble);
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn run_avx2(
    scratch: &mut Scratch,
    plan: &Plan,
    lowered: &Lowered,
    streams: &[RoundKeys],
    home: &mut [Row],
    runs: &Runs,
    trouble: &mut Vec<(usize, Trouble)>,
) {
    run(scratch, plan, lowered, streams, home, runs, trouble);
}

#[inline(always)]
fn run(
    scratch: &mut Scratch,
    plan: &Plan,
    lowered: &Lowered,
    streams: &[RoundKeys],
    home: &mut [Row],
    runs: &Runs,
    trouble: &mut Vec<(usize, Trouble)>,
) {
    let kinetics = &plan.kinetics;
    let tables = lowered.graph.tables();
    let layout = Layout::new(kinetics);
    let none = kinetics.jumps.len();
    let Scratch { rows, moving, returning, jumps, origin, ahead } = scratch;
    let rows = rows.as_mut_slice();
    let jumps = jumps.as_slice();
    origin.clear();
    origin.extend(0..runs.n as u32);
    for lane in 0..LANES {
        // A run that was given up does not move any more.
        rows[layout.left].0[lane] = if runs.failed[lane] { 0.0 } else { lowered.dt };
    }
    let mut sides = Sides {
        winner: [0; LANES],
        doubt: [0.0; LANES],
        key: [0; LANES],
        counter: [0; LANES],
        fresh: [0.0; LANES],
    };
    let is_plain = none <= abreast::MOST_CLOCKS && !jumps.iter().any(|jump| jump.has_effects);
    let mut n = runs.n;
    let mut n_rounds = 0;
    // The place in `ahead` of the run of every home lane, once few are left.
    let mut places: Option<[usize; LANES]> = None;
    while n > ALONE || (n > 0 && places.is_none()) {
        if places.is_none() && n <= FEW && n_rounds >= MANY {
            ahead.begin(n, none);
            let mut of_lanes = [0; LANES];
            for (place, &run) in origin[..n].iter().enumerate() {
                of_lanes[run as usize % LANES] = place;
            }
            places = Some(of_lanes);
        }
        let width = rounded(n);
        for instruction in &kinetics.program {
            apply(rows, instruction, tables, width);
        }
        let are_finite = abreast::find_next(rows, jumps, layout, none, width, &mut sides);
        let mut n_arrived = sides.winner[..n].iter().filter(|&&winner| winner == none as u64).count();
        let abreast = is_plain && are_finite;
        if abreast {
            abreast::ring(rows, jumps, layout, none, width, &mut sides);
        } else {
            for lane in 0..n {
                let winner = sides.winner[lane] as usize;
                let rung = &mut rows[layout.rung + winner].0[lane];
                *rung += 1.0;
                sides.counter[lane] = abreast::whole(*rung);
                sides.key[lane] = jumps[winner].key;
            }
        }
        match &places {
            None => draw(rows, layout, width, &mut sides),
            Some(places) => {
                for (lane, &run) in origin[..n].iter().enumerate() {
                    let winner = sides.winner[lane] as usize;
                    if winner == none {
                        continue;
                    }
                    let [draw, replication] =
                        [layout.draw, layout.replication].map(|row| rows[row].0[lane].to_bits());
                    let (key, counter) = (sides.key[lane], sides.counter[lane]);
                    sides.fresh[lane] = ahead.waiting_time(
                        places[run as usize % LANES],
                        winner,
                        key,
                        draw,
                        replication,
                        counter,
                    );
                }
            }
        }
        if abreast {
            abreast::jump(rows, jumps, layout, kinetics, width, &sides);
        }
        let lane_by_lane = if abreast { 0 } else { n };
        let n_known = trouble.len();
        for (lane, &run) in origin[..lane_by_lane].iter().enumerate() {
            let winner = sides.winner[lane] as usize;
            rows[layout.remaining + winner].0[lane] = sides.fresh[lane];
            // Not a number where a propensity was not finite.
            if sides.doubt[lane] != 0.0 {
                let culprit =
                    jumps[..none].iter().position(|jump| !rows[jump.propensity as usize].0[lane].is_finite());
                trouble.push((run as usize, Trouble::NotFinite(culprit.unwrap_or(0))));
                rows[layout.left].0[lane] = 0.0;
                if winner != none {
                    sides.winner[lane] = none as u64;
                    n_arrived += 1;
                }
                continue;
            }
            let jump = &jumps[winner];
            let direction = usize::from(rows[jump.propensity as usize].0[lane] < 0.0);
            let (from, to) = (jump.from[direction] as usize, jump.to[direction] as usize);
            let left = rows[from].0[lane];
            if jump.limited[direction] && (left < 1.0) {
                rows[kinetics.clipped as usize].0[lane] += 1.0;
                continue;
            }
            if jump.has_effects {
                let counter = sides.counter[lane] as u32;
                let identity =
                    [layout.draw, layout.replication].map(|row| rows[row].0[lane].to_bits() as u32);
                have_effects(kinetics, winner, lowered, streams, rows, lane, identity, counter);
            }
            rows[from].0[lane] = left - 1.0;
            rows[to].0[lane] += 1.0;
            rows[jump.total as usize].0[lane] += 1.0;
        }
        n_rounds += 1;
        if n_rounds == MOST_JUMPS {
            // A run that is still under way has jumped in every round.
            for (lane, &run) in origin[..n].iter().enumerate() {
                let winner = sides.winner[lane] as usize;
                if winner != none {
                    trouble.push((run as usize, Trouble::TooMany(winner)));
                    sides.winner[lane] = none as u64;
                }
            }
            n_arrived = n;
        }
        // Few lanes that have arrived cost less than moving the others; one that is in trouble would be so in every round.
        if n_arrived * 8 >= n || trouble.len() > n_known {
            n = retire(rows, home, moving, returning, origin, &mut sides.winner, none as u64, n);
        }
    }
    for (lane, &run) in origin[..n].iter().enumerate() {
        let place = places.map_or(lane, |places| places[run as usize % LANES]);
        let found = finish(rows, lane, kinetics, jumps, layout, lowered, streams, ahead, place, n_rounds);
        trouble.extend(found.map(|found| (run as usize, found)));
        go_home(rows, home, returning, lane, run as usize);
    }
}

/// The next waiting time of the clock that has rung.
#[inline(always)]
fn draw(rows: &[Row], layout: Layout, width: usize, sides: &mut Sides) {
    let draws = &rows[layout.draw].0[..width];
    let replications = &rows[layout.replication].0[..width];
    let (key, counter, fresh) = (&sides.key[..width], &sides.counter[..width], &mut sides.fresh[..width]);
    for lane in 0..width {
        let (draw, replication) = (draws[lane].to_bits(), replications[lane].to_bits());
        fresh[lane] = random::uniform_of_key(key[lane], draw, replication, counter[lane]);
    }
    for value in fresh {
        *value = -crate::math::log(*value);
    }
}

/// Applies the effects of an event in one lane, each evaluated on the state just before.
#[expect(clippy::too_many_arguments, reason = "the lane is part of the rows")]
#[inline(never)]
pub(super) fn have_effects(
    kinetics: &Kinetics,
    jump: usize,
    lowered: &Lowered,
    streams: &[RoundKeys],
    rows: &mut [Row],
    lane: usize,
    identity: [u32; 2],
    counter: u32,
) {
    let Some(effects) = &kinetics.jumps[jump].effects else { return };
    for instruction in &effects.program {
        let value = match instruction.operation {
            crate::graph::Operation::Uniform(stream) => {
                random::uniform_pair(&streams[stream as usize], identity[0], identity[1], counter, 0).0
            }
            operation => apply_single(operation, lowered.graph.tables(), |row| rows[row as usize].0[lane]),
        };
        rows[instruction.out as usize].0[lane] = value;
    }
    let values: Vec<f64> = effects.next.iter().map(|next| rows[next.1 as usize].0[lane]).collect();
    for (&(state, _), value) in effects.next.iter().zip(values) {
        rows[state as usize].0[lane] = value;
    }
}

/// Writes back a run to its own lane.
fn go_home(rows: &[Row], home: &mut [Row], returning: &[(u32, u32)], lane: usize, back: usize) {
    for &(row, at_home) in returning {
        home[at_home as usize].0[back] = rows[row as usize].0[lane];
    }
}

/// Writes back the runs that have arrived and closes the gaps; gives the number of those that are left.
#[expect(clippy::too_many_arguments, reason = "parts of one scratch that are borrowed apart")]
fn retire(
    rows: &mut [Row],
    home: &mut [Row],
    moving: &[u32],
    returning: &[(u32, u32)],
    origin: &mut [u32],
    winner: &mut [u64; LANES],
    none: u64,
    mut n: usize,
) -> usize {
    for lane in (0..n).rev() {
        if winner[lane] != none {
            continue;
        }
        go_home(rows, home, returning, lane, origin[lane] as usize);
        n -= 1;
        if lane != n {
            for &row in moving {
                let row = &mut rows[row as usize].0;
                row[lane] = row[n];
            }
            origin[lane] = origin[n];
            winner[lane] = winner[n];
        }
    }
    n
}
