//! The learning rate over the course of training.

use super::checks::positive;
use crate::options::json::{Fields, Read, deserialize};
use hebb_kernels::error::Result;
use serde_json::Value;

/// A moment of training.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Steps so far.
    pub step: u64,
    /// Total steps; 0 if unknown.
    pub steps: u64,
    /// Epochs so far.
    pub epoch: u64,
    /// Number of plateaus of the loss so far.
    pub plateaus: u64,
}

/// A learning rate: a number, or a schedule.
#[derive(Clone, Debug, PartialEq)]
pub enum Schedule {
    /// A constant rate.
    Constant(f64),
    /// A changing rate.
    Changing(Changing),
}

/// A changing learning rate. `warmup` is the fraction of all steps (below 1) or the number of steps (from 1) over which the rate
/// rises linearly, times (t+1)/warmup at the step t from 0; except in `OneCycle`, which rises by itself. Default 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Changing {
    /// Constant after the warm-up.
    Constant {
        /// The rate.
        value: f64,
        /// See above.
        warmup: f64,
    },
    /// Falls from `from` to `to` along half a cosine after the warm-up (Loshchilov and Hutter 2017).
    Cosine {
        /// The highest rate.
        from: f64,
        /// The last rate. Default 0.
        to: f64,
        /// See above.
        warmup: f64,
    },
    /// Falls from `from` to `to` after the warm-up, by the same factor in each step.
    Exponential {
        /// The highest rate.
        from: f64,
        /// The last rate, above 0.
        to: f64,
        /// See above.
        warmup: f64,
    },
    /// Rises from `from` to `peak` over the fraction or number `warmup` of the steps, then falls to `to`, both along half a
    /// cosine (Smith and Topin 2018). Equals PyTorch's `OneCycleLR`.
    OneCycle {
        /// The first rate.
        from: f64,
        /// The highest rate.
        peak: f64,
        /// The last rate.
        to: f64,
        /// Default 0.3.
        warmup: f64,
    },
    /// Multiplied by `factor` after every `every` epochs.
    Step {
        /// The first rate.
        from: f64,
        /// Above 0, at most 1.
        factor: f64,
        /// Epochs, at least 1. Default 1.
        every: u64,
        /// See above.
        warmup: f64,
    },
    /// Multiplied by `factor` if the loss has not fallen below the lowest one by the fraction `decrease` for more than
    /// `patience` epochs in a row. Equals PyTorch's `ReduceLROnPlateau`.
    Plateau {
        /// The first rate.
        from: f64,
        /// Above 0, below 1. Default 0.1.
        factor: f64,
        /// Epochs. Default 10.
        patience: u64,
        /// At least 0, below 1. Default 0.0001.
        decrease: f64,
        /// The lowest rate. Default 0.
        to: f64,
        /// See above.
        warmup: f64,
    },
    /// Rates one by one; the last one stays.
    Table {
        /// At least one; each finite and at least 0.
        rates: Vec<f64>,
        /// The unit of an entry.
        per: Per,
        /// See above.
        warmup: f64,
    },
}

/// The unit of a table's entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Per {
    Step,
    Epoch,
}

deserialize! { Schedule, "learningRate"; }

impl Read for Schedule {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let fields = match json {
            Value::Object(fields) => fields,
            other => {
                let constant = other.as_f64().map(Schedule::Constant);
                return constant.ok_or_else(|| format!("{name} is no number or schedule: got {other}"));
            }
        };
        let mut f = Fields::new(fields);
        let kind = f.take("type").unwrap_or_default();
        let third = kind == "oneCycle";
        let warmup = f.number("warmup", Some(if third { 0.3 } else { 0.0 }));
        let changing = match kind.as_str() {
            Some("constant") => Changing::Constant { value: f.number("value", None), warmup },
            Some("cosine") => {
                Changing::Cosine { from: f.number("from", None), to: f.number("to", Some(0.0)), warmup }
            }
            Some("exponential") => {
                Changing::Exponential { from: f.number("from", None), to: f.number("to", None), warmup }
            }
            Some("oneCycle") => Changing::OneCycle {
                from: f.number("from", None),
                peak: f.number("peak", None),
                to: f.number("to", None),
                warmup,
            },
            Some("step") => Changing::Step {
                from: f.number("from", None),
                factor: f.number("factor", None),
                every: f.whole("every", 1),
                warmup,
            },
            Some("plateau") => Changing::Plateau {
                from: f.number("from", None),
                factor: f.number("factor", Some(0.1)),
                patience: f.whole("patience", 10),
                decrease: f.number("decrease", Some(1e-4)),
                to: f.number("to", Some(0.0)),
                warmup,
            },
            Some("table") => {
                let list = f.take("rates").unwrap_or_default();
                let rates = list.as_array().and_then(|list| list.iter().map(Value::as_f64).collect());
                let per = match f.take("per").unwrap_or_default().as_str() {
                    Some("step") => Per::Step,
                    Some("epoch") => Per::Epoch,
                    _ => return Err("per must be step or epoch".into()),
                };
                Changing::Table { rates: rates.ok_or("rates must be numbers")?, per, warmup }
            }
            _ => return Err(format!("there is no schedule {kind}")),
        };
        f.end(Schedule::Changing(changing))
    }
}

impl Schedule {
    /// The rate at a moment.
    pub fn at(&self, now: Progress) -> f32 {
        match self {
            Schedule::Constant(value) => *value as f32,
            Schedule::Changing(changing) => changing.at(now) as f32,
        }
    }

    /// Whether it needs the total number of steps.
    pub fn spans(&self) -> bool {
        match self {
            Schedule::Constant(_) => false,
            Schedule::Changing(changing) => changing.spans(),
        }
    }

    /// Whether it needs epochs or their losses.
    pub fn follows_epochs(&self) -> bool {
        use Changing::*;
        matches!(self, Schedule::Changing(Step { .. } | Plateau { .. } | Table { per: Per::Epoch, .. }))
    }

    pub(super) fn check(&self) -> Result<()> {
        match self {
            Schedule::Constant(value) => positive("learningRate", *value),
            Schedule::Changing(changing) => changing.check(),
        }
    }
}
