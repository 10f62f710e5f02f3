//! Max and average pooling on one block: x `[C][H][W][block]` → y `[C][OH][OW][block]`. Taps in the padding
//! are left out.

use super::window::Window;
use crate::simd::{Simd, on_level};
use std::ops::Range;

/// A window: where its taps lie in the input, and which they are.
struct Taps {
    /// The offset of tap (0, 0), which may lie outside.
    start: usize,
    rows: Range<usize>,
    columns: Range<usize>,
}

impl Taps {
    /// Calls `f(offset in the input, number of the tap)` for every tap inside.
    #[inline(always)]
    fn each(&self, g: &Window, block: usize, mut f: impl FnMut(usize, usize)) {
        for i in self.rows.clone() {
            for j in self.columns.clone() {
                f(self.start.wrapping_add((i * g.input[1] + j) * block), i * g.kernel[1] + j);
            }
        }
    }
}

/// Calls `f(taps, output position [oh, ow], output offset)` for every output position of every channel.
#[inline(always)]
fn windows(g: &Window, block: usize, mut f: impl FnMut(Taps, [usize; 2], usize)) {
    for c in 0..g.channels {
        for oh in 0..g.output[0] {
            let rows = g.taps(0, oh);
            let h = (c * g.input[0] + oh * g.stride[0]).wrapping_sub(g.padding[0]);
            for ow in 0..g.output[1] {
                let start = h
                    .wrapping_mul(g.input[1])
                    .wrapping_add(ow * g.stride[1])
                    .wrapping_sub(g.padding[1])
                    .wrapping_mul(block);
                let taps = Taps { start, rows: rows.clone(), columns: g.taps(1, ow) };
                f(taps, [oh, ow], ((c * g.output[0] + oh) * g.output[1] + ow) * block);
            }
        }
    }
}

on_level! {
    /// y = the largest of each window; `choice`, of y's size, notes which tap it was (the first of equals).
    pub fn max_forward(g: &Window, x: *const f32, y: *mut f32, choice: *mut f32) = max_forward_kernel
}

#[inline(always)]
unsafe fn max_forward_kernel<S: Simd>(g: &Window, x: *const f32, y: *mut f32, choice: *mut f32) {
    let block = 2 * S::LANES;
    windows(g, block, |taps, _, to| {
        let first = taps.rows.start * g.kernel[1] + taps.columns.start;
        let from = taps.start.wrapping_add((taps.rows.start * g.input[1] + taps.columns.start) * block);
        for half in [0, S::LANES] {
            let mut best = S::load(x.add(from + half));
            let mut tap = S::splat(first as f32);
            taps.each(g, block, |at, number| {
                let value = S::load(x.add(at + half));
                let larger = S::greater(value, best);
                best = S::select(larger, value, best);
                tap = S::select(larger, S::splat(number as f32), tap);
            });
            S::store(y.add(to + half), best);
            S::store(choice.add(to + half), tap);
        }
    });
}

on_level! {
    /// dx = dy at the chosen taps, zero elsewhere.
    pub fn max_backward(g: &Window, dy: *const f32, choice: *const f32, dx: *mut f32) = max_backward_kernel
}

#[inline(always)]
unsafe fn max_backward_kernel<S: Simd>(g: &Window, dy: *const f32, choice: *const f32, dx: *mut f32) {
    let block = 2 * S::LANES;
    fill::<S>(dx, g.channels * g.input[0] * g.input[1]);
    windows(g, block, |taps, _, to| {
        for half in [0, S::LANES] {
            let delta = S::load(dy.add(to + half));
            let tap = S::load(choice.add(to + half));
            taps.each(g, block, |at, number| {
                let p = dx.add(at + half);
                let chosen = S::equal(tap, S::splat(number as f32));
                S::store(p, S::add(S::load(p), S::select(chosen, delta, S::splat(0.0))));
            });
        }
    });
}

/// 1 / the values that the mean of a window is taken over: the taps inside, or those within the padding too.
#[inline(always)]
fn share(g: &Window, count_padding: bool, taps: &Taps, at: [usize; 2]) -> f32 {
    let count = |d: usize, inside: &Range<usize>| {
        if count_padding {
            g.kernel[d].min(g.input[d] + g.padding[d] + g.end[d] - at[d] * g.stride[d])
        } else {
            inside.len()
        }
    };
    1.0 / (count(0, &taps.rows) * count(1, &taps.columns)) as f32
}

on_level! {
    /// y = the mean of each window.
    pub fn average_forward(g: &Window, count_padding: bool, x: *const f32, y: *mut f32) = average_forward_kernel
}

#[inline(always)]
unsafe fn average_forward_kernel<S: Simd>(g: &Window, count_padding: bool, x: *const f32, y: *mut f32) {
    let block = 2 * S::LANES;
    windows(g, block, |taps, position, to| {
        let share = S::splat(share(g, count_padding, &taps, position));
        for half in [0, S::LANES] {
            let mut sum = S::splat(0.0);
            taps.each(g, block, |at, _| sum = S::add(sum, S::load(x.add(at + half))));
            S::store(y.add(to + half), S::mul(sum, share));
        }
    });
}

on_level! {
    /// dx = dy shared out evenly over each window.
    pub fn average_backward(g: &Window, count_padding: bool, dy: *const f32, dx: *mut f32) = average_backward_kernel
}

#[inline(always)]
unsafe fn average_backward_kernel<S: Simd>(g: &Window, count_padding: bool, dy: *const f32, dx: *mut f32) {
    let block = 2 * S::LANES;
    fill::<S>(dx, g.channels * g.input[0] * g.input[1]);
    windows(g, block, |taps, position, to| {
        let share = S::splat(share(g, count_padding, &taps, position));
        for half in [0, S::LANES] {
            let delta = S::mul(S::load(dy.add(to + half)), share);
            taps.each(g, block, |at, _| {
                let p = dx.add(at + half);
                S::store(p, S::add(S::load(p), delta));
            });
        }
    });
}

#[inline(always)]
unsafe fn fill<S: Simd>(p: *mut f32, features: usize) {
    for i in 0..features * 2 {
        S::store(p.add(i * S::LANES), S::splat(0.0));
    }
}
