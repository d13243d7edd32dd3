//! From numbers and times to pixels, and the ticks between.
//!
//! Enters: axes, times, pixels. Leaves: positions and ticks with their labels. Always holds: a value outside of an axis stands at
//! its end; ticks lie within; labels of ticks do not touch.

use contingent_engine::math::log;
use jiff::civil::Date;

use super::draw::Style;
use super::shared::{Axis, Times};

/// An axis laid along pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ruler {
    axis: Axis,
    from: f64,
    to: f64,
}

impl Ruler {
    /// `low` of the axis stands at `from`, `high` at `to`.
    pub(crate) fn new(axis: Axis, from: f64, to: f64) -> Self {
        let finite = axis.low.is_finite() && axis.high.is_finite() && axis.low < axis.high;
        let axis = if finite { axis } else { Axis { low: 0.0, high: 1.0, is_log: false } };
        Self { axis: Axis { is_log: axis.is_log && axis.low > 0.0, ..axis }, from, to }
    }

    /// Where a value stands.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let Axis { low, high, is_log } = self.axis;
        let value = if value.is_nan() { low } else { value.clamp(low, high) };
        let share = if is_log { log(value / low) / log(high / low) } else { (value - low) / (high - low) };
        self.from + share * (self.to - self.from)
    }

    /// Whether a value lies on the axis.
    pub(crate) fn holds(&self, value: f64) -> bool {
        value >= self.axis.low && value <= self.axis.high
    }

    /// Round numbers on the axis, as many as fit when each needs `gap` pixels.
    pub(crate) fn ticks(&self, gap: f64) -> Vec<f64> {
        let most = ((self.to - self.from).abs() / gap.max(1.0)).max(1.0);
        let Axis { low, high, is_log } = self.axis;
        if is_log {
            let apart = |ticks: &[f64]| {
                ticks.len() >= 2
                    && ticks.windows(2).all(|pair| (self.at(pair[1]) - self.at(pair[0])).abs() >= gap)
            };
            for digits in [&[1.0, 2.0, 5.0][..], &[1.0, 3.0], &[1.0]] {
                let ticks = logarithmic_ticks(low, high, digits);
                if apart(&ticks) {
                    return ticks;
                }
            }
            // Every second, third, ... power of ten.
            for stride in 2..30 {
                let ticks: Vec<f64> =
                    logarithmic_ticks(low, high, &[1.0]).into_iter().step_by(stride).collect();
                if apart(&ticks) {
                    return ticks;
                }
            }
        }
        let ticks = multiples(low, high, round_step((high - low) / most));
        if is_log {
            let mut kept: Vec<f64> = Vec::new();
            for tick in ticks {
                if kept.last().is_none_or(|&last| (self.at(tick) - self.at(last)).abs() >= gap) {
                    kept.push(tick);
                }
            }
            return kept;
        }
        ticks
    }
}

/// The smallest step of 1, 2, 2.5 or 5 times a power of ten that is at least as large.
pub(crate) fn round_step(least: f64) -> f64 {
    if !(least.is_finite() && least > 0.0) {
        return 1.0;
    }
    // Powers of ten are made by multiplying up and dividing down, both of which are exact operations with one rounding each.
    let mut power = 1.0;
    while power > least {
        power /= 10.0;
    }
    while power * 10.0 <= least {
        power *= 10.0;
    }
    let digits: &[f64] = if power >= 10.0 { &[1.0, 2.0, 2.5, 5.0, 10.0] } else { &[1.0, 2.0, 5.0, 10.0] };
    digits.iter().map(|digit| digit * power).find(|&step| step >= least * 0.999_999_9).unwrap_or(10.0 * power)
}

/// Multiples of a step between two ends.
fn multiples(low: f64, high: f64, step: f64) -> Vec<f64> {
    let slack = 1e-9 * (high - low);
    let first = ((low - slack) / step).ceil();
    let mut ticks = Vec::new();
    let mut i = 0.0;
    while (first + i) * step <= high + slack && ticks.len() < 1_000 {
        // Tenths are divided, not multiplied, so that three of them are 0.3.
        let tick = if step < 1.0 { (first + i) / (1.0 / step).round() } else { (first + i) * step };
        ticks.push(if tick == 0.0 { 0.0 } else { tick });
        i += 1.0;
    }
    ticks
}

fn logarithmic_ticks(low: f64, high: f64, digits: &[f64]) -> Vec<f64> {
    let mut ticks = Vec::new();
    let mut power = 1.0;
    while power > low && power > 1e-300 {
        power /= 10.0;
    }
    while power * 10.0 <= low {
        power *= 10.0;
    }
    while power <= high && ticks.len() < 1_000 {
        ticks.extend(digits.iter().map(|digit| digit * power).filter(|&tick| tick >= low && tick <= high));
        power *= 10.0;
    }
    ticks
}

impl Axis {
    /// A linear axis with round ends that holds all values that are finite; it begins at zero unless that would waste most of it.
    pub fn holding(values: impl IntoIterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            return Self { low: 0.0, high: 1.0, is_log: false };
        }
        if low >= 0.0 && low < 0.6 * high || low == high && low > 0.0 {
            low = 0.0;
        }
        if low == high {
            high = low + if low == 0.0 { 1.0 } else { 0.1 * low.abs() };
        }
        let step = round_step((high - low) / 6.0);
        Self { low: (low / step).floor() * step, high: (high / step - 1e-9).ceil() * step, is_log: false }
    }

    /// The axis of probabilities, from 0 to 1.
    pub fn of_probabilities() -> Self {
        Self { low: 0.0, high: 1.0, is_log: false }
    }

    /// An axis of equal ratios when the values are above zero and differ by more than a hundredfold between their 5th and 95th
    /// hundredths, which a linear axis would press into a corner; otherwise a linear one.
    pub fn fitting(values: &[f64]) -> Self {
        let mut finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        finite.sort_by(f64::total_cmp);
        let at = |percent: usize| finite[(finite.len() - 1) * percent / 100];
        if finite.first().is_some_and(|&least| least > 0.0) && at(95) > 100.0 * at(5) {
            let (low, high) = (finite[0], finite[finite.len() - 1]);
            let mut ends = Self { low: 1.0, high: 1.0, is_log: true };
            while ends.low > low {
                ends.low /= 10.0;
            }
            while ends.low * 10.0 <= low {
                ends.low *= 10.0;
            }
            ends.high = ends.low * 10.0;
            while ends.high < high {
                ends.high *= 10.0;
            }
            return ends;
        }
        Self::holding(finite)
    }
}

/// A tick of a time axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TimeTick {
    /// Where it stands.
    pub(crate) x: f64,
    /// What stands below it.
    pub(crate) label: String,
    /// What stands below that, such as the year of a month.
    pub(crate) below: String,
}

/// Times laid along pixels.
pub(crate) struct TimeRuler<'a> {
    times: &'a Times,
    days: Vec<(f64, f64)>,
    ruler: Ruler,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn day_number(date: Date) -> f64 {
    crate::words::date::day_number(date) as f64
}

impl<'a> TimeRuler<'a> {
    /// From the earliest of the times and `earliest` to the last of the times.
    pub(crate) fn new(times: &'a Times, earliest: Option<f64>, from: f64, to: f64) -> Self {
        let first = times.values.first().copied().unwrap_or(0.0);
        let last = times.values.last().copied().unwrap_or(1.0);
        let low = earliest.map_or(first, |earliest| earliest.min(first));
        let high = if last > low { last } else { low + 1.0 };
        let parsed: Option<Vec<f64>> =
            times.dates.iter().map(|date| crate::words::date::parse(date).map(day_number)).collect();
        let days = match parsed {
            Some(days) if days.len() == times.values.len() && days.len() >= 2 => {
                times.values.iter().copied().zip(days).collect()
            }
            _ => Vec::new(),
        };
        Self { times, days, ruler: Ruler::new(Axis { low, high, is_log: false }, from, to) }
    }

    /// Where a time stands.
    pub(crate) fn at(&self, time: f64) -> f64 {
        self.ruler.at(time)
    }

    /// The name of the axis; empty when its labels are dates.
    pub(crate) fn name(&self) -> String {
        if self.days.is_empty() {
            format!("{}s since the start", self.times.unit.replace('_', " "))
        } else {
            String::new()
        }
    }

    /// The time of a day, between the times by straight lines and beyond them at their mean pace.
    fn time_of(&self, day: f64) -> f64 {
        let (first, last) = (self.days[0], self.days[self.days.len() - 1]);
        if day < first.1 || day > last.1 || last.1 <= first.1 {
            let pace = if last.1 > first.1 { (last.0 - first.0) / (last.1 - first.1) } else { 1.0 };
            return first.0 + (day - first.1) * pace;
        }
        let above = self.days.partition_point(|&(_, known)| known < day).clamp(1, self.days.len() - 1);
        let ((t0, d0), (t1, d1)) = (self.days[above - 1], self.days[above]);
        if d1 > d0 { t0 + (t1 - t0) * (day - d0) / (d1 - d0) } else { t0 }
    }

    /// The date of a time, the nearest day; none in an undated model.
    pub(crate) fn date_of(&self, time: f64) -> Option<Date> {
        if self.days.is_empty() {
            return None;
        }
        let (first, last) = (self.days[0], self.days[self.days.len() - 1]);
        let above = self.days.partition_point(|&(known, _)| known < time).clamp(1, self.days.len() - 1);
        let ((t0, d0), (t1, d1)) = if time < first.0 || time > last.0 {
            (first, last)
        } else {
            (self.days[above - 1], self.days[above])
        };
        let day = if t1 > t0 { d0 + (d1 - d0) * (time - t0) / (t1 - t0) } else { d0 };
        crate::words::date::of_day(day.round() as i64)
    }

    /// A time in words: `28 February 2022`, or `12 weeks`.
    pub(crate) fn told(&self, time: f64) -> String {
        match self.date_of(time) {
            Some(date) => crate::words::date::in_words(date),
            None => super::measure::with_unit(time, &self.times.unit),
        }
    }

    /// Ticks whose labels do not touch.
    pub(crate) fn ticks(&self) -> Vec<TimeTick> {
        if self.days.is_empty() {
            let widest = Style::Quiet.width(&super::measure::plain(self.ruler.axis.high)) + 22.0;
            return self
                .ruler
                .ticks(widest)
                .into_iter()
                .map(|time| TimeTick {
                    x: self.at(time),
                    label: super::measure::plain(time),
                    below: String::new(),
                })
                .collect();
        }
        let (Some(first), Some(last)) =
            (self.date_of(self.ruler.axis.low), self.date_of(self.ruler.axis.high))
        else {
            return Vec::new();
        };
        let pixels_per_day =
            (self.ruler.to - self.ruler.from).abs() / (day_number(last) - day_number(first)).max(1.0);
        let month_gap = Style::Quiet.width("Mmm") + 12.0;
        let year_gap = Style::Quiet.width("2000") + 12.0;
        for step in [1_i16, 2, 3, 6] {
            if pixels_per_day * 28.0 * f64::from(step) >= month_gap
                && (day_number(last) - day_number(first)) / (30.4 * f64::from(step)) >= 2.0
            {
                return self.dated_ticks(monthly(first, last, step), false);
            }
        }
        for step in [1_i16, 2, 5, 10, 20, 50, 100, 200, 500] {
            if pixels_per_day * 365.0 * f64::from(step) >= year_gap {
                let yearly = monthly(first, last, 12 * step);
                if yearly.len() >= 2 {
                    return self.dated_ticks(yearly, false);
                }
            }
        }
        let day_gap = Style::Quiet.width("28 Mmm") + 12.0;
        let step = [1_i64, 2, 7, 14, 28, 56]
            .into_iter()
            .find(|&step| pixels_per_day * step as f64 >= day_gap)
            .unwrap_or(112);
        let mut days = Vec::new();
        let mut day = Some(first);
        while let Some(date) = day.filter(|&date| date <= last) {
            days.push(date);
            day = crate::words::date::after(date, step);
        }
        self.dated_ticks(days, true)
    }

    fn dated_ticks(&self, dates: Vec<Date>, with_day: bool) -> Vec<TimeTick> {
        let whole_years = dates.len() >= 2 && dates.iter().all(|date| date.month() == 1 && date.day() == 1);
        let mut year = None;
        dates
            .into_iter()
            .map(|date| {
                let month = MONTHS[date.month() as usize - 1];
                let is_new = year != Some(date.year());
                year = Some(date.year());
                let (label, below) = if whole_years {
                    (date.year().to_string(), String::new())
                } else {
                    let label = if with_day { format!("{} {month}", date.day()) } else { month.to_owned() };
                    (label, if is_new { date.year().to_string() } else { String::new() })
                };
                TimeTick { x: self.at(self.time_of(day_number(date))), label, below }
            })
            .collect()
    }
}

/// The first days of every so many months, counted from January of year 0, between two dates.
fn monthly(first: Date, last: Date, step: i16) -> Vec<Date> {
    let count = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    let step = i32::from(step);
    let from = count(first) + i32::from(first.day() > 1);
    let mut month = (from + step - 1).div_euclid(step) * step;
    let mut dates = Vec::new();
    while month <= count(last) && dates.len() < 1_000 {
        let year = i16::try_from(month.div_euclid(12)).ok();
        let date = year.and_then(|year| Date::new(year, month.rem_euclid(12) as i8 + 1, 1).ok());
        dates.extend(date.filter(|&date| date <= last));
        month += step;
    }
    dates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(n: usize) -> Times {
        let start = jiff::civil::date(2021, 8, 30);
        Times {
            values: (0..n).map(|i| i as f64).collect(),
            unit: "week".to_owned(),
            dates: (0_i64..)
                .take(n)
                .map(|i| start.checked_add(jiff::Span::new().days(7 * i)).unwrap().to_string())
                .collect(),
        }
    }

    #[test]
    fn steps_are_round_and_no_smaller_than_asked() {
        assert_eq!(round_step(0.03), 0.05);
        assert_eq!(round_step(1.0), 1.0);
        assert_eq!(round_step(11.0), 20.0);
        assert_eq!(round_step(230.0), 250.0);
        assert_eq!(round_step(2.4e6), 2.5e6);
        assert_eq!(round_step(f64::NAN), 1.0);
    }

    #[test]
    fn ticks_are_what_they_read() {
        let ruler = Ruler::new(Axis { low: 0.0, high: 1.0, is_log: false }, 0.0, 500.0);
        assert_eq!(ruler.ticks(50.0), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]);
        let ruler = Ruler::new(Axis { low: 1.0, high: 1_000.0, is_log: true }, 0.0, 600.0);
        assert_eq!(ruler.ticks(40.0), [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0]);
        assert_eq!(ruler.ticks(150.0), [1.0, 10.0, 100.0, 1_000.0]);
        assert_eq!(Ruler::new(Axis { low: 3.0, high: 3.0, is_log: false }, 0.0, 9.0).ticks(1.0).len(), 6);
    }

    #[test]
    fn axes_hold_what_they_show_and_begin_at_zero_where_that_wastes_little() {
        let axis = Axis::holding([1_200.0, 4_150.0]);
        assert_eq!((axis.low, axis.high), (0.0, 5_000.0));
        let axis = Axis::holding([96.0, 99.0]);
        assert!(axis.low > 90.0 && axis.low <= 96.0 && axis.high >= 99.0);
        let axis = Axis::holding([-0.03, 0.17]);
        assert!(axis.low <= -0.03 && axis.high >= 0.17);
        assert_eq!(Axis::holding([f64::NAN]), Axis { low: 0.0, high: 1.0, is_log: false });
        assert_eq!(Axis::holding([0.0]), Axis { low: 0.0, high: 1.0, is_log: false });
        assert!(Axis::fitting(&[1.0, 5.0, 30.0, 2_000.0, 30_000.0]).is_log);
        assert!(!Axis::fitting(&[1.0, 2.0, 3.0]).is_log);
    }

    #[test]
    fn dated_ticks_are_firsts_of_months_with_their_year_once() {
        let times = weeks(105);
        let ruler = TimeRuler::new(&times, None, 0.0, 640.0);
        let ticks = ruler.ticks();
        assert!(ticks.len() >= 6, "{ticks:?}");
        assert_eq!(ticks.iter().filter(|tick| !tick.below.is_empty()).count(), 3);
        for pair in ticks.windows(2) {
            assert!(pair[1].x - pair[0].x >= Style::Quiet.width(&pair[0].label) + 6.0);
        }
        assert_eq!(ruler.told(26.0), "28 February 2022");
        let short = weeks(4);
        assert!(TimeRuler::new(&short, None, 0.0, 640.0).ticks()[0].label.starts_with("30 Aug"));
        let long: Times = Times {
            values: (0..=600).map(f64::from).collect(),
            unit: "month".to_owned(),
            dates: (0..=600).map(|i| format!("{:04}-{:02}-01", 1950 + i / 12, i % 12 + 1)).collect(),
        };
        let labels: Vec<String> =
            TimeRuler::new(&long, None, 0.0, 640.0).ticks().into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels[..2], ["1950", "1955"]);
    }

    #[test]
    fn undated_times_are_counted() {
        let times = Times { values: vec![0.0, 52.0], unit: "week".to_owned(), dates: Vec::new() };
        let ruler = TimeRuler::new(&times, Some(-10.0), 0.0, 600.0);
        assert_eq!(ruler.name(), "weeks since the start");
        assert_eq!(ruler.told(1.0), "1 week");
        assert_eq!(ruler.at(-10.0), 0.0);
        assert!(ruler.ticks().iter().any(|tick| tick.label == "20"));
    }
}
