//! −ΣΣ (w·t·ln p + (1 − t)·ln(1 − p)) / samples, on the net input z of sigmoid: −ln(1 − p) is softplus(z), and the gradient
//! (1 + (w − 1)·t)·p − w·t.

use super::constant::entropy;
use super::targets::{Range, check_classes, check_range};
use super::term::{ErrorTerm, Reading, Targets, Values};
use crate::data::Kinds;
use crate::options::Activation;
use crate::plan::{Block, Output, Plan};
use hebb_kernels::error::{Error, Result};
use hebb_kernels::softmax;

#[derive(Debug)]
pub(super) struct BinaryCrossEntropy {
    /// w, above 0.
    pub positive: f32,
}

impl ErrorTerm for BinaryCrossEntropy {
    fn compile(&mut self, plan: &Plan, output: &Output) -> Result<Reading> {
        if !(self.positive > 0.0 && self.positive.is_finite()) {
            return Err(Error::option("positiveWeight must be a number above 0"));
        }
        Reading::of_net_input(plan, output, "binaryCrossEntropy", Activation::Sigmoid, None)
    }

    fn answer(&self, block: &Block, at: &Reading) {
        let [logits, saved, answer] = [at.at, at.buffers.saved, at.answer].map(|at| block.value(at));
        // SAFETY: the plan gave every buffer of the loss `outputs` rows; they are all in use at this moment, so they do not
        // overlap.
        unsafe {
            softmax::softplus(block.level, logits, saved, at.outputs);
            if at.answer == at.buffers.probabilities {
                softmax::sigmoid(block.level, logits, answer, at.outputs);
            }
        }
    }

    fn value(&self, values: &Values, lane: usize) -> f64 {
        let p = f64::from(self.positive);
        values.of(lane).fold(0.0, |sum, at| {
            let t = f64::from(values.targets[at]);
            sum + ((1.0 + (p - 1.0) * t) * f64::from(values.saved[at]) - p * t * f64::from(values.raw[at]))
        })
    }

    fn slopes(&self, values: &Values, scale: f32, gradient: &mut [f32]) {
        let positive = self.positive;
        values.write(gradient, scale, |_, at| {
            let t = values.targets[at];
            (1.0 + (positive - 1.0) * t) * values.answer[at] - positive * t
        });
    }

    fn has_labels(&self) -> bool {
        true
    }

    fn check_values(&self, kinds: Kinds, targets: Targets, output: &Output) -> Result<()> {
        if kinds.classes || kinds.binary {
            return Ok(());
        }
        check_range(targets, output, Range::Probabilities { sum: false })
    }

    fn check_targets(&self, targets: Targets, output: &Output, all: Option<usize>) -> Result<()> {
        all.map_or(Ok(()), |samples| check_classes(targets, output, samples))
    }

    fn constant(&self, moments: &[(f64, f64)], _samples: usize) -> Option<f64> {
        let one = |(mean, _): &(f64, f64)| entropy([f64::from(self.positive) * mean, 1.0 - mean].into_iter());
        Some(moments.iter().map(one).sum())
    }
}
