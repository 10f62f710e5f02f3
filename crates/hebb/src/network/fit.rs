//! Training over epochs, a minibatch a step.

use super::Network;
use super::pace::Pace;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::losses::Losses;
use crate::optimizers::Optimizer;
use serde::Deserialize;

/// How to train.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FitOptions {
    /// Passes over the data, at least 1.
    pub epochs: u64,
    /// Samples a step, at least 1; the last step of an epoch may have fewer.
    pub batch_size: usize,
    /// The seed of the order of the samples. Default 0.
    #[serde(default)]
    pub seed: u64,
    /// Whether each epoch has an order of its own. Default true.
    #[serde(default = "yes")]
    pub shuffle: bool,
    /// What to make small.
    pub loss: Losses,
    /// How.
    pub optimizer: Optimizer,
    /// Minibatches whose gradients are gathered for one update, at least 1; the last update of an epoch may
    /// have fewer. Default 1.
    #[serde(default = "one")]
    pub accumulate: usize,
    /// Whether to measure the norm of every gradient. Default false, but `clip.norm` measures it too.
    #[serde(default)]
    pub gradient_norm: bool,
}

fn one() -> usize {
    1
}

fn yes() -> bool {
    true
}

/// Where training stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct FitProgress {
    /// The epoch, from 1.
    pub epoch: u64,
    /// The minibatch of the epoch, from 1.
    pub batch: usize,
    /// Minibatches an epoch.
    pub batches: usize,
    /// The loss of the epoch's samples so far: their mean, or their sum where the loss is a sum.
    pub loss: f64,
    /// The part of right answers among them, over all outputs.
    pub accuracy: f64,
    /// How many they are.
    pub samples: usize,
    /// The learning rate of the last step.
    pub learning_rate: f32,
    /// The loss of the last minibatch.
    pub last: f64,
    /// The mean norm of the gradients of the epoch's updates so far, before clipping; NaN where none was
    /// measured.
    pub gradient_norm: f64,
}

/// A training under way. The network is handed to every step, so that between steps it is free.
pub struct Fit {
    options: FitOptions,
    data: Dataset,
    order: Vec<u32>,
    step: u64,
    sum: f64,
    correct: usize,
    pace: Pace,
    progress: FitProgress,
}

impl Fit {
    /// Checks everything that could go wrong before the first step.
    pub fn new(network: &mut Network, data: Dataset, options: FitOptions) -> Result<Self> {
        if options.epochs == 0 || options.batch_size == 0 {
            return Err(Error::option("epochs and batchSize must be at least 1"));
        }
        if options.batch_size > data.len() {
            let (batch, samples) = (options.batch_size, data.len());
            return Err(Error::option(format!(
                "batchSize {batch} is larger than the data set of {samples} samples"
            )));
        }
        if options.accumulate == 0 {
            return Err(Error::option("accumulate must be at least 1"));
        }
        options.optimizer.check()?;
        options.loss.bind(&network.plan)?;
        data.check_input(&network.plan.input)?;
        data.check_targets(&network.plan.output())?;
        network.forget();
        let batches = data.len().div_ceil(options.batch_size);
        let progress = FitProgress { batches, ..FitProgress::default() };
        let pace = Pace::new(&options, batches);
        Ok(Self { options, data, order: Vec::new(), step: 0, sum: 0.0, correct: 0, pace, progress })
    }

    /// One minibatch: gradients, then update, if it is due. True when it was the epoch's last.
    pub fn step(&mut self, network: &mut Network) -> Result<bool> {
        let batches = self.progress.batches as u64;
        let (epoch, batch) = (self.step / batches, (self.step % batches) as usize);
        if epoch >= self.options.epochs {
            return Err(Error::option("this training is over"));
        }
        if batch == 0 {
            self.order = self.data.order(self.options.shuffle, self.options.seed, epoch);
            (self.sum, self.correct, self.progress.samples) = (0.0, 0, 0);
            self.pace.begin();
        }
        let from = batch * self.options.batch_size;
        let rows = &self.order[from..self.order.len().min(from + self.options.batch_size)];
        let learning_rate = self.options.optimizer.rate(self.pace.now(&self.options, epoch));
        let ended = batch as u64 + 1 == batches;
        let place = |error: Error| match error.code {
            crate::error::Code::Diverged => Error::diverged(format!(
                "epoch {}, batch {}: {} (the weights are those before this step)",
                epoch + 1,
                batch + 1,
                error.message
            )),
            _ => error,
        };
        let report = network.gradients(&self.data, rows, &self.options.loss, self.step).map_err(place)?;
        self.pace.minibatch(network, &self.options, rows.len(), epoch, ended).map_err(place)?;
        self.step += 1;
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
            learning_rate,
            last: report.loss,
            gradient_norm: self.pace.norm(),
        };
        Ok(ended)
    }

    /// Tells what an epoch brought to a learning rate that falls on plateaus: the loss of the selection samples,
    /// or of the training samples if there are none.
    pub fn tell(&mut self, loss: f64) {
        self.pace.tell(loss);
    }

    /// Where training stands.
    pub fn progress(&self) -> FitProgress {
        self.progress
    }
}
