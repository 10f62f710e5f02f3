//! The layers: each file checks a layer's spec, says what it makes of a shape, and computes it forward and
//! backward, one block of samples at a time.

pub(crate) mod activation;
pub(crate) mod conv2d;
pub(crate) mod dense;
pub(crate) mod dropout;
pub(crate) mod pool2d;
pub(crate) mod standardize;

use crate::simd::Level;

/// A buffer of the plan; where it lies is a matter of the [`Layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Buffer(pub usize);

/// Where every buffer's values and gradients lie in an arena, in floats.
#[derive(Debug)]
pub(crate) struct Layout {
    pub values: Vec<usize>,
    pub gradients: Vec<usize>,
    pub size: usize,
}

/// What dropout needs to draw its masks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw {
    pub seed: u64,
    pub step: u64,
    /// The number, within the batch, of the block's first sample.
    pub sample: usize,
}

/// One block of samples at work: an arena, and where things lie in it.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    pub level: Level,
    pub arena: *mut f32,
    pub layout: &'a Layout,
    pub parameters: *const f32,
    /// Set in training.
    pub draw: Option<Draw>,
}

// SAFETY: a block is handed to one task at a time, or to tasks that write apart (see `Operator`).
unsafe impl Send for Block<'_> {}
// SAFETY: as above.
unsafe impl Sync for Block<'_> {}

impl Block<'_> {
    /// The values of a buffer, `[features][block]`.
    pub fn value(&self, buffer: Buffer) -> *mut f32 {
        self.arena.wrapping_add(self.layout.values[buffer.0])
    }
    /// The gradient of a buffer.
    pub fn gradient(&self, buffer: Buffer) -> *mut f32 {
        self.arena.wrapping_add(self.layout.gradients[buffer.0])
    }
    /// A parameter tensor.
    pub fn parameter(&self, offset: usize) -> *const f32 {
        self.parameters.wrapping_add(offset)
    }
    /// A parameter tensor that may be missing: then null.
    pub fn optional(&self, offset: Option<usize>) -> *const f32 {
        offset.map_or(std::ptr::null(), |offset| self.parameter(offset))
    }
}

/// A step of the plan. Its work is cut into parts that write apart, so that parts of one block can run at
/// once; the cut depends on shapes alone.
pub(crate) trait Operator: Send + Sync {
    /// Computes the output's values from the input's.
    fn forward(&self, block: &Block, part: usize);
    /// Computes the input's gradient from the output's.
    fn backward_input(&self, block: &Block, part: usize);
    /// Once a block before its `backward_parameters`.
    fn prepare_parameters(&self, _block: &Block) {}
    /// Adds the block's share to `gradient`, all parameters' gradients.
    fn backward_parameters(&self, _block: &Block, _gradient: *mut f32, _part: usize) {}
    /// The parts of `forward` and `backward_parameters`.
    fn parts(&self) -> usize {
        1
    }
    /// The parts of `backward_input`.
    fn input_parts(&self) -> usize {
        1
    }
    /// Multiply–adds a sample, forward.
    fn cost(&self) -> usize;
}

/// Rows of one part: a few tiles of the micro-kernel.
pub(crate) const PART: usize = 16;

/// The rows of a part.
pub(crate) fn rows(part: usize, total: usize) -> std::ops::Range<usize> {
    part * PART..((part + 1) * PART).min(total)
}

/// A parameter pointer that may be missing: then null.
pub(crate) fn optional_mut(base: *mut f32, offset: Option<usize>) -> *mut f32 {
    offset.map_or(std::ptr::null_mut(), |offset| base.wrapping_add(offset))
}
