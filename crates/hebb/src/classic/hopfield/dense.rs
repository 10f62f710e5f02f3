//! Dense associative memories, which keep their patterns x instead of weights.
//!
//! Krotov and Hopfield, "Dense associative memory for pattern recognition", 2016: E = −ΣF(x·s) with F(m) = mⁿ; a unit becomes
//! the sign of ΣF(x·s with this unit as 1) − F(x·s with it as −1). Degree 2 is Hebb's rule: then E = −2·(½ΣΣwss) − MN.
//!
//! Ramsauer et al., "Hopfield networks is all you need", 2020: E = −lse(β, Xs) + ½s·s + ln(M)/β + ½max|x|², with
//! lse(β, z) = ln(Σexp(βz))/β; an update is s = Xᵀ softmax(βXs).

use super::options::{Degree, StoreOptions};
use super::patterns::{Kind, Likeness, Patterns, columns};
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::hopfield::{power_gain, power_sum, product};
use hebb_kernels::vector::dot;

/// A dense memory.
pub struct Dense {
    patterns: Patterns,
    /// The patterns unit by unit, `[units, count]`.
    columns: Vec<f64>,
    degree: Degree,
    /// ½max|x|².
    half: f64,
}

/// The largest change of a value at which the softmax update has settled, relative to the largest pattern.
const SETTLED: f64 = 1e-12;

impl Dense {
    /// From options with a degree, and patterns `[count, units]`.
    pub fn new(options: StoreOptions, x: Vec<f64>) -> Result<Self> {
        let patterns = Patterns::new(x, options.units, options.values)?;
        let degree = options.degree.unwrap_or(Degree::Power(2));
        let units = patterns.units();
        match degree {
            Degree::Power(n) if !(units as f64).powi(n as i32).is_finite() || n < 2 => {
                return Err(Error::option(format!(
                    "denseMemory: degree {n} is out of range for {units} units: {units}ⁿ must be finite and n at least 2; degree: 'softmax' has no limit"
                )));
            }
            Degree::Softmax(beta) if !(beta > 0.0 && beta.is_finite()) => {
                return Err(Error::option(format!(
                    "denseMemory: beta must be finite and above 0, got {beta}"
                )));
            }
            _ => (),
        }
        let half = patterns.rows().map(|row| 0.5 * dot(row, row)).fold(0.0, f64::max);
        if !half.is_finite() {
            return Err(Error::data("the patterns are too large: scale them to about 1"));
        }
        let columns = columns(patterns.all(), units)?;
        Ok(Self { patterns, columns, degree, half })
    }

    /// How many random patterns are held (Krotov and Hopfield 2016, without an error): N^(n−1) / (2(2n − 3)!! ln N).
    pub fn warning(&self) -> Option<String> {
        let Degree::Power(degree) = self.degree else { return None };
        let n = self.patterns.units() as f64;
        let odd: f64 = (1..degree).map(|k| f64::from(2 * k - 1)).product();
        let most = n.powi(degree as i32 - 1) / (2.0 * odd * n.ln());
        let count = self.patterns.count();
        (count > 1 && count as f64 > most).then(|| {
            format!(
                "{count} patterns are more than {n} units hold without errors at degree {degree} (N^(n−1)/(2(2n−3)!! ln N) of random patterns, here {}): store fewer, or raise degree",
                most.floor().max(1.0)
            )
        })
    }

    /// The stored patterns, and how values are written.
    pub fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// β of the softmax update.
    pub(super) fn beta(&self) -> Option<f64> {
        match self.degree {
            Degree::Softmax(beta) => Some(beta),
            Degree::Power(_) => None,
        }
    }

    /// The values of a unit in all patterns.
    pub(super) fn column(&self, unit: usize) -> &[f64] {
        let count = self.patterns.count();
        &self.columns[unit * count..(unit + 1) * count]
    }

    /// x·s of each pattern.
    pub(super) fn overlaps(&self, state: &[f64], sums: &mut [f64]) {
        product(&self.columns, state, sums);
    }

    pub(super) fn energy(&self, state: &[f64], sums: &[f64]) -> f64 {
        match self.degree {
            Degree::Power(n) => -power_sum(sums, n),
            Degree::Softmax(beta) => {
                let (largest, sum) = exponentials(beta, sums);
                let lse = largest + sum.ln() / beta;
                -lse + 0.5 * dot(state, state) + (sums.len() as f64).ln() / beta + self.half
            }
        }
    }

    /// Half the gap of the energy between a unit's two states, and what the unit becomes.
    pub(super) fn update(&self, unit: usize, now: f64, sums: &[f64]) -> (f64, f64) {
        let Degree::Power(n) = self.degree else { return (0.0, now) };
        let gain = power_gain(sums, self.column(unit), now, n);
        (0.5 * gain, if gain == 0.0 { now } else { gain.signum() })
    }

    /// An update of all units by softmax; returns whether it changed nothing.
    pub(super) fn settle(&self, state: &mut [f64], sums: &mut [f64]) -> Result<bool> {
        let beta = self.beta().unwrap_or(1.0);
        let mut parts = sums.to_vec();
        softmax(beta, &mut parts);
        let mut next = zeros(state.len(), "the state")?;
        product(self.patterns.all(), &parts, &mut next);
        let change = state.iter().zip(&next).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        state.copy_from_slice(&next);
        self.overlaps(state, sums);
        Ok(change <= SETTLED * (2.0 * self.half).sqrt())
    }

    /// The pattern that a state of the softmax update is, or the patterns that it is a blend of, from the overlaps.
    pub(super) fn blend(&self, sums: &[f64]) -> Likeness {
        let mut parts = sums.to_vec();
        softmax(self.beta().unwrap_or(1.0), &mut parts);
        let largest = parts.iter().copied().fold(0.0, f64::max);
        let is_stored = largest >= 0.9;
        let least = if is_stored { largest } else { 0.5 * largest };
        let patterns: Vec<u32> = (0..parts.len() as u32).filter(|&i| parts[i as usize] >= least).collect();
        let kind = if is_stored { Kind::Stored } else { Kind::Mixture };
        Likeness { kind, signs: vec![1.0; patterns.len()], patterns, overlap: largest }
    }
}

/// The largest value z, and Σ exp(β(z − largest)).
fn exponentials(beta: f64, z: &[f64]) -> (f64, f64) {
    let largest = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (largest, z.iter().map(|z| (beta * (z - largest)).exp()).sum())
}

fn softmax(beta: f64, z: &mut [f64]) {
    let (largest, sum) = exponentials(beta, z);
    z.iter_mut().for_each(|z| *z = (beta * (*z - largest)).exp() / sum);
}
