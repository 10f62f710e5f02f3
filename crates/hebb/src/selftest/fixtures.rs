//! Networks and optimizers against PyTorch, by the fixtures of `test/fixtures/make.py`.

use super::{THREADS, close};
use crate::data::Dataset;
use crate::losses::Losses;
use crate::network::Network;
use crate::network::spec::Spec;
use crate::optimizers::{Optimizer, Plateau, Progress, Schedule};
use crate::plan::Lengths;
use crate::runtime::Update;
use crate::training::{Feed, Fit, FitOptions};
use hebb_kernels::parallel;
use hebb_kernels::simd::Level;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NetworkCase {
    name: String,
    spec: Spec,
    /// The seed of the generator of parameters, inputs and targets.
    seed: u32,
    samples: usize,
    /// The number of tokens, if the inputs are tokens.
    vocabulary: Option<usize>,
    /// `classes`, `values` or `probabilities`.
    targets: String,
    loss: Losses,
    /// `None` after the end of a sequence.
    output: Vec<Option<f64>>,
    loss_value: f64,
    gradients: Vec<f64>,
    states: Vec<f64>,
}

/// The generator of `make.py`: `count` numbers in [−½, ½).
fn values(seed: u32, count: usize) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.5
    };
    (0..count).map(|_| next()).collect()
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
#[serde(rename_all = "camelCase")]
struct ScheduleCase {
    name: String,
    schedule: Schedule,
    steps: u64,
    /// Steps per epoch.
    per_epoch: u64,
    /// Losses of the epochs, for a plateau schedule.
    losses: Vec<f64>,
    /// Losses of the steps.
    rates: Vec<f64>,
}

/// Truncated backpropagation through time.
#[derive(Deserialize)]
struct TruncatedCase {
    name: String,
    spec: Spec,
    seed: u32,
    samples: usize,
    targets: String,
    loss: Losses,
    /// Time steps of the sequences.
    length: usize,
    every: usize,
    rate: f64,
    clip: Option<f64>,
    /// Of each update.
    losses: Vec<f64>,
    /// After the last one.
    weights: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Case {
    Truncated(Box<TruncatedCase>),
    Network(Box<NetworkCase>),
    Optimizer(OptimizerCase),
    Schedule(ScheduleCase),
}

/// Checks every case of a fixture file on every back end; the error names the first that differs.
pub fn fixtures(json: &str) -> Result<(), String> {
    let cases: Vec<Case> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    if cases.is_empty() {
        return Err("the fixture file is empty".to_owned());
    }
    for case in &cases {
        match case {
            Case::Network(case) => everywhere(&case.name, |level| network(case, level))?,
            Case::Truncated(case) => everywhere(&case.name, |level| truncated(case, level))?,
            Case::Optimizer(case) => optimizer(case).map_err(|why| format!("{}: {why}", case.name))?,
            Case::Schedule(case) => schedule(case).map_err(|why| format!("{}: {why}", case.name))?,
        }
    }
    Ok(())
}

/// On every back end, with different numbers of threads.
fn everywhere(name: &str, run: impl Fn(Level) -> Result<(), String> + Sync) -> Result<(), String> {
    for level in Level::available() {
        for threads in THREADS {
            parallel::with_threads(threads, || run(level))
                .map_err(|why| format!("{name}, {level:?}, {threads} threads: {why}"))?;
        }
    }
    Ok(())
}

fn truncated(case: &TruncatedCase, level: Level) -> Result<(), String> {
    let text = |error: hebb_kernels::error::Error| error.to_string();
    let mut network = Network::with_level(case.spec.clone(), level).map_err(text)?;
    network.set_parameters(&values(case.seed, network.trained())).map_err(text)?;
    let (features, width) = (network.input()[1], network.output()[1]);
    let x: Vec<f32> = values(case.seed + 1, case.samples * case.length * features);
    let data = Dataset::from_floats(&[case.length, features], x.into_iter().map(|x| x * 4.0).collect());
    let steps = case.samples * case.length;
    let data = if case.targets == "classes" {
        let class = |t: f32| ((t + 0.5) * width as f32) as u32;
        data.map_err(text)?.with_classes(values(case.seed + 2, steps).into_iter().map(class).collect())
    } else {
        let targets = values(case.seed + 2, steps * width);
        data.map_err(text)?.with_values(targets.into_iter().map(|t| t + 0.5).collect())
    };
    let clip = case.clip.map_or(String::new(), |norm| format!(r#", "clip": {{ "norm": {norm} }}"#));
    let options = format!(
        r#"{{ "epochs": 1, "batchSize": {}, "truncated": {}, "loss": {{ "type": "meanSquaredError" }}, "shuffle": false,
            "optimizer": {{ "type": "sgd", "learningRate": {}{clip} }} }}"#,
        case.samples, case.every, case.rate
    );
    let mut options: FitOptions = serde_json::from_str(&options).map_err(|error| error.to_string())?;
    options.loss = case.loss.clone();
    let mut fit = Fit::new(&mut network, Feed::Data(data.map_err(text)?), options).map_err(text)?;
    for (update, &expected) in case.losses.iter().enumerate() {
        let last = fit.step(&mut network).map_err(text)?;
        let loss = [fit.progress().batch_loss as f32];
        close(&format!("loss {update}"), loss.into_iter(), [expected].into_iter(), 2e-5)?;
        if last != (update + 1 == case.losses.len()) {
            return Err(format!("{} updates are expected, {} were done", case.losses.len(), update + 1));
        }
    }
    close("weights", network.parameters().iter().copied(), case.weights.iter().copied(), 2e-5)
}

fn network(case: &NetworkCase, level: Level) -> Result<(), String> {
    let text = |error: hebb_kernels::error::Error| error.to_string();
    let mut network = Network::with_level(case.spec.clone(), level).map_err(text)?;
    let (trained, all) = (network.trained(), network.parameters().len());
    let mut parameters = values(case.seed, all);
    parameters[trained..].iter_mut().for_each(|state| *state += 1.0);
    network.set_parameters(&parameters).map_err(text)?;
    let input = case.spec.input.sample();
    let size = input.iter().product::<usize>();
    let token = |x: f32, tokens: usize| ((f64::from(x) + 0.5) * tokens as f64).floor() as f32;
    let mut x = values(case.seed + 1, case.samples * size);
    x.iter_mut().for_each(|x| *x = case.vocabulary.map_or(*x * 4.0, |tokens| token(*x, tokens)));
    for Lengths { at, steps, .. } in &network.plan.lengths {
        let lengths = x.iter_mut().skip(*at).step_by(size);
        lengths.for_each(|x| *x = ((*x / 4.0 + 0.5) * *steps as f32).floor() + 1.0);
    }
    let data = Dataset::from_floats(&input, x).map_err(text)?;
    let width = case.output.len() / case.samples;
    let data = if case.targets == "classes" {
        let steps = network.plan.outputs[0].steps();
        let classes = values(case.seed + 2, case.samples * steps);
        let class = |t: f32| ((t + 0.5) * (width / steps) as f32) as u32;
        data.with_classes(classes.into_iter().map(class).collect())
    } else {
        let targets = values(case.seed + 2, case.samples * width);
        data.with_values(targets.into_iter().map(|t| t + 0.5).collect())
    };
    let data = data.map_err(text)?;
    let output = network.predict(&data, 0, case.samples).map_err(text)?;
    let compared =
        output.into_iter().zip(&case.output).filter_map(|(own, other)| other.map(|other| (own, other)));
    let (own, other): (Vec<f32>, Vec<f64>) = compared.unzip();
    close("output", own.into_iter(), other.into_iter(), 1e-5)?;
    let rows = data.order(false, 0, 0);
    // Without checks of the targets, which as rows of probabilities need not sum to 1 here.
    let compiled = case.loss.compile_for(&data, &network.plan).map_err(text)?;
    let report = network.pass(&data, &rows, &compiled, 0, None, true).map_err(text)?;
    close("loss", [report.loss as f32].into_iter(), [case.loss_value].into_iter(), 1e-5)?;
    let gradient = network.gradient().map_err(text)?;
    close("gradient", gradient.iter().copied(), case.gradients.iter().copied(), 2e-5)?;
    close(
        "running statistics",
        network.parameters()[trained..].iter().copied(),
        case.states.iter().copied(),
        1e-5,
    )
}

fn optimizer(case: &OptimizerCase) -> Result<(), String> {
    let text = |error: hebb_kernels::error::Error| error.to_string();
    case.optimizer.check().map_err(text)?;
    let (mut weights, mut update) = (case.start.clone(), Update::default());
    let rate = case.optimizer.rate(Progress::default());
    for (step, (gradient, expected)) in case.gradients.iter().zip(&case.trajectory).enumerate() {
        let all = [(0..weights.len(), 1.0)];
        update.prepare(&case.optimizer.rule, weights.len(), &all).map_err(text)?;
        let mut gradient = gradient.clone();
        let norm = update.norm(&gradient);
        update
            .step(&case.optimizer, rate, norm, &mut weights, &mut gradient, &all)
            .map_err(|at| format!("parameter {at} left the finite numbers"))?;
        close(
            &format!("weights after step {step}"),
            weights.iter().copied(),
            expected.iter().copied(),
            1e-5,
        )?;
    }
    Ok(())
}

fn schedule(case: &ScheduleCase) -> Result<(), String> {
    let mut plateau = Plateau::of(&case.schedule);
    let mut rates = Vec::new();
    for step in 0..case.steps {
        let epoch = step / case.per_epoch;
        let before = if step % case.per_epoch == 0 { epoch.checked_sub(1) } else { None };
        if let (Some(plateau), Some(before)) = (&mut plateau, before) {
            plateau.tell(case.losses[before as usize]);
        }
        let plateaus = plateau.as_ref().map_or(0, |plateau| plateau.lowered);
        rates.push(case.schedule.at(Progress { step, steps: case.steps, epoch, plateaus }));
    }
    // Relative, so that a wrong small rate does not hide behind a large one.
    let ratio = |(rate, expected): (f32, &f64)| (f64::from(rate) / expected.max(1e-12)) as f32;
    let ratios = rates.into_iter().zip(&case.rates).map(ratio);
    close("rates, of PyTorch's", ratios, case.rates.iter().map(|_| 1.0), 1e-5)
}
