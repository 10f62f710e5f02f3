//! Metrics by hand, as scikit-learn defines them, of a network that answers its input.

use crate::data::Dataset;
use crate::losses::Losses;
use crate::metrics::{Measured, Metrics, Rates};
use crate::network::{Evaluator, Network};
use hebb_kernels::error::Result;

const SAME: &str = r#"{ "type": "standardize", "mean": 0, "deviation": 1 }"#;
const SIGMOID: &str = r#"{ "type": "activation", "activation": "sigmoid" }"#;

/// The metrics, in a row, that a network with these layers measures of the data, in pieces of so many samples.
fn measured(layers: &str, data: &Dataset, loss: &str, metrics: Metrics, piece: usize) -> Result<Vec<f64>> {
    let spec = format!(r#"{{ "input": {:?}, "layers": [{layers}] }}"#, data.shape());
    let mut net = Network::new(serde_json::from_str(&spec).expect("a spec"))?;
    let loss: Losses = serde_json::from_str(&format!(r#"{{ "type": "{loss}" }}"#)).expect("a loss");
    let mut evaluator = Evaluator::new(&net, loss, metrics, Some(data))?;
    for from in (0..data.len()).step_by(piece) {
        evaluator.add(&mut net, data, from, piece.min(data.len() - from))?;
    }
    Ok(flat(evaluator.finish(&net)?.metrics.expect("metrics")))
}

fn flat(metrics: Measured) -> Vec<f64> {
    let each = |all: Vec<Rates>| -> Vec<f64> {
        all.iter().flat_map(|one| [one.precision, one.recall, one.f1, one.samples]).collect()
    };
    match metrics {
        Measured::Classification { precision, recall, f1, top, classes, confusion } => {
            [vec![precision, recall, f1], top, each(classes), confusion.concat()].concat()
        }
        Measured::Regression { r2, rmse, mae, outputs } => {
            let outputs = outputs.iter().flat_map(|one| [one.r2, one.rmse, one.mae]);
            [r2, rmse, mae].into_iter().chain(outputs).collect()
        }
        Measured::Labels { precision, recall, f1, labels } => {
            [vec![precision, recall, f1], each(labels)].concat()
        }
    }
}

fn assert_near(values: &[f64], expected: &[f64]) {
    assert_eq!(values.len(), expected.len());
    for (at, (value, expected)) in values.iter().zip(expected).enumerate() {
        assert!((value - expected).abs() < 1e-7, "{at}: {value}, expected {expected}: {values:?}");
    }
}

#[test]
fn classes_are_counted_and_ranked_by_hand() -> Result<()> {
    #[rustfmt::skip]
    let x = vec![
        0.4, 0.3, 0.2, 0.0,
        0.4, 0.4, 0.1, 0.0, // The first of equal answers is given, so that class 1 is the second.
        0.4, 0.4, 0.1, 0.0,
        0.1, 0.2, 0.3, 0.0,
        0.3, 0.1, 0.2, 0.0,
        0.3, 0.2, 0.1, 0.0,
    ];
    let data = Dataset::from_floats(&[4], x)?.with_classes(vec![0, 1, 0, 2, 2, 2])?;
    #[rustfmt::skip]
    let expected = [
        // Class 3 is neither a target nor an answer, and does not count.
        (0.4 + 0.0 + 1.0) / 3.0, (1.0 + 0.0 + 1.0 / 3.0) / 3.0, (4.0 / 7.0 + 0.0 + 0.5) / 3.0,
        0.5, 5.0 / 6.0, 1.0, 1.0,
        0.4, 1.0, 4.0 / 7.0, 2.0,
        0.0, 0.0, 0.0, 1.0,
        1.0, 1.0 / 3.0, 0.5, 3.0,
        0.0, 0.0, 0.0, 0.0,
        2.0, 0.0, 0.0, 0.0,
        1.0, 0.0, 0.0, 0.0,
        2.0, 0.0, 1.0, 0.0,
        0.0, 0.0, 0.0, 0.0,
    ];
    for piece in [1, 4, 6] {
        let all = measured(SAME, &data, "crossEntropy", Metrics::Classification, piece)?;
        assert_near(&all, &expected);
    }
    let onehot: Vec<f32> =
        [0, 1, 0, 2, 2, 2].iter().flat_map(|&c| (0..4).map(move |k| f32::from(k == c))).collect();
    let same = |t| -> Result<Vec<f64>> {
        #[rustfmt::skip]
        let x = vec![
            0.4, 0.3, 0.2, 0.0, 0.4, 0.4, 0.1, 0.0, 0.4, 0.4, 0.1, 0.0,
            0.1, 0.2, 0.3, 0.0, 0.3, 0.1, 0.2, 0.0, 0.3, 0.2, 0.1, 0.0,
        ];
        let data = Dataset::from_floats(&[4], x)?.with_values(t)?;
        measured(SAME, &data, "crossEntropy", Metrics::Classification, 6)
    };
    assert_near(&same(onehot.clone())?, &expected);
    // Neither two classes at once, nor none, nor a part of one.
    for (at, value) in [(1, 1.0), (0, 0.0), (0, 0.5)] {
        let mut wrong = onehot.clone();
        wrong[at] = value;
        assert!(same(wrong).is_err());
    }
    Ok(())
}

#[test]
fn one_output_tells_two_classes_apart() -> Result<()> {
    // The answers are above ½, below, below, above, and ½ itself, which is the first class.
    let data =
        Dataset::from_floats(&[1], vec![2.0, -1.0, -3.0, 1.0, 0.0])?.with_classes(vec![1, 0, 1, 0, 0])?;
    #[rustfmt::skip]
    let expected = [
        (2.0 / 3.0 + 0.5) / 2.0, (2.0 / 3.0 + 0.5) / 2.0, (2.0 / 3.0 + 0.5) / 2.0,
        0.6, 1.0,
        2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 3.0,
        0.5, 0.5, 0.5, 2.0,
        2.0, 1.0,
        1.0, 1.0,
    ];
    let all = measured(SIGMOID, &data, "binaryCrossEntropy", Metrics::Classification, 2)?;
    assert_near(&all, &expected);
    Ok(())
}

#[test]
fn labels_are_counted_by_hand() -> Result<()> {
    // An answer of ½ does not say the label.
    let data = Dataset::from_floats(&[2], vec![2.0, -1.0, 0.0, 1.0, 3.0, 1.0])?
        .with_values(vec![1.0, 1.0, 1.0, 0.0, 0.0, 1.0])?;
    #[rustfmt::skip]
    let expected = [
        0.5, 0.5, 0.5,
        0.5, 0.5, 0.5, 2.0,
        0.5, 0.5, 0.5, 2.0,
    ];
    let all = measured(SIGMOID, &data, "binaryCrossEntropy", Metrics::Labels, 2)?;
    assert_near(&all, &expected);
    Ok(())
}

#[test]
fn values_are_compared_by_hand() -> Result<()> {
    // The second output's targets are constant and hit, the third's are constant and missed.
    #[rustfmt::skip]
    let x = vec![
        1.0, 2.0, 0.3,
        2.0, 2.0, 0.3,
        3.0, 2.0, 0.3,
        5.0, 2.0, 0.3,
    ];
    let t = (1..=4).flat_map(|i| [i as f32, 2.0, 0.1]).collect();
    let data = Dataset::from_floats(&[3], x)?.with_values(t)?;
    let miss = f64::from(0.3f32) - f64::from(0.1f32);
    #[rustfmt::skip]
    let expected = [
        (0.8 + 1.0 + 0.0) / 3.0, ((0.25 + miss * miss) / 3.0).sqrt(), (0.25 + miss) / 3.0,
        0.8, 0.5, 0.25,
        1.0, 0.0, 0.0,
        0.0, miss, miss,
    ];
    for piece in [1, 3, 4] {
        let all = measured(SAME, &data, "meanSquaredError", Metrics::Regression, piece)?;
        assert_near(&all, &expected);
    }
    Ok(())
}

#[test]
fn a_worse_answer_than_the_mean_has_a_negative_r2() -> Result<()> {
    let data = Dataset::from_floats(&[1], vec![3.0, 2.0, 1.0])?.with_values(vec![1.0, 2.0, 3.0])?;
    let all = measured(SAME, &data, "meanSquaredError", Metrics::Regression, 2)?;
    let rmse = (8.0f64 / 3.0).sqrt();
    assert_near(&all, &[-3.0, rmse, 4.0 / 3.0, -3.0, rmse, 4.0 / 3.0]);
    Ok(())
}
