//! Convolution on one block, directly: x `[C][H][W][block]`, weights `[F][C][KH][KW]`, y `[F][OH][OW][block]`.
//!
//! For one output position and a tile of filters the sum runs over (c, kh) and, innermost, over a run of
//! kw: both the weights and the samples of such a run lie at constant steps, so that a run is one call of
//! the micro-kernel. At the borders the runs are cut short; nothing is padded or copied, and no work is
//! done twice. The two gradients are the same walk seen from the input and from the weights.

use super::tile::{self, tiles};
use super::window::{Offsets, Readers, Window};
use crate::simd::{Simd, on_level};
use std::ops::Range;

on_level! {
    /// y = w ∗ x + b for the filters of `rows`; b may be null.
    pub fn forward(g: &Window, o: &Offsets, w: *const f32, bias: *const f32, x: *const f32, y: *mut f32, rows: Range<usize>) = forward_kernel
}

#[inline(always)]
unsafe fn forward_kernel<S: Simd>(
    g: &Window,
    o: &Offsets,
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
        o,
        w.add(row * filter),
        (!bias.is_null()).then(|| bias.add(row)),
        x,
        y.add(row * plane)
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
    for oh in 0..g.output[0] {
        let rows = g.taps(0, oh);
        let mut ow = 0;
        while ow < g.output[1] {
            let columns = g.taps(1, ow);
            let twice = R <= 2 && g.stride[1] == 1 && ow + 1 < g.output[1] && g.taps(1, ow + 1) == columns;
            let at = [oh, ow];
            if twice {
                forward_at::<S, R, 4>(g, o, w, bias, x, y, at, &rows, &columns);
            } else {
                forward_at::<S, R, 2>(g, o, w, bias, x, y, at, &rows, &columns);
            }
            ow += 1 + usize::from(twice);
        }
    }
}

/// R filters at one output position, or at two that lie side by side and have the same taps: C vectors.
#[inline(always)]
unsafe fn forward_at<S: Simd, const R: usize, const C: usize>(
    g: &Window,
    o: &Offsets,
    w: *const f32,
    bias: Option<*const f32>,
    x: *const f32,
    y: *mut f32,
    [oh, ow]: [usize; 2],
    rows: &Range<usize>,
    columns: &Range<usize>,
) {
    let block = 2 * S::LANES;
    let [kh, kw] = g.kernel;
    let plane = g.output[0] * g.output[1] * block;
    let y = y.add((oh * g.output[1] + ow) * block);
    let filter = g.channels * kh * kw;
    let mut sums = tile::splat::<S, R, C>(bias);
    if rows.len() == kh && columns.len() == kw && !o.forward.is_empty() {
        let first = (oh * g.stride[0] - g.padding[0]) * g.input[1] + ow * g.stride[1] - g.padding[1];
        let (x, offsets) = (x.add(first * block), o.forward.as_ptr());
        tile::multiply_at::<S, R, C>(&mut sums, w, filter, x, block, offsets, o.forward.len());
        tile::store::<S, R, C>(&sums, y, plane);
        return;
    }
    for c in 0..g.channels {
        for i in rows.clone() {
            let h = oh * g.stride[0] + i * g.dilation[0] - g.padding[0];
            // Wrapping, for a run without taps may start outside; nothing of it is read.
            let v = (ow * g.stride[1] + columns.start * g.dilation[1]).wrapping_sub(g.padding[1]);
            let a = w.add((c * kh + i) * kw + columns.start);
            let b = x.wrapping_add(((c * g.input[0] + h) * g.input[1]).wrapping_add(v).wrapping_mul(block));
            let step = (g.dilation[1] * block) as isize;
            tile::multiply::<S, R, C>(&mut sums, a, filter, 1, b, step, columns.len());
        }
    }
    tile::store::<S, R, C>(&sums, y, plane);
}

on_level! {
    /// dx = the gradient of the input for the channels of `rows`; dy is `[F][OH][OW][block]`.
    pub fn backward_input(g: &Window, o: &Offsets, w: *const f32, dy: *const f32, dx: *mut f32, rows: Range<usize>) = backward_input_kernel
}

#[inline(always)]
unsafe fn backward_input_kernel<S: Simd>(
    g: &Window,
    o: &Offsets,
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
    rows: Range<usize>,
) {
    let taps = g.kernel[0] * g.kernel[1];
    let plane = g.input[0] * g.input[1] * 2 * S::LANES;
    tiles!(rows, |row| backward_input_tile::<S>(g, o, w.add(row * taps), dy, dx.add(row * plane)));
}

#[inline(always)]
unsafe fn backward_input_tile<S: Simd, const R: usize>(
    g: &Window,
    o: &Offsets,
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
) {
    for h in 0..g.input[0] {
        let rows = g.readers(0, h);
        let mut v = 0;
        while v < g.input[1] {
            let columns = g.readers(1, v);
            // The next position is read through the same taps, by the next outputs.
            let twice = R <= 2 && v + 1 < g.input[1] && {
                let next = g.readers(1, v + 1);
                (next.tap, next.count, next.output) == (columns.tap, columns.count, columns.output + 1)
            };
            let at = (h * g.input[1] + v) * 2 * S::LANES;
            if twice {
                backward_input_at::<S, R, 4>(g, o, w, dy, dx.add(at), &rows, &columns);
            } else {
                backward_input_at::<S, R, 2>(g, o, w, dy, dx.add(at), &rows, &columns);
            }
            v += 1 + usize::from(twice);
        }
    }
}

/// R channels at one input position, or at two side by side.
#[inline(always)]
unsafe fn backward_input_at<S: Simd, const R: usize, const C: usize>(
    g: &Window,
    o: &Offsets,
    w: *const f32,
    dy: *const f32,
    dx: *mut f32,
    rows: &Readers,
    columns: &Readers,
) {
    let block = 2 * S::LANES;
    let [kh, kw] = g.kernel;
    let back = -((columns.back * block) as isize);
    let mut sums = tile::splat::<S, R, C>(None);
    let dx_plane = g.input[0] * g.input[1] * block;
    let whole = [rows.count, columns.count] == g.kernel && !o.backward.is_empty();
    for f in 0..g.filters {
        if whole {
            // The last tap is read by the earliest output.
            let first = (rows.output - (kh - 1) * g.dilation[0]) * g.output[1] + columns.output
                - (kw - 1) * g.dilation[1];
            let b = dy.add((f * g.output[0] * g.output[1] + first) * block);
            let a = w.add(f * g.channels * kh * kw);
            tile::multiply_at::<S, R, C>(&mut sums, a, kh * kw, b, block, o.backward.as_ptr(), kh * kw);
            continue;
        }
        for i in 0..rows.count {
            // Wrapping, for a run without taps may start outside; nothing of it is read.
            let a = w.wrapping_add(((f * g.channels) * kh + rows.tap + i * rows.step) * kw + columns.tap);
            let oh = rows.output - i * rows.back;
            let b = dy.add(((f * g.output[0] + oh) * g.output[1] + columns.output) * block);
            tile::multiply::<S, R, C>(&mut sums, a, kh * kw, columns.step, b, back, columns.count);
        }
    }
    tile::store::<S, R, C>(&sums, dx, dx_plane);
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

/// For a tile of R filters: two channels, or two taps of a last single channel, share their reads of dy.
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

/// dW of R filters × C partners, which are neighbours in their channel or their tap, as `[channel, tap]` says: R·C
/// accumulators, whose lanes are samples until the end, over all output positions at which each reads inside
/// the input.
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
    let mut sums = [[[S::splat(0.0); 2]; C]; R];
    // The later tap reads inside the input for columns that are no later.
    let (first, last) = (g.positions(1, j), g.positions(1, j + (C - 1) * next_tap));
    let both = first.start..last.end.max(first.start).min(first.end);
    let plane = g.input[0] * g.input[1];
    let apart = (next_channel * plane + next_tap * g.dilation[1]) * block;
    for oh in g.positions(0, i) {
        let h = (channel * g.input[0] + oh * g.stride[0] + i * g.dilation[0] - g.padding[0]) * g.input[1];
        let row = dy.add(oh * g.output[1] * block);
        // Where the input of output column `at` lies, for the partner c; wrapping, for what is not read may lie outside.
        let from = |at: usize, c: usize| {
            let v = (at * g.stride[1] + (j + c * next_tap) * g.dilation[1]).wrapping_sub(g.padding[1]);
            x.wrapping_add(h.wrapping_add(v).wrapping_add(c * next_channel * plane).wrapping_mul(block))
        };
        let at = both.start;
        outer::<S, R, C, C>(g, &mut sums, 0, from(at, 0), apart, row.add(at * block), both.len());
        if C == 2 && next_tap == 1 {
            let early = last.start..last.end.min(both.start);
            outer::<S, R, C, 1>(
                g,
                &mut sums,
                1,
                from(early.start, 1),
                0,
                row.add(early.start * block),
                early.len(),
            );
            let late = both.end..first.end;
            outer::<S, R, C, 1>(
                g,
                &mut sums,
                0,
                from(late.start, 0),
                0,
                row.add(late.start * block),
                late.len(),
            );
        }
    }
    for r in 0..R {
        for c in 0..C {
            let to = ((channel + c * next_channel) * kh + i) * kw + j + c * next_tap;
            *dw.add(r * g.channels * kh * kw + to) += S::sum(S::add(sums[r][c][0], sums[r][c][1]));
        }
    }
}

/// Adds the products of R rows of dy and N inputs, `apart` from each other, at `count` output columns to the sums
/// from partner `c` on.
#[inline(always)]
unsafe fn outer<S: Simd, const R: usize, const C: usize, const N: usize>(
    g: &Window,
    sums: &mut [[[S::V; 2]; C]; R],
    c: usize,
    mut x: *const f32,
    apart: usize,
    mut dy: *const f32,
    count: usize,
) {
    let block = 2 * S::LANES;
    let plane = g.output[0] * g.output[1] * block;
    for _ in 0..count {
        for half in 0..2 {
            let mut values = [S::splat(0.0); N];
            for n in 0..N {
                values[n] = S::load(x.add(n * apart + half * S::LANES));
            }
            for r in 0..R {
                let delta = S::load(dy.add(r * plane + half * S::LANES));
                for n in 0..N {
                    // With two partners eight sums hide the latency; with one, halves double them.
                    let into = if N == 1 { half } else { 0 };
                    sums[r][c + n][into] = S::madd(delta, values[n], sums[r][c + n][into]);
                }
            }
        }
        dy = dy.wrapping_add(block);
        x = x.wrapping_add(g.stride[1] * block);
    }
}
