//! The samples of a perceptron, and the net input of a unit.

use ndarray::{Array2, ArrayView1, aview1};

/// Samples and their classes.
pub(super) struct Data {
    pub x: Array2<f64>,
    pub classes: Vec<u32>,
    /// Two classes: the single unit stands for the second.
    pub pair: bool,
}

impl Data {
    /// Whether a sample belongs to the class of a unit.
    pub fn is(&self, unit: usize, sample: usize) -> bool {
        self.classes[sample] as usize == if self.pair { 1 } else { unit }
    }
}

/// w·x + b.
pub(super) fn net(weights: &[f64], x: ArrayView1<f64>) -> f64 {
    let (bias, weights) = weights.split_last().unwrap_or((&0.0, &[]));
    x.dot(&aview1(weights)) + bias
}
