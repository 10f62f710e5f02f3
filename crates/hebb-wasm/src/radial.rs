//! k-means and networks of radial basis functions.

use crate::{Doubles, parse, throw, to_js};
use hebb::classic::k_means::{self, KMeans};
use hebb::classic::rbf_network::RbfNetwork;
use hebb::error::Error;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// The search for clusters.
#[wasm_bindgen]
pub struct RawKMeans {
    samples: k_means::Samples,
    means: Option<KMeans>,
}

#[derive(Serialize)]
struct ClustersReport {
    centers: Doubles,
    assignments: Vec<u32>,
    inertia: f64,
    iterations: usize,
    converged: bool,
}

#[wasm_bindgen]
impl RawKMeans {
    /// From JSON options, samples, and the first centers or none.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, x: Vec<f32>, features: usize, start: Vec<f64>) -> Result<RawKMeans, JsValue> {
        let samples = k_means::pack(x, features).map_err(throw)?;
        let means = KMeans::new(parse(options)?, &samples, start).map_err(throw)?;
        Ok(Self { samples, means: Some(means) })
    }

    /// Goes on for some milliseconds; true at the end.
    pub fn advance(&mut self) -> Result<bool, JsValue> {
        self.means.as_mut().map_or(Ok(true), |means| means.advance(&self.samples)).map_err(throw)
    }

    /// The part that is done.
    pub fn progress(&self) -> f64 {
        self.means.as_ref().map_or(1.0, |means| means.progress(&self.samples))
    }

    /// The clusters, once.
    pub fn report(&mut self) -> Result<JsValue, JsValue> {
        let means = self.means.take().ok_or_else(|| throw(Error::data("it has finished")))?;
        let found = means.finish(&self.samples).map_err(throw)?;
        Ok(to_js(&ClustersReport {
            centers: found.centers.as_slice().into(),
            assignments: found.assignments,
            inertia: found.inertia,
            iterations: found.iterations,
            converged: found.converged,
        }))
    }
}

/// The fit of a network.
#[wasm_bindgen]
pub struct RawRbfNetwork(Option<RbfNetwork>);

#[derive(Serialize)]
struct FitReport {
    centers: Doubles,
    widths: Doubles,
    weights: Doubles,
    warning: Option<String>,
}

#[wasm_bindgen]
impl RawRbfNetwork {
    /// From JSON options, samples with their targets, and centers, if they are given.
    #[wasm_bindgen(constructor)]
    pub fn new(
        options: &str,
        x: Vec<f32>,
        features: usize,
        targets: Vec<f64>,
        centers: Vec<f64>,
    ) -> Result<RawRbfNetwork, JsValue> {
        let network = RbfNetwork::new(parse(options)?, x, features, targets, centers);
        network.map(|network| Self(Some(network))).map_err(throw)
    }

    /// Goes on for some milliseconds; true at the end.
    pub fn advance(&mut self) -> Result<bool, JsValue> {
        self.0.as_mut().map_or(Ok(true), RbfNetwork::advance).map_err(throw)
    }

    /// The number of the stage, plus the part of it that is done.
    pub fn progress(&self) -> f64 {
        let (stage, part) = self.0.as_ref().map_or((1, 1.0), RbfNetwork::progress);
        f64::from(stage) + part.min(0.999)
    }

    /// The parameters, once.
    pub fn report(&mut self) -> Result<JsValue, JsValue> {
        let network = self.0.take().ok_or_else(|| throw(Error::data("it has finished")))?;
        let found = network.finish();
        Ok(to_js(&FitReport {
            centers: found.centers.as_slice().into(),
            widths: found.widths.as_slice().into(),
            weights: found.weights.as_slice().into(),
            warning: found.warning,
        }))
    }
}
