//! The learning rate of gradient descent.

use crate::optimizers::checks::{in_range, positive};
use crate::options::json::{Read, deserialize};
use hebb_kernels::error::Result;
use serde_json::Value;

/// The learning rate ε of x − ε·∇f. As JSON a number, `{ "from": 0.1, "decay": 0.01 }` or `"lineMinimized"`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// Constant.
    Fixed(f64),
    /// ε(t) = from / (1 + decay·t) for step t from 0 on (Robbins and Monro 1951: Σε diverges, Σε² does not).
    Decaying {
        /// The first rate, above 0.
        from: f64,
        /// At least 0.
        decay: f64,
    },
    /// The minimum along the line, in each step.
    LineMinimized,
}

impl Rate {
    /// From JSON.
    pub(super) fn from_json(json: &Value) -> Option<Self> {
        match json {
            Value::String(name) if name == "lineMinimized" => Some(Rate::LineMinimized),
            Value::Object(fields) => Some(Rate::Decaying {
                from: fields.get("from")?.as_f64()?,
                decay: fields.get("decay")?.as_f64()?,
            }),
            other => other.as_f64().map(Rate::Fixed),
        }
    }

    /// The rate of a step, from 0, if it is fixed in advance.
    pub fn at(&self, step: u64) -> Option<f64> {
        match *self {
            Rate::Fixed(rate) => Some(rate),
            Rate::Decaying { from, decay } => Some(from / (1.0 + decay * step as f64)),
            Rate::LineMinimized => None,
        }
    }

    /// Refuses rates out of range.
    pub fn check(&self) -> Result<()> {
        match *self {
            Rate::Fixed(rate) => positive("learningRate", rate),
            Rate::Decaying { from, decay } => {
                positive("learningRate.from", from)?;
                let ok = decay >= 0.0 && decay.is_finite();
                in_range("learningRate.decay", decay, ok, "finite and at least 0")
            }
            Rate::LineMinimized => Ok(()),
        }
    }
}

deserialize! { Rate, "learningRate"; }

impl Read for Rate {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        Rate::from_json(&json).ok_or_else(|| format!("{name} is no rate"))
    }
}
