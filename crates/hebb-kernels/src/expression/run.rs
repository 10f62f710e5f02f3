//! Expressions over rows of values: operation by operation, a chunk at a time, so that intermediate results stay in the
//! first-level cache.

use super::{Operation, Program, SLOTS, Step, Target};
use crate::simd::{Simd, math, on_level};
use std::mem::MaybeUninit;

/// Values per chunk.
const CHUNK: usize = 64;

on_level! {
    /// Runs a program over `size` values, a multiple of a vector's: `inputs` and `outputs` point to its pointers. An output
    /// may be an input.
    pub fn run(program: &Program, inputs: *const *const f32, outputs: *const *mut f32, size: usize) = kernel
}

#[inline(always)]
unsafe fn kernel<S: Simd>(
    program: &Program,
    inputs: *const *const f32,
    outputs: *const *mut f32,
    size: usize,
) {
    let mut memory = [const { MaybeUninit::<f32>::uninit() }; SLOTS * CHUNK];
    let slots = memory.as_mut_ptr().cast::<f32>();
    for &(slot, value) in &program.constants {
        (0..CHUNK).for_each(|i| *slots.add(slot * CHUNK + i) = value);
    }
    for from in (0..size).step_by(CHUNK) {
        let len = CHUNK.min(size - from);
        let at = |target: Target| match target {
            Target::Slot(slot) => slots.add(slot * CHUNK),
            Target::Outside(input) => (*inputs.add(input)).add(from).cast_mut(),
        };
        for step in &program.steps {
            compute::<S>(step, step.reads.map(at), at(step.result), len);
        }
        for &(output, place) in &program.copies {
            let (from, to) = (at(place), (*outputs.add(output)).add(from));
            (0..len).step_by(S::LANES).for_each(|i| S::store(to.add(i), S::load(from.add(i))));
        }
    }
}

#[inline(always)]
unsafe fn each<S: Simd>(to: *mut f32, len: usize, f: impl Fn(usize) -> S::V) {
    for i in (0..len).step_by(S::LANES) {
        S::store(to.add(i), f(i));
    }
}

#[inline(always)]
unsafe fn compute<S: Simd>(step: &Step, reads: [*mut f32; 4], to: *mut f32, len: usize) {
    let [a, b, c, d] = reads;
    match step.operation {
        Operation::Plus(..) => each::<S>(to, len, |i| S::add(S::load(a.add(i)), S::load(b.add(i)))),
        Operation::Minus(..) => each::<S>(to, len, |i| S::sub(S::load(a.add(i)), S::load(b.add(i)))),
        Operation::Times(..) => each::<S>(to, len, |i| S::mul(S::load(a.add(i)), S::load(b.add(i)))),
        Operation::Over(..) => each::<S>(to, len, |i| S::div(S::load(a.add(i)), S::load(b.add(i)))),
        Operation::Power(_, exponent) => each::<S>(to, len, |i| power::<S>(S::load(a.add(i)), exponent)),
        Operation::Exp(_) => each::<S>(to, len, |i| math::exp::<S>(S::load(a.add(i)))),
        Operation::Expm1(_) => each::<S>(to, len, |i| math::expm1::<S>(S::load(a.add(i)))),
        Operation::Log(_) => each::<S>(to, len, |i| math::log::<S>(S::load(a.add(i)))),
        Operation::Sqrt(_) => each::<S>(to, len, |i| S::sqrt(S::load(a.add(i)))),
        Operation::Abs(_) => each::<S>(to, len, |i| S::abs(S::load(a.add(i)))),
        Operation::Tanh(_) => each::<S>(to, len, |i| math::tanh::<S>(S::load(a.add(i)))),
        Operation::Sigmoid(_) => each::<S>(to, len, |i| math::sigmoid::<S>(S::load(a.add(i)))),
        Operation::Softplus(_) => each::<S>(to, len, |i| math::softplus::<S>(S::load(a.add(i)))),
        Operation::Erf(_) => each::<S>(to, len, |i| math::erf::<S>(S::load(a.add(i)))),
        Operation::Maximum(..) => each::<S>(to, len, |i| S::max(S::load(a.add(i)), S::load(b.add(i)))),
        Operation::Minimum(..) => each::<S>(to, len, |i| S::min(S::load(a.add(i)), S::load(b.add(i)))),
        Operation::Where(..) => each::<S>(to, len, |i| {
            let (left, right) = (S::load(a.add(i)), S::load(b.add(i)));
            let value = S::select(S::greater(left, right), S::load(c.add(i)), S::load(d.add(i)));
            S::select(S::unordered(left, right), S::splat(f32::NAN), value)
        }),
        // Neither is ever a step.
        Operation::Input(_) | Operation::Number(_) => {}
    }
}

/// x to a power. The whole part up to 64 is multiplied; beyond that, and for the fraction, it is e^(exponent · ln |x|). NaN if x
/// is negative, unless the exponent is whole.
#[inline(always)]
unsafe fn power<S: Simd>(x: S::V, exponent: f64) -> S::V {
    let (size, one) = (exponent.abs(), S::splat(1.0));
    let (whole, fraction, far) = (size.trunc(), size.fract(), size >= 65.0);
    let part = if far || (fraction > 0.0 && fraction != 0.5) {
        let base = if fraction > 0.0 { x } else { S::abs(x) };
        let exponent = S::splat(if far { exponent } else { fraction } as f32);
        math::exp::<S>(S::mul(exponent, math::log::<S>(base)))
    } else if fraction > 0.0 {
        S::sqrt(x)
    } else {
        one
    };
    if far {
        let odd = fraction == 0.0 && whole % 2.0 == 1.0;
        let minus = S::sub(S::splat(0.0), part);
        return if odd { S::select(S::greater(S::splat(0.0), x), minus, part) } else { part };
    }
    // A negative power divides twice by half of it, which does not overflow.
    let whole = whole as u32;
    let (times, odd) = if exponent < 0.0 { (whole / 2, whole % 2 == 1) } else { (whole, false) };
    let (mut product, mut square, mut rest) = (one, x, times);
    while rest > 0 {
        if rest & 1 == 1 {
            product = S::mul(product, square);
        }
        square = S::mul(square, square);
        rest >>= 1;
    }
    if exponent >= 0.0 {
        return S::mul(product, part);
    }
    let mut result = if odd { S::div(one, x) } else { one };
    if times > 0 {
        result = S::div(S::div(result, product), product);
    }
    if fraction > 0.0 { S::div(result, part) } else { result }
}
