//! An energy stated by its terms, and a diagnosis of its constraints:
//!
//! E(v) = ½vᵀQv + c·v + ½Σbᵢvᵢ(1 − vᵢ) + ½Σₖwₖ(aₖ·v − eₖ)²

use crate::optimizers::batch::dot;
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::vector::add_scaled;

/// A part of the smallest coefficient: constraints kept to this are not violated.
const TOLERANCE: f64 = 0.05;

/// A constraint aₖ·v = eₖ.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Its name in messages.
    pub name: String,
    /// aₖ, one per unit.
    pub coefficients: Vec<f64>,
    /// eₖ.
    pub equals: f64,
    /// wₖ.
    pub weight: f64,
}

/// An energy.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Q, `[units, units]`, symmetric; empty for 0.
    pub quadratic: Vec<f64>,
    /// c, one per unit.
    pub linear: Vec<f64>,
    /// b, one per unit.
    pub binary: Vec<f64>,
    /// The constraints.
    pub constraints: Vec<Constraint>,
}

/// A constraint at some outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// aₖ·v.
    pub value: f64,
    /// aₖ·v − eₖ.
    pub excess: f64,
    /// If it is violated, a weight to try next.
    pub raise_to: Option<f64>,
}

/// Refuses a matrix `[units, units]` that is not symmetric or not finite, with the entry.
#[inline(never)]
pub fn check_symmetric(name: &str, matrix: &[f64], units: usize) -> Result<()> {
    if matrix.len() != units * units {
        let n = matrix.len();
        return Err(Error::shape(format!("{name} must be [{units}, {units}], got {n} values")));
    }
    if let Some(at) = matrix.iter().position(|value| !value.is_finite()) {
        let (i, j, value) = (at / units, at % units, matrix[at]);
        return Err(Error::data(format!("{name}[{i}][{j}] is {value}: it must be a finite number")));
    }
    for i in 0..units {
        for j in 0..i {
            let (a, b) = (matrix[j * units + i], matrix[i * units + j]);
            // Rounding errors of the sums that weights are computed by are allowed.
            if (a - b).abs() > 1e-12 * (a.abs() + b.abs()) {
                return Err(Error::data(format!(
                    "{name} must be symmetric, or the energy may rise: [{j}][{i}] is {a} and [{i}][{j}] is {b}"
                )));
            }
        }
    }
    Ok(())
}

impl Statement {
    /// Weights `[units, units]` and bias of the network that minimises it.
    pub fn network(&self) -> Result<(Vec<f64>, Vec<f64>)> {
        let units = self.linear.len();
        let mut weights = zeros(units * units, "the weights of the energy")?;
        if !self.quadratic.is_empty() {
            check_symmetric("energy: quadratic", &self.quadratic, units)?;
            add_scaled(&mut weights, -1.0, &self.quadratic);
        }
        let mut bias: Vec<f64> = self.linear.iter().zip(&self.binary).map(|(c, b)| -c - 0.5 * b).collect();
        for i in 0..units {
            weights[i * units + i] += self.binary[i];
        }
        for Constraint { coefficients: a, equals, weight, .. } in &self.constraints {
            add_scaled(&mut bias, weight * equals, a);
            for (row, ai) in weights.chunks_exact_mut(units).zip(a) {
                // The product of the coefficients first, so that both halves of the matrix round alike.
                for (w, aj) in row.iter_mut().zip(a) {
                    *w -= weight * (ai * aj);
                }
            }
        }
        if bias.iter().chain(&weights).any(|value| !value.is_finite()) {
            return Err(Error::data("energy: its terms must be finite numbers"));
        }
        Ok((weights, bias))
    }

    /// ∂/∂v of the terms without constraints.
    fn slope(&self, v: &[f64]) -> Vec<f64> {
        let units = v.len();
        let mut slope: Vec<f64> =
            (0..units).map(|i| self.linear[i] + self.binary[i] * (0.5 - v[i])).collect();
        for (row, v) in self.quadratic.chunks_exact(units).zip(v) {
            add_scaled(&mut slope, *v, row);
        }
        slope
    }

    /// What is minimised, without binary terms and constraints: ½vᵀQv + c·v.
    pub fn objective(&self, v: &[f64]) -> f64 {
        let rows = self.quadratic.chunks_exact(v.len());
        dot(&self.linear, v) + 0.5 * rows.zip(v).map(|(row, vi)| vi * dot(row, v)).sum::<f64>()
    }

    /// Each constraint at these outputs. To mend a violated one, an output must move against the force of all other terms:
    /// the weight to try is above the least force that holds such an output, divided by what the weight is multiplied by.
    pub fn verdicts(&self, v: &[f64]) -> Vec<Verdict> {
        let excess: Vec<f64> = self.constraints.iter().map(|c| dot(&c.coefficients, v) - c.equals).collect();
        let mut total = self.slope(v);
        for (c, excess) in self.constraints.iter().zip(&excess) {
            add_scaled(&mut total, c.weight * excess, &c.coefficients);
        }
        let verdict = |(c, &excess): (&Constraint, &f64)| {
            let sizes = c.coefficients.iter().map(|a| a.abs()).filter(|a| *a > 0.0);
            let least = sizes.fold(f64::INFINITY, f64::min);
            let value = excess + c.equals;
            if excess.abs() <= TOLERANCE * least {
                return Verdict { value, excess, raise_to: None };
            }
            let need = |i: usize| {
                let pull = excess * c.coefficients[i];
                let free = if pull > 0.0 { v[i] > TOLERANCE } else { v[i] < 1.0 - TOLERANCE };
                let others = total[i] - c.weight * pull;
                (free && pull != 0.0).then(|| (-others / pull).max(0.0))
            };
            let least = (0..v.len()).filter_map(need).fold(f64::INFINITY, f64::min);
            let least = if least.is_finite() { least } else { 0.0 };
            Verdict { value, excess, raise_to: Some(short((1.25 * least).max(2.0 * c.weight))) }
        };
        self.constraints.iter().zip(&excess).map(verdict).collect()
    }

    /// The verdicts in a sentence.
    pub fn diagnosis(&self, verdicts: &[Verdict]) -> String {
        let all = self.constraints.iter().zip(verdicts);
        let worst = all.filter(|(_, verdict)| verdict.raise_to.is_some());
        let violated = worst.clone().count();
        let worst = worst.max_by(|(_, a), (_, b)| a.excess.abs().total_cmp(&b.excess.abs()));
        let Some((c, Verdict { value, excess, raise_to: Some(weight) })) = worst else {
            return match verdicts.is_empty() {
                true => "there are no constraints".into(),
                false => "all constraints hold".into(),
            };
        };
        let (name, equals, now) = (&c.name, c.equals, c.weight);
        let (value, excess) = (short(*value), short(excess.abs()));
        let others = match violated {
            1 => String::new(),
            _ => format!("; {} more are violated", violated - 1),
        };
        format!(
            "constraint {name} is {value} instead of {equals}, off by {excess}: raise its weight from {now} to \
             {weight}{others}"
        )
    }
}

/// With three significant digits, and not more than four decimals.
#[inline(never)]
fn short(value: f64) -> f64 {
    let mut unit = 1.0;
    while value.abs() < 100.0 * unit && unit > 2e-4 {
        unit *= 0.1;
    }
    let digits = (value / unit).round();
    // A division by a whole number is exact to the last digit, as 12 / 10 is 1.2.
    if unit < 1.0 { digits / (1.0 / unit).round() } else { value.round() }
}
