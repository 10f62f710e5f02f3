//! Expressions over rows of values: operation by operation, a chunk at a time, so that what is in between stays
//! in the first-level cache.

use crate::expression::{Operation, Program, SLOTS, Step, Target};
use crate::simd::{Simd, math, on_level};
use std::mem::MaybeUninit;

/// Values of a chunk.
const CHUNK: usize = 64;

on_level! {
    /// Runs a program over `size` values, a multiple of a vector's: `inputs` and `outputs` point to as many pointers as
    /// it has of them. An output may be an input.
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
        Operation::Power(_, exponent) => {
            each::<S>(to, len, |i| power::<S>(S::load(a.add(i)), exponent as f32))
        }
        Operation::Exp(_) => each::<S>(to, len, |i| math::exp::<S>(S::load(a.add(i)))),
        Operation::Log(_) => each::<S>(to, len, |i| log::<S>(S::load(a.add(i)))),
        Operation::Sqrt(_) => each::<S>(to, len, |i| S::sqrt(S::load(a.add(i)))),
        Operation::Abs(_) => each::<S>(to, len, |i| S::abs(S::load(a.add(i)))),
        Operation::Tanh(_) => each::<S>(to, len, |i| math::tanh::<S>(S::load(a.add(i)))),
        Operation::Sigmoid(_) => each::<S>(to, len, |i| math::sigmoid::<S>(S::load(a.add(i)))),
        Operation::Softplus(_) => each::<S>(to, len, |i| math::softplus::<S>(S::load(a.add(i)))),
        Operation::Erf(_) => each::<S>(to, len, |i| math::erf::<S>(S::load(a.add(i)))),
        Operation::Maximum(..) => each::<S>(to, len, |i| S::max(S::load(a.add(i)), S::load(b.add(i)))),
        Operation::Minimum(..) => each::<S>(to, len, |i| S::min(S::load(a.add(i)), S::load(b.add(i)))),
        Operation::Where(..) => each::<S>(to, len, |i| {
            let greater = S::greater(S::load(a.add(i)), S::load(b.add(i)));
            S::select(greater, S::load(c.add(i)), S::load(d.add(i)))
        }),
        // Neither is ever a step.
        Operation::Input(_) | Operation::Number(_) => {}
    }
}

/// ln x: −∞ at 0, NaN below.
#[inline(always)]
unsafe fn log<S: Simd>(x: S::V) -> S::V {
    let zero = S::splat(0.0);
    let small = S::select(S::equal(x, zero), S::splat(f32::NEG_INFINITY), S::splat(f32::NAN));
    S::select(S::greater(x, zero), math::log::<S>(S::max(x, S::splat(f32::MIN_POSITIVE))), small)
}

/// x to a power: by multiplication where the exponent is a small whole number, else e^(exponent · ln x).
#[inline(always)]
unsafe fn power<S: Simd>(x: S::V, exponent: f32) -> S::V {
    let whole = exponent.abs() as u32;
    if whole as f32 != exponent.abs() || whole > 64 {
        return math::exp::<S>(S::mul(S::splat(exponent), log::<S>(x)));
    }
    let (mut result, mut square, mut rest) = (S::splat(1.0), x, whole);
    while rest > 0 {
        if rest & 1 == 1 {
            result = S::mul(result, square);
        }
        square = S::mul(square, square);
        rest >>= 1;
    }
    if exponent < 0.0 { S::div(S::splat(1.0), result) } else { result }
}
