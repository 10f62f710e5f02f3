//! Runs the operators of a plan over a batch, cut into blocks.
//!
//! There are three ways to run. Which one, the cut into tasks and the order of every sum follow from the shapes alone, never from
//! the number of threads.
//!
//! ```text
//!          network             a region is           a task is                       an arena belongs to
//! small    ≤ 2¹⁸ parameters    a whole step          a block through all operators   the thread's slot, while the task runs
//! wide     larger              one operator          a part of it, for a block or    the block, as long as the step
//!                                                    for all blocks
//! single   inference of one    one operator, if it   a part of it                    the sample; other operators compute in
//!          sample              is large enough                                       the first lane of a block's arena
//!
//! small:   samples ─► blocks 0 1 2 3 4 5 …      a thread takes the next block, and works in the arena of its slot
//!                            │ │ └──────────► slot 1 ─► arena 1     thread 1 takes blocks 2, 3, …
//!                            └─┴────────────► slot 0 ─► arena 0     thread 0 takes blocks 0, 1, …
//! ```

use super::arenas::{Arena, Arenas};
use crate::data::Dataset;
use crate::losses::CompiledLoss;
use crate::plan::{Block, Buffer, Draw, Gradients, Mode, Node, Operator, Plan, Trained};
use hebb_kernels::error::Result;
use hebb_kernels::parallel::{self, Shared};
use hebb_kernels::simd::Level;
use hebb_kernels::vector;

/// Maximum parameters of a small network: above, copies of the gradient no longer fit into the caches.
const SMALL: usize = 1 << 18;

/// Blocks that inference of a large network takes through the layers at once.
const ROUND: usize = 16;

/// Below this many multiply–adds tasks run on the calling thread: waking a sleeping pool takes longer.
const INLINE_MULTIPLY_ADDS: usize = 1 << 20;

/// A plan with its parameters, ready to run.
#[derive(Clone, Copy)]
pub(crate) struct Executor<'a> {
    pub plan: &'a Plan,
    pub level: Level,
    pub parameters: &'a [f32],
}

impl<'a> Executor<'a> {
    pub fn small(&self) -> bool {
        self.plan.parameters <= SMALL
    }

    /// Whether each block is trained on its own.
    pub fn trains_alone(&self) -> bool {
        self.small() && !self.plan.has_batch_operators
    }

    pub fn lanes(&self) -> usize {
        self.level.block()
    }

    /// A block of `count` samples in an arena.
    pub fn block<'b>(&self, arena: &Arena<'b>, count: usize, mode: Mode) -> Block<'b>
    where
        'a: 'b,
    {
        let &Arena { layout, start } = arena;
        let (own, stored) = self.parameters.split_at(self.plan.stored);
        let (parameters, statistics) = own.split_at(self.plan.parameters);
        Block { level: self.level, arena: start, layout, parameters, statistics, stored, count, mode }
    }

    /// Fills a block's input, and its states with their initial values.
    pub fn gather(&self, data: &Dataset, samples: &[u32], block: &Block) {
        // SAFETY: buffer 0 is the network's input; nobody else uses this arena now.
        let input = unsafe { block.values_mut(Buffer(0), self.plan.features(Buffer(0))) };
        data.gather(samples, block.lanes(), input);
        for state in &self.plan.states {
            // SAFETY: as above.
            let values = unsafe { block.values_mut(state.before, state.features) };
            match state.start {
                None => values.fill(0.0),
                Some(at) => values
                    .chunks_exact_mut(block.lanes())
                    .zip(&self.parameters[at..])
                    .for_each(|(row, &start)| row.fill(start)),
            }
        }
    }

    /// Fills a block's targets, those of all outputs.
    pub fn gather_targets(&self, data: &Dataset, samples: &[u32], block: &Block) {
        let mut from = 0;
        for output in &self.plan.outputs {
            let features = output.features();
            // SAFETY: the plan gave the targets these features; nobody else uses this arena now.
            let into = unsafe { block.values_mut(output.loss.targets, features) };
            data.gather_targets(samples, block.lanes(), from..from + features, into);
            from += features;
        }
    }

    /// Copies a buffer of block `number` into an array of samples, `width` values each, starting at value `from` of each
    /// sample.
    pub fn scatter(
        &self,
        buffer: Buffer,
        block: &Block,
        number: usize,
        into: &Shared<f32>,
        from: usize,
        width: usize,
    ) {
        self.scatter_features((buffer, self.plan.features(buffer)), block, number, into, from, width);
    }

    /// The same for the first `features` of a buffer.
    pub fn scatter_features(
        &self,
        (buffer, features): (Buffer, usize),
        block: &Block,
        number: usize,
        into: &Shared<f32>,
        from: usize,
        width: usize,
    ) {
        let lanes = block.lanes();
        // SAFETY: the buffer has `features` rows, which nobody writes now.
        let values = unsafe { block.values(buffer, features) };
        for lane in 0..block.count {
            let first = into.at((number * lanes + lane) * width + from);
            // SAFETY: each block writes what belongs to its own samples.
            let into = unsafe { std::slice::from_raw_parts_mut(first, features) };
            vector::gather(&values[lane..], lanes, into);
        }
    }

    /// Runs all operators forward over one block.
    pub fn forward(&self, block: &Block) {
        for node in &self.plan.nodes {
            (0..node.operator.parts()).for_each(|part| node.operator.forward(block, part));
        }
    }

    /// Inference by one operator after another over many blocks, each as a region of its own.
    pub fn forward_wide(&self, blocks: &[Block]) {
        let operators = self.plan.nodes.iter().map(|node| &*node.operator);
        operators.for_each(|operator| forward(operator, blocks));
    }

    /// Inference. Calls `finish(block, number)` for every block after the last operator. `states`, if given, are those before the
    /// first time step, `[samples][values of all states]`, and become those after the last.
    pub fn infer(
        &self,
        arenas: &mut Arenas,
        data: &Dataset,
        samples: &[u32],
        states: Option<&Shared<f32>>,
        finish: impl Fn(&Block, usize) + Sync,
    ) -> Result<()> {
        self.plan.check_samples(data, samples.iter().copied())?;
        let lanes = self.lanes();
        let blocks = samples.len().div_ceil(lanes);
        let mine = |number: usize| &samples[number * lanes..samples.len().min((number + 1) * lanes)];
        let begin = |block: &Block, number: usize| {
            self.gather(data, mine(number), block);
            states.inspect(|states| self.resume(block, number, states));
        };
        let finish = |block: &Block, number: usize| {
            states.inspect(|states| self.carry(block, number, states, None));
            finish(block, number);
        };
        if self.small() {
            let cost: usize = self.plan.nodes.iter().map(|node| node.operator.cost()).sum();
            let threads = if cost * samples.len() < INLINE_MULTIPLY_ADDS { 1 } else { usize::MAX };
            return arenas.for_each(threads, blocks, |number, arena| {
                let block = self.block(arena, mine(number).len(), Mode::Inference);
                begin(&block, number);
                self.forward(&block);
                finish(&block, number);
            });
        }
        let several = arenas.several(blocks.min(ROUND))?;
        for first in (0..blocks).step_by(ROUND) {
            let count = ROUND.min(blocks - first);
            let round: Vec<Block> = (0..count)
                .map(|i| self.block(&several.get(i), mine(first + i).len(), Mode::Inference))
                .collect();
            parallel::for_each(count, |i| begin(&round[i], first + i));
            self.forward_wide(&round);
            parallel::for_each(count, |i| finish(&round[i], first + i));
        }
        Ok(())
    }

    /// Inference of one sample. Calls `finish` with the sample, in a single lane, after the last operator. Operators without a
    /// kernel for a single sample compute it in the first lane of a block. `changed` says whether the parameters have changed
    /// since the last call.
    pub fn infer_single(
        &self,
        alone: &mut Arenas,
        arenas: &mut Arenas,
        data: &Dataset,
        number: u32,
        states: Option<&Shared<f32>>,
        changed: bool,
        finish: impl Fn(&Block),
    ) -> Result<()> {
        self.plan.check_samples(data, std::iter::once(number))?;
        let (alone, arenas) = (alone.several(1)?, arenas.several(1)?);
        let [sample, block] = [alone, arenas].map(|one| self.block(&one.get(0), 1, Mode::Inference));
        let lanes = self.lanes();
        if changed {
            for operator in self.plan.nodes.iter().map(|node| &node.operator) {
                operator.single_sample().inspect(|single| {
                    region(single.parts(), operator.cost(), |part| single.pack(&sample, part));
                });
            }
        }
        self.gather(data, &[number], &sample);
        states.inspect(|states| self.resume(&sample, 0, states));
        for Node { operator, inputs, output, .. } in &self.plan.nodes {
            let cost = operator.cost();
            if let Some(single) = operator.single_sample() {
                region(single.prepare_parts(), cost, |part| single.prepare(&sample, part));
                region(single.parts(), cost, |part| single.forward(&sample, part));
                continue;
            }
            for &buffer in inputs {
                let features = self.plan.features(buffer);
                // SAFETY: both layouts have these features of the buffer, which nobody else uses now.
                unsafe {
                    vector::spread(
                        sample.values(buffer, features),
                        block.values_mut(buffer, features),
                        lanes,
                    );
                }
            }
            region(operator.parts(), cost * lanes, |part| operator.forward(&block, part));
            // Of the states that it began with, it has also written what they have become.
            let states = self.plan.states.iter().filter(|state| inputs.contains(&state.before));
            for buffer in states.map(|state| state.after).chain([*output]) {
                let features = self.plan.features(buffer);
                // SAFETY: as above.
                unsafe {
                    vector::gather(
                        block.values(buffer, features),
                        lanes,
                        sample.values_mut(buffer, features),
                    );
                }
            }
        }
        states.inspect(|states| self.carry(&sample, 0, states, None));
        finish(&sample);
        Ok(())
    }

    /// Finds where values first became infinite or NaN in the forward pass; returns a sentence.
    pub fn not_finite(
        &self,
        arenas: &mut Arenas,
        data: &Dataset,
        samples: &[u32],
        trained: &Trained,
        draw: Draw,
    ) -> Result<String> {
        let lanes = self.lanes();
        let several = arenas.several(samples.len().div_ceil(lanes))?;
        let blocks: Vec<Block> = samples
            .chunks(lanes)
            .enumerate()
            .map(|(number, samples)| {
                let draw = Draw { sample: draw.sample + number * lanes, ..draw };
                let block = self.block(&several.get(number), samples.len(), Mode::Training { draw });
                self.gather(data, samples, &block);
                block
            })
            .collect();
        let mut statistics = self.parameters[self.plan.parameters..].to_vec();
        for (number, node) in self.plan.nodes.iter().enumerate() {
            if let Some(across) = node.operator.batch_operator() {
                if trained.freezes(number, node) {
                    blocks.iter().for_each(|block| across.recall(block));
                } else {
                    blocks.iter().for_each(|block| across.measure(block));
                    let mut values = vec![0.0; across.values()];
                    across.combine(&blocks, &mut values);
                    across.settle(&blocks, &[(samples.len(), &values)], &mut statistics);
                }
            }
            forward(&*node.operator, &blocks);
            for block in &blocks {
                // The first one of a buffer that the node has just written; lanes without a sample do not count.
                let first = |buffer: Buffer| {
                    // SAFETY: nobody writes it now.
                    let values = unsafe { block.values(buffer, self.plan.features(buffer)) };
                    let mut own = values.iter().enumerate().filter(|(at, _)| at % lanes < block.count);
                    own.find(|(_, value)| !value.is_finite())
                };
                let Some((at, value)) = first(node.output) else { continue };
                let name = &node.name;
                let states = node.operator.states();
                let step = states.and_then(|(buffer, units)| Some(first(buffer)?.0 / lanes / units + 1));
                let when = step.map_or(String::new(), |step| format!(", at time step {step}"));
                // A formula is not the cause of growing weights, nor are they of its NaN.
                let hint = if self.plan.is_formula(node) {
                    // SAFETY: a formula has as many inputs as outputs, each in a buffer of its own.
                    let x = unsafe { block.values(node.inputs[0], self.plan.features(node.output))[at] };
                    format!(": its formula has no finite value at {x}. No learning rate changes that")
                } else {
                    format!(". {}", self.plan.remedy())
                };
                return Ok(format!("layer \"{name}\" was the first to give {value}{when}{hint}"));
            }
        }
        Ok("all layers' outputs are finite, the loss itself is not".to_owned())
    }
}

/// Runs an operator forward over many blocks.
#[inline(never)] // Several call it.
pub(crate) fn forward(operator: &dyn Operator, blocks: &[Block]) {
    over_parts(operator, blocks, operator.parts(), |blocks, part| operator.forward_all(blocks, part));
}

/// Runs `work` for every part of an operator: per block, or for all blocks at once if they share weights.
pub(crate) fn over_parts(
    operator: &dyn Operator,
    blocks: &[Block],
    parts: usize,
    work: impl Fn(&[Block], usize) + Sync,
) {
    let some = if operator.shares_weights_across_blocks() { blocks.len().max(1) } else { 1 };
    let task = |index: usize| work(&blocks[index / parts * some..][..some], index % parts);
    region(blocks.len() / some * parts, operator.cost() * sample_count(blocks), task);
}

/// Runs `work`, which costs `cost` per sample, for every block.
pub(crate) fn over_blocks(blocks: &[Block], cost: usize, work: impl Fn(&Block) + Sync) {
    region(blocks.len(), cost * sample_count(blocks), |index| work(&blocks[index]));
}

fn sample_count(blocks: &[Block]) -> usize {
    blocks.iter().map(|block| block.lanes()).sum()
}

/// Runs tasks of total cost `cost`, in parallel if that pays.
fn region(tasks: usize, cost: usize, task: impl Fn(usize) + Sync) {
    if cost < INLINE_MULTIPLY_ADDS {
        (0..tasks).for_each(task);
    } else {
        parallel::for_each(tasks, task);
    }
}

/// Runs all operators backward over one block, the last first.
pub(crate) fn backward(plan: &Plan, compiled: &CompiledLoss, block: &Block, gradient: *mut f32) {
    for (node, Gradients { parameters, inputs }) in compiled.backward(plan) {
        let operator = &*node.operator;
        operator.prepare_backward(block);
        if parameters {
            operator.prepare_parameters(block);
            (0..operator.parameter_parts())
                .for_each(|part| operator.backward_parameters(block, gradient, part));
        }
        if inputs {
            (0..operator.input_parts()).for_each(|part| operator.backward_input(block, part));
        }
    }
}
