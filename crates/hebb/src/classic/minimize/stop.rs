//! When a minimisation ends, and what is to be said of it.

use super::{Method, Options, Point};
use crate::error::{Error, Result};

/// Why a minimisation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No component of the gradient is larger than the threshold.
    Gradient,
    /// The gradient has stopped changing.
    ConvergenceThreshold,
    /// No step lowers the value any more.
    NoDecrease,
    /// The most steps were made.
    Steps,
    /// It left the finite numbers, or kept getting worse.
    Diverged,
}

impl Reason {
    /// The word used on the JavaScript side.
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

/// How a minimisation ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether the last place is a point of convergence.
    pub converged: bool,
    /// Which rule ended it.
    pub reason: Reason,
    /// The same for people, with what to do where it did not converge.
    pub explanation: String,
}

/// A gradient of less than this part of the first one counts as small where another rule ended it.
const SMALL: f64 = 1e-3;
/// Steps that may raise the value in a row.
const RISES: u64 = 10;

/// What the rules have seen so far.
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

    /// Looks at the place that a step has led to.
    pub(super) fn look(
        &mut self,
        step: u64,
        before: Option<&Point>,
        here: &Point,
        method: &dyn Method,
    ) -> Option<Outcome> {
        self.last = largest(here.gradient.iter().copied());
        if let Some(before) = before {
            let change = largest(here.gradient.iter().zip(&before.gradient).map(|(a, b)| a - b));
            self.still = if self.convergence_threshold.is_some_and(|most| change <= most) {
                self.still + 1
            } else {
                0
            };
            self.rises = if here.value > before.value { self.rises + 1 } else { 0 };
            if !here.value.is_finite() || !self.last.is_finite() || self.rises >= RISES {
                return Some(self.diverged(before, here, method));
            }
        } else {
            self.first = self.last;
        }
        let gradient = self.last;
        if gradient <= self.gradient_threshold {
            let least = self.gradient_threshold;
            let why = format!("after {step} steps no component of the gradient is above {least:e}");
            return Some(Outcome { converged: true, reason: Reason::Gradient, explanation: why });
        }
        // At the limit of rounding a line's minimum is but noise.
        if let Some(before) = before.filter(|_| method.adjusts())
            && before.value - here.value <= 4.0 * f64::EPSILON * here.value.abs()
        {
            return Some(self.stuck());
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

    /// The method knows no better place.
    pub(super) fn stuck(&self) -> Outcome {
        self.ended(Reason::NoDecrease, "no step along the gradient makes it better in 64-bit numbers".into())
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

    fn diverged(&self, before: &Point, here: &Point, method: &dyn Method) -> Outcome {
        let curvature = method.curvature(before, here);
        let explanation = if here.value == f64::NEG_INFINITY
            || (method.adjusts() && here.value < before.value)
        {
            "the function has no bound in this direction: its value went to infinity".into()
        } else {
            let what = match self.rises {
                RISES.. => format!("the last {} steps all made it worse", self.rises),
                _ => "the value left the finite numbers".into(),
            };
            match method.rate() {
                Some(rate) if curvature > 0.0 && curvature.is_finite() => format!(
                    "{what}: the learning rate {rate} is too high. The curvature here is {curvature:.4}, and steps \
                     overshoot by more than they came at rates above 2 / curvature = {:.4}",
                    2.0 / curvature
                ),
                Some(rate) => format!("{what}: the learning rate {rate} is too high, try a tenth of it"),
                None => what,
            }
        };
        Outcome { converged: false, reason: Reason::Diverged, explanation }
    }
}

/// The largest size; NaN if one is.
fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.map(f64::abs).fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a })
}
