//! y = (x − mean) / deviation, or the inverse y = x · deviation + mean: scaling as a part of the model, so that a saved model
//! takes the same raw values that it was trained on.

use super::only_input;
use crate::options::json::{Fields, Read};
use crate::plan::{Block, Buffer, Builder, Operator, Uses, Value};
use hebb_kernels::error::Result;
use hebb_kernels::vector;
use serde_json::Value as Json;

/// The options of a standardisation.
#[derive(Clone, Debug)]
pub struct Standardize {
    /// The subtrahend.
    pub mean: Each,
    /// The divisor, above 0.
    pub deviation: Each,
    /// Whether it is the inverse, y = x · deviation + mean. Default false.
    pub invert: bool,
}

/// One number for all values of a sample, or one per feature of `[features]` and `[T, features]`, per channel of
/// `[C, H, W]`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Each {
    One(f32),
    Many(Vec<f32>),
}

impl Read for Each {
    fn read(name: &str, json: Json) -> std::result::Result<Self, String> {
        if json.is_array() {
            Vec::read(name, json).map(Each::Many)
        } else {
            f32::read(name, json).map(Each::One)
        }
    }
}

impl Each {
    /// One number for each of `count`; `None` if it has another length.
    pub(super) fn spread(&self, count: usize) -> Option<Vec<f32>> {
        match self {
            Each::One(value) => Some(vec![*value; count]),
            Each::Many(values) => (values.len() == count).then(|| values.clone()),
        }
    }
}

impl Standardize {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {
            mean: f.required("mean")?,
            deviation: f.required("deviation")?,
            invert: f.get("invert", false),
        })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let channels = x.channels();
        let (Some(mean), Some(deviation)) = (self.mean.spread(channels), self.deviation.spread(channels))
        else {
            return Err(builder.shape(format!(
                "mean and deviation must be numbers or {channels} numbers each, one for each feature or channel of {:?}",
                x.shape
            )));
        };
        let usable =
            |(mean, deviation): (&f32, &f32)| mean.is_finite() && deviation.is_finite() && *deviation > 0.0;
        if let Some((mean, deviation)) = mean.iter().zip(&deviation).find(|pair| !usable(*pair)) {
            return Err(builder
                .option(format!("mean must be finite and deviation above 0, got {mean} and {deviation}")));
        }
        let output = builder.value(x.shape.clone())?;
        let invert = self.invert;
        let scale = if invert { deviation } else { deviation.iter().map(|d| 1.0 / d).collect() };
        let features = x.features();
        let plane = features / (channels * x.steps());
        let operator =
            Scaling { features, mean, scale, invert, plane, input: x.buffer, output: output.buffer };
        Ok(builder.node(operator, &[x], output, Uses::default()))
    }
}

struct Scaling {
    features: usize,
    /// Per channel; each time step starts again.
    mean: Vec<f32>,
    /// 1 / deviation; for the inverse the deviation.
    scale: Vec<f32>,
    invert: bool,
    /// Values per channel.
    plane: usize,
    input: Buffer,
    output: Buffer,
}

impl Operator for Scaling {
    fn forward(&self, block: &Block, _part: usize) {
        let features = self.features;
        // SAFETY: the plan gave both buffers these features, and buffers in use never overlap.
        let (x, y) = unsafe { (block.values(self.input, features), block.values_mut(self.output, features)) };
        let plane = self.plane * block.lanes();
        let rows = y.chunks_exact_mut(plane).zip(x.chunks_exact(plane));
        for ((y, x), (&mean, &scale)) in rows.zip(self.mean.iter().zip(&self.scale).cycle()) {
            if self.invert {
                vector::scale_shift(x, y, scale, mean);
            } else {
                vector::shift_scale(x, y, mean, scale);
            }
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let features = self.features;
        // SAFETY: as above.
        let (dx, dy) =
            unsafe { (block.gradients_mut(self.input, features), block.gradients(self.output, features)) };
        let plane = self.plane * block.lanes();
        let rows = dx.chunks_exact_mut(plane).zip(dy.chunks_exact(plane));
        for ((dx, dy), &scale) in rows.zip(self.scale.iter().cycle()) {
            dx.copy_from_slice(dy);
            vector::scale(dx, scale);
        }
    }

    fn cost(&self) -> usize {
        self.features
    }
}
