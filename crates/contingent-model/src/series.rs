//! Cells of data as times and numbers, and points in time as a series at every half step.
//!
//! Enters: the text of cells, the clock. Leaves: [`RowTime`]s, numbers, or [`CellProblem`]s in words; values at
//! half steps. Always holds: a date is counted in calendar months when the model steps in months, quarters,
//! years or decades, so that monthly rows meet monthly steps; rounding never hides a row from the step that
//! it belongs to.

use jiff::civil::Date;

use crate::checked::Clock;
use crate::unit::Units;

/// How far, in steps, a row may lie after a time and still count as reached: far above the rounding of
/// `k * dt / 2`, far below anything that data mean.
const TOLERANCE_STEPS: f64 = 1e-9;

/// What is wrong with a cell, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CellProblem {
    /// What the cell is not, such as `not a number`.
    pub(crate) label: &'static str,
    /// The fix.
    pub(crate) help: String,
}

fn problem<T>(label: &'static str, help: impl Into<String>) -> Result<T, CellProblem> {
    Err(CellProblem { label, help: help.into() })
}

/// How the cells of a column of times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeForm {
    Day,
    Month,
    Quarter,
    Year,
    Number,
}

impl TimeForm {
    /// In words, with its article.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Day => "a date",
            Self::Month => "a month",
            Self::Quarter => "a quarter",
            Self::Year => "a year",
            Self::Number => "a number",
        }
    }
}

/// When a row of data stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowTime {
    /// Time since the start, in the model's time unit.
    pub(crate) at: f64,
    /// The date; none when the cell is a number.
    pub(crate) date: Option<Date>,
    /// Where the period of a month, quarter or year ends.
    pub(crate) until: Option<f64>,
    /// How it is written.
    pub(crate) form: TimeForm,
}

/// How numbers in a column of times count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TimeScale {
    /// As dates, months, quarters and years, from this start.
    Dates(Date),
    /// As numbers of so many units of time, from the start.
    Numbers(f64),
}

/// The time that a cell stands for.
pub(crate) fn row_time(
    cell: &str,
    scale: TimeScale,
    clock: &Clock,
    units: &Units,
) -> Result<RowTime, CellProblem> {
    let start = match scale {
        TimeScale::Dates(start) => start,
        TimeScale::Numbers(unit) => {
            if written_date(cell).is_some_and(|(_, form)| form != TimeForm::Year) {
                return problem(
                    "a date in a column of numbers",
                    "number the rows by the time since the start; in a model with dates, leave out `in`",
                );
            }
            let at = number(cell)? * unit;
            if !at.is_finite() {
                return problem("too large to represent", "choose a larger unit of time: `by t in years`");
            }
            return Ok(RowTime { at, date: None, until: None, form: TimeForm::Number });
        }
    };
    let Some((date, form)) = written_date(cell) else {
        return problem(
            "not a date, a month or a year",
            "write dates as 2021-08-30, months as 2021-08, quarters as 2021-Q3 and years as 2021; \
             for numbers name their unit: `by t in weeks`",
        );
    };
    let Some(date) = date else {
        return problem("no such day", "dates are written year-month-day, for example 2021-08-30");
    };
    let months = match form {
        TimeForm::Month => 1,
        TimeForm::Quarter => 3,
        TimeForm::Year => 12,
        TimeForm::Day | TimeForm::Number => 0,
    };
    let until = if months == 0 {
        None
    } else {
        after_months(date, months).map(|end| time_between(start, end, clock, units))
    };
    Ok(RowTime { at: time_between(start, date, clock, units), date: Some(date), until, form })
}

/// The first day of what a cell names, if it is written as a date, month, quarter or year; no day when the
/// calendar has none.
fn written_date(cell: &str) -> Option<(Option<Date>, TimeForm)> {
    let bytes = cell.as_bytes();
    let digits = |range: std::ops::Range<usize>| -> Option<i16> {
        let part = bytes.get(range)?;
        part.iter().all(u8::is_ascii_digit).then(|| part.iter().fold(0, |n, d| n * 10 + i16::from(d - b'0')))
    };
    let small = |n: i16| i8::try_from(n).unwrap_or(0);
    let year = digits(0..4)?;
    match (bytes.len(), bytes.get(4), bytes.get(5), bytes.get(7)) {
        (4, ..) => Some((Date::new(year, 1, 1).ok(), TimeForm::Year)),
        (7, Some(b'-'), Some(b'Q'), _) => {
            let quarter = digits(6..7)?;
            let month = if (1..=4).contains(&quarter) { quarter * 3 - 2 } else { 0 };
            Some((Date::new(year, small(month), 1).ok(), TimeForm::Quarter))
        }
        (7, Some(b'-'), ..) => Some((Date::new(year, small(digits(5..7)?), 1).ok(), TimeForm::Month)),
        (10, Some(b'-'), _, Some(b'-')) => {
            let (month, day) = (digits(5..7)?, digits(8..10)?);
            Some((Date::new(year, small(month), small(day)).ok(), TimeForm::Day))
        }
        _ => None,
    }
}

/// A date some months later; none beyond the calendar.
pub(crate) fn after_months(date: Date, months: i64) -> Option<Date> {
    date.checked_add(jiff::Span::new().try_months(months).ok()?).ok()
}

/// Days from one date to another.
pub(crate) fn days_between(first: Date, last: Date) -> i32 {
    first.until(last).map_or(0, |span| span.get_days())
}

/// Time from the start to a date, in the model's time unit.
pub(crate) fn time_between(start: Date, date: Date, clock: &Clock, units: &Units) -> f64 {
    let months = match clock.time_unit.as_str() {
        "month" => 1.0,
        "quarter" => 3.0,
        "year" => 12.0,
        "decade" => 120.0,
        _ => return units.time_scale(f64::from(days_between(start, date))),
    };
    let mut whole =
        i64::from(date.year() - start.year()) * 12 + i64::from(date.month()) - i64::from(start.month());
    if after_months(start, whole).is_none_or(|begin| begin > date) {
        whole -= 1;
    }
    let begin = after_months(start, whole).unwrap_or(date);
    let end = after_months(start, whole + 1).unwrap_or(date);
    let length = days_between(begin, end).max(1);
    (whole as f64 + f64::from(days_between(begin, date)) / f64::from(length)) / months
}

/// The number that a cell stands for.
pub(crate) fn number(cell: &str) -> Result<f64, CellProblem> {
    if let Ok(value) = cell.parse::<f64>() {
        return if value.is_finite() {
            Ok(value)
        } else {
            problem("not a finite number", "leave the cell empty where a value is missing")
        };
    }
    let is_numeric = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+');
    let has_digit = cell.contains(|c: char| c.is_ascii_digit());
    if has_digit && cell.contains(',') && cell.chars().all(is_numeric) {
        let groups: Vec<&str> = cell.trim_start_matches(['-', '+']).split(['.', ',']).collect();
        let plain = cell.replace(',', "");
        let pointed = cell.replace('.', "").replace(',', ".");
        return match groups.as_slice() {
            [_, rest] if rest.len() == 3 => problem(
                "a comma within a number",
                format!(
                    "write `{plain}`, or with a decimal point `{pointed}`: which is meant cannot be told"
                ),
            ),
            [_, _] => problem("a decimal comma", format!("write decimals with a point: `{pointed}`")),
            _ => problem("commas between thousands", format!("write the number without them: `{plain}`")),
        };
    }
    if let Some(share) = cell.strip_suffix('%').and_then(|share| share.trim().parse::<f64>().ok()) {
        return problem("a percentage", format!("write it as a number: `{}`", share / 100.0));
    }
    if has_digit && cell.chars().all(|c| is_numeric(c) || c.is_whitespace() || matches!(c, '\'' | '_')) {
        let plain: String = cell.chars().filter(|&c| is_numeric(c)).collect();
        return problem("something stands between the digits", format!("write `{plain}`"));
    }
    problem("not a number", "write a number with a decimal point, and nothing where a value is missing")
}

/// How values hold between rows, and after the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rule {
    /// On a straight line to the next row; else each value holds until the next.
    pub(crate) linear: bool,
    /// The value after the last row; the last value when there is none.
    pub(crate) after: Option<f64>,
}

/// How far rows and steps may be apart and still meet.
pub(crate) fn tolerance(clock: &Clock) -> f64 {
    clock.dt * TOLERANCE_STEPS
}

/// Where the values of a column end, and whether the end itself is no longer covered.
pub(crate) fn covered_until(last: &RowTime, rule: Rule) -> (f64, bool) {
    match last.until {
        Some(until) if !rule.linear => (until, true),
        _ => (last.at, false),
    }
}

/// The values at `0, dt/2, dt, ...` up to the end of the model. `points` are in order of time, the first at
/// or before the start.
pub(crate) fn at_half_steps(points: &[(&RowTime, f64)], rule: Rule, clock: &Clock) -> Vec<f64> {
    let tolerance = tolerance(clock);
    let Some(&(last, last_value)) = points.last() else { return Vec::new() };
    let (end, is_open) = covered_until(last, rule);
    let mut next = 0;
    (0..=2 * clock.n_steps)
        .map(|k| {
            let t = k as f64 * clock.dt / 2.0;
            while next < points.len() && points[next].0.at <= t + tolerance {
                next += 1;
            }
            let is_over = if is_open { t >= end - tolerance } else { t > end + tolerance };
            if let (Some(after), true) = (rule.after, is_over) {
                return after;
            }
            let Some(&(before, value)) = next.checked_sub(1).and_then(|i| points.get(i)) else {
                return points[0].1;
            };
            match points.get(next) {
                Some(&(following, other)) if rule.linear => {
                    let share = ((t - before.at) / (following.at - before.at)).max(0.0);
                    let rise = other - value;
                    if rise.is_finite() {
                        value + rise * share
                    } else {
                        value * (1.0 - share) + other * share
                    }
                }
                Some(_) => value,
                None => last_value,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(time_unit: &str, days_per_unit: f64, dt: f64, n_steps: usize) -> (Clock, Units) {
        let start = Date::new(2021, 8, 1).ok();
        let clock = Clock {
            start,
            n_steps,
            dt,
            time_unit: time_unit.to_owned(),
            days_per_unit,
            origin: 0.0,
            record_steps: 1,
            method: crate::checked::Method::Euler,
        };
        (clock, Units::new(time_unit, days_per_unit))
    }

    fn times(cells: &[&str], clock: &Clock, units: &Units) -> Vec<RowTime> {
        let start = clock.start.expect("the clock has dates");
        let read = |cell: &&str| row_time(cell, TimeScale::Dates(start), clock, units);
        cells.iter().map(read).collect::<Result<_, _>>().expect("times")
    }

    #[test]
    fn months_meet_monthly_steps_whatever_their_length() {
        let (clock, units) = clock("month", 365.25 / 12.0, 1.0, 24);
        let rows = times(&["2021-08", "2021-09", "2022-02", "2022-03", "2023-08"], &clock, &units);
        let at: Vec<f64> = rows.iter().map(|row| row.at).collect();
        assert_eq!(at, [0.0, 1.0, 6.0, 7.0, 24.0]);
        assert_eq!(rows[2].until, Some(7.0));
        let middle = times(&["2021-09-16", "2020-08-01", "2021-07-31"], &clock, &units);
        assert_eq!(middle[0].at, 1.5);
        assert_eq!(middle[1].at, -12.0);
        assert!((middle[2].at + 1.0 / 31.0).abs() < 1e-15);
    }

    #[test]
    fn years_and_quarters_begin_on_their_first_day() {
        let (weekly, units) = clock("week", 7.0, 1.0, 10);
        let rows = times(&["2022", "2021-Q4", "2021-08-29"], &weekly, &units);
        assert_eq!(rows[0].at, 153.0 / 7.0);
        assert_eq!(rows[0].until, Some((153.0 + 365.0) / 7.0));
        assert_eq!(rows[1].at, 61.0 / 7.0);
        assert_eq!(rows[2].at, 4.0);
        let (yearly, units) = clock("year", 365.25, 1.0, 10);
        assert_eq!(times(&["2026-08-01"], &yearly, &units)[0].at, 5.0);
    }

    #[test]
    fn numbers_are_told_from_what_only_looks_like_them() {
        for (cell, value) in [("1500", 1500.0), ("-0.5", -0.5), ("2e3", 2000.0), (".5", 0.5), ("+3", 3.0)] {
            assert_eq!(number(cell), Ok(value));
        }
        for (cell, label, help) in [
            ("0,5", "a decimal comma", "`0.5`"),
            ("-12,25", "a decimal comma", "`-12.25`"),
            ("1,234", "a comma within a number", "`1234`"),
            ("1,234,567", "commas between thousands", "`1234567`"),
            ("1.234,5", "commas between thousands", "`"),
            ("5%", "a percentage", "`0.05`"),
            ("1 500", "something stands between the digits", "`1500`"),
            ("nan", "not a finite number", "empty"),
            ("inf", "not a finite number", "empty"),
            ("1e999", "not a finite number", "empty"),
            ("n/a", "not a number", "nothing where a value is missing"),
        ] {
            let found = number(cell).expect_err(cell);
            assert_eq!(found.label, label, "{cell}");
            assert!(found.help.contains(help), "{cell}: {}", found.help);
        }
    }

    #[test]
    fn values_hold_or_go_on_a_line_and_end_as_stated() {
        let (clock, units) = clock("day", 1.0, 1.0, 4);
        let rows = times(&["2021-07-31", "2021-08-02", "2021-08-04"], &clock, &units);
        let points: Vec<(&RowTime, f64)> = rows.iter().zip([10.0, 20.0, 0.0]).collect();
        let held = at_half_steps(&points, Rule { linear: false, after: Some(7.0) }, &clock);
        assert_eq!(held, [10.0, 10.0, 20.0, 20.0, 20.0, 20.0, 0.0, 7.0, 7.0]);
        let linear = at_half_steps(&points, Rule { linear: true, after: None }, &clock);
        assert_eq!(linear, [15.0, 17.5, 20.0, 15.0, 10.0, 5.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_held_month_covers_all_of_it() {
        let (clock, units) = clock("day", 1.0, 1.0, 40);
        let rows = times(&["2021-08"], &clock, &units);
        let points: Vec<(&RowTime, f64)> = rows.iter().map(|row| (row, 3.0)).collect();
        let series = at_half_steps(&points, Rule { linear: false, after: Some(9.0) }, &clock);
        assert_eq!(series[61], 3.0);
        assert_eq!(series[62], 9.0);
        assert_eq!(covered_until(&rows[0], Rule { linear: true, after: None }), (0.0, false));
    }

    #[test]
    fn rounding_hides_no_row_from_its_step() {
        let (clock, units) = clock("day", 1.0, 0.1, 1000);
        let rows: Vec<RowTime> = (0..=1000)
            .map(|k| row_time(&format!("{}", f64::from(k) / 10.0), TimeScale::Numbers(1.0), &clock, &units))
            .collect::<Result<_, _>>()
            .expect("times");
        let points: Vec<(&RowTime, f64)> = rows.iter().zip((0..=1000).map(f64::from)).collect();
        let series = at_half_steps(&points, Rule { linear: false, after: None }, &clock);
        for (k, value) in series.iter().enumerate() {
            assert_eq!(*value, (k / 2) as f64, "half step {k}");
        }
    }
}
