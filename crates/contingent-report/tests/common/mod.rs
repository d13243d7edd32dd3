//! Small reports for tests: as little as a document can hold, to which each test adds what it is about.

#![allow(dead_code, reason = "each test file uses some of these")]

use contingent_report::document::answer::QuestionAnswer;
use contingent_report::document::report::Report;
use serde_json::{Value, json};

/// A probability question with its interval and word.
pub(crate) fn probability(id: &str, value: f64, low: f64, high: f64) -> Value {
    let mut question = question(id, "probability");
    question["estimate"] = json!({
        "probability": value,
        "interval": {"low": low, "high": high},
        "interval_method": "wilson",
        "word": "unlikely",
        "word_range": [20, 45],
        "word_range_text": "20-45%",
        "in_100": format!("{:.0} in 100", 100.0 * value),
        "n_runs": 20_000,
    });
    question
}

/// A question that has no answer yet.
pub(crate) fn question(id: &str, kind: &str) -> Value {
    json!({
        "id": id, "label": format!("Will {id} come?"), "kind": kind, "written": "P( within 26 weeks: x > 1 )",
        "resolves": "Yes if it is seen.", "when": "by 28 February 2022", "unit": null, "view": null, "estimate": null,
        "unanswerable": null, "spread": null, "views_gap": null, "base_rate": null, "given": null, "views": [],
        "policies": [], "hangs_on": [], "sensitivity": null
    })
}

/// A number or first time with five quantiles; null is never.
pub(crate) fn number(
    id: &str,
    kind: &str,
    unit: &str,
    quantiles: [Option<f64>; 5],
    never: Option<f64>,
) -> Value {
    let mut made = question(id, kind);
    made["unit"] = json!(unit);
    let range = json!({"low": quantiles[2], "high": quantiles[2]});
    let all: Vec<Value> = [0.05, 0.25, 0.5, 0.75, 0.95]
        .iter()
        .zip(quantiles)
        .map(|(probability, value)| json!({"probability": probability, "value": value, "interval": range}))
        .collect();
    made["estimate"] = json!({"quantiles": all, "interval": range, "n_runs": 20_000});
    if let Some(share) = never {
        made["estimate"]["never"] = json!({"probability": share, "interval": {"low": share, "high": share}});
    }
    made
}

/// An assumption that an answer hangs on.
pub(crate) fn hangs_on(label: &str, index: f64, is_tied: bool) -> Value {
    json!({
        "assumption": label.replace(' ', "_"), "label": label, "index": index,
        "interval": {"low": index - 0.02, "high": index + 0.02}, "low_third": 0.54, "high_third": 0.2, "direction": "lower",
        "distinguishable": true, "tied_with_next": is_tied, "claims": [], "is_judgement": true
    })
}

/// A view with its answer.
pub(crate) fn view(label: &str, value: f64) -> Value {
    json!({
        "id": label.replace(' ', "_"), "label": label, "spread": null,
        "estimate": {"probability": value, "interval": {"low": value, "high": value}, "interval_method": "wilson",
            "word": "likely", "word_range": [55, 80], "word_range_text": "55-80%",
            "in_100": format!("{:.0} in 100", 100.0 * value), "n_runs": 20_000}
    })
}

/// A policy with what it changes.
pub(crate) fn policy(label: &str, difference: f64, is_told: bool) -> Value {
    json!({
        "id": label.replace(' ', "_"), "label": label, "estimate": null, "compared": "probability",
        "difference": difference, "interval": {"low": difference - 0.01, "high": difference + 0.01},
        "distinguishable": is_told, "share_higher": 0.2, "share_lower": 0.0, "by_view": []
    })
}

/// A report on some questions.
#[expect(clippy::needless_pass_by_value, reason = "the questions are made where they are asked")]
pub(crate) fn report(questions: Vec<Value>) -> Report {
    let report = json!({
        "schema": "contingent.report/1",
        "command": "contingent answer model.ctg",
        "answer": {
            "schema": "contingent.answer/1", "version": "0.1.0",
            "model": {"title": "A model", "hash": "0123456789abcdef", "purpose": "Tests", "not_for": "Anything else",
                "as_of": "2021-08-29", "start": "2021-08-30", "horizon": "2023-08-28"},
            "seed": 1,
            "design": {"n_draws": 10_000, "n_replications": 2, "n_runs": 20_000, "n_experiments": 1, "complete": true},
            "questions": questions, "trajectories": [],
            "evidence": {"n_assumptions": 0, "n_judgement_only": 0, "n_our_reading": 0, "n_sourced": 0, "n_claims": 0,
                "n_sources": 0},
            "verification": null, "failures": {"n_runs": 0, "share": 0.0, "first": null},
            "clipping": {"n_runs": 0, "share": 0.0}, "leaves_out": [], "warnings": [],
            "validation_level": "none: not yet compared with events", "run_directory": null, "words": "icd203"
        },
        "fans": [], "fans_of_views": [], "futures": [], "views": [], "watch_list": null, "discovery": null,
        "policies": null,
        "evidence": {"schema": "contingent.evidence/1", "model": {"title": "A model", "hash": "0123456789abcdef"},
            "sentences": [], "warnings": [],
            "shares": {"n_assumptions": 0, "n_sourced": 0, "n_our_reading": 0, "n_judgement_only": 0,
                "judgement_share": null},
            "speakers": [], "sources": [], "assumptions": [], "uncited_claims": [], "answers": []},
        "claims": [], "sources": [], "assumptions": [], "description": [], "backtest": {"scores": [], "due": []},
        "files": [], "notes": []
    });
    serde_json::from_value(report).expect("a report")
}

/// A question of a document.
pub(crate) fn parsed(question: Value) -> QuestionAnswer {
    serde_json::from_value(question).expect("a question")
}
