//! AdaDelta (Zeiler 2012): with g = ∂E/∂w + λ·w, s(t) = ρ·s(t−1) + (1−ρ)·g² and
//! u = g·√(d(t−1) + epsilon) / √(s + epsilon): d(t) = ρ·d(t−1) + (1−ρ)·u², Δw = −ε·u. Equals PyTorch's.

use super::checks::{below_one, in_range, not_negative};
use super::{Pass, Setting, Step};
use crate::options::json::Fields;
use hebb_kernels::error::Result;
use hebb_kernels::update::{self, Mean};

/// The options of AdaDelta.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adadelta {
    /// ρ, at least 0 and below 1. Default 0.9.
    pub rho: f64,
    /// Above 0, because with 0 the first step would be 0. Default 1e-6.
    pub epsilon: f32,
    /// λ, at least 0. Default 0.
    pub weight_decay: f32,
}

impl Adadelta {
    /// From JSON.
    pub(super) fn read(f: &mut Fields) -> Self {
        Self {
            rho: f.number("rho", Some(0.9)),
            epsilon: f.float("epsilon", 1e-6),
            weight_decay: f.float("weightDecay", 0.0),
        }
    }
}

impl Step for Adadelta {
    fn check(&self) -> Result<()> {
        let epsilon = self.epsilon;
        below_one("rho", self.rho)?;
        in_range("epsilon", epsilon.into(), epsilon > 0.0 && epsilon.is_finite(), "finite and above 0")?;
        not_negative("weightDecay", self.weight_decay)
    }

    fn state(&self) -> &'static [&'static str] {
        &["square", "delta"]
    }

    fn options(&self) -> (&'static str, Vec<(&'static str, Setting)>) {
        (
            "adadelta",
            vec![
                ("rho", self.rho.into()),
                ("epsilon", self.epsilon.into()),
                ("weightDecay", self.weight_decay.into()),
            ],
        )
    }

    fn pass(&self, rate: f32, _: u64) -> Pass {
        let Self { rho, epsilon, weight_decay: lambda } = *self;
        let mean = Mean::new(rho);
        Box::new(move |weights, gradient, [s, steps, _]| {
            update::adadelta(rate, mean, epsilon, lambda, weights, gradient, [s, steps]);
        })
    }
}
