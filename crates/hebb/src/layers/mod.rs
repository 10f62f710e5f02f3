//! The layers: each file has a layer's options, its output shape, and its operator, forward and backward on one block of
//! samples.

pub mod activation;
pub mod batch_norm;
pub mod connections;
pub mod conv2d;
pub mod dense;
pub mod dropout;
pub mod embedding;
pub mod euclidean_rbf;
pub mod local_response_norm;
pub mod merge;
pub mod permute;
pub mod pool2d;
pub mod rbf;
pub mod recurrent;
pub mod repeat_vector;
pub mod shape;
pub mod standardize;
mod stored;
pub mod subsample2d;
pub mod window;
mod winograd;
pub mod zero_padding2d;

use crate::options::json::Fields;
use crate::plan::{Builder, Value};
use hebb_kernels::error::Result;

macro_rules! layers {
    ($($(#[$doc:meta])* $kind:ident($spec:ty), $name:literal, $short:literal;)*) => {
        /// A layer with its options.
        #[derive(Clone, Debug)]
        pub enum Layer {
            $($(#[$doc])* $kind($spec),)*
        }

        impl Layer {
            /// Reads the options of a layer of this kind.
            pub(crate) fn read(kind: &str, f: &mut Fields) -> std::result::Result<Self, String> {
                Ok(match kind {
                    $($name => Layer::$kind(<$spec>::read(f)?),)*
                    _ => return Err("there is no such layer".to_owned()),
                })
            }

            /// Its kind, as in the spec.
            pub fn kind(&self) -> &'static str {
                match self { $(Layer::$kind(_) => $name,)* }
            }

            /// The stem of its default names.
            pub(crate) fn short(&self) -> &'static str {
                match self { $(Layer::$kind(_) => $short,)* }
            }

            /// Adds its operators to the plan; its value says which activation gave it.
            pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
                match self { $(Layer::$kind(spec) => spec.plan(builder, inputs),)* }
            }
        }
    };
}

layers! {
    /// Convolution.
    Conv2d(conv2d::Conv2d), "conv2d", "conv";
    /// The largest value of each window.
    MaxPool2d(pool2d::MaxPool2d), "maxPool2d", "pool";
    /// The mean of each window.
    AveragePool2d(pool2d::AveragePool2d), "averagePool2d", "pool";
    /// The mean of each channel.
    GlobalAveragePool2d(pool2d::GlobalAveragePool2d), "globalAveragePool2d", "pool";
    /// The sum of each window, with a coefficient and a bias per channel.
    Subsample2d(subsample2d::Subsample2d), "subsample2d", "subsample";
    /// `[C, H, W]` → `[C·H·W]`, `[T, features]` → `[T·features]`.
    Flatten(shape::Flatten), "flatten", "flatten";
    /// The same values in another shape.
    Reshape(shape::Reshape), "reshape", "reshape";
    /// The axes in another order.
    Permute(permute::Permute), "permute", "permute";
    /// Zeros around an image.
    ZeroPadding2d(zero_padding2d::ZeroPadding2d), "zeroPadding2d", "padding";
    /// Fully connected.
    Dense(dense::Dense), "dense", "dense";
    /// Rows of a table by token numbers.
    Embedding(embedding::Embedding), "embedding", "embedding";
    /// Radial basis functions.
    Rbf(rbf::Rbf), "rbf", "rbf";
    /// Distances to fixed centers.
    EuclideanRbf(euclidean_rbf::EuclideanRbf), "euclideanRbf", "rbf";
    /// Recurrent.
    Rnn(recurrent::rnn::Rnn), "rnn", "rnn";
    /// A gated recurrent unit.
    Gru(recurrent::gru::Gru), "gru", "gru";
    /// Long short-term memory.
    Lstm(recurrent::lstm::Lstm), "lstm", "lstm";
    /// The same features at every time step.
    RepeatVector(repeat_vector::RepeatVector), "repeatVector", "repeat";
    /// Dropout.
    Dropout(dropout::Dropout), "dropout", "dropout";
    /// Batch normalisation.
    BatchNorm(batch_norm::BatchNorm), "batchNorm", "norm";
    /// Local response normalisation.
    LocalResponseNorm(local_response_norm::LocalResponseNorm), "localResponseNorm", "norm";
    /// (x − mean) / deviation.
    Standardize(standardize::Standardize), "standardize", "standardize";
    /// An activation as a layer of its own.
    Activation(activation::ActivationLayer), "activation", "activation";
    /// The sum of several values.
    Add(merge::Add), "add", "add";
    /// The product of several values.
    Multiply(merge::Multiply), "multiply", "multiply";
    /// Several values concatenated.
    Concat(merge::Concat), "concat", "concat";
    /// An earlier layer again, with the same weights.
    Shared(shape::Shared), "shared", "shared";
}

impl Layer {
    /// Whether it only changes a shape.
    pub(crate) fn is_view(&self) -> bool {
        matches!(self, Layer::Flatten(_) | Layer::Reshape(_))
    }
}

/// The input of a layer that takes exactly one.
#[inline(never)]
pub(crate) fn only_input<'a>(builder: &Builder, inputs: &'a [Value]) -> Result<&'a Value> {
    match inputs {
        [one] => Ok(one),
        _ => Err(builder.option(format!("reads one layer, from names {}", inputs.len()))),
    }
}

/// `[C, H, W]` of an image.
#[inline(never)]
pub(crate) fn image(builder: &Builder, x: &Value) -> Result<[usize; 3]> {
    <[usize; 3]>::try_from(x.shape.as_slice()).map_err(|_| {
        builder.shape(format!(
            "needs an input of shape [C, H, W], got {:?}; put it before flatten, or give the network a three-dimensional input, [1, H, W] for one channel",
            x.shape
        ))
    })
}
