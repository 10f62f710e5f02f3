//! Recurrent layers for a single sample, whose lanes are units. The net inputs of the gates are one product with W_ih, b_hh and
//! W_hh side by side, which adds in the order of blocks:
//!
//! ```text
//!                    ┌ x(t) ┐
//! [ W_ih  b_hh  W_hh ]·│  1   │ + b_ih          its rows: gate by gate, each filled up to whole vectors
//!                    └h(t−1)┘
//! ```
//!
//! If the last gate multiplies something else ([`Kept`]), its rows are matrices of their own.

use super::cell::{Cell, Kept, Step};
use super::operator::Recurrence;
use crate::plan::{Block, Buffer, Builder, MAX_BLOCK, SingleSample};
use hebb_kernels::simd::Level;
use hebb_kernels::single;

/// Maximum weights: more do not stay in the caches, and would double the memory.
const PACKED: usize = 1 << 18;

/// The buffers of a single sample.
pub(super) struct Single {
    /// The packed matrices, one after another.
    packed: Buffer,
    /// What the product multiplies, gates, what is kept, and the second state.
    scratch: Buffer,
}

impl Single {
    pub fn plan<C: Cell>(builder: &mut Builder, inputs: usize, units: usize) -> Option<Self> {
        let shape = Shape::of::<C>(inputs, units, true);
        if shape.rows().saturating_mul(shape.width()) > PACKED {
            return None;
        }
        let size = shape.matrices().iter().map(|matrix| matrix.size()).sum();
        Some(Self { packed: builder.buffer(size), scratch: builder.buffer(shape.scratch()) })
    }

    pub fn buffers(&self) -> (Buffer, Buffer) {
        (self.packed, self.scratch)
    }
}

/// The sizes of a layer for a single sample.
#[derive(Clone, Copy)]
struct Shape {
    inputs: usize,
    units: usize,
    gates: usize,
    kept: Kept,
    /// Whether there are biases, and therefore a 1 between x(t) and h(t−1).
    bias: bool,
}

/// A packed matrix: some gates, of which parts of the weights.
struct Matrix {
    gates: std::ops::Range<usize>,
    rows: usize,
    /// Whether it has W_ih, and W_hh.
    own: bool,
    hidden: bool,
    width: usize,
}

impl Matrix {
    fn size(&self) -> usize {
        single::packed_dense(self.width, self.rows)
    }
}

impl Shape {
    fn of<C: Cell>(inputs: usize, units: usize, bias: bool) -> Self {
        Self { inputs, units, gates: C::GATES, kept: C::KEPT, bias }
    }

    /// Values of a state, filled up.
    fn state(&self) -> usize {
        self.units.next_multiple_of(MAX_BLOCK)
    }

    fn rows(&self) -> usize {
        self.gates * self.state()
    }

    fn width(&self) -> usize {
        self.inputs + usize::from(self.bias) + self.units
    }

    /// What is multiplied, two states that are not h, and the gates.
    fn scratch(&self) -> usize {
        self.inputs + 1 + 4 * self.state() + self.rows()
    }

    /// Those of all gates but the last, or of all; then those of the last. What does not exist has no rows.
    fn matrices(&self) -> [Matrix; 3] {
        let matrix = |gates: std::ops::Range<usize>, own: bool, hidden: bool| {
            let width = match (own, hidden) {
                (true, true) => self.width(),
                (true, false) => self.inputs,
                _ => self.units,
            };
            Matrix { rows: gates.len() * self.state(), gates, own, hidden, width }
        };
        let (all, none) = (0..self.gates, 0..0);
        let (others, last) = (0..self.gates - 1, self.gates - 1..self.gates);
        let [first, own, hidden] = match self.kept {
            Kept::Nothing | Kept::Memory => [all, none.clone(), none],
            Kept::Factor => [others, last, none],
            Kept::Product => [others, last.clone(), last],
        };
        let whole = self.kept == Kept::Factor;
        [matrix(first, true, true), matrix(own, true, whole), matrix(hidden, false, true)]
    }
}

/// The products of a single sample's gates.
pub(super) struct Products {
    shape: Shape,
    /// With the places where they are packed.
    matrices: [(Matrix, *const f32); 3],
    /// x(t), 1 and what W_hh multiplies.
    x: *mut f32,
}

impl Products {
    /// The net inputs of the gates from `first` on, with W_hh·h.
    ///
    /// # Safety
    /// `h` and y are parts of the scratch.
    pub unsafe fn net(&self, level: Level, first: usize, h: *const f32, y: *mut f32) {
        // SAFETY: the caller's.
        unsafe {
            let to = self.x.add(self.shape.width() - self.shape.units);
            to.copy_from(h, self.shape.units);
            self.multiply(level, usize::from(first > 0), self.x, y);
        }
    }

    /// The product of a matrix and x, with its bias.
    ///
    /// # Safety
    /// As for `net`.
    unsafe fn multiply(&self, level: Level, number: usize, x: *const f32, y: *mut f32) {
        let (matrix, packed) = &self.matrices[number];
        // SAFETY: the caller's.
        unsafe { single::dense_packed(level, *packed, x, y, matrix.width, matrix.rows) }
    }

    /// The part of x(t) in the net input of the last gate.
    ///
    /// # Safety
    /// As for `net`.
    unsafe fn own(&self, level: Level, y: *mut f32) {
        // SAFETY: the caller's.
        unsafe { self.multiply(level, 1, self.x, y) }
    }

    /// W_hh·h + b_hh of the last gate.
    ///
    /// # Safety
    /// As for `net`.
    pub unsafe fn hidden(&self, level: Level, h: *const f32, y: *mut f32) {
        // SAFETY: the caller's.
        unsafe { self.multiply(level, 2, h, y) }
    }
}

impl<C: Cell> Recurrence<C> {
    fn products(&self, sample: &Block) -> Option<Products> {
        let own = self.single.as_ref()?;
        let shape = Shape::of::<C>(self.inputs, self.units, self.bias_hh.is_some());
        let mut at = sample.value(own.packed);
        let matrices = shape.matrices().map(|matrix| {
            let packed = at;
            at = at.wrapping_add(matrix.size());
            (matrix, packed as *const f32)
        });
        Some(Products { shape, matrices, x: sample.value(own.scratch) })
    }
}

impl<C: Cell> SingleSample for Recurrence<C> {
    fn pack(&self, sample: &Block, _part: usize) {
        let Some(Products { shape, matrices, .. }) = self.products(sample) else { return };
        let tensor = |offset: usize, size: usize| &sample.parameters[offset..offset + size];
        let (rows, units, inputs) = (C::GATES * self.units, self.units, self.inputs);
        let (w_ih, w_hh) = (tensor(self.weight_ih, rows * inputs), tensor(self.weight_hh, rows * units));
        let (b_ih, b_hh) =
            (self.bias_ih.map(|bias| tensor(bias, rows)), self.bias_hh.map(|bias| tensor(bias, rows)));
        for (matrix, packed) in matrices {
            let mut w = vec![0.0; matrix.rows * matrix.width];
            let mut b = vec![0.0; matrix.rows];
            for (i, gate) in matrix.gates.clone().enumerate() {
                for unit in 0..units {
                    let (row, to) = (gate * units + unit, i * shape.state() + unit);
                    let mut parts = Vec::new();
                    if matrix.own {
                        parts.extend(&w_ih[row * inputs..][..inputs]);
                    }
                    if matrix.own && matrix.hidden {
                        parts.extend(b_hh.map(|bias| bias[row]));
                    }
                    if matrix.hidden {
                        parts.extend(&w_hh[row * units..][..units]);
                    }
                    w[to * matrix.width..][..matrix.width].copy_from_slice(&parts);
                    b[to] = if matrix.own { b_ih } else { b_hh }.map_or(0.0, |bias| bias[row]);
                }
            }
            let (w, b) = (w.as_ptr(), b.as_ptr());
            // SAFETY: the plan gave each matrix its size.
            unsafe {
                single::pack_dense(sample.level, w, b, packed.cast_mut(), matrix.width, matrix.rows);
            }
        }
    }

    fn forward(&self, sample: &Block, _part: usize) {
        let Some(products) = self.products(sample) else { return };
        let (shape, units, inputs) = (products.shape, self.units, self.inputs);
        let (size, lanes) = (shape.state(), sample.level.block());
        let [h, kept, memory, gates] =
            [0, 1, 2, 3].map(|part| products.x.wrapping_add(inputs + 1 + (part + 1) * size));
        let (x, states) = (sample.value(self.input), sample.value(self.states));
        let null = std::ptr::null_mut();
        let step = Step {
            level: sample.level,
            lanes,
            units: size / lanes,
            single: Some(&products),
            w: null,
            b: null,
            before: h,
            h,
            gates: if C::GATES == 1 { h } else { gates },
            kept_before: memory,
            kept: if C::KEPT == Kept::Memory { memory } else { kept },
            slopes: null,
            product_slopes: null,
            dh: null,
            carried: null,
        };
        // SAFETY: the plan sized the buffers; what is filled up is finite, and read by nobody.
        unsafe {
            h.write_bytes(0, 3 * size);
            h.copy_from_nonoverlapping(sample.value(self.before), units);
            if let Some(before) = self.memory {
                memory.copy_from_nonoverlapping(sample.value(before), units);
            }
            *products.x.add(inputs) = 1.0;
            let length = match self.lengths {
                Some(lengths) => *sample.value(lengths) as usize,
                None => self.steps,
            };
            for t in self.order() {
                if t >= length {
                    states.add(t * units).copy_from_nonoverlapping(h, units);
                    continue;
                }
                products.x.copy_from_nonoverlapping(x.add(t * inputs), inputs);
                if C::KEPT == Kept::Product {
                    products.own(sample.level, step.gate(gates, C::GATES - 1));
                }
                self.cell.forward(&step);
                states.add(t * units).copy_from_nonoverlapping(h, units);
            }
            if self.memory.is_some() {
                let last = sample.value(self.kept).add(self.last() * units);
                last.copy_from_nonoverlapping(memory, units);
            }
            if self.output != self.states {
                sample.value(self.output).copy_from_nonoverlapping(h, units);
            }
        }
    }
}
