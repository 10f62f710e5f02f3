//! Zeros around an image: `[C, H, W]` → `[C, top + H + bottom, left + W + right]`.

use super::{image, only_input};
use crate::options::json::Fields;
use crate::plan::{Block, Buffer, Builder, Operator, Uses, Value};
use hebb_kernels::error::Result;

/// The options of a zero padding.
#[derive(Clone, Debug)]
pub struct ZeroPadding2d {
    /// `[[top, bottom], [left, right]]`.
    pub padding: [[usize; 2]; 2],
}

impl ZeroPadding2d {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { padding: f.required("padding")? })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let [channels, height, width] = image(builder, x)?;
        let grown =
            |size: usize, [before, after]: [usize; 2]| size.saturating_add(before).saturating_add(after);
        let [h, w] = [grown(height, self.padding[0]), grown(width, self.padding[1])];
        let output = builder.value(vec![channels, h, w])?;
        let operator = Padding {
            channels,
            size: [height, width],
            grown: [h, w],
            start: [self.padding[0][0], self.padding[1][0]],
            input: x.buffer,
            output: output.buffer,
        };
        Ok(builder.node(operator, &[x], output, Uses::default()))
    }
}

struct Padding {
    channels: usize,
    size: [usize; 2],
    grown: [usize; 2],
    start: [usize; 2],
    input: Buffer,
    output: Buffer,
}

impl Padding {
    /// Calls `f(from, to, values)` for every row of the image: its offsets in the input and in the output.
    fn rows(&self, block: usize, mut f: impl FnMut(usize, usize, usize)) {
        for c in 0..self.channels {
            for h in 0..self.size[0] {
                let from = (c * self.size[0] + h) * self.size[1];
                let to = (c * self.grown[0] + h + self.start[0]) * self.grown[1] + self.start[1];
                f(from * block, to * block, self.size[1] * block);
            }
        }
    }

    fn sizes(&self) -> [usize; 2] {
        [self.size, self.grown].map(|[h, w]| self.channels * h * w)
    }
}

impl Operator for Padding {
    fn forward(&self, block: &Block, _part: usize) {
        let [input, output] = self.sizes();
        // SAFETY: the plan gave the buffers these sizes; input and output never overlap.
        let (x, y) = unsafe { (block.values(self.input, input), block.values_mut(self.output, output)) };
        y.fill(0.0);
        self.rows(block.lanes(), |from, to, n| y[to..to + n].copy_from_slice(&x[from..from + n]));
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let [input, output] = self.sizes();
        // SAFETY: as above.
        let (dx, dy) =
            unsafe { (block.gradients_mut(self.input, input), block.gradients(self.output, output)) };
        self.rows(block.lanes(), |from, to, n| dx[from..from + n].copy_from_slice(&dy[to..to + n]));
    }

    fn cost(&self) -> usize {
        self.sizes()[1]
    }
}
