//! The states of recurrent layers between calls, and between training steps on the same sequences.

use super::executor::Executor;
use crate::plan::{Block, State};
use hebb_kernels::parallel::Shared;
use hebb_kernels::vector;

/// The states of recurrent layers between training steps on the same sequences.
pub(crate) struct Carried {
    /// `[samples][values of all states]`.
    pub states: Shared<f32>,
    /// Whether the step begins with them.
    pub resumes: bool,
    /// The time step after which they are kept for the next one.
    pub step: usize,
}

impl Executor<'_> {
    /// Before the forward pass of a training step that goes on where another one ended.
    pub fn begin(&self, block: &Block, number: usize, carried: Option<&Carried>) {
        if let Some(Carried { states, resumes: true, .. }) = carried {
            self.resume(block, number, states);
        }
    }

    /// After it: keeps the states that the next one begins with.
    pub fn keep(&self, block: &Block, number: usize, carried: Option<&Carried>) {
        if let Some(Carried { states, step, .. }) = carried {
            self.carry(block, number, states, Some(*step));
        }
    }

    /// Fills the states of block `number` with those of its samples, `[samples][values of all states]`.
    pub fn resume(&self, block: &Block, number: usize, states: &Shared<f32>) {
        let (lanes, width) = (block.lanes(), self.plan.state_size());
        for (from, state) in self.placed_states() {
            // SAFETY: the plan gave the state these features; nobody else uses this arena now.
            let values = unsafe { block.values_mut(state.before, state.features) };
            for lane in 0..block.count {
                let first = states.at((number * lanes + lane) * width + from);
                // SAFETY: each block reads what belongs to its own samples.
                let own = unsafe { std::slice::from_raw_parts(first, state.features) };
                vector::spread(own, &mut values[lane..], lanes);
            }
        }
    }

    /// Copies the states of block `number` to those of its samples: those after the last operator, or after a time step.
    pub fn carry(&self, block: &Block, number: usize, states: &Shared<f32>, step: Option<usize>) {
        for (from, state) in self.placed_states() {
            let (buffer, block) = match (step, state.each) {
                (Some(step), Some(each)) => (each, block.step(step, state.features)),
                _ => (state.after, *block),
            };
            let width = self.plan.state_size();
            self.scatter_features((buffer, state.features), &block, number, states, from, width);
        }
    }

    /// The states, each with the place of its first value among those of all.
    fn placed_states(&self) -> impl Iterator<Item = (usize, &State)> {
        self.plan.states.iter().scan(0, |next, state| {
            let from = *next;
            *next += state.features;
            Some((from, state))
        })
    }
}
