//! The normal equations of a sum of squares ½Σw·r², r = a − t: the Jacobian J of all outputs of all samples by the
//! parameters, one backward pass per row, and from it JᵀWJ and JᵀWr.

use crate::data::Dataset;
use crate::losses::{CompiledLoss, Outcome};
use crate::network::Network;
use crate::plan::{Draw, Mode};
use crate::runtime::{self, Executor, Report, TrainingState};
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::parallel::{self, Shared};

/// Samples whose Jacobian rows are in memory at once.
const CHUNK: usize = 128;

/// JᵀWr, and JᵀWJ row by row.
pub(super) type Normal = (Vec<f64>, Vec<f64>);

impl Network {
    /// Refuses losses and layers that have no Jacobian of residuals.
    pub(super) fn check_squares(&self, compiled: &CompiledLoss) -> Result<()> {
        if compiled.squares(1).is_none() {
            return Err(Error::option(
                "levenbergMarquardt minimises sums of squares: use sumSquaredError or meanSquaredError, or another optimizer",
            ));
        }
        if compiled.is_regularized() {
            return Err(Error::option(
                "levenbergMarquardt minimises sums of squares: use another optimizer with regularization",
            ));
        }
        if self.plan.has_batch_operators {
            return Err(Error::option(
                "levenbergMarquardt needs outputs that depend on one sample each, and batchNorm looks at all of them: use another optimizer",
            ));
        }
        Ok(())
    }

    /// The loss of all samples, and its normal equations.
    pub(super) fn normal(&mut self, data: &Dataset, compiled: &CompiledLoss) -> Result<(Report, Normal)> {
        let (samples, n) = (data.len(), self.plan.parameters);
        let parts = compiled.squares(samples).unwrap_or_default();
        let outputs: usize = parts.iter().map(|part| part.2).sum();
        let weights: Vec<f64> = parts.iter().flat_map(|part| vec![part.3; part.2]).collect();
        let executor = Executor { plan: &self.plan, level: self.level, parameters: &self.parameters };
        if self.training.is_none() {
            self.training = Some(TrainingState::new(&executor)?);
        }
        let training = self.training.as_mut().expect("just made");
        training.make_room(&executor, &compiled.trained);
        let arenas = &mut training.arenas;
        let lanes = executor.lanes();
        let mut rows: Vec<f32> = zeros(CHUNK.min(samples) * outputs * n, "the Jacobian")?;
        let mut residuals = vec![0.0f64; CHUNK * outputs];
        let mut outcomes = vec![Outcome::default(); CHUNK];
        let mut total = Outcome::default();
        let mut gradient = vec![0.0; n];
        let mut normal: Vec<f64> = zeros(n * n, "JᵀJ")?;
        for first in (0..samples).step_by(CHUNK) {
            let count = CHUNK.min(samples - first);
            rows.fill(0.0);
            let (into, errors) = (Shared::new(&mut rows), Shared::new(&mut residuals));
            let shares = Shared::new(&mut outcomes);
            arenas.for_each(usize::MAX, count, |sample, arena| {
                let draw = Draw { seed: 0, step: 0, sample: 0 };
                let block = executor.block(arena, 1, Mode::Training { draw });
                let mine = [(first + sample) as u32];
                let mut output = sample * outputs;
                for (part, &(at, targets, width, _)) in parts.iter().enumerate() {
                    for value in 0..width {
                        // A backward pass may write over values, so that each needs a forward pass of its own.
                        executor.gather(data, &mine, &block);
                        executor.gather_targets(data, &mine, &block);
                        executor.forward(&block);
                        // SAFETY: the buffers have these values, and this arena is the task's; each row, residual
                        // and outcome is one sample's.
                        unsafe {
                            let [a, t] =
                                [at, targets].map(|buffer| block.values(buffer, width)[value * lanes]);
                            *errors.at(output) = f64::from(a) - f64::from(t);
                            if part + value == 0 {
                                *shares.at(sample) = compiled.evaluate(&block, samples, false);
                            }
                            for &(other, _, width, _) in &parts {
                                block.gradients_mut(other, width).fill(0.0);
                            }
                            block.gradients_mut(at, width)[value * lanes] = 1.0;
                        }
                        runtime::backward(executor.plan, compiled, &block, into.at(output * n));
                        output += 1;
                    }
                }
            })?;
            total = outcomes[..count].iter().fold(total, Outcome::add);
            let used = &rows[..count * outputs * n];
            let sums = Shared::new(&mut normal);
            let slopes = Shared::new(&mut gradient);
            parallel::for_each(n, |i| {
                // SAFETY: row i of the matrix and component i of the gradient are this task's.
                let (sum, slope) =
                    unsafe { (std::slice::from_raw_parts_mut(sums.at(i * n), n), &mut *slopes.at(i)) };
                for (number, row) in used.chunks_exact(n).enumerate() {
                    let part = weights[number % outputs] * f64::from(row[i]);
                    *slope += part * residuals[number];
                    sum[..=i].iter_mut().zip(row).for_each(|(sum, &value)| *sum += part * f64::from(value));
                }
            });
        }
        for i in 0..n {
            for j in 0..i {
                normal[j * n + i] = normal[i * n + j];
            }
        }
        let score = compiled.score(samples, total);
        Ok((Report { loss: total.loss, regularization: 0.0, score }, (gradient, normal)))
    }
}
