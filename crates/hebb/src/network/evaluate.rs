//! Evaluation: loss, accuracy and metrics over samples; and classification.

use super::predict::sample_numbers;
use super::{Network, Output};
use crate::data::Dataset;
use crate::losses::{CompiledLoss, Decision, Losses, Outcome, Score};
use crate::metrics::{Measured, Metrics};
use crate::runtime::Executor;
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::parallel::Shared;
use serde::Serialize;

/// An evaluation in progress: what the samples so far add up to.
pub struct Evaluator {
    loss: Losses,
    compiled: CompiledLoss,
    metrics: Metrics,
    /// Sum of the samples' losses.
    sum: f64,
    score: Score,
    /// The sums of the metrics; empty before the first samples.
    sums: Vec<f64>,
    /// What they are sums over: samples, or of a sequence their time steps.
    measured: usize,
}

/// The result of an evaluation.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evaluation {
    /// The loss, with its regularisation term.
    pub loss: f64,
    /// That term.
    pub regularization: f64,
    /// The part of right answers over all outputs that decide; none if no output decides.
    pub accuracy: Option<f64>,
    /// The part of samples with all answers right; none unless a sample has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact_match: Option<f64>,
    /// How many samples they were.
    pub samples: usize,
    /// The metrics asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Measured>,
}

impl Evaluator {
    /// Of samples of `data`, or of a stream; without samples yet.
    pub fn new(network: &Network, loss: Losses, metrics: Metrics, data: Option<&Dataset>) -> Result<Self> {
        let loss = match data {
            Some(data) => loss.normalized(&*network.arranged(data)?, &network.plan)?.into_owned(),
            None => loss,
        };
        let compiled = loss.compile(&network.plan)?;
        Ok(Self { loss, compiled, metrics, sum: 0.0, score: Score::default(), sums: Vec::new(), measured: 0 })
    }

    /// Adds `count` samples of a data set from `from` on.
    pub fn add(&mut self, network: &mut Network, data: &Dataset, from: usize, count: usize) -> Result<()> {
        let (compiled, metrics) = (&mut self.compiled, self.metrics);
        let data = &*network.arranged(data)?;
        let samples = sample_numbers(data, from, count)?;
        let Network { plan, parameters, level, inference, .. } = network;
        data.check_targets(&plan.named_outputs())?;
        compiled.measure_by(data, plan);
        self.loss.check_values(data, from..from + count, plan)?;
        let (lanes, width) = (level.block(), plan.output_size());
        let decisions: Vec<Decision> = compiled.decisions().map(|(decision, _)| decision).collect();
        // Of a sequence each time step is measured.
        let only = if let [one] = plan.outputs.as_slice() { Some(one) } else { None };
        let steps = only.map_or(1, Output::steps);
        let threshold = metrics.check(&decisions, data, width, width / steps)?;
        let mut outcomes: Vec<Outcome> = zeros(count.div_ceil(lanes), "the evaluation")?;
        let mut answers: Vec<f32> =
            zeros(if metrics == Metrics::None { 0 } else { count * width }, "the answers")?;
        let (into, all) = (Shared::new(&mut outcomes), Shared::new(&mut answers));
        let executor = Executor { plan, level: *level, parameters };
        executor.infer(inference, data, &samples, None, |block, number| {
            executor.gather_targets(data, &samples[number * lanes..][..block.count], block);
            let outcome = compiled.evaluate(block, 1, false);
            // SAFETY: each block writes its own outcome.
            unsafe { *into.at(number) = outcome };
            let mut from = 0;
            for (answer, outputs) in compiled.answers().filter(|_| metrics != Metrics::None) {
                executor.scatter(answer, block, number, &all, from, width);
                from += outputs;
            }
        })?;
        let outcome = outcomes.iter().fold(Outcome::default(), Outcome::add);
        self.sum += outcome.loss;
        self.score.add(compiled.score(count, outcome));
        self.sums.resize(metrics.size(width / steps), 0.0);
        let mut targets = vec![0.0; width];
        for (&row, answer) in samples.iter().zip(answers.chunks_exact(width)) {
            data.gather_targets(&[row], 1, 0..width, &mut targets);
            let counted = only.map_or(1, |output| plan.counted_steps(output, data, row));
            let rows = answer.chunks_exact(width / steps).zip(targets.chunks_exact(width / steps));
            for (answer, targets) in rows.take(counted) {
                metrics.add(&mut self.sums, answer, targets, threshold)?;
                self.measured += 1;
            }
        }
        Ok(())
    }

    /// The result for all samples added.
    pub fn finish(&self, network: &Network) -> Result<Evaluation> {
        let Self { loss, metrics, sum, score, sums, measured, .. } = self;
        let penalties = loss.regularization.penalties(&network.plan)?;
        let regularization =
            penalties.iter().try_fold(0.0, |sum, one| Ok(sum + one.add(&network.parameters, None)?))?;
        if score.samples == 0 {
            return Err(Error::data("evaluate: the stream had no samples"));
        }
        let samples = score.samples as f64;
        let mean = if loss.is_sum() { *sum } else { sum / samples };
        let error = if loss.is_root() { mean.sqrt() } else { mean };
        let known = |value: f64| Some(value).filter(|value| !value.is_nan());
        Ok(Evaluation {
            loss: error + regularization,
            regularization,
            accuracy: known(score.accuracy()),
            exact_match: known(score.exact_match()),
            samples: score.samples,
            metrics: metrics.finish(sums, *measured as f64),
        })
    }
}

impl Network {
    /// Classifies the samples from `from` on by the only output: the kind of decision, whether its values are probabilities, and
    /// the values `[count, values]`; they are probabilities also if the output is logits of this loss.
    pub fn classify(
        &mut self,
        data: &Dataset,
        from: usize,
        count: usize,
        loss: &Losses,
    ) -> Result<(Decision, bool, Vec<f32>)> {
        let data = &*data.arranged(&self.inputs(), None)?;
        let compiled = loss.compile(&self.plan)?;
        let samples = sample_numbers(data, from, count)?;
        let mut decisions = compiled.decisions();
        let (Some((decision, probable)), None) = (decisions.next(), decisions.next()) else {
            return Err(Error::option("classify: one output"));
        };
        let Output { name, activation, shape, .. } = &self.plan.outputs[0];
        if shape.len() == 2 {
            return Err(Error::shape(format!(
                "classify: the output \"{name}\" is a sequence [T, features] = {shape:?}: use predict, or end with flatten() and dense()"
            )));
        }
        if decision == Decision::Nothing {
            return Err(Error::option(format!(
                "classify: one value of {name} ({}) decides nothing by itself: give the loss, binaryCrossEntropy or hinge",
                activation.name()
            )));
        }
        let width = self.plan.output_size();
        let mut answers: Vec<f32> = zeros(count * width, "the answers")?;
        let into = Shared::new(&mut answers);
        let executor = Executor { plan: &self.plan, level: self.level, parameters: &self.parameters };
        executor.infer(&mut self.inference, data, &samples, None, |block, number| {
            compiled.answer(block);
            for (answer, _) in compiled.answers() {
                executor.scatter(answer, block, number, &into, 0, width);
            }
        })?;
        Ok((decision, probable, answers))
    }
}
