//! The classical models, in f64: the neuron, the perceptron, gradient descent and linear regression.
//!
//! Each is a state machine that advances a little at a time, so that its caller stays free to do other things. Everything
//! follows from the data, the options and the seed alone.

pub mod continuous_hopfield;
pub mod hopfield;
pub mod k_means;
pub mod kernel_methods;
pub mod linear_regression;
pub mod minimize;
pub mod neuron;
pub mod perceptron;
pub mod rbf_network;

use hebb_kernels::error::{Error, Result};
use ndarray::Array2;

/// Samples `[samples, features]`, checked: at least one, of the right length, and finite.
pub(crate) fn samples(x: Vec<f64>, features: usize) -> Result<Array2<f64>> {
    if features == 0 || x.is_empty() {
        return Err(Error::data("there are no samples: give at least one, with at least one value"));
    }
    if !x.len().is_multiple_of(features) {
        let n = x.len();
        return Err(Error::shape(format!("{n} values are not a whole number of samples of {features}")));
    }
    if let Some(at) = x.iter().position(|value| !value.is_finite()) {
        let (row, column, value) = (at / features, at % features, x[at]);
        return Err(Error::data(format!(
            "sample {row} has {value} as its value {column} (both from 0): remove or replace it"
        )));
    }
    let rows = x.len() / features;
    Array2::from_shape_vec((rows, features), x).map_err(|error| Error::shape(error.to_string()))
}
