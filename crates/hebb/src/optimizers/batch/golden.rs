//! Golden section search (Kiefer 1953): each new point divides the larger part of the bracket so that the rest keeps its
//! proportions.

use super::bracket::{GOLDEN, Triple};
use super::narrow::Narrow;

/// A search in progress.
#[derive(Clone, Debug)]
pub(super) struct GoldenSection {
    bracket: Triple,
    tolerance: f64,
}

impl GoldenSection {
    pub fn new(bracket: Triple, tolerance: f64) -> Self {
        Self { bracket, tolerance }
    }

    fn trial(&self) -> f64 {
        let [a, b, c] = self.bracket.map(|point| point.0);
        let part = 1.0 - 1.0 / GOLDEN;
        if (c - b).abs() > (b - a).abs() { b + part * (c - b) } else { b + part * (a - b) }
    }
}

impl Narrow for GoldenSection {
    fn ask(&self) -> Option<f64> {
        let [a, b, c] = self.bracket.map(|point| point.0);
        let width = self.tolerance.max(f64::EPSILON) * b.abs() + f64::MIN_POSITIVE.sqrt();
        ((c - a).abs() > width && self.trial() != b).then(|| self.trial())
    }

    fn tell(&mut self, value: f64) {
        let new = (self.trial(), value);
        let [a, b, c] = self.bracket;
        let beyond = (c.0 - b.0).abs() > (b.0 - a.0).abs();
        self.bracket = match (beyond, value < b.1) {
            (true, true) => [b, new, c],
            (true, false) => [a, b, new],
            (false, true) => [a, new, b],
            (false, false) => [new, b, c],
        };
    }

    fn best(&self) -> f64 {
        self.bracket[1].0
    }
}
