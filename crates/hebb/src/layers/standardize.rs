//! y = (x − mean) / deviation: the scaling of the inputs as a part of the model, so that a saved model
//! reads the same raw values that it was trained on.

use super::{Block, Buffer, Operator};

/// A standardisation in a plan.
pub(crate) struct Standardize {
    pub mean: f32,
    pub deviation: f32,
    pub features: usize,
    pub input: Buffer,
    pub output: Buffer,
}

impl Standardize {
    fn map(&self, block: &Block, from: *const f32, to: *mut f32, f: impl Fn(f32) -> f32) {
        let size = self.features * block.level.block();
        // SAFETY: the plan gave both buffers `features` rows, and buffers in use never overlap.
        let (from, to) =
            unsafe { (std::slice::from_raw_parts(from, size), std::slice::from_raw_parts_mut(to, size)) };
        to.iter_mut().zip(from).for_each(|(to, &from)| *to = f(from));
    }
}

impl Operator for Standardize {
    fn forward(&self, block: &Block, _part: usize) {
        let scale = 1.0 / self.deviation;
        self.map(block, block.value(self.input), block.value(self.output), |x| (x - self.mean) * scale);
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let scale = 1.0 / self.deviation;
        self.map(block, block.gradient(self.output), block.gradient(self.input), |d| d * scale);
    }

    fn cost(&self) -> usize {
        self.features
    }
}
