//! Dropout (Srivastava et al. 2014), inverted: in training y = x·m / (1 − rate) with m ∈ {0, 1}, otherwise y = x.

use super::only_input;
use crate::options::json::Fields;
use crate::plan::{Block, Buffer, Builder, Mode, Operator, Uses, Value};
use hebb_kernels::error::Result;
use hebb_kernels::random::{Stream, philox};

/// The options of a dropout.
#[derive(Clone, Debug)]
pub struct Dropout {
    /// The probability that a value becomes zero, at least 0 and below 1.
    pub rate: f32,
}

impl Dropout {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { rate: f.required("rate")? })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        if !(0.0..1.0).contains(&self.rate) {
            return Err(builder.option(format!("rate must be at least 0 and below 1, got {}", self.rate)));
        }
        let features = x.features();
        // Not in place: the layer before may need its outputs for its own derivative.
        let (output, mask) = (builder.value(x.shape.clone())?, builder.buffer(features));
        let number = builder.number_dropout(self.rate);
        let operator =
            Mask { rate: self.rate, features, number, input: x.buffer, output: output.buffer, mask };
        Ok(builder.node(operator, &[x], output, Uses { saved_for_backward: vec![mask], ..Uses::default() }))
    }
}

struct Mask {
    rate: f32,
    features: usize,
    /// Its number among the network's dropout layers.
    number: u32,
    input: Buffer,
    output: Buffer,
    /// 0 or 1 / (1 − rate) for every value.
    mask: Buffer,
}

impl Operator for Mask {
    fn forward(&self, block: &Block, _part: usize) {
        let lanes = block.lanes();
        // SAFETY: the plan gave the three buffers `features` rows, and buffers in use never overlap.
        let (x, y, mask) = unsafe {
            (
                block.values(self.input, self.features),
                block.values_mut(self.output, self.features),
                block.values_mut(self.mask, self.features),
            )
        };
        let Mode::Training { draw } = block.mode else {
            y.copy_from_slice(x);
            return;
        };
        // A value is dropped if its 16 random bits are below this.
        let threshold = (f64::from(self.rate) * 65536.0) as u32;
        let keep = 1.0 / (1.0 - self.rate);
        // Eight decisions per draw, counted by step, sample and feature: independent of the block size.
        for lane in 0..lanes {
            for octet in 0..self.features.div_ceil(8) {
                let index = (((draw.step << 20) + (draw.sample + lane) as u64) << 24) | octet as u64;
                let words = philox(draw.seed, Stream::Dropout(self.number), index);
                for i in 0..8.min(self.features - octet * 8) {
                    let bits = (words[i / 2] >> (16 * (i % 2))) & 0xffff;
                    let at = (octet * 8 + i) * lanes + lane;
                    mask[at] = if bits < threshold { 0.0 } else { keep };
                    y[at] = x[at] * mask[at];
                }
            }
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        // SAFETY: as above.
        let (dy, mask, dx) = unsafe {
            (
                block.gradients(self.output, self.features),
                block.values(self.mask, self.features),
                block.gradients_mut(self.input, self.features),
            )
        };
        for ((dx, dy), m) in dx.iter_mut().zip(dy).zip(mask) {
            *dx = dy * m;
        }
    }

    fn cost(&self) -> usize {
        self.features * 16
    }
}
