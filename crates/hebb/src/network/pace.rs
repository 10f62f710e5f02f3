//! When a training updates the weights, and how: accumulation, the learning rate, the gradient's norm.

use super::Network;
use super::change::Change;
use super::fit::FitOptions;
use crate::error::Result;
use crate::optimizers::{Plateau, Progress};

/// The updates of a training under way.
pub(crate) struct Pace {
    /// Updates an epoch; 0 where nobody knows.
    per_epoch: u64,
    done: u64,
    /// Minibatches whose gradients wait for an update, and the sum of their weights.
    waiting: usize,
    weights: f64,
    /// Of the epoch's updates: the sum of the gradients' norms, and how many they are.
    norms: (f64, u64),
    plateau: Option<Plateau>,
    /// Where it is measured.
    pub change: Option<Change>,
}

impl Pace {
    /// For epochs of so many minibatches, 0 where nobody knows.
    pub fn new(options: &FitOptions, batches: usize) -> Self {
        Self {
            per_epoch: batches.div_ceil(options.accumulate) as u64,
            done: 0,
            waiting: 0,
            weights: 0.0,
            norms: (0.0, 0),
            plateau: Plateau::of(&options.optimizer.learning_rate),
            change: options.gradient_change.then(Change::default),
        }
    }

    /// An epoch begins.
    pub fn begin(&mut self) {
        self.norms = (0.0, 0);
    }

    /// What an epoch brought, for a schedule that falls on plateaus.
    pub fn tell(&mut self, loss: f64) {
        if let Some(plateau) = &mut self.plateau {
            plateau.tell(loss);
        }
    }

    /// The moment of the next update, in an epoch from 0.
    pub fn now(&self, options: &FitOptions, epoch: u64) -> Progress {
        let plateaus = self.plateau.as_ref().map_or(0, |plateau| plateau.lowered);
        Progress { step: self.done, steps: self.per_epoch.saturating_mul(options.epochs), epoch, plateaus }
    }

    /// The mean norm of the gradients of the epoch's updates, before clipping; NaN where none was measured.
    pub fn norm(&self) -> f64 {
        self.norms.0 / self.norms.1 as f64
    }

    /// Behind the gradients of a minibatch of so many samples: the update, if it is due. Gradients that waited
    /// together count as those of one minibatch of all their samples.
    pub fn minibatch(
        &mut self,
        network: &mut Network,
        options: &FitOptions,
        samples: usize,
        epoch: u64,
    ) -> Result<()> {
        if options.accumulate == 1 {
            return self.update(network, options, epoch);
        }
        // Where the loss is a sum over the samples, so is its gradient.
        let weight = if options.loss.is_sum() { 1.0 } else { samples as f64 };
        network.wait(weight as f32, self.waiting == 0)?;
        self.waiting += 1;
        self.weights += weight;
        if self.waiting < options.accumulate { Ok(()) } else { self.flush(network, options, epoch) }
    }

    /// The update of the gradients that wait, if there are any.
    pub fn flush(&mut self, network: &mut Network, options: &FitOptions, epoch: u64) -> Result<()> {
        if self.waiting == 0 {
            return Ok(());
        }
        network.gather(if options.loss.is_sum() { 1.0 } else { self.weights as f32 })?;
        (self.waiting, self.weights) = (0, 0.0);
        self.update(network, options, epoch)
    }

    fn update(&mut self, network: &mut Network, options: &FitOptions, epoch: u64) -> Result<()> {
        let measured = options.gradient_norm || options.optimizer.needs_norm();
        let norm = if measured { Some(network.gradient_norm()?) } else { None };
        if let Some(change) = &mut self.change {
            change.add(network.gradient()?);
        }
        network.apply(&options.optimizer, Some(self.now(options, epoch)), norm)?;
        self.done += 1;
        if let Some(norm) = norm {
            self.norms = (self.norms.0 + norm, self.norms.1 + 1);
        }
        Ok(())
    }
}
