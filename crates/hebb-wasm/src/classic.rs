//! The classical models: small, in f64, most of them without a state that outlives a call.

use crate::{Doubles, parse, throw, to_js};
use hebb::classic::linear_regression::{Descent, Problem};
use hebb::classic::minimize::{Minimizer, Options, Question, Step};
use hebb::classic::neuron::Neuron;
use hebb::classic::perceptron::{self, Fit, Unit};
use hebb::optimizers::batch::{Choice, Point};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A neuron.
#[derive(Serialize)]
struct Gate {
    weights: Doubles,
    threshold: f64,
}

/// The neuron of a logic gate, given as its name in JSON.
#[wasm_bindgen(js_name = neuronGate)]
pub fn neuron_gate(gate: &str, inputs: u32) -> Result<JsValue, JsValue> {
    let neuron = Neuron::gate(parse(gate)?, inputs as usize).map_err(throw)?;
    let weights = neuron.weights().to_vec();
    Ok(to_js(&Gate { weights: weights.as_slice().into(), threshold: neuron.threshold() }))
}

/// 1 for each sample that makes a neuron fire, else 0.
#[wasm_bindgen(js_name = neuronFire)]
pub fn neuron_fire(weights: &[f64], threshold: f64, x: Vec<f64>) -> Result<Vec<u8>, JsValue> {
    Neuron::new(weights, threshold).and_then(|neuron| neuron.fire(x)).map_err(throw)
}

/// A perceptron in training.
#[wasm_bindgen]
pub struct RawPerceptron(Fit);

#[wasm_bindgen]
impl RawPerceptron {
    /// From JSON options, samples, and the class of each.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, x: Vec<f64>, classes: Vec<u32>) -> Result<RawPerceptron, JsValue> {
        Fit::new(parse(options)?, x, classes).map(Self).map_err(throw)
    }

    /// Presents so many samples; true at the end of the training.
    pub fn advance(&mut self, samples: u32) -> bool {
        self.0.advance(samples as usize)
    }

    /// What came of it.
    pub fn report(&self) -> JsValue {
        let unit = |unit: &Unit| {
            let weights = unit.kept();
            let history = unit.history().iter().map(Correction::from).collect();
            UnitReport {
                reason: unit.stop().map(|stop| stop.as_str()),
                updates: unit.updates(),
                mistakes: unit.mistakes().to_vec(),
                margin: unit.margin().map(|margin| margin.margin),
                bound: unit.margin().map(|margin| margin.bound),
                weights: weights.as_slice().into(),
                history,
            }
        };
        to_js(&PerceptronReport {
            accuracy: self.0.accuracy(),
            units: self.0.units().iter().map(unit).collect(),
        })
    }
}

/// A trained perceptron.
#[derive(Serialize)]
struct PerceptronReport {
    accuracy: f64,
    units: Vec<UnitReport>,
}

/// A trained unit.
#[derive(Serialize)]
struct UnitReport {
    reason: Option<&'static str>,
    updates: u64,
    /// Of each epoch.
    mistakes: Vec<u64>,
    margin: Option<f64>,
    bound: Option<f64>,
    /// The bias last.
    weights: Doubles,
    history: Vec<Correction>,
}

/// A recorded update.
#[derive(Serialize)]
struct Correction {
    epoch: u64,
    sample: u32,
    target: u8,
    net: f64,
    /// The bias last.
    weights: Doubles,
}

impl From<&perceptron::Update> for Correction {
    fn from(update: &perceptron::Update) -> Self {
        let &perceptron::Update { epoch, sample, target, net, ref weights } = update;
        Self { epoch, sample, target: target.into(), net, weights: weights.as_slice().into() }
    }
}

/// The class of each sample.
#[wasm_bindgen(js_name = perceptronPredict)]
pub fn perceptron_predict(weights: &[f64], inputs: u32, x: Vec<f64>) -> Result<Vec<u32>, JsValue> {
    perceptron::predict(weights, inputs as usize, x).map_err(throw)
}

/// The part of right answers.
#[wasm_bindgen(js_name = perceptronAccuracy)]
pub fn perceptron_accuracy(weights: &[f64], inputs: u32, x: Vec<f64>, t: &[u32]) -> Result<f64, JsValue> {
    perceptron::accuracy(weights, inputs as usize, x, t).map_err(throw)
}

/// A minimisation, whose function is a formula or on the JavaScript side.
#[wasm_bindgen]
pub struct RawMinimizer(Minimizer);

#[wasm_bindgen]
impl RawMinimizer {
    /// From JSON of the method and of the options, and a start.
    #[wasm_bindgen(constructor)]
    pub fn new(method: &str, options: &str, x: Vec<f64>) -> Result<RawMinimizer, JsValue> {
        let options: Options = parse(options)?;
        let method = parse::<Choice>(method)?.start(options.steps, x.len()).map_err(throw)?;
        Minimizer::new(x, method, options).map(Self).map_err(throw)
    }

    /// What it wants to know; undefined at the end.
    pub fn question(&self) -> JsValue {
        let (wants, x, h): (_, &[f64], &[f64]) = match self.0.ask() {
            None => return JsValue::UNDEFINED,
            Some(Question::Value(x)) => ("value", x, &[]),
            Some(Question::Gradient(x)) => ("gradient", x, &[]),
            Some(Question::Differences(x, h)) => ("differences", x, h),
        };
        to_js(&Asked { wants, x: x.into(), h: h.into() })
    }

    /// Answers a question itself, if the function is a formula; true once it has ended, or has to ask.
    pub fn advance(&mut self) -> Result<bool, JsValue> {
        self.0.advance().map_err(throw)
    }

    /// Takes the answer.
    pub fn tell(&mut self, answer: &[f64]) -> Result<(), JsValue> {
        self.0.tell(answer).map_err(throw)
    }

    /// How it ended.
    pub fn report(&self) -> JsValue {
        report(&self.0)
    }
}

/// A question.
#[derive(Serialize)]
struct Asked {
    /// `value`, `gradient` or `differences`.
    wants: &'static str,
    x: Doubles,
    /// The step for each variable, for differences.
    h: Doubles,
}

/// Gradient descent on the cost of linear regression.
#[wasm_bindgen]
pub struct RawDescent(Descent);

#[wasm_bindgen]
impl RawDescent {
    /// From JSON options, the first parameters `[weights…, intercept]`, samples and targets.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, start: Vec<f64>, x: Vec<f64>, t: Vec<f64>) -> Result<RawDescent, JsValue> {
        let features = start.len().saturating_sub(1);
        let problem = Problem::new(x, features, t).map_err(throw)?;
        Descent::new(problem, start, parse(options)?).map(Self).map_err(throw)
    }

    /// At most a pass over the samples; true at the end.
    pub fn advance(&mut self) -> Result<bool, JsValue> {
        self.0.advance().map_err(throw)
    }

    /// How it ended.
    pub fn report(&self) -> JsValue {
        report(self.0.minimizer())
    }
}

/// The parameters `[weights…, intercept]` of least squares.
#[wasm_bindgen(js_name = regressionClosedForm)]
pub fn regression_closed_form(x: Vec<f64>, features: u32, t: Vec<f64>) -> Result<Vec<f64>, JsValue> {
    Problem::new(x, features as usize, t).and_then(|problem| problem.closed_form()).map_err(throw)
}

/// y for each sample.
#[wasm_bindgen(js_name = regressionPredict)]
pub fn regression_predict(parameters: &[f64], x: Vec<f64>) -> Result<Vec<f64>, JsValue> {
    let features = parameters.len().saturating_sub(1);
    let none = vec![0.0; x.len().checked_div(features).unwrap_or(0)];
    let problem = Problem::new(x, features, none).map_err(throw)?;
    Ok(problem.predict(parameters).to_vec())
}

/// How well a line fits some samples.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    cost: f64,
    r_squared: f64,
    /// Of each sample.
    losses: Doubles,
}

/// Measures a line.
#[wasm_bindgen(js_name = regressionMeasure)]
pub fn regression_measure(parameters: &[f64], x: Vec<f64>, t: Vec<f64>) -> Result<JsValue, JsValue> {
    let problem = Problem::new(x, parameters.len().saturating_sub(1), t).map_err(throw)?;
    let losses = problem.losses(parameters).to_vec();
    let (cost, r_squared) = (problem.cost(parameters), problem.r_squared(parameters));
    Ok(to_js(&Measured { cost, r_squared, losses: losses.as_slice().into() }))
}

/// The result of a minimisation.
#[derive(Serialize)]
struct MinimizeReport<'a> {
    converged: bool,
    reason: Option<&'static str>,
    explanation: Option<&'a str>,
    evaluations: u64,
    x: Doubles,
    value: Option<f64>,
    gradient: Doubles,
    /// How many steps were made.
    made: u64,
    steps: Steps,
}

/// The recorded steps, column by column.
#[derive(Serialize)]
struct Steps {
    step: Doubles,
    /// NaN if there is none.
    rate: Doubles,
    tangent: Doubles,
    value: Doubles,
    /// `[steps, variables]`.
    x: Doubles,
    /// `[steps, variables]`.
    gradient: Doubles,
}

fn report(minimizer: &Minimizer) -> JsValue {
    let (outcome, point, steps) = (minimizer.outcome(), minimizer.point(), minimizer.steps());
    let column = |of: &dyn Fn(&Step) -> f64| Doubles::from(&*steps.iter().map(of).collect::<Vec<f64>>());
    let matrix =
        |of: &dyn Fn(&Step) -> &[f64]| Doubles::from(&*steps.iter().map(of).collect::<Vec<_>>().concat());
    let vector = |of: fn(&Point) -> &[f64]| Doubles::from(point.as_ref().map_or(&[][..], of));
    to_js(&MinimizeReport {
        converged: outcome.is_some_and(|outcome| outcome.converged),
        reason: outcome.map(|outcome| outcome.reason.as_str()),
        explanation: outcome.map(|outcome| outcome.explanation.as_str()),
        evaluations: minimizer.evaluations(),
        x: vector(|point| &point.x),
        value: point.as_ref().map(|point| point.value),
        gradient: vector(|point| &point.gradient),
        made: minimizer.step(),
        steps: Steps {
            step: column(&|step| step.step as f64),
            rate: column(&|step| step.rate.unwrap_or(f64::NAN)),
            tangent: column(&Step::tangent),
            value: column(&|step| step.point.value),
            x: matrix(&|step| &step.point.x),
            gradient: matrix(&|step| &step.point.gradient),
        },
    })
}
