//! The recurrent layer (Elman 1990): h(t) = f(W_ih·x(t) + b_ih + W_hh·h(t−1) + b_hh) for the time steps t of `[T, features]`,
//! with W_ih `[units, features]` and W_hh `[units, units]`, named as in PyTorch. The course notes write h = σ(U·X + W·h₋₁ + B).
//!
//! ```text
//!         x(0)      x(1)            x(T−1)       a task takes a block of samples through all time steps,
//!          │W_ih     │W_ih           │W_ih       forward, and backward from the last to the first:
//! h(−1) ─► h(0) ───► h(1) ──► … ───► h(T−1)
//!    W_hh  │    W_hh │               │           δ(t) = (∂E/∂h(t) + W_hhᵀ·δ(t+1))·f′,
//!          ▼         ▼               ▼           where ∂E/∂h(t) comes from the layers after this one
//!         output: all states, or the last
//! ```

use super::dense::lie;
use super::only_input;
use crate::options::json::{Fields, Read, one_of};
use crate::options::{Activation, Initializer, Regularization};
use crate::plan::{Block, Buffer, Builder, InitialValue, MAX_BLOCK, Operator, Uses, Value, optional_mut};
use hebb_kernels::activation::{self, Elementwise};
use hebb_kernels::dense::{self as kernel, Blocks};
use hebb_kernels::error::Result;
use serde_json::Value as Json;

/// The options of a recurrent layer.
#[derive(Clone, Debug)]
pub struct Rnn {
    /// Values of a state, at least 1.
    pub units: usize,
    /// f: tanh, the default, sigmoid or ReLU.
    pub activation: Activation,
    /// Whether the biases are added. Default true.
    pub bias: bool,
    /// What its output is. Default: the last state.
    pub returns: Returns,
    /// Initial distribution of the weights. Default: Glorot's.
    pub initializer: Option<Initializer>,
    /// Regularisation of the weights. Default: that of the loss index.
    pub regularization: Option<Regularization>,
}

/// The states that are a recurrent layer's output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Returns {
    /// The last, `[units]`.
    #[default]
    Last,
    /// All, `[T, units]`.
    All,
}

impl Read for Returns {
    fn read(name: &str, json: Json) -> std::result::Result<Self, String> {
        one_of(name, &json, &[("last", Returns::Last), ("all", Returns::All)])
    }
}

impl Rnn {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {
            units: f.required("units")?,
            activation: f.get("activation", Activation::Tanh),
            bias: f.get("bias", true),
            returns: f.get("returns", Returns::Last),
            initializer: f.optional("initializer"),
            regularization: f.optional("regularization"),
        })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let &[steps, inputs] = x.shape.as_slice() else {
            return Err(builder.shape(format!(
                "rnn needs an input [T, features], got {:?}; reshape({{ to: [T, features] }}) makes one",
                x.shape
            )));
        };
        let kind = match self.activation {
            Activation::Tanh => Elementwise::Tanh,
            Activation::Sigmoid => Elementwise::Sigmoid,
            Activation::Relu => Elementwise::Relu,
            _ => {
                return Err(builder.option(format!(
                    "the activation of rnn is tanh, sigmoid or relu, not {}",
                    self.activation.name()
                )));
            }
        };
        let units = self.units;
        if units == 0 {
            return Err(builder.option("units must be at least 1"));
        }
        let states = builder.value(vec![steps, units])?;
        let output = match self.returns {
            Returns::All => states.clone(),
            Returns::Last => builder.value(vec![units])?,
        };
        let after = match self.returns {
            Returns::All => builder.draft.part(states.buffer, (steps - 1) * units, units),
            Returns::Last => output.buffer,
        };
        let before = builder.state(units, after);
        let weights = |builder: &mut Builder, part: &str, from: usize| {
            let start = InitialValue::weight(self.initializer, &Activation::Tanh, (from, units));
            builder.regularized(part, vec![units, from], start, self.regularization)
        };
        let mut biases = [None; 2];
        let weight_ih = weights(builder, "weight_ih_l0", inputs)?;
        let weight_hh = weights(builder, "weight_hh_l0", units)?;
        if self.bias {
            for (bias, part) in biases.iter_mut().zip(["bias_ih_l0", "bias_hh_l0"]) {
                *bias = Some(builder.tensor(part, vec![units], InitialValue::Constant(0.0))?);
            }
        }
        // For the largest block, because a plan is the same on every back end.
        let rows = |of: usize| kernel::scratch(of, MAX_BLOCK);
        let mut scratch = |features: usize| Ok(builder.value(vec![steps, features])?.buffer);
        let (slopes, inputs_t, states_t) = (scratch(units)?, scratch(rows(inputs))?, scratch(rows(units))?);
        let operator = Recurrence {
            steps,
            inputs,
            units,
            kind,
            weight_ih,
            weight_hh,
            bias_ih: biases[0],
            bias_hh: biases[1],
            input: x.buffer,
            before: before.buffer,
            states: states.buffer,
            output: output.buffer,
            slopes,
            inputs_t,
            states_t,
        };
        let uses = Uses {
            saved_for_backward: vec![states.buffer],
            scratch: vec![slopes, inputs_t, states_t],
            trains: true,
            ..Uses::default()
        };
        let output = builder.node(operator, &[x, &before], output, uses);
        Ok(output)
    }
}

struct Recurrence {
    /// T.
    steps: usize,
    inputs: usize,
    units: usize,
    kind: Elementwise,
    weight_ih: usize,
    weight_hh: usize,
    bias_ih: Option<usize>,
    bias_hh: Option<usize>,
    input: Buffer,
    /// h(−1).
    before: Buffer,
    /// h(0) to h(T−1).
    states: Buffer,
    /// The states, or a copy of the last.
    output: Buffer,
    /// δ of all time steps.
    slopes: Buffer,
    /// x(t), transposed.
    inputs_t: Buffer,
    /// h(t−1), transposed.
    states_t: Buffer,
}

impl Recurrence {
    fn returns_all(&self) -> bool {
        self.output == self.states
    }

    /// A pointer to time step `t` of a buffer with `rows` rows per step.
    fn at<T>(block: &Block, first: *mut T, rows: usize, t: usize) -> *mut T {
        first.wrapping_add(t * rows * block.lanes())
    }

    /// h(t−1).
    fn previous(&self, block: &Block, t: usize) -> *mut f32 {
        match t {
            0 => block.value(self.before),
            t => Self::at(block, block.value(self.states), self.units, t - 1),
        }
    }
}

fn one(block: &Block) -> Blocks {
    lie(std::slice::from_ref(block))
}

impl Operator for Recurrence {
    fn forward(&self, block: &Block, _part: usize) {
        let (inputs, units) = (self.inputs, self.units);
        let (w_ih, b_ih) = (block.parameter(self.weight_ih), block.optional(self.bias_ih));
        let (w_hh, b_hh) = (block.parameter(self.weight_hh), block.optional(self.bias_hh));
        let (x, h) = (block.value(self.input), block.value(self.states));
        for t in 0..self.steps {
            let (x, h) = (Self::at(block, x, inputs, t), Self::at(block, h, units, t));
            // SAFETY: the plan sized buffers and tensors by steps, inputs and units.
            unsafe {
                kernel::forward(block.level, one(block), w_ih, b_ih, x, h, inputs, 0..units);
                kernel::accumulate(block.level, w_hh, b_hh, self.previous(block, t), h, units, units);
                activation::forward(block.level, self.kind, h, h, units);
            }
        }
        if !self.returns_all() {
            let last = Self::at(block, h, units, self.steps - 1);
            // SAFETY: as above; buffers in use never overlap.
            unsafe { last.copy_to_nonoverlapping(block.value(self.output), units * block.lanes()) };
        }
    }

    fn prepare_parameters(&self, block: &Block) {
        let (inputs, units) = (self.inputs, self.units);
        let size = units * block.lanes();
        let (dy, slopes) = (block.gradient(self.output), block.value(self.slopes));
        let w_hh = block.parameter(self.weight_hh);
        for t in (0..self.steps).rev() {
            let slope = Self::at(block, slopes, units, t);
            let h = Self::at(block, block.value(self.states), units, t);
            let last = t == self.steps - 1;
            // SAFETY: as above.
            unsafe {
                if self.returns_all() {
                    Self::at(block, dy, units, t).copy_to_nonoverlapping(slope, size);
                } else if last {
                    dy.copy_to_nonoverlapping(slope, size);
                } else {
                    slope.write_bytes(0, size);
                }
                if !last {
                    let next = Self::at(block, slopes, units, t + 1);
                    kernel::accumulate_input(block.level, w_hh, next, slope, units, units);
                }
                activation::backward(block.level, self.kind, std::ptr::null(), h, slope, slope, units);
                let x = Self::at(block, block.value(self.input), inputs, t);
                let xt =
                    Self::at(block, block.value(self.inputs_t), kernel::scratch(inputs, block.lanes()), t);
                let ht =
                    Self::at(block, block.value(self.states_t), kernel::scratch(units, block.lanes()), t);
                kernel::transpose(block.level, x, xt, inputs);
                kernel::transpose(block.level, self.previous(block, t), ht, units);
            }
        }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, _part: usize) {
        let (inputs, units) = (self.inputs, self.units);
        let (dw_ih, db_ih) = (gradient.wrapping_add(self.weight_ih), optional_mut(gradient, self.bias_ih));
        let (dw_hh, db_hh) = (gradient.wrapping_add(self.weight_hh), optional_mut(gradient, self.bias_hh));
        for t in 0..self.steps {
            let slope = Self::at(block, block.value(self.slopes), units, t);
            let xt = Self::at(block, block.value(self.inputs_t), kernel::scratch(inputs, block.lanes()), t);
            let ht = Self::at(block, block.value(self.states_t), kernel::scratch(units, block.lanes()), t);
            // SAFETY: as above; `gradient` has the layout of the parameters.
            unsafe {
                kernel::backward_parameters(
                    block.level,
                    one(block),
                    xt,
                    slope,
                    dw_ih,
                    db_ih,
                    inputs,
                    0..units,
                );
                kernel::backward_parameters(
                    block.level,
                    one(block),
                    ht,
                    slope,
                    dw_hh,
                    db_hh,
                    units,
                    0..units,
                );
            }
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let (w_ih, dx) = (block.parameter(self.weight_ih), block.gradient(self.input));
        let (inputs, units) = (self.inputs, self.units);
        for t in 0..self.steps {
            let slope = Self::at(block, block.value(self.slopes), units, t);
            let dx = Self::at(block, dx, inputs, t);
            // SAFETY: as above.
            unsafe {
                kernel::backward_input(block.level, one(block), w_ih, slope, dx, inputs, units, 0..inputs);
            }
        }
    }

    fn cost(&self) -> usize {
        self.steps * self.units * (self.inputs + self.units)
    }
}
