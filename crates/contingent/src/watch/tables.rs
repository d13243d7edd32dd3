//! The watch list as a table.
//!
//! Enters: a [`WatchList`]. Leaves: files to be written. Always holds: a row per question, indicator and day; the numbers
//! are those of the document.

use contingent_ensemble::store::Addition;

use super::{MeasuredRecord, SignalRecord, WarningRecord, WatchList, WatchedQuestion};
use crate::answer::Range;
use crate::table::Table;

type Row<'a> = (&'a WatchedQuestion, &'a SignalRecord);

/// The document itself and its table, by path.
pub fn tables(list: &WatchList) -> Result<Vec<(String, Addition)>, serde_json::Error> {
    let json = serde_json::to_string_pretty(list)? + "\n";
    let rows: Vec<Row<'_>> = list
        .questions
        .iter()
        .flat_map(|question| question.signals.iter().map(move |signal| (question, signal)))
        .collect();
    let mut table = Table::new(&rows)
        .text("question", |(question, _)| &question.id)
        .text("indicator", |(_, signal)| &signal.indicator)
        .text("unit", |(_, signal)| &signal.unit)
        .number("time", |(_, signal)| Some(signal.time))
        .text("date", |(_, signal)| signal.date.as_deref().unwrap_or(""))
        .number("lead", |(_, signal)| Some(signal.lead))
        .text("time_unit", |(_, signal)| &signal.time_unit)
        .number("share_open", |(_, signal)| Some(signal.share_open))
        .integer("n_runs", |(_, signal)| Some(signal.n_runs))
        .integer("n_true", |(_, signal)| Some(signal.n_true))
        .text("unjudged", |(_, signal)| signal.unjudged.as_deref().unwrap_or(""))
        .truth("distinguishable", |(_, signal)| signal.area.map(|_| signal.distinguishable));
    let measured: [(&str, fn(&SignalRecord) -> Option<MeasuredRecord>); 3] = [
        ("probability", |signal| signal.probability),
        ("area", |signal| signal.area),
        ("gain", |signal| signal.gain),
    ];
    for (name, of) in measured {
        table = with_interval(table, name, of);
    }
    table = table
        .number("threshold", |(_, signal)| signal.warning.map(|warning| warning.threshold))
        .truth("is_above", |(_, signal)| signal.warning.map(|warning| warning.is_above))
        .number("warned", |(_, signal)| signal.warning.map(|warning| warning.share))
        .number("median_lead", |(_, signal)| signal.warning.and_then(|warning| warning.median_lead));
    let of_warning: [(&str, fn(&WarningRecord) -> MeasuredRecord); 4] = [
        ("probability_if", |warning| warning.probability_if),
        ("probability_unless", |warning| warning.probability_unless),
        ("ratio_if", |warning| warning.ratio_if),
        ("ratio_unless", |warning| warning.ratio_unless),
    ];
    for (name, of) in of_warning {
        table = with_interval(table, name, move |signal| signal.warning.as_ref().map(of));
    }
    Ok(vec![
        ("watch_list.json".to_owned(), Addition::Text(json)),
        ("signals.parquet".to_owned(), Addition::Table(table.columns())),
    ])
}

fn with_interval<'r, 'a>(
    table: Table<'r, Row<'a>>,
    name: &str,
    of: impl Fn(&SignalRecord) -> Option<MeasuredRecord>,
) -> Table<'r, Row<'a>> {
    let range = |found: MeasuredRecord| Range { low: Some(found.low), high: Some(found.high) };
    table
        .number(name, |(_, signal)| of(signal).map(|found| found.value))
        .range(name, |(_, signal)| of(signal).map(range))
}
