//! Nadam (Dozat 2016): Adam's moments with Nesterov's look-ahead and a momentum that warms up,
//! μ(t) = β₁·(1 − ½·0.96^(t·ψ)), ψ the option `momentumDecay`. With Π the product of μ(1) … μ(t):
//! Δw = −ε·((1−μ(t))·g / (1−Π) + μ(t+1)·m / (1−Π·μ(t+1))) / (√v̂ + epsilon). Equals PyTorch's.

use super::adam::moments;
use super::checks::{below_one, not_negative};
use super::math::{exp, power};
use super::{Pass, Setting, Step};
use crate::options::json::Fields;
use hebb_kernels::error::Result;
use hebb_kernels::update;

/// ln 0.96.
const WARMING: f64 = -0.040_821_994_520_255_166;

/// The options of Nadam.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nadam {
    /// β₁, at least 0 and below 1. Default 0.9.
    pub beta1: f64,
    /// β₂, at least 0 and below 1. Default 0.999.
    pub beta2: f64,
    /// At least 0. Default 1e-8.
    pub epsilon: f32,
    /// λ, at least 0. Default 0.
    pub weight_decay: f32,
    /// ψ, at least 0. Default 0.004.
    pub momentum_decay: f32,
}

impl Nadam {
    /// From JSON.
    pub(super) fn read(f: &mut Fields) -> Self {
        Self {
            beta1: f.number("beta1", Some(0.9)),
            beta2: f.number("beta2", Some(0.999)),
            epsilon: f.float("epsilon", 1e-8),
            weight_decay: f.float("weightDecay", 0.0),
            momentum_decay: f.float("momentumDecay", 0.004),
        }
    }

    /// μ(t), μ(t+1) and Π at a step from 1.
    fn momenta(&self, step: u64) -> (f64, f64, f64) {
        let warming = exp(WARMING * f64::from(self.momentum_decay));
        let momentum = |t| self.beta1 * (1.0 - 0.5 * power(warming, t));
        let mut product = 1.0;
        for t in 1..=step {
            product *= momentum(t);
            // It is subtracted from 1, which it no longer changes.
            if product < 1e-17 {
                product = 0.0;
                break;
            }
        }
        (momentum(step), momentum(step + 1), product)
    }
}

impl Step for Nadam {
    fn check(&self) -> Result<()> {
        below_one("beta1", self.beta1)?;
        below_one("beta2", self.beta2)?;
        not_negative("epsilon", self.epsilon)?;
        not_negative("weightDecay", self.weight_decay)?;
        not_negative("momentumDecay", self.momentum_decay)
    }

    fn state(&self) -> &'static [&'static str] {
        &["m", "v"]
    }

    fn options(&self) -> (&'static str, Vec<(&'static str, Setting)>) {
        (
            "nadam",
            vec![
                ("beta1", self.beta1.into()),
                ("beta2", self.beta2.into()),
                ("epsilon", self.epsilon.into()),
                ("weightDecay", self.weight_decay.into()),
                ("momentumDecay", self.momentum_decay.into()),
            ],
        )
    }

    fn pass(&self, rate: f32, step: u64) -> Pass {
        let Self { beta1, beta2, epsilon, weight_decay: lambda, .. } = *self;
        let (now, next, product) = self.momenta(step);
        let rate = f64::from(rate);
        let ahead = (rate * (1.0 - now) / (1.0 - product)) as f32;
        let behind = (rate * next / (1.0 - product * next)) as f32;
        let moments = moments([beta1, beta2], step, epsilon, lambda);
        Box::new(move |weights, gradient, [m, v, _]| {
            update::nadam(moments, ahead, behind, weights, gradient, [m, v]);
        })
    }
}
