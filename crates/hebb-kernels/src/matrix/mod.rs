//! Products of matrices in f64, packed and blocked as [`gemm`](mod@crate::gemm) is for f32, and what stands on them: Cholesky's
//! factors and least squares.
//!
//! Both factors are given by their rows, as in A·Bᵀ: squared distances, Gram matrices and normal equations are products of that
//! kind. A run of steps of both is packed; then tasks, each a part of C that stays in the second cache, sweep the panels of B.
//! A sum is the sum of its runs, each in the order of the steps, whatever the size of C.

mod cholesky;
mod least_squares;
#[cfg(test)]
mod tests;

pub use cholesky::{Cholesky, Singular, solve_lower, solve_lower_transposed};
pub use least_squares::LeastSquares;

use crate::error::{Result, room};
use crate::parallel::{Shared, tasks};

/// Rows and columns of a tile: ten accumulators of two lanes, of V8's fifteen registers.
const HEIGHT: usize = 5;
const WIDTH: usize = 4;
/// Maximum steps per run: a panel is 12 KiB, of a first cache's 32.
const RUN: usize = 384;
/// Tiles of a task: 150 KiB of packed A.
const TILES: usize = 10;
/// Panels of a task: 1.5 MiB of packed B.
const PANELS: usize = 128;
/// Calls `work` with the number and the values of each row of x `[rows, row]`, in parallel if that takes enough multiply–adds.
pub fn for_each_row(
    x: &mut [f64],
    row: usize,
    multiply_adds: usize,
    work: &(dyn Fn(usize, &mut [f64]) + Sync),
) {
    let rows = x.len() / row.max(1);
    let out = Shared::new(x);
    tasks(rows, multiply_adds, &|index| {
        // SAFETY: each task has a row of its own.
        work(index, unsafe { std::slice::from_raw_parts_mut(out.at(index * row), row) });
    });
}

/// A matrix of any strides: value k of row i is `values[i·down + k·along]`.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    values: &'a [f64],
    count: usize,
    length: usize,
    down: usize,
    along: usize,
}

impl<'a> Rows<'a> {
    /// The rows of `[count, length]`.
    pub fn of(values: &'a [f64], length: usize) -> Self {
        let count = values.len() / length.max(1);
        Self { values, count, length, down: length, along: 1 }
    }

    /// The columns of `[length, count]`, as rows.
    pub fn columns_of(values: &'a [f64], count: usize) -> Self {
        let length = values.len() / count.max(1);
        Self { values, count, length, down: 1, along: count }
    }

    /// Some of the rows.
    pub fn part(self, rows: std::ops::Range<usize>) -> Self {
        assert!(rows.start <= rows.end && rows.end <= self.count);
        let values = &self.values[(rows.start * self.down).min(self.values.len())..];
        Self { values, count: rows.len(), ..self }
    }

    /// Packs the steps from `start` on of `width` rows from `first` on, step by step, with zeros after the last row.
    fn pack(&self, first: usize, width: usize, start: usize, steps: usize, out: &mut [f64]) {
        out.fill(0.0);
        for row in 0..width.min(self.count - first) {
            let from = &self.values[(first + row) * self.down + start * self.along..];
            for (to, from) in
                out[row..].iter_mut().step_by(width).zip(from.iter().step_by(self.along)).take(steps)
            {
                *to = *from;
            }
        }
    }
}

/// C += factor·A·Bᵀ, for C `[a.count, b.count]` whose rows lie `row` apart. With `lower`, C has the rows from there on of a
/// square matrix, of which only the triangle up to the diagonal changes.
///
/// # Errors
/// `memory` if the packed matrices do not fit.
pub fn add_product(
    c: &mut [f64],
    row: usize,
    factor: f64,
    a: Rows,
    b: Rows,
    lower: Option<usize>,
) -> Result<()> {
    let ([m, n], k) = ([a.count, b.count], a.length);
    if m * n * k == 0 {
        return Ok(());
    }
    assert!(b.length == k && n <= row && c.len() >= (m - 1) * row + n);
    let (tiles, panels) = (m.div_ceil(HEIGHT), n.div_ceil(WIDTH));
    let steps = k.div_ceil(k.div_ceil(RUN));
    let [mut packed_a, mut packed_b] =
        [tiles * HEIGHT, panels * WIDTH].map(|width| room::<f64>(width * steps, "the packed matrices"));
    let (packed_a, packed_b) =
        (packed_a.as_mut().map_err(|e| e.clone())?, packed_b.as_mut().map_err(|e| e.clone())?);
    packed_a.resize(tiles * HEIGHT * steps, 0.0);
    packed_b.resize(panels * WIDTH * steps, 0.0);
    let (down, across) = (tiles.div_ceil(TILES), panels.div_ceil(PANELS));
    let out = Shared::new(c);
    for start in (0..k).step_by(steps) {
        let steps = steps.min(k - start);
        let (into_a, into_b) = (Shared::new(packed_a), Shared::new(packed_b));
        tasks(tiles + panels, (m + n) * steps * 4, &|index| {
            let (rows, width, at, into) =
                if index < tiles { (a, HEIGHT, index, &into_a) } else { (b, WIDTH, index - tiles, &into_b) };
            let size = width * steps;
            // SAFETY: each task packs a tile or a panel of its own.
            let out = unsafe { std::slice::from_raw_parts_mut(into.at(at * size), size) };
            rows.pack(at * width, width, start, steps, out);
        });
        tasks(down * across, m * n * steps, &|index| {
            // From the last rows, which are the longest of a triangle.
            let (i, j) = (down - 1 - index % down, index / down);
            for panel in j * PANELS..panels.min((j + 1) * PANELS) {
                let panel_b = &packed_b[panel * WIDTH * steps..][..WIDTH * steps];
                for tile in i * TILES..tiles.min((i + 1) * TILES) {
                    let (first, column) = (tile * HEIGHT, panel * WIDTH);
                    let rows = HEIGHT.min(m - first);
                    if lower.is_some_and(|lower| column >= lower + first + rows) {
                        continue;
                    }
                    let sums = product(&packed_a[tile * HEIGHT * steps..][..HEIGHT * steps], panel_b);
                    let columns = WIDTH.min(n - column);
                    for r in 0..rows {
                        let columns = lower.map_or(columns, |lower| {
                            columns.min((lower + first + r + 1).saturating_sub(column))
                        });
                        // SAFETY: each task has rows and columns of C of its own, and c has all of them.
                        let c = unsafe {
                            std::slice::from_raw_parts_mut(out.at((first + r) * row + column), columns)
                        };
                        for (c, sum) in c.iter_mut().zip(&sums[r]) {
                            *c += factor * sum;
                        }
                    }
                }
            }
        });
    }
    Ok(())
}

/// A tile times a panel.
#[inline(always)]
fn product(a: &[f64], b: &[f64]) -> [[f64; WIDTH]; HEIGHT] {
    let mut sums = [[0.0; WIDTH]; HEIGHT];
    for (a, b) in a.chunks_exact(HEIGHT).zip(b.chunks_exact(WIDTH)) {
        for r in 0..HEIGHT {
            for j in 0..WIDTH {
                sums[r][j] += a[r] * b[j];
            }
        }
    }
    sums
}
