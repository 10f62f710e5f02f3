//! Backpropagation against finite differences of the loss.

use crate::data::Dataset;
use crate::losses::Losses;
use crate::network::Network;
use crate::plan::Draw;
use crate::runtime::{Executor, Pass, TrainingState};
use hebb_kernels::error::Result;
use serde::Serialize;

/// Parameters checked per tensor, at most; evenly spaced.
const MAX_PER_TENSOR: usize = 64;

/// Step sizes h, tried in order; the best result counts: long steps cross kinks, as of ReLU, and short ones drown in the
/// rounding of f32.
const STEP_SIZES: [f32; 4] = [0.05, 0.01, 2e-3, 4e-4];

/// No further step size is tried below this error.
const GOOD_ENOUGH: f64 = 1e-4;

/// Relative rounding error of a loss, from its sums in f32.
const ROUNDING: f64 = 2e-7;

/// The result for one tensor.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct GradientCheck {
    /// How many of its parameters were checked.
    pub checked: usize,
    /// The largest difference, less the rounding error of f32, relative to the tensor's largest gradient; infinite if
    /// the gradient is not finite.
    pub error: f64,
    /// The parameter with that difference.
    pub index: usize,
    /// Its gradient by backpropagation.
    pub gradient: f64,
    /// Its gradient by central differences.
    pub difference: f64,
}

impl Network {
    fn executor<'a>(&'a self, parameters: &'a [f32]) -> Executor<'a> {
        Executor { plan: &self.plan, level: self.level, parameters }
    }

    /// Compares the gradient with central differences, (E(w + h) − E(w − h)) / 2h, for parameters of each trained
    /// tensor. The network does not change.
    pub fn check_gradients(&self, data: &Dataset, loss: &Losses) -> Result<Vec<GradientCheck>> {
        let (data, compiled) = self.fitting(data, loss)?;
        let data = &*data;
        let samples = data.order(false, 0, 0);
        // The same step number every time, so that dropout draws the same masks.
        let draw = Draw { seed: self.spec.seed, step: 0, sample: 0 };
        let mut parameters = self.parameters.to_vec();
        let mut training = TrainingState::new(&self.executor(&parameters))?;
        let [forward, both] = [false, true].map(|backward| Pass::alone(draw, backward));
        let value = training.gradients(&self.executor(&parameters), data, &samples, &compiled, &both)?.loss;
        let gradient = training.gradient().to_vec();
        let mut checks = Vec::new();
        for tensor in self.plan.tensors.iter().filter(|tensor| tensor.trained) {
            let own = &gradient[tensor.offset..][..tensor.size];
            let largest = own.iter().fold(f64::MIN_POSITIVE, |most, g| most.max(f64::from(g.abs())));
            let mut worst = GradientCheck {
                checked: 0,
                error: 0.0,
                index: 0,
                gradient: own[0].into(),
                difference: own[0].into(),
            };
            for index in (0..tensor.size).step_by(tensor.size.div_ceil(MAX_PER_TENSOR)) {
                let g = f64::from(own[index]);
                let (at, start) = (tensor.offset + index, parameters[tensor.offset + index]);
                let mut best = (f64::INFINITY, g);
                for step in STEP_SIZES {
                    let mut measure = |w: f32| -> Result<(f32, f64)> {
                        parameters[at] = w;
                        let executor = self.executor(&parameters);
                        Ok((w, training.gradients(&executor, data, &samples, &compiled, &forward)?.loss))
                    };
                    let ((above, more), (below, less)) = (measure(start + step)?, measure(start - step)?);
                    let width = f64::from(above) - f64::from(below);
                    let difference = (more - less) / width;
                    let unseen = ROUNDING * value.abs() / width;
                    // A NaN is no difference, and `max` would make 0 of it.
                    let error = match (difference - g).abs() {
                        apart if apart.is_finite() => {
                            (apart - unseen).max(0.0) / largest.max(difference.abs())
                        }
                        _ => f64::INFINITY,
                    };
                    if error < best.0 {
                        best = (error, difference);
                    }
                    if error < GOOD_ENOUGH {
                        break;
                    }
                }
                parameters[at] = start;
                worst.checked += 1;
                if best.0 > worst.error {
                    worst = GradientCheck { error: best.0, index, gradient: g, difference: best.1, ..worst };
                }
            }
            checks.push(worst);
        }
        Ok(checks)
    }
}
