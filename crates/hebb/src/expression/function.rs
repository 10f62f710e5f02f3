//! Formulas of several variables with their exact gradients, in f64, for `minimize`.

use super::Operation::{self, *};
use super::{derivative, operation, operations};
use serde_json::Value;

/// Maximum operations of a function: differentiation takes time proportional to their square.
const LIMIT: usize = 4096;

/// A function of a vector: its operations, followed by those of its gradient.
#[derive(Debug)]
pub(crate) struct Function {
    operations: Vec<Operation>,
    /// Number of operations of the value, which come first.
    own: usize,
    /// The indices of the derivatives.
    gradient: Vec<usize>,
}

impl Function {
    /// From JSON as for an expression, but with the inputs `["variable", 0]`, `["variable", 1]`, …
    pub fn parse(json: &Value, variables: usize) -> Result<Self, String> {
        let own = operations(json, LIMIT, |at, json| match json[0].as_str() {
            Some("variable") => {
                let number = json[1].as_u64().filter(|&number| number < variables as u64);
                number
                    .map(|number| Input(number as usize))
                    .ok_or_else(|| format!("{json} is no variable of x"))
            }
            Some("x" | "output" | "target") => Err(format!("{json} is no variable of x")),
            _ => operation(at, json),
        })?;
        let (all, gradient) = derivative::derive(&own, Number(1.0), variables);
        Ok(Self { operations: all, own: own.len(), gradient })
    }

    /// f(x).
    pub fn value(&self, x: &[f64]) -> f64 {
        evaluate(&self.operations[..self.own], x)[self.own - 1]
    }

    /// [f(x), ∂f/∂x₀, ∂f/∂x₁, …].
    pub fn value_and_gradient(&self, x: &[f64]) -> Vec<f64> {
        let all = evaluate(&self.operations, x);
        [self.own - 1].iter().chain(&self.gradient).map(|&at| all[at]).collect()
    }
}

/// The results of all operations.
fn evaluate(operations: &[Operation], x: &[f64]) -> Vec<f64> {
    let mut all: Vec<f64> = Vec::with_capacity(operations.len());
    for operation in operations {
        let value = match *operation {
            Input(variable) => x[variable],
            Number(value) => value,
            Plus(a, b) => all[a] + all[b],
            Minus(a, b) => all[a] - all[b],
            Times(a, b) => all[a] * all[b],
            Over(a, b) => all[a] / all[b],
            Power(a, exponent) => power(all[a], exponent),
            Exp(a) => all[a].exp(),
            Expm1(a) => expm1(all[a]),
            Log(a) => all[a].ln(),
            Sqrt(a) => all[a].sqrt(),
            Abs(a) => all[a].abs(),
            Tanh(a) => tanh(all[a]),
            Sigmoid(a) => 1.0 / (1.0 + (-all[a]).exp()),
            Softplus(a) => all[a].max(0.0) + ln_1p((-all[a].abs()).exp()),
            Erf(a) => erf(all[a]),
            // A NaN in a comparison stays.
            Maximum(a, b) => all[if all[a] > all[b] || all[a].is_nan() { a } else { b }],
            Minimum(a, b) => all[if all[a] < all[b] || all[a].is_nan() { a } else { b }],
            Where(a, b, ..) if all[a].is_nan() || all[b].is_nan() => f64::NAN,
            Where(a, b, c, d) => all[if all[a] > all[b] { c } else { d }],
        };
        all.push(value);
    }
    all
}

// Std's versions of these would be 4 kB of WebAssembly.

/// x to a power: by multiplication if the exponent is a small whole number, else e^(exponent · ln |x|); NaN if x is negative,
/// unless the exponent is whole.
fn power(x: f64, exponent: f64) -> f64 {
    if exponent.fract() != 0.0 {
        return (exponent * x.ln()).exp();
    }
    if exponent.abs() <= 64.0 {
        return x.powi(exponent as i32);
    }
    let size = (exponent * x.abs().ln()).exp();
    if exponent % 2.0 != 0.0 && x < 0.0 { -size } else { size }
}

/// eˣ − 1, with the digits lost by the subtraction restored as in [`ln_1p`].
fn expm1(x: f64) -> f64 {
    let e = x.exp();
    if e == 1.0 {
        x
    } else if (e - 1.0).abs() < 0.5 {
        (e - 1.0) * (x / e.ln())
    } else {
        e - 1.0
    }
}

/// ln(1 + x), with the digits lost by 1 + x restored (Kahan).
fn ln_1p(x: f64) -> f64 {
    let sum = 1.0 + x;
    if sum == 1.0 { x } else { sum.ln() * (x / (sum - 1.0)) }
}

/// (1 − e⁻²ˣ) / (1 + e⁻²ˣ), with the digits lost by the subtraction restored as in [`ln_1p`]; 1 from 30 on.
fn tanh(x: f64) -> f64 {
    let twice = 2.0 * x.abs().min(30.0);
    let e = (-twice).exp();
    let less = if e == 1.0 { twice } else { (1.0 - e) * (twice / -e.ln()) };
    less / (1.0 + e) * x.signum()
}

/// The error function as 2/√π·e^(−x²)·Σ 2ⁿx²ⁿ⁺¹/(2n + 1)!!, whose terms have one sign; 1 from 6 on, in 64 bits.
fn erf(x: f64) -> f64 {
    if x.abs() > 6.0 {
        return x.signum();
    }
    let (mut sum, mut term, mut n) = (x, x, 1.0);
    while term.abs() > sum.abs() * 1e-17 {
        term *= 2.0 * x * x / (2.0 * n + 1.0);
        sum += term;
        n += 1.0;
    }
    std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(json: &str, variables: usize) -> Result<Function, String> {
        Function::parse(&serde_json::from_str(json).map_err(|error| error.to_string())?, variables)
    }

    /// Every operation there is, of three variables, without kinks nearby.
    const ALL: &str = r#"[["variable",0],["variable",1],["variable",2],["number",0.1],["times",0,1],["plus",4,3],
        ["over",5,2],["power",2,1.5],["minus",6,7],["exp",0],["log",2],["sqrt",2],["abs",1],["tanh",8],["sigmoid",4],
        ["softplus",1],["erf",0],["maximum",9,10],["minimum",11,12],["where",0,1,13,14],["times",17,18],["plus",19,20],
        ["plus",21,15],["times",22,16],["variable",0],["plus",23,24],["power",25,3]]"#;

    #[test]
    fn gradients_are_those_of_central_differences() -> Result<(), String> {
        let f = function(ALL, 3)?;
        for x in [[0.3, -1.2, 2.0], [1.5, 0.4, 0.7], [-0.6, 2.2, 1.1]] {
            let exact = f.value_and_gradient(&x);
            assert_eq!(exact[0], f.value(&x));
            for i in 0..3 {
                let at = |change: f64| {
                    let mut near = x;
                    near[i] += change;
                    f.value(&near)
                };
                let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
                let error = (exact[1 + i] - slope).abs() / (1.0 + slope.abs());
                assert!(error < 1e-7, "∂/∂x{i} at {x:?}: {} and {slope}", exact[1 + i]);
            }
        }
        Ok(())
    }

    #[test]
    fn values_have_64_bits() -> Result<(), String> {
        let of = |json: &str, x: f64| function(json, 1).map(|f| f.value(&[x]));
        assert_eq!(of(r#"[["variable",0],["number",0.1],["plus",0,1]]"#, 0.2)?, 0.1 + 0.2);
        // Abramowitz and Stegun, table 7.1, and two more digits.
        for (x, y) in
            [(0.5, 0.520_499_877_813_046_5), (1.0, 0.842_700_792_949_714_9), (2.0, 0.995_322_265_018_952_7)]
        {
            for (x, y) in [(x, y), (-x, -y)] {
                let own = of(r#"[["variable",0],["erf",0]]"#, x)?;
                assert!((own - y).abs() < 1e-15, "erf {x} = {y}, got {own}");
            }
        }
        assert_eq!((erf(0.0), erf(6.5), erf(-1e300)), (0.0, 1.0, -1.0));
        assert!((erf(6.0) - 1.0).abs() < 1e-14 && erf(f64::NAN).is_nan());
        for x in [0.0, 1e-300, 1e-9, 0.3, 1.0, 5.0, 30.0, 800.0] {
            for x in [x, -x] {
                let own = of(r#"[["variable",0],["tanh",0]]"#, x)?;
                assert!((own - x.tanh()).abs() <= 4e-16 * x.tanh().abs(), "tanh {x}: {own}");
                let own = of(r#"[["variable",0],["softplus",0]]"#, x)?;
                let expected = x.max(0.0) + (-x.abs()).exp().ln_1p();
                assert!((own - expected).abs() <= 4e-16 * expected, "softplus {x}: {own}");
            }
            for exponent in [2.0, -3.0, 0.5, 1.7, 100.0] {
                let own = of(&format!(r#"[["variable",0],["power",0,{exponent}]]"#), x)?;
                let (expected, error) = (x.powf(exponent), 4e-16 * (1.0 + (exponent * x.ln()).abs()));
                assert!(
                    own == expected || (own - expected).abs() <= error * expected,
                    "{x}^{exponent}: {own}"
                );
            }
        }
        assert!(of(r#"[["variable",0],["power",0,1.5]]"#, -1.0)?.is_nan() && tanh(f64::NAN).is_nan());
        // Nothing overflows on the way.
        for (x, y) in [(800.0, 800.0), (-800.0, 0.0)] {
            assert_eq!(of(r#"[["variable",0],["softplus",0]]"#, x)?, y);
            assert_eq!(of(r#"[["variable",0],["sigmoid",0]]"#, x)?, y / 800.0);
        }
        Ok(())
    }

    #[test]
    fn what_is_no_function_of_the_variables_is_refused() {
        for json in
            [r#"[["variable",2]]"#, r#"[["variable",-1]]"#, r#"[["x"]]"#, r#"[["target"]]"#, "[]", "3"]
        {
            assert!(function(json, 2).is_err(), "{json}");
        }
    }
}
