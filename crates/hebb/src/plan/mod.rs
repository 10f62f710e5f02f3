//! The plan of a network: operators over buffers, the contract that layers and losses fulfil. It knows no layer by name.
//!
//! For example, an image of 4 × 4 through `conv2d` (two filters of 3 × 3, tanh), `flatten` and `dense` (three units, softmax):
//!
//! ```text
//! node          convolution        tanh           dense          softmax        loss
//! buffer   0 ───────────────► 1 ──────────► 1 ────────────► 3 ────────────► 6 ────────► 7, 8, 9
//! shape  [1,4,4]           [2,2,2]  in place      ▲        [3]             [3]   targets, probabilities, saved
//!                                                 └ 4: scratch of the backward pass; 5: packed weights, for a single sample
//! tensor     conv1.weight, conv1.bias      dense1.weight, dense1.bias
//!
//! arena for inference, from 0 on:   │ 0: x                         │ 1              │ 7    │
//! after the convolution:            │ 3    │ 6    │ 8    │ 9    │ │
//! ```
//!
//! `flatten` has no node, because `[2, 2, 2]` and `[8]` are the same memory. tanh overwrites its net input, because its gradient
//! needs only its result. No later node reads x, so that buffers 3, 6, 8 and 9 lie where it was; the targets (7) are filled
//! together with x. Training keeps x, for the gradient of the weights.

mod block;
mod builder;
mod fork;
mod initial;
mod layout;
mod operator;
mod placement;
#[cfg(test)]
mod tests;
mod trained;

use crate::data::{Dataset, Named};
use crate::options::{Activation, Regularization};
pub(crate) use block::{Block, Buffer, Draw, GUARD, Layout, Mode};
pub(crate) use builder::{Builder, Draft, LIMIT, Place, Uses, Value, too_large};
pub(crate) use fork::Fork;
use hebb_kernels::error::{Error, Result};
pub(crate) use hebb_kernels::simd::MAX_BLOCK;
use hebb_kernels::stored::{PANEL, Storage};
pub(crate) use initial::InitialValue;
pub(crate) use layout::Life;
pub(crate) use operator::{BatchOperator, Operator, ROWS_PER_PART, SingleSample, optional_mut, part_rows};
use serde::Serialize;
use std::ops::Range;
pub(crate) use trained::{Gradients, Trained};

/// A parameter tensor and its place among all parameters.
#[derive(Clone, Debug, Serialize)]
pub struct Tensor {
    /// `<layer>.<part>`; parts are named as in PyTorch: `weight`, `bias`, `running_mean`, ….
    pub name: String,
    /// Conv2d: `[F, C, KH, KW]`, dense: `[units, inputs]`, bias: `[F]`.
    pub shape: Vec<usize>,
    /// Its offset among the parameters, in floats.
    pub offset: usize,
    /// Its size in floats.
    pub size: usize,
    /// Whether it has a gradient. Tensors without gradients come after those with.
    pub trained: bool,
    /// Set if it is stored in fewer bits, for inference.
    #[serde(skip)]
    pub(crate) stored: Option<Stored>,
    #[serde(skip)]
    pub(crate) start: InitialValue,
    /// The layer's own regularisation; `None` for that of the loss index.
    #[serde(skip)]
    pub(crate) regularization: Option<Regularization>,
}

/// Where weights `[units, inputs]` lie that are stored in fewer bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored {
    pub storage: Storage,
    /// Its first word, among those of all such tensors.
    pub at: usize,
}

impl Stored {
    /// The first word of the panel of a unit.
    pub fn panel(self, inputs: usize, unit: usize) -> usize {
        self.at + unit / PANEL * self.storage.panel(inputs)
    }
}

/// A planned layer; a line of a summary.
#[derive(Clone, Debug, Serialize)]
pub struct LayerInfo {
    /// The layer's name.
    pub name: String,
    /// Its kind, as in the spec.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The layers or inputs that it reads.
    pub from: Vec<String>,
    /// The shape of its output per sample.
    pub output: Vec<usize>,
    /// Its own parameters.
    pub parameters: usize,
    /// Its multiply–adds of weights and inputs per sample.
    #[serde(rename = "multiplyAdds")]
    pub multiply_adds: usize,
    /// Its activation.
    pub activation: Activation,
    /// The buffer of its output.
    #[serde(skip)]
    pub(crate) buffer: Buffer,
    /// The buffer of its activation's net input.
    #[serde(skip)]
    pub(crate) net: Buffer,
}

/// An output of the network.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// The name of its layer.
    pub name: String,
    /// The shape per sample.
    pub shape: Vec<usize>,
    /// Its activation, which some losses need to know.
    pub activation: Activation,
    #[serde(skip)]
    pub(crate) buffer: Buffer,
    /// The buffer of the number of time steps of each sample, if it varies.
    #[serde(skip)]
    pub(crate) lengths: Option<Buffer>,
    /// The node of that activation; `None` if other layers read the output too.
    #[serde(skip)]
    pub(crate) node: Option<usize>,
    #[serde(skip)]
    pub(crate) loss: LossBuffers,
}

impl Output {
    pub(crate) fn features(&self) -> usize {
        self.shape.iter().product()
    }

    /// Time steps of `[T, features]`; 1 for other shapes.
    pub(crate) fn steps(&self) -> usize {
        if let [steps, _] = self.shape[..] { steps } else { 1 }
    }
}

/// A value that a recurrent layer carries from one call to the next.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    /// That of its layer, with `.c` for the second state of an LSTM.
    pub name: String,
    /// Floats per sample.
    pub features: usize,
    /// Whether its value before the first time step is learned, if none is given; else it is zero.
    pub learned: bool,
    /// Then the offset of that parameter.
    #[serde(skip)]
    pub(crate) start: Option<usize>,
    /// The buffer of the state before the first time step.
    #[serde(skip)]
    pub(crate) before: Buffer,
    /// The buffer of the state after the last one.
    #[serde(skip)]
    pub(crate) after: Buffer,
    /// The buffer of the states after each time step; `None` if they are read from the last to the first.
    #[serde(skip)]
    pub(crate) each: Option<Buffer>,
}

/// The values of a sample that must be token numbers.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    /// The layer that reads them.
    pub layer: String,
    /// Where they are in a sample.
    pub at: Range<usize>,
    /// They are below this number.
    pub vocabulary: usize,
}

/// The input that says how many time steps of a sequence each sample has.
#[derive(Clone, Debug)]
pub(crate) struct Lengths {
    pub name: String,
    /// Its place among the values of a sample.
    pub at: usize,
    /// T, the most.
    pub steps: usize,
}

/// The buffers that a loss needs besides the network's own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LossBuffers {
    pub targets: Buffer,
    /// The probabilities, if the network ends in logits.
    pub probabilities: Buffer,
    /// Terms of the loss that its gradient or value reuses: ln Σ eˣ, softplus.
    pub saved: Buffer,
}

pub(crate) struct Node {
    pub name: String,
    /// The layer that its parameters belong to: its own, or the one whose weights that shares.
    pub weights_of: String,
    pub operator: Box<dyn Operator>,
    pub inputs: Vec<Buffer>,
    pub output: Buffer,
    /// Whether the gradient of an input is needed.
    pub needs_gradient: bool,
    /// Whether it has parameters with gradients.
    pub trains: bool,
    /// Written forward, read backward.
    pub saved_for_backward: Vec<Buffer>,
    /// Used only within the backward pass.
    pub scratch: Vec<Buffer>,
    /// Used only within the forward pass of blocks.
    pub forward_scratch: Vec<Buffer>,
    /// Used forward for a single sample.
    pub single_scratch: Vec<Buffer>,
    /// Derived from the parameters, for single samples.
    pub packed: Vec<Buffer>,
}

/// What a plan is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Training and inference: activations overwrite their net inputs if they can, and only the gradients of values that
    /// parameters come before are computed.
    Run,
    /// A trace of every quantity: each value keeps a buffer of its own, and every gradient is computed.
    Trace,
}

pub(crate) struct Plan {
    pub layers: Vec<LayerInfo>,
    pub tensors: Vec<Tensor>,
    /// Floats of all trained parameters.
    pub parameters: usize,
    /// Floats of all tensors in 32 bits, after which those in fewer bits begin.
    pub stored: usize,
    /// Floats, or words of 32 bits, of all tensors.
    pub values: usize,
    /// The number of values of all tensors.
    pub count: usize,
    pub nodes: Vec<Node>,
    /// The shape of one sample.
    pub input: Vec<usize>,
    pub outputs: Vec<Output>,
    pub states: Vec<State>,
    pub tokens: Vec<Tokens>,
    pub lengths: Vec<Lengths>,
    /// Whether an operator works across the whole batch.
    pub has_batch_operators: bool,
    /// Whether an operator draws random numbers.
    pub draws: bool,
    /// A layer through which no gradient passes, although parameters come before it.
    pub flat: Option<String>,
    pub(crate) places: Vec<Place>,
}

impl Plan {
    /// Refuses samples that do not fit the input, values that are no tokens where tokens are read, and lengths that are no whole
    /// number of time steps from 1 to the most.
    pub fn check_samples(&self, data: &Dataset, samples: impl Iterator<Item = u32> + Clone) -> Result<()> {
        data.check_input(&self.input)?;
        for one in &self.tokens {
            data.check_tokens(samples.clone(), &one.at, one.vocabulary, &one.layer)?;
        }
        for Lengths { name, at, steps } in &self.lengths {
            let wrong =
                |(_, length): &(usize, f32)| length.fract() != 0.0 || !(1.0..=*steps as f32).contains(length);
            if let Some((sample, length)) = data.inputs(*at, samples.clone()).find(wrong) {
                return Err(Error::data(format!(
                    "sample {sample}: its {name} is {length}, which must be a whole number of time steps, 1 to {steps}"
                )));
            }
        }
        Ok(())
    }

    /// Whether an operator across the batch is trained.
    pub fn across(&self, trained: &Trained) -> bool {
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(|(_, node)| node.operator.batch_operator().is_some())
            .any(|(n, node)| !trained.freezes(n, node))
    }

    /// Refuses a batch that is too small for an operator across the batch that is trained.
    pub fn check_batch(&self, samples: usize, trained: &Trained) -> Result<()> {
        let small = |&(number, node): &(usize, &Node)| {
            let batch = node.operator.batch_operator().filter(|_| !trained.freezes(number, node));
            batch.is_some_and(|batch| samples < batch.least())
        };
        match self.nodes.iter().enumerate().find(small) {
            Some((_, node)) => Err(Error::option(format!(
                "batchNorm \"{}\": a minibatch of one sample has no variance: give batches of 2 samples or more",
                node.name
            ))),
            None => Ok(()),
        }
    }

    /// Refuses weights that are stored for inference.
    pub fn check_trainable(&self) -> Result<()> {
        match self.tensors.iter().find(|tensor| tensor.stored.is_some()) {
            Some(tensor) => Err(Error::option(format!(
                "the weights \"{}\" are stored in fewer bits, for inference: train a network without `storage`, and load its weights into this one",
                tensor.name
            ))),
            None => Ok(()),
        }
    }

    /// Whether a node computes a user-defined activation.
    pub fn is_formula(&self, node: &Node) -> bool {
        self.layers.iter().any(|layer| {
            let own = matches!(layer.activation, Activation::Elementwise(_));
            own && layer.buffer == node.output && layer.net != node.output
        })
    }

    /// The error for a step that would make this parameter infinite or NaN; `formula` if the derivative of a formula did.
    pub fn step_not_finite(&self, at: usize, formula: bool) -> Error {
        let name = self.tensor_of(at);
        if formula {
            return Error::diverged(format!(
                "{name}: the gradient became NaN although the loss is finite: a formula of your own has no derivative there, and the branch of where that is not taken counts, too. Keep its argument in range, as in where(x, 0, log(maximum(x, 1e-6)), 0)"
            ));
        }
        Error::diverged(format!(
            "{name}: the step left the finite numbers; the weights are those before it. {}",
            self.remedy()
        ))
    }

    /// What helps if training diverges.
    pub fn remedy(&self) -> &'static str {
        if self.states.is_empty() {
            "A smaller learning rate helps"
        } else {
            "A smaller learning rate helps, and clip: { norm: 1 } of the optimizer: over many time steps a gradient can explode"
        }
    }

    /// The name of the tensor that holds a parameter.
    pub fn tensor_of(&self, at: usize) -> &str {
        let mut tensors = self.tensors.iter();
        tensors
            .find(|tensor| (tensor.offset..tensor.offset + tensor.size).contains(&at))
            .map_or("", |t| &t.name)
    }

    /// The time steps of an output that count for a sample: all, or as many as the sample has.
    pub fn counted_steps(&self, output: &Output, data: &Dataset, sample: u32) -> usize {
        let place = output.lengths.and_then(|lengths| builder::input_at(&self.places, lengths));
        let length = place.and_then(|at| data.inputs(at, std::iter::once(sample)).next());
        length.map_or(output.steps(), |(_, length)| length as usize)
    }

    /// Features of a buffer.
    pub fn features(&self, buffer: Buffer) -> usize {
        self.places[buffer.0].features
    }

    /// Values of all outputs per sample.
    pub fn output_size(&self) -> usize {
        self.outputs.iter().map(Output::features).sum()
    }

    /// Values of all states per sample.
    pub fn state_size(&self) -> usize {
        self.states.iter().map(|state| state.features).sum()
    }

    /// The outputs by name, with the shape per sample.
    pub fn named_outputs(&self) -> Vec<Named> {
        self.outputs.iter().map(|output| (output.name.clone(), output.shape.clone())).collect()
    }

    /// The shape of the only output, or of all outputs together.
    pub fn output(&self) -> Vec<usize> {
        match self.outputs.as_slice() {
            [one] => one.shape.clone(),
            _ => vec![self.output_size()],
        }
    }
}
