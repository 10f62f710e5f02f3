//! exp, log, tanh and sigmoid as polynomials over [`Simd`], the same in all back ends. Coefficients and
//! reductions after Cephes (S. Moshier), single precision; `≤ 2 ulp` is swept in the tests.

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

/// eˣ, for x clamped to [−87.3, 88.3], where eˣ is a normal number.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn exp<S: Simd>(x: S::V) -> S::V {
    let x = S::min(S::max(x, S::splat(-87.3)), S::splat(88.3));
    // eˣ = 2ⁿ · eʳ with n = round(x / ln 2) and |r| ≤ ln 2 / 2.
    let bits = S::madd(x, S::splat(std::f32::consts::LOG2_E), S::splat(ROUND));
    let n = S::sub(bits, S::splat(ROUND));
    let r = S::nmadd(n, S::splat(LN2_LOW), S::nmadd(n, S::splat(LN2_HIGH), x));
    let p = polynomial::<S>(
        r,
        &[1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5e-1],
    );
    let e = S::add(S::madd(S::mul(r, r), p, r), S::splat(1.0));
    S::mul(e, S::power_of_two(bits))
}

/// ln x for positive normal x.
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn log<S: Simd>(x: S::V) -> S::V {
    let (mantissa, exponent) = S::split(x);
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
    let far = S::sub(one, S::div(S::splat(2.0), S::add(exp::<S>(S::add(a, a)), one)));
    let far = S::select(S::greater(S::splat(0.0), x), S::sub(S::splat(0.0), far), far);
    S::select(S::greater(a, S::splat(0.625)), far, near)
}

/// 1 / (1 + e⁻ˣ).
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn sigmoid<S: Simd>(x: S::V) -> S::V {
    let one = S::splat(1.0);
    S::div(one, S::add(one, exp::<S>(S::sub(S::splat(0.0), x))))
}

/// ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|).
///
/// # Safety
/// As for [`Simd`].
#[inline(always)]
pub unsafe fn softplus<S: Simd>(x: S::V) -> S::V {
    let (e, one) = (exp::<S>(S::sub(S::splat(0.0), S::abs(x))), S::splat(1.0));
    // ln(1 + e) for small e: what 1 + e loses of e, the quotient gives back (Kahan).
    let sum = S::add(one, e);
    let part = S::sub(sum, one);
    let log = S::mul(log::<S>(sum), S::div(e, part));
    S::add(S::max(x, S::splat(0.0)), S::select(S::equal(part, S::splat(0.0)), e, log))
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
    let far = S::nmadd(tail, exp::<S>(S::sub(S::splat(0.0), square)), one);
    let far = S::select(S::greater(S::splat(0.0), x), S::sub(S::splat(0.0), far), far);
    S::select(S::greater(a, one), far, S::mul(x, near))
}

#[cfg(test)]
mod tests {
    use super::super::{Level, on_level};
    use super::*;

    macro_rules! swept {
        ($name:ident, $function:ident, $reference:expr, $low:expr, $high:expr, $ulps:expr) => {
            #[test]
            fn $name() {
                #[inline(always)]
                unsafe fn kernel<S: Simd>(x: *const f32, y: *mut f32, n: usize) {
                    for i in (0..n).step_by(S::LANES) {
                        S::store(y.add(i), $function::<S>(S::load(x.add(i))));
                    }
                }
                on_level!(fn run(x: *const f32, y: *mut f32, n: usize) = kernel);
                let n = 1 << 20;
                let x: Vec<f32> = (0..n).map(|i| $low + ($high - $low) * (i as f32 / n as f32)).collect();
                for level in Level::available() {
                    let mut y = vec![0.0f32; n];
                    // SAFETY: both slices hold n values, a multiple of every vector length.
                    unsafe { run(level, x.as_ptr(), y.as_mut_ptr(), n) };
                    let mut worst = (0.0, 0.0);
                    for (&x, &y) in x.iter().zip(&y) {
                        let reference: f64 = $reference(f64::from(x));
                        let near = (reference as f32).abs().max(f32::MIN_POSITIVE);
                        let ulp = f64::from(f32::from_bits(near.to_bits() + 1)) - f64::from(near);
                        let error = (f64::from(y) - reference).abs() / ulp;
                        if error > worst.0 {
                            worst = (error, x);
                        }
                    }
                    assert!(worst.0 <= $ulps, "{level:?}: {} ulp at {}", worst.0, worst.1);
                }
            }
        };
    }

    swept!(exp_is_accurate, exp, f64::exp, -87.0, 88.0, 2.0);
    swept!(log_is_accurate, log, f64::ln, 1e-6, 1000.0, 2.0);
    swept!(log_is_accurate_near_one, log, f64::ln, 0.5, 1.5, 2.0);
    swept!(tanh_is_accurate, tanh, f64::tanh, -10.0, 10.0, 2.0);
    swept!(softplus_is_accurate, softplus, |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p(), -10.0, 100.0, 4.0);
    swept!(erf_is_accurate, erf, naive_erf, -1.0, 1.0, 4.0);
    swept!(erf_is_accurate_in_its_tails, erf, naive_erf, 1.0, 6.0, 8.0);

    /// erf by its series (Abramowitz and Stegun 7.1.6), all of whose terms have one sign.
    fn naive_erf(x: f64) -> f64 {
        let (mut term, mut sum, mut n) = (x, x, 0.0);
        while term.abs() > 1e-18 {
            n += 1.0;
            term *= 2.0 * x * x / (2.0 * n + 1.0);
            sum += term;
        }
        std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum
    }

    swept!(sigmoid_is_accurate, sigmoid, |x: f64| 1.0 / (1.0 + (-x).exp()), -80.0, 80.0, 4.0);
}
