//! The fully connected layer: `[inputs]` → `[units]`, y = W·x + b, with W `[units, inputs]`.

use super::activation::activate;
use super::only_input;
use crate::error::Result;
use crate::kernels::dense::{self as kernel, Blocks};
use crate::kernels::single;
use crate::options::{Activation, Initializer, Regularization, yes};
use crate::plan::{
    Block, Buffer, Builder, InitialValue, MAX_BLOCK, Operator, ROWS_PER_PART, SingleSample, Uses, Value,
    optional_mut, part_rows,
};
use serde::{Deserialize, Serialize};

/// The options of a dense layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dense {
    /// Outputs, at least 1.
    pub units: usize,
    /// Default identity.
    #[serde(default)]
    pub activation: Activation,
    /// Whether a bias is added. Default true.
    #[serde(default = "yes")]
    pub bias: bool,
    /// Initial distribution of the weights. The default depends on the activation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initializer: Option<Initializer>,
    /// Regularisation of its weights. Default: that of the loss index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regularization: Option<Regularization>,
}

impl Dense {
    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let &[inputs] = x.shape.as_slice() else {
            return Err(builder.shape(format!(
                "dense needs a flat input [features], got {:?}; put flatten() before it",
                x.shape
            )));
        };
        let units = self.units;
        if units == 0 {
            return Err(builder.option("units must be at least 1"));
        }
        let output = builder.value(vec![units])?;
        let start = InitialValue::weight(self.initializer, &self.activation, (inputs, units));
        let weight = builder.weight(vec![units, inputs], start, self.regularization)?;
        let bias = builder.bias(units, self.bias)?;
        // For the largest block, because a plan is the same on every back end.
        let scratch = builder.buffer(kernel::scratch(inputs, MAX_BLOCK) / MAX_BLOCK);
        let packed = (inputs.saturating_mul(units) <= PACKED)
            .then(|| builder.buffer(single::packed_dense(inputs, units)));
        let operator =
            Product { inputs, units, weight, bias, input: x.buffer, output: output.buffer, scratch, packed };
        let packed = packed.into_iter().collect();
        let uses = Uses { scratch: vec![scratch], packed, trains: true, ..Uses::default() };
        let y = builder.node(operator, &[x], output, uses);
        activate(builder, y, &self.activation, true)
    }
}

/// Maximum weights packed for a single sample: more do not stay in the caches, and would double the memory.
const PACKED: usize = 1 << 18;

struct Product {
    inputs: usize,
    units: usize,
    weight: usize,
    bias: Option<usize>,
    input: Buffer,
    output: Buffer,
    /// The input transposed, in the backward pass.
    scratch: Buffer,
    /// Weights and biases, packed.
    packed: Option<Buffer>,
}

/// The layout of the arenas of a batch's blocks.
fn lie(blocks: &[Block]) -> Blocks {
    let distance = blocks.get(1).map_or(0, |second| blocks[0].distance(second));
    Blocks { count: blocks.len(), distance, samples: blocks[0].lanes() }
}

impl Operator for Product {
    fn forward(&self, block: &Block, part: usize) {
        self.forward_all(std::slice::from_ref(block), part);
    }

    fn forward_all(&self, blocks: &[Block], part: usize) {
        let (block, rows) = (&blocks[0], part_rows(part, self.units));
        let (w, b) = (block.parameter(self.weight), block.optional(self.bias));
        let (x, y) = (block.value(self.input), block.value(self.output));
        // SAFETY: the plan sized buffers and tensors by inputs and units; all blocks have the same plan.
        unsafe { kernel::forward(block.level, lie(blocks), w, b, x, y, self.inputs, rows) }
    }

    fn backward_input(&self, block: &Block, part: usize) {
        self.backward_input_all(std::slice::from_ref(block), part);
    }

    fn backward_input_all(&self, blocks: &[Block], part: usize) {
        let block = &blocks[0];
        let w = block.parameter(self.weight);
        let (dy, dx) = (block.gradient(self.output), block.gradient(self.input));
        let rows = part_rows(part, self.inputs);
        // SAFETY: as above.
        unsafe { kernel::backward_input(block.level, lie(blocks), w, dy, dx, self.inputs, self.units, rows) }
    }

    fn prepare_parameters(&self, block: &Block) {
        let (x, xt) = (block.value(self.input), block.value(self.scratch));
        // SAFETY: the plan sized the scratch by `kernel::scratch`.
        unsafe { kernel::transpose(block.level, x, xt, self.inputs) }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, part: usize) {
        self.backward_parameters_all(std::slice::from_ref(block), gradient, part);
    }

    fn backward_parameters_all(&self, blocks: &[Block], gradient: *mut f32, part: usize) {
        let block = &blocks[0];
        let (dw, db) = (gradient.wrapping_add(self.weight), optional_mut(gradient, self.bias));
        let (xt, dy) = (block.value(self.scratch), block.gradient(self.output));
        let rows = part_rows(part, self.units);
        // SAFETY: as above; `gradient` has the layout of the parameters.
        unsafe { kernel::backward_parameters(block.level, lie(blocks), xt, dy, dw, db, self.inputs, rows) }
    }

    fn parts(&self) -> usize {
        self.units.div_ceil(ROWS_PER_PART)
    }

    fn input_parts(&self) -> usize {
        self.inputs.div_ceil(ROWS_PER_PART)
    }

    fn shares_weights_across_blocks(&self) -> bool {
        true
    }

    fn cost(&self) -> usize {
        self.inputs * self.units
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        Some(self)
    }
}

impl SingleSample for Product {
    fn pack(&self, sample: &Block) {
        let (w, b) = (sample.parameter(self.weight), sample.optional(self.bias));
        if let Some(packed) = self.packed {
            // SAFETY: as above.
            unsafe { single::pack_dense(sample.level, w, b, sample.value(packed), self.inputs, self.units) }
        }
    }

    fn forward(&self, sample: &Block, part: usize) {
        let (w, b) = (sample.parameter(self.weight), sample.optional(self.bias));
        let (x, y) = (sample.value(self.input), sample.value(self.output));
        // SAFETY: as above.
        unsafe {
            match self.packed.map(|packed| sample.value(packed)) {
                None => single::dense(sample.level, w, b, x, y, self.inputs, part_rows(part, self.units)),
                // It is so small that one part computes all.
                Some(packed) if part == 0 => {
                    single::dense_packed(sample.level, packed, x, y, self.inputs, self.units)
                }
                Some(_) => (),
            }
        }
    }
}
