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

/// How many values a method asks for.
fn run<D: Direction>(method: D, f: Function, start: Vec<f64>, minimum: &[f64]) -> usize {
    let mut descent = Descent::new(method, start, 1e-8);
    for asked in 1.. {
        let (value, gradient) = f(descent.ask());
        match descent.tell(value, &gradient) {
            Status::Searching => assert!(asked < 100_000, "it does not end"),
            status => {
                assert_eq!(status, Status::Converged, "after {asked} values, at {:?}", descent.best());
                assert!(descent.norm() <= 1e-8);
                let (point, value) = descent.best();
                assert_eq!(value, f(point).0);
                for (x, m) in point.iter().zip(minimum) {
                    assert!((x - m).abs() < 1e-6, "{point:?}");
                }
                return asked;
            }
        }
    }
    unreachable!()
}

#[test]
fn rosenbrocks_valley_is_followed_to_its_end() {
    for n in [2, 10] {
        let start: Vec<f64> = (0..n).map(|i| if i % 2 == 0 { -1.2 } else { 1.0 }).collect();
        let minimum = vec![1.0; n];
        let counts = [
            run(Bfgs::default(), rosenbrock, start.clone(), &minimum),
            run(Lbfgs::default(), rosenbrock, start.clone(), &minimum),
            run(ConjugateGradient::new(Formula::PolakRibiere), rosenbrock, start.clone(), &minimum),
            run(ConjugateGradient::new(Formula::FletcherReeves), rosenbrock, start.clone(), &minimum),
            run(Steepest, rosenbrock, start.clone(), &minimum),
        ];
        let [bfgs, lbfgs, polak, fletcher, steepest] = counts;
        // Nocedal and Wright's BFGS takes 34 iterations from here, of one value or more.
        assert!(bfgs < 60 && lbfgs < 60 && polak < 250 && fletcher < 250 && steepest > 500, "{counts:?}");
    }
}

#[test]
fn quadratics_are_minimised() {
    let minimum: Vec<f64> = (0..12).map(|i| i as f64).collect();
    let start = vec![0.5; 12];
    let counts = [
        run(Bfgs::default(), quadratic, start.clone(), &minimum),
        run(Lbfgs::new(5), quadratic, start.clone(), &minimum),
        run(ConjugateGradient::new(Formula::PolakRibiere), quadratic, start.clone(), &minimum),
        run(ConjugateGradient::new(Formula::FletcherReeves), quadratic, start.clone(), &minimum),
    ];
    assert!(counts.iter().all(|&count| count < 300), "{counts:?}");
}

#[test]
fn what_has_no_minimum_or_is_not_finite_ends() {
    // Beyond 1 there are no numbers: the search has to come back.
    let walled: Function = |x| {
        if x[0] > 1.0 { (f64::NAN, vec![f64::NAN]) } else { ((x[0] - 0.9).powi(2), vec![2.0 * (x[0] - 0.9)]) }
    };
    run(Bfgs::default(), walled, vec![-50.0], &[0.9]);
    for f in [
        (|x| (-x[0], vec![-1.0])) as Function,
        // A gradient that lies.
        |x| (x[0] * x[0], vec![-2.0 * x[0]]),
        |_| (f64::NAN, vec![1.0]),
    ] {
        let mut descent = Descent::new(Lbfgs::default(), vec![1.0], 1e-8);
        let ends = (0..10_000).any(|_| {
            let (value, gradient) = f(descent.ask());
            descent.tell(value, &gradient) == Status::Stuck
        });
        assert!(ends, "{descent:?}");
    }
}

#[test]
fn a_wolfe_step_satisfies_both_conditions() {
    for (first, c2) in [(1e-4, 0.1), (1.0, 0.9), (1e3, 0.1), (0.3, 0.01)] {
        // −a / (a² + 2), of Moré and Thuente (1994), its minimum at √2.
        let f = |a: f64| (-a / (a * a + 2.0), (a * a - 2.0) / (a * a + 2.0).powi(2));
        let mut search = Wolfe::new(f(0.0).0, f(0.0).1, first, 1e-3, c2);
        let status = loop {
            let (value, slope) = f(search.ask());
            match search.tell(value, slope) {
                WolfeStatus::Searching => {}
                status => break status,
            }
        };
        assert_eq!(status, WolfeStatus::Accepted);
        let (value, slope) = f(search.ask());
        assert!(value <= -1e-3 * 0.5 * search.ask() && slope.abs() <= c2 * 0.5);
    }
}

fn lowest<M: Minimize>(f: fn(f64) -> f64, from: f64, to: f64) -> (f64, usize) {
    let (mut line, mut asked) = (LineMinimum::<M>::new(from, to, 1e-8), 0);
    while let Some(at) = line.ask() {
        asked += 1;
        line.tell(f(at));
    }
    let (at, value) = line.best().unwrap();
    assert_eq!(value, f(at));
    (at, asked)
}

#[test]
fn line_minima_are_bracketed_and_found() {
    type Case = (fn(f64) -> f64, f64, f64, f64);
    let cases: [Case; 4] = [
        (|x| (x - 3.0).powi(2), 0.0, 0.1, 3.0),
        (|x| (x - 3.0).powi(2), 100.0, 101.0, 3.0),
        (f64::cos, 2.0, 2.5, std::f64::consts::PI),
        (|x| if x <= 0.0 { f64::NAN } else { x * x.ln() }, 2.0, 3.0, (-1f64).exp()),
    ];
    for (f, from, to, minimum) in cases {
        let (golden, slow) = lowest::<GoldenSection>(f, from, to);
        let (brent, fast) = lowest::<Brent>(f, from, to);
        assert!((golden - minimum).abs() < 1e-6, "{golden} is not {minimum}");
        assert!((brent - minimum).abs() < 1e-6, "{brent} is not {minimum}");
        assert!(fast < slow && slow < 70, "{fast} and {slow}");
    }
    let mut endless = LineMinimum::<Brent>::new(0.0, 1.0, 1e-8);
    while let Some(at) = endless.ask() {
        endless.tell(-at);
    }
    assert_eq!(endless.best(), None);
}
