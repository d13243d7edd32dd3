//! Reporting checklists filled from a model and its answer.
//!
//! Enters: a checked model, and the answer where there is one. Leaves: a [`Checklist`] per standard. Always holds: an item is
//! filled only with what the model, the design or the answer states; what is missing is listed with what to write. The items are
//! worded here, not copied: ODD after Grimm et al. (2020), STRESS-SD after Monks et al. (2019), TRACE after Schmolke et al. (2010)
//! and Grimm et al. (2014).

mod facts;
mod odd;
mod render;
mod stress;
mod trace;

use contingent_model::CheckedModel;
use contingent_report::document::answer::Answer;
use contingent_report::document::checklists::{CHECKLIST_SCHEMA, Checklist, ChecklistItem, MissingRecord};

pub use render::{human, markdown};

/// A standard of reporting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// Overview, design concepts, details: agent-based and other simulation models.
    Odd,
    /// Strengthening the reporting of empirical simulation studies: system dynamics.
    StressSd,
    /// Transparent and comprehensive model evaluation.
    Trace,
}

impl Standard {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Odd, Self::StressSd, Self::Trace];

    /// The word for it in documents and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Odd => "odd",
            Self::StressSd => "stress-sd",
            Self::Trace => "trace",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Odd => "ODD: overview, design concepts, details",
            Self::StressSd => "STRESS-SD: reporting of system dynamics studies",
            Self::Trace => "TRACE: how the model was built, tested and used",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::Odd => "Grimm et al. 2020, Journal of Artificial Societies and Social Simulation 23 (2) 7",
            Self::StressSd => "Monks et al. 2019, Journal of Simulation 13 (1) 55-67",
            Self::Trace => {
                "Schmolke et al. 2010, Trends in Ecology and Evolution 25 (8) 479-486; Grimm et al. 2014, Ecological \
                 Modelling 280, 129-139"
            }
        }
    }
}

/// A standard filled from a model and, where it was run, its answer.
pub fn checklist(model: &CheckedModel, answer: Option<&Answer>, standard: Standard) -> Checklist {
    let facts = facts::Facts { model, answer };
    let items = match standard {
        Standard::Odd => odd::items(&facts),
        Standard::StressSd => stress::items(&facts),
        Standard::Trace => trace::items(&facts),
    };
    Checklist {
        schema: CHECKLIST_SCHEMA.to_owned(),
        standard: standard.name().to_owned(),
        title: standard.title().to_owned(),
        source: standard.source().to_owned(),
        model: model.title.clone(),
        items,
    }
}

/// An item under way.
fn item(number: &str, heading: &str, asks: &str) -> ChecklistItem {
    ChecklistItem {
        number: number.to_owned(),
        heading: heading.to_owned(),
        asks: asks.to_owned(),
        filled: Vec::new(),
        missing: Vec::new(),
    }
}

trait Filling: Sized {
    /// Adds what a fact says, or that it is missing.
    fn with(self, fact: facts::Fact) -> Self;
}

impl Filling for ChecklistItem {
    fn with(mut self, fact: facts::Fact) -> Self {
        match fact {
            facts::Fact::Said(text) => self.filled.push(text),
            facts::Fact::Missing { what, write } => {
                self.missing.push(MissingRecord { what: what.to_owned(), write: write.to_owned() });
            }
        }
        self
    }
}
