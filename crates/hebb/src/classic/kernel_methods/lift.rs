//! The mapping φ made visible, for the kernels for which it is short or can be cut off.

use crate::classic::samples;
use hebb_kernels::error::{Error, Result};

/// Maximum features of a mapping.
const MAX_FEATURES: usize = 1 << 20;

/// The monomials xⁿ = x₁ⁿ¹·x₂ⁿ²⋯ of each degree up to `degree`, each times √(weight(degree)·degree!/(n₁!·n₂!⋯)): their products
/// are Σ weight(k)·(x·x′)ᵏ, by the multinomial theorem. Those of degree 1 come after the constant, and so on.
fn monomials(x: &[f64], degree: u32, weight: &dyn Fn(u32) -> f64, out: &mut Vec<f64>) {
    // Exponents as lists of the variables from the first on, each of at least the one before: x₁²x₃ is [0, 0, 2].
    for k in 0..=degree {
        let scale = weight(k);
        let mut chosen = vec![0usize; k as usize];
        loop {
            let mut value = scale;
            let mut run = 0.0;
            for (at, &variable) in chosen.iter().enumerate() {
                run = if at > 0 && chosen[at - 1] == variable { run + 1.0 } else { 1.0 };
                // (at + 1)! over the product of the factorials of the runs.
                value *= (at + 1) as f64 / run;
            }
            let product = chosen.iter().fold(1.0, |product, &variable| product * x[variable]);
            out.push(value.sqrt() * product);
            let Some(last) = (0..chosen.len()).rev().find(|&at| chosen[at] + 1 < x.len()) else { break };
            let next = chosen[last] + 1;
            chosen[last..].fill(next);
        }
    }
}

/// How many monomials there are: (features + degree)!/(features!·degree!).
fn count(features: usize, degree: u32) -> Result<usize> {
    let mut count = 1.0;
    for k in 1..=degree {
        count *= (features as f64 + f64::from(k)) / f64::from(k);
    }
    if count <= MAX_FEATURES as f64 {
        return Ok(count.round() as usize);
    }
    Err(Error::option(format!(
        "degree {degree} of {features} values has {count:.0} features, more than {MAX_FEATURES}: lower it, or use the kernel, which needs none of them"
    )))
}

fn lifted(
    x: Vec<f64>,
    features: usize,
    degree: u32,
    one: &dyn Fn(&[f64], &mut Vec<f64>),
) -> Result<Vec<f64>> {
    let x = samples(x, features)?;
    let size = count(features, degree)?;
    if size.saturating_mul(x.nrows()) > MAX_FEATURES * 64 {
        return Err(Error::option(format!(
            "{} samples of {size} features are too many: lower degree",
            x.nrows()
        )));
    }
    let mut out = Vec::with_capacity(size * x.nrows());
    x.rows().into_iter().for_each(|row| one(&row.to_vec(), &mut out));
    Ok(out)
}

/// φ of the polynomial kernel (s·x·x′ + c)^d, `[samples, φ]`: all monomials up to degree d.
pub fn polynomial_features(
    x: Vec<f64>,
    features: usize,
    degree: u32,
    scale: f64,
    constant: f64,
) -> Result<Vec<f64>> {
    lifted(x, features, degree, &|row, out| {
        let weight = |k: u32| {
            let binomial = (1..=k).fold(1.0, |b, i| b * f64::from(degree + 1 - i) / f64::from(i));
            binomial * scale.powi(k as i32) * constant.powi((degree - k) as i32)
        };
        monomials(row, degree, &weight, out);
    })
}

/// φ of the radial basis kernel, cut off after degree d, `[samples, φ]`: because exp(−‖x − x′‖²/2σ²) =
/// exp(−‖x‖²/2σ²)·exp(−‖x′‖²/2σ²)·Σ (x·x′/σ²)ᵏ/k!, it has all monomials, of all degrees. What is cut off is at most
/// r^(d+1)/(d + 1)! for r = ‖x‖‖x′‖/σ² (Cotter, Keshet and Srebro, "Explicit approximations of the Gaussian kernel", 2011).
pub fn taylor_features(x: Vec<f64>, features: usize, degree: u32, sigma: f64) -> Result<Vec<f64>> {
    lifted(x, features, degree, &|row, out| {
        let row: Vec<f64> = row.iter().map(|x| x / sigma).collect();
        let fall = (-0.5 * row.iter().fold(0.0, |sum, x| sum + x * x)).exp();
        let from = out.len();
        monomials(&row, degree, &|k| 1.0 / (1..=k).fold(1.0, |f, i| f * f64::from(i)), out);
        out[from..].iter_mut().for_each(|value| *value *= fall);
    })
}
