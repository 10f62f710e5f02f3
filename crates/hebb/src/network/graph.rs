//! The graph of layers by name: which layer reads which.

use super::spec::{LayerSpec, Spec};
use crate::error::{Error, Result};

/// The layers by name, and what each reads.
pub(super) struct Graph<'a> {
    pub layers: Vec<(String, Vec<String>, &'a LayerSpec)>,
    pub outputs: Vec<String>,
    /// First the inputs, then the layers. There are few, so that they are searched one after another.
    names: Vec<Name>,
    inputs: usize,
}

/// The entry of a layer or an input.
struct Name {
    name: String,
    /// Number of layers and outputs that read it.
    readers: usize,
    /// See [`Graph::is_last`].
    last: bool,
}

fn add(names: &mut Vec<Name>, name: &str) {
    names.push(Name { name: name.to_owned(), readers: 0, last: false });
}

fn find(names: &[Name], name: &str) -> Option<usize> {
    names.iter().position(|one| one.name == name)
}

impl<'a> Graph<'a> {
    pub fn new(spec: &'a Spec) -> Result<Self> {
        let inputs: Vec<String> = spec.input.named().into_iter().map(|(name, _)| name).collect();
        let mut names = Vec::new();
        for name in &inputs {
            if find(&names, name).is_some() {
                return Err(Error::option(format!("two inputs are called \"{name}\": names must differ")));
            }
            add(&mut names, name);
        }
        if inputs.is_empty() {
            return Err(Error::option("a network needs at least one input"));
        }
        let mut layers: Vec<(String, Vec<String>, &LayerSpec)> = Vec::new();
        // Layers per kind; there are few kinds.
        let mut numbers: Vec<(&str, usize)> = Vec::new();
        for layer in &spec.layers {
            let short = layer.layer.short();
            let kind = numbers.iter().position(|&(kind, _)| kind == short).unwrap_or_else(|| {
                numbers.push((short, 0));
                numbers.len() - 1
            });
            numbers[kind].1 += 1;
            let name = layer.name.clone().unwrap_or_else(|| format!("{short}{}", numbers[kind].1));
            if find(&names, &name).is_some() {
                return Err(Error::option(format!("two layers are called \"{name}\": names must differ")));
            }
            let from = match (&layer.from, layers.last()) {
                (Some(from), _) => from.names().to_vec(),
                (None, Some((before, ..))) => vec![before.clone()],
                (None, None) if inputs.len() > 1 => {
                    return Err(Error::option(format!(
                        "{name}: say with from which of the inputs {inputs:?} it reads"
                    )));
                }
                (None, None) => vec![inputs[0].clone()],
            };
            for from in &from {
                let Some(read) = find(&names, from) else {
                    let known: Vec<&String> =
                        inputs.iter().chain(layers.iter().map(|(name, ..)| name)).collect();
                    return Err(Error::option(format!(
                        "{name}: from names \"{from}\", which is no earlier layer or input; there are {known:?}"
                    )));
                };
                names[read].readers += 1;
            }
            add(&mut names, &name);
            layers.push((name, from, layer));
        }
        let Some((last, ..)) = layers.last() else {
            return Err(Error::option("a network needs at least one layer"));
        };
        let outputs = spec.outputs.clone().unwrap_or_else(|| vec![last.clone()]);
        for output in &outputs {
            match find(&names, output) {
                Some(at) if at >= inputs.len() && !names[at].last => {
                    names[at].readers += 1;
                    names[at].last = true;
                }
                _ => {
                    return Err(Error::option(format!(
                        "outputs names \"{output}\": each must be a layer, once"
                    )));
                }
            }
        }
        if outputs.is_empty() {
            return Err(Error::option("a network needs at least one output"));
        }
        if let Some(Name { name, .. }) = names.iter().find(|one| one.readers == 0) {
            return Err(Error::option(format!(
                "nothing reads \"{name}\": leave it out, or name it among the outputs"
            )));
        }
        // From the end, so that readers come before what they read.
        for (at, (_, from, layer)) in layers.iter().enumerate().rev() {
            if layer.layer.is_view() && names[inputs.len() + at].last {
                for from in from {
                    let at = find(&names, from).expect("it is known");
                    names[at].last = true;
                }
            }
        }
        Ok(Self { layers, outputs, names, inputs: inputs.len() })
    }

    /// The number of an input, or of a layer after all inputs.
    pub fn number(&self, name: &str) -> usize {
        find(&self.names, name).expect("the spec names it")
    }

    /// Number of layers and outputs that read this one.
    pub fn readers(&self, name: &str) -> usize {
        self.names[self.number(name)].readers
    }

    /// Whether a layer's value is an output, possibly after layers that only change its shape.
    pub fn is_last(&self, name: &str) -> bool {
        self.names[self.number(name)].last
    }

    /// The layer of a name, if it comes before `than`.
    pub fn earlier(&self, name: &str, than: &str) -> Option<&(String, Vec<String>, &'a LayerSpec)> {
        let at = find(&self.names, name).filter(|&at| at < self.number(than))?;
        self.layers.get(at.checked_sub(self.inputs)?)
    }
}
