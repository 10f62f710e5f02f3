//! Layers with several inputs.

use crate::options::json::Fields;
use crate::plan::{Block, Buffer, Builder, Operator, Uses, Value};
use hebb_kernels::error::Result;
use hebb_kernels::vector;
use std::ops::Range;

/// The sum of values of the same shape: a residual connection.
#[derive(Clone, Debug)]
pub struct Add {}

/// Values concatenated: images by their channels, `[C₁, H, W]`, `[C₂, H, W]`, … → `[C₁ + C₂ + …, H, W]`, flat values by their
/// features, and sequences by the features of each time step, `[T, F₁]`, `[T, F₂]`, … → `[T, F₁ + F₂ + …]`.
#[derive(Clone, Debug)]
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
    pub(super) fn read(_: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {})
    }

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
    pub(super) fn read(_: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {})
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let parts = parts(builder, inputs)?;
        let (mut shape, axis) = (inputs[0].shape.clone(), usize::from(inputs[0].is_sequence()));
        let fits = |input: &Value| {
            let mut own = input.shape.clone();
            own.len() == shape.len() && {
                own[axis] = shape[axis];
                own == shape
            }
        };
        if !inputs.iter().all(fits) {
            let shapes: Vec<_> = inputs.iter().map(|input| &input.shape).collect();
            return Err(builder.shape(format!(
                "puts images of one height and width, flat values, or sequences of as many time steps side by side; got {shapes:?}"
            )));
        }
        shape[axis] = inputs.iter().map(|input| input.shape[axis]).sum();
        let output = builder.value(shape)?;
        let operator = Join { parts, steps: output.steps(), output: output.buffer };
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
                vector::add(y, block.values(buffer, features));
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
    steps: usize,
    output: Buffer,
}

impl Join {
    /// Calls `f` for each part of each time step, with the ranges of its values within the part and within the output.
    fn each(&self, block: &Block, mut f: impl FnMut(&MergeInput, Range<usize>, Range<usize>)) {
        let mut to = 0;
        for step in 0..self.steps {
            for part in &self.parts {
                let size = part.1 / self.steps * block.lanes();
                f(part, step * size..(step + 1) * size, to..to + size);
                to += size;
            }
        }
    }
}

impl Operator for Join {
    fn forward(&self, block: &Block, _part: usize) {
        // SAFETY: the output has as many rows as its parts together; they never overlap.
        let y = unsafe { block.values_mut(self.output, self.cost()) };
        self.each(block, |&(buffer, features, _), own, range| {
            // SAFETY: as above.
            y[range].copy_from_slice(&unsafe { block.values(buffer, features) }[own]);
        });
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        // SAFETY: as above.
        let dy = unsafe { block.gradients(self.output, self.cost()) };
        self.each(block, |&(buffer, features, needs_gradient), own, range| {
            if needs_gradient {
                // SAFETY: as above.
                let dx = unsafe { block.gradients_mut(buffer, features) };
                dx[own].copy_from_slice(&dy[range]);
            }
        });
    }

    fn cost(&self) -> usize {
        self.parts.iter().map(|(_, features, _)| features).sum()
    }
}
