//! Associative memories: the discrete Hopfield network ("Neural networks and physical systems with emergent collective
//! computational abilities", 1982) with the rules of Hebb, Storkey, the pseudo-inverse and minimum probability flow, and the
//! dense memories of Krotov and Hopfield (2016) and Ramsauer et al. (2020).
//!
//! Inside, states are bipolar, and 0 is a unit that is unknown yet and contributes nothing. A binary unit x is the bipolar
//! s = 2x − 1 (`network.rs`).

mod dense;
mod flow;
mod learning;
mod network;
mod options;
mod patterns;
mod recall;

pub use dense::Dense;
pub use learning::Learning;
pub use network::Network;
pub use options::{Degree, Order, RecallOptions, Rule, StoreOptions, Thresholds, Values};
pub use patterns::{Kind, Likeness, Patterns};
pub use recall::{Outcome, Reason, Recall, Update};

/// What is stored: a network of weights, or the patterns themselves.
pub enum Memory {
    /// A Hopfield network.
    Network(Network),
    /// A dense memory.
    Dense(Dense),
}

impl Memory {
    /// The stored patterns, and how values are written.
    pub fn patterns(&self) -> &Patterns {
        match self {
            Memory::Network(network) => network.patterns(),
            Memory::Dense(dense) => dense.patterns(),
        }
    }

    /// The bytes that it holds.
    pub fn bytes(&self) -> usize {
        let numbers = match self {
            Memory::Network(network) => network.weights().len() + network.patterns().all().len(),
            Memory::Dense(dense) => 2 * dense.patterns().all().len(),
        };
        8 * numbers
    }
}

#[cfg(test)]
mod tests;
