//! The linear maps in one dimension, on six vectors, and in two: columns first, then rows.
//!
//! With the points p = 0, 1, −1, a, −a, ∞ and M(x) = x(x² − 1)(x² − a²):
//!
//! ```text
//! evaluate   cₒ + c₁·p + c₂·p² + …  at each point, at ∞ the last c      G without its scales, and A
//! collect    its adjoint                                                Gᵀ and Aᵀ
//! window     the coefficients of M(x) / (x − p), at ∞ of M(x)           Bᵀ
//! SCALES     1 / M'(p), which Lagrange's interpolation divides by       of G
//! ```

use crate::simd::Simd;
use std::hint::black_box;

/// Points in one dimension, and the size of a tile of the input.
pub const POINTS: usize = 6;

/// Points in two dimensions.
pub const PLANES: usize = POINTS * POINTS;

/// a. With 2 the error is about the same.
const A: f32 = 0.5;

/// 1 / M'(p), with M' = a² at 0, 2(1 − a²) at ±1 and 2a²(a² − 1) at ±a.
pub const SCALES: [f32; POINTS] = {
    let square = A * A;
    let (one, a) = (0.5 / (1.0 - square), 0.5 / (square * (square - 1.0)));
    [1.0 / square, one, one, a, a, 1.0]
};

/// N coefficients at each point.
#[inline(always)]
pub unsafe fn evaluate<S: Simd, const N: usize>(c: [S::V; N]) -> [S::V; POINTS] {
    let (a, square) = (S::splat(A), S::splat(A * A));
    // At ±1 and at ±a: the even terms, and the odd ones over p.
    let (mut even, mut odd) = ([c[0]; 2], [c[1]; 2]);
    if N > 2 {
        let (mut two, mut two_a) = (c[2], c[2]);
        if N > 4 {
            (two, two_a) = (S::add(c[2], c[4]), S::madd(square, c[4], c[2]));
        }
        even = [S::add(c[0], two), S::madd(square, two_a, c[0])];
    }
    if N > 3 {
        odd = [S::add(c[1], c[3]), S::madd(square, c[3], c[1])];
    }
    [
        c[0],
        S::add(even[0], odd[0]),
        S::sub(even[0], odd[0]),
        S::madd(a, odd[1], even[1]),
        S::nmadd(a, odd[1], even[1]),
        c[N - 1],
    ]
}

/// The adjoint of [`evaluate`].
#[inline(always)]
pub unsafe fn collect<S: Simd, const N: usize>(m: [S::V; POINTS]) -> [S::V; N] {
    let (one, a) = ([S::add(m[1], m[2]), S::sub(m[1], m[2])], [S::add(m[3], m[4]), S::sub(m[3], m[4])]);
    let mut power = A;
    let mut c = [S::add(m[0], S::add(one[0], a[0])); N];
    for n in 1..N {
        c[n] = S::madd(S::splat(power), a[n % 2], one[n % 2]);
        power *= A;
    }
    c[N - 1] = S::add(c[N - 1], m[POINTS - 1]);
    c
}

/// Six neighbouring values at each point.
#[inline(always)]
pub unsafe fn window<S: Simd>(d: [S::V; POINTS]) -> [S::V; POINTS] {
    let (a, square) = (S::splat(A), S::splat(A * A));
    let one = [S::nmadd(square, d[2], d[4]), S::nmadd(square, d[1], d[3])];
    let other = [S::sub(d[4], d[2]), S::sub(d[3], d[1])];
    [
        S::nmadd(square, S::sub(d[2], d[0]), other[0]),
        S::add(one[0], one[1]),
        S::sub(one[0], one[1]),
        S::madd(a, other[1], other[0]),
        S::nmadd(a, other[1], other[0]),
        S::nmadd(square, other[1], S::sub(d[5], d[3])),
    ]
}

/// A map of N vectors to O along both dimensions of a matrix: `load(i, j)` to `store(i, j, v)`.
#[inline(always)]
pub unsafe fn both<S: Simd, const N: usize, const O: usize>(
    map: impl Fn([S::V; N]) -> [S::V; O],
    load: impl Fn(usize, usize) -> S::V,
    store: impl Fn(usize, usize, S::V),
) {
    let mut half = [[S::splat(0.0); N]; O];
    // Lengths that the compiler cannot see: unrolled, the maps of all kernels would be 10 kB gzipped.
    for j in 0..black_box(N) {
        let mut column = [S::splat(0.0); N];
        for i in 0..N {
            column[i] = load(i, j);
        }
        let column = map(column);
        for i in 0..O {
            *half[i].get_unchecked_mut(j) = column[i];
        }
    }
    for i in 0..black_box(O) {
        let row = map(*half.get_unchecked(i));
        for j in 0..O {
            store(i, j, row[j]);
        }
    }
}
