//! The products at each of the 36 points.

use super::Sizes;
use super::transform::PLANES;
use crate::simd::{Simd, on_level};
use crate::tile::{self, ROWS};
use std::hint::black_box;
use std::mem::MaybeUninit;

/// The most channels of [`multiply`], whose weights for a tile of rows are packed.
pub(super) const CHANNELS: usize = 64;

/// The packed weights of a tile of rows: 6 KiB in WebAssembly.
const PACKED: usize = 4 * ROWS * CHANNELS;

on_level! {
    /// M[point] = U[point]·V[point] at every point, or += unless `first`: U is `[rows][CHANNELS]`, V `[columns][channels]`, M
    /// `[rows][columns]`, of two vectors each.
    pub fn multiply(n: &Sizes, u: *const f32, v: *const f32, m: *mut f32, first: bool) = multiply_kernel
}

#[inline(always)]
unsafe fn multiply_kernel<S: Simd>(n: &Sizes, u: *const f32, v: *const f32, m: *mut f32, first: bool) {
    let block = 2 * S::LANES;
    for point in 0..PLANES {
        let (u, v, m) = (u.add(point * n.u()), v.add(point * n.v(block)), m.add(point * n.m(block)));
        for row in (0..n.rows).step_by(ROWS) {
            multiply_tile::<S>(n, u.add(row * CHANNELS), v, m.add(row * n.columns * block), first);
        }
    }
}

#[inline(always)]
unsafe fn multiply_tile<S: Simd>(n: &Sizes, u: *const f32, v: *const f32, m: *mut f32, first: bool) {
    let block = 2 * S::LANES;
    let mut packed = [MaybeUninit::<f32>::uninit(); PACKED];
    tile::pack::<S, ROWS>(u, CHANNELS, n.channels, packed.as_mut_ptr().cast());
    let row = n.columns * block;
    for column in 0..n.columns {
        let (v, m) = (v.add(column * n.channels * block), m.add(column * block));
        let mut sums = if first { tile::splat::<S, ROWS, 2>(None) } else { tile::load::<S, ROWS, 2>(m, row) };
        let a = packed.as_ptr().cast();
        tile::multiply_packed::<S, ROWS, 2>(&mut sums, a, 1, v, block as isize, n.channels);
        tile::store::<S, ROWS, 2>(&sums, m, row);
    }
}

on_level! {
    /// dU[point] += dM[point]·V[point]ᵀ at every point, lane by lane and then over the lanes: dM is `[rows][columns]`, V
    /// `[channels][columns]`, of two vectors each, dU `[rows][CHANNELS]`.
    pub fn correlate(n: &Sizes, dm: *const f32, v: *const f32, du: *mut f32) = correlate_kernel
}

#[inline(always)]
unsafe fn correlate_kernel<S: Simd>(n: &Sizes, dm: *const f32, v: *const f32, du: *mut f32) {
    let block = 2 * S::LANES;
    for point in 0..PLANES {
        let (dm, v, du) = (dm.add(point * n.m(block)), v.add(point * n.v(block)), du.add(point * n.u()));
        for row in (0..n.rows).step_by(ROWS) {
            correlate_tile::<S>(n, dm.add(row * n.columns * block), v, du.add(row * CHANNELS));
        }
    }
}

#[inline(always)]
unsafe fn correlate_tile<S: Simd>(n: &Sizes, dm: *const f32, v: *const f32, du: *mut f32) {
    let row = n.columns * 2 * S::LANES;
    for channel in (0..n.channels).step_by(2) {
        // The last of an odd number is its own partner.
        let pair = channel + 1 < n.channels;
        let apart = if pair { row } else { 0 };
        let mut sums = tile::splat::<S, ROWS, 2>(None);
        let (mut a, mut b) = (dm, v.add(channel * row));
        for _ in 0..black_box(2 * n.columns) {
            tile::vector_step::<S, ROWS, 2>(&mut sums, a, row, b, apart);
            a = a.wrapping_add(S::LANES);
            b = b.wrapping_add(S::LANES);
        }
        for r in 0..ROWS {
            for c in 0..1 + usize::from(pair) {
                *du.add(r * CHANNELS + channel + c) += S::sum(sums[r][c]);
            }
        }
    }
}
