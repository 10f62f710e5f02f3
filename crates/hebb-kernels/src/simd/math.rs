//! exp, log, tanh and sigmoid as polynomials over [`Simd`], the same in all back ends. Coefficients and
//! reductions after Cephes (S. Moshier), single precision. All numbers of f32 are swept in the tests; a NaN gives NaN.

// Coefficients are kept as published.
#![allow(clippy::excessive_precision)]

use super::Simd;

/// Adding it rounds to an integer and leaves that integer in the lowest mantissa bits.
const ROUND: f32 = 12_582_912.0; // 1.5 · 2²³
const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;

#[inline(always)]
unsafe fn polynomial<S: Simd>(x: S::V, coefficients: &[f32]) -> S::V {
    let mut sum = S::splat(coefficients[0]);
    for &c in &coefficients[1..] {
        sum = S::madd(sum, x, S::splat(c));
    }
    sum
}

/// eˣ = 2ⁿ·(1 + q) with n = round(x / ln 2), q = e^r − 1 and |r| ≤ ln 2 / 2. Answers with q, and with a float whose lowest
/// mantissa bits hold n + `shift`. With `most`, n is at most that, and q for a larger x so large that 2ⁿ·(1 + q) is too.
/// x must be at least −104. If it is NaN, q is.
#[inline(always)]
unsafe fn exponential<S: Simd>(x: S::V, shift: f32, most: Option<f32>) -> (S::V, S::V) {
    let round = ROUND + shift;
    let mut bits = S::madd(x, S::splat(std::f32::consts::LOG2_E), S::splat(round));
    if let Some(most) = most {
        bits = S::cap(bits, S::splat(round + most));
    }
    let n = S::sub(bits, S::splat(round));
    let r = S::nmadd(n, S::splat(LN2_LOW), S::nmadd(n, S::splat(LN2_HIGH), x));
    let p = polynomial::<S>(
        r,
        &[1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5e-1],
    );
    (S::madd(S::mul(r, r), p, r), bits)
}

/// eˣ: infinite from 88.73 on, subnormal below −87.33, and 0 below −103.97.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn exp<S: Simd>(x: S::V) -> S::V {
    let (q, bits) = exponential::<S>(S::at_least(x, S::splat(-104.0)), 0.0, Some(150.0));
    let [half, rest] = S::powers_of_two(bits);
    S::mul(S::mul(S::add(q, S::splat(1.0)), half), rest)
}

/// The exponent of the factor of [`exp_scaled`].
const SCALE: f32 = 64.0;

/// 2⁻⁶⁴.
pub const UNSCALE: f32 = 5.421_010_862_427_522e-20;

/// 2⁶⁴·eˣ for x ≤ 0, which is a normal number whenever eˣ is not 0.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn exp_scaled<S: Simd>(x: S::V) -> S::V {
    let (q, bits) = exponential::<S>(S::at_least(x, S::splat(-104.0)), SCALE, None);
    S::mul(S::add(q, S::splat(1.0)), S::power_of_two(bits))
}

/// eˣ for x ≤ 0.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn exp_negative<S: Simd>(x: S::V) -> S::V {
    S::mul(exp_scaled::<S>(x), S::splat(UNSCALE))
}

/// eˣ − 1 = 2·(2ⁿ⁻¹·q + (2ⁿ⁻¹ − ½)), in which nothing cancels near 0.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn expm1<S: Simd>(x: S::V) -> S::V {
    let (q, bits) = exponential::<S>(S::at_least(x, S::splat(-40.0)), -1.0, Some(128.0));
    let half = S::power_of_two(bits);
    let y = S::madd(half, q, S::sub(half, S::splat(0.5)));
    S::add(y, y)
}

/// ln(m·2ⁿ) for m in [1, 2).
#[inline(always)]
unsafe fn logarithm<S: Simd>(mantissa: S::V, exponent: S::V) -> S::V {
    // Bring the mantissa from [1, 2) to [√½, √2), so that the polynomial's argument is small.
    let large = S::greater(mantissa, S::splat(std::f32::consts::SQRT_2));
    let mantissa = S::select(large, S::mul(mantissa, S::splat(0.5)), mantissa);
    let n = S::select(large, S::add(exponent, S::splat(1.0)), exponent);
    let r = S::sub(mantissa, S::splat(1.0));
    let z = S::mul(r, r);
    let p = polynomial::<S>(
        r,
        &[
            7.037_683_6e-2,
            -1.151_461e-1,
            1.167_699_9e-1,
            -1.242_014_1e-1,
            1.424_932_3e-1,
            -1.666_805_8e-1,
            2.000_071_5e-1,
            -2.499_999_4e-1,
            3.333_333_1e-1,
        ],
    );
    let y = S::madd(S::mul(r, z), p, S::mul(n, S::splat(LN2_LOW)));
    let y = S::nmadd(z, S::splat(0.5), y);
    S::madd(n, S::splat(LN2_HIGH), S::add(r, y))
}

/// ln x: −∞ at 0, NaN below.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn log<S: Simd>(x: S::V) -> S::V {
    let (zero, infinite) = (S::splat(0.0), S::splat(f32::INFINITY));
    // A subnormal number becomes normal.
    let small = S::greater(S::splat(f32::MIN_POSITIVE), x);
    let (mantissa, exponent) = S::split(S::select(small, S::mul(x, S::splat(8_388_608.0)), x));
    let y = logarithm::<S>(mantissa, S::select(small, S::sub(exponent, S::splat(23.0)), exponent));
    // +∞ and NaN stay; 0 becomes −∞, and negative numbers NaN.
    let y = S::select(S::greater(infinite, x), y, x);
    let edge = S::select(S::equal(x, zero), S::splat(f32::NEG_INFINITY), S::splat(f32::NAN));
    S::select(S::greater(x, zero), y, edge)
}

/// xᵉ for x of at least 10⁻⁶: in a local response normalisation nothing is smaller.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn power_of_positive<S: Simd>(x: S::V, e: f32) -> S::V {
    let (mantissa, exponent) = S::split(x);
    let y = S::select(S::greater(S::splat(f32::INFINITY), x), logarithm::<S>(mantissa, exponent), x);
    exp::<S>(S::mul(S::splat(e), y))
}

/// tanh x: a polynomial near zero, 1 − 2 / (e²ˣ + 1) elsewhere.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn tanh<S: Simd>(x: S::V) -> S::V {
    let z = S::mul(x, x);
    let p = polynomial::<S>(
        z,
        &[-5.704_988_7e-3, 2.063_908_9e-2, -5.373_971_6e-2, 1.333_144_2e-1, -3.333_328e-1],
    );
    let near = S::madd(S::mul(p, z), x, x);
    let a = S::abs(x);
    let one = S::splat(1.0);
    let (q, bits) = exponential::<S>(S::add(a, a), 0.0, Some(127.0));
    let e = S::mul(S::add(q, one), S::power_of_two(bits));
    let far = S::sub(one, S::div(S::splat(2.0), S::add(e, one)));
    let far = S::select(S::greater(S::splat(0.0), x), S::sub(S::splat(0.0), far), far);
    // A NaN is not greater.
    S::select(S::greater(a, S::splat(0.625)), far, near)
}

/// 1 / (1 + e⁻ˣ) = 2⁻⁶⁴ / (2⁻⁶⁴ + 2⁻⁶⁴·e⁻ˣ), where e⁻ˣ does not overflow before the quotient is 0.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn sigmoid<S: Simd>(x: S::V) -> S::V {
    // At 40 and beyond, 1 + e⁻ˣ is 1.
    let minus = S::at_least(S::sub(S::splat(0.0), x), S::splat(-40.0));
    let (q, bits) = exponential::<S>(minus, -SCALE, Some(151.0));
    let (one, e) = (S::splat(UNSCALE), S::mul(S::add(q, S::splat(1.0)), S::power_of_two(bits)));
    S::div(one, S::add(one, e))
}

/// ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|).
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn softplus<S: Simd>(x: S::V) -> S::V {
    let (e, one) = (exp_negative::<S>(S::sub(S::splat(0.0), S::abs(x))), S::splat(1.0));
    // ln(1 + e) for small e: the quotient restores the digits that 1 + e loses (Kahan). A NaN stays NaN.
    let sum = S::add(one, e);
    let part = S::sub(sum, one);
    let (mantissa, exponent) = S::split(sum);
    let log = S::mul(logarithm::<S>(mantissa, exponent), S::div(e, part));
    S::add(S::at_least(x, S::splat(0.0)), S::select(S::equal(part, S::splat(0.0)), e, log))
}

/// erf x: a polynomial up to 1 (Cephes); beyond, 1 less a polynomial in 1 / (1 + p·x) times e^−x² (Hastings 1955,
/// in Abramowitz and Stegun 7.1.26).
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn erf<S: Simd>(x: S::V) -> S::V {
    let (a, one, square) = (S::abs(x), S::splat(1.0), S::mul(x, x));
    let near = polynomial::<S>(
        square,
        &[
            7.853_861_4e-5,
            -8.010_193_6e-4,
            5.188_327_7e-3,
            -2.685_381_2e-2,
            1.128_358_5e-1,
            -3.761_262_6e-1,
            std::f32::consts::FRAC_2_SQRT_PI,
        ],
    );
    let t = S::div(one, S::madd(S::splat(0.327_591_1), a, one));
    let tail = polynomial::<S>(t, &[1.061_405_4, -1.453_152, 1.421_413_7, -0.284_496_74, 0.254_829_6, 0.0]);
    let far = S::nmadd(tail, exp_negative::<S>(S::sub(S::splat(0.0), square)), one);
    let far = S::select(S::greater(S::splat(0.0), x), S::sub(S::splat(0.0), far), far);
    S::select(S::greater(a, one), far, S::mul(x, near))
}
