//! The method of Levenberg (1944) and Marquardt (1963) for f = ½Σr²: (JᵀJ + λ·D)·δ = −Jᵀr, D the largest diagonal of
//! JᵀJ so far (Moré 1978), λ after each step by how much of the predicted decrease came true (Nielsen 1999).

use super::dot;
use super::method::{Failure, Method, Move, Point, Wants};
use crate::archive::Archive;
use crate::optimizers::positive;
use hebb_kernels::error::Result;

/// Steps with a larger λ are too short to matter.
const MOST: f64 = 1e16;

/// The method of Levenberg and Marquardt.
pub struct LevenbergMarquardt {
    damping: f64,
    /// The factor of λ after a failed step.
    growth: f64,
    /// D.
    scale: Vec<f64>,
    /// δ.
    step: Vec<f64>,
}

impl LevenbergMarquardt {
    /// With the first λ, above 0.
    pub fn new(damping: f64) -> Result<Self> {
        positive("damping", damping)?;
        Ok(Self { damping, growth: 2.0, scale: Vec::new(), step: Vec::new() })
    }

    /// The step with this damping, or with the next higher one for which there is a step.
    fn attempt(&mut self, here: &Point) -> Move {
        while self.damping <= MOST {
            let mut matrix = here.normal.clone();
            for (i, scale) in self.scale.iter().enumerate() {
                matrix[i * self.scale.len() + i] += self.damping * scale;
            }
            if factor(&mut matrix, &self.scale, 0.0).is_ok() {
                self.step = here.gradient.iter().map(|g| -g).collect();
                solve(&matrix, &mut self.step);
                return Move::Try(super::along(&here.x, 1.0, &self.step), Wants::Value);
            }
            self.raise();
        }
        Move::Stuck(Failure::NoDecrease)
    }

    fn raise(&mut self) {
        self.damping *= self.growth;
        self.growth *= 2.0;
    }
}

impl Method for LevenbergMarquardt {
    fn next(&mut self, here: &Point, _: Option<&Point>) -> Move {
        let n = here.x.len();
        self.scale.resize(n, 0.0);
        for (i, scale) in self.scale.iter_mut().enumerate() {
            *scale = scale.max(here.normal[i * n + i]);
        }
        // A variable that has had no influence so far stays where it is.
        self.scale.iter_mut().filter(|scale| **scale == 0.0).for_each(|scale| *scale = 1.0);
        self.attempt(here)
    }

    fn tried(&mut self, here: &Point, there: &Point) -> Move {
        let damped = self.step.iter().zip(&self.scale).map(|(step, scale)| step * step * scale).sum::<f64>();
        let predicted = 0.5 * (self.damping * damped - dot(&self.step, &here.gradient));
        let ratio = (here.value - there.value) / predicted;
        if ratio > 1e-4 && there.value.is_finite() {
            self.damping = (self.damping * (1.0 - (2.0 * ratio - 1.0).powi(3)).max(1.0 / 3.0)).max(1e-16);
            self.growth = 2.0;
            return Move::Go(there.x.clone());
        }
        self.raise();
        self.attempt(here)
    }

    fn exchange(&mut self, archive: &mut Archive, n: usize) {
        archive.number(&mut self.damping);
        archive.number(&mut self.growth);
        archive.list(&mut self.scale, n);
    }

    fn wants(&self) -> Wants {
        Wants::Jacobian
    }

    fn rate(&self) -> Option<f64> {
        None
    }

    fn adjusts(&self) -> bool {
        true
    }

    fn remark(&self, here: &Point) -> Option<String> {
        let scale: Vec<f64> = (0..here.x.len()).map(|i| here.normal[i * here.x.len() + i]).collect();
        let singular = factor(&mut here.normal.clone(), &scale, 1e-13).err()?;
        Some(format!(
            "the Jacobian is singular: parameter {singular} (from 0) can be changed, and others with it, without \
             changing any residual, so that the data do not determine it"
        ))
    }
}

/// The Cholesky factor in the lower half of a matrix; the error is the first row whose part independent of the rows before it
/// is at most `least` of its scale.
fn factor(matrix: &mut [f64], scale: &[f64], least: f64) -> std::result::Result<(), usize> {
    let n = scale.len();
    for i in 0..n {
        let (above, rest) = matrix.split_at_mut(i * n);
        let row = &mut rest[..n];
        for j in 0..i {
            let other = &above[j * n..][..n];
            row[j] = (row[j] - dot(&row[..j], &other[..j])) / other[j];
        }
        let square = row[i] - dot(&row[..i], &row[..i]);
        if !(square > least * scale[i] && square.is_finite()) {
            return Err(i);
        }
        row[i] = square.sqrt();
    }
    Ok(())
}

/// Solves L·Lᵀ·x = b in place.
fn solve(factor: &[f64], b: &mut [f64]) {
    let n = b.len();
    for i in 0..n {
        b[i] = (b[i] - dot(&factor[i * n..][..i], &b[..i])) / factor[i * n + i];
    }
    for i in (0..n).rev() {
        b[i] /= factor[i * n + i];
        for j in 0..i {
            b[j] -= factor[i * n + j] * b[i];
        }
    }
}
