//! Convolution on one block, directly: x `[C][H][W][block]`, weights `[F][C][KH][KW]`, y `[F][OH][OW][block]`.
//!
//! For one output position and a tile of filters the sum runs over (c, kh) and, innermost, over a run of
//! kw: both the weights and the samples of such a run lie at constant steps, so that a run is one call of
//! the micro-kernel. At the borders the runs are cut short; nothing is padded or copied, and no work is
//! done twice. The two gradients are the same walk seen from the input and from the weights.

use super::tile::{self, Tile, tiles};
use crate::simd::{Simd, on_level};
use std::ops::Range;

/// The sizes of a convolution or a pooling, all in elements: `[h, w]` pairs throughout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Channels of the input.
    pub channels: usize,
    /// Height and width of the input.
    pub input: [usize; 2],
    /// Channels of the output: the filters (for a pooling, the channels again).
    pub filters: usize,
    /// Height and width of the output.
    pub output: [usize; 2],
    /// Height and width of the kernel.
    pub kernel: [usize; 2],
    /// Steps between neighbouring outputs.
    pub stride: [usize; 2],
    /// Steps between neighbouring taps.
    pub dilation: [usize; 2],
    /// Zeros thought above and to the left of the input.
    pub padding: [usize; 2],
    /// Zeros thought below and to the right of it.
    pub end: [usize; 2],
}

impl Window {
    /// The taps k with 0 ≤ at·stride + k·dilation − padding < input, for the output position `at` in
    /// dimension `d`.
    #[inline(always)]
    pub(super) fn taps(&self, d: usize, at: usize) -> Range<usize> {
        let start = at * self.stride[d];
        let low = self.padding[d].saturating_sub(start);
        let high = (self.input[d] + self.padding[d]).saturating_sub(start);
        let (low, high) = match self.dilation[d] {
            1 => (low, high),
            step => (low.div_ceil(step), high.div_ceil(step)),
        };
        let high = high.min(self.kernel[d]);
        low.min(high)..high
    }

    /// The output positions that tap k reads inside the input, in dimension `d`.
    #[inline(always)]
    fn positions(&self, d: usize, k: usize) -> Range<usize> {
        let k = k * self.dilation[d];
        let low = self.padding[d].saturating_sub(k).div_ceil(self.stride[d]);
        let high =
            (self.input[d] + self.padding[d]).saturating_sub(k).div_ceil(self.stride[d]).min(self.output[d]);
        low.min(high)..high
    }

    /// The taps through which the input position `at` is read, in dimension `d`: at + padding = o·stride +
    /// k·dilation. They and their outputs are arithmetic sequences.
    #[inline(always)]
    fn readers(&self, d: usize, at: usize) -> Readers {
        let (p, stride, dilation) = (at + self.padding[d], self.stride[d], self.dilation[d]);
        let mut readers = Readers { tap: 0, step: stride, output: 0, back: 1, count: 0 };
        if dilation == 1 {
            (readers.tap, readers.output) = (p % stride, p / stride);
        } else {
            // From one such tap to the next: lcm(stride, dilation) values.
            let common = gcd(stride, dilation);
            (readers.step, readers.back) = (stride / common, dilation / common);
            let first =
                (0..readers.step).find(|k| p >= k * dilation && (p - k * dilation).is_multiple_of(stride));
            let Some(first) = first else { return readers };
            (readers.tap, readers.output) = (first, (p - first * dilation) / stride);
        }
        if readers.output >= self.output[d] {
            // Readers beyond the last output do not exist.
            let beyond = (readers.output + 1 - self.output[d]).div_ceil(readers.back);
            if beyond * readers.back > readers.output {
                return readers;
            }
            (readers.tap, readers.output) =
                (readers.tap + beyond * readers.step, readers.output - beyond * readers.back);
        }
        if readers.tap < self.kernel[d] {
            let (taps, outputs) =
                ((self.kernel[d] - readers.tap).div_ceil(readers.step), readers.output / readers.back + 1);
            readers.count = taps.min(outputs);
        }
        readers
    }
}

/// Taps `tap`, `tap + step`, …, `count` of them, read by the outputs `output`, `output − back`, ….
struct Readers {
    tap: usize,
    step: usize,
    output: usize,
    back: usize,
    count: usize,
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

on_level! {
    /// y = w ∗ x + b for the filters of `rows`; b may be null.
    pub fn forward(g: &Window, w: *const f32, bias: *const f32, x: *const f32, y: *mut f32, rows: Range<usize>) = forward_kernel
}

#[inline(always)]
unsafe fn forward_kernel<S: Simd>(
    g: &Window,
    w: *const f32,
    bias: *const f32,
    x: *const f32,
    y: *mut f32,
    rows: Range<usize>,
) {
    let filter = g.channels * g.kernel[0] * g.kernel[1];
    let plane = g.output[0] * g.output[1] * 2 * S::LANES;
    tiles!(rows, |row| forward_tile::<S>(
        g,
        w.add(row * filter),
        (!bias.is_null()).then(|| bias.add(row)),
        x,
        y.add(row * plane)
    ));
}

#[inline(always)]
unsafe fn forward_tile<S: Simd, const R: usize>(
    g: &Window,
    w: *const f32,
    bias: Option<*const f32>,
    x: *const f32,
    y: *mut f32,
) {
    let block = 2 * S::LANES;
    let [kh, kw] = g.kernel;
    let filter = g.channels * kh * kw;
    let plane = g.output[0] * g.output[1] * block;
    for oh in 0..g.output[0] {
        let rows = g.taps(0, oh);
        for ow in 0..g.output[1] {
            let columns = g.taps(1, ow);
            let mut sums = tile::splat::<S, R, 2>(bias);
            for c in 0..g.channels {
                for i in rows.clone() {
                    let h = oh * g.stride[0] + i * g.dilation[0] - g.padding[0];
                    // Wrapping, for a run without taps may start outside; nothing of it is read.
                    let v = (ow * g.stride[1] + columns.start * g.dilation[1]).wrapping_sub(g.padding[1]);
                    let a = w.add((c * kh + i) * kw + columns.start);
                    let b = x.wrapping_add(
                        ((c * g.input[0] + h) * g.input[1]).wrapping_add(v).wrapping_mul(block),
                    );
                    run::<S, R>(&mut sums, a, filter, b, columns.len(), g.dilation[1]);
                }
            }
            tile::store::<S, R, 2>(&sums, y.add((oh * g.output[1] + ow) * block), plane);
        }
    }
}

/// One run of taps; the lengths of the usual kernels are unrolled.
#[inline(always)]
unsafe fn run<S: Simd, const R: usize>(
    sums: &mut Tile<S::V, R, 2>,
    a: *const f32,
    a_row: usize,
    b: *const f32,
    len: usize,
    dilation: usize,
) {
    let block = 2 * S::LANES as isize;
    match (len, dilation) {
        (3, 1) => tile::multiply::<S, R, 2>(sums, a, a_row, 1, b, block, 3),
        (5, 1) => tile::multiply::<S, R, 2>(sums, a, a_row, 1, b, block, 5),
        _ => tile::multiply::<S, R, 2>(sums, a, a_row, 1, b, block * dilation as isize, len),
    }
}

on_level! {
    /// dx = the gradient of the input for the channels of `rows`; dy is `[F][OH][OW][block]`.
    pub fn backward_input(g: &Window, w: *const f32, dy: *const f32, dx: *mut f32, rows: Range<usize>) = backward_input_kernel
}

#[inline(always)]
unsafe fn backward_input_kernel<S: Simd>(
    g: &Window,
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
    rows: Range<usize>,
) {
    let taps = g.kernel[0] * g.kernel[1];
    let plane = g.input[0] * g.input[1] * 2 * S::LANES;
    tiles!(rows, |row| backward_input_tile::<S>(g, w.add(row * taps), dy, dx.add(row * plane)));
}

#[inline(always)]
unsafe fn backward_input_tile<S: Simd, const R: usize>(
    g: &Window,
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
) {
    let block = 2 * S::LANES;
    let [kh, kw] = g.kernel;
    for h in 0..g.input[0] {
        let rows = g.readers(0, h);
        for v in 0..g.input[1] {
            let mut sums = tile::splat::<S, R, 2>(None);
            let columns = g.readers(1, v);
            let back = -((columns.back * block) as isize);
            for f in 0..g.filters {
                for i in 0..rows.count {
                    // Wrapping, for a run without taps may start outside; nothing of it is read.
                    let a =
                        w.wrapping_add(((f * g.channels) * kh + rows.tap + i * rows.step) * kw + columns.tap);
                    let oh = rows.output - i * rows.back;
                    let b = dy.add(((f * g.output[0] + oh) * g.output[1] + columns.output) * block);
                    tile::multiply::<S, R, 2>(&mut sums, a, kh * kw, columns.step, b, back, columns.count);
                }
            }
            tile::store::<S, R, 2>(
                &sums,
                dx.add((h * g.input[1] + v) * block),
                g.input[0] * g.input[1] * block,
            );
        }
    }
}

on_level! {
    /// dW += the gradient of the weights and, unless null, db += that of the bias, for the filters of `rows`.
    pub fn backward_parameters(g: &Window, x: *const f32, dy: *const f32, dw: *mut f32, db: *mut f32, rows: Range<usize>) = backward_parameters_kernel
}

#[inline(always)]
unsafe fn backward_parameters_kernel<S: Simd>(
    g: &Window,
    x: *const f32,
    dy: *const f32,
    dw: *mut f32,
    db: *mut f32,
    rows: Range<usize>,
) {
    let block = 2 * S::LANES;
    let plane = g.output[0] * g.output[1] * block;
    let filter = g.channels * g.kernel[0] * g.kernel[1];
    if !db.is_null() {
        for row in rows.clone() {
            let mut sums = [S::splat(0.0); 2];
            for p in (row * plane..(row + 1) * plane).step_by(block) {
                sums = [S::add(sums[0], S::load(dy.add(p))), S::add(sums[1], S::load(dy.add(p + S::LANES)))];
            }
            *db.add(row) += S::sum(S::add(sums[0], sums[1]));
        }
    }
    tiles!(rows, |row| backward_filters::<S>(g, x, dy.add(row * plane), dw.add(row * filter)));
}

/// For a tile of R filters: pairs of channels share their reads of dy, a last single channel has its own.
#[inline(always)]
unsafe fn backward_filters<S: Simd, const R: usize>(g: &Window, x: *const f32, dy: *const f32, dw: *mut f32) {
    let pairs = g.channels & !1;
    for c in (0..pairs).step_by(2) {
        backward_taps::<S, R, 2>(g, x, dy, dw, c);
    }
    if pairs < g.channels {
        backward_taps::<S, R, 1>(g, x, dy, dw, pairs);
    }
}

/// dW of R filters × C channels at every tap: per tap R·C accumulators, whose lanes are samples until the
/// end, over all output positions at which the tap reads inside the input.
#[inline(always)]
unsafe fn backward_taps<S: Simd, const R: usize, const C: usize>(
    g: &Window,
    x: *const f32,
    dy: *const f32,
    dw: *mut f32,
    channel: usize,
) {
    let block = 2 * S::LANES;
    let [kh, kw] = g.kernel;
    let filter = g.channels * kh * kw;
    let out = g.output[0] * g.output[1] * block;
    let plane = g.input[0] * g.input[1] * block;
    let step = g.stride[1] * block;
    for i in 0..kh {
        for j in 0..kw {
            let mut sums = [[[S::splat(0.0); 2]; C]; R];
            let columns = g.positions(1, j);
            for oh in g.positions(0, i) {
                let h = oh * g.stride[0] + i * g.dilation[0] - g.padding[0];
                let mut d = dy.add((oh * g.output[1] + columns.start) * block);
                let v = (columns.start * g.stride[1] + j * g.dilation[1]).wrapping_sub(g.padding[1]);
                let mut s = x.wrapping_add(
                    ((channel * g.input[0] + h) * g.input[1]).wrapping_add(v).wrapping_mul(block),
                );
                for _ in columns.clone() {
                    for half in 0..2 {
                        let mut values = [S::splat(0.0); C];
                        for c in 0..C {
                            values[c] = S::load(s.add(c * plane + half * S::LANES));
                        }
                        for r in 0..R {
                            let delta = S::load(d.add(r * out + half * S::LANES));
                            for c in 0..C {
                                // With two channels eight sums hide the latency; with one, halves double them.
                                let into = if C == 1 { half } else { 0 };
                                sums[r][c][into] = S::madd(delta, values[c], sums[r][c][into]);
                            }
                        }
                    }
                    d = d.wrapping_add(block);
                    s = s.wrapping_add(step);
                }
            }
            for r in 0..R {
                for c in 0..C {
                    *dw.add(r * filter + ((channel + c) * kh + i) * kw + j) +=
                        S::sum(S::add(sums[r][c][0], sums[r][c][1]));
                }
            }
        }
    }
}
