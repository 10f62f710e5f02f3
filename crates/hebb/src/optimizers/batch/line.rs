//! The minimum of a function of one number, whose slope nobody knows: a bracket, then what narrows it.

use super::bracket::{Bracket, Triple};
use super::golden::GoldenSection;

/// What narrows a bracket around a minimum.
pub trait Minimize {
    /// From three points in a row, the middle one the lowest, down to a width of `tolerance`, relative to where it
    /// is. Below the root of the smallest difference of numbers, 1.5e-8, nothing is gained.
    fn new(bracket: Triple, tolerance: f64) -> Self;
    /// The place whose value it wants to know; none once it is done.
    fn ask(&self) -> Option<f64>;
    /// The value there.
    fn tell(&mut self, value: f64);
    /// The lowest place so far, and its value.
    fn best(&self) -> (f64, f64);
}

/// A line minimisation under way.
#[derive(Clone, Debug)]
pub struct LineMinimum<M = GoldenSection> {
    bracket: Bracket,
    inside: Option<M>,
    tolerance: f64,
}

impl<M: Minimize> LineMinimum<M> {
    /// From two different places; the minimum may lie beyond either.
    pub fn new(from: f64, to: f64, tolerance: f64) -> Self {
        Self { bracket: Bracket::new(from, to), inside: None, tolerance }
    }

    /// The place whose value it wants to know; none once it is done, or where the function falls without end.
    pub fn ask(&self) -> Option<f64> {
        match &self.inside {
            Some(inside) => inside.ask(),
            None => self.bracket.ask(),
        }
    }

    /// The value there. What is not finite counts as high.
    pub fn tell(&mut self, value: f64) {
        let value = if value.is_nan() { f64::INFINITY } else { value };
        match &mut self.inside {
            Some(inside) => inside.tell(value),
            None => self.inside = self.bracket.tell(value).map(|found| M::new(found, self.tolerance)),
        }
    }

    /// The lowest place, and its value; none where no bracket was found.
    pub fn best(&self) -> Option<(f64, f64)> {
        self.inside.as_ref().map(M::best)
    }
}
