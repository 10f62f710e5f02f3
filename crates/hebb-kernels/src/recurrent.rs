//! The elementwise part of one time step of a recurrent layer's gates, on one block: the products are those of
//! [`dense`](crate::dense), the sigmoids and tangents those of [`activation`](crate::activation). Each buffer is
//! `[units][block]`, that of gates `[gates·units][block]`, gate by gate.

use crate::simd::{Simd, math, on_level};

on_level! {
    /// c = f·c₋₁ + i·g, h = o·tanh(c), from the gates i, f, g, o of an LSTM.
    pub fn lstm(gates: *const f32, before: *const f32, c: *mut f32, h: *mut f32, units: usize) = lstm_kernel
}

#[inline(always)]
unsafe fn lstm_kernel<S: Simd>(
    gates: *const f32,
    before: *const f32,
    c: *mut f32,
    h: *mut f32,
    units: usize,
) {
    let size = units * 2 * S::LANES;
    for at in (0..size).step_by(S::LANES) {
        let [i, f, g, o] = [0, 1, 2, 3].map(|gate| S::load(gates.add(gate * size + at)));
        let now = S::madd(f, S::load(before.add(at)), S::mul(i, g));
        S::store(c.add(at), now);
        S::store(h.add(at), S::mul(o, math::tanh::<S>(now)));
    }
}

on_level! {
    /// From ∂E/∂h and `dc`, ∂E/∂c that comes from the next time step, the slopes of the net inputs of i, f, g, o; `dc`
    /// becomes that of the step before.
    pub fn lstm_backward(gates: *const f32, before: *const f32, c: *const f32, dh: *const f32, dc: *mut f32, slopes: *mut f32, units: usize) = lstm_backward_kernel
}

#[inline(always)]
unsafe fn lstm_backward_kernel<S: Simd>(
    gates: *const f32,
    before: *const f32,
    c: *const f32,
    dh: *const f32,
    dc: *mut f32,
    slopes: *mut f32,
    units: usize,
) {
    let one = S::splat(1.0);
    let size = units * 2 * S::LANES;
    for at in (0..size).step_by(S::LANES) {
        let [i, f, g, o] = [0, 1, 2, 3].map(|gate| S::load(gates.add(gate * size + at)));
        let (dh, tanh) = (S::load(dh.add(at)), math::tanh::<S>(S::load(c.add(at))));
        let through = S::mul(S::mul(dh, o), S::nmadd(tanh, tanh, one));
        let all = S::add(S::load(dc.add(at)), through);
        let sigmoid = |slope, y| S::mul(slope, S::mul(y, S::sub(one, y)));
        let of = [
            sigmoid(S::mul(all, g), i),
            sigmoid(S::mul(all, S::load(before.add(at))), f),
            S::mul(S::mul(all, i), S::nmadd(g, g, one)),
            sigmoid(S::mul(dh, tanh), o),
        ];
        for (gate, slope) in of.into_iter().enumerate() {
            S::store(slopes.add(gate * size + at), slope);
        }
        S::store(dc.add(at), S::mul(all, f));
    }
}

on_level! {
    /// h = (1 − z)·n + z·h₋₁ of a GRU.
    pub fn blend(z: *const f32, n: *const f32, before: *const f32, h: *mut f32, units: usize) = blend_kernel
}

#[inline(always)]
unsafe fn blend_kernel<S: Simd>(z: *const f32, n: *const f32, before: *const f32, h: *mut f32, units: usize) {
    for at in (0..units * 2 * S::LANES).step_by(S::LANES) {
        let n = S::load(n.add(at));
        S::store(h.add(at), S::madd(S::load(z.add(at)), S::sub(S::load(before.add(at)), n), n));
    }
}

on_level! {
    /// From ∂E/∂h the slopes of the net inputs of z and n; `dh` becomes its part that h₋₁ gets through z.
    pub fn blend_backward(z: *const f32, n: *const f32, before: *const f32, dh: *mut f32, dz: *mut f32, dn: *mut f32, units: usize) = blend_backward_kernel
}

#[inline(always)]
unsafe fn blend_backward_kernel<S: Simd>(
    z: *const f32,
    n: *const f32,
    before: *const f32,
    dh: *mut f32,
    dz: *mut f32,
    dn: *mut f32,
    units: usize,
) {
    let one = S::splat(1.0);
    for at in (0..units * 2 * S::LANES).step_by(S::LANES) {
        let (z, n, slope) = (S::load(z.add(at)), S::load(n.add(at)), S::load(dh.add(at)));
        let rest = S::sub(one, z);
        let difference = S::sub(S::load(before.add(at)), n);
        S::store(dz.add(at), S::mul(S::mul(slope, difference), S::mul(z, rest)));
        S::store(dn.add(at), S::mul(S::mul(slope, rest), S::nmadd(n, n, one)));
        S::store(dh.add(at), S::mul(slope, z));
    }
}

on_level! {
    /// y = a·b, or y += a·b.
    pub fn multiply(a: *const f32, b: *const f32, y: *mut f32, adds: bool, units: usize) = multiply_kernel
}

#[inline(always)]
unsafe fn multiply_kernel<S: Simd>(a: *const f32, b: *const f32, y: *mut f32, adds: bool, units: usize) {
    for at in (0..units * 2 * S::LANES).step_by(S::LANES) {
        let start = if adds { S::load(y.add(at)) } else { S::splat(0.0) };
        S::store(y.add(at), S::madd(S::load(a.add(at)), S::load(b.add(at)), start));
    }
}

on_level! {
    /// The slope of the net input of the sigmoid r, whose output another value was multiplied by: dr = dy·other·r·(1 − r).
    pub fn gate_backward(r: *const f32, other: *const f32, dy: *const f32, dr: *mut f32, units: usize) = gate_backward_kernel
}

#[inline(always)]
unsafe fn gate_backward_kernel<S: Simd>(
    r: *const f32,
    other: *const f32,
    dy: *const f32,
    dr: *mut f32,
    units: usize,
) {
    let one = S::splat(1.0);
    for at in (0..units * 2 * S::LANES).step_by(S::LANES) {
        let r = S::load(r.add(at));
        let slope = S::mul(S::load(dy.add(at)), S::load(other.add(at)));
        S::store(dr.add(at), S::mul(slope, S::mul(r, S::sub(one, r))));
    }
}

on_level! {
    /// y = other in the lanes of samples that end before time step `t`, by their `lengths`, one row; 0 there if `other` is null.
    pub fn hold(lengths: *const f32, t: usize, other: *const f32, y: *mut f32, units: usize) = hold_kernel
}

#[inline(always)]
unsafe fn hold_kernel<S: Simd>(lengths: *const f32, t: usize, other: *const f32, y: *mut f32, units: usize) {
    for half in [0, S::LANES] {
        let goes_on = S::greater(S::load(lengths.add(half)), S::splat(t as f32));
        for unit in 0..units {
            let at = unit * 2 * S::LANES + half;
            let held = if other.is_null() { S::splat(0.0) } else { S::load(other.add(at)) };
            S::store(y.add(at), S::select(goes_on, S::load(y.add(at)), held));
        }
    }
}
