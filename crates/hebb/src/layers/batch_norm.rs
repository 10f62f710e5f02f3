//! Batch normalisation (Ioffe and Szegedy 2015): y = γ·(x − μ)/√(σ² + ε) + β for each channel of `[C, H, W]` or
//! feature of `[features]`. In training μ and σ² are those of the batch, and a running mean of them is kept; in
//! inference they are the running ones. A variance needs two values, so a batch of one flat sample is refused, and a
//! last minibatch of one sample joins the one before it (`training/fit.rs`).

use super::single;
use crate::error::Result;
use crate::plan::{Across, Block, Buffer, Builder, Operator, Start, Uses, Value};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The options of a batch normalisation; the defaults are PyTorch's.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchNorm {
    /// The weight of the newest batch in the running statistics, 0 to 1. Default 0.1.
    #[serde(default = "momentum")]
    pub momentum: f32,
    /// ε, above 0. Default 1e-5.
    #[serde(default = "epsilon")]
    pub epsilon: f32,
}

fn momentum() -> f32 {
    0.1
}
fn epsilon() -> f32 {
    1e-5
}

impl BatchNorm {
    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = single(builder, inputs)?;
        let &BatchNorm { momentum, epsilon } = self;
        if !(0.0..=1.0).contains(&momentum) || !epsilon.is_finite() || epsilon <= 0.0 {
            return Err(builder.option(format!(
                "momentum must be 0 to 1 and epsilon above 0, got {momentum} and {epsilon}"
            )));
        }
        let channels = x.shape[0];
        let mut tensor = |part: &str, start| builder.tensor(part, vec![channels], start);
        let weight = tensor("weight", Start::Constant(1.0))?;
        let bias = tensor("bias", Start::Constant(0.0))?;
        let mean = tensor("running_mean", Start::State(0.0))?;
        let variance = tensor("running_var", Start::State(1.0))?;
        let output = builder.value(x.shape.clone())?;
        // A row of a buffer has at least eight floats.
        let notes = builder.buffer(channels);
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
            notes,
        };
        Ok(builder.node(operator, &[x], output, Uses { kept: vec![notes], trains: true, ..Uses::default() }))
    }
}

struct Normalize {
    channels: usize,
    /// The values of a channel in one sample.
    plane: usize,
    momentum: f32,
    epsilon: f32,
    weight: usize,
    bias: usize,
    /// Where the running statistics are among the states.
    mean: usize,
    variance: usize,
    input: Buffer,
    output: Buffer,
    notes: Buffer,
}

/// What the notes hold, a value for each channel. Measuring writes a block's own mean and sum of squared
/// differences where combining then puts those of the batch.
#[derive(Clone, Copy)]
enum Note {
    /// μ.
    Mean,
    /// The sum of squared differences; then 1 / √(σ² + ε).
    Scale,
    /// σ², unbiased.
    Variance,
    /// Σ dy of the block.
    Bias,
    /// Σ dy·x̂ of the block.
    Weight,
    /// The mean of dy over the batch.
    BiasMean,
    /// The mean of dy·x̂ over the batch.
    WeightMean,
}

/// The most lanes of a block.
const LANES: usize = 32;

impl Normalize {
    fn features(&self) -> usize {
        self.channels * self.plane
    }

    fn at(&self, note: Note) -> Range<usize> {
        let from = note as usize * self.channels;
        from..from + self.channels
    }

    /// The sum of `f(index)` over all values of a channel that belong to samples.
    fn sum(&self, block: &Block, channel: usize, f: impl Fn(usize) -> f32) -> f64 {
        let (lanes, mut sums) = (block.level.block(), [0.0f32; LANES]);
        for row in channel * self.plane..(channel + 1) * self.plane {
            for (lane, sum) in sums[..lanes].iter_mut().enumerate() {
                *sum += f(row * lanes + lane);
            }
        }
        sums[..block.count].iter().fold(0.0, |total, &sum| total + f64::from(sum))
    }

    /// (mean, 1 / √(variance + ε)) of a channel, as this pass uses them.
    fn statistics(&self, block: &Block, notes: &[f32], channel: usize) -> (f32, f32) {
        if block.draw.is_some() {
            return (notes[self.at(Note::Mean)][channel], notes[self.at(Note::Scale)][channel]);
        }
        // SAFETY: the plan gave the running statistics a value for each channel.
        let (mean, variance) =
            unsafe { (*block.state(self.mean + channel), *block.state(self.variance + channel)) };
        (mean, 1.0 / (variance + self.epsilon).sqrt())
    }
}

impl Operator for Normalize {
    fn forward(&self, block: &Block, _part: usize) {
        // SAFETY: the plan gave the buffers these features and the tensors these channels; buffers in use
        // never overlap.
        let (x, y, notes) = unsafe {
            (
                block.values(self.input, self.features()),
                block.values_mut(self.output, self.features()),
                block.values(self.notes, self.channels),
            )
        };
        let row = self.plane * block.level.block();
        for (c, (y, x)) in y.chunks_exact_mut(row).zip(x.chunks_exact(row)).enumerate() {
            let (mean, scale) = self.statistics(block, notes, c);
            // SAFETY: as above.
            let (weight, bias) =
                unsafe { (*block.parameter(self.weight + c), *block.parameter(self.bias + c)) };
            let factor = weight * scale;
            y.iter_mut().zip(x).for_each(|(y, x)| *y = (x - mean) * factor + bias);
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        // SAFETY: as above.
        let (x, dy, dx, notes) = unsafe {
            (
                block.values(self.input, self.features()),
                block.gradients(self.output, self.features()),
                block.gradients_mut(self.input, self.features()),
                block.values(self.notes, self.channels),
            )
        };
        let lanes = block.level.block();
        let row = self.plane * lanes;
        for c in 0..self.channels {
            let (mean, scale) = self.statistics(block, notes, c);
            // SAFETY: as above.
            let factor = unsafe { *block.parameter(self.weight + c) } * scale;
            let (bias, weight) = (notes[self.at(Note::BiasMean)][c], notes[self.at(Note::WeightMean)][c]);
            for i in c * row..(c + 1) * row {
                dx[i] = factor * (dy[i] - bias - (x[i] - mean) * scale * weight);
            }
        }
        // Lanes without a sample have no part in the batch.
        for rows in dx.chunks_exact_mut(lanes) {
            rows[block.count..].fill(0.0);
        }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, _part: usize) {
        // SAFETY: as above.
        let notes = unsafe { block.values(self.notes, self.channels) };
        for c in 0..self.channels {
            // SAFETY: `gradient` has the layout of the parameters.
            unsafe {
                *gradient.add(self.weight + c) += notes[self.at(Note::Weight)][c];
                *gradient.add(self.bias + c) += notes[self.at(Note::Bias)][c];
            }
        }
    }

    fn cost(&self) -> usize {
        self.features() * 4
    }

    fn across(&self) -> Option<&dyn Across> {
        Some(self)
    }
}

impl Across for Normalize {
    /// A variance needs two values: two flat samples, or one image of several pixels.
    fn least(&self) -> usize {
        if self.plane == 1 { 2 } else { 1 }
    }

    fn measure(&self, block: &Block) {
        // SAFETY: as in `forward`.
        let (x, notes) = unsafe {
            (block.values(self.input, self.features()), block.values_mut(self.notes, self.channels))
        };
        let count = (block.count * self.plane) as f64;
        for c in 0..self.channels {
            let mean = (self.sum(block, c, |i| x[i]) / count) as f32;
            notes[self.at(Note::Mean)][c] = mean;
            notes[self.at(Note::Scale)][c] = self.sum(block, c, |i| (x[i] - mean) * (x[i] - mean)) as f32;
        }
    }

    fn combine(&self, blocks: &[Block]) {
        for c in 0..self.channels {
            // Chan, Golub and LeVeque 1979: means and sums of squared differences of parts, put together.
            let (mut count, mut mean, mut squares) = (0.0f64, 0.0f64, 0.0f64);
            for block in blocks {
                // SAFETY: as above.
                let notes = unsafe { block.values(self.notes, self.channels) };
                let own = (block.count * self.plane) as f64;
                let step = f64::from(notes[self.at(Note::Mean)][c]) - mean;
                squares +=
                    f64::from(notes[self.at(Note::Scale)][c]) + step * step * count * own / (count + own);
                mean += step * own / (count + own);
                count += own;
            }
            let scale = 1.0 / (squares / count + f64::from(self.epsilon)).sqrt();
            let variance = squares / (count - 1.0).max(1.0);
            for block in blocks {
                // SAFETY: as above; nobody reads the notes meanwhile.
                let notes = unsafe { block.values_mut(self.notes, self.channels) };
                notes[self.at(Note::Mean)][c] = mean as f32;
                notes[self.at(Note::Scale)][c] = scale as f32;
                notes[self.at(Note::Variance)][c] = variance as f32;
            }
        }
    }

    fn measure_gradient(&self, block: &Block) {
        // SAFETY: as above.
        let (x, dy, notes) = unsafe {
            (
                block.values(self.input, self.features()),
                block.gradients(self.output, self.features()),
                block.values_mut(self.notes, self.channels),
            )
        };
        for c in 0..self.channels {
            let (mean, scale) = self.statistics(block, notes, c);
            notes[self.at(Note::Bias)][c] = self.sum(block, c, |i| dy[i]) as f32;
            notes[self.at(Note::Weight)][c] = self.sum(block, c, |i| dy[i] * ((x[i] - mean) * scale)) as f32;
        }
    }

    fn combine_gradient(&self, blocks: &[Block]) {
        let count: usize = blocks.iter().map(|block| block.count * self.plane).sum();
        for (own, total) in [(Note::Bias, Note::BiasMean), (Note::Weight, Note::WeightMean)] {
            for c in 0..self.channels {
                // SAFETY: as above.
                let notes =
                    |block: &Block| unsafe { block.values(self.notes, self.channels)[self.at(own)][c] };
                let sum = blocks.iter().fold(0.0, |sum, block| sum + f64::from(notes(block)));
                for block in blocks {
                    // SAFETY: as above; nobody reads the notes meanwhile.
                    let notes = unsafe { block.values_mut(self.notes, self.channels) };
                    notes[self.at(total)][c] = (sum / count as f64) as f32;
                }
            }
        }
    }

    fn remember(&self, block: &Block, states: &mut [f32]) {
        // SAFETY: as above.
        let notes = unsafe { block.values(self.notes, self.channels) };
        for (state, note) in [(self.mean, Note::Mean), (self.variance, Note::Variance)] {
            for (running, new) in states[state..][..self.channels].iter_mut().zip(&notes[self.at(note)]) {
                *running += self.momentum * (new - *running);
            }
        }
    }
}
