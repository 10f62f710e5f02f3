//! The options of a window over an image, shared by convolution and pooling.

use super::image;
use crate::options::json::Read;
use crate::plan::{Builder, Value};
use hebb_kernels::error::Result;
use hebb_kernels::window::Window;
use serde_json::Value as Json;
use std::fmt;

/// Zero padding around an image.
#[derive(Clone, Copy, Debug)]
pub enum Padding {
    /// The same on opposite sides: `[h, w]`.
    Pair([usize; 2]),
    /// `[[top, bottom], [left, right]]`.
    Sides([[usize; 2]; 2]),
    /// `"same"`: output = ⌈input / stride⌉; an odd zero goes to the bottom and to the right, as in ONNX's `SAME_UPPER`.
    Same,
}

impl Read for Padding {
    fn read(name: &str, json: Json) -> std::result::Result<Self, String> {
        match &json {
            Json::String(same) if same == "same" => Ok(Padding::Same),
            Json::Array(sides) if sides.first().is_some_and(Json::is_array) => {
                Read::read(name, json).map(Padding::Sides)
            }
            _ => Read::read(name, json).map(Padding::Pair),
        }
    }
}

impl fmt::Display for Padding {
    /// As users write it: one number if all sides are equal, two if opposite sides are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sides = match *self {
            Padding::Pair([h, w]) => [[h, h], [w, w]],
            Padding::Sides(sides) => sides,
            Padding::Same => return f.write_str("'same'"),
        };
        match sides {
            [[a, b], [c, d]] if a == b && c == d && a == c => write!(f, "{a}"),
            [[a, b], [c, d]] if a == b && c == d => write!(f, "[{a}, {c}]"),
            sides => write!(f, "{sides:?}"),
        }
    }
}

impl Default for Padding {
    fn default() -> Self {
        Padding::Pair([0, 0])
    }
}

/// The options of a window.
pub(super) struct WindowOptions {
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub dilation: [usize; 2],
    pub padding: Padding,
    /// Whether a last, incomplete step counts.
    pub ceil: bool,
}

impl WindowOptions {
    /// The window over an input `[C, H, W]`; an error if it does not fit.
    pub fn window(&self, builder: &Builder, x: &Value, filters: Option<usize>) -> Result<Window> {
        let [channels, height, width] = image(builder, x)?;
        let (kernel, stride, dilation) = (self.kernel, self.stride, self.dilation);
        if [kernel, stride, dilation].iter().any(|pair| pair.contains(&0)) || filters == Some(0) {
            return Err(builder.option("filters, kernel, stride and dilation must be at least 1"));
        }
        let input = [height, width];
        let does_not_fit = || {
            builder.shape(format!(
                "the kernel {kernel:?} does not fit into the input {:?} with padding {}",
                x.shape, self.padding
            ))
        };
        let (mut padding, mut end, mut output) = ([0; 2], [0; 2], [0; 2]);
        for d in 0..2 {
            let reach = (kernel[d] - 1).checked_mul(dilation[d]).and_then(|reach| reach.checked_add(1));
            let reach = reach.ok_or_else(does_not_fit)?;
            [padding[d], end[d]] = match self.padding {
                Padding::Pair(pair) => [pair[d]; 2],
                Padding::Sides(sides) => sides[d],
                Padding::Same => {
                    let last = (input[d].div_ceil(stride[d]) - 1) * stride[d];
                    let total = last.saturating_add(reach).saturating_sub(input[d]);
                    [total / 2, total - total / 2]
                }
            };
            let padded = padding[d].checked_add(end[d]).and_then(|both| both.checked_add(input[d]));
            let rest = padded.and_then(|padded| padded.checked_sub(reach)).ok_or_else(does_not_fit)?;
            output[d] = rest / stride[d] + 1;
            // The last window must begin inside the input or the padding before it.
            if self.ceil && !rest.is_multiple_of(stride[d]) && output[d] * stride[d] < input[d] + padding[d] {
                output[d] += 1;
            }
        }
        let filters = filters.unwrap_or(channels);
        Ok(Window { channels, input, filters, output, kernel, stride, dilation, padding, end })
    }
}
