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
        let operator = Pooling { window, fold: Fold::Max { choice }, input: x.buffer, output: output.buffer };
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
    let fold = Fold::Average(divisor);
    let operator = Pooling { window, fold, input: x.buffer, output: output.buffer };
    Ok(builder.node(operator, &[x], output, Uses::default()))
}

struct Pooling {
    window: Window,
    fold: Fold,
    input: Buffer,
    output: Buffer,
}

/// What becomes of the values in a window.
enum Fold {
    /// Their maximum, and a buffer for the tap of each window that had it.
    Max {
        choice: Buffer,
    },
    Average(Divisor),
}

impl Pooling {
    /// The window of the channels of a part, and where they begin in the input and in the output.
    fn part(&self, part: usize, lanes: usize) -> (Window, [usize; 2]) {
        let w = &self.window;
        let rows = part_rows(part, w.channels);
        let starts = [w.input, w.output].map(|[height, width]| rows.start * height * width * lanes);
        (Window { channels: rows.len(), ..*w }, starts)
    }
}

impl Operator for Pooling {
    fn forward(&self, block: &Block, part: usize) {
        let (window, [input, output]) = self.part(part, block.lanes());
        let x = block.value(self.input).wrapping_add(input);
        let y = block.value(self.output).wrapping_add(output);
        // SAFETY: the plan sized the buffers by this window.
        unsafe {
            match self.fold {
                Fold::Max { choice } if block.mode.is_training() => {
                    let choice = block.value(choice).wrapping_add(output);
                    kernel::max_forward(block.level, &window, x, y, choice);
                }
                Fold::Max { .. } => kernel::max_forward(block.level, &window, x, y, std::ptr::null_mut()),
                Fold::Average(divisor) => kernel::average_forward(block.level, &window, divisor, x, y),
            }
        }
    }

    fn backward_input(&self, block: &Block, part: usize) {
        let (window, [input, output]) = self.part(part, block.lanes());
        let dx = block.gradient(self.input).wrapping_add(input);
        let dy = block.gradient(self.output).wrapping_add(output);
        // SAFETY: as above.
        unsafe {
            match self.fold {
                Fold::Max { choice } => {
                    let choice = block.value(choice).wrapping_add(output);
                    kernel::max_backward(block.level, &window, dy, choice, dx);
                }
                Fold::Average(divisor) => kernel::average_backward(block.level, &window, divisor, dy, dx),
            }
        }
    }

    fn parts(&self) -> usize {
        self.window.channels.div_ceil(ROWS_PER_PART)
    }

    fn input_parts(&self) -> usize {
        Operator::parts(self)
    }

    fn cost(&self) -> usize {
        let w = &self.window;
        w.channels * w.output[0] * w.output[1] * w.kernel[0] * w.kernel[1]
    }

    fn single_sample(&self) -> Option<&dyn SingleSample> {
        Some(self)
    }
}

impl SingleSample for Pooling {
    fn parts(&self) -> usize {
        Operator::parts(self)
    }

    fn forward(&self, sample: &Block, part: usize) {
        let (window, [input, output]) = self.part(part, 1);
        let x = sample.value(self.input).wrapping_add(input);
        let y = sample.value(self.output).wrapping_add(output);
        // SAFETY: the plan sized the buffers by this window.
        unsafe {
            match self.fold {
                Fold::Max { .. } => single::max_pool2d(sample.level, &window, x, y),
                Fold::Average(divisor) => single::average_pool2d(sample.level, &window, divisor, x, y),
            }
        }
    }
}
