//! What a recurrent cell is: a time step, forward and backward.

use super::single::Products;
use hebb_kernels::dense::{self as kernel, Blocks};
use hebb_kernels::simd::Level;

/// How a state is made of the input and the state before.
pub(super) trait Cell: Send + Sync {
    /// Rows of the weights per unit.
    const GATES: usize;
    /// What it keeps of each time step besides gates and state, a value per unit.
    const KEPT: Kept;

    /// Gates and state of a time step, from W_ih·x(t) + b_ih in the gates.
    ///
    /// # Safety
    /// All pointers of the step are those of the plan, which nobody else uses meanwhile.
    unsafe fn forward(&self, step: &Step);

    /// The slopes of the gates' net inputs, from ∂E/∂h(t) in `dh`, which becomes the part of ∂E/∂h(t−1) that comes from this
    /// step.
    ///
    /// # Safety
    /// As for `forward`.
    unsafe fn backward(&self, step: &Step);
}

/// What a cell keeps of each time step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Nothing,
    /// A second state, c of an LSTM.
    Memory,
    /// The product of the last gate, W_hh·h(t−1) + b_hh: its slope is another than that of the gate's net input.
    Product,
    /// What the weights W_hh of the last gate multiply instead of h(t−1).
    Factor,
}

/// A time step: pointers to its part of each buffer, `[units][block]` or `[gates·units][block]`. For a single sample the units
/// are cut into rows of a block, the last filled up, so that what is elementwise is the same.
pub(super) struct Step<'a> {
    pub level: Level,
    /// Values of a row.
    pub lanes: usize,
    /// Rows of a state: its units, or of a single sample as many as hold them.
    pub units: usize,
    /// The products of a single sample.
    pub single: Option<&'a Products>,
    /// W_hh and b_hh; the bias may be null.
    pub w: *const f32,
    pub b: *const f32,
    /// h(t−1) and h(t).
    pub before: *const f32,
    pub h: *mut f32,
    pub gates: *mut f32,
    /// What was kept of the step before, and is kept of this one.
    pub kept_before: *const f32,
    pub kept: *mut f32,
    /// The slopes of the gates' net inputs, and of the product kept.
    pub slopes: *mut f32,
    pub product_slopes: *mut f32,
    pub dh: *mut f32,
    /// A value per unit that the cell leaves for the step before; zeros at the last step.
    pub carried: *mut f32,
}

impl Step<'_> {
    /// The net inputs of so many gates from `first` on, which so far have their part of x(t): += W_hh·x + b_hh.
    ///
    /// # Safety
    /// As for [`Cell::forward`].
    pub unsafe fn add_product(&self, first: usize, gates: usize, x: *const f32) {
        let y = self.gate(self.gates, first);
        // SAFETY: the caller's.
        unsafe {
            match self.single {
                Some(products) => products.net(self.level, first, x, y),
                None => {
                    let (w, b, units) = (self.weights(first), self.bias(first), self.units);
                    kernel::accumulate(self.level, w, b, x, y, units, gates * units);
                }
            }
        }
    }

    /// y = W_hh·h(t−1) + b_hh of a gate.
    ///
    /// # Safety
    /// As for [`Cell::forward`].
    pub unsafe fn product(&self, gate: usize, y: *mut f32) {
        let (x, units) = (self.before, self.units);
        // SAFETY: the caller's.
        unsafe {
            match self.single {
                Some(products) => products.hidden(self.level, x, y),
                None => {
                    let (w, b) = (self.weights(gate), self.bias(gate));
                    kernel::forward(self.level, self.one(), w, b, x, y, units, 0..units);
                }
            }
        }
    }

    /// It alone, for kernels of several blocks.
    pub fn one(&self) -> Blocks {
        Blocks { count: 1, x: 0, y: 0, samples: self.lanes }
    }

    /// The part of a gate in `gates` or `slopes`.
    pub fn gate(&self, first: *mut f32, gate: usize) -> *mut f32 {
        first.wrapping_add(gate * self.units * self.lanes)
    }

    /// W_hh of a gate and those after it.
    pub fn weights(&self, gate: usize) -> *const f32 {
        self.w.wrapping_add(gate * self.units * self.units)
    }

    /// b_hh of a gate and those after it.
    pub fn bias(&self, gate: usize) -> *const f32 {
        if self.b.is_null() { self.b } else { self.b.wrapping_add(gate * self.units) }
    }

    /// dh += W_hhᵀ·slopes, for so many gates from `first` on.
    ///
    /// # Safety
    /// As for [`Cell::backward`].
    pub unsafe fn pass_back(&self, first: usize, slopes: *const f32, gates: usize) {
        let (w, units) = (self.weights(first), self.units);
        // SAFETY: the caller's.
        unsafe { kernel::accumulate_input(self.level, w, slopes, self.dh, units, gates * units) }
    }
}
