//! The gradient of a value with several readers: the sum of the readers' gradients.

use super::{Block, Buffer, Operator};

/// Adds the gradients of the later readers to that of the first reader, which is the value's own buffer.
pub(crate) struct Fork {
    pub features: usize,
    pub output: Buffer,
    pub readers: Vec<Buffer>,
}

impl Operator for Fork {
    fn forward(&self, _block: &Block, _part: usize) {}

    fn backward_input(&self, block: &Block, _part: usize) {
        // SAFETY: the plan gave all these buffers `features` rows; they are in use at once and do not overlap.
        let sum = unsafe { block.gradients_mut(self.output, self.features) };
        for &reader in &self.readers {
            // SAFETY: as above.
            let one = unsafe { block.gradients(reader, self.features) };
            sum.iter_mut().zip(one).for_each(|(sum, one)| *sum += one);
        }
    }

    fn cost(&self) -> usize {
        self.features * self.readers.len()
    }
}
