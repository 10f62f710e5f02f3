//! Max and average pooling on one block: x `[C][H][W][block]` → y `[C][OH][OW][block]`, without padding.

use super::conv2d::Window;
use crate::simd::{Simd, on_level};

/// Calls `f(input offset of the window, output offset)` for every output position of every channel.
#[inline(always)]
fn windows(g: &Window, block: usize, mut f: impl FnMut(usize, usize)) {
    for c in 0..g.channels {
        for oh in 0..g.output[0] {
            for ow in 0..g.output[1] {
                let from = (c * g.input[0] + oh * g.stride[0]) * g.input[1] + ow * g.stride[1];
                let to = (c * g.output[0] + oh) * g.output[1] + ow;
                f(from * block, to * block);
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
    windows(g, block, |from, to| {
        for half in [0, S::LANES] {
            let mut best = S::load(x.add(from + half));
            let mut tap = S::splat(0.0);
            for i in 0..g.kernel[0] {
                for j in 0..g.kernel[1] {
                    let value = S::load(x.add(from + half + (i * g.input[1] + j) * block));
                    let larger = S::greater(value, best);
                    best = S::select(larger, value, best);
                    tap = S::select(larger, S::splat((i * g.kernel[1] + j) as f32), tap);
                }
            }
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
    windows(g, block, |from, to| {
        for half in [0, S::LANES] {
            let delta = S::load(dy.add(to + half));
            let tap = S::load(choice.add(to + half));
            for i in 0..g.kernel[0] {
                for j in 0..g.kernel[1] {
                    let p = dx.add(from + half + (i * g.input[1] + j) * block);
                    let chosen = S::equal(tap, S::splat((i * g.kernel[1] + j) as f32));
                    S::store(p, S::add(S::load(p), S::select(chosen, delta, S::splat(0.0))));
                }
            }
        }
    });
}

on_level! {
    /// y = the mean of each window.
    pub fn average_forward(g: &Window, x: *const f32, y: *mut f32) = average_forward_kernel
}

#[inline(always)]
unsafe fn average_forward_kernel<S: Simd>(g: &Window, x: *const f32, y: *mut f32) {
    let block = 2 * S::LANES;
    let share = S::splat(1.0 / (g.kernel[0] * g.kernel[1]) as f32);
    windows(g, block, |from, to| {
        for half in [0, S::LANES] {
            let mut sum = S::splat(0.0);
            for i in 0..g.kernel[0] {
                for j in 0..g.kernel[1] {
                    sum = S::add(sum, S::load(x.add(from + half + (i * g.input[1] + j) * block)));
                }
            }
            S::store(y.add(to + half), S::mul(sum, share));
        }
    });
}

on_level! {
    /// dx = dy shared out evenly over each window.
    pub fn average_backward(g: &Window, dy: *const f32, dx: *mut f32) = average_backward_kernel
}

#[inline(always)]
unsafe fn average_backward_kernel<S: Simd>(g: &Window, dy: *const f32, dx: *mut f32) {
    let block = 2 * S::LANES;
    let share = S::splat(1.0 / (g.kernel[0] * g.kernel[1]) as f32);
    fill::<S>(dx, g.channels * g.input[0] * g.input[1]);
    windows(g, block, |from, to| {
        for half in [0, S::LANES] {
            let delta = S::mul(S::load(dy.add(to + half)), share);
            for i in 0..g.kernel[0] {
                for j in 0..g.kernel[1] {
                    let p = dx.add(from + half + (i * g.input[1] + j) * block);
                    S::store(p, S::add(S::load(p), delta));
                }
            }
        }
    });
}

#[inline(always)]
unsafe fn fill<S: Simd>(p: *mut f32, features: usize) {
    for i in 0..features * 2 {
        S::store(p.add(i * S::LANES), S::splat(0.0));
    }
}
