//! How long a thread was at work.
//!
//! Enters: nothing. Leaves: seconds. Always holds: on Linux these are the seconds that the thread was on a
//! processor, elsewhere those on the wall.

use std::time::Instant;

/// Time since it was started, of the thread that started it.
pub(crate) struct Stopwatch {
    wall: Instant,
    on_processor: Option<u64>,
}

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "measuring time is what this is for")]
    pub(crate) fn start() -> Self {
        Self { wall: Instant::now(), on_processor: nanoseconds_on_processor() }
    }

    pub(crate) fn seconds(&self) -> f64 {
        match (self.on_processor, nanoseconds_on_processor()) {
            (Some(before), Some(now)) => (now - before) as f64 * 1e-9,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

/// The first number of the thread's scheduling statistics.
#[expect(clippy::disallowed_methods, reason = "the system tells it in a file")]
fn nanoseconds_on_processor() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}
