//! The serialisable description of a network: what JavaScript sends and what a saved model contains.

use crate::expression::Expression;
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

/// What a network reads.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Inputs {
    /// One input: the shape of one sample, `[features]` or `[C, H, W]`.
    One(Vec<usize>),
    /// Several inputs with their names. A sample holds one after another, in this order.
    Named(Vec<(String, Vec<usize>)>),
}

impl Inputs {
    /// All inputs with their names; a single one is called `input`.
    pub fn named(&self) -> Vec<(String, Vec<usize>)> {
        match self {
            Inputs::One(shape) => vec![("input".to_owned(), shape.clone())],
            Inputs::Named(all) => all.clone(),
        }
    }

    /// The shape of a whole sample: of the one input, or flat.
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
    /// Default: its kind and number: `conv1`, `pool1`, `dense1`, ….
    pub name: Option<String>,
    /// The layers or inputs that it reads. Default: the layer before, for the first the network's input.
    pub from: Option<From>,
    /// What it does.
    pub layer: Layer,
}

/// One name or several.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
#[allow(missing_docs)]
pub enum From {
    One(String),
    Many(Vec<String>),
}

impl From {
    /// The names.
    pub fn names(&self) -> &[String] {
        match self {
            From::One(name) => std::slice::from_ref(name),
            From::Many(names) => names,
        }
    }
}

// By hand, for serde cannot both flatten the layer's own options and refuse unknown ones.
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

/// The default of options that are on unless turned off.
pub(crate) fn yes() -> bool {
    true
}

/// An activation: by name, with options, or `{ elementwise: … }`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Activation {
    /// x.
    #[default]
    Identity,
    /// 1 from 0 on, 0 below: the threshold unit. It has no gradient to learn by.
    Step,
    /// 1 from 0 on, −1 below. It has no gradient to learn by.
    Sign,
    /// 1 / (1 + e⁻ˣ).
    Sigmoid,
    /// x/6 + ½, held between 0 and 1.
    HardSigmoid,
    /// tanh x.
    Tanh,
    /// 1.7159·tanh(2x/3) (LeCun et al. 1998).
    LecunTanh,
    /// max(0, x).
    Relu,
    /// x above 0, else slope·x (Maas et al. 2013).
    LeakyRelu {
        /// Finite.
        slope: f32,
    },
    /// x above 0, else a·x with a slope for each channel or feature that is trained, from 0.25 on (He et al. 2015).
    Prelu,
    /// x above 0, else α·(eˣ − 1) (Clevert et al. 2016).
    Elu {
        /// α, finite.
        alpha: f32,
    },
    /// ELU scaled so that mean 0 and variance 1 are kept (Klambauer et al. 2017).
    Selu,
    /// x·Φ(x), exactly (Hendrycks and Gimpel 2016).
    Gelu,
    /// x / (1 + e⁻ˣ) (Elfwing et al. 2018), also called swish.
    Silu,
    /// x·tanh(ln(1 + eˣ)) (Misra 2019).
    Mish,
    /// ln(1 + eˣ).
    Softplus,
    /// x / (1 + |x|).
    Softsign,
    /// e^−x².
    Gaussian,
    /// A function of the user's own.
    Elementwise(Expression),
    /// e^x / Σ e^x over the features of a sample; only behind a layer with a flat output.
    Softmax,
    /// x − ln Σ e^x, likewise.
    LogSoftmax,
}

impl Activation {
    /// Its name, for people.
    pub(crate) fn name(&self) -> String {
        let debug = format!("{self:?}");
        let name = debug.split([' ', '(']).next().unwrap_or_default();
        name[..1].to_ascii_lowercase() + &name[1..]
    }

    /// Whether its derivative is 0 wherever it exists.
    pub(crate) fn is_flat(&self) -> bool {
        matches!(self, Activation::Step | Activation::Sign)
    }
}

/// How the weights of a layer start. Biases start at zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Initializer {
    /// Uniform within ±√(6 / (fan in + fan out)) (Glorot and Bengio 2010). The default.
    GlorotUniform,
    /// Normal with variance 2 / (fan in + fan out).
    GlorotNormal,
    /// Uniform within ±√(6 / fan in).
    HeUniform,
    /// Normal with variance 2 / fan in (He et al. 2015). The default before ReLU.
    HeNormal,
    /// Uniform within ±√(3 / fan in).
    LecunUniform,
    /// Normal with variance 1 / fan in (LeCun et al. 1998).
    LecunNormal,
    /// All zero.
    Zeros,
}
