//! Networks and optimizers against PyTorch: what `test/fixtures/make.py` wrote.

use super::close;
use crate::data::Dataset;
use crate::losses::Loss;
use crate::network::Network;
use crate::network::spec::Spec;
use crate::optimizers::{Optimizer, Progress};
use crate::simd::Level;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NetworkCase {
    name: String,
    spec: Spec,
    parameters: Vec<f32>,
    x: Vec<f32>,
    samples: usize,
    classes: Option<Vec<u32>>,
    targets: Option<Vec<f32>>,
    loss: Loss,
    output: Vec<f64>,
    loss_value: f64,
    gradients: Vec<f64>,
}

#[derive(Deserialize)]
struct OptimizerCase {
    name: String,
    optimizer: Optimizer,
    start: Vec<f32>,
    gradients: Vec<Vec<f32>>,
    trajectory: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Case {
    Network(Box<NetworkCase>),
    Optimizer(OptimizerCase),
}

/// Checks every case of a fixture file on every back end; the error names the first that differs.
pub fn fixtures(json: &str) -> Result<(), String> {
    let cases: Vec<Case> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    if cases.is_empty() {
        return Err("the fixture file is empty".to_owned());
    }
    for case in &cases {
        match case {
            Case::Network(case) => {
                for level in Level::available() {
                    network(case, level).map_err(|why| format!("{}, {level:?}: {why}", case.name))?;
                }
            }
            Case::Optimizer(case) => optimizer(case).map_err(|why| format!("{}: {why}", case.name))?,
        }
    }
    Ok(())
}

fn network(case: &NetworkCase, level: Level) -> Result<(), String> {
    let text = |error: crate::error::Error| error.to_string();
    let mut network = Network::with_level(case.spec.clone(), level).map_err(text)?;
    network.set_parameters(&case.parameters).map_err(text)?;
    let mut data = Dataset::from_floats(&case.spec.input, case.x.clone()).map_err(text)?;
    if let Some(classes) = &case.classes {
        data = data.with_classes(classes.clone()).map_err(text)?;
    } else if let Some(targets) = &case.targets {
        data = data.with_values(targets.clone()).map_err(text)?;
    }
    let output = network.predict(&data, 0, case.samples).map_err(text)?;
    close("output", output.into_iter(), case.output.iter().copied(), 1e-5)?;
    let rows = data.order(false, 0, 0);
    let report = network.gradients(&data, &rows, case.loss, 0).map_err(text)?;
    close("loss", [report.loss as f32].into_iter(), [case.loss_value].into_iter(), 1e-5)?;
    let gradient = network.gradient().map_err(text)?;
    close("gradient", gradient.iter().copied(), case.gradients.iter().copied(), 2e-5)
}

fn optimizer(case: &OptimizerCase) -> Result<(), String> {
    let mut weights = case.start.clone();
    let mut state = vec![0.0; weights.len() * case.optimizer.state()];
    let rate = case.optimizer.rate(Progress { step: 0, steps: 0, epoch: 0 });
    for (step, (gradient, expected)) in case.gradients.iter().zip(&case.trajectory).enumerate() {
        let mut change = gradient.clone();
        case.optimizer.step(rate, &weights, &mut change, &mut state);
        weights.iter_mut().zip(change).for_each(|(w, change)| *w += change);
        close(
            &format!("weights after step {step}"),
            weights.iter().copied(),
            expected.iter().copied(),
            1e-5,
        )?;
    }
    Ok(())
}
