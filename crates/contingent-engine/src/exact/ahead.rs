//! Waiting times that are drawn before they are needed.
//!
//! Enters: a clock of a run and how often it has rung. Leaves: its waiting time. Always holds: the bits are those of a
//! time that is drawn alone, since it hangs on nothing but its number.
//!
//! Where runs differ much in how often they jump, few are left late in a step. A time that is drawn for one lane costs
//! as much as for four; for few lanes the next times of one clock are drawn together instead.

#![expect(
    clippy::inline_always,
    reason = "loops over waiting times vectorise for the instruction set of the caller only where all is inlined"
)]

use crate::random;

/// Waiting times of a clock that are drawn together.
const TOGETHER: usize = 16;

/// A count of rings that no clock comes to.
const NEVER: u64 = 1 << 63;

/// Waiting times of every clock of some runs, by the count of its rings.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    n_clocks: usize,
    /// Per run and clock, the count of the first and all of them.
    drawn: Vec<(u64, [f64; TOGETHER])>,
}

impl Ahead {
    /// Forgets those of other runs.
    #[inline(always)]
    pub(super) fn begin(&mut self, n_runs: usize, n_clocks: usize) {
        self.n_clocks = n_clocks;
        self.drawn.clear();
        self.drawn.resize(n_runs * n_clocks, (NEVER, [0.0; TOGETHER]));
    }

    /// The `counter`th waiting time of a clock of a run: `key` is that of the clock, `draw` and `replication` name the run.
    #[inline(always)]
    pub(super) fn waiting_time(
        &mut self,
        run: usize,
        clock: usize,
        key: u64,
        draw: u64,
        replication: u64,
        counter: u64,
    ) -> f64 {
        let (first, times) = &mut self.drawn[run * self.n_clocks + clock];
        let position = counter.wrapping_sub(*first) as usize;
        if let Some(&time) = times.get(position) {
            return time;
        }
        *first = counter;
        for (position, time) in times.iter_mut().enumerate() {
            *time = random::uniform_of_key(key, draw, replication, counter + position as u64);
        }
        for time in times.iter_mut() {
            *time = -crate::math::log(*time);
        }
        times[0]
    }
}
