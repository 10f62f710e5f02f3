//! The fully connected layer: `[inputs]` → `[units]`, y = W·x + b, with W `[units, inputs]`. Of `[T, inputs]` it makes
//! `[T, units]`: the same weights for each time step, whose gradients are added in the order of the steps.

use super::activation::activate;
use super::only_input;
use super::stored::StoredProduct;
use crate::options::json::Fields;
use crate::options::{Activation, Initializer, Regularization};
use crate::plan::{
    Block, Buffer, Builder, InitialValue, MAX_BLOCK, Operator, ROWS_PER_PART, SingleSample, Uses, Value,
    optional_mut, part_rows,
};
use hebb_kernels::dense::{self as kernel, Blocks};
use hebb_kernels::error::Result;
use hebb_kernels::single;
use hebb_kernels::stored::Storage;

/// The options of a dense layer.
#[derive(Clone, Debug)]
pub struct Dense {
    /// Outputs, at least 1.
    pub units: usize,
    /// Default identity.
    pub activation: Activation,
    /// Whether a bias is added. Default true.
    pub bias: bool,
    /// Initial distribution of the weights. The default depends on the activation.
    pub initializer: Option<Initializer>,
    /// Regularisation of its weights. Default: that of the loss index.
    pub regularization: Option<Regularization>,
    /// Weights in fewer bits, for inference. Default: 32 bits.
    pub storage: Option<Storage>,
}

impl Dense {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {
            units: f.required("units")?,
            activation: f.get("activation", Activation::default()),
            bias: f.get("bias", true),
            initializer: f.optional("initializer"),
            regularization: f.optional("regularization"),
            storage: f.given("storage")?,
        })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let &([inputs] | [_, inputs]) = x.shape.as_slice() else {
            return Err(builder.shape(format!(
                "dense needs an input [features] or [T, features], got {:?}; put flatten() before it",
                x.shape
            )));
        };
        // The same shape with another number of features.
        let with_features = |features: usize| {
            let mut shape = x.shape.clone();
            shape.pop();
            shape.push(features);
            shape
        };
        let units = self.units;
        if units == 0 {
            return Err(builder.option("units must be at least 1"));
        }
        let output = builder.value(with_features(units))?;
        let start = InitialValue::weight(self.initializer, &self.activation, (inputs, units));
        let (steps, input) = (x.steps(), x.buffer);
        if let Some(storage) = self.storage {
            let weight = builder.stored_weight(vec![units, inputs], start, storage)?;
            let bias = builder.bias(units, self.bias)?;
            let to = output.buffer;
            let operator = StoredProduct { steps, inputs, units, storage, weight, bias, input, output: to };
            let y = builder.node(operator, &[x], output, Uses::default());
            return activate(builder, y, &self.activation, true);
        }
        let weight = builder.weight(vec![units, inputs], start, self.regularization)?;
        let bias = builder.bias(units, self.bias)?;
        // For the largest block, because a plan is the same on every back end.
        let scratch = builder.value(with_features(kernel::scratch(inputs, MAX_BLOCK)))?.buffer;
        let packed = (inputs.saturating_mul(units) <= PACKED)
            .then(|| builder.buffer(single::packed_dense(inputs, units)));
        let operator =
            Product { steps, inputs, units, weight, bias, input, output: output.buffer, scratch, packed };
        let packed = packed.into_iter().collect();
        let uses = Uses { scratch: vec![scratch], packed, trains: true, ..Uses::default() };
        let y = builder.node(operator, &[x], output, uses);
        activate(builder, y, &self.activation, true)
    }
}

/// Maximum weights packed for a single sample: more do not stay in the caches, and would double the memory.
const PACKED: usize = 1 << 18;

struct Product {
    /// Time steps; 1 for flat inputs.
    steps: usize,
    inputs: usize,
    units: usize,
    weight: usize,
    bias: Option<usize>,
    input: Buffer,
    output: Buffer,
    /// The input transposed, step by step, in the backward pass.
    scratch: Buffer,
    /// Weights and biases, packed.
    packed: Option<Buffer>,
}

/// Two buffers from each time step on; of each, its start and its rows per step.
pub(super) fn each(
    steps: usize,
    lanes: usize,
    (a, a_rows): (*mut f32, usize),
    (b, b_rows): (*mut f32, usize),
) -> impl Iterator<Item = (*mut f32, *mut f32)> {
    (0..steps).map(move |t| (a.wrapping_add(t * a_rows * lanes), b.wrapping_add(t * b_rows * lanes)))
}

impl Product {
    /// The rows of a step's scratch.
    fn transposed(&self, block: &Block) -> usize {
        kernel::scratch(self.inputs, block.lanes())
    }
}

/// The layout of the arenas of a batch's blocks.
pub(super) fn lie(blocks: &[Block]) -> Blocks {
    let distance = blocks.get(1).map_or(0, |second| blocks[0].distance(second));
    Blocks { count: blocks.len(), x: distance, y: distance, samples: blocks[0].lanes() }
}

impl Operator for Product {
    fn forward(&self, block: &Block, part: usize) {
        self.forward_all(std::slice::from_ref(block), part);
    }

    fn forward_all(&self, blocks: &[Block], part: usize) {
        let (block, rows) = (&blocks[0], part_rows(part, self.units));
        let (w, b) = (block.parameter(self.weight), block.optional(self.bias));
        let (x, y) = (block.value(self.input), block.value(self.output));
        for (x, y) in each(self.steps, block.lanes(), (x, self.inputs), (y, self.units)) {
            // SAFETY: the plan sized buffers and tensors by steps, inputs and units; all blocks have the same plan.
            unsafe { kernel::forward(block.level, lie(blocks), w, b, x, y, self.inputs, rows.clone()) }
        }
    }

    fn backward_input(&self, block: &Block, part: usize) {
        self.backward_input_all(std::slice::from_ref(block), part);
    }

    fn backward_input_all(&self, blocks: &[Block], part: usize) {
        let block = &blocks[0];
        let w = block.parameter(self.weight);
        let (dy, dx) = (block.gradient(self.output), block.gradient(self.input));
        let rows = part_rows(part, self.inputs);
        let (inputs, units) = (self.inputs, self.units);
        for (dy, dx) in each(self.steps, block.lanes(), (dy, units), (dx, inputs)) {
            // SAFETY: as above.
            unsafe {
                kernel::backward_input(block.level, lie(blocks), w, dy, dx, inputs, units, rows.clone());
            }
        }
    }

    fn prepare_parameters(&self, block: &Block) {
        let (x, xt) = (block.value(self.input), block.value(self.scratch));
        for (x, xt) in each(self.steps, block.lanes(), (x, self.inputs), (xt, self.transposed(block))) {
            // SAFETY: the plan sized the scratch by `kernel::scratch`.
            unsafe { kernel::transpose(block.level, x, xt, self.inputs) }
        }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, part: usize) {
        self.backward_parameters_all(std::slice::from_ref(block), gradient, part);
    }

    fn backward_parameters_all(&self, blocks: &[Block], gradient: *mut f32, part: usize) {
        let block = &blocks[0];
        let (dw, db) = (gradient.wrapping_add(self.weight), optional_mut(gradient, self.bias));
        let (xt, dy) = (block.value(self.scratch), block.gradient(self.output));
        let rows = part_rows(part, self.units);
        for (xt, dy) in each(self.steps, block.lanes(), (xt, self.transposed(block)), (dy, self.units)) {
            // SAFETY: as above; `gradient` has the layout of the parameters.
            unsafe {
                kernel::backward_parameters(
                    block.level,
                    lie(blocks),
                    xt,
                    dy,
                    dw,
                    db,
                    self.inputs,
                    rows.clone(),
                );
            }
        }
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
        self.steps * self.inputs * self.units
    }

    fn multiply_adds(&self) -> usize {
        self.cost()
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        Some(self)
    }
}

impl SingleSample for Product {
    fn parts(&self) -> usize {
        // What is packed is small.
        if self.packed.is_some() { 1 } else { Operator::parts(self) }
    }

    fn pack(&self, sample: &Block, _part: usize) {
        let (w, b) = (sample.parameter(self.weight), sample.optional(self.bias));
        if let Some(packed) = self.packed {
            // SAFETY: as above.
            unsafe { single::pack_dense(sample.level, w, b, sample.value(packed), self.inputs, self.units) }
        }
    }

    fn forward(&self, sample: &Block, part: usize) {
        let (w, b) = (sample.parameter(self.weight), sample.optional(self.bias));
        let (x, y) = (sample.value(self.input), sample.value(self.output));
        for (x, y) in each(self.steps, 1, (x, self.inputs), (y, self.units)) {
            // SAFETY: as above.
            unsafe {
                match self.packed.map(|packed| sample.value(packed)) {
                    None => single::dense(sample.level, w, b, x, y, self.inputs, part_rows(part, self.units)),
                    Some(packed) => single::dense_packed(sample.level, packed, x, y, self.inputs, self.units),
                }
            }
        }
    }
}
