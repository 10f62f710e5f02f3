//! RMSProp (Tieleman and Hinton 2012): with g = ∂E/∂w + λ·w, s(t) = ρ·s(t−1) + (1−ρ)·g² and, centred (Graves
//! 2013), m(t) = ρ·m(t−1) + (1−ρ)·g: u = g / (√(s − m²) + epsilon), v(t) = α·v(t−1) + u, Δw = −ε·v. Without
//! centring m is 0, without momentum Δw = −ε·u. Equals PyTorch's, whose alpha is ρ here.

use super::checks::{below_one, not_negative};
use super::{Pass, Setting, Step};
use crate::options::json::Fields;
use hebb_kernels::error::Result;
use hebb_kernels::update::{self, Mean};

/// The options of RMSProp.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rmsprop {
    /// ρ, at least 0 and below 1. Default 0.99.
    pub rho: f64,
    /// α, at least 0 and below 1. Default 0.
    pub momentum: f32,
    /// Whether the variance is used instead of the mean square. Default false.
    pub centered: bool,
    /// At least 0. Default 1e-8.
    pub epsilon: f32,
    /// λ, at least 0. Default 0.
    pub weight_decay: f32,
}

impl Rmsprop {
    /// From JSON.
    pub(super) fn read(f: &mut Fields) -> Self {
        Self {
            rho: f.number("rho", Some(0.99)),
            momentum: f.float("momentum", 0.0),
            centered: f.get("centered", false),
            epsilon: f.float("epsilon", 1e-8),
            weight_decay: f.float("weightDecay", 0.0),
        }
    }
}

impl Step for Rmsprop {
    fn check(&self) -> Result<()> {
        below_one("rho", self.rho)?;
        below_one("momentum", self.momentum)?;
        not_negative("epsilon", self.epsilon)?;
        not_negative("weightDecay", self.weight_decay)
    }

    fn state(&self) -> &'static [&'static str] {
        match (self.centered, self.momentum != 0.0) {
            (false, false) => &["square"],
            (true, false) => &["square", "mean"],
            (false, true) => &["square", "velocity"],
            (true, true) => &["square", "mean", "velocity"],
        }
    }

    fn options(&self) -> (&'static str, Vec<(&'static str, Setting)>) {
        (
            "rmsprop",
            vec![
                ("rho", self.rho.into()),
                ("momentum", self.momentum.into()),
                ("centered", self.centered.into()),
                ("epsilon", self.epsilon.into()),
                ("weightDecay", self.weight_decay.into()),
            ],
        )
    }

    fn pass(&self, rate: f32, _: u64) -> Pass {
        let Self { rho, momentum: alpha, centered, epsilon, weight_decay: lambda } = *self;
        // With momentum, the velocity is multiplied by the rate.
        let scale = if alpha == 0.0 { -rate } else { 1.0 };
        let mean = Mean::new(rho);
        Box::new(move |weights, gradient, [s, second, third]| {
            let velocity = if centered {
                update::rmsprop_centered(scale, mean, epsilon, lambda, weights, gradient, [s, second]);
                third
            } else {
                update::rmsprop(scale, mean, epsilon, lambda, weights, gradient, s);
                second
            };
            update::accelerate(rate, alpha, gradient, velocity);
        })
    }
}
