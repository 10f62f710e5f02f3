//! The plan: a spec whose shapes are checked and whose layers are turned into operators over buffers.

use super::memory::{Lifetime, place};
use super::spec::{Activation, Initializer, LayerSpec, Spec};
use crate::error::{Error, Result};
use crate::kernels::activation::Elementwise;
use crate::kernels::dense::scratch;
use crate::layers::{
    Buffer, Layout, Operator, activation, conv2d, dense, dropout,
    pool2d::{AveragePool2d, MaxPool2d},
    standardize,
};
use serde::Serialize;

/// The most values of a sample, and parameters of a layer, that a plan accepts: what 4 GiB could hold.
const LIMIT: usize = 1 << 30;

/// A parameter tensor and its place among all parameters.
#[derive(Clone, Debug, Serialize)]
pub struct Tensor {
    /// `<layer>.weight` or `<layer>.bias`.
    pub name: String,
    /// Conv2d: `[F, C, KH, KW]`, dense: `[units, inputs]`, bias: `[F]`.
    pub shape: Vec<usize>,
    /// Where it begins among the parameters, in floats.
    pub offset: usize,
    /// How many floats it holds.
    pub size: usize,
    #[serde(skip)]
    pub(crate) start: Option<(Option<Initializer>, Activation, (usize, usize))>,
}

/// What a layer makes of its input; a line of a summary.
#[derive(Clone, Debug, Serialize)]
pub struct LayerInfo {
    /// The layer's name.
    pub name: String,
    /// Its kind, as in the spec.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The shape of its output for one sample.
    pub output: Vec<usize>,
    /// How many parameters it has.
    pub parameters: usize,
    /// Its activation.
    pub activation: Activation,
    /// Where its output is.
    #[serde(skip)]
    pub(crate) buffer: Buffer,
}

pub(crate) struct Node {
    pub name: String,
    pub operator: Box<dyn Operator>,
    pub input: Buffer,
    pub output: Buffer,
    /// Used from the forward to the backward pass.
    kept: Option<Buffer>,
    /// Used within the backward pass alone.
    scratch: Option<Buffer>,
}

/// The buffers that a loss needs beside the network's own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LossBuffers {
    pub targets: Buffer,
    /// The probabilities, where the network ends in logits.
    pub probabilities: Buffer,
    /// What the loss function notes for its value: ln Σ eˣ, softplus.
    pub notes: Buffer,
}

pub(crate) struct Plan {
    pub layers: Vec<LayerInfo>,
    pub tensors: Vec<Tensor>,
    pub parameters: usize,
    pub nodes: Vec<Node>,
    pub input: Vec<usize>,
    pub output: Vec<usize>,
    pub loss: LossBuffers,
    /// The activation of the last layer, which losses look at.
    pub last: Activation,
    /// The floats per lane of every buffer.
    buffers: Vec<usize>,
}

struct Builder {
    shape: Vec<usize>,
    at: Buffer,
    tensors: Vec<Tensor>,
    parameters: usize,
    nodes: Vec<Node>,
    buffers: Vec<usize>,
    dropouts: u32,
}

impl Builder {
    fn buffer(&mut self, features: usize) -> Buffer {
        self.buffers.push(features);
        Buffer(self.buffers.len() - 1)
    }

    fn features(&self) -> usize {
        self.shape.iter().product()
    }

    fn tensor(
        &mut self,
        layer: &str,
        part: &str,
        shape: Vec<usize>,
        start: Option<(Option<Initializer>, Activation, (usize, usize))>,
    ) -> Result<usize> {
        let size =
            shape.iter().try_fold(1usize, |all, &one| all.checked_mul(one)).filter(|&size| size <= LIMIT);
        let size = size.ok_or_else(|| {
            Error::memory(format!("{layer}: weights of shape {shape:?} are more than 4 GiB"))
        })?;
        let offset = self.parameters;
        self.parameters += size;
        self.tensors.push(Tensor { name: format!("{layer}.{part}"), shape, offset, size, start });
        Ok(offset)
    }

    fn check_size(&self, layer: &str) -> Result<()> {
        let size = self.shape.iter().try_fold(1usize, |all, &one| all.checked_mul(one));
        match size {
            Some(size) if size > 0 && size <= LIMIT / 64 => Ok(()),
            _ => Err(Error::memory(format!("{layer}: its output {:?} is too large", self.shape))),
        }
    }

    fn push(
        &mut self,
        name: &str,
        operator: Box<dyn Operator>,
        input: Buffer,
        output: Buffer,
        kept: Option<Buffer>,
        scratch: Option<Buffer>,
    ) {
        self.nodes.push(Node { name: name.to_owned(), operator, input, output, kept, scratch });
        self.at = output;
    }

    /// Puts an activation behind the current buffer: in place if `fused` into the layer before, unless it is
    /// the network's last, whose net input a loss may want.
    fn activate(&mut self, name: &str, kind: Activation, fused: bool, last: bool) -> Result<()> {
        let kind = match kind {
            Activation::Identity => return Ok(()),
            Activation::Softmax => {
                if self.shape.len() != 1 {
                    return Err(Error::shape(format!(
                        "{name}: softmax needs a flat input [classes], got {:?}; put flatten before it",
                        self.shape
                    )));
                }
                let (input, features) = (self.at, self.features());
                let output = self.buffer(features);
                self.push(
                    name,
                    Box::new(activation::Softmax { features, input, output }),
                    input,
                    output,
                    None,
                    None,
                );
                return Ok(());
            }
            Activation::Sigmoid => Elementwise::Sigmoid,
            Activation::Tanh => Elementwise::Tanh,
            Activation::Relu => Elementwise::Relu,
        };
        let (input, features) = (self.at, self.features());
        let output = if fused && !last { input } else { self.buffer(features) };
        self.push(
            name,
            Box::new(activation::Activation { kind, features, input, output }),
            input,
            output,
            None,
            None,
        );
        Ok(())
    }

    fn layer(&mut self, layer: &LayerSpec, name: &str, last: bool) -> Result<Activation> {
        let (input, before) = (self.at, self.features());
        match layer {
            LayerSpec::Conv2d { filters, kernel, stride, padding, activation, bias, initializer, .. } => {
                let window = conv2d::window(name, &self.shape, Some(*filters), *kernel, *stride, *padding)?;
                let taps = kernel[0].saturating_mul(kernel[1]);
                let fan = (window.channels.saturating_mul(taps), filters.saturating_mul(taps));
                let shape = vec![*filters, window.channels, kernel[0], kernel[1]];
                self.shape = vec![window.filters, window.output[0], window.output[1]];
                self.check_size(name)?;
                let weight = self.tensor(name, "weight", shape, Some((*initializer, *activation, fan)))?;
                let bias = if *bias { Some(self.tensor(name, "bias", vec![*filters], None)?) } else { None };
                let output = self.buffer(self.features());
                self.push(
                    name,
                    Box::new(conv2d::Conv2d { window, weight, bias, input, output }),
                    input,
                    output,
                    None,
                    None,
                );
                self.activate(name, *activation, true, last)?;
                Ok(*activation)
            }
            LayerSpec::MaxPool2d { kernel, stride, .. } | LayerSpec::AveragePool2d { kernel, stride, .. } => {
                let window =
                    conv2d::window(name, &self.shape, None, *kernel, stride.unwrap_or(*kernel), [0, 0])?;
                self.shape = vec![window.channels, window.output[0], window.output[1]];
                let output = self.buffer(self.features());
                if matches!(layer, LayerSpec::MaxPool2d { .. }) {
                    let choice = self.buffer(self.features());
                    let pool = MaxPool2d { window, input, output, choice };
                    self.push(name, Box::new(pool), input, output, Some(choice), None);
                } else {
                    self.push(
                        name,
                        Box::new(AveragePool2d { window, input, output }),
                        input,
                        output,
                        None,
                        None,
                    );
                }
                Ok(Activation::Identity)
            }
            LayerSpec::Flatten { .. } => {
                // Features are stored flat already.
                self.shape = vec![before];
                Ok(Activation::Identity)
            }
            LayerSpec::Dense { units, activation, bias, initializer, .. } => {
                let &[inputs] = self.shape.as_slice() else {
                    return Err(Error::shape(format!(
                        "{name}: dense needs a flat input [features], got {:?}; put flatten() before it",
                        self.shape
                    )));
                };
                if *units == 0 {
                    return Err(Error::option(format!("{name}: units must be at least 1")));
                }
                self.shape = vec![*units];
                self.check_size(name)?;
                let weight = self.tensor(
                    name,
                    "weight",
                    vec![*units, inputs],
                    Some((*initializer, *activation, (inputs, *units))),
                )?;
                let bias = if *bias { Some(self.tensor(name, "bias", vec![*units], None)?) } else { None };
                let output = self.buffer(*units);
                // `kernel::scratch` for the largest block there is (two vectors of 16 lanes).
                let transposed = self.buffer(scratch(inputs, 32) / 32);
                let dense =
                    dense::Dense { inputs, units: *units, weight, bias, input, output, scratch: transposed };
                self.push(name, Box::new(dense), input, output, None, Some(transposed));
                self.activate(name, *activation, true, last)?;
                Ok(*activation)
            }
            LayerSpec::Dropout { rate, .. } => {
                if !(0.0..1.0).contains(rate) {
                    return Err(Error::option(format!(
                        "{name}: rate must be at least 0 and below 1, got {rate}"
                    )));
                }
                let (output, mask) = (self.buffer(before), self.buffer(before));
                let number = self.dropouts;
                self.dropouts += 1;
                let dropout = dropout::Dropout { rate: *rate, features: before, number, input, output, mask };
                self.push(name, Box::new(dropout), input, output, Some(mask), None);
                Ok(Activation::Identity)
            }
            LayerSpec::Standardize { mean, deviation, .. } => {
                if !mean.is_finite() || !deviation.is_finite() || *deviation <= 0.0 {
                    return Err(Error::option(format!(
                        "{name}: mean must be finite and deviation above 0, got {mean} and {deviation}"
                    )));
                }
                let output = self.buffer(before);
                let (mean, deviation) = (*mean, *deviation);
                let standardize =
                    standardize::Standardize { mean, deviation, features: before, input, output };
                self.push(name, Box::new(standardize), input, output, None, None);
                Ok(Activation::Identity)
            }
            LayerSpec::Activation { activation, .. } => {
                self.activate(name, *activation, false, last)?;
                Ok(*activation)
            }
        }
    }
}

fn kind(layer: &LayerSpec) -> (&'static str, &'static str, Option<&String>) {
    match layer {
        LayerSpec::Conv2d { name, .. } => ("conv2d", "conv", name.as_ref()),
        LayerSpec::MaxPool2d { name, .. } => ("maxPool2d", "pool", name.as_ref()),
        LayerSpec::AveragePool2d { name, .. } => ("averagePool2d", "pool", name.as_ref()),
        LayerSpec::Flatten { name } => ("flatten", "flatten", name.as_ref()),
        LayerSpec::Dense { name, .. } => ("dense", "dense", name.as_ref()),
        LayerSpec::Dropout { name, .. } => ("dropout", "dropout", name.as_ref()),
        LayerSpec::Standardize { name, .. } => ("standardize", "standardize", name.as_ref()),
        LayerSpec::Activation { name, .. } => ("activation", "activation", name.as_ref()),
    }
}

impl Plan {
    pub fn new(spec: &Spec) -> Result<Plan> {
        let size = spec.input.iter().try_fold(1usize, |all, &one| all.checked_mul(one)).unwrap_or(0);
        if !matches!(spec.input.len(), 1 | 3) || size == 0 || size > LIMIT / 64 {
            return Err(Error::shape(format!(
                "the network's input {:?} must be [features] or [C, H, W], each at least 1",
                spec.input
            )));
        }
        if spec.layers.is_empty() {
            return Err(Error::option("a network needs at least one layer"));
        }
        let mut builder = Builder {
            shape: spec.input.clone(),
            at: Buffer(0),
            tensors: Vec::new(),
            parameters: 0,
            nodes: Vec::new(),
            buffers: vec![size],
            dropouts: 0,
        };
        let mut layers: Vec<LayerInfo> = Vec::new();
        let mut numbers = std::collections::HashMap::new();
        for (index, layer) in spec.layers.iter().enumerate() {
            let (kind, short, given) = kind(layer);
            let number = numbers.entry(short).and_modify(|n| *n += 1).or_insert(1);
            let name = given.cloned().unwrap_or_else(|| format!("{short}{number}"));
            if layers.iter().any(|other| other.name == name) {
                return Err(Error::option(format!("two layers are called \"{name}\": names must differ")));
            }
            let before = builder.parameters;
            let activation = builder.layer(layer, &name, index + 1 == spec.layers.len())?;
            let output = builder.shape.clone();
            layers.push(LayerInfo {
                name,
                kind,
                output,
                parameters: builder.parameters - before,
                activation,
                buffer: builder.at,
            });
        }
        let Builder { shape: output, tensors, parameters, nodes, mut buffers, .. } = builder;
        let outputs: usize = output.iter().product();
        let first = buffers.len();
        buffers.extend([outputs; 3]);
        let loss = LossBuffers {
            targets: Buffer(first),
            probabilities: Buffer(first + 1),
            notes: Buffer(first + 2),
        };
        // Flatten behind the last activation changes no value, so the activation still is the last.
        let last = layers
            .iter()
            .rev()
            .find(|layer| layer.kind != "flatten")
            .map_or(Activation::Identity, |l| l.activation);
        Ok(Plan {
            layers,
            tensors,
            parameters,
            nodes,
            input: spec.input.clone(),
            output,
            loss,
            last,
            buffers,
        })
    }

    /// The buffer of the network's output.
    pub fn result(&self) -> Buffer {
        self.nodes.last().map_or(Buffer(0), |node| node.output)
    }

    /// The features of a buffer.
    pub fn features(&self, buffer: Buffer) -> usize {
        self.buffers[buffer.0]
    }

    /// Where things lie for blocks of `lanes` samples. In inference a buffer lives until its last reader, in
    /// training until its gradient is done.
    pub fn layout(&self, lanes: usize, training: bool) -> Layout {
        // Moments: 0 gathers; i + 1 is node i forward; n + 1 the loss; 2n + 2 − i is node i backward.
        let n = self.nodes.len();
        let end = 2 * n + 3;
        let (forward, backward) = (|i: usize| i + 1, |i: usize| 2 * n + 2 - i);
        let mut values: Vec<(usize, usize)> = vec![(end, 0); self.buffers.len()];
        let mut gradients = values.clone();
        let touch = |list: &mut Vec<(usize, usize)>, b: Buffer, at: usize| {
            list[b.0] = (list[b.0].0.min(at), list[b.0].1.max(at));
        };
        touch(&mut values, Buffer(0), 0);
        for (i, node) in self.nodes.iter().enumerate() {
            for buffer in [Some(node.input), Some(node.output), node.kept].into_iter().flatten() {
                touch(&mut values, buffer, forward(i));
                if training {
                    touch(&mut values, buffer, backward(i));
                }
            }
            if training {
                if node.input != Buffer(0) {
                    touch(&mut gradients, node.input, backward(i));
                }
                touch(&mut gradients, node.output, backward(i));
                if let Some(scratch) = node.scratch {
                    touch(&mut values, scratch, backward(i));
                }
            }
        }
        // The loss reads the output and the net input of the last node, and writes a gradient to either.
        let last = self.nodes.last();
        for buffer in [Some(self.result()), last.map(|node| node.input)].into_iter().flatten() {
            touch(&mut values, buffer, n + 1);
            if training {
                touch(&mut gradients, buffer, n + 1);
            }
        }
        touch(&mut values, self.loss.targets, 0);
        for buffer in [self.loss.targets, self.loss.probabilities, self.loss.notes] {
            touch(&mut values, buffer, n + 1);
        }
        let lifetime = |(at, &(first, last)): (usize, &(usize, usize))| {
            let size = if first <= last { self.buffers[at % self.buffers.len()] * lanes } else { 0 };
            Lifetime { first, last: last.max(first), size }
        };
        let all: Vec<Lifetime> = values.iter().chain(&gradients).enumerate().map(lifetime).collect();
        let (offsets, size) = place(&all);
        let (values, gradients) = offsets.split_at(self.buffers.len());
        Layout { values: values.to_vec(), gradients: gradients.to_vec(), size }
    }
}
