//! What a method of minimisation is: where to go next, from values and gradients.

use super::{along, dot};

/// A place with what was found there. Of a function to be maximised it has the opposite, so that methods only ever
/// minimise.
#[derive(Clone, Debug, Default)]
pub struct Point {
    /// Where.
    pub x: Vec<f64>,
    /// f(x).
    pub value: f64,
    /// ∇f(x); empty where nobody wanted it.
    pub gradient: Vec<f64>,
    /// JᵀJ by rows, J the derivatives of the residuals r of f = ½Σr²; empty where nobody wanted it.
    pub normal: Vec<f64>,
}

impl Point {
    /// Whether value and gradient are finite.
    pub fn is_finite(&self) -> bool {
        self.value.is_finite() && self.gradient.iter().all(|g| g.is_finite())
    }

    /// The largest component of the gradient; NaN if one is.
    pub fn largest(&self) -> f64 {
        largest(self.gradient.iter().copied())
    }

    /// The largest change of a component of the gradient since another place.
    pub fn change(&self, before: &Point) -> f64 {
        largest(self.gradient.iter().zip(&before.gradient).map(|(a, b)| a - b))
    }

    /// The curvature along the way from another place: the slope's change over the step's length.
    pub fn curvature(&self, before: &Point) -> f64 {
        let step = along(&self.x, -1.0, &before.x);
        dot(&along(&self.gradient, -1.0, &before.gradient), &step) / dot(&step, &step)
    }
}

/// The largest size; NaN if one is.
fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.map(f64::abs).fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a })
}

/// What is wanted of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// The value.
    Value,
    /// Value and gradient.
    Gradient,
    /// Value, gradient and JᵀJ.
    Jacobian,
}

/// Why a method knows no way on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No step lowers the value.
    NoDecrease,
    /// The value falls along the line as far as numbers reach: no bracket holds a minimum.
    NoBracket,
}

/// Where a method wants to go.
pub enum Move {
    /// It wants to know of this place first.
    Try(Vec<f64>, Wants),
    /// There: the step is done.
    Go(Vec<f64>),
    /// To the place that it tried last, whose gradient is known.
    Arrive,
    /// Nowhere.
    Stuck(Failure),
}

/// A method of minimisation.
pub trait Method {
    /// Begins a step from here; `before` is where the last one began.
    fn next(&mut self, here: &Point, before: Option<&Point>) -> Move;

    /// Goes on with the step, with what was found at the place that it wanted to try.
    fn tried(&mut self, _here: &Point, _there: &Point) -> Move {
        Move::Stuck(Failure::NoDecrease)
    }

    /// What it wants of the places where steps begin.
    fn wants(&self) -> Wants {
        Wants::Gradient
    }

    /// How far the last step went along its direction.
    fn rate(&self) -> Option<f64>;

    /// Whether it chooses its steps so that the value always falls.
    fn adjusts(&self) -> bool;

    /// The curvature that the learning rate has to cope with, told from the last step: rates above 2 / curvature
    /// overshoot by more than they came. None where rising values are no sign of that.
    fn curvature(&self, _before: &Point, _here: &Point) -> Option<f64> {
        None
    }

    /// What is to be said of the place where it ended.
    fn remark(&self, _here: &Point) -> Option<String> {
        None
    }
}
