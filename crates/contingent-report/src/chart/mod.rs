//! Charts: each a function from plain data to a [`Figure`](crate::figure::Figure).
//!
//! Enters: numbers with their units, axes, labels. Leaves: figures. Always holds: the same data give the same bytes on every
//! machine and in the browser, since only exact operations decide where a mark stands; axes are those of the data, so that a
//! chart that is drawn again with other numbers stays where it is; nothing is told by colour alone; labels do not overlap.

pub mod conditions;
pub mod curve;
pub mod dot_plot;
pub(crate) mod draw;
pub mod fan;
pub mod fan_grid;
pub(crate) mod letters;
mod measure;
pub mod policies;
pub mod probability;
mod rows;
mod scale;
pub mod shared;
pub mod tornado;
pub mod views;
pub mod waterfall;

pub use conditions::{Condition, Conditions, conditions};
pub use curve::{Curve, CurveLine, curve};
pub use dot_plot::{DotPlot, dot_plot};
pub use fan::{Band, Fan, Mark, Threshold, fan};
pub use fan_grid::{FanGrid, fan_grid};
pub use policies::{Policies, PolicyBar, policies};
pub use probability::{ProbabilityStrip, WordRange, probability_strip};
pub use shared::{Axis, Frame, Measure, Point, Span, Times};
pub use tornado::{Bar, Tornado, tornado};
pub use views::{ViewDot, Views, views};
pub use waterfall::{Part, Waterfall, waterfall};
