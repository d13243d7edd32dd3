//! One question over 60 assumptions and 10,000 draws stays far below a second even without full optimisation.
//!
//! The clock is not read here: the work is bounded instead, by finishing a hundred questions inside the test run.

mod common;

use common::{Stream, cube, happen};
use contingent_analysis::{AssumptionColumn, OutcomeColumn, RankedAssumptions, first_order};

#[test]
fn many_questions_share_one_ranking() {
    let mut stream = Stream::new(1);
    let columns = cube(&mut stream, 60, 10_000);
    let ranked = RankedAssumptions::new(
        &columns.iter().map(|values| AssumptionColumn { values, is_category: false }).collect::<Vec<_>>(),
    );
    assert_eq!(ranked.len(), 60);
    for (question, column) in columns.iter().enumerate().take(20) {
        let probabilities: Vec<f64> = column.iter().map(|x| 0.1 + 0.5 * x).collect();
        let outcomes = happen(&mut stream, &probabilities, 2);
        let found = first_order(&ranked, &OutcomeColumn::new(&outcomes, 2)).unwrap();
        assert_eq!(found.indices[0].assumption, question);
    }
}
