//! The optimizer's state of a network, for checkpoints.

use super::{Network, OptimizerState};
use crate::archive::Archive;
use crate::runtime::{Executor, TrainingState};
use hebb_kernels::error::Result;

impl Network {
    /// The optimizer's state with names; `None` if there is none. With the parameters it is all that a training by minibatches
    /// continues from, to the bit. Methods for all samples at once keep no state between trainings.
    pub fn optimizer_state(&self) -> Result<Option<OptimizerState>> {
        let Some(training) = &self.training else { return Ok(None) };
        training.memory().save(&self.plan.tensors, self.plan.parameters)
    }

    /// Replaces the optimizer's state by that of a network with the same tensors. Comes after [`Network::set_parameters`], which
    /// discards the state. An error changes nothing.
    pub fn set_optimizer_state(&mut self, state: &OptimizerState) -> Result<()> {
        self.prepare()?;
        let training = self.training.as_mut().expect("just made");
        training.memory_mut().restore(state, &self.plan.tensors, self.plan.parameters)
    }

    /// Exchanges the gradients accumulated for the next update with an archive.
    pub(crate) fn exchange_accumulated(&mut self, archive: &mut Archive) {
        archive.require(self.prepare().is_ok());
        if let Some(training) = &mut self.training {
            training.exchange_accumulated(archive);
        }
    }

    /// Makes what a training keeps in the network, if it is not there.
    fn prepare(&mut self) -> Result<()> {
        if self.training.is_none() {
            let executor = Executor { plan: &self.plan, level: self.level, parameters: &self.parameters };
            self.training = Some(TrainingState::new(&executor)?);
        }
        Ok(())
    }
}
