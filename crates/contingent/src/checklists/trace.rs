//! The elements of TRACE (Schmolke et al. 2010; Grimm et al. 2014), in our own words.
//!
//! Enters: facts. Leaves: items in the order of the standard. Always holds: every element of the standard is there.

use contingent_report::document::checklists::ChecklistItem;

use super::facts::Facts;
use super::{Filling as _, item};

pub(super) fn items(facts: &Facts<'_>) -> Vec<ChecklistItem> {
    vec![
        item("1", "Problem formulation", "Which decision or question the model serves, and its limits.")
            .with(facts.purpose())
            .with(facts.questions()),
        item("2", "Model description", "A description from which the model can be built again.")
            .with(facts.parts())
            .with(facts.schedule())
            .with(facts.code()),
        item("3", "Data evaluation", "How good the data and statements behind the parameters are.")
            .with(facts.sources())
            .with(facts.assumptions())
            .with(facts.as_of()),
        item("4", "Evaluation of the concept", "Which simplifications were made, and why.")
            .with(facts.principles())
            .with(facts.leaves_out()),
        item(
            "5",
            "Verification of the implementation",
            "Whether the program does what the description says.",
        )
        .with(facts.verification()),
        item("6", "Verification of outputs", "Whether outputs behave, and what was fitted to what.")
            .with(facts.health())
            .with(facts.patterns()),
        item("7", "Analysis", "How sensitive the outputs are to parameters and structure.")
            .with(facts.sensitivity())
            .with(facts.scenarios()),
        item("8", "Corroboration", "How outputs compare with data that had no part in building the model.")
            .with(facts.corroboration()),
    ]
}
