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
use crate::optimizers::Optimizer;
use crate::options::json::{Read, deserialize};
use hebb_kernels::error::{Error, Result};
use serde_json::Value;

/// A method for all samples at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// See [`GradientDescent`]: the learning rate, and the line search.
    GradientDescent(Rate, Search),
    /// Nonlinear conjugate gradients, with the formula for β.
    ConjugateGradient(Formula),
    /// The quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno.
    Bfgs,
    /// Limited-memory BFGS: number of steps remembered, at least 1.
    Lbfgs(usize),
    /// See [`LevenbergMarquardt`]: the first λ, above 0.
    LevenbergMarquardt(f64),
}

impl Kind {
    /// From JSON, if it is one of these; the error says what is wrong with it.
    fn read(json: &Value) -> Option<std::result::Result<Self, String>> {
        let word = |name: &str, first: &str, second: &str| {
            let word = json[name].as_str()?;
            [first, second].iter().position(|own| *own == word)
        };
        let kind = match json["type"].as_str()? {
            "gradientDescent" => Rate::from_json(&json["learningRate"]).map(|rate| {
                let golden = word("lineSearch", "brent", "goldenSection") == Some(1);
                Kind::GradientDescent(rate, if golden { Search::GoldenSection } else { Search::Brent })
            }),
            "conjugateGradient" => word("formula", "fletcherReeves", "polakRibiere")
                .map(|one| Kind::ConjugateGradient([Formula::FletcherReeves, Formula::PolakRibiere][one])),
            "bfgs" => Some(Kind::Bfgs),
            "lbfgs" => json["memory"].as_u64().map(|memory| Kind::Lbfgs(memory as usize)),
            "levenbergMarquardt" => json["damping"].as_f64().map(Kind::LevenbergMarquardt),
            _ => return None,
        };
        Some(kind.ok_or_else(|| format!("{json}: an option is missing or no option")))
    }

    /// The method in its initial state.
    pub fn start(self) -> Result<Box<dyn Method>> {
        Ok(match self {
            Kind::GradientDescent(rate, search) => Box::new(GradientDescent::new(rate, search)?),
            Kind::ConjugateGradient(formula) => {
                Box::new(Directed::new(Box::new(ConjugateGradient::new(formula))))
            }
            Kind::Bfgs => Box::new(Directed::new(Box::new(Bfgs::default()))),
            Kind::Lbfgs(0) => return Err(Error::option("memory must be at least 1, got 0")),
            Kind::Lbfgs(memory) => Box::new(Directed::new(Box::new(Lbfgs::new(memory)))),
            Kind::LevenbergMarquardt(damping) => Box::new(LevenbergMarquardt::new(damping)?),
        })
    }
}

/// Any optimizer.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// A full-batch one.
    Batch(Kind),
    /// One for minibatches.
    Rule(Optimizer),
}

impl Choice {
    /// The method in its initial state, for this many steps and variables.
    pub fn start(self, steps: u64, variables: usize) -> Result<Box<dyn Method>> {
        match self {
            Choice::Batch(kind) => kind.start(),
            Choice::Rule(optimizer) => Ok(Box::new(ByRule::new(optimizer, steps, variables)?)),
        }
    }
}

deserialize! { Choice, "optimizer"; }

impl Read for Choice {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        match Kind::read(&json) {
            Some(kind) => kind.map(Choice::Batch),
            None => Optimizer::read(name, json).map(Choice::Rule),
        }
    }
}
