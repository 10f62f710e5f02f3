//! Softmax over the features of each sample, and its cross-entropy: every lane is a sample.

use crate::simd::{Simd, math, on_level};

on_level! {
    /// y = e^(x − max x) / Σ e^(x − max x) over `features`; `log_sum` (one row) receives ln Σ eˣ, unless null. A NaN makes all
    /// values of its sample NaN.
    pub fn forward(x: *const f32, y: *mut f32, log_sum: *mut f32, features: usize) = forward_kernel
}

#[inline(always)]
unsafe fn forward_kernel<S: Simd>(x: *const f32, y: *mut f32, log_sum: *mut f32, features: usize) {
    let block = 2 * S::LANES;
    for half in [0, S::LANES] {
        let mut largest = S::load(x.add(half));
        for f in 1..features {
            largest = S::at_least(largest, S::load(x.add(f * block + half)));
        }
        let mut sum = S::splat(0.0);
        for f in 0..features {
            let e = math::exp_scaled::<S>(S::sub(S::load(x.add(f * block + half)), largest));
            S::store(y.add(f * block + half), e);
            sum = S::add(sum, e);
        }
        let share = S::div(S::splat(1.0), sum);
        for f in 0..features {
            let p = y.add(f * block + half);
            S::store(p, S::mul(S::load(p), share));
        }
        if !log_sum.is_null() {
            S::store(log_sum.add(half), log_of_sum::<S>(largest, sum));
        }
    }
}

/// ln Σ eˣ, from the largest x and Σ 2⁶⁴·e^(x − largest).
#[inline(always)]
unsafe fn log_of_sum<S: Simd>(largest: S::V, sum: S::V) -> S::V {
    S::add(largest, math::log::<S>(S::mul(sum, S::splat(math::UNSCALE))))
}

on_level! {
    /// dx = y·(dy − Σ y·dy); dx may be dy.
    pub fn backward(y: *const f32, dy: *const f32, dx: *mut f32, features: usize) = backward_kernel
}

#[inline(always)]
unsafe fn backward_kernel<S: Simd>(y: *const f32, dy: *const f32, dx: *mut f32, features: usize) {
    let block = 2 * S::LANES;
    for half in [0, S::LANES] {
        let mut dot = S::splat(0.0);
        for f in 0..features {
            dot = S::madd(S::load(y.add(f * block + half)), S::load(dy.add(f * block + half)), dot);
        }
        for f in 0..features {
            let at = f * block + half;
            S::store(dx.add(at), S::mul(S::load(y.add(at)), S::sub(S::load(dy.add(at)), dot)));
        }
    }
}

on_level! {
    /// z = ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), for `features` rows.
    pub fn softplus(x: *const f32, z: *mut f32, features: usize) = softplus_kernel
}

#[inline(always)]
unsafe fn softplus_kernel<S: Simd>(x: *const f32, z: *mut f32, features: usize) {
    for i in 0..features * 2 {
        S::store(z.add(i * S::LANES), math::softplus::<S>(S::load(x.add(i * S::LANES))));
    }
}

on_level! {
    /// y = x − ln Σ eˣ over `features`.
    pub fn log_forward(x: *const f32, y: *mut f32, features: usize) = log_forward_kernel
}

#[inline(always)]
unsafe fn log_forward_kernel<S: Simd>(x: *const f32, y: *mut f32, features: usize) {
    let block = 2 * S::LANES;
    for half in [0, S::LANES] {
        let mut largest = S::load(x.add(half));
        for f in 1..features {
            largest = S::at_least(largest, S::load(x.add(f * block + half)));
        }
        let mut sum = S::splat(0.0);
        for f in 0..features {
            sum = S::add(sum, math::exp_scaled::<S>(S::sub(S::load(x.add(f * block + half)), largest)));
        }
        let log_sum = log_of_sum::<S>(largest, sum);
        for f in 0..features {
            let at = f * block + half;
            S::store(y.add(at), S::sub(S::load(x.add(at)), log_sum));
        }
    }
}

on_level! {
    /// dx = dy − e^y · Σ dy, from the outputs y of [`log_forward`]; dx may be dy.
    pub fn log_backward(y: *const f32, dy: *const f32, dx: *mut f32, features: usize) = log_backward_kernel
}

#[inline(always)]
unsafe fn log_backward_kernel<S: Simd>(y: *const f32, dy: *const f32, dx: *mut f32, features: usize) {
    let block = 2 * S::LANES;
    for half in [0, S::LANES] {
        let mut sum = S::splat(0.0);
        for f in 0..features {
            sum = S::add(sum, S::load(dy.add(f * block + half)));
        }
        for f in 0..features {
            let at = f * block + half;
            let share = math::exp_negative::<S>(S::load(y.add(at)));
            S::store(dx.add(at), S::nmadd(share, sum, S::load(dy.add(at))));
        }
    }
}

on_level! {
    /// y = 1 / (1 + e⁻ˣ), for `features` rows.
    pub fn sigmoid(x: *const f32, y: *mut f32, features: usize) = sigmoid_kernel
}

#[inline(always)]
unsafe fn sigmoid_kernel<S: Simd>(x: *const f32, y: *mut f32, features: usize) {
    for i in 0..features * 2 {
        S::store(y.add(i * S::LANES), math::sigmoid::<S>(S::load(x.add(i * S::LANES))));
    }
}
