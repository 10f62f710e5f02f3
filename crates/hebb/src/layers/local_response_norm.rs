//! Local response normalisation (Krizhevsky et al. 2012): y = x / (k + α/size · Σ x²)^β, the sum over `size`
//! neighbouring channels. α is divided by size as in PyTorch, Caffe and ONNX; the paper's is not.

use super::{image, only_input};
use crate::options::json::Fields;
use crate::plan::{Block, Buffer, Builder, Operator, Uses, Value};
use hebb_kernels::error::Result;
use hebb_kernels::local_response_norm::{self as kernel, Response};

/// The options of a local response normalisation; the defaults are those of PyTorch and ONNX.
#[derive(Clone, Debug)]
pub struct LocalResponseNorm {
    /// Channels per sum, at least 1.
    pub size: usize,
    /// α, at least 0. Default 1e-4.
    pub alpha: f32,
    /// β, above 0. Default 0.75.
    pub beta: f32,
    /// k, above 0. Default 1.
    pub k: f32,
}

impl LocalResponseNorm {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {
            size: f.required("size")?,
            alpha: f.float("alpha", 1e-4),
            beta: f.float("beta", 0.75),
            k: f.float("k", 1.0),
        })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let [channels, height, width] = image(builder, x)?;
        let &LocalResponseNorm { size, alpha, beta, k } = self;
        let finite = alpha.is_finite() && beta.is_finite() && k.is_finite();
        if size == 0 || size > LIMIT || !finite || alpha < 0.0 || beta <= 0.0 || k < 1e-6 {
            return Err(builder.option(format!(
                "size must be 1 to {LIMIT}, alpha at least 0, beta above 0 and k at least 1e-6, got {size}, {alpha}, {beta} and {k}"
            )));
        }
        let response = Response { channels, plane: height * width, size, alpha, beta, k };
        let output = builder.value(x.shape.clone())?;
        let sums = builder.buffer(x.features());
        let operator = Normalize { response, input: x.buffer, output: output.buffer, sums };
        Ok(builder.node(operator, &[x], output, Uses { saved_for_backward: vec![sums], ..Uses::default() }))
    }
}

/// More channels than any sum needs.
const LIMIT: usize = 1 << 16;

struct Normalize {
    response: Response,
    input: Buffer,
    output: Buffer,
    /// k + α/size · Σ x².
    sums: Buffer,
}

impl Operator for Normalize {
    fn forward(&self, block: &Block, _part: usize) {
        let (x, y, s) = (block.value(self.input), block.value(self.output), block.value(self.sums));
        // SAFETY: the plan gave the three buffers channels · plane rows.
        unsafe { kernel::forward(block.level, &self.response, x, y, s) }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let (x, y, s) = (block.value(self.input), block.value(self.output), block.value(self.sums));
        let (dy, dx) = (block.gradient(self.output), block.gradient(self.input));
        // SAFETY: as above.
        unsafe { kernel::backward(block.level, &self.response, x, y, s, dy, dx) }
    }

    fn cost(&self) -> usize {
        self.response.channels * self.response.plane * (self.response.size + 16)
    }
}
