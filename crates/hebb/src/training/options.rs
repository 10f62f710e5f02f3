//! The options of a training by minibatches, and its progress.

use crate::archive::Archive;
use crate::losses::Losses;
use crate::optimizers::Optimizer;
use crate::options::Rates;
use crate::options::json::{Fields, Read, deserialize};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// How to train.
#[derive(Clone, Debug)]
pub struct FitOptions {
    /// Passes over the data, at least 1.
    pub epochs: u64,
    /// Samples per step, at least 1; capped at the number of samples. The last step of an epoch takes the remainder. If an
    /// operator needs the whole batch (batch normalisation), a last minibatch of one sample is merged into the one before.
    pub batch_size: usize,
    /// The seed of the order of the samples. Default 0.
    pub seed: u64,
    /// Whether the samples are shuffled anew in each epoch. Default true.
    pub shuffle: bool,
    /// The loss to minimise.
    pub loss: Losses,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// Factors on its learning rate for some layers; 0 freezes them. Default: none.
    pub rates: Rates,
    /// Minibatches whose gradients are accumulated for one update, at least 1; the last update of an epoch may
    /// have fewer. Default 1.
    pub accumulate: usize,
    /// Truncated backpropagation through time, of sequences that are longer than the network's T time steps: an update every so many
    /// time steps, at most T, by the gradient over the last T of them; 0, the default, for sequences of T time steps.
    pub truncated: usize,
    /// Whether to measure the norm of every gradient. Default false, but `clip.norm` measures it too.
    pub gradient_norm: bool,
    /// Whether to measure how much the gradient changes from epoch to epoch. Default false.
    pub gradient_change: bool,
}

deserialize! { FitOptions, "the options"; }

impl Read for FitOptions {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            epochs: f.required("epochs")?,
            batch_size: f.required("batchSize")?,
            seed: f.get("seed", 0),
            shuffle: f.get("shuffle", true),
            loss: f.required("loss")?,
            optimizer: f.required("optimizer")?,
            rates: f.get("rates", Rates::default()),
            accumulate: f.get("accumulate", 1),
            truncated: f.get("truncated", 0),
            gradient_norm: f.get("gradientNorm", false),
            gradient_change: f.get("gradientChange", false),
        };
        f.end(read)
    }
}

/// The state of a training, for reports.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FitProgress {
    /// The epoch, from 1.
    pub epoch: u64,
    /// The minibatch of the epoch, from 1.
    pub batch: usize,
    /// Minibatches per epoch; 0 if unknown (a stream without a length).
    pub batches: usize,
    /// The loss of the epoch's samples so far: their mean, or their sum if the loss is a sum.
    pub loss: f64,
    /// The part of right answers among them, over all outputs that decide; NaN if none does.
    #[serde(serialize_with = "known")]
    pub accuracy: f64,
    /// The part of them with all answers right; NaN unless a sample has several.
    #[serde(serialize_with = "known")]
    pub exact_match: f64,
    /// How many they are.
    pub samples: usize,
    /// The learning rate of the last step.
    pub learning_rate: f32,
    /// The loss of the last minibatch.
    pub batch_loss: f64,
    /// The regularisation term in the loss, the mean of the epoch's steps so far.
    pub regularization: f64,
    /// The mean norm of the gradients of the epoch's updates so far, before clipping; NaN if not
    /// measured.
    #[serde(serialize_with = "known")]
    pub gradient_norm: f64,
    /// Set at the end of an epoch t: max|g(t) − g(t−1)|, where g is the mean gradient of the epoch's updates before clipping.
    /// NaN if not measured.
    #[serde(serialize_with = "known")]
    pub gradient_change: f64,
    /// The largest component of that g; NaN if not measured.
    #[serde(serialize_with = "known")]
    pub gradient_largest: f64,
    /// The gradients computed in the epoch so far, each of a minibatch or of all samples.
    pub gradient_evaluations: u64,
    /// The losses computed without a gradient, each of all samples.
    pub loss_evaluations: u64,
}

impl FitProgress {
    /// Exchanges it with an archive, but for the number of minibatches, which the training knows.
    pub(super) fn exchange(&mut self, archive: &mut Archive) {
        archive.count(&mut self.epoch);
        archive.size(&mut self.batch);
        archive.size(&mut self.samples);
        let mut rate = f64::from(self.learning_rate);
        archive.number(&mut rate);
        self.learning_rate = rate as f32;
        for number in [
            &mut self.loss,
            &mut self.accuracy,
            &mut self.exact_match,
            &mut self.batch_loss,
            &mut self.regularization,
            &mut self.gradient_norm,
            &mut self.gradient_change,
            &mut self.gradient_largest,
        ] {
            archive.number(number);
        }
        archive.count(&mut self.gradient_evaluations);
        archive.count(&mut self.loss_evaluations);
    }
}

/// Writes NaN as none.
fn known<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    Some(value).filter(|value| !value.is_nan()).serialize(serializer)
}

/// What a training is measured by at its end.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Measures {
    /// The loss at the start; NaN if unknown.
    pub start: f64,
    /// The loss of the best constant answer to the targets; NaN if unknown.
    pub constant: f64,
}
