//! When and how a training updates the weights: accumulation, learning rate, gradient norm.

use super::gradient_change::GradientChange;
use super::options::FitOptions;
use crate::archive::Archive;
use crate::network::Network;
use crate::optimizers::{Plateau, Progress};
use crate::plan::Trained;
use hebb_kernels::error::Result;

/// Schedules the updates of a training in progress.
pub(crate) struct UpdateScheduler {
    /// Updates per epoch; 0 if unknown.
    per_epoch: u64,
    /// Updates so far.
    done: u64,
    /// Minibatches accumulated for the next update, and the sum of their weights.
    accumulated: usize,
    weights: f64,
    /// The sum and the count of the gradient norms of the epoch's updates.
    norms: (f64, u64),
    plateau: Option<Plateau>,
    /// `None` if not measured.
    pub change: Option<GradientChange>,
}

impl UpdateScheduler {
    /// For epochs of `batches` minibatches; 0 if unknown.
    pub fn new(options: &FitOptions, batches: usize) -> Self {
        Self {
            per_epoch: batches.div_ceil(options.accumulate) as u64,
            done: 0,
            accumulated: 0,
            weights: 0.0,
            norms: (0.0, 0),
            plateau: Plateau::of(&options.optimizer.learning_rate),
            change: options.gradient_change.then(GradientChange::default),
        }
    }

    /// Begins an epoch.
    pub fn begin(&mut self) {
        self.norms = (0.0, 0);
    }

    /// Passes an epoch's loss to a plateau schedule.
    pub fn tell(&mut self, loss: f64) {
        if let Some(plateau) = &mut self.plateau {
            plateau.tell(loss);
        }
    }

    /// The schedule's position at the next update; `epoch` counts from 0.
    pub fn now(&self, options: &FitOptions, epoch: u64) -> Progress {
        let plateaus = self.plateau.as_ref().map_or(0, |plateau| plateau.lowered);
        Progress { step: self.done, steps: self.per_epoch.saturating_mul(options.epochs), epoch, plateaus }
    }

    /// The mean norm of the gradients of the epoch's updates, before clipping; NaN if not measured.
    pub fn norm(&self) -> f64 {
        self.norms.0 / self.norms.1 as f64
    }

    /// Exchanges its state with an archive.
    pub fn exchange(&mut self, archive: &mut Archive, network: &mut Network) {
        archive.count(&mut self.done);
        archive.size(&mut self.accumulated);
        archive.number(&mut self.weights);
        archive.number(&mut self.norms.0);
        archive.count(&mut self.norms.1);
        if let Some(plateau) = &mut self.plateau {
            plateau.exchange(archive);
        }
        if let Some(change) = &mut self.change {
            change.exchange(archive, network.trained());
        }
        if self.accumulated > 0 {
            network.exchange_accumulated(archive);
        }
    }

    /// Called after the gradients of a minibatch of `samples`; updates if it is due. Accumulated gradients count as the gradient
    /// of one minibatch of all their samples.
    pub fn after_minibatch(
        &mut self,
        network: &mut Network,
        options: &FitOptions,
        trained: &Trained,
        samples: f64,
        epoch: u64,
    ) -> Result<()> {
        if options.accumulate == 1 {
            return self.update(network, options, trained, epoch);
        }
        // If the loss is a sum over the samples, so is its gradient.
        let weight = if options.loss.is_sum() { 1.0 } else { samples };
        network.accumulate(weight as f32, self.accumulated == 0)?;
        self.accumulated += 1;
        self.weights += weight;
        if self.accumulated < options.accumulate {
            Ok(())
        } else {
            self.flush(network, options, trained, epoch)
        }
    }

    /// Updates by the accumulated gradients, if there are any.
    pub fn flush(
        &mut self,
        network: &mut Network,
        options: &FitOptions,
        trained: &Trained,
        epoch: u64,
    ) -> Result<()> {
        if self.accumulated == 0 {
            return Ok(());
        }
        network.finish_accumulation(if options.loss.is_sum() { 1.0 } else { self.weights as f32 })?;
        (self.accumulated, self.weights) = (0, 0.0);
        self.update(network, options, trained, epoch)
    }

    fn update(
        &mut self,
        network: &mut Network,
        options: &FitOptions,
        trained: &Trained,
        epoch: u64,
    ) -> Result<()> {
        let measured = options.gradient_norm || options.optimizer.needs_norm();
        let norm = if measured { Some(network.gradient_norm()?) } else { None };
        if let Some(change) = &mut self.change {
            change.add(network.gradient()?);
        }
        network.apply(&options.optimizer, Some(self.now(options, epoch)), norm, trained)?;
        self.done += 1;
        if let Some(norm) = norm {
            self.norms = (self.norms.0 + norm, self.norms.1 + 1);
        }
        Ok(())
    }
}
