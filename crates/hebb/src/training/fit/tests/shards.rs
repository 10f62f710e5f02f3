//! Minibatches in micro-shards, shared by several processes.

use super::*;

/// Trains `ranks` copies of a network, each with its part of `shards` micro-shards, and exchanges sums as processes would; returns
/// the weights of all, and the progress of the first.
fn train(shards: usize, ranks: usize, options: &FitOptions) -> Result<(Vec<Vec<f32>>, Vec<String>)> {
    let data = data()?;
    let mut nets = Vec::new();
    let mut fits = Vec::new();
    for _ in 0..ranks {
        let mut net = network()?;
        fits.push(Fit::new(&mut net, Feed::Data(data.clone()), options.clone())?);
        nets.push(net);
    }
    let mut reports = Vec::new();
    for _ in 0..9 {
        let mut outcomes = Vec::new();
        let mut gradients = Vec::new();
        for (rank, (net, fit)) in nets.iter_mut().zip(&mut fits).enumerate() {
            let own = rank * shards / ranks..(rank + 1) * shards / ranks;
            for shard in own {
                // One at a time, so that the tree is only here.
                outcomes.append(&mut fit.compute_shards(net, shards, shard..shard + 1)?);
                gradients.push(fit.shard_sums()[..net.gradient()?.len()].to_vec());
            }
        }
        let sum = tree(&gradients);
        for (net, fit) in nets.iter_mut().zip(&mut fits) {
            net.gradient_mut()?.copy_from_slice(&sum);
            fit.complete(net, &outcomes)?;
            fit.step(net)?;
        }
        reports.push(format!("{:?}", fits[0].progress()));
    }
    Ok((nets.iter().map(|net| net.parameters().to_vec()).collect(), reports))
}

/// The sum of neighbours, then of neighbouring sums, until there is one.
fn tree(vectors: &[Vec<f32>]) -> Vec<f32> {
    if let [one] = vectors {
        return one.clone();
    }
    let pair = |two: &[Vec<f32>]| match two {
        [a, b] => a.iter().zip(b).map(|(a, b)| a + b).collect(),
        one => one[0].clone(),
    };
    tree(&vectors.chunks(2).map(pair).collect::<Vec<_>>())
}

/// The same in one process, as it does it itself.
fn alone(shards: usize, options: &FitOptions) -> Result<(Vec<f32>, Vec<String>)> {
    let (mut net, mut reports) = (network()?, Vec::new());
    let mut fit = Fit::new(&mut net, Feed::Data(data()?), options.clone())?;
    for _ in 0..9 {
        let outcomes = fit.compute_shards(&mut net, shards, 0..shards)?;
        let sum = fit.shard_sums()[..net.gradient()?.len()].to_vec();
        net.gradient_mut()?.copy_from_slice(&sum);
        fit.complete(&mut net, &outcomes)?;
        fit.step(&mut net)?;
        reports.push(format!("{:?}", fit.progress()));
    }
    Ok((net.parameters().to_vec(), reports))
}

fn each() -> Result<Vec<FitOptions>> {
    let mut all = vec![options(COSINE), FitOptions { accumulate: 2, ..options(COSINE) }];
    for loss in [
        r#"{ "errors": { "type": "crossEntropy" }, "regularization": { "l2": 0.01 } }"#,
        r#"{ "errors": { "type": "sumSquaredError" }, "regularization": { "l2": 0.01 } }"#,
        r#"{ "type": "rootMeanSquaredError" }"#,
        r#"{ "type": "normalizedSquaredError" }"#,
    ] {
        all.push(FitOptions { loss: serde_json::from_str(loss).expect("a loss"), ..options("0.01") });
    }
    Ok(all)
}

#[test]
fn any_number_of_processes_trains_to_the_same_bits() -> Result<()> {
    for options in each()? {
        for shards in [1, 2, 3, 5, 8] {
            let (weights, reports) = alone(shards, &options)?;
            for ranks in 1..=shards {
                let (all, told) = train(shards, ranks, &options)?;
                assert!(all.iter().all(|one| *one == weights), "{ranks} of {shards}: {options:?}");
                assert_eq!(told, reports);
            }
        }
    }
    Ok(())
}

#[test]
fn one_micro_shard_is_the_minibatch_and_more_are_it_but_for_rounding() -> Result<()> {
    for options in each()? {
        let (mut net, mut reports) = (network()?, Vec::new());
        let mut fit = Fit::new(&mut net, Feed::Data(data()?), options.clone())?;
        for _ in 0..9 {
            fit.step(&mut net)?;
            reports.push(format!("{:?}", fit.progress()));
        }
        let (one, told) = alone(1, &options)?;
        assert_eq!((net.parameters(), reports), (&one[..], told));
        // The last minibatch of an epoch has two samples: some of its micro-shards have none.
        for shards in [2, 3, 8] {
            let (weights, _) = alone(shards, &options)?;
            assert!(weights != one || shards < 3, "{shards}: {options:?}");
            for (a, b) in weights.iter().zip(&one) {
                assert!((a - b).abs() < 1e-5, "{shards}: {a}, {b}: {options:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn what_has_no_micro_shards_is_refused() -> Result<()> {
    let refused = |spec: &str, rates: &str| -> Result<Option<String>> {
        let mut net = Network::new(serde_json::from_str(spec).expect("a spec"))?;
        let rates = serde_json::from_str(rates).expect("rates");
        let options = FitOptions { rates, ..options("0.1") };
        let before = net.parameters().to_vec();
        let mut fit = Fit::new(&mut net, Feed::Data(data()?), options)?;
        let why = fit.compute_shards(&mut net, 2, 0..1).err().map(|error| error.message);
        assert_eq!(net.parameters(), before);
        fit.compute_shards(&mut net, 1, 0..1)?;
        Ok(why)
    };
    let normalized = r#"{ "input": [3], "layers": [{ "type": "batchNorm", "name": "bn" },
        { "type": "dense", "units": 4, "activation": "softmax" }] }"#;
    let why = refused(normalized, "{}")?;
    assert!(why.as_ref().is_some_and(|why| why.starts_with("batchNorm \"bn\"")), "{why:?}");
    assert_eq!(refused(normalized, r#"{ "bn": 0 }"#)?, None);
    let (mut net, fed) = (network()?, Feed::Stream { steps: None });
    assert!(Fit::new(&mut net, fed, options("0.1"))?.compute_shards(&mut net, 2, 0..1).is_err());
    Ok(())
}
