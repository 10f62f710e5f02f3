//! The product of a dense layer whose weights are stored in fewer bits, for inference.

use super::dense::{each, lie};
use crate::plan::{Block, Buffer, Operator, ROWS_PER_PART, SingleSample};
use hebb_kernels::stored::{self as kernel, PANEL, Storage};

// A part is a panel.
const _: () = assert!(ROWS_PER_PART == PANEL);

pub(super) struct StoredProduct {
    /// Time steps; 1 for flat inputs.
    pub steps: usize,
    pub inputs: usize,
    pub units: usize,
    pub storage: Storage,
    /// Its first word among the weights in fewer bits.
    pub weight: usize,
    pub bias: Option<usize>,
    pub input: Buffer,
    pub output: Buffer,
}

impl StoredProduct {
    /// The panel of a part, its biases, its first unit, and its number of units.
    fn panel(&self, block: &Block, part: usize) -> (*const f32, *const f32, usize, usize) {
        let first = part * PANEL;
        let panel = block.stored(self.weight + part * self.storage.panel(self.inputs));
        (panel, block.optional(self.bias.map(|bias| bias + first)), first, PANEL.min(self.units - first))
    }
}

impl Operator for StoredProduct {
    fn forward(&self, block: &Block, part: usize) {
        self.forward_all(std::slice::from_ref(block), part);
    }

    fn forward_all(&self, blocks: &[Block], part: usize) {
        let block = &blocks[0];
        let (panel, b, first, units) = self.panel(block, part);
        let (x, y) = (block.value(self.input), block.value(self.output).wrapping_add(first * block.lanes()));
        for (x, y) in each(self.steps, block.lanes(), (x, self.inputs), (y, self.units)) {
            // SAFETY: the plan sized buffers and tensors by steps, inputs and units; all blocks have the same plan.
            unsafe {
                kernel::forward(block.level, self.storage, lie(blocks), panel, b, x, y, self.inputs, units);
            }
        }
    }

    /// Never called: a training is refused before it has memory.
    fn backward_input(&self, _block: &Block, _part: usize) {}

    fn parts(&self) -> usize {
        self.units.div_ceil(PANEL)
    }

    fn shares_weights_across_blocks(&self) -> bool {
        true
    }

    fn cost(&self) -> usize {
        self.steps * self.inputs * self.units
    }

    fn multiply_adds(&self) -> usize {
        self.cost()
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        Some(self)
    }
}

impl SingleSample for StoredProduct {
    fn parts(&self) -> usize {
        Operator::parts(self)
    }

    fn forward(&self, sample: &Block, part: usize) {
        let (panel, b, first, units) = self.panel(sample, part);
        let (x, y) = (sample.value(self.input), sample.value(self.output).wrapping_add(first));
        for (x, y) in each(self.steps, 1, (x, self.inputs), (y, self.units)) {
            // SAFETY: as above.
            unsafe { kernel::single(sample.level, self.storage, panel, b, x, y, self.inputs, units) }
        }
    }
}
