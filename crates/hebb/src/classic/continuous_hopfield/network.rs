//! The network's equation and its energy at a point.

use super::options::Options;
use super::subspace::Subspace;
use super::weights::Weights;
use crate::optimizers::batch::dot;
use hebb_kernels::error::{Error, Result};

/// The terms of the energy.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Energy {
    /// −½ΣΣwᵢⱼvᵢvⱼ.
    pub interaction: f64,
    /// (1/λ)Σ(1/Rᵢ)∫₀^{vᵢ}g⁻¹(v)dv.
    pub integral: f64,
    /// −ΣIᵢvᵢ.
    pub input: f64,
}

impl Energy {
    /// E.
    pub fn total(&self) -> f64 {
        self.interaction + self.integral + self.input
    }

    /// The sum of the sizes of the terms, to which rounding errors are relative.
    pub fn size(&self) -> f64 {
        self.interaction.abs() + self.integral.abs() + self.input.abs()
    }
}

/// The network's state and what follows from it.
#[derive(Clone, Debug)]
pub struct Point {
    /// The potentials.
    pub u: Vec<f64>,
    /// The outputs.
    pub v: Vec<f64>,
    /// Wv.
    pub field: Vec<f64>,
    /// du/dt.
    pub slope: Vec<f64>,
}

impl Point {
    pub(super) fn new(units: usize) -> Self {
        let zeros = || vec![0.0; units];
        Self { u: zeros(), v: zeros(), field: zeros(), slope: zeros() }
    }
}

/// C·du/dt = Wv − u/R + I.
pub(super) struct Network {
    pub weights: Weights,
    pub bias: Vec<f64>,
    conductance: Vec<f64>,
    pub capacitance: Vec<f64>,
    subspace: Option<Subspace>,
    /// The relative error of the energy: of rounding, or of sums that are only nearly 1.
    pub resolution: f64,
}

/// One value per unit, all above 0.
#[inline(never)]
fn spread(name: &str, values: &[f64], units: usize) -> Result<Vec<f64>> {
    if values.len() != 1 && values.len() != units {
        let n = values.len();
        return Err(Error::shape(format!("continuousHopfield: {n} values of {name} for {units} units")));
    }
    if let Some(wrong) = values.iter().find(|value| !(value.is_finite() && **value > 0.0)) {
        return Err(Error::option(format!("continuousHopfield: {name} must be above 0, got {wrong}")));
    }
    Ok((0..units).map(|i| values[i % values.len()]).collect())
}

impl Network {
    pub fn new(weights: Weights, bias: Vec<f64>, options: &Options) -> Result<Self> {
        let units = bias.len();
        let resistance = spread("resistance", &options.resistance, units)?;
        let capacitance = spread("capacitance", &options.capacitance, units)?;
        let side = units.isqrt();
        if options.permutation && (side * side != units || side < 2) {
            return Err(Error::shape(format!(
                "continuousHopfield: permutations have N² units, N of at least 2, got {units} units"
            )));
        }
        let varied = |values: &[f64]| values.iter().any(|value| *value != values[0]);
        if options.permutation && (varied(&resistance) || varied(&capacitance)) {
            return Err(Error::option(
                "continuousHopfield: permutations need the same resistance and capacitance for all units",
            ));
        }
        let conductance = resistance.iter().map(|r| 1.0 / r).collect();
        let subspace = options.permutation.then(|| Subspace::new(side, options.tolerance));
        let resolution = if options.permutation { options.tolerance } else { 1e-13 };
        Ok(Self { weights, bias, conductance, capacitance, subspace, resolution })
    }

    /// Fills the point from its `u`.
    #[inline(never)]
    pub fn evaluate(&mut self, gain: f64, point: &mut Point) {
        let Point { u, v, field, slope } = point;
        match &mut self.subspace {
            Some(subspace) => subspace.outputs(gain, u, v),
            None => v.iter_mut().zip(&*u).for_each(|(v, u)| *v = logistic(gain * u)),
        }
        self.weights.times(v, field);
        for i in 0..u.len() {
            slope[i] = (field[i] + self.bias[i] - u[i] * self.conductance[i]) / self.capacitance[i];
        }
    }

    /// The energy at an evaluated point.
    #[inline(never)]
    pub fn energy(&self, gain: f64, point: &Point) -> Energy {
        let integral = match self.subspace {
            Some(_) => |v: f64| x_ln_x(v) - v,
            None => |v: f64| x_ln_x(v) + x_ln_x(1.0 - v),
        };
        let integrals = point.v.iter().zip(&self.conductance).map(|(v, g)| g * integral(*v));
        Energy {
            interaction: -0.5 * dot(&point.v, &point.field),
            integral: integrals.sum::<f64>() / gain,
            input: -dot(&point.v, &self.bias),
        }
    }

    /// −dE/dt = ΣCᵢ(dvᵢ/dt)(duᵢ/dt) at an evaluated point; unknown in the subspace.
    #[inline(never)]
    pub fn descent(&self, gain: f64, point: &Point) -> Option<f64> {
        if self.subspace.is_some() {
            return None;
        }
        let Point { v, slope, .. } = point;
        let of = |i: usize| self.capacitance[i] * slope[i] * slope[i] * gain * v[i] * (1.0 - v[i]);
        Some((0..v.len()).map(of).sum())
    }
}

/// g(x) = 1/(1 + e⁻ˣ) = ½(1 + tanh(x/2)).
pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// ∫₀^v g⁻¹ = v ln v + (1 − v) ln(1 − v) for the logistic g; v ln v − v for the exponential.
fn x_ln_x(x: f64) -> f64 {
    if x > 0.0 { x * x.ln() } else { 0.0 }
}
