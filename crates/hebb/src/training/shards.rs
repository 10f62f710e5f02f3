//! Steps whose minibatch is cut into micro-shards, which several processes may share. The gradient of a micro-shard follows from
//! the parameters, its samples, and their places in the minibatch; the sum of all from their number. So the weights are the same
//! bits, whichever process computed which.

use super::fit::{Feed, Fit};
use crate::losses::Outcome;
use crate::network::Network;
use hebb_kernels::error::{Error, Result};
use std::ops::Range;

impl Fit {
    /// The first half of a step, [`Fit::compute`], for some of the `count` micro-shards of the next minibatch of the data set: their
    /// gradients, which [`Fit::shard_sums`] then has. Returns the share of each in the error of the minibatch, four numbers: loss,
    /// answers, right ones, and samples without a wrong answer. [`Fit::complete`] is next.
    pub fn compute_shards(
        &mut self,
        network: &mut Network,
        count: usize,
        own: Range<usize>,
    ) -> Result<Vec<f64>> {
        let Feed::Data(data) = &self.feed else {
            return Err(Error::option("a stream has no micro-shards: train on a data set"));
        };
        if self.windows.is_some() {
            return Err(Error::option("truncated: sequences that carry states have no micro-shards"));
        }
        let trained = &self.epoch_loop.loss.trained;
        if count > 1
            && let Some(name) = network.plan.across(trained)
        {
            return Err(Error::option(format!(
                "batchNorm \"{name}\" needs the statistics of the whole minibatch, which micro-shards do not have: freeze it by rates, or train with shards: 1"
            )));
        }
        if self.epoch_loop.batch == 0 {
            self.order = self.epoch_loop.order(data);
        }
        let minibatch = &self.order[self.rows(self.epoch_loop.batch)];
        let draw = self.epoch_loop.begin(network)?;
        self.sum.clear();
        let mut outcomes = Vec::new();
        for shard in own {
            let rows = shard * minibatch.len() / count..(shard + 1) * minibatch.len() / count;
            let part = network.pass_part(data, minibatch, rows, &self.epoch_loop.loss, draw);
            let Outcome { loss, asked, correct, exact } =
                part.map_err(|error| self.epoch_loop.placed(error))?;
            outcomes.extend([loss, asked as f64, correct as f64, exact as f64]);
            self.sum.add(shard, count, network.gradient()?)?;
        }
        Ok(outcomes)
    }

    /// The sums of the gradients of the micro-shards of the last [`Fit::compute_shards`], one after another: those of the largest
    /// subtrees of a pairwise tree over all micro-shards. One sum, if it was all of them.
    pub fn shard_sums(&self) -> &[f32] {
        self.sum.values()
    }

    /// Ends the first half of a step: [`Network::gradient_mut`] was given the sum over all micro-shards, and these are the outcomes of
    /// all, in order. [`Fit::apply`] is next.
    pub fn complete(&mut self, network: &mut Network, outcomes: &[f64]) -> Result<()> {
        let samples = self.rows(self.epoch_loop.batch).len();
        let outcome =
            outcomes.as_chunks().0.iter().fold(Outcome::default(), |sum, &[loss, asked, correct, exact]| {
                let [asked, correct, exact] = [asked, correct, exact].map(|count| count as usize);
                sum.add(&Outcome { loss, asked, correct, exact })
            });
        let report = network.complete(&self.epoch_loop.loss, samples, outcome, true)?;
        self.epoch_loop.completed(report, samples);
        Ok(())
    }
}
