//! How far to go along the gradient.

use crate::error::Result;
use crate::optimizers::{in_range, positive};
use serde::Deserialize;

/// The learning rate ε of x − ε·∇f.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Rate {
    /// Always the same.
    Fixed(f64),
    /// ε(t) = from / (1 + decay·t) for step t from 0 on (Robbins and Monro 1951: Σε diverges, Σε² does not).
    Decaying {
        /// The first rate, above 0.
        from: f64,
        /// At least 0.
        decay: f64,
    },
    /// For each step the one that takes it to the minimum along the line.
    Named(Named),
}

/// Rates with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Named {
    /// See [`Rate::Named`].
    LineMinimized,
}

impl Rate {
    /// The rate of a step from 0 on, if it is known beforehand.
    pub fn at(&self, step: u64) -> Option<f64> {
        match *self {
            Rate::Fixed(rate) => Some(rate),
            Rate::Decaying { from, decay } => Some(from / (1.0 + decay * step as f64)),
            Rate::Named(Named::LineMinimized) => None,
        }
    }

    /// Whether it can be used.
    pub fn check(&self) -> Result<()> {
        match *self {
            Rate::Fixed(rate) => positive("learningRate", rate),
            Rate::Decaying { from, decay } => {
                positive("learningRate.from", from)?;
                let ok = decay >= 0.0 && decay.is_finite();
                in_range("learningRate.decay", decay, ok, "finite and at least 0")
            }
            Rate::Named(Named::LineMinimized) => Ok(()),
        }
    }
}
