//! A threshold unit and its training.

use super::margin::{Margin, margin};
use super::net::{Data, net};
use super::options::{Options, Variant};
use ndarray::ArrayView1;

/// The reason why training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A whole epoch without a mistake: the weights separate the samples.
    Converged,
    /// The weights are the same as at the end of an earlier epoch: they would cycle for ever.
    Cycle,
    /// The maximum number of epochs was reached, with mistakes in the last one.
    Epochs,
}

impl Stop {
    /// The name on the JavaScript side.
    pub fn as_str(self) -> &'static str {
        match self {
            Stop::Converged => "converged",
            Stop::Cycle => "cycle",
            Stop::Epochs => "epochs",
        }
    }
}

/// A correction of the weights.
#[derive(Clone, Debug)]
pub struct Update {
    /// From 1.
    pub epoch: u64,
    /// The misclassified sample, from 0.
    pub sample: u32,
    /// Whether the unit should have fired.
    pub target: bool,
    /// The net input w·x + b that was wrong.
    pub net: f64,
    /// The weights after the correction, the bias last.
    pub weights: Vec<f64>,
}

/// Up to this many samples, the pocket counts the right answers of all weights.
const COUNTED: usize = 1000;

/// Maximum numbers recorded per unit.
const RECORDED: usize = 1 << 20;

/// The best weights so far, with their right answers in a row and in total.
struct Pocket {
    weights: Vec<f64>,
    run: u64,
    right: usize,
}

/// A threshold unit. Its weights start at 0; the bias is the last of them.
pub struct Unit {
    number: usize,
    rate: f64,
    weights: Vec<f64>,
    presented: u64,
    updates: u64,
    /// Of the current epoch, and of the epochs before.
    mistaken: u64,
    mistakes: Vec<u64>,
    stop: Option<Stop>,
    margin: Option<Margin>,
    /// Σ (time · change), the correction of the mean; empty if not needed.
    late: Vec<f64>,
    pocket: Option<Pocket>,
    /// Right answers since the last update, and whether these weights were compared with the pocket's.
    run: u64,
    compared: bool,
    /// The weights at the end of the epoch of the last power of 2 (Brent's cycle detection).
    earlier: Vec<f64>,
    history: Vec<Update>,
    most: usize,
}

impl Unit {
    pub(super) fn new(number: usize, options: &Options) -> Self {
        let zero = vec![0.0; options.inputs + 1];
        let averaged = options.variant == Variant::Averaged;
        let pocket = options.variant == Variant::Pocket;
        Self {
            number,
            rate: options.learning_rate,
            presented: 0,
            updates: 0,
            mistaken: 0,
            mistakes: Vec::new(),
            stop: None,
            margin: None,
            late: if averaged { zero.clone() } else { Vec::new() },
            pocket: pocket.then(|| Pocket { weights: zero.clone(), run: 0, right: 0 }),
            run: 0,
            compared: false,
            earlier: zero.clone(),
            weights: zero,
            history: Vec::new(),
            most: options.history.min(RECORDED / (options.inputs + 1)),
        }
    }

    /// Classifies a sample, and corrects the weights if the answer is wrong.
    pub(super) fn present(&mut self, sample: usize, data: &Data, epoch: u64) {
        if self.stop.is_some() {
            return;
        }
        let x = data.x.row(sample);
        let (net, target) = (net(&self.weights, x), data.is(self.number, sample));
        if (net >= 0.0) == target {
            self.run += 1;
        } else {
            let step = if target { self.rate } else { -self.rate };
            add(&mut self.weights, step, x);
            if !self.late.is_empty() {
                add(&mut self.late, step * self.presented as f64, x);
            }
            self.updates += 1;
            self.mistaken += 1;
            (self.run, self.compared) = (0, false);
            if self.history.len() < self.most {
                let weights = self.weights.clone();
                self.history.push(Update { epoch, sample: sample as u32, target, net, weights });
            }
        }
        self.presented += 1;
        self.consider(data);
    }

    /// Puts the weights into the pocket if they are right more often. Counting takes all samples; if there are many, only weights
    /// with a longer run of right answers are counted, as in Gallant's paper.
    fn consider(&mut self, data: &Data) {
        let Some(pocket) = &mut self.pocket else { return };
        if self.compared || data.x.nrows() > COUNTED && self.run <= pocket.run {
            return;
        }
        self.compared = true;
        let fires = |row| net(&self.weights, row) >= 0.0;
        let rows = data.x.rows().into_iter().enumerate();
        let right = rows.filter(|&(i, row)| fires(row) == data.is(self.number, i)).count();
        if right > pocket.right {
            *pocket = Pocket { weights: self.weights.clone(), run: self.run, right };
        }
    }

    pub(super) fn end_epoch(&mut self, epoch: u64, last: bool, shuffled: bool, data: &Data) {
        if self.stop.is_some() {
            return;
        }
        let mistakes = std::mem::take(&mut self.mistaken);
        if self.mistakes.len() < RECORDED {
            self.mistakes.push(mistakes);
        }
        if mistakes == 0 {
            self.stop = Some(Stop::Converged);
            let mean = 1.0 / (self.rate * self.updates as f64);
            let normal = self.weights.iter().map(|w| w * mean).collect();
            self.margin = Some(margin(normal, data, self.number));
            return;
        }
        // In a fixed order, the next weights follow from these alone.
        if !shuffled && self.weights == self.earlier {
            self.stop = Some(Stop::Cycle);
        } else if last {
            self.stop = Some(Stop::Epochs);
        }
        if epoch.is_power_of_two() {
            self.earlier.clone_from(&self.weights);
        }
    }

    /// The reason why it stopped, if it has.
    pub fn stop(&self) -> Option<Stop> {
        self.stop
    }

    /// The weights of its variant, the bias last; weights that separate the samples take precedence.
    pub fn kept(&self) -> Vec<f64> {
        match &self.pocket {
            Some(pocket) if self.stop != Some(Stop::Converged) => pocket.weights.clone(),
            None if !self.late.is_empty() => {
                let presented = self.presented.max(1) as f64;
                self.weights.iter().zip(&self.late).map(|(w, late)| w - late / presented).collect()
            }
            _ => self.weights.clone(),
        }
    }

    /// Number of updates.
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// Mistakes per epoch, of the first 2²⁰ epochs.
    pub fn mistakes(&self) -> &[u64] {
        &self.mistakes
    }

    /// The largest margin found and Novikoff's bound, if it converged.
    pub fn margin(&self) -> Option<Margin> {
        self.margin
    }

    /// The first updates, as many as the options ask for.
    pub fn history(&self) -> &[Update] {
        &self.history
    }
}

/// weights += step · (x, 1).
fn add(weights: &mut [f64], step: f64, x: ArrayView1<f64>) {
    for (weight, value) in weights.iter_mut().zip(x.iter().chain([&1.0])) {
        *weight += step * value;
    }
}
