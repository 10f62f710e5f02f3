//! Each kernel against its naive twin, over random shapes.

mod embedding;
mod products;
mod rbf;
mod values;
mod windows;
mod winograd;

pub(super) use embedding::embedding;
pub(super) use products::{dense, gemm, stored};
pub(super) use rbf::radial_basis;
pub(super) use values::{activations, expressions, local_response_norm, softmax};
pub(super) use windows::{average_pool2d, conv2d, max_pool2d};
pub(super) use winograd::winograd;

use super::{close, within};
use hebb_kernels::random::Random;

fn values(random: &mut Random, count: usize) -> Vec<f32> {
    (0..count).map(|_| random.uniform(-1.0, 1.0)).collect()
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

/// What a sum of this many values in [−1, 1] may be off: it can cancel to nearly nothing, its error cannot.
fn error_of_sum(terms: usize) -> f64 {
    4e-6 * (terms as f64).sqrt()
}

/// One lane of `[features][block]`.
fn lane(values: &[f32], lane: usize, block: usize) -> Vec<f64> {
    values[lane..].iter().step_by(block).map(|&value| f64::from(value)).collect()
}

fn lane_f32(values: &[f32], lane: usize, block: usize) -> impl Iterator<Item = f32> + '_ {
    values[lane..].iter().step_by(block).copied()
}

/// That what a kernel made of a sample alone is, to the bit, what it is in the first lane of a block.
fn alike(what: &str, alone: &[f32], y: &[f32], block: usize) -> Result<(), String> {
    let first = lane_f32(y, 0, block);
    match alone.iter().zip(first).position(|(a, b)| a.to_bits() != b.to_bits()) {
        Some(at) => Err(format!("{what}: value {at} is not what it is in a block")),
        None => Ok(()),
    }
}
