use super::*;

const XOR: [f64; 8] = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];

fn options(inputs: usize) -> Options {
    Options {
        inputs,
        classes: 2,
        variant: Variant::Last,
        learning_rate: 1.0,
        epochs: 1000,
        shuffle: false,
        seed: 1,
        history: 100,
    }
}

fn trained(options: Options, x: &[f64], classes: &[u32]) -> Fit {
    let mut fit = Fit::new(options, x.to_vec(), classes.to_vec()).unwrap();
    while !fit.advance(7) {}
    fit
}

#[test]
fn or_is_learnt_as_on_paper() {
    // w, b start at 0, y = [net ≥ 0], ε = 1, samples in the order of the truth table.
    let fit = trained(options(2), &XOR, &[0, 1, 1, 1]);
    let unit = &fit.units()[0];
    let path: Vec<_> = unit.history().iter().map(|u| (u.epoch, u.sample, u.net, u.weights.clone())).collect();
    let expected = [
        (1, 0, 0.0, vec![0.0, 0.0, -1.0]),
        (1, 1, -1.0, vec![0.0, 1.0, 0.0]),
        (2, 0, 0.0, vec![0.0, 1.0, -1.0]),
        (2, 2, -1.0, vec![1.0, 1.0, 0.0]),
        (3, 0, 0.0, vec![1.0, 1.0, -1.0]),
    ];
    assert_eq!(path, expected);
    assert_eq!((unit.stop(), unit.mistakes()), (Some(Stop::Converged), &[2, 2, 1, 0][..]));
    // The best plane through the augmented samples is (2, 2, −1)/3: a margin of 1/3, and R² = 3.
    let margin = unit.margin().unwrap();
    assert!((margin.margin - 1.0 / 3.0).abs() < 1e-3 && margin.margin <= 1.0 / 3.0, "{margin:?}");
    assert!((margin.bound - 27.0).abs() < 0.2 && unit.updates() == 5, "{margin:?}");
}

#[test]
fn xor_goes_round_for_ever() {
    let fit = trained(options(2), &XOR, &[0, 1, 1, 0]);
    assert_eq!(fit.units()[0].stop(), Some(Stop::Cycle));
    assert!(fit.units()[0].margin().is_none());
    let shuffled = Options { shuffle: true, epochs: 50, ..options(2) };
    assert_eq!(trained(shuffled, &XOR, &[0, 1, 1, 0]).units()[0].stop(), Some(Stop::Epochs));
    for variant in [Variant::Pocket, Variant::Averaged] {
        let kept = trained(Options { variant, shuffle: true, epochs: 50, ..options(2) }, &XOR, &[0, 1, 1, 0]);
        assert!(variant == Variant::Averaged || kept.accuracy() == 0.75, "{variant:?} {}", kept.accuracy());
    }
}

#[test]
fn separable_samples_are_learnt_within_novikoffs_bound() {
    let mut random = Random::new(3, Stream::Test(0));
    for case in 0..300 {
        let (inputs, count) = (1 + random.below(6), 2 + random.below(60));
        let scale = [0.01, 1.0, 30.0][random.below(3)];
        let plane: Vec<f64> = (0..=inputs).map(|_| f64::from(random.normal())).collect();
        let (mut x, mut classes) = (Vec::new(), Vec::new());
        while classes.len() < count {
            let sample: Vec<f64> = (0..inputs).map(|_| scale * f64::from(random.normal())).collect();
            let net = net(&plane, ndarray::aview1(&sample));
            // Not nearer to the plane than this, so that the proof's bound is below what a test can run.
            if net.abs() > 0.02 * scale {
                x.extend(sample);
                classes.push(u32::from(net > 0.0));
            }
        }
        if classes.iter().all(|&class| class == classes[0]) {
            continue;
        }
        let shuffle = random.below(2) == 1;
        let learning_rate = [0.1, 1.0, 7.0][random.below(3)];
        let options = Options { epochs: 1 << 24, shuffle, learning_rate, ..options(inputs) };
        let fit = trained(options, &x, &classes);
        let unit = &fit.units()[0];
        let margin = unit.margin().unwrap();
        assert_eq!((unit.stop(), fit.accuracy()), (Some(Stop::Converged), 1.0), "case {case}");
        assert!(unit.updates() as f64 <= margin.bound, "case {case}: {} {margin:?}", unit.updates());
        assert!(margin.bound.is_finite(), "case {case}: {margin:?}");
    }
}

#[test]
fn the_mean_of_the_weights_is_the_mean_over_presentations() {
    let averaged = Options { variant: Variant::Averaged, epochs: 3, ..options(2) };
    let fit = trained(averaged, &XOR, &[0, 1, 1, 1]);
    let unit = &fit.units()[0];
    // The weights after each of the 12 presentations, told from the updates.
    let (mut sum, mut now, mut updates) = ([0.0; 3], vec![0.0; 3], unit.history().iter().peekable());
    for (epoch, sample) in (1..=3).flat_map(|epoch| (0..4).map(move |sample| (epoch, sample))) {
        if let Some(update) = updates.next_if(|u| u.epoch == epoch && u.sample == sample) {
            now.clone_from(&update.weights);
        }
        sum.iter_mut().zip(&now).for_each(|(sum, w)| *sum += w / 12.0);
    }
    for (kept, mean) in unit.kept().iter().zip(sum) {
        assert!((kept - mean).abs() < 1e-12, "{kept} {mean}");
    }
}

#[test]
fn each_of_several_classes_has_a_unit() {
    let x = [0.0, 0.0, 0.1, 0.2, 3.0, 0.0, 3.1, 0.3, 0.0, 3.0, 0.2, 3.2];
    let classes = [0, 0, 1, 1, 2, 2];
    let fit = trained(Options { classes: 3, ..options(2) }, &x, &classes);
    assert_eq!(fit.units().len(), 3);
    assert!(fit.units().iter().all(|unit| unit.stop() == Some(Stop::Converged)));
    let weights: Vec<f64> = fit.units().iter().flat_map(Unit::kept).collect();
    assert_eq!(predict(&weights, 2, x.to_vec()).unwrap(), classes);
}

#[test]
fn what_it_cannot_learn_from_is_refused() {
    let wrong = |options, x: &[f64], classes: &[u32]| {
        Fit::new(options, x.to_vec(), classes.to_vec()).err().map(|error| error.message).unwrap_or_default()
    };
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let options = Options { learning_rate: rate, ..options(2) };
        assert!(wrong(options, &XOR, &[0, 1, 1, 1]).contains("learningRate must be finite and above 0"));
    }
    assert!(wrong(options(2), &XOR, &[1, 1, 1, 1]).contains("no sample is of class 0"));
    assert!(wrong(options(2), &XOR, &[0, 1, 1]).contains("3 targets for 4 samples"));
    assert!(wrong(options(2), &XOR, &[0, 1, 2, 1]).contains("class 2 is out of range"));
    assert!(wrong(options(2), &[], &[]).contains("no samples"));
    assert!(wrong(options(2), &[0.0, f64::NAN], &[0]).contains("sample 0 has NaN as its value 1"));
}
