use super::*;
use hebb_kernels::parallel;

fn fit(json: &str, x: &[f32], features: usize, t: &[f64], centers: &[f64]) -> Result<Parameters> {
    let options: Options = serde_json::from_str(json).expect("options");
    let mut network = RbfNetwork::new(options, x.to_vec(), features, t.to_vec(), centers.to_vec())?;
    let mut last = (0, 0.0);
    while !network.advance()? {
        let now = network.progress();
        assert!(now >= last && now.1 <= 1.0, "{now:?} after {last:?}");
        last = now;
    }
    Ok(network.finish())
}

/// The outputs of the parameters for a sample.
fn outputs(parameters: &Parameters, x: &[f32]) -> Vec<f64> {
    let units = parameters.widths.len();
    let outputs = parameters.weights.len() / (units + 1);
    let weight = |output: usize, unit: usize| parameters.weights[output * (units + 1) + unit];
    let mut y: Vec<f64> = (0..outputs).map(|output| weight(output, units)).collect();
    for (unit, center) in parameters.centers.chunks(x.len()).enumerate() {
        let square: f64 = x.iter().zip(center).map(|(x, c)| (f64::from(*x) - c).powi(2)).sum();
        let bell = (-square / (2.0 * parameters.widths[unit].powi(2))).exp();
        for (output, y) in y.iter_mut().enumerate() {
            *y += bell * weight(output, unit);
        }
    }
    y
}

/// Of Σ‖y − t‖² + λ‖w‖², by the definition.
fn cost(parameters: &Parameters, x: &[f32], features: usize, t: &[f64], lambda: f64) -> f64 {
    let width = t.len() / (x.len() / features);
    let errors: f64 = x
        .chunks(features)
        .zip(t.chunks(width))
        .map(|(x, t)| outputs(parameters, x).iter().zip(t).map(|(y, t)| (y - t).powi(2)).sum::<f64>())
        .sum();
    let units = parameters.widths.len();
    let rows = parameters.weights.chunks(units + 1);
    errors + lambda * rows.flat_map(|row| &row[..units]).map(|w| w * w).sum::<f64>()
}

fn drawn(count: usize, features: usize, outputs: usize) -> (Vec<f32>, Vec<f64>) {
    let mut random = Random::new(7, Stream::Test(0));
    let x = (0..count * features).map(|_| random.normal()).collect();
    (x, (0..count * outputs).map(|_| f64::from(random.normal())).collect())
}

#[test]
fn the_weights_have_the_least_cost() -> Result<()> {
    for (count, features, outputs, lambda) in [(70, 3, 2, 0.3), (9, 1, 1, 0.0), (300, 5, 3, 1e-3)] {
        let (x, t) = drawn(count, features, outputs);
        for origin in ["kMeans", "samples"] {
            let json = format!(
                r#"{{ "centers": "{origin}", "regularization": {lambda}, "nearest": 3, "factor": 1.2,
                "kMeans": {{ "clusters": 6, "seed": 2 }} }}"#
            );
            let found = fit(&json, &x, features, &t, &[])?;
            assert_eq!((found.warning.clone(), found.weights.len()), (None, 7 * outputs));
            let best = cost(&found, &x, features, &t, lambda);
            for weight in 0..found.weights.len() {
                // At a minimum the slope is 0, and the cost is a parabola.
                let at = |change: f64| {
                    let mut moved = found.clone();
                    moved.weights[weight] += change;
                    cost(&moved, &x, features, &t, lambda)
                };
                let (up, down) = (at(0.01), at(-0.01));
                assert!(up > best && down > best, "{origin} {count}");
                assert!((up - down).abs() < 1e-7 * best.max(1.0), "{origin} {count}: {up} {down}");
            }
        }
    }
    Ok(())
}

#[test]
fn widths_are_the_mean_distance_to_the_nearest_centers() -> Result<()> {
    let (x, t) = ([0.0, 1.0, 3.0, 7.0], [0.0, 1.0, 0.0, 1.0]);
    let json = |clusters: usize| {
        format!(
            r#"{{ "centers": "given", "nearest": 2, "factor": 0.5, "regularization": 0, "kMeans": {{ "clusters": {clusters} }} }}"#
        )
    };
    let found = fit(&json(4), &x, 1, &t, &[0.0, 1.0, 3.0, 7.0])?;
    assert_eq!(found.widths, [1.0, 0.75, 1.25, 2.5]);
    // Of two at the same place each looks at the others; one alone at the samples.
    let found = fit(&json(3), &x, 1, &t, &[0.0, 0.0, 3.0])?;
    assert_eq!(found.widths, [1.5, 1.5, 1.5]);
    assert!(found.warning.is_some());
    let found = fit(&json(1), &x, 1, &t, &[3.0])?;
    assert!((found.widths[0] - 0.5 * (29.0f64 / 4.0).sqrt()).abs() < 1e-12);
    Ok(())
}

#[test]
fn without_regularisation_units_that_say_the_same_are_dropped_and_named() -> Result<()> {
    let (x, t) = drawn(40, 2, 1);
    let json = r#"{ "centers": "given", "widths": [1.0], "regularization": 0, "kMeans": { "clusters": 3 } }"#;
    let twice = fit(json, &x, 2, &t, &[0.0, 0.0, 1.0, 1.0, 0.0, 0.0])?;
    let says = twice.warning.clone().unwrap_or_default();
    assert!(says.starts_with("1 of 3 units say what others say already"), "{says}");
    let json = json.replace('3', "2");
    let once = fit(&json, &x, 2, &t, &[0.0, 0.0, 1.0, 1.0])?;
    assert_eq!(once.warning, None);
    let (a, b) = (cost(&twice, &x, 2, &t, 0.0), cost(&once, &x, 2, &t, 0.0));
    assert!((a - b).abs() < 1e-12 * b);
    Ok(())
}

#[test]
fn the_bits_are_the_same_on_any_number_of_threads() -> Result<()> {
    let (x, t) = drawn(1500, 30, 4);
    let json = r#"{ "centers": "kMeans", "kMeans": { "clusters": 90, "iterations": 3 } }"#;
    let mut expected: Option<Vec<u64>> = None;
    for threads in [1, 2, 3, 5, 8, 16, 33] {
        let found = parallel::with_threads(threads, || fit(json, &x, 30, &t, &[]))?;
        let bits: Vec<u64> = found.widths.iter().chain(&found.weights).map(|value| value.to_bits()).collect();
        assert_eq!(*expected.get_or_insert(bits.clone()), bits, "{threads} threads");
    }
    Ok(())
}

#[test]
fn wrong_data_and_options_are_refused() {
    let refused = |more: &str, t: &[f64], centers: &[f64]| {
        let json = format!(r#"{{ "kMeans": {{ "clusters": 2 }}, {more} }}"#);
        match fit(&json, &[0.0, 1.0, 2.0], 1, t, centers) {
            Err(error) => error.message,
            Ok(found) => panic!("{found:?}"),
        }
    };
    let t = [0.0, 1.0, 2.0];
    let means = r#""centers": "kMeans""#;
    assert_eq!(refused(means, &[0.0, 1.0], &[]), "2 targets for 3 samples");
    assert!(refused(means, &[0.0, f64::NAN, 1.0], &[]).contains("the target of sample 1 is NaN"));
    assert!(refused(r#""centers": "given""#, &t, &[1.0]).contains("2 centers of 1 values"));
    assert!(refused(&format!("{means}, \"widths\": [0]"), &t, &[]).contains("widths must be above 0, got 0"));
    assert!(refused(&format!("{means}, \"widths\": [1, 2, 3]"), &t, &[]).contains("one number or 2"));
    assert!(refused(&format!("{means}, \"regularization\": -1"), &t, &[]).contains("at least 0, got -1"));
    assert!(
        refused(&format!("{means}, \"factor\": 0"), &t, &[]).contains("factor must be above 0, got 2 and 0")
    );
    assert!(refused(&format!("{means}, \"nearest\": 0"), &t, &[]).contains("nearest must be at least 1"));
}
