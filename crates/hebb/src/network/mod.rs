//! Networks: a spec compiled into a plan, with its parameters.

mod compile;
mod evaluate;
mod graph;
mod optimizer_state;
mod pass;
mod predict;
pub mod spec;
mod stored;

use crate::data::Dataset;
use crate::losses::{CompiledLoss, Losses};
use crate::optimizers::{Optimizer, Progress, Rule};
pub use crate::plan::{LayerInfo, Output, State, Tensor};
use crate::plan::{Life, Plan, Purpose, Trained};
use crate::runtime::{Arenas, Executor, Parameters, TrainingState};
pub use crate::runtime::{OptimizerState, Report, StateTensor, Steps};
pub use evaluate::{Evaluation, Evaluator};
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::simd::Level;
use spec::Spec;
use std::borrow::Cow;

/// A network: a compiled plan, its parameters, and the memory that it computes in.
pub struct Network {
    pub(crate) spec: Spec,
    pub(crate) plan: Plan,
    pub(crate) level: Level,
    pub(crate) parameters: Parameters,
    inference: Arenas,
    /// For a single sample.
    alone: Arenas,
    /// The version of the parameters packed there.
    packed: u64,
    pub(crate) training: Option<TrainingState>,
}

impl Network {
    /// Compiles a spec, and draws the initial weights.
    pub fn new(spec: Spec) -> Result<Self> {
        Self::with_level(spec, Level::best())
    }

    /// As [`Network::new`], on a given SIMD back end.
    pub fn with_level(spec: Spec, level: Level) -> Result<Self> {
        let mut net = Self::blank(spec, level)?;
        let seed = net.spec.seed;
        let all: &mut [f32] = &mut net.parameters;
        let mut drawn = Vec::new();
        for (number, tensor) in net.plan.tensors.iter().enumerate() {
            if tensor.stored.is_none() {
                let values = &mut all[tensor.offset..tensor.offset + tensor.size];
                tensor.start.fill(values, seed, number as u32);
                continue;
            }
            let mut values: Vec<f32> = zeros(tensor.size, "the initial weights")?;
            tensor.start.fill(&mut values, seed, number as u32);
            drawn.push((tensor.offset, values));
        }
        drawn.into_iter().try_for_each(|(from, values)| net.store(from, &values))?;
        Ok(net)
    }

    /// As [`Network::with_level`], with all parameters 0: for those that are set next.
    pub fn blank(spec: Spec, level: Level) -> Result<Self> {
        let plan = Plan::new(&spec, Purpose::Run)?;
        let parameters: Vec<f32> = zeros(plan.values, "the network's weights")?;
        let [inference, alone] =
            [level.block(), 1].map(|lanes| Arenas::new(plan.layout(lanes, Life::Inference)));
        let parameters = Parameters::new(parameters);
        Ok(Self { spec, plan, level, parameters, inference, alone, packed: 0, training: None })
    }

    /// The spec it was made from.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The layers, in order.
    pub fn layers(&self) -> &[LayerInfo] {
        &self.plan.layers
    }

    /// The parameter tensors, in the order in which [`Network::parameters`] holds them.
    pub fn tensors(&self) -> &[Tensor] {
        &self.plan.tensors
    }

    /// The inputs with the shape per sample.
    pub fn inputs(&self) -> Vec<(String, Vec<usize>)> {
        self.spec.input.named()
    }

    /// The shape of one sample: of the only input, or of all inputs concatenated.
    pub fn input(&self) -> &[usize] {
        &self.plan.input
    }

    /// The outputs, in the order in which a prediction holds them.
    pub fn outputs(&self) -> &[Output] {
        &self.plan.outputs
    }

    /// The shape of one prediction: of the only output, or of all outputs concatenated.
    pub fn output(&self) -> Vec<usize> {
        self.plan.output()
    }

    /// Number of weights and biases: of all parameters but statistics.
    pub fn weights(&self) -> usize {
        self.plan.parameters + self.plan.count - self.plan.stored
    }

    /// Number of trained parameters; the tensors without gradient follow them.
    pub fn trained(&self) -> usize {
        self.plan.parameters
    }

    /// All parameters; those in fewer bits as they are stored ([`Network::values`] decodes them).
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    /// Replaces all parameters. Discards the optimizer state.
    pub fn set_parameters(&mut self, values: &[f32]) -> Result<()> {
        if values.len() != self.plan.count {
            let (given, own) = (values.len(), self.plan.count);
            return Err(Error::shape(format!("{given} parameters given, the network has {own}")));
        }
        self.set_some(values, &[[0, values.len()]])
    }

    /// Replaces the parameters of some ranges `[from, length]` by values that lie one after another. Discards the optimizer
    /// state.
    pub fn set_some(&mut self, values: &[f32], ranges: &[[usize; 2]]) -> Result<()> {
        let length: usize = ranges.iter().map(|range| range[1]).sum();
        let fits = |&[from, length]: &[usize; 2]| from + length <= self.plan.count;
        if length != values.len() || !ranges.iter().all(fits) {
            return Err(Error::shape(format!("{} values do not fit the ranges {ranges:?}", values.len())));
        }
        let places = || ranges.iter().flat_map(|&[from, length]| from..from + length);
        if let Some((at, value)) = places().zip(values).find(|(_, value)| !value.is_finite()) {
            let name = self.plan.tensor_of(at);
            return Err(Error::data(format!("the weights \"{name}\" contain {value}: give finite numbers")));
        }
        let mut rest = values;
        for &[from, length] in ranges {
            let (these, others) = rest.split_at(length);
            let (plain, stored) = these.split_at(length.min(self.plan.stored.saturating_sub(from)));
            if !plain.is_empty() {
                self.parameters[from..from + plain.len()].copy_from_slice(plain);
            }
            self.store(from + plain.len(), stored)?;
            rest = others;
        }
        if let Some(training) = &mut self.training {
            training.forget();
        }
        Ok(())
    }

    /// Bytes of memory that it holds.
    pub fn bytes(&self) -> usize {
        let inference = self.inference.bytes() + self.alone.bytes();
        self.parameters.len() * 4 + inference + self.training.as_ref().map_or(0, TrainingState::bytes)
    }

    /// The states that its recurrent layers carry from one call to the next, in the order of [`Network::continue_from`].
    pub fn states(&self) -> &[State] {
        &self.plan.states
    }

    /// A data set with inputs and targets in this network's order, if they have names.
    pub(crate) fn arranged<'a>(&self, data: &'a Dataset) -> Result<Cow<'a, Dataset>> {
        data.arranged(&self.inputs(), Some(&self.plan.named_outputs()))
    }

    /// The loss of a batch and its gradient, which [`Network::gradient`] then returns. `step` is the number of
    /// the training step; dropout draws by it.
    pub fn gradients(&mut self, data: &Dataset, samples: &[u32], loss: &Losses, step: u64) -> Result<Report> {
        let (data, compiled) = self.fitting(data, loss)?;
        self.pass(&data, samples, &compiled, step, None, true)
    }

    /// A data set in this network's order, and the compiled loss; refuses targets that do not fit the network or the loss.
    pub(crate) fn fitting<'a>(
        &self,
        data: &'a Dataset,
        loss: &Losses,
    ) -> Result<(Cow<'a, Dataset>, CompiledLoss)> {
        let data = self.arranged(data)?;
        self.plan.check_samples(&data, 0..data.len() as u32)?;
        data.check_targets(&self.plan.named_outputs())?;
        let compiled = loss.compile_for(&data, &self.plan)?;
        loss.check_values(&data, 0..data.len(), &self.plan)?;
        Ok((data, compiled))
    }

    /// The gradient of the last [`Network::gradients`], in the order of the trained parameters.
    pub fn gradient(&self) -> Result<&[f32]> {
        self.training.as_ref().map(TrainingState::gradient).ok_or_else(no_gradient)
    }

    /// As [`Network::gradient`], for callers that change the gradient before the update; an exchange between machines writes
    /// here.
    pub fn gradient_mut(&mut self) -> Result<&mut [f32]> {
        self.training.as_mut().map(TrainingState::gradient_mut).ok_or_else(no_gradient)
    }

    /// Replaces the gradient.
    pub fn set_gradient(&mut self, values: &[f32]) -> Result<()> {
        let executor = Executor { plan: &self.plan, level: self.level, parameters: &self.parameters };
        if self.training.is_none() {
            self.training = Some(TrainingState::new(&executor)?);
        }
        let gradient = self.training.as_mut().expect("just made").gradient_mut();
        if values.len() != gradient.len() {
            let (given, own) = (values.len(), gradient.len());
            return Err(Error::shape(format!(
                "a gradient of {given} values given, the network has {own} parameters"
            )));
        }
        gradient.copy_from_slice(values);
        Ok(())
    }

    /// One step of the optimizer along the gradient; without `progress` the step after those in the optimizer state. The state
    /// is kept while the rule stays the same, whatever the learning rate. If the step would make a parameter infinite or NaN,
    /// nothing changes.
    pub fn update(&mut self, optimizer: &Optimizer, progress: Option<Progress>) -> Result<()> {
        match progress {
            Some(_) => optimizer.check()?,
            None => optimizer.check_alone()?,
        }
        self.apply(optimizer, progress, None, &Trained::all(&self.plan))
    }

    /// As [`Network::update`], for a checked optimizer and the layers that are trained; `norm` is that of the gradient, if known.
    pub(crate) fn apply(
        &mut self,
        optimizer: &Optimizer,
        progress: Option<Progress>,
        norm: Option<f64>,
        trained: &Trained,
    ) -> Result<()> {
        let training = self.training.as_mut().ok_or_else(no_gradient)?;
        let weights = &mut self.parameters[..self.plan.parameters];
        let done = training.update(weights, optimizer, progress, norm, &trained.ranges)?;
        done.map_err(|at| self.plan.step_not_finite(at, training.is_nan_of_formula(at)))
    }

    /// The norm of the gradient: the root of the sum of all squares.
    pub fn gradient_norm(&mut self) -> Result<f64> {
        self.training.as_mut().map(TrainingState::norm).ok_or_else(no_gradient)
    }

    /// Adds the gradient, times `weight`, to the accumulator; `first` resets it.
    pub(crate) fn accumulate(&mut self, weight: f32, first: bool) -> Result<()> {
        self.training.as_mut().ok_or_else(no_gradient)?.accumulate(weight, first)
    }

    /// Sets the gradient to the accumulated sum divided by `weights`.
    pub(crate) fn finish_accumulation(&mut self, weights: f32) -> Result<()> {
        self.training.as_mut().ok_or_else(no_gradient)?.finish_accumulation(weights);
        Ok(())
    }

    /// Keeps the last Δw for [`Network::trace`], before the next gradient overwrites it.
    pub fn keep_last_step(&mut self) {
        if let Some(training) = &mut self.training {
            training.keep_last_step();
        }
    }

    /// The steps of the optimizer with this rule; zeros after parameters were set, another rule stepped, or a step
    /// diverged.
    pub fn remembered(&self, rule: &Rule) -> Steps {
        self.training.as_ref().map_or(Steps::default(), |training| training.memory().remembered(rule))
    }

    /// The steps of it that a training of these layers continues.
    pub(crate) fn continued(&self, rule: &Rule, trained: &Trained) -> Steps {
        let memory = self.training.as_ref().map(TrainingState::memory);
        memory.map_or(Steps::default(), |memory| memory.continued(rule, &trained.ranges))
    }

    /// The updates in the optimizer state.
    pub fn steps(&self) -> u64 {
        self.training.as_ref().map_or(0, |training| training.memory().steps())
    }

    /// Records the progress of a training.
    pub(crate) fn note(&mut self, rule: &Rule, minibatches: u64, epochs: u64) {
        if let Some(training) = &mut self.training {
            training.note(rule, minibatches, epochs);
        }
    }

    /// Whether an operator works across the batch, as batch normalisation does: then a last minibatch of one sample is merged
    /// into the one before it.
    pub fn has_batch_operators(&self) -> bool {
        self.plan.has_batch_operators
    }

    /// Discards the optimizer state.
    pub fn forget(&mut self) {
        if let Some(training) = &mut self.training {
            training.forget();
        }
    }
}

fn no_gradient() -> Error {
    Error::option("there is no gradient yet")
}
