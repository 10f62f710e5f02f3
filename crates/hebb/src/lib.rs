#![doc = include_str!("../README.md")]
//!
//! # Where to begin
//!
//! A [`Network`](network::Network) is compiled from a [`Spec`](network::spec::Spec); a [`Dataset`](data::Dataset) holds
//! samples; [`Fit`](training::Fit) trains a network on a data set. [`classic`] has the classical models: the neuron, the
//! perceptron, linear regression and gradient descent.

pub use hebb_kernels as kernels;
pub use hebb_kernels::{error, parallel, random, simd};

pub mod analysis;
pub mod archive;
pub mod classic;
pub mod data;
pub mod expression;
mod layers;
pub mod losses;
pub mod metrics;
pub mod network;
pub mod optimizers;
pub mod options;
mod plan;
mod runtime;
#[cfg(any(test, feature = "selftest"))]
pub mod selftest;
pub mod training;
