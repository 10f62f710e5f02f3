//! The options of a network of radial basis functions.

use crate::classic::k_means;
use crate::options::json::{Fields, Read, deserialize, one_of};
use hebb_kernels::error::{Error, Result};
use serde_json::Value;

/// Where centers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Centers {
    /// k-means.
    KMeans,
    /// Random samples.
    Samples,
    /// Given.
    Given,
}

/// σ of each unit.
#[derive(Clone, Debug, PartialEq)]
pub enum Widths {
    /// One for all, or one for each.
    Given(Vec<f64>),
    /// The mean distance to the nearest other centers, times a factor (Moody and Darken 1989).
    Nearest {
        /// How many.
        count: usize,
        /// Above 0.
        factor: f64,
    },
}

/// How a network is fitted.
#[derive(Clone, Debug)]
pub struct Options {
    /// Of k-means; its clusters are the units.
    pub means: k_means::Options,
    /// Where centers come from.
    pub centers: Centers,
    /// σ.
    pub widths: Widths,
    /// λ of Σ‖y − t‖² + λ‖w‖², at least 0; the bias does not count.
    pub regularization: f64,
}

impl Options {
    /// Refuses options out of range.
    pub(super) fn check(&self, units: usize) -> Result<()> {
        let lambda = self.regularization;
        if !(lambda.is_finite() && lambda >= 0.0) {
            return Err(Error::option(format!("regularization must be at least 0, got {lambda}")));
        }
        let widths = match &self.widths {
            &Widths::Nearest { count, factor } if count == 0 || !(factor.is_finite() && factor > 0.0) => {
                return Err(Error::option(format!(
                    "nearest must be at least 1 and factor must be above 0, got {count} and {factor}"
                )));
            }
            Widths::Nearest { .. } => return Ok(()),
            Widths::Given(widths) => widths,
        };
        if widths.len() != 1 && widths.len() != units {
            let n = widths.len();
            return Err(Error::shape(format!(
                "widths must be one number or {units}, one for each unit, got {n}"
            )));
        }
        if let Some(width) = widths.iter().find(|width| !(width.is_finite() && **width > 0.0)) {
            return Err(Error::option(format!("widths must be above 0, got {width}")));
        }
        Ok(())
    }
}

impl Read for Options {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let origins = [("kMeans", Centers::KMeans), ("samples", Centers::Samples), ("given", Centers::Given)];
        let centers: Value = f.required("centers")?;
        let widths: Vec<f64> = f.get("widths", Vec::new());
        let nearest = Widths::Nearest { count: f.get("nearest", 2), factor: f.number("factor", Some(1.0)) };
        let read = Self {
            centers: one_of("centers", &centers, &origins)?,
            widths: if widths.is_empty() { nearest } else { Widths::Given(widths) },
            regularization: f.number("regularization", Some(1e-3)),
            means: f.required("kMeans")?,
        };
        f.end(read)
    }
}

deserialize! {
    Options, "the options";
}
