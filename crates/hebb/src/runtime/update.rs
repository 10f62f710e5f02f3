//! The second half of a training step: from a gradient to new weights, slice by slice.

use crate::optimizers::{Optimizer, Pass, Rule, state_of};
use hebb_kernels::error::{Result, zeros};
use hebb_kernels::parallel::{SLICE_PARAMETERS, Shared, slices};
use hebb_kernels::vector;
use serde::Serialize;
use std::ops::Range;

/// The steps an optimizer has made with a network; another training by the same rule continues from there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Steps {
    /// Updates of the weights.
    pub updates: u64,
    /// Minibatches of all its trainings; dropout draws by this number.
    pub minibatches: u64,
    /// Completed epochs; shuffling draws by this number.
    pub epochs: u64,
}

/// The state of an optimizer, from step to step.
#[derive(Clone, Default)]
pub(crate) struct Update {
    /// The rule that the state belongs to.
    rule: Option<Rule>,
    done: Steps,
    /// The parameters that every step has trained.
    pub(super) trained: Vec<Range<usize>>,
    /// Slice by slice, so that the state of a slice is contiguous; within a slice, all of a rule's first name come first.
    pub(super) state: Vec<f32>,
    /// Per slice: the sum of the gradient's squares, or a value other than 0 if the step is not finite.
    sums: Vec<f64>,
}

impl Update {
    pub fn bytes(&self) -> usize {
        self.state.len() * 4
    }

    pub fn forget(&mut self) {
        self.rule = None;
    }

    /// The steps of this rule; zeros if the state belongs to another rule or was discarded.
    pub fn remembered(&self, rule: &Rule) -> Steps {
        if self.rule.as_ref() == Some(rule) { self.done } else { Steps::default() }
    }

    /// The steps that a training of these parameters by this rule continues; zeros also if some of them were frozen in a step,
    /// because their state would be younger than its counters say.
    pub fn continued(&self, rule: &Rule, trained: &[(Range<usize>, f32)]) -> Steps {
        let known = |range: &Range<usize>| {
            self.trained.iter().any(|own| own.start <= range.start && range.end <= own.end)
        };
        let continues = rule.state() == 0 || trained.iter().all(|(range, _)| known(range));
        if continues { self.remembered(rule) } else { Steps::default() }
    }

    /// The rule that the state belongs to; `None` if there is no state.
    pub fn rule(&self) -> Option<&Rule> {
        self.rule.as_ref()
    }

    /// Replaces the state.
    pub(super) fn replace(&mut self, rule: Rule, done: Steps, state: Vec<f32>, trained: Vec<Range<usize>>) {
        (self.rule, self.done, self.state, self.trained) = (Some(rule), done, state, trained);
    }

    /// The updates of the current rule, whichever it is.
    pub fn steps(&self) -> u64 {
        if self.rule.is_some() { self.done.updates } else { 0 }
    }

    /// Records the progress of a training, if the state belongs to its rule.
    pub fn note(&mut self, rule: &Rule, minibatches: u64, epochs: u64) {
        if self.rule.as_ref() == Some(rule) {
            self.done = Steps { minibatches, epochs, ..self.done };
        }
    }

    /// Makes the state this rule's for the trained of so many parameters, and allocates it; returns the updates made so far.
    pub fn prepare(
        &mut self,
        rule: &Rule,
        parameters: usize,
        trained: &[(Range<usize>, f32)],
    ) -> Result<u64> {
        if self.continued(rule, trained) == Steps::default() {
            let size = rule.state() * parameters;
            if self.state.len() == size {
                self.state.fill(0.0);
            } else {
                self.state = Vec::new();
                self.state = zeros(size, "the optimizer's memory of the steps before")?;
            }
            (self.rule, self.done) = (Some(rule.clone()), Steps::default());
        }
        self.trained.clear();
        for (range, _) in trained {
            match self.trained.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => self.trained.push(range.clone()),
            }
        }
        Ok(self.done.updates)
    }

    /// The norm of a gradient; the order of its sum depends on the number of parameters alone.
    pub fn norm(&mut self, gradient: &[f32]) -> f64 {
        self.sums.resize(gradient.len().div_ceil(SLICE_PARAMETERS), 0.0);
        let sums = Shared::new(&mut self.sums);
        slices(gradient.len(), |number, slice| {
            // SAFETY: each slice has its own sum.
            unsafe { *sums.at(number) = vector::squares(&gradient[slice]) };
        });
        self.sums.iter().sum::<f64>().sqrt()
    }

    /// One step of the optimizer passed to [`Update::prepare`], along a gradient of this norm, which becomes Δw. What is not
    /// trained keeps its weights and state; its gradient is 0. The error is the first parameter that would become infinite or
    /// NaN; then no weight has changed, and the state is discarded.
    pub fn step(
        &mut self,
        optimizer: &Optimizer,
        rate: f32,
        norm: f64,
        weights: &mut [f32],
        gradient: &mut [f32],
        trained: &[(Range<usize>, f32)],
    ) -> std::result::Result<(), usize> {
        let (count, width) = (weights.len(), optimizer.rule.state());
        if !norm.is_finite() {
            // Scaled by it, every gradient would look bad.
            self.rule = None;
            return Err(gradient.iter().position(|g| !g.is_finite()).unwrap_or(0));
        }
        self.done.updates += 1;
        let pass = |factor: f32| optimizer.rule.pass(rate * factor, self.done.updates);
        let passes: Vec<(Range<usize>, Pass)> =
            trained.iter().map(|(range, factor)| (range.clone(), pass(*factor))).collect();
        self.sums.resize(count.div_ceil(SLICE_PARAMETERS), 0.0);
        let (sums, state) = (Shared::new(&mut self.sums), Shared::new(&mut self.state));
        let (into, steps) = (Shared::new(weights), Shared::new(gradient));
        slices(count, |number, slice| {
            let (from, length) = (slice.start, slice.len());
            // SAFETY: the slices of weights, gradient and state are disjoint, and the arrays are long enough.
            let (weights, gradient, state) = unsafe {
                (
                    std::slice::from_raw_parts(into.at(from), length),
                    std::slice::from_raw_parts_mut(steps.at(from), length),
                    std::slice::from_raw_parts_mut(state.at(from * width), length * width),
                )
            };
            if let Some(clip) = &optimizer.clip {
                clip.apply(norm, gradient);
            }
            for (part, pass) in within(&slice, &passes) {
                let part = part.start - from..part.end - from;
                let state = state_of(state, length, part.clone());
                pass(&weights[part.clone()], &mut gradient[part], state);
            }
            let check = if vector::sums_are_finite(weights, gradient) { 0.0 } else { f32::NAN };
            // SAFETY: each slice has its own sum.
            unsafe { *sums.at(number) = f64::from(check) };
        });
        if self.sums.iter().any(|&check| check != 0.0) {
            self.rule = None;
            let bad = weights.iter().zip(gradient).position(|(w, step)| !(*w + *step).is_finite());
            return Err(bad.unwrap_or(0));
        }
        slices(count, |_, slice| {
            for (part, _) in within(&slice, trained) {
                // SAFETY: the parts of the slices are disjoint, and the arrays are long enough.
                let (weights, steps) = unsafe {
                    (
                        std::slice::from_raw_parts_mut(into.at(part.start), part.len()),
                        std::slice::from_raw_parts(steps.at(part.start), part.len()),
                    )
                };
                vector::add(weights, steps);
            }
        });
        Ok(())
    }
}

/// The parts of a slice that are in these ranges, with what belongs to each range.
fn within<'a, T>(
    slice: &Range<usize>,
    ranges: &'a [(Range<usize>, T)],
) -> impl Iterator<Item = (Range<usize>, &'a T)> {
    let &Range { start, end } = slice;
    let part = move |(range, of): &'a (Range<usize>, T)| (range.start.max(start)..range.end.min(end), of);
    ranges.iter().map(part).filter(|(part, _)| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hebb_kernels::parallel::INLINE_PARAMETERS;
    use hebb_kernels::random::{Random, Stream};
    use std::ops::Range;

    fn optimizer(json: &str) -> Optimizer {
        serde_json::from_str(json).unwrap()
    }

    const EACH: &[&str] = &[
        r#"{"type":"sgd","learningRate":0.1,"momentum":0.9,"clip":{"value":0.3}}"#,
        r#"{"type":"adagrad","learningRate":0.1}"#,
        r#"{"type":"rmsprop","learningRate":0.1,"centered":true,"momentum":0.5}"#,
        r#"{"type":"adadelta","learningRate":0.1}"#,
        r#"{"type":"adam","learningRate":0.1,"amsgrad":true}"#,
        r#"{"type":"adamw","learningRate":0.1}"#,
        r#"{"type":"nadam","learningRate":0.1}"#,
    ];

    #[test]
    fn slices_are_what_each_parameter_alone_would_be() {
        let count = INLINE_PARAMETERS + SLICE_PARAMETERS / 2 + 3;
        for json in EACH {
            let optimizer = optimizer(json);
            let mut random = Random::new(1, Stream::Test(0));
            let mut draw = || (0..count).map(|_| random.uniform(-1.0, 1.0)).collect::<Vec<f32>>();
            let (start, gradients) = (draw(), [draw(), draw(), draw()]);
            let train = |at: Range<usize>| {
                let (mut update, mut weights) = (Update::default(), start[at.clone()].to_vec());
                for gradient in &gradients {
                    let all = [(0..weights.len(), 1.0)];
                    update.prepare(&optimizer.rule, weights.len(), &all).unwrap();
                    let mut gradient = gradient[at.clone()].to_vec();
                    update.step(&optimizer, 0.1, 0.0, &mut weights, &mut gradient, &all).unwrap();
                }
                weights
            };
            let all = train(0..count);
            for at in [0, 1, SLICE_PARAMETERS - 1, SLICE_PARAMETERS, 3 * SLICE_PARAMETERS + 5, count - 1] {
                assert_eq!(train(at..at + 1), [all[at]], "{json}, parameter {at}");
            }
        }
    }

    #[test]
    fn a_step_that_is_not_finite_changes_nothing_and_is_forgotten() {
        for json in EACH {
            let optimizer = optimizer(json);
            let (mut update, mut weights) = (Update::default(), vec![1.0; INLINE_PARAMETERS + 1]);
            for (bad, at) in [(f32::NAN, 5), (f32::NAN, INLINE_PARAMETERS)] {
                let all = [(0..weights.len(), 1.0)];
                assert_eq!(update.prepare(&optimizer.rule, weights.len(), &all).unwrap(), 0, "{json}");
                let mut gradient = vec![0.1; weights.len()];
                gradient[at] = bad;
                let done = update.step(&optimizer, 0.1, 1.0, &mut weights, &mut gradient, &all);
                assert_eq!(done, Err(at), "{json}");
                assert!(weights.iter().all(|w| *w == 1.0));
            }
        }
    }

    #[test]
    fn what_was_frozen_begins_anew() {
        let optimizer = optimizer(EACH[4]);
        let (mut update, mut weights) = (Update::default(), vec![1.0; 9]);
        // The last two lie side by side.
        let trained = [(0..2, 1.0), (4..6, 1.0), (6..9, 1.0)];
        update.prepare(&optimizer.rule, 9, &trained).unwrap();
        update.step(&optimizer, 0.1, 0.0, &mut weights, &mut [0.5; 9], &trained).unwrap();
        let updates = |part| update.continued(&optimizer.rule, &[(part, 1.0)]).updates;
        assert_eq!([0..2, 1..2, 4..9].map(updates), [1, 1, 1]);
        assert_eq!([0..3, 2..4, 0..9].map(updates), [0, 0, 0]);
    }

    #[test]
    fn the_norm_is_the_root_of_all_squares() {
        let values: Vec<f32> = (0..INLINE_PARAMETERS + 100).map(|i| (i % 7) as f32).collect();
        let squares: f64 = values.iter().map(|v| f64::from(v * v)).sum();
        assert!((Update::default().norm(&values) - squares.sqrt()).abs() < 1e-9);
    }
}
