//! Predictions: of many samples in blocks, of one alone.

use super::Network;
use crate::data::Dataset;
use crate::plan::{Block, Life, State};
use crate::runtime::{Arenas, Executor};
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::parallel::Shared;

impl Network {
    /// The states of one sample before its first time step, if none are given: zeros, or what was learned.
    pub fn initial_states(&self) -> Vec<f32> {
        let of = |state: &State| match state.start {
            Some(at) => self.parameters[at..at + state.features].to_vec(),
            None => vec![0.0; state.features],
        };
        self.plan.states.iter().flat_map(of).collect()
    }

    /// The outputs `[count, values of all outputs]` for `count` samples from `from` on. Recurrent layers begin with zeros.
    pub fn predict(&mut self, data: &Dataset, from: usize, count: usize) -> Result<Vec<f32>> {
        self.infer(data, from, count, None)
    }

    /// As [`Network::predict`], where recurrent layers begin with `states`, `[count, values of all states]`, and leave there what
    /// a next call for the same samples continues from.
    pub fn continue_from(
        &mut self,
        data: &Dataset,
        from: usize,
        count: usize,
        states: &mut [f32],
    ) -> Result<Vec<f32>> {
        let (given, own) = (states.len(), self.plan.state_size());
        if own == 0 {
            return Err(Error::option("the network has no recurrent layer, whose state could be continued"));
        }
        if given != count * own {
            return Err(Error::shape(format!(
                "states for {count} samples have {own} values each, got {given} in all"
            )));
        }
        self.infer(data, from, count, Some(states))
    }

    fn infer(
        &mut self,
        data: &Dataset,
        from: usize,
        count: usize,
        states: Option<&mut [f32]>,
    ) -> Result<Vec<f32>> {
        let states = states.map(Shared::new);
        let data = &*data.arranged(&self.inputs(), None)?;
        let samples = sample_numbers(data, from, count)?;
        let width = self.plan.output_size();
        let mut answers: Vec<f32> = zeros(count * width, "the answers")?;
        let executor = Executor { plan: &self.plan, level: self.level, parameters: &self.parameters };
        let into = Shared::new(&mut answers);
        let finish = |block: &Block, number: usize| {
            let mut from = 0;
            for output in &self.plan.outputs {
                executor.scatter(output.buffer, block, number, &into, from, width);
                from += output.features();
            }
        };
        match samples.as_slice() {
            &[row] => {
                let version = self.parameters.version();
                let alone = &mut self.alone;
                let finish = |sample: &Block| finish(sample, 0);
                executor.infer_single(
                    alone,
                    &mut self.inference,
                    data,
                    row,
                    states.as_ref(),
                    self.packed != version,
                    finish,
                )?;
                self.packed = version;
            }
            samples => executor.infer(&mut self.inference, data, samples, states.as_ref(), finish)?,
        }
        Ok(answers)
    }

    /// The output of every layer for the samples, `[count, features]` for each of [`Network::layers`].
    pub fn activations(&self, data: &Dataset, from: usize, count: usize) -> Result<Vec<Vec<f32>>> {
        let data = &*data.arranged(&self.inputs(), None)?;
        let samples = sample_numbers(data, from, count)?;
        let executor = Executor { plan: &self.plan, level: self.level, parameters: &self.parameters };
        let mut answers = Vec::new();
        for layer in &self.plan.layers {
            answers.push(zeros(count * layer.output.iter().product::<usize>(), "the activations")?);
        }
        let into: Vec<Shared<f32>> = answers.iter_mut().map(|answer| Shared::new(answer)).collect();
        let mut arenas = Arenas::new(self.plan.layout(self.level.block(), Life::Activations));
        executor.infer(&mut arenas, data, &samples, None, |block, number| {
            for (layer, into) in self.plan.layers.iter().zip(&into) {
                let width = layer.output.iter().product();
                executor.scatter(layer.buffer, block, number, into, 0, width);
            }
        })?;
        Ok(answers)
    }
}

/// The numbers of some samples, which must exist.
pub(super) fn sample_numbers(data: &Dataset, from: usize, count: usize) -> Result<Vec<u32>> {
    match from.checked_add(count) {
        Some(end) if count > 0 && end <= data.len() => Ok((from as u32..end as u32).collect()),
        _ => Err(Error::data(format!(
            "samples {from} to {from} + {count} do not exist: there are {}",
            data.len()
        ))),
    }
}
