//! The gradient of the input: at each of its positions the taps that read it.

use super::{PACKED, Packed, pieces};
use crate::simd::{Simd, on_level};
use crate::tile::{self, tiles};
use crate::window::{Offsets, TapRun, Window};
use std::mem::MaybeUninit;
use std::ops::Range;

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
