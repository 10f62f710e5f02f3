//! Kernels for a single sample, for inference: its buffers are `[features]`, without other samples, and the lanes of a vector
//! are neighbouring pixels or units. The order of each sum is the same as in blocks, so that a sample's result does not depend
//! on the other samples.

mod dense;

pub use dense::{dense, dense_packed, pack_dense, packed_dense};

use super::pool2d::{Divisor, share};
use super::tile::{self, tiles};
use super::window::{LISTED, Window};
use crate::simd::{Simd, on_level};
use std::ops::Range;

/// An image cut into planes: one per channel and step of a stride, in which neighbouring outputs read neighbouring pixels.
/// They include the padding.
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

/// The floats of a group's channels in planes; 0 if the image itself has their layout.
pub fn planes(g: &Window) -> usize {
    if g.stride == [1, 1] && [g.padding, g.end] == [[0, 0]; 2] {
        return 0;
    }
    g.channels * Planes::of(g).channel(g)
}

/// The floats that [`conv2d`] may read beyond the last plane: the largest vector, if an image is narrower.
pub const BEYOND: usize = 16;

/// Whether [`conv2d`] supports a window: it does not for large paddings, strides and filters.
pub fn has_conv2d(g: &Window) -> bool {
    let padded = |d: usize| g.padding[d] + g.input[d] + g.end[d];
    (0..2).all(|d| g.stride[d] <= g.kernel[d] && padded(d) <= 4 * g.input[d].max(g.kernel[d]))
        && g.channels.saturating_mul(g.kernel[0]).saturating_mul(g.kernel[1]) <= LISTED
}

/// Cuts a group's x `[C][H][W]` into planes.
///
/// # Safety
/// x has the size that the window gives it, and [`planes`] that of `out`.
pub unsafe fn cut(g: &Window, x: *const f32, out: *mut f32) {
    let planes = Planes::of(g);
    let [height, width] = g.input;
    // SAFETY: the caller's; the planes hold padding and input together.
    unsafe {
        out.write_bytes(0, g.channels * planes.channel(g));
        for c in 0..g.channels {
            for h in 0..height {
                let from = x.add((c * height + h) * width);
                let (row, phase) = ((h + g.padding[0]) / g.stride[0], (h + g.padding[0]) % g.stride[0]);
                let to =
                    out.add(c * planes.channel(g) + phase * g.stride[1] * planes.size() + row * planes.width);
                if g.stride[1] == 1 {
                    to.add(g.padding[1]).copy_from_nonoverlapping(from, width);
                    continue;
                }
                let (mut column, mut side) = (g.padding[1] / g.stride[1], g.padding[1] % g.stride[1]);
                for v in 0..width {
                    *to.add(side * planes.size() + column) = *from.add(v);
                    side += 1;
                    if side == g.stride[1] {
                        (column, side) = (column + 1, 0);
                    }
                }
            }
        }
    }
}

/// The offsets of the weights' pixels in the planes, from an output's own place.
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
    /// y `[F][OH][OW]` = w ∗ x + b for the filters of `rows`; x is in planes, o its [`offsets`], b may be null.
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
    tiles!(rows, |row| conv2d_tile::<S>(
        g,
        o,
        w.add(row * o.len()),
        (!bias.is_null()).then(|| bias.add(row)),
        x,
        y.add(row * g.output[0] * g.output[1])
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
    // About as many accumulators with few rows as with many.
    match R {
        1 | 2 => outputs::<S, R, 4>(g, o, w, bias, x, y),
        3 => outputs::<S, R, 3>(g, o, w, bias, x, y),
        _ => outputs::<S, R, 2>(g, o, w, bias, x, y),
    }
}

/// R filters, C vectors of outputs at a time. The last vector of a row begins early enough to end with it.
#[inline(always)]
unsafe fn outputs<S: Simd, const R: usize, const C: usize>(
    g: &Window,
    o: &[u32],
    w: *const f32,
    bias: Option<*const f32>,
    x: *const f32,
    y: *mut f32,
) {
    let pitch = Planes::of(g).width;
    let [height, width] = g.output;
    let last = width.saturating_sub(S::LANES);
    let (mut row, mut column) = (0, 0);
    while row < height {
        let (mut from, mut to) = ([x; C], [y; C]);
        for j in 0..C {
            // Beyond the last vector of the image, that vector is computed again.
            let at = if row < height { [row, column] } else { [height - 1, last] };
            from[j] = x.add(at[0] * pitch + at[1]);
            to[j] = y.add(at[0] * width + at[1]);
            if column < last {
                column = last.min(column + S::LANES);
            } else {
                (row, column) = (row + 1, 0);
            }
        }
        let mut sums = tile::splat::<S, R, C>(bias);
        let (mut w, mut offsets) = (w, o.as_ptr());
        for _ in 0..o.len() {
            let mut pixels = [S::splat(0.0); C];
            for j in 0..C {
                pixels[j] = S::load(from[j].add(*offsets as usize));
            }
            tile::step::<S, R, C>(&mut sums, w, o.len(), pixels);
            w = w.wrapping_add(1);
            offsets = offsets.wrapping_add(1);
        }
        for r in 0..R {
            for j in 0..C {
                store::<S>(to[j].add(r * height * width), sums[r][j], width);
            }
        }
    }
}

/// Stores a vector, or only its first lanes if fewer remain.
#[inline(always)]
unsafe fn store<S: Simd>(p: *mut f32, a: S::V, count: usize) {
    if count >= S::LANES {
        return S::store(p, a);
    }
    let mut lanes = [0.0f32; BEYOND];
    S::store(lanes.as_mut_ptr(), a);
    p.copy_from_nonoverlapping(lanes.as_ptr(), count);
}

on_level! {
    /// y `[C][OH][OW]` = the maximum of each window of x `[C][H][W]`.
    pub fn max_pool2d(g: &Window, x: *const f32, y: *mut f32) = max_pool2d_kernel
}

#[inline(always)]
unsafe fn max_pool2d_kernel<S: Simd>(g: &Window, x: *const f32, y: *mut f32) {
    // As in blocks: the sum of x says whether it may contain NaN.
    let mut total = S::splat(0.0);
    let add = |[best, sum]: [S::V; 2], value| [S::at_least(best, value), S::add(sum, value)];
    let end = |[best, sum]: [S::V; 2], _: &[Range<usize>; 2], _| {
        total = S::add(total, sum);
        best
    };
    pool2d::<S, _>(g, x, y, |first| [first, S::splat(0.0)], add, end);
    if S::sum(total).is_nan() {
        pool2d::<S, _>(g, x, y, |first| first, |best, value| S::max(best, value), |best, _, _| best);
    }
}

on_level! {
    /// y `[C][OH][OW]` = the mean of each window of x `[C][H][W]`.
    pub fn average_pool2d(g: &Window, divisor: Divisor, x: *const f32, y: *mut f32) = average_pool2d_kernel
}

#[inline(always)]
unsafe fn average_pool2d_kernel<S: Simd>(g: &Window, divisor: Divisor, x: *const f32, y: *mut f32) {
    let mean = |sum, taps: &[Range<usize>; 2], at| S::mul(sum, S::splat(share(g, divisor, taps, at)));
    pool2d::<S, _>(g, x, y, |_| S::splat(0.0), |sum, value| S::add(sum, value), mean);
}

/// Folds each window: a vector of windows at a time if their taps are all inside the image, else one.
#[inline(always)]
unsafe fn pool2d<S: Simd, A>(
    g: &Window,
    x: *const f32,
    y: *mut f32,
    start: impl Fn(S::V) -> A,
    add: impl Fn(A, S::V) -> A,
    mut end: impl FnMut(A, &[Range<usize>; 2], [usize; 2]) -> S::V,
) {
    let [height, width] = g.output;
    // The outputs of a row whose windows are inside the image.
    let inside = g.padding[1].div_ceil(g.stride[1])
        ..width.min((g.input[1] + g.padding[1] + g.stride[1]).saturating_sub(g.kernel[1]) / g.stride[1]);
    for (c, oh) in (0..g.channels).flat_map(|c| (0..height).map(move |oh| (c, oh))) {
        let rows = g.taps(0, oh);
        let row = c * g.input[0] + oh * g.stride[0] + rows.start - g.padding[0];
        let (y, mut ow) = (y.add((c * height + oh) * width), 0);
        while ow < width {
            let many = inside.contains(&ow) && inside.len() >= S::LANES;
            let (step, count) = if many { (g.stride[1], S::LANES) } else { (0, 1) };
            // The last vector begins early enough to end inside.
            let at = if many { ow.min(inside.end - count) } else { ow };
            let taps = [rows.clone(), g.taps(1, at)];
            let first = x.add(row * g.input[1] + at * g.stride[1] + taps[1].start - g.padding[1]);
            let tap = |i: usize, j: usize| S::gather(first.add(i * g.input[1] + j), step);
            let mut value = start(tap(0, 0));
            if g.kernel == [2, 2] && taps == [0..2, 0..2] {
                // The full window, without loops.
                value = add(add(add(add(value, tap(0, 0)), tap(0, 1)), tap(1, 0)), tap(1, 1));
            } else {
                for (i, j) in (0..taps[0].len()).flat_map(|i| (0..taps[1].len()).map(move |j| (i, j))) {
                    value = add(value, tap(i, j));
                }
            }
            store::<S>(y.add(at), end(value, &taps, [oh, at]), count);
            ow = at + count;
        }
    }
}
