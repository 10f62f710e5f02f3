//! y = w ∗ x + b.

use super::{PACKED, Packed, pieces};
use crate::simd::{Simd, on_level};
use crate::tile::{self, tiles};
use crate::window::{Offsets, Window};
use std::mem::MaybeUninit;
use std::ops::Range;

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
