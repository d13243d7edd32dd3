//! Claims of articles: reading files, ledgers on disk, checking pins against copies, putting pins into a model.
//!
//! Enters: paths of articles, ledgers and models. Leaves: ledgers, documents with versioned schemas, changed texts of models.
//! Always holds: files are read here and nowhere below; no sentence of an article leaves except to the terminal of whoever gave
//! the copy.

mod files;
mod journal;
mod pinning;
mod review;
mod verification;

pub use files::{
    FileError, LEDGER_ENDING, OpenLedger, SPEAKERS_FILE, ledger_text, read_article, read_ledger,
    read_registry,
};
pub use journal::{Journal, forget_journal, journal_path};
pub use pinning::{PinChange, PinError, PinOutcome, PinRequest, Place, pin_model};
pub use review::{Next, Review, draw_review};
pub use verification::*;
