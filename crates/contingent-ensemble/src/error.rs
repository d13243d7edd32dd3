//! What a caller of this crate can get wrong, and what the file system can refuse.
//!
//! Enters: nothing. Leaves: [`Error`]. Always holds: every message names the place and says what to do about
//! it; mistakes of the modeller are diagnostics of the model crate and never arrive here.

use std::fmt;
use std::io;
use std::path::PathBuf;

use contingent_engine::CompileError;
#[cfg(feature = "native")]
use parquet::errors::ParquetError;

/// Why an ensemble was not run or not stored.
#[derive(Debug)]
pub enum Error {
    /// The design has no draws or no replications.
    EmptyDesign {
        /// Draws asked for.
        n_draws: u32,
        /// Replications asked for.
        n_replications: u32,
    },
    /// The experiment names a view that the model does not have.
    UnknownView {
        /// Position asked for.
        position: usize,
        /// Number of views of the model.
        n_views: usize,
    },
    /// The experiment names a policy that the model does not have.
    UnknownPolicy {
        /// Position asked for.
        position: usize,
        /// Number of policies of the model.
        n_policies: usize,
    },
    /// A setting names an element that the variable does not have.
    UnknownElement {
        /// The variable.
        name: String,
        /// Position asked for.
        element: usize,
        /// Number of elements of the variable.
        n_elements: usize,
    },
    /// A setting names a variable that is of another kind.
    SettingOfAnotherKind {
        /// The variable.
        name: String,
        /// What the setting takes it for: `an assumption`, `a lever`, `a mechanism`.
        expected: &'static str,
    },
    /// A setting is not a finite number.
    SettingNotFinite {
        /// The variable.
        name: String,
        /// The value given, in base units.
        value: f64,
    },
    /// A setting of a lever lies outside its declared range.
    SettingOutOfRange {
        /// The lever.
        name: String,
        /// The value given, in shown units.
        value: f64,
        /// Lowest value allowed, in shown units.
        low: f64,
        /// Highest value allowed, in shown units.
        high: f64,
        /// The shown unit.
        unit: String,
    },
    /// A setting of a category is not the position of one of its alternatives.
    SettingNotAnAlternative {
        /// The assumption or mechanism.
        name: String,
        /// The value given.
        value: f64,
        /// The alternatives there are.
        alternatives: Vec<String>,
    },
    /// No joint distribution has the rank correlations that the model states.
    CorrelationsContradict {
        /// The assumptions that hang together through them, by name.
        assumptions: Vec<String>,
    },
    /// The results would not fit into the memory allowed.
    TooLarge {
        /// Bytes needed.
        needed: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The engine refused the model.
    Compile {
        /// Its reason.
        reason: CompileError,
    },
    /// The threads could not be started.
    #[cfg(feature = "native")]
    Threads {
        /// Number asked for; 0 means one per core.
        n_threads: usize,
        /// Why not.
        reason: rayon::ThreadPoolBuildError,
    },
    /// Something other than a run directory stands where one should be written.
    #[cfg(feature = "native")]
    NotARunDirectory {
        /// The place.
        path: PathBuf,
    },
    /// A path that cannot name a run directory, such as `..`.
    RunDirectoryUnnamed {
        /// The path given.
        path: PathBuf,
    },
    /// A text would be written outside of its run directory, or in place of the manifest.
    TextOutside {
        /// The relative path given.
        relative: String,
    },
    /// A name of the model cannot be the name of a column, because the tables use it themselves.
    ReservedColumn {
        /// The name.
        column: String,
        /// What has the name: `assumption`, `question` or `indicator`.
        declaration: &'static str,
    },
    /// A design has more draws or replications than a 32-bit column can count.
    PositionsTooLarge {
        /// Draws.
        n_draws: u32,
        /// Replications.
        n_replications: u32,
    },
    /// The same experiment was written twice into one run directory.
    ExperimentTwice {
        /// Name of the view.
        view: String,
        /// Name of the policy.
        policy: String,
    },
    /// Experiments of one run directory differ in their design, or those of one view in what was set.
    ExperimentsDiffer {
        /// Name of the view.
        view: String,
        /// What differs: `design` or `settings of assumptions`.
        what: &'static str,
    },
    /// A file or directory could not be read or written.
    File {
        /// What was tried, such as `create`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: io::Error,
    },
    /// A table could not be written.
    #[cfg(feature = "native")]
    Table {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: ParquetError,
    },
    /// A table could not be read.
    #[cfg(feature = "native")]
    UnreadableTable {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: ParquetError,
    },
    /// A run directory does not hold the experiment that is asked for.
    ExperimentMissing {
        /// Name of the view.
        view: String,
        /// Name of the policy.
        policy: String,
        /// What it holds, in words.
        known: Vec<String>,
    },
    /// A manifest is not what it should be.
    #[cfg(feature = "native")]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: serde_json::Error,
    },
    /// The new run directory is in place, but the one it replaced could not be removed.
    ReplacedRunLeft {
        /// Where the replaced one lies now.
        path: PathBuf,
        /// Why it could not be removed.
        reason: io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyDesign { n_draws, n_replications } => write!(
                f,
                "a design of {n_draws} draws and {n_replications} replications has no runs; both must be at \
                 least 1"
            ),
            Self::UnknownView { position, n_views } => {
                write!(
                    f,
                    "view number {position} was asked for, but the model has {n_views}; they count from 0"
                )
            }
            Self::UnknownPolicy { position, n_policies } => write!(
                f,
                "policy number {position} was asked for, but the model has {n_policies}; they count from 0"
            ),
            Self::UnknownElement { name, element, n_elements } => write!(
                f,
                "element number {element} of `{name}` was set, but it has {n_elements}; they count from 0"
            ),
            Self::SettingOfAnotherKind { name, expected } => write!(
                f,
                "`{name}` is not {expected}; only assumptions, levers and mechanisms can be set, each as what \
                 it is"
            ),
            Self::SettingNotFinite { name, value } => {
                write!(f, "`{name}` cannot be set to {value}; give a finite number")
            }
            Self::SettingOutOfRange { name, value, low, high, unit } => write!(
                f,
                "`{name}` cannot be set to {value} {unit}: its declared range is {low} to {high} {unit}; give \
                 a value within it or widen the range in the model"
            ),
            Self::SettingNotAnAlternative { name, value, alternatives } => write!(
                f,
                "`{name}` has no alternative number {value}; its alternatives, counted from 0, are {}",
                alternatives.join(", ")
            ),
            Self::CorrelationsContradict { assumptions } => write!(
                f,
                "the rank correlations among {} contradict each other: no joint distribution has them all; \
                 bring the `correlate` lines between them closer to 0",
                assumptions.join(", ")
            ),
            Self::TooLarge { needed, limit } => write!(
                f,
                "the results would take {}, and {} are allowed; use fewer draws or replications, or record \
                 fewer draws",
                in_mebibytes(*needed),
                in_mebibytes(*limit)
            ),
            Self::Compile { reason } => write!(f, "the model cannot be compiled: {reason}"),
            #[cfg(feature = "native")]
            Self::Threads { n_threads, reason } => {
                write!(f, "{n_threads} threads could not be started: {reason}; ask for fewer")
            }
            #[cfg(feature = "native")]
            Self::NotARunDirectory { path } => write!(
                f,
                "`{}` exists and is not a run directory (no manifest.json with schema {}), so it is left \
                 alone; choose another place or remove it yourself",
                path.display(),
                crate::RUN_SCHEMA
            ),
            Self::RunDirectoryUnnamed { path } => {
                write!(
                    f,
                    "`{}` does not name a directory that could be written; give it a name",
                    path.display()
                )
            }
            Self::TextOutside { relative } => write!(
                f,
                "`{relative}` cannot be written into a run directory; give a relative path inside it, other \
                 than manifest.json"
            ),
            Self::ReservedColumn { column, declaration } => write!(
                f,
                "the {declaration} `{column}` has the name of a column that the tables use themselves; rename \
                 it in the model to store its runs"
            ),
            Self::PositionsTooLarge { n_draws, n_replications } => write!(
                f,
                "a design of {n_draws} draws and {n_replications} replications cannot be stored; a run \
                 directory counts each up to {}",
                i32::MAX
            ),
            Self::ExperimentTwice { view, policy } => write!(
                f,
                "the experiment view `{view}`, policy `{policy}` was already written to this run directory; \
                 write each once"
            ),
            Self::ExperimentsDiffer { view, what } => write!(
                f,
                "the experiments of view `{view}` differ in their {what} from what the run directory holds; \
                 write them to separate run directories"
            ),
            Self::File { action, path, reason } => {
                write!(f, "cannot {action} `{}`: {reason}", path.display())
            }
            #[cfg(feature = "native")]
            Self::Table { path, reason } => {
                write!(f, "cannot write the table `{}`: {reason}", path.display())
            }
            #[cfg(feature = "native")]
            Self::UnreadableTable { path, reason } => write!(
                f,
                "cannot read the table `{}`: {reason}; run the model again to write it anew",
                path.display()
            ),
            Self::ExperimentMissing { view, policy, known } => write!(
                f,
                "the run directory does not hold view `{view}` with policy `{policy}`; it holds {}",
                if known.is_empty() { "nothing".to_owned() } else { known.join(", ") }
            ),
            #[cfg(feature = "native")]
            Self::Manifest { path, reason } => write!(
                f,
                "`{}` is not a manifest of a run directory: {reason}; run the model again to write one",
                path.display()
            ),
            Self::ReplacedRunLeft { path, reason } => write!(
                f,
                "the run directory was written, but the one it replaced is left at `{}`: {reason}; remove it \
                 yourself",
                path.display()
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { reason, .. } | Self::ReplacedRunLeft { reason, .. } => Some(reason),
            #[cfg(feature = "native")]
            Self::Table { reason, .. } | Self::UnreadableTable { reason, .. } => Some(reason),
            #[cfg(feature = "native")]
            Self::Manifest { reason, .. } => Some(reason),
            #[cfg(feature = "native")]
            Self::Threads { reason, .. } => Some(reason),
            _ => None,
        }
    }
}

fn in_mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1 << 20))
}
