//! Least squares for matrices of any rank, by Householder's reflections with exchanges of columns (Golub and Van Loan, "Matrix
//! Computations", 5.4 and 5.5).

use crate::parallel::{Shared, tasks};
use crate::vector::{add_scaled, dot};

/// Multiply–adds of a step, some milliseconds: unlike products they wait for memory.
const WORK: usize = 1 << 23;

/// For the columns of a matrix, given one after another as `[columns, n]`, the weights with which their sum is nearest to each of
/// the targets `[count, n]`. Columns that are sums of others, but for rounding, have the weight 0.
pub struct LeastSquares {
    n: usize,
    /// The columns in the order of their exchanges.
    order: Vec<usize>,
    /// Columns that have been reflected.
    rank: usize,
    /// The length of the longest column.
    longest: f64,
}

impl LeastSquares {
    /// Of so many columns of n values.
    pub fn new(columns: usize, n: usize) -> Self {
        Self { n, order: (0..columns).collect(), rank: 0, longest: 0.0 }
    }

    /// The next columns, of the matrix and of the targets, which both change; true at the end.
    pub fn advance(&mut self, a: &mut [f64], t: &mut [f64]) -> bool {
        let (n, columns) = (self.n, self.order.len());
        let most = (WORK / (columns * n).max(1)).max(1);
        for _ in 0..most {
            if self.rank == columns.min(n) || !self.column(a, t) {
                return true;
            }
        }
        false
    }

    /// Reflects the column with the longest rest onto its first entry; false if that is 0 but for rounding.
    fn column(&mut self, a: &mut [f64], t: &mut [f64]) -> bool {
        let (n, columns, rank, count) = (self.n, self.order.len(), self.rank, t.len() / self.n);
        let rest = n - rank;
        // Computed anew: the usual update of the last lengths cancels.
        let mut lengths = vec![0.0; columns];
        let (into, from) = (Shared::new(&mut lengths), &*a);
        tasks(columns - rank, (columns - rank) * rest, &|column| {
            let own = &from[(rank + column) * n + rank..(rank + column + 1) * n];
            // SAFETY: each task writes one length.
            unsafe { *into.at(rank + column) = dot(own, own) };
        });
        let longest = (rank..columns).fold(rank, |best, k| if lengths[k] > lengths[best] { k } else { best });
        let length = lengths[longest].sqrt();
        if rank == 0 {
            self.longest = length;
        }
        if length.is_nan() || length <= self.longest * f64::EPSILON * n.max(columns) as f64 {
            return false;
        }
        self.order.swap(rank, longest);
        for k in 0..n {
            a.swap(rank * n + k, longest * n + k);
        }
        let mut v = a[rank * n + rank..(rank + 1) * n].to_vec();
        // With the sign that does not cancel.
        let head = if v[0] > 0.0 { -length } else { length };
        v[0] -= head;
        let square = dot(&v, &v);
        a[rank * n + rank] = head;
        let (after, targets) = (Shared::new(&mut a[(rank + 1) * n..]), Shared::new(t));
        let others = columns - rank - 1;
        tasks(others + count, (others + count) * rest * 2, &|index| {
            let (of, row) = if index < others { (&after, index) } else { (&targets, index - others) };
            // SAFETY: each task has a column or a target of its own.
            let own = unsafe { std::slice::from_raw_parts_mut(of.at(row * n + rank), rest) };
            add_scaled(own, -2.0 * dot(&v, own) / square, &v);
        });
        self.rank += 1;
        true
    }

    /// The weights, `[count, columns]`, after the end.
    pub fn weights(&self, a: &[f64], t: &mut [f64]) -> Vec<f64> {
        let (n, columns) = (self.n, self.order.len());
        let mut weights = vec![0.0; t.len() / n * columns];
        for (t, weights) in t.chunks_exact_mut(n).zip(weights.chunks_exact_mut(columns)) {
            for k in (0..self.rank).rev() {
                let weight = t[k] / a[k * n + k];
                weights[self.order[k]] = weight;
                add_scaled(&mut t[..k], -weight, &a[k * n..k * n + k]);
            }
        }
        weights
    }

    /// The rank of the matrix, after the end.
    pub fn rank(&self) -> usize {
        self.rank
    }
}
