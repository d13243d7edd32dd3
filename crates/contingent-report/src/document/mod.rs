//! The documents that commands print as JSON and that pages are drawn from.
//!
//! Enters: nothing. Leaves: plain types. Always holds: they hold what was concluded, in words and numbers, and conclude nothing
//! themselves; what fills them lies in the driver.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod answer;
pub mod answer_parts;
pub mod checklists;
pub mod comparison;
pub mod discovery;
pub mod evidence;
pub mod live;
pub mod policies;
#[cfg(feature = "page")]
pub mod report;
pub mod sensitivity;
pub mod verification;
pub mod watch_list;

/// Which model it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelIdentity {
    /// Title.
    pub title: String,
    /// SHA-256 over the texts, lower-case hexadecimal.
    pub hash: String,
}
