//! The operator of recurrent layers: cells through the time steps, and back.

use super::cell::{Cell, Kept, Step};
use super::single::Single;
use crate::plan::{Block, Buffer, Operator, ROWS_PER_PART, SingleSample, optional_mut, part_rows};
use hebb_kernels::dense::{self as kernel, Blocks};
use hebb_kernels::recurrent;

pub(super) struct Recurrence<C> {
    pub cell: C,
    /// T.
    pub steps: usize,
    pub inputs: usize,
    pub units: usize,
    /// Whether it reads the time steps from the last to the first.
    pub backward: bool,
    /// The number of time steps of each sample, if it varies: after them a sample keeps its state.
    pub lengths: Option<Buffer>,
    pub weight_ih: usize,
    pub weight_hh: usize,
    pub bias_ih: Option<usize>,
    pub bias_hh: Option<usize>,
    /// The parameters that h(−1) and c(−1) are, if they are learned.
    pub initial: [Option<usize>; 2],
    pub input: Buffer,
    /// h(−1).
    pub before: Buffer,
    /// h(0) to h(T−1).
    pub states: Buffer,
    /// The states, or a copy of the last.
    pub output: Buffer,
    pub gates: Buffer,
    pub kept: Buffer,
    /// The second state before the first time step, if there is one.
    pub memory: Option<Buffer>,
    pub slopes: Buffer,
    pub product_slopes: Buffer,
    pub dh: Buffer,
    pub carried: Buffer,
    /// `dh` and `carried` of samples without this time step, if lengths vary.
    pub held: Option<Buffer>,
    /// x(t), h(t−1) and what is kept, transposed.
    pub inputs_t: Buffer,
    pub states_t: Buffer,
    pub kept_t: Buffer,
    /// What a single sample needs, unless its weights are too many.
    pub single: Option<Single>,
}

/// The rows per time step of the buffers of the backward pass that have `rows` each: some more, because time steps a power of
/// two apart would share the same few lines of the caches.
pub(super) fn apart(rows: usize) -> usize {
    rows + 2
}

/// A pointer to time step `t` of a buffer with `rows` rows per step.
fn at(block: &Block, first: *mut f32, rows: usize, t: usize) -> *mut f32 {
    first.wrapping_add(t * rows * block.lanes())
}

impl<C: Cell> Recurrence<C> {
    fn returns_all(&self) -> bool {
        self.output == self.states
    }

    /// Rows of the weights.
    fn rows(&self) -> usize {
        C::GATES * self.units
    }

    /// The time steps as blocks that use the same weights, of buffers with so many rows per step.
    fn all(&self, block: &Block, x: usize, y: usize) -> Blocks {
        let samples = block.lanes();
        Blocks { count: self.steps, x: x * samples, y: y * samples, samples }
    }

    /// The time steps in the order in which they are read.
    pub fn order(&self) -> impl DoubleEndedIterator<Item = usize> + use<C> {
        let (steps, backward) = (self.steps, self.backward);
        (0..steps).map(move |i| if backward { steps - 1 - i } else { i })
    }

    /// The time step that is read last.
    pub fn last(&self) -> usize {
        if self.backward { 0 } else { self.steps - 1 }
    }

    /// The lengths of the samples, if some of them have no time step `t`.
    fn ended(&self, block: &Block, t: usize) -> Option<*const f32> {
        let lengths = block.value(self.lengths?);
        // SAFETY: the plan gave the lengths one row.
        let some = (0..block.lanes()).any(|lane| unsafe { *lengths.add(lane) } <= t as f32);
        some.then_some(lengths)
    }

    /// A time step of the forward pass.
    fn step(&self, block: &Block, t: usize) -> Step<'static> {
        let units = self.units;
        let part = |buffer: Buffer, rows: usize, t: usize| at(block, block.value(buffer), rows, t);
        let first = if self.backward { self.steps - 1 } else { 0 };
        let previous = |start: Buffer, all: Buffer| match t {
            _ if t == first => block.value(start),
            _ if self.backward => part(all, units, t + 1),
            _ => part(all, units, t - 1),
        };
        Step {
            level: block.level,
            lanes: block.lanes(),
            units,
            single: None,
            w: block.parameter(self.weight_hh),
            b: block.optional(self.bias_hh),
            before: previous(self.before, self.states),
            h: part(self.states, units, t),
            gates: part(self.gates, self.rows(), t),
            kept_before: self.memory.map_or(std::ptr::null_mut(), |memory| previous(memory, self.kept)),
            kept: part(self.kept, units, t),
            slopes: std::ptr::null_mut(),
            product_slopes: std::ptr::null_mut(),
            dh: std::ptr::null_mut(),
            carried: std::ptr::null_mut(),
        }
    }

    /// The same in the backward pass, whose buffers an arena for inference does not have.
    fn step_back(&self, block: &Block, t: usize) -> Step<'static> {
        let part = |buffer: Buffer, rows: usize| at(block, block.value(buffer), apart(rows), t);
        Step {
            slopes: part(self.slopes, self.rows()),
            product_slopes: part(self.product_slopes, self.units),
            dh: block.value(self.dh),
            carried: block.value(self.carried),
            ..self.step(block, t)
        }
    }

    /// The backward pass of a time step that some samples do not have: their slopes are zero, and their gradients pass through
    /// it.
    ///
    /// # Safety
    /// As for [`Cell::backward`]; `held` has two rows per unit.
    unsafe fn backward_held(&self, block: &Block, step: &Step, t: usize, lengths: *const f32, held: Buffer) {
        let (units, size) = (self.units, self.units * block.lanes());
        let dh = block.value(held);
        let carried = dh.wrapping_add(size);
        let none = std::ptr::null();
        // SAFETY: the caller's.
        unsafe {
            dh.copy_from_nonoverlapping(step.dh, size);
            carried.copy_from_nonoverlapping(step.carried, size);
            self.cell.backward(step);
            recurrent::hold(block.level, lengths, t, dh, step.dh, units);
            recurrent::hold(block.level, lengths, t, carried, step.carried, units);
            recurrent::hold(block.level, lengths, t, none, step.slopes, self.rows());
            if C::KEPT == Kept::Product {
                recurrent::hold(block.level, lengths, t, none, step.product_slopes, units);
            }
        }
    }

    /// Adds the gradients of the initial states, which are ∂E/∂h(−1) and ∂E/∂c(−1).
    fn backward_initial(&self, block: &Block, gradient: *mut f32) {
        for (start, slopes) in self.initial.into_iter().zip([self.dh, self.carried]) {
            let Some(start) = start else { continue };
            // SAFETY: the plan gave the buffers `units` rows, and the parameter as many values.
            let (slopes, gradient) = unsafe {
                let gradient = std::slice::from_raw_parts_mut(gradient.add(start), self.units);
                (block.values(slopes, self.units), gradient)
            };
            for (gradient, row) in gradient.iter_mut().zip(slopes.chunks_exact(block.lanes())) {
                *gradient += row.iter().sum::<f32>();
            }
        }
    }
}

impl<C: Cell> Operator for Recurrence<C> {
    fn forward(&self, block: &Block, _part: usize) {
        let (inputs, units) = (self.inputs, self.units);
        let (w, b) = (block.parameter(self.weight_ih), block.optional(self.bias_ih));
        let (x, gates) = (block.value(self.input), block.value(self.gates));
        let all = self.all(block, inputs, self.rows());
        // SAFETY: the plan sized buffers and tensors by steps, inputs, units and gates; buffers in use never overlap.
        unsafe {
            kernel::forward(block.level, all, w, b, x, gates, inputs, 0..self.rows());
            for t in self.order() {
                let step = self.step(block, t);
                self.cell.forward(&step);
                if let Some(lengths) = self.ended(block, t) {
                    recurrent::hold(block.level, lengths, t, step.before, step.h, units);
                    if self.memory.is_some() {
                        recurrent::hold(block.level, lengths, t, step.kept_before, step.kept, units);
                    }
                }
            }
            if !self.returns_all() {
                let last = self.step(block, self.last()).h;
                last.copy_to_nonoverlapping(block.value(self.output), units * block.lanes());
            }
        }
    }

    fn prepare_backward(&self, block: &Block) {
        let (inputs, units) = (self.inputs, self.units);
        let size = units * block.lanes();
        let scratch = |of: usize| apart(kernel::scratch(of, block.lanes()));
        let (dy, dh) = (block.gradient(self.output), block.value(self.dh));
        // SAFETY: as above.
        unsafe {
            dh.write_bytes(0, size);
            block.value(self.carried).write_bytes(0, size);
            for t in self.order().rev() {
                let step = self.step_back(block, t);
                if self.returns_all() || t == self.last() {
                    let dy = if self.returns_all() { at(block, dy, units, t) } else { dy };
                    (0..size).for_each(|i| *dh.add(i) += *dy.add(i));
                }
                match (self.ended(block, t), self.held) {
                    (Some(lengths), Some(held)) => self.backward_held(block, &step, t, lengths, held),
                    _ => self.cell.backward(&step),
                }
                let x = at(block, block.value(self.input), inputs, t);
                let transposed = |buffer: Buffer, of: usize| at(block, block.value(buffer), scratch(of), t);
                kernel::transpose(block.level, x, transposed(self.inputs_t, inputs), inputs);
                kernel::transpose(block.level, step.before, transposed(self.states_t, units), units);
                if C::KEPT == Kept::Factor {
                    kernel::transpose(block.level, step.kept, transposed(self.kept_t, units), units);
                }
            }
        }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, part: usize) {
        if part == 0 {
            self.backward_initial(block, gradient);
        }
        let (inputs, units, rows) = (self.inputs, self.units, part_rows(part, self.rows()));
        let scratch = |of: usize| apart(kernel::scratch(of, block.lanes()));
        let value = |buffer: Buffer| block.value(buffer) as *const f32;
        let (dw, db) = (gradient.wrapping_add(self.weight_ih), optional_mut(gradient, self.bias_ih));
        let all = self.all(block, scratch(inputs), apart(self.rows()));
        let (xt, slopes) = (value(self.inputs_t), value(self.slopes));
        // SAFETY: as above; `gradient` has the layout of the parameters.
        unsafe { kernel::backward_parameters(block.level, all, xt, slopes, dw, db, inputs, rows.clone()) }
        let (dw, db) = (gradient.wrapping_add(self.weight_hh), optional_mut(gradient, self.bias_hh));
        let all = self.all(block, scratch(units), apart(self.rows()));
        // The last gate of some cells has other slopes, or another factor.
        let whole = if matches!(C::KEPT, Kept::Product | Kept::Factor) { C::GATES - 1 } else { C::GATES };
        let from = whole * units;
        let others = rows.start.min(from)..rows.end.min(from);
        let ht = value(self.states_t);
        // SAFETY: as above.
        unsafe { kernel::backward_parameters(block.level, all, ht, slopes, dw, db, units, others) }
        if rows.end > from {
            let last = rows.start.max(from) - from..rows.end - from;
            let dw = dw.wrapping_add(from * units);
            let db = if db.is_null() { db } else { db.wrapping_add(from) };
            let (all, slopes) = match C::KEPT {
                Kept::Product => (self.all(block, scratch(units), apart(units)), value(self.product_slopes)),
                _ => (all, slopes.wrapping_add(from * block.lanes())),
            };
            let kept = value(self.kept_t);
            // SAFETY: as above.
            unsafe { kernel::backward_parameters(block.level, all, kept, slopes, dw, db, units, last) }
        }
    }

    fn parameter_parts(&self) -> usize {
        self.rows().div_ceil(ROWS_PER_PART)
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let (w, dx) = (block.parameter(self.weight_ih), block.gradient(self.input));
        let (inputs, rows) = (self.inputs, self.rows());
        let slopes = block.value(self.slopes);
        // SAFETY: as above.
        unsafe {
            kernel::backward_input(
                block.level,
                self.all(block, inputs, apart(rows)),
                w,
                slopes,
                dx,
                inputs,
                rows,
                0..inputs,
            );
        }
    }

    fn cost(&self) -> usize {
        self.steps * self.rows() * (self.inputs + self.units)
    }

    fn multiply_adds(&self) -> usize {
        self.cost()
    }

    fn states(&self) -> Option<(Buffer, usize)> {
        Some((self.states, self.units))
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        self.single.as_ref().map(|_| self as &dyn SingleSample)
    }
}
