//! Methods for a function of a flat vector, such as the loss over all samples at once. They do not evaluate the function: each is
//! a state machine that asks for a point and is told the values there, so that the function may be anywhere.

mod bfgs;
mod bracket;
mod brent;
mod conjugate_gradient;
mod descent;
mod directed;
mod golden;
mod gradient_descent;
mod kind;
mod lbfgs;
mod levenberg_marquardt;
mod line;
mod method;
mod narrow;
mod rate;
mod rule;
mod wolfe;

pub use descent::{Descent, Event};
pub use gradient_descent::GradientDescent;
use hebb_kernels::vector::add_scaled;
pub use kind::{Choice, Kind};
pub use levenberg_marquardt::LevenbergMarquardt;
pub use line::Search;
pub use method::{Failure, Method, Move, Point, Wants};
pub use rate::Rate;
pub use rule::ByRule;

/// Σ aᵢbᵢ, in order.
#[inline(never)]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

/// x + t·d.
pub(crate) fn along(x: &[f64], t: f64, d: &[f64]) -> Vec<f64> {
    let mut sum = x.to_vec();
    add_scaled(&mut sum, t, d);
    sum
}

#[cfg(test)]
mod tests;
