//! The serialisable description of a network: what JavaScript sends and what a saved model contains.

use serde::{Deserialize, Serialize};

/// A network: the shape of one sample, the seed of its initial weights, and its layers in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Spec {
    /// The shape of one sample: `[features]` or `[C, H, W]`.
    pub input: Vec<usize>,
    /// The seed of the initial weights and of dropout.
    #[serde(default)]
    pub seed: u64,
    /// The layers, first to last.
    pub layers: Vec<LayerSpec>,
}

/// An activation by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Activation {
    /// x.
    #[default]
    Identity,
    /// 1 / (1 + e⁻ˣ).
    Sigmoid,
    /// tanh x.
    Tanh,
    /// max(0, x).
    Relu,
    /// e^x / Σ e^x over the features of a sample; only behind a layer with a flat output.
    Softmax,
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

fn yes() -> bool {
    true
}
fn ones() -> [usize; 2] {
    [1, 1]
}

/// A layer. `name` defaults to its kind and number: `conv1`, `pool1`, `dense1`, ….
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", deny_unknown_fields, rename_all = "camelCase", rename_all_fields = "camelCase")]
#[allow(missing_docs)]
pub enum LayerSpec {
    /// Convolution, `[C, H, W]` → `[filters, OH, OW]` with OH = ⌊(H + 2·padding − kernel) / stride⌋ + 1.
    Conv2d {
        name: Option<String>,
        filters: usize,
        kernel: [usize; 2],
        #[serde(default = "ones")]
        stride: [usize; 2],
        #[serde(default)]
        padding: [usize; 2],
        #[serde(default)]
        activation: Activation,
        #[serde(default = "yes")]
        bias: bool,
        initializer: Option<Initializer>,
    },
    /// The largest value of each window, `[C, H, W]` → `[C, OH, OW]`; `stride` is the kernel by default.
    MaxPool2d { name: Option<String>, kernel: [usize; 2], stride: Option<[usize; 2]> },
    /// The mean of each window.
    AveragePool2d { name: Option<String>, kernel: [usize; 2], stride: Option<[usize; 2]> },
    /// `[C, H, W]` → `[C·H·W]`.
    Flatten { name: Option<String> },
    /// Fully connected, `[inputs]` → `[units]`.
    Dense {
        name: Option<String>,
        units: usize,
        #[serde(default)]
        activation: Activation,
        #[serde(default = "yes")]
        bias: bool,
        initializer: Option<Initializer>,
    },
    /// In training, zeroes each value with probability `rate` and divides the others by 1 − rate.
    Dropout { name: Option<String>, rate: f32 },
    /// (x − mean) / deviation, so that the scaling of the inputs is saved with the model.
    Standardize { name: Option<String>, mean: f32, deviation: f32 },
    /// An activation as a layer of its own.
    Activation { name: Option<String>, activation: Activation },
}
