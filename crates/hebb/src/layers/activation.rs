//! Activations: elementwise ones, in place where the plan allows it, and softmax.

use super::{Block, Buffer, Operator};
use crate::kernels::{
    activation::{self as kernel, Elementwise},
    softmax,
};

/// An elementwise activation in a plan. `input` is `output` where nobody needs the net input any more.
pub(crate) struct Activation {
    pub kind: Elementwise,
    pub features: usize,
    pub input: Buffer,
    pub output: Buffer,
}

impl Operator for Activation {
    fn forward(&self, block: &Block, _part: usize) {
        let y = block.value(self.output);
        copy(block, block.value(self.input), y, self.features);
        // SAFETY: the plan gave the buffer `features` rows.
        unsafe { kernel::forward(block.level, self.kind, y, self.features) }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let dx = block.gradient(self.input);
        copy(block, block.gradient(self.output), dx, self.features);
        // SAFETY: as above.
        unsafe { kernel::backward(block.level, self.kind, block.value(self.output), dx, self.features) }
    }

    fn cost(&self) -> usize {
        self.features * 8
    }
}

fn copy(block: &Block, from: *const f32, to: *mut f32, features: usize) {
    if !std::ptr::eq(from, to) {
        // SAFETY: both are buffers of `features` rows, and different buffers in use never overlap.
        unsafe { from.copy_to_nonoverlapping(to, features * block.level.block()) }
    }
}

/// Softmax over all features.
pub(crate) struct Softmax {
    pub features: usize,
    pub input: Buffer,
    pub output: Buffer,
}

impl Operator for Softmax {
    fn forward(&self, block: &Block, _part: usize) {
        let (x, y) = (block.value(self.input), block.value(self.output));
        // SAFETY: the plan gave both buffers `features` rows.
        unsafe { softmax::forward(block.level, x, y, std::ptr::null_mut(), self.features) }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let (dy, dx) = (block.gradient(self.output), block.gradient(self.input));
        // SAFETY: as above.
        unsafe { softmax::backward(block.level, block.value(self.output), dy, dx, self.features) }
    }

    fn cost(&self) -> usize {
        self.features * 16
    }
}
