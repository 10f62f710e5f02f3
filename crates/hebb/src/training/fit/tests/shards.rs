//! Minibatches in micro-shards, shared by several processes.

use super::*;

/// Batch normalisation before and after dropout.
fn normalized() -> Result<Network> {
    let spec = r#"{ "input": [3], "seed": 1, "layers": [
        { "type": "batchNorm", "name": "first" }, { "type": "dense", "units": 40, "activation": "tanh" },
        { "type": "dropout", "rate": 0.3 }, { "type": "batchNorm" },
        { "type": "dense", "units": 4, "activation": "softmax" }
    ] }"#;
    Network::new(serde_json::from_str(spec).expect("a spec"))
}

/// Copies of a network that train as processes do, each with its part of the micro-shards.
struct Ranks {
    shards: usize,
    nets: Vec<Network>,
    fits: Vec<Fit>,
}

impl Ranks {
    fn new(shards: usize, ranks: usize, make: fn() -> Result<Network>, options: &FitOptions) -> Result<Self> {
        let nets = (0..ranks).map(|_| make()).collect::<Result<Vec<_>>>()?;
        let mut all = Self { shards, nets, fits: Vec::new() };
        for net in &mut all.nets {
            all.fits.push(Fit::new(net, Feed::Data(data()?), options.clone())?);
        }
        Ok(all)
    }

    fn own(&self, rank: usize) -> Range<usize> {
        rank * self.shards / self.nets.len()..(rank + 1) * self.shards / self.nets.len()
    }

    /// The outcomes of all micro-shards of the next minibatch, and the sum of their gradients.
    fn compute(&mut self) -> Result<(Vec<f64>, Vec<f32>)> {
        let (shards, count) = (self.shards, self.nets.len());
        let mut begins = true;
        loop {
            let (mut outcomes, mut nodes, mut measured) = (Vec::new(), Vec::new(), Vec::new());
            for rank in 0..count {
                let own = self.own(rank);
                let (net, fit) = (&mut self.nets[rank], &mut self.fits[rank]);
                let done =
                    if begins { fit.compute_shards(net, shards, own.clone())? } else { fit.go_on(net)? };
                let values = net.measured().len() / shards;
                measured.extend_from_slice(&net.measured()[values * own.start..values * own.end]);
                let Some(shares) = done else { continue };
                outcomes.extend(shares);
                let sums = fit.shard_sums().chunks_exact(net.gradient()?.len());
                nodes.extend(subtrees(own, shards).into_iter().zip(sums.map(<[f32]>::to_vec)));
            }
            if !nodes.is_empty() {
                return Ok((outcomes, tree(0..shards.next_power_of_two(), shards, &nodes)));
            }
            assert!(count > 1, "one process waits for nothing");
            self.nets.iter_mut().for_each(|net| net.measured().copy_from_slice(&measured));
            begins = false;
        }
    }

    /// Trains three epochs; returns the weights of all, and the progress of the first.
    fn train(mut self) -> Result<(Vec<Vec<f32>>, Vec<String>)> {
        let mut reports = Vec::new();
        for _ in 0..9 {
            let (outcomes, sum) = self.compute()?;
            for (net, fit) in self.nets.iter_mut().zip(&mut self.fits) {
                net.gradient_mut()?.copy_from_slice(&sum);
                fit.complete(net, &outcomes)?;
                fit.step(net)?;
            }
            reports.push(format!("{:?}", self.fits[0].progress()));
        }
        Ok((self.nets.iter().map(|net| net.parameters().to_vec()).collect(), reports))
    }
}

/// The largest subtrees of the tree over `count` leaves that a range is made of.
fn subtrees(range: Range<usize>, count: usize) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut from = range.start;
    while from < range.end {
        let sizes = (0..).map(|power| 1 << power).take_while(|size| from.is_multiple_of(*size));
        let ends = sizes.take(10).map(|size: usize| count.min(from + size)).filter(|end| *end <= range.end);
        let to = ends.max().expect("a leaf");
        all.push(from..to);
        from = to;
    }
    all
}

/// The sum of a subtree by halves, from those of the subtrees that are known.
fn tree(of: Range<usize>, count: usize, known: &[(Range<usize>, Vec<f32>)]) -> Vec<f32> {
    let here = of.start..of.end.min(count);
    if let Some((_, sum)) = known.iter().find(|(node, _)| *node == here) {
        return sum.clone();
    }
    let middle = of.start.midpoint(of.end);
    let left = tree(of.start..middle, count, known);
    if middle >= count {
        return left;
    }
    left.iter().zip(tree(middle..of.end, count, known)).map(|(a, b)| a + b).collect()
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
    for make in [network, normalized] {
        for options in each()? {
            for shards in [1, 2, 3, 5, 8] {
                let (alone, reports) = Ranks::new(shards, 1, make, &options)?.train()?;
                for ranks in 2..=shards {
                    let (all, told) = Ranks::new(shards, ranks, make, &options)?.train()?;
                    assert!(all.iter().all(|one| *one == alone[0]), "{ranks} of {shards}: {options:?}");
                    assert_eq!(told, reports);
                }
            }
        }
    }
    Ok(())
}

#[test]
fn one_micro_shard_is_the_minibatch_and_more_are_it_but_for_rounding() -> Result<()> {
    for make in [network, normalized] {
        for options in each()? {
            let (mut net, mut reports) = (make()?, Vec::new());
            let mut fit = Fit::new(&mut net, Feed::Data(data()?), options.clone())?;
            for _ in 0..9 {
                fit.step(&mut net)?;
                reports.push(format!("{:?}", fit.progress()));
            }
            let (one, told) = Ranks::new(1, 1, make, &options)?.train()?;
            assert_eq!((net.parameters(), reports), (&one[0][..], told));
            // The last minibatch of an epoch has two samples: some of its micro-shards have none.
            for shards in [2, 3, 8] {
                let (weights, _) = Ranks::new(shards, 1, make, &options)?.train()?;
                assert!(weights != one || shards < 3, "{shards}: {options:?}");
                for (a, b) in weights[0].iter().zip(&one[0]) {
                    assert!((a - b).abs() < 1e-4, "{shards}: {a}, {b}: {options:?}");
                }
            }
        }
    }
    Ok(())
}

#[test]
fn batch_normalisation_has_the_gradient_and_the_statistics_of_the_whole_minibatch() -> Result<()> {
    let options = FitOptions { batch_size: SAMPLES, ..options("0.1") };
    let (data, order) = (data()?, data()?.order(true, 5, 0));
    let checks = normalized()?.check_gradients(&data.subset(&order)?, &options.loss)?;
    let mut whole = normalized()?;
    whole.gradients(&data, &order, &options.loss, 0)?;
    for ranks in 1..=3 {
        let mut all = Ranks::new(3, ranks, normalized, &options)?;
        let (outcomes, sum) = all.compute()?;
        for (tensor, check) in whole.tensors().iter().filter(|tensor| tensor.trained).zip(&checks) {
            let own = f64::from(sum[tensor.offset + check.index]);
            assert!((own - check.difference).abs() < 1e-3, "{}: {own}, {check:?}", tensor.name);
        }
        for (a, b) in sum.iter().zip(whole.gradient()?) {
            assert!((a - b).abs() < 1e-6, "{a}, {b}");
        }
        let first = whole.trained();
        for (net, fit) in all.nets.iter_mut().zip(&mut all.fits) {
            assert!(net.parameters()[first..].iter().all(|value| [0.0, 1.0].contains(value)));
            fit.complete(net, &outcomes)?;
            for (a, b) in net.parameters()[first..].iter().zip(&whole.parameters()[first..]) {
                assert!((a - b).abs() < 1e-6, "{a}, {b}");
            }
        }
    }
    Ok(())
}

#[test]
fn frozen_batch_normalisation_waits_for_nothing() -> Result<()> {
    let rates = serde_json::from_str(r#"{ "first": 0, "norm2": 0 }"#).expect("rates");
    let mut all = Ranks::new(8, 3, normalized, &FitOptions { rates, ..options("0.1") })?;
    let outcomes = all.fits[0].compute_shards(&mut all.nets[0], 8, 0..2)?;
    assert_eq!(outcomes.map(|all| all.len()), Some(8));
    Ok(())
}

#[test]
fn what_has_no_micro_shards_is_refused() -> Result<()> {
    let (mut net, fed) = (network()?, Feed::Stream { steps: None });
    assert!(Fit::new(&mut net, fed, options("0.1"))?.compute_shards(&mut net, 2, 0..1).is_err());
    let mut net = normalized()?;
    let mut fit = Fit::new(&mut net, Feed::Data(data()?), options("0.1"))?;
    assert!(fit.go_on(&mut net).is_err() && fit.complete(&mut net, &[]).is_err());
    for wrong in [0..0, 1..3] {
        assert!(fit.compute_shards(&mut net, 2, wrong).is_err());
    }
    // A pass that waits is lost when the network computes something else.
    assert!(fit.compute_shards(&mut net, 2, 0..1)?.is_none());
    net.gradients(&data()?, &[0, 1], &options("0.1").loss, 0)?;
    assert!(fit.go_on(&mut net).is_err());
    Ok(())
}
