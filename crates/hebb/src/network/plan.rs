//! The plan: a spec whose shapes are checked and whose layers are turned into operators over buffers.

use super::builder::{Builder, LIMIT, Place, Uses, Value, too_large};
use super::graph::Graph;
use super::initial::Start;
use super::spec::Spec;
use crate::error::{Error, Result};
use crate::layers::{Layer, fork::Fork};
use crate::options::{Activation, Regularization};
use crate::plan::{Buffer, Operator};
use serde::Serialize;
use std::collections::HashMap;

/// A parameter tensor and its place among all parameters.
#[derive(Clone, Debug, Serialize)]
pub struct Tensor {
    /// `<layer>.<part>`, the parts named as PyTorch names them: `weight`, `bias`, `running_mean`, ….
    pub name: String,
    /// Conv2d: `[F, C, KH, KW]`, dense: `[units, inputs]`, bias: `[F]`.
    pub shape: Vec<usize>,
    /// Where it begins among the parameters, in floats.
    pub offset: usize,
    /// How many floats it holds.
    pub size: usize,
    /// Whether it has a gradient. Those without follow all those with.
    pub trained: bool,
    #[serde(skip)]
    pub(crate) start: Start,
    /// What it costs, where its layer says so; else what the loss index says.
    #[serde(skip)]
    pub(crate) regularization: Option<Regularization>,
}

/// What a layer makes of its input; a line of a summary.
#[derive(Clone, Debug, Serialize)]
pub struct LayerInfo {
    /// The layer's name.
    pub name: String,
    /// Its kind, as in the spec.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The layers or inputs that it reads.
    pub from: Vec<String>,
    /// The shape of its output for one sample.
    pub output: Vec<usize>,
    /// How many parameters it has of its own.
    pub parameters: usize,
    /// Its activation.
    pub activation: Activation,
    /// Where its output is.
    #[serde(skip)]
    pub(crate) buffer: Buffer,
    /// Where the net input of its activation is.
    #[serde(skip)]
    pub(crate) net: Buffer,
}

/// An output of the network.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// The name of its layer.
    pub name: String,
    /// The shape for one sample.
    pub shape: Vec<usize>,
    /// The activation behind it, which losses look at.
    pub activation: Activation,
    #[serde(skip)]
    pub(crate) buffer: Buffer,
    /// The node of that activation, unless other layers read the output too.
    #[serde(skip)]
    pub(crate) node: Option<usize>,
    #[serde(skip)]
    pub(crate) loss: LossBuffers,
}

impl Output {
    pub(crate) fn features(&self) -> usize {
        self.shape.iter().product()
    }
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

pub(crate) struct Node {
    pub name: String,
    pub operator: Box<dyn Operator>,
    pub inputs: Vec<Buffer>,
    pub output: Buffer,
    /// Whether the gradient of an input is wanted.
    pub wanted: bool,
    /// Whether it has parameters with gradients.
    pub trains: bool,
    /// Used from the forward to the backward pass.
    pub kept: Vec<Buffer>,
    /// Used within the backward pass alone.
    pub scratch: Vec<Buffer>,
    /// Used forward with a single sample.
    pub single: Vec<Buffer>,
    /// Made of the parameters for single samples.
    pub packed: Vec<Buffer>,
}

pub(crate) struct Plan {
    pub layers: Vec<LayerInfo>,
    pub tensors: Vec<Tensor>,
    /// The floats of all parameters that are trained.
    pub parameters: usize,
    /// The floats of all tensors.
    pub values: usize,
    pub nodes: Vec<Node>,
    /// The shape of one sample.
    pub input: Vec<usize>,
    pub outputs: Vec<Output>,
    /// Whether an operator looks at a whole batch.
    pub across: bool,
    /// A layer that stops all gradients on their way to parameters.
    pub flat: Option<String>,
    pub(super) places: Vec<Place>,
}

/// Where a value is, for the layers that read it: one buffer for each, so that their gradients can be added.
struct Source {
    value: Value,
    readers: Vec<Buffer>,
    activation: Activation,
    /// The node of the activation behind it.
    node: Option<usize>,
    read: bool,
}

impl Plan {
    pub fn new(spec: &Spec) -> Result<Plan> {
        Self::make(spec, false)
    }

    /// As [`Plan::new`], but `apart`: nothing is computed in place, and every gradient is wanted.
    #[inline(never)]
    pub fn make(spec: &Spec, apart: bool) -> Result<Plan> {
        let graph = Graph::new(spec)?;
        let mut input = spec.input.sample();
        let size = input.iter().try_fold(1usize, |all, &one| all.checked_mul(one)).unwrap_or(0);
        let named = spec.input.named();
        let usable = |shape: &[usize]| matches!(shape.len(), 1 | 3) && !shape.contains(&0);
        if !named.iter().all(|(_, shape)| usable(shape)) {
            return Err(Error::shape(format!(
                "the network's input {input:?} must be [features] or [C, H, W], each at least 1"
            )));
        }
        if let [(_, shape)] = named.as_slice() {
            input.clone_from(shape);
        }
        if size == 0 || size > LIMIT / 64 {
            return Err(Error::memory(too_large("the network's input", &input)));
        }
        let mut builder = Builder::new(size, apart);
        let mut sources: HashMap<String, Source> = HashMap::new();
        let mut from = 0;
        for (name, shape) in &named {
            let features = shape.iter().product();
            let buffer = if named.len() == 1 { Buffer(0) } else { builder.part(Buffer(0), from, features) };
            from += features;
            let value = Value { buffer, shape: shape.clone(), wanted: apart };
            sources.insert(
                name.clone(),
                Source {
                    value,
                    readers: Vec::new(),
                    activation: Activation::Identity,
                    node: None,
                    read: false,
                },
            );
        }
        let mut layers: Vec<LayerInfo> = Vec::new();
        for (name, from, layer) in &graph.layers {
            let inputs: Vec<Value> = from.iter().map(|from| read(&mut sources, from)).collect();
            let info = plan_layer(&mut builder, &graph, &mut sources, name, from, &layer.layer, &inputs)?;
            layers.push(info);
        }
        let mut outputs = Vec::new();
        for name in &graph.outputs {
            let value = read(&mut sources, name);
            let source = &sources[name];
            let [targets, probabilities, notes] = [0; 3].map(|_| builder.buffer(value.features()));
            outputs.push(Output {
                name: name.clone(),
                shape: value.shape,
                activation: source.activation.clone(),
                buffer: value.buffer,
                node: source.node,
                loss: LossBuffers { targets, probabilities, notes },
            });
        }
        let Builder { nodes, places, mut tensors, parameters, states, flat, .. } = builder;
        tensors.iter_mut().filter(|tensor| !tensor.trained).for_each(|tensor| tensor.offset += parameters);
        let across = nodes.iter().any(|node| node.operator.across().is_some());
        Ok(Plan {
            layers,
            tensors,
            parameters,
            values: parameters + states,
            nodes,
            input,
            outputs,
            across,
            flat,
            places,
        })
    }

    /// Refuses a batch that is too small for an operator that looks at all of it.
    pub fn check_batch(&self, samples: usize) -> Result<()> {
        let small = |node: &&Node| node.operator.across().is_some_and(|across| samples < across.least());
        match self.nodes.iter().find(small) {
            Some(node) => Err(Error::option(format!(
                "batchNorm \"{}\": a minibatch of one sample has no variance: give batches of 2 samples or more",
                node.name
            ))),
            None => Ok(()),
        }
    }

    /// Whether a node computes an activation of the user's own.
    pub fn is_formula(&self, node: &Node) -> bool {
        self.layers.iter().any(|layer| {
            let own = matches!(layer.activation, Activation::Elementwise(_));
            own && layer.buffer == node.output && layer.net != node.output
        })
    }

    /// That a step would take this parameter out of the finite numbers; `formula` if the derivative of a formula did.
    pub fn step_not_finite(&self, at: usize, formula: bool) -> Error {
        let name = self.tensor_of(at);
        if formula {
            return Error::diverged(format!(
                "{name}: the gradient became NaN although the loss is finite: a formula of your own has no derivative there, and the branch of where that is not taken counts, too. Keep its argument in range, as in where(x, 0, log(maximum(x, 1e-6)), 0)"
            ));
        }
        Error::diverged(format!(
            "{name}: the step left the finite numbers; the weights are those before it. A smaller learning rate helps"
        ))
    }

    /// The name of the tensor to which a parameter belongs.
    pub fn tensor_of(&self, at: usize) -> &str {
        let mut tensors = self.tensors.iter();
        tensors
            .find(|tensor| (tensor.offset..tensor.offset + tensor.size).contains(&at))
            .map_or("", |t| &t.name)
    }

    /// The features of a buffer.
    pub fn features(&self, buffer: Buffer) -> usize {
        self.places[buffer.0].features
    }

    /// The values of all outputs of one sample.
    pub fn output_size(&self) -> usize {
        self.outputs.iter().map(Output::features).sum()
    }

    /// The shape of one output, or of all together.
    pub fn output(&self) -> Vec<usize> {
        match self.outputs.as_slice() {
            [one] => one.shape.clone(),
            _ => vec![self.output_size()],
        }
    }
}

/// A value for one more reader.
fn read(sources: &mut HashMap<String, Source>, name: &str) -> Value {
    let source = sources.get_mut(name).expect("the graph has checked all names");
    let buffer = if source.read { source.readers.pop() } else { None };
    source.read = true;
    Value { buffer: buffer.unwrap_or(source.value.buffer), ..source.value.clone() }
}

fn plan_layer(
    builder: &mut Builder,
    graph: &Graph,
    sources: &mut HashMap<String, Source>,
    name: &String,
    from: &[String],
    layer: &Layer,
    inputs: &[Value],
) -> Result<LayerInfo> {
    builder.name.clone_from(name);
    builder.last = graph.is_last(name);
    builder.shares = None;
    let kind = layer.kind();
    let layer = match layer {
        Layer::Shared(shared) => {
            let of = graph.earlier(&shared.of, name);
            let (of, _, layer) =
                of.filter(|(.., layer)| !matches!(layer.layer, Layer::Shared(_))).ok_or_else(|| {
                    builder.option(format!(
                        "of names \"{}\", which is no earlier layer with weights of its own",
                        shared.of
                    ))
                })?;
            builder.shares = Some(of.clone());
            &layer.layer
        }
        layer => layer,
    };
    let (before, nodes) = (builder.parameters, builder.nodes.len());
    let value = layer.plan(builder, inputs)?;
    // What only changes a shape has the activation of what it reads.
    let (activation, node) = match layer.activation() {
        _ if layer.is_view() => (sources[&from[0]].activation.clone(), sources[&from[0]].node),
        Activation::Identity => (Activation::Identity, None),
        activation => (activation, (builder.nodes.len() > nodes).then(|| builder.nodes.len() - 1)),
    };
    let wanting = if value.wanted { graph.readers(name).saturating_sub(1) } else { 0 };
    let features = value.features();
    let readers: Vec<Buffer> = (0..wanting).map(|_| builder.part(value.buffer, 0, features)).collect();
    let info = LayerInfo {
        name: name.clone(),
        kind,
        from: from.to_vec(),
        output: value.shape.clone(),
        parameters: builder.parameters - before,
        activation: activation.clone(),
        buffer: value.buffer,
        net: node.map_or(value.buffer, |node| builder.nodes[node].inputs[0]),
    };
    let mut source = Source { value: value.clone(), readers: readers.clone(), activation, node, read: false };
    if !readers.is_empty() {
        // The gradient of a value is the sum of its readers' gradients.
        let all = [value.buffer].into_iter().chain(readers.iter().copied());
        let all: Vec<Value> = all.map(|buffer| Value { buffer, ..value.clone() }).collect();
        let fork = Fork { features, output: value.buffer, readers };
        builder.node(fork, &all.iter().collect::<Vec<_>>(), value, Uses::default());
        source.node = None;
    }
    sources.insert(name.clone(), source);
    Ok(info)
}
