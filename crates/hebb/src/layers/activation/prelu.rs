//! The parametric ReLU (He et al. 2015): x above 0, else a·x, with a trained slope a per channel or feature;
//! time steps share the slopes of their features.

use crate::options::Activation;
use crate::plan::{Block, Buffer, Builder, InitialValue, Operator, Uses, Value};
use hebb_kernels::error::Result;

/// The initial slope: He et al.'s and PyTorch's.
const SLOPE: f32 = 0.25;

pub(super) fn plan(builder: &mut Builder, x: Value) -> Result<Value> {
    let channels = x.channels();
    let slope = builder.tensor("slope", vec![channels], InitialValue::Constant(SLOPE))?;
    let output = builder.value(x.shape.clone())?;
    let features = x.features();
    let plane = features / (channels * x.steps());
    let operator = Prelu { features, channels, plane, slope, input: x.buffer, output: output.buffer };
    let uses = Uses { trains: true, ..Uses::default() };
    Ok(builder.activation(&Activation::Prelu, operator, &x, output, uses))
}

struct Prelu {
    features: usize,
    channels: usize,
    /// Values per channel of one sample.
    plane: usize,
    slope: usize,
    input: Buffer,
    output: Buffer,
}

impl Operator for Prelu {
    fn forward(&self, block: &Block, _part: usize) {
        let (features, row) = (self.features, self.plane * block.lanes());
        // SAFETY: the plan gave both buffers `features` rows.
        let (x, y) = unsafe { (block.values(self.input, features), block.values_mut(self.output, features)) };
        for (c, (x, y)) in x.chunks_exact(row).zip(y.chunks_exact_mut(row)).enumerate() {
            // SAFETY: the plan made a slope for each channel.
            let a = unsafe { *block.parameter(self.slope + c % self.channels) };
            x.iter().zip(y).for_each(|(&x, y)| *y = if x > 0.0 { x } else { a * x });
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let (features, row) = (self.features, self.plane * block.lanes());
        // SAFETY: as above.
        let (x, dy, dx) = unsafe {
            (
                block.values(self.input, features),
                block.gradients(self.output, features),
                block.gradients_mut(self.input, features),
            )
        };
        let rows = x.chunks_exact(row).zip(dy.chunks_exact(row)).zip(dx.chunks_exact_mut(row));
        for (c, ((x, dy), dx)) in rows.enumerate() {
            // SAFETY: as above.
            let a = unsafe { *block.parameter(self.slope + c % self.channels) };
            for ((x, dy), dx) in x.iter().zip(dy).zip(dx) {
                *dx = if *x > 0.0 { *dy } else { a * dy };
            }
        }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, _part: usize) {
        let (features, row) = (self.features, self.plane * block.lanes());
        // SAFETY: as above.
        let (x, dy) = unsafe { (block.values(self.input, features), block.gradients(self.output, features)) };
        for (c, (x, dy)) in x.chunks_exact(row).zip(dy.chunks_exact(row)).enumerate() {
            // dy is 0 in lanes without samples.
            let below = |x: f32| if x > 0.0 { 0.0 } else { x };
            let sum = x.iter().zip(dy).fold(0.0, |sum, (x, dy)| sum + below(*x) * dy);
            // SAFETY: `gradient` has the layout of the parameters.
            unsafe { *gradient.add(self.slope + c % self.channels) += sum };
        }
    }

    fn cost(&self) -> usize {
        self.features
    }
}
