//! Limited-memory BFGS (Liu and Nocedal 1989): H·g from the last steps and gradient changes, by the two-loop
//! recursion.

use super::directed::Direction;
use super::dot;
use crate::archive::Archive;
use hebb_kernels::vector::add_scaled;
use std::collections::VecDeque;

/// A step, the change of the gradient over it, and 1 / yᵀs.
type Pair = (Vec<f64>, Vec<f64>, f64);

/// The method of L-BFGS.
#[derive(Clone, Debug)]
pub(super) struct Lbfgs {
    memory: usize,
    pairs: VecDeque<Pair>,
}

impl Lbfgs {
    /// Remembers this many steps, at least 1.
    pub fn new(memory: usize) -> Self {
        Self { memory, pairs: VecDeque::new() }
    }
}

impl Direction for Lbfgs {
    fn curvature(&self) -> f64 {
        0.9
    }

    fn turn(&mut self, gradient: &[f64], moved: Option<(&[f64], &[f64])>, direction: &mut [f64]) {
        if let Some((step, change)) = moved {
            let curvature = dot(step, change);
            // Without curvature along the step H would no longer be positive definite.
            if curvature > 1e-12 * dot(change, change) {
                if self.pairs.len() == self.memory {
                    self.pairs.pop_front();
                }
                self.pairs.push_back((step.to_vec(), change.to_vec(), 1.0 / curvature));
            }
        }
        direction.iter_mut().zip(gradient).for_each(|(d, g)| *d = -g);
        let mut parts = Vec::with_capacity(self.pairs.len());
        for (step, change, inverse) in self.pairs.iter().rev() {
            let part = inverse * dot(step, direction);
            add_scaled(direction, -part, change);
            parts.push(part);
        }
        if let Some((_, change, inverse)) = self.pairs.back() {
            let size = 1.0 / (inverse * dot(change, change));
            direction.iter_mut().for_each(|d| *d *= size);
        }
        for ((step, change, inverse), part) in self.pairs.iter().zip(parts.into_iter().rev()) {
            let other = inverse * dot(change, direction);
            add_scaled(direction, part - other, step);
        }
    }

    fn exchange(&mut self, archive: &mut Archive, n: usize) {
        let mut count = self.pairs.len();
        archive.size(&mut count);
        archive.require(count <= self.memory);
        self.pairs.resize_with(count.min(self.memory), Pair::default);
        for (step, change, inverse) in &mut self.pairs {
            archive.list(step, n);
            archive.list(change, n);
            archive.number(inverse);
        }
    }

    fn forget(&mut self) {
        self.pairs.clear();
    }

    fn scaled(&self) -> bool {
        !self.pairs.is_empty()
    }
}
