//! The document as tables.
//!
//! Enters: a [`SensitivityDocument`]. Leaves: files to be written. Always holds: a row per question and factor, and per
//! question and pair; the numbers are those of the document.

use contingent_ensemble::store::{Addition, TableColumn, TableValues};

use contingent_report::document::sensitivity::{
    EstimateRecord, FactorFinding, QuestionSensitivity, SensitivityDocument,
};

/// The document itself and its tables, by path.
pub fn tables(document: &SensitivityDocument) -> Result<Vec<(String, Addition)>, serde_json::Error> {
    // The document does not say where it lies, so that equal results are equal bytes.
    let mut placeless = document.clone();
    placeless.directory = None;
    let json = serde_json::to_string_pretty(&placeless)? + "\n";
    let mut files = vec![("sensitivity.json".to_owned(), Addition::Text(json))];
    let rows: Vec<(&QuestionSensitivity, &FactorFinding)> = document
        .questions
        .iter()
        .flat_map(|question| question.factors.iter().map(move |factor| (question, factor)))
        .collect();
    let text = |name: &str, of: &dyn Fn(&QuestionSensitivity, &FactorFinding) -> String| TableColumn {
        name: name.to_owned(),
        unit: "1".to_owned(),
        values: TableValues::Text(rows.iter().map(|(question, factor)| of(question, factor)).collect()),
    };
    let number = |name: &str, of: &dyn Fn(&FactorFinding) -> Option<f64>| TableColumn {
        name: name.to_owned(),
        unit: "1".to_owned(),
        values: TableValues::Number(rows.iter().map(|(_, factor)| of(factor)).collect()),
    };
    let integer = |name: &str, of: &dyn Fn(&FactorFinding) -> i32| TableColumn {
        name: name.to_owned(),
        unit: "1".to_owned(),
        values: TableValues::Integer(rows.iter().map(|(_, factor)| Some(of(factor))).collect()),
    };
    let mut columns = vec![
        text("question", &|question, _| question.id.clone()),
        text("factor", &|_, factor| factor.factor.clone()),
        text("label", &|_, factor| factor.label.clone()),
        integer("rank", &|factor| i32::try_from(factor.rank).unwrap_or(i32::MAX)),
        integer("tied_with_next", &|factor| i32::from(factor.tied_with_next)),
        integer("distinguishable", &|factor| i32::from(factor.distinguishable)),
        integer("first_is_bound", &|factor| i32::from(factor.first_is_bound)),
        text("direction", &|_, factor| factor.direction.clone()),
        number("low_third", &|factor| factor.low_third),
        number("high_third", &|factor| factor.high_third),
        number("share_unmoved", &|factor| factor.share_unmoved),
    ];
    let estimates: [(&str, fn(&FactorFinding) -> Option<EstimateRecord>); 6] = [
        ("first", |factor| factor.first),
        ("total", |factor| factor.total),
        ("shared", |factor| factor.shared),
        ("mu", |factor| factor.mu),
        ("mu_star", |factor| factor.mu_star),
        ("sigma", |factor| factor.sigma),
    ];
    for (name, of) in estimates {
        columns.push(number(name, &|factor| of(factor).map(|found| found.value)));
        columns.push(number(&format!("{name}_low"), &|factor| of(factor).map(|found| found.low)));
        columns.push(number(&format!("{name}_high"), &|factor| of(factor).map(|found| found.high)));
    }
    files.push(("indices.parquet".to_owned(), Addition::Table(columns)));
    let pairs: Vec<_> = document
        .questions
        .iter()
        .flat_map(|question| question.pairs.iter().map(move |pair| (question, pair)))
        .collect();
    if !pairs.is_empty() {
        let column = |name: &str, values: TableValues| TableColumn {
            name: name.to_owned(),
            unit: "1".to_owned(),
            values,
        };
        let texts = |values: Vec<String>| TableValues::Text(values);
        let numbers = |of: &dyn Fn(&EstimateRecord) -> f64| {
            TableValues::Number(pairs.iter().map(|(_, pair)| Some(of(&pair.index))).collect())
        };
        let distinguishable = pairs.iter().map(|(_, pair)| Some(i32::from(pair.distinguishable))).collect();
        files.push((
            "pairs.parquet".to_owned(),
            Addition::Table(vec![
                column("question", texts(pairs.iter().map(|(question, _)| question.id.clone()).collect())),
                column(
                    "first_factor",
                    texts(pairs.iter().map(|(_, pair)| pair.factors[0].clone()).collect()),
                ),
                column(
                    "second_factor",
                    texts(pairs.iter().map(|(_, pair)| pair.factors[1].clone()).collect()),
                ),
                column("index", numbers(&|index| index.value)),
                column("index_low", numbers(&|index| index.low)),
                column("index_high", numbers(&|index| index.high)),
                column("distinguishable", TableValues::Integer(distinguishable)),
            ]),
        ));
    }
    Ok(files)
}
