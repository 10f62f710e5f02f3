//! What layers build a plan with: values, buffers, tensors and nodes.

use super::{Buffer, Fork, InitialValue, Node, Operator, Purpose, State, Stored, Tensor, Tokens};
use crate::options::{Activation, Regularization};
use hebb_kernels::error::{Error, Result};
use hebb_kernels::stored::Storage;

/// Maximum number of values per sample and of parameters per layer: what 4 GiB can hold.
pub(crate) const LIMIT: usize = 1 << 30;

/// The message for values that do not fit: a block of at least eight samples is in memory at once.
pub(crate) fn too_large(what: &str, shape: &[usize]) -> String {
    let gibibytes = shape.iter().fold(32.0 / (1u64 << 30) as f64, |all, &one| all * one as f64);
    format!(
        "{what} {shape:?} needs {gibibytes:.1} GiB for eight samples, which are computed at once; {:.1} GiB is the most",
        32.0 * (LIMIT / 64) as f64 / (1u64 << 30) as f64
    )
}

/// A value that flows between layers.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub buffer: Buffer,
    /// The shape of one sample: `[features]`, `[T, features]` or `[C, H, W]`, row by row in memory.
    pub shape: Vec<usize>,
    /// The buffer of the number of time steps of each sample of `[T, features]`, at most T; `None` if all have T.
    pub lengths: Option<Buffer>,
    /// Whether its gradient is needed, because a parameter comes before it.
    pub needs_gradient: bool,
    /// The activation that gave it; `Identity` for other operators.
    pub activation: Activation,
    /// The node of that activation; `None` if there is none, or if the gradient passes through a [`Fork`](super::Fork) first.
    pub activation_node: Option<usize>,
}

impl Value {
    /// A value that no activation gave.
    pub fn new(buffer: Buffer, shape: Vec<usize>, needs_gradient: bool) -> Self {
        let activation = Activation::Identity;
        Self { buffer, shape, lengths: None, needs_gradient, activation, activation_node: None }
    }

    /// Floats per sample.
    pub fn features(&self) -> usize {
        self.shape.iter().product()
    }

    /// Time steps of `[T, features]`; 1 for other shapes.
    pub fn steps(&self) -> usize {
        if self.is_sequence() { self.shape[0] } else { 1 }
    }

    /// Channels of `[C, H, W]`; features of `[features]`, and of each time step of `[T, features]`.
    pub fn channels(&self) -> usize {
        self.shape[usize::from(self.is_sequence())]
    }

    /// Whether its shape is `[T, features]`.
    pub fn is_sequence(&self) -> bool {
        self.shape.len() == 2
    }
}

/// A buffer of the plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub features: usize,
    /// If its values are part of another buffer: that buffer, and the first feature there.
    /// The gradient is separate.
    pub within: Option<(Buffer, usize)>,
}

/// Where a buffer's values begin in a sample, if they are part of the network's input, which is buffer 0.
pub(super) fn input_at(places: &[Place], buffer: Buffer) -> Option<usize> {
    match (buffer, places[buffer.0].within) {
        (Buffer(0), _) => Some(0),
        (_, Some((Buffer(0), from))) => Some(from),
        _ => None,
    }
}

/// The buffers that an operator uses besides inputs and output.
#[derive(Default)]
pub(crate) struct Uses {
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
    /// Whether it has parameters with gradients.
    pub trains: bool,
}

/// A tensor that a layer asks for.
enum NewTensor {
    /// The number of the one that it shares.
    Shared(usize),
    Own {
        name: String,
        size: usize,
    },
}

/// A plan under construction.
pub(crate) struct Draft {
    pub nodes: Vec<Node>,
    pub places: Vec<Place>,
    pub tensors: Vec<Tensor>,
    pub states: Vec<State>,
    pub tokens: Vec<Tokens>,
    /// Floats of all tensors with gradients so far.
    pub parameters: usize,
    /// Floats of all tensors without gradients so far.
    pub statistics: usize,
    /// Weights that are stored in fewer bits so far, and their words.
    pub stored: [usize; 2],
    dropouts: u32,
    /// Whether an operator draws random numbers.
    pub draws: bool,
    /// A layer through which no gradient passes, although parameters come before it.
    pub flat: Option<String>,
    purpose: Purpose,
}

impl Draft {
    pub fn new(input: usize, purpose: Purpose) -> Self {
        Self {
            nodes: Vec::new(),
            places: vec![Place { features: input, within: None }],
            tensors: Vec::new(),
            states: Vec::new(),
            tokens: Vec::new(),
            parameters: 0,
            statistics: 0,
            stored: [0; 2],
            dropouts: 0,
            draws: false,
            flat: None,
            purpose,
        }
    }

    /// Adds a buffer of `features` features.
    pub fn buffer(&mut self, features: usize) -> Buffer {
        self.places.push(Place { features, within: None });
        Buffer(self.places.len() - 1)
    }

    /// Where a buffer's values begin in a sample, if they are part of the network's input.
    pub fn input_at(&self, buffer: Buffer) -> Option<usize> {
        input_at(&self.places, buffer)
    }

    /// Adds a buffer whose values are part of another one.
    pub fn part(&mut self, of: Buffer, from: usize, features: usize) -> Buffer {
        let within = match self.places[of.0].within {
            Some((base, start)) => (base, start + from),
            None => (of, from),
        };
        self.places.push(Place { features, within: Some(within) });
        Buffer(self.places.len() - 1)
    }
}

/// What a single layer adds to a plan.
pub(crate) struct Builder<'a> {
    pub draft: &'a mut Draft,
    /// The layer's name.
    pub name: &'a str,
    /// The layer whose tensors this one shares.
    pub shares: Option<&'a str>,
    /// Whether the layer's value is an output of the network; a loss may need its net input.
    pub is_output: bool,
}

impl Builder<'_> {
    /// Adds a buffer of `features` features.
    pub fn buffer(&mut self, features: usize) -> Buffer {
        self.draft.buffer(features)
    }

    /// Adds a state, called `<layer><suffix>`: its value before the first time step is that of the parameters from `start` on, or
    /// zero, or what an earlier call left in `after` for the same samples.
    /// `each` has those after each time step, see [`State`].
    pub fn state(
        &mut self,
        suffix: &str,
        features: usize,
        (after, each): (Buffer, Option<Buffer>),
        start: Option<usize>,
    ) -> Value {
        let before = self.buffer(features);
        let name = format!("{}{suffix}", self.name);
        let learned = start.is_some();
        self.draft.states.push(State { name, features, learned, start, before, after, each });
        Value::new(before, vec![features], false)
    }

    /// The same value for a second reader: their gradients are added.
    pub fn fork(&mut self, x: &Value) -> Value {
        if !x.needs_gradient {
            return x.clone();
        }
        let features = x.features();
        let twin = Value { buffer: self.draft.part(x.buffer, 0, features), ..x.clone() };
        let fork = Fork { features, output: x.buffer, readers: vec![twin.buffer] };
        self.node(fork, &[x, &twin], x.clone(), Uses::default());
        twin
    }

    /// A number for the next dropout of this rate, which its random masks depend on.
    pub fn number_dropout(&mut self, rate: f32) -> u32 {
        self.draft.draws |= rate > 0.0;
        let number = self.draft.dropouts;
        self.draft.dropouts += 1;
        number
    }

    /// Records that the layer's activation passes no gradient, if parameters come before it.
    pub fn note_flat(&mut self, x: &Value, activation: &str) {
        if x.needs_gradient {
            self.draft.flat.get_or_insert_with(|| format!("{} ({activation})", self.name));
        }
    }

    /// Whether the layer's activation may overwrite its net input.
    pub fn may_overwrite(&self) -> bool {
        !self.is_output && self.draft.purpose == Purpose::Run
    }

    /// Adds a value of this shape.
    pub fn value(&mut self, shape: Vec<usize>) -> Result<Value> {
        let size = shape.iter().try_fold(1usize, |all, &one| all.checked_mul(one));
        match size {
            Some(size) if size > 0 && size <= LIMIT / 64 => Ok(Value::new(self.buffer(size), shape, false)),
            _ => Err(self.memory(too_large("its output", &shape))),
        }
    }

    /// Adds a parameter tensor `<layer>.<part>` and returns its offset; for a shared layer, the offset of the existing tensor.
    pub fn tensor(&mut self, part: &str, shape: Vec<usize>, start: InitialValue) -> Result<usize> {
        let (name, size) = match self.new_tensor(part, &shape)? {
            NewTensor::Shared(number) => return Ok(self.draft.tensors[number].offset),
            NewTensor::Own { name, size } => (name, size),
        };
        let trained = !matches!(start, InitialValue::Statistic(_));
        let draft = &mut *self.draft;
        let total = if trained { &mut draft.parameters } else { &mut draft.statistics };
        let offset = *total;
        *total += size;
        let (stored, regularization) = (None, None);
        draft.tensors.push(Tensor { name, shape, offset, size, trained, stored, start, regularization });
        Ok(offset)
    }

    /// Adds the tensor `weight` `[units, inputs]` in fewer bits, which is not trained; returns its first word, for
    /// [`Block::stored`](super::Block::stored).
    pub fn stored_weight(
        &mut self,
        shape: Vec<usize>,
        start: InitialValue,
        storage: Storage,
    ) -> Result<usize> {
        let (name, size) = match self.new_tensor("weight", &shape)? {
            NewTensor::Shared(number) => {
                return Ok(self.draft.tensors[number].stored.map_or(0, |stored| stored.at));
            }
            NewTensor::Own { name, size } => (name, size),
        };
        let [offset, at] = self.draft.stored;
        self.draft.stored = [offset + size, at + storage.words(size / shape[0], shape[0])];
        let stored = Some(Stored { storage, at });
        let (trained, regularization) = (false, None);
        self.draft.tensors.push(Tensor { name, shape, offset, size, trained, stored, start, regularization });
        Ok(at)
    }

    /// The name and the size of a tensor that is added, or the one that the layer shares.
    fn new_tensor(&self, part: &str, shape: &[usize]) -> Result<NewTensor> {
        let layer = self.shares.unwrap_or(self.name);
        let name = format!("{layer}.{part}");
        if self.shares.is_some() {
            let own =
                self.draft.tensors.iter().position(|tensor| tensor.name == name && tensor.shape == shape);
            return own.map(NewTensor::Shared).ok_or_else(|| {
                self.shape(format!("its input needs \"{name}\" to be {shape:?}, which it is not"))
            });
        }
        let size = shape.iter().try_fold(1usize, |all, &one| all.checked_mul(one));
        let size = size
            .filter(|&size| size <= LIMIT)
            .ok_or_else(|| self.memory(format!("{part} of shape {shape:?} is more than 4 GiB")))?;
        Ok(NewTensor::Own { name, size })
    }

    /// Adds the tensor `weight` of a layer, as [`Builder::regularized`].
    pub fn weight(
        &mut self,
        shape: Vec<usize>,
        start: InitialValue,
        regularization: Option<Regularization>,
    ) -> Result<usize> {
        self.regularized("weight", shape, start, regularization)
    }

    /// Adds weights of a layer, as [`Builder::tensor`], with the layer's own regularisation, if any.
    pub fn regularized(
        &mut self,
        part: &str,
        shape: Vec<usize>,
        start: InitialValue,
        regularization: Option<Regularization>,
    ) -> Result<usize> {
        regularization.map_or(Ok(()), Regularization::check).map_err(|error| self.option(error.message))?;
        let offset = self.tensor(part, shape, start)?;
        // Shared weights exist already, with their regularisation.
        if let (None, Some(tensor)) = (self.shares, self.draft.tensors.last_mut()) {
            tensor.regularization = regularization;
        }
        Ok(offset)
    }

    /// Adds a bias of this size, if `has_bias`.
    pub fn bias(&mut self, size: usize, has_bias: bool) -> Result<Option<usize>> {
        if !has_bias {
            return Ok(None);
        }
        self.tensor("bias", vec![size], InitialValue::Constant(0.0)).map(Some)
    }

    /// Adds an operator that computes `output` from `inputs`; returns the output as later layers see it.
    pub fn node(
        &mut self,
        operator: impl Operator + 'static,
        inputs: &[&Value],
        output: Value,
        uses: Uses,
    ) -> Value {
        self.add(Box::new(operator), inputs, output, uses)
    }

    #[inline(never)] // Each operator calls it, and it is long.
    fn add(&mut self, operator: Box<dyn Operator>, inputs: &[&Value], output: Value, uses: Uses) -> Value {
        let needs_gradient = inputs.iter().any(|input| input.needs_gradient);
        self.draft.nodes.push(Node {
            name: self.name.to_owned(),
            weights_of: self.shares.unwrap_or(self.name).to_owned(),
            operator,
            inputs: inputs.iter().map(|input| input.buffer).collect(),
            output: output.buffer,
            needs_gradient,
            trains: uses.trains,
            saved_for_backward: uses.saved_for_backward,
            scratch: uses.scratch,
            forward_scratch: uses.forward_scratch,
            single_scratch: uses.single_scratch,
            packed: uses.packed,
        });
        Value {
            needs_gradient: needs_gradient || uses.trains,
            activation: Activation::Identity,
            activation_node: None,
            ..output
        }
    }

    /// As [`Builder::node`], for the operator of an activation: `x` is its net input.
    pub fn activation(
        &mut self,
        kind: &Activation,
        operator: impl Operator + 'static,
        x: &Value,
        output: Value,
        uses: Uses,
    ) -> Value {
        let value = self.node(operator, &[x], output, uses);
        let node = self.draft.nodes.len() - 1;
        Value { activation: kind.clone(), activation_node: Some(node), ..value }
    }

    /// The error for a wrong option of the layer.
    pub fn option(&self, message: impl std::fmt::Display) -> Error {
        Error::option(format!("{}: {message}", self.name))
    }

    /// The error for a shape that the layer cannot use.
    pub fn shape(&self, message: impl std::fmt::Display) -> Error {
        Error::shape(format!("{}: {message}", self.name))
    }

    fn memory(&self, message: impl std::fmt::Display) -> Error {
        Error::memory(format!("{}: {message}", self.name))
    }
}
