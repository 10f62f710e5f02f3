//! The options of k-means.

use crate::options::json::{Fields, Read, deserialize};
use serde_json::Value;

/// How centers are found.
#[derive(Clone, Debug)]
pub struct Options {
    /// Number of clusters, at least 1.
    pub clusters: usize,
    /// The seed of the first centers, and of minibatches.
    pub seed: u64,
    /// Samples per step; 0 for all.
    pub batch_size: usize,
    /// The most steps.
    pub iterations: usize,
    /// Lloyd's algorithm ends when the squares of all centers' moves sum up to at most this, times the mean variance of the
    /// features.
    pub tolerance: f64,
}

impl Read for Options {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            clusters: f.required("clusters")?,
            seed: f.whole("seed", 0),
            batch_size: f.get("batchSize", 0),
            iterations: f.get("iterations", 300),
            tolerance: f.number("tolerance", Some(1e-4)),
        };
        f.end(read)
    }
}

deserialize! {
    Options, "the options";
}
