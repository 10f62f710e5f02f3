//! Every function of one value against f64: its error over all f32 numbers. docs/activations.md states the bounds
//! too.

use crate::expression::{Expression, Operation};
use crate::layers::activation::formulas::formula;
use crate::options::Activation;
use hebb_kernels::activation::{self, Elementwise};
use hebb_kernels::expression::run;
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;

/// The way a function is computed.
enum How {
    Operation(Operation),
    Kernel(Elementwise),
    Formula(Activation),
}

/// A function, its exact value in f64, and its maximum error.
pub(super) struct Function {
    pub name: &'static str,
    how: How,
    exact: fn(f64) -> f64,
    /// In ulps of the result…
    pub ulps: f64,
    /// …or absolutely, if that is more; 0 for never.
    pub absolute: f64,
}

/// Points at which implementations switch branches, and both signs of each.
const EDGES: &[f32] = &[
    0.0,
    1e-45,
    1e-39,
    f32::MIN_POSITIVE,
    1e-20,
    5e-5,
    0.346_573_6,
    0.5,
    0.625,
    1.0,
    3.0,
    9.0,
    16.6,
    40.0,
    43.668_27,
    86.9,
    87.3,
    87.336_54,
    88.0,
    88.376_26,
    88.722_84,
    88.722_85,
    89.1,
    100.0,
    103.278_93,
    103.97,
    103.98,
    104.0,
    110.0,
    1e4,
    1e9,
    1e19,
    1e30,
    3e38,
    f32::MAX,
    f32::INFINITY,
    f32::NAN,
];

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn softplus(x: f64) -> f64 {
    if x.is_nan() { x } else { x.max(0.0) + (-x.abs()).exp().ln_1p() }
}

/// By its series (Abramowitz and Stegun 7.1.6), all of whose terms have one sign.
fn erf(x: f64) -> f64 {
    if x.abs() > 6.0 {
        return x.signum();
    }
    let (mut term, mut sum, mut n) = (x, x, 0.0);
    while term.abs() > 1e-18 * sum.abs() {
        n += 1.0;
        term *= 2.0 * x * x / (2.0 * n + 1.0);
        sum += term;
    }
    std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum
}

fn gelu(x: f64) -> f64 {
    if x.is_finite() { 0.5 * x * (1.0 + erf(x * std::f64::consts::FRAC_1_SQRT_2)) } else { limit(x) }
}

/// A function that is 0 · ∞ or ∞ / ∞ at −∞.
fn limit(x: f64) -> f64 {
    if x < 0.0 { f64::NAN } else { x }
}

fn elu(x: f64, alpha: f64) -> f64 {
    if x > 0.0 { x } else { alpha * x.exp_m1() }
}

fn threshold(x: f64, low: f64) -> f64 {
    if x.is_nan() {
        x
    } else if x < 0.0 {
        low
    } else {
        1.0
    }
}

fn hard_sigmoid(x: f64) -> f64 {
    if x.is_nan() { x } else { (x / 6.0 + 0.5).clamp(0.0, 1.0) }
}

/// The functions of formulas, then the activations.
pub(super) fn functions() -> Vec<Function> {
    use Operation::*;
    let operation = |name, operation, exact, ulps, absolute| Function {
        name,
        how: How::Operation(operation),
        exact,
        ulps,
        absolute,
    };
    let kernel =
        |name, kind, exact, ulps, absolute| Function { name, how: How::Kernel(kind), exact, ulps, absolute };
    let named =
        |name, kind, exact, ulps, absolute| Function { name, how: How::Formula(kind), exact, ulps, absolute };
    vec![
        operation("exp", Exp(0), f64::exp, 2.0, 0.0),
        operation("expm1", Expm1(0), f64::exp_m1, 2.0, 0.0),
        operation("log", Log(0), f64::ln, 2.0, 0.0),
        operation("sqrt", Sqrt(0), f64::sqrt, 0.5, 0.0),
        operation("softplus", Softplus(0), softplus, 4.0, 0.0),
        operation("erf", Erf(0), erf, 4.0, 0.0),
        operation("power(2)", Power(0, 2.0), |x| x * x, 0.5, 0.0),
        operation("power(3)", Power(0, 3.0), |x| x * x * x, 1.5, 0.0),
        operation("power(-1)", Power(0, -1.0), |x| 1.0 / x, 0.5, 0.0),
        operation("power(-2)", Power(0, -2.0), |x| 1.0 / (x * x), 1.5, 0.0),
        operation("power(0.5)", Power(0, 0.5), f64::sqrt, 0.5, 0.0),
        operation("power(-1.5)", Power(0, -1.5), |x| 1.0 / (x * x.sqrt()), 2.0, 0.0),
        operation("power(2.3)", Power(0, 2.3), |x| if x < 0.0 { f64::NAN } else { x.powf(2.3) }, 30.0, 0.0),
        operation("power(65)", Power(0, 65.0), |x| x.powi(65), 150.0, 0.0),
        operation("power(-100)", Power(0, -100.0), |x| 1.0 / x.powi(100), 150.0, 0.0),
        kernel("sigmoid", Elementwise::Sigmoid, logistic, 4.0, 0.0),
        kernel("tanh", Elementwise::Tanh, f64::tanh, 2.0, 0.0),
        kernel("relu", Elementwise::Relu, |x| if x < 0.0 { 0.0 } else { x }, 0.0, 0.0),
        kernel(
            "silu",
            Elementwise::Silu,
            |x| if x.is_finite() { x * logistic(x) } else { limit(x) },
            4.0,
            1e-43,
        ),
        named("step", Activation::Step, |x| threshold(x, 0.0), 0.0, 0.0),
        named("sign", Activation::Sign, |x| threshold(x, -1.0), 0.0, 0.0),
        named("hardSigmoid", Activation::HardSigmoid, hard_sigmoid, 0.5, 6e-8),
        named("lecunTanh", Activation::LecunTanh, |x| 1.7159 * (x * 2.0 / 3.0).tanh(), 4.0, 0.0),
        named("softsign", Activation::Softsign, |x| x / (1.0 + x.abs()), 1.5, 0.0),
        named("gaussian", Activation::Gaussian, |x| (-x * x).exp(), 80.0, 0.0),
        named(
            "leakyRelu",
            Activation::LeakyRelu { slope: 0.25 },
            |x| if x > 0.0 { x } else { 0.25 * x },
            0.5,
            0.0,
        ),
        named("elu", Activation::Elu { alpha: 1.0 }, |x| elu(x, 1.0), 2.0, 0.0),
        named(
            "selu",
            Activation::Selu,
            |x| 1.050_700_987_355_480_5 * elu(x, 1.673_263_242_354_377_2),
            4.0,
            0.0,
        ),
        named("gelu", Activation::Gelu, gelu, 2.0, 3e-7),
        named(
            "mish",
            Activation::Mish,
            |x| if x.is_finite() { x * softplus(x).tanh() } else { limit(x) },
            4.0,
            1e-43,
        ),
    ]
}

impl Function {
    /// Its values, for a whole number of blocks.
    fn compute(&self, level: Level, x: &[f32]) -> Result<Vec<f32>, String> {
        let mut y = vec![0.0f32; x.len()];
        let expression = match &self.how {
            How::Kernel(kind) => {
                let rows = x.len() / level.block();
                // SAFETY: both have this many rows.
                unsafe { activation::forward(level, *kind, x.as_ptr(), y.as_mut_ptr(), rows) };
                return Ok(y);
            }
            How::Operation(one) => Expression { operations: vec![Operation::Input(0), *one] },
            How::Formula(kind) => formula(kind).ok_or("no formula")?,
        };
        let program = expression.value()?;
        // SAFETY: both have this many values, a multiple of a vector's.
        unsafe { run(level, &program, [x.as_ptr()].as_ptr(), [y.as_mut_ptr()].as_ptr(), x.len()) };
        Ok(y)
    }

    /// The largest error at some points, a multiple of a block of them, and its point: in ulps less the absolute tolerance.
    /// Infinite if exactly one of both is NaN.
    pub fn error(&self, level: Level, x: &[f32]) -> Result<(f64, f32), String> {
        let mut worst = (0.0, 0.0);
        for (&x, y) in x.iter().zip(self.compute(level, x)?) {
            let error = distance(y, (self.exact)(f64::from(x)), self.absolute);
            if error > worst.0 {
                worst = (error, x);
            }
        }
        Ok(worst)
    }
}

/// The distance of a value from the exact one, in ulps.
fn distance(y: f32, exact: f64, allowed: f64) -> f64 {
    if y.is_nan() || exact.is_nan() {
        return if y.is_nan() && exact.is_nan() { 0.0 } else { f64::INFINITY };
    }
    let rounded = exact as f32;
    if y == rounded {
        // Rounded to nearest, which is at most half an ulp.
        return if y.is_infinite() { 0.0 } else { (f64::from(y) - exact).abs() / ulp(rounded) };
    }
    // After the largest number comes 2¹²⁸.
    let wide = |v: f32| if v.is_infinite() { f64::from(v.signum()) * 2f64.powi(128) } else { f64::from(v) };
    let exact = if rounded.is_infinite() { wide(rounded) } else { exact };
    ((wide(y) - exact).abs() - allowed).max(0.0) / ulp(rounded)
}

fn ulp(value: f32) -> f64 {
    let size = value.abs().clamp(f32::MIN_POSITIVE, f32::MAX);
    f64::from(f32::from_bits(size.to_bits() & 0x7f80_0000)) * f64::from(f32::EPSILON)
}

/// A sample of all numbers, and the edges.
pub(super) fn accuracy(random: &mut Random, level: Level) -> Result<(), String> {
    let mut x: Vec<f32> = EDGES.iter().flat_map(|&x| [x, -x]).collect();
    // By their bits and, equally often, near the points where functions bend.
    x.extend((0..128).map(|_| f32::from_bits(random.bits())));
    x.extend((0..128).map(|_| random.uniform(-8.0, 8.0)));
    x.resize(x.len().next_multiple_of(level.block()), 0.0);
    for function in functions() {
        let (error, at) = function.error(level, &x)?;
        if error > function.ulps {
            return Err(format!("{} is {error} ulp off at {at:e}", function.name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest errors over every `step`-th number of f32.
    fn sweep(step: usize) -> Vec<(&'static str, f64, f32, f64)> {
        let mut all = Vec::new();
        for function in functions() {
            let mut worst = (0.0, 0.0);
            for level in Level::available() {
                for from in (0..1u64 << 32).step_by(step << 12) {
                    let places = (0..1 << 12).map(|i| (from + i * step as u64) as u32).map(f32::from_bits);
                    let (error, at) = function.error(level, &places.collect::<Vec<f32>>()).unwrap();
                    if error > worst.0 {
                        worst = (error, at);
                    }
                }
            }
            all.push((function.name, worst.0, worst.1, function.ulps));
        }
        all
    }

    #[test]
    fn functions_are_as_accurate_as_they_say_over_all_of_f32() {
        let wrong = |(name, error, at, ulps): &(&str, f64, f32, f64)| {
            println!("{name}: {error:.2} ulp at {at:e}, {ulps} stated");
            error > ulps
        };
        assert!(sweep(4099).iter().filter(|one| wrong(one)).count() == 0);
    }

    /// `cargo test --release -p hebb every_number -- --ignored --nocapture`: all 2³² numbers, on each back end.
    #[test]
    #[ignore = "takes an hour"]
    fn functions_are_as_accurate_as_they_say_at_every_number() {
        for (name, error, at, ulps) in sweep(1) {
            println!("{name}: {error:.2} ulp at {at:e}");
            assert!(error <= ulps, "{name}: {error} ulp at {at:e}, {ulps} stated");
        }
    }

    #[test]
    fn the_documentation_states_these_bounds() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/activations.md");
        let page = std::fs::read_to_string(path).unwrap();
        for Function { name, ulps, absolute, .. } in functions() {
            let bound = if absolute > 0.0 { format!("{ulps}, or {absolute:e}") } else { format!("{ulps}") };
            let row = format!("| `{name}` | {bound} |");
            let found = page.lines().any(|line| {
                line.split('|').map(str::trim).collect::<Vec<_>>()
                    == row.split('|').map(str::trim).collect::<Vec<_>>()
            });
            assert!(found, "docs/activations.md has no row {row}");
        }
    }
}
