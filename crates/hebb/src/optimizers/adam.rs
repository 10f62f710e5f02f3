//! Adam (Kingma and Ba 2015): with g = ∂E/∂w + λ·w, m(t) = β₁·m(t−1) + (1−β₁)·g and
//! v(t) = β₂·v(t−1) + (1−β₂)·g²: Δw = −ε·m̂ / (√v̂ + epsilon), where m̂ = m / (1−β₁ᵗ) and v̂ = v / (1−β₂ᵗ) make
//! up for their start at 0. With AMSGrad (Reddi, Kale and Kumar 2018) v in v̂ is the largest so far. Equals
//! PyTorch's.

use super::checks::{below_one, not_negative};
use super::math::power;
use super::{Pass, Setting, Step};
use crate::options::json::Fields;
use hebb_kernels::error::Result;
use hebb_kernels::update::{self, Mean, Moments};

/// The options of Adam.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// β₁, at least 0 and below 1. Default 0.9.
    pub beta1: f64,
    /// β₂, at least 0 and below 1. Default 0.999.
    pub beta2: f64,
    /// At least 0. Default 1e-8.
    pub epsilon: f32,
    /// λ, at least 0. Default 0.
    pub weight_decay: f32,
    /// Whether √v̂ never falls. Default false.
    pub amsgrad: bool,
}

impl Step for Adam {
    fn check(&self) -> Result<()> {
        below_one("beta1", self.beta1)?;
        below_one("beta2", self.beta2)?;
        not_negative("epsilon", self.epsilon)?;
        not_negative("weightDecay", self.weight_decay)
    }

    fn state(&self) -> &'static [&'static str] {
        if self.amsgrad { &["m", "v", "vMax"] } else { &["m", "v"] }
    }

    fn options(&self) -> (&'static str, Vec<(&'static str, Setting)>) {
        ("adam", self.settings())
    }

    fn pass(&self, rate: f32, step: u64) -> Pass {
        self.decayed_pass(rate, step, 0.0)
    }
}

impl Adam {
    /// From JSON.
    pub(super) fn read(f: &mut Fields, decay: f64) -> Self {
        Self {
            beta1: f.number("beta1", Some(0.9)),
            beta2: f.number("beta2", Some(0.999)),
            epsilon: f.float("epsilon", 1e-8),
            weight_decay: f.float("weightDecay", decay),
            amsgrad: f.get("amsgrad", false),
        }
    }

    /// Its options.
    pub(super) fn settings(&self) -> Vec<(&'static str, Setting)> {
        vec![
            ("beta1", self.beta1.into()),
            ("beta2", self.beta2.into()),
            ("epsilon", self.epsilon.into()),
            ("weightDecay", self.weight_decay.into()),
            ("amsgrad", self.amsgrad.into()),
        ]
    }

    /// As `pass`, with `decay`·w taken from Δw too.
    pub(super) fn decayed_pass(&self, rate: f32, step: u64, decay: f32) -> Pass {
        let Self { beta1, beta2, epsilon, weight_decay: lambda, amsgrad } = *self;
        let size = (f64::from(rate) / (1.0 - power(beta1, step))) as f32;
        let moments = moments([beta1, beta2], step, epsilon, lambda);
        Box::new(move |weights, gradient, [m, v, most]| {
            if amsgrad {
                update::amsgrad(moments, size, decay, weights, gradient, [m, v, most]);
            } else {
                update::adam(moments, size, decay, weights, gradient, [m, v]);
            }
        })
    }
}

/// The moments of Adam and its relatives, in this step.
pub(super) fn moments([beta1, beta2]: [f64; 2], step: u64, epsilon: f32, decay: f32) -> Moments {
    let root = (1.0 / (1.0 - power(beta2, step)).sqrt()) as f32;
    Moments { first: Mean::new(beta1), second: Mean::new(beta2), root, epsilon, decay }
}
