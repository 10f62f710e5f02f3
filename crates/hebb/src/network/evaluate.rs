//! Evaluation: loss, accuracy and metrics over samples; and classification.

use super::{Network, Output, sample_numbers};
use crate::data::Dataset;
use crate::error::{Error, Result, zeros};
use crate::losses::{Decision, Losses, Outcome, Score};
use crate::metrics::Metrics;
use crate::parallel::Shared;
use crate::runtime::Executor;

/// Number of sums of [`Network::evaluate`] before those of the metrics.
const SUMS: usize = 5;

impl Network {
    /// Adds [loss, samples, answers per sample, right answers, samples with all answers right] of the samples from `from` on to
    /// `sums`, then the metrics' sums. `sums` is empty before the first call.
    pub fn evaluate(
        &mut self,
        data: &Dataset,
        from: usize,
        count: usize,
        loss: &Losses,
        metrics: Metrics,
        sums: &mut Vec<f64>,
    ) -> Result<()> {
        let data = &*self.arranged(data)?;
        data.check_targets(&self.plan.named_outputs())?;
        let mut compiled = loss.normalized(data, &self.plan)?.compile(&self.plan)?;
        compiled.measure_by(data, &self.plan);
        let samples = sample_numbers(data, from, count)?;
        loss.check_values(data, from..from + count, &self.plan)?;
        let (lanes, width) = (self.level.block(), self.plan.output_size());
        let decisions: Vec<Decision> = compiled.decisions().map(|(decision, _)| decision).collect();
        let threshold = metrics.check(&decisions, data, width)?;
        let mut outcomes: Vec<Outcome> = zeros(count.div_ceil(lanes), "the evaluation")?;
        let mut answers: Vec<f32> =
            zeros(if metrics == Metrics::None { 0 } else { count * width }, "the answers")?;
        let (into, all) = (Shared::new(&mut outcomes), Shared::new(&mut answers));
        let executor = Executor { plan: &self.plan, level: self.level, parameters: &self.parameters };
        executor.infer(&mut self.inference, data, &samples, |block, number| {
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
        sums.resize(SUMS + metrics.size(width), 0.0);
        let outcome = outcomes.iter().fold(Outcome::default(), Outcome::add);
        let mut score = scored(sums);
        score.add(compiled.score(count, outcome));
        let counts = [score.samples, score.answers, score.correct, score.exact];
        sums[0] += outcome.loss;
        sums[1..SUMS].iter_mut().zip(counts).for_each(|(sum, count)| *sum = count as f64);
        let mut targets = vec![0.0; width];
        for (&row, answer) in samples.iter().zip(answers.chunks_exact(width)) {
            data.gather_targets(&[row], 1, 0..width, width, &mut targets);
            metrics.add(&mut sums[SUMS..], answer, &targets, threshold)?;
        }
        Ok(())
    }

    /// The results of the sums of [`Network::evaluate`]: [loss, regularisation term in it, accuracy, exact match], then the
    /// metrics. Accuracy is NaN if no output decides anything, exact match unless a sample has several answers.
    pub fn evaluated(&self, loss: &Losses, metrics: Metrics, sums: &[f64]) -> Result<Vec<f64>> {
        let regularization = loss.regularization.penalties(&self.plan)?;
        let term =
            regularization.iter().try_fold(0.0, |sum, one| Ok(sum + one.add(&self.parameters, None)?))?;
        if sums.len() < SUMS {
            return Err(Error::data("there is nothing to evaluate"));
        }
        let (sum, samples, score) = (sums[0], sums[1], scored(sums));
        let mean = if loss.is_sum() { sum } else { sum / samples };
        let error = if loss.is_root() { mean.sqrt() } else { mean };
        let mut all = vec![error + term, term, score.accuracy(), score.exact_match()];
        all.extend(metrics.finish(&sums[SUMS..], self.plan.output_size(), samples));
        Ok(all)
    }

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
        if decision == Decision::Nothing {
            let Output { name, activation, .. } = &self.plan.outputs[0];
            return Err(Error::option(format!(
                "classify: one value of {name} ({}) decides nothing by itself: give the loss, binaryCrossEntropy or hinge",
                activation.name()
            )));
        }
        let width = self.plan.output_size();
        let mut answers: Vec<f32> = zeros(count * width, "the answers")?;
        let into = Shared::new(&mut answers);
        let executor = Executor { plan: &self.plan, level: self.level, parameters: &self.parameters };
        executor.infer(&mut self.inference, data, &samples, |block, number| {
            compiled.answer(block);
            for (answer, _) in compiled.answers() {
                executor.scatter(answer, block, number, &into, 0, width);
            }
        })?;
        Ok((decision, probable, answers))
    }
}

/// The score in the sums of [`Network::evaluate`].
fn scored(sums: &[f64]) -> Score {
    let [samples, answers, correct, exact] = [1, 2, 3, 4].map(|at| sums[at] as usize);
    Score { samples, answers, correct, exact }
}
