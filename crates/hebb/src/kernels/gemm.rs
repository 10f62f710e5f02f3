//! General matrix multiplication, C = A·B, packed and blocked as in Goto and van de Geijn 2008.
//!
//! A task is some rows of C by some columns. It packs B run by run into panels of one block of columns, which
//! stay in the second cache while the rows pass by; A is packed once into tiles of [`ROWS`] rows, both step by
//! step along the inner dimension, so that the micro-kernel reads either from front to back. A panel's run
//! stays in the first cache. Rows and columns at the edges are packed as zeros and not stored.
//!
//! At most [`ROWS`] rows are [`skinny`]: there packing would cost as much as the product.

use super::skinny;
use super::tile::{self, ROWS};
use crate::error::{Error, Result, zeros};
use crate::parallel::{self, Shared};
use crate::simd::{Level, Simd, on_level};
use ndarray::{Array2, ArrayView2};
use std::ops::Range;

/// Steps of the inner dimension at a time: 256 steps of a panel are 8 KiB in WebAssembly, of a first cache's 32.
const RUN: usize = 256;

/// The most tiles of A of one task: 128 rows × 256 steps are 128 KiB; B is packed again for each such part,
/// which costs one part in thirty.
const TASK_TILES: usize = 32;

/// The most columns of one task, a multiple of every block: 256 KiB of packed B, of a second cache's MiB.
const TASK_COLUMNS: usize = 256;

/// The least tasks of a product that is worth a region, so that two or four threads end together.
const TASKS: usize = 4;

/// Panels packed side by side: 128 bytes of a row of B are two lines of the cache.
const ABREAST: usize = 4;

/// Below this many multiply–adds the product is one task: a region costs more than it brings.
pub(super) const INLINE: usize = 1 << 18;

/// A·B for A `[m, k]` and B `[k, n]`, of any strides, so that a transposed view costs nothing.
///
/// # Errors
/// `shape` where the inner dimensions differ, `memory`.
pub fn gemm(level: Level, a: ArrayView2<f32>, b: ArrayView2<f32>) -> Result<Array2<f32>> {
    let ((m, k), (inner, n)) = (a.dim(), b.dim());
    if k != inner {
        return Err(Error::shape(format!("[{m}, {k}] · [{inner}, {n}]: the inner dimensions differ")));
    }
    if n <= ROWS && m > ROWS {
        // Few columns are few rows of the transposed product.
        return Ok(gemm(level, b.t(), a.t())?.t().as_standard_layout().into_owned());
    }
    let mut c: Vec<f32> = zeros(m * n, "the product")?;
    if m > ROWS || !skinny::multiply(level, a, b, &mut c) {
        packed(level, a, b, &mut c)?;
    }
    Ok(Array2::from_shape_vec((m, n), c).expect("m·n elements"))
}

fn packed(level: Level, a: ArrayView2<f32>, b: ArrayView2<f32>, c: &mut [f32]) -> Result<()> {
    let ((m, k), n) = (a.dim(), b.ncols());
    let block = level.block();
    let (tiles, panels) = (m.div_ceil(ROWS), n.div_ceil(block));
    let large = m * n * k >= INLINE;
    let wide = panels.min(TASK_COLUMNS / block).max(1);
    let columns = panels.div_ceil(wide);
    let rows = tiles.div_ceil(TASK_TILES).max(if large { TASKS.div_ceil(columns.max(1)) } else { 1 });
    let high = tiles.div_ceil(rows).max(1);
    let slot_floats = RUN * wide * block;
    let slots = if large { parallel::threads() } else { 1 };
    let mut packed_a: Vec<f32> = zeros(tiles * ROWS * k, "the packed left matrix")?;
    let mut packed_b: Vec<f32> = zeros(slots * slot_floats, "the packed columns")?;
    let (into_a, into_b, into) = (Shared::new(&mut packed_a), Shared::new(&mut packed_b), Shared::new(c));
    let pack_rows = |tile: usize| {
        for start in (0..k).step_by(RUN) {
            let steps = RUN.min(k - start);
            let out = into_a.at((start * tiles + tile * steps) * ROWS);
            // SAFETY: each tile has its own place in the packed A, of its runs' sizes.
            unsafe { pack(a, tile * ROWS, ROWS, start..start + steps, out) };
        }
    };
    let task = |index: usize, slot: usize| {
        let (i, j) = (index % rows, index / rows);
        let task = Task {
            m,
            n,
            tiles: i * high..((i + 1) * high).min(tiles),
            panels: j * wide..((j + 1) * wide).min(panels),
            all_tiles: tiles,
        };
        let own = into_b.at(slot * slot_floats);
        for start in (0..k).step_by(RUN) {
            let run = start..k.min(start + RUN);
            // SAFETY: no two tasks of a slot run at once; the packed matrices have the sizes that the task
            // gives them; each task writes the elements of C at its own rows and columns.
            unsafe {
                pack_panels(b, block, &task.panels, run.clone(), own);
                multiply(level, &task, run, into_a.at(0), own, into.at(0));
            }
        }
    };
    if large {
        parallel::for_each(tiles, |tile, _| pack_rows(tile));
        parallel::for_each(rows * columns, task);
    } else {
        (0..tiles).for_each(pack_rows);
        (0..rows * columns).for_each(|index| task(index, 0));
    }
    Ok(())
}

/// A part of C `[m, n]`.
struct Task {
    m: usize,
    n: usize,
    /// Its tiles of rows, and panels of columns.
    tiles: Range<usize>,
    panels: Range<usize>,
    /// The tiles of all of A.
    all_tiles: usize,
}

/// Packs the steps `run` of panels of B, [`ABREAST`] at a time, each `[steps][block]`.
unsafe fn pack_panels(
    b: ArrayView2<f32>,
    block: usize,
    panels: &Range<usize>,
    run: Range<usize>,
    out: *mut f32,
) {
    let steps = run.len();
    for first in panels.clone().step_by(ABREAST) {
        let some = first..(first + ABREAST).min(panels.end);
        let out = out.add((first - panels.start) * steps * block);
        if b.strides()[1] == 1 && some.end * block <= b.ncols() {
            for step in 0..steps {
                let from = b.as_ptr().offset((run.start + step) as isize * b.strides()[0]);
                for panel in some.clone() {
                    let to = out.add(((panel - first) * steps + step) * block);
                    let from = from.add(panel * block);
                    // In fours, of a length that the compiler knows.
                    for at in (0..block).step_by(4) {
                        to.add(at)
                            .cast::<[f32; 4]>()
                            .write_unaligned(from.add(at).cast::<[f32; 4]>().read_unaligned());
                    }
                }
            }
        } else {
            for panel in some {
                pack(b.t(), panel * block, block, run.clone(), out.add((panel - first) * steps * block));
            }
        }
    }
}

/// Packs `width` rows from `first` on, of the columns `run`: `[steps][width]`, zeros behind the last row.
unsafe fn pack(from: ArrayView2<f32>, first: usize, width: usize, run: Range<usize>, out: *mut f32) {
    let rows = width.min(from.nrows() - first);
    let [down, along] = [from.strides()[0], from.strides()[1]];
    let start = from.as_ptr().offset(first as isize * down + run.start as isize * along);
    for step in 0..run.len() {
        let from = start.offset(step as isize * along);
        let out = out.add(step * width);
        for row in 0..rows {
            *out.add(row) = *from.offset(row as isize * down);
        }
        for row in rows..width {
            *out.add(row) = 0.0;
        }
    }
}

on_level! {
    /// Adds a run of steps to a part of C (the first run overwrites it), from all of A packed and the part of B.
    fn multiply(t: &Task, run: Range<usize>, a: *const f32, b: *const f32, c: *mut f32) = multiply_kernel
}

#[inline(always)]
unsafe fn multiply_kernel<S: Simd>(t: &Task, run: Range<usize>, a: *const f32, b: *const f32, c: *mut f32) {
    let block = 2 * S::LANES;
    let steps = run.len();
    // An edge is computed beside C and copied.
    let mut aside = [0.0f32; ROWS * 32];
    for panel in t.panels.clone() {
        let b = b.add((panel - t.panels.start) * steps * block);
        let columns = block.min(t.n - panel * block);
        for tile in t.tiles.clone() {
            let a = a.add((run.start * t.all_tiles + tile * steps) * ROWS);
            let rows = ROWS.min(t.m - tile * ROWS);
            let c = c.add(tile * ROWS * t.n + panel * block);
            let whole = rows == ROWS && columns == block;
            let mut sums = if run.start == 0 {
                tile::splat::<S, ROWS>(None)
            } else if whole {
                tile::load::<S, ROWS>(c, t.n)
            } else {
                copy(c, t.n, aside.as_mut_ptr(), block, rows, columns);
                tile::load::<S, ROWS>(aside.as_ptr(), block)
            };
            tile::multiply::<S, ROWS>(&mut sums, a, 1, ROWS, b, block as isize, steps);
            if whole {
                tile::store::<S, ROWS>(&sums, c, t.n);
            } else {
                tile::store::<S, ROWS>(&sums, aside.as_mut_ptr(), block);
                copy(aside.as_ptr(), block, c, t.n, rows, columns);
            }
        }
    }
}

#[inline(always)]
unsafe fn copy(from: *const f32, from_row: usize, to: *mut f32, to_row: usize, rows: usize, columns: usize) {
    for row in 0..rows {
        to.add(row * to_row).copy_from_nonoverlapping(from.add(row * from_row), columns);
    }
}
