//! Losses compiled for a plan: their values and gradients on a block.

use super::penalty::Penalty;
use super::{Decision, Loss, Reduction, Score, TargetKind};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::expression::Program;
use crate::kernels::{expression, softmax};
use crate::options::Activation;
use crate::plan::{Block, Buffer, LossBuffers, Node, Output, Plan};

/// The losses of all outputs, compiled for a plan.
#[derive(Clone, Debug)]
pub(crate) struct CompiledLoss {
    pub(super) parts: Vec<OutputLoss>,
    /// Whether the loss of a batch is the root of the sum of its parts.
    pub root: bool,
    pub(super) penalties: Vec<Penalty>,
}

/// The loss of one output.
#[derive(Clone, Debug)]
pub(super) struct OutputLoss {
    loss: Loss,
    /// The user-defined function: its value and its derivative.
    program: Option<Program>,
    /// The node of an activation whose derivative is part of the loss's own.
    skipped: Option<usize>,
    /// The buffer whose gradient the loss writes.
    at: Buffer,
    /// The buffer of the network's answer: activations, or probabilities computed from logits.
    answer: Buffer,
    outputs: usize,
    buffers: LossBuffers,
    /// What the output decides.
    decision: Decision,
    /// Whether the answer is a probability.
    probable: bool,
}

impl Loss {
    pub(super) fn compile(&self, plan: &Plan, output: &Output) -> Result<OutputLoss> {
        let classes = matches!(
            self,
            Loss::CrossEntropy { .. } | Loss::Elementwise { targets: TargetKind::Probabilities, .. }
        );
        if classes && output.shape.len() == 2 {
            return Err(Error::shape(format!(
                "the output \"{}\" is a sequence [T, features] = {:?}: its time steps cannot have classes of their own yet. End with flatten() and dense(), or use a loss for each value: meanSquaredError, binaryCrossEntropy",
                output.name, output.shape
            )));
        }
        let program = match self {
            Loss::Elementwise { expression, .. } => {
                Some(expression.value_and_derivative().map_err(|why| Error::option(format!("loss: {why}")))?)
            }
            _ => None,
        };
        let all = OutputLoss {
            loss: self.clone(),
            program,
            skipped: None,
            at: output.buffer,
            answer: output.buffer,
            outputs: output.features(),
            buffers: output.loss,
            decision: Decision::new(self, output, None),
            probable: matches!(output.activation, Activation::Softmax | Activation::Sigmoid),
        };
        let (own, name, other) = match self {
            Loss::SumSquaredError {}
            | Loss::MeanSquaredError { .. }
            | Loss::RootMeanSquaredError { .. }
            | Loss::Elementwise { .. } => return Ok(all),
            Loss::NormalizedSquaredError { variance } if *variance > 0.0 => return Ok(all),
            Loss::NormalizedSquaredError { .. } => {
                return Err(Error::option(
                    "normalizedSquaredError of a stream needs to know the variance of the targets: give variance, above 0",
                ));
            }
            Loss::CrossEntropy { .. } => (Activation::Softmax, "crossEntropy", "softmax"),
            Loss::BinaryCrossEntropy { .. } => (Activation::Sigmoid, "binaryCrossEntropy", "sigmoid"),
        };
        self.check(output)?;
        let all = OutputLoss { probable: true, ..all };
        let log = name == "crossEntropy" && output.activation == Activation::LogSoftmax;
        if output.activation == own || log {
            let node = output.node.ok_or_else(|| {
                Error::option(format!(
                    "{name} needs the net input of \"{}\", which other layers read too: give the output a layer of its own",
                    output.name
                ))
            })?;
            // With log-probabilities it is the negative log-likelihood: the same value, from the same net input.
            let answer = if log { output.loss.probabilities } else { output.buffer };
            return Ok(OutputLoss { skipped: Some(node), at: plan.nodes[node].inputs[0], answer, ..all });
        }
        if output.activation == Activation::Identity {
            return Ok(OutputLoss { answer: output.loss.probabilities, ..all });
        }
        let hint = match output.activation {
            Activation::Sigmoid => "; behind sigmoid use binaryCrossEntropy",
            Activation::Softmax => "; behind softmax use crossEntropy",
            _ => "",
        };
        Err(Error::option(format!(
            "{name} needs {other} or no activation in the last layer \"{}\", which has {}{hint}",
            output.name,
            output.activation.name()
        )))
    }
}

impl Loss {
    /// Refuses options of cross-entropies out of range.
    fn check(&self, output: &Output) -> Result<()> {
        match self {
            Loss::CrossEntropy { smoothing, weights } => {
                if output.features() == 1 {
                    return Err(Error::option(format!(
                        "crossEntropy of one output is always 0: use binaryCrossEntropy for {}",
                        output.name
                    )));
                }
                if !(0.0..=1.0).contains(smoothing) {
                    return Err(Error::option(format!("labelSmoothing must be 0 to 1, got {smoothing}")));
                }
                let usable = weights.iter().all(|&w| w >= 0.0 && w.is_finite());
                if !usable || !(weights.is_empty() || weights.len() == output.features()) {
                    let classes = output.features();
                    return Err(Error::option(format!(
                        "classWeights must be {classes} numbers of at least 0, one for each class of \"{}\"",
                        output.name
                    )));
                }
                Ok(())
            }
            Loss::BinaryCrossEntropy { positive } if !(*positive > 0.0 && positive.is_finite()) => {
                Err(Error::option("positiveWeight must be a number above 0"))
            }
            _ => Ok(()),
        }
    }
}

/// The contribution of a block: its loss, already divided as the loss requires, its right answers, and its samples without a
/// wrong answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcome {
    pub loss: f64,
    pub correct: usize,
    pub exact: usize,
}

impl Outcome {
    pub fn add(self, other: &Outcome) -> Outcome {
        Outcome {
            loss: self.loss + other.loss,
            correct: self.correct + other.correct,
            exact: self.exact + other.exact,
        }
    }
}

impl CompiledLoss {
    /// The nodes of the backward pass, the last first.
    pub fn backward<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = &'a Node> {
        let skipped = |at: usize| self.parts.iter().any(|part| part.skipped == Some(at));
        plan.nodes.iter().enumerate().rev().filter(move |(at, _)| !skipped(*at)).map(|(_, node)| node)
    }

    /// The loss as ½Σw·(a − t)² over a batch of this many samples: for each output its buffer, the buffer of its targets, the
    /// number of values, and w. `None` if a loss is no sum of squares.
    pub fn squares(&self, batch: usize) -> Option<Vec<(Buffer, Buffer, usize, f64)>> {
        self.parts
            .iter()
            .map(|part| {
                let divisor = part.divisor(batch);
                let weight = match part.loss {
                    Loss::SumSquaredError {} => 1.0,
                    Loss::MeanSquaredError { .. } | Loss::NormalizedSquaredError { .. } => 2.0 / divisor,
                    _ => return None,
                };
                Some((part.at, part.buffers.targets, part.outputs, weight))
            })
            .collect()
    }

    /// Adapts the decisions to these targets.
    pub fn measure_by(&mut self, data: &Dataset, plan: &Plan) {
        let mut from = 0;
        for (part, output) in self.parts.iter_mut().zip(&plan.outputs) {
            let to = from + part.outputs;
            part.decision = Decision::new(&part.loss, output, Some(data.kinds(from..to)));
            from = to;
        }
    }

    /// The decision of each output, and whether its answer is a probability.
    pub fn decisions(&self) -> impl Iterator<Item = (Decision, bool)> {
        self.parts.iter().map(|part| (part.decision, part.probable))
    }

    /// The score of this many samples with this outcome.
    pub fn score(&self, samples: usize, outcome: Outcome) -> Score {
        let answers = self.parts.iter().map(|part| part.decision.answers(part.outputs)).sum();
        Score { samples, answers, correct: outcome.correct, exact: outcome.exact }
    }

    /// Computes the probabilities from the logits of a block, for losses that work on logits.
    pub fn answer(&self, block: &Block) {
        self.parts.iter().for_each(|part| part.answer(block));
    }

    /// The buffer and the number of values of each output's answer: probabilities if the output is logits.
    pub fn answers(&self) -> impl Iterator<Item = (Buffer, usize)> {
        self.parts.iter().map(|part| (part.answer, part.outputs))
    }

    /// Whether a loss is a user-defined formula.
    pub fn has_formula(&self) -> bool {
        self.parts.iter().any(|part| part.program.is_some())
    }

    /// Whether there is a regularisation term.
    pub fn is_regularized(&self) -> bool {
        !self.penalties.is_empty()
    }

    /// The regularisation term; adds its gradient to `gradient`, if given.
    pub fn regularize(&self, parameters: &[f32], mut gradient: Option<&mut [f32]>) -> Result<f64> {
        self.penalties
            .iter()
            .try_fold(0.0, |sum, one| Ok(sum + one.add(parameters, gradient.as_deref_mut())?))
    }

    /// The derivative of the loss of a batch by the sum of its parts.
    pub fn slope(&self, loss: f64) -> f32 {
        match self.root {
            true if loss > 0.0 => (0.5 / loss) as f32,
            true => 0.0,
            false => 1.0,
        }
    }

    /// The loss of a block, whose targets are gathered, as its share of a batch of `batch` samples; with `backward` also writes
    /// the gradient, zero in lanes without samples.
    pub fn evaluate(&self, block: &Block, batch: usize, backward: bool) -> Outcome {
        let (mut all, mut mistaken) = (Outcome::default(), 0);
        for part in &self.parts {
            let (loss, (correct, wrong)) = part.evaluate(block, batch, backward);
            all = all.add(&Outcome { loss, correct, exact: 0 });
            mistaken |= wrong;
        }
        Outcome { exact: block.count - mistaken.count_ones() as usize, ..all }
    }
}

impl OutputLoss {
    /// The divisor of the sum over a batch of this many samples.
    fn divisor(&self, batch: usize) -> f64 {
        match self.loss {
            Loss::SumSquaredError {} => 1.0,
            Loss::MeanSquaredError { reduction: Reduction::Elements }
            | Loss::RootMeanSquaredError { reduction: Reduction::Elements } => (batch * self.outputs) as f64,
            Loss::NormalizedSquaredError { variance } => batch as f64 * variance,
            _ => batch as f64,
        }
    }

    /// Computes probabilities from logits, and the terms that the loss saves.
    fn answer(&self, block: &Block) {
        let [logits, saved, answer] = [self.at, self.buffers.saved, self.answer].map(|at| block.value(at));
        // SAFETY: the plan gave every buffer of the loss `outputs` rows; they are all in use at this moment, so they do not
        // overlap.
        unsafe {
            match self.loss {
                Loss::CrossEntropy { .. } => {
                    softmax::forward(block.level, logits, answer, saved, self.outputs)
                }
                Loss::BinaryCrossEntropy { .. } => {
                    softmax::softplus(block.level, logits, saved, self.outputs);
                    if self.answer == self.buffers.probabilities {
                        softmax::sigmoid(block.level, logits, answer, self.outputs);
                    }
                }
                _ => {}
            }
        }
    }

    /// The loss of a block; its right answers, and a bit for each sample with a wrong one.
    fn evaluate(&self, block: &Block, batch: usize, backward: bool) -> (f64, (usize, u64)) {
        let (outputs, lanes, count) = (self.outputs, block.lanes(), block.count);
        let logits = block.value(self.at);
        let saved = block.value(self.buffers.saved);
        self.answer(block);
        // SAFETY: the plan gave every buffer of the loss `outputs` rows; they are all in use at this moment, so they do not
        // overlap.
        let (raw, answer, targets, saved) = unsafe {
            // The value goes to `saved`, the derivative to `probabilities`, which is unused here.
            if let Some(program) = &self.program {
                let inputs = [logits.cast_const(), block.value(self.buffers.targets).cast_const()];
                let into = [saved, block.value(self.buffers.probabilities)];
                expression::run(block.level, program, inputs.as_ptr(), into.as_ptr(), outputs * lanes);
            }
            (
                block.values(self.at, outputs),
                block.values(self.answer, outputs),
                block.values_mut(self.buffers.targets, outputs),
                block.values(self.buffers.saved, outputs),
            )
        };
        let judged = self.decision.judge(answer, targets, count, lanes);
        if let Loss::CrossEntropy { smoothing, weights } = &self.loss
            && (*smoothing > 0.0 || !weights.is_empty())
        {
            for (class, row) in targets.chunks_exact_mut(lanes).enumerate() {
                let weight = weights.get(class).unwrap_or(&1.0);
                row.iter_mut()
                    .for_each(|t| *t = weight * ((1.0 - smoothing) * *t + smoothing / outputs as f32));
            }
        }
        let positive = if let Loss::BinaryCrossEntropy { positive } = self.loss { positive } else { 1.0 };
        let divisor = self.divisor(batch);
        let mut total = 0.0;
        for lane in 0..count {
            let mut sum = 0.0f64;
            for at in (lane..outputs * lanes).step_by(lanes) {
                let (a, t) = (f64::from(answer[at]), f64::from(targets[at]));
                sum += match self.loss {
                    Loss::SumSquaredError {} => 0.5 * (t - a) * (t - a),
                    Loss::MeanSquaredError { .. }
                    | Loss::RootMeanSquaredError { .. }
                    | Loss::NormalizedSquaredError { .. } => (t - a) * (t - a),
                    Loss::CrossEntropy { .. } => t * (f64::from(saved[lane]) - f64::from(raw[at])),
                    Loss::BinaryCrossEntropy { .. } => {
                        let p = f64::from(positive);
                        (1.0 + (p - 1.0) * t) * f64::from(saved[at]) - p * t * f64::from(raw[at])
                    }
                    Loss::Elementwise { .. } => f64::from(saved[at]),
                };
            }
            total += sum;
        }
        if backward {
            let scale = match self.loss {
                Loss::MeanSquaredError { .. }
                | Loss::RootMeanSquaredError { .. }
                | Loss::NormalizedSquaredError { .. } => 2.0 / divisor,
                _ => 1.0 / divisor,
            } as f32;
            // SAFETY: as above.
            let gradient = unsafe { block.gradients_mut(self.at, outputs) };
            if self.program.is_some() {
                // SAFETY: as above; the program has just written there.
                let slopes = unsafe { block.values(self.buffers.probabilities, outputs) };
                for (gradient, slopes) in gradient.chunks_exact_mut(lanes).zip(slopes.chunks_exact(lanes)) {
                    for lane in 0..lanes {
                        gradient[lane] = if lane < count { slopes[lane] * scale } else { 0.0 };
                    }
                }
                return (total / divisor, judged);
            }
            // Probability targets need not sum to one, so the gradient of softmax is Σt·p − t.
            for lane in 0..lanes {
                let weight = match self.loss {
                    Loss::CrossEntropy { .. } => {
                        (lane..outputs * lanes).step_by(lanes).map(|at| targets[at]).sum()
                    }
                    _ => 1.0f32,
                };
                for at in (lane..outputs * lanes).step_by(lanes) {
                    let t = targets[at];
                    let slope = (weight + (positive - 1.0) * t) * answer[at] - positive * t;
                    gradient[at] = if lane < count { slope * scale } else { 0.0 };
                }
            }
        }
        (total / divisor, judged)
    }
}
