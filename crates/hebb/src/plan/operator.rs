//! The interface of operators: on blocks, on a single sample, and across the batch.

use super::block::{Block, Buffer};

/// An operator of the plan. Its work is cut into parts that write to disjoint memory, so that the parts of a block can run
/// in parallel. The cut depends on shapes alone.
pub(crate) trait Operator: Send + Sync {
    /// Computes the output's values from the inputs'.
    fn forward(&self, block: &Block, part: usize);
    /// Computes the inputs' gradients from the output's.
    fn backward_input(&self, block: &Block, part: usize);
    /// Runs once per block before its `backward_parameters` and `backward_input`, also if only one of them runs.
    fn prepare_backward(&self, _block: &Block) {}
    /// Runs once per block before its `backward_parameters`.
    fn prepare_parameters(&self, _block: &Block) {}
    /// Adds the block's contribution to `gradient`, the gradient of all parameters.
    fn backward_parameters(&self, _block: &Block, _gradient: *mut f32, _part: usize) {}
    /// Whether a part runs best for all blocks of a batch at once, because they use the same weights.
    fn shares_weights_across_blocks(&self) -> bool {
        false
    }
    /// `forward` for some or all blocks of a batch.
    fn forward_all(&self, blocks: &[Block], part: usize) {
        blocks.iter().for_each(|block| self.forward(block, part));
    }
    /// `backward_input` for some or all blocks of a batch.
    fn backward_input_all(&self, blocks: &[Block], part: usize) {
        blocks.iter().for_each(|block| self.backward_input(block, part));
    }
    /// `backward_parameters` for all blocks of a batch.
    fn backward_parameters_all(&self, blocks: &[Block], gradient: *mut f32, part: usize) {
        blocks.iter().for_each(|block| self.backward_parameters(block, gradient, part));
    }
    /// Number of parts of `forward`.
    fn parts(&self) -> usize {
        1
    }
    /// Number of parts of `backward_parameters`.
    fn parameter_parts(&self) -> usize {
        self.parts()
    }
    /// Number of parts of `backward_input`.
    fn input_parts(&self) -> usize {
        1
    }
    /// About how many multiply–adds per sample a forward pass is worth, by which work is divided.
    fn cost(&self) -> usize;
    /// Multiply–adds of weights and inputs per sample, as papers count them.
    fn multiply_adds(&self) -> usize {
        0
    }
    /// Of a recurrent layer: the buffer of the states after each time step, and the features of one.
    fn states(&self) -> Option<(Buffer, usize)> {
        None
    }
    /// Set if training works across the whole batch.
    fn batch_operator(&self) -> Option<&dyn BatchOperator> {
        None
    }
    /// Set if there is a kernel for a single sample.
    fn single_sample(&self) -> Option<&dyn SingleSample> {
        None
    }
}

/// Inference of a single sample, in an arena with a single lane: buffers are `[features]`.
pub(crate) trait SingleSample: Send + Sync {
    /// Number of parts of `pack` and `forward`.
    fn parts(&self) -> usize {
        1
    }
    /// Number of parts of `prepare`.
    fn prepare_parts(&self) -> usize {
        0
    }
    /// Runs after the parameters have changed; scratch is free then.
    fn pack(&self, _sample: &Block, _part: usize) {}
    /// Runs before each `forward`.
    fn prepare(&self, _sample: &Block, _part: usize) {}
    /// As [`Operator::forward`], with the same bits.
    fn forward(&self, sample: &Block, part: usize);
}

/// Training across the whole batch: measure each block, combine the measurements of each micro-shard in the order of its blocks,
/// exchange them between processes, settle what all of them come to in their order, then compute the blocks.
pub(crate) trait BatchOperator: Send + Sync {
    /// Minimum number of samples per batch.
    fn least(&self) -> usize;
    /// How many numbers the measurements of a micro-shard are, forward and backward.
    fn values(&self) -> usize;
    /// Measures a block, before `forward`.
    fn measure(&self, block: &Block);
    /// Combines the measurements of the blocks of a micro-shard.
    fn combine(&self, blocks: &[Block], into: &mut [f64]);
    /// Writes what all micro-shards measured to blocks, and updates the tensors without gradient. Each micro-shard has its number
    /// of samples, above 0.
    fn settle(&self, blocks: &[Block], shards: &[(usize, &[f64])], statistics: &mut [f32]);
    /// Instead of these, if its parameters are frozen: takes what inference would, whatever the batch.
    fn recall(&self, block: &Block);
    /// Measures a block's gradients, before `backward_input`.
    fn measure_gradient(&self, block: &Block);
    /// Combines the measurements of the blocks of a micro-shard.
    fn combine_gradient(&self, blocks: &[Block], into: &mut [f64]);
    /// Writes what all micro-shards measured to blocks.
    fn settle_gradient(&self, blocks: &[Block], shards: &[(usize, &[f64])]);
}

/// Rows per part: a few tiles of the micro-kernel.
pub(crate) const ROWS_PER_PART: usize = 16;

/// The rows of a part.
pub(crate) fn part_rows(part: usize, total: usize) -> std::ops::Range<usize> {
    part * ROWS_PER_PART..((part + 1) * ROWS_PER_PART).min(total)
}

/// A parameter pointer, or null if there is none.
pub(crate) fn optional_mut(base: *mut f32, offset: Option<usize>) -> *mut f32 {
    offset.map_or(std::ptr::null_mut(), |offset| base.wrapping_add(offset))
}
