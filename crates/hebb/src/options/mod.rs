//! What users choose in every layer and loss: names, numbers and their ranges. Nothing here computes.

mod activation;
mod initializer;
pub(crate) mod json;
mod regularization;

pub use activation::{Activation, ActivationProperties};
pub use initializer::Initializer;
pub use regularization::Regularization;

/// The default of options that are on unless turned off.
pub(crate) fn yes() -> bool {
    true
}
