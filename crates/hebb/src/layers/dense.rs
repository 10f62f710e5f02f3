//! The fully connected layer: y = W·x + b, with W `[units, inputs]`.

use super::{Block, Buffer, Operator, PART, optional_mut, rows};
use crate::kernels::dense as kernel;

/// A dense layer in a plan.
pub(crate) struct Dense {
    pub inputs: usize,
    pub units: usize,
    pub weight: usize,
    pub bias: Option<usize>,
    pub input: Buffer,
    pub output: Buffer,
    /// For the input transposed, in the backward pass.
    pub scratch: Buffer,
}

impl Operator for Dense {
    fn forward(&self, block: &Block, part: usize) {
        let (w, b) = (block.parameter(self.weight), block.optional(self.bias));
        let (x, y) = (block.value(self.input), block.value(self.output));
        // SAFETY: the plan sized buffers and tensors by inputs and units.
        unsafe { kernel::forward(block.level, w, b, x, y, self.inputs, rows(part, self.units)) }
    }

    fn backward_input(&self, block: &Block, part: usize) {
        let w = block.parameter(self.weight);
        let (dy, dx) = (block.gradient(self.output), block.gradient(self.input));
        // SAFETY: as above.
        unsafe {
            kernel::backward_input(block.level, w, dy, dx, self.inputs, self.units, rows(part, self.inputs))
        }
    }

    fn prepare_parameters(&self, block: &Block) {
        // SAFETY: the plan sized the scratch by `kernel::scratch`.
        unsafe {
            kernel::transpose(block.level, block.value(self.input), block.value(self.scratch), self.inputs)
        }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, part: usize) {
        let (dw, db) = (gradient.wrapping_add(self.weight), optional_mut(gradient, self.bias));
        let (xt, dy) = (block.value(self.scratch), block.gradient(self.output));
        // SAFETY: as above; `gradient` has the layout of the parameters.
        unsafe {
            kernel::backward_parameters(block.level, xt, dy, dw, db, self.inputs, rows(part, self.units))
        }
    }

    fn parts(&self) -> usize {
        self.units.div_ceil(PART)
    }

    fn input_parts(&self) -> usize {
        self.inputs.div_ceil(PART)
    }

    fn cost(&self) -> usize {
        self.inputs * self.units
    }
}
