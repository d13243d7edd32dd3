//! From a live answer to its charts.
//!
//! Enters: a [`LiveAnswer`], and the baseline that it is compared with. Leaves: figures. Always holds: the axes are those of the
//! baseline with room to move in, and stay; times of a fan and of dots are those of the model.

use crate::chart::{Axis, Band, Curve, CurveLine, DotPlot, Fan, Frame, Measure, Times, curve, dot_plot, fan};
use crate::document::answer_parts::{CurveAnswer, CurveMeaning};
use crate::document::live::{LiveAnswer, LiveDots, LiveFan};
use crate::figure::Figure;

/// Where the marks of a question and an indicator stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axes {
    fan: Option<Axis>,
    dots: Option<Axis>,
}

impl Axes {
    /// The axes that a baseline needs, with room for what other settings do.
    pub fn of(baseline: &LiveAnswer) -> Self {
        Self {
            fan: baseline.fan.as_ref().map(axis_of_fan),
            dots: baseline.dots.as_ref().map(|dots| axis_of_dots(dots, baseline)),
        }
    }

    /// The vertical axis of the fan, on which the printed one stands too, so that it can be drawn again in its place.
    pub fn fan(&self) -> Option<Axis> {
        self.fan
    }
}

/// The charts of an answer, `live-curve`, `live-dots` and `live-fan`, as far as there is something to show; behind it that of the
/// baseline, when it is another.
pub fn figures(answer: &LiveAnswer, baseline: Option<&LiveAnswer>, axes: &Axes, width: f64) -> Vec<Figure> {
    let frame = |id: &str| Frame { id: id.to_owned(), width };
    let mut figures = Vec::new();
    if let Some(found) = &answer.curve {
        let mut lines = vec![line(found, "these settings", false)];
        lines.extend(
            baseline.and_then(|baseline| baseline.curve.as_ref()).map(|found| line(found, "baseline", true)),
        );
        if lines.len() == 1 {
            lines[0].label.clear();
        }
        figures.push(curve(&Curve {
            frame: frame("live-curve"),
            title: answer.label.clone(),
            times: times(&found.times, &found.time_unit, &found.dates),
            is_held: found.meaning == CurveMeaning::HasHeld,
            lines,
            marks: Vec::new(),
        }));
    }
    if let (Some(found), Some(axis)) = (&answer.dots, axes.dots) {
        figures.push(dot_plot(&DotPlot {
            frame: frame("live-dots"),
            title: answer.label.clone(),
            measure: Measure::of_unit(&found.unit, found.is_share),
            values: found.values.clone(),
            threshold: None,
            times: found.is_time.then(|| times_of_model(answer)).flatten(),
            axis,
            n_runs: found.n_runs,
        }));
    }
    if let (Some(found), Some(axis)) = (&answer.fan, axes.fan) {
        let band = |band: &crate::document::live::LiveBand| Band {
            percent: band.percent,
            low: band.low.clone(),
            high: band.high.clone(),
        };
        figures.push(fan(&Fan {
            frame: frame("live-fan"),
            title: found.label.clone(),
            measure: Measure::of_unit(&found.unit, found.is_share),
            times: times(&found.times, &found.time_unit, &found.dates),
            bands: found.bands.iter().map(band).collect(),
            median: found.median.clone(),
            paths: found.paths.clone(),
            recorded: Vec::new(),
            threshold: None,
            ghost: baseline.and_then(|baseline| baseline.fan.as_ref()).map(|fan| fan.median.clone()),
            marks: Vec::new(),
            axis,
            n_runs: found.n_runs,
        }));
    }
    figures
}

fn line(found: &CurveAnswer, label: &str, is_ghost: bool) -> CurveLine {
    let ends = |ends: &[f64]| if is_ghost { Vec::new() } else { ends.to_vec() };
    CurveLine {
        label: label.to_owned(),
        probability: found.probability.clone(),
        low: ends(&found.low),
        high: ends(&found.high),
        is_ghost,
    }
}

fn times(values: &[f64], unit: &str, dates: &[String]) -> Times {
    Times { values: values.to_vec(), unit: unit.to_owned(), dates: dates.to_vec() }
}

/// The times of a curve or a fan, with their dates.
fn times_of_model(answer: &LiveAnswer) -> Option<Times> {
    let of_curve = answer.curve.as_ref().map(|curve| times(&curve.times, &curve.time_unit, &curve.dates));
    of_curve.or_else(|| answer.fan.as_ref().map(|fan| times(&fan.times, &fan.time_unit, &fan.dates)))
}

fn axis_of_fan(fan: &LiveFan) -> Axis {
    let ends = fan.bands.iter().flat_map(|band| band.low.iter().chain(&band.high));
    roomy(ends.chain(fan.paths.iter().flatten()).flatten().copied(), fan.is_share)
}

fn axis_of_dots(dots: &LiveDots, baseline: &LiveAnswer) -> Axis {
    if dots.is_time {
        // Until the end of the time of the model, so that what comes later stays on the chart.
        let last = times_of_model(baseline).and_then(|times| times.values.last().copied());
        let latest = dots.values.iter().flatten().copied().fold(1.0, f64::max);
        return Axis { low: 0.0, high: last.unwrap_or(latest), is_log: false };
    }
    roomy(dots.values.iter().flatten().copied(), dots.is_share)
}

/// An axis for numbers, with as much room again above them as a half of what they span, and from zero where that is near.
fn roomy(numbers: impl Iterator<Item = f64>, is_share: bool) -> Axis {
    let (low, high) = numbers
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return Axis { low: 0.0, high: 1.0, is_log: false };
    }
    let room = if high > low { 0.5 * (high - low) } else { 0.5 * high.abs().max(1.0) };
    let is_whole_share = is_share && low >= 0.0 && high <= 1.0;
    let below = if low >= 0.0 { (low - room).max(0.0) } else { low - room };
    let below = if low >= 0.0 && below < 0.25 * high { 0.0 } else { below };
    let above = if is_whole_share { (high + room).min(1.0) } else { high + room };
    Axis { low: below, high: if above > below { above } else { below + 1.0 }, is_log: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_room_and_stays_within_what_is_possible() {
        let axis = |values: &[f64], is_share| {
            let axis = roomy(values.iter().copied(), is_share);
            (axis.low, axis.high)
        };
        assert_eq!(axis(&[100.0, 300.0], false), (0.0, 400.0));
        assert_eq!(axis(&[1_000.0, 1_100.0], false), (950.0, 1_150.0));
        assert_eq!(axis(&[-10.0, 10.0], false), (-20.0, 20.0));
        assert_eq!(axis(&[0.2, 0.9], true), (0.0, 1.0));
        assert_eq!(axis(&[0.0], false), (0.0, 0.5));
        assert_eq!(axis(&[], false), (0.0, 1.0));
    }
}
