//! A training saved between two minibatches, to go on as if it had not been interrupted.

use super::best_weights::BestWeights;
use super::fit::{Feed, Fit};
use super::truncated::Windows;
use crate::archive::Archive;
use crate::network::Network;
use hebb_kernels::error::Result;

impl Fit {
    /// The state of the training, and the best weights. With the network's parameters and [`Network::optimizer_state`] it is all
    /// that the training goes on from; random numbers follow from seeds and counters.
    pub fn save(&mut self, best: &mut BestWeights, network: &mut Network) -> Result<Vec<f32>> {
        let mut archive = Archive::saving();
        self.exchange(&mut archive, best, network);
        archive.end()
    }

    /// Goes on from a state of [`Fit::save`], with the same options and samples. It comes before the first step, on a network
    /// with the parameters and the optimizer's state of that moment. After an error this training must not be used.
    pub fn restore(&mut self, state: Vec<f32>, best: &mut BestWeights, network: &mut Network) -> Result<()> {
        let mut archive = Archive::restoring(state);
        self.exchange(&mut archive, best, network);
        archive.end().map(drop)
    }

    #[inline(never)]
    fn exchange(&mut self, archive: &mut Archive, best: &mut BestWeights, network: &mut Network) {
        self.epoch_loop.exchange(archive, network);
        best.exchange(archive, network.parameters().len());
        let (Feed::Data(data), batch) = (&self.feed, self.epoch_loop.batch) else { return };
        if !(1..self.epoch_loop.progress.batches).contains(&batch) {
            return archive.require(batch == 0);
        }
        self.order = self.epoch_loop.order(data);
        let count = self.windows.as_ref().map_or(1, Windows::count);
        let length = self.rows(batch / count).len() * network.plan.state_size();
        if let Some(windows) = self.windows.as_mut().filter(|_| batch % count > 0) {
            windows.exchange(archive, length);
        }
    }
}

#[cfg(test)]
mod tests;
