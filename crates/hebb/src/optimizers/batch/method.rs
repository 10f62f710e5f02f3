//! The interface of minimisation methods: the next point, from values and gradients.

use super::{along, dot};
use crate::archive::Archive;

/// A point and the values there. For a function to be maximised they are negated, so that methods only minimise.
#[derive(Clone, Debug, Default)]
pub struct Point {
    /// The position.
    pub x: Vec<f64>,
    /// f(x).
    pub value: f64,
    /// ∇f(x); empty if not wanted.
    pub gradient: Vec<f64>,
    /// JᵀJ by rows, J the derivatives of the residuals r of f = ½Σr²; empty if not wanted.
    pub normal: Vec<f64>,
}

impl Point {
    /// Whether value and gradient are finite.
    pub fn is_finite(&self) -> bool {
        self.value.is_finite() && self.gradient.iter().all(|g| g.is_finite())
    }

    /// Exchanges it with an archive; `n` is the number of variables.
    pub(super) fn exchange(&mut self, archive: &mut Archive, n: usize) {
        archive.list(&mut self.x, n);
        archive.number(&mut self.value);
        archive.list(&mut self.gradient, n);
        archive.list(&mut self.normal, n * n);
    }

    /// The largest component of the gradient; NaN if one is.
    pub fn largest(&self) -> f64 {
        largest(self.gradient.iter().copied())
    }

    /// The largest change of a component of the gradient from another point.
    pub fn change(&self, before: &Point) -> f64 {
        largest(self.gradient.iter().zip(&before.gradient).map(|(a, b)| a - b))
    }

    /// The curvature along the way from another point: the change of the slope per length of the step.
    pub fn curvature(&self, before: &Point) -> f64 {
        let step = along(&self.x, -1.0, &before.x);
        dot(&along(&self.gradient, -1.0, &before.gradient), &step) / dot(&step, &step)
    }
}

/// The largest absolute value; NaN if one is.
fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.map(f64::abs).fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a })
}

/// What is wanted at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// The value.
    Value,
    /// Value and gradient.
    Gradient,
    /// Value, gradient and JᵀJ.
    Jacobian,
}

/// The reason why a method cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No step lowers the value.
    NoDecrease,
    /// The value falls along the line as far as numbers reach: no bracket holds a minimum.
    NoBracket,
}

/// The next move of a method.
pub enum Move {
    /// Evaluate this point first.
    Try(Vec<f64>, Wants),
    /// Go there: the step is complete.
    Go(Vec<f64>),
    /// Go to the point tried last, whose gradient is known.
    Arrive,
    /// Stay: the step failed.
    Stuck(Failure),
}

/// A method of minimisation.
pub trait Method {
    /// Begins a step from here; `before` is where the last one began.
    fn next(&mut self, here: &Point, before: Option<&Point>) -> Move;

    /// Continues the step with the values at the point that it wanted to try.
    fn tried(&mut self, _here: &Point, _there: &Point) -> Move {
        Move::Stuck(Failure::NoDecrease)
    }

    /// Exchanges its state between two steps with an archive; `n` is the number of variables. Only methods that train networks
    /// are saved.
    fn exchange(&mut self, _archive: &mut Archive, _n: usize) {}

    /// What it wants at the points where steps begin.
    fn wants(&self) -> Wants {
        Wants::Gradient
    }

    /// The factor of the direction in the last step.
    fn rate(&self) -> Option<f64>;

    /// Whether it chooses its steps so that the value always falls.
    fn adjusts(&self) -> bool;

    /// The curvature that limits the learning rate, from the last step: rates above 2 / curvature overshoot the minimum by more
    /// than the distance to it. `None` if rising values are no sign of that.
    fn curvature(&self, _before: &Point, _here: &Point) -> Option<f64> {
        None
    }

    /// A remark on the point where it ended.
    fn remark(&self, _here: &Point) -> Option<String> {
        None
    }
}
