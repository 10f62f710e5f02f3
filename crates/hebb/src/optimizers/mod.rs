//! The optimizers, in order of increasing complexity. Each turns a slice of the gradient into the step Δw,
//! in place, with its state beside it; adding Δw to the weights is the caller's, once all of it is finite.

mod schedule;
mod sgd;

pub use schedule::{Progress, Schedule};
pub use sgd::Sgd;

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// An optimizer by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Optimizer {
    /// Stochastic gradient descent.
    Sgd(Sgd),
}

impl Optimizer {
    /// Refuses options outside their range.
    pub fn check(&self) -> Result<()> {
        match self {
            Optimizer::Sgd(sgd) => sgd.check(),
        }
    }

    /// The learning rate at a moment of training.
    pub fn rate(&self, progress: Progress) -> f32 {
        match self {
            Optimizer::Sgd(sgd) => sgd.learning_rate.at(progress),
        }
    }

    /// Whether its learning rate depends on how many steps there are in all.
    pub fn needs_steps(&self) -> bool {
        match self {
            Optimizer::Sgd(sgd) => sgd.learning_rate.needs_steps(),
        }
    }

    /// The floats of state that it keeps for each parameter.
    pub fn state(&self) -> usize {
        match self {
            Optimizer::Sgd(sgd) => usize::from(sgd.momentum != 0.0),
        }
    }

    /// gradient → Δw, for the parameters `weights`, whose state is `state`.
    pub(crate) fn step(&self, rate: f32, weights: &[f32], gradient: &mut [f32], state: &mut [f32]) {
        match self {
            Optimizer::Sgd(sgd) => sgd.step(rate, weights, gradient, state),
        }
    }
}

fn in_range(name: &str, value: f64, ok: bool, range: &str) -> Result<()> {
    if ok { Ok(()) } else { Err(Error::option(format!("{name} must be {range}, got {value}"))) }
}
