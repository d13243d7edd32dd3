//! Flows that split: one amount, several destinations.
//!
//! Enters: the amount that leaves within the step and the shares of all destinations but the last. Leaves: an
//! amount per destination. Always holds: the parts add up to the amount; whole things stay whole, each going
//! to one destination by chance, so that the counts are multinomial.

use super::{Lowering, Node};

/// A destination of a flow that splits, not the last.
pub(super) struct Part {
    /// Share of the whole amount.
    pub(super) share: Node,
    /// The uniform that decides how many whole things go there; none where things are not whole.
    pub(super) uniform: Option<Node>,
}

impl Lowering<'_> {
    /// The amounts of all destinations, the last of which takes the rest.
    ///
    /// A multinomial count is drawn as a chain of binomial ones, each from what is left with the share
    /// relative to the shares that are left (Davis 1993).
    pub(super) fn split(&mut self, amount: Node, parts: &[Part]) -> Vec<Node> {
        let zero = self.graph.constant(0.0);
        let mut share_left = self.graph.constant(1.0);
        let mut amount_left = amount;
        let mut amounts = Vec::with_capacity(parts.len() + 1);
        for part in parts {
            let share = self.graph.positive_part(part.share);
            let share = self.graph.minimum(share_left, share);
            let relative = self.graph.divide(share, share_left);
            let relative = self.graph.unit_interval(relative);
            let is_left = self.graph.less(zero, share_left);
            let relative = self.graph.select(is_left, relative, zero);
            let taken = match part.uniform {
                Some(uniform) => self.graph.binomial(amount_left, relative, uniform),
                None => self.graph.multiply(amount_left, relative),
            };
            amounts.push(taken);
            amount_left = self.graph.subtract(amount_left, taken);
            share_left = self.graph.subtract(share_left, share);
        }
        amounts.push(amount_left);
        amounts
    }
}
