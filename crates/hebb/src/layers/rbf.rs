//! Radial basis functions (Broomhead and Lowe 1988): `[features]` → `[units]`, y = exp(−‖x − c‖²/2σ²) with a center c and a
//! width σ per unit. Of `[T, features]` it makes `[T, units]`, with the same centers for each time step.
//!
//! What is trained is log σ: σ stays above 0 after any step, and the slope y·r²/σ² is at most 2/e for any distance r, while the
//! slope by σ itself grows with 1/σ.

use super::dense::lie;
use super::only_input;
use super::standardize::Each;
use crate::options::json::Fields;
use crate::options::{Initializer, Regularization};
use crate::plan::{Block, Buffer, Builder, InitialValue, Operator, ROWS_PER_PART, Uses, Value, part_rows};
use hebb_kernels::error::Result;
use hebb_kernels::rbf as kernel;

/// The options of a layer of radial basis functions.
#[derive(Clone, Debug)]
pub struct Rbf {
    /// Outputs, at least 1.
    pub units: usize,
    /// The initial centers, `[units][features]`. Default: standard normal, for inputs that are standardised.
    pub centers: Option<Vec<Vec<f32>>>,
    /// The initial σ. Default √features, with which a standardised sample is about √2·σ from a default center: y ≈ 1/e,
    /// whatever the number of features.
    pub widths: Option<Each>,
}

impl Rbf {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { units: f.required("units")?, centers: f.optional("centers"), widths: f.optional("widths") })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let &([features] | [_, features]) = x.shape.as_slice() else {
            return Err(builder.shape(format!(
                "rbf needs an input [features] or [T, features], got {:?}; put flatten() before it",
                x.shape
            )));
        };
        let (steps, units) = (x.steps(), self.units);
        if units == 0 {
            return Err(builder.option("units must be at least 1"));
        }
        let shape = if x.is_sequence() { vec![steps, units] } else { vec![units] };
        let squares = builder.value(shape.clone())?;
        let output = builder.value(shape)?;
        // As weights they would be pulled to 0 by the regularisation of all layers.
        let none = Some(Regularization::default());
        let start = self.start_of_centers(builder, features)?;
        let centers = builder.regularized("centers", vec![units, features], start, none)?;
        let log_widths =
            builder.tensor("log_widths", vec![units], self.start_of_widths(builder, features)?)?;
        let (input, output_buffer, squares_buffer) = (x.buffer, output.buffer, squares.buffer);
        let distances = Distances { steps, features, units, centers, input, output: squares_buffer };
        let squares = builder.node(distances, &[x], squares, Uses { trains: true, ..Uses::default() });
        let bells = Bells { steps, units, log_widths, input: squares_buffer, output: output_buffer };
        Ok(builder.node(bells, &[&squares], output, Uses { trains: true, ..Uses::default() }))
    }

    fn start_of_centers(&self, builder: &Builder, features: usize) -> Result<InitialValue> {
        let Some(centers) = &self.centers else {
            // Variance 1 / 1.
            return Ok(InitialValue::Weight { kind: Initializer::LecunNormal, fan: (1, 1) });
        };
        given_centers(builder, centers, self.units, features).map(InitialValue::Given)
    }

    /// The logarithms.
    fn start_of_widths(&self, builder: &Builder, features: usize) -> Result<InitialValue> {
        let Some(widths) = &self.widths else {
            return Ok(InitialValue::Constant(0.5 * (features as f64).ln() as f32));
        };
        let all = widths.spread(self.units).ok_or_else(|| {
            builder.shape(format!("widths must be a number or {} numbers, one for each unit", self.units))
        })?;
        match all.iter().find(|width| !(width.is_finite() && **width > 0.0)) {
            Some(width) => Err(builder.option(format!("widths must be above 0, got {width}"))),
            None => {
                Ok(InitialValue::Given(all.into_iter().map(|width| f64::from(width).ln() as f32).collect()))
            }
        }
    }
}

/// Given centers in one list.
pub(super) fn given_centers(
    builder: &Builder,
    centers: &[Vec<f32>],
    units: usize,
    features: usize,
) -> Result<Vec<f32>> {
    if centers.len() != units || centers.iter().any(|center| center.len() != features) {
        return Err(builder.shape(format!(
            "centers must be {units} lists of {features} numbers, one for each unit; there are {} lists, the first of {}",
            centers.len(),
            centers.first().map_or(0, Vec::len)
        )));
    }
    let all = centers.concat();
    match all.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(builder.option(format!("centers must be finite, got {value}"))),
        None => Ok(all),
    }
}

/// ‖x − c‖².
struct Distances {
    /// Time steps; 1 for flat inputs.
    steps: usize,
    features: usize,
    units: usize,
    centers: usize,
    input: Buffer,
    output: Buffer,
}

impl Distances {
    /// The offsets of each time step in the buffers of the input and the output, in floats.
    fn offsets(&self, block: &Block) -> impl Iterator<Item = (usize, usize)> {
        let (lanes, features, units) = (block.lanes(), self.features, self.units);
        (0..self.steps).map(move |t| (t * features * lanes, t * units * lanes))
    }
}

impl Operator for Distances {
    fn forward(&self, block: &Block, part: usize) {
        self.forward_all(std::slice::from_ref(block), part);
    }

    fn forward_all(&self, blocks: &[Block], part: usize) {
        let (block, rows) = (&blocks[0], part_rows(part, self.units));
        let (c, x, y) = (block.parameter(self.centers), block.value(self.input), block.value(self.output));
        for (from, to) in self.offsets(block) {
            let (x, y) = (x.wrapping_add(from), y.wrapping_add(to));
            // SAFETY: the plan sized buffers and tensors by steps, features and units; all blocks have the same plan.
            unsafe { kernel::distances(block.level, lie(blocks), c, x, y, self.features, rows.clone()) }
        }
    }

    fn backward_input(&self, block: &Block, part: usize) {
        self.backward_input_all(std::slice::from_ref(block), part);
    }

    fn backward_input_all(&self, blocks: &[Block], part: usize) {
        let (block, rows) = (&blocks[0], part_rows(part, self.features));
        let (c, x) = (block.parameter(self.centers), block.value(self.input));
        let (g, dx) = (block.gradient(self.output), block.gradient(self.input));
        let (features, units) = (self.features, self.units);
        for (from, to) in self.offsets(block) {
            let (x, g, dx) = (x.wrapping_add(from), g.wrapping_add(to), dx.wrapping_add(from));
            // SAFETY: as above.
            unsafe {
                kernel::backward_input(block.level, lie(blocks), c, x, g, dx, features, units, rows.clone());
            }
        }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, part: usize) {
        self.backward_parameters_all(std::slice::from_ref(block), gradient, part);
    }

    fn backward_parameters_all(&self, blocks: &[Block], gradient: *mut f32, part: usize) {
        let (block, rows) = (&blocks[0], part_rows(part, self.units));
        let (c, dc) = (block.parameter(self.centers), gradient.wrapping_add(self.centers));
        let (x, g) = (block.value(self.input), block.gradient(self.output));
        for (from, to) in self.offsets(block) {
            let (x, g) = (x.wrapping_add(from), g.wrapping_add(to));
            // SAFETY: as above; `gradient` has the layout of the parameters.
            unsafe {
                kernel::centers_backward(block.level, lie(blocks), c, x, g, dc, self.features, rows.clone());
            }
        }
    }

    fn parts(&self) -> usize {
        self.units.div_ceil(ROWS_PER_PART)
    }

    fn input_parts(&self) -> usize {
        self.features.div_ceil(ROWS_PER_PART)
    }

    fn shares_weights_across_blocks(&self) -> bool {
        true
    }

    fn cost(&self) -> usize {
        2 * self.steps * self.features * self.units
    }
}

/// exp(−r²/2σ²).
struct Bells {
    steps: usize,
    units: usize,
    log_widths: usize,
    input: Buffer,
    output: Buffer,
}

impl Bells {
    /// The offset of each time step in the buffers, in floats.
    fn offsets(&self, block: &Block) -> impl Iterator<Item = usize> {
        let size = self.units * block.lanes();
        (0..self.steps).map(move |t| t * size)
    }
}

impl Operator for Bells {
    fn forward(&self, block: &Block, _part: usize) {
        let (squares, y) = (block.value(self.input), block.value(self.output));
        let widths = &block.parameters[self.log_widths..][..self.units];
        for at in self.offsets(block) {
            // SAFETY: the plan gave both buffers steps · units rows.
            unsafe { kernel::bells(block.level, widths, squares.wrapping_add(at), y.wrapping_add(at)) }
        }
    }

    fn backward_input(&self, block: &Block, _part: usize) {
        let (squares, y) = (block.value(self.input), block.value(self.output));
        let (gradient, dy) = (block.gradient(self.input), block.gradient(self.output));
        let widths = &block.parameters[self.log_widths..][..self.units];
        for at in self.offsets(block) {
            let [squares, y, dy, gradient] = [squares, y, dy, gradient].map(|p| p.wrapping_add(at));
            // SAFETY: as above.
            unsafe { kernel::bells_backward(block.level, widths, squares, y, dy, gradient) }
        }
    }

    fn backward_parameters(&self, block: &Block, gradient: *mut f32, _part: usize) {
        let (squares, y, dy) =
            (block.value(self.input), block.value(self.output), block.gradient(self.output));
        let widths = &block.parameters[self.log_widths..][..self.units];
        let gradient = gradient.wrapping_add(self.log_widths);
        for at in self.offsets(block) {
            let [squares, y, dy] = [squares, y, dy].map(|p| p.wrapping_add(at));
            // SAFETY: as above; `gradient` has the layout of the parameters.
            unsafe { kernel::widths_backward(block.level, widths, squares, y, dy, gradient) }
        }
    }

    fn cost(&self) -> usize {
        16 * self.steps * self.units
    }
}
