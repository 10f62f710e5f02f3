//! Batch normalisation of one channel of a block, `[rows][lanes]`, of which the first `count` lanes are samples. These are
//! plain loops on slices, which the compiler vectorises.

use crate::simd::MAX_BLOCK;

/// The values of a channel: lanes of a block, and how many of them are samples.
#[derive(Clone, Copy, Debug)]
pub struct Lanes {
    /// Lanes of a row.
    pub lanes: usize,
    /// Samples among them.
    pub count: usize,
}

impl Lanes {
    /// The sum of `f` over the samples: of each lane with 32 bits, of the lanes, in their order, with 64.
    #[inline(always)]
    fn sum<const N: usize>(self, channel: [&[f32]; N], f: impl Fn([f32; N]) -> f32) -> f64 {
        let mut sums = [0.0f32; MAX_BLOCK];
        for row in (0..channel[0].len()).step_by(self.lanes) {
            for (lane, sum) in sums[..self.lanes].iter_mut().enumerate() {
                *sum += f(channel.map(|values| values[row + lane]));
            }
        }
        sums[..self.count].iter().fold(0.0, |total, &sum| total + f64::from(sum))
    }

    /// Mean and sum of squared differences from it.
    pub fn moments(self, x: &[f32]) -> (f32, f32) {
        let values = x.len() / self.lanes * self.count;
        let mean = (self.sum([x], |[x]| x) / values as f64) as f32;
        (mean, self.sum([x], |[x]| (x - mean) * (x - mean)) as f32)
    }

    /// Σ dy and Σ dy·x̂, with x̂ = (x − mean)·scale.
    pub fn gradient_sums(self, x: &[f32], dy: &[f32], mean: f32, scale: f32) -> (f32, f32) {
        let products = self.sum([x, dy], |[x, dy]| dy * ((x - mean) * scale));
        (self.sum([dy], |[dy]| dy) as f32, products as f32)
    }
}

/// y = (x − mean)·factor + bias.
pub fn forward(x: &[f32], y: &mut [f32], mean: f32, factor: f32, bias: f32) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y = (x - mean) * factor + bias);
}

/// dx = weight·scale·(dy − bias_mean − x̂·weight_mean), with x̂ = (x − mean)·scale.
pub fn backward(
    x: &[f32],
    dy: &[f32],
    dx: &mut [f32],
    (mean, scale): (f32, f32),
    weight: f32,
    means: (f32, f32),
) {
    let factor = weight * scale;
    for ((dx, dy), x) in dx.iter_mut().zip(dy).zip(x) {
        *dx = factor * (dy - means.0 - (x - mean) * scale * means.1);
    }
}
