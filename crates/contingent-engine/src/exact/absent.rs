//! What stands in the place of jumps one by one where the engine is built without them, as for pages of models that have none.
//!
//! Enters: a lowered model. Leaves: nothing. Always holds: a model that needs them is refused loudly, and never run as if it did not.

use std::convert::Infallible;

use crate::lower::Lowered;
use crate::program::{Block, BlockResult};
use crate::random::RoundKeys;

/// There is none.
#[derive(Clone, Debug)]
pub(crate) struct Exact(Infallible);

/// There is nothing to reuse.
#[derive(Debug, Default)]
pub(crate) struct Scratch;

impl Exact {
    pub(crate) fn new(lowered: &Lowered) -> Option<Self> {
        assert!(
            lowered.jumps.is_none(),
            "this program was built without jumps one by one, which the model makes"
        );
        None
    }

    pub(crate) fn other(&self, _: &Lowered) -> Self {
        match self.0 {}
    }

    pub(crate) fn listing(&self) -> String {
        match self.0 {}
    }

    pub(crate) fn run_block(
        &self,
        _: &Lowered,
        _: &[RoundKeys],
        _: &Block<'_>,
        _: &mut Scratch,
    ) -> BlockResult {
        match self.0 {}
    }
}
