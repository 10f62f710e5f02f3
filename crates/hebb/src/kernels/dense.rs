//! The fully connected layer on one block: y = W·x + b, with W `[units, inputs]` as PyTorch has it.

use super::tile::{self, tiles};
use crate::simd::{Simd, on_level};
use std::ops::Range;

on_level! {
    /// y `[units][block]` = W·x + b for the units of `rows`; x is `[inputs][block]`, b may be null.
    pub fn forward(w: *const f32, bias: *const f32, x: *const f32, y: *mut f32, inputs: usize, rows: Range<usize>) = forward_kernel
}

#[inline(always)]
unsafe fn forward_kernel<S: Simd>(
    w: *const f32,
    bias: *const f32,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
    rows: Range<usize>,
) {
    tiles!(rows, |row| forward_tile::<S>(
        w.add(row * inputs),
        (!bias.is_null()).then(|| bias.add(row)),
        x,
        y.add(row * 2 * S::LANES),
        inputs
    ));
}

#[inline(always)]
unsafe fn forward_tile<S: Simd, const R: usize>(
    w: *const f32,
    bias: Option<*const f32>,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
) {
    let mut sums = tile::splat::<S, R, 2>(bias);
    tile::multiply::<S, R, 2>(&mut sums, w, inputs, 1, x, 2 * S::LANES as isize, inputs);
    tile::store::<S, R, 2>(&sums, y, 2 * S::LANES);
}

on_level! {
    /// dx `[inputs][block]` = Wᵀ·dy for the inputs of `rows`; dy is `[units][block]`.
    pub fn backward_input(w: *const f32, dy: *const f32, dx: *mut f32, inputs: usize, units: usize, rows: Range<usize>) = backward_input_kernel
}

#[inline(always)]
unsafe fn backward_input_kernel<S: Simd>(
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
    inputs: usize,
    units: usize,
    rows: Range<usize>,
) {
    tiles!(rows, |row| backward_input_tile::<S>(w.add(row), dy, dx.add(row * 2 * S::LANES), inputs, units));
}

#[inline(always)]
unsafe fn backward_input_tile<S: Simd, const R: usize>(
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
    inputs: usize,
    units: usize,
) {
    let mut sums = tile::splat::<S, R, 2>(None);
    tile::multiply::<S, R, 2>(&mut sums, w, 1, inputs, dy, 2 * S::LANES as isize, units);
    tile::store::<S, R, 2>(&sums, dx, 2 * S::LANES);
}

/// The floats that [`backward_parameters`] wants as scratch: x transposed, its rows filled up to blocks.
pub fn scratch(inputs: usize, block: usize) -> usize {
    inputs.next_multiple_of(block) * block
}

on_level! {
    /// xᵀ `[block][inputs, filled up with zeros to a multiple of block]` of x `[inputs][block]`.
    pub fn transpose(x: *const f32, xt: *mut f32, inputs: usize) = transpose_kernel
}

#[inline(always)]
unsafe fn transpose_kernel<S: Simd>(x: *const f32, xt: *mut f32, inputs: usize) {
    let block = 2 * S::LANES;
    let width = inputs.next_multiple_of(block);
    for lane in 0..block {
        for i in 0..inputs {
            *xt.add(lane * width + i) = *x.add(i * block + lane);
        }
        for i in inputs..width {
            *xt.add(lane * width + i) = 0.0;
        }
    }
}

on_level! {
    /// dW `[units, inputs]` += dy·xᵀ and, unless null, db += Σ dy, for the units of `rows`; `xt` is what
    /// [`transpose`] made, dy is `[units][block]`. A product of outer products over the block's samples.
    pub fn backward_parameters(xt: *const f32, dy: *const f32, dw: *mut f32, db: *mut f32, inputs: usize, rows: Range<usize>) = backward_parameters_kernel
}

#[inline(always)]
unsafe fn backward_parameters_kernel<S: Simd>(
    xt: *const f32,
    dy: *const f32,
    dw: *mut f32,
    db: *mut f32,
    inputs: usize,
    rows: Range<usize>,
) {
    let block = 2 * S::LANES;
    if !db.is_null() {
        for row in rows.clone() {
            let dy = dy.add(row * block);
            *db.add(row) += S::sum(S::add(S::load(dy), S::load(dy.add(S::LANES))));
        }
    }
    tiles!(rows, |row| backward_parameters_tile::<S>(xt, dy.add(row * block), dw.add(row * inputs), inputs));
}

#[inline(always)]
unsafe fn backward_parameters_tile<S: Simd, const R: usize>(
    xt: *const f32,
    dy: *const f32,
    dw: *mut f32,
    inputs: usize,
) {
    let block = 2 * S::LANES;
    let width = inputs.next_multiple_of(block);
    let whole = inputs - inputs % block;
    for i in (0..whole).step_by(block) {
        let mut sums = tile::load::<S, R, 2>(dw.add(i), inputs);
        tile::multiply::<S, R, 2>(&mut sums, dy, block, 1, xt.add(i), width as isize, block);
        tile::store::<S, R, 2>(&sums, dw.add(i), inputs);
    }
    if whole < inputs {
        // The last columns do not fill a block: add them from a tile in memory.
        let mut sums = tile::splat::<S, R, 2>(None);
        tile::multiply::<S, R, 2>(&mut sums, dy, block, 1, xt.add(whole), width as isize, block);
        let mut rest = [0.0f32; 4 * 32];
        tile::store::<S, R, 2>(&sums, rest.as_mut_ptr(), 32);
        for r in 0..R {
            for i in whole..inputs {
                *dw.add(r * inputs + i) += rest[r * 32 + i - whole];
            }
        }
    }
}
