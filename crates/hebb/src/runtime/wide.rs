//! The pass over a batch by one region per operator. An operator across the batch first measures the samples; if other processes
//! have some of them, the pass stops there until they have exchanged what they measured.
//!
//! ```text
//! process 0   conv ─ measure ┐              ┌ normalise ─ … ─ loss ─ … ─ measure ┐ …
//!                            ├─ all have all ┤                                    ├─ all have all
//! process 1   conv ─ measure ┘              └ normalise ─ … ─ loss ─ … ─ measure ┘ …
//! ```

use super::executor::{self, Executor, over_blocks, over_parts};
use super::gradients::TrainingState;
use super::pass::Pass;
use crate::data::Dataset;
use crate::losses::{CompiledLoss, Outcome};
use crate::plan::{Block, Gradients, Mode};
use hebb_kernels::error::{Result, zeros};
use hebb_kernels::parallel::{self, Shared, slices};
use std::ops::Range;

/// Where a pass is.
#[derive(Default)]
pub(crate) struct Walk {
    next: Next,
    /// Whether `next` has measured, and waits for what others have.
    pub waits: bool,
    /// What the operator across the batch that was met last measured: `[micro-shards][values]`.
    measured: Vec<f64>,
}

/// An operator in the order of the pass.
enum Next {
    /// The node of this number.
    Forward(usize),
    /// Of the nodes that have a backward pass the one of this number, counted from the last.
    Backward(usize),
}

impl Default for Next {
    fn default() -> Self {
        Next::Forward(0)
    }
}

/// What is run.
struct Batch<'a> {
    executor: &'a Executor<'a>,
    compiled: &'a CompiledLoss,
    pass: &'a Pass<'a>,
    /// Samples of all micro-shards.
    samples: usize,
    blocks: Vec<Block<'a>>,
    /// The blocks of each micro-shard that is run here.
    shards: Vec<Range<usize>>,
}

impl Walk {
    /// What each process has measured for the operator that waits, where all micro-shards' belongs: `[micro-shards][values]`.
    pub fn measured(&mut self) -> &mut [f64] {
        &mut self.measured
    }

    /// Whether what all micro-shards measure for an operator is known: because it was exchanged, or because `measure` finds it all.
    fn knows(
        &mut self,
        next: Next,
        batch: &Batch,
        values: usize,
        measure: impl Fn(&[Block], &mut [f64]),
    ) -> bool {
        if std::mem::take(&mut self.waits) {
            return true;
        }
        let pass = batch.pass;
        self.measured.clear();
        self.measured.resize(pass.shards * values, 0.0);
        let own = self.measured[pass.own.start * values..].chunks_exact_mut(values);
        for (blocks, into) in batch.shards.iter().zip(own) {
            measure(&batch.blocks[blocks.clone()], into);
        }
        (self.next, self.waits) = (next, !pass.is_whole());
        !self.waits
    }

    /// The number of samples and the measurements of each micro-shard that has samples.
    fn shards<'a>(&'a self, batch: &'a Batch) -> Vec<(usize, &'a [f64])> {
        let values = self.measured.len() / batch.pass.shards;
        let counts = (0..batch.pass.shards).map(|shard| batch.pass.rows(shard, batch.samples).len());
        counts.zip(self.measured.chunks_exact(values)).filter(|(count, _)| *count > 0).collect()
    }

    /// Runs the operators forward from the node with this number on; false if one waits.
    fn forward(&mut self, from: usize, batch: &Batch, statistics: &mut [f32]) -> bool {
        let Batch { executor, compiled, blocks, .. } = batch;
        for (number, node) in executor.plan.nodes.iter().enumerate().skip(from) {
            let (operator, cost) = (&*node.operator, node.operator.cost());
            if let Some(across) = operator.batch_operator() {
                if compiled.trained.freezes(number, node) {
                    over_blocks(blocks, cost, |block| across.recall(block));
                } else {
                    if !self.waits {
                        over_blocks(blocks, cost, |block| across.measure(block));
                    }
                    let combine = |blocks: &[Block], into: &mut [f64]| across.combine(blocks, into);
                    if !self.knows(Next::Forward(number), batch, across.values(), combine) {
                        return false;
                    }
                    across.settle(blocks, &self.shards(batch), statistics);
                }
            }
            executor::forward(operator, blocks);
        }
        true
    }

    /// Runs the operators backward, from this one on; false if one waits. Adds the gradient of each micro-shard to one of its own.
    fn backward(&mut self, from: usize, batch: &Batch, gradients: &Shared<f32>) -> bool {
        let Batch { executor, compiled, blocks, shards, .. } = batch;
        let plan = executor.plan;
        for (number, (node, Gradients { parameters, inputs })) in
            compiled.backward(plan).enumerate().skip(from)
        {
            let (operator, cost) = (&*node.operator, node.operator.cost());
            if let Some(across) = operator.batch_operator().filter(|_| parameters) {
                if !self.waits {
                    over_blocks(blocks, cost, |block| across.measure_gradient(block));
                }
                let combine = |blocks: &[Block], into: &mut [f64]| across.combine_gradient(blocks, into);
                if !self.knows(Next::Backward(number), batch, across.values(), combine) {
                    return false;
                }
                across.settle_gradient(blocks, &self.shards(batch));
            }
            over_blocks(blocks, cost, |block| {
                operator.prepare_backward(block);
                if parameters {
                    operator.prepare_parameters(block);
                }
            });
            if parameters {
                let parts = operator.parameter_parts();
                parallel::for_each(shards.len() * parts, |index| {
                    let (shard, part) = (index / parts, index % parts);
                    let (own, gradient) =
                        (&blocks[shards[shard].clone()], gradients.at(shard * plan.parameters));
                    if !own.is_empty() {
                        operator.backward_parameters_all(own, gradient, part);
                    }
                });
            }
            if inputs {
                over_parts(operator, blocks, operator.input_parts(), |blocks, part| {
                    operator.backward_input_all(blocks, part);
                });
            }
        }
        true
    }
}

impl TrainingState {
    /// The share of each micro-shard in the error of a batch; with [`Pass::backward`] also in its gradient: see
    /// [`TrainingState::gradient_of`]. `None` if the pass waits; called again, it goes on.
    #[inline(never)]
    pub fn wide(
        &mut self,
        executor: &Executor,
        data: &Dataset,
        samples: &[u32],
        compiled: &CompiledLoss,
        pass: &Pass,
    ) -> Result<Option<Vec<Outcome>>> {
        let (lanes, plan) = (executor.lanes(), executor.plan);
        let (mut rows, mut shards) = (Vec::new(), Vec::new());
        for shard in pass.own.clone() {
            let (all, first) = (pass.rows(shard, samples.len()), rows.len());
            rows.extend(all.clone().step_by(lanes).map(|from| from..all.end.min(from + lanes)));
            shards.push(first..rows.len());
        }
        let several = self.arenas.several(rows.len())?;
        if self.outcomes.len() < rows.len() {
            self.outcomes = zeros(rows.len(), "the outcomes")?;
        }
        let length = shards.len() * plan.parameters;
        if pass.backward && shards.len() > 1 && self.partial.len() < length {
            self.partial = Vec::new();
            self.partial = zeros(length, "the gradients of micro-shards")?;
        }
        let blocks = rows.iter().enumerate().map(|(number, rows)| {
            let mode = Mode::Training { draw: pass.draw_from(rows.start) };
            executor.block(&several.get(number), rows.len(), mode)
        });
        let batch =
            Batch { executor, compiled, pass, samples: samples.len(), blocks: blocks.collect(), shards };
        let (blocks, walk) = (&batch.blocks, &mut self.walk);
        let gradients =
            Shared::new(if batch.shards.len() == 1 { &mut self.gradient } else { &mut self.partial });
        if !walk.waits {
            walk.next = Next::default();
            self.statistics.clear();
            self.statistics.extend_from_slice(&executor.parameters[plan.parameters..]);
            parallel::for_each(blocks.len(), |number| {
                let (block, mine) = (&blocks[number], &samples[rows[number].clone()]);
                executor.gather(data, mine, block);
                executor.gather_targets(data, mine, block);
                executor.begin(block, number, pass.carried);
            });
        }
        let mut first = 0;
        match walk.next {
            Next::Backward(from) => first = from,
            Next::Forward(from) => {
                if !walk.forward(from, &batch, &mut self.statistics) {
                    return Ok(None);
                }
                blocks
                    .iter()
                    .enumerate()
                    .for_each(|(number, block)| executor.keep(block, number, pass.carried));
                let outcomes = Shared::new(&mut self.outcomes);
                parallel::for_each(blocks.len(), |number| {
                    let outcome = compiled.evaluate(&blocks[number], samples.len(), pass.backward);
                    // SAFETY: each block has its own outcome.
                    unsafe { *outcomes.at(number) = outcome };
                });
                if pass.backward {
                    // SAFETY: the slices are apart, and zeros are floats.
                    slices(length, |_, slice| unsafe {
                        gradients.at(slice.start).write_bytes(0, slice.len())
                    });
                }
            }
        }
        if pass.backward && !walk.backward(first, &batch, &gradients) {
            return Ok(None);
        }
        let sum = |blocks: &Range<usize>| {
            self.outcomes[blocks.clone()].iter().fold(Outcome::default(), Outcome::add)
        };
        Ok(Some(batch.shards.iter().map(sum).collect()))
    }
}
