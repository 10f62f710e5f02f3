//! The options of a perceptron.

use crate::options::json::{Fields, Read, deserialize, one_of};
use serde_json::Value;

/// The weights that training returns, of all that it went through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug)]
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

deserialize! { Options, "the options"; }

impl Read for Variant {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let names = [("last", Variant::Last), ("pocket", Variant::Pocket), ("averaged", Variant::Averaged)];
        one_of(name, &json, &names)
    }
}

impl Read for Options {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            inputs: f.required("inputs")?,
            classes: f.required("classes")?,
            variant: f.required("variant")?,
            learning_rate: f.required("learningRate")?,
            epochs: f.required("epochs")?,
            shuffle: f.required("shuffle")?,
            seed: f.required("seed")?,
            history: f.required("history")?,
        };
        f.end(read)
    }
}
