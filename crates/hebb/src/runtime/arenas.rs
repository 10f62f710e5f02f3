//! The memory of steps.

use crate::plan::Layout;
use hebb_kernels::error::{Result, zeros};
use hebb_kernels::parallel::{self, Shared};

/// Arenas of one layout. They only grow, so that later steps allocate nothing.
pub(crate) struct Arenas {
    pub layout: Layout,
    pub(super) values: Vec<f32>,
}

/// One arena: the memory of a block of samples.
pub(crate) struct Arena<'a> {
    pub layout: &'a Layout,
    pub start: *mut f32,
}

// SAFETY: an arena has one user: `for_each` gives each thread a different one, and of `Several` each belongs to one
// block, whose parts write to disjoint memory.
unsafe impl Send for Arena<'_> {}
// SAFETY: as above.
unsafe impl Sync for Arena<'_> {}

/// Several arenas, one after another.
pub(crate) struct Several<'a> {
    layout: &'a Layout,
    memory: Shared<f32>,
    count: usize,
}

impl<'a> Several<'a> {
    /// The arena with this number.
    ///
    /// # Panics
    /// If there are fewer.
    pub fn get(&self, number: usize) -> Arena<'a> {
        assert!(number < self.count, "arena {number} of {}", self.count);
        Arena { layout: self.layout, start: self.memory.at(number * self.layout.size) }
    }
}

impl Arenas {
    pub fn new(layout: Layout) -> Self {
        Self { layout, values: Vec::new() }
    }

    /// At least `count` arenas.
    pub fn several(&mut self, count: usize) -> Result<Several<'_>> {
        let size = count.saturating_mul(self.layout.size);
        if self.values.len() < size {
            self.values = Vec::new();
            self.values = zeros(size, "the network's activations")?;
            #[cfg(feature = "checked")]
            self.guard();
        }
        #[cfg(feature = "checked")]
        self.check_guards();
        Ok(Several { layout: &self.layout, memory: Shared::new(&mut self.values), count })
    }

    /// Runs `task(index, arena)` for every index below `tasks`, on up to `threads` threads, each in an arena of its own.
    pub fn for_each(
        &mut self,
        threads: usize,
        tasks: usize,
        task: impl Fn(usize, &Arena) + Sync,
    ) -> Result<()> {
        let count = parallel::slots(tasks).min(threads);
        let several = self.several(count)?;
        parallel::for_each_slot(tasks, count, |index, slot| task(index, &several.get(slot)));
        Ok(())
    }

    pub fn bytes(&self) -> usize {
        self.values.len() * 4
    }
}
