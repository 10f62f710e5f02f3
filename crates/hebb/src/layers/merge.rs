//! Layers with several inputs.

use crate::options::json::Fields;
use crate::plan::{Block, Buffer, Builder, Operator, Uses, Value};
use hebb_kernels::error::{Error, Result};
use hebb_kernels::vector;
use std::ops::Range;

/// The sum of values of the same shape: a residual connection.
#[derive(Clone, Debug)]
pub struct Add {}

/// The product of values of the same shape, each element with its counterparts: a gate. A value `[C]` or `[C, 1, 1]` is a factor of
/// each channel of images `[C, H, W]`: squeeze and excitation (Hu et al. 2018).
#[derive(Clone, Debug)]
pub struct Multiply {}

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

/// The error for shapes that do not belong together.
#[inline(never)]
fn unlike(builder: &Builder, inputs: &[Value], rule: &str) -> Error {
    let shapes: Vec<_> = inputs.iter().map(|input| &input.shape).collect();
    builder.shape(format!("{rule}; got {shapes:?}"))
}

impl Add {
    pub(super) fn read(_: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {})
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let parts = parts(builder, inputs)?;
        if inputs.iter().any(|input| input.shape != inputs[0].shape) {
            return Err(unlike(builder, inputs, "adds values of one shape"));
        }
        let output = builder.value(inputs[0].shape.clone())?;
        let operator = Sum { parts, output: output.buffer };
        Ok(builder.node(operator, &inputs.iter().collect::<Vec<_>>(), output, Uses::default()))
    }
}

impl Multiply {
    pub(super) fn read(_: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {})
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let parts = parts(builder, inputs)?;
        let whole =
            inputs.iter().max_by_key(|input| (input.shape.len(), input.features())).unwrap_or(&inputs[0]);
        let per_channel = |shape: &[usize]| {
            whole.shape.len() == 3 && (shape == [whole.shape[0]] || shape == [whole.shape[0], 1, 1])
        };
        if !inputs.iter().all(|input| input.shape == whole.shape || per_channel(&input.shape)) {
            let rule = "multiplies values of one shape, or images [C, H, W] by a factor [C] for each channel";
            return Err(unlike(builder, inputs, rule));
        }
        let (features, output) = (whole.features(), builder.value(whole.shape.clone())?);
        let channelwise = parts.iter().any(|&(_, own, needs_gradient)| own < features && needs_gradient);
        let products = channelwise.then(|| builder.buffer(features));
        let uses = Uses { scratch: products.into_iter().collect(), ..Uses::default() };
        let operator = Product { parts, features, output: output.buffer, products };
        Ok(builder.node(operator, &inputs.iter().collect::<Vec<_>>(), output, uses))
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
            let rule = "puts images of one height and width, flat values, or sequences of as many time steps side by side";
            return Err(unlike(builder, inputs, rule));
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

struct Product {
    parts: Vec<MergeInput>,
    /// Of the output.
    features: usize,
    output: Buffer,
    /// The output's gradient times all parts but one, if that is a factor of each channel and needs its gradient.
    products: Option<Buffer>,
}

impl Product {
    /// Multiplies values of the output by all parts, or by all but one. Each feature of a part is for as many in a row.
    #[inline(never)] // It is called three times, and its vectorised loops are long.
    fn multiply(&self, y: &mut [f32], block: &Block, but: Option<usize>) {
        for (at, &(buffer, features, _)) in self.parts.iter().enumerate() {
            if Some(at) == but {
                continue;
            }
            // SAFETY: the plan gave the part's buffer as many rows; nobody writes it meanwhile.
            let x = unsafe { block.values(buffer, features) };
            let plane = self.features / features;
            let run = if plane == 1 { x.len() } else { block.lanes() };
            for (x, y) in x.chunks_exact(run).zip(y.chunks_exact_mut(plane * run)) {
                y.chunks_exact_mut(run).for_each(|y| vector::multiply(y, x));
            }
        }
    }
}

impl Operator for Product {
    fn forward(&self, block: &Block, _part: usize) {
        // SAFETY: the plan gave the output as many rows; it never overlaps its inputs.
        let y = unsafe { block.values_mut(self.output, self.features) };
        y.fill(1.0);
        self.multiply(y, block, None);
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        // SAFETY: as above.
        let dy = unsafe { block.gradients(self.output, self.features) };
        for (at, &(buffer, features, needs_gradient)) in self.parts.iter().enumerate() {
            if !needs_gradient {
                continue;
            }
            // SAFETY: as above; the gradients of inputs never overlap each other or the products.
            let dx = unsafe { block.gradients_mut(buffer, features) };
            let others = |d: &mut [f32]| {
                d.copy_from_slice(dy);
                self.multiply(d, block, Some(at));
            };
            let Some(products) = self.products.filter(|_| features < self.features) else {
                others(dx);
                continue;
            };
            // SAFETY: as above.
            let products = unsafe { block.values_mut(products, self.features) };
            others(products);
            let lanes = block.lanes();
            for (dx, plane) in
                dx.chunks_exact_mut(lanes).zip(products.chunks_exact(products.len() / features))
            {
                dx.fill(0.0);
                plane.chunks_exact(lanes).for_each(|row| vector::add(dx, row));
            }
        }
    }

    fn cost(&self) -> usize {
        self.parts.len() * self.features
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
