//! The operator of a convolution by fewer multiplications (`winograd` of the kernels): a part is a group of filters, or of channels
//! in the backward pass, and has scratch of its own.

use crate::plan::{Block, Buffer, Builder, Operator, SingleSample, Uses, Value, optional_mut};
use hebb_kernels::error::Result;
use hebb_kernels::simd::MAX_BLOCK;
use hebb_kernels::window::Window;
use hebb_kernels::winograd::{self as kernel, single};
use std::ops::Range;

/// The fewest samples of a block.
const LEAST_BLOCK: usize = 8;

struct Winograd {
    /// Of one group.
    forward: kernel::Winograd,
    backward: kernel::Winograd,
    window: Window,
    groups: usize,
    weight: usize,
    bias: Option<usize>,
    input: Buffer,
    output: Buffer,
    /// Of the forward pass, and of the backward pass.
    scratch: [Buffer; 2],
    /// Floats of a part of each.
    part: usize,
    alone: Alone,
}

/// What a single sample needs.
struct Alone {
    /// Its padded input, and V.
    input: [Buffer; 2],
    scratch: Buffer,
    packed: Buffer,
}

/// Adds the convolution of these groups, if it pays to compute it so.
pub(super) fn node(
    builder: &mut Builder,
    x: &Value,
    window: Window,
    groups: usize,
    (weight, bias): (usize, Option<usize>),
) -> Result<Option<Value>> {
    let Some(forward) = kernel::Winograd::of(&window).filter(kernel::Winograd::pays) else { return Ok(None) };
    let backward = forward.backward();
    let output = builder.value(vec![groups * window.filters, window.output[0], window.output[1]])?;
    let part = forward.scratch().max(backward.scratch()).next_multiple_of(LEAST_BLOCK);
    let parts = groups * kernel::parts(window.filters.max(window.channels));
    let blocks = parts * part / LEAST_BLOCK;
    let scratch = [blocks; 2].map(|size| builder.buffer(size));
    let alone = Alone {
        input: single::sizes(&forward, MAX_BLOCK).map(|size| builder.buffer(groups * size)),
        scratch: builder.buffer(groups * single::parts(&forward) * single::scratch(&forward)),
        packed: builder.buffer(groups * single::packed(&forward)),
    };
    let uses = Uses {
        forward_scratch: vec![scratch[0]],
        scratch: vec![scratch[1]],
        single_scratch: vec![alone.input[0], alone.input[1], alone.scratch],
        packed: vec![alone.packed],
        trains: true,
        ..Uses::default()
    };
    let (input, out) = (x.buffer, output.buffer);
    let operator = Winograd {
        forward,
        backward,
        window,
        groups,
        weight,
        bias,
        input,
        output: out,
        scratch,
        part,
        alone,
    };
    Ok(Some(builder.node(operator, &[x], output, uses)))
}

impl Winograd {
    /// The group of a part, and its rows there, of `rows` per group.
    fn rows(part: usize, rows: usize) -> (usize, Range<usize>) {
        let parts = kernel::parts(rows);
        (part / parts, kernel::part(part % parts, rows))
    }

    /// Where a group begins in its input, in its output, and among the weights.
    fn starts(&self, block: &Block, group: usize) -> [usize; 3] {
        let (w, lanes) = (&self.window, block.lanes());
        let weights = w.filters * w.channels * w.kernel[0] * w.kernel[1];
        [
            group * w.channels * w.input[0] * w.input[1] * lanes,
            group * w.filters * w.output[0] * w.output[1] * lanes,
            self.weight + group * weights,
        ]
    }

    /// Where the biases of a group are.
    fn biases(&self, group: usize) -> Option<usize> {
        self.bias.map(|bias| bias + group * self.window.filters)
    }

    /// A part of one of the scratch buffers.
    fn part_of(&self, scratch: Buffer, block: &Block, part: usize) -> *mut f32 {
        block.value(scratch).wrapping_add(part * self.part)
    }
}

impl Operator for Winograd {
    fn forward(&self, block: &Block, part: usize) {
        let (group, rows) = Self::rows(part, self.window.filters);
        let [input, output, weight] = self.starts(block, group);
        let w = (block.parameter(weight), self.forward.strides());
        let b = block.optional(self.biases(group));
        let (x, y) = (block.value(self.input), block.value(self.output).wrapping_add(output));
        let scratch = self.part_of(self.scratch[0], block, part);
        // SAFETY: the plan sized all buffers and both tensors by this window and its groups; each part has its own scratch.
        unsafe { self.forward.forward(block.level, w, b, x.wrapping_add(input), y, rows, scratch) }
    }

    fn backward_input(&self, block: &Block, part: usize) {
        let (group, rows) = Self::rows(part, self.window.channels);
        let [input, output, weight] = self.starts(block, group);
        let w = (block.parameter(weight), self.backward.turned_strides());
        let dy = block.gradient(self.output).wrapping_add(output);
        let dx = block.gradient(self.input).wrapping_add(input);
        let (none, scratch) = (std::ptr::null(), self.part_of(self.scratch[1], block, part));
        // SAFETY: as above; gradients have the sizes of their values.
        unsafe { self.backward.forward(block.level, w, none, dy, dx, rows, scratch) }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, part: usize) {
        let (group, rows) = Self::rows(part, self.window.filters);
        let [input, output, weight] = self.starts(block, group);
        let x = block.value(self.input).wrapping_add(input);
        let dy = block.gradient(self.output).wrapping_add(output);
        let (dw, db) = (gradient.wrapping_add(weight), optional_mut(gradient, self.biases(group)));
        let scratch = self.part_of(self.scratch[1], block, part);
        // SAFETY: as above; `gradient` has the layout of the parameters.
        unsafe { self.forward.backward_parameters(block.level, x, dy, dw, db, rows, scratch) }
    }

    fn parts(&self) -> usize {
        self.groups * kernel::parts(self.window.filters)
    }

    fn input_parts(&self) -> usize {
        self.groups * kernel::parts(self.window.channels)
    }

    fn cost(&self) -> usize {
        let w = &self.window;
        let filter = w.channels * w.kernel[0] * w.kernel[1];
        self.groups * w.filters * filter * w.output[0] * w.output[1]
    }

    /// Those of the formula, as for any convolution.
    fn multiply_adds(&self) -> usize {
        self.cost()
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        Some(self)
    }
}

impl Winograd {
    /// The group of a part of `forward`, the part there, the packed weights, and the part's scratch.
    fn alone(&self, sample: &Block, part: usize) -> (usize, usize, *mut f32, *mut f32) {
        let parts = single::parts(&self.forward);
        let group = part / parts;
        let packed = sample.value(self.alone.packed).wrapping_add(group * single::packed(&self.forward));
        let scratch = sample.value(self.alone.scratch).wrapping_add(part * single::scratch(&self.forward));
        (group, part % parts, packed, scratch)
    }

    /// The padded input of a group, and its V.
    fn inputs(&self, sample: &Block, group: usize) -> [*mut f32; 2] {
        let sizes = single::sizes(&self.forward, sample.level.block());
        [0, 1].map(|at| sample.value(self.alone.input[at]).wrapping_add(group * sizes[at]))
    }
}

impl SingleSample for Winograd {
    fn parts(&self) -> usize {
        self.groups * single::parts(&self.forward)
    }

    fn prepare_parts(&self) -> usize {
        self.groups * single::input_parts(&self.forward)
    }

    fn pack(&self, sample: &Block, part: usize) {
        let (group, part, packed, scratch) = self.alone(sample, part);
        let [.., weight] = self.starts(sample, group);
        // SAFETY: the plan sized all buffers and both tensors by this window and its groups, for the largest block.
        unsafe { single::pack(&self.forward, sample.level, part, sample.parameter(weight), packed, scratch) }
    }

    fn prepare(&self, sample: &Block, part: usize) {
        let parts = single::input_parts(&self.forward);
        let (group, part) = (part / parts, part % parts);
        let [input, ..] = self.starts(sample, group);
        let x = sample.value(self.input).wrapping_add(input);
        let [image, v] = self.inputs(sample, group);
        // SAFETY: as above.
        unsafe { single::prepare(&self.forward, sample.level, part, x, image, v) }
    }

    fn forward(&self, sample: &Block, part: usize) {
        let (group, part, packed, scratch) = self.alone(sample, part);
        let [_, output, _] = self.starts(sample, group);
        let (b, [_, v]) = (sample.optional(self.biases(group)), self.inputs(sample, group));
        let y = sample.value(self.output).wrapping_add(output);
        // SAFETY: as above.
        unsafe { single::forward(&self.forward, sample.level, part, packed, b, v, y, scratch) }
    }
}
