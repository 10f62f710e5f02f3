//! Layers with several inputs.

use crate::error::Result;
use crate::plan::{Block, Buffer, Builder, Operator, Uses, Value};
use serde::{Deserialize, Serialize};

/// The sum of values of the same shape: a residual connection.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Add {}

/// Values concatenated: images by their channels, `[C₁, H, W]`, `[C₂, H, W]`, … → `[C₁ + C₂ + …, H, W]`, flat values by their
/// features.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concat {}

/// An input of a merge: its buffer, its features, and whether its gradient is needed.
type MergeInput = (Buffer, usize, bool);

fn parts(builder: &Builder, inputs: &[Value]) -> Result<Vec<MergeInput>> {
    if inputs.len() < 2 {
        return Err(builder.option("needs from: [ … ] with two layers or more"));
    }
    Ok(inputs.iter().map(|input| (input.buffer, input.features(), input.needs_gradient)).collect())
}

impl Add {
    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let parts = parts(builder, inputs)?;
        if inputs.iter().any(|input| input.shape != inputs[0].shape) {
            let shapes: Vec<_> = inputs.iter().map(|input| &input.shape).collect();
            return Err(builder.shape(format!("adds values of one shape, got {shapes:?}")));
        }
        let output = builder.value(inputs[0].shape.clone())?;
        let operator = Sum { parts, output: output.buffer };
        Ok(builder.node(operator, &inputs.iter().collect::<Vec<_>>(), output, Uses::default()))
    }
}

impl Concat {
    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let parts = parts(builder, inputs)?;
        if inputs.iter().any(|input| input.shape[1..] != inputs[0].shape[1..]) {
            let shapes: Vec<_> = inputs.iter().map(|input| &input.shape).collect();
            return Err(builder.shape(format!(
                "puts images of one height and width, or flat values, one after another; got {shapes:?}"
            )));
        }
        let mut shape = inputs[0].shape.clone();
        shape[0] = inputs.iter().map(|input| input.shape[0]).sum();
        let output = builder.value(shape)?;
        let operator = Join { parts, output: output.buffer };
        Ok(builder.node(operator, &inputs.iter().collect::<Vec<_>>(), output, Uses::default()))
    }
}

struct Sum {
    parts: Vec<MergeInput>,
    output: Buffer,
}

impl Operator for Sum {
    fn forward(&self, block: &Block, _part: usize) {
        // SAFETY: the plan gave all these buffers as many rows; an output never overlaps its inputs.
        unsafe {
            let y = block.values_mut(self.output, self.parts[0].1);
            y.copy_from_slice(block.values(self.parts[0].0, self.parts[0].1));
            for &(buffer, features, _) in &self.parts[1..] {
                y.iter_mut().zip(block.values(buffer, features)).for_each(|(y, x)| *y += x);
            }
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        for &(buffer, features, needs_gradient) in &self.parts {
            if needs_gradient {
                // SAFETY: as above.
                unsafe {
                    block
                        .gradients_mut(buffer, features)
                        .copy_from_slice(block.gradients(self.output, features));
                }
            }
        }
    }

    fn cost(&self) -> usize {
        self.parts.iter().map(|(_, features, _)| features).sum()
    }
}

struct Join {
    parts: Vec<MergeInput>,
    output: Buffer,
}

impl Join {
    /// Calls `f` with each part and the range of its values within the output.
    fn each(&self, block: &Block, mut f: impl FnMut(&MergeInput, std::ops::Range<usize>)) {
        let mut from = 0;
        for part in &self.parts {
            let to = from + part.1 * block.lanes();
            f(part, from..to);
            from = to;
        }
    }
}

impl Operator for Join {
    fn forward(&self, block: &Block, _part: usize) {
        // SAFETY: the output has as many rows as its parts together; they never overlap.
        let y = unsafe { block.values_mut(self.output, self.cost()) };
        // SAFETY: as above.
        self.each(block, |part, range| y[range].copy_from_slice(unsafe { block.values(part.0, part.1) }));
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        // SAFETY: as above.
        let dy = unsafe { block.gradients(self.output, self.cost()) };
        self.each(block, |&(buffer, features, needs_gradient), range| {
            if needs_gradient {
                // SAFETY: as above.
                unsafe { block.gradients_mut(buffer, features) }.copy_from_slice(&dy[range]);
            }
        });
    }

    fn cost(&self) -> usize {
        self.parts.iter().map(|(_, features, _)| features).sum()
    }
}
