//! The report as tables.
//!
//! Enters: a [`PolicyReport`]. Leaves: files to be written. Always holds: a row per question, view and alternative; per
//! objective and alternative; per threshold, view and alternative; the numbers are those of the document.

use contingent_ensemble::store::Addition;

use super::{
    InformationRecord, ObjectiveRecord, PolicyQuestion, PolicyReport, PolicyRow, RegretRecord,
    ThresholdRecord, ThresholdRow, TradeOffRecord,
};
use crate::answer::ComparedMeasure;
use crate::table::Table;

/// The document itself and its tables, by path.
pub fn tables(report: &PolicyReport) -> Result<Vec<(String, Addition)>, serde_json::Error> {
    let json = serde_json::to_string_pretty(report)? + "\n";
    let mut files = vec![("policies.json".to_owned(), Addition::Text(json))];
    let rows: Vec<(&PolicyQuestion, &PolicyRow)> = report
        .questions
        .iter()
        .flat_map(|question| question.rows.iter().map(move |row| (question, row)))
        .collect();
    let compared = |row: &PolicyRow| match row.compared {
        ComparedMeasure::Probability => "probability",
        ComparedMeasure::Mean => "mean",
        ComparedMeasure::Never => "never",
    };
    let effects = Table::new(&rows)
        .text("question", |(question, _)| &question.id)
        .text("view", |(_, row)| &row.view)
        .text("alternative", |(_, row)| &row.alternative)
        .text("compared", |(_, row)| compared(row))
        .text("unit", |(question, _)| question.unit.as_deref().unwrap_or("1"))
        .number("value", |(_, row)| row.value)
        .number("difference", |(_, row)| row.difference)
        .range("difference", |(_, row)| row.interval)
        .truth("distinguishable", |(_, row)| row.difference.map(|_| row.distinguishable))
        .number("share_higher", |(_, row)| row.difference.map(|_| row.share_higher))
        .number("share_lower", |(_, row)| row.difference.map(|_| row.share_lower))
        .number("error_ratio", |(_, row)| row.error_ratio);
    files.push(("effects.parquet".to_owned(), Addition::Table(effects.columns())));

    let regrets: Vec<(&ObjectiveRecord, &RegretRecord)> = report
        .objectives
        .iter()
        .flat_map(|objective| objective.regrets.iter().map(move |regret| (objective, regret)))
        .collect();
    if !regrets.is_empty() {
        let columns = Table::new(&regrets)
            .text("question", |(objective, _)| &objective.question)
            .text("sense", |(objective, _)| &objective.sense)
            .text("alternative", |(_, regret)| &regret.alternative)
            .text("unit", |(objective, _)| objective.unit.as_deref().unwrap_or("1"))
            .number("worst_view", |(_, regret)| regret.worst_view)
            .text("worst_view_id", |(_, regret)| regret.worst_view_id.as_deref().unwrap_or(""))
            .number("mean", |(_, regret)| regret.mean)
            .number("p90", |(_, regret)| regret.p90)
            .number("max", |(_, regret)| regret.max)
            .number("share_best", |(_, regret)| regret.share_best)
            .columns();
        files.push(("regrets.parquet".to_owned(), Addition::Table(columns)));
    }
    let information: Vec<(&ObjectiveRecord, &InformationRecord)> = report
        .objectives
        .iter()
        .flat_map(|objective| objective.information.iter().map(move |found| (objective, found)))
        .collect();
    if !information.is_empty() {
        let columns = Table::new(&information)
            .text("question", |(objective, _)| &objective.question)
            .text("name", |(_, found)| &found.name)
            .truth("is_claim", |(_, found)| Some(found.is_claim))
            .text("unit", |(objective, _)| objective.unit.as_deref().unwrap_or("1"))
            .number("gain", |(_, found)| Some(found.gain))
            .range("gain", |(_, found)| Some(found.interval))
            .number("in_sample", |(_, found)| Some(found.in_sample))
            .number("share_changed", |(_, found)| Some(found.share_changed))
            .truth("distinguishable", |(_, found)| Some(found.distinguishable))
            .columns();
        files.push(("information.parquet".to_owned(), Addition::Table(columns)));
    }
    let trade_offs: Vec<(&TradeOffRecord, &ObjectiveRecord, f64)> = report
        .trade_offs
        .iter()
        .flat_map(|row| {
            let values = report.objectives.iter().zip(&row.values);
            values.map(move |(objective, &value)| (row, objective, value))
        })
        .collect();
    if !trade_offs.is_empty() {
        let columns = Table::new(&trade_offs)
            .text("alternative", |(row, ..)| &row.alternative)
            .text("question", |(_, objective, _)| &objective.question)
            .text("sense", |(_, objective, _)| &objective.sense)
            .text("unit", |(_, objective, _)| objective.unit.as_deref().unwrap_or("1"))
            .number("value", |&(.., value)| Some(value))
            .truth("efficient", |(row, ..)| Some(row.efficient))
            .columns();
        files.push(("trade_offs.parquet".to_owned(), Addition::Table(columns)));
    }
    let thresholds: Vec<(&ThresholdRecord, &ThresholdRow)> = report
        .thresholds
        .iter()
        .flat_map(|threshold| threshold.rows.iter().map(move |row| (threshold, row)))
        .collect();
    if !thresholds.is_empty() {
        let columns = Table::new(&thresholds)
            .text("question", |(threshold, _)| &threshold.question)
            .truth("at_most", |(threshold, _)| Some(threshold.at_most))
            .number("bound", |(threshold, _)| Some(threshold.bound))
            .text("share_of", |(threshold, _)| &threshold.share_of)
            .text("view", |(_, row)| &row.view)
            .text("alternative", |(_, row)| &row.alternative)
            .number("share", |(_, row)| row.share)
            .range("share", |(_, row)| row.interval)
            .number("explained", |(_, row)| row.explained)
            .columns();
        files.push(("thresholds.parquet".to_owned(), Addition::Table(columns)));
    }
    Ok(files)
}
