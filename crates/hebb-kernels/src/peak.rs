//! The peak of the machine, for benchmarks: independent multiply–adds, and a sum that reads memory.

use crate::parallel::{self, Shared};
use crate::simd::{FUSED, Level, Simd, on_level};
use std::hint::black_box;

/// Chains of dependent multiply–adds: as many as hide the latency, and stay in
/// registers.
const CHAINS: usize = 12;

/// Steps per chain: milliseconds, compared with which a message to the caller takes no time.
const STEPS: usize = 1 << 21;

/// Vectors added side by side.
const ABREAST: usize = 8;

/// Runs independent multiply–adds on every thread; returns the number of floating-point operations.
pub fn madds(level: Level) -> usize {
    let threads = parallel::threads();
    let mut results = vec![0.0f32; threads];
    let into = Shared::new(&mut results);
    parallel::for_each(threads, |index| {
        // SAFETY: each task has its own result.
        unsafe { chains(level, into.at(index)) }
    });
    assert!(results.iter().all(|result| result.is_finite()));
    threads * CHAINS * STEPS * level.block()
}

/// Reads all values once; returns their sum. To measure memory bandwidth, there must be more than the caches hold.
pub fn read(level: Level, values: &[f32]) -> f32 {
    let threads = parallel::threads();
    let mut sums = vec![0.0f32; threads];
    let into = Shared::new(&mut sums);
    parallel::for_each(threads, |index| {
        let part = &values[index * values.len() / threads..(index + 1) * values.len() / threads];
        // SAFETY: each task has its own sum, and reads whole vectors of its part.
        unsafe { sum(level, part, into.at(index)) }
    });
    sums.iter().sum()
}

on_level! {
    /// Stores the results of the chains.
    fn chains(result: *mut f32) = chains_kernel
}

#[inline(always)]
unsafe fn chains_kernel<S: Simd>(result: *mut f32) {
    // Values that the compiler does not know, and that stay finite. It does not see the number of steps either: it would write
    // the chains one after another.
    let (factor, term) = (S::splat(black_box(0.5)), S::splat(black_box(1.0)));
    let mut chains = [term; CHAINS];
    for _ in 0..black_box(STEPS) {
        for chain in &mut chains {
            // Fused, it changes its accumulator in place; otherwise the products must differ, or one is computed for all.
            *chain = if FUSED { S::madd(factor, term, *chain) } else { S::madd(*chain, factor, term) };
        }
    }
    let mut total = S::splat(0.0);
    for chain in chains {
        total = S::add(total, chain);
    }
    *result = S::sum(total);
}

on_level! {
    /// Stores the sum of the values, up to the last whole row of vectors.
    fn sum(values: &[f32], result: *mut f32) = sum_kernel
}

#[inline(always)]
unsafe fn sum_kernel<S: Simd>(values: &[f32], result: *mut f32) {
    let mut sums = [S::splat(0.0); ABREAST];
    for row in values.chunks_exact(ABREAST * S::LANES) {
        for i in 0..ABREAST {
            sums[i] = S::add(sums[i], S::load(row.as_ptr().add(i * S::LANES)));
        }
    }
    let mut total = S::splat(0.0);
    for sum in sums {
        total = S::add(total, sum);
    }
    *result = S::sum(total);
}
