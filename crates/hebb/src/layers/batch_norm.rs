//! Batch normalisation (Ioffe and Szegedy 2015): y = γ·(x − μ)/√(σ² + ε) + β for each channel of `[C, H, W]` or
//! feature of `[features]`. In training μ and σ² are those of the batch, and running means of them are kept; in inference
//! they are the running ones, as in the training of other layers while this one is frozen. A variance needs two values, so
//! a batch of one flat sample is refused, and a last minibatch of one sample is merged into the one before it
//! (`training/fit.rs`).

use super::only_input;
use crate::options::json::Fields;
use crate::plan::{BatchOperator, Block, Buffer, Builder, InitialValue, Operator, Uses, Value};
use hebb_kernels::batch_norm as kernel;
use hebb_kernels::error::Result;
use std::ops::Range;

/// The options of a batch normalisation; the defaults are PyTorch's.
#[derive(Clone, Debug)]
pub struct BatchNorm {
    /// The weight of the newest batch in the running statistics, 0 to 1. Default 0.1.
    pub momentum: f32,
    /// ε, above 0. Default 1e-5.
    pub epsilon: f32,
}

impl BatchNorm {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { momentum: f.float("momentum", 0.1), epsilon: f.float("epsilon", 1e-5) })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let &BatchNorm { momentum, epsilon } = self;
        if !(0.0..=1.0).contains(&momentum) || !epsilon.is_finite() || epsilon <= 0.0 {
            return Err(builder.option(format!(
                "momentum must be 0 to 1 and epsilon above 0, got {momentum} and {epsilon}"
            )));
        }
        if x.is_sequence() {
            return Err(builder.shape(format!(
                "batchNorm normalises [features] or [C, H, W], got [T, features] = {:?}; put flatten() before it, or use standardize",
                x.shape
            )));
        }
        let channels = x.channels();
        let mut tensor = |part: &str, start| builder.tensor(part, vec![channels], start);
        let weight = tensor("weight", InitialValue::Constant(1.0))?;
        let bias = tensor("bias", InitialValue::Constant(0.0))?;
        let mean = tensor("running_mean", InitialValue::Statistic(0.0))?;
        let variance = tensor("running_var", InitialValue::Statistic(1.0))?;
        let output = builder.value(x.shape.clone())?;
        // A row of a buffer has at least eight floats.
        let saved = builder.buffer(channels);
        let operator = Normalize {
            channels,
            plane: x.features() / channels,
            momentum,
            epsilon,
            weight,
            bias,
            mean,
            variance,
            input: x.buffer,
            output: output.buffer,
            saved,
        };
        Ok(builder.node(
            operator,
            &[x],
            output,
            Uses { saved_for_backward: vec![saved], trains: true, ..Uses::default() },
        ))
    }
}

struct Normalize {
    channels: usize,
    /// Values per channel of one sample.
    plane: usize,
    momentum: f32,
    epsilon: f32,
    weight: usize,
    bias: usize,
    /// The offsets of the running statistics.
    mean: usize,
    variance: usize,
    input: Buffer,
    output: Buffer,
    saved: Buffer,
}

/// The contents of `saved`, one value per channel each. `measure` writes a block's own mean and sum of squared differences;
/// `settle` replaces them by those of the batch.
#[derive(Clone, Copy)]
enum Saved {
    /// μ.
    Mean,
    /// The sum of squared differences; then 1 / √(σ² + ε).
    Scale,
    /// Σ dy of the block.
    Bias,
    /// Σ dy·x̂ of the block.
    Weight,
    /// The mean of dy over the batch.
    BiasMean,
    /// The mean of dy·x̂ over the batch.
    WeightMean,
}

impl Normalize {
    fn features(&self) -> usize {
        self.channels * self.plane
    }

    fn at(&self, slot: Saved) -> Range<usize> {
        let from = slot as usize * self.channels;
        from..from + self.channels
    }

    /// The values of a channel in a buffer of all.
    fn channel(&self, block: &Block, channel: usize) -> Range<usize> {
        let row = self.plane * block.lanes();
        channel * row..(channel + 1) * row
    }

    /// Mean and 1 / √(variance + ε) of a channel, in this pass.
    fn statistics(&self, block: &Block, saved: &[f32], channel: usize) -> (f32, f32) {
        if block.mode.is_training() {
            return (saved[self.at(Saved::Mean)][channel], saved[self.at(Saved::Scale)][channel]);
        }
        self.running(block, channel)
    }

    /// The running mean and 1 / √(variance + ε) of a channel.
    fn running(&self, block: &Block, channel: usize) -> (f32, f32) {
        // SAFETY: the plan gave the running statistics a value for each channel.
        let (mean, variance) =
            unsafe { (*block.statistic(self.mean + channel), *block.statistic(self.variance + channel)) };
        (mean, 1.0 / (variance + self.epsilon).sqrt())
    }
}

impl Operator for Normalize {
    fn forward(&self, block: &Block, _part: usize) {
        // SAFETY: the plan gave the buffers these features and the tensors these channels; buffers in use never
        // overlap.
        let (x, y, saved) = unsafe {
            (
                block.values(self.input, self.features()),
                block.values_mut(self.output, self.features()),
                block.values(self.saved, self.channels),
            )
        };
        for c in 0..self.channels {
            let (mean, scale) = self.statistics(block, saved, c);
            let own = self.channel(block, c);
            // SAFETY: as above.
            let (weight, bias) =
                unsafe { (*block.parameter(self.weight + c), *block.parameter(self.bias + c)) };
            kernel::forward(&x[own.clone()], &mut y[own], mean, weight * scale, bias);
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        // SAFETY: as above.
        let (x, dy, dx, saved) = unsafe {
            (
                block.values(self.input, self.features()),
                block.gradients(self.output, self.features()),
                block.gradients_mut(self.input, self.features()),
                block.values(self.saved, self.channels),
            )
        };
        for c in 0..self.channels {
            let own = self.channel(block, c);
            // SAFETY: as above.
            let weight = unsafe { *block.parameter(self.weight + c) };
            let means = (saved[self.at(Saved::BiasMean)][c], saved[self.at(Saved::WeightMean)][c]);
            let (x, dy, dx) = (&x[own.clone()], &dy[own.clone()], &mut dx[own]);
            kernel::backward(x, dy, dx, self.statistics(block, saved, c), weight, means);
        }
        // Lanes without a sample do not count in the batch.
        for rows in dx.chunks_exact_mut(block.lanes()) {
            rows[block.count..].fill(0.0);
        }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, _part: usize) {
        // SAFETY: as above.
        let saved = unsafe { block.values(self.saved, self.channels) };
        for c in 0..self.channels {
            // SAFETY: `gradient` has the layout of the parameters.
            unsafe {
                *gradient.add(self.weight + c) += saved[self.at(Saved::Weight)][c];
                *gradient.add(self.bias + c) += saved[self.at(Saved::Bias)][c];
            }
        }
    }

    fn cost(&self) -> usize {
        self.features() * 4
    }

    fn batch_operator(&self) -> Option<&dyn BatchOperator> {
        Some(self)
    }
}

impl BatchOperator for Normalize {
    /// A variance needs two values: two flat samples, or one image of several pixels.
    fn least(&self) -> usize {
        if self.plane == 1 { 2 } else { 1 }
    }

    fn values(&self) -> usize {
        2 * self.channels
    }

    fn measure(&self, block: &Block) {
        // SAFETY: as in `forward`.
        let (x, saved) = unsafe {
            (block.values(self.input, self.features()), block.values_mut(self.saved, self.channels))
        };
        let lanes = kernel::Lanes { lanes: block.lanes(), count: block.count };
        for c in 0..self.channels {
            let (mean, squares) = lanes.moments(&x[self.channel(block, c)]);
            saved[self.at(Saved::Mean)][c] = mean;
            saved[self.at(Saved::Scale)][c] = squares;
        }
    }

    fn combine(&self, blocks: &[Block], into: &mut [f64]) {
        let (means, squares) = into.split_at_mut(self.channels);
        for c in 0..self.channels {
            let of = |block: &Block| {
                // SAFETY: as above.
                let saved = unsafe { block.values(self.saved, self.channels) };
                Moments {
                    count: (block.count * self.plane) as f64,
                    mean: saved[self.at(Saved::Mean)][c].into(),
                    squares: saved[self.at(Saved::Scale)][c].into(),
                }
            };
            if let Some(own) = blocks.iter().map(of).reduce(Moments::and) {
                (means[c], squares[c]) = (own.mean, own.squares);
            }
        }
    }

    fn settle(&self, blocks: &[Block], shards: &[(usize, &[f64])], statistics: &mut [f32]) {
        for c in 0..self.channels {
            let of = |&(samples, values): &(usize, &[f64])| Moments {
                count: (samples * self.plane) as f64,
                mean: values[c],
                squares: values[self.channels + c],
            };
            let Some(Moments { count, mean, squares }) = shards.iter().map(of).reduce(Moments::and) else {
                return;
            };
            let scale = 1.0 / (squares / count + f64::from(self.epsilon)).sqrt();
            let variance = squares / (count - 1.0).max(1.0);
            for block in blocks {
                // SAFETY: as above; nobody reads `saved` meanwhile.
                let saved = unsafe { block.values_mut(self.saved, self.channels) };
                saved[self.at(Saved::Mean)][c] = mean as f32;
                saved[self.at(Saved::Scale)][c] = scale as f32;
            }
            for (at, new) in [(self.mean, mean), (self.variance, variance)] {
                let running = &mut statistics[at + c];
                *running += self.momentum * (new as f32 - *running);
            }
        }
    }

    fn recall(&self, block: &Block) {
        // SAFETY: as above.
        let saved = unsafe { block.values_mut(self.saved, self.channels) };
        for c in 0..self.channels {
            let (mean, scale) = self.running(block, c);
            saved[self.at(Saved::Mean)][c] = mean;
            saved[self.at(Saved::Scale)][c] = scale;
            // Constants have no share in the gradient.
            saved[self.at(Saved::BiasMean)][c] = 0.0;
            saved[self.at(Saved::WeightMean)][c] = 0.0;
        }
    }

    fn measure_gradient(&self, block: &Block) {
        // SAFETY: as above.
        let (x, dy, saved) = unsafe {
            (
                block.values(self.input, self.features()),
                block.gradients(self.output, self.features()),
                block.values_mut(self.saved, self.channels),
            )
        };
        let lanes = kernel::Lanes { lanes: block.lanes(), count: block.count };
        for c in 0..self.channels {
            let own = self.channel(block, c);
            let (mean, scale) = self.statistics(block, saved, c);
            let (bias, weight) = lanes.gradient_sums(&x[own.clone()], &dy[own], mean, scale);
            saved[self.at(Saved::Bias)][c] = bias;
            saved[self.at(Saved::Weight)][c] = weight;
        }
    }

    fn combine_gradient(&self, blocks: &[Block], into: &mut [f64]) {
        for (own, into) in [Saved::Bias, Saved::Weight].into_iter().zip(into.chunks_exact_mut(self.channels))
        {
            for (c, into) in into.iter_mut().enumerate() {
                // SAFETY: as above.
                let of = |block: &Block| unsafe { block.values(self.saved, self.channels)[self.at(own)][c] };
                *into = blocks.iter().fold(0.0, |sum, block| sum + f64::from(of(block)));
            }
        }
    }

    fn settle_gradient(&self, blocks: &[Block], shards: &[(usize, &[f64])]) {
        let count: usize = shards.iter().map(|(samples, _)| samples * self.plane).sum();
        for (part, total) in [Saved::BiasMean, Saved::WeightMean].into_iter().enumerate() {
            for c in 0..self.channels {
                let sum = shards.iter().fold(0.0, |sum, (_, values)| sum + values[part * self.channels + c]);
                for block in blocks {
                    // SAFETY: as above; nobody reads `saved` meanwhile.
                    let saved = unsafe { block.values_mut(self.saved, self.channels) };
                    saved[self.at(total)][c] = (sum / count as f64) as f32;
                }
            }
        }
    }
}

/// Of values of a channel: how many they are, their mean, and the sum of the squared differences from it.
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Of these and other values together (Chan, Golub and LeVeque 1979).
    fn and(self, other: Self) -> Self {
        let count = self.count + other.count;
        let step = other.mean - self.mean;
        Self {
            count,
            mean: self.mean + step * other.count / count,
            squares: self.squares + (other.squares + step * step * self.count * other.count / count),
        }
    }
}
