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
//! The products with W_ih, and the gradients of both weights, are computed for all time steps at once. A layer may have several
//! levels, each of which reads the states of the one below, and in each level a pass per direction, which [`pass`] plans.

mod cell;
pub mod gru;
pub mod lstm;
mod operator;
mod pass;
pub mod rnn;
mod single;

use super::dropout::Dropout;
use super::merge::Concat;
use super::only_input;
use crate::options::json::{Fields, Read, one_of};
use crate::options::{Initializer, Regularization};
use crate::plan::{Builder, Value};
use cell::{Cell, Kept, Step};
use hebb_kernels::error::Result;
use operator::{Recurrence, apart};
use pass::Pass;
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
    /// The order in which it reads the time steps. Default: forward.
    pub direction: Direction,
    /// Levels, at least 1, the default; each reads all states of the one below.
    pub layers: usize,
    /// The rate of the dropout between the levels. Default 0: none.
    pub dropout: f32,
    /// The states before the first time step. Default: zeros.
    pub initial_state: InitialState,
    /// Initial distribution of the weights. Default: Glorot's.
    pub initializer: Option<Initializer>,
    /// Regularisation of the weights. Default: that of the loss index.
    pub regularization: Option<Regularization>,
}

/// The states that are a recurrent layer's output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Returns {
    /// The last, `[units]`: of the pass backward that of the first time step.
    #[default]
    Last,
    /// All, `[T, units]`.
    All,
}

/// The order in which a recurrent layer reads the time steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From the first to the last.
    #[default]
    Forward,
    /// From the last to the first.
    Backward,
    /// Both, each with weights of its own; of each time step the states of both side by side.
    Both,
}

/// The states before the first time step of a recurrent layer, if the caller gives none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InitialState {
    /// Zeros.
    #[default]
    Zeros,
    /// Parameters, which start at zero.
    Learned,
}

macro_rules! named {
    ($($kind:ty: $($name:literal $value:expr),*;)*) => {
        $(impl Read for $kind {
            fn read(name: &str, json: Json) -> std::result::Result<Self, String> {
                one_of(name, &json, &[$(($name, $value)),*])
            }
        })*
    };
}

named! {
    Returns: "last" Returns::Last, "all" Returns::All;
    Direction: "forward" Direction::Forward, "backward" Direction::Backward, "both" Direction::Both;
    InitialState: "zeros" InitialState::Zeros, "learned" InitialState::Learned;
}

impl Options {
    fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {
            units: f.required("units")?,
            bias: f.get("bias", true),
            returns: f.get("returns", Returns::Last),
            direction: f.get("direction", Direction::Forward),
            layers: f.get("layers", 1),
            dropout: f.float("dropout", 0.0),
            initial_state: f.get("initialState", InitialState::Zeros),
            initializer: f.optional("initializer"),
            regularization: f.optional("regularization"),
        })
    }
}

/// Adds a recurrent layer with these cells to the plan.
fn plan<C: Cell + Copy + 'static>(
    builder: &mut Builder,
    inputs: &[Value],
    kind: &str,
    options: &Options,
    cell: C,
) -> Result<Value> {
    let mut x = only_input(builder, inputs)?.clone();
    if !x.is_sequence() {
        return Err(builder.shape(format!(
            "{kind} needs an input [T, features], got {:?}; reshape({{ to: [T, features] }}) makes one",
            x.shape
        )));
    }
    let &Options { layers, dropout, direction, .. } = options;
    if options.units == 0 || layers == 0 {
        return Err(builder.option("units and layers must be at least 1"));
    }
    if dropout != 0.0 && layers == 1 {
        return Err(builder.option(
            "dropout acts between the levels of a recurrent layer, and this one has a single level: give layers: 2, or add a dropout layer after it",
        ));
    }
    let lengths = x.lengths;
    for level in 0..layers {
        x.lengths = lengths;
        let last = level + 1 == layers;
        let returns = if last { options.returns } else { Returns::All };
        let pass = |builder: &mut Builder, x: &Value, backward: bool| {
            pass::plan(builder, x, options, cell, Pass { level, backward, returns })
        };
        x = match direction {
            Direction::Forward => pass(builder, &x, false)?,
            Direction::Backward => pass(builder, &x, true)?,
            Direction::Both => {
                let twin = builder.fork(&x);
                let both = [pass(builder, &x, false)?, pass(builder, &twin, true)?];
                Concat {}.plan(builder, &both)?
            }
        };
        if !last && dropout != 0.0 {
            x = Dropout { rate: dropout }.plan(builder, &[x])?;
        }
    }
    Ok(x)
}
