//! The layers: each file holds a layer's options, what it makes of a shape, and how it computes forward and
//! backward, one block of samples at a time.

pub mod activation;
pub mod batch_norm;
pub mod conv2d;
pub mod dense;
pub mod dropout;
pub(crate) mod fork;
pub mod local_response_norm;
pub mod merge;
pub mod pool2d;
mod prelu;
pub mod shape;
pub mod standardize;
pub mod zero_padding2d;

use crate::error::Result;
use crate::network::builder::{Builder, Value};
use crate::options::Activation;
use crate::simd::Level;
use serde::Deserialize;

macro_rules! layers {
    ($($(#[$doc:meta])* $kind:ident($spec:ty), $name:literal, $short:literal;)*) => {
        /// What a layer does, with its options.
        #[derive(Clone, Debug, Deserialize)]
        #[serde(remote = "Self", rename_all = "camelCase")]
        pub enum Layer {
            $($(#[$doc])* $kind($spec),)*
        }

        impl Layer {
            /// Its kind, as in the spec.
            pub fn kind(&self) -> &'static str {
                match self { $(Layer::$kind(_) => $name,)* }
            }

            /// What layers of its kind are called by default.
            pub(crate) fn short(&self) -> &'static str {
                match self { $(Layer::$kind(_) => $short,)* }
            }

            /// Turns it into operators behind its inputs.
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
    /// `[C, H, W]` → `[C·H·W]`.
    Flatten(shape::Flatten), "flatten", "flatten";
    /// The same values in another shape.
    Reshape(shape::Reshape), "reshape", "reshape";
    /// Zeros around an image.
    ZeroPadding2d(zero_padding2d::ZeroPadding2d), "zeroPadding2d", "padding";
    /// Fully connected.
    Dense(dense::Dense), "dense", "dense";
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
    /// Several values one after another.
    Concat(merge::Concat), "concat", "concat";
    /// An earlier layer once more, with the same weights.
    Shared(shape::Shared), "shared", "shared";
}

crate::options::json::tagged!(Layer);

impl Layer {
    /// Whether it only changes a shape.
    pub(crate) fn is_view(&self) -> bool {
        matches!(self, Layer::Flatten(_) | Layer::Reshape(_))
    }

    /// The activation behind it.
    pub(crate) fn activation(&self) -> Activation {
        match self {
            Layer::Conv2d(spec) => spec.activation.clone(),
            Layer::Dense(spec) => spec.activation.clone(),
            Layer::Activation(spec) => spec.activation.clone(),
            _ => Activation::Identity,
        }
    }
}

/// The one input of a layer that has one.
pub(crate) fn single<'a>(builder: &Builder, inputs: &'a [Value]) -> Result<&'a Value> {
    match inputs {
        [one] => Ok(one),
        _ => Err(builder.option(format!("reads one layer, from names {}", inputs.len()))),
    }
}

/// `[C, H, W]` of an image.
pub(crate) fn image(builder: &Builder, x: &Value) -> Result<[usize; 3]> {
    <[usize; 3]>::try_from(x.shape.as_slice()).map_err(|_| {
        builder.shape(format!(
            "needs an input of shape [C, H, W], got {:?}; put it before flatten, or give the network a three-dimensional input",
            x.shape
        ))
    })
}

/// A buffer of the plan; where it lies is a matter of the [`Layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Buffer(pub usize);

/// Where every buffer's values and gradients lie in an arena, in floats.
#[derive(Debug)]
pub(crate) struct Layout {
    pub values: Vec<usize>,
    pub gradients: Vec<usize>,
    pub size: usize,
    /// How many samples lie side by side.
    pub lanes: usize,
    /// How many features each buffer has.
    #[cfg(any(debug_assertions, feature = "checked"))]
    pub features: Vec<usize>,
    /// Where in an arena nothing lies, [`GUARD`] floats each.
    #[cfg(feature = "checked")]
    pub guards: Vec<usize>,
}

/// Floats between two buffers, where these are guarded (the feature `checked`).
pub(crate) const GUARD: usize = 32;

/// What dropout needs to draw its masks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw {
    pub seed: u64,
    pub step: u64,
    /// The number, within the batch, of the block's first sample.
    pub sample: usize,
}

/// One block of samples at work: an arena, and where things lie in it.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    pub level: Level,
    pub arena: *mut f32,
    pub layout: &'a Layout,
    pub parameters: &'a [f32],
    /// The tensors without gradients.
    pub states: &'a [f32],
    /// How many of its lanes hold samples.
    pub count: usize,
    /// Set in training.
    pub draw: Option<Draw>,
}

// SAFETY: a block is handed to one task at a time, or to tasks that write apart (see `Operator`).
unsafe impl Send for Block<'_> {}
// SAFETY: as above.
unsafe impl Sync for Block<'_> {}

impl Block<'_> {
    /// How many floats behind its own the arena of another block of the same batch begins.
    pub fn distance(&self, other: &Block) -> usize {
        (other.arena as usize - self.arena as usize) / size_of::<f32>()
    }

    /// Where a buffer begins in the arena.
    fn at(&self, offset: usize, _buffer: Buffer) -> *mut f32 {
        #[cfg(any(debug_assertions, feature = "checked"))]
        {
            let end = offset + self.layout.features[_buffer.0] * self.layout.lanes;
            assert!(end <= self.layout.size, "{_buffer:?} ends at {end} of {}", self.layout.size);
        }
        self.arena.wrapping_add(offset)
    }
    /// How many values a buffer of so many features has.
    fn length(&self, _buffer: Buffer, features: usize) -> usize {
        #[cfg(any(debug_assertions, feature = "checked"))]
        assert!(features <= self.layout.features[_buffer.0], "{_buffer:?} has no {features} features");
        features * self.layout.lanes
    }
    /// The values of a buffer, `[features][block]`.
    pub fn value(&self, buffer: Buffer) -> *mut f32 {
        self.at(self.layout.values[buffer.0], buffer)
    }
    /// The gradient of a buffer.
    pub fn gradient(&self, buffer: Buffer) -> *mut f32 {
        self.at(self.layout.gradients[buffer.0], buffer)
    }
    /// A parameter tensor.
    pub fn parameter(&self, offset: usize) -> *const f32 {
        self.parameters[offset..].as_ptr()
    }
    /// A parameter tensor that may be missing: then null.
    pub fn optional(&self, offset: Option<usize>) -> *const f32 {
        offset.map_or(std::ptr::null(), |offset| self.parameter(offset))
    }
    /// A tensor without gradient.
    pub fn state(&self, offset: usize) -> *const f32 {
        self.states[offset..].as_ptr()
    }
    /// The values of a buffer of so many features.
    ///
    /// # Safety
    /// The plan must have given the buffer that many; nobody writes it meanwhile.
    pub unsafe fn values(&self, buffer: Buffer, features: usize) -> &[f32] {
        // SAFETY: the caller's.
        unsafe { std::slice::from_raw_parts(self.value(buffer), self.length(buffer, features)) }
    }
    /// As [`Block::values`], to write.
    ///
    /// # Safety
    /// As there, and nobody reads it meanwhile.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn values_mut(&self, buffer: Buffer, features: usize) -> &mut [f32] {
        // SAFETY: the caller's.
        unsafe { std::slice::from_raw_parts_mut(self.value(buffer), self.length(buffer, features)) }
    }
    /// The gradient of a buffer of so many features.
    ///
    /// # Safety
    /// As for [`Block::values`].
    pub unsafe fn gradients(&self, buffer: Buffer, features: usize) -> &[f32] {
        // SAFETY: the caller's.
        unsafe { std::slice::from_raw_parts(self.gradient(buffer), self.length(buffer, features)) }
    }
    /// As [`Block::gradients`], to write.
    ///
    /// # Safety
    /// As for [`Block::values_mut`].
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn gradients_mut(&self, buffer: Buffer, features: usize) -> &mut [f32] {
        // SAFETY: the caller's.
        unsafe { std::slice::from_raw_parts_mut(self.gradient(buffer), self.length(buffer, features)) }
    }
}

/// A step of the plan. Its work is cut into parts that write apart, so that parts of one block can run at
/// once; the cut depends on shapes alone.
pub(crate) trait Operator: Send + Sync {
    /// Computes the output's values from the inputs'.
    fn forward(&self, block: &Block, part: usize);
    /// Computes the inputs' gradients from the output's.
    fn backward_input(&self, block: &Block, part: usize);
    /// Once a block before its `backward_parameters`.
    fn prepare_parameters(&self, _block: &Block) {}
    /// Adds the block's share to `gradient`, all parameters' gradients.
    fn backward_parameters(&self, _block: &Block, _gradient: *mut f32, _part: usize) {}
    /// Whether a part is best computed for all blocks of a batch together.
    fn together(&self) -> bool {
        false
    }
    /// `forward` for all blocks of a batch, or some.
    fn forward_all(&self, blocks: &[Block], part: usize) {
        blocks.iter().for_each(|block| self.forward(block, part));
    }
    /// `backward_input` for all blocks of a batch, or some.
    fn backward_input_all(&self, blocks: &[Block], part: usize) {
        blocks.iter().for_each(|block| self.backward_input(block, part));
    }
    /// `backward_parameters` for all blocks of a batch.
    fn backward_parameters_all(&self, blocks: &[Block], gradient: *mut f32, part: usize) {
        blocks.iter().for_each(|block| self.backward_parameters(block, gradient, part));
    }
    /// The parts of `forward` and `backward_parameters`.
    fn parts(&self) -> usize {
        1
    }
    /// The parts of `backward_input`.
    fn input_parts(&self) -> usize {
        1
    }
    /// Multiply–adds a sample, forward.
    fn cost(&self) -> usize;
    /// Set where training looks at the whole batch.
    fn across(&self) -> Option<&dyn Across> {
        None
    }
    /// Set where there is a kernel for a sample alone.
    fn single(&self) -> Option<&dyn Single> {
        None
    }
}

/// What an operator does, in inference, with a sample alone, whose arena has a single lane: buffers are `[features]`.
pub(crate) trait Single: Send + Sync {
    /// When the parameters have changed.
    fn pack(&self, _sample: &Block) {}
    /// Once before its `forward`.
    fn prepare(&self, _sample: &Block) {}
    /// As [`Operator::forward`], with the same parts, and to the same bit.
    fn forward(&self, sample: &Block, part: usize);
}

/// What an operator does, in training, with the whole batch: measure each block, then combine what was
/// measured in the order of the blocks, before the blocks are computed.
pub(crate) trait Across: Send + Sync {
    /// The fewest samples of a batch that it can measure.
    fn least(&self) -> usize;
    /// Measures a block, before `forward`.
    fn measure(&self, block: &Block);
    /// Combines, and hands the result to all blocks.
    fn combine(&self, blocks: &[Block]);
    /// Measures a block's gradients, before `backward_input`.
    fn measure_gradient(&self, block: &Block);
    /// Combines, and hands the result to all blocks.
    fn combine_gradient(&self, blocks: &[Block]);
    /// Changes the tensors without gradient, once a step, after the batch was combined.
    fn remember(&self, block: &Block, states: &mut [f32]);
}

/// Rows of one part: a few tiles of the micro-kernel.
pub(crate) const PART: usize = 16;

/// The rows of a part.
pub(crate) fn rows(part: usize, total: usize) -> std::ops::Range<usize> {
    part * PART..((part + 1) * PART).min(total)
}

/// A parameter pointer that may be missing: then null.
pub(crate) fn optional_mut(base: *mut f32, offset: Option<usize>) -> *mut f32 {
    offset.map_or(std::ptr::null_mut(), |offset| base.wrapping_add(offset))
}
