//! The options of a continuous network and its run.

use crate::options::json::{Fields, Read, deserialize, one_of};
use serde_json::Value;

/// How the equation is integrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integrator {
    /// Bogacki and Shampine's pair of orders 3 and 2 ("A 3(2) pair of Runge–Kutta formulas", 1989), with steps that keep the
    /// error within the tolerance and the energy from rising.
    Adaptive,
    /// Euler's method with a fixed step, as in the paper of 1985.
    Euler,
    /// The classical method of order 4 with a fixed step.
    RungeKutta,
}

/// The gain rises from here by a factor, to its final value.
#[derive(Clone, Copy, Debug)]
pub struct Anneal {
    /// The first gain.
    pub from: f64,
    /// Above 1.
    pub factor: f64,
    /// The most steps at a gain before the next.
    pub steps: u64,
}

/// Options. Lists have one value, or one per unit.
#[derive(Clone, Debug)]
pub struct Options {
    /// λ.
    pub gain: f64,
    /// R.
    pub resistance: Vec<f64>,
    /// C.
    pub capacitance: Vec<f64>,
    /// Whether the units are a square whose rows and columns each have the sum 1.
    pub permutation: bool,
    /// The rising gain, if it rises.
    pub anneal: Option<Anneal>,
    /// How the equation is integrated.
    pub integrator: Integrator,
    /// Δt of fixed steps.
    pub step: f64,
    /// The error per step that the adaptive method allows in u, relative to |u| + 1/λ; and of
    /// the sums of 1 in the subspace.
    pub tolerance: f64,
    /// The run ends if −dE/dt is at most this.
    pub until: f64,
    /// The most steps.
    pub steps: u64,
    /// The seed of the start.
    pub seed: u64,
    /// The most points in the trace.
    pub history: usize,
}

deserialize! { Options, "the options"; }

impl Read for Integrator {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let names = [
            ("adaptive", Integrator::Adaptive),
            ("euler", Integrator::Euler),
            ("rungeKutta", Integrator::RungeKutta),
        ];
        one_of(name, &json, &names)
    }
}

impl Read for Anneal {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let (from, factor) = (f.number("from", None), f.number("factor", None));
        let read = Self { from, factor, steps: f.required("steps")? };
        f.end(read)
    }
}

impl Read for Options {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            gain: f.number("gain", None),
            resistance: f.required("resistance")?,
            capacitance: f.required("capacitance")?,
            permutation: f.required("permutation")?,
            anneal: f.optional("anneal"),
            integrator: f.required("integrator")?,
            step: f.number("step", None),
            tolerance: f.number("tolerance", None),
            until: f.number("until", None),
            steps: f.required("steps")?,
            seed: f.required("seed")?,
            history: f.required("history")?,
        };
        f.end(read)
    }
}
