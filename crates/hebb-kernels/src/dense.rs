//! The fully connected layer on blocks of samples: y = W·x + b, with W `[units, inputs]` as in PyTorch.
//!
//! In large layers reading the weights is the bottleneck: a part of them, over a run of the inner dimension, fits into the
//! first cache, and is used for all blocks before the next part is read.

use super::tile::{self, ROWS, tiles};
use crate::simd::{MAX_BLOCK, Simd, on_level};
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

/// The tile so far: as stored by earlier runs, or at the start the values or zeros.
#[inline(always)]
unsafe fn begin<S: Simd, const R: usize>(
    start: usize,
    values: Option<*const f32>,
    stored: *const f32,
) -> tile::Tile<S::V, R, 2> {
    if start == 0 { tile::splat::<S, R, 2>(values) } else { tile::load::<S, R, 2>(stored, 2 * S::LANES) }
}

on_level! {
    /// y `[units][block]` = W·x + b for the units of `rows`; x is `[inputs][block]`, b may be null.
    pub fn forward(blocks: Blocks, w: *const f32, bias: *const f32, x: *const f32, y: *mut f32, inputs: usize, rows: Range<usize>) = forward_kernel
}

#[inline(always)]
unsafe fn forward_kernel<S: Simd>(
    blocks: Blocks,
    w: *const f32,
    bias: *const f32,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
    rows: Range<usize>,
) {
    let run = if blocks.count == 1 { inputs } else { RUN };
    for start in (0..inputs).step_by(run) {
        for i in 0..blocks.count {
            let (x, y) = (x.add(i * blocks.x), y.add(i * blocks.y));
            tiles!(rows.clone(), |row| forward_tile::<S>(
                w.add(row * inputs),
                (!bias.is_null()).then(|| bias.add(row)),
                x,
                y.add(row * 2 * S::LANES),
                inputs,
                start..inputs.min(start + run)
            ));
        }
    }
}

#[inline(always)]
unsafe fn forward_tile<S: Simd, const R: usize>(
    w: *const f32,
    bias: Option<*const f32>,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
    run: Range<usize>,
) {
    let block = 2 * S::LANES;
    let mut sums = begin::<S, R>(run.start, bias, y);
    let (w, x) = (w.add(run.start), x.add(run.start * block));
    tile::multiply::<S, R, 2>(&mut sums, w, inputs, 1, x, block as isize, run.len());
    tile::store::<S, R, 2>(&sums, y, block);
}

on_level! {
    /// y `[units][block]` += W·x + b, for one block and all units; x is `[inputs][block]`, b may be null.
    pub fn accumulate(w: *const f32, bias: *const f32, x: *const f32, y: *mut f32, inputs: usize, units: usize) = accumulate_kernel
}

#[inline(always)]
unsafe fn accumulate_kernel<S: Simd>(
    w: *const f32,
    bias: *const f32,
    x: *const f32,
    y: *mut f32,
    inputs: usize,
    units: usize,
) {
    let block = 2 * S::LANES;
    if !bias.is_null() {
        for unit in 0..units {
            for y in [y.add(unit * block), y.add(unit * block + S::LANES)] {
                S::store(y, S::add(S::load(y), S::splat(*bias.add(unit))));
            }
        }
    }
    tiles!(0..units, |row| accumulate_tile::<S>(
        w.add(row * inputs),
        inputs,
        1,
        x,
        y.add(row * block),
        inputs
    ));
}

on_level! {
    /// dx `[inputs][block]` += Wᵀ·dy, for one block and all inputs; dy is `[units][block]`.
    pub fn accumulate_input(w: *const f32, dy: *const f32, dx: *mut f32, inputs: usize, units: usize) = accumulate_input_kernel
}

#[inline(always)]
unsafe fn accumulate_input_kernel<S: Simd>(
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
    inputs: usize,
    units: usize,
) {
    tiles!(0..inputs, |row| accumulate_tile::<S>(
        w.add(row),
        1,
        inputs,
        dy,
        dx.add(row * 2 * S::LANES),
        units
    ));
}

/// R rows of y += W·x, over `size` rows of x; the weights of a row of y are `along` apart, those of the next row `across`.
#[inline(always)]
unsafe fn accumulate_tile<S: Simd, const R: usize>(
    w: *const f32,
    across: usize,
    along: usize,
    x: *const f32,
    y: *mut f32,
    size: usize,
) {
    let block = 2 * S::LANES;
    let mut sums = tile::load::<S, R, 2>(y, block);
    tile::multiply::<S, R, 2>(&mut sums, w, across, along, x, block as isize, size);
    tile::store::<S, R, 2>(&sums, y, block);
}

on_level! {
    /// dx `[inputs][block]` = Wᵀ·dy for the inputs of `rows`; dy is `[units][block]`.
    pub fn backward_input(blocks: Blocks, w: *const f32, dy: *const f32, dx: *mut f32, inputs: usize, units: usize, rows: Range<usize>) = backward_input_kernel
}

#[inline(always)]
unsafe fn backward_input_kernel<S: Simd>(
    blocks: Blocks,
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
    inputs: usize,
    units: usize,
    rows: Range<usize>,
) {
    let block = 2 * S::LANES;
    if blocks.count == 1 || rows.len() > PACKED {
        for i in 0..blocks.count {
            let (dy, dx) = (dy.add(i * blocks.y), dx.add(i * blocks.x));
            tiles!(rows.clone(), |row| backward_input_tile::<S>(
                w.add(row),
                inputs,
                dy,
                dx.add(row * block),
                0..units
            ));
        }
        return;
    }
    // In a column of W every element is in another page: elements that all blocks use are packed.
    let mut packed = [0.0f32; RUN * PACKED];
    for start in (0..units).step_by(RUN) {
        let run = start..units.min(start + RUN);
        for unit in run.clone() {
            for row in rows.clone() {
                packed[(unit - start) * PACKED + row - rows.start] = *w.add(unit * inputs + row);
            }
        }
        for i in 0..blocks.count {
            let (dy, dx) = (dy.add(i * blocks.y), dx.add(i * blocks.x));
            tiles!(rows.clone(), |row| backward_input_tile::<S>(
                packed.as_ptr().add(row - rows.start),
                PACKED,
                dy,
                dx.add(row * block),
                run.clone()
            ));
        }
    }
}

/// R inputs, from the weights of the units of `run`, whose rows are `step` apart.
#[inline(always)]
unsafe fn backward_input_tile<S: Simd, const R: usize>(
    w: *const f32,
    step: usize,
    dy: *const f32,
    dx: *mut f32,
    run: Range<usize>,
) {
    let block = 2 * S::LANES;
    let mut sums = begin::<S, R>(run.start, None, dx);
    tile::multiply::<S, R, 2>(&mut sums, w, 1, step, dy.add(run.start * block), block as isize, run.len());
    tile::store::<S, R, 2>(&sums, dx, block);
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
