//! Gradients by central differences: ∂f/∂xᵢ ≈ (f(x + hᵢeᵢ) − f(x − hᵢeᵢ)) / 2hᵢ, whose error is h²f‴/6 and rounding.

/// The steps hᵢ at which both errors are about equal: ∛2⁻⁵² times the size of xᵢ, and exact in 64 bits.
pub(super) fn steps(x: &[f64]) -> Vec<f64> {
    let step = |&x: &f64| {
        let h = f64::EPSILON.cbrt() * x.abs().max(1.0);
        (x + h) - x
    };
    x.iter().map(step).collect()
}

/// The derivatives of `functions` functions, one after another, from all their values at x + h₀e₀, x − h₀e₀, x + h₁e₁, …
pub(super) fn slopes(x: &[f64], steps: &[f64], values: &[f64], functions: usize) -> Vec<f64> {
    let mut slopes = vec![0.0; functions * x.len()];
    let pairs = values.chunks_exact(2 * functions).zip(x.iter().zip(steps));
    for (i, (pair, (x, h))) in pairs.enumerate() {
        for f in 0..functions {
            slopes[f * steps.len() + i] = (pair[f] - pair[functions + f]) / ((x + h) - (x - h));
        }
    }
    slopes
}
