//! The items of ODD (Grimm et al. 2020), in our own words.
//!
//! Enters: facts. Leaves: items in the order of the standard. Always holds: every item of the standard is there.

use contingent_report::document::checklists::ChecklistItem;

use super::facts::Facts;
use super::{Filling as _, item};

pub(super) fn items(facts: &Facts<'_>) -> Vec<ChecklistItem> {
    vec![
        item(
            "1",
            "Purpose and patterns",
            "What the model is for, and by which patterns it is judged fit for that.",
        )
        .with(facts.purpose())
        .with(facts.questions())
        .with(facts.patterns()),
        item(
            "2",
            "Entities, state variables and scales",
            "What is represented, what describes it, over which time and space.",
        )
        .with(facts.entities())
        .with(facts.state())
        .with(facts.scales()),
        item("3", "Process overview and scheduling", "What happens in which order.").with(facts.schedule()),
        item("4.1", "Basic principles", "The ideas and theories behind the design.").with(facts.principles()),
        item("4.2", "Emergence", "Which results arise from the behaviour and which are put in.")
            .with(facts.emergence()),
        item("4.3", "Adaptation", "What decides, and how decisions respond.").with(facts.adaptation()),
        item("4.4", "Objectives", "What deciders aim at.").with(facts.objectives()),
        item("4.5", "Learning", "Whether rules change with experience.").with(facts.learning()),
        item("4.6", "Prediction", "Whether deciders look ahead.").with(facts.prediction()),
        item("4.7", "Sensing", "What deciders know, and how late.").with(facts.sensing()),
        item("4.8", "Interaction", "Who acts on whom.").with(facts.interaction()),
        item("4.9", "Stochasticity", "Where chance enters, and why.").with(facts.stochasticity()),
        item("4.10", "Collectives", "Groups that act or are acted upon as one.").with(facts.entities()),
        item("4.11", "Observation", "What is collected from runs.").with(facts.observation()),
        item("5", "Initialization", "How a run begins.").with(facts.initial()),
        item("6", "Input data", "What from outside drives a run.").with(facts.inputs()),
        item("7", "Submodels", "Every process in full, with its parameters.")
            .with(facts.parts())
            .with(facts.assumptions()),
    ]
}
