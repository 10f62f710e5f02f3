//! Functions for schedules and bias corrections, in f64: the platforms' own differ in the last bits, and weights must
//! not.

/// cos(π·x) for x in [0, 1], by the Taylor series of sin about the middle.
pub(super) fn cosine(x: f64) -> f64 {
    let y = std::f64::consts::PI * (0.5 - x);
    let z = y * y;
    let series = [1.0 / 6.0, 1.0 / 20.0, 1.0 / 42.0, 1.0 / 72.0, 1.0 / 110.0, 1.0 / 156.0, 1.0 / 210.0];
    y * series.iter().rev().fold(1.0, |sum, c| 1.0 - z * c * sum)
}

/// xⁿ.
pub(super) fn power(x: f64, n: u64) -> f64 {
    let (mut result, mut square, mut n) = (1.0, x, n);
    while n > 0 {
        if n % 2 == 1 {
            result *= square;
        }
        square *= square;
        n /= 2;
    }
    result
}

/// eˣ for x ≤ 0: the Taylor series of a 1024th of it, squared ten times.
pub(super) fn exp(x: f64) -> f64 {
    let y = x.max(-700.0) / 1024.0;
    let series = (1..=12).rev().fold(1.0, |sum, n| 1.0 + y / f64::from(n) * sum);
    power(series, 1024)
}

/// ln x for a finite x above 0: 2·artanh((m−1)/(m+1)) by its series for m near 1, and the powers of two apart.
pub(super) fn ln(x: f64) -> f64 {
    let (mut m, mut exponent) = (x, 0);
    while m > std::f64::consts::SQRT_2 {
        (m, exponent) = (m / 2.0, exponent + 1);
    }
    while m < std::f64::consts::FRAC_1_SQRT_2 {
        (m, exponent) = (m * 2.0, exponent - 1);
    }
    let y = (m - 1.0) / (m + 1.0);
    let series = (0..12).rev().fold(0.0, |sum, n| sum * y * y + 1.0 / f64::from(2 * n + 1));
    2.0 * y * series + f64::from(exponent) * std::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_what_they_are_called() {
        for i in 0..=1000 {
            let x = f64::from(i) / 1000.0;
            assert!((cosine(x) - (std::f64::consts::PI * x).cos()).abs() < 1e-10, "{x}");
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-11 * b.abs();
            assert!(near(exp(-50.0 * x), (-50.0 * x).exp()), "{x}");
            let wide = 1e-9 + 1e4 * x * x * x;
            assert!((ln(wide) - wide.ln()).abs() < 1e-13, "{wide}");
            assert!(near(power(x, i as u64), x.powi(i)), "{x}");
        }
    }
}
