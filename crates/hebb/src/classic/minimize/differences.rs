//! Gradients by central differences: ∂f/∂xᵢ ≈ (f(x + hᵢeᵢ) − f(x − hᵢeᵢ)) / 2hᵢ, whose error is h²f‴/6 and rounding.

/// The steps hᵢ, where both errors are about equal: ∛2⁻⁵² times the size of xᵢ, and exact in 64 bits.
pub(super) fn steps(x: &[f64]) -> Vec<f64> {
    let step = |&x: &f64| {
        let h = f64::EPSILON.cbrt() * x.abs().max(1.0);
        (x + h) - x
    };
    x.iter().map(step).collect()
}

/// The gradient, from f(x + h₀e₀), f(x − h₀e₀), f(x + h₁e₁), …
pub(super) fn gradient(x: &[f64], steps: &[f64], values: &[f64]) -> Vec<f64> {
    let pairs = values.chunks_exact(2).zip(x.iter().zip(steps));
    pairs.map(|(pair, (x, h))| (pair[0] - pair[1]) / ((x + h) - (x - h))).collect()
}
