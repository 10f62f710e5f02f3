use super::minimize::Reason;
use super::*;

/// The employment of the United States in 1947 to 1962: J. W. Longley, "An appraisal of least squares programs",
/// 1967, as NIST's StRD has it. y, then the six features.
const LONGLEY: [[f64; 7]; 16] = [
    [60323.0, 83.0, 234289.0, 2356.0, 1590.0, 107608.0, 1947.0],
    [61122.0, 88.5, 259426.0, 2325.0, 1456.0, 108632.0, 1948.0],
    [60171.0, 88.2, 258054.0, 3682.0, 1616.0, 109773.0, 1949.0],
    [61187.0, 89.5, 284599.0, 3351.0, 1650.0, 110929.0, 1950.0],
    [63221.0, 96.2, 328975.0, 2099.0, 3099.0, 112075.0, 1951.0],
    [63639.0, 98.1, 346999.0, 1932.0, 3594.0, 113270.0, 1952.0],
    [64989.0, 99.0, 365385.0, 1870.0, 3547.0, 115094.0, 1953.0],
    [63761.0, 100.0, 363112.0, 3578.0, 3350.0, 116219.0, 1954.0],
    [66019.0, 101.2, 397469.0, 2904.0, 3048.0, 117388.0, 1955.0],
    [67857.0, 104.6, 419180.0, 2822.0, 2857.0, 118734.0, 1956.0],
    [68169.0, 108.4, 442769.0, 2936.0, 2798.0, 120445.0, 1957.0],
    [66513.0, 110.8, 444546.0, 4681.0, 2637.0, 121950.0, 1958.0],
    [68655.0, 112.6, 482704.0, 3813.0, 2552.0, 123366.0, 1959.0],
    [69564.0, 114.2, 502601.0, 3931.0, 2514.0, 125368.0, 1960.0],
    [69331.0, 115.7, 518173.0, 4806.0, 2572.0, 127852.0, 1961.0],
    [70551.0, 116.9, 554894.0, 4007.0, 2827.0, 130081.0, 1962.0],
];

/// NIST's certified weights, the intercept last.
const CERTIFIED: [f64; 7] = [
    15.061_872_271_373_3,
    -0.358_191_792_925_910E-01,
    -2.020_229_803_816_83,
    -1.033_226_867_173_59,
    -0.511_041_056_535_807E-01,
    1_829.151_464_613_55,
    -3_482_258.634_595_82,
];

fn longley() -> Problem {
    let x = LONGLEY.iter().flat_map(|row| row[1..].to_vec()).collect();
    Problem::new(x, 6, LONGLEY.iter().map(|row| row[0]).collect()).unwrap()
}

fn options(learning_rate: Rate) -> Options {
    Options {
        learning_rate,
        batch_size: None,
        epochs: 20_000,
        seed: 1,
        gradient_threshold: 1e-10,
        convergence_threshold: None,
        patience: 1,
    }
}

/// Samples of y = 2x₀ − 3x₁ + 5, with noise.
fn noisy(noise: f64) -> Problem {
    use hebb_kernels::random::{Random, Stream};
    let mut random = Random::new(5, Stream::Test(0));
    let x: Vec<f64> = (0..200).map(|_| f64::from(random.normal())).collect();
    let t = x.chunks(2).map(|x| 2.0 * x[0] - 3.0 * x[1] + 5.0 + noise * f64::from(random.normal()));
    let t = t.collect();
    Problem::new(x, 2, t).unwrap()
}

fn descend(problem: Problem, options: Options) -> Descent {
    let start = vec![0.0; problem.x.ncols() + 1];
    let mut descent = Descent::new(problem, start, options).unwrap();
    while !descent.advance().unwrap() {}
    descent
}

fn error(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| ((a - b) / b).abs()).fold(0.0, f64::max)
}

#[test]
fn the_closed_form_has_nists_values_of_longley() {
    let worst = error(&longley().closed_form().unwrap(), &CERTIFIED);
    assert!(worst < 1e-9, "{worst}");
    assert!((longley().r_squared(&CERTIFIED) - 0.995_479_004_577_296).abs() < 1e-12);
}

#[test]
fn gradient_descent_reaches_the_closed_form() {
    let line = serde_json::from_str("\"lineMinimized\"").unwrap();
    let expected = noisy(0.5).closed_form().unwrap();
    for rate in [Rate::Fixed(0.1), Rate::Decaying { from: 0.3, decay: 0.001 }, line] {
        let descent = descend(noisy(0.5), options(rate));
        let worst = error(&descent.minimizer().point().unwrap().x, &expected);
        assert!(worst < 1e-6, "{rate:?}: {worst} {:?}", descent.minimizer().outcome());
        // Values alone show a minimum to half the digits: there a line search ends at the limit of rounding.
        let outcome = descent.minimizer().outcome().unwrap();
        let reason = if rate.at(0).is_some() { Reason::Gradient } else { Reason::NoDecrease };
        assert!(outcome.converged && outcome.reason == reason, "{rate:?} {outcome:?}");
    }
}

#[test]
fn samples_and_minibatches_find_what_has_no_noise_and_come_near_what_has() {
    for size in [1, 16] {
        let rate = Rate::Fixed(0.02);
        let descent = descend(noisy(0.0), Options { batch_size: Some(size), ..options(rate) });
        let p = descent.minimizer().point().unwrap().x;
        assert!(error(&p, &[2.0, -3.0, 5.0]) < 1e-8, "{size}: {p:?}");
        let descent = descend(noisy(0.5), Options { batch_size: Some(size), epochs: 300, ..options(rate) });
        let outcome = descent.minimizer().outcome().unwrap();
        assert!(!outcome.converged && outcome.reason == Reason::Steps, "{outcome:?}");
        let p = descent.minimizer().point().unwrap().x;
        assert!(error(&p, &noisy(0.5).closed_form().unwrap()) < 0.05, "{size}: {p:?}");
    }
}

#[test]
fn the_gradient_is_the_slope_of_the_cost() {
    let (problem, p) = (noisy(0.5), [0.3, -1.0, 2.0]);
    let (cost, gradient) = problem.gradient(&p, 0..100);
    assert!((cost - problem.cost(&p)).abs() < 1e-12);
    for i in 0..3 {
        let at = |h: f64| {
            let mut near = p;
            near[i] += h;
            problem.cost(&near)
        };
        assert!(((at(1e-5) - at(-1e-5)) / 2e-5 - gradient[i]).abs() < 1e-7);
    }
}

#[test]
fn too_high_a_rate_diverges_and_names_one_that_does_not() {
    for batch_size in [None, Some(1)] {
        let descent = descend(noisy(0.5), Options { batch_size, ..options(Rate::Fixed(1.5)) });
        let outcome = descent.minimizer().outcome().unwrap().clone();
        assert!(!outcome.converged && outcome.reason == Reason::Diverged, "{outcome:?}");
        let limit: f64 = outcome.explanation.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(descent.problem().cost(&descent.minimizer().point().unwrap().x).is_finite());
        let rate = Rate::Fixed(0.95 * limit);
        let again = descend(noisy(0.0), Options { batch_size, ..options(rate) });
        assert!(again.minimizer().outcome().unwrap().converged, "{:?}", again.minimizer().outcome());
    }
}

#[test]
fn what_has_no_answer_is_refused() {
    let closed = |x: &[f64], features, t: &[f64]| {
        let problem = Problem::new(x.to_vec(), features, t.to_vec());
        problem.and_then(|problem| problem.closed_form()).err().map(|error| error.message).unwrap_or_default()
    };
    assert!(
        closed(&[1.0, 7.0, 2.0, 7.0, 4.0, 7.0], 2, &[1.0, 2.0, 3.0])
            .contains("feature 1 (from 0) is constant")
    );
    let twice = [1.0, 2.0, 2.0, 4.0, 4.0, 8.0, 5.0, 10.0];
    assert!(closed(&twice, 2, &[1.0, 2.0, 3.0, 4.0]).contains("feature 1 (from 0) is a combination"));
    assert!(closed(&[1.0, 2.0, 2.0, 3.0], 2, &[1.0, 2.0]).contains("2 samples cannot determine 2 weights"));
    assert!(closed(&[], 1, &[]).contains("no samples"));
    assert!(closed(&[1.0, 2.0], 1, &[1.0, f64::NAN]).contains("the target of sample 1 is NaN"));
    let line = serde_json::from_str("\"lineMinimized\"").unwrap();
    let single = Options { batch_size: Some(1), ..options(line) };
    assert!(Descent::new(noisy(0.0), vec![0.0; 3], single).is_err());
}
