//! Vectors of f32. Kernels are written once over [`Simd`] and compiled for every back end.
//!
//! Natively the back end is chosen at run time ([`Level::best`]); in WebAssembly each artifact has one.
//! The crate pulp offers as much for native targets, but not WebAssembly's relaxed madd.

// Each function here is one intrinsic, and its contract is the trait's.
#![allow(unsafe_op_in_unsafe_fn, clippy::missing_safety_doc)]

mod half;
pub mod math;
#[cfg(any(not(target_arch = "wasm32"), feature = "selftest"))]
mod scalar;
#[cfg(target_arch = "wasm32")]
mod wasm;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use half::{LARGEST_HALF, from_half, to_half};
#[cfg(any(not(target_arch = "wasm32"), feature = "selftest"))]
pub use scalar::Scalar;
#[cfg(target_arch = "wasm32")]
pub use wasm::Wasm;
#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512};

/// Whether madd is one instruction.
pub const FUSED: bool = !cfg!(all(target_arch = "wasm32", not(target_feature = "relaxed-simd")));

/// Maximum samples per block: two vectors of 16 lanes.
pub const MAX_BLOCK: usize = 32;

/// A back end.
///
/// # Safety
/// Every function may be called only where the CPU has the back end's instructions; `load` and `store`
/// only where `LANES` values lie at the pointer (no alignment is needed).
#[allow(missing_docs)]
pub trait Simd: Copy + 'static {
    type V: Copy;
    type M: Copy;
    const LANES: usize;

    unsafe fn load(p: *const f32) -> Self::V;
    unsafe fn store(p: *mut f32, a: Self::V);
    unsafe fn splat(a: f32) -> Self::V;
    /// Every `step`-th value from `p` on.
    unsafe fn gather(p: *const f32, step: usize) -> Self::V;
    /// Four columns of a matrix whose rows lie `step` apart, a lane for each row.
    #[inline(always)]
    unsafe fn columns(p: *const f32, step: usize) -> [Self::V; 4] {
        [0, 1, 2, 3].map(|column| Self::gather(p.add(column), step))
    }
    /// Numbers of half precision side by side.
    #[inline(always)]
    unsafe fn halves(p: *const u16) -> Self::V {
        let mut values = [0.0; MAX_BLOCK];
        for lane in 0..Self::LANES {
            values[lane] = from_half(p.add(lane).read_unaligned());
        }
        Self::load(values.as_ptr())
    }
    /// Whole numbers side by side.
    #[inline(always)]
    unsafe fn bytes(p: *const i8) -> Self::V {
        let mut values = [0.0; MAX_BLOCK];
        for lane in 0..Self::LANES {
            values[lane] = f32::from(*p.add(lane));
        }
        Self::load(values.as_ptr())
    }
    unsafe fn add(a: Self::V, b: Self::V) -> Self::V;
    unsafe fn sub(a: Self::V, b: Self::V) -> Self::V;
    unsafe fn mul(a: Self::V, b: Self::V) -> Self::V;
    unsafe fn div(a: Self::V, b: Self::V) -> Self::V;
    /// a·b + c, fused where the back end fuses.
    unsafe fn madd(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// c − a·b, fused where the back end fuses.
    unsafe fn nmadd(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `bound` if `a` is less, else `a`: a NaN in `a` stays, a NaN in `bound` is ignored.
    unsafe fn at_least(a: Self::V, bound: Self::V) -> Self::V;
    /// `bound` if `a` is greater, else `a`: a NaN in `a` stays, a NaN in `bound` is ignored.
    unsafe fn at_most(a: Self::V, bound: Self::V) -> Self::V;
    /// The larger; NaN if either is NaN; of zeros `a`.
    #[inline(always)]
    unsafe fn max(a: Self::V, b: Self::V) -> Self::V {
        Self::select(Self::unordered(b, b), b, Self::at_least(a, b))
    }
    /// The smaller; NaN if either is NaN; of zeros `a`.
    #[inline(always)]
    unsafe fn min(a: Self::V, b: Self::V) -> Self::V {
        Self::select(Self::unordered(b, b), b, Self::at_most(a, b))
    }
    /// The smaller of two numbers above 0, compared by their bits. If `a` is NaN, it may be either.
    unsafe fn cap(a: Self::V, bound: Self::V) -> Self::V;
    unsafe fn abs(a: Self::V) -> Self::V;
    unsafe fn sqrt(a: Self::V) -> Self::V;
    unsafe fn greater(a: Self::V, b: Self::V) -> Self::M;
    unsafe fn equal(a: Self::V, b: Self::V) -> Self::M;
    /// Whether either is NaN.
    unsafe fn unordered(a: Self::V, b: Self::V) -> Self::M;
    /// Whether either mask is set.
    unsafe fn either(m: Self::M, n: Self::M) -> Self::M;
    /// `a` where the mask is set, else `b`.
    unsafe fn select(m: Self::M, a: Self::V, b: Self::V) -> Self::V;
    /// 2ⁿ for a float whose lowest mantissa bits hold n in two's complement (see [`math::exp`]).
    unsafe fn power_of_two(bits: Self::V) -> Self::V;
    /// 2^⌊n/2⌋ and 2^(n − ⌊n/2⌋), whose product may lie beyond the normal numbers; n as in [`Simd::power_of_two`].
    unsafe fn powers_of_two(bits: Self::V) -> [Self::V; 2];
    /// (mantissa in [1, 2), exponent) of positive normal numbers.
    unsafe fn split(a: Self::V) -> (Self::V, Self::V);
    /// The sum of the lanes, in a fixed order.
    unsafe fn sum(a: Self::V) -> f32;
}

/// The back ends of this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Level {
    /// Not in the artifacts that users load: every kernel would be there twice.
    #[cfg(any(not(target_arch = "wasm32"), feature = "selftest"))]
    Scalar,
    #[cfg(target_arch = "wasm32")]
    Wasm,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// All back ends that this machine can run, the best one last.
    pub fn available() -> Vec<Level> {
        let mut levels = Vec::new();
        #[cfg(any(not(target_arch = "wasm32"), feature = "selftest"))]
        levels.push(Level::Scalar);
        #[cfg(target_arch = "wasm32")]
        levels.push(Level::Wasm);
        // Miri interprets the scalar kernels only.
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                levels.push(Level::Avx2);
            }
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq") {
                levels.push(Level::Avx512);
            }
        }
        levels
    }

    /// The best back end that this machine can run.
    pub fn best() -> Level {
        *Self::available().last().expect("every build has one")
    }

    /// Samples per block: two vectors.
    pub fn block(self) -> usize {
        2 * match self {
            #[cfg(any(not(target_arch = "wasm32"), feature = "selftest"))]
            Level::Scalar => Scalar::LANES,
            #[cfg(target_arch = "wasm32")]
            Level::Wasm => Wasm::LANES,
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => Avx2::LANES,
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => Avx512::LANES,
        }
    }
}

/// Makes a function that runs a generic kernel `kernel::<S>` on a given [`Level`]. The kernel and all it
/// calls must be `#[inline(always)]`, so that they are compiled with the back end's instructions.
macro_rules! on_level {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) = $kernel:ident) => {
        $(#[$doc])*
        #[allow(clippy::missing_safety_doc)]
        $vis unsafe fn $name(level: $crate::simd::Level, $($arg: $ty),*) {
            use $crate::simd::Level;
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            unsafe fn avx2($($arg: $ty),*) { $kernel::<$crate::simd::Avx2>($($arg),*) }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512dq,avx2,fma")]
            unsafe fn avx512($($arg: $ty),*) { $kernel::<$crate::simd::Avx512>($($arg),*) }
            match level {
                #[cfg(any(not(target_arch = "wasm32"), feature = "selftest"))]
                Level::Scalar => $kernel::<$crate::simd::Scalar>($($arg),*),
                #[cfg(target_arch = "wasm32")]
                Level::Wasm => $kernel::<$crate::simd::Wasm>($($arg),*),
                #[cfg(target_arch = "x86_64")]
                Level::Avx2 => avx2($($arg),*),
                #[cfg(target_arch = "x86_64")]
                Level::Avx512 => avx512($($arg),*),
            }
        }
    };
}
pub(crate) use on_level;
