//! What training needs besides the weights: the gradient, the optimizer's state, arenas for the backward pass.

use super::arenas::Arenas;
use super::executor::{self, Executor, over_blocks, over_parts};
use super::report::Report;
use super::states::Carried;
use super::update::Update;
use crate::archive::Archive;
use crate::data::Dataset;
use crate::losses::{CompiledLoss, Outcome};
use crate::optimizers::{Optimizer, Progress, Rule};
use crate::plan::{Block, Draw, Gradients, Life, Mode, Trained};
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::parallel::{self, SLICE_PARAMETERS, Shared, slices};
use hebb_kernels::vector;
use std::ops::Range;

/// Maximum number of partial gradients per batch of a small network. Each sums its blocks in order; the partial gradients
/// are then added in order.
const GROUPS: usize = 16;

/// How a batch is run, or a part of it.
pub(crate) struct Pass<'a> {
    /// For the first sample.
    pub draw: Draw,
    /// Samples of the batch.
    pub batch: usize,
    /// What recurrent layers carry from an earlier step on the same sequences to the next one.
    pub carried: Option<&'a Carried>,
    /// Whether the gradient is computed.
    pub backward: bool,
}

impl Pass<'_> {
    /// Of a batch of this many samples that has nothing to do with another one.
    pub fn alone(draw: Draw, batch: usize, backward: bool) -> Self {
        Self { draw, batch, carried: None, backward }
    }
}

pub(crate) struct TrainingState {
    pub arenas: Arenas,
    /// The gradients for which they have room.
    room: Vec<Gradients>,
    gradient: Vec<f32>,
    /// The new values of the tensors without gradient, if operators work across the batch.
    statistics: Vec<f32>,
    /// Partial gradients, one after another.
    partial: Vec<f32>,
    outcomes: Vec<Outcome>,
    update: Update,
    /// The weighted sum of the gradients accumulated for the next update.
    accumulated: Vec<f32>,
    /// Whether `gradient` holds the Δw of the last update.
    stepped: bool,
    /// Whether a user-defined formula took part in `gradient`.
    formula: bool,
    /// The last Δw, after [`TrainingState::keep_last_step`].
    previous: Vec<f32>,
}

impl TrainingState {
    #[inline(never)] // Several call it, and it is long.
    pub fn new(executor: &Executor) -> Result<Self> {
        Self::with(executor, Life::Training(&Trained::all(executor.plan)))
    }

    pub fn with(executor: &Executor, life: Life) -> Result<Self> {
        executor.plan.check_trainable()?;
        let arenas = Arenas::new(executor.plan.layout(executor.lanes(), life));
        let gradient = zeros(executor.plan.parameters, "the gradient")?;
        Ok(Self {
            arenas,
            room: Trained::all(executor.plan).gradients,
            gradient,
            statistics: Vec::new(),
            partial: Vec::new(),
            outcomes: Vec::new(),
            update: Update::default(),
            accumulated: Vec::new(),
            stepped: false,
            formula: false,
            previous: Vec::new(),
        })
    }

    /// Makes room for the gradients of what is trained, and for no others.
    pub fn make_room(&mut self, executor: &Executor, trained: &Trained) {
        if self.room != trained.gradients {
            self.arenas = Arenas::new(executor.plan.layout(executor.lanes(), Life::Training(trained)));
            self.room.clone_from(&trained.gradients);
        }
    }

    pub fn gradient(&self) -> &[f32] {
        &self.gradient
    }

    pub fn gradient_mut(&mut self) -> &mut [f32] {
        (self.stepped, self.formula) = (false, false);
        &mut self.gradient
    }

    /// Whether this value of the gradient, or of Δw, is NaN because of a formula.
    pub fn is_nan_of_formula(&self, at: usize) -> bool {
        self.formula && self.gradient[at].is_nan()
    }

    /// The new values of the tensors without gradient, after [`TrainingState::gradients`].
    pub fn statistics(&self) -> &[f32] {
        &self.statistics
    }

    pub fn bytes(&self) -> usize {
        let floats = self.gradient.len() + self.partial.len() + self.accumulated.len() + self.previous.len();
        self.arenas.bytes() + self.update.bytes() + floats * 4
    }

    pub fn forget(&mut self) {
        self.update.forget();
    }

    /// Keeps the last Δw, which the next gradient overwrites.
    pub fn keep_last_step(&mut self) {
        if std::mem::take(&mut self.stepped) {
            self.previous.clone_from(&self.gradient);
        }
    }

    /// The last Δw, if it was kept.
    pub fn previous(&self) -> Option<&[f32]> {
        let kept = if self.stepped { &self.gradient } else { &self.previous };
        (!kept.is_empty()).then_some(kept)
    }

    /// Copies the optimizer state of another training.
    pub fn copy_optimizer_state(&mut self, other: &TrainingState) {
        self.update = other.update.clone();
    }

    /// The optimizer state.
    pub fn memory(&self) -> &Update {
        &self.update
    }

    /// The optimizer state, for a checkpoint to replace.
    pub fn memory_mut(&mut self) -> &mut Update {
        self.stepped = false;
        &mut self.update
    }

    /// See [`Update::note`].
    pub fn note(&mut self, rule: &Rule, minibatches: u64, epochs: u64) {
        self.update.note(rule, minibatches, epochs);
    }

    /// The norm of the gradient.
    pub fn norm(&mut self) -> f64 {
        self.update.norm(&self.gradient)
    }

    /// Adds the gradient, times `weight`, to the accumulator; `first` resets it.
    pub fn accumulate(&mut self, weight: f32, first: bool) -> Result<()> {
        if self.accumulated.len() < self.gradient.len() {
            self.accumulated = zeros(self.gradient.len(), "the sum of the gradients")?;
        }
        let (gradient, accumulated) = (&self.gradient, Shared::new(&mut self.accumulated));
        slices(gradient.len(), |_, slice| {
            // SAFETY: the slices are apart, and the sum is as long as the gradient.
            let sum = unsafe { std::slice::from_raw_parts_mut(accumulated.at(slice.start), slice.len()) };
            for (sum, g) in sum.iter_mut().zip(&gradient[slice]) {
                *sum = weight * g + if first { 0.0 } else { *sum };
            }
        });
        Ok(())
    }

    /// Exchanges the accumulated gradients with an archive.
    pub fn exchange_accumulated(&mut self, archive: &mut Archive) {
        archive.floats(&mut self.accumulated, self.gradient.len());
        archive.require(self.accumulated.len() == self.gradient.len());
    }

    /// Sets the gradient to the accumulated sum divided by `weights`.
    pub fn finish_accumulation(&mut self, weights: f32) {
        let (accumulated, gradient) = (&self.accumulated, Shared::new(&mut self.gradient));
        slices(accumulated.len(), |_, slice| {
            // SAFETY: the slices are apart, and the sum is as long as the gradient.
            let gradient = unsafe { std::slice::from_raw_parts_mut(gradient.at(slice.start), slice.len()) };
            gradient.iter_mut().zip(&accumulated[slice]).for_each(|(g, sum)| *g = sum / weights);
        });
    }

    /// One step of the optimizer; without `progress` the step after those in its state. See
    /// [`Update::step`].
    #[inline(never)]
    pub fn update(
        &mut self,
        weights: &mut [f32],
        optimizer: &Optimizer,
        progress: Option<Progress>,
        norm: Option<f64>,
        trained: &[(Range<usize>, f32)],
    ) -> Result<std::result::Result<(), usize>> {
        let steps = self.update.prepare(&optimizer.rule, weights.len(), trained)?;
        let rate = optimizer.rate(progress.unwrap_or(Progress { step: steps, ..Progress::default() }));
        let norm = match norm {
            Some(norm) => norm,
            None if optimizer.needs_norm() => self.norm(),
            None => 0.0,
        };
        let done = self.update.step(optimizer, rate, norm, weights, &mut self.gradient, trained);
        self.stepped = done.is_ok();
        Ok(done)
    }

    /// The loss and score of a batch; with [`Pass::backward`] also its gradient, into `gradient`. Refuses a loss that is not
    /// finite.
    #[inline(never)] // Several call it.
    pub fn gradients(
        &mut self,
        executor: &Executor,
        data: &Dataset,
        samples: &[u32],
        compiled: &CompiledLoss,
        pass: &Pass,
    ) -> Result<Report> {
        let outcome = self.part(executor, data, samples, compiled, pass)?;
        self.whole(executor.parameters, compiled, pass.batch, outcome, pass.backward)
    }

    /// The share of some samples in the error of a batch; with [`Pass::backward`] also in its gradient, into `gradient`. Those
    /// of all samples add up, and [`TrainingState::whole`] completes them.
    #[inline(never)] // Several call it, and it is long.
    pub fn part(
        &mut self,
        executor: &Executor,
        data: &Dataset,
        samples: &[u32],
        compiled: &CompiledLoss,
        pass: &Pass,
    ) -> Result<Outcome> {
        let draw = pass.draw;
        if samples.is_empty() {
            self.gradient_mut().fill(0.0);
            return Ok(Outcome::default());
        }
        data.check_input(&executor.plan.input)?;
        if executor.plan.has_batch_operators {
            executor.plan.check_batch(samples.len(), &compiled.trained)?;
        }
        self.make_room(executor, &compiled.trained);
        self.stepped = false;
        self.formula =
            compiled.has_formula() || executor.plan.nodes.iter().any(|node| executor.plan.is_formula(node));
        let groups = if executor.trains_alone() {
            self.small(executor, data, samples, compiled, pass)?
        } else {
            self.wide(executor, data, samples, compiled, pass)?
        };
        let outcome = self.outcomes[..groups].iter().fold(Outcome::default(), Outcome::add);
        if !outcome.loss.is_finite() {
            let mut place = executor.not_finite(&mut self.arenas, data, samples, &compiled.trained, draw)?;
            if compiled.has_formula() {
                place += "; the loss is a formula of your own: look where it has no finite value";
            }
            return Err(Error::diverged(format!("the loss became {}: {place}", outcome.loss)));
        }
        Ok(outcome)
    }

    /// The loss and score of a batch of so many samples with this error; with `backward` completes its gradient.
    #[inline(never)]
    pub fn whole(
        &mut self,
        parameters: &[f32],
        compiled: &CompiledLoss,
        batch: usize,
        mut outcome: Outcome,
        backward: bool,
    ) -> Result<Report> {
        if compiled.root {
            outcome.loss = outcome.loss.sqrt();
            let slope = compiled.slope(outcome.loss);
            vector::scale(&mut self.gradient, slope);
        }
        let gradient = if backward { Some(self.gradient.as_mut_slice()) } else { None };
        let regularization = compiled.regularize(parameters, gradient)?;
        let score = compiled.score(batch, outcome);
        Ok(Report { loss: outcome.loss + regularization, regularization, score })
    }

    /// One region: each task takes a group of blocks through all layers, forward and backward. A second region adds the groups'
    /// gradients.
    fn small(
        &mut self,
        executor: &Executor,
        data: &Dataset,
        samples: &[u32],
        compiled: &CompiledLoss,
        pass: &Pass,
    ) -> Result<usize> {
        let &Pass { draw, batch, carried, backward } = pass;
        let (lanes, parameters) = (executor.lanes(), executor.plan.parameters);
        let blocks = samples.len().div_ceil(lanes);
        let groups = blocks.min(GROUPS);
        if self.partial.len() < groups * parameters {
            self.partial = zeros(groups * parameters, "the gradients")?;
        }
        if self.outcomes.len() < groups {
            self.outcomes = zeros(groups, "the outcomes")?;
        }
        let partial = Shared::new(&mut self.partial);
        let outcomes = Shared::new(&mut self.outcomes);
        self.arenas.for_each(usize::MAX, groups, |group, arena| {
            let gradient = partial.at(group * parameters);
            // SAFETY: each group has its own partial gradient.
            unsafe { gradient.write_bytes(0, parameters) };
            let mut sum = Outcome::default();
            for number in group * blocks / groups..(group + 1) * blocks / groups {
                let mine = &samples[number * lanes..samples.len().min((number + 1) * lanes)];
                let draw = Draw { sample: draw.sample + number * lanes, ..draw };
                let block = executor.block(arena, mine.len(), Mode::Training { draw });
                executor.gather(data, mine, &block);
                executor.gather_targets(data, mine, &block);
                executor.begin(&block, number, carried);
                executor.forward(&block);
                executor.keep(&block, number, carried);
                sum = sum.add(&compiled.evaluate(&block, batch, backward));
                if backward {
                    executor::backward(executor.plan, compiled, &block, gradient);
                }
            }
            // SAFETY: each group has its own outcome.
            unsafe { *outcomes.at(group) = sum };
        })?;
        if !backward {
            return Ok(groups);
        }
        let total = Shared::new(&mut self.gradient);
        parallel::for_each(parameters.div_ceil(SLICE_PARAMETERS), |slice| {
            let (from, to) = (slice * SLICE_PARAMETERS, parameters.min((slice + 1) * SLICE_PARAMETERS));
            // SAFETY: the slices of the gradient are apart; the partial gradients are only read.
            let (sum, partials) = unsafe {
                let read = |group: usize| {
                    std::slice::from_raw_parts(partial.at(group * parameters + from), to - from)
                };
                (std::slice::from_raw_parts_mut(total.at(from), to - from), (0..groups).map(read))
            };
            for (group, partial) in partials.enumerate() {
                if group == 0 {
                    sum.copy_from_slice(partial);
                } else {
                    vector::add(sum, partial);
                }
            }
        });
        Ok(groups)
    }

    /// One region per operator, forward and backward.
    #[inline(never)]
    pub fn wide(
        &mut self,
        executor: &Executor,
        data: &Dataset,
        samples: &[u32],
        compiled: &CompiledLoss,
        pass: &Pass,
    ) -> Result<usize> {
        let &Pass { draw, batch, carried, backward } = pass;
        let lanes = executor.lanes();
        let count = samples.len().div_ceil(lanes);
        let several = self.arenas.several(count)?;
        if self.outcomes.len() < count {
            self.outcomes = zeros(count, "the outcomes")?;
        }
        let mine = |number: usize| &samples[number * lanes..samples.len().min((number + 1) * lanes)];
        let blocks: Vec<Block> = (0..count)
            .map(|number| {
                let draw = Draw { sample: draw.sample + number * lanes, ..draw };
                executor.block(&several.get(number), mine(number).len(), Mode::Training { draw })
            })
            .collect();
        parallel::for_each(count, |number| {
            executor.gather(data, mine(number), &blocks[number]);
            executor.gather_targets(data, mine(number), &blocks[number]);
            executor.begin(&blocks[number], number, carried);
        });
        executor.forward_wide(&blocks, Some(&compiled.trained));
        blocks.iter().enumerate().for_each(|(number, block)| executor.keep(block, number, carried));
        self.statistics.clear();
        self.statistics.extend_from_slice(&executor.parameters[executor.plan.parameters..]);
        for (number, node) in executor.plan.nodes.iter().enumerate() {
            if let Some(batch) = node.operator.batch_operator()
                && !compiled.trained.freezes(number, node)
            {
                batch.update_statistics(&blocks[0], &mut self.statistics);
            }
        }
        let outcomes = Shared::new(&mut self.outcomes);
        parallel::for_each(count, |number| {
            let outcome = compiled.evaluate(&blocks[number], batch, backward);
            // SAFETY: each block has its own outcome.
            unsafe { *outcomes.at(number) = outcome };
        });
        if !backward {
            return Ok(count);
        }
        let gradient = Shared::new(&mut self.gradient);
        // SAFETY: the slices are apart, and zeros are floats.
        slices(executor.plan.parameters, |_, slice| unsafe {
            gradient.at(slice.start).write_bytes(0, slice.len())
        });
        for (node, Gradients { parameters, inputs }) in compiled.backward(executor.plan) {
            let (operator, cost) = (&*node.operator, node.operator.cost());
            if let Some(batch) = operator.batch_operator().filter(|_| parameters) {
                over_blocks(&blocks, cost, |block| batch.measure_gradient(block));
                batch.combine_gradient(&blocks);
            }
            over_blocks(&blocks, cost, |block| {
                operator.prepare_backward(block);
                if parameters {
                    operator.prepare_parameters(block);
                }
            });
            if parameters {
                parallel::for_each(operator.parameter_parts(), |part| {
                    operator.backward_parameters_all(&blocks, gradient.at(0), part);
                });
            }
            if inputs {
                over_parts(operator, &blocks, operator.input_parts(), |blocks, part| {
                    operator.backward_input_all(blocks, part);
                });
            }
        }
        Ok(count)
    }
}
