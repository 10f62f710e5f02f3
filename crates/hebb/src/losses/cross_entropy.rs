//! −ΣΣ w·t′·ln p / samples, with t′ = (1 − s)·t + s/classes, on the net input z of softmax: −ln p is ln Σ eᶻ − z, and the
//! gradient Σt·p − t. With a rubbish class of the constant logit −j, ln Σ eᶻ and p count it (LeCun et al. 1998, equation 9).

use super::Decision;
use super::constant::entropy;
use super::targets::{Range, check_classes, check_range};
use super::term::{ErrorTerm, Reading, Targets, Values};
use crate::data::Kinds;
use crate::options::Activation;
use crate::plan::{Block, MAX_BLOCK, Output, Plan};
use hebb_kernels::error::{Error, Result};
use hebb_kernels::softmax;

#[derive(Debug)]
pub(super) struct CrossEntropy {
    /// s, 0 to 1.
    pub smoothing: f32,
    /// w of each class; empty for 1.
    pub weights: Vec<f32>,
    /// j, if there is a rubbish class.
    pub rubbish: Option<f32>,
}

impl ErrorTerm for CrossEntropy {
    fn compile(&mut self, plan: &Plan, output: &Output) -> Result<Reading> {
        let (smoothing, weights, rubbish) = (self.smoothing, &self.weights, self.rubbish);
        let classes = output.features() / output.steps();
        if classes == 1 {
            return Err(Error::option(format!(
                "crossEntropy of one output is always 0: use binaryCrossEntropy for {}",
                output.name
            )));
        }
        if !(0.0..=1.0).contains(&smoothing) {
            return Err(Error::option(format!("labelSmoothing must be 0 to 1, got {smoothing}")));
        }
        let usable = weights.iter().all(|&w| w >= 0.0 && w.is_finite());
        if !usable || !(weights.is_empty() || weights.len() == classes) {
            return Err(Error::option(format!(
                "classWeights must be {classes} numbers of at least 0, one for each class of \"{}\"",
                output.name
            )));
        }
        if rubbish.is_some_and(|j| !j.is_finite()) {
            return Err(Error::option("rubbish must be a finite number"));
        }
        Reading::of_net_input(plan, output, "crossEntropy", Activation::Softmax, Some(Activation::LogSoftmax))
    }

    fn answer(&self, block: &Block, at: &Reading) {
        let [logits, saved, answer] = [at.at, at.buffers.saved, at.answer].map(|at| block.value(at));
        // SAFETY: the plan gave every buffer of the loss `outputs` rows; they are all in use at this moment, so they do not
        // overlap.
        unsafe { softmax::forward(block.level, logits, answer, saved, at.outputs) }
        if let Some(rubbish) = self.rubbish {
            // Once more, of all classes against the rubbish: the second row is the share of the classes.
            let lanes = block.lanes();
            let (mut two, mut shares) = ([-rubbish; 2 * MAX_BLOCK], [0.0; 2 * MAX_BLOCK]);
            // SAFETY: as above; there are two classes at least, and no block is longer than these.
            let saved = unsafe { block.values_mut(at.buffers.saved, 2) };
            two[..lanes].copy_from_slice(&saved[..lanes]);
            // SAFETY: as above.
            unsafe {
                softmax::forward(block.level, two.as_ptr(), shares.as_mut_ptr(), saved.as_mut_ptr(), 2);
            }
            saved[lanes..].copy_from_slice(&shares[..lanes]);
        }
    }

    fn weigh(&self, targets: &mut [f32], lanes: usize) {
        let Self { smoothing, weights, .. } = self;
        if *smoothing == 0.0 && weights.is_empty() {
            return;
        }
        let outputs = targets.len() / lanes;
        for (class, row) in targets.chunks_exact_mut(lanes).enumerate() {
            let weight = weights.get(class).unwrap_or(&1.0);
            row.iter_mut().for_each(|t| *t = weight * ((1.0 - smoothing) * *t + smoothing / outputs as f32));
        }
    }

    fn value(&self, values: &Values, lane: usize) -> f64 {
        let log = f64::from(values.saved[lane]);
        values
            .of(lane)
            .fold(0.0, |sum, at| sum + f64::from(values.targets[at]) * (log - f64::from(values.raw[at])))
    }

    fn slopes(&self, values: &Values, scale: f32, gradient: &mut [f32]) {
        // Probability targets need not sum to one.
        let mut sums = [0.0f32; MAX_BLOCK];
        for lane in 0..values.shares.lanes {
            let sum: f32 = values.of(lane).map(|at| values.targets[at]).sum();
            sums[lane] = self.rubbish.map_or(sum, |_| sum * values.saved[values.shares.lanes + lane]);
        }
        values.write(gradient, scale, |lane, at| sums[lane] * values.answer[at] - values.targets[at]);
    }

    fn decision(&self, _targets: Option<Kinds>) -> Option<Decision> {
        Some(Decision::Class)
    }

    fn check_values(&self, kinds: Kinds, targets: Targets, output: &Output) -> Result<()> {
        if kinds.classes { Ok(()) } else { check_range(targets, output, Range::Probabilities { sum: true }) }
    }

    fn check_targets(&self, targets: Targets, output: &Output, all: Option<usize>) -> Result<()> {
        all.map_or(Ok(()), |samples| check_classes(targets, output, samples))
    }

    /// With a rubbish class it is approached by large logits.
    fn constant(&self, moments: &[(f64, f64)], _samples: usize) -> Option<f64> {
        let (smoothing, outputs) = (f64::from(self.smoothing), moments.len() as f64);
        let part = |(class, (mean, _)): (usize, &(f64, f64))| {
            let weight = self.weights.get(class).map_or(1.0, |&weight| f64::from(weight));
            weight * ((1.0 - smoothing) * mean + smoothing / outputs)
        };
        Some(entropy(moments.iter().enumerate().map(part)))
    }
}
