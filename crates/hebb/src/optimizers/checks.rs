//! Range checks of options.

use hebb_kernels::error::{Error, Result};

/// Refuses `value` unless `ok`; `range` says what is allowed.
pub(super) fn in_range(name: &str, value: f64, ok: bool, range: &str) -> Result<()> {
    if ok { Ok(()) } else { Err(Error::option(format!("{name} must be {range}, got {value}"))) }
}

pub(super) fn not_negative(name: &str, value: f32) -> Result<()> {
    in_range(name, value.into(), value >= 0.0 && value.is_finite(), "finite and at least 0")
}

pub(super) fn below_one(name: &str, value: impl Into<f64>) -> Result<()> {
    let value = value.into();
    in_range(name, value, (0.0..1.0).contains(&value), "at least 0 and below 1")
}

pub(crate) fn positive(name: &str, value: f64) -> Result<()> {
    in_range(name, value, value > 0.0 && value.is_finite(), "finite and above 0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_end_where_they_say() {
        assert!(not_negative("value", 0.0).is_ok() && not_negative("value", f32::MAX).is_ok());
        for value in [-1.0, f32::NAN, f32::INFINITY] {
            assert!(not_negative("value", value).is_err() && positive("value", value.into()).is_err());
        }
        assert!(positive("value", 1e-300).is_ok() && positive("value", 0.0).is_err());
        assert!(below_one("value", 0.0).is_ok() && below_one("value", 1.0).is_err());
    }
}
