//! Methods for all samples at once, on networks.

use super::*;
use crate::training::{Feed, Fit};

const SAMPLES: usize = 37;

fn data(outputs: usize) -> Result<Dataset> {
    let x: Vec<f32> = (0..SAMPLES * 2).map(|i| (i as f32 * 0.37).sin()).collect();
    let t = (0..SAMPLES * outputs).map(|i| 0.5 * (i as f32 * 0.71).cos() + x[i % (2 * SAMPLES)]).collect();
    Dataset::from_floats(&[2], x)?.with_values(t)
}

fn network(outputs: usize) -> Result<Network> {
    let spec = format!(
        r#"{{ "input": [2], "seed": 3, "layers": [
            {{ "type": "dense", "units": 3, "activation": "tanh" }}, {{ "type": "dense", "units": {outputs} }}
        ] }}"#
    );
    Network::new(serde_json::from_str(&spec).expect("a spec"))
}

fn options(loss: &str, optimizer: &str) -> FullBatchOptions {
    serde_json::from_str(&format!(r#"{{ "loss": {loss}, "optimizer": {optimizer} }}"#)).expect("options")
}

const MEAN: &str = r#"{ "type": "meanSquaredError" }"#;
const ALL: [&str; 6] = [
    r#"{ "type": "gradientDescent", "learningRate": "lineMinimized" }"#,
    r#"{ "type": "gradientDescent", "learningRate": 0.1 }"#,
    r#"{ "type": "conjugateGradient", "formula": "polakRibiere" }"#,
    r#"{ "type": "bfgs" }"#,
    r#"{ "type": "lbfgs", "memory": 10 }"#,
    r#"{ "type": "levenbergMarquardt", "damping": 1e-3 }"#,
];

/// So many epochs, fewer where the method knows no way on: the loss of each.
fn train(net: &mut Network, data: &Dataset, loss: &str, optimizer: &str, epochs: usize) -> Result<Vec<f64>> {
    let mut whole = FullBatchFit::new(net, data.clone(), options(loss, optimizer))?;
    let mut losses = Vec::new();
    while losses.len() < epochs && whole.end().is_none() {
        let before = net.parameters().to_vec();
        if whole.step(net)? {
            losses.push(whole.progress().loss);
        } else if losses.is_empty() {
            // Between two steps the network has the weights of the last iteration.
            assert_eq!(before, net.parameters());
        }
    }
    Ok(losses)
}

#[test]
fn every_method_lowers_the_loss_and_says_it_of_the_weights_it_leaves() -> Result<()> {
    let data = data(2)?;
    for optimizer in ALL {
        for loss in [
            MEAN,
            r#"{ "type": "sumSquaredError" }"#,
            r#"{ "type": "meanSquaredError", "reduction": "elements" }"#,
        ] {
            if loss.contains("sum") && optimizer.contains("0.1") {
                continue;
            }
            let mut net = network(2)?;
            let losses = train(&mut net, &data, loss, optimizer, 30)?;
            assert!(
                losses.is_sorted_by(|a, b| a > b) || optimizer.contains("0.1"),
                "{optimizer}: {losses:?}"
            );
            assert!(losses.last() < losses.first(), "{optimizer}: {losses:?}");
            let compiled = options(loss, ALL[0]).loss.compile_for(&data, &net.plan)?;
            let last = net.pass(&data, &data.order(false, 0, 0), &compiled, 0, None, false)?.loss;
            let told = losses[losses.len() - 1];
            assert!((last - told).abs() < 1e-6 * told, "{optimizer}: {last} is not {told}");
        }
    }
    Ok(())
}

#[test]
fn a_fixed_rate_is_full_batch_descent() -> Result<()> {
    let data = data(1)?;
    let (mut a, mut b) = (network(1)?, network(1)?);
    train(&mut a, &data, MEAN, ALL[1], 5)?;
    let json = format!(
        r#"{{ "epochs": 5, "batchSize": {SAMPLES}, "shuffle": false, "loss": {MEAN},
            "optimizer": {{ "type": "sgd", "learningRate": 0.1 }} }}"#
    );
    let mut fit = Fit::new(&mut b, Feed::Data(data), serde_json::from_str(&json).expect("options"))?;
    for _ in 0..5 {
        fit.step(&mut b)?;
    }
    for (a, b) in a.parameters().iter().zip(b.parameters()) {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
    Ok(())
}

#[test]
fn the_normal_equations_are_those_of_the_gradient_and_of_differences() -> Result<()> {
    let (mut net, data) = (network(2)?, data(2)?);
    let loss: Losses = serde_json::from_str(MEAN).expect("a loss");
    let (report, (gradient, normal)) = net.normal(&data, &loss.compile_for(&data, &net.plan)?)?;
    let rows = data.order(false, 0, 0);
    let expected = net.gradients(&data, &rows, &loss, 0)?;
    assert!((report.loss - expected.loss).abs() < 1e-7 && report.score == expected.score);
    for (a, b) in gradient.iter().zip(net.gradient()?) {
        assert!((a - f64::from(*b)).abs() < 1e-6, "{a} {b}");
    }
    // JᵀWJ from outputs moved by differences.
    let n = gradient.len();
    let start = net.parameters().to_vec();
    let mut columns = Vec::new();
    for i in 0..n {
        let mut at = |h: f32| -> Result<Vec<f32>> {
            let mut moved = start.clone();
            moved[i] += h;
            net.set_parameters(&moved)?;
            net.predict(&data, 0, SAMPLES)
        };
        let (up, down) = (at(1e-2)?, at(-1e-2)?);
        columns.push(up.iter().zip(down).map(|(a, b)| f64::from(a - b) / 2e-2).collect::<Vec<_>>());
    }
    for i in 0..n {
        for j in 0..n {
            let sum: f64 = columns[i].iter().zip(&columns[j]).map(|(a, b)| a * b).sum();
            let expected = 2.0 / SAMPLES as f64 * sum;
            assert!((normal[i * n + j] - expected).abs() < 1e-3, "{i} {j}: {} {expected}", normal[i * n + j]);
        }
    }
    Ok(())
}

#[test]
fn more_samples_than_go_through_at_once_are_one_batch() -> Result<()> {
    let x: Vec<f32> = (0..2 * (CHUNK + 500)).map(|i| (i as f32 * 0.37).sin()).collect();
    let t = (0..CHUNK + 500).map(|i| x[i] * x[i + 1]).collect();
    let data = Dataset::from_floats(&[2], x)?.with_values(t)?;
    let loss: Losses = serde_json::from_str(MEAN).expect("a loss");
    let mut net = network(1)?;
    let rows = data.order(false, 0, 0);
    let expected = net.gradients(&data, &rows, &loss, 0)?.loss;
    let mut whole = FullBatchFit::new(&mut net, data, options(MEAN, ALL[3]))?;
    let (point, _) = whole.look(&mut net)?;
    assert!((point.value - expected).abs() < 1e-6);
    Ok(())
}

#[test]
fn what_cannot_be_compared_or_squared_is_refused() -> Result<()> {
    let refused = |layers: &str, loss: &str, optimizer: &str| -> Result<String> {
        let spec = format!(r#"{{ "input": [2], "layers": [{layers} {{ "type": "dense", "units": 1 }}] }}"#);
        let mut net = Network::new(serde_json::from_str(&spec).expect("a spec"))?;
        Ok(FullBatchFit::new(&mut net, data(1)?, options(loss, optimizer))
            .err()
            .map(|error| error.message)
            .unwrap_or_default())
    };
    let dropout = r#"{ "type": "dropout", "rate": 0.5 },"#;
    assert!(refused(dropout, MEAN, ALL[3])?.contains("with dropout the loss differs each time"));
    assert_eq!(refused(&dropout.replace("0.5", "0"), MEAN, ALL[3])?, "");
    let absolute =
        r#"{ "type": "elementwise", "expression": [["output"], ["target"], ["minus", 0, 1], ["abs", 2]] }"#;
    assert!(refused("", absolute, ALL[5])?.contains("minimises sums of squares"));
    assert_eq!(refused("", absolute, ALL[4])?, "");
    assert!(refused(r#"{ "type": "batchNorm" },"#, MEAN, ALL[5])?.contains("batchNorm looks at all"));
    assert_eq!(refused(r#"{ "type": "batchNorm" },"#, MEAN, ALL[0])?, "");
    Ok(())
}

#[test]
fn what_goes_wrong_leaves_the_last_good_weights() -> Result<()> {
    let data = data(1)?;
    let mut net = network(1)?;
    let start = net.parameters().to_vec();
    let fixed = r#"{ "type": "gradientDescent", "learningRate": 1e30 }"#;
    let mut whole = FullBatchFit::new(&mut net, data.clone(), options(MEAN, fixed))?;
    while !whole.step(&mut net)? {}
    let (rule, why) = whole.end().cloned().unwrap_or_default();
    assert!(rule == "diverged" && why.contains("too high"), "{why}");
    assert_eq!(net.parameters(), start);
    assert!(whole.step(&mut net).is_err());
    // A loss that falls without end.
    let endless = r#"{ "type": "elementwise", "expression": [["output"]] }"#;
    for optimizer in [ALL[0], ALL[2], ALL[3]] {
        let mut net = network(1)?;
        let mut whole = FullBatchFit::new(&mut net, data.clone(), options(endless, optimizer))?;
        while whole.end().is_none() {
            whole.step(&mut net)?;
        }
        let (rule, why) = whole.end().cloned().unwrap_or_default();
        assert!(rule == "diverged" && why.contains("no bracket"), "{optimizer}: {rule} {why}");
        assert!(net.parameters().iter().all(|w| w.is_finite()));
    }
    Ok(())
}
