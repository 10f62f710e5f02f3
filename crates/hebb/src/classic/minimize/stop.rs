//! The end of a minimisation, and its explanation.

use super::Options;
use crate::optimizers::batch::{Descent, Failure, Point};
use hebb_kernels::error::{Error, Result};

/// The reason why a minimisation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No component of the gradient is larger than the threshold.
    Gradient,
    /// The gradient has stopped changing.
    ConvergenceThreshold,
    /// No step lowers the value any more.
    NoDecrease,
    /// The maximum number of steps was reached.
    Steps,
    /// A value became infinite or NaN, or kept getting worse.
    Diverged,
}

impl Reason {
    /// The name on the JavaScript side.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Gradient => "gradient",
            Reason::ConvergenceThreshold => "convergenceThreshold",
            Reason::NoDecrease => "noDecrease",
            Reason::Steps => "steps",
            Reason::Diverged => "diverged",
        }
    }
}

/// The end of a minimisation.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether the last point is a point of convergence.
    pub converged: bool,
    /// The rule that ended it.
    pub reason: Reason,
    /// A sentence about it, with what to do if it did not converge.
    pub explanation: String,
}

/// A gradient below this fraction of the first one counts as small if another rule ended it.
const SMALL: f64 = 1e-3;
/// Maximum steps in a row that raise the value.
const RISES: u64 = 10;

/// The state of the rules.
pub(super) struct Watch {
    gradient_threshold: f64,
    convergence_threshold: Option<f64>,
    patience: u64,
    steps: u64,
    /// The largest components of the first and of the last gradient.
    first: f64,
    last: f64,
    still: u64,
    rises: u64,
}

impl Watch {
    pub(super) fn new(options: &Options) -> Result<Self> {
        let thresholds = [
            ("gradientThreshold", options.gradient_threshold),
            ("convergenceThreshold", options.convergence_threshold.unwrap_or(0.0)),
        ];
        for (name, value) in thresholds {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(Error::option(format!("{name} must be finite and at least 0, got {value}")));
            }
        }
        Ok(Self {
            gradient_threshold: options.gradient_threshold,
            convergence_threshold: options.convergence_threshold,
            patience: options.patience.max(1),
            steps: options.steps,
            first: 0.0,
            last: 0.0,
            still: 0,
            rises: 0,
        })
    }

    /// Checks the point that a step led to.
    pub(super) fn look(&mut self, step: u64, descent: &Descent) -> Option<Outcome> {
        let (method, here) = (descent.method(), descent.here()?);
        self.last = here.largest();
        if let Some(before) = descent.before() {
            let small = self.convergence_threshold.is_some_and(|most| here.change(before) <= most);
            self.still = if small { self.still + 1 } else { 0 };
            let rises = here.value > before.value && method.curvature(before, here).is_some();
            self.rises = if rises { self.rises + 1 } else { 0 };
            if !here.value.is_finite() || !self.last.is_finite() || self.rises >= RISES {
                return Some(self.diverged(before, here, descent));
            }
        } else {
            self.first = self.last;
        }
        let gradient = self.last;
        if gradient <= self.gradient_threshold {
            let least = self.gradient_threshold;
            let why = format!("after {step} steps no component of the gradient is above {least:e}");
            let explanation = remarked(why, descent, here);
            return Some(Outcome { converged: true, reason: Reason::Gradient, explanation });
        }
        // At the limit of rounding a line's minimum is only noise.
        if let Some(before) = descent.before().filter(|_| method.adjusts())
            && before.value - here.value <= 4.0 * f64::EPSILON * here.value.abs()
        {
            return Some(self.stuck(Failure::NoDecrease, descent));
        }
        if self.still >= self.patience {
            let why =
                format!("the gradient changed by no more than the threshold {} times in a row", self.still);
            return Some(self.ended(Reason::ConvergenceThreshold, why));
        }
        if step >= self.steps {
            let explanation = format!(
                "not converged after {step} steps: the largest component of the gradient is still {gradient:.3e}; \
                 allow more steps or change the learning rate"
            );
            return Some(Outcome { converged: false, reason: Reason::Steps, explanation });
        }
        None
    }

    /// The method finds no better point.
    pub(super) fn stuck(&self, why: Failure, descent: &Descent) -> Outcome {
        if why == Failure::NoBracket {
            let explanation = UNBOUNDED.into();
            return Outcome { converged: false, reason: Reason::Diverged, explanation };
        }
        let mut outcome = self.ended(Reason::NoDecrease, "no step makes it better in 64-bit numbers".into());
        if let Some(here) = descent.here() {
            outcome.explanation = remarked(outcome.explanation, descent, here);
        }
        outcome
    }

    /// An end at which the gradient may or may not be small.
    fn ended(&self, reason: Reason, why: String) -> Outcome {
        let (gradient, first) = (self.last, self.first);
        let converged = gradient <= SMALL * first;
        let explanation = if converged {
            format!("{why}; its largest component is {gradient:.3e}, at the start it was {first:.3e}")
        } else {
            format!(
                "{why}, but it is not small: its largest component is {gradient:.3e}, at the start it was \
                 {first:.3e}. This is no point of convergence: lower the threshold or raise the learning rate"
            )
        };
        Outcome { converged, reason, explanation }
    }

    fn diverged(&self, before: &Point, here: &Point, descent: &Descent) -> Outcome {
        let method = descent.method();
        let falls = method.adjusts() && here.value < before.value;
        let explanation = if here.value == f64::NEG_INFINITY || falls {
            UNBOUNDED.into()
        } else {
            let what = match self.rises {
                RISES.. => format!("the last {} steps all made it worse", self.rises),
                _ => "the value left the finite numbers".into(),
            };
            match (method.rate(), method.curvature(before, here)) {
                (Some(rate), Some(curvature)) if curvature > 0.0 && curvature.is_finite() => format!(
                    "{what}: the learning rate {rate} is too high. The curvature here is {curvature:.4}, and steps \
                     overshoot by more than they came at rates above 2 / curvature = {:.4}",
                    2.0 / curvature
                ),
                (Some(rate), _) if !method.adjusts() => {
                    format!("{what}: the learning rate {rate} is too high, try a tenth of it")
                }
                _ => what,
            }
        };
        Outcome { converged: false, reason: Reason::Diverged, explanation }
    }
}

/// The explanation if no bracket holds a minimum.
const UNBOUNDED: &str = "the function has no bound in this direction: its value falls as far as numbers reach, and no \
                         bracket holds a minimum";

/// An explanation, with the method's remark on the point.
fn remarked(why: String, descent: &Descent, here: &Point) -> String {
    match descent.method().remark(here) {
        Some(remark) => format!("{why}; {remark}"),
        None => why,
    }
}
