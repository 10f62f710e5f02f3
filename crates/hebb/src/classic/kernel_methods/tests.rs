use super::gram::gram;
use super::*;
use crate::classic::perceptron as linear;
use hebb_kernels::error::Code;
use hebb_kernels::parallel::with_threads;
use hebb_kernels::random::{Random, Stream};
use serde_json::{Value, json};
use std::rc::Rc;

fn random() -> Random {
    Random::new(3, Stream::Test(0))
}

fn values(random: &mut Random, count: usize) -> Vec<f64> {
    (0..count).map(|_| f64::from(random.uniform(-1.0, 1.0))).collect()
}

const RBF: Kernel = Kernel::Rbf { sigma: Some(0.7) };
const KERNELS: [Kernel; 5] = [
    RBF,
    Kernel::Linear,
    Kernel::Polynomial { degree: 3, scale: 0.5, constant: 2.0 },
    Kernel::Multiquadric { constant: 0.8 },
    Kernel::InverseMultiquadric { constant: 0.3 },
];

/// By the formulas.
fn value(kernel: &Kernel, x: &[f64], y: &[f64]) -> f64 {
    let product: f64 = x.iter().zip(y).map(|(x, y)| x * y).sum();
    let square: f64 = x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum();
    match *kernel {
        Kernel::Rbf { sigma } => (-square / (2.0 * sigma.unwrap().powi(2))).exp(),
        Kernel::Linear => product,
        Kernel::Polynomial { degree, scale, constant } => (scale * product + constant).powi(degree as i32),
        Kernel::Multiquadric { constant } => (square + constant * constant).sqrt(),
        Kernel::InverseMultiquadric { constant } => (square + constant * constant).powf(-0.5),
    }
}

#[test]
fn gram_matrices_are_those_of_the_formulas() {
    let mut random = random();
    for kernel in &KERNELS {
        for (n, m, features) in [(1, 1, 1), (7, 5, 3), (60, 33, 20)] {
            let (x, y) = (values(&mut random, n * features), values(&mut random, m * features));
            let (k, _) = gram_matrix(kernel, x.clone(), y.clone(), features).unwrap();
            for (at, k) in k.iter().enumerate() {
                let (x, y) = (&x[at / m * features..][..features], &y[at % m * features..][..features]);
                assert!((k - value(kernel, x, y)).abs() < 1e-12 * k.abs().max(1.0), "{kernel:?}");
            }
        }
    }
}

#[test]
fn points_far_from_the_origin_and_points_close_together_lose_no_digit() {
    let mut random = random();
    let (n, features) = (50, 4);
    // Multiples of 2⁻²⁰, so that a shift by 10⁶ is exact.
    let near: Vec<f64> =
        values(&mut random, n * features).iter().map(|x| (x * 1048576.0).round() / 1048576.0).collect();
    let far: Vec<f64> = near.iter().map(|x| x + 1e6).collect();
    // Two clouds, so that no shift helps.
    let clouds: Vec<f64> =
        near.iter().enumerate().map(|(i, x)| x + if i / features % 2 == 0 { 1e6 } else { 0.0 }).collect();
    let close: Vec<f64> = near.iter().map(|x| 1.0 + x * 1e-6).collect();
    let narrow = Kernel::Rbf { sigma: Some(7e-7) };
    for (x, kernel, error) in [(far, RBF, 1e-12), (clouds, RBF, 1e-12), (close, narrow, 1e-8)] {
        let (k, _) = gram_matrix(&kernel, x.clone(), Vec::new(), features).unwrap();
        for (at, k) in k.iter().enumerate() {
            let row = |i: usize| &x[i * features..][..features];
            let expected = value(&kernel, row(at / n), row(at % n));
            assert!((k - expected).abs() < error, "{k} instead of {expected}");
        }
        assert!((0..n).all(|i| k[i * n + i] == 1.0));
    }
}

#[test]
fn sigma_is_the_median_of_the_distances() {
    let line = |n: usize| (0..n).map(|i| i as f64).collect::<Vec<_>>();
    let median = |x: Vec<f64>, seed| Points::new(&RBF, x, 1).unwrap().median_distance(seed);
    assert_eq!(median(line(4), 0), Ok(2.0));
    // |i − j| of uniform numbers has the median 1 − √½.
    let of_many = median(line(1000), 5).unwrap();
    assert!((of_many / 1000.0 - 0.2929).abs() < 0.02, "{of_many}");
    assert_eq!(median(line(1000), 5).unwrap(), of_many);
    assert_eq!(median(vec![1.0, 1.0, 1.0, 4.0], 0), Ok(3.0));
    assert_eq!(median(vec![1.0, 1.0], 0).unwrap_err().code, Code::Data);
    assert_eq!(median(vec![1.0], 0).unwrap_err().code, Code::Data);
}

/// Two half circles that reach into each other, or a disc in a ring.
fn moons(n: usize) -> (Vec<f64>, Vec<u32>) {
    let mut random = random();
    let mut x = Vec::new();
    for i in 0..n {
        let angle = f64::from(random.uniform(0.0, std::f32::consts::PI));
        let (cos, sin) = (angle.cos(), angle.sin());
        let noise = values(&mut random, 2);
        let (a, b) = if i % 2 == 0 { (cos, sin) } else { (1.0 - cos, 0.5 - sin) };
        x.extend([a + 0.1 * noise[0], b + 0.1 * noise[1]]);
    }
    (x, (0..n).map(|i| (i % 2) as u32).collect())
}

fn circles(n: usize) -> (Vec<f64>, Vec<u32>) {
    let mut random = random();
    let mut x = Vec::new();
    for i in 0..n {
        let angle = f64::from(random.uniform(0.0, std::f32::consts::TAU));
        let radius = if i % 2 == 0 { 1.0 } else { 0.4 };
        x.extend([radius * angle.cos(), radius * angle.sin()]);
    }
    (x, (0..n).map(|i| (i % 2) as u32).collect())
}

fn perceptron(kernel: Value, inputs: usize, classes: usize, x: &[f64], t: &[u32], epochs: u64) -> Perceptron {
    let options = json!({ "kernel": kernel, "inputs": inputs, "classes": classes, "epochs": epochs, "shuffle": false, "seed": 0 });
    let options = serde_json::from_value(options).unwrap();
    let mut fit = Perceptron::new(options, x.to_vec(), t.to_vec()).unwrap();
    while !fit.advance().unwrap() {
        assert!((0.0..1.0).contains(&fit.progress()));
    }
    fit
}

#[test]
fn the_kernel_perceptron_separates_what_a_line_does_not() {
    for (x, t) in [moons(200), circles(200)] {
        let line = perceptron(json!({ "kind": "linear" }), 2, 2, &x, &t, 300);
        assert!(!line.units()[0].converged);
        let fit = perceptron(json!({ "kind": "rbf", "sigma": 0.4 }), 2, 2, &x, &t, 300);
        assert!(fit.units()[0].converged);
        assert_eq!(fit.units()[0].mistakes.last(), Some(&0));
        let support = fit.support();
        assert!(!support.is_empty() && support.len() < 100, "{}", support.len());
        let machine = Rc::new(fit.finish().unwrap());
        assert_eq!(machine.points.count(), support.len());
        let values = machine.values(machine.points.others(x).unwrap()).unwrap();
        assert!(values.iter().zip(&t).all(|(value, t)| (*value >= 0.0) == (*t == 1)));
    }
}

#[test]
fn with_the_linear_kernel_it_is_the_perceptron() {
    let mut random = random();
    let x: Vec<f64> = (0..120).map(|_| f64::from(random.below(9) as u8) - 4.0).collect();
    let t: Vec<u32> = x.chunks(3).map(|x| ((x[0] + 2.0 * x[1] - x[2]) as i32).rem_euclid(3) as u32).collect();
    for classes in [2, 3] {
        let t: Vec<u32> = t.iter().map(|&t| t.min(classes as u32 - 1)).collect();
        let fit = perceptron(json!({ "kind": "linear" }), 3, classes, &x, &t, 20);
        let options = linear::Options {
            inputs: 3,
            classes,
            variant: linear::Variant::Last,
            learning_rate: 1.0,
            epochs: 20,
            shuffle: false,
            seed: 0,
            history: 0,
        };
        let mut twin = linear::Fit::new(options, x.clone(), t.clone()).unwrap();
        while !twin.advance(100) {}
        for (unit, twin) in fit.units().iter().zip(twin.units()) {
            // A cycle ends it earlier.
            let common = twin.mistakes().len();
            assert_eq!(unit.mistakes[..common], *twin.mistakes());
        }
    }
}

fn ridge(options: Value, x: &[f64], t: &[f64]) -> hebb_kernels::error::Result<Ridge> {
    let mut fit = Ridge::new(serde_json::from_value(options).unwrap(), x.to_vec(), t.to_vec())?;
    while !fit.advance()? {
        assert!((0.0..1.0).contains(&fit.progress()));
    }
    Ok(fit)
}

fn ridge_options(kernels: Value, lambdas: Value, inputs: usize) -> Value {
    json!({ "kernels": kernels, "lambdas": lambdas, "inputs": inputs, "folds": 5, "seed": 1 })
}

#[test]
fn kernel_ridge_solves_its_equations() {
    let mut random = random();
    let (n, features) = (130, 2);
    let (x, t) = (values(&mut random, n * features), values(&mut random, n * 2));
    let options = ridge_options(json!([{ "kind": "rbf", "sigma": 0.5 }]), json!([0.01]), features);
    let fit = ridge(options, &x, &t).unwrap();
    assert_eq!(fit.warning(), None);
    let machine = fit.finish().unwrap();
    let mut k = vec![0.0; n * n];
    gram(&machine.kernel, &machine.points, 0..n, &machine.points, &mut k).unwrap();
    for i in 0..n {
        for output in 0..2 {
            let own = &machine.alphas[output * n..(output + 1) * n];
            let sum: f64 = k[i * n..].iter().zip(own).map(|(k, alpha)| k * alpha).sum();
            assert!((sum + 0.01 * own[i] - t[2 * i + output]).abs() < 1e-9);
        }
    }
}

#[test]
fn a_singular_gram_matrix_falls_back_to_least_squares_and_says_so() {
    // Two samples are the same, with different targets: their mean is the nearest.
    let options = ridge_options(json!([{ "kind": "rbf", "sigma": 1 }]), json!([0]), 1);
    let fit = ridge(options, &[0.0, 1.0, 1.0, 3.0], &[1.0, 2.0, 4.0, -1.0]).unwrap();
    let warning = fit.warning().unwrap();
    assert!(warning.contains("singular, its rank is 3"), "{warning}");
    let machine = Rc::new(fit.finish().unwrap());
    let got = machine.values(machine.points.others(vec![0.0, 1.0, 3.0]).unwrap()).unwrap();
    for (got, wanted) in got.iter().zip([1.0, 3.0, -1.0]) {
        assert!((got - wanted).abs() < 1e-9, "{got} instead of {wanted}");
    }
    // Not positive definite, but regular: exact, without a warning.
    let options = ridge_options(json!([{ "kind": "multiquadric", "constant": 1 }]), json!([0]), 1);
    let fit = ridge(options, &[0.0, 1.0, 3.0], &[1.0, 2.0, -1.0]).unwrap();
    assert_eq!(fit.warning(), None);
    let machine = Rc::new(fit.finish().unwrap());
    let got = machine.values(machine.points.clone()).unwrap();
    assert!(got.iter().zip([1.0, 2.0, -1.0]).all(|(got, wanted)| (got - wanted).abs() < 1e-9), "{got:?}");
}

#[test]
fn cross_validation_chooses_the_width_of_the_curve() {
    let mut random = random();
    let x: Vec<f64> = (0..80).map(|i| f64::from(i) / 10.0).collect();
    let t: Vec<f64> = x.iter().map(|x| (3.0 * x).sin() + 0.1 * f64::from(random.normal())).collect();
    let rbf = |sigma: f64| json!({ "kind": "rbf", "sigma": sigma });
    let options = ridge_options(json!([rbf(0.01), rbf(0.4), rbf(20.0)]), json!([0.01, 0.1]), 1);
    let fit = ridge(options.clone(), &x, &t).unwrap();
    assert_eq!(fit.candidates().len(), 6);
    assert_eq!(fit.best().kernel, Kernel::Rbf { sigma: Some(0.4) });
    assert!(fit.best().error < 0.02 && fit.candidates()[0].error > 0.3, "{:?}", fit.candidates());
    assert_eq!(ridge(options, &x, &t).unwrap().candidates(), fit.candidates());
}

fn nystrom(lambda: f64, centers: &[f64], x: &[f64], t: &[f64], parts: usize) -> Nystrom {
    let samples = x.len() / 2;
    let options = json!({ "kernel": { "kind": "rbf", "sigma": 0.5 }, "lambda": lambda, "inputs": 2, "outputs": 2, "samples": samples, "seed": 0 });
    let mut fit = Nystrom::new(serde_json::from_value(options).unwrap(), centers.to_vec()).unwrap();
    for (x, t) in x.chunks(parts * 2).zip(t.chunks(parts * 2)) {
        fit.feed(x.to_vec(), t.to_vec()).unwrap();
        while !fit.advance().unwrap() {}
        assert!((0.0..=1.0).contains(&fit.progress()));
    }
    fit.solve();
    while !fit.advance().unwrap() {
        assert!((0.0..1.0).contains(&fit.progress()));
    }
    fit
}

#[test]
fn nystrom_with_all_samples_as_centers_is_kernel_ridge() {
    let mut random = random();
    let n = 60;
    let (x, t) = (values(&mut random, n * 2), values(&mut random, n * 2));
    let machine = Rc::new(nystrom(0.01, &x, &x, &t, 25).finish().unwrap());
    let options = ridge_options(json!([{ "kind": "rbf", "sigma": 0.5 }]), json!([0.01 * n as f64]), 2);
    let twin = Rc::new(ridge(options, &x, &t).unwrap().finish().unwrap());
    let others = values(&mut random, 40);
    let got = machine.values(machine.points.others(others.clone()).unwrap()).unwrap();
    let wanted = twin.values(twin.points.others(others).unwrap()).unwrap();
    assert!(got.iter().zip(&wanted).all(|(got, wanted)| (got - wanted).abs() < 1e-6));
}

#[test]
fn nystrom_has_the_same_bits_for_any_threads_and_a_remedy_for_duplicate_centers() {
    let mut random = random();
    let n = 900;
    let (x, t) = (values(&mut random, n * 2), values(&mut random, n * 2));
    let results = [1, 2, 3, 5, 8, 16, 33].map(|threads| {
        with_threads(threads, || nystrom(1e-4, &x[..140], &x, &t, 400).finish().unwrap().alphas)
    });
    assert!(results.iter().all(|result| *result == results[0]));
    let twice = [&x[..20], &x[..20]].concat();
    let fit = nystrom(0.0, &twice, &x, &t, 900);
    let warning = fit.warning().unwrap();
    assert!(warning.contains("20 centers are singular"), "{warning}");
    let (machine, once) = (Rc::new(fit.finish().unwrap()), nystrom(0.0, &x[..20], &x, &t, 900));
    assert_eq!(once.warning(), None);
    let once = Rc::new(once.finish().unwrap());
    let values =
        [machine, once].map(|machine| machine.values(machine.points.others(x.clone()).unwrap()).unwrap());
    assert!(values[0].iter().zip(&values[1]).all(|(a, b)| (a - b).abs() < 1e-4));
}

fn products(features: &[f64], size: usize) -> Vec<f64> {
    let rows = features.chunks(size);
    rows.clone().flat_map(|a| rows.clone().map(|b| a.iter().zip(b).map(|(a, b)| a * b).sum())).collect()
}

#[test]
fn the_features_of_a_polynomial_have_the_kernel_as_their_product() {
    let mut random = random();
    for (features, degree, size) in [(1, 1, 2), (2, 2, 6), (3, 4, 35), (5, 2, 21)] {
        let x = values(&mut random, 6 * features);
        let phi = polynomial_features(x.clone(), features, degree, 0.7, 0.4).unwrap();
        assert_eq!(phi.len(), 6 * size);
        let kernel = Kernel::Polynomial { degree, scale: 0.7, constant: 0.4 };
        let (k, _) = gram_matrix(&kernel, x, Vec::new(), features).unwrap();
        assert!(
            products(&phi, size).iter().zip(&k).all(|(p, k)| (p - k).abs() < 1e-12),
            "{features}, {degree}"
        );
    }
    // Without a constant, of two values: x₁², √2·x₁x₂, x₂².
    let phi = polynomial_features(vec![3.0, 5.0], 2, 2, 1.0, 0.0).unwrap();
    let expected = [0.0, 0.0, 0.0, 9.0, 15.0 * 2f64.sqrt(), 25.0];
    assert!(phi.iter().zip(expected).all(|(got, wanted)| (got - wanted).abs() < 1e-12), "{phi:?}");
}

#[test]
fn taylor_features_approach_the_radial_basis_kernel_as_fast_as_their_bound() {
    let mut random = random();
    let (x, sigma) = (values(&mut random, 16), 0.8);
    let kernel = Kernel::Rbf { sigma: Some(sigma) };
    let (k, _) = gram_matrix(&kernel, x.clone(), Vec::new(), 2).unwrap();
    let largest = x.chunks(2).map(|x| x[0] * x[0] + x[1] * x[1]).fold(0.0, f64::max) / (sigma * sigma);
    let mut last = f64::INFINITY;
    let mut factorial = 1.0;
    for degree in 0..14 {
        factorial *= f64::from(degree + 1);
        let phi = taylor_features(x.clone(), 2, degree, sigma).unwrap();
        let all = products(&phi, phi.len() / 8);
        let error = all.iter().zip(&k).map(|(p, k)| (p - k).abs()).fold(0.0, f64::max);
        assert!(error <= largest.powi(degree as i32 + 1) / factorial + 1e-15, "{degree}: {error}");
        assert!(error < last);
        last = error;
    }
    assert!(last < 1e-6, "{last}");
    assert_eq!(taylor_features(vec![0.0; 784], 784, 4, 1.0).unwrap_err().code, Code::Option);
}

#[test]
fn what_is_out_of_range_is_refused() {
    let refused =
        |json: Value| serde_json::from_value::<Kernel>(json).map_or(true, |kernel| kernel.check().is_err());
    for json in [
        json!({ "kind": "rbf", "sigma": 0 }),
        json!({ "kind": "rbf", "sigma": -1 }),
        json!({ "kind": "polynomial", "degree": 0 }),
        json!({ "kind": "polynomial", "scale": 0 }),
        json!({ "kind": "polynomial", "constant": -1 }),
        json!({ "kind": "multiquadric", "constant": 0 }),
        json!({ "kind": "sinc" }),
        json!({ "kind": "linear", "sigma": 1 }),
    ] {
        assert!(refused(json.clone()), "{json}");
    }
    let huge = json!([{ "kind": "polynomial", "degree": 300 }]);
    let error = ridge(ridge_options(huge, json!([1]), 1), &[1e30, 2e30], &[1.0, 2.0]).err().unwrap();
    assert!(error.message.contains("beyond the range of 64 bits"), "{}", error.message);
    let one = json!([{ "kind": "linear" }]);
    for (lambdas, x, t) in [
        (json!([-1]), [1.0, 2.0], [1.0, 2.0]),
        (json!([1]), [1.0, f64::NAN], [1.0, 2.0]),
        (json!([1]), [1.0, 2.0], [1.0, f64::INFINITY]),
    ] {
        assert!(ridge(ridge_options(one.clone(), lambdas, 1), &x, &t).is_err());
    }
    assert!(ridge(ridge_options(one, json!([1]), 1), &[1.0, 2.0], &[1.0, 2.0, 3.0]).is_err());
}
