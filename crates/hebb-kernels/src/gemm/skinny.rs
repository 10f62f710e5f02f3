//! Products of at most [`ROWS`] rows, C = A·B. Each element of B is used so few times that memory bandwidth is the limit, so B
//! is read once, in the order of memory.
//!
//! If the rows of B are contiguous, C's rows stay in the cache while [`STEPS`] rows of B at a time are added to them, several
//! bands of rows in parallel; if its columns are contiguous, each element of C is a dot product.

use crate::error::{Result, zeros};
use crate::parallel::{self, Shared};
use crate::simd::{Level, Simd, on_level};
use crate::tile::{self, Tile};
use ndarray::ArrayView2;
use std::ops::Range;

/// Maximum rows of A.
pub(super) const ROWS: usize = 8;

/// Columns of B at a time in dot products: eight sums stay in registers.
const DOTS: usize = 4;

/// Rows of B added at a time: as many streams as a core's prefetchers follow (12 or 16 are a third slower). C is loaded and
/// stored once per group.
const STEPS: usize = 8;

/// Columns at a time: C's part stays in the first cache, B's in the second for the next row of A.
const COLUMNS: usize = 4096;

/// Vectors of columns at a time, whose sums stay in registers: in WebAssembly two cache lines of each row.
const WIDTH: usize = 8;

/// Bands of B's rows; their products are added in order.
const BANDS: usize = 8;

/// C = A·B, for C full of zeros, in parallel if `large`. Returns false if B has neither contiguous rows nor columns.
pub(super) fn multiply(
    level: Level,
    a: ArrayView2<f32>,
    b: ArrayView2<f32>,
    c: &mut [f32],
    large: bool,
) -> Result<bool> {
    let ((m, k), n) = (a.dim(), b.ncols());
    debug_assert!(m <= ROWS);
    let a = a.as_standard_layout();
    let [down, along] = [b.strides()[0], b.strides()[1]];
    if along == 1 && down > 0 {
        let bands = if large { BANDS.min(k / STEPS).max(1) } else { 1 };
        let mut products: Vec<f32> = zeros((bands - 1) * m * n, "the product's parts")?;
        let (first, others) = (Shared::new(c), Shared::new(&mut products));
        parallel::for_each(bands, |band| {
            let into = if band == 0 { first.at(0) } else { others.at((band - 1) * m * n) };
            // All but the last band are whole steps.
            let [start, end] = [band, band + 1].map(|i| (k / STEPS * i / bands) * STEPS);
            let rows = start..if band + 1 == bands { k } else { end };
            // SAFETY: A is [m, k] row by row, B's rows are `down` apart, each band has its own product.
            unsafe { add_rows(level, [m, k, n, down as usize], a.as_ptr(), b.as_ptr(), into, rows) };
        });
        for product in products.chunks((m * n).max(1)) {
            c.iter_mut().zip(product).for_each(|(sum, value)| *sum += value);
        }
        return Ok(true);
    }
    if down != 1 || along <= 0 {
        return Ok(false);
    }
    let into = Shared::new(c);
    let task = |index: usize| {
        let columns = index * COLUMNS / 2..((index + 1) * COLUMNS / 2).min(n);
        // SAFETY: A is [m, k] row by row, B's columns are `along` apart, and each task writes C's elements at its
        // own columns.
        unsafe { dot_columns(level, [m, k, n, along as usize], a.as_ptr(), b.as_ptr(), into.at(0), columns) };
    };
    let tasks = n.div_ceil(COLUMNS / 2);
    if large {
        parallel::for_each(tasks, task);
    } else {
        (0..tasks).for_each(task);
    }
    Ok(true)
}

on_level! {
    /// C `[m, n]` += A·B over some rows of B; `sizes` are m, k, n and the distance of B's rows.
    fn add_rows(sizes: [usize; 4], a: *const f32, b: *const f32, c: *mut f32, rows: Range<usize>) = add_rows_kernel
}

#[inline(always)]
unsafe fn add_rows_kernel<S: Simd>(
    [m, k, n, step]: [usize; 4],
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    rows: Range<usize>,
) {
    for start in rows.clone().step_by(STEPS) {
        let steps = STEPS.min(rows.end - start);
        let b = b.add(start * step);
        for first in (0..n).step_by(COLUMNS) {
            let end = n.min(first + COLUMNS);
            for row in 0..m {
                let (a, c, mut at) = (a.add(row * k + start), c.add(row * n), first);
                while at + WIDTH * S::LANES <= end {
                    add_products::<S, WIDTH>(a, b.add(at), step, c.add(at), steps);
                    at += WIDTH * S::LANES;
                }
                while at + S::LANES <= end {
                    add_products::<S, 1>(a, b.add(at), step, c.add(at), steps);
                    at += S::LANES;
                }
                for at in at..end {
                    for i in 0..steps {
                        *c.add(at) += *a.add(i) * *b.add(i * step + at);
                    }
                }
            }
        }
    }
}

/// C += A·B for one row of A, C vectors of columns and some rows of B, `step` apart.
#[inline(always)]
unsafe fn add_products<S: Simd, const C: usize>(
    a: *const f32,
    b: *const f32,
    step: usize,
    c: *mut f32,
    steps: usize,
) {
    let mut sums = tile::load::<S, 1, C>(c, 0);
    tile::multiply::<S, 1, C>(&mut sums, a, 0, 1, b, step as isize, steps);
    tile::store::<S, 1, C>(&sums, c, 0);
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
    for first in columns.clone().step_by(DOTS) {
        let some = DOTS.min(columns.end - first);
        for row in 0..m {
            let a = a.add(row * k);
            let mut sums: Tile<S::V, DOTS, 2> = [[S::splat(0.0); 2]; DOTS];
            // Columns beyond the last read the last, and are dropped.
            let mut at = [b; DOTS];
            for i in 0..DOTS {
                at[i] = b.add((first + i.min(some - 1)) * step);
            }
            for s in (0..whole).step_by(block) {
                let (a0, a1) = (S::load(a.add(s)), S::load(a.add(s + S::LANES)));
                for i in 0..DOTS {
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
