//! The items of STRESS-SD (Monks et al. 2019), in our own words.
//!
//! Enters: facts. Leaves: items in the order of the standard. Always holds: every item of the standard is there.

use contingent_report::document::checklists::ChecklistItem;

use super::facts::Facts;
use super::{Filling as _, item};

pub(super) fn items(facts: &Facts<'_>) -> Vec<ChecklistItem> {
    vec![
        item("1.1", "Purpose of the model", "Why it was built and for whom.").with(facts.purpose()),
        item("1.2", "Model outputs", "What is computed and how it is defined.")
            .with(facts.questions())
            .with(facts.observation()),
        item("1.3", "Aims of experimentation", "What the runs are to find out.").with(facts.scenarios()),
        item("2.1", "Base model overview", "A picture of stocks, flows and feedback.").with(facts.loops()),
        item("2.2", "Base model logic", "How the parts act on each other.")
            .with(facts.parts())
            .with(facts.schedule()),
        item("2.3", "Scenario logic", "In what scenarios differ from the base.").with(facts.scenarios()),
        item("2.4", "Algorithms", "Rules of decision and other calculations.").with(facts.adaptation()),
        item("2.5", "Components", "Stocks, flows, auxiliaries, delays and tables, with units.")
            .with(facts.state())
            .with(facts.parts())
            .with(facts.sensing()),
        item("3.1", "Data sources", "Where numbers come from.").with(facts.sources()),
        item("3.2", "Preparation of data", "What was done to them before they entered.")
            .with(facts.preparation()),
        item("3.3", "Input parameters", "Every parameter with its value or distribution.")
            .with(facts.assumptions())
            .with(facts.inputs()),
        item("3.4", "Assumptions", "What is simplified or taken as given.")
            .with(facts.as_of())
            .with(facts.leaves_out()),
        item("4.1", "Initialization", "The state at the start.").with(facts.initial()),
        item("4.2", "Run length", "How long a run is.").with(facts.run_length()),
        item("4.3", "Estimation", "How many runs, and how results are estimated.").with(facts.design()),
        item("5.1", "Software", "Program and version.").with(facts.software()),
        item("5.2", "Random sampling", "How random numbers are made.")
            .with(facts.sampling())
            .with(facts.stochasticity()),
        item("5.3", "Model execution", "Time step and numerical method.")
            .with(facts.scales())
            .with(facts.schedule()),
        item("5.4", "System", "On what it was run.").with(facts.execution()),
        item("6.1", "Access", "How others get model and code.").with(facts.code()),
    ]
}
