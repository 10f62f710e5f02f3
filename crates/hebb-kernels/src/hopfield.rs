//! Sums over the weights and patterns of associative memories, in f64. The weights are read from memory once per pass, so
//! memory bandwidth is the limit. The order of each sum follows from the lengths alone.

use crate::error::{Result, zeros};
use crate::parallel::{Shared, tasks};
use crate::vector::{SUMS, add_scaled, total};

/// Columns of a task: its part of h stays in the first-level cache.
const COLUMNS: usize = 512;
/// Rows of a task.
const ROWS: usize = 16;
/// h = Wᵀs for W `[s.len(), h.len()]`: four rows at a time, in parallel over columns.
pub fn product(weights: &[f64], s: &[f64], h: &mut [f64]) {
    let n = h.len();
    assert_eq!(weights.len(), s.len() * n);
    let out = Shared::new(h);
    tasks(n.div_ceil(COLUMNS), weights.len(), &|task| {
        let columns = task * COLUMNS..n.min((task + 1) * COLUMNS);
        // SAFETY: each task has columns of its own.
        let h = unsafe { std::slice::from_raw_parts_mut(out.at(columns.start), columns.len()) };
        h.fill(0.0);
        let fours = s.len() - s.len() % 4;
        for j in (0..fours).step_by(4) {
            let [a, b, c, d] = [0, 1, 2, 3].map(|k| &weights[(j + k) * n..][columns.clone()]);
            let [p, q, r, t] = [s[j], s[j + 1], s[j + 2], s[j + 3]];
            for ((((h, a), b), c), d) in h.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                *h += (p * a + q * b) + (r * c + t * d);
            }
        }
        for j in fours..s.len() {
            add_scaled(h, s[j], &weights[j * n..][columns.clone()]);
        }
    });
}

/// Rows and columns of a tile of [`transposed`]: eight accumulators, and registers for both sides.
const TILE: usize = 4;

/// Rows `from` and following of AᵀB, as many as `out` holds, for A `[k, m]` and B `[k, n]`. B is packed by panels of a tile's
/// width, the rows of a task too: `[k][ROWS]`. If A is B, the result is symmetric bit for bit.
///
/// # Errors
/// `memory` if the packed matrices do not fit.
pub fn transposed(a: &[f64], m: usize, from: usize, b: &[f64], n: usize, out: &mut [f64]) -> Result<()> {
    let (k, rows, panels) = (b.len() / n, out.len() / n, n.div_ceil(TILE));
    let count = rows.div_ceil(ROWS);
    assert!(from + rows <= m && a.len() == k * m && b.len() == k * n);
    let mut packed_b: Vec<f64> = zeros(panels * k * TILE, "the packed matrix")?;
    for panel in 0..panels {
        pack(b, n, panel * TILE, &mut packed_b[panel * k * TILE..(panel + 1) * k * TILE], TILE);
    }
    let mut packed_a: Vec<f64> = zeros(count * k * ROWS, "the packed rows")?;
    for task in 0..count {
        pack(a, m, from + task * ROWS, &mut packed_a[task * k * ROWS..(task + 1) * k * ROWS], ROWS);
    }
    let into = Shared::new(out);
    tasks(count, rows * b.len(), &|task| {
        let a = &packed_a[task * k * ROWS..(task + 1) * k * ROWS];
        for panel in 0..panels {
            let b = &packed_b[panel * k * TILE..(panel + 1) * k * TILE];
            for part in (0..ROWS).step_by(TILE) {
                let mut sums = [[0.0; TILE]; TILE];
                for (a, b) in a.chunks_exact(ROWS).zip(b.chunks_exact(TILE)) {
                    let (a, b) = (&a[part..part + TILE], [b[0], b[1], b[2], b[3]]);
                    for row in 0..TILE {
                        for column in 0..TILE {
                            sums[row][column] += a[row] * b[column];
                        }
                    }
                }
                let first = task * ROWS + part;
                for (row, sums) in (first..rows.min(first + TILE)).zip(&sums) {
                    let width = TILE.min(n - panel * TILE);
                    // SAFETY: each task has rows of its own.
                    let out =
                        unsafe { std::slice::from_raw_parts_mut(into.at(row * n + panel * TILE), width) };
                    out.copy_from_slice(&sums[..width]);
                }
            }
        }
    });
    Ok(())
}

/// Packs `width` columns of a matrix from `first` on, row by row; columns after the last are left as they are.
fn pack(from: &[f64], columns: usize, first: usize, out: &mut [f64], width: usize) {
    let count = width.min(columns - first);
    for (row, out) in from.chunks_exact(columns).zip(out.chunks_exact_mut(width)) {
        out[..count].copy_from_slice(&row[first..first + count]);
    }
}

/// Storkey's step for one pattern s with fields f = Ws: w += (ss′ − (sf′ + fs′) + 2w)/n, bit for bit symmetric.
pub fn storkey(weights: &mut [f64], s: &[f64], f: &[f64]) {
    let n = s.len();
    let part = 1.0 / n as f64;
    let out = Shared::new(weights);
    tasks(n.div_ceil(ROWS), n * n, &|task| {
        for i in task * ROWS..n.min((task + 1) * ROWS) {
            // SAFETY: each task has rows of its own.
            let row = unsafe { std::slice::from_raw_parts_mut(out.at(i * n), n) };
            let (si, fi) = (s[i], f[i]);
            for ((w, sj), fj) in row.iter_mut().zip(s).zip(f) {
                *w += part * (si * sj - (si * fj + fi * sj) + 2.0 * *w);
            }
            row[i] = 0.0;
        }
    });
}

/// xⁿ for n of at least 1, by multiplications.
#[inline(always)]
fn power(x: [f64; SUMS], degree: u32) -> [f64; SUMS] {
    let mut result = x;
    for _ in 1..degree {
        for k in 0..SUMS {
            result[k] *= x[k];
        }
    }
    result
}

/// Σ mⁿ.
pub fn power_sum(m: &[f64], degree: u32) -> f64 {
    m.iter().map(|m| (1..degree).fold(*m, |power, _| power * m)).sum()
}

/// Σ (m − sx + x)ⁿ − (m − sx − x)ⁿ: how much more a unit with the values x in the patterns adds to Σ mⁿ as +1 than as −1. It
/// now is s.
pub fn power_gain(m: &[f64], x: &[f64], s: f64, degree: u32) -> f64 {
    let mut sums = [0.0; SUMS];
    for (m, x) in m.chunks(SUMS).zip(x.chunks(SUMS)) {
        let (mut up, mut down) = ([0.0; SUMS], [0.0; SUMS]);
        for (k, (m, x)) in m.iter().zip(x).enumerate() {
            let rest = m - s * x;
            (up[k], down[k]) = (rest + x, rest - x);
        }
        let (up, down) = (power(up, degree), power(down, degree));
        for k in 0..SUMS {
            sums[k] += up[k] - down[k];
        }
    }
    total(sums)
}
