//! Gradient clipping: a gradient that is too large is clipped or scaled before the optimizer uses it.

use super::checks::in_range;
use crate::error::Result;
use crate::options::json::{Fields, Read};
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
            Clip::Value(most) => gradient.iter_mut().for_each(|g| *g = cut(*g, most)),
            Clip::Norm(most) if norm <= f64::from(most) => {}
            Clip::Norm(most) => {
                let scale = (f64::from(most) / norm) as f32;
                gradient.iter_mut().for_each(|g| *g *= scale);
            }
        }
    }
}

/// g clamped to ± most. By its bits, because LLVM turns a comparison of floats into relaxed_min and relaxed_max, which may
/// drop a NaN.
fn cut(g: f32, most: f32) -> f32 {
    const SIGN: u32 = 1 << 31;
    let (bits, most) = (g.to_bits(), most.to_bits());
    let size = bits & !SIGN;
    let cut = if size > most && size <= f32::INFINITY.to_bits() { most } else { size };
    f32::from_bits((bits & SIGN) | cut)
}

/// The sum of the squares, in an order that the length alone decides.
pub(crate) fn squares(values: &[f32]) -> f64 {
    let mut sums = [0.0; 8];
    for eight in values.chunks(8) {
        for (sum, &value) in sums.iter_mut().zip(eight) {
            *sum += f64::from(value) * f64::from(value);
        }
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests;
