//! What training needs besides the weights: the gradient, the optimizer's state, arenas for the backward pass.

use super::arenas::Arenas;
use super::executor::Executor;
use super::pass::Pass;
use super::report::Report;
use super::update::Update;
use super::wide::Walk;
use crate::archive::Archive;
use crate::data::Dataset;
use crate::losses::{CompiledLoss, Outcome};
use crate::optimizers::{Optimizer, Progress, Rule};
use crate::plan::{Gradients, Life, Trained};
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::parallel::{Shared, slices};
use hebb_kernels::vector;
use std::ops::Range;

pub(crate) struct TrainingState {
    pub arenas: Arenas,
    /// The gradients for which they have room.
    room: Vec<Gradients>,
    pub(super) gradient: Vec<f32>,
    /// The new values of the tensors without gradient, if operators work across the batch.
    pub(super) statistics: Vec<f32>,
    /// Partial gradients, one after another.
    pub(super) partial: Vec<f32>,
    pub(super) outcomes: Vec<Outcome>,
    /// Where the pass is that goes by operators.
    pub(super) walk: Walk,
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
            walk: Walk::default(),
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

    /// After a pass over `count` micro-shards the gradient of one of them; of the only one it is the gradient.
    pub fn gradient_of(&self, shard: usize, count: usize) -> &[f32] {
        let length = self.gradient.len();
        if count == 1 { &self.gradient } else { &self.partial[shard * length..][..length] }
    }

    /// What a pass waits for: see [`Walk::measured`].
    pub fn measured(&mut self) -> Option<&mut [f64]> {
        self.walk.waits.then_some(self.walk.measured())
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
        let outcomes = self.part(executor, data, samples, compiled, pass)?;
        let outcome = outcomes.map_or(Outcome::default(), |all| all[0]);
        self.whole(executor.parameters, compiled, samples.len(), outcome, pass.backward)
    }

    /// The share of each micro-shard of a pass in the error of a batch; with [`Pass::backward`] also in its gradient, as
    /// [`TrainingState::gradient_of`]. Those of all micro-shards add up, and [`TrainingState::whole`] completes them. `None` if
    /// the pass waits for [`TrainingState::measured`].
    #[inline(never)] // Several call it, and it is long.
    pub fn part(
        &mut self,
        executor: &Executor,
        data: &Dataset,
        samples: &[u32],
        compiled: &CompiledLoss,
        pass: &Pass,
    ) -> Result<Option<Vec<Outcome>>> {
        let plan = executor.plan;
        data.check_input(&plan.input)?;
        if plan.has_batch_operators {
            plan.check_batch(samples.len(), &compiled.trained)?;
        }
        self.make_room(executor, &compiled.trained);
        self.stepped = false;
        self.formula = compiled.has_formula() || plan.nodes.iter().any(|node| plan.is_formula(node));
        self.walk.waits = false;
        self.go_on(executor, data, samples, compiled, pass)
    }

    /// As [`TrainingState::part`], for a pass that waits: the values that it waits for were written.
    pub fn go_on(
        &mut self,
        executor: &Executor,
        data: &Dataset,
        samples: &[u32],
        compiled: &CompiledLoss,
        pass: &Pass,
    ) -> Result<Option<Vec<Outcome>>> {
        let own = pass.own_rows(samples.len());
        let outcomes = if !executor.trains_alone() {
            self.wide(executor, data, samples, compiled, pass)?
        } else if own.is_empty() {
            self.gradient.fill(0.0);
            Some(vec![Outcome::default()])
        } else {
            Some(vec![self.small(executor, data, samples, compiled, pass)?])
        };
        let bad = outcomes.iter().flatten().map(|outcome| outcome.loss).find(|loss| !loss.is_finite());
        if let Some(loss) = bad {
            let draw = pass.draw_from(own.start);
            let mut place =
                executor.not_finite(&mut self.arenas, data, &samples[own], &compiled.trained, draw)?;
            if compiled.has_formula() {
                place += "; the loss is a formula of your own: look where it has no finite value";
            }
            return Err(Error::diverged(format!("the loss became {loss}: {place}")));
        }
        Ok(outcomes)
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
}
