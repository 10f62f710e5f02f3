//! The recurrent layer (Elman 1990): h(t) = f(W_ih·x(t) + b_ih + W_hh·h(t−1) + b_hh). The course notes write
//! h = σ(U·X + W·h₋₁ + B).

use super::{Cell, Kept, Options, Step, plan};
use crate::options::Activation;
use crate::options::json::Fields;
use crate::plan::{Builder, Value};
use hebb_kernels::activation::{self, Elementwise};
use hebb_kernels::error::Result;

/// The options of a recurrent layer.
#[derive(Clone, Debug)]
pub struct Rnn {
    /// f: tanh, the default, sigmoid or ReLU.
    pub activation: Activation,
    /// Those that all recurrent layers have.
    pub options: Options,
}

impl Rnn {
    pub(in crate::layers) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { activation: f.get("activation", Activation::Tanh), options: Options::read(f)? })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
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
        plan(builder, inputs, "rnn", &self.options, Elman { kind })
    }
}

#[derive(Clone, Copy)]
struct Elman {
    kind: Elementwise,
}

impl Cell for Elman {
    const GATES: usize = 1;
    const KEPT: Kept = Kept::Nothing;

    unsafe fn forward(&self, s: &Step) {
        // SAFETY: the caller's.
        unsafe {
            s.add_product(0, 1, s.before);
            activation::forward(s.level, self.kind, s.gates, s.h, s.units);
        }
    }

    unsafe fn backward(&self, s: &Step) {
        let units = s.units;
        // SAFETY: the caller's.
        unsafe {
            activation::backward(s.level, self.kind, std::ptr::null(), s.h, s.dh, s.slopes, units);
            s.dh.write_bytes(0, units * s.lanes);
            s.pass_back(0, s.slopes, 1);
        }
    }
}
