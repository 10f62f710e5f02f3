//! Truncated backpropagation through time (Williams and Peng 1990, BPTT(h; h′)): a sequence of L time steps is cut into windows of
//! the network's T time steps. Each begins with the state that the one before had there, and its gradient goes back to its first
//! time step; of all but the first only the new time steps count.
//!
//! ```text
//! time step   0   1   2   3   4   5   6   7   8   9  10       L = 11, T = 5, an update every 3
//! window 0    ■───■───■───■───■                               ■ counts, □ is computed again
//! window 1                □───□───■───■───■                   begins with h(2) of window 0
//! window 2                            □───□───■───■───■       begins with h(5) of window 1
//! ```
//!
//! The last window ends with the sequence, so that it may have fewer new time steps.

use crate::archive::Archive;
use crate::data::Dataset;
use crate::network::Network;
use crate::runtime::Carried;
use hebb_kernels::error::{Error, Result};
use hebb_kernels::parallel::Shared;

/// The windows of the sequences of a data set.
pub(super) struct Windows {
    /// L.
    length: usize,
    /// T.
    steps: usize,
    every: usize,
    /// The states between two windows, `[samples][values of all states]`.
    states: Vec<f32>,
}

impl Windows {
    /// Refuses networks and data that cannot be cut.
    pub fn new(network: &Network, data: &Dataset, every: usize) -> Result<Self> {
        let plan = &network.plan;
        let refused = |why: String| Err(Error::option(format!("truncated: {why}")));
        let sequence = plan.input.len() <= 2 && plan.lengths.is_empty() && network.inputs().len() == 1;
        let steps = plan.input[0];
        if !sequence || plan.outputs.iter().any(|output| output.steps() != steps || output.shape.len() != 2) {
            return refused(format!(
                "the network must make of each time step of an input [T, features] an output [T, values]: return all states, without lengths; it makes {:?} of {:?}",
                plan.output(),
                plan.input
            ));
        }
        if let Some(state) = plan.states.iter().find(|state| state.each.is_none()) {
            return refused(format!("\"{}\" reads the time steps from the last to the first", state.name));
        }
        if plan.states.is_empty() || !(1..=steps).contains(&every) {
            return refused(format!(
                "it needs a recurrent layer, and an update every 1 to {steps} time steps"
            ));
        }
        let length = data.time_steps(plan.input.iter().skip(1).product()).unwrap_or(0);
        if length < steps {
            return Err(Error::shape(format!(
                "truncated: the samples must be sequences of at least the network's {steps} time steps, with targets for each time step; they have shape {:?}",
                data.shape()
            )));
        }
        Ok(Self { length, steps, every, states: Vec::new() })
    }

    /// Their number.
    pub fn count(&self) -> usize {
        1 + (self.length - self.steps).div_ceil(self.every)
    }

    /// The first time step of a window.
    fn start(&self, window: usize) -> usize {
        (window * self.every).min(self.length - self.steps)
    }

    /// The time steps of a window that do not count, because they did in the one before.
    pub fn first(&self, window: usize) -> usize {
        let new = |before: usize| self.start(window) - self.start(before);
        window.checked_sub(1).map_or(0, |before| self.steps - new(before))
    }

    /// The share of a window's time steps that counts.
    pub fn counts(&self, window: usize) -> f64 {
        (self.steps - self.first(window)) as f64 / self.steps as f64
    }

    /// The samples at the time steps of a window.
    pub fn of(&self, data: &Dataset, window: usize) -> Dataset {
        data.window(self.length, self.start(window), self.steps)
    }

    /// The windows that hold each time step at least once, and few of them twice.
    pub fn covering<'a>(&'a self, data: &'a Dataset) -> impl Iterator<Item = Dataset> + 'a {
        let last = self.count() - 1;
        let numbers = (0..last).step_by(self.steps / self.every).chain([last]);
        numbers.map(|window| self.of(data, window))
    }

    /// Exchanges the states after a window with an archive; they have `length` values.
    pub fn exchange(&mut self, archive: &mut Archive, length: usize) {
        archive.floats(&mut self.states, length);
    }

    /// What a window of `samples` carries from the one before to the next.
    pub fn carried(&mut self, window: usize, samples: usize, features: usize) -> Carried {
        let next =
            if window + 1 < self.count() { self.start(window + 1) - self.start(window) } else { self.steps };
        self.states.resize(samples * features, 0.0);
        Carried { states: Shared::new(&mut self.states), resumes: window > 0, step: next - 1 }
    }
}
