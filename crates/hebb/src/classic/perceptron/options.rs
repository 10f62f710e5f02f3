//! The options of a perceptron.

use serde::Deserialize;

/// The weights that training returns, of all that it went through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Variant {
    /// The last ones.
    Last,
    /// Those with most samples right: Gallant's pocket with ratchet ("Perceptron-based learning algorithms",
    /// 1990).
    Pocket,
    /// The mean over all presentations (Freund and Schapire, "Large margin classification using the perceptron
    /// algorithm", 1999).
    Averaged,
}

/// The options of a perceptron and its training.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    /// Values per sample.
    pub inputs: usize,
    /// Classes: 2 have one unit, more have one each.
    pub classes: usize,
    /// The weights that training returns.
    pub variant: Variant,
    /// ε. Because weights start at 0, it scales them and changes no answer.
    pub learning_rate: f64,
    /// Maximum passes over the samples.
    pub epochs: u64,
    /// Whether the samples are shuffled anew in each epoch.
    pub shuffle: bool,
    /// The seed of the shuffling.
    pub seed: u64,
    /// Updates recorded per unit, each with the weights after it; at most 2²⁰ numbers.
    pub history: usize,
}
