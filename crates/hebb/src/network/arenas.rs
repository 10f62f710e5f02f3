//! The memory that steps work in, and pointers into it that tasks may share.

use crate::error::{Result, zeros};
use crate::layers::Layout;

/// A pointer that tasks on other threads may use, each for a part of its own.
pub(crate) struct Shared<T>(*mut T);

// SAFETY: every task that receives one writes a part that no other task touches meanwhile.
unsafe impl<T> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub fn new(values: &mut [T]) -> Self {
        Self(values.as_mut_ptr())
    }

    pub fn at(&self, offset: usize) -> *mut T {
        self.0.wrapping_add(offset)
    }
}

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
