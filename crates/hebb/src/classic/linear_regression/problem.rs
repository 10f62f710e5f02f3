//! The cost of linear regression: y = w·x + c, or mX + c with one feature. The loss of a sample is (y − t)², the cost of a set
//! the mean over its samples, J = Σ(y − t)²/N.

use crate::classic::{check_targets, samples};
use hebb_kernels::error::{Error, Result};
use ndarray::{Array1, Array2, Axis, aview1};

/// Samples `[samples, features]` and a target for each.
#[derive(Debug)]
pub struct Problem {
    pub(super) x: Array2<f64>,
    pub(super) t: Array1<f64>,
}

impl Problem {
    /// From samples and targets; refuses values that are not finite, and wrong numbers of them.
    pub fn new(x: Vec<f64>, features: usize, t: Vec<f64>) -> Result<Self> {
        let x = samples(x, features)?;
        check_targets(&t, x.nrows(), 1, 0)?;
        Ok(Self { x, t: Array1::from_vec(t) })
    }

    /// Refuses constant features: they cannot be distinguished from the intercept.
    pub fn check_features(&self) -> Result<()> {
        for (i, column) in self.x.axis_iter(Axis(1)).enumerate() {
            if column.iter().all(|value| *value == column[0]) {
                return Err(Error::data(format!(
                    "feature {i} (from 0) is constant, always {}: it cannot be told from the intercept, leave it out",
                    column[0]
                )));
            }
        }
        Ok(())
    }

    /// y for each sample, for parameters `[weights…, intercept]`.
    pub fn predict(&self, parameters: &[f64]) -> Array1<f64> {
        let (intercept, weights) = parameters.split_last().unwrap_or((&0.0, &[]));
        self.x.dot(&aview1(weights)) + *intercept
    }

    /// (y − t)² of each sample.
    pub fn losses(&self, parameters: &[f64]) -> Array1<f64> {
        (self.predict(parameters) - &self.t).mapv(|error| error * error)
    }

    /// The cost J of all samples.
    pub fn cost(&self, parameters: &[f64]) -> f64 {
        self.losses(parameters).iter().fold(0.0, |sum, loss| sum + loss) / self.t.len() as f64
    }

    /// The cost and its gradient 2/N·Σ(y − t)·(x, 1), over some of the samples.
    pub fn gradient(
        &self,
        parameters: &[f64],
        rows: impl ExactSizeIterator<Item = usize>,
    ) -> (f64, Vec<f64>) {
        let (intercept, weights) = parameters.split_last().unwrap_or((&0.0, &[]));
        let part = 1.0 / rows.len() as f64;
        let (mut cost, mut gradient) = (0.0, vec![0.0; parameters.len()]);
        for row in rows {
            let x = self.x.row(row);
            let error = x.dot(&aview1(weights)) + intercept - self.t[row];
            cost += part * error * error;
            for (gradient, x) in gradient.iter_mut().zip(x.iter().chain([&1.0])) {
                *gradient += 2.0 * part * error * x;
            }
        }
        (cost, gradient)
    }

    /// 1 − Σ(y − t)² / Σ(t − mean)²; 1 if the targets are constant and met.
    pub fn r_squared(&self, parameters: &[f64]) -> f64 {
        let n = self.t.len() as f64;
        let mean = self.t.iter().fold(0.0, |sum, t| sum + t) / n;
        let total = self.t.iter().fold(0.0, |sum, t| sum + (t - mean) * (t - mean));
        let rest = self.cost(parameters) * n;
        if rest == 0.0 { 1.0 } else { 1.0 - rest / total }
    }
}
