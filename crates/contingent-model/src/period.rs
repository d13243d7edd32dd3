//! Periods that rows of data stand for, and the steps at which they are complete.
//!
//! Enters: times of rows, the clock. Leaves: where a period begins and ends, in time and in steps. Always holds: a
//! month, quarter or year is that of the calendar, whichever of its days the row names; the steps of two periods
//! that do not overlap do not overlap either, and the steps of periods that follow each other leave none out.

use jiff::civil::Date;

use crate::checked::Clock;
use crate::series::{RowTime, TimeForm, after_months, time_between, tolerance};
use crate::unit::{TIME_UNITS, Units};

/// What one row of data stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Step,
}

/// From when to when a row stands for, in the model's time unit since the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) begin: f64,
    pub(crate) end: f64,
}

impl Period {
    pub(crate) const NAMES: [&str; 6] = ["day", "week", "month", "quarter", "year", "step"];

    pub(crate) fn named(name: &str) -> Option<Self> {
        let position = Self::NAMES.iter().position(|&known| known == name)?;
        Some([Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year, Self::Step][position])
    }

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// Calendar months in it; 0 for what is no number of months.
    fn months(self) -> i64 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
            Self::Day | Self::Week | Self::Step => 0,
        }
    }

    /// Its length in days, on average; none for a step.
    pub(crate) fn days(self) -> Option<f64> {
        TIME_UNITS.iter().find(|&&(name, _)| name == self.name()).map(|&(_, days)| days)
    }

    /// Whether a column of times may be written in this form.
    pub(crate) fn may_be_written(self, form: TimeForm) -> bool {
        match form {
            TimeForm::Day | TimeForm::Number => true,
            TimeForm::Month => self == Self::Month,
            TimeForm::Quarter => self == Self::Quarter,
            TimeForm::Year => self == Self::Year,
        }
    }

    /// Whether so many of a unit of time are one period: `3 months` is a quarter, `7 days` a week.
    pub(crate) fn is(self, number: f64, unit: &str) -> bool {
        let other = match unit.strip_suffix('s').unwrap_or(unit) {
            "decade" => return false,
            "hour" => return self == Self::Day && number == 24.0,
            other => Self::named(other),
        };
        let Some(other) = other.filter(|&other| other != Self::Step) else { return false };
        match (self.months(), other.months()) {
            (0, 0) => match (self.days(), other.days()) {
                (Some(days), Some(of_other)) => number * of_other == days,
                _ => false,
            },
            (0, _) | (_, 0) => false,
            (months, of_other) => number * of_other as f64 == months as f64,
        }
    }

    /// The stretch of time that a row stands for.
    pub(crate) fn stretch(self, row: &RowTime, clock: &Clock, units: &Units) -> Stretch {
        if let (Some(date), Some(start)) = (row.date, clock.start)
            && let Some((first, last)) = self.days_of(date)
        {
            let at = |date| time_between(start, date, clock, units);
            return Stretch { begin: at(first), end: at(last) };
        }
        let length = self.days().map_or(clock.dt, |days| units.time_scale(days));
        Stretch { begin: row.at, end: row.at + length }
    }

    /// The first day of the period of a date, and the day after its last.
    fn days_of(self, date: Date) -> Option<(Date, Date)> {
        let first = match self {
            Self::Step => return None,
            Self::Day | Self::Week => {
                let days = if self == Self::Day { 1 } else { 7 };
                return Some((date, date.checked_add(jiff::Span::new().days(days)).ok()?));
            }
            Self::Month => date.first_of_month(),
            Self::Quarter => Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).ok()?,
            Self::Year => date.first_of_year(),
        };
        Some((first, after_months(first, self.months())?))
    }
}

impl Stretch {
    /// Whether it lies wholly within the time of the model.
    pub(crate) fn is_within(self, clock: &Clock) -> bool {
        let near = tolerance(clock);
        self.begin >= -near && self.end <= clock.n_steps as f64 * clock.dt + near
    }

    /// The steps at which it has begun and is complete: the first at or after its ends.
    pub(crate) fn steps(self, clock: &Clock) -> (usize, usize) {
        let near = tolerance(clock);
        let step = |time: f64| ((time - near) / clock.dt).ceil().max(0.0) as usize;
        (step(self.begin), step(self.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checked::Method;
    use crate::series::{TimeScale, row_time};

    fn weekly() -> (Clock, Units) {
        let clock = Clock {
            start: Date::new(2021, 8, 30).ok(),
            n_steps: 104,
            dt: 1.0,
            time_unit: "week".to_owned(),
            days_per_unit: 7.0,
            origin: 0.0,
            record_steps: 1,
            method: Method::Euler,
        };
        (clock, Units::new("week", 7.0))
    }

    fn steps(period: Period, cells: &[&str]) -> Vec<(usize, usize)> {
        let (clock, units) = weekly();
        let scale = TimeScale::Dates(clock.start.expect("the clock has dates"));
        cells
            .iter()
            .map(|cell| {
                let row = row_time(cell, scale, &clock, &units).expect("a time");
                period.stretch(&row, &clock, &units).steps(&clock)
            })
            .collect()
    }

    #[test]
    fn calendar_months_take_the_steps_between_their_ends_and_leave_none_out() {
        // Days from 2021-08-30 to the first of October, November, December and January: 32, 63, 93 and 124.
        let months = steps(Period::Month, &["2021-09", "2021-10", "2021-11", "2021-12"]);
        assert_eq!(months, [(1, 5), (5, 9), (9, 14), (14, 18)]);
        assert_eq!(steps(Period::Month, &["2021-09-30", "2021-10-15"]), [(1, 5), (5, 9)]);
    }

    #[test]
    fn weeks_begin_on_the_day_that_the_row_names() {
        assert_eq!(
            steps(Period::Week, &["2021-08-30", "2021-09-06", "2021-09-10"]),
            [(0, 1), (1, 2), (2, 3)]
        );
        assert_eq!(steps(Period::Quarter, &["2021-Q4", "2021-11-20"]), [(5, 18), (5, 18)]);
        assert_eq!(steps(Period::Year, &["2022"]), [(18, 70)]);
    }

    #[test]
    fn a_period_that_begins_before_the_model_is_not_within_it() {
        let (clock, units) = weekly();
        let scale = TimeScale::Dates(clock.start.expect("the clock has dates"));
        let is_within = |cell: &str| {
            let row = row_time(cell, scale, &clock, &units).expect("a time");
            Period::Month.stretch(&row, &clock, &units).is_within(&clock)
        };
        assert_eq!(["2021-08", "2021-09", "2023-07", "2023-08"].map(is_within), [false, true, true, false]);
    }

    #[test]
    fn a_duration_is_known_as_one_period() {
        for (period, number, unit, same) in [
            (Period::Month, 1.0, "month", true),
            (Period::Quarter, 3.0, "months", true),
            (Period::Year, 4.0, "quarters", true),
            (Period::Week, 7.0, "days", true),
            (Period::Day, 24.0, "hours", true),
            (Period::Month, 4.0, "weeks", false),
            (Period::Month, 2.0, "months", false),
            (Period::Step, 1.0, "week", false),
            (Period::Year, 365.25, "days", false),
        ] {
            assert_eq!(period.is(number, unit), same, "{number} {unit} and {}", period.name());
        }
    }
}
