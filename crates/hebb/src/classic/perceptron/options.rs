//! The options of a perceptron.

use serde::Deserialize;

/// Which of all weights that training went through are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Variant {
    /// The last ones.
    Last,
    /// The ones that had most samples right: Gallant's pocket with ratchet ("Perceptron-based learning
    /// algorithms", 1990).
    Pocket,
    /// The mean over all presentations (Freund and Schapire, "Large margin classification using the perceptron
    /// algorithm", 1999).
    Averaged,
}

/// How a perceptron is made and trained.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    /// Values of a sample.
    pub inputs: usize,
    /// Classes: 2 have one unit, more a unit each.
    pub classes: usize,
    /// Which weights are kept.
    pub variant: Variant,
    /// ε. With weights that start at 0 it scales them and changes no answer.
    pub learning_rate: f64,
    /// Most passes over the samples.
    pub epochs: u64,
    /// Whether each epoch has an order of its own.
    pub shuffle: bool,
    /// The seed of these orders.
    pub seed: u64,
    /// Updates that are recorded with the weights after them, for each unit; at most 2²⁰ numbers.
    pub history: usize,
}
