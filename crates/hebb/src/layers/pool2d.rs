//! Max and average pooling.

use super::{Block, Buffer, Operator};
use crate::kernels::{conv2d::Window, pool2d as kernel};

/// A max pooling in a plan.
pub(crate) struct MaxPool2d {
    pub window: Window,
    pub input: Buffer,
    pub output: Buffer,
    /// Which tap of each window was the largest.
    pub choice: Buffer,
}

impl Operator for MaxPool2d {
    fn forward(&self, block: &Block, _part: usize) {
        let (x, y, choice) = (block.value(self.input), block.value(self.output), block.value(self.choice));
        // SAFETY: the plan sized the buffers by this window.
        unsafe { kernel::max_forward(block.level, &self.window, x, y, choice) }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let (dy, dx) = (block.gradient(self.output), block.gradient(self.input));
        // SAFETY: as above.
        unsafe { kernel::max_backward(block.level, &self.window, dy, block.value(self.choice), dx) }
    }

    fn cost(&self) -> usize {
        cost(&self.window)
    }
}

/// An average pooling in a plan.
pub(crate) struct AveragePool2d {
    pub window: Window,
    pub input: Buffer,
    pub output: Buffer,
}

impl Operator for AveragePool2d {
    fn forward(&self, block: &Block, _part: usize) {
        // SAFETY: the plan sized the buffers by this window.
        unsafe {
            kernel::average_forward(
                block.level,
                &self.window,
                block.value(self.input),
                block.value(self.output),
            );
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let (dy, dx) = (block.gradient(self.output), block.gradient(self.input));
        // SAFETY: as above.
        unsafe { kernel::average_backward(block.level, &self.window, dy, dx) }
    }

    fn cost(&self) -> usize {
        cost(&self.window)
    }
}

fn cost(w: &Window) -> usize {
    w.channels * w.output[0] * w.output[1] * w.kernel[0] * w.kernel[1]
}
