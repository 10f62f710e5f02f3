//! What a training reports, and what gradients that are gathered come to.

use super::*;
use crate::metrics::Metrics;
use crate::network::{Evaluator, Network};
use crate::training::{Feed, Fit};

/// The first eight are two minibatches of four, all nine are three of three.
fn data(samples: usize) -> Result<Dataset> {
    let x = (0..samples * 2).map(|i| (i * i % 7) as f32 / 7.0).collect();
    Dataset::from_floats(&[2], x)?.with_values((0..samples * 3).map(|i| (i * i % 5) as f32 / 5.0).collect())
}

fn network() -> Result<Network> {
    let spec = r#"{ "input": [2], "seed": 1, "layers": [
        { "type": "dense", "units": 4, "activation": "tanh" }, { "type": "dense", "units": 3 }
    ] }"#;
    Network::new(serde_json::from_str(spec).expect("a spec"))
}

fn options(rate: f64, loss: &str, more: &str) -> FitOptions {
    let json = format!(
        r#"{{ "epochs": 3, "shuffle": false, "gradientNorm": true, "gradientChange": true, {more}, "loss": {loss},
            "optimizer": {{ "type": "sgd", "learningRate": {{ "type": "table", "per": "epoch", "rates": [{rate}] }} }} }}"#
    );
    serde_json::from_str(&json).expect("options")
}

/// Trains for so many epochs; what stood at the end of each.
fn train(net: &mut Network, data: &Dataset, options: FitOptions, epochs: usize) -> Result<Vec<FitProgress>> {
    let mut fit = Fit::new(net, Feed::Data(data.clone()), options)?;
    let mut all = Vec::new();
    for _ in 0..epochs {
        while !fit.step(net)? {}
        all.push(fit.progress());
    }
    Ok(all)
}

const MEAN: &str = r#"{ "type": "meanSquaredError" }"#;
const SUM: &str = r#"{ "type": "sumSquaredError" }"#;
const REGULARIZED: &str =
    r#"{ "errors": { "type": "meanSquaredError" }, "regularization": { "l1": 0.1, "l2": 0.2 } }"#;

#[test]
fn weights_that_stay_have_the_loss_of_an_evaluation() -> Result<()> {
    for loss in [MEAN, SUM, REGULARIZED] {
        // The last minibatch is smaller.
        for (samples, batch) in [(8, 4), (8, 3), (9, 9)] {
            let (mut net, data) = (network()?, data(samples)?);
            let more = format!(r#""batchSize": {batch}"#);
            let all = train(&mut net, &data, options(0.0, loss, &more), 2)?;
            let losses = options(0.0, loss, &more).loss;
            let mut evaluator = Evaluator::new(&net, losses, Metrics::None, Some(&data))?;
            evaluator.add(&mut net, &data, 0, samples)?;
            let expected = evaluator.finish(&net)?;
            for (epoch, progress) in all.iter().enumerate() {
                assert!((progress.loss - expected.loss).abs() < 1e-5, "{loss}: {progress:?}, {expected:?}");
                assert!(
                    (progress.regularization - expected.regularization).abs() < 1e-6,
                    "{progress:?}, {expected:?}"
                );
                assert_eq!((progress.regularization > 0.0), loss == REGULARIZED);
                let batches = samples.div_ceil(batch);
                assert_eq!(
                    (progress.epoch, progress.batch, progress.batches),
                    (epoch as u64 + 1, batches, batches)
                );
                assert_eq!(
                    (progress.samples, progress.gradient_evaluations, progress.loss_evaluations),
                    (samples, batches as u64, 0)
                );
                assert_eq!(progress.learning_rate, 0.0);
            }
        }
    }
    Ok(())
}

#[test]
fn the_reported_gradient_is_that_of_the_minibatches() -> Result<()> {
    let (mut net, data) = (network()?, data(8)?);
    let losses = options(0.0, MEAN, r#""batchSize": 4"#).loss;
    let mut of = |rows: &[u32]| -> Result<Vec<f64>> {
        net.gradients(&data, rows, &losses, 0)?;
        Ok(net.gradient()?.iter().map(|&g| f64::from(g)).collect())
    };
    let (one, two) = (of(&[0, 1, 2, 3])?, of(&[4, 5, 6, 7])?);
    let norm = |g: &[f64]| g.iter().map(|g| g * g).sum::<f64>().sqrt();
    let largest = one.iter().zip(&two).map(|(a, b)| ((a + b) / 2.0).abs()).fold(0.0, f64::max);
    let all = train(&mut net, &data, options(0.0, MEAN, r#""batchSize": 4"#), 2)?;
    for progress in &all {
        assert!((progress.gradient_norm - (norm(&one) + norm(&two)) / 2.0).abs() < 1e-6);
        assert!((progress.gradient_largest - largest).abs() < 1e-6);
    }
    assert!(all[0].gradient_change.is_nan());
    assert_eq!(all[1].gradient_change, 0.0);
    Ok(())
}

#[test]
fn gathered_gradients_are_those_of_one_minibatch() -> Result<()> {
    for loss in [MEAN, SUM, REGULARIZED] {
        // Two of four; three, three and two; four, four, and one alone at the end, which is an update of its own.
        for (samples, batch, accumulate) in [(8, 4, 2), (8, 3, 3), (8, 2, 4)] {
            let (mut parts, mut whole, data) = (network()?, network()?, data(samples)?);
            let more = format!(r#""batchSize": {batch}, "accumulate": {accumulate}"#);
            let a = train(&mut parts, &data, options(0.05, loss, &more), 3)?;
            let b = train(&mut whole, &data, options(0.05, loss, &format!(r#""batchSize": {samples}"#)), 3)?;
            for (a, b) in parts.parameters().iter().zip(whole.parameters()) {
                assert!((a - b).abs() < 1e-5, "{loss}, {batch} × {accumulate}: {a}, {b}");
            }
            for (a, b) in a.iter().zip(&b) {
                assert!((a.gradient_norm - b.gradient_norm).abs() < 1e-5, "{a:?}, {b:?}");
                assert!((a.gradient_largest - b.gradient_largest).abs() < 1e-5, "{a:?}, {b:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn what_waits_at_the_end_of_an_epoch_is_an_update() -> Result<()> {
    // Updates of 4 and of 2 samples, as from minibatches of these sizes.
    let (mut parts, mut whole, data) = (network()?, network()?, data(6)?);
    train(&mut parts, &data, options(0.05, MEAN, r#""batchSize": 2, "accumulate": 2"#), 1)?;
    train(&mut whole, &data, options(0.05, MEAN, r#""batchSize": 4"#), 1)?;
    for (a, b) in parts.parameters().iter().zip(whole.parameters()) {
        assert!((a - b).abs() < 1e-6);
    }
    Ok(())
}

#[test]
fn the_place_of_a_failure_counts_from_one() -> Result<()> {
    let (mut net, data) = (network()?, data(8)?);
    let mut options = options(0.0, SUM, r#""batchSize": 4"#);
    options.optimizer.learning_rate = serde_json::from_str("1e30").expect("a rate");
    let mut fit = Fit::new(&mut net, Feed::Data(data), options)?;
    let why = loop {
        if let Err(error) = fit.step(&mut net) {
            break error;
        }
    };
    assert_eq!(why.code, Code::Diverged);
    assert!(why.message.starts_with("epoch 1, batch 2: "), "{}", why.message);
    assert!(net.parameters().iter().all(|w| w.is_finite()));
    Ok(())
}

#[test]
fn a_plateau_lowers_the_rate_after_more_epochs_than_its_patience() -> Result<()> {
    let (mut net, data) = (network()?, data(8)?);
    let mut options = options(0.0, MEAN, r#""batchSize": 8"#);
    let plateau = r#"{ "type": "plateau", "from": 0.01, "factor": 0.5, "patience": 1 }"#;
    options.optimizer.learning_rate = serde_json::from_str(plateau).expect("a schedule");
    options.epochs = 6;
    let mut fit = Fit::new(&mut net, Feed::Data(data), options)?;
    let mut rates = Vec::new();
    for loss in [1.0, 2.0, 2.0, 0.5, 0.5, 0.5] {
        fit.step(&mut net)?;
        rates.push(fit.progress().learning_rate);
        fit.tell(loss);
    }
    assert_eq!(rates, [0.01, 0.01, 0.01, 0.005, 0.005, 0.005]);
    assert!(fit.step(&mut net).is_err());
    Ok(())
}
