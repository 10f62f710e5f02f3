//! The elementwise activations on one block, in place. Each derivative is a function of the output alone.

use crate::simd::{Simd, math, on_level};

/// An elementwise activation that is not the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elementwise {
    /// 1 / (1 + e⁻ˣ); derivative y·(1 − y).
    Sigmoid,
    /// tanh x; derivative 1 − y².
    Tanh,
    /// max(0, x); derivative 1 where y > 0, else 0.
    Relu,
}

on_level! {
    /// y = f(y) for `features` rows of a block.
    pub fn forward(kind: Elementwise, y: *mut f32, features: usize) = forward_kernel
}

#[inline(always)]
unsafe fn forward_kernel<S: Simd>(kind: Elementwise, y: *mut f32, features: usize) {
    match kind {
        Elementwise::Sigmoid => map::<S>(y, features, |y| math::sigmoid::<S>(y)),
        Elementwise::Tanh => map::<S>(y, features, |y| math::tanh::<S>(y)),
        Elementwise::Relu => map::<S>(y, features, |y| S::max(y, S::splat(0.0))),
    }
}

#[inline(always)]
unsafe fn map<S: Simd>(y: *mut f32, features: usize, f: impl Fn(S::V) -> S::V) {
    for i in 0..features * 2 {
        let p = y.add(i * S::LANES);
        S::store(p, f(S::load(p)));
    }
}

on_level! {
    /// dy = dy·f′, with f′ from the outputs y.
    pub fn backward(kind: Elementwise, y: *const f32, dy: *mut f32, features: usize) = backward_kernel
}

#[inline(always)]
unsafe fn backward_kernel<S: Simd>(kind: Elementwise, y: *const f32, dy: *mut f32, features: usize) {
    let one = S::splat(1.0);
    match kind {
        Elementwise::Sigmoid => scale::<S>(y, dy, features, |y, d| S::mul(d, S::mul(y, S::sub(one, y)))),
        Elementwise::Tanh => scale::<S>(y, dy, features, |y, d| S::mul(d, S::nmadd(y, y, one))),
        Elementwise::Relu => {
            scale::<S>(y, dy, features, |y, d| S::select(S::greater(y, S::splat(0.0)), d, S::splat(0.0)))
        }
    }
}

#[inline(always)]
unsafe fn scale<S: Simd>(y: *const f32, dy: *mut f32, features: usize, f: impl Fn(S::V, S::V) -> S::V) {
    for i in 0..features * 2 {
        let d = dy.add(i * S::LANES);
        S::store(d, f(S::load(y.add(i * S::LANES)), S::load(d)));
    }
}
