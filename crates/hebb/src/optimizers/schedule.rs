//! The learning rate over the course of training.

use super::in_range;
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// A moment of training.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Steps done.
    pub step: u64,
    /// Steps in all; 0 where nobody knows.
    pub steps: u64,
    /// Epochs done.
    pub epoch: u64,
}

/// A learning rate: a number, or a schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Schedule {
    /// Always the same.
    Constant(f64),
    /// Changing.
    Changing(Changing),
}

/// A changing learning rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", deny_unknown_fields)]
pub enum Changing {
    /// Always the same, written as an object.
    Constant {
        /// The rate.
        value: f64,
    },
    /// Rises linearly over the first `warmup` of all steps, then falls from `from` to `to` along half a
    /// cosine (Loshchilov and Hutter 2017).
    Cosine {
        /// The highest rate.
        from: f64,
        /// The last rate. Default 0.
        #[serde(default)]
        to: f64,
        /// The part of all steps, at least 0 and below 1. Default 0.
        #[serde(default)]
        warmup: f64,
    },
    /// Multiplied by `factor` after every `every` epochs.
    Step {
        /// The first rate.
        from: f64,
        /// Above 0, at most 1.
        factor: f64,
        /// Epochs, at least 1. Default 1.
        #[serde(default = "one")]
        every: u64,
    },
}

fn one() -> u64 {
    1
}

impl Schedule {
    /// The rate at a moment.
    pub fn at(&self, now: Progress) -> f32 {
        let rate = match self {
            Schedule::Constant(value) | Schedule::Changing(Changing::Constant { value }) => *value,
            Schedule::Changing(Changing::Cosine { from, to, warmup }) => {
                let steps = now.steps.max(1) as f64;
                let warm = warmup * steps;
                // The first step is one past zero, the last one reaches the end.
                let at = (now.step as f64 + 1.0).min(steps);
                if at < warm {
                    from * at / warm
                } else {
                    let part = (at - warm) / (steps - warm);
                    to + (from - to) * 0.5 * (1.0 + cosine(part))
                }
            }
            Schedule::Changing(Changing::Step { from, factor, every }) => {
                from * factor.powi((now.epoch / every).min(i32::MAX as u64) as i32)
            }
        };
        rate as f32
    }

    /// Whether the rate depends on how many steps there are in all.
    pub fn needs_steps(&self) -> bool {
        matches!(self, Schedule::Changing(Changing::Cosine { .. }))
    }

    pub(super) fn check(&self) -> Result<()> {
        let rate =
            |name, value: f64| in_range(name, value, value > 0.0 && value.is_finite(), "finite and above 0");
        match self {
            Schedule::Constant(value) | Schedule::Changing(Changing::Constant { value }) => {
                rate("learningRate", *value)
            }
            Schedule::Changing(Changing::Cosine { from, to, warmup }) => {
                rate("learningRate.from", *from)?;
                in_range("learningRate.to", *to, *to >= 0.0 && to.is_finite(), "finite and at least 0")?;
                in_range(
                    "learningRate.warmup",
                    *warmup,
                    (0.0..1.0).contains(warmup),
                    "at least 0 and below 1",
                )
            }
            Schedule::Changing(Changing::Step { from, factor, every }) => {
                rate("learningRate.from", *from)?;
                in_range(
                    "learningRate.factor",
                    *factor,
                    *factor > 0.0 && *factor <= 1.0,
                    "above 0 and at most 1",
                )?;
                in_range("learningRate.every", *every as f64, *every > 0, "at least 1")
            }
        }
    }
}

/// cos(π·x) for x in [0, 1], by the Taylor series of sin about the middle: the platforms' own cosines
/// differ in their last bits, and weights must not.
fn cosine(x: f64) -> f64 {
    let y = std::f64::consts::PI * (0.5 - x);
    let z = y * y;
    let series = [1.0 / 6.0, 1.0 / 20.0, 1.0 / 42.0, 1.0 / 72.0, 1.0 / 110.0, 1.0 / 156.0, 1.0 / 210.0];
    y * series.iter().rev().fold(1.0, |sum, c| 1.0 - z * c * sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cosine_is_a_cosine() {
        for i in 0..=1000 {
            let x = f64::from(i) / 1000.0;
            assert!((cosine(x) - (std::f64::consts::PI * x).cos()).abs() < 1e-10, "{x}");
        }
    }

    #[test]
    fn a_cosine_warms_up_and_falls_to_its_end() {
        let schedule = Schedule::Changing(Changing::Cosine { from: 0.1, to: 0.0, warmup: 0.1 });
        let at = |step| schedule.at(Progress { step, steps: 100, epoch: 0 });
        assert!((at(0) - 0.01).abs() < 1e-6 && (at(9) - 0.1).abs() < 1e-6);
        assert!(at(99).abs() < 1e-6 && (at(54) - 0.05).abs() < 1e-3);
    }
}
