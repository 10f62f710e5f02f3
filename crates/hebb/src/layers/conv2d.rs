//! Convolution (cross-correlation, as in PyTorch): y[f] = b[f] + Σ w[f, c, kh, kw] · x[c, oh·s + kh − p, ow·s + kw − p].

use super::{Block, Buffer, Operator, PART, optional_mut, rows};
use crate::error::{Error, Result};
use crate::kernels::conv2d::{self as kernel, Window};

/// The window of a convolution or pooling over an input `[C, H, W]`, or why there is none.
pub(crate) fn window(
    layer: &str,
    input: &[usize],
    filters: Option<usize>,
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
) -> Result<Window> {
    let &[channels, height, width] = input else {
        return Err(Error::shape(format!(
            "{layer}: needs an input of shape [C, H, W], got {input:?}; put it before flatten, or give the network a three-dimensional input"
        )));
    };
    if kernel.contains(&0) || stride.contains(&0) || filters == Some(0) {
        return Err(Error::option(format!("{layer}: filters, kernel and stride must be at least 1")));
    }
    let size = |d: usize, input: usize| {
        let padded = padding[d].checked_mul(2).and_then(|p| p.checked_add(input));
        padded.and_then(|p| p.checked_sub(kernel[d])).map(|rest| rest / stride[d] + 1)
    };
    let (Some(h), Some(w)) = (size(0, height), size(1, width)) else {
        return Err(Error::shape(format!(
            "{layer}: the kernel {kernel:?} does not fit into the input {input:?} with padding {padding:?}"
        )));
    };
    Ok(Window {
        channels,
        input: [height, width],
        filters: filters.unwrap_or(channels),
        output: [h, w],
        kernel,
        stride,
        padding,
    })
}

/// A convolution in a plan.
pub(crate) struct Conv2d {
    pub window: Window,
    pub weight: usize,
    pub bias: Option<usize>,
    pub input: Buffer,
    pub output: Buffer,
}

impl Operator for Conv2d {
    fn forward(&self, block: &Block, part: usize) {
        let rows = rows(part, self.window.filters);
        let (w, b) = (block.parameter(self.weight), block.optional(self.bias));
        // SAFETY: the plan sized both buffers and both tensors by this window.
        unsafe {
            kernel::forward(
                block.level,
                &self.window,
                w,
                b,
                block.value(self.input),
                block.value(self.output),
                rows,
            )
        }
    }

    fn backward_input(&self, block: &Block, part: usize) {
        let rows = rows(part, self.window.channels);
        let w = block.parameter(self.weight);
        let (dy, dx) = (block.gradient(self.output), block.gradient(self.input));
        // SAFETY: as above; gradients have the sizes of their values.
        unsafe { kernel::backward_input(block.level, &self.window, w, dy, dx, rows) }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, part: usize) {
        let rows = rows(part, self.window.filters);
        let (dw, db) = (gradient.wrapping_add(self.weight), optional_mut(gradient, self.bias));
        let (x, dy) = (block.value(self.input), block.gradient(self.output));
        // SAFETY: as above; `gradient` has the layout of the parameters.
        unsafe { kernel::backward_parameters(block.level, &self.window, x, dy, dw, db, rows) }
    }

    fn parts(&self) -> usize {
        self.window.filters.div_ceil(PART)
    }

    fn input_parts(&self) -> usize {
        self.window.channels.div_ceil(PART)
    }

    fn cost(&self) -> usize {
        let w = &self.window;
        w.filters * w.channels * w.kernel[0] * w.kernel[1] * w.output[0] * w.output[1]
    }
}
