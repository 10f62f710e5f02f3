//! Recurrent layers, of `[T, features]`: a cell makes the state h(t) of x(t) and h(t−1), for the time steps t one after another.
//! Weights are named and laid out as in PyTorch: W_ih `[gates·units, features]` and W_hh `[gates·units, units]`, gate by gate.
//!
//! ```text
//!         x(0)      x(1)            x(T−1)       a task takes a block of samples through all time steps,
//!          │W_ih     │W_ih           │W_ih       forward, and backward from the last to the first:
//! h(−1) ─► h(0) ───► h(1) ──► … ───► h(T−1)
//!    W_hh  │    W_hh │               │           ∂E/∂h(t) is the sum of what comes from the layers after
//!          ▼         ▼               ▼           this one and of what comes from h(t+1)
//!         output: all states, or the last
//! ```
//!
//! The products with W_ih, and the gradients of both weights, are computed for all time steps at once.

pub mod gru;
pub mod lstm;
mod operator;
pub mod rnn;
mod single;

use super::only_input;
use crate::options::json::{Fields, Read, one_of};
use crate::options::{Activation, Initializer, Regularization};
use crate::plan::{Builder, InitialValue, MAX_BLOCK, Uses, Value};
use hebb_kernels::dense as kernel;
use hebb_kernels::error::Result;
use operator::{Cell, Kept, Recurrence, Step, apart};
use serde_json::Value as Json;
use single::Single;

/// The options that all recurrent layers have.
#[derive(Clone, Debug)]
pub struct Options {
    /// Values of a state, at least 1.
    pub units: usize,
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

impl Options {
    fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {
            units: f.required("units")?,
            bias: f.get("bias", true),
            returns: f.get("returns", Returns::Last),
            initializer: f.optional("initializer"),
            regularization: f.optional("regularization"),
        })
    }
}

/// Adds a recurrent layer with these cells to the plan.
fn plan<C: Cell + 'static>(
    builder: &mut Builder,
    inputs: &[Value],
    kind: &str,
    options: &Options,
    cell: C,
) -> Result<Value> {
    let x = only_input(builder, inputs)?;
    let &[steps, inputs] = x.shape.as_slice() else {
        return Err(builder.shape(format!(
            "{kind} needs an input [T, features], got {:?}; reshape({{ to: [T, features] }}) makes one",
            x.shape
        )));
    };
    let units = options.units;
    if units == 0 {
        return Err(builder.option("units must be at least 1"));
    }
    let rows = units.saturating_mul(C::GATES);
    let states = builder.value(vec![steps, units])?;
    let output = match options.returns {
        Returns::All => states.clone(),
        Returns::Last => builder.value(vec![units])?,
    };
    let last = (steps - 1) * units;
    let after = match options.returns {
        Returns::All => builder.draft.part(states.buffer, last, units),
        Returns::Last => output.buffer,
    };
    let before = builder.state("", units, after);
    let mut value = |features: usize| Ok(builder.value(vec![steps, features])?.buffer);
    // A single gate is computed in place.
    let gates = if C::GATES == 1 { states.buffer } else { value(rows)? };
    let kept = if C::KEPT == Kept::Nothing { gates } else { value(units)? };
    let slopes = value(apart(rows))?;
    let product_slopes = if C::KEPT == Kept::Product { value(apart(units))? } else { slopes };
    // For the largest block, because a plan is the same on every back end.
    let transposed = |of: usize| apart(kernel::scratch(of, MAX_BLOCK));
    let (inputs_t, states_t) = (value(transposed(inputs))?, value(transposed(units))?);
    let kept_t = if C::KEPT == Kept::Factor { value(transposed(units))? } else { states_t };
    let (dh, carried) = (builder.buffer(units), builder.buffer(units));
    let memory = (C::KEPT == Kept::Memory).then(|| {
        let after = builder.draft.part(kept, last, units);
        builder.state(".c", units, after)
    });
    let weights = |builder: &mut Builder, part: &str, from: usize| {
        let start = InitialValue::weight(options.initializer, &Activation::Tanh, (from, units));
        builder.regularized(part, vec![rows, from], start, options.regularization)
    };
    let weight_ih = weights(builder, "weight_ih_l0", inputs)?;
    let weight_hh = weights(builder, "weight_hh_l0", units)?;
    let mut biases = [None; 2];
    if options.bias {
        for (bias, part) in biases.iter_mut().zip(["bias_ih_l0", "bias_hh_l0"]) {
            *bias = Some(builder.tensor(part, vec![rows], InitialValue::Constant(0.0))?);
        }
    }
    let [bias_ih, bias_hh] = biases;
    let single = Single::plan::<C>(builder, inputs, units);
    let (packed, single_scratch) = single.as_ref().map(|one| one.buffers()).unzip();
    let operator = Recurrence {
        cell,
        steps,
        inputs,
        units,
        weight_ih,
        weight_hh,
        bias_ih,
        bias_hh,
        input: x.buffer,
        before: before.buffer,
        states: states.buffer,
        output: output.buffer,
        gates,
        kept,
        memory: memory.as_ref().map(|value| value.buffer),
        slopes,
        product_slopes,
        dh,
        carried,
        inputs_t,
        states_t,
        kept_t,
        single,
    };
    let uses = Uses {
        saved_for_backward: vec![states.buffer, gates, kept],
        scratch: vec![slopes, product_slopes, dh, carried, inputs_t, states_t, kept_t],
        single_scratch: single_scratch.into_iter().collect(),
        packed: packed.into_iter().collect(),
        trains: true,
    };
    let inputs: Vec<&Value> = [x, &before].into_iter().chain(memory.as_ref()).collect();
    Ok(builder.node(operator, &inputs, output, uses))
}
