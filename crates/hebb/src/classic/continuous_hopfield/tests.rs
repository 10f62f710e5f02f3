use super::network::Network;
use super::*;
use hebb_kernels::random::{Random, Stream};

fn options() -> Options {
    Options {
        gain: 5.0,
        resistance: vec![1.0],
        capacitance: vec![1.0],
        permutation: false,
        anneal: None,
        integrator: Integrator::Adaptive,
        step: 0.01,
        tolerance: 1e-6,
        until: 1e-10,
        steps: 100_000,
        seed: 1,
        history: 100_000,
    }
}

/// A random symmetric network: weights, bias, options with R and C of their own for each unit.
fn drawn(seed: u64, units: usize) -> (Vec<f64>, Vec<f64>, Options) {
    let mut random = Random::new(seed, Stream::Test(0));
    let mut normal = || f64::from(random.normal());
    let mut weights = vec![0.0; units * units];
    for i in 0..units {
        for j in 0..=i {
            let w = normal();
            (weights[i * units + j], weights[j * units + i]) = (w, w);
        }
    }
    let bias = (0..units).map(|_| normal()).collect();
    let mut positive = || (0..units).map(|_| 0.2 + normal().abs()).collect::<Vec<f64>>();
    let (resistance, capacitance) = (positive(), positive());
    (weights, bias, Options { resistance, capacitance, gain: 1.0 + 3.0 * normal().abs(), ..options() })
}

fn ran(weights: Vec<f64>, bias: Vec<f64>, options: Options) -> Run {
    let mut run = Run::new(Weights::Dense(weights), bias, &[], options).unwrap();
    while !run.advance().unwrap() {}
    run
}

fn energies(run: &Run) -> Vec<f64> {
    run.trace().iter().map(|moment| moment.energy.total()).collect()
}

#[test]
fn the_energy_never_rises() {
    for seed in 0..60 {
        let units = 1 + seed as usize % 13;
        let (weights, bias, options) = drawn(seed, units);
        let run = ran(weights, bias, Options { seed, ..options });
        assert_eq!((run.stop(), run.rises()), (Some(Stop::Converged), 0), "{seed}");
        let all = energies(&run);
        for (pair, moment) in all.windows(2).zip(run.trace()) {
            assert!(pair[1] <= pair[0] + 1e-11 * (1.0 + pair[0].abs()), "{seed}: {pair:?}");
            assert!(moment.descent >= 0.0);
        }
        assert!(run.point().v.iter().all(|v| (0.0..=1.0).contains(v)));
    }
}

#[test]
fn the_descent_is_the_slope_of_the_energy() {
    for seed in 0..20 {
        let (weights, bias, options) = drawn(seed, 6);
        let gain = options.gain;
        let mut network = Network::new(Weights::Dense(weights), bias, &options).unwrap();
        let mut point = Point::new(6);
        let mut random = Random::new(seed, Stream::Test(1));
        point.u.fill_with(|| f64::from(random.normal()) / gain);
        network.evaluate(gain, &mut point);
        let (slope, descent) = (point.slope.clone(), network.descent(gain, &point).unwrap());
        let mut at = |t: f64| {
            let mut moved = point.clone();
            moved.u.iter_mut().zip(&slope).for_each(|(u, slope)| *u += t * slope);
            network.evaluate(gain, &mut moved);
            network.energy(gain, &moved).total()
        };
        let h = 1e-5 / slope.iter().fold(0.0f64, |most, s| most.max(s.abs()));
        let difference = (at(h) - at(-h)) / (2.0 * h);
        assert!((difference + descent).abs() < 1e-6 * descent.max(1.0), "{seed}: {difference} {descent}");
    }
}

#[test]
fn the_terms_of_the_energy_match_sums_and_quadrature() {
    let (weights, bias, options) = drawn(3, 5);
    let gain = options.gain;
    let mut network = Network::new(Weights::Dense(weights.clone()), bias.clone(), &options).unwrap();
    let mut point = Point::new(5);
    point.u = vec![0.3, -0.2, 0.05, -0.7, 0.9];
    network.evaluate(gain, &mut point);
    let energy = network.energy(gain, &point);
    let v = &point.v;
    let pairs = (0..25).map(|k| weights[k] * v[k / 5] * v[k % 5]).sum::<f64>();
    assert!((energy.interaction + 0.5 * pairs).abs() < 1e-12);
    let input: f64 = (0..5).map(|i| bias[i] * v[i]).sum();
    assert!((energy.input + input).abs() < 1e-12);
    // The midpoint rule in s with v = s², because g⁻¹(v) = ln(v/(1 − v)) is infinite at 0.
    let n = 200_000;
    let integral = |v: f64| {
        let h = v.sqrt() / f64::from(n);
        let at = |k: i32| (f64::from(k) + 0.5) * h;
        (0..n).map(at).map(|s| h * 2.0 * s * (s * s / (1.0 - s * s)).ln()).sum::<f64>()
    };
    let integrals: f64 = (0..5).map(|i| integral(v[i]) / options.resistance[i]).sum();
    let error = energy.integral - integrals / gain;
    assert!(error.abs() < 1e-7, "{error}");
}

#[test]
fn adaptive_and_fixed_steps_agree_and_repeat_their_bits() {
    for seed in 0..8 {
        let (weights, bias, options) = drawn(seed, 7);
        let with = |integrator, step| {
            let options = Options { integrator, step, until: 1e-16, ..options.clone() };
            ran(weights.clone(), bias.clone(), options)
        };
        let adaptive = with(Integrator::Adaptive, 1.0);
        for (integrator, step) in [(Integrator::RungeKutta, 0.01), (Integrator::Euler, 0.002)] {
            let fixed = with(integrator, step);
            let pairs = adaptive.point().v.iter().zip(&fixed.point().v);
            let error = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(error < 1e-5, "{seed} {integrator:?}: {error}");
        }
        let again = with(Integrator::Adaptive, 1.0);
        assert_eq!(adaptive.point().u, again.point().u);
        assert_eq!(energies(&adaptive), energies(&again));
    }
}

#[test]
fn a_single_unit_follows_its_closed_solution() {
    // Without weights u(t) = RI + (u(0) − RI)e^(−t/RC).
    let options = Options {
        resistance: vec![2.0],
        capacitance: vec![0.5],
        integrator: Integrator::RungeKutta,
        until: 0.0,
        steps: 300,
        ..options()
    };
    let run = Run::new(Weights::Dense(vec![0.0]), vec![0.7], &[0.9], options).unwrap();
    let mut run = run;
    let start = run.point().u[0];
    while !run.advance().unwrap() {}
    let exact = 1.4 + (start - 1.4) * (-run.now().time).exp();
    assert!((run.point().u[0] - exact).abs() < 1e-10 && run.stop() == Some(Stop::Steps));
}

#[test]
fn fixed_steps_that_are_too_long_are_reported() {
    // Two units that inhibit each other, with steps of ten time constants.
    let weights = vec![0.0, -10.0, -10.0, 0.0];
    let options = Options { integrator: Integrator::Euler, step: 10.0, steps: 100, ..options() };
    assert!(ran(weights.clone(), vec![5.0; 2], options.clone()).rises() > 0);
    let short = Options { step: 0.01, steps: 100_000, ..options };
    assert_eq!(ran(weights, vec![5.0; 2], short).rises(), 0);
}

#[test]
fn the_trace_keeps_its_length_and_its_ends() {
    let (weights, bias, options) = drawn(5, 8);
    let options = Options { integrator: Integrator::Euler, step: 1e-3, history: 50, ..options };
    let run = ran(weights, bias, options);
    let trace = run.trace();
    assert!(trace.len() <= 51 && trace.len() >= 25 && run.now().step > 1000);
    assert_eq!((trace[0].step, trace[trace.len() - 1].step), (0, run.now().step));
    assert!(trace.windows(2).all(|pair| pair[0].step < pair[1].step && pair[0].time < pair[1].time));
}

#[test]
fn the_tours_weights_are_those_of_the_paper() {
    let n = 5;
    let mut random = Random::new(1, Stream::Test(2));
    let mut distances = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..i {
            let d = f64::from(random.unit());
            (distances[i * n + j], distances[j * n + i]) = (d, d);
        }
    }
    let tour = weights::TourWeights {
        cities: n,
        distances: distances.clone(),
        rows: 2.0,
        columns: 3.0,
        total: 0.5,
        length: 4.0,
        own: 0.25,
    };
    let is = |a: bool| f64::from(u8::from(a));
    let mut dense = vec![0.0; n * n * n * n];
    for k in 0..n * n * n * n {
        let (x, i, y, j) = (k / (n * n * n), k / (n * n) % n, k / n % n, k % n);
        let (same_city, same_place) = (is(x == y), is(i == j));
        let beside = is((i + 1) % n == j) + is((j + 1) % n == i);
        dense[k] = -2.0 * same_city * (1.0 - same_place)
            - 3.0 * same_place * (1.0 - same_city)
            - 0.5
            - 4.0 * distances[x * n + y] * beside
            + 0.25 * same_city * same_place;
    }
    let v: Vec<f64> = (0..n * n).map(|_| f64::from(random.unit())).collect();
    let (mut a, mut b) = (vec![0.0; n * n], vec![0.0; n * n]);
    Weights::Tour(tour).times(&v, &mut a);
    Weights::Dense(dense).times(&v, &mut b);
    assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-12), "{a:?} {b:?}");
}

#[test]
fn the_subspace_is_kept_and_its_energy_falls() {
    for seed in 0..20 {
        let n = 2 + seed as usize % 5;
        let (weights, bias, drawn) = drawn(seed, n * n);
        let options = Options { gain: drawn.gain, permutation: true, until: 1e-6, ..options() };
        let run = ran(weights, bias, options);
        assert_eq!(run.rises(), 0);
        let v = &run.point().v;
        for i in 0..n {
            let row: f64 = v[i * n..][..n].iter().sum();
            let column: f64 = v.iter().skip(i).step_by(n).sum();
            assert!((row - 1.0).abs() < 1e-3 && (column - 1.0).abs() < 1e-12, "{row} {column}");
        }
    }
}

#[test]
fn a_rising_gain_solves_assignments() {
    // The best of all 120 assignments of 5 × 5, by annealing in the subspace without any weights.
    for seed in 0..20 {
        let mut random = Random::new(seed, Stream::Test(3));
        let costs: Vec<f64> = (0..25).map(|_| f64::from(random.unit())).collect();
        fn best(costs: &[f64], row: usize, used: u32) -> f64 {
            let free = (0..5).filter(|column| row < 5 && used >> column & 1 == 0);
            let below = free.map(|c| costs[5 * row + c] + best(costs, row + 1, used | 1 << c));
            if row == 5 { 0.0 } else { below.fold(f64::INFINITY, f64::min) }
        }
        let options = Options {
            gain: 1000.0,
            permutation: true,
            anneal: Some(Anneal { from: 1.0, factor: 1.2, steps: 100 }),
            integrator: Integrator::Euler,
            step: 0.5,
            until: 1e-9,
            ..options()
        };
        let bias = costs.iter().map(|cost| -cost).collect();
        let run = ran(vec![0.0; 625], bias, options);
        let cost: f64 = run.point().v.iter().zip(&costs).map(|(v, cost)| v * cost).sum();
        assert!((cost - best(&costs, 0, 0)).abs() < 0.02, "{seed}: {cost} {}", best(&costs, 0, 0));
    }
}

fn statement() -> Statement {
    let one = |name: &str, coefficients: Vec<f64>| Constraint {
        name: name.into(),
        coefficients,
        equals: 1.0,
        weight: 0.1,
    };
    // Choose one of three; each costs something.
    Statement {
        quadratic: vec![0.0; 9],
        linear: vec![1.0, 0.8, 1.2],
        binary: vec![0.5; 3],
        constraints: vec![one("one of three", vec![1.0; 3])],
    }
}

#[test]
fn a_stated_energy_is_that_of_its_network() {
    let mut random = Random::new(4, Stream::Test(4));
    let mut s = statement();
    s.quadratic = vec![1.0, 2.0, -1.0, 2.0, 0.0, 0.5, -1.0, 0.5, 3.0];
    let (weights, bias) = s.network().unwrap();
    for _ in 0..10 {
        let v: Vec<f64> = (0..3).map(|_| f64::from(random.unit())).collect();
        let stated = s.objective(&v)
            + v.iter().map(|v| 0.25 * v * (1.0 - v)).sum::<f64>()
            + 0.05 * (v.iter().sum::<f64>() - 1.0).powi(2);
        let pairs: f64 = (0..9).map(|k| weights[k] * v[k / 3] * v[k % 3]).sum();
        let network = -0.5 * pairs - v.iter().zip(&bias).map(|(v, i)| v * i).sum::<f64>();
        // The constant ½we².
        assert!((stated - network - 0.05).abs() < 1e-12, "{stated} {network}");
    }
}

#[test]
fn following_the_diagnosis_mends_the_constraint() {
    let mut s = statement();
    let mut said = Vec::new();
    for _ in 0..8 {
        let (weights, bias) = s.network().unwrap();
        let run = ran(weights, bias, Options { gain: 50.0, ..options() });
        let verdicts = s.verdicts(&run.point().v);
        said.push(s.diagnosis(&verdicts));
        let Some(weight) = verdicts[0].raise_to else { break };
        s.constraints[0].weight = weight;
        let v = &run.point().v;
        assert!((verdicts[0].value - v.iter().sum::<f64>()).abs() < 1e-12);
    }
    assert!(
        said[0].starts_with("constraint one of three is ")
            && said[0].contains("raise its weight from 0.1 to")
    );
    assert!(said.len() > 1 && said[said.len() - 1] == "all constraints hold", "{said:?}");
}

#[test]
fn asymmetric_weights_are_refused_with_their_entry() {
    let error = check_symmetric("weights", &[0.0, 1.0, 2.0, 0.0], 2).unwrap_err();
    assert!(error.message.contains("[0][1] is 1 and [1][0] is 2"), "{error}");
    let error = check_symmetric("weights", &[0.0, f64::NAN, 2.0, 0.0], 2).unwrap_err();
    assert!(error.message.contains("weights[0][1] is NaN"), "{error}");
    assert!(check_symmetric("weights", &[0.0, 0.1 + 0.2, 0.3, 0.0], 2).is_ok());
}

fn cities(seed: u64, n: usize) -> Vec<f64> {
    let mut random = Random::new(seed, Stream::Test(5));
    let places: Vec<[f64; 2]> = (0..n).map(|_| [random.unit().into(), random.unit().into()]).collect();
    let from = |a: [f64; 2]| places.iter().map(move |b| (a[0] - b[0]).hypot(a[1] - b[1]));
    places.iter().flat_map(|a| from(*a)).collect()
}

fn toured(distances: Vec<f64>, method: Method, starts: usize) -> Salesman {
    let settings = [500.0, 500.0, 200.0, 500.0, 15.0, 0.02];
    let options = TourOptions { method, seed: 1, starts, settings, steps: 20_000 };
    let mut salesman = Salesman::new(distances, options).unwrap();
    while !salesman.advance().unwrap() {}
    salesman
}

#[test]
fn in_the_subspace_every_result_is_a_tour() {
    for seed in 0..10 {
        let n = 3 + seed as usize;
        let salesman = toured(cities(seed, n), Method::Subspace, 2);
        let mut order = salesman.best().unwrap().cities.clone();
        assert!(salesman.lengths().len() == 2 && salesman.lengths().iter().all(Option::is_some));
        order.sort_unstable();
        assert!(order.iter().copied().eq(0..n as u32));
    }
    // Three cities in a row: a mixture of their orders is a minimum without a stronger connection of units to themselves.
    let places = [
        [0.512, 0.53],
        [0.608, 0.59],
        [0.851, 0.538],
        [0.08, 0.531],
        [0.608, 0.45],
        [0.48, 0.844],
        [0.42, 0.67],
        [0.682, 0.161],
        [0.179, 0.276],
        [0.396, 0.377],
    ];
    let row = |a: &[f64; 2]| places.map(|b: [f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]));
    let salesman = toured(places.iter().flat_map(row).collect(), Method::Subspace, 4);
    assert!(salesman.lengths().iter().all(Option::is_some));
    // All cities at one place, and two pairs of equal ones.
    assert!(toured(vec![0.0; 25], Method::Subspace, 1).best().is_some());
    let pairs = vec![0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0];
    assert_eq!(toured(pairs, Method::Subspace, 4).best().unwrap().length, 2.0);
}

#[test]
fn penalties_repeat_and_report_what_is_not_a_tour() {
    let results: Vec<Option<f64>> =
        (0..10).map(|seed| toured(cities(seed, 10), Method::Penalties, 1).lengths()[0]).collect();
    assert!(results.iter().any(Option::is_none));
    let again = toured(cities(3, 10), Method::Penalties, 1);
    assert_eq!(results[3], again.lengths()[0]);
    assert_eq!(again.outputs().len(), 100);
}

#[test]
fn an_energy_that_is_not_finite_is_an_error() {
    let options = Options { gain: 1e-300, resistance: vec![1e-300], ..options() };
    let mut run = Run::new(Weights::Dense(vec![1e300]), vec![1e300], &[1.0], options).unwrap();
    let end = std::iter::repeat_with(|| run.advance()).take(100).find(|end| *end != Ok(false));
    assert_eq!(end.unwrap().unwrap_err().code, hebb_kernels::error::Code::Diverged);
}
