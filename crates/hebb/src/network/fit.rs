//! Training over epochs, a minibatch a step, of a data set or of what a stream brings.

use super::course::Course;
use super::{Network, Steps};
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
    /// Samples a step, at least 1; more than there are mean all. The last step of an epoch has what is left. If an operator
    /// looks at the whole batch (batch normalisation), a last minibatch of one sample joins the one before it.
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
    /// Whether to measure how much the gradient changes from epoch to epoch. Default false.
    #[serde(default)]
    pub gradient_change: bool,
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
    /// Minibatches an epoch; 0 where a stream does not say.
    pub batches: usize,
    /// The loss of the epoch's samples so far: their mean, or their sum where the loss is a sum.
    pub loss: f64,
    /// The part of right answers among them, over all outputs that decide; NaN if none does.
    pub accuracy: f64,
    /// The part of them with all answers right; NaN unless a sample has several.
    pub exact_match: f64,
    /// How many they are.
    pub samples: usize,
    /// The learning rate of the last step.
    pub learning_rate: f32,
    /// The loss of the last minibatch.
    pub last: f64,
    /// The regularisation term in the loss, the mean of the epoch's steps so far.
    pub regularization: f64,
    /// The mean norm of the gradients of the epoch's updates so far, before clipping; NaN where none was
    /// measured.
    pub gradient_norm: f64,
    /// At the end of an epoch, of g, the mean gradient of its updates before clipping: max|g(t) − g(t−1)|, and the
    /// largest component of g. NaN where nothing was measured.
    pub gradient_change: f64,
    /// See there.
    pub gradient_largest: f64,
    /// The gradients computed in the epoch so far, each of a minibatch or of all samples.
    pub gradients: u64,
    /// The losses computed without a gradient, each of all samples.
    pub losses: u64,
}

/// What feeds a training its minibatches.
pub enum Feed {
    /// A data set, from which [`Fit::step`] takes them in the order of each epoch.
    Data(Dataset),
    /// The caller, who hands each one to [`Fit::step_on`] and tells with [`Fit::end_epoch`] where an epoch ends;
    /// `batch_size`, `seed` and `shuffle` are then the caller's to heed.
    Stream {
        /// Minibatches an epoch, if that is known: schedules over all steps need it.
        steps: Option<u64>,
    },
}

/// A training under way. The network is handed to every step, so that between steps it is free.
pub struct Fit {
    feed: Feed,
    /// The samples of the data set, in the order of the epoch; of a stream, those of the minibatch.
    order: Vec<u32>,
    course: Course,
}

impl Fit {
    /// Checks everything that could go wrong before the first step.
    pub fn new(network: &mut Network, mut feed: Feed, mut options: FitOptions) -> Result<Self> {
        if options.epochs == 0 || options.batch_size == 0 {
            return Err(Error::option("epochs and batchSize must be at least 1"));
        }
        if let Feed::Stream { steps: Some(0) } = feed {
            return Err(Error::option("stepsPerEpoch must be at least 1"));
        }
        if options.accumulate == 0 {
            return Err(Error::option("accumulate must be at least 1"));
        }
        options.optimizer.check()?;
        if let Feed::Data(data) = &mut feed {
            *data = network.arranged(data)?.into_owned();
            options.loss = options.loss.normalized(data, &network.plan)?.into_owned();
        }
        let mut bound = options.loss.bind_to_train(&network.plan)?;
        if options.accumulate > 1 {
            options.loss.check_parts(&bound)?;
        }
        let batches = match &feed {
            Feed::Data(data) => {
                check(network, data)?;
                bound.measure_by(data, &network.plan);
                options.loss.check_targets(data, &network.plan, true)?;
                options.batch_size = options.batch_size.min(data.len());
                let left = data.len() % options.batch_size;
                data.len().div_ceil(options.batch_size) - usize::from(network.plan.across && left == 1)
            }
            Feed::Stream { steps: Some(steps) } => *steps as usize,
            Feed::Stream { steps: None } if options.optimizer.learning_rate.spans() => {
                return Err(Error::option(
                    "this schedule runs over all steps, and a stream does not say how many there are: give stepsPerEpoch, or use a schedule that follows epochs or none",
                ));
            }
            Feed::Stream { steps: None } => 0,
        };
        network.plan.check_batch(options.batch_size)?;
        let start = network.remembered(&options.optimizer.rule);
        let nan = f64::NAN;
        let progress = FitProgress {
            batches,
            accuracy: nan,
            exact_match: nan,
            gradient_change: nan,
            gradient_largest: nan,
            ..FitProgress::default()
        };
        Ok(Self { feed, order: Vec::new(), course: Course::new(options, bound, progress, start) })
    }

    /// How far the optimizer had come when this training began: 0 steps if it began anew.
    pub fn start(&self) -> Steps {
        self.course.start
    }

    /// One minibatch of the data set: gradients, then update. True when it was the epoch's last.
    pub fn step(&mut self, network: &mut Network) -> Result<bool> {
        let Feed::Data(data) = &self.feed else {
            return Err(Error::option("this training has no data set: give each step its minibatch"));
        };
        let Course { options, start, epoch, batch, progress, .. } = &self.course;
        if *batch == 0 {
            self.order = data.order(options.shuffle, options.seed, start.epochs + epoch);
        }
        let (from, last) = (batch * options.batch_size, batch + 1 == progress.batches);
        let rows = &self.order[from..if last { self.order.len() } else { from + options.batch_size }];
        self.course.train(network, data, rows)?;
        let last = self.course.batch == self.course.progress.batches;
        if last {
            self.course.end_epoch(network)?;
        }
        Ok(last)
    }

    /// One minibatch that a stream brought, all of its samples.
    pub fn step_on(&mut self, network: &mut Network, batch: &Dataset) -> Result<()> {
        if let Feed::Data(_) = self.feed {
            return Err(Error::option("this training has a data set: its minibatches come from there"));
        }
        let batch = &*network.arranged(batch)?;
        check(network, batch)?;
        self.course.options.loss.check_targets(batch, &network.plan, false)?;
        self.course.loss.measure_by(batch, &network.plan);
        self.order = batch.order(false, 0, 0);
        self.course.train(network, batch, &self.order)
    }

    /// Tells that the stream has given all minibatches of the epoch.
    pub fn end_epoch(&mut self, network: &mut Network) -> Result<()> {
        if self.course.batch == 0 {
            return Err(Error::data(format!(
                "epoch {}: the stream had no samples; one that can be read only once serves one epoch: give a function that begins it anew",
                self.course.epoch + 1
            )));
        }
        self.course.end_epoch(network)
    }

    /// Tells what an epoch brought to a learning rate that falls on plateaus: the loss of the selection samples,
    /// or of the training samples if there are none.
    pub fn tell(&mut self, loss: f64) {
        self.course.pace.tell(loss);
    }

    /// The loss at the start, and that of the best constant answer to the targets of the data set, each NaN if unknown.
    pub fn measures(&self, network: &Network) -> [f64; 2] {
        let constant = match &self.feed {
            Feed::Data(data) => self.course.options.loss.constant(data, &network.plan),
            Feed::Stream { .. } => None,
        };
        [self.course.start_loss(), constant.unwrap_or(f64::NAN)]
    }

    /// Where training stands.
    pub fn progress(&self) -> FitProgress {
        self.course.progress
    }
}

/// Refuses samples or targets that do not fit the network.
pub(super) fn check(network: &Network, data: &Dataset) -> Result<()> {
    data.check_input(&network.plan.input)?;
    data.check_targets(&network.plan.named_outputs())
}

#[cfg(test)]
mod continued;
#[cfg(test)]
mod tests;
