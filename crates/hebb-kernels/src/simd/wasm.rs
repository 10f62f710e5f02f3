//! WebAssembly's 128-bit vectors. Built with `+relaxed-simd`, madd and nmadd are fused.

use super::Simd;
use core::arch::wasm32::*;

/// simd128, and with `+relaxed-simd` its relaxed madd and nmadd.
#[derive(Clone, Copy, Debug)]
pub struct Wasm;

impl Simd for Wasm {
    type V = v128;
    type M = v128;
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn load(p: *const f32) -> v128 {
        v128_load(p.cast())
    }
    #[inline(always)]
    unsafe fn store(p: *mut f32, a: v128) {
        v128_store(p.cast(), a);
    }
    #[inline(always)]
    unsafe fn splat(a: f32) -> v128 {
        f32x4_splat(a)
    }
    #[inline(always)]
    unsafe fn gather(p: *const f32, step: usize) -> v128 {
        match step {
            1 => Self::load(p),
            // Nothing beyond the last one is read.
            2 => i32x4_shuffle::<0, 2, 5, 7>(Self::load(p), Self::load(p.add(3))),
            _ => f32x4(*p, *p.add(step), *p.add(2 * step), *p.add(3 * step)),
        }
    }
    #[inline(always)]
    unsafe fn columns(p: *const f32, step: usize) -> [v128; 4] {
        let [a, b, c, d] = [0, 1, 2, 3].map(|row| Self::load(p.add(row * step)));
        let (ab, cd) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<0, 4, 1, 5>(c, d));
        let (ab2, cd2) = (i32x4_shuffle::<2, 6, 3, 7>(a, b), i32x4_shuffle::<2, 6, 3, 7>(c, d));
        [
            i32x4_shuffle::<0, 1, 4, 5>(ab, cd),
            i32x4_shuffle::<2, 3, 6, 7>(ab, cd),
            i32x4_shuffle::<0, 1, 4, 5>(ab2, cd2),
            i32x4_shuffle::<2, 3, 6, 7>(ab2, cd2),
        ]
    }
    #[inline(always)]
    unsafe fn halves(p: *const u16) -> v128 {
        // Three copies of the sign above the exponent, of which the highest stays.
        let bits =
            v128_and(i32x4_shl(i32x4_load_extend_i16x4(p.cast()), 13), i32x4_splat(0x8fff_ffff_u32 as i32));
        f32x4_mul(bits, f32x4_splat(f32::from_bits((112 + 127) << 23)))
    }
    #[inline(always)]
    unsafe fn bytes(p: *const i8) -> v128 {
        let wide = i16x8_extend_low_i8x16(v128_load32_zero(p.cast()));
        f32x4_convert_i32x4(i32x4_extend_low_i16x8(wide))
    }
    #[inline(always)]
    unsafe fn add(a: v128, b: v128) -> v128 {
        f32x4_add(a, b)
    }
    #[inline(always)]
    unsafe fn sub(a: v128, b: v128) -> v128 {
        f32x4_sub(a, b)
    }
    #[inline(always)]
    unsafe fn mul(a: v128, b: v128) -> v128 {
        f32x4_mul(a, b)
    }
    #[inline(always)]
    unsafe fn div(a: v128, b: v128) -> v128 {
        f32x4_div(a, b)
    }
    #[cfg(target_feature = "relaxed-simd")]
    #[inline(always)]
    unsafe fn madd(a: v128, b: v128, c: v128) -> v128 {
        f32x4_relaxed_madd(a, b, c)
    }
    #[cfg(not(target_feature = "relaxed-simd"))]
    #[inline(always)]
    unsafe fn madd(a: v128, b: v128, c: v128) -> v128 {
        f32x4_add(f32x4_mul(a, b), c)
    }
    #[cfg(target_feature = "relaxed-simd")]
    #[inline(always)]
    unsafe fn nmadd(a: v128, b: v128, c: v128) -> v128 {
        f32x4_relaxed_nmadd(a, b, c)
    }
    #[cfg(not(target_feature = "relaxed-simd"))]
    #[inline(always)]
    unsafe fn nmadd(a: v128, b: v128, c: v128) -> v128 {
        f32x4_sub(c, f32x4_mul(a, b))
    }
    #[inline(always)]
    unsafe fn at_least(a: v128, bound: v128) -> v128 {
        // With `+relaxed-simd` LLVM turns pmax into relaxed_max, which may drop a NaN in `a`.
        if cfg!(target_feature = "relaxed-simd") {
            Self::select(Self::greater(bound, a), bound, a)
        } else {
            f32x4_pmax(a, bound)
        }
    }
    #[inline(always)]
    unsafe fn at_most(a: v128, bound: v128) -> v128 {
        if cfg!(target_feature = "relaxed-simd") {
            Self::select(Self::greater(a, bound), bound, a)
        } else {
            f32x4_pmin(a, bound)
        }
    }
    #[inline(always)]
    unsafe fn cap(a: v128, bound: v128) -> v128 {
        i32x4_min(a, bound)
    }
    #[inline(always)]
    unsafe fn abs(a: v128) -> v128 {
        f32x4_abs(a)
    }
    #[inline(always)]
    unsafe fn sqrt(a: v128) -> v128 {
        f32x4_sqrt(a)
    }
    #[inline(always)]
    unsafe fn greater(a: v128, b: v128) -> v128 {
        f32x4_gt(a, b)
    }
    #[inline(always)]
    unsafe fn equal(a: v128, b: v128) -> v128 {
        f32x4_eq(a, b)
    }
    #[inline(always)]
    unsafe fn unordered(a: v128, b: v128) -> v128 {
        v128_or(f32x4_ne(a, a), f32x4_ne(b, b))
    }
    #[inline(always)]
    unsafe fn either(m: v128, n: v128) -> v128 {
        v128_or(m, n)
    }
    // Every lane of a mask is all ones or all zeros; then both give the same result, and the relaxed one is one instruction.
    #[cfg(target_feature = "relaxed-simd")]
    #[inline(always)]
    unsafe fn select(m: v128, a: v128, b: v128) -> v128 {
        i32x4_relaxed_laneselect(a, b, m)
    }
    #[cfg(not(target_feature = "relaxed-simd"))]
    #[inline(always)]
    unsafe fn select(m: v128, a: v128, b: v128) -> v128 {
        v128_bitselect(a, b, m)
    }
    #[inline(always)]
    unsafe fn power_of_two(bits: v128) -> v128 {
        i32x4_add(i32x4_shl(bits, 23), i32x4_splat(0x3f80_0000))
    }
    #[inline(always)]
    unsafe fn powers_of_two(bits: v128) -> [v128; 2] {
        let half = v128_and(i32x4_shl(bits, 22), u32x4_splat(0xff80_0000));
        let rest = i32x4_sub(i32x4_shl(bits, 23), half);
        [half, rest].map(|n| i32x4_add(n, i32x4_splat(0x3f80_0000)))
    }
    #[inline(always)]
    unsafe fn split(a: v128) -> (v128, v128) {
        let mantissa = v128_or(v128_and(a, i32x4_splat(0x007f_ffff)), i32x4_splat(0x3f80_0000));
        (mantissa, f32x4_convert_i32x4(i32x4_sub(u32x4_shr(a, 23), i32x4_splat(127))))
    }
    #[inline(always)]
    unsafe fn sum(a: v128) -> f32 {
        let pairs = f32x4_add(a, i32x4_shuffle::<2, 3, 0, 1>(a, a));
        f32x4_extract_lane::<0>(pairs) + f32x4_extract_lane::<1>(pairs)
    }
}
