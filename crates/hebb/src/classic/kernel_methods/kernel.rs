//! Kernels K(x, x′): the scalar product of two samples after a mapping that is never computed.

use crate::options::json::{Fields, Read, deserialize};
use hebb_kernels::error::{Error, Result};
use serde_json::Value;

/// A kernel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kernel {
    /// exp(−‖x − x′‖²/2σ²), the radial basis function of Gauss.
    Rbf {
        /// σ; `None` for the median of the distances.
        sigma: Option<f64>,
    },
    /// x·x′.
    Linear,
    /// (s·x·x′ + c)^d.
    Polynomial {
        /// d, at least 1.
        degree: u32,
        /// s.
        scale: f64,
        /// c.
        constant: f64,
    },
    /// √(‖x − x′‖² + c²) (Hardy 1971). Its Gram matrices have positive and negative eigenvalues.
    Multiquadric {
        /// c.
        constant: f64,
    },
    /// 1/√(‖x − x′‖² + c²).
    InverseMultiquadric {
        /// c.
        constant: f64,
    },
}

deserialize! { Kernel, "kernel"; }

impl Read for Kernel {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let kind: String = f.required("kind")?;
        let read = match kind.as_str() {
            "rbf" => Kernel::Rbf { sigma: f.optional("sigma") },
            "linear" => Kernel::Linear,
            "polynomial" => Kernel::Polynomial {
                degree: f.whole("degree", 2) as u32,
                scale: f.number("scale", Some(1.0)),
                constant: f.number("constant", Some(1.0)),
            },
            "multiquadric" => Kernel::Multiquadric { constant: f.number("constant", Some(1.0)) },
            "inverseMultiquadric" => {
                Kernel::InverseMultiquadric { constant: f.number("constant", Some(1.0)) }
            }
            _ => return Err(format!("there is no kernel {kind}")),
        };
        f.end(read)
    }
}

impl Kernel {
    /// Refuses options out of range.
    pub fn check(&self) -> Result<()> {
        let positive = |name: &str, value: f64| {
            if value > 0.0 && value.is_finite() {
                return Ok(());
            }
            Err(Error::option(format!("kernel: {name} must be above 0 and finite, got {value}")))
        };
        match *self {
            Kernel::Rbf { sigma } => positive("sigma", sigma.unwrap_or(1.0)),
            Kernel::Linear => Ok(()),
            Kernel::Polynomial { degree, scale, constant } => {
                positive("degree", f64::from(degree)).and(positive("scale", scale))?;
                if constant >= 0.0 && constant.is_finite() {
                    return Ok(());
                }
                Err(Error::option(format!(
                    "kernel: constant must be at least 0 and finite, got {constant}: with less than 0 this is not a kernel"
                )))
            }
            Kernel::Multiquadric { constant } | Kernel::InverseMultiquadric { constant } => {
                positive("constant", constant)
            }
        }
    }

    /// Whether it is a function of the distance.
    pub(super) fn is_radial(&self) -> bool {
        !matches!(self, Kernel::Linear | Kernel::Polynomial { .. })
    }

    /// Turns squared distances, or products of the samples, into values of the kernel.
    pub(super) fn apply(&self, values: &mut [f64]) {
        match *self {
            Kernel::Rbf { sigma } => {
                let sigma = sigma.unwrap_or(1.0);
                // Twice, because σ² may be 0 or infinite where σ is not.
                values.iter_mut().for_each(|d| *d = (-0.5 * (*d / sigma / sigma)).exp());
            }
            Kernel::Linear => {}
            Kernel::Polynomial { degree, scale, constant } => {
                values.iter_mut().for_each(|p| *p = (scale * *p + constant).powi(degree as i32));
            }
            Kernel::Multiquadric { constant } => {
                values.iter_mut().for_each(|d| *d = (*d + constant * constant).sqrt());
            }
            Kernel::InverseMultiquadric { constant } => {
                values.iter_mut().for_each(|d| *d = 1.0 / (*d + constant * constant).sqrt());
            }
        }
    }
}
