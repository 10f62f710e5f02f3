//! The neuron of McCulloch and Pitts ("A logical calculus of the ideas immanent in nervous activity", 1943), with
//! weights: it fires if Σ wᵢxᵢ ≥ θ. It does not learn; its weights and threshold are given.

use super::samples;
use crate::options::json::{Read, deserialize, one_of};
use hebb_kernels::error::{Error, Result};
use ndarray::{Array1, ArrayView1, aview1};
use serde_json::Value;

/// A threshold unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Neuron {
    weights: Array1<f64>,
    threshold: f64,
}

/// The logic gates that a single neuron can represent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// All inputs are 1.
    And,
    /// At least one input is 1.
    Or,
    /// The single input is 0.
    Not,
    /// Not all inputs are 1.
    Nand,
    /// No input is 1.
    Nor,
}

deserialize! { Gate, "gate"; }

impl Read for Gate {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let names = [
            ("and", Gate::And),
            ("or", Gate::Or),
            ("not", Gate::Not),
            ("nand", Gate::Nand),
            ("nor", Gate::Nor),
        ];
        one_of(name, &json, &names)
    }
}

impl Neuron {
    /// From its weights and its threshold θ, all finite.
    pub fn new(weights: &[f64], threshold: f64) -> Result<Self> {
        if weights.is_empty() {
            return Err(Error::option("neuron: weights must hold one number for each input, got none"));
        }
        if let Some(value) = weights.iter().chain([&threshold]).find(|value| !value.is_finite()) {
            return Err(Error::option(format!("neuron: weights and threshold must be finite, got {value}")));
        }
        Ok(Self { weights: aview1(weights).to_owned(), threshold })
    }

    /// A logic gate of `inputs` inputs of 0 and 1.
    pub fn gate(gate: Gate, inputs: usize) -> Result<Self> {
        let (weight, threshold) = match gate {
            Gate::And => (1.0, inputs as f64),
            Gate::Or => (1.0, 1.0),
            Gate::Nand => (-1.0, 1.0 - inputs as f64),
            Gate::Not if inputs != 1 => {
                return Err(Error::option(format!("a NOT gate has one input, not {inputs}")));
            }
            Gate::Not | Gate::Nor => (-1.0, 0.0),
        };
        Self::new(&vec![weight; inputs], threshold)
    }

    /// One weight per input.
    pub fn weights(&self) -> ArrayView1<'_, f64> {
        self.weights.view()
    }

    /// θ.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Per sample of `[samples, inputs]`: 1 if it makes the neuron fire, else 0.
    pub fn fire(&self, x: Vec<f64>) -> Result<Vec<u8>> {
        let x = samples(x, self.weights.len())?;
        Ok(x.rows().into_iter().map(|row| u8::from(row.dot(&self.weights) >= self.threshold)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All inputs of 0 and 1, in the order of a truth table.
    fn table(inputs: usize) -> Vec<f64> {
        (0..1 << inputs).flat_map(|row| (0..inputs).rev().map(move |bit| f64::from(row >> bit & 1))).collect()
    }

    #[test]
    fn gates_have_their_truth_tables() {
        let fire = |gate, inputs| Neuron::gate(gate, inputs).unwrap().fire(table(inputs)).unwrap();
        assert_eq!(fire(Gate::Not, 1), [1, 0]);
        assert_eq!(fire(Gate::And, 2), [0, 0, 0, 1]);
        assert_eq!(fire(Gate::Or, 2), [0, 1, 1, 1]);
        assert_eq!(fire(Gate::Nand, 2), [1, 1, 1, 0]);
        assert_eq!(fire(Gate::Nor, 2), [1, 0, 0, 0]);
        assert_eq!(fire(Gate::And, 3), [0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(fire(Gate::Nor, 3), [1, 0, 0, 0, 0, 0, 0, 0]);
        assert!(Neuron::gate(Gate::Not, 2).is_err());
    }

    #[test]
    fn of_the_sixteen_functions_of_two_inputs_it_can_be_all_but_xor_and_its_opposite() {
        let steps = || (-4..=4).map(|n| f64::from(n) / 2.0);
        let mut found = std::collections::BTreeSet::new();
        for (a, b) in steps().flat_map(|a| steps().map(move |b| (a, b))) {
            for threshold in steps() {
                found.insert(Neuron::new(&[a, b], threshold).unwrap().fire(table(2)).unwrap());
            }
        }
        assert_eq!(found.len(), 14);
        assert!(!found.contains(&vec![0, 1, 1, 0]) && !found.contains(&vec![1, 0, 0, 1]));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert!(Neuron::new(&[], 1.0).is_err());
        assert!(Neuron::new(&[1.0, f64::NAN], 1.0).is_err());
        assert!(Neuron::new(&[1.0], 1.0).unwrap().fire(vec![f64::NAN]).is_err());
    }
}
