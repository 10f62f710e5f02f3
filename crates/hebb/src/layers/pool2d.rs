//! Max and average pooling, `[C, H, W]` → `[C, OH, OW]`.

use super::window::{Padding, WindowOptions};
use super::{image, only_input};
use crate::options::json::Fields;
use crate::plan::{Block, Buffer, Builder, Operator, ROWS_PER_PART, SingleSample, Uses, Value, part_rows};
use hebb_kernels::error::Result;
use hebb_kernels::pool2d::{self as kernel, Divisor};
use hebb_kernels::single;
use hebb_kernels::window::Window;

/// The options of a max pooling. Padding is never the maximum.
#[derive(Clone, Debug)]
pub struct MaxPool2d {
    /// `[height, width]`.
    pub kernel: [usize; 2],
    /// Default: the kernel.
    pub stride: Option<[usize; 2]>,
    /// Smaller than the kernel. Default 0.
    pub padding: Padding,
    /// Whether a last window that extends beyond the edge counts. Default false.
    pub ceil_mode: bool,
}

/// The options of an average pooling.
#[derive(Clone, Debug)]
pub struct AveragePool2d {
    /// `[height, width]`.
    pub kernel: [usize; 2],
    /// Default: the kernel.
    pub stride: Option<[usize; 2]>,
    /// Smaller than the kernel. Default 0.
    pub padding: Padding,
    /// Whether a last window that extends beyond the edge counts. Default false.
    pub ceil_mode: bool,
    /// Whether the padding's zeros count as values. Default false: the mean is over the values inside the image.
    pub count_padding: bool,
}

/// The mean of each channel, `[C, H, W]` → `[C]`.
#[derive(Clone, Debug)]
pub struct GlobalAveragePool2d {}

#[inline(never)]
pub(super) fn window(
    builder: &Builder,
    x: &Value,
    kernel: [usize; 2],
    stride: Option<[usize; 2]>,
    padding: Padding,
    ceil: bool,
) -> Result<Window> {
    let options = WindowOptions { kernel, stride: stride.unwrap_or(kernel), dilation: [1, 1], padding, ceil };
    let window = options.window(builder, x, None)?;
    if (0..2).any(|d| window.padding[d].max(window.end[d]) >= kernel[d]) {
        return Err(builder.option(format!(
            "padding must be smaller than the kernel {kernel:?}: a window of nothing but padding has no value"
        )));
    }
    Ok(window)
}

impl MaxPool2d {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {
            kernel: f.required("kernel")?,
            stride: f.optional("stride"),
            padding: f.get("padding", Padding::default()),
            ceil_mode: f.get("ceilMode", false),
        })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let window = window(builder, x, self.kernel, self.stride, self.padding, self.ceil_mode)?;
        let output = builder.value(vec![window.channels, window.output[0], window.output[1]])?;
        let choice = builder.buffer(output.features());
        let operator = Max { window, input: x.buffer, output: output.buffer, choice };
        Ok(builder.node(operator, &[x], output, Uses { saved_for_backward: vec![choice], ..Uses::default() }))
    }
}

impl AveragePool2d {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {
            kernel: f.required("kernel")?,
            stride: f.optional("stride"),
            padding: f.get("padding", Padding::default()),
            ceil_mode: f.get("ceilMode", false),
            count_padding: f.get("countPadding", false),
        })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let window = window(builder, x, self.kernel, self.stride, self.padding, self.ceil_mode)?;
        average(builder, x, window, if self.count_padding { Divisor::Padded } else { Divisor::Inside })
    }
}

impl GlobalAveragePool2d {
    pub(super) fn read(_: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {})
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let [channels, height, width] = image(builder, x)?;
        let window = window(builder, x, [height, width], None, Padding::default(), false)?;
        Ok(Value { shape: vec![channels], ..average(builder, x, window, Divisor::Inside)? })
    }
}

/// Adds the mean or the sum of each window.
pub(super) fn average(builder: &mut Builder, x: &Value, window: Window, divisor: Divisor) -> Result<Value> {
    let output = builder.value(vec![window.channels, window.output[0], window.output[1]])?;
    let operator = Average { window, divisor, input: x.buffer, output: output.buffer };
    Ok(builder.node(operator, &[x], output, Uses::default()))
}

struct Max {
    window: Window,
    input: Buffer,
    output: Buffer,
    /// The tap of each window that had the maximum.
    choice: Buffer,
}

/// The window of the channels of a part, and where they begin in the input and in the output.
fn channels(w: &Window, part: usize, lanes: usize) -> (Window, [usize; 2]) {
    let rows = part_rows(part, w.channels);
    let starts = [w.input, w.output].map(|[height, width]| rows.start * height * width * lanes);
    (Window { channels: rows.len(), ..*w }, starts)
}

fn parts(w: &Window) -> usize {
    w.channels.div_ceil(ROWS_PER_PART)
}

impl Operator for Max {
    fn forward(&self, block: &Block, part: usize) {
        let (window, [input, output]) = channels(&self.window, part, block.lanes());
        let x = block.value(self.input).wrapping_add(input);
        let y = block.value(self.output).wrapping_add(output);
        let training = block.mode.is_training();
        let choice =
            if training { block.value(self.choice).wrapping_add(output) } else { std::ptr::null_mut() };
        // SAFETY: the plan sized the buffers by this window.
        unsafe { kernel::max_forward(block.level, &window, x, y, choice) }
    }

    fn backward_input(&self, block: &Block, part: usize) {
        let (window, [input, output]) = channels(&self.window, part, block.lanes());
        let dx = block.gradient(self.input).wrapping_add(input);
        let dy = block.gradient(self.output).wrapping_add(output);
        let choice = block.value(self.choice).wrapping_add(output);
        // SAFETY: as above.
        unsafe { kernel::max_backward(block.level, &window, dy, choice, dx) }
    }

    fn parts(&self) -> usize {
        parts(&self.window)
    }

    fn input_parts(&self) -> usize {
        parts(&self.window)
    }

    fn cost(&self) -> usize {
        cost(&self.window)
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        Some(self)
    }
}

impl SingleSample for Max {
    fn parts(&self) -> usize {
        parts(&self.window)
    }

    fn forward(&self, sample: &Block, part: usize) {
        let (window, [input, output]) = channels(&self.window, part, 1);
        let x = sample.value(self.input).wrapping_add(input);
        let y = sample.value(self.output).wrapping_add(output);
        // SAFETY: the plan sized the buffers by this window.
        unsafe { single::max_pool2d(sample.level, &window, x, y) }
    }
}

struct Average {
    window: Window,
    divisor: Divisor,
    input: Buffer,
    output: Buffer,
}

impl Operator for Average {
    fn forward(&self, block: &Block, part: usize) {
        let (window, [input, output]) = channels(&self.window, part, block.lanes());
        let x = block.value(self.input).wrapping_add(input);
        let y = block.value(self.output).wrapping_add(output);
        // SAFETY: the plan sized the buffers by this window.
        unsafe { kernel::average_forward(block.level, &window, self.divisor, x, y) }
    }

    fn backward_input(&self, block: &Block, part: usize) {
        let (window, [input, output]) = channels(&self.window, part, block.lanes());
        let dx = block.gradient(self.input).wrapping_add(input);
        let dy = block.gradient(self.output).wrapping_add(output);
        // SAFETY: as above.
        unsafe { kernel::average_backward(block.level, &window, self.divisor, dy, dx) }
    }

    fn parts(&self) -> usize {
        parts(&self.window)
    }

    fn input_parts(&self) -> usize {
        parts(&self.window)
    }

    fn cost(&self) -> usize {
        cost(&self.window)
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        Some(self)
    }
}

impl SingleSample for Average {
    fn parts(&self) -> usize {
        parts(&self.window)
    }

    fn forward(&self, sample: &Block, part: usize) {
        let (window, [input, output]) = channels(&self.window, part, 1);
        let x = sample.value(self.input).wrapping_add(input);
        let y = sample.value(self.output).wrapping_add(output);
        // SAFETY: the plan sized the buffers by this window.
        unsafe { single::average_pool2d(sample.level, &window, self.divisor, x, y) }
    }
}

fn cost(w: &Window) -> usize {
    w.channels * w.output[0] * w.output[1] * w.kernel[0] * w.kernel[1]
}
