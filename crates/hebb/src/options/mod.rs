//! The options that users choose in layers and losses: names, numbers and their ranges. Nothing here computes.

mod activation;
mod initializer;
pub(crate) mod json;
mod rates;
mod regularization;
mod storage;

pub use activation::{Activation, ActivationProperties};
pub use initializer::Initializer;
pub use rates::Rates;
pub use regularization::Regularization;
