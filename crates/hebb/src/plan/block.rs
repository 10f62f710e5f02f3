//! A block of samples in its arena, and the layout of buffers there.

use hebb_kernels::simd::Level;

/// A buffer of the plan; the [`Layout`] says where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Buffer(pub usize);

/// The offsets of every buffer's values and gradients in an arena, in floats.
#[derive(Debug)]
pub(crate) struct Layout {
    pub values: Vec<usize>,
    pub gradients: Vec<usize>,
    pub size: usize,
    /// Samples side by side.
    pub lanes: usize,
    /// Features per buffer.
    #[cfg(any(debug_assertions, feature = "checked"))]
    pub features: Vec<usize>,
    /// Offsets of the guards, [`GUARD`] floats each.
    #[cfg(feature = "checked")]
    pub guards: Vec<usize>,
}

/// Size of the guard after each buffer, in floats (feature `checked`).
pub(crate) const GUARD: usize = 32;

/// The parameters of dropout's random masks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw {
    pub seed: u64,
    pub step: u64,
    /// The number of the block's first sample within the batch.
    pub sample: usize,
}

/// What operators run for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mode {
    /// Training: dropout draws masks, batch normalisation uses the statistics of the batch, and operators save what their
    /// backward pass reads.
    Training { draw: Draw },
    /// Inference: each sample's result depends on that sample alone.
    Inference,
}

impl Mode {
    pub fn is_training(self) -> bool {
        matches!(self, Mode::Training { .. })
    }
}

/// One block of samples: an arena, its layout, and the parameters.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    pub level: Level,
    pub arena: *mut f32,
    pub layout: &'a Layout,
    pub parameters: &'a [f32],
    /// The tensors without gradients.
    pub statistics: &'a [f32],
    /// The words of weights in fewer bits.
    pub stored: &'a [f32],
    /// Lanes that hold samples.
    pub count: usize,
    pub mode: Mode,
}

// SAFETY: a block is used by one task at a time, or by tasks that write to disjoint parts (see `Operator`).
unsafe impl Send for Block<'_> {}
// SAFETY: as above.
unsafe impl Sync for Block<'_> {}

impl Block<'_> {
    /// Samples side by side in every buffer: those of a whole block, or 1 in the arena of a single sample.
    pub fn lanes(&self) -> usize {
        self.layout.lanes
    }
    /// The block from time step `t` on, for buffers of `features` features per time step.
    pub fn step(&self, t: usize, features: usize) -> Self {
        Self { arena: self.arena.wrapping_add(t * features * self.lanes()), ..*self }
    }

    /// The distance in floats from its arena to that of another block of the same batch.
    pub fn distance(&self, other: &Block) -> usize {
        (other.arena as usize - self.arena as usize) / size_of::<f32>()
    }

    /// The start of a buffer in the arena.
    fn at(&self, offset: usize, _buffer: Buffer) -> *mut f32 {
        #[cfg(any(debug_assertions, feature = "checked"))]
        {
            let end = offset + self.layout.features[_buffer.0] * self.lanes();
            assert!(end <= self.layout.size, "{_buffer:?} ends at {end} of {}", self.layout.size);
        }
        self.arena.wrapping_add(offset)
    }
    /// The number of values of a buffer with `features` features.
    fn length(&self, _buffer: Buffer, features: usize) -> usize {
        #[cfg(any(debug_assertions, feature = "checked"))]
        assert!(features <= self.layout.features[_buffer.0], "{_buffer:?} has no {features} features");
        features * self.lanes()
    }
    /// The values of a buffer, `[features][lanes]`.
    pub fn value(&self, buffer: Buffer) -> *mut f32 {
        self.at(self.layout.values[buffer.0], buffer)
    }
    /// The gradient of a buffer.
    pub fn gradient(&self, buffer: Buffer) -> *mut f32 {
        self.at(self.layout.gradients[buffer.0], buffer)
    }
    /// A parameter tensor.
    pub fn parameter(&self, offset: usize) -> *const f32 {
        self.parameters[offset..].as_ptr()
    }
    /// A parameter tensor, or null if there is none.
    pub fn optional(&self, offset: Option<usize>) -> *const f32 {
        offset.map_or(std::ptr::null(), |offset| self.parameter(offset))
    }
    /// A tensor without gradient.
    pub fn statistic(&self, offset: usize) -> *const f32 {
        self.statistics[offset..].as_ptr()
    }
    /// Weights in fewer bits.
    pub fn stored(&self, at: usize) -> *const f32 {
        self.stored[at..].as_ptr()
    }
    /// The values of a buffer with `features` features.
    ///
    /// # Safety
    /// The plan must have given the buffer that many features, and nobody may write it meanwhile.
    pub unsafe fn values(&self, buffer: Buffer, features: usize) -> &[f32] {
        // SAFETY: the caller's.
        unsafe { std::slice::from_raw_parts(self.value(buffer), self.length(buffer, features)) }
    }
    /// As [`Block::values`], mutable.
    ///
    /// # Safety
    /// As there, and nobody may read it meanwhile.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn values_mut(&self, buffer: Buffer, features: usize) -> &mut [f32] {
        // SAFETY: the caller's.
        unsafe { std::slice::from_raw_parts_mut(self.value(buffer), self.length(buffer, features)) }
    }
    /// The gradient of a buffer with `features` features.
    ///
    /// # Safety
    /// As for [`Block::values`].
    pub unsafe fn gradients(&self, buffer: Buffer, features: usize) -> &[f32] {
        // SAFETY: the caller's.
        unsafe { std::slice::from_raw_parts(self.gradient(buffer), self.length(buffer, features)) }
    }
    /// As [`Block::gradients`], mutable.
    ///
    /// # Safety
    /// As for [`Block::values_mut`].
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn gradients_mut(&self, buffer: Buffer, features: usize) -> &mut [f32] {
        // SAFETY: the caller's.
        unsafe { std::slice::from_raw_parts_mut(self.gradient(buffer), self.length(buffer, features)) }
    }
}

#[cfg(test)]
mod tests;
