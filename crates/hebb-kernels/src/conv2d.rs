//! Convolution on one block, directly: x `[C][H][W][block]`, weights `[F][C][KH][KW]`, y `[F][OH][OW][block]`.
//!
//! ```text
//!   x: C planes of H × W positions; a position is a block of samples, two vectors
//!  ┌─────────────────────┐
//!  │ border              │   border    some taps lie outside the image: run by run of j, each cut short
//!  │  ┌───────────────┐  │   interior  the whole window lies inside: one loop over all taps, by a list of offsets
//!  │  │ interior  ┌─────┤
//!  │  │           │i,j  │   window at output position (oh, ow): tap (c, i, j) reads
//!  │  └───────────┤     │     h = oh·stride + i·dilation − padding,  w = ow·stride + j·dilation − padding
//!  └──────────────┴─────┘
//!
//!   packed weights of a tile of R filters: [taps of a piece][R][copies], read from front to back at every position
//!
//!     tap 0: w[f,0] w[f+1,0] … w[f+R−1,0] │ tap 1: w[f,1] w[f+1,1] … │ …
//! ```
//!
//! Nothing is padded or copied. The weights of a tile are packed, as many as fit into a part of the first cache; then the loop
//! runs over all output positions. The two gradients are the same loops from the side of the input and of the weights.
//!
//! The naive twins are `conv2d` and `conv2d_backward` in `naive.rs`.

use super::tile::{self, tiles};
use super::window::{Offsets, TapRun, Window};
use crate::simd::{Simd, on_level};
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::ops::Range;

/// Packed weights in floats: half of a first cache of 32 KiB.
const PACKED: usize = 4096;

/// The weights of a tile.
type Packed = [MaybeUninit<f32>; PACKED];

/// The ranges of taps whose weights are packed at a time, for R rows.
fn pieces<S: Simd, const R: usize>(taps: usize) -> impl Iterator<Item = Range<usize>> {
    let most = PACKED / tile::packed::<S, R>(1);
    (0..taps).step_by(most).map(move |start| start..taps.min(start + most))
}

on_level! {
    /// y = w ∗ x + b for `filters`; b may be null.
    pub fn forward(g: &Window, o: &Offsets, w: *const f32, bias: *const f32, x: *const f32, y: *mut f32, filters: Range<usize>) = forward_kernel
}

#[inline(always)]
unsafe fn forward_kernel<S: Simd>(
    g: &Window,
    o: &Offsets,
    w: *const f32,
    bias: *const f32,
    x: *const f32,
    y: *mut f32,
    filters: Range<usize>,
) {
    let filter = g.channels * g.kernel[0] * g.kernel[1];
    let plane = g.output[0] * g.output[1] * 2 * S::LANES;
    tiles!(filters, |f| forward_tile::<S>(
        g,
        o,
        w.add(f * filter),
        (!bias.is_null()).then(|| bias.add(f)),
        x,
        y.add(f * plane)
    ));
}

#[inline(always)]
unsafe fn forward_tile<S: Simd, const R: usize>(
    g: &Window,
    o: &Offsets,
    w: *const f32,
    bias: Option<*const f32>,
    x: *const f32,
    y: *mut f32,
) {
    let filter = g.channels * g.kernel[0] * g.kernel[1];
    let mut packed: Packed = [MaybeUninit::uninit(); PACKED];
    for taps in pieces::<S, R>(filter) {
        tile::pack::<S, R>(w.add(taps.start), filter, taps.len(), packed.as_mut_ptr().cast());
        for oh in 0..g.output[0] {
            let rows = g.taps(0, oh);
            let mut ow = 0;
            while ow < g.output[1] {
                let columns = g.taps(1, ow);
                // The next position has the same taps: twice as many accumulators, where there are few rows.
                let twice =
                    R <= 2 && g.stride[1] == 1 && ow + 1 < g.output[1] && g.taps(1, ow + 1) == columns;
                let at = [oh, ow];
                if twice {
                    forward_at::<S, R, 4>(g, o, &taps, &packed, bias, x, y, at, &rows, &columns);
                } else {
                    forward_at::<S, R, 2>(g, o, &taps, &packed, bias, x, y, at, &rows, &columns);
                }
                ow += 1 + usize::from(twice);
            }
        }
    }
}

/// R filters at one output position, or at two adjacent ones with the same taps: C vectors.
#[inline(always)]
unsafe fn forward_at<S: Simd, const R: usize, const C: usize>(
    g: &Window,
    o: &Offsets,
    taps: &Range<usize>,
    packed: &Packed,
    bias: Option<*const f32>,
    x: *const f32,
    y: *mut f32,
    [oh, ow]: [usize; 2],
    rows: &Range<usize>,
    columns: &Range<usize>,
) {
    let block = 2 * S::LANES;
    let ([kh, kw], a) = (g.kernel, packed.as_ptr().cast::<f32>());
    let plane = g.output[0] * g.output[1] * block;
    let y = y.add((oh * g.output[1] + ow) * block);
    let mut sums =
        if taps.start == 0 { tile::splat::<S, R, C>(bias) } else { tile::load::<S, R, C>(y, plane) };
    if rows.len() == kh && columns.len() == kw && !o.forward.is_empty() {
        // Interior.
        let first = (oh * g.stride[0] - g.padding[0]) * g.input[1] + ow * g.stride[1] - g.padding[1];
        let x = x.add(first * block);
        tile::multiply_at::<S, R, C>(&mut sums, a, x, block, &o.forward[taps.clone()]);
        tile::store::<S, R, C>(&sums, y, plane);
        return;
    }
    // Border: for each channel and row of the window the run of taps inside the image, and of those the ones in this piece.
    for c in taps.start / (kh * kw)..taps.end.div_ceil(kh * kw) {
        for i in rows.clone() {
            let run = (c * kh + i) * kw;
            let (start, end) = ((run + columns.start).max(taps.start), (run + columns.end).min(taps.end));
            if start < end {
                let h = oh * g.stride[0] + i * g.dilation[0] - g.padding[0];
                let v = ow * g.stride[1] + (start - run) * g.dilation[1] - g.padding[1];
                let a = a.add(tile::packed::<S, R>(start - taps.start));
                let x = x.add(((c * g.input[0] + h) * g.input[1] + v) * block);
                let step = (g.dilation[1] * block) as isize;
                tile::multiply_packed::<S, R, C>(&mut sums, a, 1, x, step, end - start);
            }
        }
    }
    tile::store::<S, R, C>(&sums, y, plane);
}

on_level! {
    /// dx = the gradient of the input for `channels`; dy is `[F][OH][OW][block]`.
    pub fn backward_input(g: &Window, o: &Offsets, w: *const f32, dy: *const f32, dx: *mut f32, channels: Range<usize>) = backward_input_kernel
}

#[inline(always)]
unsafe fn backward_input_kernel<S: Simd>(
    g: &Window,
    o: &Offsets,
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
    channels: Range<usize>,
) {
    let taps = g.kernel[0] * g.kernel[1];
    let plane = g.input[0] * g.input[1] * 2 * S::LANES;
    tiles!(channels, |c| backward_input_tile::<S>(g, o, w.add(c * taps), dy, dx.add(c * plane)));
}

#[inline(always)]
unsafe fn backward_input_tile<S: Simd, const R: usize>(
    g: &Window,
    o: &Offsets,
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
) {
    let window = g.kernel[0] * g.kernel[1];
    let mut packed: Packed = [MaybeUninit::uninit(); PACKED];
    for taps in pieces::<S, R>(g.filters * window) {
        // A piece has the taps of several filters, which lie a filter apart in w.
        for f in taps.start / window..taps.end.div_ceil(window) {
            let (start, end) = ((f * window).max(taps.start), ((f + 1) * window).min(taps.end));
            let from = w.add(f * g.channels * window + start - f * window);
            let to = packed.as_mut_ptr().add(tile::packed::<S, R>(start - taps.start));
            tile::pack::<S, R>(from, window, end - start, to.cast());
        }
        for h in 0..g.input[0] {
            let rows = g.tap_run(0, h);
            let mut v = 0;
            while v < g.input[1] {
                let columns = g.tap_run(1, v);
                // The next position is read by the same taps, for the next outputs.
                let twice = R <= 2 && v + 1 < g.input[1] && {
                    let next = g.tap_run(1, v + 1);
                    (next.tap, next.count, next.output) == (columns.tap, columns.count, columns.output + 1)
                };
                let dx = dx.add((h * g.input[1] + v) * 2 * S::LANES);
                if twice {
                    backward_input_at::<S, R, 4>(g, o, &taps, &packed, dy, dx, &rows, &columns);
                } else {
                    backward_input_at::<S, R, 2>(g, o, &taps, &packed, dy, dx, &rows, &columns);
                }
                v += 1 + usize::from(twice);
            }
        }
    }
}

/// R channels at one input position, or at two adjacent ones.
#[inline(always)]
unsafe fn backward_input_at<S: Simd, const R: usize, const C: usize>(
    g: &Window,
    o: &Offsets,
    taps: &Range<usize>,
    packed: &Packed,
    dy: *const f32,
    dx: *mut f32,
    rows: &TapRun,
    columns: &TapRun,
) {
    let block = 2 * S::LANES;
    let ([kh, kw], a) = (g.kernel, packed.as_ptr().cast::<f32>());
    let plane = g.input[0] * g.input[1] * block;
    let mut sums =
        if taps.start == 0 { tile::splat::<S, R, C>(None) } else { tile::load::<S, R, C>(dx, plane) };
    if [rows.count, columns.count] == g.kernel && !o.backward.is_empty() {
        // The last tap reads for the earliest output.
        let first = (rows.output - (kh - 1) * g.dilation[0]) * g.output[1] + columns.output
            - (kw - 1) * g.dilation[1];
        let dy = dy.add(first * block);
        tile::multiply_at::<S, R, C>(&mut sums, a, dy, block, &o.backward[taps.clone()]);
        tile::store::<S, R, C>(&sums, dx, plane);
        return;
    }
    for f in taps.start / (kh * kw)..taps.end.div_ceil(kh * kw) {
        for i in 0..rows.count {
            // The run of taps `first + k·step`; the piece may contain only some of them.
            let first = (f * kh + rows.tap + i * rows.step) * kw + columns.tap;
            let whole = taps.start <= first && first + columns.count * columns.step < taps.end + columns.step;
            let until = |tap: usize| tap.saturating_sub(first).div_ceil(columns.step).min(columns.count);
            let (start, end) = if whole { (0, columns.count) } else { (until(taps.start), until(taps.end)) };
            if start < end {
                let (oh, ow) = (rows.output - i * rows.back, columns.output - start * columns.back);
                let a = a.add(tile::packed::<S, R>(first + start * columns.step - taps.start));
                let dy = dy.add(((f * g.output[0] + oh) * g.output[1] + ow) * block);
                let step = -((columns.back * block) as isize);
                tile::multiply_packed::<S, R, C>(&mut sums, a, columns.step, dy, step, end - start);
            }
        }
    }
    tile::store::<S, R, C>(&sums, dx, plane);
}

on_level! {
    /// dW += the gradient of the weights and, unless null, db += that of the bias, for `filters`.
    pub fn backward_parameters(g: &Window, x: *const f32, dy: *const f32, dw: *mut f32, db: *mut f32, filters: Range<usize>) = backward_parameters_kernel
}

#[inline(always)]
unsafe fn backward_parameters_kernel<S: Simd>(
    g: &Window,
    x: *const f32,
    dy: *const f32,
    dw: *mut f32,
    db: *mut f32,
    filters: Range<usize>,
) {
    let block = 2 * S::LANES;
    let plane = g.output[0] * g.output[1] * block;
    let filter = g.channels * g.kernel[0] * g.kernel[1];
    if !db.is_null() {
        for f in filters.clone() {
            let mut sums = [S::splat(0.0); 2];
            for p in (f * plane..(f + 1) * plane).step_by(block) {
                sums = [S::add(sums[0], S::load(dy.add(p))), S::add(sums[1], S::load(dy.add(p + S::LANES)))];
            }
            *db.add(f) += S::sum(S::add(sums[0], sums[1]));
        }
    }
    tiles!(filters, |f| backward_filters::<S>(g, x, dy.add(f * plane), dw.add(f * filter)));
}

/// For a tile of R filters: two channels, or two taps of the last single channel, share their reads of dy.
#[inline(always)]
unsafe fn backward_filters<S: Simd, const R: usize>(g: &Window, x: *const f32, dy: *const f32, dw: *mut f32) {
    let [kh, kw] = g.kernel;
    let pairs = g.channels & !1;
    for i in 0..kh {
        for c in (0..pairs).step_by(2) {
            for j in 0..kw {
                backward_taps::<S, R, 2>(g, x, dy, dw, c, [i, j], [1, 0]);
            }
        }
        if pairs < g.channels {
            for j in (0..kw & !1).step_by(2) {
                backward_taps::<S, R, 2>(g, x, dy, dw, pairs, [i, j], [0, 1]);
            }
            if kw % 2 == 1 {
                backward_taps::<S, R, 1>(g, x, dy, dw, pairs, [i, kw - 1], [0, 1]);
            }
        }
    }
}

/// dW of R filters × C partners, which are adjacent channels or taps, as `[channel, tap]` says: R·C accumulators, whose lanes
/// are samples until the end, over all output positions at which each reads inside the input.
#[inline(always)]
unsafe fn backward_taps<S: Simd, const R: usize, const C: usize>(
    g: &Window,
    x: *const f32,
    dy: *const f32,
    dw: *mut f32,
    channel: usize,
    [i, j]: [usize; 2],
    [next_channel, next_tap]: [usize; 2],
) {
    let [kh, kw] = g.kernel;
    let block = 2 * S::LANES;
    // One for each half of a block.
    let mut sums = [tile::splat::<S, R, C>(None); 2];
    let at_sums = sums.as_mut_ptr().cast();
    // The columns at which the later tap reads inside the input come no later.
    let (first, last) = (g.positions(1, j), g.positions(1, j + (C - 1) * next_tap));
    let both = first.start..last.end.max(first.start).min(first.end);
    let plane = g.input[0] * g.input[1];
    let apart = (next_channel * plane + next_tap * g.dilation[1]) * block;
    for oh in g.positions(0, i) {
        let h = (channel * g.input[0] + oh * g.stride[0] + i * g.dilation[0] - g.padding[0]) * g.input[1];
        let row = dy.add(oh * g.output[1] * block);
        // The input of output column `at`, for partner c. Wrapping, because a pointer that is not read may be out of range.
        let from = |at: usize, c: usize| {
            let v = (at * g.stride[1] + (j + c * next_tap) * g.dilation[1]).wrapping_sub(g.padding[1]);
            x.wrapping_add(h.wrapping_add(v).wrapping_add(c * next_channel * plane).wrapping_mul(block))
        };
        let at = both.start;
        outer::<S, R, C, C>(g, at_sums, 0, from(at, 0), apart, row.add(at * block), both.len());
        if C == 2 && next_tap == 1 {
            let early = last.start..last.end.min(both.start);
            outer::<S, R, C, 1>(
                g,
                at_sums,
                1,
                from(early.start, 1),
                0,
                row.add(early.start * block),
                early.len(),
            );
            let late = both.end..first.end;
            outer::<S, R, C, 1>(
                g,
                at_sums,
                0,
                from(late.start, 0),
                0,
                row.add(late.start * block),
                late.len(),
            );
        }
    }
    // The samples of the block are added up here, once for each weight.
    for r in 0..R {
        for c in 0..C {
            let to = ((channel + c * next_channel) * kh + i) * kw + j + c * next_tap;
            *dw.add(r * g.channels * kh * kw + to) += S::sum(S::add(sums[0][r][c], sums[1][r][c]));
        }
    }
}

/// Adds the products of R rows of dy and N inputs, `apart` from each other, at `count` output columns to the sums
/// `[half][R][C]` from partner `c` on:
///
/// ```text
/// columns    at        at+1      …              for a fixed tap (i, j), R filters f, N partners c:
/// dy[f]   ┌────────┬────────┬───
///         │lo    hi│lo    hi│ …                 sums[f][c] += Σ over columns and halves of dy[f] · x[c]
/// x[c]    ├────────┼────────┼───
///         │lo    hi│lo    hi│ …                 lane by lane: a lane is a sample, and is added to the others at the end
///         └────────┴────────┴───
/// ```
#[inline(always)]
unsafe fn outer<S: Simd, const R: usize, const C: usize, const N: usize>(
    g: &Window,
    sums: *mut f32,
    c: usize,
    mut x: *const f32,
    apart: usize,
    mut dy: *const f32,
    count: usize,
) {
    let block = 2 * S::LANES;
    let plane = g.output[0] * g.output[1] * block;
    let row = C * S::LANES;
    let halves = [0, 1].map(|half| sums.add(half * R * row + c * S::LANES));
    let [mut low, mut high] = halves.map(|half| tile::load::<S, R, N>(half, row));
    // Vector by vector, in one loop if they are adjacent; the compiler sees no loop's length ([`tile`]).
    let (times, vectors) = if N == 1 || g.stride[1] > 1 { (count, black_box(2)) } else { (1, 2 * count) };
    for _ in 0..times {
        if N == 1 {
            // One sum per half of a block: twice as many, which hides more of the latency.
            tile::vector_step::<S, R, N>(&mut low, dy, plane, x, apart);
            tile::vector_step::<S, R, N>(&mut high, dy.add(S::LANES), plane, x.add(S::LANES), apart);
            dy = dy.add(block);
        } else {
            let mut at = x;
            for _ in 0..vectors {
                tile::vector_step::<S, R, N>(&mut low, dy, plane, at, apart);
                dy = dy.wrapping_add(S::LANES);
                at = at.wrapping_add(S::LANES);
            }
        }
        x = x.wrapping_add(g.stride[1] * block);
    }
    tile::store::<S, R, N>(&low, halves[0], row);
    if N == 1 {
        tile::store::<S, R, N>(&high, halves[1], row);
    }
}
