//! Charts: each a function from plain data to a [`Figure`](crate::figure::Figure).
//!
//! Enters: numbers with their units, axes, labels. Leaves: figures. Always holds: the same data give the same bytes on every
//! machine and in the browser, since only exact operations decide where a mark stands; axes are those of the data, so that a
//! chart that is drawn again with other numbers stays where it is; nothing is told by colour alone; labels do not overlap.

pub mod conditions;
pub mod curve;
pub mod dot_plot;
pub mod fan;
pub mod fan_grid;
pub mod policies;
pub mod probability;
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

/// A frame with a title only.
fn draft(frame: &Frame, title: &str, table: crate::figure::Table) -> crate::figure::Figure {
    let (id, safe) = (crate::figure::escaped(&frame.id), crate::figure::escaped(title));
    let width = frame.width;
    crate::figure::Figure {
        id: id.clone(),
        title: title.to_owned(),
        description: title.to_owned(),
        svg: format!(
            "<svg class=\"chart\" id=\"{id}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {width} 60\">\
             <title id=\"{id}-title\">{safe}</title><desc id=\"{id}-desc\">{safe}</desc><text x=\"8\" y=\"24\">{safe}</text></svg>"
        ),
        table,
        caption: String::new(),
    }
}
