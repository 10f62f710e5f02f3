//! The gated recurrent unit (Cho et al. 2014):
//!
//! ```text
//! r, z = σ(W·x(t) + b + W·h(t−1) + b)                      each gate with weights of its own
//! n = tanh(W·x(t) + b + r·(W·h(t−1) + b))                  reset after the product, as in cuDNN and PyTorch
//! n = tanh(W·x(t) + b + W·(r·h(t−1)) + b)                  or before it, as in the paper
//! h(t) = (1 − z)·n + z·h(t−1)
//! ```
//!
//! The rows of the weights are those of r, z, n, as in PyTorch.

use super::{Cell, Kept, Options, Step, plan};
use crate::options::json::{Fields, Read, one_of};
use crate::plan::{Builder, Value};
use hebb_kernels::activation::{self, Elementwise};
use hebb_kernels::error::Result;
use hebb_kernels::{dense as kernel, recurrent};
use serde_json::Value as Json;

/// The options of a GRU.
#[derive(Clone, Debug)]
pub struct Gru {
    /// Whether r multiplies the product, or the state before it.
    pub reset: Reset,
    /// Those that all recurrent layers have.
    pub options: Options,
}

/// What the reset gate multiplies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reset {
    /// W·h(t−1) + b.
    #[default]
    After,
    /// h(t−1).
    Before,
}

impl Read for Reset {
    fn read(name: &str, json: Json) -> std::result::Result<Self, String> {
        one_of(name, &json, &[("after", Reset::After), ("before", Reset::Before)])
    }
}

impl Gru {
    pub(in crate::layers) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { reset: f.get("reset", Reset::After), options: Options::read(f)? })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        match self.reset {
            Reset::After => plan(builder, inputs, "gru", &self.options, ResetAfter),
            Reset::Before => plan(builder, inputs, "gru", &self.options, ResetBefore),
        }
    }
}

/// The gates r and z.
///
/// # Safety
/// As [`Cell::forward`].
unsafe fn gates(s: &Step) {
    // SAFETY: the caller's.
    unsafe {
        s.add_product(0, 2, s.before);
        activation::forward(s.level, Elementwise::Sigmoid, s.gates, s.gates, 2 * s.units);
    }
}

/// n and h, from the net input of n.
///
/// # Safety
/// As [`Cell::forward`].
unsafe fn blend(s: &Step) {
    let (z, n) = (s.gate(s.gates, 1), s.gate(s.gates, 2));
    // SAFETY: the caller's.
    unsafe {
        activation::forward(s.level, Elementwise::Tanh, n, n, s.units);
        recurrent::blend(s.level, z, n, s.before, s.h, s.units);
    }
}

/// The slopes of z and n.
///
/// # Safety
/// As [`Cell::backward`].
unsafe fn blend_backward(s: &Step) {
    let (z, n) = (s.gate(s.gates, 1), s.gate(s.gates, 2));
    let (dz, dn) = (s.gate(s.slopes, 1), s.gate(s.slopes, 2));
    // SAFETY: the caller's.
    unsafe { recurrent::blend_backward(s.level, z, n, s.before, s.dh, dz, dn, s.units) }
}

#[derive(Clone, Copy)]
struct ResetAfter;

impl Cell for ResetAfter {
    const GATES: usize = 3;
    const KEPT: Kept = Kept::Product;

    unsafe fn forward(&self, s: &Step) {
        let units = s.units;
        // SAFETY: the caller's.
        unsafe {
            gates(s);
            s.product(2, s.kept);
            recurrent::multiply(s.level, s.gates, s.kept, s.gate(s.gates, 2), true, units);
            blend(s);
        }
    }

    unsafe fn backward(&self, s: &Step) {
        let (units, dn) = (s.units, s.gate(s.slopes, 2));
        // SAFETY: the caller's.
        unsafe {
            blend_backward(s);
            recurrent::gate_backward(s.level, s.gates, s.kept, dn, s.slopes, units);
            recurrent::multiply(s.level, s.gates, dn, s.product_slopes, false, units);
            s.pass_back(0, s.slopes, 2);
            s.pass_back(2, s.product_slopes, 1);
        }
    }
}

#[derive(Clone, Copy)]
struct ResetBefore;

impl Cell for ResetBefore {
    const GATES: usize = 3;
    const KEPT: Kept = Kept::Factor;

    unsafe fn forward(&self, s: &Step) {
        let units = s.units;
        // SAFETY: the caller's.
        unsafe {
            gates(s);
            recurrent::multiply(s.level, s.gates, s.before, s.kept, false, units);
            s.add_product(2, 1, s.kept);
            blend(s);
        }
    }

    unsafe fn backward(&self, s: &Step) {
        let (units, dn) = (s.units, s.gate(s.slopes, 2));
        // SAFETY: the caller's.
        unsafe {
            blend_backward(s);
            // ∂E/∂(r·h(t−1)).
            let product = s.carried;
            kernel::backward_input(s.level, s.one(), s.weights(2), dn, product, units, units, 0..units);
            recurrent::gate_backward(s.level, s.gates, s.before, product, s.slopes, units);
            recurrent::multiply(s.level, s.gates, product, s.dh, true, units);
            s.pass_back(0, s.slopes, 2);
        }
    }
}
