//! The layers by their names: which reads which.

use super::spec::{LayerSpec, Spec};
use crate::error::{Error, Result};
use std::collections::HashMap;

/// The layers by their names, and what each reads.
pub(super) struct Graph<'a> {
    pub layers: Vec<(String, Vec<String>, &'a LayerSpec)>,
    pub outputs: Vec<String>,
}

impl<'a> Graph<'a> {
    pub fn new(spec: &'a Spec) -> Result<Self> {
        let inputs: Vec<String> = spec.input.named().into_iter().map(|(name, _)| name).collect();
        if let Some(twice) = inputs.iter().enumerate().find(|(i, name)| inputs[..*i].contains(name)) {
            return Err(Error::option(format!("two inputs are called \"{}\": names must differ", twice.1)));
        }
        if inputs.is_empty() {
            return Err(Error::option("a network needs at least one input"));
        }
        let mut known = inputs.clone();
        let mut layers: Vec<(String, Vec<String>, &LayerSpec)> = Vec::new();
        let mut numbers = HashMap::new();
        for layer in &spec.layers {
            let short = layer.layer.short();
            let number = numbers.entry(short).and_modify(|n| *n += 1).or_insert(1);
            let name = layer.name.clone().unwrap_or_else(|| format!("{short}{number}"));
            if known.contains(&name) {
                return Err(Error::option(format!("two layers are called \"{name}\": names must differ")));
            }
            let from = match &layer.from {
                Some(from) => from.names().to_vec(),
                None if layers.is_empty() && inputs.len() > 1 => {
                    return Err(Error::option(format!(
                        "{name}: say with from which of the inputs {inputs:?} it reads"
                    )));
                }
                None => vec![known[if layers.is_empty() { 0 } else { known.len() - 1 }].clone()],
            };
            if let Some(missing) = from.iter().find(|from| !known.contains(from)) {
                return Err(Error::option(format!(
                    "{name}: from names \"{missing}\", which is no earlier layer or input; there are {known:?}"
                )));
            }
            known.push(name.clone());
            layers.push((name, from, layer));
        }
        let Some((last, ..)) = layers.last() else {
            return Err(Error::option("a network needs at least one layer"));
        };
        let outputs = spec.outputs.clone().unwrap_or_else(|| vec![last.clone()]);
        for (i, output) in outputs.iter().enumerate() {
            if !layers.iter().any(|(name, ..)| name == output) || outputs[..i].contains(output) {
                return Err(Error::option(format!("outputs names \"{output}\": each must be a layer, once")));
            }
        }
        let graph = Self { layers, outputs };
        if graph.outputs.is_empty() {
            return Err(Error::option("a network needs at least one output"));
        }
        match known.iter().find(|name| graph.readers(name) == 0) {
            Some(unread) => Err(Error::option(format!(
                "nothing reads \"{unread}\": leave it out, or name it among the outputs"
            ))),
            None => Ok(graph),
        }
    }

    /// How many layers and outputs read this one.
    pub fn readers(&self, name: &String) -> usize {
        let layers = self.layers.iter().flat_map(|(_, from, _)| from).filter(|&from| from == name).count();
        layers + usize::from(self.outputs.contains(name))
    }

    /// Whether a layer's value is an output, perhaps behind layers that only change its shape.
    pub fn is_last(&self, name: &String) -> bool {
        self.outputs.contains(name)
            || self
                .layers
                .iter()
                .any(|(own, from, layer)| layer.layer.is_view() && from.contains(name) && self.is_last(own))
    }
}
