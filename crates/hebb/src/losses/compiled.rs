//! Losses compiled for a plan: their values and gradients on a block.

use super::penalty::Penalty;
use super::term::{ErrorTerm, Reading, Values};
use super::{Decision, Loss, Score};
use crate::data::Dataset;
use crate::plan::{Block, Buffer, Node, Output, Plan};
use hebb_kernels::error::{Error, Result};
use std::sync::Arc;

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
    term: Arc<dyn ErrorTerm>,
    reading: Reading,
    /// What the output decides.
    decision: Decision,
}

impl Loss {
    pub(super) fn compile(&self, plan: &Plan, output: &Output) -> Result<OutputLoss> {
        let mut term = self.term();
        if term.has_classes() && output.shape.len() == 2 {
            return Err(Error::shape(format!(
                "the output \"{}\" is a sequence [T, features] = {:?}: its time steps cannot have classes of their own yet. End with flatten() and dense(), or use a loss for each value: meanSquaredError, binaryCrossEntropy",
                output.name, output.shape
            )));
        }
        let reading = term.compile(plan, output)?;
        let decision = Decision::new(&*term, output, None);
        Ok(OutputLoss { term: term.into(), reading, decision })
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
        let skipped = |at: usize| self.parts.iter().any(|part| part.reading.skipped == Some(at));
        plan.nodes.iter().enumerate().rev().filter(move |(at, _)| !skipped(*at)).map(|(_, node)| node)
    }

    /// The loss as ½Σw·(a − t)² over a batch of this many samples: for each output its buffer, the buffer of its targets, the
    /// number of values, and w. `None` if a loss is no sum of squares.
    pub fn squares(&self, batch: usize) -> Option<Vec<(Buffer, Buffer, usize, f64)>> {
        self.parts
            .iter()
            .map(|part| {
                let Reading { at, buffers, outputs, .. } = part.reading;
                let weight = part.term.factor() / part.term.divisor(batch, outputs);
                part.term.is_square().then_some((at, buffers.targets, outputs, weight))
            })
            .collect()
    }

    /// Adapts the decisions to these targets.
    pub fn measure_by(&mut self, data: &Dataset, plan: &Plan) {
        let mut from = 0;
        for (part, output) in self.parts.iter_mut().zip(&plan.outputs) {
            let to = from + part.reading.outputs;
            part.decision = Decision::new(&*part.term, output, Some(data.kinds(from..to)));
            from = to;
        }
    }

    /// The decision of each output, and whether its answer is a probability.
    pub fn decisions(&self) -> impl Iterator<Item = (Decision, bool)> {
        self.parts.iter().map(|part| (part.decision, part.reading.probable))
    }

    /// The score of this many samples with this outcome.
    pub fn score(&self, samples: usize, outcome: Outcome) -> Score {
        let answers = self.parts.iter().map(|part| part.decision.answers(part.reading.outputs)).sum();
        Score { samples, answers, correct: outcome.correct, exact: outcome.exact }
    }

    /// Computes the probabilities from the logits of a block, for losses that work on logits.
    pub fn answer(&self, block: &Block) {
        self.parts.iter().for_each(|part| part.term.answer(block, &part.reading));
    }

    /// The buffer and the number of values of each output's answer: probabilities if the output is logits.
    pub fn answers(&self) -> impl Iterator<Item = (Buffer, usize)> {
        self.parts.iter().map(|part| (part.reading.answer, part.reading.outputs))
    }

    /// Whether a loss is a user-defined formula.
    pub fn has_formula(&self) -> bool {
        self.parts.iter().any(|part| part.term.is_formula())
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
    /// The loss of a block; its right answers, and a bit for each sample with a wrong one.
    fn evaluate(&self, block: &Block, batch: usize, backward: bool) -> (f64, (usize, u64)) {
        let Self { term, reading, decision } = self;
        let Reading { at, answer, outputs, buffers, .. } = *reading;
        let (lanes, count) = (block.lanes(), block.count);
        term.answer(block, reading);
        term.prepare(block, reading);
        // SAFETY: the plan gave every buffer of the loss `outputs` rows; they are all in use at this moment, so they do not
        // overlap.
        let (answer, targets) =
            unsafe { (block.values(answer, outputs), block.values_mut(buffers.targets, outputs)) };
        let judged = decision.judge(answer, targets, count, lanes);
        term.weigh(targets, lanes);
        // SAFETY: as above.
        let [raw, saved, probabilities] =
            unsafe { [at, buffers.saved, buffers.probabilities].map(|at| block.values(at, outputs)) };
        let values = Values { raw, answer, targets, saved, probabilities, lanes, count };
        let divisor = term.divisor(batch, outputs);
        let total = (0..count).fold(0.0, |sum, lane| sum + term.value(&values, lane));
        if backward {
            // SAFETY: as above.
            let gradient = unsafe { block.gradients_mut(at, outputs) };
            term.slopes(&values, (term.factor() / divisor) as f32, gradient);
        }
        (total / divisor, judged)
    }
}
