//! The result of a training step.

use crate::losses::Score;

/// The result of a step on its batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Report {
    /// The loss index of the batch, before the update: error term + regularisation term.
    pub loss: f64,
    /// The regularisation term in it.
    pub regularization: f64,
    /// The right answers in the batch.
    pub score: Score,
}
