//! Cholesky's factor L of a symmetric positive definite matrix A = LLᵀ, in place and by blocks of columns (Golub and Van Loan,
//! "Matrix Computations", 4.2), and the solution of A·x = b.

use super::{Rows, add_product, for_each_row};
use crate::error::{Result, zeros};
use crate::parallel::{Shared, tasks};
use crate::vector::{add_scaled, dot};

/// Columns of a block.
const BLOCK: usize = 96;
/// Multiply–adds of a step, some milliseconds.
const WORK: usize = 1 << 26;

/// A factorisation under way: of A, only the triangle up to the diagonal is read, and becomes L; the rest stays.
pub struct Cholesky {
    n: usize,
    /// The first column of the block.
    at: usize,
    /// The columns of L below the block, packed: `[rows, block]`.
    panel: Vec<f64>,
    /// Rows after the block that are up to date.
    done: usize,
    least: f64,
}

/// The column at which a matrix turned out not to be positive definite, but for rounding.
pub type Singular = usize;

impl Cholesky {
    /// Of an n × n matrix. A pivot of at most n·ε times the largest diagonal value counts as 0.
    pub fn new(a: &[f64], n: usize) -> Result<Self> {
        assert_eq!(a.len(), n * n);
        let largest = (0..n).fold(0.0, |most: f64, i| if a[i * n + i] > most { a[i * n + i] } else { most });
        let panel = zeros(n * BLOCK.min(n), "the factor's columns")?;
        Ok(Self { n, at: 0, panel, done: 0, least: n as f64 * f64::EPSILON * largest })
    }

    /// The next step; true at the end. If the matrix is singular, its values are no longer A's.
    pub fn advance(&mut self, a: &mut [f64]) -> Result<std::result::Result<bool, Singular>> {
        let n = self.n;
        let end = n.min(self.at + BLOCK);
        let (width, below) = (end - self.at, n - end);
        if self.done == 0
            && let Err(column) = self.block(a, end)
        {
            return Ok(Err(column));
        }
        let rows = (WORK / (width * n)).clamp(1, below.max(1)).next_multiple_of(5);
        let rows = self.done..below.min(self.done + rows);
        let panel = Rows::of(&self.panel[..below * width], width);
        if !rows.is_empty() {
            let c = &mut a[(end + rows.start) * n + end..];
            add_product(c, n, -1.0, panel.part(rows.clone()), panel.part(0..rows.end), Some(rows.start))?;
        }
        self.done = rows.end;
        if self.done == below {
            (self.at, self.done) = (end, 0);
        }
        Ok(Ok(self.at == n))
    }

    /// Factors the block on the diagonal, and then the columns below it: L₂₁ = A₂₁·L₁₁⁻ᵀ.
    fn block(&mut self, a: &mut [f64], end: usize) -> std::result::Result<(), Singular> {
        let (n, at) = (self.n, self.at);
        let width = end - at;
        for i in at..end {
            for j in at..=i {
                let known = dot(&a[i * n + at..i * n + j], &a[j * n + at..j * n + j]);
                let rest = a[i * n + j] - known;
                a[i * n + j] = if j < i {
                    rest / a[j * n + j]
                } else if rest > self.least {
                    rest.sqrt()
                } else {
                    return Err(j);
                };
            }
        }
        let (above, below) = a.split_at_mut(end * n);
        let rows = n - end;
        let (below, panel) = (Shared::new(below), Shared::new(&mut self.panel));
        tasks(rows, rows * width * width / 2, &|i| {
            // SAFETY: each task has a row of A and one of the panel.
            let (own, packed) = unsafe {
                (
                    std::slice::from_raw_parts_mut(below.at(i * n + at), width),
                    std::slice::from_raw_parts_mut(panel.at(i * width), width),
                )
            };
            for j in 0..width {
                let l = &above[(at + j) * n + at..][..j + 1];
                own[j] = (own[j] - dot(&own[..j], &l[..j])) / l[j];
            }
            packed.copy_from_slice(own);
        });
        Ok(())
    }

    /// The part that is done, from 0 to 1.
    pub fn progress(&self) -> f64 {
        let rest = 1.0 - self.at as f64 / self.n.max(1) as f64;
        1.0 - rest * rest * rest
    }
}

/// x = L⁻¹x for each row of x `[count, n]`, in parallel over them.
pub fn solve_lower(l: &[f64], n: usize, x: &mut [f64]) {
    let multiply_adds = x.len() * n / 2;
    for_each_row(x, n, multiply_adds, &|_, x| {
        for i in 0..n {
            x[i] = (x[i] - dot(&l[i * n..i * n + i], &x[..i])) / l[i * n + i];
        }
    });
}

/// x = L⁻ᵀx for each row of x `[count, n]`.
pub fn solve_lower_transposed(l: &[f64], n: usize, x: &mut [f64]) {
    let multiply_adds = x.len() * n / 2;
    for_each_row(x, n, multiply_adds, &|_, x| {
        for i in (0..n).rev() {
            x[i] /= l[i * n + i];
            let (above, own) = x.split_at_mut(i);
            add_scaled(above, -own[0], &l[i * n..i * n + i]);
        }
    });
}
