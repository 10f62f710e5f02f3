//! An embedding: token numbers `[T]` or `[T, 1]` → `[T, units]`, the rows of a table `[vocabulary, units]`. Its gradient is added
//! in the order of time steps, then samples.

use super::only_input;
use crate::options::json::Fields;
use crate::options::{Activation, Initializer, Regularization};
use crate::plan::{
    Block, Buffer, Builder, InitialValue, Operator, ROWS_PER_PART, SingleSample, Tokens, Uses, Value,
    part_rows,
};
use hebb_kernels::embedding as kernel;
use hebb_kernels::error::Result;

/// The options of an embedding.
#[derive(Clone, Debug)]
pub struct Embedding {
    /// Values per token, at least 1.
    pub units: usize,
    /// The number of tokens, which are 0 to `vocabulary` − 1.
    pub vocabulary: usize,
    /// Initial distribution of the table. Default: standard normal, as in PyTorch.
    pub initializer: Option<Initializer>,
    /// Regularisation of the table. Default: that of the loss index.
    pub regularization: Option<Regularization>,
}

/// The most tokens: whole numbers up to here have a place of their own among 32-bit floats.
const MOST: usize = 1 << 24;

impl Embedding {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {
            units: f.required("units")?,
            vocabulary: f.required("vocabulary")?,
            initializer: f.optional("initializer"),
            regularization: f.optional("regularization"),
        })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let &([steps] | [steps, 1]) = x.shape.as_slice() else {
            return Err(
                builder.shape(format!("embedding needs token numbers [T] or [T, 1], got {:?}", x.shape))
            );
        };
        let Self { units, vocabulary, .. } = *self;
        if units == 0 {
            return Err(builder.option("units must be at least 1"));
        }
        if vocabulary == 0 || vocabulary > MOST {
            return Err(builder.option(format!("vocabulary must be 1 to {MOST}")));
        }
        let Some(from) = builder.draft.input_at(x.buffer) else {
            return Err(builder.option(
                "embedding reads token numbers, which no layer computes: it must be the first layer, or name an input in from",
            ));
        };
        let layer = builder.name.to_owned();
        builder.draft.tokens.push(Tokens { layer, at: from..from + steps, vocabulary });
        let output = builder.value(vec![steps, units])?;
        // A token is a vector with a single 1: one input contributes to an output. So the standard deviation is 1, as in PyTorch
        // and as layers after it expect of features, not that of a sum over the vocabulary.
        let start = self.initializer.unwrap_or(Initializer::LecunNormal);
        let start = InitialValue::weight(Some(start), &Activation::Identity, (1, units));
        let weight = builder.weight(vec![vocabulary, units], start, self.regularization)?;
        let operator = Lookup { steps, units, vocabulary, weight, input: x.buffer, output: output.buffer };
        Ok(builder.node(operator, &[x], output, Uses { trains: true, ..Uses::default() }))
    }
}

struct Lookup {
    steps: usize,
    units: usize,
    vocabulary: usize,
    weight: usize,
    input: Buffer,
    output: Buffer,
}

impl Lookup {
    fn look_up(&self, block: &Block) {
        let table = &block.parameters[self.weight..][..self.vocabulary * self.units];
        // SAFETY: the plan gave both buffers these features, and they do not overlap.
        let (tokens, y) = unsafe {
            (block.values(self.input, self.steps), block.values_mut(self.output, self.steps * self.units))
        };
        kernel::forward(table, tokens, y, self.units, block.lanes());
    }
}

impl Operator for Lookup {
    fn forward(&self, block: &Block, _part: usize) {
        self.look_up(block);
    }

    /// A token's number has no gradient.
    fn backward_input(&self, block: &Block, _part: usize) {
        // SAFETY: the plan gave the input these features.
        unsafe { block.gradients_mut(self.input, self.steps) }.fill(0.0);
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, part: usize) {
        let sizes = [self.units, block.lanes(), block.count];
        let gradient = gradient.wrapping_add(self.weight);
        // SAFETY: as above; `gradient` has the layout of the parameters, and each part has columns of its own.
        unsafe {
            let tokens = block.values(self.input, self.steps);
            let dy = block.gradients(self.output, self.steps * self.units);
            let columns = part_rows(part, self.units);
            kernel::backward(gradient, self.vocabulary, tokens, dy, sizes, columns);
        }
    }

    fn parameter_parts(&self) -> usize {
        self.units.div_ceil(ROWS_PER_PART)
    }

    fn cost(&self) -> usize {
        self.steps * self.units
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        Some(self)
    }
}

impl SingleSample for Lookup {
    fn forward(&self, sample: &Block, _part: usize) {
        self.look_up(sample);
    }
}
