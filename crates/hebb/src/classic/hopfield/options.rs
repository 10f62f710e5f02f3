//! The options of associative memories.

use crate::options::json::{Fields, Read, deserialize, one_of};
use serde_json::Value;

/// How the states of units are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// −1 and 1.
    Bipolar,
    /// 0 and 1.
    Binary,
    /// Any numbers.
    Real,
}

/// A learning rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// w = Σ ss′ (Hopfield 1982).
    Hebb,
    /// Storkey, "Increasing the capacity of a Hopfield network without sacrificing functionality", 1997.
    Storkey,
    /// The projection onto the patterns (Personnaz, Guyon and Dreyfus 1985), without its diagonal (Kanter and Sompolinsky 1987).
    PseudoInverse,
    /// Minimum probability flow (Hillar, Sohl-Dickstein and Koepsell 2012).
    Flow,
}

/// The thresholds of a network.
#[derive(Clone, Debug, PartialEq)]
pub enum Thresholds {
    /// 0 for bipolar units, and the same network for binary ones.
    Usual,
    /// The weights to one more unit, which always is 1, learnt with the others.
    Learn,
    /// A threshold for each unit.
    Given(Vec<f64>),
}

/// The exponent of a dense memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Degree {
    /// F(m) = mⁿ.
    Power(u32),
    /// F(m) = exp(βm), with β.
    Softmax(f64),
}

/// The options of a memory.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Number of units.
    pub units: usize,
    /// How their states are written.
    pub values: Values,
    /// The learning rule of a network.
    pub rule: Rule,
    /// The thresholds of a network.
    pub thresholds: Thresholds,
    /// The degree of a dense memory; `None` for a network.
    pub degree: Option<Degree>,
}

/// The order of updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// One unit after another, in a random order that each pass draws anew.
    Asynchronous,
    /// All units at once.
    Synchronous,
}

/// The options of a recall.
#[derive(Clone, Debug)]
pub struct RecallOptions {
    /// The order of updates.
    pub order: Order,
    /// Of the order, and of units that are undecided from the start to their update.
    pub seed: u64,
    /// Maximum passes over the units.
    pub steps: u64,
    /// Whether all updates are recorded, at most 2²⁰.
    pub trace: bool,
}

deserialize! { StoreOptions, "the options"; RecallOptions, "the options"; }

const VALUES: [(&str, Values); 3] =
    [("bipolar", Values::Bipolar), ("binary", Values::Binary), ("real", Values::Real)];
const RULES: [(&str, Rule); 4] = [
    ("hebb", Rule::Hebb),
    ("storkey", Rule::Storkey),
    ("pseudoInverse", Rule::PseudoInverse),
    ("flow", Rule::Flow),
];
const ORDERS: [(&str, Order); 2] =
    [("asynchronous", Order::Asynchronous), ("synchronous", Order::Synchronous)];

impl Read for Thresholds {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        match json.as_str() {
            Some(_) => one_of(name, &json, &[("learn", ())]).map(|()| Thresholds::Learn),
            None => Vec::read(name, json).map(Thresholds::Given),
        }
    }
}

impl Read for StoreOptions {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let power = f.optional::<u64>("degree").map(|degree| Degree::Power(degree as u32));
        let softmax = f.optional("beta").map(Degree::Softmax);
        let read = Self {
            units: f.required("units")?,
            values: one_of("values", &f.required("values")?, &VALUES)?,
            rule: one_of("rule", &f.get("rule", "hebb".into()), &RULES)?,
            thresholds: f.optional("thresholds").unwrap_or(Thresholds::Usual),
            degree: softmax.or(power),
        };
        f.end(read)
    }
}

impl Read for RecallOptions {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            order: one_of("order", &f.required("order")?, &ORDERS)?,
            seed: f.required("seed")?,
            steps: f.required("steps")?,
            trace: f.required("trace")?,
        };
        f.end(read)
    }
}
