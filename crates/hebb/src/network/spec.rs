//! The serialisable description of a network: what JavaScript sends and a saved model contains.

use crate::layers::Layer;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// A network: the shapes of its inputs, the seed of its initial weights, and its layers in order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Spec {
    /// The shape of one sample, or several named inputs.
    pub input: Inputs,
    /// The seed of the initial weights and of dropout.
    #[serde(default)]
    pub seed: u64,
    /// The layers; each reads earlier ones.
    pub layers: Vec<LayerSpec>,
    /// The layers whose outputs are the network's, in this order. Default: the last layer.
    #[serde(default)]
    pub outputs: Option<Vec<String>>,
}

/// The inputs of a network.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Inputs {
    /// One input: the shape of one sample, `[features]`, `[T, features]` or `[C, H, W]`.
    One(Vec<usize>),
    /// Several named inputs. A sample holds one after another, in this order.
    Named(Vec<(String, Vec<usize>)>),
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
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
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

// By hand, because serde cannot both flatten the layer's own options and refuse unknown ones.
impl<'de> Deserialize<'de> for LayerSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = serde_json::Map::deserialize(deserializer)?;
        let name = fields.remove("name").map(serde_json::from_value).transpose().map_err(D::Error::custom)?;
        let from = fields.remove("from").map(serde_json::from_value).transpose().map_err(D::Error::custom)?;
        let kind = fields.get("type").map(ToString::to_string).unwrap_or_default();
        let layer = serde_json::from_value(fields.into())
            .map_err(|error| D::Error::custom(format!("layer {kind}: {error}")))?;
        Ok(Self { name, from, layer })
    }
}
