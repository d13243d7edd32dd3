//! Times of a model as dates and words.
//!
//! Enters: a clock and times in its unit. Leaves: dates and words. Always holds: nothing here depends on runs.

use contingent_model::{CheckedModel, Clock, Formula, Measure, Quantity};
use contingent_report::words::date;
use jiff::civil::Date;

/// The date of a time since the start, to the nearest day, or the day that an hour belongs to; none in an undated
/// model or beyond the calendar.
pub fn date_at(clock: &Clock, time: f64) -> Option<Date> {
    let days = time * clock.days_per_unit;
    // The tolerance keeps midnight on its day where an hour is a rounded fraction of one.
    let days = if clock.days_per_unit < 1.0 { (days + 1e-9).floor() } else { days.round() };
    if days.abs() > 3_000_000.0 {
        return None;
    }
    date::after(clock.start?, days as i64)
}

/// A time since the start as a date in words, or as `26 weeks`.
pub fn time_in_words(clock: &Clock, step: usize) -> String {
    let time = step as f64 * clock.dt;
    date_at(clock, time).map_or_else(
        || {
            let plural = if time == 1.0 { "" } else { "s" };
            format!("{time} {}{plural}", clock.time_unit)
        },
        date::in_words,
    )
}

/// The time that a question is about, in words that follow the answer.
pub fn when(model: &CheckedModel, measure: &Measure) -> String {
    let clock = &model.clock;
    let end = || time_in_words(clock, clock.n_steps);
    let dated = clock.start.is_some();
    let on = if dated { "on" } else { "after" };
    let by = if dated { "by" } else { "within" };
    match measure {
        Measure::Probability(Formula::Within { steps, .. }) => {
            format!("{by} {}", time_in_words(clock, *steps))
        }
        Measure::Probability(Formula::Always { steps, .. }) => {
            let until = if dated { "at every time until" } else { "at every time for" };
            format!("{until} {}", time_in_words(clock, *steps))
        }
        Measure::Probability(Formula::At { step, .. }) | Measure::Distribution(Quantity::At { step, .. }) => {
            format!("{on} {}", time_in_words(clock, *step))
        }
        Measure::Probability(Formula::Before { .. }) | Measure::Distribution(Quantity::FirstTime { .. }) => {
            format!("{by} {}", end())
        }
    }
}
