use super::*;
use hebb_kernels::hopfield as kernel;
use hebb_kernels::parallel::with_threads;
use hebb_kernels::random::{Random, Stream};
use hebb_kernels::vector::dot;

fn options(units: usize, rule: Rule) -> StoreOptions {
    StoreOptions { units, values: Values::Bipolar, rule, thresholds: Thresholds::Usual, degree: None }
}

fn asynchronous(seed: u64) -> RecallOptions {
    RecallOptions { order: Order::Asynchronous, seed, steps: 1000, trace: true }
}

fn random_patterns(random: &mut Random, count: usize, units: usize) -> Vec<f64> {
    (0..count * units).map(|_| if random.bits() & 1 == 1 { 1.0 } else { -1.0 }).collect()
}

fn learn(options: StoreOptions, x: &[f64]) -> (Network, Option<String>) {
    let mut learning = Learning::new(options, x.to_vec()).unwrap();
    let mut before = learning.progress();
    while !learning.advance().unwrap() {
        let now = learning.progress();
        assert!((before..=1.0).contains(&now), "{before} {now}");
        before = now;
    }
    learning.finish().unwrap()
}

fn network(options: StoreOptions, x: &[f64]) -> Network {
    learn(options, x).0
}

fn recall(memory: &Memory, options: RecallOptions, cues: &[f64]) -> Vec<Outcome> {
    let mut recall = Recall::new(memory, options, cues.to_vec()).unwrap();
    while !recall.advance(memory).unwrap() {}
    recall.outcomes().to_vec()
}

fn refused<T>(result: hebb_kernels::error::Result<T>) -> String {
    result.err().map(|error| error.message).unwrap_or_default()
}

#[test]
fn hebb_and_storkey_on_paper() {
    let x = [1.0, 1.0, 1.0, -1.0, 1.0, -1.0, 1.0, 1.0];
    // Σ ss′ of (1, 1, 1, −1) and (1, −1, 1, 1).
    let hebb = network(options(4, Rule::Hebb), &x);
    let expected = [[0., 0., 2., 0.], [0., 0., 0., -2.], [2., 0., 0., 0.], [0., -2., 0., 0.]].concat();
    assert_eq!(hebb.weights(), expected);
    // After the first pattern w = ss′/4; then h(i, j) = Σ wₖ xₖ over k other than i and j, by the definition.
    let storkey = network(options(4, Rule::Storkey), &x);
    let (first, second) = x.split_at(4);
    let w: Vec<f64> =
        (0..16).map(|at| if at / 4 == at % 4 { 0.0 } else { first[at / 4] * first[at % 4] / 4.0 }).collect();
    let h = |i: usize, j: usize| -> f64 {
        (0..4).filter(|&k| k != i && k != j).map(|k| w[4 * i + k] * second[k]).sum()
    };
    for (i, j) in (0..4).flat_map(|i| (0..4).map(move |j| (i, j))).filter(|(i, j)| i != j) {
        let step = (second[i] * second[j] - second[i] * h(j, i) - h(i, j) * second[j]) / 4.0;
        let expected = w[4 * i + j] + step;
        assert!((storkey.weights()[4 * i + j] - expected).abs() < 1e-15, "{i} {j}");
    }
}

#[test]
fn every_rule_gives_symmetric_weights_without_a_diagonal_and_holds_its_patterns() {
    let mut random = Random::new(1, Stream::Test(0));
    for case in 0..60 {
        let units = 20 + random.below(60);
        let count = 1 + random.below(units / 12);
        let x = random_patterns(&mut random, count, units);
        for rule in [Rule::Hebb, Rule::Storkey, Rule::PseudoInverse, Rule::Flow] {
            for thresholds in [Thresholds::Usual, Thresholds::Learn] {
                let options = StoreOptions { thresholds, ..options(units, rule) };
                let network = network(options, &x);
                for i in 0..units {
                    assert_eq!(network.weights()[i * units + i], 0.0);
                    for j in 0..i {
                        let (w, mirrored) = (network.row(i)[j], network.row(j)[i]);
                        assert!(w.to_bits() == mirrored.to_bits(), "case {case} {rule:?} {i} {j}");
                    }
                }
                let fixed = (0..count).filter(|&p| network.stability(p).unwrap() > 0.0).count();
                let sure = matches!(rule, Rule::PseudoInverse | Rule::Flow);
                assert!(!sure || fixed == count, "case {case} {rule:?}: {fixed} of {count}");
            }
        }
    }
}

#[test]
fn the_pseudo_inverse_is_the_projection() {
    let mut random = Random::new(2, Stream::Test(0));
    let x = random_patterns(&mut random, 9, 30);
    let weights = network(options(30, Rule::PseudoInverse), &x).weights().to_vec();
    // P x = x for every pattern, where W is P without its diagonal: so Wx = (1 − Pᵢᵢ)x, the same factor for all patterns.
    let fields: Vec<Vec<f64>> =
        x.chunks(30).map(|pattern| weights.chunks(30).map(|row| dot(row, pattern)).collect()).collect();
    let mut trace = 0.0;
    for i in 0..30 {
        let factor = fields[0][i] * x[i];
        trace += 1.0 - factor;
        for (pattern, fields) in x.chunks(30).zip(&fields) {
            assert!((fields[i] * pattern[i] - factor).abs() < 1e-13);
        }
    }
    // The trace of a projection is its rank.
    assert!((trace - 9.0).abs() < 1e-12, "{trace}");
}

#[test]
fn as_many_patterns_as_units_are_held_with_a_threshold_and_one_less_without() {
    let mut random = Random::new(3, Stream::Test(0));
    let x = random_patterns(&mut random, 100, 100);
    let fixed = |network: &Network, count: usize| {
        (0..count).filter(|&pattern| network.stability(pattern).unwrap() > 0.0).count()
    };
    let (all, warning) = learn(options(100, Rule::PseudoInverse), &x);
    assert_eq!(fixed(&all, 100), 0);
    assert!(warning.unwrap().contains("every state is a fixed point"));
    let (most, warning) = learn(options(100, Rule::PseudoInverse), &x[..99 * 100]);
    assert_eq!((fixed(&most, 99), warning), (99, None));
    let learnt = StoreOptions { thresholds: Thresholds::Learn, ..options(100, Rule::PseudoInverse) };
    let (learnt, warning) = learn(learnt, &x);
    assert_eq!((fixed(&learnt, 100), warning), (100, None));
    let (flow, warning) = learn(options(100, Rule::Flow), &x);
    assert_eq!((fixed(&flow, 100), warning), (100, None));
    let crowded = random_patterns(&mut random, 60, 12);
    if let Ok(mut learning) = Learning::new(options(12, Rule::Flow), crowded) {
        while !learning.advance().unwrap() {}
        assert!(learning.finish().unwrap().1.unwrap().contains("are no fixed points"));
    }
}

#[test]
fn energy_never_rises_one_unit_after_another() {
    let mut random = Random::new(4, Stream::Test(0));
    for case in 0..200 {
        let units = 2 + random.below(50);
        let values = [Values::Bipolar, Values::Binary][random.below(2)];
        let mut weights = vec![0.0; units * units];
        for i in 0..units {
            for j in 0..i {
                let w = f64::from(random.normal());
                (weights[i * units + j], weights[j * units + i]) = (w, w);
            }
        }
        let thresholds: Vec<f64> = (0..units).map(|_| f64::from(random.normal())).collect();
        let given = Thresholds::Given(thresholds.clone());
        let options = StoreOptions { values, thresholds: given, ..options(units, Rule::Hebb) };
        let network = Network::given(options, weights.clone(), Vec::new(), Vec::new()).unwrap();
        for (own, given) in network.thresholds().iter().zip(&thresholds) {
            assert!((own - given).abs() < 1e-12);
        }
        let cue: Vec<f64> = (0..units)
            .map(|_| match random.below(4) {
                0 => f64::NAN,
                1 if values == Values::Bipolar => -1.0,
                1 => 0.0,
                _ => 1.0,
            })
            .collect();
        let memory = Memory::Network(network);
        let outcome = &recall(&memory, asynchronous(case), &cue)[0];
        assert_eq!(outcome.reason, Reason::FixedPoint);
        let mut last = f64::INFINITY;
        for update in &outcome.updates {
            assert!(update.energy <= last + 1e-12, "case {case}: {last} {update:?}");
            last = update.energy;
        }
        // The energy and the fields of the end by their definitions, in the values of the units.
        let y = &outcome.state;
        let field = |i: usize| (0..units).map(|j| weights[i * units + j] * y[j]).sum::<f64>() - thresholds[i];
        let energy: f64 = (0..units).map(|i| -0.5 * y[i] * (field(i) - thresholds[i])).sum();
        assert!((energy - outcome.energy).abs() < 1e-9 && (energy - last).abs() < 1e-9, "case {case}");
        let on = |i: usize| y[i] == 1.0;
        assert!((0..units).all(|i| field(i).abs() < 1e-9 || on(i) == (field(i) > 0.0)), "case {case}");
    }
}

#[test]
fn a_binary_network_is_the_bipolar_one() {
    let mut random = Random::new(5, Stream::Test(0));
    for thresholds in [Thresholds::Usual, Thresholds::Learn] {
        for rule in [Rule::Hebb, Rule::Storkey, Rule::PseudoInverse, Rule::Flow] {
            let x = random_patterns(&mut random, 4, 40);
            let cues = random_patterns(&mut random, 6, 40);
            let binary = |x: &[f64]| x.iter().map(|s| 0.5 * s + 0.5).collect::<Vec<_>>();
            let bipolar = StoreOptions { thresholds: thresholds.clone(), ..options(40, rule) };
            let other = StoreOptions { values: Values::Binary, ..bipolar.clone() };
            let memory = Memory::Network(network(bipolar, &x));
            let twin = Memory::Network(network(other, &binary(&x)));
            let (all, others) =
                (recall(&memory, asynchronous(1), &cues), recall(&twin, asynchronous(1), &binary(&cues)));
            let shift = all[0].energy - 4.0 * others[0].energy;
            for (one, other) in all.iter().zip(&others) {
                assert_eq!((binary(&one.state), one.changes), (other.state.clone(), other.changes));
                assert!((one.energy - 4.0 * other.energy - shift).abs() < 1e-9, "{rule:?}");
            }
        }
    }
}

#[test]
fn synchronous_updates_find_two_cycles() {
    // Two units that want to be opposite: from equal states both change for ever.
    let memory = Memory::Network(
        Network::given(options(2, Rule::Hebb), vec![0.0, -1.0, -1.0, 0.0], Vec::new(), Vec::new()).unwrap(),
    );
    let options = RecallOptions { order: Order::Synchronous, ..asynchronous(0) };
    let outcome = &recall(&memory, options.clone(), &[1.0, 1.0])[0];
    assert_eq!((outcome.reason, outcome.steps), (Reason::Cycle, 2));
    assert_eq!((&outcome.state[..], outcome.other.as_deref()), (&[1.0, 1.0][..], Some(&[-1.0, -1.0][..])));
    assert_eq!(recall(&memory, options, &[1.0, -1.0])[0].reason, Reason::FixedPoint);
    assert_eq!(recall(&memory, asynchronous(0), &[1.0, 1.0])[0].reason, Reason::FixedPoint);
    let one = RecallOptions { steps: 1, ..asynchronous(0) };
    assert_eq!(recall(&memory, one, &[1.0, 1.0])[0].reason, Reason::Steps);
}

#[test]
fn spurious_states_have_names() {
    let mut random = Random::new(6, Stream::Test(0));
    let x = random_patterns(&mut random, 5, 1000);
    let memory = Memory::Network(network(options(1000, Rule::Hebb), &x));
    let row = |i: usize| &x[i * 1000..(i + 1) * 1000];
    let reversed: Vec<f64> = row(2).iter().map(|s| -s).collect();
    let mixture: Vec<f64> = (0..1000).map(|i| (row(0)[i] - row(3)[i] + row(4)[i]).signum()).collect();
    let cues = [row(1), &reversed, &mixture].concat();
    let names: Vec<_> = recall(&memory, asynchronous(1), &cues)
        .into_iter()
        .map(|outcome| outcome.likeness.unwrap())
        .map(|one| (one.kind, one.patterns, one.signs))
        .collect();
    assert_eq!(names[0], (Kind::Stored, vec![1], vec![1.0]));
    assert_eq!(names[1], (Kind::Reversed, vec![2], vec![-1.0]));
    let (kind, patterns, signs) = &names[2];
    let mut signed: Vec<_> = patterns.iter().copied().zip(signs.iter().copied()).collect();
    signed.sort_by_key(|&(pattern, _)| pattern);
    assert_eq!((*kind, signed), (Kind::Mixture, vec![(0, 1.0), (3, -1.0), (4, 1.0)]));
    let noise = random_patterns(&mut random, 1, 1000);
    assert_eq!(memory.patterns().likeness(&noise).unwrap().unwrap().kind, Kind::Unknown);
}

#[test]
fn results_are_the_same_bits_for_any_number_of_threads() {
    let mut random = Random::new(7, Stream::Test(0));
    let x = random_patterns(&mut random, 40, 700);
    let cues = random_patterns(&mut random, 2, 700);
    for rule in [Rule::Hebb, Rule::Storkey, Rule::PseudoInverse, Rule::Flow] {
        let run = |threads| {
            with_threads(threads, || {
                let network = network(options(700, rule), &x);
                let bits: Vec<u64> = network.weights().iter().map(|w| w.to_bits()).collect();
                let outcomes = recall(&Memory::Network(network), asynchronous(3), &cues);
                let ends: Vec<_> =
                    outcomes.into_iter().map(|one| (one.state, one.energy.to_bits())).collect();
                (bits, ends)
            })
        };
        let alone = run(1);
        for threads in [2, 3, 5] {
            assert!(run(threads) == alone, "{rule:?}, {threads} threads");
        }
    }
}

#[test]
fn kernels_agree_with_plain_sums() {
    let mut random = Random::new(8, Stream::Test(0));
    for _ in 0..100 {
        let (rows, n) = (1 + random.below(30), 1 + random.below(700));
        let mut draw = |count: usize| (0..count).map(|_| f64::from(random.normal())).collect::<Vec<_>>();
        let (w, s, m) = (draw(rows * n), draw(rows), draw(n));
        let mut h = vec![f64::NAN; n];
        kernel::product(&w, &s, &mut h);
        let mut gram = vec![f64::NAN; n.min(3) * n];
        kernel::transposed(&w, n, n - n.min(3), &w, n, &mut gram).unwrap();
        for j in 0..n {
            let plain: f64 = (0..rows).map(|i| s[i] * w[i * n + j]).sum();
            assert!((plain - h[j]).abs() < 1e-12);
            let plain: f64 = (0..rows).map(|p| w[p * n + n - 1] * w[p * n + j]).sum();
            assert!((plain - gram[(n.min(3) - 1) * n + j]).abs() < 1e-12);
        }
        let plain: f64 = m.iter().zip(&h).map(|(a, b)| a * b).sum();
        assert!((plain - dot(&m, &h)).abs() < 1e-9);
        for degree in [2, 3, 5] {
            let power = |x: f64| x.powi(degree as i32);
            let x: Vec<f64> = m.iter().map(|m| m.signum()).collect();
            let plain: f64 = m.iter().zip(&x).map(|(m, x)| power(m + x + x) - power(m + x - x)).sum();
            assert!((plain / kernel::power_gain(&m, &x, -1.0, degree) - 1.0).abs() < 1e-9);
            let plain: f64 = m.iter().map(|m| power(*m)).sum();
            assert!((plain - kernel::power_sum(&m, degree)).abs() < 1e-6);
        }
    }
}

fn dense(units: usize, degree: Degree, values: Values, x: &[f64]) -> Dense {
    let options = StoreOptions { degree: Some(degree), values, ..options(units, Rule::Hebb) };
    Dense::new(options, x.to_vec()).unwrap()
}

#[test]
fn degree_two_is_hebbs_network_and_higher_degrees_hold_more() {
    let mut random = Random::new(9, Stream::Test(0));
    let x = random_patterns(&mut random, 12, 60);
    let cues = random_patterns(&mut random, 10, 60);
    let hebb = Memory::Network(network(options(60, Rule::Hebb), &x));
    let two = Memory::Dense(dense(60, Degree::Power(2), Values::Bipolar, &x));
    let pairs = recall(&hebb, asynchronous(5), &cues).into_iter().zip(recall(&two, asynchronous(5), &cues));
    for (one, other) in pairs {
        assert_eq!((&one.state, one.changes), (&other.state, other.changes));
        // −Σm² = −Σ ss′ − MN.
        assert_eq!(2.0 * one.energy - 12.0 * 60.0, other.energy);
    }
    for degree in [3, 4, 7] {
        let x = random_patterns(&mut random, 90, 60);
        let memory = Memory::Dense(dense(60, Degree::Power(degree), Values::Bipolar, &x));
        let mut cue = x[600..660].to_vec();
        (0..5).for_each(|i| cue[i] = if i < 3 { -cue[i] } else { f64::NAN });
        for outcome in recall(&memory, asynchronous(1), &[&cue, &cues[..60]].concat()) {
            let energies: Vec<f64> = outcome.updates.iter().map(|update| update.energy).collect();
            assert!(energies.windows(2).all(|pair| pair[1] <= pair[0]), "{degree}");
        }
        assert_eq!(recall(&memory, asynchronous(1), &cue)[0].state, x[600..660], "{degree}");
    }
}

#[test]
fn softmax_follows_its_energy_down() {
    let mut random = Random::new(10, Stream::Test(0));
    for case in 0..50 {
        let (units, count) = (2 + random.below(20), 1 + random.below(30));
        let mut draw = |count: usize| (0..count).map(|_| f64::from(random.normal())).collect::<Vec<_>>();
        let (x, cue) = (draw(units * count), draw(units));
        let beta = 0.3;
        let memory = Memory::Dense(dense(units, Degree::Softmax(beta), Values::Real, &x));
        let outcome = &recall(&memory, asynchronous(0), &cue)[0];
        let energies: Vec<f64> = outcome.updates.iter().map(|update| update.energy).collect();
        assert!(energies.windows(2).all(|pair| pair[1] <= pair[0] + 1e-12), "case {case}");
        // The energy by its formula; its constants make it at least 0.
        let y = &outcome.state;
        let dots: Vec<f64> = x.chunks(units).map(|row| dot(row, y)).collect();
        let lse = dots.iter().map(|z| (beta * z).exp()).sum::<f64>().ln() / beta;
        let largest = x.chunks(units).map(|row| dot(row, row)).fold(0.0, f64::max);
        let energy = -lse + 0.5 * dot(y, y) + (count as f64).ln() / beta + 0.5 * largest;
        assert!((energy - outcome.energy).abs() < 1e-9 && energy >= 0.0, "case {case}");
        // A fixed point: the mean of the patterns with the softmax of their products.
        let sum: f64 = dots.iter().map(|z| (beta * z).exp()).sum();
        for unit in 0..units {
            let mean: f64 = (0..count).map(|i| x[i * units + unit] * (beta * dots[i]).exp() / sum).sum();
            assert!((mean - y[unit]).abs() < 1e-9, "case {case}");
        }
    }
}

#[test]
fn what_cannot_be_stored_or_recalled_is_refused() {
    let wrong = |x: &[f64], rule| refused(Learning::new(options(2, rule), x.to_vec()));
    assert!(wrong(&[1.0, 0.0], Rule::Hebb).contains("pattern 0 has 0 as its value 1"));
    assert!(wrong(&[1.0, 2.0], Rule::Hebb).contains("must be -1 or 1"));
    assert!(wrong(&[1.0, f64::NAN], Rule::Hebb).contains("NaN"));
    assert!(wrong(&[1.0, 1.0, 1.0], Rule::Hebb).contains("not a whole number of samples"));
    assert!(wrong(&[1.0, 1.0, 1.0, -1.0, 1.0, 1.0], Rule::Hebb).contains("patterns 0 and 2"));
    let x = [1.0, 1.0, 1.0, -1.0, -1.0, 1.0];
    let mut learning = Learning::new(options(2, Rule::PseudoInverse), x.to_vec()).unwrap();
    let error = loop {
        if let Err(error) = learning.advance() {
            break error.message;
        }
    };
    assert!(error.contains("pattern 2 (from 0) is a linear combination"), "{error}");
    let given = |weights: &[f64]| {
        refused(Network::given(options(2, Rule::Hebb), weights.to_vec(), Vec::new(), Vec::new()))
    };
    assert!(given(&[0.0, 1.0, 2.0, 0.0]).contains("weights[1][0] is 2 and weights[0][1] is 1"));
    assert!(given(&[0.0, 1.0, 1.0, 3.0]).contains("weights[1][1] is 3"));
    assert!(given(&[0.0, f64::INFINITY, 1.0, 0.0]).contains("finite"));
    assert!(given(&[0.0, 1.0, 1.0]).contains("3 weights for 2 units"));
    let short = StoreOptions { thresholds: Thresholds::Given(vec![1.0]), ..options(2, Rule::Hebb) };
    assert!(refused(Learning::new(short, vec![1.0, 1.0])).contains("2 thresholds, got 1"));
    let memory = Memory::Network(network(options(2, Rule::Hebb), &[1.0, 1.0]));
    for cue in [&[1.0][..], &[1.0, 3.0], &[]] {
        assert!(Recall::new(&memory, asynchronous(0), cue.to_vec()).is_err());
    }
    let high = StoreOptions { degree: Some(Degree::Power(400)), ..options(100, Rule::Hebb) };
    assert!(refused(Dense::new(high, vec![1.0; 100])).contains("degree 400 is out of range"));
}
