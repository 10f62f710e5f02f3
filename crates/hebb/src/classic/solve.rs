//! A·x = b for a symmetric matrix, by Cholesky; and if it is singular, in the way that is chosen.

use hebb_kernels::error::{Error, Result};
use hebb_kernels::matrix::{Cholesky, LeastSquares, solve_lower, solve_lower_transposed};

/// What becomes of a singular matrix.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Least squares.
    LeastSquares,
    /// A small number is added to the diagonal, which costs no more than a second attempt.
    Ridge,
}

/// What was done about a singular matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Remedied {
    /// It had this rank.
    Rank(usize),
    /// This was added.
    Ridge(f64),
}

/// A solution under way.
pub(crate) struct Solve {
    n: usize,
    /// The triangle up to the diagonal becomes L, the other one stays.
    pub a: Vec<f64>,
    /// `[count, n]`, the right sides and at the end the solutions.
    pub x: Vec<f64>,
    diagonal: Vec<f64>,
    cholesky: Cholesky,
    least_squares: Option<LeastSquares>,
    remedy: Remedy,
    /// What was added to the diagonal.
    added: f64,
    pub remedied: Option<Remedied>,
}

impl Solve {
    /// Of a matrix of which only the triangle up to the diagonal is given.
    pub fn new(mut a: Vec<f64>, n: usize, x: Vec<f64>, remedy: Remedy) -> Result<Self> {
        for i in 0..n {
            for j in 0..i {
                a[j * n + i] = a[i * n + j];
            }
        }
        let diagonal: Vec<f64> = (0..n).map(|i| a[i * n + i]).collect();
        if !diagonal.iter().chain(&x).all(|value| value.is_finite()) {
            return Err(Error::data(
                "the values of the kernel, or the targets, are beyond the range of 64 bits: scale them, or lower scale or degree",
            ));
        }
        let cholesky = Cholesky::new(&a, n)?;
        Ok(Self { n, a, x, diagonal, cholesky, least_squares: None, remedy, added: 0.0, remedied: None })
    }

    /// The next step; true at the end.
    pub fn advance(&mut self) -> Result<bool> {
        let n = self.n;
        if let Some(fit) = &mut self.least_squares {
            if !fit.advance(&mut self.a, &mut self.x) {
                return Ok(false);
            }
            self.x = fit.weights(&self.a, &mut self.x);
            self.remedied = (fit.rank() < n).then_some(Remedied::Rank(fit.rank()));
            return self.check();
        }
        match self.cholesky.advance(&mut self.a)? {
            Ok(false) => return Ok(false),
            Ok(true) => {
                solve_lower(&self.a, n, &mut self.x);
                solve_lower_transposed(&self.a, n, &mut self.x);
                return self.check();
            }
            Err(_) => {}
        }
        for i in 0..n {
            for j in 0..i {
                self.a[i * n + j] = self.a[j * n + i];
            }
            self.a[i * n + i] = self.diagonal[i];
        }
        if self.remedy == Remedy::LeastSquares {
            self.least_squares = Some(LeastSquares::new(n, n));
            return Ok(false);
        }
        let largest = self.diagonal.iter().fold(0.0, |most: f64, &value| most.max(value.abs()));
        self.added =
            if self.added > 0.0 { 100.0 * self.added } else { 10.0 * n as f64 * f64::EPSILON * largest };
        for i in 0..n {
            self.a[i * n + i] += self.added;
        }
        self.remedied = Some(Remedied::Ridge(self.added));
        self.cholesky = Cholesky::new(&self.a, n)?;
        // All of the matrix is 0, or the kernel is no scalar product.
        if self.added > 1e-3 * largest || largest == 0.0 {
            return Err(Error::data("the equations are singular: use another kernel, or a larger lambda"));
        }
        Ok(false)
    }

    fn check(&self) -> Result<bool> {
        if self.x.iter().all(|value| value.is_finite()) {
            return Ok(true);
        }
        Err(Error::data("the equations have no finite solution: scale the samples, or use a larger lambda"))
    }

    /// The part that is done.
    pub fn progress(&self) -> f64 {
        self.cholesky.progress()
    }
}
