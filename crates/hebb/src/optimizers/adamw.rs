//! AdamW (Loshchilov and Hutter 2019): Adam, with −ε·λ·w added to its step instead of λ·w to the gradient.
//! Equals PyTorch's.

use super::adam::Adam;
use super::{Pass, Setting, Step};
use crate::options::json::Fields;
use hebb_kernels::error::Result;

/// The options of AdamW.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW {
    /// β₁, at least 0 and below 1. Default 0.9.
    pub beta1: f64,
    /// β₂, at least 0 and below 1. Default 0.999.
    pub beta2: f64,
    /// At least 0. Default 1e-8.
    pub epsilon: f32,
    /// λ, at least 0. Default 0.01.
    pub weight_decay: f32,
    /// As of Adam. Default false.
    pub amsgrad: bool,
}

impl AdamW {
    /// From JSON.
    pub(super) fn read(f: &mut Fields) -> Self {
        let Adam { beta1, beta2, epsilon, weight_decay, amsgrad } = Adam::read(f, 0.01);
        Self { beta1, beta2, epsilon, weight_decay, amsgrad }
    }

    fn adam(&self, weight_decay: f32) -> Adam {
        let Self { beta1, beta2, epsilon, amsgrad, .. } = *self;
        Adam { beta1, beta2, epsilon, weight_decay, amsgrad }
    }
}

impl Step for AdamW {
    fn check(&self) -> Result<()> {
        self.adam(self.weight_decay).check()
    }

    fn state(&self) -> &'static [&'static str] {
        self.adam(0.0).state()
    }

    fn options(&self) -> (&'static str, Vec<(&'static str, Setting)>) {
        ("adamw", self.adam(self.weight_decay).settings())
    }

    fn pass(&self, rate: f32, step: u64) -> Pass {
        self.adam(0.0).decayed_pass(rate, step, rate * self.weight_decay)
    }
}
