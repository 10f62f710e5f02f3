//! What a method of minimisation is: where to go next, from values and gradients.

use super::gradient_descent::GradientDescent;
use super::rate::Rate;
use crate::error::Result;
use serde::Deserialize;

/// The methods by name, with their options.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Kind {
    /// See [`GradientDescent`].
    GradientDescent {
        /// How far each step goes.
        learning_rate: Rate,
    },
}

impl Kind {
    /// The method at its beginning.
    pub fn start(self) -> Result<Box<dyn Method>> {
        match self {
            Kind::GradientDescent { learning_rate } => Ok(Box::new(GradientDescent::new(learning_rate)?)),
        }
    }
}

/// A place with the value and the gradient there. Of a function to be maximised it has the opposite, so that
/// methods only ever minimise.
#[derive(Clone, Debug)]
pub struct Point {
    /// Where.
    pub x: Vec<f64>,
    /// f(x).
    pub value: f64,
    /// ∇f(x).
    pub gradient: Vec<f64>,
}

/// Where a method wants to go.
pub enum Move {
    /// It wants the value there first.
    Try(Vec<f64>),
    /// There: the step is done.
    Go(Vec<f64>),
    /// Nowhere: no step lowers the value.
    Stuck,
}

/// A method of minimisation.
pub trait Method {
    /// Begins a step from here.
    fn next(&mut self, here: &Point) -> Result<Move>;

    /// Goes on with the step, with the value at the place that it wanted to try.
    fn tried(&mut self, here: &Point, value: f64) -> Move;

    /// The learning rate of the last step.
    fn rate(&self) -> Option<f64>;

    /// Whether it chooses its steps so that the value always falls.
    fn adjusts(&self) -> bool;

    /// The curvature that the learning rate has to cope with, told from the last step: rates above
    /// 2 / curvature overshoot by more than they came.
    fn curvature(&self, before: &Point, here: &Point) -> f64 {
        let step: Vec<f64> = along(&here.x, -1.0, &before.x);
        let change: Vec<f64> = along(&here.gradient, -1.0, &before.gradient);
        dot(&change, &step) / dot(&step, &step)
    }
}

/// x + t·d.
pub(super) fn along(x: &[f64], t: f64, d: &[f64]) -> Vec<f64> {
    x.iter().zip(d).map(|(x, d)| x + t * d).collect()
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}
