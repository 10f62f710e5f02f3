//! Least squares for matrices of any rank, by Householder's reflections with exchanges of columns (Golub and Van Loan, "Matrix
//! Computations", 5.4 and 5.5).

use super::tasks;

use crate::parallel::Shared;
use crate::vector::{add_scaled, dot};

/// For the columns of a matrix, given one after another as `[columns, n]`, finds the weights with which their sum is nearest to
/// each of `t` `[count, n]`: `[count, columns]`. Columns that are sums of others, but for rounding, have the weight 0. Returns
/// the rank too. Both arguments are overwritten.
pub fn least_squares(a: &mut [f64], n: usize, t: &mut [f64]) -> (Vec<f64>, usize) {
    let (columns, count) = (a.len() / n, t.len() / n);
    let mut order: Vec<usize> = (0..columns).collect();
    let mut rank = 0;
    let mut first = 0.0;
    while rank < columns.min(n) {
        // The column with the longest rest. Its length is computed anew: the usual update of the last one cancels.
        let mut lengths = vec![0.0; columns];
        let into = Shared::new(&mut lengths);
        let (from, rest) = (&*a, n - rank);
        tasks(columns - rank, (columns - rank) * rest, &|column| {
            let own = &from[(rank + column) * n + rank..(rank + column + 1) * n];
            // SAFETY: each task writes one length.
            unsafe { *into.at(rank + column) = dot(own, own) };
        });
        let longest = (rank..columns).fold(rank, |best, k| if lengths[k] > lengths[best] { k } else { best });
        let length = lengths[longest].sqrt();
        if rank == 0 {
            first = length;
        }
        if length.is_nan() || length <= first * f64::EPSILON * n.max(columns) as f64 {
            break;
        }
        order.swap(rank, longest);
        for k in 0..n {
            a.swap(rank * n + k, longest * n + k);
        }
        let mut v = a[rank * n + rank..(rank + 1) * n].to_vec();
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
        rank += 1;
    }
    let mut weights = vec![0.0; count * columns];
    for (t, weights) in t.chunks_exact_mut(n).zip(weights.chunks_exact_mut(columns)) {
        for k in (0..rank).rev() {
            let weight = t[k] / a[k * n + k];
            weights[order[k]] = weight;
            add_scaled(&mut t[..k], -weight, &a[k * n..k * n + k]);
        }
    }
    (weights, rank)
}
