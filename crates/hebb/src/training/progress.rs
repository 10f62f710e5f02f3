//! The loop of a training by minibatches, for any source of minibatches, and what it reports.

use super::options::{FitOptions, FitProgress};
use super::updates::UpdateScheduler;
use crate::archive::Archive;
use crate::data::Dataset;
use crate::losses::{CompiledLoss, Score};
use crate::network::{Network, Report, Steps};
use crate::runtime::Carried;
use hebb_kernels::error::{Code, Error, Result};

/// Counters, sums and schedules of a training in progress.
pub(super) struct EpochLoop {
    pub options: FitOptions,
    /// The loss of the options, compiled for the network.
    pub loss: CompiledLoss,
    /// The optimizer's steps before this training: sample orders and dropout continue from there.
    pub start: Steps,
    /// Steps so far.
    step: u64,
    /// Epochs so far.
    pub epoch: u64,
    /// Steps so far in this epoch.
    pub batch: usize,
    sum: f64,
    regularization: f64,
    score: Score,
    pub updates: UpdateScheduler,
    pub progress: FitProgress,
    /// The sum of the weights of the epoch's minibatches so far.
    weights: f64,
    /// The minibatch whose gradient is computed and not yet applied: its report, its number of samples, and its weight.
    computed: Option<(Report, usize, f64)>,
    /// The weighted sum of the first samples' losses, and the sum of the weights.
    first: (f64, f64),
    /// Number of those samples.
    seen: usize,
}

/// Minimum number of samples for the loss at the start.
const FIRST: usize = 32;

impl EpochLoop {
    pub fn new(options: FitOptions, loss: CompiledLoss, progress: FitProgress, start: Steps) -> Self {
        let updates = UpdateScheduler::new(&options, progress.batches);
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
            updates,
            progress,
            weights: 0.0,
            computed: None,
            first: (0.0, 0.0),
            seen: 0,
        }
    }

    /// The first half of a step: computes the gradient of one minibatch, or of a window of its sequences, of which the share
    /// `counts` counts. Until [`EpochLoop::apply`] it may be changed.
    #[inline(never)] // Several call it, and it is long.
    pub fn compute(
        &mut self,
        network: &mut Network,
        data: &Dataset,
        minibatch: &[u32],
        carried: Option<&Carried>,
        counts: f64,
    ) -> Result<()> {
        let draw = self.begin(network)?;
        let report = network.pass(data, minibatch, &self.loss, draw, carried, true);
        let report = report.map_err(|error| self.placed(error))?;
        self.computed = Some((report, minibatch.len(), minibatch.len() as f64 * counts));
        Ok(())
    }

    /// Begins a step; returns its number, by which dropout draws.
    #[inline(never)]
    pub fn begin(&mut self, network: &mut Network) -> Result<u64> {
        self.computed = None;
        if self.epoch >= self.options.epochs {
            return Err(Error::option("this training is over"));
        }
        if self.batch == 0 {
            (self.sum, self.weights, self.score) = (0.0, 0.0, Score::default());
            self.regularization = 0.0;
            self.updates.begin();
        }
        if self.options.accumulate > 1 {
            network.keep_last_step();
        }
        Ok(self.start.minibatches + self.step)
    }

    /// Takes the report of a minibatch of `samples` whose gradient was computed in parts.
    pub fn completed(&mut self, report: Report, samples: usize) {
        self.computed = Some((report, samples, samples as f64));
    }

    /// Whether a gradient is computed and not yet applied.
    pub fn is_computed(&self) -> bool {
        self.computed.is_some()
    }

    /// Adds epoch and batch to an error of the step.
    pub fn placed(&self, error: Error) -> Error {
        placed(error, self.epoch, self.batch)
    }

    /// The second half of a step: updates by the gradient, or accumulates it if the update is not yet due.
    pub fn apply(&mut self, network: &mut Network) -> Result<()> {
        let Self { epoch, batch, .. } = *self;
        let Some((report, count, weight)) = self.computed.take() else {
            return Err(Error::option("no gradient is computed: compute comes before apply"));
        };
        let learning_rate = self.options.optimizer.rate(self.updates.now(&self.options, epoch));
        let updated = self.updates.after_minibatch(network, &self.options, &self.loss.trained, weight, epoch);
        updated.map_err(|error| placed(error, epoch, batch))?;
        self.step += 1;
        self.note(network);
        self.batch += 1;
        self.score.add(report.score);
        let samples = self.score.samples;
        self.weights += weight;
        let counted = weight;
        // The sum of squares is a sum over samples already, the other losses are means.
        let (weight, divisor) = if self.options.loss.is_sum() { (1.0, 1.0) } else { (weight, self.weights) };
        if self.seen < FIRST {
            self.seen += count;
            self.first = (self.first.0 + report.loss * weight, self.first.1 + counted);
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
            batch_loss: report.loss,
            gradient_norm: self.updates.norm(),
            gradient_evaluations: batch as u64 + 1,
            ..self.progress
        };
        Ok(())
    }

    /// Ends the epoch: applies gradients that are still accumulated.
    pub fn end_epoch(&mut self, network: &mut Network) -> Result<()> {
        let Self { epoch, batch, .. } = *self;
        let flushed = self.updates.flush(network, &self.options, &self.loss.trained, epoch);
        flushed.map_err(|error| placed(error, epoch, batch.saturating_sub(1)))?;
        self.progress.gradient_norm = self.updates.norm();
        if let Some(change) = &mut self.updates.change {
            change.end();
            (self.progress.gradient_change, self.progress.gradient_largest) = (change.change, change.largest);
        }
        self.epoch += 1;
        self.batch = 0;
        self.note(network);
        Ok(())
    }

    /// The order of the samples of a data set in this epoch.
    pub fn order(&self, data: &Dataset) -> Vec<u32> {
        data.order(self.options.shuffle, self.options.seed, self.start.epochs + self.epoch)
    }

    /// Exchanges its state between two minibatches with an archive.
    pub fn exchange(&mut self, archive: &mut Archive, network: &mut Network) {
        archive.require(self.computed.is_none());
        let Steps { updates, minibatches, epochs } = &mut self.start;
        for count in [updates, minibatches, epochs, &mut self.step, &mut self.epoch] {
            archive.count(count);
        }
        archive.size(&mut self.batch);
        archive.size(&mut self.seen);
        let Self { sum, regularization, weights, first, .. } = self;
        for number in [sum, regularization, weights, &mut first.0, &mut first.1] {
            archive.number(number);
        }
        self.score.exchange(archive);
        self.progress.exchange(archive);
        self.updates.exchange(archive, network);
        archive.require(self.epoch <= self.options.epochs);
    }

    /// The loss at the start, over the first 32 samples or the first minibatch; if the loss is a sum, scaled to the number of
    /// samples of this epoch.
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

/// Adds epoch and batch to an error of a step.
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
