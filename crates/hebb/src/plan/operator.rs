//! What a step of the plan computes: block by block, for a sample alone, or with the whole batch.

use super::block::Block;

/// A step of the plan. Its work is cut into parts that write apart, so that parts of one block can run at
/// once; the cut depends on shapes alone.
pub(crate) trait Operator: Send + Sync {
    /// Computes the output's values from the inputs'.
    fn forward(&self, block: &Block, part: usize);
    /// Computes the inputs' gradients from the output's.
    fn backward_input(&self, block: &Block, part: usize);
    /// Once a block before its `backward_parameters`.
    fn prepare_parameters(&self, _block: &Block) {}
    /// Adds the block's share to `gradient`, all parameters' gradients.
    fn backward_parameters(&self, _block: &Block, _gradient: *mut f32, _part: usize) {}
    /// Whether a part is best computed for all blocks of a batch together.
    fn shares_weights_across_blocks(&self) -> bool {
        false
    }
    /// `forward` for all blocks of a batch, or some.
    fn forward_all(&self, blocks: &[Block], part: usize) {
        blocks.iter().for_each(|block| self.forward(block, part));
    }
    /// `backward_input` for all blocks of a batch, or some.
    fn backward_input_all(&self, blocks: &[Block], part: usize) {
        blocks.iter().for_each(|block| self.backward_input(block, part));
    }
    /// `backward_parameters` for all blocks of a batch.
    fn backward_parameters_all(&self, blocks: &[Block], gradient: *mut f32, part: usize) {
        blocks.iter().for_each(|block| self.backward_parameters(block, gradient, part));
    }
    /// The parts of `forward` and `backward_parameters`.
    fn parts(&self) -> usize {
        1
    }
    /// The parts of `backward_input`.
    fn input_parts(&self) -> usize {
        1
    }
    /// Multiply–adds a sample, forward.
    fn cost(&self) -> usize;
    /// Set where training looks at the whole batch.
    fn batch_operator(&self) -> Option<&dyn BatchOperator> {
        None
    }
    /// Set where there is a kernel for a sample alone.
    fn single_sample(&self) -> Option<&dyn SingleSample> {
        None
    }
}

/// What an operator does, in inference, with a sample alone, whose arena has a single lane: buffers are `[features]`.
pub(crate) trait SingleSample: Send + Sync {
    /// When the parameters have changed.
    fn pack(&self, _sample: &Block) {}
    /// Once before its `forward`.
    fn prepare(&self, _sample: &Block) {}
    /// As [`Operator::forward`], with the same parts, and to the same bit.
    fn forward(&self, sample: &Block, part: usize);
}

/// What an operator does, in training, with the whole batch: measure each block, then combine what was
/// measured in the order of the blocks, before the blocks are computed.
pub(crate) trait BatchOperator: Send + Sync {
    /// The fewest samples of a batch that it can measure.
    fn least(&self) -> usize;
    /// Measures a block, before `forward`.
    fn measure(&self, block: &Block);
    /// Combines, and hands the result to all blocks.
    fn combine(&self, blocks: &[Block]);
    /// Measures a block's gradients, before `backward_input`.
    fn measure_gradient(&self, block: &Block);
    /// Combines, and hands the result to all blocks.
    fn combine_gradient(&self, blocks: &[Block]);
    /// Changes the tensors without gradient, once a step, after the batch was combined.
    fn update_statistics(&self, block: &Block, statistics: &mut [f32]);
}

/// Rows of one part: a few tiles of the micro-kernel.
pub(crate) const ROWS_PER_PART: usize = 16;

/// The rows of a part.
pub(crate) fn part_rows(part: usize, total: usize) -> std::ops::Range<usize> {
    part * ROWS_PER_PART..((part + 1) * ROWS_PER_PART).min(total)
}

/// A parameter pointer that may be missing: then null.
pub(crate) fn optional_mut(base: *mut f32, offset: Option<usize>) -> *mut f32 {
    offset.map_or(std::ptr::null_mut(), |offset| base.wrapping_add(offset))
}
