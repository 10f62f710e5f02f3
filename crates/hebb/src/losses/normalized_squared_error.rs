//! ΣΣ (a − t)² / ΣΣ (t − t̄)²: 1 if the network predicts the mean of the targets (OpenNN).

use super::squares;
use super::term::{ErrorTerm, Reading, Values};
use crate::plan::{Output, Plan};
use hebb_kernels::error::{Error, Result};

#[derive(Debug)]
pub(super) struct NormalizedSquaredError {
    /// Σ(t − t̄)² / samples.
    pub variance: f64,
}

impl ErrorTerm for NormalizedSquaredError {
    fn compile(&mut self, _plan: &Plan, output: &Output) -> Result<Reading> {
        if self.variance > 0.0 {
            return Ok(Reading::of(output));
        }
        Err(Error::option(
            "normalizedSquaredError of a stream needs to know the variance of the targets: give variance, above 0",
        ))
    }

    fn value(&self, values: &Values, lane: usize) -> f64 {
        squares::sum(values, lane)
    }

    fn slopes(&self, values: &Values, scale: f32, gradient: &mut [f32]) {
        squares::slopes(values, scale, gradient);
    }

    fn divisor(&self, batch: usize, _outputs: usize) -> f64 {
        batch as f64 * self.variance
    }

    fn factor(&self) -> f64 {
        2.0
    }

    fn is_square(&self) -> bool {
        true
    }

    fn constant(&self, moments: &[(f64, f64)], _samples: usize) -> Option<f64> {
        Some(squares::variance(moments) / self.variance)
    }
}
