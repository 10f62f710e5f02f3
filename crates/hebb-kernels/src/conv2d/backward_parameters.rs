//! The gradient of the weights and of the bias: sums over all positions and samples.

use crate::simd::{Simd, on_level};
use crate::tile::{self, tiles};
use crate::window::Window;
use std::hint::black_box;
use std::ops::Range;

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
