//! The elementwise activations on one block. Most derivatives are functions of the output alone, so that they can work in
//! place.

use crate::simd::{Simd, math, on_level};

/// An elementwise activation that is not the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elementwise {
    /// 1 / (1 + e⁻ˣ); derivative y·(1 − y).
    Sigmoid,
    /// tanh x; derivative 1 − y².
    Tanh,
    /// max(0, x); derivative 1 if y > 0, else 0.
    Relu,
    /// x·σ(x); derivative σ(x)·(1 + x − y), which needs x.
    Silu,
}

impl Elementwise {
    /// Whether the derivative needs the net input besides the output.
    pub fn needs_input(self) -> bool {
        self == Elementwise::Silu
    }
}

on_level! {
    /// y = f(x) for `features` rows of a block; y may be x.
    pub fn forward(kind: Elementwise, x: *const f32, y: *mut f32, features: usize) = forward_kernel
}

#[inline(always)]
unsafe fn forward_kernel<S: Simd>(kind: Elementwise, x: *const f32, y: *mut f32, features: usize) {
    match kind {
        Elementwise::Sigmoid => map::<S>(x, y, features, |x| math::sigmoid::<S>(x)),
        Elementwise::Tanh => map::<S>(x, y, features, |x| math::tanh::<S>(x)),
        Elementwise::Relu => map::<S>(x, y, features, |x| S::at_least(x, S::splat(0.0))),
        Elementwise::Silu => map::<S>(x, y, features, |x| S::mul(x, math::sigmoid::<S>(x))),
    }
}

#[inline(always)]
unsafe fn map<S: Simd>(x: *const f32, y: *mut f32, features: usize, f: impl Fn(S::V) -> S::V) {
    for i in 0..features * 2 {
        S::store(y.add(i * S::LANES), f(S::load(x.add(i * S::LANES))));
    }
}

on_level! {
    /// dx = dy·f′, with f′ from the outputs y and, if the kind needs them, the inputs x; dx may be dy.
    pub fn backward(kind: Elementwise, x: *const f32, y: *const f32, dy: *const f32, dx: *mut f32, features: usize) = backward_kernel
}

#[inline(always)]
unsafe fn backward_kernel<S: Simd>(
    kind: Elementwise,
    x: *const f32,
    y: *const f32,
    dy: *const f32,
    dx: *mut f32,
    features: usize,
) {
    let one = S::splat(1.0);
    match kind {
        Elementwise::Sigmoid => {
            scale::<S>(y, dy, dx, features, |y, d, _| S::mul(d, S::mul(y, S::sub(one, y))))
        }
        Elementwise::Tanh => scale::<S>(y, dy, dx, features, |y, d, _| S::mul(d, S::nmadd(y, y, one))),
        Elementwise::Relu => scale::<S>(y, dy, dx, features, |y, d, _| {
            // Otherwise y is 0 or NaN.
            S::select(S::greater(y, S::splat(0.0)), d, y)
        }),
        Elementwise::Silu => scale::<S>(y, dy, dx, features, |y, d, i| {
            let x = S::load(x.add(i));
            S::mul(d, S::mul(math::sigmoid::<S>(x), S::add(one, S::sub(x, y))))
        }),
    }
}

#[inline(always)]
unsafe fn scale<S: Simd>(
    y: *const f32,
    dy: *const f32,
    dx: *mut f32,
    features: usize,
    f: impl Fn(S::V, S::V, usize) -> S::V,
) {
    for i in (0..features * 2 * S::LANES).step_by(S::LANES) {
        S::store(dx.add(i), f(S::load(y.add(i)), S::load(dy.add(i)), i));
    }
}
