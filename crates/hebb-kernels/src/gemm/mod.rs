//! General matrix multiplication, C = A·B, packed and blocked as in Goto and van de Geijn 2008.
//!
//! A is packed once into tiles of a few rows, step by step along the inner dimension. A task is some columns of C: it packs its
//! part of B, run by run, into panels as wide as a tile, and sweeps the tiles of A past them, so that the micro-kernel reads
//! both from front to back. The data of a sweep stays in the caches: a panel's run in the first, a few tiles and all panels of
//! the task in the second. Rows and columns at the edges are packed as zeros and not stored.
//!
//! Products of at most `skinny::ROWS` rows have a kernel of their own: packing would cost as much as the product.

mod skinny;

use super::tile;
use crate::error::{Error, Result, room, zeros};
use crate::parallel::{self, Shared};
use crate::simd::{Level, Simd, on_level};
use ndarray::{Array2, ArrayView2};
use std::ops::Range;

/// Maximum steps of the inner dimension per run: 384 steps of a panel are 12 KiB in WebAssembly, of a first cache's 32.
const RUN: usize = 384;

/// Tiles of A swept past all panels of a task before the next ones: 120 KiB in WebAssembly.
const SWEEP: usize = 16;

/// Maximum columns per task: 240 KiB of packed B.
const COLUMNS: usize = 160;

/// The number of tasks is a multiple of this, so that two or four threads finish together.
const TASKS: usize = 4;

/// Below this many multiply–adds the product is one task: waking other threads takes longer.
const INLINE_MULTIPLY_ADDS: usize = 1 << 18;

/// The rows and columns of a tile. Ten of 16 registers are accumulators in WebAssembly ([`tile`] says why), twelve with AVX2,
/// twenty-four of 32 with AVX-512.
const fn sizes(lanes: usize) -> [usize; 2] {
    match lanes {
        4 => [5, 2 * 4],
        8 => [6, 2 * 8],
        _ => [8, 3 * 16],
    }
}

/// Maximum elements of a tile.
const TILE: usize = 8 * 3 * 16;

/// A·B for A `[m, k]` and B `[k, n]`, of any strides, so that a transposed view costs nothing.
///
/// # Errors
/// `shape` if the inner dimensions differ, `memory` if the packed matrices do not fit.
pub fn gemm(level: Level, a: ArrayView2<f32>, b: ArrayView2<f32>) -> Result<Array2<f32>> {
    let ((m, k), (inner, n)) = (a.dim(), b.dim());
    if k != inner {
        return Err(Error::shape(format!("[{m}, {k}] · [{inner}, {n}]: the inner dimensions differ")));
    }
    if n <= skinny::ROWS && m > skinny::ROWS {
        // A product with few columns is the transpose of one with few rows.
        return Ok(gemm(level, b.t(), a.t())?.t().as_standard_layout().into_owned());
    }
    let shaped = |c| Ok(Array2::from_shape_vec((m, n), c).expect("m·n elements"));
    if m <= skinny::ROWS || k == 0 {
        let mut c: Vec<f32> = zeros(m * n, "the product")?;
        if k == 0 || skinny::multiply(level, a, b, &mut c, m * n * k >= INLINE_MULTIPLY_ADDS)? {
            return shaped(c);
        }
    }
    shaped(packed(level, a, b)?)
}

fn packed(level: Level, a: ArrayView2<f32>, b: ArrayView2<f32>) -> Result<Vec<f32>> {
    let ((m, k), n) = (a.dim(), b.ncols());
    let mut c: Vec<f32> = room(m * n, "the product")?;
    let [height, width] = sizes(level.block() / 2);
    let (tiles, panels) = (m.div_ceil(height), n.div_ceil(width));
    let large = m * n * k >= INLINE_MULTIPLY_ADDS;
    let most = COLUMNS / width;
    // Few panels are cut by rows instead; each part packs them again.
    let (parts, rows) = match (large, panels < TASKS) {
        (true, true) => (1, TASKS.min(tiles)),
        (true, false) => (TASKS * panels.div_ceil(TASKS * most), 1),
        _ => (panels.div_ceil(most), 1),
    };
    let wide = panels.div_ceil(parts.max(1));
    // Runs of about the same length.
    let most_steps = k.div_ceil(k.div_ceil(RUN));
    let slots = if large { parallel::slots(rows * parts) } else { 1 };
    let slot_floats = most_steps * wide * width;
    let mut packed_a = room(tiles * height * k, "the packed left matrix")?;
    let mut packed_b = room(slots * slot_floats, "the packed columns")?;
    let (into_a, into_b) = (Shared::room(&mut packed_a), Shared::room(&mut packed_b));
    let into = Shared::room(&mut c);
    let pack_rows = |tile: usize| {
        for start in (0..k).step_by(most_steps) {
            let steps = most_steps.min(k - start);
            let out = into_a.at((start * tiles + tile * steps) * height);
            // SAFETY: each tile has its own place in the packed A, of the size of its runs.
            unsafe { pack_tile(level, &a, tile, start..start + steps, out) };
        }
    };
    let task = |index: usize, slot: usize| {
        let (i, j) = (index % rows, index / rows);
        let task = Task {
            m,
            n,
            // Longer tasks first, so that no thread gets two of them.
            tiles: (tiles * i).div_ceil(rows)..(tiles * (i + 1)).div_ceil(rows),
            panels: (panels * j).div_ceil(parts)..(panels * (j + 1)).div_ceil(parts),
            all_tiles: tiles,
        };
        let own = into_b.at(slot * slot_floats);
        for start in (0..k).step_by(most_steps) {
            let run = start..k.min(start + most_steps);
            // SAFETY: no two tasks of a slot run at once; the packed matrices have the sizes that the task
            // gives them; each task writes the elements of C at its own rows and columns.
            unsafe {
                pack_panels(level, &b, &task, run.clone(), own);
                multiply(level, &task, run, into_a.at(0), own, into.at(0));
            }
        }
    };
    if large {
        parallel::for_each(tiles, pack_rows);
        parallel::for_each_slot(rows * parts, slots, task);
    } else {
        (0..tiles).for_each(pack_rows);
        (0..rows * parts).for_each(|index| task(index, 0));
    }
    // SAFETY: the tasks cover C, and their first runs have written all of it.
    unsafe { c.set_len(m * n) };
    Ok(c)
}

/// A part of C `[m, n]`.
struct Task {
    m: usize,
    n: usize,
    /// Its tiles of rows, and panels of columns.
    tiles: Range<usize>,
    panels: Range<usize>,
    /// Number of tiles of A.
    all_tiles: usize,
}

on_level! {
    /// Packs the columns `run` of a tile's rows of A, `[steps][height]`.
    fn pack_tile(a: &ArrayView2<f32>, tile: usize, run: Range<usize>, out: *mut f32) = pack_tile_kernel
}

#[inline(always)]
unsafe fn pack_tile_kernel<S: Simd>(a: &ArrayView2<f32>, tile: usize, run: Range<usize>, out: *mut f32) {
    let [height, _] = sizes(S::LANES);
    let whole = (tile + 1) * height <= a.nrows() && a.strides()[1] == 1 && a.strides()[0] > 0;
    if !whole || height < S::LANES {
        return pack(a.view(), tile * height, height, run, out);
    }
    // Four columns at a time: first as many rows as a vector has lanes, then the remaining rows.
    let (down, steps) = (a.strides()[0] as usize, run.len());
    let from = a.as_ptr().add(tile * height * down + run.start);
    let fours = steps - steps % 4;
    for step in (0..fours).step_by(4) {
        let columns = S::columns(from.add(step), down);
        for k in 0..4 {
            S::store(out.add((step + k) * height), columns[k]);
        }
    }
    for row in 0..height {
        for step in if row < S::LANES { fours } else { 0 }..steps {
            *out.add(step * height + row) = *from.add(row * down + step);
        }
    }
}

on_level! {
    /// Packs the steps `run` of a task's panels of B, each `[steps][width]`.
    fn pack_panels(b: &ArrayView2<f32>, t: &Task, run: Range<usize>, out: *mut f32) = pack_panels_kernel
}

#[inline(always)]
unsafe fn pack_panels_kernel<S: Simd>(b: &ArrayView2<f32>, t: &Task, run: Range<usize>, out: *mut f32) {
    let [_, width] = sizes(S::LANES);
    let (steps, mut panels) = (run.len(), t.panels.clone());
    if b.strides()[1] == 1 {
        // Row by row, whole panels only.
        panels.start = panels.end.min(t.n / width).max(panels.start);
        for step in 0..steps {
            let from = b.as_ptr().offset((run.start + step) as isize * b.strides()[0]);
            for panel in t.panels.start..panels.start {
                let to = out.add(((panel - t.panels.start) * steps + step) * width);
                for at in (0..width).step_by(S::LANES) {
                    S::store(to.add(at), S::load(from.add(panel * width + at)));
                }
            }
        }
    }
    for panel in panels {
        pack(b.t(), panel * width, width, run.clone(), out.add((panel - t.panels.start) * steps * width));
    }
}

/// Packs `width` rows from `first` on, of the columns `run`: `[steps][width]`, with zeros after the last row.
#[inline(always)]
unsafe fn pack(from: ArrayView2<f32>, first: usize, width: usize, run: Range<usize>, out: *mut f32) {
    let rows = width.min(from.nrows() - first);
    let [down, along] = [from.strides()[0], from.strides()[1]];
    for row in 0..width {
        let out = out.add(row);
        let from = from.as_ptr().wrapping_offset((first + row) as isize * down + run.start as isize * along);
        for step in 0..run.len() {
            *out.add(step * width) = if row < rows { *from.offset(step as isize * along) } else { 0.0 };
        }
    }
}

on_level! {
    /// Adds a run of steps to a part of C (the first run overwrites it), from the packed A and the packed part of B.
    fn multiply(t: &Task, run: Range<usize>, a: *const f32, b: *const f32, c: *mut f32) = multiply_kernel
}

#[inline(always)]
unsafe fn multiply_kernel<S: Simd>(t: &Task, run: Range<usize>, a: *const f32, b: *const f32, c: *mut f32) {
    // `sizes`, as constants.
    match S::LANES {
        4 => sweep::<S, 5, 2>(t, run, a, b, c),
        8 => sweep::<S, 6, 2>(t, run, a, b, c),
        _ => sweep::<S, 8, 3>(t, run, a, b, c),
    }
}

#[inline(always)]
unsafe fn sweep<S: Simd, const R: usize, const C: usize>(
    t: &Task,
    run: Range<usize>,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
) {
    let (steps, width) = (run.len(), C * S::LANES);
    // Tiles at an edge are computed in a buffer beside C.
    let mut aside = [0.0f32; TILE];
    let a = a.add(run.start * t.all_tiles * R);
    for start in t.tiles.clone().step_by(SWEEP) {
        for panel in t.panels.clone() {
            let b = b.add((panel - t.panels.start) * steps * width);
            let columns = width.min(t.n - panel * width);
            for tile in start..t.tiles.end.min(start + SWEEP) {
                let part = TileProduct {
                    a: a.add(tile * steps * R),
                    b,
                    steps,
                    first: run.start == 0,
                    c: c.add(tile * R * t.n + panel * width),
                    row: t.n,
                    rows: R.min(t.m - tile * R),
                    columns,
                    aside: aside.as_mut_ptr(),
                };
                // Vectors beyond the edge are skipped.
                match columns.div_ceil(S::LANES) {
                    1 => part.multiply::<S, R, 1>(width),
                    2 if C > 2 => part.multiply::<S, R, 2>(width),
                    _ => part.multiply::<S, R, C>(width),
                }
            }
        }
    }
}

/// A tile of C and its operands.
struct TileProduct {
    a: *const f32,
    b: *const f32,
    steps: usize,
    /// Whether it is overwritten.
    first: bool,
    c: *mut f32,
    /// The distance between C's rows.
    row: usize,
    /// The rows and columns of the tile inside C.
    rows: usize,
    columns: usize,
    /// A buffer for a tile.
    aside: *mut f32,
}

impl TileProduct {
    #[inline(always)]
    unsafe fn multiply<S: Simd, const R: usize, const C: usize>(&self, width: usize) {
        let whole = self.rows == R && self.columns == C * S::LANES;
        let (into, row) = if whole { (self.c, self.row) } else { (self.aside, C * S::LANES) };
        if !whole && !self.first {
            copy(self.c, self.row, into, row, self.rows, self.columns);
        }
        let mut sums =
            if self.first { tile::splat::<S, R, C>(None) } else { tile::load::<S, R, C>(into, row) };
        tile::multiply::<S, R, C>(&mut sums, self.a, 1, R, self.b, width as isize, self.steps);
        tile::store::<S, R, C>(&sums, into, row);
        if !whole {
            copy(into, row, self.c, self.row, self.rows, self.columns);
        }
    }
}

#[inline(always)]
unsafe fn copy(from: *const f32, from_row: usize, to: *mut f32, to_row: usize, rows: usize, columns: usize) {
    for r in 0..rows {
        for i in 0..columns {
            *to.add(r * to_row + i) = *from.add(r * from_row + i);
        }
    }
}
