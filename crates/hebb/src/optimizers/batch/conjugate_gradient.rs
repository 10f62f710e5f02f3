//! Nonlinear conjugate gradients: d(t) = −g(t) + β·d(t−1), β after Fletcher and Reeves (1964), gᵀg / g₋ᵀg₋, or
//! Polak and Ribière (1969), max(0, gᵀ(g − g₋) / g₋ᵀg₋). Restarted after as many lines as there are dimensions.

use super::directed::Direction;
use super::dot;
use crate::archive::Archive;

/// The formula for β.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Formula {
    FletcherReeves,
    PolakRibiere,
}

/// The method of conjugate gradients.
#[derive(Clone, Debug)]
pub(super) struct ConjugateGradient {
    formula: Formula,
    lines: usize,
}

impl ConjugateGradient {
    /// With a formula.
    pub fn new(formula: Formula) -> Self {
        Self { formula, lines: 0 }
    }
}

impl Direction for ConjugateGradient {
    fn curvature(&self) -> f64 {
        0.1
    }

    fn turn(&mut self, gradient: &[f64], moved: Option<(&[f64], &[f64])>, direction: &mut [f64]) {
        let beta = match moved {
            Some((_, changed)) if self.lines < gradient.len() => {
                let before: f64 = gradient.iter().zip(changed).map(|(g, y)| (g - y) * (g - y)).sum();
                match self.formula {
                    Formula::FletcherReeves => dot(gradient, gradient) / before,
                    Formula::PolakRibiere => (dot(gradient, changed) / before).max(0.0),
                }
            }
            _ => 0.0,
        };
        self.lines = if beta == 0.0 { 1 } else { self.lines + 1 };
        direction.iter_mut().zip(gradient).for_each(|(d, g)| *d = beta * *d - g);
    }

    fn exchange(&mut self, archive: &mut Archive, _: usize) {
        archive.size(&mut self.lines);
    }

    fn forget(&mut self) {
        self.lines = 0;
    }

    fn scaled(&self) -> bool {
        false
    }
}
