//! Products of at most [`ROWS`] rows, C = A·B: each element of B is used so few times that memory is the
//! limit, so B is read once, as it lies.
//!
//! Where the rows of B are contiguous, C's rows stay in the first cache while [`STEPS`] rows of B at a time are
//! added to them; where its columns are, each element of C is a dot product.

use super::gemm::INLINE;
use super::tile::{ROWS, Tile};
use crate::parallel::{self, Shared};
use crate::simd::{Level, Simd, on_level};
use ndarray::ArrayView2;
use std::ops::Range;

/// Rows of B added at a time: as many streams as a core's prefetchers follow, and C is loaded and stored once.
const STEPS: usize = 8;

/// Columns of one task: its row of C is 2 KiB, its part of a row of B half a page.
const COLUMNS: usize = 512;

/// C = A·B, for C full of zeros; false if B has neither contiguous rows nor columns.
pub(super) fn multiply(level: Level, a: ArrayView2<f32>, b: ArrayView2<f32>, c: &mut [f32]) -> bool {
    let ((m, k), n) = (a.dim(), b.ncols());
    debug_assert!(m <= ROWS);
    let a = a.as_standard_layout();
    let [down, along] = [b.strides()[0], b.strides()[1]];
    let by_rows = along == 1 && down > 0;
    if !by_rows && (down != 1 || along <= 0) {
        return false;
    }
    let step = if by_rows { down } else { along } as usize;
    let into = Shared::new(c);
    let task = |index: usize| {
        let columns = index * COLUMNS..((index + 1) * COLUMNS).min(n);
        // SAFETY: A is [m, k] row by row, B's rows or columns are `step` apart, and each task writes C's
        // elements at its own columns.
        unsafe {
            let sizes = [m, k, n, step];
            if by_rows {
                add_rows(level, sizes, a.as_ptr(), b.as_ptr(), into.at(0), columns);
            } else {
                dot_columns(level, sizes, a.as_ptr(), b.as_ptr(), into.at(0), columns);
            }
        }
    };
    let tasks = n.div_ceil(COLUMNS);
    if m * n * k < INLINE {
        (0..tasks).for_each(task);
    } else {
        parallel::for_each(tasks, |index, _| task(index));
    }
    true
}

on_level! {
    /// C `[m, n]` += A·B at some columns; `sizes` are m, k, n and the distance of B's rows.
    fn add_rows(sizes: [usize; 4], a: *const f32, b: *const f32, c: *mut f32, columns: Range<usize>) = add_rows_kernel
}

#[inline(always)]
unsafe fn add_rows_kernel<S: Simd>(
    [m, k, n, step]: [usize; 4],
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    columns: Range<usize>,
) {
    let whole = columns.start + columns.len() / S::LANES * S::LANES;
    let steps = k / STEPS * STEPS;
    for start in (0..steps).step_by(STEPS) {
        for row in 0..m {
            let a = a.add(row * k + start);
            let c = c.add(row * n);
            let mut weights = [S::splat(0.0); STEPS];
            for i in 0..STEPS {
                weights[i] = S::splat(*a.add(i));
            }
            for j in (columns.start..whole).step_by(S::LANES) {
                // Two sums: half the latency of one.
                let mut sums = [S::load(c.add(j)), S::splat(0.0)];
                for i in 0..STEPS {
                    sums[i % 2] = S::madd(weights[i], S::load(b.add((start + i) * step + j)), sums[i % 2]);
                }
                S::store(c.add(j), S::add(sums[0], sums[1]));
            }
        }
    }
    for row in 0..m {
        for i in steps..k {
            let weight = S::splat(*a.add(row * k + i));
            for j in (columns.start..whole).step_by(S::LANES) {
                let c = c.add(row * n + j);
                S::store(c, S::madd(weight, S::load(b.add(i * step + j)), S::load(c)));
            }
        }
        for j in whole..columns.end {
            let mut sum = 0.0;
            for i in 0..k {
                sum += *a.add(row * k + i) * *b.add(i * step + j);
            }
            *c.add(row * n + j) += sum;
        }
    }
}

on_level! {
    /// C `[m, n]` = A·B at some columns; `sizes` are m, k, n and the distance of B's columns.
    fn dot_columns(sizes: [usize; 4], a: *const f32, b: *const f32, c: *mut f32, columns: Range<usize>) = dot_columns_kernel
}

#[inline(always)]
unsafe fn dot_columns_kernel<S: Simd>(
    [m, k, n, step]: [usize; 4],
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    columns: Range<usize>,
) {
    let block = 2 * S::LANES;
    let whole = k / block * block;
    for first in columns.clone().step_by(ROWS) {
        let some = ROWS.min(columns.end - first);
        for row in 0..m {
            let a = a.add(row * k);
            let mut sums: Tile<S::V, ROWS> = [[S::splat(0.0); 2]; ROWS];
            // Columns beyond the last are read as the last, and dropped.
            let mut at = [b; ROWS];
            for i in 0..ROWS {
                at[i] = b.add((first + i.min(some - 1)) * step);
            }
            for s in (0..whole).step_by(block) {
                let (a0, a1) = (S::load(a.add(s)), S::load(a.add(s + S::LANES)));
                for i in 0..ROWS {
                    sums[i][0] = S::madd(a0, S::load(at[i].add(s)), sums[i][0]);
                    sums[i][1] = S::madd(a1, S::load(at[i].add(s + S::LANES)), sums[i][1]);
                }
            }
            for i in 0..some {
                let mut sum = S::sum(S::add(sums[i][0], sums[i][1]));
                for s in whole..k {
                    sum += *a.add(s) * *at[i].add(s);
                }
                *c.add(row * n + first + i) = sum;
            }
        }
    }
}
