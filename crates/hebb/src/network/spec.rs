//! The serialisable description of a network: what JavaScript sends and a saved model contains.

use crate::layers::Layer;
use crate::options::json::{Fields, Read, deserialize};
use serde_json::Value;

/// A network: the shapes of its inputs, the seed of its initial weights, and its layers in order.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The shape of one sample, or several named inputs.
    pub input: Inputs,
    /// The seed of the initial weights and of dropout.
    pub seed: u64,
    /// The layers; each reads earlier ones.
    pub layers: Vec<LayerSpec>,
    /// The layers whose outputs are the network's, in this order. Default: the last layer.
    pub outputs: Option<Vec<String>>,
}

/// The inputs of a network.
#[derive(Clone, Debug)]
pub enum Inputs {
    /// One input: the shape of one sample, `[features]`, `[T, features]` or `[C, H, W]`.
    One(Vec<usize>),
    /// Several named inputs. A sample holds one after another, in this order. `<name>.lengths`, of shape `[1]`, is the number of
    /// time steps of the sequence `<name>`, `[T, features]` or `[T]`; those after them do not count.
    Named(Vec<(String, Vec<usize>)>),
}

/// The name of the sequence whose lengths an input of this name is.
pub(crate) fn lengths_of(name: &str) -> Option<&str> {
    name.strip_suffix(".lengths")
}

impl Inputs {
    /// All inputs by name; a single one is called `input`.
    pub fn named(&self) -> Vec<(String, Vec<usize>)> {
        match self {
            Inputs::One(shape) => vec![("input".to_owned(), shape.clone())],
            Inputs::Named(all) => all.clone(),
        }
    }

    /// The shape of a whole sample: of the only input, or flat.
    pub fn sample(&self) -> Vec<usize> {
        match self {
            Inputs::One(shape) => shape.clone(),
            Inputs::Named(all) => {
                let size = |shape: &[usize]| shape.iter().fold(1usize, |all, &one| all.saturating_mul(one));
                vec![all.iter().fold(0, |sum, (_, shape)| size(shape).saturating_add(sum))]
            }
        }
    }
}

/// A layer of a network.
#[derive(Clone, Debug)]
pub struct LayerSpec {
    /// Default: kind and number: `conv1`, `pool1`, `dense1`, ….
    pub name: Option<String>,
    /// The layers or inputs that it reads. Default: the layer before; for the first layer the network's input.
    pub from: Option<Origin>,
    /// The layer and its options.
    pub layer: Layer,
}

/// One name or several.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Origin {
    One(String),
    Many(Vec<String>),
}

impl Origin {
    /// The names.
    pub fn names(&self) -> &[String] {
        match self {
            Origin::One(name) => std::slice::from_ref(name),
            Origin::Many(names) => names,
        }
    }
}

deserialize! { Spec, "a network"; }

impl Read for Spec {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            input: f.required("input")?,
            seed: f.get("seed", 0),
            layers: f.required("layers")?,
            outputs: f.optional("outputs"),
        };
        // How images are prepared for it: what the package keeps there is of no concern to the core.
        f.take("preprocessing");
        f.end(read)
    }
}

impl Read for Inputs {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        match json {
            Value::Array(all) if all.first().is_some_and(Value::is_array) => {
                all.into_iter().map(named).collect::<Result<_, _>>().map(Inputs::Named)
            }
            one => Vec::read(name, one).map(Inputs::One),
        }
    }
}

/// An input, `["image", [1, 28, 28]]`.
fn named(json: Value) -> Result<(String, Vec<usize>), String> {
    let [name, shape] = <[Value; 2]>::read("an input", json)?;
    Ok((String::read("the name of an input", name)?, Vec::read("the shape of an input", shape)?))
}

impl Read for Origin {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        if json.is_array() {
            Vec::read(name, json).map(Origin::Many)
        } else {
            String::read(name, json).map(Origin::One)
        }
    }
}

impl Read for LayerSpec {
    fn read(_: &str, json: Value) -> Result<Self, String> {
        let mut f = Fields::of("a layer", json)?;
        let (name, from, kind) = (f.given("name")?, f.given("from")?, f.required::<String>("type")?);
        let layer = Layer::read(&kind, &mut f).and_then(|layer| f.end(Self { name, from, layer }));
        layer.map_err(|why| format!("layer \"{kind}\": {why}"))
    }
}
