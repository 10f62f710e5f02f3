//! The state of a learning rate that falls on plateaus.

use super::schedule::{Changing, Schedule};
use crate::archive::Archive;

/// Counts the plateaus of the loss, as PyTorch's `ReduceLROnPlateau`.
#[derive(Clone, Debug)]
pub(crate) struct Plateau {
    patience: u64,
    decrease: f64,
    best: f64,
    /// Epochs since the best one.
    waited: u64,
    /// Number of plateaus so far.
    pub lowered: u64,
}

impl Plateau {
    /// For a schedule that falls on plateaus.
    pub fn of(schedule: &Schedule) -> Option<Self> {
        match schedule {
            Schedule::Changing(Changing::Plateau { patience, decrease, .. }) => Some(Self {
                patience: *patience,
                decrease: *decrease,
                best: f64::INFINITY,
                waited: 0,
                lowered: 0,
            }),
            _ => None,
        }
    }

    /// Exchanges its state with an archive.
    pub fn exchange(&mut self, archive: &mut Archive) {
        archive.number(&mut self.best);
        archive.count(&mut self.waited);
        archive.count(&mut self.lowered);
    }

    /// Passes the loss at the end of an epoch.
    pub fn tell(&mut self, loss: f64) {
        if loss < self.best * (1.0 - self.decrease) {
            (self.best, self.waited) = (loss, 0);
            return;
        }
        self.waited += 1;
        if self.waited > self.patience {
            (self.lowered, self.waited) = (self.lowered + 1, 0);
        }
    }
}

#[cfg(test)]
mod tests;
