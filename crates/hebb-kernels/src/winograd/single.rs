//! The maps for a single sample, for inference: the lanes of a vector are neighbouring tiles of a row. The order of each sum is the
//! same as in blocks.

use super::blocks::Patch;
use super::transform::{POINTS, both, collect, window};
use super::{Sizes, Winograd};
use crate::simd::{Simd, on_level};
use std::ops::Range;

/// Vectors of this many tiles in a row.
fn vectors(t: &Winograd, lanes: usize) -> usize {
    t.tiles[1].div_ceil(lanes)
}

/// The columns of all tiles, two vectors each.
pub(super) fn columns(t: &Winograd, block: usize) -> usize {
    (t.tiles[0] * vectors(t, block / 2)).div_ceil(2)
}

/// Height and width of an image with its zeros, for all tiles of whole vectors.
fn padded(t: &Winograd, lanes: usize) -> [usize; 2] {
    let rest = POINTS - t.side();
    [t.tiles[0] * t.side() + rest, vectors(t, lanes) * lanes * t.side() + rest]
}

/// Floats of a padded image, for blocks of this many samples.
pub fn size(t: &Winograd, block: usize) -> usize {
    t.g.channels * padded(t, block / 2).iter().product::<usize>()
}

/// Puts zeros around x `[C][H][W]`.
///
/// # Safety
/// x has the size that the window gives it, and [`size`] that of `out`.
pub unsafe fn pad(t: &Winograd, block: usize, x: *const f32, out: *mut f32) {
    let ([height, width], [top, left]) = (t.g.input, t.g.padding);
    let [rows, row] = padded(t, block / 2);
    // SAFETY: the caller's; what a padded image holds of the input, and no more.
    unsafe {
        out.write_bytes(0, size(t, block));
        for c in 0..t.g.channels {
            for h in 0..height.min(rows - top) {
                let to = out.add((c * rows + h + top) * row + left);
                to.copy_from_nonoverlapping(x.add((c * height + h) * width), width.min(row - left));
            }
        }
    }
}

/// Row and first column of the tiles of a vector; beyond the last vector those of the last one.
fn place(t: &Winograd, vector: usize, lanes: usize) -> [usize; 2] {
    let vectors = vectors(t, lanes);
    let vector = vector.min(t.tiles[0] * vectors - 1);
    [vector / vectors, vector % vectors * lanes]
}

on_level! {
    /// V of some channels and columns, `[columns][channels]`.
    pub(super) fn transform_input(t: &Winograd, n: &Sizes, x: *const f32, channels: Range<usize>, columns: Range<usize>, v: *mut f32) = transform_input_kernel
}

#[inline(always)]
unsafe fn transform_input_kernel<S: Simd>(
    t: &Winograd,
    n: &Sizes,
    x: *const f32,
    channels: Range<usize>,
    columns: Range<usize>,
    v: *mut f32,
) {
    let (block, side, [rows, row]) = (2 * S::LANES, t.side(), padded(t, S::LANES));
    let point = n.v(block);
    for vector in 2 * columns.start..2 * columns.end {
        let [y, first] = place(t, vector, S::LANES);
        for channel in channels.clone() {
            let x = x.add(((channel * rows) + y * side) * row + first * side);
            let column = (vector / 2 - columns.start) * n.channels + channel - channels.start;
            let to = v.add(column * block + vector % 2 * S::LANES);
            both::<S, POINTS, POINTS>(
                |d| window::<S>(d),
                |i, j| S::gather(x.add(i * row + j), side),
                |i, j, value| S::store(to.add((i * POINTS + j) * point), value),
            );
        }
    }
}

on_level! {
    /// y of some filters and columns, from M; the bias may be null.
    pub(super) fn transform_output(t: &Winograd, n: &Sizes, m: *const f32, bias: *const f32, y: *mut f32, rows: Range<usize>, columns: Range<usize>) = transform_output_kernel
}

#[inline(always)]
unsafe fn transform_output_kernel<S: Simd>(
    t: &Winograd,
    n: &Sizes,
    m: *const f32,
    bias: *const f32,
    y: *mut f32,
    rows: Range<usize>,
    columns: Range<usize>,
) {
    by_kernel!(t, transform_output_of::<S>(t, n, m, bias, y, rows, columns));
}

#[inline(always)]
unsafe fn transform_output_of<S: Simd, const K: usize, const SIDE: usize>(
    t: &Winograd,
    n: &Sizes,
    m: *const f32,
    bias: *const f32,
    y: *mut f32,
    rows: Range<usize>,
    columns: Range<usize>,
) {
    let (g, block) = (&t.g, 2 * S::LANES);
    let mut lanes = [0.0f32; 16 * 16];
    let into = lanes.as_mut_ptr();
    for row in rows.clone() {
        let bias = S::splat(if bias.is_null() { 0.0 } else { *bias.add(row) });
        for vector in 2 * columns.start..2 * columns.end {
            let [h, first] = place(t, vector, S::LANES);
            let column = (row - rows.start) * n.columns + vector / 2 - columns.start;
            let m = m.add(column * block + vector % 2 * S::LANES);
            both::<S, POINTS, SIDE>(
                |m| collect::<S, SIDE>(m),
                |i, j| S::load(m.add((i * POINTS + j) * n.m(block))),
                |i, j, value| S::store(into.add((i * SIDE + j) * 16), S::add(value, bias)),
            );
            for lane in 0..S::LANES.min(t.tiles[1] - first) {
                let patch = Patch::new([h * SIDE, (first + lane) * SIDE], SIDE, [0, 0], g.output);
                let y = y.add(row * g.output[0] * g.output[1] + patch.start);
                for i in patch.rows.clone() {
                    for j in patch.columns.clone() {
                        *y.add(i * g.output[1] + j) = *into.add((i * SIDE + j) * 16 + lane);
                    }
                }
            }
        }
    }
}
