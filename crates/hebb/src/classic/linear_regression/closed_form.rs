//! Direct least squares: Householder's QR (Golub and Van Loan, "Matrix Computations", 5.2 and 5.3) of the columns centred and
//! scaled to length 1, which eliminates the intercept.

use super::problem::Problem;
use hebb_kernels::error::{Error, Result};
use ndarray::{Array1, Array2, ArrayViewMut1, Axis, s};

impl Problem {
    /// The parameters `[weights…, intercept]` with the least cost.
    pub fn closed_form(&self) -> Result<Vec<f64>> {
        self.check_features()?;
        let (n, features) = self.x.dim();
        if n <= features {
            return Err(Error::data(format!(
                "{n} samples cannot determine {features} weights and an intercept: give more samples or fewer features"
            )));
        }
        let mut columns = self.x.clone();
        let (mut means, mut lengths) = (Vec::new(), Vec::new());
        for column in columns.axis_iter_mut(Axis(1)) {
            let (mean, length) = centre(column, true);
            means.push(mean);
            lengths.push(length);
        }
        let mut t = self.t.clone();
        let (mean, _) = centre(t.view_mut(), false);
        let mut weights = solve(columns, t)?;
        for (weight, length) in weights.iter_mut().zip(&lengths) {
            *weight /= length;
        }
        let intercept = mean - weights.iter().zip(&means).fold(0.0, |sum, (w, m)| sum + w * m);
        weights.push(intercept);
        Ok(weights)
    }
}

/// Subtracts the mean, and divides by the length if `scale`; returns both.
fn centre(mut column: ArrayViewMut1<f64>, scale: bool) -> (f64, f64) {
    let n = column.len() as f64;
    // The second pass removes the rounding error of the first.
    let mut mean = column.iter().fold(0.0, |sum, x| sum + x) / n;
    mean += column.iter().fold(0.0, |sum, x| sum + (x - mean)) / n;
    column.mapv_inplace(|x| x - mean);
    let length = column.iter().fold(0.0, |sum, x| sum + x * x).sqrt();
    if scale && length > 0.0 {
        column.mapv_inplace(|x| x / length);
    }
    (mean, length)
}

/// The least squares solution of a·w = t, for columns of length 1.
fn solve(mut a: Array2<f64>, mut t: Array1<f64>) -> Result<Vec<f64>> {
    let (rows, columns) = a.dim();
    let least = 16.0 * f64::EPSILON * rows.max(columns) as f64;
    for j in 0..columns {
        let length = a.slice(s![j.., j]).iter().fold(0.0, |sum, x| sum + x * x).sqrt();
        if length <= least {
            return Err(Error::data(format!(
                "feature {j} (from 0) is a combination of those before it: its weight is not determined, leave it out"
            )));
        }
        // v = a_j ∓ length·e_j reflects a_j onto its first entry, with the sign that does not cancel.
        let head = if a[[j, j]] > 0.0 { -length } else { length };
        let mut v = a.slice(s![j.., j]).to_owned();
        v[0] -= head;
        let square = v.dot(&v);
        for k in j + 1..columns {
            let mut column = a.slice_mut(s![j.., k]);
            let part = 2.0 * v.dot(&column) / square;
            column.scaled_add(-part, &v);
        }
        let mut rest = t.slice_mut(s![j..]);
        let part = 2.0 * v.dot(&rest) / square;
        rest.scaled_add(-part, &v);
        a[[j, j]] = head;
    }
    let mut weights = vec![0.0; columns];
    for j in (0..columns).rev() {
        let known = (j + 1..columns).fold(0.0, |sum, k| sum + a[[j, k]] * weights[k]);
        weights[j] = (t[j] - known) / a[[j, j]];
    }
    Ok(weights)
}
