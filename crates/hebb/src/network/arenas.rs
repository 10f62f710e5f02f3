//! The memory that steps work in.

use crate::error::{Result, zeros};
use crate::layers::Layout;
use crate::parallel::Shared;

/// Arenas of one layout. They only ever grow, so that steps allocate nothing once they have run.
pub(crate) struct Arenas {
    pub layout: Layout,
    values: Vec<f32>,
}

impl Arenas {
    pub fn new(layout: Layout) -> Self {
        Self { layout, values: Vec::new() }
    }

    /// At least `count` arenas.
    pub fn reserve(&mut self, count: usize) -> Result<Shared<f32>> {
        let size = count.saturating_mul(self.layout.size);
        if self.values.len() < size {
            self.values = Vec::new();
            self.values = zeros(size, "the network's activations")?;
        }
        Ok(Shared::new(&mut self.values))
    }

    pub fn bytes(&self) -> usize {
        self.values.len() * 4
    }
}
