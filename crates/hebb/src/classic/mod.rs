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
mod solve;

use hebb_kernels::error::{Error, Result};
use ndarray::Array2;
use std::fmt::Display;

/// Samples `[samples, features]`, checked: at least one, of the right length, and finite.
pub(crate) fn samples(x: Vec<f64>, features: usize) -> Result<Array2<f64>> {
    check_samples(&x, features, |value| value.is_finite(), "remove or replace it")?;
    let rows = x.len() / features;
    Array2::from_shape_vec((rows, features), x).map_err(|error| Error::shape(error.to_string()))
}

/// Refuses no samples, those of another length, and values that are not `usable`, with what to do about these.
pub(crate) fn check_samples<T: Copy + Display>(
    x: &[T],
    features: usize,
    usable: impl Fn(T) -> bool,
    remedy: &str,
) -> Result<()> {
    if features == 0 || x.is_empty() {
        return Err(Error::data("there are no samples: give at least one, with at least one value"));
    }
    if !x.len().is_multiple_of(features) {
        let n = x.len();
        return Err(Error::shape(format!("{n} values are not a whole number of samples of {features}")));
    }
    match x.iter().position(|&value| !usable(value)) {
        None => Ok(()),
        Some(at) => Err(Error::data(format!(
            "sample {} has {} as its value {} (both from 0): {remedy}",
            at / features,
            x[at],
            at % features
        ))),
    }
}

/// Refuses targets `[samples, outputs]` that are not as many, or not finite; `first` is the number of the first sample.
pub(crate) fn check_targets(targets: &[f64], samples: usize, outputs: usize, first: usize) -> Result<()> {
    if outputs == 0 || targets.len() != samples * outputs {
        return Err(Error::shape(format!("{} targets for {samples} samples", targets.len())));
    }
    match targets.iter().position(|t| !t.is_finite()) {
        None => Ok(()),
        Some(at) => Err(Error::data(format!(
            "the target of sample {} is {}: remove or replace it",
            first + at / outputs,
            targets[at]
        ))),
    }
}
