//! The regularisation term of a loss index: l1·Σ|w| + ½·l2·Σw² over weights, not biases. (So l2 is what others call weight
//! decay: its share of ∂E/∂w is l2·w.)

use crate::error::{Error, Result, zeros};
use crate::json::Fields;
use crate::network::plan::Plan;
use crate::network::update::{SLICE, slices};
use crate::parallel::Shared;
use serde_json::Value;
use std::ops::Range;

/// How much weights cost. The default is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Regularization {
    /// Of Σ|w|, at least 0.
    pub l1: f32,
    /// Of ½·Σw², at least 0.
    pub l2: f32,
}

impl Regularization {
    pub(super) fn read(value: Option<&Value>) -> std::result::Result<Self, String> {
        let mut f = Fields::new(value.and_then(Value::as_object).cloned().unwrap_or_default());
        let read = Self { l1: f.single("l1", 0.0), l2: f.single("l2", 0.0) };
        f.end(read)
    }

    /// What it costs in a network: the matrices and kernels, which are the tensors of two dimensions or more.
    pub(crate) fn bind(self, plan: &Plan) -> Result<Vec<Penalty>> {
        let Self { l1, l2 } = self;
        if !(l1 >= 0.0 && l2 >= 0.0 && (l1 + l2).is_finite()) {
            return Err(Error::option("regularization: l1 and l2 must be finite and at least 0"));
        }
        let weights = plan.tensors.iter().filter(|tensor| tensor.trained && tensor.shape.len() > 1);
        let penalty = |at| Penalty { at, of: self };
        let all = weights.map(|tensor| penalty(tensor.offset..tensor.offset + tensor.size));
        Ok(if l1 + l2 > 0.0 { all.collect() } else { Vec::new() })
    }
}

/// The regularisation of a tensor.
#[derive(Clone, Debug)]
pub(crate) struct Penalty {
    at: Range<usize>,
    of: Regularization,
}

impl Penalty {
    /// Its term, whose gradient is added to `gradient`, if there is one.
    pub fn add(&self, parameters: &[f32], gradient: Option<&mut [f32]>) -> Result<f64> {
        let Regularization { l1, l2 } = self.of;
        let weights = &parameters[self.at.clone()];
        let mut sums: Vec<f64> = zeros(weights.len().div_ceil(SLICE), "the regularisation")?;
        let sums_of = Shared::new(&mut sums);
        let into = gradient.map(|gradient| Shared::new(&mut gradient[self.at.clone()]));
        slices(weights.len(), |number, slice| {
            let mut sum = 0.0;
            for i in slice {
                let w = weights[i];
                sum += f64::from(l1) * f64::from(w.abs()) + 0.5 * f64::from(l2) * f64::from(w) * f64::from(w);
                if let Some(into) = &into {
                    let sign = if w == 0.0 { 0.0 } else { w.signum() };
                    // SAFETY: the slices are apart, and the gradient is as long as the parameters.
                    unsafe { *into.at(i) += l1 * sign + l2 * w };
                }
            }
            // SAFETY: each slice has its own sum.
            unsafe { *sums_of.at(number) = sum };
        });
        Ok(sums.iter().sum())
    }
}
