//! Known minima: quadratics and Rosenbrock's valley, and lines of other shapes.

use super::*;

/// Rosenbrock's function (1960) in pairs of coordinates, its minimum 0 at (1, 1, …).
fn rosenbrock(x: &[f64]) -> (f64, Vec<f64>) {
    let mut gradient = vec![0.0; x.len()];
    let mut value = 0.0;
    for i in (0..x.len()).step_by(2) {
        let (a, b) = (1.0 - x[i], x[i + 1] - x[i] * x[i]);
        value += a * a + 100.0 * b * b;
        gradient[i] = -2.0 * a - 400.0 * x[i] * b;
        gradient[i + 1] = 200.0 * b;
    }
    (value, gradient)
}

/// ½ Σ kᵢ(xᵢ − i)², the curvatures kᵢ from 1 to 1000.
fn quadratic(x: &[f64]) -> (f64, Vec<f64>) {
    let curvature = |i: usize| 1000f64.powf(i as f64 / (x.len() - 1) as f64);
    let from = |i: usize| x[i] - i as f64;
    let value = (0..x.len()).map(|i| 0.5 * curvature(i) * from(i) * from(i)).sum();
    (value, (0..x.len()).map(|i| curvature(i) * from(i)).collect())
}

type Function = fn(&[f64]) -> (f64, Vec<f64>);

fn kind(json: &str) -> Choice {
    serde_json::from_str(json).unwrap()
}

const BFGS: &str = r#"{ "type": "bfgs" }"#;
const LBFGS: &str = r#"{ "type": "lbfgs", "memory": 10 }"#;
const POLAK: &str = r#"{ "type": "conjugateGradient", "formula": "polakRibiere" }"#;
const FLETCHER: &str = r#"{ "type": "conjugateGradient", "formula": "fletcherReeves" }"#;
const STEEPEST: &str = r#"{ "type": "gradientDescent", "learningRate": "lineMinimized" }"#;

/// Drives a method until the norm of the gradient is at most this: how many values and gradients it asked for, or the
/// failure.
fn drive(json: &str, f: Function, start: &[f64], tolerance: f64) -> Result<(usize, Point), Failure> {
    let mut descent = Descent::new(start.to_vec(), kind(json).start(0, 0).unwrap());
    for asked in 1..2_000_000 {
        let (x, wants) = descent.ask();
        let x = x.to_vec();
        let (value, gradient) = f(&x);
        let gradient = if wants == Wants::Value { Vec::new() } else { gradient };
        let mut event = descent.tell(Point { x, value, gradient, normal: Vec::new() });
        if event == Event::Arrived {
            let here = descent.here().unwrap();
            assert!(descent.before().is_none_or(|before| here.value < before.value), "{json}: it rose");
            if dot(&here.gradient, &here.gradient).sqrt() <= tolerance {
                return Ok((asked, here.clone()));
            }
            event = descent.begin();
        }
        if let Event::Stuck(why) = event {
            return Err(why);
        }
    }
    panic!("{json} does not end");
}

/// How many values a method asks for.
fn run(json: &str, f: Function, start: &[f64], minimum: &[f64]) -> usize {
    let (asked, here) = drive(json, f, start, 1e-8).unwrap_or_else(|why| panic!("{json}: {why:?}"));
    for (x, m) in here.x.iter().zip(minimum) {
        assert!((x - m).abs() < 1e-6, "{json}: {:?}", here.x);
    }
    asked
}

#[test]
fn rosenbrocks_valley_is_followed_to_its_end() {
    for n in [2, 10] {
        let start: Vec<f64> = (0..n).map(|i| if i % 2 == 0 { -1.2 } else { 1.0 }).collect();
        let minimum = vec![1.0; n];
        let counts = [BFGS, LBFGS, POLAK, FLETCHER].map(|json| run(json, rosenbrock, &start, &minimum));
        let [bfgs, lbfgs, polak, fletcher] = counts;
        // Nocedal and Wright's BFGS takes 34 iterations from here, of one value or more.
        assert!(bfgs < 60 && lbfgs < 60 && polak < 250 && fletcher < 250, "{counts:?}");
    }
    for search in ["brent", "goldenSection"] {
        let json = format!(
            r#"{{ "type": "gradientDescent", "learningRate": "lineMinimized", "lineSearch": "{search}" }}"#
        );
        let (asked, here) = drive(&json, rosenbrock, &[-1.2, 1.0], 1e-4).unwrap();
        assert!(asked > 1000 && here.x.iter().all(|x| (x - 1.0).abs() < 1e-3), "{asked} {here:?}");
    }
}

#[test]
fn quadratics_are_minimised() {
    let minimum: Vec<f64> = (0..12).map(|i| i as f64).collect();
    let start = [0.5; 12];
    let little = r#"{ "type": "lbfgs", "memory": 5 }"#;
    let counts = [BFGS, little, POLAK, FLETCHER].map(|json| run(json, quadratic, &start, &minimum));
    assert!(counts.iter().all(|&count| count < 300), "{counts:?}");
}

#[test]
fn what_has_no_minimum_or_is_not_finite_ends() {
    // Beyond 1 there are no numbers: the search has to come back.
    let walled: Function = |x| {
        if x[0] > 1.0 { (f64::NAN, vec![f64::NAN]) } else { ((x[0] - 0.9).powi(2), vec![2.0 * (x[0] - 0.9)]) }
    };
    for json in [BFGS, LBFGS, POLAK, FLETCHER, STEEPEST] {
        run(json, walled, &[-50.0], &[0.9]);
        let ends = |f: Function| drive(json, f, &[1.0], 0.0).err();
        assert_eq!(ends(|x| (-x[0], vec![-1.0])), Some(Failure::NoBracket), "{json}");
        // A gradient that lies, and a place from where there is no way down.
        assert_eq!(ends(|x| (x[0] * x[0], vec![-2.0 * x[0]])), Some(Failure::NoDecrease), "{json}");
        assert_eq!(ends(|_| (f64::NAN, vec![1.0])), Some(Failure::NoDecrease), "{json}");
    }
}

/// The residuals 10(x₁ − x₀²) and 1 − x₀ of Rosenbrock's function, with what follows from their derivatives.
fn residuals(x: &[f64]) -> Point {
    let (r, s) = (10.0 * (x[1] - x[0] * x[0]), 1.0 - x[0]);
    let (a, b) = (-20.0 * x[0], 10.0);
    let gradient = vec![r * a - s, r * b];
    let normal = vec![a * a + 1.0, a * b, a * b, b * b];
    Point { x: x.to_vec(), value: 0.5 * (r * r + s * s), gradient, normal }
}

#[test]
fn levenberg_and_marquardt_follow_the_valley_in_few_steps() {
    let mut descent = Descent::new(
        vec![-1.2, 1.0],
        kind(r#"{ "type": "levenbergMarquardt", "damping": 1e-3 }"#).start(0, 0).unwrap(),
    );
    let mut asked = 0;
    while descent.here().is_none_or(|here| here.largest() > 1e-10) {
        asked += 1;
        let there = residuals(descent.ask().0);
        match descent.tell(there) {
            Event::Arrived => assert_eq!(descent.begin(), Event::Asking),
            event => assert_eq!(event, Event::Asking),
        }
    }
    let here = descent.here().unwrap();
    assert!(asked < 60 && here.x.iter().all(|x| (x - 1.0).abs() < 1e-9), "{asked} {here:?}");
    assert_eq!(descent.method().remark(here), None);
}

#[test]
fn a_singular_jacobian_is_named_and_no_obstacle() {
    // r = x₀ + x₁ − 3: only the sum is determined; x₂ changes nothing.
    let f = |x: &[f64]| {
        let r = x[0] + x[1] - 3.0;
        let normal = [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0; 3]].concat();
        Point { x: x.to_vec(), value: 0.5 * r * r, gradient: vec![r, r, 0.0], normal }
    };
    let mut descent = Descent::new(vec![0.0; 3], Box::new(LevenbergMarquardt::new(1e-3).unwrap()));
    let mut event = Event::Asking;
    while !matches!(event, Event::Stuck(_)) {
        let there = f(descent.ask().0);
        event = descent.tell(there);
        if event == Event::Arrived {
            event = descent.begin();
        }
    }
    let here = descent.here().unwrap();
    assert!((here.x[0] + here.x[1] - 3.0).abs() < 1e-8 && here.x[2] == 0.0, "{here:?}");
    let remark = descent.method().remark(here).unwrap();
    assert!(remark.contains("the Jacobian is singular: parameter 1"), "{remark}");
    for damping in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(LevenbergMarquardt::new(damping).is_err());
    }
    assert!(kind(r#"{ "type": "lbfgs", "memory": 0 }"#).start(0, 0).is_err());
}

#[test]
fn a_wolfe_step_satisfies_both_conditions() {
    for (first, c2) in [(1e-4, 0.1), (1.0, 0.9), (1e3, 0.1), (0.3, 0.01)] {
        // −a / (a² + 2), of Moré and Thuente (1994), its minimum at √2.
        let f = |a: f64| (-a / (a * a + 2.0), (a * a - 2.0) / (a * a + 2.0).powi(2));
        let mut search = wolfe::Wolfe::new(f(0.0).0, f(0.0).1, first, 1e-3, c2);
        let status = loop {
            let (value, slope) = f(search.ask());
            match search.tell(value, slope) {
                wolfe::WolfeStatus::Searching => {}
                status => break status,
            }
        };
        assert_eq!(status, wolfe::WolfeStatus::Accepted);
        let (value, slope) = f(search.ask());
        assert!(value <= -1e-3 * 0.5 * search.ask() && slope.abs() <= c2 * 0.5);
    }
}

/// The minimum of φ from 0 on, and how many values it took.
fn lowest(search: Search, phi: impl Fn(f64) -> f64, first: f64) -> (line::Next, usize) {
    let mut line = line::Line::new(search, phi(0.0), first);
    let (mut next, mut asked) = (line::Next::Try(first), 0);
    while let line::Next::Try(t) = next {
        next = line.tell(phi(t));
        asked += 1;
    }
    (next, asked)
}

#[test]
fn line_minima_are_bracketed_and_found() {
    type Case = (fn(f64) -> f64, f64);
    let cases: [Case; 4] = [
        (|t| (t - 3.0) * (t - 3.0), 3.0),
        (|t| (t - 2.0).powi(4) - t, 2.629_960_524_947_437),
        (|t| if t < 5.0 { -t + 1.0 / (5.0 - t) } else { f64::NAN }, 4.0),
        (|t| -(t + 0.1).sin(), 1.470_796_326_794_9),
    ];
    for (case, (phi, minimum)) in cases.into_iter().enumerate() {
        // Of a wave's minima the first steps choose one.
        for first in [1e-6, 0.1, 1.0, 50.0, 1e6].into_iter().take(if case == 3 { 2 } else { 5 }) {
            let [(brent, fast), (golden, slow)] =
                [Search::Brent, Search::GoldenSection].map(|search| lowest(search, phi, first));
            let (line::Next::Found(brent), line::Next::Found(golden)) = (brent, golden) else {
                panic!("case {case} from {first}: {brent:?} {golden:?}")
            };
            let far = |t: f64| (t - minimum).abs() / minimum;
            assert!(far(brent) < 2e-4 && far(golden) < 2e-4, "case {case} from {first}: {brent} {golden}");
            // The parabolas save a third of the points, and more near a parabola.
            assert!(fast + 8 <= slow && slow < 90, "case {case} from {first}: {fast} {slow}");
        }
    }
    assert_eq!(lowest(Search::Brent, |t| t, 1.0).0, line::Next::Failed(Failure::NoDecrease));
    assert_eq!(lowest(Search::Brent, |t| -t, 1.0).0, line::Next::Failed(Failure::NoBracket));
}
