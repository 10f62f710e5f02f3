//! Training over epochs, one minibatch per step, on a data set or a stream.

use super::options::{FitOptions, FitProgress, Measures};
use super::progress::EpochLoop;
use super::shards::Shards;
use super::truncated::Windows;
use crate::data::Dataset;
use crate::network::{Network, Steps};
use crate::plan::Trained;
use hebb_kernels::error::{Error, Result};
use std::ops::Range;

/// The source of the minibatches.
pub enum Feed {
    /// A data set; [`Fit::step`] takes the minibatches from it in the order of each epoch.
    Data(Dataset),
    /// The caller passes each minibatch to [`Fit::step_on`] and ends each epoch with [`Fit::end_epoch`]; `batch_size`, `seed`
    /// and `shuffle` are then up to the caller.
    Stream {
        /// Minibatches per epoch, if known: schedules over all steps need it.
        steps: Option<u64>,
    },
}

/// A training in progress. Every step borrows the network, so that it is free between steps.
pub struct Fit {
    pub(super) feed: Feed,
    /// Sample numbers: of a data set in the order of the epoch, of a stream those of the minibatch.
    pub(super) order: Vec<u32>,
    /// Of truncated backpropagation through time.
    pub(super) windows: Option<Windows>,
    pub(super) epoch_loop: EpochLoop,
    pub(super) shards: Shards,
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
        let mut windows = None;
        if let Feed::Data(data) = &mut feed {
            *data = network.arranged(data)?.into_owned();
            if options.truncated > 0 {
                windows = Some(Windows::new(network, data, options.truncated)?);
            }
            let one = parts(data, windows.as_ref()).next().unwrap_or_else(|| data.clone());
            options.loss = options.loss.normalized(&one, &network.plan)?.into_owned();
        } else if options.truncated > 0 {
            return Err(Error::option("truncated is for data sets of sequences, not for streams"));
        }
        let mut compiled = options.loss.compile_to_train(&network.plan)?;
        compiled.trained = Trained::new(&network.plan, &options.rates)?;
        if options.accumulate > 1 {
            options.loss.check_parts(&compiled)?;
        }
        let batches = match &feed {
            Feed::Data(data) => {
                let count = windows.as_ref().map_or(1, Windows::count);
                for (number, part) in parts(data, windows.as_ref()).enumerate() {
                    network.plan.check_samples(&part, 0..part.len() as u32)?;
                    // The first part checks the class numbers of all.
                    if number == 0 {
                        part.check_targets(&network.plan.named_outputs())?;
                    }
                    options.loss.check_targets(&part, &network.plan, count == 1)?;
                    compiled.measure_by(&part, &network.plan);
                }
                options.batch_size = options.batch_size.min(data.len());
                let left = data.len() % options.batch_size;
                let merged = network.plan.has_batch_operators && left == 1;
                (data.len().div_ceil(options.batch_size) - usize::from(merged)) * count
            }
            Feed::Stream { steps: Some(steps) } => *steps as usize,
            Feed::Stream { steps: None } if options.optimizer.learning_rate.spans() => {
                return Err(Error::option(
                    "this schedule runs over all steps, and a stream does not say how many there are: give stepsPerEpoch, or use a schedule that follows epochs or none",
                ));
            }
            Feed::Stream { steps: None } => 0,
        };
        network.plan.check_batch(options.batch_size, &compiled.trained)?;
        let start = network.continued(&options.optimizer.rule, &compiled.trained);
        let nan = f64::NAN;
        let progress = FitProgress {
            batches,
            accuracy: nan,
            exact_match: nan,
            gradient_change: nan,
            gradient_largest: nan,
            ..FitProgress::default()
        };
        let epoch_loop = EpochLoop::new(options, compiled, progress, start);
        Ok(Self { feed, order: Vec::new(), windows, epoch_loop, shards: Shards::default() })
    }

    /// The optimizer's steps before this training; 0 if it started anew.
    pub fn start(&self) -> Steps {
        self.epoch_loop.start
    }

    /// Trains on one minibatch of the data set: [`Fit::compute`], unless that was done or [`Fit::complete`], then [`Fit::apply`].
    /// Returns whether it was the epoch's last.
    pub fn step(&mut self, network: &mut Network) -> Result<bool> {
        if !self.epoch_loop.is_computed() {
            self.compute(network)?;
        }
        self.apply(network)
    }

    /// Computes the gradient of the next minibatch of the data set, into [`Network::gradient`]. Until [`Fit::apply`] the
    /// caller may change it through [`Network::gradient_mut`]: for example to the mean of those of several networks.
    pub fn compute(&mut self, network: &mut Network) -> Result<()> {
        let Feed::Data(data) = &self.feed else {
            return Err(Error::option("this training has no data set: give each step its minibatch"));
        };
        let batch = self.epoch_loop.batch;
        if batch == 0 {
            self.order = self.epoch_loop.order(data);
        }
        let count = self.windows.as_ref().map_or(1, Windows::count);
        let (batch, window) = (batch / count, batch % count);
        let minibatch = &self.order[self.rows(batch)];
        let Some(windows) = &mut self.windows else {
            return self.epoch_loop.compute(network, data, minibatch, None, 1.0);
        };
        let carried = windows.carried(window, minibatch.len(), network.plan.state_size());
        self.epoch_loop.loss.first = windows.first(window);
        let data = &windows.of(data, window);
        self.epoch_loop.compute(network, data, minibatch, Some(&carried), windows.counts(window))
    }

    /// Where the samples of a minibatch of the data set lie in the order of the epoch.
    pub(super) fn rows(&self, minibatch: usize) -> Range<usize> {
        let EpochLoop { options, progress, .. } = &self.epoch_loop;
        let (from, count) = (minibatch * options.batch_size, self.windows.as_ref().map_or(1, Windows::count));
        from..if minibatch + 1 == progress.batches / count {
            self.order.len()
        } else {
            from + options.batch_size
        }
    }

    /// Updates the weights by the gradient that [`Fit::compute`] or [`Fit::compute_on`] left, or accumulates it if the update
    /// is not yet due. Returns whether that ended an epoch of the data set; [`Fit::end_epoch`] ends those of a stream.
    #[inline(never)] // Several call it, and it is long.
    pub fn apply(&mut self, network: &mut Network) -> Result<bool> {
        self.epoch_loop.apply(network)?;
        let of_data = matches!(self.feed, Feed::Data(_));
        let last = of_data && self.epoch_loop.batch == self.epoch_loop.progress.batches;
        if last {
            self.epoch_loop.end_epoch(network)?;
        }
        Ok(last)
    }

    /// Trains on one minibatch of a stream, all of its samples: [`Fit::compute_on`], then [`Fit::apply`].
    pub fn step_on(&mut self, network: &mut Network, batch: &Dataset) -> Result<()> {
        self.compute_on(network, batch)?;
        self.apply(network).map(drop)
    }

    /// As [`Fit::compute`], for a minibatch of a stream.
    pub fn compute_on(&mut self, network: &mut Network, batch: &Dataset) -> Result<()> {
        if let Feed::Data(_) = self.feed {
            return Err(Error::option("this training has a data set: its minibatches come from there"));
        }
        let batch = &*network.arranged(batch)?;
        check(network, batch)?;
        self.epoch_loop.options.loss.check_targets(batch, &network.plan, false)?;
        self.epoch_loop.loss.measure_by(batch, &network.plan);
        self.order = batch.order(false, 0, 0);
        self.epoch_loop.compute(network, batch, &self.order, None, 1.0)
    }

    /// Ends the epoch of a stream.
    pub fn end_epoch(&mut self, network: &mut Network) -> Result<()> {
        if self.epoch_loop.batch == 0 {
            return Err(Error::data(format!(
                "epoch {}: the stream had no samples; one that can be read only once serves one epoch: give a function that begins it anew",
                self.epoch_loop.epoch + 1
            )));
        }
        self.epoch_loop.end_epoch(network)
    }

    /// Passes an epoch's loss to a plateau schedule: the loss of the selection samples, or of the training samples if
    /// there are none.
    pub fn tell(&mut self, loss: f64) {
        self.epoch_loop.updates.tell(loss);
    }

    /// The loss at the start, and that of the best constant answer to the targets of the data set.
    pub fn measures(&self, network: &Network) -> Measures {
        let constant = match &self.feed {
            Feed::Data(data) if self.windows.is_none() => {
                self.epoch_loop.options.loss.constant(data, &network.plan)
            }
            _ => None,
        };
        Measures { start: self.epoch_loop.start_loss(), constant: constant.unwrap_or(f64::NAN) }
    }

    /// The current state, for reports.
    pub fn progress(&self) -> FitProgress {
        self.epoch_loop.progress
    }
}

/// A data set, or one after another the windows that together hold its time steps.
fn parts<'a>(data: &'a Dataset, windows: Option<&'a Windows>) -> impl Iterator<Item = Dataset> + 'a {
    let whole = windows.is_none().then(|| data.clone());
    whole.into_iter().chain(windows.into_iter().flat_map(|windows| windows.covering(data)))
}

/// Refuses samples or targets that do not fit the network.
pub(super) fn check(network: &Network, data: &Dataset) -> Result<()> {
    network.plan.check_samples(data, 0..data.len() as u32)?;
    data.check_targets(&network.plan.named_outputs())
}

#[cfg(test)]
mod tests;
