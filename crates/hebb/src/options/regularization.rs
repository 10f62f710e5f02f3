//! The regularisation term of a loss index: l1·Σ|w| + ½·l2·Σw² over weights, not biases. (l2 is also called weight decay:
//! its contribution to ∂E/∂w is l2·w.)

use super::json::{Fields, Read, deserialize};
use hebb_kernels::error::{Error, Result};
use serde_json::Value;

/// The factors of the regularisation term. Default 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Regularization {
    /// Factor of Σ|w|, at least 0.
    pub l1: f32,
    /// Factor of ½·Σw², at least 0.
    pub l2: f32,
}

deserialize! { Regularization, "regularization"; }

impl Read for Regularization {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self { l1: f.float("l1", 0.0), l2: f.float("l2", 0.0) };
        f.end(read).map_err(|why| format!("{name}: {why}"))
    }
}

impl Regularization {
    /// Refuses numbers out of range.
    pub(crate) fn check(self) -> Result<()> {
        let Self { l1, l2 } = self;
        if l1 >= 0.0 && l2 >= 0.0 && (l1 + l2).is_finite() {
            return Ok(());
        }
        Err(Error::option(format!(
            "regularization: l1 and l2 must be finite and at least 0, got {l1} and {l2}"
        )))
    }
}
