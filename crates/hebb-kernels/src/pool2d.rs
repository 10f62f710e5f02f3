//! Max and average pooling on one block: x `[C][H][W][block]` → y `[C][OH][OW][block]`. Taps in the padding are left
//! out.

use super::window::Window;
use crate::simd::{Simd, on_level};
use std::ops::Range;

/// A window: the offsets of its taps in the input, and their numbers.
struct Taps {
    /// The offset of tap (0, 0), which may be outside.
    start: usize,
    /// Rows and columns of the window.
    inside: [Range<usize>; 2],
}

impl Taps {
    /// The offset of the first tap inside, and its number.
    #[inline(always)]
    fn first(&self, g: &Window, block: usize) -> (usize, usize) {
        let [row, column] = [0, 1].map(|d: usize| self.inside[d].start);
        (self.start.wrapping_add((row * g.input[1] + column) * block), row * g.kernel[1] + column)
    }

    /// Calls `f(offset in the input, number of the tap)` for every tap inside; skips the first `known` of a full window.
    #[inline(always)]
    fn each(&self, g: &Window, block: usize, known: usize, mut f: impl FnMut(usize, usize)) {
        // The full window, without loops.
        if g.kernel == [2, 2] && self.inside == [0..2, 0..2] {
            for tap in known..4 {
                f(self.start.wrapping_add((tap / 2 * g.input[1] + tap % 2) * block), tap);
            }
            return;
        }
        let [rows, columns] = &self.inside;
        for i in rows.clone() {
            for j in columns.clone() {
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
                let taps = Taps { start, inside: [rows.clone(), g.taps(1, ow)] };
                f(taps, [oh, ow], ((c * g.output[0] + oh) * g.output[1] + ow) * block);
            }
        }
    }
}

on_level! {
    /// y = the maximum of each window, or NaN if it contains one; `choice`, unless null, receives its tap (the first of equal
    /// ones, the last NaN).
    pub fn max_forward(g: &Window, x: *const f32, y: *mut f32, choice: *mut f32) = max_forward_kernel
}

#[inline(always)]
unsafe fn max_forward_kernel<S: Simd>(g: &Window, x: *const f32, y: *mut f32, choice: *mut f32) {
    // Comparing numbers takes half the time of looking for NaN in each; the sum over x is NaN if x contains one.
    if !max_windows::<S, false>(g, x, y, choice) {
        max_windows::<S, true>(g, x, y, choice);
    }
}

/// As [`max_forward`]. Without `ANY` only if x contains numbers alone; returns false if it may not (a NaN, or both infinities).
#[inline(always)]
unsafe fn max_windows<S: Simd, const ANY: bool>(
    g: &Window,
    x: *const f32,
    y: *mut f32,
    choice: *mut f32,
) -> bool {
    let (block, choosing) = (2 * S::LANES, !choice.is_null());
    let mut total = S::splat(0.0);
    windows(g, block, |taps, _, to| {
        let (from, first) = taps.first(g, block);
        let mut best = [S::load(x.add(from)), S::load(x.add(from + S::LANES))];
        let (mut sum, mut tap) = (best, [S::splat(first as f32); 2]);
        taps.each(g, block, 1, |at, number| {
            let number = S::splat(number as f32);
            for half in 0..2 {
                let value = S::load(x.add(at + half * S::LANES));
                let mut larger = S::greater(value, best[half]);
                if ANY {
                    larger = S::either(larger, S::unordered(value, value));
                    best[half] = S::select(larger, value, best[half]);
                } else {
                    sum[half] = S::add(sum[half], value);
                    best[half] = S::at_least(best[half], value);
                }
                if choosing {
                    tap[half] = S::select(larger, number, tap[half]);
                }
            }
        });
        if !ANY {
            total = S::add(total, S::add(sum[0], sum[1]));
        }
        if choosing {
            S::store(choice.add(to), tap[0]);
            S::store(choice.add(to + S::LANES), tap[1]);
        }
        S::store(y.add(to), best[0]);
        S::store(y.add(to + S::LANES), best[1]);
    });
    !S::sum(total).is_nan()
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
        let delta = [S::load(dy.add(to)), S::load(dy.add(to + S::LANES))];
        let tap = [S::load(choice.add(to)), S::load(choice.add(to + S::LANES))];
        taps.each(g, block, 0, |at, number| {
            let number = S::splat(number as f32);
            for half in 0..2 {
                let p = dx.add(at + half * S::LANES);
                let chosen = S::equal(tap[half], number);
                S::store(p, S::add(S::load(p), S::select(chosen, delta[half], S::splat(0.0))));
            }
        });
    });
}

/// What the sum of a window is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divisor {
    /// The number of taps inside the image.
    Inside,
    /// That of those in the padding too.
    Padded,
    /// 1: a sum, not a mean.
    One,
}

/// 1 / the divisor of a window.
#[inline(always)]
pub(super) fn share(g: &Window, divisor: Divisor, taps: &[Range<usize>; 2], at: [usize; 2]) -> f32 {
    let count = |d: usize, inside: &Range<usize>| match divisor {
        Divisor::Inside => inside.len(),
        Divisor::Padded => g.kernel[d].min(g.input[d] + g.padding[d] + g.end[d] - at[d] * g.stride[d]),
        Divisor::One => 1,
    };
    1.0 / (count(0, &taps[0]) * count(1, &taps[1])) as f32
}

on_level! {
    /// y = the sum of each window / its divisor.
    pub fn average_forward(g: &Window, divisor: Divisor, x: *const f32, y: *mut f32) = average_forward_kernel
}

#[inline(always)]
unsafe fn average_forward_kernel<S: Simd>(g: &Window, divisor: Divisor, x: *const f32, y: *mut f32) {
    let block = 2 * S::LANES;
    windows(g, block, |taps, position, to| {
        let share = S::splat(share(g, divisor, &taps.inside, position));
        let mut sums = [S::splat(0.0); 2];
        taps.each(g, block, 0, |at, _| {
            for half in 0..2 {
                sums[half] = S::add(sums[half], S::load(x.add(at + half * S::LANES)));
            }
        });
        S::store(y.add(to), S::mul(sums[0], share));
        S::store(y.add(to + S::LANES), S::mul(sums[1], share));
    });
}

on_level! {
    /// dx = dy / the divisor for each value of its window.
    pub fn average_backward(g: &Window, divisor: Divisor, dy: *const f32, dx: *mut f32) = average_backward_kernel
}

#[inline(always)]
unsafe fn average_backward_kernel<S: Simd>(g: &Window, divisor: Divisor, dy: *const f32, dx: *mut f32) {
    let block = 2 * S::LANES;
    fill::<S>(dx, g.channels * g.input[0] * g.input[1]);
    windows(g, block, |taps, position, to| {
        let share = S::splat(share(g, divisor, &taps.inside, position));
        let delta = [S::mul(S::load(dy.add(to)), share), S::mul(S::load(dy.add(to + S::LANES)), share)];
        taps.each(g, block, 0, |at, _| {
            for half in 0..2 {
                let p = dx.add(at + half * S::LANES);
                S::store(p, S::add(S::load(p), delta[half]));
            }
        });
    });
}

#[inline(always)]
unsafe fn fill<S: Simd>(p: *mut f32, features: usize) {
    for i in 0..features * 2 {
        S::store(p.add(i * S::LANES), S::splat(0.0));
    }
}
