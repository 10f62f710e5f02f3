#![doc = include_str!("../README.md")]
//!
//! # How a kernel works
//!
//! The kernels of Hebb, where the time is spent, and the ground that they stand on: [`simd`], [`parallel`], [`random`], [`error`].
//!
//! Each kernel works on a **block**: as many samples as two vectors have lanes, side by side in
//! the innermost dimension, so that an activation is `[features][block]` and an image `[C][H][W][block]`. A lane is a sample.
//! Therefore no kernel has a ragged edge in space, images need no im2col, borders no padding, and softmax is as parallel as a
//! product. (As cuda-convnet did with CHWN.)
//!
//! [`gemm`](mod@gemm) is for matrices in general.
//!
//! [`matrix`] is for matrices of 64 bits: products, Cholesky, least squares.
//!
//! [`vector`], [`update`] and [`batch_norm`] work on slices. All others are `unsafe`: they take pointers, and the caller guarantees the sizes given in their docs.

#![allow(unsafe_op_in_unsafe_fn, clippy::missing_safety_doc)] // Each kernel's contract is in its docs, once.

pub mod activation;
pub mod batch_norm;
pub mod conv2d;
pub mod dense;
pub mod design;
pub mod embedding;
pub mod error;
pub mod expression;
pub mod gemm;
pub mod hopfield;
pub mod kmeans;
pub mod local_response_norm;
pub mod matrix;
pub mod naive;
pub mod parallel;
#[cfg(any(test, feature = "selftest"))]
pub mod peak;
pub mod pool2d;
pub mod random;
pub mod rbf;
pub mod recurrent;
pub mod simd;
pub mod single;
pub mod softmax;
pub mod stored;
pub mod tile;
pub mod update;
pub mod vector;
pub mod window;
pub mod winograd;
