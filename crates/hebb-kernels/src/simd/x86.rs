//! x86-64 natively: AVX2 with FMA, and AVX-512, each detected at run time.

use super::Simd;
use core::arch::x86_64::*;

/// 256 bits wide: AVX2 with FMA.
#[derive(Clone, Copy, Debug)]
pub struct Avx2;

impl Simd for Avx2 {
    type V = __m256;
    type M = __m256;
    const LANES: usize = 8;

    #[inline(always)]
    unsafe fn load(p: *const f32) -> __m256 {
        _mm256_loadu_ps(p)
    }
    #[inline(always)]
    unsafe fn store(p: *mut f32, a: __m256) {
        _mm256_storeu_ps(p, a);
    }
    #[inline(always)]
    unsafe fn splat(a: f32) -> __m256 {
        _mm256_set1_ps(a)
    }
    #[inline(always)]
    unsafe fn gather(p: *const f32, step: usize) -> __m256 {
        let at = |lane: usize| *p.add(lane * step);
        _mm256_setr_ps(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7))
    }
    #[inline(always)]
    unsafe fn add(a: __m256, b: __m256) -> __m256 {
        _mm256_add_ps(a, b)
    }
    #[inline(always)]
    unsafe fn sub(a: __m256, b: __m256) -> __m256 {
        _mm256_sub_ps(a, b)
    }
    #[inline(always)]
    unsafe fn mul(a: __m256, b: __m256) -> __m256 {
        _mm256_mul_ps(a, b)
    }
    #[inline(always)]
    unsafe fn div(a: __m256, b: __m256) -> __m256 {
        _mm256_div_ps(a, b)
    }
    #[inline(always)]
    unsafe fn madd(a: __m256, b: __m256, c: __m256) -> __m256 {
        _mm256_fmadd_ps(a, b, c)
    }
    #[inline(always)]
    unsafe fn nmadd(a: __m256, b: __m256, c: __m256) -> __m256 {
        _mm256_fnmadd_ps(a, b, c)
    }
    #[inline(always)]
    unsafe fn at_least(a: __m256, bound: __m256) -> __m256 {
        // If either is NaN, it is the second.
        _mm256_max_ps(bound, a)
    }
    #[inline(always)]
    unsafe fn at_most(a: __m256, bound: __m256) -> __m256 {
        _mm256_min_ps(bound, a)
    }
    #[inline(always)]
    unsafe fn cap(a: __m256, bound: __m256) -> __m256 {
        _mm256_min_ps(bound, a)
    }
    #[inline(always)]
    unsafe fn abs(a: __m256) -> __m256 {
        _mm256_andnot_ps(_mm256_set1_ps(-0.0), a)
    }
    #[inline(always)]
    unsafe fn sqrt(a: __m256) -> __m256 {
        _mm256_sqrt_ps(a)
    }
    #[inline(always)]
    unsafe fn greater(a: __m256, b: __m256) -> __m256 {
        _mm256_cmp_ps::<_CMP_GT_OQ>(a, b)
    }
    #[inline(always)]
    unsafe fn equal(a: __m256, b: __m256) -> __m256 {
        _mm256_cmp_ps::<_CMP_EQ_OQ>(a, b)
    }
    #[inline(always)]
    unsafe fn unordered(a: __m256, b: __m256) -> __m256 {
        _mm256_cmp_ps::<_CMP_UNORD_Q>(a, b)
    }
    #[inline(always)]
    unsafe fn either(m: __m256, n: __m256) -> __m256 {
        _mm256_or_ps(m, n)
    }
    #[inline(always)]
    unsafe fn select(m: __m256, a: __m256, b: __m256) -> __m256 {
        _mm256_blendv_ps(b, a, m)
    }
    #[inline(always)]
    unsafe fn power_of_two(bits: __m256) -> __m256 {
        let shifted = _mm256_slli_epi32::<23>(_mm256_castps_si256(bits));
        _mm256_castsi256_ps(_mm256_add_epi32(shifted, _mm256_set1_epi32(0x3f80_0000)))
    }
    #[inline(always)]
    unsafe fn powers_of_two(bits: __m256) -> [__m256; 2] {
        let bits = _mm256_castps_si256(bits);
        let half = _mm256_and_si256(_mm256_slli_epi32::<22>(bits), _mm256_set1_epi32(0xff80_0000_u32 as i32));
        let rest = _mm256_sub_epi32(_mm256_slli_epi32::<23>(bits), half);
        [half, rest].map(|n| _mm256_castsi256_ps(_mm256_add_epi32(n, _mm256_set1_epi32(0x3f80_0000))))
    }
    #[inline(always)]
    unsafe fn split(a: __m256) -> (__m256, __m256) {
        let bits = _mm256_castps_si256(a);
        let mantissa = _mm256_or_si256(
            _mm256_and_si256(bits, _mm256_set1_epi32(0x007f_ffff)),
            _mm256_set1_epi32(0x3f80_0000),
        );
        let exponent = _mm256_sub_epi32(_mm256_srli_epi32::<23>(bits), _mm256_set1_epi32(127));
        (_mm256_castsi256_ps(mantissa), _mm256_cvtepi32_ps(exponent))
    }
    #[inline(always)]
    unsafe fn sum(a: __m256) -> f32 {
        let four = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
        let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32(two) + _mm_cvtss_f32(_mm_shuffle_ps::<1>(two, two))
    }
}

/// 512 bits wide: AVX-512F and DQ.
#[derive(Clone, Copy, Debug)]
pub struct Avx512;

impl Simd for Avx512 {
    type V = __m512;
    type M = __mmask16;
    const LANES: usize = 16;

    #[inline(always)]
    unsafe fn load(p: *const f32) -> __m512 {
        _mm512_loadu_ps(p)
    }
    #[inline(always)]
    unsafe fn store(p: *mut f32, a: __m512) {
        _mm512_storeu_ps(p, a);
    }
    #[inline(always)]
    unsafe fn splat(a: f32) -> __m512 {
        _mm512_set1_ps(a)
    }
    #[inline(always)]
    unsafe fn gather(p: *const f32, step: usize) -> __m512 {
        let mut lanes = [0.0f32; 16];
        for lane in 0..16 {
            lanes[lane] = *p.add(lane * step);
        }
        _mm512_loadu_ps(lanes.as_ptr())
    }
    #[inline(always)]
    unsafe fn add(a: __m512, b: __m512) -> __m512 {
        _mm512_add_ps(a, b)
    }
    #[inline(always)]
    unsafe fn sub(a: __m512, b: __m512) -> __m512 {
        _mm512_sub_ps(a, b)
    }
    #[inline(always)]
    unsafe fn mul(a: __m512, b: __m512) -> __m512 {
        _mm512_mul_ps(a, b)
    }
    #[inline(always)]
    unsafe fn div(a: __m512, b: __m512) -> __m512 {
        _mm512_div_ps(a, b)
    }
    #[inline(always)]
    unsafe fn madd(a: __m512, b: __m512, c: __m512) -> __m512 {
        _mm512_fmadd_ps(a, b, c)
    }
    #[inline(always)]
    unsafe fn nmadd(a: __m512, b: __m512, c: __m512) -> __m512 {
        _mm512_fnmadd_ps(a, b, c)
    }
    #[inline(always)]
    unsafe fn at_least(a: __m512, bound: __m512) -> __m512 {
        // If either is NaN, it is the second.
        _mm512_max_ps(bound, a)
    }
    #[inline(always)]
    unsafe fn at_most(a: __m512, bound: __m512) -> __m512 {
        _mm512_min_ps(bound, a)
    }
    #[inline(always)]
    unsafe fn cap(a: __m512, bound: __m512) -> __m512 {
        _mm512_min_ps(bound, a)
    }
    #[inline(always)]
    unsafe fn abs(a: __m512) -> __m512 {
        _mm512_andnot_ps(_mm512_set1_ps(-0.0), a)
    }
    #[inline(always)]
    unsafe fn sqrt(a: __m512) -> __m512 {
        _mm512_sqrt_ps(a)
    }
    #[inline(always)]
    unsafe fn greater(a: __m512, b: __m512) -> __mmask16 {
        _mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, b)
    }
    #[inline(always)]
    unsafe fn equal(a: __m512, b: __m512) -> __mmask16 {
        _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a, b)
    }
    #[inline(always)]
    unsafe fn unordered(a: __m512, b: __m512) -> __mmask16 {
        _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(a, b)
    }
    #[inline(always)]
    unsafe fn either(m: __mmask16, n: __mmask16) -> __mmask16 {
        m | n
    }
    #[inline(always)]
    unsafe fn select(m: __mmask16, a: __m512, b: __m512) -> __m512 {
        _mm512_mask_blend_ps(m, b, a)
    }
    #[inline(always)]
    unsafe fn power_of_two(bits: __m512) -> __m512 {
        let shifted = _mm512_slli_epi32::<23>(_mm512_castps_si512(bits));
        _mm512_castsi512_ps(_mm512_add_epi32(shifted, _mm512_set1_epi32(0x3f80_0000)))
    }
    #[inline(always)]
    unsafe fn powers_of_two(bits: __m512) -> [__m512; 2] {
        let bits = _mm512_castps_si512(bits);
        let half = _mm512_and_si512(_mm512_slli_epi32::<22>(bits), _mm512_set1_epi32(0xff80_0000_u32 as i32));
        let rest = _mm512_sub_epi32(_mm512_slli_epi32::<23>(bits), half);
        [half, rest].map(|n| _mm512_castsi512_ps(_mm512_add_epi32(n, _mm512_set1_epi32(0x3f80_0000))))
    }
    #[inline(always)]
    unsafe fn split(a: __m512) -> (__m512, __m512) {
        let bits = _mm512_castps_si512(a);
        let mantissa = _mm512_or_si512(
            _mm512_and_si512(bits, _mm512_set1_epi32(0x007f_ffff)),
            _mm512_set1_epi32(0x3f80_0000),
        );
        let exponent = _mm512_sub_epi32(_mm512_srli_epi32::<23>(bits), _mm512_set1_epi32(127));
        (_mm512_castsi512_ps(mantissa), _mm512_cvtepi32_ps(exponent))
    }
    #[inline(always)]
    unsafe fn sum(a: __m512) -> f32 {
        _mm512_reduce_add_ps(a)
    }
}
