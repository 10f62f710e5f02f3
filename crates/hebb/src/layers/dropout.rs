//! Dropout (Srivastava et al. 2014), inverted: in training y = x·m / (1 − rate) with m ∈ {0, 1}, else y = x.

use super::{Block, Buffer, Operator};
use crate::random::{Stream, philox};

/// A dropout in a plan. Not in place: the layer before may need its outputs for its own derivative.
pub(crate) struct Dropout {
    pub rate: f32,
    pub features: usize,
    /// Its number among the network's dropouts.
    pub number: u32,
    pub input: Buffer,
    pub output: Buffer,
    /// 0 or 1 / (1 − rate) for every value.
    pub mask: Buffer,
}

impl Operator for Dropout {
    fn forward(&self, block: &Block, _part: usize) {
        let lanes = block.level.block();
        let size = self.features * lanes;
        // SAFETY: the plan gave the three buffers `features` rows, and buffers in use never overlap.
        let (x, y, mask) = unsafe {
            (
                std::slice::from_raw_parts(block.value(self.input), size),
                std::slice::from_raw_parts_mut(block.value(self.output), size),
                std::slice::from_raw_parts_mut(block.value(self.mask), size),
            )
        };
        let Some(draw) = block.draw else {
            y.copy_from_slice(x);
            return;
        };
        // A value is dropped where its 16 random bits fall below this.
        let threshold = (f64::from(self.rate) * 65536.0) as u32;
        let keep = 1.0 / (1.0 - self.rate);
        // Eight decisions a draw, counted by step, sample and feature: the same for any block size.
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
        let size = self.features * block.level.block();
        // SAFETY: as above.
        let (dy, mask, dx) = unsafe {
            (
                std::slice::from_raw_parts(block.gradient(self.output), size),
                std::slice::from_raw_parts(block.value(self.mask), size),
                std::slice::from_raw_parts_mut(block.gradient(self.input), size),
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
