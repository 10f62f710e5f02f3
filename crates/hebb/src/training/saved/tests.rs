//! A training that is saved anywhere and goes on in another network has the bits of one that was not interrupted.

use super::*;
use crate::data::Dataset;
use crate::training::{FitOptions, FullBatchFit, FullBatchOptions};

const SAMPLES: usize = 11;

/// Sequences of 7 time steps, or flat samples.
fn data(sequences: bool) -> Result<Dataset> {
    let (steps, targets) = if sequences { (7, 14) } else { (1, 2) };
    let x = (0..SAMPLES * steps * 2).map(|i| (i as f32 * 0.37).sin()).collect();
    let t = (0..SAMPLES * targets).map(|i| 0.5 + 0.4 * (i as f32 * 0.71).cos()).collect();
    let shape: &[usize] = if sequences { &[7, 2] } else { &[2] };
    Dataset::from_floats(shape, x)?.with_values(t)
}

const LAYERS: &str = r#"{ "input": [2], "seed": 1, "layers": [
    { "type": "dense", "units": 5, "activation": "tanh" },
    { "type": "batchNorm" },
    { "type": "dropout", "rate": 0.3 },
    { "type": "dense", "units": 2 }
] }"#;

const SMOOTH: &str = r#"{ "input": [2], "seed": 1, "layers": [
    { "type": "dense", "units": 4, "activation": "tanh" },
    { "type": "dense", "units": 2 }
] }"#;

const RECURRENT: &str = r#"{ "input": [3, 2], "seed": 1, "layers": [
    { "type": "lstm", "units": 4, "returns": "all" },
    { "type": "dense", "units": 2 }
] }"#;

fn network(spec: &str) -> Result<Network> {
    Network::new(serde_json::from_str(spec).expect("a spec"))
}

/// What two trainings must have in common.
type Traces = (Vec<String>, Vec<f32>);

/// A training by minibatches: all of it, saved and restored after `interrupted` steps, if there are as many.
fn minibatches(spec: &str, data: &Dataset, json: &str, interrupted: Option<usize>) -> Result<Traces> {
    let options = || serde_json::from_str::<FitOptions>(json).expect("options");
    let mut net = network(spec)?;
    let mut fit = Fit::new(&mut net, Feed::Data(data.clone()), options())?;
    let mut best = BestWeights::new(true);
    let (mut traces, mut epochs, mut steps) = (Vec::new(), 0, 0);
    while epochs < options().epochs {
        if interrupted == Some(steps) {
            let saved = fit.save(&mut best, &mut net)?;
            let mut other = network(spec)?;
            other.set_parameters(net.parameters())?;
            if let Some(state) = net.optimizer_state()? {
                other.set_optimizer_state(&state)?;
            }
            net = other;
            fit = Fit::new(&mut net, Feed::Data(data.clone()), options())?;
            best = BestWeights::new(true);
            let bits = |state: &[f32]| state.iter().map(|value| value.to_bits()).collect::<Vec<u32>>();
            fit.restore(saved.clone(), &mut best, &mut net)?;
            assert_eq!(bits(&fit.save(&mut best, &mut net)?), bits(&saved));
        }
        steps += 1;
        best.outdate();
        let ended = fit.step(&mut net)?;
        if ended {
            epochs += 1;
            // A loss that falls and rises: the schedule notices a plateau, and the best weights are not the last.
            let loss = [3.0, 1.0, 2.0][epochs as usize % 3];
            fit.tell(loss);
            best.note(&net, loss);
        }
        traces.push(format!("{ended} {:?} {:?}", fit.progress(), fit.start()));
    }
    traces.push(format!("{:?}", fit.measures(&net)));
    best.restore(&mut net)?;
    Ok((traces, net.parameters().to_vec()))
}

fn full_batch(data: &Dataset, optimizer: &str, interrupted: Option<usize>) -> Result<Traces> {
    let json = format!(r#"{{ "loss": {{ "type": "meanSquaredError" }}, "optimizer": {optimizer} }}"#);
    let options = || serde_json::from_str::<FullBatchOptions>(&json).expect("options");
    let mut net = network(SMOOTH)?;
    let mut fit = FullBatchFit::new(&mut net, data.clone(), options())?;
    let mut best = BestWeights::new(false);
    let mut traces = Vec::new();
    for epoch in 1..=8 {
        while !fit.step(&mut net)? {
            assert!(fit.save(&mut best, &net).is_err(), "in the middle of an iteration");
        }
        traces.push(format!("{:?} {:?}", fit.progress(), fit.end()));
        if interrupted == Some(epoch) {
            let saved = fit.save(&mut best, &net)?;
            let mut other = network(SMOOTH)?;
            other.set_parameters(net.parameters())?;
            net = other;
            fit = FullBatchFit::new(&mut net, data.clone(), options())?;
            fit.restore(saved, &mut best, &net)?;
        }
    }
    traces.push(format!("{:?}", fit.measures(&net)));
    Ok((traces, net.parameters().to_vec()))
}

const PLATEAU: &str = r#"{ "type": "plateau", "from": 0.05, "factor": 0.5, "patience": 0, "decrease": 0 }"#;

fn options(optimizer: &str, more: &str) -> String {
    format!(
        r#"{{ "epochs": 3, "batchSize": 3, "seed": 5, "loss": {{ "type": "meanSquaredError" }},
            "optimizer": {optimizer}{more} }}"#
    )
}

#[test]
fn a_training_by_minibatches_goes_on_from_any_step() -> Result<()> {
    let (flat, sequences) = (data(false)?, data(true)?);
    let adam = r#"{ "type": "adam", "learningRate": 0.01, "amsgrad": true, "clip": { "norm": 0.1 } }"#;
    let cosine = r#"{ "type": "sgd", "momentum": 0.9, "learningRate": { "type": "cosine", "from": 0.1 } }"#;
    let plateau = format!(r#"{{ "type": "rmsprop", "learningRate": {PLATEAU} }}"#);
    let measured = r#", "gradientNorm": true, "gradientChange": true"#;
    for (spec, data, json, steps) in [
        (LAYERS, &flat, options(adam, measured), 12),
        (LAYERS, &flat, options(cosine, r#", "accumulate": 3"#), 12),
        (LAYERS, &flat, options(&plateau, r#", "shuffle": false"#), 12),
        (RECURRENT, &sequences, options(adam, r#", "truncated": 2"#), 36),
        (RECURRENT, &sequences, options(cosine, r#", "truncated": 3, "accumulate": 2"#), 36),
    ] {
        let whole = minibatches(spec, data, &json, None)?;
        assert_eq!(whole.0.len(), steps + 1, "{json}");
        for interrupted in 0..steps {
            let again = minibatches(spec, data, &json, Some(interrupted))?;
            assert_eq!(again, whole, "{json} after {interrupted}");
        }
    }
    Ok(())
}

#[test]
fn a_training_by_all_samples_goes_on_from_any_epoch() -> Result<()> {
    let data = data(false)?;
    for optimizer in [
        r#"{ "type": "gradientDescent", "learningRate": "lineMinimized" }"#,
        r#"{ "type": "gradientDescent", "learningRate": { "from": 0.1, "decay": 0.2 } }"#,
        r#"{ "type": "conjugateGradient", "formula": "polakRibiere" }"#,
        r#"{ "type": "bfgs" }"#,
        r#"{ "type": "lbfgs", "memory": 3 }"#,
        r#"{ "type": "levenbergMarquardt", "damping": 1e-3 }"#,
        r#"{ "type": "adam", "learningRate": 0.01 }"#,
    ] {
        let whole = full_batch(&data, optimizer, None)?;
        for interrupted in 1..8 {
            assert_eq!(full_batch(&data, optimizer, Some(interrupted))?, whole, "{optimizer} {interrupted}");
        }
    }
    Ok(())
}

#[test]
fn another_state_is_refused() -> Result<()> {
    let data = data(true)?;
    let json = options(
        r#"{ "type": "sgd", "learningRate": 0.01 }"#,
        r#", "truncated": 2, "accumulate": 2, "gradientChange": true"#,
    );
    let start = |net: &mut Network| {
        Fit::new(net, Feed::Data(data.clone()), serde_json::from_str(&json).expect("options"))
    };
    let mut net = network(RECURRENT)?;
    let (mut fit, mut best) = (start(&mut net)?, BestWeights::new(true));
    fit.compute(&mut net)?;
    assert!(fit.save(&mut best, &mut net).is_err(), "a gradient waits");
    fit.apply(&mut net)?;
    best.note(&net, 1.0);
    let saved = fit.save(&mut best, &mut net)?;
    let refused = |state: Vec<f32>| -> Result<bool> {
        let mut other = network(RECURRENT)?;
        Ok(start(&mut other)?.restore(state, &mut BestWeights::new(true), &mut other).is_err())
    };
    assert!(!refused(saved.clone())?);
    for length in [0, 7, saved.len() / 2, saved.len() - 1, saved.len() + 1] {
        let mut changed = saved.clone();
        changed.resize(length, 1.0);
        assert!(refused(changed)?, "{length} of {}", saved.len());
    }
    // Whatever a value becomes, the state is refused or harmless.
    for at in 0..saved.len() {
        for value in [f32::NAN, f32::INFINITY, -1.0, 0.0, 3.0, 1e30] {
            let mut other = network(RECURRENT)?;
            let mut fit = start(&mut other)?;
            let mut changed = saved.clone();
            changed[at] = value;
            if fit.restore(changed, &mut BestWeights::new(true), &mut other).is_ok() {
                let _ = fit.step(&mut other);
            }
        }
    }
    Ok(())
}
