//! Layers on a block of a single sample, for inference: here the lanes of a vector are neighbouring pixels, or steps
//! of a sum, for the block's other lanes hold nothing.

use super::skinny;
use super::tile::{self, tiles};
use super::window::{LISTED, Window};
use crate::simd::{Level, Simd, on_level};
use std::ops::Range;

/// The floats that [`dense`] wants as scratch.
pub fn dense_scratch(inputs: usize, units: usize) -> usize {
    inputs + units
}

/// Gathers the sample of x `[inputs][block]`, as [`dense`] reads it.
///
/// # Safety
/// x and the scratch have these sizes.
pub unsafe fn gather(block: usize, x: *const f32, scratch: *mut f32, inputs: usize) {
    for i in 0..inputs {
        // SAFETY: the caller's.
        unsafe { *scratch.add(i) = *x.add(i * block) };
    }
}

/// The sample of y `[units][block]` = W·x + b for the units of `rows`, x being gathered in the scratch; b may be null.
///
/// # Safety
/// All have the sizes that inputs and the units of `rows` give them.
pub unsafe fn dense(
    level: Level,
    w: *const f32,
    bias: *const f32,
    scratch: *mut f32,
    y: *mut f32,
    inputs: usize,
    rows: Range<usize>,
) {
    let products = scratch.wrapping_add(inputs);
    // SAFETY: the caller's.
    unsafe {
        skinny::dot_columns(level, [1, inputs, 0, inputs], scratch, w, products, rows.clone());
        for row in rows {
            let bias = if bias.is_null() { 0.0 } else { *bias.add(row) };
            *y.add(row * level.block()) = *products.add(row) + bias;
        }
    }
}

/// An image cut into planes: of each channel one for every step of a stride, in which neighbouring outputs read
/// neighbouring pixels. Planes are padded, so that outputs can be computed in a row from end to end: those between
/// the rows are dropped.
struct Planes {
    height: usize,
    width: usize,
}

impl Planes {
    fn of(g: &Window) -> Self {
        let [height, width] = [0, 1].map(|d| (g.padding[d] + g.input[d] + g.end[d]).div_ceil(g.stride[d]));
        Self { height, width }
    }

    fn size(&self) -> usize {
        self.height * self.width
    }

    /// The planes of a channel.
    fn channel(&self, g: &Window) -> usize {
        self.size() * g.stride[0] * g.stride[1]
    }
}

/// The floats of a group's channels in planes.
pub fn planes(g: &Window) -> usize {
    g.channels * Planes::of(g).channel(g)
}

/// What [`conv2d`] may read behind the last plane: the longest tile, whose last outputs are dropped.
pub const BEYOND: usize = 64;

/// Whether a convolution has a kernel for single samples: large paddings, strides and filters have none.
pub fn has_conv2d(g: &Window) -> bool {
    let padded = |d: usize| g.padding[d] + g.input[d] + g.end[d];
    (0..2).all(|d| g.stride[d] <= g.kernel[d] && padded(d) <= 4 * g.input[d].max(g.kernel[d]))
        && g.channels.saturating_mul(g.kernel[0]).saturating_mul(g.kernel[1]) <= LISTED
}

/// Cuts the sample of a group's x `[C][H][W][block]` into planes.
///
/// # Safety
/// x has the size that the window gives it, and [`planes`] that of `out`.
pub unsafe fn cut(g: &Window, block: usize, x: *const f32, out: *mut f32) {
    let planes = Planes::of(g);
    // SAFETY: the caller's; padding and input together are what the planes hold.
    unsafe {
        out.write_bytes(0, g.channels * planes.channel(g));
        for h in 0..g.input[0] {
            let at = h + g.padding[0];
            let (row, phase) = (at / g.stride[0], at % g.stride[0]);
            let (mut column, mut side) = (g.padding[1] / g.stride[1], g.padding[1] % g.stride[1]);
            for v in 0..g.input[1] {
                let to = (phase * g.stride[1] + side) * planes.size() + row * planes.width + column;
                for c in 0..g.channels {
                    let from = ((c * g.input[0] + h) * g.input[1] + v) * block;
                    *out.add(c * planes.channel(g) + to) = *x.add(from);
                }
                side += 1;
                if side == g.stride[1] {
                    (column, side) = (column + 1, 0);
                }
            }
        }
    }
}

/// Where the weights of a filter find their pixels in the planes, behind an output's own place.
pub fn offsets(g: &Window) -> Vec<u32> {
    let planes = Planes::of(g);
    let [kh, kw] = g.kernel;
    let place = |t: usize| {
        let (c, i, j) = (t / (kh * kw), t / kw % kh * g.dilation[0], t % kw * g.dilation[1]);
        let (phase, row) = (i % g.stride[0], i / g.stride[0]);
        let (side, column) = (j % g.stride[1], j / g.stride[1]);
        let plane = (c * g.stride[0] + phase) * g.stride[1] + side;
        plane * planes.size() + row * planes.width + column
    };
    (0..g.channels * kh * kw).map(|t| place(t) as u32).collect()
}

on_level! {
    /// The sample of y = w ∗ x + b for the filters of `rows`; x is in planes, o its [`offsets`], b may be null.
    pub fn conv2d(g: &Window, o: &[u32], w: *const f32, bias: *const f32, x: *const f32, y: *mut f32, rows: Range<usize>) = conv2d_kernel
}

#[inline(always)]
unsafe fn conv2d_kernel<S: Simd>(
    g: &Window,
    o: &[u32],
    w: *const f32,
    bias: *const f32,
    x: *const f32,
    y: *mut f32,
    rows: Range<usize>,
) {
    let filter = g.channels * g.kernel[0] * g.kernel[1];
    let plane = g.output[0] * g.output[1] * 2 * S::LANES;
    tiles!(rows, |row| conv2d_tile::<S>(
        g,
        o,
        w.add(row * filter),
        (!bias.is_null()).then(|| bias.add(row)),
        x,
        y.add(row * plane)
    ));
}

#[inline(always)]
unsafe fn conv2d_tile<S: Simd, const R: usize>(
    g: &Window,
    o: &[u32],
    w: *const f32,
    bias: Option<*const f32>,
    x: *const f32,
    y: *mut f32,
) {
    // As many accumulators with few rows as with many.
    if R <= 2 { outputs::<S, R, 4>(g, o, w, bias, x, y) } else { outputs::<S, R, 2>(g, o, w, bias, x, y) }
}

/// R filters, C vectors of outputs at a time.
#[inline(always)]
unsafe fn outputs<S: Simd, const R: usize, const C: usize>(
    g: &Window,
    o: &[u32],
    w: *const f32,
    bias: Option<*const f32>,
    x: *const f32,
    y: *mut f32,
) {
    let planes = Planes::of(g);
    let plane = g.output[0] * g.output[1] * 2 * S::LANES;
    let mut tile = [0.0f32; 4 * BEYOND];
    let (mut oh, mut ow) = (0, 0);
    for first in (0..(g.output[0] - 1) * planes.width + g.output[1]).step_by(C * S::LANES) {
        let mut sums = tile::splat::<S, R, C>(bias);
        tile::multiply_at::<S, R, C>(&mut sums, w, o.len(), x.add(first), 1, o.as_ptr(), o.len());
        tile::store::<S, R, C>(&sums, tile.as_mut_ptr(), BEYOND);
        for at in 0..C * S::LANES {
            if oh < g.output[0] && ow < g.output[1] {
                for r in 0..R {
                    *y.add(r * plane + (oh * g.output[1] + ow) * 2 * S::LANES) = tile[r * BEYOND + at];
                }
            }
            ow += 1;
            if ow == planes.width {
                (oh, ow) = (oh + 1, 0);
            }
        }
    }
}
