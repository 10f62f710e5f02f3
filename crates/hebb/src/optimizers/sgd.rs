//! Stochastic gradient descent with momentum (Rumelhart, Hinton and Williams 1986), as the course notes
//! have it: Δw(t) = −ε·(∂E/∂w + λ·w) + α·Δw(t−1). With Nesterov's variant (Sutskever et al. 2013) the step
//! taken is −ε·(∂E/∂w + λ·w) + α·Δw(t). At a constant rate both equal PyTorch's.

use super::{Schedule, in_range};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// The options of stochastic gradient descent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sgd {
    /// ε, a number or a schedule.
    pub learning_rate: Schedule,
    /// α, at least 0 and below 1. Default 0.
    #[serde(default)]
    pub momentum: f32,
    /// Nesterov's variant. Default false.
    #[serde(default)]
    pub nesterov: bool,
    /// λ, at least 0. Default 0.
    #[serde(default)]
    pub weight_decay: f32,
}

impl Sgd {
    pub(super) fn check(&self) -> Result<()> {
        self.learning_rate.check()?;
        let (momentum, decay) = (f64::from(self.momentum), f64::from(self.weight_decay));
        in_range("momentum", momentum, (0.0..1.0).contains(&momentum), "at least 0 and below 1")?;
        in_range("weightDecay", decay, decay >= 0.0 && decay.is_finite(), "finite and at least 0")?;
        if self.nesterov && self.momentum == 0.0 {
            return Err(Error::option("nesterov needs a momentum above 0"));
        }
        Ok(())
    }

    pub(super) fn step(&self, rate: f32, weights: &[f32], gradient: &mut [f32], state: &mut [f32]) {
        let (alpha, lambda) = (self.momentum, self.weight_decay);
        if state.is_empty() {
            for (g, w) in gradient.iter_mut().zip(weights) {
                *g = -rate * (*g + lambda * w);
            }
        } else if self.nesterov {
            for ((g, w), v) in gradient.iter_mut().zip(weights).zip(state) {
                let step = -rate * (*g + lambda * w);
                *v = alpha * *v + step;
                *g = alpha * *v + step;
            }
        } else {
            for ((g, w), v) in gradient.iter_mut().zip(weights).zip(state) {
                *v = alpha * *v - rate * (*g + lambda * w);
                *g = *v;
            }
        }
    }
}
