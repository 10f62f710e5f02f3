//! The learning rate over the course of training.

use super::ranges::positive;
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// A moment of training.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Steps done.
    pub step: u64,
    /// Steps in all; 0 where nobody knows.
    pub steps: u64,
    /// Epochs done.
    pub epoch: u64,
    /// How often the loss has come to a plateau.
    pub plateaus: u64,
}

/// A learning rate: a number, or a schedule.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Schedule {
    /// Always the same.
    Constant(f64),
    /// Changing.
    Changing(Changing),
}

/// A changing learning rate. In all of them but `OneCycle`, which rises by itself, `warmup` is the part of all
/// steps (below 1) or the number of steps (from 1) over which the rate rises linearly, times (t+1)/warmup at
/// the step t from 0. Default 0.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub enum Changing {
    /// The same, but for its warm-up.
    Constant {
        /// The rate.
        value: f64,
        /// See above.
        #[serde(default)]
        warmup: f64,
    },
    /// Falls from `from` to `to` along half a cosine behind the warm-up (Loshchilov and Hutter 2017).
    Cosine {
        /// The highest rate.
        from: f64,
        /// The last rate. Default 0.
        #[serde(default)]
        to: f64,
        /// See above.
        #[serde(default)]
        warmup: f64,
    },
    /// Falls from `from` to `to` behind the warm-up, by the same factor each step.
    Exponential {
        /// The highest rate.
        from: f64,
        /// The last rate, above 0.
        to: f64,
        /// See above.
        #[serde(default)]
        warmup: f64,
    },
    /// Rises from `from` to `peak` over the part or number `warmup` of the steps, then falls to `to`, both along
    /// half a cosine (Smith and Topin 2018). Equals PyTorch's `OneCycleLR`.
    OneCycle {
        /// The first rate.
        from: f64,
        /// The highest rate.
        peak: f64,
        /// The last rate.
        to: f64,
        /// Default 0.3.
        #[serde(default = "third")]
        warmup: f64,
    },
    /// Multiplied by `factor` after every `every` epochs.
    Step {
        /// The first rate.
        from: f64,
        /// Above 0, at most 1.
        factor: f64,
        /// Epochs, at least 1. Default 1.
        #[serde(default = "one")]
        every: u64,
        /// See above.
        #[serde(default)]
        warmup: f64,
    },
    /// Multiplied by `factor` whenever more than `patience` epochs in a row have not lowered the loss by the part
    /// `decrease` of the lowest one. Equals PyTorch's `ReduceLROnPlateau`.
    Plateau {
        /// The first rate.
        from: f64,
        /// Above 0, below 1. Default 0.1.
        #[serde(default = "tenth")]
        factor: f64,
        /// Epochs. Default 10.
        #[serde(default = "ten")]
        patience: u64,
        /// At least 0, below 1. Default 0.0001.
        #[serde(default = "little")]
        decrease: f64,
        /// The lowest rate. Default 0.
        #[serde(default)]
        to: f64,
        /// See above.
        #[serde(default)]
        warmup: f64,
    },
    /// Rates one by one; behind the last one it stays.
    Table {
        /// At least one; each finite and at least 0.
        rates: Vec<f64>,
        /// What each is for.
        per: Per,
        /// See above.
        #[serde(default)]
        warmup: f64,
    },
}

crate::json::tagged!(Changing);

/// What an entry of a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum Per {
    Step,
    Epoch,
}

fn one() -> u64 {
    1
}

fn ten() -> u64 {
    10
}

fn tenth() -> f64 {
    0.1
}

fn third() -> f64 {
    0.3
}

fn little() -> f64 {
    1e-4
}

impl Schedule {
    /// The rate at a moment.
    pub fn at(&self, now: Progress) -> f32 {
        match self {
            Schedule::Constant(value) => *value as f32,
            Schedule::Changing(changing) => changing.at(now) as f32,
        }
    }

    /// Whether it has to know how many steps there are.
    pub fn spans(&self) -> bool {
        match self {
            Schedule::Constant(_) => false,
            Schedule::Changing(changing) => changing.spans(),
        }
    }

    /// Whether it has to know of epochs, or of what they brought.
    pub fn follows_epochs(&self) -> bool {
        use Changing::*;
        matches!(self, Schedule::Changing(Step { .. } | Plateau { .. } | Table { per: Per::Epoch, .. }))
    }

    pub(super) fn check(&self) -> Result<()> {
        match self {
            Schedule::Constant(value) => positive("learningRate", *value),
            Schedule::Changing(changing) => changing.check(),
        }
    }
}
