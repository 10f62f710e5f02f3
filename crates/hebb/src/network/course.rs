//! The steps of a training, whatever feeds it.

use super::fit::{FitOptions, FitProgress};
use super::pace::Pace;
use super::{Network, Steps};
use crate::data::Dataset;
use crate::error::{Code, Error, Result};
use crate::losses::{Bound, Score};

/// How far a training has come.
pub(super) struct Course {
    pub options: FitOptions,
    /// The loss of the options, bound to the network.
    pub loss: Bound,
    /// Where the optimizer's memory of earlier trainings begins: orders and dropout go on from there.
    pub start: Steps,
    /// Steps done.
    step: u64,
    /// Epochs done.
    pub epoch: u64,
    /// Steps done in this epoch.
    pub batch: usize,
    sum: f64,
    regularization: f64,
    score: Score,
    pub pace: Pace,
    pub progress: FitProgress,
    /// The losses of the first samples, each times its weight, and the sum of the weights.
    first: (f64, f64),
    /// How many samples these were.
    seen: usize,
}

/// Samples whose loss is that of the start: so many that it is no accident.
const FIRST: usize = 32;

impl Course {
    pub fn new(options: FitOptions, loss: Bound, progress: FitProgress, start: Steps) -> Self {
        let pace = Pace::new(&options, progress.batches);
        Self {
            options,
            loss,
            start,
            step: 0,
            epoch: 0,
            batch: 0,
            sum: 0.0,
            regularization: 0.0,
            score: Score::default(),
            pace,
            progress,
            first: (0.0, 0.0),
            seen: 0,
        }
    }

    /// One minibatch: gradients, then update, if it is due.
    pub fn train(&mut self, network: &mut Network, data: &Dataset, rows: &[u32]) -> Result<()> {
        let Self { epoch, batch, .. } = *self;
        if epoch >= self.options.epochs {
            return Err(Error::option("this training is over"));
        }
        if batch == 0 {
            (self.sum, self.score) = (0.0, Score::default());
            self.regularization = 0.0;
            self.pace.begin();
        }
        let learning_rate = self.options.optimizer.rate(self.pace.now(&self.options, epoch));
        let place = |error| placed(error, epoch, batch);
        if self.options.accumulate > 1 {
            network.keep_step();
        }
        let draw = self.start.minibatches + self.step;
        let report = network.pass(data, rows, &self.loss, draw, true).map_err(place)?;
        self.pace.minibatch(network, &self.options, rows.len(), epoch).map_err(place)?;
        self.step += 1;
        self.note(network);
        self.batch += 1;
        self.score.add(report.score);
        let samples = self.score.samples;
        // The sum of squares is a sum over samples already, the other losses are means.
        let (weight, divisor) =
            if self.options.loss.is_sum() { (1.0, 1.0) } else { (rows.len() as f64, samples as f64) };
        if self.seen < FIRST {
            self.seen += rows.len();
            self.first = (self.first.0 + report.loss * weight, self.first.1 + rows.len() as f64);
        }
        self.sum += (report.loss - report.regularization) * weight;
        self.regularization += report.regularization;
        let regularization = self.regularization / (batch + 1) as f64;
        self.progress = FitProgress {
            epoch: epoch + 1,
            batch: batch + 1,
            loss: self.sum / divisor + regularization,
            regularization,
            accuracy: self.score.accuracy(),
            exact_match: self.score.exact_match(),
            samples,
            learning_rate,
            last: report.loss,
            gradient_norm: self.pace.norm(),
            gradients: batch as u64 + 1,
            ..self.progress
        };
        Ok(())
    }

    /// Ends the epoch: gradients that still wait make an update.
    pub fn end_epoch(&mut self, network: &mut Network) -> Result<()> {
        let Self { epoch, batch, .. } = *self;
        let flushed = self.pace.flush(network, &self.options, epoch);
        flushed.map_err(|error| placed(error, epoch, batch.saturating_sub(1)))?;
        self.progress.gradient_norm = self.pace.norm();
        if let Some(change) = &mut self.pace.change {
            change.end();
            (self.progress.gradient_change, self.progress.gradient_largest) = (change.change, change.largest);
        }
        self.epoch += 1;
        self.batch = 0;
        self.note(network);
        Ok(())
    }

    /// The loss at the start, over the first 32 samples or the first minibatch; of a loss that is a sum, that of as many
    /// samples as this epoch has.
    pub fn start_loss(&self) -> f64 {
        let mean = self.first.0 / self.first.1;
        if self.options.loss.is_sum() { mean * self.progress.samples as f64 } else { mean }
    }

    fn note(&self, network: &mut Network) {
        let Steps { minibatches, epochs, .. } = self.start;
        let rule = &self.options.optimizer.rule;
        network.note(rule, minibatches + self.step, epochs + self.epoch);
    }
}

/// An error of a step, with its place.
fn placed(error: Error, epoch: u64, batch: usize) -> Error {
    match error.code {
        Code::Diverged => Error::diverged(format!(
            "epoch {}, batch {}: {} (the weights are those before this step)",
            epoch + 1,
            batch + 1,
            error.message
        )),
        _ => error,
    }
}

#[cfg(test)]
mod tests;
