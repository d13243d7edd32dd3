//! The charts of a report: from its records to the data of each chart.
//!
//! Enters: a [`Report`]. Leaves: [`Figure`]s. Always holds: a chart whose numbers are absent is absent; axes are chosen once from
//! the records, so that a chart that is drawn again with other numbers stays where it is.
//!
//! The ids of charts are those that [`crate::page`] lists.

use contingent_analysis::words::Scale;

use super::numbers::in_unit;
use crate::chart::{
    Axis, Band, Bar, Condition, Conditions, Curve, CurveLine, DotPlot, Fan, FanGrid, Frame, Mark, Measure,
    Part, Policies, PolicyBar, ProbabilityStrip, Span, Threshold, Times, Tornado, ViewDot, Views, Waterfall,
    WordRange,
};
use crate::chart::{
    conditions, curve, dot_plot, fan, fan_grid, policies, probability_strip, tornado, views, waterfall,
};
use crate::content::Block;
use crate::document::answer::{
    Answer, BaseRateSummary, ComparedMeasure, Estimate, QuestionAnswer, QuestionKind, Range,
};
use crate::document::answer_parts::{CurveAnswer, CurveMeaning};
use crate::document::comparison::ComparedNumber;
use crate::document::discovery::BoxRecord;
use crate::document::report::{FanRecord, FuturesRecord, Report};
use crate::figure::Figure;
use crate::html::id_of;
use crate::live::Axes;

/// Where a chart stands, which says at which width its letters have their natural size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// In a column of text.
    Page,
    /// The same chart again for a narrow page, under an id of its own.
    Phone,
    /// Folded, on pages of any width.
    Row,
}

impl Size {
    fn frame(self, parts: &[&str]) -> Frame {
        let id = id_of(parts);
        match self {
            Self::Page => Frame { id, width: 720.0 },
            Self::Phone => Frame { id: format!("{id}-phone"), width: 360.0 },
            Self::Row => Frame { id, width: 520.0 },
        }
    }
}

/// A chart in a column of text, drawn for wide and for narrow pages.
pub(super) fn on_page(draw: impl Fn(Size) -> Option<Figure>) -> Option<Block> {
    let wide = Box::new(draw(Size::Page)?);
    Some(Block::Figure { wide, narrow: draw(Size::Phone).map(Box::new) })
}

/// A chart that is folded, drawn once, with its numbers told by its table.
pub(super) fn in_row(draw: impl Fn(Size) -> Option<Figure>) -> Option<Block> {
    Some(Block::Figure { wide: Box::new(draw(Size::Row)?.told_by_table()), narrow: None })
}

/// Assumptions in a tornado, and in one that is folded.
const N_BARS: usize = 8;
const N_BARS_OF_ROW: usize = 4;

fn span(range: Range) -> Option<Span> {
    Some(Span { low: range.low?, high: range.high? })
}

fn base_rate(rate: Option<&BaseRateSummary>) -> Option<Span> {
    rate.map(|rate| Span { low: rate.low, high: rate.high })
}

/// What the numbers of a question are.
fn measure_of(question: &QuestionAnswer) -> Measure {
    Measure::of_question(question.unit.as_deref())
}

/// The words of a scale as ranges of a ruler.
fn words_of(name: &str) -> Vec<WordRange> {
    match Scale::named(name) {
        Some(Scale::Phia) => Scale::Phia
            .steps()
            .iter()
            .map(|step| WordRange {
                word: step.words.to_owned(),
                low: f64::from(step.low),
                high: f64::from(step.high),
            })
            .collect(),
        _ => WordRange::icd203(),
    }
}

/// The answer on the ruler of words; none for a number or where there is no answer.
pub(super) fn strip(answer: &Answer, question: &QuestionAnswer, size: Size) -> Option<Figure> {
    let estimate = question.estimate.as_ref()?;
    Some(probability_strip(&ProbabilityStrip {
        frame: size.frame(&["q", &question.id, "strip"]),
        title: question.label.clone(),
        words: words_of(&answer.words),
        value: estimate.probability?,
        interval: span(estimate.interval),
        views: question.views_gap.and_then(span),
        base_rate: base_rate(question.base_rate.as_ref()),
    }))
}

fn times_of(values: &[f64], unit: &str, dates: &[String]) -> Times {
    Times { values: values.to_vec(), unit: unit.to_owned(), dates: dates.to_vec() }
}

/// How likely it is to have come by each time.
pub(super) fn passage(question: &QuestionAnswer, size: Size) -> Option<Figure> {
    let found: &CurveAnswer = question.curve.as_ref()?;
    if found.times.len() < 3 {
        return None;
    }
    let is_held = found.meaning == CurveMeaning::HasHeld;
    let kept = kept_times(found.times.len(), if size == Size::Page { usize::MAX } else { FEW_TIMES });
    let pick =
        |values: &[f64]| kept.iter().filter_map(|&place| values.get(place).copied()).collect::<Vec<f64>>();
    let title = if is_held { "Chance that it has held so far" } else { "Chance that it has come by then" };
    let mut drawn = curve(&Curve {
        frame: size.frame(&["q", &question.id, "curve"]),
        title: title.to_owned(),
        times: Times {
            values: pick(&found.times),
            unit: found.time_unit.clone(),
            dates: kept.iter().filter_map(|&place| found.dates.get(place).cloned()).collect(),
        },
        is_held,
        lines: vec![CurveLine {
            label: String::new(),
            probability: pick(&found.probability),
            low: pick(&found.low),
            high: pick(&found.high),
            is_ghost: false,
        }],
        marks: last_day(question, found).into_iter().collect(),
    });
    if size == Size::Row {
        // A folded chart tells every second of the dates, the last one always.
        let mut n_left = drawn.table.rows.len();
        drawn.table.rows.retain(|_| {
            n_left -= 1;
            n_left.is_multiple_of(2)
        });
    }
    Some(drawn)
}

/// The last day of the question, where it is one of the times.
fn last_day(question: &QuestionAnswer, found: &CurveAnswer) -> Option<Mark> {
    let position = found
        .dates
        .iter()
        .position(|date| question.when.ends_with(&crate::words::iso_date_in_words(date)))?;
    let is_inside = position + 1 < found.times.len();
    is_inside.then(|| Mark { time: found.times[position], label: question.when.clone() })
}

/// How the first indicator unfolds, on the axis on which it is drawn again when a reader moves something.
pub(super) fn first_fan(report: &Report, record: &FanRecord, size: Size) -> Option<Figure> {
    let live = report.live.as_ref().map(|live| &live.baseline);
    let is_same = |fan: &crate::document::live::LiveFan| fan.indicator == record.indicator;
    let axis =
        live.filter(|live| live.fan.as_ref().is_some_and(is_same)).and_then(|live| Axes::of(live).fan());
    Some(fan_on(record, axis.or_else(|| axis_of(&[record]))?, size))
}

/// How an indicator unfolds.
pub(super) fn fan_of(record: &FanRecord, size: Size) -> Option<Figure> {
    Some(fan_on(record, axis_of(&[record])?, size))
}

fn fan_on(record: &FanRecord, axis: Axis, size: Size) -> Figure {
    let frame = size.frame(&["fan", &record.indicator]);
    fan(&match size {
        Size::Page => fan_data(record, frame, axis),
        Size::Phone => fan_data(&thinned(record, FEW_TIMES), frame, axis),
        Size::Row => fan_data(&FanRecord { paths: Vec::new(), ..thinned(record, FEW_TIMES) }, frame, axis),
    })
}

/// Times that a small chart shows; more cannot be told apart at its width.
const FEW_TIMES: usize = 54;

/// Positions of at most `most` of `n` times, evenly spread, the first and the last among them.
fn kept_times(n: usize, most: usize) -> Vec<usize> {
    let stride = n.saturating_sub(1).div_ceil(most.max(2) - 1).max(1);
    let mut kept: Vec<usize> = (0..n).step_by(stride).collect();
    if n > 0 && kept.last() != Some(&(n - 1)) {
        kept.push(n - 1);
    }
    kept
}

/// A fan with fewer times.
fn thinned(record: &FanRecord, most: usize) -> FanRecord {
    let kept = kept_times(record.times.len(), most);
    let pick = |values: &[Option<f64>]| kept.iter().filter_map(|&place| values.get(place).copied()).collect();
    FanRecord {
        times: kept.iter().map(|&place| record.times[place]).collect(),
        dates: kept.iter().filter_map(|&place| record.dates.get(place).cloned()).collect(),
        bands: record
            .bands
            .iter()
            .map(|band| crate::document::report::BandRecord {
                percent: band.percent,
                low: pick(&band.low),
                high: pick(&band.high),
            })
            .collect(),
        median: pick(&record.median),
        paths: record.paths.iter().map(|path| pick(path)).collect(),
        ..record.clone()
    }
}

/// The data of a fan.
pub fn fan_data(record: &FanRecord, frame: Frame, axis: Axis) -> Fan {
    let bands = record
        .bands
        .iter()
        .map(|band| Band { percent: band.percent, low: band.low.clone(), high: band.high.clone() })
        .collect();
    Fan {
        frame,
        title: record.view_label.clone().unwrap_or_else(|| record.label.clone()),
        measure: Measure::of_unit(&record.unit, record.is_share),
        times: times_of(&record.times, &record.time_unit, &record.dates),
        bands,
        median: record.median.clone(),
        paths: record.paths.clone(),
        recorded: record.recorded.iter().map(|&[time, value]| crate::chart::Point { time, value }).collect(),
        threshold: None,
        ghost: None,
        marks: Vec::new(),
        axis,
        n_runs: record.n_runs,
    }
}

/// An axis that holds some fans with their single futures, from zero unless that would waste most of it; none when no run was
/// finite.
pub fn axis_of(records: &[&FanRecord]) -> Option<Axis> {
    let of_bands = || {
        records
            .iter()
            .flat_map(|record| &record.bands)
            .flat_map(|band| band.low.iter().chain(&band.high))
            .flatten()
    };
    // What was recorded must be seen in whole.
    let of_data = || records.iter().flat_map(|record| &record.recorded).map(|[_, value]| value);
    let of_paths = || records.iter().flat_map(|record| &record.paths).flatten().flatten();
    let lowest = |values: &mut dyn Iterator<Item = &f64>| values.copied().fold(f64::INFINITY, f64::min);
    let highest = |values: &mut dyn Iterator<Item = &f64>| values.copied().fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = (lowest(&mut of_bands().chain(of_data())), highest(&mut of_bands().chain(of_data())));
    if !low.is_finite() || !high.is_finite() {
        return None;
    }
    // A single wild future must not press everything else flat.
    let room = 0.5 * (high - low).max(0.0);
    let low = lowest(&mut of_paths()).clamp(low - room, low);
    let high = highest(&mut of_paths()).clamp(high, high + room);
    let bottom = if low >= 0.0 && low < 0.5 * high { 0.0 } else { low };
    let is_share = records.iter().all(|record| record.is_share);
    let top = if high > bottom { high } else { bottom + bottom.abs().max(1.0) };
    let top = if is_share && top <= 1.0 && top > 0.8 { 1.0 } else { top };
    Some(Axis { low: bottom, high: top, is_log: false })
}

/// Times that a panel among several shows.
const TIMES_OF_PANELS: usize = 28;

/// The first indicator under every view, on shared axes.
pub(super) fn fans_of_views(report: &Report, size: Size) -> Option<Figure> {
    let records: Vec<&FanRecord> = report.fans_of_views.iter().collect();
    let first = records.first()?;
    let axis = axis_of(&records)?;
    let panels = records
        .iter()
        .map(|record| {
            let title = record.view_label.clone().unwrap_or_else(|| "The model's own".to_owned());
            Fan { title, ..fan_data(&thinned(record, TIMES_OF_PANELS), size.frame(&["fan", "views"]), axis) }
        })
        .collect();
    Some(fan_grid(&FanGrid { frame: size.frame(&["fan", "views"]), title: first.label.clone(), panels }))
}

/// Equally likely futures of a number or of when something comes.
pub(super) fn futures(report: &Report, question: &QuestionAnswer, id: &[&str], size: Size) -> Option<Figure> {
    let record: &FuturesRecord = report.futures.iter().find(|record| record.question == question.id)?;
    let finite = || record.values.iter().flatten().copied();
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let is_time = question.kind != QuestionKind::Quantity;
    let end = question.curve.as_ref().and_then(|curve| curve.times.last().copied());
    let axis = if is_time {
        Axis {
            low: 0.0,
            high: end.or_else(|| high.is_finite().then_some(high)).unwrap_or(1.0).max(1e-9),
            is_log: false,
        }
    } else {
        if !low.is_finite() {
            return None;
        }
        number_axis(low, high)
    };
    let curve = question.curve.as_ref();
    let times = curve.filter(|_| is_time).map(|curve| times_of(&curve.times, &curve.time_unit, &curve.dates));
    let unit =
        question.unit.clone().or_else(|| curve.map(|curve| curve.time_unit.clone())).unwrap_or_default();
    let title = match question.kind {
        QuestionKind::Probability => format!("{}: when", question.label.trim_end_matches('?')),
        _ => question.label.clone(),
    };
    Some(dot_plot(&DotPlot {
        frame: size.frame(id),
        title,
        measure: Measure::of_unit(&unit, unit == "share"),
        values: record.values.clone(),
        threshold: None,
        times: times.filter(|times| !times.dates.is_empty()),
        axis,
        n_runs: record.n_runs,
    }))
}

/// An axis for numbers: of ratios when they lie far apart and above zero.
fn number_axis(low: f64, high: f64) -> Axis {
    if low > 0.0 && high / low >= 20.0 {
        return Axis { low: low * 0.9, high: high * 1.1, is_log: true };
    }
    let bottom = if low >= 0.0 && low < 0.5 * high { 0.0 } else { low };
    let top = if high > bottom { high } else { bottom + bottom.abs().max(1.0) };
    Axis { low: bottom, high: top, is_log: false }
}

/// What an answer hangs on.
pub(super) fn hangs_on(question: &QuestionAnswer, size: Size) -> Option<Figure> {
    let estimate = question.estimate.as_ref()?;
    let base = estimate.location()?;
    let n_bars = if size == Size::Row { N_BARS_OF_ROW } else { N_BARS };
    let told: Vec<_> = question.hangs_on.iter().filter(|found| found.distinguishable).take(n_bars).collect();
    if told.is_empty() {
        return None;
    }
    let mut rank = 1;
    let bars: Vec<Bar> = told
        .iter()
        .enumerate()
        .map(|(place, found)| {
            let tied_before = place > 0 && told[place - 1].tied_with_next;
            if !tied_before {
                rank = place + 1;
            }
            let ends = found.alternatives.clone().map_or_else(
                || ["low".to_owned(), "high".to_owned()],
                |names| names.map(|name| name.replace('_', " ")),
            );
            Bar {
                label: found.label.clone(),
                rank,
                is_tied: tied_before || (found.tied_with_next && place + 1 < told.len()),
                low: found.low_third,
                high: found.high_third,
                ends,
                share: found.index,
                interval: span(found.interval).unwrap_or(Span { low: 0.0, high: 1.0 }),
            }
        })
        .collect();
    let ends = || bars.iter().flat_map(|bar| [bar.low, bar.high]).flatten().chain([base]);
    let (low, high) = (ends().fold(f64::INFINITY, f64::min), ends().fold(f64::NEG_INFINITY, f64::max));
    let axis = if question.kind == QuestionKind::Probability {
        let step = 0.1;
        Axis {
            low: ((low - 0.02) / step).floor().max(0.0) * step,
            high: (((high + 0.02) / step).ceil() * step).min(1.0),
            is_log: false,
        }
    } else {
        let room = 0.05 * (high - low).max(1e-9);
        Axis { low: low - room, high: high + room, is_log: false }
    };
    Some(tornado(&Tornado {
        frame: size.frame(&["q", &question.id, "hangs", "on"]),
        // A folded chart stands within its question.
        title: if size == Size::Row {
            "What the answer hangs on".to_owned()
        } else {
            format!("What the answer hangs on: {}", question.label)
        },
        measure: measure_of(question),
        base,
        bars,
        axis,
    }))
}

/// The answer under rival views.
pub(super) fn views_of(question: &QuestionAnswer, size: Size) -> Option<Figure> {
    if question.views.is_empty() {
        return None;
    }
    let mut rows = Vec::new();
    if question.view.is_none() {
        rows.push(view_dot("The model's own", true, question.estimate.as_ref()));
    }
    rows.extend(
        question.views.iter().map(|view| {
            view_dot(&view.label, Some(&view.id) == question.view.as_ref(), view.estimate.as_ref())
        }),
    );
    let axis = if question.kind == QuestionKind::Probability {
        Axis { low: 0.0, high: 1.0, is_log: false }
    } else {
        let ends = || {
            rows.iter()
                .flat_map(|row| {
                    [row.value, row.spread.map(|spread| spread.low), row.spread.map(|spread| spread.high)]
                })
                .flatten()
        };
        let (low, high) = (ends().fold(f64::INFINITY, f64::min), ends().fold(f64::NEG_INFINITY, f64::max));
        if !low.is_finite() {
            return None;
        }
        number_axis(low, high)
    };
    Some(views(&Views {
        frame: size.frame(&["q", &question.id, "views"]),
        title: format!("Rival views: {}", question.label),
        measure: measure_of(question),
        rows,
        base_rate: base_rate(question.base_rate.as_ref()),
        axis,
    }))
}

fn view_dot(label: &str, is_base: bool, estimate: Option<&Estimate>) -> ViewDot {
    let mut dot =
        ViewDot { label: label.to_owned(), is_base, value: None, interval: None, spread: None, note: None };
    let Some(estimate) = estimate else {
        dot.note = Some("no run counts".to_owned());
        return dot;
    };
    if let Some(probability) = estimate.probability {
        dot.value = Some(probability);
        dot.interval = span(estimate.interval);
        return dot;
    }
    let quantile = |place: usize| estimate.quantiles.get(place);
    dot.value = quantile(2).and_then(|median| median.value);
    dot.interval = quantile(2).and_then(|median| span(median.interval));
    dot.spread = quantile(0)
        .and_then(|low| low.value)
        .zip(quantile(4).and_then(|high| high.value))
        .map(|(low, high)| Span { low, high });
    if dot.value.is_none() {
        dot.note = Some("never, in half of the runs or more".to_owned());
    }
    dot
}

/// Where the gap between two readings comes from.
pub(super) fn gap_of(report: &Report, size: Size) -> Option<Figure> {
    let document = report.gap.as_ref()?;
    let [first, second] = document.pair.as_ref()?;
    let question = document.questions.first()?;
    let found = question.waterfall.as_ref()?;
    let name = |id: &String| {
        let known = document.views.iter().find(|view| view.id == *id);
        crate::words::text::capitalised(known.map_or(id.as_str(), |view| view.label.as_str()))
    };
    let parts = found
        .parts
        .iter()
        .map(|part| Part {
            label: part.label.clone(),
            value: part.part.value,
            interval: Some(Span { low: part.part.low, high: part.part.high }),
            distinguishable: part.distinguishable,
        })
        .collect();
    Some(waterfall(&Waterfall {
        frame: size.frame(&["q", &question.id, "gap"]),
        title: format!("Where the gap comes from: {}", question.label),
        measure: if question.compared == ComparedNumber::Mean {
            Measure::of_question(question.unit.as_deref())
        } else {
            Measure::InHundred
        },
        from: (name(first), found.from),
        to: (name(second), found.to),
        parts,
    }))
}

/// What policies change.
pub(super) fn policies_of(report: &Report, question: &QuestionAnswer, size: Size) -> Option<Figure> {
    let rows: Vec<PolicyBar> = question
        .policies
        .iter()
        .map(|policy| PolicyBar {
            label: policy.label.clone(),
            difference: policy.difference,
            interval: policy.interval.and_then(span),
            distinguishable: policy.distinguishable,
            across_views: across_views(report, &question.id, &policy.id, policy.compared),
            worst: None,
            share_higher: policy.share_higher,
            share_lower: policy.share_lower,
        })
        .collect();
    if rows.iter().all(|row| row.difference.is_none()) {
        return None;
    }
    let ends = || {
        rows.iter()
            .flat_map(|row| [row.interval, row.across_views])
            .flatten()
            .flat_map(|span| [span.low, span.high])
            .chain([0.0])
    };
    let (low, high) = (ends().fold(f64::INFINITY, f64::min), ends().fold(f64::NEG_INFINITY, f64::max));
    let room = 0.06 * (high - low).max(1e-6);
    let compared = question.policies.first().map(|policy| policy.compared);
    Some(policies(&Policies {
        frame: size.frame(&["q", &question.id, "policies"]),
        title: format!("What policies change: {}", question.label),
        measure: if compared == Some(ComparedMeasure::Mean) {
            measure_of(question)
        } else {
            Measure::InHundred
        },
        rows,
        axis: Axis { low: low - room, high: high + room, is_log: false },
    }))
}

/// The smallest and the largest difference of a policy over the readings.
pub(super) fn across_views(
    report: &Report,
    question: &str,
    policy: &str,
    compared: ComparedMeasure,
) -> Option<Span> {
    let found = report.policies.as_ref()?.questions.iter().find(|asked| asked.id == question)?;
    let differences: Vec<f64> = found
        .rows
        .iter()
        .filter(|row| row.alternative == policy && row.compared == compared)
        .filter_map(|row| row.difference)
        .collect();
    if differences.len() < 2 {
        return None;
    }
    Some(Span {
        low: differences.iter().copied().fold(f64::INFINITY, f64::min),
        high: differences.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    })
}

/// What a box demands.
pub(super) fn box_of(place: usize, found: &BoxRecord, size: Size) -> Option<Figure> {
    if found.restrictions.is_empty() {
        return None;
    }
    let rows = found
        .restrictions
        .iter()
        .map(|restriction| Condition {
            label: restriction.label.clone(),
            words: restriction.words.clone(),
            range: restriction.tried.map(|[low, high]| Span { low, high }),
            low: restriction.low,
            high: restriction.high,
            alternatives: restriction
                .alternatives
                .iter()
                .map(|name| (name.replace('_', " "), true))
                .chain(restriction.alternatives_outside.iter().map(|name| (name.replace('_', " "), false)))
                .collect(),
        })
        .collect();
    let number = (place + 1).to_string();
    Some(conditions(&Conditions {
        frame: size.frame(&["box", &number]),
        title: format!("Conditions of the futures in box {number}"),
        rows,
    }))
}

/// A level as a threshold, for charts that count what lies above it.
pub fn threshold(question: &QuestionAnswer, value: f64) -> Threshold {
    Threshold { value, label: in_unit(question, value) }
}
