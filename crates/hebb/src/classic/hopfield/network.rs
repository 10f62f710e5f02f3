//! The discrete Hopfield network: weights, thresholds, fields and energy.
//!
//! A binary unit x = (s + 1)/2 with weights w and thresholds θ′ has the field Σwx − θ′ = ½(Σws − θ), where
//! θ = 2θ′ − Σw. So it is the bipolar network with the same weights and thresholds θ, its fields are half as large, and
//! its energy is E′ = (E − E₀)/4, with E₀ the energy of the state in which all x are 0.

use super::options::{StoreOptions, Thresholds, Values};
use super::patterns::Patterns;
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::hopfield::product;

/// A network that has learnt.
pub struct Network {
    patterns: Patterns,
    /// `[units, units]`, symmetric, with a diagonal of 0.
    weights: Vec<f64>,
    /// Of the bipolar network.
    thresholds: Vec<f64>,
    /// Fields up to this are 0 but for rounding.
    tolerances: Vec<f64>,
    /// E₀; 0 for bipolar units.
    zero: f64,
}

/// The rounding of a field, relative to the sum of absolute weights: 2⁻⁴⁴.
const ROUNDING: f64 = 1.0 / (1u64 << 44) as f64;

impl Network {
    /// From weights, which are checked. Usual thresholds are 0 of the bipolar network.
    pub fn new(weights: Vec<f64>, thresholds: Thresholds, patterns: Patterns) -> Result<Self> {
        let n = patterns.units();
        if weights.len() != n * n || n == 0 {
            return Err(Error::shape(format!("{} weights for {n} units: give [{n}, {n}]", weights.len())));
        }
        check(&weights, n)?;
        let binary = patterns.values() == Values::Binary;
        let row_sums = |row: &[f64]| row.iter().sum::<f64>();
        let thresholds = match thresholds {
            Thresholds::Given(own) if own.len() != n || !own.iter().all(|value| value.is_finite()) => {
                let count = own.len();
                return Err(Error::option(format!("{n} units need {n} finite thresholds, got {count}")));
            }
            Thresholds::Given(own) if binary => {
                own.iter().zip(weights.chunks_exact(n)).map(|(own, row)| 2.0 * own - row_sums(row)).collect()
            }
            Thresholds::Given(own) => own,
            _ => zeros(n, "the thresholds")?,
        };
        let rows = weights.chunks_exact(n).zip(&thresholds);
        let size = |(row, own): (&[f64], &f64)| own.abs() + row.iter().map(|w| w.abs()).sum::<f64>();
        let tolerances = rows.map(|one| ROUNDING * size(one)).collect();
        let mut network = Self { patterns, weights, thresholds, tolerances, zero: 0.0 };
        if binary {
            let zero = vec![-1.0; n];
            let mut fields = zeros(n, "the fields")?;
            network.fields(&zero, &mut fields);
            network.zero = network.inner_energy(&zero, &fields);
        }
        Ok(network)
    }

    /// From given weights, and the patterns that they hold, which may be none. Thresholds, unless there are none, take the
    /// place of those of the options, which JSON may have rounded.
    pub fn given(
        options: StoreOptions,
        weights: Vec<f64>,
        patterns: Vec<f64>,
        thresholds: Vec<f64>,
    ) -> Result<Self> {
        let patterns = if patterns.is_empty() {
            Patterns::none(options.units, options.values)
        } else {
            Patterns::new(patterns, options.units, options.values)?
        };
        let exact = (!thresholds.is_empty()).then_some(Thresholds::Given(thresholds));
        Self::new(weights, exact.unwrap_or(options.thresholds), patterns)
    }

    /// h = Ws − θ of the bipolar network.
    pub(super) fn fields(&self, state: &[f64], fields: &mut [f64]) {
        product(&self.weights, state, fields);
        fields.iter_mut().zip(&self.thresholds).for_each(|(h, threshold)| *h -= threshold);
    }

    /// −½ΣΣwss + Σθs = −½Σs(h − θ).
    fn inner_energy(&self, state: &[f64], fields: &[f64]) -> f64 {
        let terms = state.iter().zip(fields).zip(&self.thresholds);
        -0.5 * terms.map(|((s, h), threshold)| s * (h - threshold)).sum::<f64>()
    }

    /// The energy of a state with these fields, as it is written.
    pub(super) fn energy(&self, state: &[f64], fields: &[f64]) -> f64 {
        self.scaled(self.inner_energy(state, fields) - self.zero)
    }

    /// A change of the energy, as it is written.
    pub(super) fn scaled(&self, energy: f64) -> f64 {
        if self.patterns.values() == Values::Binary { 0.25 * energy } else { energy }
    }

    /// A field, as it is written: Σwy − θ in the values of the units.
    pub(super) fn net(&self, field: f64) -> f64 {
        if self.patterns.values() == Values::Binary { 0.5 * field } else { field }
    }

    /// What a unit becomes: the sign of its field, or what it was if the field is 0 but for rounding. An unknown unit stays
    /// 0 then.
    pub(super) fn next(&self, unit: usize, field: f64, now: f64) -> f64 {
        if field.abs() <= self.tolerances[unit] { now } else { field.signum() }
    }

    /// The weights, `[units, units]`.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The weights of a unit.
    pub(super) fn row(&self, unit: usize) -> &[f64] {
        &self.weights[unit * self.thresholds.len()..][..self.thresholds.len()]
    }

    /// The thresholds in the values of the units.
    pub fn thresholds(&self) -> Vec<f64> {
        let binary = self.patterns.values() == Values::Binary;
        let rows = self.weights.chunks_exact(self.thresholds.len()).zip(&self.thresholds);
        rows.map(|(row, own)| if binary { 0.5 * (own + row.iter().sum::<f64>()) } else { *own }).collect()
    }

    /// The stored patterns, and how values are written.
    pub fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// How far a pattern is from losing a unit: the least sh. It is a fixed point if this is at least 0.
    pub fn stability(&self, pattern: usize) -> Result<f64> {
        let n = self.thresholds.len();
        let Some(state) = self.patterns.rows().nth(pattern) else {
            return Err(Error::data(format!("there is no pattern {pattern}")));
        };
        let mut fields = zeros(n, "the fields")?;
        self.fields(state, &mut fields);
        let margin = |i: usize| {
            let field = fields[i];
            self.net(if field.abs() <= self.tolerances[i] { 0.0 } else { field * state[i] })
        };
        Ok((0..n).map(margin).fold(f64::INFINITY, f64::min))
    }
}

/// Weights must be finite and symmetric, with a diagonal of 0.
fn check(weights: &[f64], n: usize) -> Result<()> {
    for i in 0..n {
        for j in 0..=i {
            let (w, mirrored) = (weights[i * n + j], weights[j * n + i]);
            let why = if !w.is_finite() || !mirrored.is_finite() {
                "weights must be finite"
            } else if i == j && w != 0.0 {
                "no unit is connected to itself, so the diagonal must be 0"
            } else if w != mirrored {
                "weights must be symmetric"
            } else {
                continue;
            };
            return Err(Error::data(format!(
                "weights[{i}][{j}] is {w} and weights[{j}][{i}] is {mirrored}: {why}"
            )));
        }
    }
    Ok(())
}
