//! Stochastic gradient descent with momentum (Rumelhart, Hinton and Williams 1986), as in the course notes:
//! Δw(t) = −ε·(∂E/∂w + λ·w) + α·Δw(t−1). With Nesterov's variant (Sutskever et al. 2013) the step
//! is −ε·(∂E/∂w + λ·w) + α·Δw(t). At a constant rate both equal PyTorch's.

use super::checks::{below_one, not_negative};
use super::{Pass, Setting, Step};
use crate::options::json::Fields;
use hebb_kernels::error::{Error, Result};
use hebb_kernels::update;

/// The options of stochastic gradient descent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// α, at least 0 and below 1. Default 0.
    pub momentum: f32,
    /// Nesterov's variant. Default false.
    pub nesterov: bool,
    /// λ, at least 0. Default 0.
    pub weight_decay: f32,
}

impl Sgd {
    /// From JSON.
    pub(super) fn read(f: &mut Fields) -> Self {
        Self {
            momentum: f.float("momentum", 0.0),
            nesterov: f.get("nesterov", false),
            weight_decay: f.float("weightDecay", 0.0),
        }
    }
}

impl Step for Sgd {
    fn check(&self) -> Result<()> {
        below_one("momentum", self.momentum)?;
        not_negative("weightDecay", self.weight_decay)?;
        if self.nesterov && self.momentum == 0.0 {
            return Err(Error::option("nesterov needs a momentum above 0"));
        }
        Ok(())
    }

    fn state(&self) -> &'static [&'static str] {
        if self.momentum == 0.0 { &[] } else { &["velocity"] }
    }

    fn options(&self) -> (&'static str, Vec<(&'static str, Setting)>) {
        (
            "sgd",
            vec![
                ("momentum", self.momentum.into()),
                ("nesterov", self.nesterov.into()),
                ("weightDecay", self.weight_decay.into()),
            ],
        )
    }

    fn pass(&self, rate: f32, _: u64) -> Pass {
        let Self { momentum: alpha, nesterov, weight_decay: lambda } = *self;
        Box::new(move |weights, gradient, [velocity, ..]| {
            if alpha == 0.0 {
                update::descend(rate, lambda, weights, gradient);
            } else if nesterov {
                update::nesterov(rate, alpha, lambda, weights, gradient, velocity);
            } else {
                update::momentum(rate, alpha, lambda, weights, gradient, velocity);
            }
        })
    }
}
