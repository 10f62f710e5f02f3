//! The steps of a training, whatever feeds it.

use super::Network;
use super::fit::{FitOptions, FitProgress};
use crate::data::Dataset;
use crate::error::{Code, Error, Result};
use crate::optimizers::Progress;

/// How far a training has come.
pub(super) struct Course {
    pub options: FitOptions,
    /// Steps done, in all.
    step: u64,
    /// Epochs done.
    pub epoch: u64,
    /// Steps done in this epoch.
    pub batch: usize,
    sum: f64,
    correct: usize,
    pub progress: FitProgress,
}

impl Course {
    pub fn new(options: FitOptions, progress: FitProgress) -> Self {
        Self { options, step: 0, epoch: 0, batch: 0, sum: 0.0, correct: 0, progress }
    }

    /// One minibatch: gradients, then update.
    pub fn train(&mut self, network: &mut Network, data: &Dataset, rows: &[u32]) -> Result<()> {
        let Self { epoch, batch, .. } = *self;
        if epoch >= self.options.epochs {
            return Err(Error::option("this training is over"));
        }
        if batch == 0 {
            (self.sum, self.correct, self.progress.samples) = (0.0, 0, 0);
        }
        let steps = self.progress.batches as u64 * self.options.epochs;
        let now = Progress { step: self.step, steps, epoch };
        let place = |error: Error| match error.code {
            Code::Diverged => Error::diverged(format!(
                "epoch {}, batch {}: {} (the weights are those before this step)",
                epoch + 1,
                batch + 1,
                error.message
            )),
            _ => error,
        };
        let report = network.gradients(data, rows, &self.options.loss, self.step).map_err(place)?;
        network.update(&self.options.optimizer, Some(now)).map_err(place)?;
        self.step += 1;
        self.batch += 1;
        self.correct += report.correct;
        let samples = self.progress.samples + rows.len();
        // The sum of squares is a sum over samples already, the other losses are means.
        let (weight, divisor) =
            if self.options.loss.is_sum() { (1.0, 1.0) } else { (rows.len() as f64, samples as f64) };
        self.sum += report.loss * weight;
        self.progress = FitProgress {
            epoch: epoch + 1,
            batch: batch + 1,
            batches: self.progress.batches,
            loss: self.sum / divisor,
            accuracy: self.correct as f64 / (samples * network.outputs().len()) as f64,
            samples,
            learning_rate: self.options.optimizer.rate(now),
            last: report.loss,
        };
        Ok(())
    }

    pub fn end_epoch(&mut self) {
        self.epoch += 1;
        self.batch = 0;
    }
}
