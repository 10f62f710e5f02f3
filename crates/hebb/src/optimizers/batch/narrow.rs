//! The interface of a search within a bracket.

/// A search within a bracket.
pub(super) trait Narrow {
    /// The point whose value is needed next; `None` when done.
    fn ask(&self) -> Option<f64>;
    /// Passes the value at that point.
    fn tell(&mut self, value: f64);
    /// The lowest point so far.
    fn best(&self) -> f64;
}
