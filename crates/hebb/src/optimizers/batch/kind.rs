//! The methods by name, with their options.

use super::bfgs::Bfgs;
use super::conjugate_gradient::{ConjugateGradient, Formula};
use super::directed::Directed;
use super::gradient_descent::GradientDescent;
use super::lbfgs::Lbfgs;
use super::levenberg_marquardt::LevenbergMarquardt;
use super::line::Search;
use super::method::Method;
use super::rate::Rate;
use super::rule::ByRule;
use crate::error::{Error, Result};
use crate::optimizers::Optimizer;
use serde::{Deserialize, Deserializer, de::Error as _};

/// A method for all samples at once.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Kind {
    /// See [`GradientDescent`].
    GradientDescent {
        /// How far each step goes.
        learning_rate: Rate,
        /// What finds a minimum along a line. Default: Brent's search.
        #[serde(default)]
        line_search: Search,
    },
    /// Nonlinear conjugate gradients.
    ConjugateGradient {
        /// The formula for β.
        formula: Formula,
    },
    /// The quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno.
    Bfgs {},
    /// BFGS with little memory.
    Lbfgs {
        /// How many steps it remembers, at least 1.
        memory: usize,
    },
    /// See [`LevenbergMarquardt`].
    LevenbergMarquardt {
        /// The first λ, above 0.
        damping: f64,
    },
}

crate::json::tagged!(Kind);

impl Kind {
    /// The method at its beginning.
    pub fn start(self) -> Result<Box<dyn Method>> {
        Ok(match self {
            Kind::GradientDescent { learning_rate, line_search } => {
                Box::new(GradientDescent::new(learning_rate, line_search)?)
            }
            Kind::ConjugateGradient { formula } => Box::new(Directed::new(ConjugateGradient::new(formula))),
            Kind::Bfgs {} => Box::new(Directed::new(Bfgs::default())),
            Kind::Lbfgs { memory: 0 } => return Err(Error::option("memory must be at least 1, got 0")),
            Kind::Lbfgs { memory } => Box::new(Directed::new(Lbfgs::new(memory))),
            Kind::LevenbergMarquardt { damping } => Box::new(LevenbergMarquardt::new(damping)?),
        })
    }
}

/// Any optimizer.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// One for all samples at once.
    Batch(Kind),
    /// One for minibatches.
    Rule(Optimizer),
}

impl Choice {
    /// The method at the beginning of so many steps of so many variables.
    pub fn start(self, steps: u64, variables: usize) -> Result<Box<dyn Method>> {
        match self {
            Choice::Batch(kind) => kind.start(),
            Choice::Rule(optimizer) => Ok(Box::new(ByRule::new(optimizer, steps, variables)?)),
        }
    }
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        const BATCH: [&str; 5] =
            ["gradientDescent", "conjugateGradient", "bfgs", "lbfgs", "levenbergMarquardt"];
        if value["type"].as_str().is_some_and(|name| BATCH.contains(&name)) {
            serde_json::from_value(value).map(Choice::Batch).map_err(D::Error::custom)
        } else {
            serde_json::from_value(value).map(Choice::Rule).map_err(D::Error::custom)
        }
    }
}
