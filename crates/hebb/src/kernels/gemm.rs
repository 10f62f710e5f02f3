//! General matrix multiplication, C = A·B, packed and blocked as in Goto and van de Geijn 2008.
//!
//! B is packed into panels of one block of columns, A into tiles of [`ROWS`] rows, both step by step along
//! the inner dimension, so that the micro-kernel reads either from front to back. The inner dimension is cut
//! into runs of [`RUN`] steps: a panel's run stays in the first cache while the tiles of a task, which stay
//! in the second, pass by it. Rows and columns at the edges are packed as zeros and not stored.

use super::tile::{self, ROWS};
use crate::error::{Error, Result, zeros};
use crate::parallel::{self, Shared};
use crate::simd::{Level, Simd, on_level};
use ndarray::{Array2, ArrayView2};
use std::ops::Range;

/// Steps of the inner dimension at a time: 256 steps of a panel are 8 KiB in WebAssembly, of a first cache's 32.
const RUN: usize = 256;

/// Tiles of A of one task: 128 rows × 256 steps are 128 KiB, a part of any second cache.
const TASK_TILES: usize = 32;

/// Columns of one task, a multiple of every block.
const TASK_COLUMNS: usize = 256;

/// Below this many multiply–adds the product is one task: a region costs more than it brings.
const INLINE: usize = 1 << 18;

/// A·B for A `[m, k]` and B `[k, n]`, of any strides, so that a transposed view costs nothing.
///
/// # Errors
/// `shape` where the inner dimensions differ, `memory`.
pub fn gemm(level: Level, a: ArrayView2<f32>, b: ArrayView2<f32>) -> Result<Array2<f32>> {
    let ((m, k), (inner, n)) = (a.dim(), b.dim());
    if k != inner {
        return Err(Error::shape(format!("[{m}, {k}] · [{inner}, {n}]: the inner dimensions differ")));
    }
    let block = level.block();
    let (tiles, panels) = (m.div_ceil(ROWS), n.div_ceil(block));
    let mut c: Vec<f32> = zeros(m * n, "the product")?;
    let mut packed_a: Vec<f32> = zeros(tiles * ROWS * k, "the packed left matrix")?;
    let mut packed_b: Vec<f32> = zeros(panels * block * k, "the packed right matrix")?;
    let (into_a, into_b, into) =
        (Shared::new(&mut packed_a), Shared::new(&mut packed_b), Shared::new(&mut c));
    let pack_rows = |tile: usize| pack(a, tile * ROWS, ROWS, k, tiles * ROWS, &into_a);
    let pack_columns = |panel: usize| pack(b.t(), panel * block, block, k, panels * block, &into_b);
    let down = tiles.div_ceil(TASK_TILES);
    let wide = TASK_COLUMNS / block;
    let product = Product { m, n, k, tiles, panels };
    let task = |index: usize| {
        let (i, j) = (index % down, index / down);
        let rows = i * TASK_TILES..((i + 1) * TASK_TILES).min(tiles);
        let columns = j * wide..((j + 1) * wide).min(panels);
        // SAFETY: the packed matrices have the sizes that the product gives them; each task writes the
        // elements of C at its own rows and columns.
        unsafe { multiply(level, &product, into_a.at(0), into_b.at(0), into.at(0), rows, columns) };
    };
    let tasks = down * panels.div_ceil(wide);
    if m * n * k < INLINE {
        (0..tiles).for_each(pack_rows);
        (0..panels).for_each(pack_columns);
        (0..tasks).for_each(task);
    } else {
        parallel::for_each(tiles, |tile, _| pack_rows(tile));
        parallel::for_each(panels, |panel, _| pack_columns(panel));
        parallel::for_each(tasks, |index, _| task(index));
    }
    Ok(Array2::from_shape_vec((m, n), c).expect("m·n elements"))
}

/// The sizes of a product.
struct Product {
    m: usize,
    n: usize,
    k: usize,
    /// Tiles of A.
    tiles: usize,
    /// Panels of B.
    panels: usize,
}

/// Packs `width` rows from `first` on: run after run, in each `[steps][width]`. A run of all rows holds
/// `total` × its steps.
fn pack(from: ArrayView2<f32>, first: usize, width: usize, k: usize, total: usize, into: &Shared<f32>) {
    let rows = width.min(from.nrows() - first);
    let [down, along] = [from.strides()[0], from.strides()[1]];
    for start in (0..k).step_by(RUN) {
        let steps = RUN.min(k - start);
        let out = into.at(start * total + first * steps);
        for step in 0..steps {
            for row in 0..rows {
                let at = (first + row) as isize * down + (start + step) as isize * along;
                // SAFETY: row and step lie inside the view; every panel has its own place in `into`.
                unsafe { *out.add(step * width + row) = *from.as_ptr().offset(at) };
            }
        }
    }
}

on_level! {
    /// The elements of C `[m, n]` in some tiles and panels, from the packed A and B.
    fn multiply(p: &Product, a: *const f32, b: *const f32, c: *mut f32, tiles: Range<usize>, panels: Range<usize>) = multiply_kernel
}

#[inline(always)]
unsafe fn multiply_kernel<S: Simd>(
    p: &Product,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    tiles: Range<usize>,
    panels: Range<usize>,
) {
    let block = 2 * S::LANES;
    // An edge is computed beside C and copied.
    let mut aside = [0.0f32; ROWS * 32];
    for start in (0..p.k).step_by(RUN) {
        let steps = RUN.min(p.k - start);
        for panel in panels.clone() {
            let b = b.add((start * p.panels + panel * steps) * block);
            let columns = block.min(p.n - panel * block);
            for tile in tiles.clone() {
                let a = a.add((start * p.tiles + tile * steps) * ROWS);
                let rows = ROWS.min(p.m - tile * ROWS);
                let c = c.add(tile * ROWS * p.n + panel * block);
                let whole = rows == ROWS && columns == block;
                let mut sums = if start == 0 {
                    tile::splat::<S, ROWS>(None)
                } else if whole {
                    tile::load::<S, ROWS>(c, p.n)
                } else {
                    copy(c, p.n, aside.as_mut_ptr(), block, rows, columns);
                    tile::load::<S, ROWS>(aside.as_ptr(), block)
                };
                tile::multiply::<S, ROWS>(&mut sums, a, 1, ROWS, b, block as isize, steps);
                if whole {
                    tile::store::<S, ROWS>(&sums, c, p.n);
                } else {
                    tile::store::<S, ROWS>(&sums, aside.as_mut_ptr(), block);
                    copy(aside.as_ptr(), block, c, p.n, rows, columns);
                }
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
