//! A network restored from its parameters and the optimizer's state continues with the same bits.

use super::*;
use crate::network::OptimizerState;
use crate::optimizers::Rule;
use crate::training::{FullBatchFit, FullBatchOptions};

/// Every rule, with each set of states that it can have.
const RULES: &[(&str, &[&str])] = &[
    (r#"{"type":"sgd","learningRate":0.1}"#, &[]),
    (r#"{"type":"sgd","learningRate":0.1,"momentum":0.9}"#, &["velocity"]),
    (r#"{"type":"sgd","learningRate":0.1,"momentum":0.9,"nesterov":true,"weightDecay":0.01}"#, &["velocity"]),
    (r#"{"type":"adagrad","learningRate":0.1,"initialAccumulator":0.3}"#, &["sum"]),
    (r#"{"type":"rmsprop","learningRate":0.01,"rho":0.7}"#, &["square"]),
    (r#"{"type":"rmsprop","learningRate":0.01,"momentum":0.5}"#, &["square", "velocity"]),
    (r#"{"type":"rmsprop","learningRate":0.01,"centered":true}"#, &["square", "mean"]),
    (
        r#"{"type":"rmsprop","learningRate":0.01,"centered":true,"momentum":0.5}"#,
        &["square", "mean", "velocity"],
    ),
    (r#"{"type":"adadelta","learningRate":0.1,"rho":0.8}"#, &["square", "delta"]),
    (r#"{"type":"adam","learningRate":0.01,"epsilon":1e-7}"#, &["m", "v"]),
    (r#"{"type":"adam","learningRate":0.01,"amsgrad":true,"clip":{"norm":1}}"#, &["m", "v", "vMax"]),
    (r#"{"type":"adamw","learningRate":0.01,"beta1":0.8,"weightDecay":0.1}"#, &["m", "v"]),
    (r#"{"type":"nadam","learningRate":0.01,"momentumDecay":0.005}"#, &["m", "v"]),
];

/// More parameters than a slice of the update has; dropout and batch normalisation have state of their own.
fn network() -> Result<Network> {
    let spec = r#"{ "input": [3], "seed": 1, "layers": [
        { "type": "dense", "units": 2100, "activation": "prelu" },
        { "type": "batchNorm" },
        { "type": "dropout", "rate": 0.3 },
        { "type": "dense", "units": 4, "activation": "softmax" }
    ] }"#;
    Network::new(serde_json::from_str(spec).expect("a spec"))
}

fn train(net: &mut Network, optimizer: &str, epochs: usize) -> Result<()> {
    let mut options = options("0.1");
    options.optimizer = serde_json::from_str(optimizer).expect("an optimizer");
    let mut fit = Fit::new(net, Feed::Data(data()?), options)?;
    for _ in 0..epochs {
        while !fit.step(net)? {}
    }
    Ok(())
}

/// As if it had been written to a file: the rule as text.
fn copied(state: &OptimizerState) -> Result<OptimizerState> {
    let rule = serde_json::from_str(&state.rule.to_json().to_string()).expect("JSON");
    Ok(OptimizerState { rule: Rule::from_json(rule)?, ..state.clone() })
}

fn saved(net: &Network) -> Result<OptimizerState> {
    net.optimizer_state()?.ok_or_else(|| Error::data("there is no state"))
}

#[test]
fn a_restored_training_goes_on_with_the_same_bits() -> Result<()> {
    for &(rule, names) in RULES {
        let (mut once, mut again) = (network()?, network()?);
        train(&mut once, rule, 2)?;
        let (parameters, state) = (once.parameters().to_vec(), saved(&once)?);
        assert_eq!(state.steps, Steps { updates: 6, minibatches: 6, epochs: 2 }, "{rule}");
        let of_weight: Vec<&str> =
            state.tensors.iter().filter_map(|tensor| tensor.name.strip_prefix("dense1.weight/")).collect();
        assert_eq!(of_weight, names, "{rule}");
        let trained = once.tensors().iter().filter(|tensor| tensor.trained).count();
        assert_eq!(state.tensors.len(), trained * names.len());
        assert!(state.tensors.iter().all(|tensor| tensor.values.iter().any(|&value| value != 0.0)));
        train(&mut once, rule, 1)?;
        again.set_parameters(&parameters)?;
        again.set_optimizer_state(&copied(&state)?)?;
        assert_eq!(saved(&again)?, state);
        train(&mut again, rule, 1)?;
        assert_eq!(once.parameters(), again.parameters(), "{rule}");
        assert_eq!(saved(&once)?, saved(&again)?);
        // Without the state the bits are others.
        if !names.is_empty() {
            let mut anew = network()?;
            anew.set_parameters(&parameters)?;
            train(&mut anew, rule, 1)?;
            assert_ne!(once.parameters(), anew.parameters(), "{rule}");
        }
    }
    Ok(())
}

#[test]
fn the_names_are_those_of_the_values() -> Result<()> {
    // After one step of plain momentum the velocity is the step.
    let mut net = network()?;
    let (before, rule) = (net.parameters().to_vec(), RULES[1].0);
    let options = FitOptions {
        batch_size: SAMPLES,
        optimizer: serde_json::from_str(rule).expect("one"),
        ..options("1")
    };
    Fit::new(&mut net, Feed::Data(data()?), options)?.step(&mut net)?;
    let state = saved(&net)?;
    for tensor in net.tensors().iter().filter(|tensor| tensor.trained) {
        let name = format!("{}/velocity", tensor.name);
        let own = state.tensors.iter().find(|own| own.name == name).expect("it has one");
        assert_eq!(own.shape, tensor.shape);
        let range = tensor.offset..tensor.offset + tensor.size;
        let mut places = net.parameters()[range.clone()].iter().zip(&before[range]).zip(&own.values);
        assert!(places.all(|((after, before), velocity)| *after == before + velocity), "{name}");
    }
    Ok(())
}

#[test]
fn a_network_without_steps_has_no_state() -> Result<()> {
    let mut net = network()?;
    assert_eq!(net.optimizer_state()?, None);
    train(&mut net, RULES[9].0, 1)?;
    assert!(net.optimizer_state()?.is_some());
    let parameters = net.parameters().to_vec();
    net.set_parameters(&parameters)?;
    assert_eq!(net.optimizer_state()?, None);
    // Methods for all samples keep nothing between two trainings.
    let spec = r#"{ "input": [3], "layers": [{ "type": "dense", "units": 4, "activation": "softmax" }] }"#;
    let mut net = Network::new(serde_json::from_str(spec).expect("a spec"))?;
    train(&mut net, RULES[9].0, 1)?;
    let json = r#"{ "loss": { "type": "crossEntropy" }, "optimizer": { "type": "bfgs" } }"#;
    let options: FullBatchOptions = serde_json::from_str(json).expect("options");
    let mut fit = FullBatchFit::new(&mut net, data()?, options)?;
    while !fit.step(&mut net)? {}
    assert_eq!(net.optimizer_state()?, None);
    Ok(())
}

#[test]
fn a_state_that_does_not_fit_changes_nothing() -> Result<()> {
    let mut net = network()?;
    train(&mut net, RULES[9].0, 1)?;
    let state = saved(&net)?;
    let change = |with: &dyn Fn(&mut OptimizerState)| {
        let mut state = state.clone();
        with(&mut state);
        state
    };
    for (wrong, code) in [
        (change(&|state| state.tensors[0].name.push('x')), Code::Shape),
        (change(&|state| state.tensors[1].shape.push(1)), Code::Shape),
        (change(&|state| state.tensors[1].values.truncate(1)), Code::Shape),
        (change(&|state| state.tensors.truncate(3)), Code::Shape),
        (change(&|state| state.tensors.push(state.tensors[0].clone())), Code::Shape),
        (change(&|state| state.tensors.swap(0, 1)), Code::Shape),
        (change(&|state| state.tensors[2].values[0] = f32::NAN), Code::Data),
    ] {
        assert_eq!(net.set_optimizer_state(&wrong).err().map(|error| error.code), Some(code));
        assert_eq!(saved(&net)?, state);
    }
    for wrong in [
        r#"{}"#,
        "3",
        r#"{"type":"adam","beta1":2}"#,
        r#"{"type":"sgd","more":1}"#,
        r#"{"type":"sgd","momentum":"a"}"#,
    ] {
        let wrong = Rule::from_json(serde_json::from_str(wrong).expect("JSON"));
        assert_eq!(wrong.err().map(|error| error.code), Some(Code::Data));
    }
    Ok(())
}
