//! The axes of a sample in another order: `[C, 1, T]` → `[T, C, 1]`, so that a recurrent layer reads what a convolution over time
//! wrote.

use super::only_input;
use crate::options::json::Fields;
use crate::plan::{Block, Buffer, Builder, Operator, Uses, Value};
use hebb_kernels::error::Result;

/// The options of a permutation.
#[derive(Clone, Debug)]
pub struct Permute {
    /// For each axis of the output the axis of the input.
    pub axes: Vec<usize>,
}

impl Permute {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { axes: f.required("axes")? })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let mut sorted = self.axes.clone();
        sorted.sort_unstable();
        if !sorted.iter().copied().eq(0..x.shape.len()) {
            return Err(builder.shape(format!(
                "permute needs each axis of its input {:?} once, from 0: {:?} does not have them",
                x.shape, self.axes
            )));
        }
        if x.lengths.is_some() && self.axes[0] != 0 {
            return Err(builder.option("moves the time steps of sequences with lengths of their own"));
        }
        let output = builder.value(self.axes.iter().map(|&axis| x.shape[axis]).collect())?;
        let operator = Permutation { rows: self.rows(&x.shape), input: x.buffer, output: output.buffer };
        Ok(builder.node(operator, &[x], output, Uses::default()))
    }

    /// For each value of the output the place of that value in the input.
    fn rows(&self, shape: &[usize]) -> Vec<u32> {
        let stride = |axis: usize| shape[axis + 1..].iter().product::<usize>();
        self.axes.iter().fold(vec![0], |rows, &axis| {
            let steps = |row: u32| (0..shape[axis]).map(move |at| row + (at * stride(axis)) as u32);
            rows.into_iter().flat_map(steps).collect()
        })
    }
}

struct Permutation {
    rows: Vec<u32>,
    input: Buffer,
    output: Buffer,
}

impl Operator for Permutation {
    fn forward(&self, block: &Block, _part: usize) {
        // SAFETY: the plan gave the buffers these values; input and output never overlap.
        let (x, y) = unsafe {
            (block.values(self.input, self.rows.len()), block.values_mut(self.output, self.rows.len()))
        };
        let lanes = block.lanes();
        for (y, &row) in y.chunks_exact_mut(lanes).zip(&self.rows) {
            y.copy_from_slice(&x[row as usize * lanes..][..lanes]);
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        // SAFETY: as above.
        let (dx, dy) = unsafe {
            (block.gradients_mut(self.input, self.rows.len()), block.gradients(self.output, self.rows.len()))
        };
        let lanes = block.lanes();
        for (dy, &row) in dy.chunks_exact(lanes).zip(&self.rows) {
            dx[row as usize * lanes..][..lanes].copy_from_slice(dy);
        }
    }

    fn cost(&self) -> usize {
        self.rows.len()
    }
}
