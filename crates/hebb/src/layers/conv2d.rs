//! Convolution (cross-correlation, as in PyTorch):
//! y[f] = b[f] + Σ w[f, c, i, j] · x[c, oh·stride + i·dilation − top, ow·stride + j·dilation − left].

use super::activation::activate;
use super::connections::{self, Connections};
use super::window::{Padding, WindowOptions};
use super::{only_input, winograd};
use crate::options::json::{Fields, Read};
use crate::options::{Activation, Initializer, Regularization};
use crate::plan::{
    Block, Buffer, Builder, InitialValue, Operator, ROWS_PER_PART, SingleSample, Uses, Value, optional_mut,
    part_rows,
};
use hebb_kernels::conv2d as kernel;
use hebb_kernels::error::Result;
use hebb_kernels::single;
use hebb_kernels::window::{Offsets, Window};
use serde_json::Value as Json;
use std::ops::Range;

/// The options of a convolution.
#[derive(Clone, Debug)]
pub struct Conv2d {
    /// Output channels, at least 1.
    pub filters: usize,
    /// `[height, width]`.
    pub kernel: [usize; 2],
    /// Default 1.
    pub stride: [usize; 2],
    /// Default 0.
    pub padding: Padding,
    /// Steps between neighbouring taps. Default 1.
    pub dilation: [usize; 2],
    /// Default 1.
    pub groups: Groups,
    /// The channels that each filter reads. Default: all of its group.
    pub connections: Option<Connections>,
    /// Default identity.
    pub activation: Activation,
    /// Whether a bias is added. Default true.
    pub bias: bool,
    /// Initial distribution of the weights. The default depends on the activation.
    pub initializer: Option<Initializer>,
    /// Regularisation of its weights. Default: that of the loss index.
    pub regularization: Option<Regularization>,
}

/// The number of groups: each group of filters reads its group of channels.
#[derive(Clone, Copy, Debug)]
pub enum Groups {
    /// This many.
    Number(usize),
    /// `"depthwise"`: one per channel.
    Depthwise,
}

impl Read for Groups {
    fn read(name: &str, json: Json) -> std::result::Result<Self, String> {
        if json == "depthwise" { Ok(Groups::Depthwise) } else { usize::read(name, json).map(Groups::Number) }
    }
}

impl Default for Groups {
    fn default() -> Self {
        Groups::Number(1)
    }
}

impl Conv2d {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {
            filters: f.required("filters")?,
            kernel: f.required("kernel")?,
            stride: f.get("stride", [1, 1]),
            padding: f.get("padding", Padding::default()),
            dilation: f.get("dilation", [1, 1]),
            groups: f.get("groups", Groups::default()),
            connections: f.given("connections")?,
            activation: f.get("activation", Activation::default()),
            bias: f.get("bias", true),
            initializer: f.optional("initializer"),
            regularization: f.optional("regularization"),
        })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let Conv2d { filters, kernel, stride, padding, dilation, .. } = *self;
        let options = WindowOptions { kernel, stride, dilation, padding, ceil: false };
        let whole = options.window(builder, x, Some(filters))?;
        let groups = match self.groups {
            Groups::Number(groups) => groups,
            Groups::Depthwise => whole.channels,
        };
        if let Some(table) = &self.connections {
            if groups != 1 {
                return Err(builder.option(
                    "connections say which channels each filter reads, and so do groups: give one of the two",
                ));
            }
            let y = connections::plan(builder, x, whole, table, self)?;
            return activate(builder, y, &self.activation, true);
        }
        if groups == 0 || !whole.channels.is_multiple_of(groups) || !filters.is_multiple_of(groups) {
            return Err(builder.option(format!(
                "groups {groups} must divide both the {} channels of its input and its {filters} filters",
                whole.channels
            )));
        }
        let window = Window { channels: whole.channels / groups, filters: filters / groups, ..whole };
        let taps = kernel[0].saturating_mul(kernel[1]);
        let fan = (window.channels.saturating_mul(taps), window.filters.saturating_mul(taps));
        let shape = vec![filters, window.channels, kernel[0], kernel[1]];
        let start = InitialValue::weight(self.initializer, &self.activation, fan);
        let weight = builder.weight(shape, start, self.regularization)?;
        let bias = builder.bias(filters, self.bias)?;
        let y = match winograd::node(builder, x, window, groups, (weight, bias))? {
            Some(y) => y,
            None => Convolution::node(builder, x, window, groups, (weight, bias))?,
        };
        activate(builder, y, &self.activation, true)
    }
}

pub(super) struct Convolution {
    /// The window of one group.
    window: Window,
    groups: usize,
    weight: usize,
    bias: Option<usize>,
    input: Buffer,
    output: Buffer,
    /// The channel of the input, and of the output, where the first group begins.
    pub first: [usize; 2],
    offsets: Offsets,
    /// Set if there is a kernel for a single sample.
    planes: Option<Planes>,
}

/// The planes that a single sample is cut into, and the offsets of the weights' inputs there.
struct Planes {
    buffer: Buffer,
    /// Floats per group; 0 if the kernel reads the input itself.
    floats: usize,
    offsets: Vec<u32>,
}

impl Convolution {
    /// Adds the convolution of these groups, with the offsets of its weight and bias.
    pub fn node(
        builder: &mut Builder,
        x: &Value,
        window: Window,
        groups: usize,
        tensors: (usize, Option<usize>),
    ) -> Result<Value> {
        let output = builder.value(vec![groups * window.filters, window.output[0], window.output[1]])?;
        let planes = single::has_conv2d(&window).then(|| Planes {
            floats: single::planes(&window),
            buffer: builder.buffer(groups * single::planes(&window)),
            offsets: single::offsets(&window),
        });
        let single_scratch = planes.iter().map(|planes| planes.buffer).collect();
        let operator = Self { planes, ..Self::new(window, groups, tensors, x.buffer, output.buffer) };
        Ok(builder.node(operator, &[x], output, Uses { single_scratch, trains: true, ..Uses::default() }))
    }

    /// From the first channel of its buffers on, and without a kernel for a single sample.
    #[inline(never)]
    pub fn new(
        window: Window,
        groups: usize,
        (weight, bias): (usize, Option<usize>),
        input: Buffer,
        output: Buffer,
    ) -> Self {
        let offsets = Offsets::of(&window);
        Self { window, groups, weight, bias, input, output, first: [0, 0], offsets, planes: None }
    }

    /// Its channels and filters, of all groups.
    pub fn size(&self) -> [usize; 2] {
        [self.groups * self.window.channels, self.groups * self.window.filters]
    }

    /// Where a group begins in its input and in its output, in floats.
    fn starts(&self, block: &Block, group: usize) -> [usize; 2] {
        let (w, lanes) = (&self.window, block.layout.lanes);
        [
            (self.first[0] + group * w.channels) * w.input[0] * w.input[1] * lanes,
            (self.first[1] + group * w.filters) * w.output[0] * w.output[1] * lanes,
        ]
    }

    /// Calls `f(group, rows of the group)` for every group that these rows belong to, `size` rows each.
    fn groups(rows: Range<usize>, size: usize, f: impl Fn(usize, Range<usize>)) {
        for group in rows.start / size..rows.end.div_ceil(size) {
            let first = group * size;
            f(group, rows.start.max(first) - first..rows.end.min(first + size) - first);
        }
    }

    /// The floats of a group's weights.
    fn weights(&self) -> usize {
        let w = &self.window;
        w.filters * w.channels * w.kernel[0] * w.kernel[1]
    }

    /// Computes the outputs of these filters.
    pub fn forward_rows(&self, block: &Block, filters: Range<usize>) {
        Self::groups(filters, self.window.filters, |group, filters| {
            let [input, output] = self.starts(block, group);
            let w = block.parameter(self.weight + group * self.weights());
            let b = block.optional(self.bias.map(|bias| bias + group * self.window.filters));
            let x = block.value(self.input).wrapping_add(input);
            let y = block.value(self.output).wrapping_add(output);
            // SAFETY: the plan sized all buffers and both tensors by this window and its groups.
            unsafe { kernel::forward(block.level, &self.window, &self.offsets, w, b, x, y, filters) }
        });
    }

    /// Computes the gradients of these channels.
    pub fn backward_input_rows(&self, block: &Block, channels: Range<usize>) {
        Self::groups(channels, self.window.channels, |group, channels| {
            let [input, output] = self.starts(block, group);
            let w = block.parameter(self.weight + group * self.weights());
            let dy = block.gradient(self.output).wrapping_add(output);
            let dx = block.gradient(self.input).wrapping_add(input);
            // SAFETY: as above; gradients have the sizes of their values.
            unsafe { kernel::backward_input(block.level, &self.window, &self.offsets, w, dy, dx, channels) }
        });
    }

    /// Adds the gradients of these filters' weights and biases.
    pub fn backward_parameters_rows(&self, block: &Block, gradient: *mut f32, filters: Range<usize>) {
        Self::groups(filters, self.window.filters, |group, filters| {
            let [input, output] = self.starts(block, group);
            let dw = gradient.wrapping_add(self.weight + group * self.weights());
            let db = optional_mut(gradient, self.bias.map(|bias| bias + group * self.window.filters));
            let x = block.value(self.input).wrapping_add(input);
            let dy = block.gradient(self.output).wrapping_add(output);
            // SAFETY: as above; `gradient` has the layout of the parameters.
            unsafe { kernel::backward_parameters(block.level, &self.window, x, dy, dw, db, filters) }
        });
    }
}

impl Operator for Convolution {
    fn forward(&self, block: &Block, part: usize) {
        self.forward_rows(block, part_rows(part, self.size()[1]));
    }

    fn backward_input(&self, block: &Block, part: usize) {
        self.backward_input_rows(block, part_rows(part, self.size()[0]));
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, part: usize) {
        self.backward_parameters_rows(block, gradient, part_rows(part, self.size()[1]));
    }

    fn parts(&self) -> usize {
        self.size()[1].div_ceil(ROWS_PER_PART)
    }

    fn input_parts(&self) -> usize {
        self.size()[0].div_ceil(ROWS_PER_PART)
    }

    fn cost(&self) -> usize {
        self.groups * self.weights() * self.window.output[0] * self.window.output[1]
    }

    fn multiply_adds(&self) -> usize {
        self.cost()
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        self.planes.is_some().then_some(self)
    }
}

impl SingleSample for Convolution {
    fn parts(&self) -> usize {
        Operator::parts(self)
    }

    fn prepare_parts(&self) -> usize {
        self.planes.as_ref().filter(|planes| planes.floats > 0).map_or(0, |_| self.groups)
    }

    fn prepare(&self, sample: &Block, group: usize) {
        let Some(planes) = &self.planes else { return };
        let [input, _] = self.starts(sample, group);
        let x = sample.value(self.input).wrapping_add(input);
        let into = sample.value(planes.buffer).wrapping_add(group * planes.floats);
        // SAFETY: the plan sized both buffers by this window and its groups.
        unsafe { single::cut(&self.window, x, into) }
    }

    fn forward(&self, sample: &Block, part: usize) {
        let Some(planes) = &self.planes else { return };
        Self::groups(part_rows(part, self.size()[1]), self.window.filters, |group, filters| {
            let [input, output] = self.starts(sample, group);
            let w = sample.parameter(self.weight + group * self.weights());
            let b = sample.optional(self.bias.map(|bias| bias + group * self.window.filters));
            let x = match planes.floats {
                0 => sample.value(self.input).wrapping_add(input),
                floats => sample.value(planes.buffer).wrapping_add(group * floats),
            };
            let y = sample.value(self.output).wrapping_add(output);
            // SAFETY: as above; the arena extends beyond the last buffer by as much as the kernel may read there.
            unsafe { single::conv2d(sample.level, &self.window, &planes.offsets, w, b, x, y, filters) }
        });
    }
}
