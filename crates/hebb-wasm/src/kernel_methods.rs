//! Kernel methods.

use crate::{Doubles, parse, throw, to_js};
use hebb::classic::kernel_methods::{
    Candidate, Kernel, Machine, Nystrom, Perceptron, Ridge, Values, gram_matrix, polynomial_features,
    taylor_features,
};
use hebb::error::{Error, Result as CoreResult};
use serde::Serialize;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A Gram matrix, and the width of its kernel.
#[derive(Serialize)]
struct GramReport {
    data: Doubles,
    sigma: Option<f64>,
}

fn sigma(kernel: &Kernel) -> Option<f64> {
    if let Kernel::Rbf { sigma } = kernel { *sigma } else { None }
}

/// The kernel between the samples x and y, or between those of x if there are none in y.
#[wasm_bindgen(js_name = kernelGram)]
pub fn kernel_gram(kernel: &str, x: Vec<f64>, y: Vec<f64>, features: u32) -> Result<JsValue, JsValue> {
    let (gram, kernel) = gram_matrix(&parse(kernel)?, x, y, features as usize).map_err(throw)?;
    Ok(to_js(&GramReport { data: gram.as_slice().into(), sigma: sigma(&kernel) }))
}

/// φ of a polynomial kernel, or of a radial basis kernel cut off after a degree.
#[wasm_bindgen(js_name = kernelFeatures)]
pub fn kernel_features(kernel: &str, degree: u32, x: Vec<f64>, features: u32) -> Result<Vec<f64>, JsValue> {
    let kernel: Kernel = parse(kernel)?;
    let features = features as usize;
    kernel.check().map_err(throw)?;
    match kernel {
        Kernel::Polynomial { degree, scale, constant } => {
            polynomial_features(x, features, degree, scale, constant)
        }
        Kernel::Rbf { sigma: Some(sigma) } => taylor_features(x, features, degree, sigma),
        _ => Err(Error::option("features: only the polynomial and the radial basis kernel have them")),
    }
    .map_err(throw)
}

enum Fit {
    Perceptron(Box<Perceptron>),
    Ridge(Box<Ridge>),
    Nystrom(Box<Nystrom>),
}

/// A kernel machine in training.
#[wasm_bindgen]
pub struct RawKernelFit(Option<Fit>);

#[wasm_bindgen]
impl RawKernelFit {
    /// A perceptron, from JSON options, samples and their classes.
    pub fn perceptron(options: &str, x: Vec<f64>, classes: Vec<u32>) -> Result<RawKernelFit, JsValue> {
        Perceptron::new(parse(options)?, x, classes)
            .map(|fit| Self(Some(Fit::Perceptron(fit.into()))))
            .map_err(throw)
    }

    /// Ridge regression, from JSON options, samples and targets.
    pub fn ridge(options: &str, x: Vec<f64>, targets: Vec<f64>) -> Result<RawKernelFit, JsValue> {
        Ridge::new(parse(options)?, x, targets).map(|fit| Self(Some(Fit::Ridge(fit.into())))).map_err(throw)
    }

    /// A Nyström machine, from JSON options and centers.
    pub fn nystrom(options: &str, centers: Vec<f64>) -> Result<RawKernelFit, JsValue> {
        Nystrom::new(parse(options)?, centers).map(|fit| Self(Some(Fit::Nystrom(fit.into())))).map_err(throw)
    }

    /// Gives the next samples and targets to a Nyström machine; without any, it solves its equations.
    pub fn feed(&mut self, x: Vec<f64>, targets: Vec<f64>) -> Result<(), JsValue> {
        let Some(Fit::Nystrom(fit)) = &mut self.0 else { return Ok(()) };
        if x.is_empty() {
            fit.solve();
            return Ok(());
        }
        fit.feed(x, targets).map_err(throw)
    }

    /// Goes on for some milliseconds; true at the end.
    pub fn advance(&mut self) -> Result<bool, JsValue> {
        match &mut self.0 {
            Some(Fit::Perceptron(fit)) => fit.advance(),
            Some(Fit::Ridge(fit)) => fit.advance(),
            Some(Fit::Nystrom(fit)) => fit.advance(),
            None => Ok(true),
        }
        .map_err(throw)
    }

    /// The part that is done.
    pub fn progress(&self) -> f64 {
        match &self.0 {
            Some(Fit::Perceptron(fit)) => fit.progress(),
            Some(Fit::Ridge(fit)) => fit.progress(),
            Some(Fit::Nystrom(fit)) => fit.progress(),
            None => 1.0,
        }
    }

    /// The machine, once.
    pub fn finish(&mut self) -> Result<RawKernelMachine, JsValue> {
        let fit = self.0.take().ok_or_else(|| throw(Error::data("it has finished")))?;
        finish(fit).map_err(throw)
    }
}

/// What a fit found besides the machine.
#[derive(Serialize, Default)]
struct FitReport {
    sigma: Option<f64>,
    lambda: Option<f64>,
    warning: Option<String>,
    /// Of kernel ridge regression, with the errors.
    candidates: Vec<CandidateReport>,
    /// Of a perceptron: the numbers of the support vectors.
    support: Vec<usize>,
    /// The mistakes of each unit in each epoch, and whether it converged.
    mistakes: Vec<Vec<u64>>,
    converged: Vec<bool>,
}

/// What there was to choose from.
#[derive(Serialize)]
struct CandidateReport {
    sigma: Option<f64>,
    lambda: f64,
    error: f64,
}

impl From<&Candidate> for CandidateReport {
    fn from(one: &Candidate) -> Self {
        Self { sigma: sigma(&one.kernel), lambda: one.lambda, error: one.error }
    }
}

fn finish(fit: Fit) -> CoreResult<RawKernelMachine> {
    let (mut report, machine) = match fit {
        Fit::Perceptron(fit) => {
            let report = FitReport {
                support: fit.support(),
                mistakes: fit.units().iter().map(|unit| unit.mistakes.clone()).collect(),
                converged: fit.units().iter().map(|unit| unit.converged).collect(),
                ..FitReport::default()
            };
            (report, fit.finish()?)
        }
        Fit::Ridge(fit) => {
            let candidates = if fit.candidates().len() > 1 { fit.candidates() } else { &[] };
            let report = FitReport {
                lambda: Some(fit.best().lambda),
                warning: fit.warning(),
                candidates: candidates.iter().map(CandidateReport::from).collect(),
                ..FitReport::default()
            };
            (report, fit.finish()?)
        }
        Fit::Nystrom(fit) => {
            let report = FitReport { warning: fit.warning(), ..FitReport::default() };
            (report, fit.finish()?)
        }
    };
    report.sigma = sigma(&machine.kernel);
    Ok(RawKernelMachine { machine: Rc::new(machine), report })
}

/// A kernel machine.
#[wasm_bindgen]
pub struct RawKernelMachine {
    machine: Rc<Machine>,
    report: FitReport,
}

/// The points of a kernel machine, `[points, inputs]`, with α, `[outputs, points]`, and b of each output.
#[derive(Serialize)]
struct Parameters {
    points: Doubles,
    alphas: Doubles,
    biases: Doubles,
}

#[wasm_bindgen]
impl RawKernelMachine {
    /// Of given parameters; the kernel has its width.
    pub fn given(
        kernel: &str,
        points: Vec<f64>,
        inputs: u32,
        alphas: Vec<f64>,
        biases: Vec<f64>,
    ) -> Result<RawKernelMachine, JsValue> {
        let machine =
            Machine::given(parse(kernel)?, points, inputs as usize, alphas, biases).map_err(throw)?;
        Ok(Self { machine: Rc::new(machine), report: FitReport::default() })
    }

    /// What the fit found.
    pub fn report(&self) -> JsValue {
        to_js(&self.report)
    }

    /// Its points and numbers.
    pub fn parameters(&self) -> JsValue {
        let Machine { points, alphas, biases, .. } = &*self.machine;
        to_js(&Parameters {
            points: points.originals().as_slice().into(),
            alphas: alphas.as_slice().into(),
            biases: biases.as_slice().into(),
        })
    }

    /// The bytes that it holds.
    pub fn bytes(&self) -> f64 {
        self.machine.bytes() as f64
    }
}

/// The values of a machine under way.
#[wasm_bindgen]
pub struct RawKernelValues(Values);

#[wasm_bindgen]
impl RawKernelValues {
    /// For samples.
    #[wasm_bindgen(constructor)]
    pub fn new(machine: &RawKernelMachine, x: Vec<f64>) -> Result<RawKernelValues, JsValue> {
        Values::new(&machine.machine, x).map(Self).map_err(throw)
    }

    /// Goes on for some milliseconds; true at the end.
    pub fn advance(&mut self) -> Result<bool, JsValue> {
        self.0.advance().map_err(throw)
    }

    /// `[samples, outputs]`.
    pub fn values(&self) -> Vec<f64> {
        self.0.out().to_vec()
    }
}
