//! What the squared errors share: Σ(t − a)², whose derivative is 2·(a − t).

use super::Reduction;
use super::term::Values;

/// Σ(t − a)² of a sample.
pub(super) fn sum(values: &Values, lane: usize) -> f64 {
    values.of(lane).fold(0.0, |sum, at| {
        let (a, t) = (f64::from(values.answer[at]), f64::from(values.targets[at]));
        sum + (t - a) * (t - a)
    })
}

/// (a − t)·`scale` of a block.
pub(super) fn slopes(values: &Values, scale: f32, gradient: &mut [f32]) {
    values.write(gradient, scale, |_, at| values.answer[at] - values.targets[at]);
}

impl Reduction {
    pub(super) fn divisor(self, batch: usize, outputs: usize) -> f64 {
        match self {
            Reduction::Samples => batch as f64,
            Reduction::Elements => (batch * outputs) as f64,
        }
    }

    /// The sum of the variances of all outputs, reduced.
    pub(super) fn variance(self, moments: &[(f64, f64)]) -> f64 {
        match self {
            Reduction::Samples => variance(moments),
            Reduction::Elements => variance(moments) / moments.len() as f64,
        }
    }
}

/// The sum of the variances of all outputs: the mean squared error of their means.
pub(super) fn variance(moments: &[(f64, f64)]) -> f64 {
    moments.iter().map(|(_, variance)| variance).sum()
}
