//! What training needs beside the weights: gradients, the optimizer's state, arenas for the backward pass.

use super::arenas::Arenas;
use super::walk::{Walk, backward, over_parts};
use crate::data::Dataset;
use crate::error::{Result, zeros};
use crate::layers::{Block, Draw};
use crate::losses::{Bound, Outcome};
use crate::optimizers::{Optimizer, Progress};
use crate::parallel::{self, Shared};

/// The most partial gradients of a small network's batch. Each gathers its blocks in order; the partial
/// gradients are then added in order.
const GROUPS: usize = 16;

/// Parameters of one task of the sum of partial gradients.
const SLICE: usize = 1 << 13;

pub(crate) struct Training {
    pub arenas: Arenas,
    gradient: Vec<f32>,
    /// What the tensors without gradient become, where operators look at the whole batch.
    states: Vec<f32>,
    /// Partial gradients, one after another.
    partial: Vec<f32>,
    outcomes: Vec<Outcome>,
    state: Vec<f32>,
    /// The optimizer whose state it is, and its steps so far.
    owner: Option<(Optimizer, u64)>,
}

impl Training {
    pub fn new(walk: &Walk) -> Result<Self> {
        let arenas = Arenas::new(walk.plan.layout(walk.lanes(), true));
        let gradient = zeros(walk.plan.parameters, "the gradient")?;
        Ok(Self {
            arenas,
            gradient,
            states: Vec::new(),
            partial: Vec::new(),
            outcomes: Vec::new(),
            state: Vec::new(),
            owner: None,
        })
    }

    pub fn gradient(&self) -> &[f32] {
        &self.gradient
    }

    pub fn gradient_mut(&mut self) -> &mut [f32] {
        &mut self.gradient
    }

    /// What the tensors without gradient become after the last gradients.
    pub fn states(&self) -> &[f32] {
        &self.states
    }

    pub fn bytes(&self) -> usize {
        self.arenas.bytes() + (self.gradient.len() + self.partial.len() + self.state.len()) * 4
    }

    pub fn forget(&mut self) {
        self.owner = None;
    }

    /// The outcome of a batch; its gradient is then in `gradient`.
    pub fn gradients(
        &mut self,
        walk: &Walk,
        data: &Dataset,
        rows: &[u32],
        bound: &Bound,
        draw: Draw,
    ) -> Result<Outcome> {
        data.check_input(&walk.plan.input)?;
        let groups = if walk.trains_alone() {
            self.small(walk, data, rows, bound, draw)?
        } else {
            self.wide(walk, data, rows, bound, draw)?
        };
        let add = |sum: Outcome, one: &Outcome| Outcome {
            loss: sum.loss + one.loss,
            correct: sum.correct + one.correct,
        };
        Ok(self.outcomes[..groups].iter().fold(Outcome::default(), add))
    }

    /// One region: each task takes a group of blocks through all layers, forward and backward. A second one
    /// adds the groups' gradients.
    fn small(
        &mut self,
        walk: &Walk,
        data: &Dataset,
        rows: &[u32],
        bound: &Bound,
        draw: Draw,
    ) -> Result<usize> {
        let (lanes, parameters) = (walk.lanes(), walk.plan.parameters);
        let blocks = rows.len().div_ceil(lanes);
        let groups = blocks.min(GROUPS);
        let memory = self.arenas.reserve(parallel::threads().min(groups))?;
        if self.partial.len() < groups * parameters {
            self.partial = zeros(groups * parameters, "the gradients")?;
        }
        if self.outcomes.len() < groups {
            self.outcomes = zeros(groups, "the outcomes")?;
        }
        let partial = Shared::new(&mut self.partial);
        let outcomes = Shared::new(&mut self.outcomes);
        let layout = &self.arenas.layout;
        parallel::for_each(groups, |group, slot| {
            let gradient = partial.at(group * parameters);
            // SAFETY: each group has its own partial gradient.
            unsafe { gradient.write_bytes(0, parameters) };
            let mut sum = Outcome::default();
            for number in group * blocks / groups..(group + 1) * blocks / groups {
                let mine = &rows[number * lanes..rows.len().min((number + 1) * lanes)];
                let draw = Draw { sample: number * lanes, ..draw };
                let block = walk.block(layout, &memory, slot, mine.len(), Some(draw));
                walk.gather(data, mine, &block);
                walk.gather_targets(data, mine, &block);
                walk.forward(&block);
                let one = bound.evaluate(&block, rows.len(), true);
                sum = Outcome { loss: sum.loss + one.loss, correct: sum.correct + one.correct };
                backward(walk.plan, bound, &block, gradient);
            }
            // SAFETY: each group has its own outcome.
            unsafe { *outcomes.at(group) = sum };
        });
        let total = Shared::new(&mut self.gradient);
        parallel::for_each(parameters.div_ceil(SLICE), |slice, _| {
            let (from, to) = (slice * SLICE, parameters.min((slice + 1) * SLICE));
            // SAFETY: the slices of the gradient are apart; the partial gradients are only read.
            let (sum, rows) = unsafe {
                let read = |group: usize| {
                    std::slice::from_raw_parts(partial.at(group * parameters + from), to - from)
                };
                (std::slice::from_raw_parts_mut(total.at(from), to - from), (0..groups).map(read))
            };
            for (group, row) in rows.enumerate() {
                if group == 0 {
                    sum.copy_from_slice(row);
                } else {
                    sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
                }
            }
        });
        Ok(groups)
    }

    /// A region for each operator, forward and backward.
    fn wide(
        &mut self,
        walk: &Walk,
        data: &Dataset,
        rows: &[u32],
        bound: &Bound,
        draw: Draw,
    ) -> Result<usize> {
        let lanes = walk.lanes();
        let count = rows.len().div_ceil(lanes);
        let memory = self.arenas.reserve(count)?;
        if self.outcomes.len() < count {
            self.outcomes = zeros(count, "the outcomes")?;
        }
        let layout = &self.arenas.layout;
        let mine = |number: usize| &rows[number * lanes..rows.len().min((number + 1) * lanes)];
        let blocks: Vec<Block> = (0..count)
            .map(|number| {
                let draw = Draw { sample: number * lanes, ..draw };
                walk.block(layout, &memory, number, mine(number).len(), Some(draw))
            })
            .collect();
        parallel::for_each(count, |number, _| {
            walk.gather(data, mine(number), &blocks[number]);
            walk.gather_targets(data, mine(number), &blocks[number]);
        });
        walk.forward_wide(&blocks);
        self.states.clear();
        self.states.extend_from_slice(&walk.parameters[walk.plan.parameters..]);
        for across in walk.plan.nodes.iter().filter_map(|node| node.operator.across()) {
            across.remember(&blocks[0], &mut self.states);
        }
        let outcomes = Shared::new(&mut self.outcomes);
        parallel::for_each(count, |number, _| {
            let outcome = bound.evaluate(&blocks[number], rows.len(), true);
            // SAFETY: each block has its own outcome.
            unsafe { *outcomes.at(number) = outcome };
        });
        self.gradient.fill(0.0);
        let gradient = Shared::new(&mut self.gradient);
        for node in bound.backward(walk.plan) {
            let (operator, cost) = (&*node.operator, node.operator.cost());
            if let Some(across) = operator.across() {
                over_parts(&blocks, 1, cost, |block, _| across.measure_gradient(block));
                across.combine_gradient(&blocks);
            }
            if node.trains {
                over_parts(&blocks, 1, cost, |block, _| operator.prepare_parameters(block));
                parallel::for_each(operator.parts(), |part, _| {
                    blocks.iter().for_each(|block| operator.backward_parameters(block, gradient.at(0), part));
                });
            }
            if node.wanted {
                over_parts(&blocks, operator.input_parts(), cost, |block, part| {
                    operator.backward_input(block, part);
                });
            }
        }
        Ok(count)
    }

    /// One step of the optimizer. The error is the first parameter that would leave the finite numbers; then
    /// no weight has changed, and the optimizer's state is forgotten.
    pub fn update(
        &mut self,
        weights: &mut [f32],
        optimizer: &Optimizer,
        progress: Option<Progress>,
    ) -> std::result::Result<(), usize> {
        let width = optimizer.state();
        let same = self.owner.as_ref().is_some_and(|(owner, _)| owner == optimizer);
        let steps = if same { self.owner.as_ref().map_or(0, |(_, steps)| *steps) } else { 0 };
        if !same {
            self.state.clear();
            self.state.resize(width * weights.len(), 0.0);
        }
        let rate = optimizer.rate(progress.unwrap_or(Progress { step: steps, steps: 0, epoch: 0 }));
        optimizer.step(rate, weights, &mut self.gradient, &mut self.state);
        // The sum of 0·(w + Δw) is 0 unless one of them is not finite.
        let check: f32 =
            weights.iter().zip(&self.gradient).fold(0.0, |sum, (w, step)| sum + (w + step) * 0.0);
        if check != 0.0 || check.is_nan() {
            self.owner = None;
            let bad = weights.iter().zip(&self.gradient).position(|(w, step)| !(w + step).is_finite());
            return Err(bad.unwrap_or(0));
        }
        weights.iter_mut().zip(&self.gradient).for_each(|(w, step)| *w += step);
        match &mut self.owner {
            Some((owner, steps)) if owner == optimizer => *steps += 1,
            owner => *owner = Some((optimizer.clone(), 1)),
        }
        Ok(())
    }
}
