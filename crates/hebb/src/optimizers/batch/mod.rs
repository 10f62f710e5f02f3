//! Methods for a loss over all samples at once, as functions of a flat vector. They compute no loss: each is a
//! machine that asks for a point and is told what is there, so that the function may live anywhere.

mod bfgs;
mod bracket;
mod brent;
mod conjugate_gradient;
mod descent;
mod golden;
mod lbfgs;
mod line;
mod wolfe;

pub use bfgs::Bfgs;
pub use brent::Brent;
pub use conjugate_gradient::{ConjugateGradient, Formula};
pub use descent::{Descent, Direction, Status, Steepest};
pub use golden::GoldenSection;
pub use lbfgs::Lbfgs;
pub use line::{LineMinimum, Minimize};
pub use wolfe::{Wolfe, WolfeStatus};

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests;
