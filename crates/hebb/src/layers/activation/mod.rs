//! Activations: elementwise ones, in place if possible, and softmax.

pub(crate) mod formulas;
mod prelu;

use super::only_input;
use crate::expression::{Expression, Program};
use crate::options::Activation;
use crate::options::json::Fields;
use crate::plan::{Block, Buffer, Builder, MAX_BLOCK, Operator, SingleSample, Uses, Value};
use hebb_kernels::error::Result;
use hebb_kernels::{
    activation::{self as kernel, Elementwise},
    expression as run, softmax,
};

/// An activation as a layer of its own.
#[derive(Clone, Debug)]
pub struct ActivationLayer {
    /// The activation.
    pub activation: Activation,
}

impl ActivationLayer {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { activation: f.required("activation")? })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        activate(builder, x.clone(), &self.activation, false)
    }
}

/// Applies an activation to a value. It works in place if it is `fused` into the layer that made the value, unless the value
/// is an output of the network, whose net input a loss may need, or the derivative needs the net input.
pub(crate) fn activate(builder: &mut Builder, x: Value, kind: &Activation, fused: bool) -> Result<Value> {
    if kind.is_flat() {
        builder.note_flat(&x, kind.name());
    }
    if let Some(expression) = formulas::formula(kind) {
        return formula(builder, x, kind, &expression);
    }
    let elementwise = match kind {
        Activation::Softmax | Activation::LogSoftmax => return softmax(builder, x, kind),
        Activation::Prelu => return prelu::plan(builder, x),
        Activation::Elementwise(expression) => return formula(builder, x, kind, expression),
        Activation::Sigmoid => Elementwise::Sigmoid,
        Activation::Tanh => Elementwise::Tanh,
        Activation::Relu => Elementwise::Relu,
        Activation::Silu => Elementwise::Silu,
        // The others are formulas.
        _ => return Ok(Value::new(x.buffer, x.shape, x.needs_gradient)),
    };
    let features = x.features();
    let in_place = fused && builder.may_overwrite() && !elementwise.needs_input();
    let output = if in_place { x.clone() } else { builder.value(x.shape.clone())? };
    let operator = Map { kind: elementwise, features, input: x.buffer, output: output.buffer };
    Ok(builder.activation(kind, operator, &x, output, Uses::default()))
}

fn formula(builder: &mut Builder, x: Value, kind: &Activation, expression: &Expression) -> Result<Value> {
    if expression.reads_target() {
        return Err(builder.option("an elementwise activation is a function of x alone"));
    }
    let (value, gradient) = (expression.value(), expression.gradient());
    let (value, gradient) =
        value.and_then(|value| Ok((value, gradient?))).map_err(|why| builder.option(why))?;
    let output = builder.value(x.shape.clone())?;
    let operator =
        Formula { value, gradient, features: x.features(), input: x.buffer, output: output.buffer };
    Ok(builder.activation(kind, operator, &x, output, Uses::default()))
}

fn softmax(builder: &mut Builder, x: Value, kind: &Activation) -> Result<Value> {
    let log = matches!(kind, Activation::LogSoftmax);
    if x.shape.len() > 2 {
        return Err(builder.shape(format!(
            "softmax needs [classes], or [T, classes] for each time step, got {:?}; put flatten before it",
            x.shape
        )));
    }
    if x.channels() == 1 {
        let (name, answer) = if log { ("logSoftmax", 0) } else { ("softmax", 1) };
        return Err(builder
            .option(format!("{name} of one value always answers {answer}: use sigmoid, or more units")));
    }
    let output = builder.value(x.shape.clone())?;
    let operator =
        Softmax { log, steps: x.steps(), classes: x.channels(), input: x.buffer, output: output.buffer };
    Ok(builder.activation(kind, operator, &x, output, Uses::default()))
}

/// An elementwise activation. `input` equals `output` if nobody needs the net input any more.
struct Map {
    kind: Elementwise,
    features: usize,
    input: Buffer,
    output: Buffer,
}

/// Features of a part.
const PART: usize = 1 << 13;

/// Where the features of a part begin, and their number.
fn part_of(features: usize, part: usize) -> (usize, usize) {
    (part * PART, PART.min(features - part * PART))
}

impl Operator for Map {
    fn forward(&self, block: &Block, part: usize) {
        let (first, features) = part_of(self.features, part);
        let first = first * block.lanes();
        let x = block.value(self.input).wrapping_add(first);
        let y = block.value(self.output).wrapping_add(first);
        // SAFETY: the plan gave the buffers `features` rows.
        unsafe { kernel::forward(block.level, self.kind, x, y, features) }
    }

    fn backward_input(&self, block: &Block, part: usize) {
        let (first, features) = part_of(self.features, part);
        let first = first * block.lanes();
        let x = block.value(self.input).wrapping_add(first);
        let y = block.value(self.output).wrapping_add(first);
        let dy = block.gradient(self.output).wrapping_add(first);
        let dx = block.gradient(self.input).wrapping_add(first);
        // SAFETY: as above.
        unsafe { kernel::backward(block.level, self.kind, x, y, dy, dx, features) }
    }

    fn parts(&self) -> usize {
        self.features.div_ceil(PART)
    }

    fn input_parts(&self) -> usize {
        Operator::parts(self)
    }

    fn cost(&self) -> usize {
        self.features * 8
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        Some(self)
    }
}

impl SingleSample for Map {
    fn parts(&self) -> usize {
        Operator::parts(self)
    }

    fn forward(&self, sample: &Block, part: usize) {
        in_rows(sample, part_of(self.features, part), self.input, self.output, |x, y, rows| {
            // SAFETY: rows of the buffers, or the copy of the last, incomplete one.
            unsafe { kernel::forward(sample.level, self.kind, x, y, rows) }
        });
    }
}

/// Some values of a single sample as if they were rows of a block; an incomplete last row is copied and padded.
fn in_rows(
    sample: &Block,
    (first, features): (usize, usize),
    x: Buffer,
    y: Buffer,
    map: impl Fn(*const f32, *mut f32, usize),
) {
    let [x, y] = [x, y].map(|buffer| sample.value(buffer).wrapping_add(first));
    let row = sample.level.block();
    let rest = features % row;
    map(x, y, features / row);
    if rest > 0 {
        let mut last = [0.0f32; MAX_BLOCK];
        let at = last.as_mut_ptr();
        // SAFETY: the plan gave the buffers this many features; no row is longer than `last`.
        unsafe {
            at.copy_from_nonoverlapping(x.add(features - rest), rest);
            map(at, at, 1);
            y.add(features - rest).copy_from_nonoverlapping(at, rest);
        }
    }
}

/// A user-defined function.
struct Formula {
    value: Program,
    gradient: Program,
    features: usize,
    input: Buffer,
    output: Buffer,
}

impl Operator for Formula {
    fn forward(&self, block: &Block, part: usize) {
        let (first, features) = part_of(self.features, part);
        let (first, size) = (first * block.lanes(), features * block.lanes());
        let x = block.value(self.input).wrapping_add(first);
        let y = block.value(self.output).wrapping_add(first);
        // SAFETY: the plan gave the buffers `features` rows; the program reads x and writes y.
        unsafe { run::run(block.level, &self.value, [x.cast_const()].as_ptr(), [y].as_ptr(), size) }
    }

    fn backward_input(&self, block: &Block, part: usize) {
        let (first, features) = part_of(self.features, part);
        let (first, size) = (first * block.lanes(), features * block.lanes());
        let x = block.value(self.input).wrapping_add(first);
        let dy = block.gradient(self.output).wrapping_add(first);
        let dx = block.gradient(self.input).wrapping_add(first);
        let inputs = [x.cast_const(), dy.cast_const()];
        // SAFETY: as above; the program reads x and dy and writes dx.
        unsafe { run::run(block.level, &self.gradient, inputs.as_ptr(), [dx].as_ptr(), size) }
    }

    fn parts(&self) -> usize {
        self.features.div_ceil(PART)
    }

    fn input_parts(&self) -> usize {
        Operator::parts(self)
    }

    fn cost(&self) -> usize {
        self.features * self.value.cost
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        Some(self)
    }
}

impl SingleSample for Formula {
    fn parts(&self) -> usize {
        Operator::parts(self)
    }

    fn forward(&self, sample: &Block, part: usize) {
        in_rows(sample, part_of(self.features, part), self.input, self.output, |x, y, rows| {
            let size = rows * sample.level.block();
            // SAFETY: rows of the buffers, or the copy of the last, incomplete one; the program reads x and writes y.
            unsafe { run::run(sample.level, &self.value, [x].as_ptr(), [y].as_ptr(), size) }
        });
    }
}

/// Softmax over all features, or its logarithm.
struct Softmax {
    log: bool,
    /// Time steps; 1 for flat inputs.
    steps: usize,
    classes: usize,
    input: Buffer,
    output: Buffer,
}

impl Operator for Softmax {
    fn forward(&self, block: &Block, _part: usize) {
        for t in 0..self.steps {
            let block = block.step(t, self.classes);
            let (x, y) = (block.value(self.input), block.value(self.output));
            // SAFETY: the plan gave both buffers `classes` rows per time step.
            unsafe {
                if self.log {
                    softmax::log_forward(block.level, x, y, self.classes);
                } else {
                    softmax::forward(block.level, x, y, std::ptr::null_mut(), self.classes);
                }
            }
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        for t in 0..self.steps {
            let block = block.step(t, self.classes);
            let (dy, dx) = (block.gradient(self.output), block.gradient(self.input));
            // SAFETY: as above.
            unsafe {
                if self.log {
                    softmax::log_backward(block.level, block.value(self.output), dy, dx, self.classes);
                } else {
                    softmax::backward(block.level, block.value(self.output), dy, dx, self.classes);
                }
            }
        }
    }

    fn cost(&self) -> usize {
        self.steps * self.classes * 16
    }
}
