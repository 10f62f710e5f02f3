//! The quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno (1970): d = −H·g, H an approximation of the
//! inverse Hessian, H ← (I − ρ·s·yᵀ)·H·(I − ρ·y·sᵀ) + ρ·s·sᵀ with ρ = 1 / yᵀs. It takes n² numbers.

use super::directed::Direction;
use super::dot;
use crate::archive::Archive;
use hebb_kernels::vector::add_scaled;

/// The method of BFGS.
#[derive(Clone, Debug, Default)]
pub(super) struct Bfgs {
    /// H by rows; empty before the first update.
    inverse: Vec<f64>,
}

impl Bfgs {
    fn learn(&mut self, step: &[f64], change: &[f64]) {
        let (n, curvature) = (step.len(), dot(step, change));
        // Without curvature along the step H would no longer be positive definite.
        if curvature <= 1e-12 * dot(change, change) {
            return;
        }
        if self.inverse.is_empty() {
            // As large as the curvature along the first step (Nocedal and Wright 2006, eq. 6.20).
            self.inverse = vec![0.0; n * n];
            let size = curvature / dot(change, change);
            (0..n).for_each(|i| self.inverse[i * n + i] = size);
        }
        let bent: Vec<f64> = self.inverse.chunks(n).map(|row| dot(row, change)).collect();
        let scale = (1.0 + dot(change, &bent) / curvature) / curvature;
        for (i, row) in self.inverse.chunks_mut(n).enumerate() {
            add_scaled(row, scale * step[i] - bent[i] / curvature, step);
            add_scaled(row, -step[i] / curvature, &bent);
        }
    }
}

impl Direction for Bfgs {
    fn curvature(&self) -> f64 {
        0.9
    }

    fn turn(&mut self, gradient: &[f64], moved: Option<(&[f64], &[f64])>, direction: &mut [f64]) {
        if let Some((step, change)) = moved {
            self.learn(step, change);
        }
        let rows = self.inverse.chunks(gradient.len());
        // Before the first update, H is the identity.
        direction.iter_mut().zip(gradient).for_each(|(d, g)| *d = -g);
        direction.iter_mut().zip(rows).for_each(|(d, row)| *d = -dot(row, gradient));
    }

    fn exchange(&mut self, archive: &mut Archive, n: usize) {
        archive.list(&mut self.inverse, n * n);
    }

    fn forget(&mut self) {
        self.inverse.clear();
    }

    fn scaled(&self) -> bool {
        !self.inverse.is_empty()
    }
}
