//! A stream trains as a data set does.

mod continued;
mod halves;
mod rates;
mod restored;
mod shards;

use super::*;
use hebb_kernels::error::Code;

const SAMPLES: usize = 10;

fn data() -> Result<Dataset> {
    let x = (0..SAMPLES * 3).map(|i| (i * i % 17) as f32 / 17.0).collect();
    Dataset::from_floats(&[3], x)?.with_classes((0..SAMPLES as u32).map(|i| i % 4).collect())
}

fn network() -> Result<Network> {
    let spec = r#"{ "input": [3], "seed": 1, "layers": [
        { "type": "dense", "units": 40, "activation": "tanh" },
        { "type": "dropout", "rate": 0.3 },
        { "type": "dense", "units": 4, "activation": "softmax" }
    ] }"#;
    Network::new(serde_json::from_str(spec).expect("a spec"))
}

fn options(rate: &str) -> FitOptions {
    let json = format!(
        r#"{{ "epochs": 3, "batchSize": 4, "seed": 5, "loss": {{ "type": "crossEntropy" }},
            "optimizer": {{ "type": "sgd", "momentum": 0.9, "learningRate": {rate} }} }}"#
    );
    serde_json::from_str(&json).expect("options")
}

const COSINE: &str = r#"{ "type": "cosine", "from": 0.1, "warmup": 0.2 }"#;

#[test]
fn a_stream_trains_to_the_bits_of_its_data_set() -> Result<()> {
    let (mut a, mut b, data) = (network()?, network()?, data()?);
    let mut whole = Fit::new(&mut a, Feed::Data(data.clone()), options(COSINE))?;
    let mut fed = Fit::new(&mut b, Feed::Stream { steps: Some(3) }, options(COSINE))?;
    for epoch in 0..3 {
        let order = data.order(true, 5, epoch);
        for (batch, rows) in order.chunks(4).enumerate() {
            assert_eq!(whole.step(&mut a)?, batch == 2);
            fed.step_on(&mut b, &data.subset(rows)?)?;
            assert_eq!(format!("{:?}", fed.progress()), format!("{:?}", whole.progress()));
        }
        fed.end_epoch(&mut b)?;
    }
    assert_eq!(a.parameters(), b.parameters());
    assert!(whole.step(&mut a).is_err() && fed.step_on(&mut b, &data).is_err());
    Ok(())
}

#[test]
fn a_stream_is_checked_as_a_data_set_is() -> Result<()> {
    let (mut net, data) = (network()?, data()?);
    let stream = |steps| Feed::Stream { steps };
    let refused = Fit::new(&mut net, stream(None), options(COSINE)).err().map(|error| error.message);
    assert!(refused.is_some_and(|message| message.contains("give stepsPerEpoch")));
    let steps = r#"{ "type": "step", "from": 0.1, "factor": 0.5 }"#;
    let mut fit = Fit::new(&mut net, stream(None), options(steps))?;
    assert_eq!(fit.end_epoch(&mut net).err().map(|error| error.code), Some(Code::Data));
    let before = net.parameters().to_vec();
    let wrong = Dataset::from_floats(&[3], vec![0.0; 3])?.with_classes(vec![4])?;
    assert_eq!(fit.step_on(&mut net, &wrong).err().map(|error| error.code), Some(Code::Data));
    let wrong = Dataset::from_floats(&[2], vec![0.0; 2])?.with_classes(vec![0])?;
    assert_eq!(fit.step_on(&mut net, &wrong).err().map(|error| error.code), Some(Code::Shape));
    assert_eq!(net.parameters(), before);
    fit.step_on(&mut net, &data)?;
    fit.end_epoch(&mut net)?;
    fit.step_on(&mut net, &data)?;
    assert_eq!((fit.progress().epoch, fit.progress().learning_rate), (2, 0.05));
    assert!(fit.step(&mut net).is_err());
    Ok(())
}

/// Why targets are refused for a network that ends in `last`, whose weights then are what they were.
fn refused(last: &str, loss: &str, data: &Dataset) -> Result<String> {
    let layers = format!(
        r#"{{ "input": [1], "seed": 1, "layers": [{{ "type": "dense", "units": {}, "activation": {last} }}] }}"#,
        if data.classes().is_some() { 3 } else { 1 }
    );
    let mut net = Network::new(serde_json::from_str(&layers).expect("a spec"))?;
    let before = net.parameters().to_vec();
    let mut options = options("0.1");
    options.loss = serde_json::from_str(&format!(r#"{{ "type": "{loss}" }}"#)).expect("a loss");
    options.batch_size = 1;
    let steps = Fit::new(&mut net, Feed::Data(data.clone()), options.clone()).err();
    let is_root = loss == "rootMeanSquaredError";
    let bfgs = serde_json::from_str(r#"{ "type": "bfgs" }"#).expect("an optimizer");
    let whole = crate::training::FullBatchOptions { loss: options.loss, optimizer: bfgs };
    let whole = crate::training::FullBatchFit::new(&mut net, data.clone(), whole).err();
    assert_eq!(net.parameters(), before);
    // A root has no parts that add up, which methods for all samples want.
    assert!(is_root || format!("{steps:?}") == format!("{whole:?}"));
    assert!(steps.iter().all(|error| error.code == Code::Data));
    Ok(steps.map_or(String::new(), |error| error.message))
}

#[test]
fn a_single_class_is_refused() -> Result<()> {
    let x = || Dataset::from_floats(&[1], vec![0.0, 1.0, 2.0]);
    let same = refused(r#""softmax""#, "crossEntropy", &x()?.with_classes(vec![2; 3])?)?;
    assert!(same.starts_with("all 3 samples are of class 2 (dense1)"), "{same}");
    for t in [0.0, 1.0] {
        let same = refused(r#""sigmoid""#, "binaryCrossEntropy", &x()?.with_values(vec![t; 3])?)?;
        assert!(same.starts_with(&format!("all 3 samples are of class {t} ")), "{same}");
    }
    assert_eq!(refused(r#""softmax""#, "crossEntropy", &x()?.with_classes(vec![2, 2, 1])?)?, "");
    assert_eq!(refused(r#""softmax""#, "meanSquaredError", &x()?.with_classes(vec![2; 3])?)?, "");
    // Probabilities are no classes.
    assert_eq!(refused(r#""sigmoid""#, "binaryCrossEntropy", &x()?.with_values(vec![0.5; 3])?)?, "");
    let part = x()?.with_classes(vec![0, 1, 1])?.subset(&[1, 2])?;
    assert!(refused(r#""softmax""#, "crossEntropy", &part)?.starts_with("all 2 samples are of class 1"));
    Ok(())
}

#[test]
fn a_target_out_of_reach_is_refused() -> Result<()> {
    let data = |t: f32| Dataset::from_floats(&[1], vec![0.0, 1.0, 2.0])?.with_values(vec![0.25, 0.75, t]);
    let losses = ["sumSquaredError", "meanSquaredError", "rootMeanSquaredError", "normalizedSquaredError"];
    for loss in losses {
        for (last, low, high) in [
            (r#""sigmoid""#, 0.0, 1.0),
            (r#""tanh""#, -1.0, 1.0),
            (r#""lecunTanh""#, -1.7159, 1.7159),
            (r#""relu""#, 0.0, f32::MAX),
            (r#"{ "elu": { "alpha": 0.5 } }"#, -0.5, f32::MAX),
        ] {
            assert_eq!(refused(last, loss, &data(low)?)? + &refused(last, loss, &data(high)?)?, "");
            let below = refused(last, loss, &data(low - 0.01)?)?;
            assert!(
                below.starts_with("sample 2: the target ") && below.contains("is outside the range"),
                "{below}"
            );
            if high < f32::MAX {
                assert!(refused(last, loss, &data(high * 1.01)?)?.contains(" is outside the range of "));
            }
        }
        assert_eq!(refused(r#""identity""#, loss, &data(-9.0)?)?, "");
        assert_eq!(refused(r#"{ "elementwise": [["x"], ["tanh", 0]] }"#, loss, &data(9.0)?)?, "");
    }
    let part = data(1.5)?.subset(&[2, 0])?;
    let why = "sample 2: the target 1.5 of output 0 of dense1 (both from 0) is outside the range of sigmoid, 0 to 1: scale the targets into it, or leave the last layer linear";
    assert_eq!(refused(r#""sigmoid""#, "meanSquaredError", &part)?, why);
    // A stream is looked at minibatch by minibatch.
    let spec = r#"{ "input": [1], "layers": [{ "type": "dense", "units": 1, "activation": "sigmoid" }] }"#;
    let mut net = Network::new(serde_json::from_str(spec).expect("a spec"))?;
    let mut options = options("0.1");
    options.loss = serde_json::from_str(r#"{ "type": "meanSquaredError" }"#).expect("a loss");
    let mut fit = Fit::new(&mut net, Feed::Stream { steps: None }, options)?;
    let before = net.parameters().to_vec();
    assert_eq!(fit.step_on(&mut net, &part).err().map(|error| error.message).as_deref(), Some(why));
    assert_eq!(net.parameters(), before);
    Ok(())
}

#[test]
fn the_loss_at_the_start_of_windows_is_their_mean() -> Result<()> {
    let spec = r#"{ "input": [5, 1], "layers": [
        { "type": "gru", "units": 2, "returns": "all" }, { "type": "dense", "units": 1 }] }"#;
    let mut net = Network::new(serde_json::from_str(spec).expect("a spec"))?;
    // Without biases zeros stay zeros, so that each time step has the loss 0.7².
    let data = Dataset::from_floats(&[20, 1], vec![0.0; 20])?.with_values(vec![0.7; 20])?;
    let json = r#"{ "epochs": 1, "batchSize": 1, "truncated": 1, "loss": { "type": "meanSquaredError" },
        "optimizer": { "type": "sgd", "learningRate": 1e-30 } }"#;
    let options = serde_json::from_str(json).expect("options");
    let mut fit = Fit::new(&mut net, Feed::Data(data), options)?;
    while !fit.step(&mut net)? {}
    let Measures { start, constant } = fit.measures(&net);
    assert!((start - 0.49).abs() < 1e-6 && constant.is_nan(), "{start}");
    Ok(())
}
