//! The losses: what training makes small, and its gradient at the network's output. Each reads the last
//! layer: cross-entropies work on the net input of softmax or sigmoid, where they are stable and their
//! gradient is simply (a − t).

use crate::error::{Error, Result};
use crate::kernels::softmax;
use crate::layers::{Block, Buffer};
use crate::network::plan::Plan;
use crate::network::spec::Activation;
use serde::{Deserialize, Serialize};

/// What a mean is taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reduction {
    /// Divided by the samples.
    #[default]
    Samples,
    /// Divided by the samples and the outputs, as PyTorch's `mean`.
    Elements,
}

/// A loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", deny_unknown_fields)]
pub enum Loss {
    /// E = ½ ΣΣ (t − a)², over outputs and batch.
    SumSquaredError,
    /// ΣΣ (a − t)² / samples.
    MeanSquaredError {
        /// What the sum is divided by.
        #[serde(default)]
        reduction: Reduction,
    },
    /// −ΣΣ t·ln p / samples, behind softmax or a linear layer (then its outputs are logits).
    CrossEntropy,
    /// −ΣΣ (t·ln p + (1 − t)·ln(1 − p)) / samples, behind sigmoid or a linear layer.
    BinaryCrossEntropy,
}

/// A loss bound to a plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub loss: Loss,
    /// How many of the plan's nodes take part in the backward pass: all, or all but the last activation.
    pub nodes: usize,
    /// The buffer whose gradient the loss writes.
    at: Buffer,
    /// The buffer with what the network answers: activations, or probabilities made from logits.
    answer: Buffer,
}

impl Loss {
    pub(crate) fn bind(self, plan: &Plan) -> Result<Bound> {
        let all = Bound { loss: self, nodes: plan.nodes.len(), at: plan.result(), answer: plan.result() };
        let (own, name, other) = match self {
            Loss::SumSquaredError | Loss::MeanSquaredError { .. } => return Ok(all),
            Loss::CrossEntropy => (Activation::Softmax, "crossEntropy", "softmax"),
            Loss::BinaryCrossEntropy => (Activation::Sigmoid, "binaryCrossEntropy", "sigmoid"),
        };
        if plan.last == own {
            let last = plan.nodes.len() - 1;
            return Ok(Bound { nodes: last, at: plan.nodes[last].input, ..all });
        }
        if plan.last == Activation::Identity {
            return Ok(Bound { answer: plan.loss.probabilities, ..all });
        }
        let hint = match plan.last {
            Activation::Sigmoid => "; behind sigmoid use binaryCrossEntropy",
            Activation::Softmax => "; behind softmax use crossEntropy",
            _ => "",
        };
        Err(Error::option(format!(
            "{name} needs {other} or no activation in the last layer, which has {:?}{hint}",
            plan.last
        )))
    }
}

/// What a block contributed: its loss, already divided as the loss says, and its right answers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcome {
    pub loss: f64,
    pub correct: usize,
}

impl Bound {
    /// The loss of the first `count` lanes of a block, whose targets are gathered, as its share of a batch
    /// of `batch` samples; with `backward` also writes the gradient, zero in the other lanes.
    pub fn evaluate(
        &self,
        block: &Block,
        plan: &Plan,
        count: usize,
        batch: usize,
        backward: bool,
    ) -> Outcome {
        let outputs: usize = plan.output.iter().product();
        let lanes = block.level.block();
        let logits = block.value(self.at);
        let notes = block.value(plan.loss.notes);
        // SAFETY: the plan gave every buffer that the loss touches `outputs` rows; they live at this moment
        // and so do not overlap.
        let (raw, answer, targets, notes) = unsafe {
            let answer = block.value(self.answer);
            match self.loss {
                Loss::CrossEntropy => softmax::forward(block.level, logits, answer, notes, outputs),
                Loss::BinaryCrossEntropy => {
                    softmax::softplus(block.level, logits, notes, outputs);
                    if self.answer == plan.loss.probabilities {
                        crate::kernels::softmax::sigmoid(block.level, logits, answer, outputs);
                    }
                }
                _ => {}
            }
            let rows = |p: *mut f32| std::slice::from_raw_parts(p.cast_const(), outputs * lanes);
            (rows(logits), rows(answer), rows(block.value(plan.loss.targets)), rows(notes))
        };
        let divisor = match self.loss {
            Loss::SumSquaredError => 1.0,
            Loss::MeanSquaredError { reduction: Reduction::Elements } => (batch * outputs) as f64,
            _ => batch as f64,
        };
        let mut total = 0.0;
        for lane in 0..count {
            let mut sum = 0.0f64;
            for at in (lane..outputs * lanes).step_by(lanes) {
                let (a, t) = (f64::from(answer[at]), f64::from(targets[at]));
                sum += match self.loss {
                    Loss::SumSquaredError => 0.5 * (t - a) * (t - a),
                    Loss::MeanSquaredError { .. } => (t - a) * (t - a),
                    Loss::CrossEntropy => t * (f64::from(notes[lane]) - f64::from(raw[at])),
                    Loss::BinaryCrossEntropy => f64::from(notes[at]) - t * f64::from(raw[at]),
                };
            }
            total += sum;
        }
        if backward {
            let scale = match self.loss {
                Loss::MeanSquaredError { .. } => 2.0 / divisor,
                _ => 1.0 / divisor,
            } as f32;
            // SAFETY: as above.
            let gradient =
                unsafe { std::slice::from_raw_parts_mut(block.gradient(self.at), outputs * lanes) };
            // Probability targets need not sum to one, so that softmax's gradient is Σt·p − t.
            for lane in 0..lanes {
                let weight = match self.loss {
                    Loss::CrossEntropy => (lane..outputs * lanes).step_by(lanes).map(|at| targets[at]).sum(),
                    _ => 1.0f32,
                };
                for at in (lane..outputs * lanes).step_by(lanes) {
                    gradient[at] =
                        if lane < count { (weight * answer[at] - targets[at]) * scale } else { 0.0 };
                }
            }
        }
        let correct = (0..count).filter(|&lane| right(answer, targets, lane, lanes)).count();
        Outcome { loss: total / divisor, correct }
    }
}

/// Whether a lane's answer names the target's class: the largest output, or, of a single output, its side of ½.
fn right(answer: &[f32], targets: &[f32], lane: usize, lanes: usize) -> bool {
    let pick = |values: &[f32]| {
        if values.len() == lanes {
            return usize::from(values[lane] > 0.5);
        }
        let (mut best, mut class) = (values[lane], 0);
        for (c, &value) in values[lane..].iter().step_by(lanes).enumerate() {
            if value > best {
                (best, class) = (value, c);
            }
        }
        class
    };
    pick(answer) == pick(targets)
}
