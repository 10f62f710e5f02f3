//! Gradient clipping: a gradient that is too large is clipped or scaled before the optimizer uses it.

use super::checks::in_range;
use crate::options::json::{Fields, Read};
use hebb_kernels::error::Result;
use hebb_kernels::vector;
use serde_json::Value;

/// The way a gradient is clipped. As JSON `{ "value": 1 }` or `{ "norm": 1 }`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clip {
    /// Each element is clipped to ± this, finite and above 0.
    Value(f32),
    /// A gradient with a larger norm is scaled to this norm, finite and above 0 (Pascanu, Mikolov and Bengio 2013). The norm is
    /// the root of the sum of all squares.
    Norm(f32),
}

impl Read for Clip {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = match f.optional("value") {
            Some(most) => Clip::Value(most),
            None => Clip::Norm(f.required("norm")?),
        };
        f.end(read).map_err(|why| format!("{name}: {why}"))
    }
}

impl Clip {
    pub(super) fn check(&self) -> Result<()> {
        let (name, value) = match *self {
            Clip::Value(value) => ("clip.value", value),
            Clip::Norm(value) => ("clip.norm", value),
        };
        in_range(name, value.into(), value > 0.0 && value.is_finite(), "finite and above 0")
    }

    /// Clips a slice of a gradient of this norm. NaN stays NaN, so that it is found later.
    pub(crate) fn apply(&self, norm: f64, gradient: &mut [f32]) {
        match *self {
            Clip::Value(most) => vector::clamp(gradient, most),
            Clip::Norm(most) if norm <= f64::from(most) => {}
            Clip::Norm(most) => {
                let scale = (f64::from(most) / norm) as f32;
                vector::scale(gradient, scale);
            }
        }
    }
}

#[cfg(test)]
mod tests;
