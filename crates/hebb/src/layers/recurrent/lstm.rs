//! Long short-term memory (Hochreiter and Schmidhuber 1997; with the forget gate of Gers, Schmidhuber and Cummins 2000):
//!
//! ```text
//! i, f, o = σ(W·x(t) + b + W·h(t−1) + b)    g = tanh(…)         each gate with weights of its own
//! c(t) = f·c(t−1) + i·g                     h(t) = o·tanh(c(t))
//! ```
//!
//! The rows of the weights are those of i, f, g, o, as in PyTorch.

use super::{Cell, Kept, Options, Step, plan};
use crate::options::json::Fields;
use crate::plan::{Builder, Value};
use hebb_kernels::activation::{self, Elementwise};
use hebb_kernels::error::Result;
use hebb_kernels::recurrent;

/// The options of an LSTM.
#[derive(Clone, Debug)]
pub struct Lstm(pub Options);

impl Lstm {
    pub(in crate::layers) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Options::read(f).map(Self)
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        plan(builder, inputs, "lstm", &self.0, Memory)
    }
}

#[derive(Clone, Copy)]
struct Memory;

impl Cell for Memory {
    const GATES: usize = 4;
    const KEPT: Kept = Kept::Memory;

    unsafe fn forward(&self, s: &Step) {
        let units = s.units;
        // SAFETY: the caller's.
        unsafe {
            s.add_product(0, 4, s.before);
            let (g, o) = (s.gate(s.gates, 2), s.gate(s.gates, 3));
            activation::forward(s.level, Elementwise::Sigmoid, s.gates, s.gates, 2 * units);
            activation::forward(s.level, Elementwise::Tanh, g, g, units);
            activation::forward(s.level, Elementwise::Sigmoid, o, o, units);
            recurrent::lstm(s.level, s.gates, s.kept_before, s.kept, s.h, units);
        }
    }

    unsafe fn backward(&self, s: &Step) {
        // SAFETY: the caller's.
        unsafe {
            recurrent::lstm_backward(
                s.level,
                s.gates,
                s.kept_before,
                s.kept,
                s.dh,
                s.carried,
                s.slopes,
                s.units,
            );
            s.dh.write_bytes(0, s.units * s.lanes);
            s.pass_back(0, s.slopes, 4);
        }
    }
}
