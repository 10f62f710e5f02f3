//! A training goes on where the one before it ended, and no minibatch of one sample reaches a batch normalisation.

use super::*;
use crate::losses::{Loss, Losses};
use hebb_kernels::error::Code;

const SAMPLES: usize = 33;

fn data() -> Result<Dataset> {
    let x = (0..SAMPLES * 3).map(|i| (i * i % 17) as f32 / 17.0).collect();
    Dataset::from_floats(&[3], x)?.with_classes((0..SAMPLES as u32).map(|i| i % 4).collect())
}

fn network(middle: &str) -> Result<Network> {
    let spec = format!(
        r#"{{ "input": [3], "seed": 1, "layers": [
            {{ "type": "dense", "units": 40, "activation": "tanh" }},
            {middle},
            {{ "type": "dense", "units": 4, "activation": "softmax" }}
        ] }}"#
    );
    Network::new(serde_json::from_str(&spec).expect("a spec"))
}

const DROPOUT: &str = r#"{ "type": "dropout", "rate": 0.3 }"#;
const NORM: &str = r#"{ "type": "batchNorm", "name": "norm" }"#;

fn options(epochs: u64, batch: usize, accumulate: usize, optimizer: &str) -> FitOptions {
    let json = format!(
        r#"{{ "epochs": {epochs}, "batchSize": {batch}, "accumulate": {accumulate}, "seed": 5,
            "loss": {{ "type": "crossEntropy" }}, "optimizer": {optimizer} }}"#
    );
    serde_json::from_str(&json).expect("options")
}

/// Trains all epochs, and answers the minibatches of the last one.
fn train(net: &mut Network, options: FitOptions) -> Result<usize> {
    let (epochs, mut fit) = (options.epochs, Fit::new(net, Feed::Data(data()?), options)?);
    for _ in 0..epochs {
        while !fit.step(net)? {}
    }
    Ok(fit.progress().batch)
}

const RULES: &[&str] = &[
    r#"{"type":"sgd","learningRate":0.1,"momentum":0.9}"#,
    r#"{"type":"adagrad","learningRate":0.1}"#,
    r#"{"type":"rmsprop","learningRate":0.01}"#,
    r#"{"type":"adadelta","learningRate":0.1}"#,
    r#"{"type":"adam","learningRate":0.01}"#,
    r#"{"type":"adamw","learningRate":0.01}"#,
    r#"{"type":"nadam","learningRate":0.01}"#,
];

#[test]
fn two_trainings_are_one() -> Result<()> {
    for rule in RULES {
        for (batch, accumulate) in [(8, 1), (4, 3)] {
            let options = |epochs| options(epochs, batch, accumulate, rule);
            let (mut once, mut twice) = (network(DROPOUT)?, network(DROPOUT)?);
            train(&mut once, options(5))?;
            train(&mut twice, options(2))?;
            let fit = Fit::new(&mut twice, Feed::Data(data()?), options(3))?;
            assert_eq!(fit.start().epochs, 2, "{rule}");
            train(&mut twice, options(3))?;
            assert_eq!(once.parameters(), twice.parameters(), "{rule}, {accumulate} to an update");
        }
    }
    Ok(())
}

#[test]
fn a_training_says_that_it_begins_anew() -> Result<()> {
    let [sgd, .., adam, _, _] = RULES else { unreachable!() };
    let mut net = network(DROPOUT)?;
    let start = |net: &mut Network, optimizer: &str| {
        Fit::new(net, Feed::Data(data()?), options(1, 8, 1, optimizer)).map(|fit| fit.start())
    };
    assert_eq!(start(&mut net, adam)?, Steps::default());
    train(&mut net, options(2, 8, 1, adam))?;
    assert_eq!(start(&mut net, adam)?, Steps { updates: 10, minibatches: 10, epochs: 2 });
    // Another rate is the same rule, another β is not.
    let rate = r#"{"type":"adam","learningRate":0.5}"#;
    assert_eq!(start(&mut net, rate)?.updates, 10);
    let beta = r#"{"type":"adam","learningRate":0.01,"beta1":0.5}"#;
    assert_eq!(start(&mut net, beta)?, Steps::default());
    assert_eq!(start(&mut net, sgd)?, Steps::default());
    // A look at what another optimizer would begin with changes nothing.
    assert_eq!(start(&mut net, adam)?.updates, 10);
    let weights = net.parameters().to_vec();
    net.set_parameters(&weights)?;
    assert_eq!((start(&mut net, adam)?, net.steps()), (Steps::default(), 0));
    Ok(())
}

#[test]
fn a_last_minibatch_of_one_joins_the_one_before() -> Result<()> {
    let adam = RULES[4];
    let mut net = network(NORM)?;
    assert_eq!(train(&mut net, options(1, 32, 1, adam))?, 1);
    assert_eq!(train(&mut net, options(1, 16, 1, adam))?, 2);
    assert_eq!(train(&mut net, options(1, 16, 4, adam))?, 2);
    assert_eq!(train(&mut net, options(1, 8, 1, adam))?, 4);
    assert_eq!(train(&mut net, options(1, 31, 1, adam))?, 2);
    assert_eq!(train(&mut net, options(1, 1000, 1, adam))?, 1);
    // Without a batch normalisation the rest is a minibatch as any other.
    assert_eq!(train(&mut network(DROPOUT)?, options(1, 32, 1, adam))?, 2);
    let refused = train(&mut net, options(1, 1, 1, adam)).err();
    assert_eq!(
        refused.map(|error| (error.code, error.message)),
        Some((
            Code::Option,
            "batchNorm \"norm\": a minibatch of one sample has no variance: give batches of 2 samples or more".into()
        ))
    );
    let one = data()?.subset(&[3])?;
    let loss = Losses::from(Loss::CrossEntropy { smoothing: 0.0, weights: Vec::new(), rubbish: None });
    assert_eq!(net.gradients(&one, &[0], &loss, 0).err().map(|error| error.code), Some(Code::Option));
    // In inference one sample is as good as many.
    assert!(net.predict(&one, 0, 1).is_ok());
    Ok(())
}

#[test]
fn an_image_alone_has_a_variance() -> Result<()> {
    let spec = r#"{ "input": [1, 2, 2], "seed": 1, "layers": [
        { "type": "batchNorm" }, { "type": "flatten" }, { "type": "dense", "units": 4, "activation": "softmax" }
    ] }"#;
    let mut net = Network::new(serde_json::from_str(spec).expect("a spec"))?;
    let x = (0..12).map(|i| (i * i % 7) as f32).collect();
    let data = Dataset::from_floats(&[1, 2, 2], x)?.with_classes(vec![0, 1, 2])?;
    let mut fit = Fit::new(&mut net, Feed::Data(data), options(1, 1, 1, RULES[4]))?;
    assert_eq!((fit.step(&mut net)?, fit.step(&mut net)?, fit.step(&mut net)?), (false, false, true));
    Ok(())
}
