//! The pass over a batch of a small network: a region for all operators, in which each task takes blocks of its own.

use super::executor::{self, Executor};
use super::gradients::TrainingState;
use super::pass::Pass;
use crate::data::Dataset;
use crate::losses::{CompiledLoss, Outcome};
use crate::plan::Mode;
use hebb_kernels::error::{Result, zeros};
use hebb_kernels::parallel::{self, SLICE_PARAMETERS, Shared};
use hebb_kernels::vector;

/// Maximum number of partial gradients per batch. Each sums its blocks in order; the partial gradients are then added in order.
const GROUPS: usize = 16;

impl TrainingState {
    /// One region: each task takes a group of blocks through all layers, forward and backward. A second region adds the groups'
    /// gradients.
    pub(super) fn small(
        &mut self,
        executor: &Executor,
        data: &Dataset,
        samples: &[u32],
        compiled: &CompiledLoss,
        pass: &Pass,
    ) -> Result<Outcome> {
        let (backward, carried, batch) = (pass.backward, pass.carried, samples.len());
        let rows = pass.own_rows(batch);
        let (first, samples) = (rows.start, &samples[rows]);
        let (lanes, parameters) = (executor.lanes(), executor.plan.parameters);
        let blocks = samples.len().div_ceil(lanes);
        let groups = blocks.min(GROUPS);
        if self.partial.len() < groups * parameters {
            self.partial = zeros(groups * parameters, "the gradients")?;
        }
        if self.outcomes.len() < groups {
            self.outcomes = zeros(groups, "the outcomes")?;
        }
        let partial = Shared::new(&mut self.partial);
        let outcomes = Shared::new(&mut self.outcomes);
        self.arenas.for_each(usize::MAX, groups, |group, arena| {
            let gradient = partial.at(group * parameters);
            // SAFETY: each group has its own partial gradient.
            unsafe { gradient.write_bytes(0, parameters) };
            let mut sum = Outcome::default();
            for number in group * blocks / groups..(group + 1) * blocks / groups {
                let mine = &samples[number * lanes..samples.len().min((number + 1) * lanes)];
                let draw = pass.draw_from(first + number * lanes);
                let block = executor.block(arena, mine.len(), Mode::Training { draw });
                executor.gather(data, mine, &block);
                executor.gather_targets(data, mine, &block);
                executor.begin(&block, number, carried);
                executor.forward(&block);
                executor.keep(&block, number, carried);
                sum = sum.add(&compiled.evaluate(&block, batch, backward));
                if backward {
                    executor::backward(executor.plan, compiled, &block, gradient);
                }
            }
            // SAFETY: each group has its own outcome.
            unsafe { *outcomes.at(group) = sum };
        })?;
        if !backward {
            return Ok(self.outcome(groups));
        }
        let total = Shared::new(&mut self.gradient);
        parallel::for_each(parameters.div_ceil(SLICE_PARAMETERS), |slice| {
            let (from, to) = (slice * SLICE_PARAMETERS, parameters.min((slice + 1) * SLICE_PARAMETERS));
            // SAFETY: the slices of the gradient are apart; the partial gradients are only read.
            let (sum, partials) = unsafe {
                let read = |group: usize| {
                    std::slice::from_raw_parts(partial.at(group * parameters + from), to - from)
                };
                (std::slice::from_raw_parts_mut(total.at(from), to - from), (0..groups).map(read))
            };
            for (group, partial) in partials.enumerate() {
                if group == 0 {
                    sum.copy_from_slice(partial);
                } else {
                    vector::add(sum, partial);
                }
            }
        });
        Ok(self.outcome(groups))
    }

    /// The sum of the outcomes of so many groups.
    fn outcome(&self, groups: usize) -> Outcome {
        self.outcomes[..groups].iter().fold(Outcome::default(), Outcome::add)
    }
}
