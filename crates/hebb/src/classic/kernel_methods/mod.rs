//! Kernel methods: linear models after a mapping φ of the samples that is never computed, because they need nothing but the
//! products K(x, x′) = φ(x)·φ(x′). The kernel perceptron, kernel ridge regression, and for large data the method of Nyström.

mod gram;
mod kernel;
mod lift;
mod machine;
mod nystrom;
mod perceptron;
mod ridge;

pub use gram::{Points, gram_matrix};
pub use kernel::Kernel;
pub use lift::{polynomial_features, taylor_features};
pub use machine::{Machine, Values};
pub use nystrom::{Nystrom, NystromOptions};
pub use perceptron::{Perceptron, PerceptronOptions, Unit};
pub use ridge::{Candidate, Ridge, RidgeOptions};

#[cfg(test)]
mod tests;
