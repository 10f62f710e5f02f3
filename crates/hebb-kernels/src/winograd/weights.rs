//! The maps of weights: from w to U, from dU to dw. The lanes of a vector are neighbouring channels.

use super::product::CHANNELS;
use super::transform::{POINTS, SCALES, both, collect, evaluate};
use super::{Sizes, Winograd};
use crate::simd::{Simd, on_level};

/// Weights `[rows][channels][taps]`, at these distances in floats.
#[derive(Clone, Copy)]
pub struct Strides {
    pub(super) row: isize,
    pub(super) channel: isize,
    pub(super) tap: isize,
    /// The first tap.
    pub(super) first: isize,
}

/// The most taps of a kernel.
const TAPS: usize = 25;

/// The weights of as many channels as a vector has lanes, `[tap][lane]`.
type Lanes = [[f32; 16]; TAPS];

on_level! {
    /// U of some rows and channels.
    pub(super) fn transform_weights(t: &Winograd, n: &Sizes, rows: usize, w: *const f32, strides: Strides, u: *mut f32) = transform_weights_kernel
}

#[inline(always)]
unsafe fn transform_weights_kernel<S: Simd>(
    t: &Winograd,
    n: &Sizes,
    rows: usize,
    w: *const f32,
    strides: Strides,
    u: *mut f32,
) {
    by_kernel!(t, transform_weights_of::<S>(n, rows, w, strides, u));
}

#[inline(always)]
unsafe fn transform_weights_of<S: Simd, const K: usize, const SIDE: usize>(
    n: &Sizes,
    rows: usize,
    w: *const f32,
    strides: Strides,
    u: *mut f32,
) {
    let mut lanes: Lanes = [[0.0; 16]; TAPS];
    for row in 0..n.rows {
        for first in (0..n.channels).step_by(S::LANES) {
            for lane in 0..S::LANES.min(n.channels - first) {
                let at = row.min(rows - 1) as isize * strides.row
                    + (first + lane) as isize * strides.channel
                    + strides.first;
                for tap in 0..K * K {
                    lanes[tap][lane] = *w.offset(at + tap as isize * strides.tap);
                }
            }
            let to = u.add(row * CHANNELS + first);
            both::<S, K, POINTS>(
                |c| evaluate::<S, K>(c),
                |i, j| S::load(lanes[i * K + j].as_ptr()),
                |i, j, value| {
                    let scaled = S::mul(value, S::splat(SCALES[i] * SCALES[j]));
                    S::store(to.add((i * POINTS + j) * n.u()), scaled);
                },
            );
        }
    }
}

on_level! {
    /// dw of some rows and channels += from dU.
    pub(super) fn add_weights(t: &Winograd, n: &Sizes, rows: usize, du: *const f32, dw: *mut f32) = add_weights_kernel
}

#[inline(always)]
unsafe fn add_weights_kernel<S: Simd>(t: &Winograd, n: &Sizes, rows: usize, du: *const f32, dw: *mut f32) {
    by_kernel!(t, add_weights_of::<S>(t, n, rows, du, dw));
}

#[inline(always)]
unsafe fn add_weights_of<S: Simd, const K: usize, const SIDE: usize>(
    t: &Winograd,
    n: &Sizes,
    rows: usize,
    du: *const f32,
    dw: *mut f32,
) {
    let mut lanes: Lanes = [[0.0; 16]; TAPS];
    let into = lanes.as_mut_ptr().cast::<f32>();
    for row in 0..rows {
        for first in (0..n.channels).step_by(S::LANES) {
            let from = du.add(row * CHANNELS + first);
            both::<S, POINTS, K>(
                |m| collect::<S, K>(m),
                |i, j| {
                    let value = S::load(from.add((i * POINTS + j) * n.u()));
                    S::mul(value, S::splat(SCALES[i] * SCALES[j]))
                },
                |i, j, value| S::store(into.add((i * K + j) * 16), value),
            );
            for lane in 0..S::LANES.min(n.channels - first) {
                let dw = dw.add((row * t.g.channels + first + lane) * K * K);
                for tap in 0..K * K {
                    *dw.add(tap) += *into.add(tap * 16 + lane);
                }
            }
        }
    }
}
