//! How much the gradient changes from epoch to epoch: max|g(t) − g(t−1)|, g the mean gradient of an epoch's updates.

/// The gradients of a training under way.
#[derive(Default)]
pub(super) struct Change {
    sum: Vec<f64>,
    updates: f64,
    before: Vec<f64>,
    /// Of the last epoch; NaN in the first.
    pub change: f64,
    /// The largest component of the last epoch's gradient.
    pub largest: f64,
}

impl Change {
    /// The gradient of an update.
    pub fn add(&mut self, gradient: &[f32]) {
        self.sum.resize(gradient.len(), 0.0);
        self.sum.iter_mut().zip(gradient).for_each(|(sum, &g)| *sum += f64::from(g));
        self.updates += 1.0;
    }

    /// The epoch is over.
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
