//! The classical models: small, in f64, most of them without a state that outlives a call.

use crate::data::RawDataset;
use crate::{parse, throw};
use hebb::classic::linear_regression::{Descent, Problem};
use hebb::classic::minimize::{Minimizer, Options, Question};
use hebb::classic::neuron::Neuron;
use hebb::classic::perceptron::{self, Fit, Unit};
use hebb::error::Error;
use hebb::optimizers::batch::{Choice, Point};
use wasm_bindgen::prelude::*;

/// The weights of a logic gate, given as its name in JSON, and its threshold at the end.
#[wasm_bindgen(js_name = neuronGate)]
pub fn neuron_gate(gate: &str, inputs: u32) -> Result<Vec<f64>, JsValue> {
    let neuron = Neuron::gate(parse(gate)?, inputs as usize).map_err(throw)?;
    Ok(neuron.weights().iter().copied().chain([neuron.threshold()]).collect())
}

/// 1 for each sample that makes a neuron fire, else 0.
#[wasm_bindgen(js_name = neuronFire)]
pub fn neuron_fire(weights: &[f64], threshold: f64, x: Vec<f64>) -> Result<Vec<u8>, JsValue> {
    Neuron::new(weights, threshold).and_then(|neuron| neuron.fire(x)).map_err(throw)
}

/// The samples of a data set as f64.
#[wasm_bindgen(js_name = dataDoubles)]
pub fn data_doubles(data: &RawDataset) -> Result<Vec<f64>, JsValue> {
    data.get().doubles().map_err(throw)
}

/// The class numbers of a data set.
#[wasm_bindgen(js_name = dataClasses)]
pub fn data_classes(data: &RawDataset) -> Result<Vec<u32>, JsValue> {
    data.get().classes().ok_or_else(|| throw(Error::data("the targets of the data set are no class numbers")))
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

    /// What came of it, as JSON, without weights.
    pub fn report(&self) -> String {
        let unit = |unit: &Unit| {
            serde_json::json!({
                "reason": unit.stop().map(|stop| stop.as_str()),
                "updates": unit.updates(),
                "mistakes": unit.mistakes(),
                "margin": unit.margin().map(|margin| margin.margin),
                "radius": unit.margin().map(|margin| margin.radius),
                "bound": unit.margin().map(|margin| margin.bound),
            })
        };
        let units: Vec<_> = self.0.units().iter().map(unit).collect();
        serde_json::json!({ "accuracy": self.0.accuracy(), "units": units }).to_string()
    }

    /// `[units, inputs + 1]`, biases last.
    pub fn weights(&self) -> Vec<f64> {
        self.0.units().iter().flat_map(Unit::kept).collect()
    }

    /// The recorded updates of a unit: rows of [epoch, sample, target, net, weights…, bias].
    pub fn history(&self, unit: u32) -> Vec<f64> {
        let updates = self.0.units().get(unit as usize).map_or(&[][..], Unit::history);
        let row = |u: &perceptron::Update| {
            [
                vec![u.epoch as f64, f64::from(u.sample), f64::from(u8::from(u.target)), u.net],
                u.weights.clone(),
            ]
        };
        updates.iter().flat_map(row).flatten().collect()
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

    /// What it wants to know: `value`, `gradient`, `differences`, or nothing more.
    pub fn wants(&self) -> Option<String> {
        let word = match self.0.ask()? {
            Question::Value(_) => "value",
            Question::Gradient(_) => "gradient",
            Question::Differences(..) => "differences",
        };
        Some(word.into())
    }

    /// Where: x, and behind it for differences their steps.
    pub fn at(&self) -> Vec<f64> {
        match self.0.ask() {
            None => Vec::new(),
            Some(Question::Value(x) | Question::Gradient(x)) => x.clone(),
            Some(Question::Differences(x, h)) => [&x[..], h].concat(),
        }
    }

    /// Answers a question itself, if the function is a formula; true once it has ended, or has to ask.
    pub fn advance(&mut self) -> Result<bool, JsValue> {
        self.0.advance().map_err(throw)
    }

    /// Takes the answer.
    pub fn tell(&mut self, answer: &[f64]) -> Result<(), JsValue> {
        self.0.tell(answer).map_err(throw)
    }

    /// How it ended, as JSON.
    pub fn report(&self) -> String {
        report(&self.0)
    }

    /// [value, x…, gradient…] at its end.
    pub fn point(&self) -> Vec<f64> {
        point(&self.0)
    }

    /// The steps: rows of [step, learning rate or NaN, tangent, value, x…, gradient…].
    pub fn steps(&self) -> Vec<f64> {
        steps(&self.0)
    }
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

    /// As [`RawMinimizer::report`].
    pub fn report(&self) -> String {
        report(self.0.minimizer())
    }

    /// As [`RawMinimizer::point`].
    pub fn point(&self) -> Vec<f64> {
        point(self.0.minimizer())
    }

    /// As [`RawMinimizer::steps`].
    pub fn steps(&self) -> Vec<f64> {
        steps(self.0.minimizer())
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

/// [cost, R², loss of each sample…].
#[wasm_bindgen(js_name = regressionMeasure)]
pub fn regression_measure(parameters: &[f64], x: Vec<f64>, t: Vec<f64>) -> Result<Vec<f64>, JsValue> {
    let problem = Problem::new(x, parameters.len().saturating_sub(1), t).map_err(throw)?;
    let whole = [problem.cost(parameters), problem.r_squared(parameters)];
    Ok(whole.into_iter().chain(problem.losses(parameters)).collect())
}

fn report(minimizer: &Minimizer) -> String {
    let outcome = minimizer.outcome();
    serde_json::json!({
        "converged": outcome.is_some_and(|outcome| outcome.converged),
        "reason": outcome.map(|outcome| outcome.reason.as_str()),
        "explanation": outcome.map(|outcome| &outcome.explanation),
        "evaluations": minimizer.evaluations(),
        "made": minimizer.step(),
    })
    .to_string()
}

fn row(Point { x, value, gradient, .. }: &Point) -> Vec<f64> {
    [&[*value], &x[..], gradient].concat()
}

fn point(minimizer: &Minimizer) -> Vec<f64> {
    minimizer.point().as_ref().map(row).unwrap_or_default()
}

fn steps(minimizer: &Minimizer) -> Vec<f64> {
    let step = |step: &hebb::classic::minimize::Step| {
        [vec![step.step as f64, step.rate.unwrap_or(f64::NAN), step.tangent()], row(&step.point)]
    };
    minimizer.steps().iter().flat_map(step).flatten().collect()
}
