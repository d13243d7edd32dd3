//! From result columns to answers: estimates with intervals, what they hang on, words of likelihood.
//!
//! Enters: columns of numbers, one per run or one per draw, as plain slices; never the language or the model.
//! Leaves: estimates with intervals, spreads, indices, paired differences, phrases and fans, as plain data.
//! Always holds: runs are ordered draw-major, `run = draw * n_replications + replication`; the same columns
//! give the same bits on every machine, because only exact IEEE operations and the functions of
//! `contingent_engine::math` are used, in the order of the columns; nothing here reads files, the clock or chance.
//!
//! A *draw* fixes the assumptions (what we do not know), a *replication* repeats it with its own chance.
//! Three spreads follow and are never merged: simulation error, what we do not know within a view (epistemic)
//! and chance. The gap between views is left to the caller, who has the views.
//!
//! ```
//! use contingent_analysis::{OutcomeColumn, ProbabilityEstimate, phrase};
//!
//! // Four draws with two replications each: the event happened in 3 of 8 runs.
//! let happened = [0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0];
//! let estimate = ProbabilityEstimate::new(&OutcomeColumn::new(&happened, 2)).unwrap();
//! assert_eq!(estimate.probability, 0.375);
//! assert_eq!(phrase(0.375, estimate.interval).words, "almost no chance to very likely");
//! ```

pub mod column;
pub mod designed;
pub mod discovery;
pub mod fan;
pub mod first_order;
pub mod groups;
pub mod information;
pub mod interval;
pub mod morris;
mod order;
pub mod paired;
pub mod passage;
pub mod probability;
pub mod quantity;
pub mod regression;
pub mod resample;
pub mod robust;
pub mod saltelli;
pub mod sequential;
pub mod shapley;
pub mod special;
pub mod spread;
mod threads;
pub mod watch;
pub mod weights;
pub mod words;

pub use column::{DrawTotals, OutcomeColumn, Unanswerable};
pub use designed::DesignUnusable;
pub use discovery::{Discovery, DiscoveryOptions, DrawTable, Target, discover};
pub use fan::{Fan, fan};
pub use first_order::{
    AssumptionColumn, Basis, Direction, FirstOrder, FirstOrderIndex, RankedAssumptions, first_order,
};
pub use information::{KnowledgeGain, PartialInformation, knowledge_gain, partial_information};
pub use interval::{Interval, IntervalMethod};
pub use morris::{ElementaryEffect, ElementaryEffects, MorrisLayout, Step, Steps, elementary_effects};
pub use paired::{PairedDifference, paired_difference};
pub use passage::{PassageCurve, PassagePoint, passage_curve};
pub use probability::ProbabilityEstimate;
pub use quantity::{QuantileEstimate, QuantityEstimate};
pub use regression::{Basis as RegressionBasis, Design as RegressionDesign, Fit};
pub use resample::BootstrapOptions;
pub use robust::{Regret, Satisficing, regrets, satisficing};
pub use saltelli::{FactorIndices, IndexEstimate, PairIndex, SaltelliIndices, SaltelliLayout, saltelli};
pub use sequential::{Look, LookSchedule};
pub use spread::Spread;
pub use watch::{RankedSignal, Signal, signal};
pub use weights::effective_runs;
pub use words::{Likelihood, Phrase, Scale, in_100, interval_in_100, phrase, phrase_in};
