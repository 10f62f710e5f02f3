//! Subsampling (LeCun et al. 1998): `[C, H, W]` → `[C, ⌊H / kernel⌋, ⌊W / kernel⌋]`, y = f(w·Σx + b) over windows side by side,
//! with a coefficient w and a bias b per channel: sums, then a convolution of 1 × 1 for each channel.

use super::activation::activate;
use super::conv2d::Convolution;
use super::window::Padding;
use super::{only_input, pool2d};
use crate::options::Activation;
use crate::options::json::Fields;
use crate::plan::{Builder, InitialValue, Value};
use hebb_kernels::error::Result;
use hebb_kernels::pool2d::Divisor;
use hebb_kernels::window::Window;

/// The options of a subsampling.
#[derive(Clone, Debug)]
pub struct Subsample2d {
    /// `[height, width]`.
    pub kernel: [usize; 2],
    /// Default identity.
    pub activation: Activation,
}

impl Subsample2d {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { kernel: f.required("kernel")?, activation: f.get("activation", Activation::default()) })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let window = pool2d::window(builder, x, self.kernel, None, Padding::default(), false)?;
        let sums = pool2d::average(builder, x, window, Divisor::One)?;
        let Window { channels, output, .. } = window;
        // At first a mean.
        let start = InitialValue::Constant(1.0 / (self.kernel[0] * self.kernel[1]) as f32);
        let weight = builder.tensor("weight", vec![channels], start)?;
        let bias = builder.bias(channels, true)?;
        let (kernel, stride) = ([1, 1], [1, 1]);
        let each = Window { channels: 1, filters: 1, input: output, kernel, stride, ..window };
        let y = Convolution::node(builder, &sums, each, channels, (weight, bias))?;
        activate(builder, y, &self.activation, true)
    }
}
