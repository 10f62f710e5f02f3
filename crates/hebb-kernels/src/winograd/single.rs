//! The convolution of a single sample, for inference. Its weights are transformed once, and the lanes of a product are filters, so
//! that they are read once. The order of each sum is the same as in blocks.
//!
//! ```text
//! x, padded ──window──► V[point][channel][tile]  ┐
//!                                                ├─► M[point][tile][filter] ──collect──► y
//! w ────────evaluate──► U[part][point][panel][channel][lane]
//! ```

use super::blocks::Patch;
use super::product::CHANNELS;
use super::transform::{PLANES, POINTS, both, collect, window};
use super::weights::transform_weights;
use super::{APART, Sizes, Winograd, ranges};
use crate::simd::{Level, MAX_BLOCK, Simd, on_level};
use crate::tile::{self, Start, Weights};
use std::ops::Range;

/// The filters of a part: whole panels of any back end. A panel is two vectors.
const FILTERS: usize = MAX_BLOCK;

/// The channels of a part of the input's map.
const INPUTS: usize = 16;

/// Tiles at a time, so that their M stays in the cache.
const TILES: usize = 64;

/// The number of parts of [`forward`], and of [`pack`].
pub fn parts(t: &Winograd) -> usize {
    t.g.filters.div_ceil(FILTERS)
}

/// The number of parts of [`prepare`].
pub fn input_parts(t: &Winograd) -> usize {
    t.g.channels.div_ceil(INPUTS)
}

fn rows(t: &Winograd, part: usize) -> Range<usize> {
    part * FILTERS..t.g.filters.min((part + 1) * FILTERS)
}

/// Floats of the packed weights.
pub fn packed(t: &Winograd) -> usize {
    parts(t) * FILTERS * t.g.channels * PLANES
}

/// Floats of scratch that a part needs.
pub fn scratch(t: &Winograd) -> usize {
    let u = Sizes::new(FILTERS, CHANNELS, 0).u();
    PLANES * u.max(point_m(t))
}

/// Floats from a point of M to the next.
fn point_m(t: &Winograd) -> usize {
    TILES.min(t.tiles[0] * t.tiles[1]) * FILTERS + APART
}

/// The tiles of a row in whole vectors.
fn row_of_tiles(t: &Winograd, lanes: usize) -> usize {
    t.tiles[1].next_multiple_of(lanes)
}

/// Floats from a channel of V to the next: the last row may end with a vector that is not full.
fn channel_v(t: &Winograd, lanes: usize) -> usize {
    (t.tiles[0] - 1) * t.tiles[1] + row_of_tiles(t, lanes)
}

/// Floats from a point of V to the next.
fn point_v(t: &Winograd, lanes: usize) -> usize {
    t.g.channels * channel_v(t, lanes) + APART
}

/// Height and width of an image with its zeros, for all tiles of whole vectors.
fn padded(t: &Winograd, lanes: usize) -> [usize; 2] {
    let rest = POINTS - t.side();
    [t.tiles[0] * t.side() + rest, row_of_tiles(t, lanes) * t.side() + rest]
}

/// Floats from the image of a channel to the next: columns are read four at a time, eight instead of six.
fn channel_image(t: &Winograd, lanes: usize) -> usize {
    padded(t, lanes).iter().product::<usize>() + 2
}

/// Floats of the padded input and of V, for blocks of this many samples.
pub fn sizes(t: &Winograd, block: usize) -> [usize; 2] {
    [t.g.channels * channel_image(t, block / 2), PLANES * point_v(t, block / 2)]
}

/// Packs the weights w of a part.
///
/// # Safety
/// The window gives all sizes, [`packed`] that of `packed`, and [`scratch`] that of the scratch.
pub unsafe fn pack(
    t: &Winograd,
    level: Level,
    part: usize,
    w: *const f32,
    packed: *mut f32,
    scratch: *mut f32,
) {
    let (rows, block, taps) = (rows(t, part), level.block(), t.g.kernel[0] * t.g.kernel[1]);
    for channels in ranges(t.g.channels, CHANNELS) {
        let n = Sizes::new(rows.len(), channels.len(), 0);
        let from = w.wrapping_add((rows.start * t.g.channels + channels.start) * taps);
        // SAFETY: the caller's; rows beyond the last are those of zeros.
        unsafe {
            transform_weights(level, t, &n, rows.len(), from, t.strides(), scratch);
            for (point, panel) in
                (0..PLANES).flat_map(|point| (0..FILTERS).step_by(block).map(move |panel| (point, panel)))
            {
                let to = packed.add(((part * PLANES + point) * FILTERS + panel) * t.g.channels);
                for (c, lane) in (0..n.channels).flat_map(|c| (0..block).map(move |lane| (c, lane))) {
                    let row = panel + lane;
                    let value = scratch.add(point * n.u() + row * CHANNELS + c);
                    *to.add((channels.start + c) * block + lane) =
                        if row < rows.len() { *value } else { 0.0 };
                }
            }
        }
    }
}

/// V of a part of the channels of x `[C][H][W]`.
///
/// # Safety
/// The window gives all sizes, and [`sizes`] those of `image` and `v`.
pub unsafe fn prepare(t: &Winograd, level: Level, part: usize, x: *const f32, image: *mut f32, v: *mut f32) {
    let channels = part * INPUTS..t.g.channels.min((part + 1) * INPUTS);
    // SAFETY: the caller's; a part has its own channels.
    unsafe {
        pad(t, level.block(), x, image, channels.clone());
        transform_input(level, t, image, v, channels);
    }
}

/// Puts zeros around some channels of x.
unsafe fn pad(t: &Winograd, block: usize, x: *const f32, image: *mut f32, channels: Range<usize>) {
    let ([height, width], [top, left]) = (t.g.input, t.g.padding);
    let ([rows, row], size) = (padded(t, block / 2), channel_image(t, block / 2));
    // SAFETY: the caller's; what a padded image holds of the input, and no more.
    unsafe {
        image.add(channels.start * size).write_bytes(0, channels.len() * size);
        for c in channels {
            for h in 0..height.min(rows - top) {
                let to = image.add(c * size + (h + top) * row + left);
                to.copy_from_nonoverlapping(x.add((c * height + h) * width), width.min(row - left));
            }
        }
    }
}

on_level! {
    fn transform_input(t: &Winograd, image: *const f32, v: *mut f32, channels: Range<usize>) = transform_input_kernel
}

/// The lanes are neighbouring tiles of a row. What a vector writes beyond its row, the next one overwrites.
#[inline(always)]
unsafe fn transform_input_kernel<S: Simd>(
    t: &Winograd,
    image: *const f32,
    v: *mut f32,
    channels: Range<usize>,
) {
    let ([_, row], side, point) = (padded(t, S::LANES), t.side(), point_v(t, S::LANES));
    for channel in channels {
        for y in 0..t.tiles[0] {
            for first in (0..t.tiles[1]).step_by(S::LANES) {
                let x = image.add(channel * channel_image(t, S::LANES) + y * side * row + first * side);
                let to = v.add(channel * channel_v(t, S::LANES) + y * t.tiles[1] + first);
                let mut d = [[S::splat(0.0); POINTS]; POINTS];
                for i in 0..POINTS {
                    let [a, b, c, d4] = S::columns(x.add(i * row), side);
                    let [e, f, ..] = S::columns(x.add(i * row + 4), side);
                    d[i] = [a, b, c, d4, e, f];
                }
                both::<S, POINTS, POINTS>(
                    |d| window::<S>(d),
                    |i, j| d[i][j],
                    |i, j, value| S::store(to.add((i * POINTS + j) * point), value),
                );
            }
        }
    }
}

/// y `[F][OH][OW]` of a part of the filters, from V and the packed weights; b may be null.
///
/// # Safety
/// The window gives all sizes, [`scratch`] that of the scratch.
pub unsafe fn forward(
    t: &Winograd,
    level: Level,
    part: usize,
    packed: *const f32,
    bias: *const f32,
    v: *const f32,
    y: *mut f32,
    scratch: *mut f32,
) {
    let rows = rows(t, part);
    let u = packed.wrapping_add(part * PLANES * FILTERS * t.g.channels);
    for tiles in ranges(t.tiles[0] * t.tiles[1], TILES) {
        // SAFETY: the caller's.
        unsafe {
            multiply(level, t, u, v, scratch, rows.len(), tiles.clone());
            transform_output(level, t, scratch, bias, y, rows.clone(), tiles);
        }
    }
}

/// M = V·U at every point.
unsafe fn multiply(
    level: Level,
    t: &Winograd,
    u: *const f32,
    v: *const f32,
    m: *mut f32,
    rows: usize,
    tiles: Range<usize>,
) {
    let (channels, block) = (t.g.channels, level.block());
    for point in 0..PLANES {
        let (at, m) =
            (v.wrapping_add(point * point_v(t, block / 2) + tiles.start), m.wrapping_add(point * point_m(t)));
        let a = Weights { at, row: 1, step: channel_v(t, block / 2) };
        for panel in (0..rows).step_by(block) {
            let u = u.wrapping_add((point * FILTERS + panel) * channels);
            let zeros = Start::Values(std::ptr::null());
            // SAFETY: the caller's.
            unsafe { tile::product(level, a, u, channels, zeros, m.add(panel), FILTERS, tiles.len()) }
        }
    }
}

on_level! {
    /// y of some filters and tiles, from M.
    fn transform_output(t: &Winograd, m: *const f32, bias: *const f32, y: *mut f32, rows: Range<usize>, tiles: Range<usize>) = transform_output_kernel
}

#[inline(always)]
unsafe fn transform_output_kernel<S: Simd>(
    t: &Winograd,
    m: *const f32,
    bias: *const f32,
    y: *mut f32,
    rows: Range<usize>,
    tiles: Range<usize>,
) {
    by_kernel!(t, transform_output_of::<S>(t, m, bias, y, rows, tiles));
}

#[inline(always)]
unsafe fn transform_output_of<S: Simd, const K: usize, const SIDE: usize>(
    t: &Winograd,
    m: *const f32,
    bias: *const f32,
    y: *mut f32,
    rows: Range<usize>,
    tiles: Range<usize>,
) {
    let (g, point) = (&t.g, point_m(t));
    let mut biases = [0.0f32; FILTERS];
    if !bias.is_null() {
        biases.as_mut_ptr().copy_from_nonoverlapping(bias.add(rows.start), rows.len());
    }
    let mut lanes = [0.0f32; 16 * 16];
    let into = lanes.as_mut_ptr();
    for tile in tiles.clone() {
        let at = [tile / t.tiles[1] * SIDE, tile % t.tiles[1] * SIDE];
        let patch = Patch::new(at, SIDE, [0, 0], g.output);
        for first in (0..rows.len()).step_by(S::LANES) {
            let m = m.add((tile - tiles.start) * FILTERS + first);
            let bias = S::load(biases.as_ptr().add(first));
            both::<S, POINTS, SIDE>(
                |m| collect::<S, SIDE>(m),
                |i, j| S::load(m.add((i * POINTS + j) * point)),
                |i, j, value| S::store(into.add((i * SIDE + j) * 16), S::add(value, bias)),
            );
            for lane in 0..S::LANES.min(rows.len() - first) {
                let y = y.add((rows.start + first + lane) * g.output[0] * g.output[1] + patch.start);
                for i in patch.rows.clone() {
                    for j in patch.columns.clone() {
                        *y.add(i * g.output[1] + j) = *into.add((i * SIDE + j) * 16 + lane);
                    }
                }
            }
        }
    }
}
