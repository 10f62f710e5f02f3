use super::*;
use crate::optimizers::batch::{GradientDescent, Rate, Search};

type F = fn(&[f64]) -> f64;

fn options() -> Options {
    Options {
        maximize: false,
        gradient: false,
        gradient_threshold: 1e-6,
        convergence_threshold: None,
        patience: 1,
        steps: 50_000,
        formula: Value::Null,
    }
}

fn line() -> Rate {
    serde_json::from_str("\"lineMinimized\"").unwrap()
}

/// Answers all questions, and checks that it is asked as the options say.
fn run(f: F, start: &[f64], rate: Rate, options: Options) -> Minimizer {
    let method = Box::new(GradientDescent::new(rate, Search::Brent).unwrap());
    let mut minimizer = Minimizer::new(start.to_vec(), method, options).unwrap();
    while let Some(question) = minimizer.ask() {
        let answer = match question.clone() {
            Question::Value(x) => vec![f(&x)],
            Question::Gradient(_) => panic!("nobody has gradients"),
            Question::Differences(x, h) => {
                let mut values = vec![f(&x)];
                for i in 0..x.len() {
                    for sign in [1.0, -1.0] {
                        let mut near = x.clone();
                        near[i] += sign * h[i];
                        values.push(f(&near));
                    }
                }
                values
            }
        };
        minimizer.tell(&answer).unwrap();
    }
    minimizer
}

fn outcome(minimizer: &Minimizer) -> (bool, Reason, String) {
    let outcome = minimizer.outcome().unwrap();
    (outcome.converged, outcome.reason, outcome.explanation.clone())
}

const BOWL: F = |x| (x[0] - 1.0) * (x[0] - 1.0) + 5.0 * (x[1] + 2.0) * (x[1] + 2.0);
const ROSENBROCK: F = |x| (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2);
const WELLS: F = |x| (x[0] * x[0] - 1.0).powi(2) + 0.3 * x[0];

#[test]
fn every_start_reaches_the_one_minimum_of_a_convex_function() {
    for rate in [Rate::Fixed(0.05), Rate::Decaying { from: 0.1, decay: 0.001 }, line()] {
        for start in [[0.0, 0.0], [10.0, -30.0], [-7.0, 3.0]] {
            let minimizer = run(BOWL, &start, rate, options());
            let x = minimizer.point().unwrap().x;
            assert!((x[0] - 1.0).abs() < 1e-6 && (x[1] + 2.0).abs() < 1e-6, "{rate:?} {start:?}: {x:?}");
            assert_eq!(outcome(&minimizer).1, Reason::Gradient);
        }
    }
}

#[test]
fn of_two_minima_the_start_decides() {
    let end = |start: f64| run(WELLS, &[start], Rate::Fixed(0.02), options()).point().unwrap().x[0];
    assert!(
        (end(-2.0) + 1.035_8).abs() < 1e-3 && (end(2.0) - 0.960_4).abs() < 1e-3,
        "{} {}",
        end(-2.0),
        end(2.0)
    );
    assert!((end(0.0) - end(-2.0)).abs() < 1e-5);
}

#[test]
fn rosenbrocks_valley_is_followed_to_its_end() {
    for rate in [Rate::Fixed(1e-3), line()] {
        let minimizer = run(ROSENBROCK, &[-1.2, 1.0], rate, options());
        let x = minimizer.point().unwrap().x;
        assert!(
            (x[0] - 1.0).abs() < 1e-4 && (x[1] - 1.0).abs() < 1e-4,
            "{rate:?}: {x:?} {:?}",
            outcome(&minimizer)
        );
    }
}

#[test]
fn ascent_reaches_a_maximum_and_tells_its_own_values() {
    let hill: F = |x| 3.0 - (x[0] - 2.0) * (x[0] - 2.0);
    let minimizer = run(hill, &[0.0], Rate::Fixed(0.1), Options { maximize: true, ..options() });
    let point = minimizer.point().unwrap();
    assert!((point.x[0] - 2.0).abs() < 1e-6 && (point.value - 3.0).abs() < 1e-12);
    let first = &minimizer.steps()[0];
    assert!((first.point.value + 1.0).abs() < 1e-12 && (first.point.gradient[0] - 4.0).abs() < 1e-6);
    assert_eq!((first.rate, minimizer.steps().last().unwrap().rate), (Some(0.1), None));
}

#[test]
fn too_high_a_rate_is_found_out_and_explained() {
    // Along the second axis the curvature is 10: rates above 0.2 diverge.
    let minimizer = run(BOWL, &[0.0, 0.0], Rate::Fixed(0.21), options());
    let (converged, reason, explanation) = outcome(&minimizer);
    assert!(!converged && reason == Reason::Diverged && minimizer.step() < 100, "{explanation}");
    assert!(explanation.contains("learning rate 0.21 is too high"), "{explanation}");
    assert!(
        explanation.contains("curvature here is 10.0") && explanation.contains("= 0.2000"),
        "{explanation}"
    );
    // The best place it saw, not the last.
    assert!(minimizer.point().unwrap().value <= BOWL(&[0.0, 0.0]));
    assert_eq!(outcome(&run(BOWL, &[0.0, 0.0], Rate::Fixed(1e200), options())).1, Reason::Diverged);
    let endless = outcome(&run(|x| -x[0], &[0.0], line(), options()));
    assert!(!endless.0, "{endless:?}");
}

#[test]
fn a_small_change_of_a_large_gradient_is_no_convergence() {
    let rule = |start: &[f64], f: F, rate| {
        let options =
            Options { convergence_threshold: Some(1e-7), patience: 3, gradient_threshold: 0.0, ..options() };
        outcome(&run(f, start, Rate::Fixed(rate), options))
    };
    let (converged, reason, _) = rule(&[0.0, 0.0], BOWL, 0.05);
    assert!(converged && reason == Reason::ConvergenceThreshold);
    let (converged, reason, why) = rule(&[3.0, 0.0], BOWL, 1e-10);
    assert!(!converged && reason == Reason::ConvergenceThreshold && why.contains("not small"), "{why}");
}

#[test]
fn the_last_step_is_told_of_those_that_ran_out() {
    let minimizer = run(BOWL, &[0.0, 0.0], Rate::Fixed(1e-4), Options { steps: 10, ..options() });
    let (converged, reason, why) = outcome(&minimizer);
    assert!(!converged && reason == Reason::Steps && why.contains("after 10 steps"), "{why}");
    assert_eq!((minimizer.steps().len(), minimizer.evaluations()), (11, 55));
}

#[test]
fn what_cannot_be_minimised_is_refused() {
    for rate in [0.0, -0.1, f64::NAN] {
        assert!(GradientDescent::new(Rate::Fixed(rate), Search::Brent).is_err());
    }
    assert!(GradientDescent::new(Rate::Decaying { from: 0.1, decay: -1.0 }, Search::Brent).is_err());
    let start = |x: Vec<f64>| {
        Minimizer::new(x, Box::new(GradientDescent::new(line(), Search::Brent).unwrap()), options())
    };
    assert!(start(vec![]).is_err() && start(vec![f64::NAN]).is_err());
    assert!(start(vec![1.0]).unwrap().tell(&[f64::NAN, 0.0, 0.0]).is_err());
}

#[test]
fn a_formula_answers_by_itself() {
    // (1 − a)² + 100·(b − a²)².
    let json = r#"[["variable",0],["variable",1],["number",1],["minus",2,0],["power",3,2],["power",0,2],["minus",1,5],
        ["power",6,2],["number",100],["times",8,7],["plus",4,9]]"#;
    let formula = || serde_json::from_str(json).unwrap();
    let method = || Box::new(GradientDescent::new(line(), Search::Brent).unwrap());
    let start = |options| Minimizer::new(vec![-1.2, 1.0], method(), options).unwrap();
    let mut minimizer = start(Options { gradient: true, formula: formula(), ..options() });
    assert_eq!(minimizer.step(), 0);
    while !minimizer.advance().unwrap() {}
    let (point, told) = (minimizer.point().unwrap(), run(ROSENBROCK, &[-1.2, 1.0], line(), options()));
    assert_eq!(outcome(&minimizer).1, Reason::Gradient);
    assert!((point.x[0] - 1.0).abs() < 1e-5 && (point.x[1] - 1.0).abs() < 1e-5, "{point:?}");
    let (first, differences) = (&minimizer.steps()[0].point, &told.steps()[0].point.gradient);
    assert_eq!(first.value, ROSENBROCK(&[-1.2, 1.0]));
    for (i, exact) in [-215.6, -88.0].into_iter().enumerate() {
        assert!((first.gradient[i] - exact).abs() < 1e-12 && (differences[i] - exact).abs() < 1e-4);
    }
    // Who has no formula asks.
    let mut asking = start(options());
    assert!(asking.advance().unwrap() && asking.outcome().is_none());
}
