//! The maps of blocks of samples: from x to V, from M to y, from dy to dM.

use super::transform::{POINTS, both, collect, evaluate, window};
use super::{Sizes, Winograd};
use crate::simd::{Simd, on_level};
use std::ops::Range;

/// Where a tile of `size` × `size` values begins in an image with `before` zeros before it, and which of its rows and columns are
/// inside.
pub(super) struct Patch {
    /// In positions; wrapped if it begins before the image.
    pub start: usize,
    pub rows: Range<usize>,
    pub columns: Range<usize>,
}

impl Patch {
    #[inline(always)]
    pub fn new(at: [usize; 2], size: usize, before: [usize; 2], image: [usize; 2]) -> Self {
        let inside = |d: usize| {
            let low = before[d].saturating_sub(at[d]).min(size);
            low..(image[d] + before[d]).saturating_sub(at[d]).min(size).max(low)
        };
        let [h, w] = [0, 1].map(|d| at[d].wrapping_sub(before[d]));
        Self { start: h.wrapping_mul(image[1]).wrapping_add(w), rows: inside(0), columns: inside(1) }
    }

    #[inline(always)]
    pub fn has(&self, i: usize, j: usize) -> bool {
        self.rows.contains(&i) & self.columns.contains(&j)
    }

    /// Whether all of it is inside.
    #[inline(always)]
    pub fn is_whole(&self, size: usize) -> bool {
        self.rows.len() == size && self.columns.len() == size
    }
}

on_level! {
    /// V of some channels and tiles, `steps` floats from channel to channel and from tile to tile.
    pub(super) fn transform_input(t: &Winograd, n: &Sizes, x: *const f32, channels: Range<usize>, tiles: Range<usize>, steps: [usize; 2], v: *mut f32) = transform_input_kernel
}

#[inline(always)]
unsafe fn transform_input_kernel<S: Simd>(
    t: &Winograd,
    n: &Sizes,
    x: *const f32,
    channels: Range<usize>,
    tiles: Range<usize>,
    steps: [usize; 2],
    v: *mut f32,
) {
    let (g, block, side) = (&t.g, 2 * S::LANES, t.side());
    let point = n.v(block);
    for tile in tiles.clone() {
        let at = [tile / t.tiles[1] * side, tile % t.tiles[1] * side];
        let patch = Patch::new(at, POINTS, g.padding, g.input);
        let whole = patch.is_whole(POINTS);
        for channel in channels.clone() {
            let plane = channel * g.input[0] * g.input[1];
            let to = v.add((channel - channels.start) * steps[0] + (tile - tiles.start) * steps[1]);
            for half in [0, S::LANES] {
                let x = x.wrapping_add(plane.wrapping_add(patch.start).wrapping_mul(block) + half);
                let read = |i: usize, j: usize| S::load(x.wrapping_add((i * g.input[1] + j) * block));
                let store =
                    |i: usize, j: usize, value| S::store(to.add((i * POINTS + j) * point + half), value);
                if whole {
                    both::<S, POINTS, POINTS>(|d| window::<S>(d), read, store);
                } else {
                    let read = |i: usize, j: usize| if patch.has(i, j) { read(i, j) } else { S::splat(0.0) };
                    both::<S, POINTS, POINTS>(|d| window::<S>(d), read, store);
                }
            }
        }
    }
}

on_level! {
    /// y of some filters and tiles, from M; the bias may be null.
    pub(super) fn transform_output(t: &Winograd, n: &Sizes, m: *const f32, bias: *const f32, y: *mut f32, rows: Range<usize>, tiles: Range<usize>) = transform_output_kernel
}

#[inline(always)]
unsafe fn transform_output_kernel<S: Simd>(
    t: &Winograd,
    n: &Sizes,
    m: *const f32,
    bias: *const f32,
    y: *mut f32,
    rows: Range<usize>,
    tiles: Range<usize>,
) {
    by_kernel!(t, transform_output_of::<S>(t, n, m, bias, y, rows, tiles));
}

#[inline(always)]
unsafe fn transform_output_of<S: Simd, const K: usize, const SIDE: usize>(
    t: &Winograd,
    n: &Sizes,
    m: *const f32,
    bias: *const f32,
    y: *mut f32,
    rows: Range<usize>,
    tiles: Range<usize>,
) {
    let (g, block) = (&t.g, 2 * S::LANES);
    for row in rows.clone() {
        let bias = S::splat(if bias.is_null() { 0.0 } else { *bias.add(row) });
        for tile in tiles.clone() {
            let at = [tile / t.tiles[1] * SIDE, tile % t.tiles[1] * SIDE];
            let patch = Patch::new(at, SIDE, [0, 0], g.output);
            for half in [0, S::LANES] {
                let m = m.add(((row - rows.start) * n.columns + tile - tiles.start) * block + half);
                let y = y.add((row * g.output[0] * g.output[1] + patch.start) * block + half);
                both::<S, POINTS, SIDE>(
                    |m| collect::<S, SIDE>(m),
                    |i, j| S::load(m.add((i * POINTS + j) * n.m(block))),
                    |i, j, value| {
                        if patch.has(i, j) {
                            S::store(y.add((i * g.output[1] + j) * block), S::add(value, bias));
                        }
                    },
                );
            }
        }
    }
}

on_level! {
    /// dM of some filters and tiles.
    pub(super) fn transform_gradient(t: &Winograd, n: &Sizes, dy: *const f32, rows: Range<usize>, tiles: Range<usize>, dm: *mut f32) = transform_gradient_kernel
}

#[inline(always)]
unsafe fn transform_gradient_kernel<S: Simd>(
    t: &Winograd,
    n: &Sizes,
    dy: *const f32,
    rows: Range<usize>,
    tiles: Range<usize>,
    dm: *mut f32,
) {
    by_kernel!(t, transform_gradient_of::<S>(t, n, dy, rows, tiles, dm));
}

#[inline(always)]
unsafe fn transform_gradient_of<S: Simd, const K: usize, const SIDE: usize>(
    t: &Winograd,
    n: &Sizes,
    dy: *const f32,
    rows: Range<usize>,
    tiles: Range<usize>,
    dm: *mut f32,
) {
    let (g, block) = (&t.g, 2 * S::LANES);
    for row in 0..n.rows {
        let filter = (rows.start + row).min(rows.end - 1);
        for tile in tiles.clone() {
            let at = [tile / t.tiles[1] * SIDE, tile % t.tiles[1] * SIDE];
            let patch = Patch::new(at, SIDE, [0, 0], g.output);
            for half in [0, S::LANES] {
                let dm = dm.add((row * n.columns + tile - tiles.start) * block + half);
                let dy = dy.add((filter * g.output[0] * g.output[1] + patch.start) * block + half);
                both::<S, SIDE, POINTS>(
                    |c| evaluate::<S, SIDE>(c),
                    |i, j| {
                        if patch.has(i, j) {
                            S::load(dy.add((i * g.output[1] + j) * block))
                        } else {
                            S::splat(0.0)
                        }
                    },
                    |i, j, value| S::store(dm.add((i * POINTS + j) * n.m(block)), value),
                );
            }
        }
    }
}

on_level! {
    /// db of some filters += the sum of dy, which is dM at the point (1, 1).
    pub(super) fn add_biases(n: &Sizes, rows: usize, dm: *const f32, db: *mut f32) = add_biases_kernel
}

#[inline(always)]
unsafe fn add_biases_kernel<S: Simd>(n: &Sizes, rows: usize, dm: *const f32, db: *mut f32) {
    let block = 2 * S::LANES;
    let dm = dm.add((POINTS + 1) * n.m(block));
    for row in 0..rows {
        let mut sum = S::splat(0.0);
        for at in (0..n.columns * block).step_by(S::LANES) {
            sum = S::add(sum, S::load(dm.add(row * n.columns * block + at)));
        }
        *db.add(row) += S::sum(sum);
    }
}
