//! Passes over batches, and over the micro-shards of batches that processes share.

use super::{Network, Report, no_gradient};
use crate::data::Dataset;
use crate::losses::{CompiledLoss, Outcome};
use crate::plan::Draw;
use crate::runtime::{Carried, Executor, Pass, TrainingState};
use hebb_kernels::error::{Error, Result};

impl Network {
    /// As [`Network::gradients`], for data already checked; without `backward` only the loss, and the gradient does not change.
    pub(crate) fn pass(
        &mut self,
        data: &Dataset,
        samples: &[u32],
        compiled: &CompiledLoss,
        step: u64,
        carried: Option<&Carried>,
        backward: bool,
    ) -> Result<Report> {
        let pass = Pass { carried, ..Pass::alone(self.draw(step), backward) };
        let outcomes = self.run(data, samples, compiled, &pass, false)?;
        self.complete(compiled, samples.len(), outcomes.map_or(Outcome::default(), |all| all[0]), backward)
    }

    /// What dropout draws by in a training step.
    pub(crate) fn draw(&self, step: u64) -> Draw {
        Draw { seed: self.spec.seed, step, sample: 0 }
    }

    /// The share of each micro-shard of a pass in the error of a batch, and in [`Network::gradient_of`]. The shares add up, and
    /// [`Network::complete`] makes the batch of them. `None` if the pass waits for [`Network::measured`]; with `goes_on` it is
    /// one that waited.
    #[inline(never)] // Several call it, and it is long.
    pub(crate) fn run(
        &mut self,
        data: &Dataset,
        batch: &[u32],
        compiled: &CompiledLoss,
        pass: &Pass,
        goes_on: bool,
    ) -> Result<Option<Vec<Outcome>>> {
        let executor = Executor { plan: &self.plan, level: self.level, parameters: &self.parameters };
        if self.training.is_none() {
            self.training = Some(TrainingState::new(&executor)?);
        }
        let training = self.training.as_mut().expect("just made");
        if !goes_on {
            training.part(&executor, data, batch, compiled, pass)
        } else if training.measured().is_some() {
            training.go_on(&executor, data, batch, compiled, pass)
        } else {
            Err(Error::option("no pass over micro-shards waits: the network was used for something else"))
        }
    }

    /// After a pass over `count` micro-shards the gradient of one of them.
    pub(crate) fn gradient_of(&self, shard: usize, count: usize) -> Result<&[f32]> {
        Ok(self.training.as_ref().ok_or_else(no_gradient)?.gradient_of(shard, count))
    }

    /// What all micro-shards measured for the operator for which a pass waits, `[micro-shards][values]`: it has written those of
    /// its own, and those of others belong there before it goes on. Empty if none waits.
    pub fn measured(&mut self) -> &mut [f64] {
        self.training.as_mut().and_then(TrainingState::measured).unwrap_or_default()
    }

    /// The loss and score of a batch with this error, after the passes over it: takes its statistics, and with `backward` completes
    /// the gradient, of which [`Network::gradient`] holds the sum of all shares.
    pub(crate) fn complete(
        &mut self,
        compiled: &CompiledLoss,
        batch: usize,
        outcome: Outcome,
        backward: bool,
    ) -> Result<Report> {
        let training = self.training.as_mut().ok_or_else(no_gradient)?;
        if self.plan.has_batch_operators {
            let (first, statistics) = (self.plan.parameters, training.statistics());
            if let Some(at) = statistics.iter().position(|value| !value.is_finite()) {
                let name = self.plan.tensor_of(first + at);
                return Err(Error::diverged(format!(
                    "{name} would become {}: the inputs of this layer are too large for 32 bits, scale them. The network is what it was before the step",
                    statistics[at]
                )));
            }
            self.parameters[first..].copy_from_slice(statistics);
        }
        training.whole(&self.parameters, compiled, batch, outcome, backward)
    }
}
