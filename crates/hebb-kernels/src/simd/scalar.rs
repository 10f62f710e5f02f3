//! The back end without intrinsics: four lanes in an array, for any machine and as a reference.

use super::Simd;

/// Four f32 in an array.
#[derive(Clone, Copy, Debug)]
pub struct Scalar;

#[inline(always)]
fn map(a: [f32; 4], b: [f32; 4], f: impl Fn(f32, f32) -> f32) -> [f32; 4] {
    [f(a[0], b[0]), f(a[1], b[1]), f(a[2], b[2]), f(a[3], b[3])]
}

/// a < b. In the relaxed artifact LLVM must not see its use: it would turn four of them into relaxed_min and relaxed_max,
/// which may drop a NaN.
#[inline(always)]
fn less(a: f32, b: f32) -> bool {
    if cfg!(target_arch = "wasm32") { std::hint::black_box(a < b) } else { a < b }
}

impl Simd for Scalar {
    type V = [f32; 4];
    type M = [bool; 4];
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn load(p: *const f32) -> Self::V {
        p.cast::<[f32; 4]>().read_unaligned()
    }
    #[inline(always)]
    unsafe fn store(p: *mut f32, a: Self::V) {
        p.cast::<[f32; 4]>().write_unaligned(a);
    }
    #[inline(always)]
    unsafe fn splat(a: f32) -> Self::V {
        [a; 4]
    }
    #[inline(always)]
    unsafe fn gather(p: *const f32, step: usize) -> Self::V {
        [0, 1, 2, 3].map(|lane| *p.add(lane * step))
    }
    #[inline(always)]
    unsafe fn add(a: Self::V, b: Self::V) -> Self::V {
        map(a, b, |a, b| a + b)
    }
    #[inline(always)]
    unsafe fn sub(a: Self::V, b: Self::V) -> Self::V {
        map(a, b, |a, b| a - b)
    }
    #[inline(always)]
    unsafe fn mul(a: Self::V, b: Self::V) -> Self::V {
        map(a, b, |a, b| a * b)
    }
    #[inline(always)]
    unsafe fn div(a: Self::V, b: Self::V) -> Self::V {
        map(a, b, |a, b| a / b)
    }
    #[inline(always)]
    unsafe fn madd(a: Self::V, b: Self::V, c: Self::V) -> Self::V {
        Self::add(Self::mul(a, b), c)
    }
    #[inline(always)]
    unsafe fn nmadd(a: Self::V, b: Self::V, c: Self::V) -> Self::V {
        Self::sub(c, Self::mul(a, b))
    }
    #[inline(always)]
    unsafe fn at_least(a: Self::V, bound: Self::V) -> Self::V {
        map(a, bound, |a, b| if less(a, b) { b } else { a })
    }
    #[inline(always)]
    unsafe fn at_most(a: Self::V, bound: Self::V) -> Self::V {
        map(a, bound, |a, b| if less(b, a) { b } else { a })
    }
    #[inline(always)]
    unsafe fn cap(a: Self::V, bound: Self::V) -> Self::V {
        map(a, bound, |a, b| if b < a { b } else { a })
    }
    #[inline(always)]
    unsafe fn abs(a: Self::V) -> Self::V {
        a.map(f32::abs)
    }
    #[inline(always)]
    unsafe fn sqrt(a: Self::V) -> Self::V {
        a.map(f32::sqrt)
    }
    #[inline(always)]
    unsafe fn greater(a: Self::V, b: Self::V) -> Self::M {
        [a[0] > b[0], a[1] > b[1], a[2] > b[2], a[3] > b[3]]
    }
    #[inline(always)]
    unsafe fn equal(a: Self::V, b: Self::V) -> Self::M {
        [a[0] == b[0], a[1] == b[1], a[2] == b[2], a[3] == b[3]]
    }
    #[inline(always)]
    unsafe fn unordered(a: Self::V, b: Self::V) -> Self::M {
        let either = |i: usize| a[i].is_nan() || b[i].is_nan();
        [either(0), either(1), either(2), either(3)]
    }
    #[inline(always)]
    unsafe fn either(m: Self::M, n: Self::M) -> Self::M {
        [m[0] || n[0], m[1] || n[1], m[2] || n[2], m[3] || n[3]]
    }
    #[inline(always)]
    unsafe fn select(m: Self::M, a: Self::V, b: Self::V) -> Self::V {
        let pick = |i: usize| if m[i] { a[i] } else { b[i] };
        [pick(0), pick(1), pick(2), pick(3)]
    }
    #[inline(always)]
    unsafe fn power_of_two(bits: Self::V) -> Self::V {
        bits.map(|b| f32::from_bits((b.to_bits() << 23).wrapping_add(0x3f80_0000)))
    }
    #[inline(always)]
    unsafe fn powers_of_two(bits: Self::V) -> [Self::V; 2] {
        let half = |b: f32| (b.to_bits() << 22) & 0xff80_0000;
        [
            bits.map(|b| f32::from_bits(half(b).wrapping_add(0x3f80_0000))),
            bits.map(|b| f32::from_bits((b.to_bits() << 23).wrapping_sub(half(b)).wrapping_add(0x3f80_0000))),
        ]
    }
    #[inline(always)]
    unsafe fn split(a: Self::V) -> (Self::V, Self::V) {
        (
            a.map(|a| f32::from_bits((a.to_bits() & 0x007f_ffff) | 0x3f80_0000)),
            a.map(|a| ((a.to_bits() >> 23) as i32 - 127) as f32),
        )
    }
    #[inline(always)]
    unsafe fn sum(a: Self::V) -> f32 {
        (a[0] + a[2]) + (a[1] + a[3])
    }
}
