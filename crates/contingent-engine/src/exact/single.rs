//! One run at a time, for models of many reactions: a jump costs what follows from it, not what there is.
//!
//! Enters: the runs of a pass at a time. Leaves: them at the next time. Always holds: the clock that rings next
//! is at the top of a heap (Gibson and Bruck 2000); only propensities that depend on what a jump changed are
//! computed again, and a clock whose speed changed keeps what was left of it.

use super::plan::{Jump, Kinetics, Plan};
use super::rows::{Row, apply_single};
use super::{MOST_JUMPS, Runs, Trouble, waiting_time};
use crate::graph::Operation;
use crate::lower::Lowered;
use crate::random::{self, RoundKeys};

/// Entries of all lists of what follows from jumps; a jump beyond them has everything computed again.
const MOST_ENTRIES: usize = 20_000_000;

/// What has to be computed again after a jump.
#[derive(Clone, Debug)]
struct Affected {
    /// Positions in the program, ascending.
    instructions: Vec<u32>,
    /// Reactions whose propensity may have changed.
    jumps: Vec<u32>,
}

/// Per reaction, what follows from it.
#[derive(Clone, Debug)]
pub(super) struct Dependencies {
    /// None stands for everything.
    of: Vec<Option<Affected>>,
    everything: Affected,
}

impl Dependencies {
    pub(super) fn new(kinetics: &Kinetics) -> Self {
        let mut users: Vec<Vec<u32>> = vec![Vec::new(); kinetics.n_rows];
        for (position, instruction) in kinetics.program.iter().enumerate() {
            for operand in instruction.operation.few_operands().into_iter().flatten() {
                users[operand.index()].push(position as u32);
            }
        }
        let mut readers: Vec<Vec<u32>> = vec![Vec::new(); kinetics.n_rows];
        for (position, jump) in kinetics.jumps.iter().enumerate() {
            readers[jump.propensity as usize].push(position as u32);
        }
        let everything = Affected {
            instructions: (0..kinetics.program.len() as u32).collect(),
            jumps: (0..kinetics.jumps.len() as u32).collect(),
        };
        let mut n_entries = 0;
        let mut seen = vec![u32::MAX; kinetics.n_rows];
        let of = kinetics.jumps.iter().enumerate().map(|(position, jump)| {
            if n_entries > MOST_ENTRIES {
                return None;
            }
            let affected = Affected::new(kinetics, jump, &users, &readers, &mut seen, position as u32);
            n_entries += affected.instructions.len() + affected.jumps.len();
            Some(affected)
        });
        Self { of: of.collect(), everything }
    }

    fn of(&self, jump: usize) -> &Affected {
        self.of[jump].as_ref().unwrap_or(&self.everything)
    }
}

impl Affected {
    /// `seen` tells per row by which jump, as `mark`, it was last reached.
    fn new(
        kinetics: &Kinetics,
        jump: &Jump,
        users: &[Vec<u32>],
        readers: &[Vec<u32>],
        seen: &mut [u32],
        mark: u32,
    ) -> Self {
        let mut affected = Self { instructions: Vec::new(), jumps: Vec::new() };
        let mut pending: Vec<u32> = jump.changed().filter(|&row| row != kinetics.spare).collect();
        while let Some(row) = pending.pop() {
            if std::mem::replace(&mut seen[row as usize], mark) == mark {
                continue;
            }
            affected.jumps.extend(&readers[row as usize]);
            for &position in &users[row as usize] {
                affected.instructions.push(position);
                pending.push(kinetics.program[position as usize].out);
            }
        }
        affected.instructions.sort_unstable();
        affected.instructions.dedup();
        affected.jumps.sort_unstable();
        affected
    }
}

/// Clocks by the time at which they ring.
#[derive(Debug, Default)]
struct Clocks {
    rings: Vec<f64>,
    /// Clocks, the next one to ring first; each rings no later than those at twice its position plus one and two.
    heap: Vec<u32>,
    /// Where in the heap a clock stands.
    place: Vec<u32>,
}

impl Clocks {
    /// Puts all clocks in order after their times were set.
    fn arrange(&mut self) {
        let n = self.rings.len();
        self.heap.clear();
        self.heap.extend(0..n as u32);
        self.place.clear();
        self.place.extend(0..n as u32);
        for position in (0..n / 2).rev() {
            self.sink(position);
        }
    }

    fn set(&mut self, clock: usize, rings: f64) {
        let before = std::mem::replace(&mut self.rings[clock], rings);
        let position = self.place[clock] as usize;
        if rings < before {
            self.rise(position);
        } else {
            self.sink(position);
        }
    }

    /// Whether the clock `a` comes before `b`: earlier, or at the same time the first of the two.
    fn is_before(&self, a: u32, b: u32) -> bool {
        let (x, y) = (self.rings[a as usize], self.rings[b as usize]);
        x < y || (x == y && a < b)
    }

    fn rise(&mut self, mut position: usize) {
        let clock = self.heap[position];
        while position > 0 {
            let parent = (position - 1) / 2;
            let other = self.heap[parent];
            if !self.is_before(clock, other) {
                break;
            }
            self.heap[position] = other;
            self.place[other as usize] = position as u32;
            position = parent;
        }
        self.heap[position] = clock;
        self.place[clock as usize] = position as u32;
    }

    fn sink(&mut self, mut position: usize) {
        let clock = self.heap[position];
        loop {
            let mut child = 2 * position + 1;
            if child >= self.heap.len() {
                break;
            }
            if child + 1 < self.heap.len() && self.is_before(self.heap[child + 1], self.heap[child]) {
                child += 1;
            }
            let other = self.heap[child];
            if !self.is_before(other, clock) {
                break;
            }
            self.heap[position] = other;
            self.place[other as usize] = position as u32;
            position = child;
        }
        self.heap[position] = clock;
        self.place[clock as usize] = position as u32;
    }
}

/// Working memory.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Inputs of all lanes, as they are until the next time.
    inputs: Vec<Row>,
    /// Rows of the kinetics in one run.
    values: Vec<f64>,
    clocks: Clocks,
    /// Per clock: its speed, what was left of it, and since when, in time since the step began.
    speeds: Vec<f64>,
    remaining: Vec<f64>,
    since: Vec<f64>,
    changes: Vec<f64>,
}

/// When a clock rings that had `remaining` left at `since`.
fn rings(since: f64, remaining: f64, speed: f64) -> f64 {
    let rings = since + remaining / speed;
    // A clock that stands still has not rung, whatever is left of it.
    if rings.is_nan() { f64::INFINITY } else { rings }
}

/// What is left of a clock at `now`.
fn left(remaining: f64, speed: f64, since: f64, now: f64) -> f64 {
    let left = remaining - speed * (now - since);
    if left > 0.0 { left } else { 0.0 }
}

impl Scratch {
    /// Takes over what holds until the next time.
    pub(super) fn load(&mut self, kinetics: &Kinetics, home: &[Row]) {
        self.inputs.clear();
        self.inputs.extend(kinetics.inputs.iter().map(|&(from, _)| home[from as usize]));
    }

    /// Jumps until the next time.
    #[expect(clippy::too_many_arguments, reason = "as many as runs that go together need, and one more")]
    pub(super) fn run(
        &mut self,
        plan: &Plan,
        dependencies: &Dependencies,
        lowered: &Lowered,
        streams: &[RoundKeys],
        home: &mut [Row],
        runs: &Runs,
        trouble: &mut Vec<(usize, Trouble)>,
    ) {
        for lane in (0..runs.n).filter(|&lane| !runs.failed[lane]) {
            if let Some(found) = self.run_lane(plan, dependencies, lowered, streams, home, runs, lane) {
                trouble.push((lane, found));
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "as many as runs that go together need, and one more")]
    fn run_lane(
        &mut self,
        plan: &Plan,
        dependencies: &Dependencies,
        lowered: &Lowered,
        streams: &[RoundKeys],
        home: &mut [Row],
        runs: &Runs,
        lane: usize,
    ) -> Option<Trouble> {
        let kinetics = &plan.kinetics;
        let tables = lowered.graph.tables();
        let n_jumps = kinetics.jumps.len();
        let Self { inputs, values, clocks, speeds, remaining, since, changes } = self;
        values.resize(kinetics.n_rows, 0.0);
        for &(row, value) in &kinetics.constants {
            values[row as usize] = value;
        }
        for (&(_, row), input) in kinetics.inputs.iter().zip(inputs.iter()) {
            values[row as usize] = input.0[lane];
        }
        for &(from, row) in &kinetics.states {
            values[row as usize] = home[from as usize].0[lane];
        }
        for instruction in &kinetics.program {
            values[instruction.out as usize] =
                apply_single(instruction.operation, tables, |row| values[row as usize]);
        }
        let (draw, replication) = (runs.draws[lane], runs.replications[lane]);
        let first_clock = plan.n_rows;
        let mut found = None;
        speeds.clear();
        remaining.clear();
        since.clear();
        since.resize(n_jumps, 0.0);
        clocks.rings.clear();
        for (i, jump) in kinetics.jumps.iter().enumerate() {
            let speed = values[jump.propensity as usize].abs();
            let left = home[first_clock + i].0[lane];
            if !speed.is_finite() && found.is_none() {
                found = Some(Trouble::NotFinite(i));
            }
            speeds.push(speed);
            remaining.push(left);
            clocks.rings.push(rings(0.0, left, speed));
        }
        clocks.arrange();
        let mut n_rung = 0;
        while found.is_none() {
            let Some(&next) = clocks.heap.first() else { break };
            let next = next as usize;
            let now = clocks.rings[next];
            if now >= lowered.dt || now.is_nan() {
                break;
            }
            let rung = &mut home[first_clock + n_jumps + next].0[lane];
            *rung += 1.0;
            let counter = *rung as u64;
            remaining[next] = waiting_time(runs.keys[next], draw, replication, counter);
            since[next] = now;
            let jump = &kinetics.jumps[next];
            let identity = (draw as u32, replication as u32, counter as u32);
            if happen(kinetics, jump, lowered, streams, values, changes, identity) {
                let affected = dependencies.of(next);
                for &position in &affected.instructions {
                    let instruction = &kinetics.program[position as usize];
                    values[instruction.out as usize] =
                        apply_single(instruction.operation, tables, |row| values[row as usize]);
                }
                for &i in &affected.jumps {
                    let i = i as usize;
                    let speed = values[kinetics.jumps[i].propensity as usize].abs();
                    if speed == speeds[i] {
                        continue;
                    }
                    if !speed.is_finite() && found.is_none() {
                        found = Some(Trouble::NotFinite(i));
                    }
                    remaining[i] = left(remaining[i], speeds[i], since[i], now);
                    since[i] = now;
                    speeds[i] = speed;
                    if i != next {
                        clocks.set(i, rings(now, remaining[i], speed));
                    }
                }
            }
            clocks.set(next, rings(now, remaining[next], speeds[next]));
            n_rung += 1;
            if n_rung == MOST_JUMPS && found.is_none() {
                found = Some(Trouble::TooMany(next));
            }
        }
        for i in 0..n_jumps {
            home[first_clock + i].0[lane] = left(remaining[i], speeds[i], since[i], lowered.dt);
        }
        for &(to, row) in &kinetics.states {
            home[to as usize].0[lane] = values[row as usize];
        }
        found
    }
}

/// One occurrence of a reaction; whether anything moved.
fn happen(
    kinetics: &Kinetics,
    jump: &Jump,
    lowered: &Lowered,
    streams: &[RoundKeys],
    values: &mut [f64],
    changes: &mut Vec<f64>,
    (draw, replication, counter): (u32, u32, u32),
) -> bool {
    let (mut from, mut to, mut limited) = (jump.from as usize, jump.to as usize, jump.from_limited);
    if values[jump.propensity as usize] < 0.0 {
        (from, to, limited) = (to, from, jump.to_limited);
    }
    if limited && values[from] < 1.0 {
        values[kinetics.clipped as usize] += 1.0;
        return false;
    }
    if let Some(effects) = &jump.effects {
        for instruction in &effects.program {
            values[instruction.out as usize] = match instruction.operation {
                Operation::Uniform(stream) => {
                    random::uniform_pair(&streams[stream as usize], draw, replication, counter, 0).0
                }
                operation => apply_single(operation, lowered.graph.tables(), |row| values[row as usize]),
            };
        }
        changes.clear();
        changes.extend(effects.next.iter().map(|next| values[next.1 as usize]));
        for (&(state, _), &value) in effects.next.iter().zip(changes.iter()) {
            values[state as usize] = value;
        }
    }
    values[from] -= 1.0;
    values[to] += 1.0;
    if let Some(total) = jump.total {
        values[total as usize] += 1.0;
    }
    true
}
