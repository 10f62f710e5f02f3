//! Compiles a spec: checks its shapes and turns its layers into operators over buffers.

use super::graph::Graph;
use super::spec::{Spec, lengths_of};
use crate::data::Named;
use crate::layers::Layer;
use crate::plan::{
    Buffer, Builder, Draft, Fork, LIMIT, LayerInfo, Lengths, LossBuffers, Output, Plan, Purpose, Uses, Value,
    too_large,
};
use hebb_kernels::error::{Error, Result};

/// A value, for the layers that read it: each has a buffer of its own, so that their gradients can be added.
struct Source {
    value: Value,
    readers: Vec<Buffer>,
    read: bool,
}

impl Plan {
    #[inline(never)]
    pub fn new(spec: &Spec, purpose: Purpose) -> Result<Plan> {
        let graph = Graph::new(spec)?;
        let mut input = spec.input.sample();
        let size = input.iter().try_fold(1usize, |all, &one| all.checked_mul(one)).unwrap_or(0);
        let named = spec.input.named();
        let usable = |shape: &[usize]| (1..=3).contains(&shape.len()) && !shape.contains(&0);
        if !named.iter().all(|(_, shape)| usable(shape)) {
            return Err(Error::shape(format!(
                "the network's input {input:?} must be [features], [T, features] or [C, H, W], each at least 1"
            )));
        }
        if let [(_, shape)] = named.as_slice() {
            input.clone_from(shape);
        }
        if size == 0 || size > LIMIT / 64 {
            return Err(Error::memory(too_large("the network's input", &input)));
        }
        let mut draft = Draft::new(size, purpose);
        // By the graph's numbers.
        let mut sources: Vec<Source> = Vec::new();
        let mut from = 0;
        for (name, shape) in &named {
            let features = shape.iter().product();
            let buffer = if named.len() == 1 { Buffer(0) } else { draft.part(Buffer(0), from, features) };
            from += features;
            let value = Value::new(buffer, shape.clone(), purpose == Purpose::Trace);
            debug_assert_eq!(sources.len(), graph.number(name));
            sources.push(Source { value, readers: Vec::new(), read: false });
        }
        let lengths = bind_lengths(&named, &mut sources)?;
        let mut layers: Vec<LayerInfo> = Vec::new();
        for (name, from, layer) in &graph.layers {
            let inputs: Vec<Value> = from.iter().map(|from| read(&mut sources[graph.number(from)])).collect();
            let info = plan_layer(&mut draft, &graph, &mut sources, name, from, &layer.layer, &inputs)?;
            layers.push(info);
        }
        let mut outputs = Vec::new();
        for name in &graph.outputs {
            let value = read(&mut sources[graph.number(name)]);
            let [targets, probabilities, saved] = [0; 3].map(|_| draft.buffer(value.features()));
            outputs.push(Output {
                name: name.clone(),
                shape: value.shape,
                activation: value.activation,
                buffer: value.buffer,
                lengths: value.lengths,
                node: value.activation_node,
                loss: LossBuffers { targets, probabilities, saved },
            });
        }
        let Draft { nodes, places, mut tensors, states, tokens, parameters, draws, flat, .. } = draft;
        let stored = parameters + draft.statistics;
        for tensor in tensors.iter_mut().filter(|tensor| !tensor.trained) {
            tensor.offset += if tensor.stored.is_some() { stored } else { parameters };
        }
        let has_batch_operators = nodes.iter().any(|node| node.operator.batch_operator().is_some());
        Ok(Plan {
            layers,
            tensors,
            parameters,
            stored,
            values: stored + draft.stored[1],
            count: stored + draft.stored[0],
            nodes,
            input,
            outputs,
            states,
            tokens,
            lengths,
            has_batch_operators,
            draws,
            flat,
            places,
        })
    }
}

/// Gives each sequence the input that says how many of its time steps a sample has.
fn bind_lengths(named: &[Named], sources: &mut [Source]) -> Result<Vec<Lengths>> {
    let (mut all, mut from) = (Vec::new(), 0);
    for (number, (name, shape)) in named.iter().enumerate() {
        if let Some(sequence) = lengths_of(name) {
            let fits = |(other, own): &Named| other == sequence && own.len() <= 2 && shape == &[1];
            let Some(of) = named.iter().position(fits) else {
                return Err(Error::shape(format!(
                    "the input \"{name}\" {shape:?} must be [1], beside an input \"{sequence}\" of shape [T, features] or [T]"
                )));
            };
            sources[of].value.lengths = Some(sources[number].value.buffer);
            all.push(Lengths { name: name.clone(), at: from, steps: named[of].1[0] });
        }
        from += shape.iter().product::<usize>();
    }
    Ok(all)
}

/// The lengths of a layer's output: those of its inputs, if it has as many time steps.
fn inherit_lengths(builder: &Builder, inputs: &[Value], value: &Value) -> Result<Option<Buffer>> {
    let of =
        |input: &&Value| value.is_sequence() && input.lengths.is_some() && input.shape[0] == value.shape[0];
    let mut all = inputs.iter().filter(of).map(|input| input.lengths);
    let Some(first) = all.next() else { return Ok(None) };
    if all.any(|other| other != first) {
        return Err(builder
            .option("reads sequences with lengths of their own; their time steps do not belong together"));
    }
    Ok(first)
}

/// A value for one more reader.
fn read(source: &mut Source) -> Value {
    let buffer = if source.read { source.readers.pop() } else { None };
    source.read = true;
    Value { buffer: buffer.unwrap_or(source.value.buffer), ..source.value.clone() }
}

fn plan_layer(
    draft: &mut Draft,
    graph: &Graph,
    sources: &mut Vec<Source>,
    name: &String,
    from: &[String],
    layer: &Layer,
    inputs: &[Value],
) -> Result<LayerInfo> {
    let weights = |draft: &Draft| draft.parameters + draft.stored[0];
    let (before, kind) = (weights(draft), layer.kind());
    let mut builder = Builder { draft, name, shares: None, is_output: graph.is_last(name) };
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
            builder.shares = Some(of);
            &layer.layer
        }
        layer => layer,
    };
    let nodes = builder.draft.nodes.len();
    let mut value = layer.plan(&mut builder, inputs)?;
    value.lengths = inherit_lengths(&builder, inputs, &value)?;
    let readers = if value.needs_gradient { graph.readers(name).saturating_sub(1) } else { 0 };
    let features = value.features();
    let readers: Vec<Buffer> = (0..readers).map(|_| builder.draft.part(value.buffer, 0, features)).collect();
    let net = value.activation_node.map(|node| builder.draft.nodes[node].inputs[0]);
    let info = LayerInfo {
        name: name.clone(),
        kind,
        from: from.to_vec(),
        output: value.shape.clone(),
        parameters: weights(builder.draft) - before,
        multiply_adds: builder.draft.nodes[nodes..].iter().map(|node| node.operator.multiply_adds()).sum(),
        activation: value.activation.clone(),
        buffer: value.buffer,
        net: net.unwrap_or(value.buffer),
    };
    if !readers.is_empty() {
        // The gradient of a value is the sum of its readers' gradients.
        let all = [value.buffer].into_iter().chain(readers.iter().copied());
        let all: Vec<Value> = all.map(|buffer| Value { buffer, ..value.clone() }).collect();
        let fork = Fork { features, output: value.buffer, readers: readers.clone() };
        builder.node(fork, &all.iter().collect::<Vec<_>>(), value.clone(), Uses::default());
        value.activation_node = None;
    }
    sources.push(Source { value, readers, read: false });
    Ok(info)
}
