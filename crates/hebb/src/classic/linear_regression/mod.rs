//! Linear regression: y = mX + c, or with many features y = w·x + c, by gradient descent on the cost
//! J = Σ(y − t)²/N, or in closed form.

mod closed_form;
mod problem;
mod stochastic;
#[cfg(test)]
mod tests;

pub use problem::Problem;

use super::minimize::{self, Minimizer, Question};
use crate::optimizers::batch::{GradientDescent, Method, Rate, Search};
use crate::options::json::{Fields, Read, deserialize};
use hebb_kernels::error::{Error, Result};
use serde_json::Value;
use std::rc::Rc;
use stochastic::Stochastic;

/// How gradient descent on the cost is done.
#[derive(Clone, Debug)]
pub struct Options {
    /// The learning rate.
    pub learning_rate: Rate,
    /// Samples a step: `None` for all, 1 for stochastic descent, more for minibatches.
    pub batch_size: Option<usize>,
    /// Most passes over the samples.
    pub epochs: u64,
    /// The seed of the order of the samples, where not all make a step.
    pub seed: u64,
    /// max|∂J/∂p| at which it ends.
    pub gradient_threshold: f64,
    /// max|g(t) − g(t − 1)| at which it ends, if it stays there for `patience` epochs.
    pub convergence_threshold: Option<f64>,
    /// See there.
    pub patience: u64,
}

deserialize! { Options, "the options"; }

impl Read for Options {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            learning_rate: f.required("learningRate")?,
            batch_size: f.optional("batchSize"),
            epochs: f.required("epochs")?,
            seed: f.required("seed")?,
            gradient_threshold: f.required("gradientThreshold")?,
            convergence_threshold: f.optional("convergenceThreshold"),
            patience: f.required("patience")?,
        };
        f.end(read)
    }
}

/// Gradient descent on the cost under way. Its steps are epochs.
pub struct Descent {
    problem: Rc<Problem>,
    minimizer: Minimizer,
}

impl Descent {
    /// From parameters `[weights…, intercept]`.
    pub fn new(problem: Problem, start: Vec<f64>, options: Options) -> Result<Self> {
        let (samples, features) = problem.x.dim();
        if start.len() != features + 1 {
            let n = start.len();
            return Err(Error::shape(format!("{n} parameters for {features} weights and an intercept")));
        }
        problem.check_features()?;
        let problem = Rc::new(problem);
        let method: Box<dyn Method> = match options.batch_size {
            None => Box::new(GradientDescent::new(options.learning_rate, Search::Brent)?),
            Some(size) if size == 0 || size > samples => {
                return Err(Error::option(format!(
                    "batchSize must be at least 1 and at most the {samples} samples, got {size}"
                )));
            }
            Some(size) => {
                Box::new(Stochastic::new(problem.clone(), options.learning_rate, size, options.seed)?)
            }
        };
        let rules = minimize::Options {
            maximize: false,
            gradient: true,
            gradient_threshold: options.gradient_threshold,
            convergence_threshold: options.convergence_threshold,
            patience: options.patience,
            steps: options.epochs,
            formula: Value::Null,
        };
        Ok(Self { problem, minimizer: Minimizer::new(start, method, rules)? })
    }

    /// Answers one question of the minimisation, which is at most a pass over the samples; true once it has ended.
    pub fn advance(&mut self) -> Result<bool> {
        let answer = match self.minimizer.ask() {
            None => return Ok(true),
            Some(Question::Value(p)) => vec![self.problem.cost(p)],
            Some(Question::Gradient(p) | Question::Differences(p, _)) => {
                let (cost, gradient) = self.problem.gradient(p, 0..self.problem.t.len());
                [vec![cost], gradient].concat()
            }
        };
        self.minimizer.tell(&answer)?;
        Ok(self.minimizer.outcome().is_some())
    }

    /// The minimisation of the cost.
    pub fn minimizer(&self) -> &Minimizer {
        &self.minimizer
    }

    /// What is minimised.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}
