//! Activations: elementwise ones, in place where the plan allows it, and softmax.

use super::{Block, Buffer, Operator, single};
use crate::error::Result;
use crate::kernels::{
    activation::{self as kernel, Elementwise},
    softmax,
};
use crate::network::builder::{Builder, Uses, Value};
use crate::network::spec::Activation;
use serde::{Deserialize, Serialize};

/// An activation as a layer of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivationLayer {
    /// Which.
    pub activation: Activation,
}

impl ActivationLayer {
    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = single(builder, inputs)?;
        activate(builder, x.clone(), self.activation, false)
    }
}

/// Puts an activation behind a value: in place where it is `fused` into the layer that made the value, unless
/// that is an output of the network, whose net input a loss may want.
pub(crate) fn activate(builder: &mut Builder, x: Value, kind: Activation, fused: bool) -> Result<Value> {
    let kind = match kind {
        Activation::Identity => return Ok(x),
        Activation::Softmax => return softmax(builder, x),
        Activation::Sigmoid => Elementwise::Sigmoid,
        Activation::Tanh => Elementwise::Tanh,
        Activation::Relu => Elementwise::Relu,
    };
    let features = x.features();
    let output = if fused && !builder.last { x.clone() } else { builder.value(x.shape.clone())? };
    let operator = Map { kind, features, input: x.buffer, output: output.buffer };
    Ok(builder.node(operator, &[&x], output, Uses::default()))
}

fn softmax(builder: &mut Builder, x: Value) -> Result<Value> {
    if x.shape.len() != 1 {
        return Err(builder.shape(format!(
            "softmax needs a flat input [classes], got {:?}; put flatten before it",
            x.shape
        )));
    }
    let output = builder.value(x.shape.clone())?;
    let operator = Softmax { features: x.features(), input: x.buffer, output: output.buffer };
    Ok(builder.node(operator, &[&x], output, Uses::default()))
}

/// An elementwise activation. `input` is `output` where nobody needs the net input any more.
struct Map {
    kind: Elementwise,
    features: usize,
    input: Buffer,
    output: Buffer,
}

impl Operator for Map {
    fn forward(&self, block: &Block, _part: usize) {
        let y = block.value(self.output);
        copy(block, block.value(self.input), y, self.features);
        // SAFETY: the plan gave the buffer `features` rows.
        unsafe { kernel::forward(block.level, self.kind, y, self.features) }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let dx = block.gradient(self.input);
        copy(block, block.gradient(self.output), dx, self.features);
        // SAFETY: as above.
        unsafe { kernel::backward(block.level, self.kind, block.value(self.output), dx, self.features) }
    }

    fn cost(&self) -> usize {
        self.features * 8
    }
}

fn copy(block: &Block, from: *const f32, to: *mut f32, features: usize) {
    if !std::ptr::eq(from, to) {
        // SAFETY: both are buffers of `features` rows, and different buffers in use never overlap.
        unsafe { from.copy_to_nonoverlapping(to, features * block.level.block()) }
    }
}

/// Softmax over all features.
struct Softmax {
    features: usize,
    input: Buffer,
    output: Buffer,
}

impl Operator for Softmax {
    fn forward(&self, block: &Block, _part: usize) {
        let (x, y) = (block.value(self.input), block.value(self.output));
        // SAFETY: the plan gave both buffers `features` rows.
        unsafe { softmax::forward(block.level, x, y, std::ptr::null_mut(), self.features) }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let (dy, dx) = (block.gradient(self.output), block.gradient(self.input));
        // SAFETY: as above.
        unsafe { softmax::backward(block.level, block.value(self.output), dy, dx, self.features) }
    }

    fn cost(&self) -> usize {
        self.features * 16
    }
}
