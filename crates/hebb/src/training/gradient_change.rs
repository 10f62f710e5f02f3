//! How much the gradient changes from epoch to epoch: max|g(t) − g(t−1)|, g the mean gradient of an epoch's updates.

use crate::archive::Archive;

/// Sums of the gradients of this epoch and the last.
#[derive(Default)]
pub(super) struct GradientChange {
    sum: Vec<f64>,
    updates: f64,
    before: Vec<f64>,
    /// max|g(t) − g(t−1)| of the last epoch; NaN in the first.
    pub change: f64,
    /// The largest component of the last epoch's gradient.
    pub largest: f64,
}

impl GradientChange {
    /// Adds the gradient of an update.
    pub fn add(&mut self, gradient: &[f32]) {
        self.sum.resize(gradient.len(), 0.0);
        self.sum.iter_mut().zip(gradient).for_each(|(sum, &g)| *sum += f64::from(g));
        self.updates += 1.0;
    }

    /// Exchanges its state with an archive; `n` is the number of variables.
    pub fn exchange(&mut self, archive: &mut Archive, n: usize) {
        archive.list(&mut self.sum, n);
        archive.number(&mut self.updates);
        archive.list(&mut self.before, n);
        archive.number(&mut self.change);
        archive.number(&mut self.largest);
    }

    /// Ends the epoch.
    pub fn end(&mut self) {
        self.sum.iter_mut().for_each(|sum| *sum /= self.updates);
        self.change = if self.before.is_empty() { f64::NAN } else { 0.0 };
        for (now, before) in self.sum.iter().zip(&self.before) {
            self.change = self.change.max((now - before).abs());
        }
        self.largest = self.sum.iter().fold(0.0, |most, g| f64::max(most, g.abs()));
        std::mem::swap(&mut self.before, &mut self.sum);
        self.sum.fill(0.0);
        self.updates = 0.0;
    }
}

#[cfg(test)]
mod tests;
