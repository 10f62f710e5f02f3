//! E = ½ ΣΣ (t − a)², over outputs and batch.

use super::squares;
use super::term::{ErrorTerm, Values};

#[derive(Debug)]
pub(super) struct SumSquaredError;

impl ErrorTerm for SumSquaredError {
    fn value(&self, values: &Values, lane: usize) -> f64 {
        values.of(lane).fold(0.0, |sum, at| {
            let (a, t) = (f64::from(values.answer[at]), f64::from(values.targets[at]));
            sum + 0.5 * (t - a) * (t - a)
        })
    }

    fn slopes(&self, values: &Values, scale: f32, gradient: &mut [f32]) {
        squares::slopes(values, scale, gradient);
    }

    fn is_sum(&self) -> bool {
        true
    }

    fn divisor(&self, _batch: usize, _outputs: usize) -> f64 {
        1.0
    }

    fn is_square(&self) -> bool {
        true
    }

    fn constant(&self, moments: &[(f64, f64)], samples: usize) -> Option<f64> {
        Some(0.5 * squares::variance(moments) * samples as f64)
    }
}
