//! AdaGrad (Duchi, Hazan and Singer 2011): with g = ∂E/∂w + λ·w and s(t) = s(t−1) + g², s(0) the option
//! `initialAccumulator`, Δw = −ε·g / (√s + epsilon). Equals PyTorch's.

use super::checks::not_negative;
use super::{Pass, Setting, Step};
use crate::options::json::Fields;
use hebb_kernels::error::Result;
use hebb_kernels::update;

/// The options of AdaGrad.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adagrad {
    /// s(0), at least 0. Default 0.
    pub initial_accumulator: f32,
    /// At least 0. Default 1e-10.
    pub epsilon: f32,
    /// λ, at least 0. Default 0.
    pub weight_decay: f32,
}

impl Adagrad {
    /// From JSON.
    pub(super) fn read(f: &mut Fields) -> Self {
        Self {
            initial_accumulator: f.float("initialAccumulator", 0.0),
            epsilon: f.float("epsilon", 1e-10),
            weight_decay: f.float("weightDecay", 0.0),
        }
    }
}

impl Step for Adagrad {
    fn check(&self) -> Result<()> {
        not_negative("initialAccumulator", self.initial_accumulator)?;
        not_negative("epsilon", self.epsilon)?;
        not_negative("weightDecay", self.weight_decay)
    }

    fn state(&self) -> &'static [&'static str] {
        &["sum"]
    }

    fn options(&self) -> (&'static str, Vec<(&'static str, Setting)>) {
        (
            "adagrad",
            vec![
                ("initialAccumulator", self.initial_accumulator.into()),
                ("epsilon", self.epsilon.into()),
                ("weightDecay", self.weight_decay.into()),
            ],
        )
    }

    fn pass(&self, rate: f32, _: u64) -> Pass {
        let (first, epsilon, lambda) = (self.initial_accumulator, self.epsilon, self.weight_decay);
        // The state is what was added to s(0), so that it starts at 0 as all states do.
        Box::new(move |weights, gradient, [s, ..]| {
            update::adagrad(rate, first, epsilon, lambda, weights, gradient, s);
        })
    }
}
