//! The continuous Hopfield network.

use crate::{Doubles, parse, throw, to_js};
use hebb::classic::continuous_hopfield::{
    Energy, Moment, Problem, Run, Salesman, Stop, TourOptions, Verdict,
};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A network that runs.
#[wasm_bindgen]
pub struct RawContinuousHopfield(Problem);

#[wasm_bindgen]
impl RawContinuousHopfield {
    /// From JSON options, JSON of what states the energy or null, weights and bias or the terms of the energy, and outputs
    /// to start from, or none.
    #[wasm_bindgen(constructor)]
    pub fn new(
        options: &str,
        stated: &str,
        matrix: Vec<f64>,
        vector: Vec<f64>,
        coefficients: &[f64],
        start: &[f64],
    ) -> Result<RawContinuousHopfield, JsValue> {
        let problem = Problem::new(parse(options)?, parse(stated)?, matrix, vector, coefficients, start);
        problem.map(Self).map_err(throw)
    }

    /// Makes some steps; true at the end.
    pub fn advance(&mut self) -> Result<bool, JsValue> {
        self.0.run.advance().map_err(throw)
    }

    /// How far it is.
    pub fn progress(&self) -> JsValue {
        to_js(&Progress::of(&self.0.run))
    }

    /// What came of it.
    pub fn report(&self) -> JsValue {
        let Problem { run, statement } = &self.0;
        let v = &run.point().v;
        let verdicts = statement.as_ref().map(|statement| statement.verdicts(v)).unwrap_or_default();
        let trace = run.trace();
        let column =
            |of: &dyn Fn(&Moment) -> f64| Doubles::from(&*trace.iter().map(of).collect::<Vec<f64>>());
        to_js(&Report {
            v: v.as_slice().into(),
            u: run.point().u.as_slice().into(),
            terms: run.now().energy.into(),
            progress: Progress::of(run),
            converged: run.stop() == Some(Stop::Converged),
            rejected: run.rejected(),
            rises: run.rises(),
            objective: statement.as_ref().map(|statement| statement.objective(v)),
            diagnosis: statement.as_ref().map(|statement| statement.diagnosis(&verdicts)),
            constraints: verdicts.iter().map(Checked::from).collect(),
            trace: Trace {
                step: column(&|moment| moment.step as f64),
                time: column(&|moment| moment.time),
                gain: column(&|moment| moment.gain),
                interaction: column(&|moment| moment.energy.interaction),
                integral: column(&|moment| moment.energy.integral),
                input: column(&|moment| moment.energy.input),
                energy: column(&|moment| moment.energy.total()),
                slope: column(&|moment| -moment.descent),
            },
        })
    }
}

/// The terms of an energy.
#[derive(Serialize)]
struct Terms {
    interaction: f64,
    integral: f64,
    input: f64,
}

impl From<Energy> for Terms {
    fn from(Energy { interaction, integral, input }: Energy) -> Self {
        Self { interaction, integral, input }
    }
}

/// The state of a run.
#[derive(Serialize)]
struct Progress {
    steps: u64,
    time: f64,
    gain: f64,
    energy: f64,
    /// dE/dt.
    slope: f64,
}

impl Progress {
    fn of(run: &Run) -> Self {
        let &Moment { step, time, gain, energy, descent } = run.now();
        Self { steps: step, time, gain, energy: energy.total(), slope: -descent }
    }
}

/// A constraint at the end.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Checked {
    value: f64,
    excess: f64,
    raise_to: Option<f64>,
}

impl From<&Verdict> for Checked {
    fn from(&Verdict { value, excess, raise_to }: &Verdict) -> Self {
        Self { value, excess, raise_to }
    }
}

/// The recorded moments, column by column.
#[derive(Serialize)]
struct Trace {
    step: Doubles,
    time: Doubles,
    gain: Doubles,
    interaction: Doubles,
    integral: Doubles,
    input: Doubles,
    energy: Doubles,
    slope: Doubles,
}

/// The result of a run.
#[derive(Serialize)]
struct Report {
    v: Doubles,
    u: Doubles,
    terms: Terms,
    progress: Progress,
    converged: bool,
    rejected: u64,
    rises: u64,
    objective: Option<f64>,
    diagnosis: Option<String>,
    constraints: Vec<Checked>,
    trace: Trace,
}

/// A network that looks for a short tour.
#[wasm_bindgen]
pub struct RawSalesman(Salesman);

#[wasm_bindgen]
impl RawSalesman {
    /// From JSON options and distances `[cities, cities]`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, distances: Vec<f64>) -> Result<RawSalesman, JsValue> {
        let options: TourOptions = parse(options)?;
        Salesman::new(distances, options).map(Self).map_err(throw)
    }

    /// Makes some steps; true at the end.
    pub fn advance(&mut self) -> Result<bool, JsValue> {
        self.0.advance().map_err(throw)
    }

    /// How far the present start is.
    pub fn progress(&self) -> JsValue {
        to_js(&Progress::of(self.0.run()))
    }

    /// What came of it.
    pub fn report(&self) -> JsValue {
        let best = self.0.best();
        to_js(&TourReport {
            tour: best.map(|best| &*best.cities),
            length: best.map(|best| best.length),
            lengths: self.0.lengths(),
            v: self.0.outputs().into(),
            steps: self.0.steps(),
        })
    }
}

/// The shortest tour.
#[derive(Serialize)]
struct TourReport<'a> {
    tour: Option<&'a [u32]>,
    length: Option<f64>,
    lengths: &'a [Option<f64>],
    v: Doubles,
    steps: u64,
}
