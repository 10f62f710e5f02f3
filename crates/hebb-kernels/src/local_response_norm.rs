//! Local response normalisation across channels on one block: x `[C][H·W][block]`.

use crate::simd::{Simd, math, on_level};

/// The sizes and constants of a local response normalisation.
#[derive(Clone, Copy, Debug)]
pub struct Response {
    /// Channels.
    pub channels: usize,
    /// H·W.
    pub plane: usize,
    /// Neighbouring channels per sum.
    pub size: usize,
    /// α.
    pub alpha: f32,
    /// β.
    pub beta: f32,
    /// k.
    pub k: f32,
}

impl Response {
    /// The channels that `c` sums over; as in PyTorch if `size` is even.
    #[inline(always)]
    fn neighbours(&self, c: usize) -> std::ops::Range<usize> {
        c.saturating_sub(self.size / 2)..(c + self.size.div_ceil(2)).min(self.channels)
    }

    /// The channels whose sums contain `c`.
    #[inline(always)]
    fn readers(&self, c: usize) -> std::ops::Range<usize> {
        (c + 1).saturating_sub(self.size.div_ceil(2))..(c + self.size / 2 + 1).min(self.channels)
    }
}

on_level! {
    /// y = x · s^−β with s = k + α/size · Σ x² over the neighbouring channels; `s` is of x's size.
    pub fn forward(g: &Response, x: *const f32, y: *mut f32, s: *mut f32) = forward_kernel
}

#[inline(always)]
unsafe fn forward_kernel<S: Simd>(g: &Response, x: *const f32, y: *mut f32, s: *mut f32) {
    let (row, share) = (g.plane * 2 * S::LANES, S::splat(g.alpha / g.size as f32));
    for c in 0..g.channels {
        for p in (0..row).step_by(S::LANES) {
            let mut sum = S::splat(0.0);
            for n in g.neighbours(c) {
                let value = S::load(x.add(n * row + p));
                sum = S::madd(value, value, sum);
            }
            let sum = S::madd(share, sum, S::splat(g.k));
            S::store(s.add(c * row + p), sum);
            S::store(
                y.add(c * row + p),
                S::mul(S::load(x.add(c * row + p)), math::power_of_positive::<S>(sum, -g.beta)),
            );
        }
    }
}

on_level! {
    /// dx of [`forward`], from its x, y and s: dy·s^−β − 2αβ/size · x · Σ dy·y/s over the channels that read x.
    pub fn backward(g: &Response, x: *const f32, y: *const f32, s: *const f32, dy: *const f32, dx: *mut f32) = backward_kernel
}

#[inline(always)]
unsafe fn backward_kernel<S: Simd>(
    g: &Response,
    x: *const f32,
    y: *const f32,
    s: *const f32,
    dy: *const f32,
    dx: *mut f32,
) {
    let (row, share) = (g.plane * 2 * S::LANES, S::splat(2.0 * g.alpha * g.beta / g.size as f32));
    for c in 0..g.channels {
        for p in (0..row).step_by(S::LANES) {
            let mut sum = S::splat(0.0);
            for n in g.readers(c) {
                let at = n * row + p;
                sum = S::madd(S::load(dy.add(at)), S::div(S::load(y.add(at)), S::load(s.add(at))), sum);
            }
            let at = c * row + p;
            let own = S::mul(S::load(dy.add(at)), math::power_of_positive::<S>(S::load(s.add(at)), -g.beta));
            S::store(dx.add(at), S::nmadd(S::mul(share, S::load(x.add(at))), sum, own));
        }
    }
}
