//! The same features at every time step: `[features]` → `[steps, features]`, so that a recurrent layer makes a sequence of one
//! vector (one-to-many).

use super::only_input;
use crate::options::json::Fields;
use crate::plan::{Block, Buffer, Builder, Operator, Uses, Value};
use hebb_kernels::error::Result;
use hebb_kernels::vector;

/// The options of a repetition.
#[derive(Clone, Debug)]
pub struct RepeatVector {
    /// Time steps, at least 1.
    pub steps: usize,
}

impl RepeatVector {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { steps: f.required("steps")? })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let &[features] = x.shape.as_slice() else {
            return Err(builder.shape(format!("repeatVector needs [features], got {:?}", x.shape)));
        };
        if self.steps == 0 {
            return Err(builder.option("steps must be at least 1"));
        }
        let output = builder.value(vec![self.steps, features])?;
        let operator = Repetition { steps: self.steps, features, input: x.buffer, output: output.buffer };
        Ok(builder.node(operator, &[x], output, Uses::default()))
    }
}

struct Repetition {
    steps: usize,
    features: usize,
    input: Buffer,
    output: Buffer,
}

impl Operator for Repetition {
    fn forward(&self, block: &Block, _part: usize) {
        // SAFETY: the plan gave the buffers these features; input and output never overlap.
        let (x, y) = unsafe {
            (
                block.values(self.input, self.features),
                block.values_mut(self.output, self.steps * self.features),
            )
        };
        y.chunks_exact_mut(x.len()).for_each(|y| y.copy_from_slice(x));
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        // SAFETY: as above.
        let (dx, dy) = unsafe {
            (
                block.gradients_mut(self.input, self.features),
                block.gradients(self.output, self.steps * self.features),
            )
        };
        dx.fill(0.0);
        dy.chunks_exact(dx.len()).for_each(|dy| vector::add(dx, dy));
    }

    fn cost(&self) -> usize {
        self.steps * self.features
    }
}
