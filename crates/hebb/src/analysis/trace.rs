//! All quantities of one training step, in the symbols of the course notes: net input, activation a, δ = −∂E/∂net, ∂E/∂w, and
//! the Δw that an optimizer would add. (For the sum of squares at a sigmoid unit δ is (t − a)·a·(1 − a), and Δw = ε·δ·a.)

use crate::data::Dataset;
use crate::losses::Losses;
use crate::network::Network;
use crate::optimizers::Optimizer;
use crate::plan::{Draw, Life, Mode, Plan, Purpose};
use crate::runtime::{Executor, Pass, TrainingState};
use hebb_kernels::error::{Result, zeros};

/// The quantities of one training step. Parameters are the trained ones, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// E, the loss of the batch.
    pub loss: f64,
    /// For each of [`Network::layers`] the net input of its activation, its output a, and δ, `[samples, features]` each.
    pub layers: Vec<[Vec<f32>; 3]>,
    /// ∂E/∂w.
    pub gradient: Vec<f32>,
    /// Δw.
    pub step: Vec<f32>,
    /// The Δw of the optimizer's previous step; zeros before the first.
    pub previous: Vec<f32>,
}

impl Network {
    /// The training step that [`Network::gradients`] and [`Network::update`] would make of all samples. The network does
    /// not change.
    pub fn trace(&self, data: &Dataset, loss: &Losses, optimizer: &Optimizer) -> Result<Trace> {
        optimizer.check_alone()?;
        let (data, compiled) = self.fitting(data, loss)?;
        let (data, loss) = (&*data, &*loss.normalized(&data, &self.plan)?);
        let samples = data.order(false, 0, 0);
        let draw = Draw { seed: self.spec.seed, step: self.steps(), sample: 0 };
        let executor = Executor { plan: &self.plan, level: self.level, parameters: &self.parameters };
        let mut training = TrainingState::new(&executor)?;
        let report = training.gradients(&executor, data, &samples, &compiled, &Pass::alone(draw, true))?;
        let gradient = training.gradient().to_vec();
        let mut previous = zeros(gradient.len(), "the step before")?;
        if let Some(own) = &self.training {
            training.copy_optimizer_state(own);
            if let Some(kept) =
                own.previous().filter(|_| own.memory().remembered(&optimizer.rule).updates > 0)
            {
                previous.copy_from_slice(kept);
            }
        }
        let mut weights = self.parameters[..self.plan.parameters].to_vec();
        let done = training.update(&mut weights, optimizer, None, None, &compiled.trained.ranges)?;
        done.map_err(|at| self.plan.step_not_finite(at, training.is_nan_of_formula(at)))?;
        let slope = compiled.slope(report.loss - report.regularization);
        let layers = self.open(data, &samples, loss, draw, slope)?;
        Ok(Trace { loss: report.loss, layers, gradient, step: training.gradient().to_vec(), previous })
    }

    /// Net input, activation and δ of every layer, from a plan in which each has a buffer of its own.
    pub(super) fn open(
        &self,
        data: &Dataset,
        samples: &[u32],
        loss: &Losses,
        draw: Draw,
        slope: f32,
    ) -> Result<Vec<[Vec<f32>; 3]>> {
        let plan = Plan::new(&self.spec, Purpose::Trace)?;
        let executor = Executor { plan: &plan, level: self.level, parameters: &self.parameters };
        let mut training = TrainingState::with(&executor, Life::Trace)?;
        let compiled = loss.compile(&plan)?;
        training.wide(&executor, data, samples, &compiled, &Pass::alone(draw, true))?;
        let (lanes, blocks) = (executor.lanes(), samples.len().div_ceil(executor.lanes()));
        let several = training.arenas.several(blocks)?;
        let mut layers = Vec::new();
        for layer in &plan.layers {
            let features: usize = layer.output.iter().product();
            let mut parts = [Vec::new(), Vec::new(), Vec::new()];
            for (i, part) in parts.iter_mut().enumerate() {
                *part = zeros(samples.len() * features, "the trace")?;
                for (number, part) in part.chunks_mut(lanes * features).enumerate() {
                    let block = executor.block(&several.get(number), 0, Mode::Inference);
                    // SAFETY: the plan gave each of them `features` rows, and the executor is done.
                    let (values, sign) = unsafe {
                        match i {
                            0 => (block.values(layer.net, features), 1.0),
                            1 => (block.values(layer.buffer, features), 1.0),
                            _ => (block.gradients(layer.net, features), -slope),
                        }
                    };
                    for (at, to) in part.iter_mut().enumerate() {
                        *to = sign * values[at % features * lanes + at / features];
                    }
                }
            }
            layers.push(parts);
        }
        Ok(layers)
    }
}
