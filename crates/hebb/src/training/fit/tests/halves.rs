//! The two halves of a step: the gradient, which the caller may change, and the update.

use super::*;

#[test]
fn the_two_halves_are_a_step_to_the_bits() -> Result<()> {
    for accumulate in [1, 2] {
        let options = || FitOptions { accumulate, gradient_norm: true, ..options(COSINE) };
        let (mut a, mut b, data) = (network()?, network()?, data()?);
        let mut whole = Fit::new(&mut a, Feed::Data(data.clone()), options())?;
        let mut halves = Fit::new(&mut b, Feed::Data(data), options())?;
        for step in 0..9 {
            let before = b.parameters().to_vec();
            halves.compute(&mut b)?;
            assert_eq!(b.parameters(), before);
            assert!(b.gradient()?.iter().any(|&g| g != 0.0));
            let ended = halves.apply(&mut b)?;
            assert_eq!((whole.step(&mut a)?, ended), (ended, step % 3 == 2));
            assert_eq!(a.parameters(), b.parameters());
            assert_eq!(format!("{:?}", whole.progress()), format!("{:?}", halves.progress()));
        }
        assert_eq!(halves.apply(&mut b).err().map(|error| error.code), Some(Code::Option));
        assert!(halves.compute(&mut b).is_err());
    }
    Ok(())
}

#[test]
fn a_changed_gradient_is_the_one_applied() -> Result<()> {
    let (mut net, data) = (network()?, data()?);
    let mut fit = Fit::new(&mut net, Feed::Data(data), options("0.1"))?;
    assert!(net.gradient_mut().is_err());
    let before = net.parameters().to_vec();
    fit.compute(&mut net)?;
    net.gradient_mut()?.fill(0.0);
    fit.apply(&mut net)?;
    assert_eq!(net.parameters(), before);
    fit.compute(&mut net)?;
    net.gradient_mut()?.fill(1.0);
    fit.apply(&mut net)?;
    assert!(net.parameters().iter().zip(&before).all(|(after, before)| *after == before - 0.1));
    Ok(())
}

/// Two networks share each minibatch and exchange their gradients, as two machines would.
#[test]
fn two_networks_with_half_the_samples_each_are_one_with_all() -> Result<()> {
    let spec = r#"{ "input": [3], "seed": 1, "layers": [
        { "type": "dense", "units": 40, "activation": "tanh" },
        { "type": "dense", "units": 4, "activation": "softmax" }
    ] }"#;
    let network = || Network::new(serde_json::from_str(spec).expect("a spec"));
    let (data, regularized) =
        (data()?, r#"{ "errors": { "type": "crossEntropy" }, "regularization": { "l2": 0.01 } }"#);
    let options =
        || FitOptions { loss: serde_json::from_str(regularized).expect("a loss"), ..options("0.1") };
    let (mut all, mut nets) = (network()?, [network()?, network()?]);
    let mut whole = Fit::new(&mut all, Feed::Stream { steps: None }, options())?;
    let mut fits = Vec::new();
    for net in &mut nets {
        fits.push(Fit::new(net, Feed::Stream { steps: None }, options())?);
    }
    for _ in 0..3 {
        for minibatch in [[0, 1, 2, 3], [4, 5, 6, 7]] {
            whole.step_on(&mut all, &data.subset(&minibatch)?)?;
            for ((net, fit), half) in nets.iter_mut().zip(&mut fits).zip(minibatch.chunks(2)) {
                fit.compute_on(net, &data.subset(half)?)?;
            }
            let mut mean = nets[0].gradient()?.to_vec();
            mean.iter_mut().zip(nets[1].gradient()?).for_each(|(mean, other)| *mean = (*mean + other) / 2.0);
            for (net, fit) in nets.iter_mut().zip(&mut fits) {
                net.gradient_mut()?.copy_from_slice(&mean);
                assert!(!fit.apply(net)?);
            }
        }
        whole.end_epoch(&mut all)?;
        for (net, fit) in nets.iter_mut().zip(&mut fits) {
            fit.end_epoch(net)?;
        }
    }
    let [a, b] = nets;
    assert_eq!(a.parameters(), b.parameters());
    for (half, whole) in a.parameters().iter().zip(all.parameters()) {
        assert!((half - whole).abs() < 1e-5, "{half}, {whole}");
    }
    Ok(())
}
