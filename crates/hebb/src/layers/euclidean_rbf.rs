//! The Euclidean radial basis functions of LeNet-5's output (LeCun et al. 1998): `[features]` → `[units]`, y = −‖x − c‖² with a
//! fixed center c per unit. They are logits: softmax makes them the probabilities of units whose samples are normally
//! distributed about the centers.

use super::activation::activate;
use super::dense::lie;
use super::only_input;
use super::rbf::given_centers;
use crate::options::Activation;
use crate::options::json::Fields;
use crate::plan::{Block, Buffer, Builder, Operator, Uses, Value};
use hebb_kernels::error::Result;
use hebb_kernels::rbf as kernel;
use hebb_kernels::vector;
use std::slice::from_ref;

/// The options of Euclidean radial basis functions.
#[derive(Clone, Debug)]
pub struct EuclideanRbf {
    /// `[units][features]`, at least one.
    pub centers: Vec<Vec<f32>>,
    /// Default identity.
    pub activation: Activation,
}

impl EuclideanRbf {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { centers: f.required("centers")?, activation: f.get("activation", Activation::default()) })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let &[features] = x.shape.as_slice() else {
            return Err(builder.shape(format!(
                "euclideanRbf needs an input [features], got {:?}; put flatten() before it",
                x.shape
            )));
        };
        let units = self.centers.len();
        if units == 0 {
            return Err(builder.option("centers must be at least one list of numbers"));
        }
        let centers = given_centers(builder, &self.centers, units, features)?;
        let output = builder.value(vec![units])?;
        let operator = NegativeSquares { features, units, centers, input: x.buffer, output: output.buffer };
        let y = builder.node(operator, &[x], output, Uses::default());
        activate(builder, y, &self.activation, true)
    }
}

/// −‖x − c‖².
struct NegativeSquares {
    features: usize,
    units: usize,
    centers: Vec<f32>,
    input: Buffer,
    output: Buffer,
}

impl Operator for NegativeSquares {
    fn forward(&self, block: &Block, _part: usize) {
        let (c, x, y) = (self.centers.as_ptr(), block.value(self.input), block.value(self.output));
        // SAFETY: the plan sized the buffers, and the centers are as many; the kernel's borrow of the output has ended.
        unsafe {
            kernel::distances(block.level, lie(from_ref(block)), c, x, y, self.features, 0..self.units);
            vector::scale(block.values_mut(self.output, self.units), -1.0);
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let (c, x) = (self.centers.as_ptr(), block.value(self.input));
        let (dy, dx) = (block.gradient(self.output), block.gradient(self.input));
        let (features, units) = (self.features, self.units);
        // SAFETY: as above; gradients have the sizes of their values.
        unsafe {
            kernel::backward_input(
                block.level,
                lie(from_ref(block)),
                c,
                x,
                dy,
                dx,
                features,
                units,
                0..features,
            );
            vector::scale(block.gradients_mut(self.input, features), -1.0);
        }
    }

    fn cost(&self) -> usize {
        2 * self.features * self.units
    }
}
