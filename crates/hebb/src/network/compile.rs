//! Compiles a spec: checks its shapes and turns its layers into operators over buffers.

use super::graph::Graph;
use super::spec::Spec;
use crate::error::{Error, Result};
use crate::layers::Layer;
use crate::options::Activation;
use crate::plan::{
    Buffer, Builder, Fork, LIMIT, LayerInfo, LossBuffers, Output, Plan, Uses, Value, too_large,
};
use std::collections::HashMap;

/// A value, for the layers that read it: each has a buffer of its own, so that their gradients can be added.
struct Source {
    value: Value,
    readers: Vec<Buffer>,
    activation: Activation,
    /// The node of its activation.
    node: Option<usize>,
    read: bool,
}

impl Plan {
    pub fn new(spec: &Spec) -> Result<Plan> {
        Self::make(spec, false)
    }

    /// As [`Plan::new`]; with `keep_intermediates` nothing is computed in place, and every gradient is needed.
    #[inline(never)]
    pub fn make(spec: &Spec, keep_intermediates: bool) -> Result<Plan> {
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
        let mut builder = Builder::new(size, keep_intermediates);
        let mut sources: HashMap<String, Source> = HashMap::new();
        let mut from = 0;
        for (name, shape) in &named {
            let features = shape.iter().product();
            let buffer = if named.len() == 1 { Buffer(0) } else { builder.part(Buffer(0), from, features) };
            from += features;
            let value = Value { buffer, shape: shape.clone(), needs_gradient: keep_intermediates };
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
            let [targets, probabilities, saved] = [0; 3].map(|_| builder.buffer(value.features()));
            outputs.push(Output {
                name: name.clone(),
                shape: value.shape,
                activation: source.activation.clone(),
                buffer: value.buffer,
                node: source.node,
                loss: LossBuffers { targets, probabilities, saved },
            });
        }
        let Builder { nodes, places, mut tensors, parameters, statistics, flat, .. } = builder;
        tensors.iter_mut().filter(|tensor| !tensor.trained).for_each(|tensor| tensor.offset += parameters);
        let has_batch_operators = nodes.iter().any(|node| node.operator.batch_operator().is_some());
        Ok(Plan {
            layers,
            tensors,
            parameters,
            values: parameters + statistics,
            nodes,
            input,
            outputs,
            has_batch_operators,
            flat,
            places,
        })
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
    // A layer that only changes a shape has the activation of its input.
    let (activation, node) = match layer.activation() {
        _ if layer.is_view() => (sources[&from[0]].activation.clone(), sources[&from[0]].node),
        Activation::Identity => (Activation::Identity, None),
        activation => (activation, (builder.nodes.len() > nodes).then(|| builder.nodes.len() - 1)),
    };
    let wanting = if value.needs_gradient { graph.readers(name).saturating_sub(1) } else { 0 };
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
