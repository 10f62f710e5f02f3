//! The fully connected layer on blocks of samples: y = W·x + b, with W `[units, inputs]` as in PyTorch.
//!
//! In large layers reading the weights is the bottleneck: a part of them, over a run of the inner dimension, fits into the
//! first cache, and is used for all blocks before the next part is read.

use super::tile::{self, ROWS, Start, Weights, tiles};
use crate::simd::{Level, MAX_BLOCK, Simd, on_level};
use std::ops::Range;

/// Blocks that use the same weights: those of a batch, or the time steps of one. Distances are in floats.
#[derive(Clone, Copy, Debug)]
pub struct Blocks {
    /// Number of blocks.
    pub count: usize,
    /// From the inputs of a block to those of the next.
    pub x: usize,
    /// From its outputs to those of the next.
    pub y: usize,
    /// Samples per block. Every kernel knows it, but the compiler must not, because it would unroll the loop over them and V8
    /// would spill ([`tile`]).
    pub samples: usize,
}

/// Steps of the inner dimension at a time: 16 KiB for 16 rows of weights, 8 KiB for a block in WebAssembly.
const RUN: usize = 256;

/// Maximum rows of [`backward_input`], whose weights are packed.
const PACKED: usize = 16;

/// y `[units][block]` = W·x + b for the units of `rows`; x is `[inputs][block]`, b may be null.
///
/// # Safety
/// Buffers have these sizes, for all blocks.
pub unsafe fn forward(
    level: Level,
    blocks: Blocks,
    w: *const f32,
    bias: *const f32,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
    rows: Range<usize>,
) {
    let (run, block) = (if blocks.count == 1 { inputs } else { RUN }, level.block());
    let bias = if bias.is_null() { bias } else { bias.wrapping_add(rows.start) };
    for start in (0..inputs).step_by(run) {
        let a = Weights { at: w.wrapping_add(rows.start * inputs + start), row: inputs, step: 1 };
        let (len, begin) = (run.min(inputs - start), Start::of_run(start, bias));
        for i in 0..blocks.count {
            let x = x.wrapping_add(i * blocks.x + start * block);
            let y = y.wrapping_add(i * blocks.y + rows.start * block);
            // SAFETY: the caller's.
            unsafe { tile::product(level, a, x, len, begin, y, block, rows.len()) }
        }
    }
}

/// y `[units][block]` += W·x + b, for one block and all units; x is `[inputs][block]`, b may be null.
///
/// # Safety
/// Buffers have these sizes.
pub unsafe fn accumulate(
    level: Level,
    w: *const f32,
    bias: *const f32,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
    units: usize,
) {
    let a = Weights { at: w, row: inputs, step: 1 };
    // SAFETY: the caller's.
    unsafe {
        if !bias.is_null() {
            add_bias(level, bias, y, units);
        }
        tile::product(level, a, x, inputs, Start::Stored, y, level.block(), units);
    }
}

on_level! {
    fn add_bias(bias: *const f32, y: *mut f32, units: usize) = add_bias_kernel
}

#[inline(always)]
unsafe fn add_bias_kernel<S: Simd>(bias: *const f32, y: *mut f32, units: usize) {
    let block = 2 * S::LANES;
    for unit in 0..units {
        for y in [y.add(unit * block), y.add(unit * block + S::LANES)] {
            S::store(y, S::add(S::load(y), S::splat(*bias.add(unit))));
        }
    }
}

/// dx `[inputs][block]` += Wᵀ·dy, for one block and all inputs; dy is `[units][block]`.
///
/// # Safety
/// Buffers have these sizes.
pub unsafe fn accumulate_input(
    level: Level,
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
    inputs: usize,
    units: usize,
) {
    let a = Weights { at: w, row: 1, step: inputs };
    // SAFETY: the caller's.
    unsafe { tile::product(level, a, dy, units, Start::Stored, dx, level.block(), inputs) }
}

/// dx `[inputs][block]` = Wᵀ·dy for the inputs of `rows`; dy is `[units][block]`.
///
/// # Safety
/// Buffers have these sizes, for all blocks.
pub unsafe fn backward_input(
    level: Level,
    blocks: Blocks,
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
    inputs: usize,
    units: usize,
    rows: Range<usize>,
) {
    let block = level.block();
    let multiply = |a: Weights, run: Range<usize>| {
        for i in 0..blocks.count {
            let dy = dy.wrapping_add(i * blocks.y + run.start * block);
            let dx = dx.wrapping_add(i * blocks.x + rows.start * block);
            let begin = Start::of_run(run.start, std::ptr::null());
            // SAFETY: the caller's.
            unsafe { tile::product(level, a, dy, run.len(), begin, dx, block, rows.len()) }
        }
    };
    if blocks.count == 1 || rows.len() > PACKED {
        return multiply(Weights { at: w.wrapping_add(rows.start), row: 1, step: inputs }, 0..units);
    }
    // In a column of W every element is in another page: elements that all blocks use are packed.
    let mut packed = [0.0f32; RUN * PACKED];
    for start in (0..units).step_by(RUN) {
        let run = start..units.min(start + RUN);
        for unit in run.clone() {
            for row in rows.clone() {
                // SAFETY: the caller's.
                packed[(unit - start) * PACKED + row - rows.start] = unsafe { *w.add(unit * inputs + row) };
            }
        }
        multiply(Weights { at: packed.as_ptr(), row: 1, step: PACKED }, run);
    }
}

/// The rows of scratch for [`backward_parameters`]: x transposed, filled up to blocks.
pub fn scratch(inputs: usize, block: usize) -> usize {
    inputs.next_multiple_of(block)
}

on_level! {
    /// x `[inputs][block]` with each `[block inputs][block samples]` transposed; missing inputs are zeros.
    pub fn transpose(x: *const f32, xt: *mut f32, inputs: usize) = transpose_kernel
}

#[inline(always)]
unsafe fn transpose_kernel<S: Simd>(x: *const f32, xt: *mut f32, inputs: usize) {
    let block = 2 * S::LANES;
    for first in (0..inputs).step_by(block) {
        for lane in 0..block {
            for i in 0..block {
                let value = if first + i < inputs { *x.add((first + i) * block + lane) } else { 0.0 };
                *xt.add((first + lane) * block + i) = value;
            }
        }
    }
}

on_level! {
    /// dW `[units, inputs]` += dy·xᵀ and, unless null, db += Σ dy, for the units of `rows`; `xt` is the result of
    /// [`transpose`], dy is `[units][block]`. Outer products, summed over all samples.
    pub fn backward_parameters(blocks: Blocks, xt: *const f32, dy: *const f32, dw: *mut f32, db: *mut f32, inputs: usize, rows: Range<usize>) = backward_parameters_kernel
}

#[inline(always)]
unsafe fn backward_parameters_kernel<S: Simd>(
    blocks: Blocks,
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
            for i in 0..blocks.count {
                let dy = dy.add(i * blocks.y + row * block);
                *db.add(row) += S::sum(S::add(S::load(dy), S::load(dy.add(S::LANES))));
            }
        }
    }
    for first in (0..inputs).step_by(block) {
        tiles!(rows.clone(), |row| backward_parameters_tile::<S>(
            blocks,
            xt.add(first * block),
            dy.add(row * block),
            dw.add(row * inputs + first),
            inputs,
            block.min(inputs - first)
        ));
    }
}

/// R units × one block of inputs, of which `width` exist.
#[inline(always)]
unsafe fn backward_parameters_tile<S: Simd, const R: usize>(
    blocks: Blocks,
    xt: *const f32,
    dy: *const f32,
    dw: *mut f32,
    inputs: usize,
    width: usize,
) {
    let block = 2 * S::LANES;
    let whole = width == block;
    let mut sums = if whole { tile::load::<S, R, 2>(dw, inputs) } else { tile::splat::<S, R, 2>(None) };
    for i in 0..blocks.count {
        let (xt, dy) = (xt.add(i * blocks.x), dy.add(i * blocks.y));
        tile::multiply::<S, R, 2>(&mut sums, dy, block, 1, xt, block as isize, blocks.samples);
    }
    if whole {
        tile::store::<S, R, 2>(&sums, dw, inputs);
        return;
    }
    // The last inputs do not fill a block: they are added from a tile in memory.
    let mut rest = [0.0f32; ROWS * MAX_BLOCK];
    tile::store::<S, R, 2>(&sums, rest.as_mut_ptr(), MAX_BLOCK);
    for r in 0..R {
        for i in 0..width {
            *dw.add(r * inputs + i) += rest[r * MAX_BLOCK + i];
        }
    }
}
