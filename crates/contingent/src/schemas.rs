//! JSON schemas of the documents that commands print.
//!
//! Enters: nothing. Leaves: one schema per document. Always holds: a schema is derived from the type that is
//! serialised, so that it cannot say anything else than the program prints.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::answer::Answer;
use crate::claims::Verification;
use crate::compare::ComparisonDocument;
use crate::council::CouncilDocument;
use crate::diagnostics::DiagnosticsDocument;
use crate::evidence::EvidenceDocument;
use crate::exchange::ExchangeDocument;
use crate::explanation::ExplanationsDocument;
use crate::policies::PolicyReport;
use crate::report::Report;
use crate::run_summary::RunSummary;
use crate::sensitivity::SensitivityDocument;
use crate::watch::WatchList;

/// The schema of a document, under the name of its file.
pub struct NamedSchema {
    /// The name of the file without `.json`.
    pub name: &'static str,
    /// The command that prints such a document.
    pub printed_by: &'static str,
    /// The schema, of draft 2020-12.
    pub schema: Schema,
}

/// Every schema.
pub fn all() -> Vec<NamedSchema> {
    vec![
        NamedSchema {
            name: "answer",
            printed_by: "contingent answer MODEL --format json",
            schema: of::<Answer>(),
        },
        NamedSchema {
            name: "comparison",
            printed_by: "contingent compare MODEL --format json",
            schema: of::<ComparisonDocument>(),
        },
        NamedSchema {
            name: "council",
            printed_by: "contingent council FILE --format json",
            schema: of::<CouncilDocument>(),
        },
        NamedSchema {
            name: "diagnostics",
            printed_by: "contingent check MODEL --format json",
            schema: of::<DiagnosticsDocument>(),
        },
        NamedSchema {
            name: "evidence",
            printed_by: "contingent evidence MODEL --format json",
            schema: of::<EvidenceDocument>(),
        },
        NamedSchema {
            name: "exchange",
            printed_by: "contingent import FILE -o MODEL.ctg --format json",
            schema: of::<ExchangeDocument>(),
        },
        NamedSchema {
            name: "explanations",
            printed_by: "contingent explain --format json",
            schema: of::<ExplanationsDocument>(),
        },
        NamedSchema {
            name: "policies",
            printed_by: "contingent policies MODEL --format json",
            schema: of::<PolicyReport>(),
        },
        NamedSchema {
            name: "report",
            printed_by: "contingent answer MODEL, as report.json in the run directory",
            schema: of::<Report>(),
        },
        NamedSchema {
            name: "run-summary",
            printed_by: "contingent run MODEL --format json",
            schema: of::<RunSummary>(),
        },
        NamedSchema {
            name: "watch-list",
            printed_by: "contingent watch-list MODEL --format json",
            schema: of::<WatchList>(),
        },
        NamedSchema {
            name: "sensitivity",
            printed_by: "contingent sensitivity MODEL --format json",
            schema: of::<SensitivityDocument>(),
        },
        NamedSchema {
            name: "verification",
            printed_by: "contingent claims verify LEDGER --copy FILE --format json",
            schema: of::<Verification>(),
        },
    ]
}

/// The schema of what is written: a field that is always written is required, even where it may be null.
fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
