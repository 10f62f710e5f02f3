//! Steps whose minibatch is cut into micro-shards, which several processes may share. The gradient of a micro-shard follows from
//! the parameters, its samples, and their places in the minibatch; the sum of all from their number. So the weights are the same
//! bits, whichever process computed which. What operators across the batch compute follows from the measurements of all
//! micro-shards, which processes exchange.

use super::fit::{Feed, Fit};
use super::pairwise_sum::PairwiseSum;
use crate::losses::Outcome;
use crate::network::Network;
use crate::runtime::Pass;
use hebb_kernels::error::{Error, Result};
use std::ops::Range;

/// The micro-shards of a minibatch.
#[derive(Default)]
pub(super) struct Shards {
    count: usize,
    /// Those of this process.
    own: Range<usize>,
    /// The number of the step.
    step: u64,
    /// Of their gradients.
    sum: PairwiseSum,
}

impl Fit {
    /// The first half of a step, [`Fit::compute`], for some of the `count` micro-shards of the next minibatch of the data set: their
    /// gradients, which [`Fit::shard_sums`] then has. Returns the share of each in the error of the minibatch, four numbers: loss,
    /// answers, right ones, and samples without a wrong answer; [`Fit::complete`] is next. `None` if [`Network::measured`] waits for
    /// the values of other processes; [`Fit::go_on`] is next.
    pub fn compute_shards(
        &mut self,
        network: &mut Network,
        count: usize,
        own: Range<usize>,
    ) -> Result<Option<Vec<f64>>> {
        if own.is_empty() || own.end > count {
            return Err(Error::option(format!("the micro-shards {own:?} do not exist: there are {count}")));
        }
        let Feed::Data(data) = &self.feed else {
            return Err(Error::option("a stream has no micro-shards: train on a data set"));
        };
        if self.windows.is_some() {
            return Err(Error::option("truncated: sequences that carry states have no micro-shards"));
        }
        if self.epoch_loop.batch == 0 {
            self.order = self.epoch_loop.order(data);
        }
        let step = self.epoch_loop.begin(network)?;
        self.shards.sum.clear();
        self.shards = Shards { count, own, step, sum: std::mem::take(&mut self.shards.sum) };
        self.pass_shards(network, false)
    }

    /// Goes on with [`Fit::compute_shards`], whose values it returns.
    pub fn go_on(&mut self, network: &mut Network) -> Result<Option<Vec<f64>>> {
        self.pass_shards(network, true)
    }

    #[inline(never)] // Both call it, and it is long.
    fn pass_shards(&mut self, network: &mut Network, goes_on: bool) -> Result<Option<Vec<f64>>> {
        let (Feed::Data(data), 1..) = (&self.feed, self.shards.count) else { return Err(none()) };
        let minibatch = &self.order[self.rows(self.epoch_loop.batch)];
        let loss = &self.epoch_loop.loss;
        let Shards { count, own, step, sum } = &mut self.shards;
        // Only operators across the batch need all of them at once, and the memory for that.
        let at_once = if network.plan.across(&loss.trained) { own.len() } else { 1 };
        let mut outcomes = Vec::new();
        for first in own.clone().step_by(at_once) {
            let (draw, own) = (network.draw(*step), first..first + at_once);
            let pass = Pass { draw, shards: *count, own: own.clone(), carried: None, backward: true };
            let run = network.run(data, minibatch, loss, &pass, goes_on);
            let Some(shares) = run.map_err(|error| self.epoch_loop.placed(error))? else { return Ok(None) };
            for (number, (shard, share)) in own.zip(shares).enumerate() {
                let Outcome { loss, asked, correct, exact } = share;
                outcomes.extend([loss, asked as f64, correct as f64, exact as f64]);
                sum.add(shard, *count, network.gradient_of(number, at_once)?)?;
            }
        }
        Ok(Some(outcomes))
    }

    /// The sums of the gradients of the micro-shards of the last [`Fit::compute_shards`], one after another: those of the largest
    /// subtrees of a pairwise tree over all micro-shards. One sum, if it was all of them.
    pub fn shard_sums(&self) -> &[f32] {
        self.shards.sum.values()
    }

    /// Ends the first half of a step: [`Network::gradient_mut`] was given the sum over all micro-shards, and these are the outcomes of
    /// all, in order. [`Fit::apply`] is next.
    pub fn complete(&mut self, network: &mut Network, outcomes: &[f64]) -> Result<()> {
        if std::mem::take(&mut self.shards.count) == 0 {
            return Err(none());
        }
        let samples = self.rows(self.epoch_loop.batch).len();
        let outcome =
            outcomes.as_chunks().0.iter().fold(Outcome::default(), |sum, &[loss, asked, correct, exact]| {
                let [asked, correct, exact] = [asked, correct, exact].map(|count| count as usize);
                sum.add(&Outcome { loss, asked, correct, exact })
            });
        let report = network.complete(&self.epoch_loop.loss, samples, outcome, true);
        let report = report.map_err(|error| self.epoch_loop.placed(error))?;
        self.epoch_loop.completed(report, samples);
        Ok(())
    }
}

fn none() -> Error {
    Error::option("no micro-shards are computed: compute_shards comes before")
}
