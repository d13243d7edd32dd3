//! Runs that several workers share.
//!
//! Enters: the runs that one worker made. Leaves: bytes that another can read, and the whole. Always holds: the whole has the bits
//! that one worker alone would give it, since every run stands in its place and counts are whole numbers; bytes of other runs than
//! were asked for are refused.
//!
//! The bytes: numbers of 64 bits, the low byte first, namely how many runs there are, of how many the trajectories were kept, how often
//! outflows were scaled down and in how many runs, and how many runs failed; the columns; per failed run its place, draw,
//! replication and time; and then, as a message, what failed in each and why.

use contingent_ensemble::{EnsembleResult, Failure};

use crate::message;

/// Numbers before the columns.
const N_COUNTS: usize = 5;
/// Numbers of a run that failed.
const N_OF_FAILURE: usize = 4;

/// The runs of a part as bytes.
pub fn write_part(part: &EnsembleResult) -> Vec<u8> {
    let columns = || part.outcome_values.iter().chain(&part.log_likelihoods).chain([&part.trajectories]);
    let n_numbers = columns().map(Vec::len).sum::<usize>() + N_COUNTS + N_OF_FAILURE * part.failures.len();
    let mut bytes = Vec::with_capacity(8 * n_numbers);
    let counts = [
        part.n_finished_runs,
        part.n_kept_runs,
        part.clipped as usize,
        part.n_clipped_runs,
        part.failures.len(),
    ];
    bytes.extend(counts.iter().flat_map(|&count| (count as f64).to_le_bytes()));
    for column in columns() {
        bytes.extend(column.iter().flat_map(|value| value.to_le_bytes()));
    }
    for failure in &part.failures {
        let numbers =
            [failure.run_index as f64, f64::from(failure.draw), f64::from(failure.replication), failure.time];
        bytes.extend(numbers.iter().flat_map(|value| value.to_le_bytes()));
    }
    let texts: Vec<&str> =
        part.failures.iter().flat_map(|failure| [failure.variable.as_str(), &failure.cause]).collect();
    bytes.extend(message::write(&texts));
    bytes
}

/// A part as it was read, its columns still bytes.
struct Read<'a> {
    n_runs: usize,
    n_kept_runs: usize,
    clipped: u64,
    n_clipped_runs: usize,
    failures: Vec<Failure>,
    /// Outcomes, and then observations.
    columns: Vec<&'a [u8]>,
    /// One per time and recorded value.
    rows: Vec<&'a [u8]>,
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = f64> {
    bytes.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes))
}

/// The first `n` numbers of bytes, which then begin behind them.
fn cut<'a>(bytes: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (front, rest) = bytes.split_at_checked(n.checked_mul(8)?)?;
    *bytes = rest;
    Some(front)
}

impl<'a> Read<'a> {
    fn new(mut bytes: &'a [u8], n_columns: usize, n_rows: usize) -> Option<Self> {
        let counts: Vec<usize> = numbers(cut(&mut bytes, N_COUNTS)?).map(|count| count as usize).collect();
        let [n_runs, n_kept_runs, clipped, n_clipped_runs, n_failures] = *counts.as_slice() else {
            return None;
        };
        let columns = (0..n_columns).map(|_| cut(&mut bytes, n_runs)).collect::<Option<Vec<_>>>()?;
        let rows = (0..n_rows).map(|_| cut(&mut bytes, n_kept_runs)).collect::<Option<Vec<_>>>()?;
        let of_failures: Vec<f64> =
            numbers(cut(&mut bytes, n_failures.checked_mul(N_OF_FAILURE)?)?).collect();
        let texts = message::read(bytes)?;
        if texts.len() != 2 * n_failures {
            return None;
        }
        let failures = of_failures.chunks_exact(N_OF_FAILURE).zip(texts.chunks_exact(2));
        Some(Self {
            n_runs,
            n_kept_runs,
            clipped: clipped as u64,
            n_clipped_runs,
            failures: failures
                .map(|(numbers, texts)| Failure {
                    run_index: numbers[0] as usize,
                    draw: numbers[1] as u32,
                    replication: numbers[2] as u32,
                    time: numbers[3],
                    variable: texts[0].to_owned(),
                    cause: texts[1].to_owned(),
                })
                .collect(),
            columns,
            rows,
        })
    }
}

/// The first part with all that follow it; none when they are not the rest of its design.
pub fn join(first: EnsembleResult, others: &[&[u8]]) -> Option<EnsembleResult> {
    let n_outcomes = first.outcome_values.len();
    let n_rows = first.n_times * first.recorded.len();
    let others = others
        .iter()
        .map(|bytes| Read::new(bytes, n_outcomes + first.log_likelihoods.len(), n_rows))
        .collect::<Option<Vec<_>>>()?;
    let n_runs = others.iter().try_fold(first.n_finished_runs, |n, part| n.checked_add(part.n_runs))?;
    let n_kept_runs = others.iter().try_fold(first.n_kept_runs, |n, part| n.checked_add(part.n_kept_runs))?;
    if n_runs != first.design.n_runs() {
        return None;
    }
    let mut whole = first;
    let mut trajectories = Vec::with_capacity(n_rows * n_kept_runs);
    for row in 0..n_rows {
        let start = row * whole.n_kept_runs;
        trajectories.extend_from_slice(&whole.trajectories[start..start + whole.n_kept_runs]);
        for part in &others {
            trajectories.extend(numbers(part.rows[row]));
        }
    }
    whole.trajectories = trajectories;
    for part in others {
        let columns = whole.outcome_values.iter_mut().chain(&mut whole.log_likelihoods);
        for (column, bytes) in columns.zip(part.columns) {
            column.extend(numbers(bytes));
        }
        whole.clipped += part.clipped;
        whole.n_clipped_runs += part.n_clipped_runs;
        whole.failures.extend(part.failures);
    }
    whole.n_finished_runs = n_runs;
    whole.n_kept_runs = n_kept_runs;
    Some(whole)
}
