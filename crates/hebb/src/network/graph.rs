//! The graph of layers by name: which layer reads which.

use super::spec::{LayerSpec, Spec, lengths_of};
use hebb_kernels::error::{Error, Result};
use std::collections::BTreeMap;

/// The layers by name, and what each reads.
pub(super) struct Graph<'a> {
    pub layers: Vec<(String, Vec<String>, &'a LayerSpec)>,
    pub outputs: Vec<String>,
    names: BTreeMap<String, Name>,
}

/// The entry of a layer or an input.
#[derive(Default)]
struct Name {
    /// Counts the inputs, then the layers.
    number: usize,
    /// The number of the layer; `None` for an input.
    layer: Option<usize>,
    /// Number of layers and outputs that read it.
    readers: usize,
    /// See [`Graph::is_last`].
    last: bool,
}

impl<'a> Graph<'a> {
    pub fn new(spec: &'a Spec) -> Result<Self> {
        let inputs: Vec<String> = spec.input.named().into_iter().map(|(name, _)| name).collect();
        let mut names = BTreeMap::new();
        for (number, name) in inputs.iter().enumerate() {
            if names.insert(name.clone(), Name { number, ..Name::default() }).is_some() {
                return Err(Error::option(format!("two inputs are called \"{name}\": names must differ")));
            }
        }
        let readable: Vec<&String> = inputs.iter().filter(|name| lengths_of(name).is_none()).collect();
        if readable.is_empty() {
            return Err(Error::option("a network needs at least one input"));
        }
        let mut layers: Vec<(String, Vec<String>, &LayerSpec)> = Vec::new();
        // Layers per kind; there are few kinds.
        let mut numbers: Vec<(&str, usize)> = Vec::new();
        for (at, layer) in spec.layers.iter().enumerate() {
            let short = layer.layer.short();
            let kind = numbers.iter().position(|&(kind, _)| kind == short).unwrap_or_else(|| {
                numbers.push((short, 0));
                numbers.len() - 1
            });
            numbers[kind].1 += 1;
            let name = layer.name.clone().unwrap_or_else(|| format!("{short}{}", numbers[kind].1));
            if names.contains_key(&name) {
                return Err(Error::option(format!("two layers are called \"{name}\": names must differ")));
            }
            let from = match (&layer.from, layers.last()) {
                (Some(from), _) => from.names().to_vec(),
                (None, Some((before, ..))) => vec![before.clone()],
                (None, None) if readable.len() > 1 => {
                    return Err(Error::option(format!(
                        "{name}: name the input that it reads by from, one of {readable:?}"
                    )));
                }
                (None, None) => vec![readable[0].clone()],
            };
            for from in &from {
                let Some(read) = names.get_mut(from) else {
                    let known: Vec<&String> =
                        inputs.iter().chain(layers.iter().map(|(name, ..)| name)).collect();
                    return Err(Error::option(format!(
                        "{name}: from names \"{from}\", which is no earlier layer or input; there are {known:?}"
                    )));
                };
                read.readers += 1;
            }
            names
                .insert(name.clone(), Name { number: inputs.len() + at, layer: Some(at), ..Name::default() });
            layers.push((name, from, layer));
        }
        let Some((last, ..)) = layers.last() else {
            return Err(Error::option("a network needs at least one layer"));
        };
        let outputs = spec.outputs.clone().unwrap_or_else(|| vec![last.clone()]);
        for output in &outputs {
            match names.get_mut(output).filter(|one| one.layer.is_some() && !one.last) {
                Some(one) => (one.readers, one.last) = (one.readers + 1, true),
                None => {
                    return Err(Error::option(format!(
                        "outputs names \"{output}\": each must be a layer, once"
                    )));
                }
            }
        }
        if outputs.is_empty() {
            return Err(Error::option("a network needs at least one output"));
        }
        let mut all = readable.into_iter().chain(layers.iter().map(|(name, ..)| name));
        if let Some(unread) = all.find(|&name| names[name].readers == 0) {
            return Err(Error::option(format!(
                "nothing reads \"{unread}\": leave it out, or name it among the outputs"
            )));
        }
        // From the end, so that readers come before what they read.
        for (name, from, _) in layers.iter().rev().filter(|(.., layer)| layer.layer.is_view()) {
            if names[name].last {
                from.iter().for_each(|from| names.get_mut(from).expect("it is known").last = true);
            }
        }
        Ok(Self { layers, outputs, names })
    }

    /// The number of an input, or of a layer after all inputs.
    pub fn number(&self, name: &str) -> usize {
        self.names[name].number
    }

    /// Number of layers and outputs that read this one.
    pub fn readers(&self, name: &String) -> usize {
        self.names[name].readers
    }

    /// Whether a layer's value is an output, possibly after layers that only change its shape.
    pub fn is_last(&self, name: &String) -> bool {
        self.names[name].last
    }

    /// The layer of a name, if it comes before `than`.
    pub fn earlier(&self, name: &String, than: &String) -> Option<&(String, Vec<String>, &'a LayerSpec)> {
        let at = self.names.get(name)?.layer?;
        (Some(at) < self.names[than].layer).then(|| &self.layers[at])
    }
}
