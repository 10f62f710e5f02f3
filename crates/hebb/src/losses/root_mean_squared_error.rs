//! The root of the mean squared error of a batch. This is the term below the root, which
//! [`CompiledLoss`](super::CompiledLoss) takes of the whole batch.

use super::term::{ErrorTerm, Values};
use super::{Reduction, squares};

#[derive(Debug)]
pub(super) struct RootMeanSquaredError {
    pub reduction: Reduction,
}

impl ErrorTerm for RootMeanSquaredError {
    fn value(&self, values: &Values, lane: usize) -> f64 {
        squares::sum(values, lane)
    }

    fn slopes(&self, values: &Values, scale: f32, gradient: &mut [f32]) {
        squares::slopes(values, scale, gradient);
    }

    fn divisor(&self, batch: usize, outputs: usize) -> f64 {
        self.reduction.divisor(batch, outputs)
    }

    fn factor(&self) -> f64 {
        2.0
    }

    fn constant(&self, moments: &[(f64, f64)], _samples: usize) -> Option<f64> {
        Some(self.reduction.variance(moments))
    }
}
