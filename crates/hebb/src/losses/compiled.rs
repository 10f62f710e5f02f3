//! Losses compiled for a plan: their values and gradients on a block.

use super::penalty::Penalty;
use super::term::{ErrorTerm, Reading, Shares, Values};
use super::{Decision, Loss, Score};
use crate::data::Dataset;
use crate::plan::{Block, Buffer, Gradients, Node, Output, Plan, Trained};
use hebb_kernels::error::Result;
use std::sync::Arc;

/// The losses of all outputs, compiled for a plan.
#[derive(Clone, Debug)]
pub(crate) struct CompiledLoss {
    pub(super) parts: Vec<OutputLoss>,
    /// Whether the loss of a batch is the root of the sum of its parts.
    pub root: bool,
    pub(super) penalties: Vec<Penalty>,
    /// The first time step of sequences that counts.
    pub first: usize,
    /// The layers that have a gradient of it.
    pub trained: Trained,
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
        let reading = term.compile(plan, output)?;
        let decision = Decision::new(&*term, output, None);
        Ok(OutputLoss { term: term.into(), reading, decision })
    }
}

/// The contribution of a block: its loss, already divided as the loss requires, its answers, the right ones, and its samples
/// without a wrong answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcome {
    pub loss: f64,
    pub asked: usize,
    pub correct: usize,
    pub exact: usize,
}

impl Outcome {
    pub fn add(self, other: &Outcome) -> Outcome {
        Outcome {
            loss: self.loss + other.loss,
            asked: self.asked + other.asked,
            correct: self.correct + other.correct,
            exact: self.exact + other.exact,
        }
    }
}

impl CompiledLoss {
    /// The nodes of the backward pass, the last first, and the gradients that are computed there.
    pub fn backward<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = (&'a Node, Gradients)> {
        let skipped = |at: usize| self.parts.iter().any(|part| part.reading.skipped == Some(at));
        let all = plan.nodes.iter().zip(self.trained.gradients.iter().copied()).enumerate().rev();
        let runs = move |&(at, (_, one)): &(usize, (&Node, Gradients))| {
            (one.parameters || one.inputs) && !skipped(at)
        };
        all.filter(runs).map(|(_, one)| one)
    }

    /// The loss as ½Σw·(a − t)² over a batch of this many samples: for each output its buffer, the buffer of its targets, the
    /// number of values, and w. `None` if a loss is no sum of squares, or if some time steps do not count.
    pub fn squares(&self, batch: usize) -> Option<Vec<(Buffer, Buffer, usize, f64)>> {
        self.parts
            .iter()
            .map(|part| {
                let Reading { at, buffers, outputs, steps, lengths, .. } = part.reading;
                let steps_of_mean = if part.term.is_sum() { 1 } else { steps };
                let weight = part.term.factor() / part.term.divisor(batch, outputs) / steps_of_mean as f64;
                let usable = part.term.is_square() && lengths.is_none();
                usable.then_some((at, buffers.targets, outputs * steps, weight))
            })
            .collect()
    }

    /// Adapts the decisions to these targets.
    pub fn measure_by(&mut self, data: &Dataset, plan: &Plan) {
        let mut from = 0;
        for (part, output) in self.parts.iter_mut().zip(&plan.outputs) {
            let to = from + part.reading.features();
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
        let answers = self
            .parts
            .iter()
            .map(|part| part.decision.answers(part.reading.outputs) * part.reading.steps)
            .sum();
        let Outcome { asked, correct, exact, .. } = outcome;
        Score { samples, answers, asked, correct, exact }
    }

    /// Computes the probabilities from the logits of a block, for losses that work on logits.
    pub fn answer(&self, block: &Block) {
        for OutputLoss { term, reading, .. } in &self.parts {
            (0..reading.steps).for_each(|t| term.answer(&block.step(t, reading.outputs), reading));
        }
    }

    /// The buffer and the number of values of each output's answer: probabilities if the output is logits.
    pub fn answers(&self) -> impl Iterator<Item = (Buffer, usize)> {
        self.parts.iter().map(|part| (part.reading.answer, part.reading.features()))
    }

    /// Whether a loss is a user-defined formula.
    pub fn has_formula(&self) -> bool {
        self.parts.iter().any(|part| part.term.is_formula())
    }

    /// Whether there is a regularisation term.
    pub fn is_regularized(&self) -> bool {
        !self.penalties.is_empty()
    }

    /// The regularisation term; adds its gradient by what is trained to `gradient`, if given.
    pub fn regularize(&self, parameters: &[f32], mut gradient: Option<&mut [f32]>) -> Result<f64> {
        self.penalties.iter().try_fold(0.0, |sum, one| {
            let gradient = gradient.as_deref_mut().filter(|_| self.trained.has(one.at.start));
            Ok(sum + one.add(parameters, gradient)?)
        })
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
            let (outcome, wrong) = part.evaluate(block, batch, self.first, backward);
            all = all.add(&outcome);
            mistaken |= wrong;
        }
        Outcome { exact: block.count - mistaken.count_ones() as usize, ..all }
    }
}

impl OutputLoss {
    /// The loss of a block; and a bit for each sample with a wrong answer.
    fn evaluate(&self, block: &Block, batch: usize, first: usize, backward: bool) -> (Outcome, u64) {
        let (mut all, mut mistaken) = (Outcome::default(), 0);
        let reading = &self.reading;
        for t in 0..reading.steps {
            let shares = Shares::new(block, reading, first, t, self.term.is_sum());
            let step = &block.step(t, reading.outputs);
            let (outcome, wrong) = self.evaluate_step(step, &shares, batch, backward);
            all = all.add(&outcome);
            mistaken |= wrong;
        }
        (all, mistaken)
    }

    /// The same of a time step, at which the block begins.
    fn evaluate_step(&self, block: &Block, shares: &Shares, batch: usize, backward: bool) -> (Outcome, u64) {
        let Self { term, reading, decision } = self;
        let Reading { at, answer, outputs, buffers, .. } = *reading;
        term.answer(block, reading);
        term.prepare(block, reading);
        // SAFETY: the plan gave every buffer of the loss `outputs` rows per step; they are all in use at this moment, so they
        // do not overlap.
        let (answer, targets) =
            unsafe { (block.values(answer, outputs), block.values_mut(buffers.targets, outputs)) };
        let (asked, correct, wrong) = decision.judge(answer, targets, shares.active(), shares.lanes);
        term.weigh(targets, shares.lanes);
        // SAFETY: as above.
        let (raw, saved) = unsafe { (block.values(at, outputs), block.values(buffers.saved, outputs)) };
        // SAFETY: as above.
        let probabilities = unsafe { block.values(buffers.probabilities, outputs) };
        let values = Values { raw, answer, targets, saved, probabilities, shares };
        let divisor = term.divisor(batch, outputs);
        let loss = shares.active().fold(0.0, |sum, lane| sum + term.value(&values, lane) * shares.of(lane));
        if backward {
            // SAFETY: as above.
            let gradient = unsafe { block.gradients_mut(at, outputs) };
            term.slopes(&values, (term.factor() / divisor) as f32, gradient);
        }
        (Outcome { loss: loss / divisor, asked, correct, exact: 0 }, wrong)
    }
}
