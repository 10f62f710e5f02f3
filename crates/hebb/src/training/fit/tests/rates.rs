//! Layers learn at rates of their own, and frozen layers not at all.

use super::*;
use crate::network::OptimizerState;
use crate::optimizers::Rule;

const SAMPLES: usize = 20;

const RULES: &[&str] = &[
    r#"{"type":"sgd","learningRate":0.1}"#,
    r#"{"type":"sgd","learningRate":0.1,"momentum":0.9,"nesterov":true,"weightDecay":0.01}"#,
    r#"{"type":"adagrad","learningRate":0.1}"#,
    r#"{"type":"rmsprop","learningRate":0.01,"momentum":0.5,"centered":true}"#,
    r#"{"type":"adadelta","learningRate":0.1}"#,
    r#"{"type":"adam","learningRate":0.01,"amsgrad":true,"clip":{"norm":0.1}}"#,
    r#"{"type":"adamw","learningRate":0.01,"clip":{"value":0.01}}"#,
    r#"{"type":"nadam","learningRate":0.01}"#,
];

fn data() -> Result<Dataset> {
    let x = (0..SAMPLES * 5).map(|i| (i * i % 17) as f32 / 17.0).collect();
    Dataset::from_floats(&[5], x)?.with_classes((0..SAMPLES as u32).map(|i| i % 4).collect())
}

/// A small network, one with a batch normalisation, and a large one.
fn networks() -> Result<Vec<Network>> {
    let of = |middle: &str, units: usize| {
        let spec = format!(
            r#"{{ "input": [5], "seed": 1, "layers": [
                {{ "type": "dense", "units": {units}, "name": "first" }},
                {middle}
                {{ "type": "activation", "activation": "tanh" }},
                {{ "type": "dense", "units": {units}, "name": "second" }},
                {{ "type": "dense", "units": 4, "activation": "softmax", "name": "head" }}
            ] }}"#
        );
        Network::new(serde_json::from_str(&spec).expect("a spec"))
    };
    Ok(vec![of("", 90)?, of(r#"{ "type": "batchNorm", "name": "norm" },"#, 90)?, of("", 530)?])
}

fn options(optimizer: &str, rates: &str) -> FitOptions {
    let json = format!(
        r#"{{ "epochs": 2, "batchSize": 9, "seed": 5, "rates": {rates}, "optimizer": {optimizer},
            "loss": {{ "errors": {{ "type": "crossEntropy" }}, "regularization": {{ "l2": 0.01 }} }} }}"#
    );
    serde_json::from_str(&json).expect("options")
}

fn train(net: &mut Network, optimizer: &str, rates: &str) -> Result<f64> {
    let mut fit = Fit::new(net, Feed::Data(data()?), options(optimizer, rates))?;
    for _ in 0..2 {
        while !fit.step(net)? {}
    }
    Ok(fit.progress().loss)
}

/// The parameters and the running statistics of a layer.
fn layer(net: &Network, name: &str) -> Vec<u32> {
    let own = net.tensors().iter().filter(|tensor| tensor.name.starts_with(&format!("{name}.")));
    let values = own.flat_map(|tensor| &net.parameters()[tensor.offset..tensor.offset + tensor.size]);
    values.map(|value| value.to_bits()).collect()
}

fn state_of(state: &OptimizerState, name: &str) -> Vec<f32> {
    let own = state.tensors.iter().filter(|tensor| tensor.name.starts_with(&format!("{name}.")));
    own.flat_map(|tensor| tensor.values.clone()).collect()
}

#[test]
fn frozen_layers_do_not_change_by_a_bit() -> Result<()> {
    for optimizer in RULES {
        for mut net in networks()? {
            let normal = net.has_batch_operators();
            train(&mut net, optimizer, "{}")?;
            // A zero with a sign stays one, too.
            let mut parameters = net.parameters().to_vec();
            parameters[3] = -0.0;
            let state = net.optimizer_state()?.expect("a state");
            net.set_parameters(&parameters)?;
            net.set_optimizer_state(&state)?;
            let before: Vec<_> = ["first", "norm", "second", "head"].map(|name| layer(&net, name)).into();
            let rates = if normal { r#"{ "first": 0, "norm": 0 }"# } else { r#"{ "first": 0 }"# };
            train(&mut net, optimizer, rates)?;
            let after = net.optimizer_state()?.expect("a state");
            assert_eq!(layer(&net, "first"), before[0], "{optimizer}");
            assert_eq!(layer(&net, "norm"), before[1], "{optimizer}");
            assert_ne!(layer(&net, "second"), before[2], "{optimizer}");
            assert_ne!(layer(&net, "head"), before[3], "{optimizer}");
            assert_eq!(state_of(&after, "first"), state_of(&state, "first"));
            assert_eq!(after.steps.updates, 2 * state.steps.updates);
            if !state_of(&state, "head").is_empty() {
                assert_ne!(state_of(&after, "head"), state_of(&state, "head"));
            }
        }
    }
    Ok(())
}

#[test]
fn what_is_trained_has_the_gradient_that_it_has_without_frozen_layers() -> Result<()> {
    for number in [0, 2] {
        let [mut some, mut all] = [(); 2].map(|_| networks().map(|mut nets| nets.swap_remove(number)));
        let (some, all) = (some.as_mut().expect("one"), all.as_mut().expect("one"));
        let mut fits = [
            Fit::new(some, Feed::Data(data()?), options(RULES[0], r#"{ "*": 0, "second": 1 }"#))?,
            Fit::new(all, Feed::Data(data()?), options(RULES[0], "{}"))?,
        ];
        fits[0].compute(some)?;
        fits[1].compute(all)?;
        let mut from = 0;
        for info in all.layers() {
            let range = from..from + info.parameters;
            from = range.end;
            let [own, whole] = [&*some, &*all].map(|net| net.gradient().map(|all| &all[range.clone()]));
            match info.name.as_str() {
                "second" => assert_eq!(own?, whole?),
                _ => assert!(own?.iter().all(|&g| g == 0.0)),
            }
        }
        // The gradients of the others have no memory.
        assert!(some.bytes() < all.bytes(), "{} of {}", some.bytes(), all.bytes());
    }
    Ok(())
}

#[test]
fn a_factor_of_all_layers_is_one_of_the_learning_rate() -> Result<()> {
    for (rule, other) in [
        (
            r#"{"type":"sgd","learningRate":0.5,"momentum":0.9}"#,
            r#"{"type":"sgd","learningRate":0.25,"momentum":0.9}"#,
        ),
        (r#"{"type":"adamw","learningRate":0.02}"#, r#"{"type":"adamw","learningRate":0.01}"#),
    ] {
        for (mut a, mut b) in networks()?.into_iter().zip(networks()?) {
            train(&mut a, rule, r#"{ "*": 0.5 }"#)?;
            train(&mut b, other, "{}")?;
            assert_eq!(a.parameters(), b.parameters(), "{rule}");
        }
    }
    Ok(())
}

#[test]
fn a_frozen_batch_normalisation_is_that_of_inference() -> Result<()> {
    let mut net = networks()?.swap_remove(1);
    train(&mut net, RULES[0], "{}")?;
    let loss: crate::losses::Losses = serde_json::from_str(r#"{ "type": "crossEntropy" }"#).expect("a loss");
    let (data, mut compiled) = (data()?, loss.compile_to_train(&net.plan)?);
    let rows = data.order(false, 0, 0);
    let answers = net.predict(&data, 0, SAMPLES)?;
    let of = |sample: usize| -f64::from(answers[4 * sample + sample % 4]).ln();
    let inference = (0..SAMPLES).map(of).sum::<f64>() / SAMPLES as f64;
    let frozen = serde_json::from_str(r#"{ "norm": 0 }"#).expect("rates");
    compiled.trained = Trained::new(&net.plan, &frozen)?;
    let before = layer(&net, "norm");
    let running = net.pass(&data, &rows, &compiled, 0, None, true)?.loss;
    assert!((running - inference).abs() < 1e-6, "{running} {inference}");
    assert_eq!(layer(&net, "norm"), before);
    compiled.trained = Trained::all(&net.plan);
    let batch = net.pass(&data, &rows, &compiled, 0, None, false)?.loss;
    assert!((batch - inference).abs() > 1e-4, "{batch} {inference}");
    Ok(())
}

#[test]
fn thawed_layers_begin_with_a_new_state() -> Result<()> {
    let rule: Rule = serde_json::from_str::<crate::optimizers::Optimizer>(RULES[5]).expect("one").rule;
    let start = |net: &mut Network, rates: &str| -> Result<u64> {
        Ok(Fit::new(net, Feed::Data(data()?), options(RULES[5], rates))?.start().updates)
    };
    let mut net = networks()?.swap_remove(0);
    train(&mut net, RULES[5], r#"{ "first": 0 }"#)?;
    assert_eq!(start(&mut net, r#"{ "first": 0, "second": 0.1 }"#)?, 6);
    assert_eq!(start(&mut net, r#"{ "first": 0, "second": 0 }"#)?, 6);
    assert_eq!(start(&mut net, "{}")?, 0);
    // After a checkpoint, too.
    let mut copy = networks()?.swap_remove(0);
    copy.set_parameters(net.parameters())?;
    copy.set_optimizer_state(&net.optimizer_state()?.expect("a state"))?;
    assert_eq!(start(&mut copy, r#"{ "first": 0 }"#)?, 6);
    assert_eq!(start(&mut copy, "{}")?, 0);
    // As a new optimizer would: Adam's first steps are as large as its rate whatever the gradient.
    let mut anew = networks()?.swap_remove(0);
    anew.set_parameters(net.parameters())?;
    train(&mut net, RULES[5], "{}")?;
    train(&mut anew, RULES[5], "{}")?;
    assert_eq!(net.parameters(), anew.parameters());
    assert_eq!(net.remembered(&rule).updates, 6);
    let mut whole = networks()?.swap_remove(0);
    train(&mut whole, RULES[5], r#"{ "*": 0.5, "head": 1 }"#)?;
    assert_eq!(start(&mut whole, "{}")?, 6);
    // Plain descent has no state that could be too young.
    let mut net = networks()?.swap_remove(0);
    train(&mut net, RULES[0], r#"{ "first": 0 }"#)?;
    assert_eq!(Fit::new(&mut net, Feed::Data(data()?), options(RULES[0], "{}"))?.start().updates, 6);
    Ok(())
}

#[test]
fn one_sample_is_enough_for_a_frozen_batch_normalisation() -> Result<()> {
    let mut net = networks()?.swap_remove(1);
    let one = data()?.subset(&[3])?;
    let mut fit = |rates| Fit::new(&mut net, Feed::Stream { steps: None }, options(RULES[0], rates));
    let (mut trained, mut frozen) = (fit("{}")?, fit(r#"{ "norm": 0 }"#)?);
    let refused = trained.step_on(&mut net, &one).err().map(|error| error.message);
    assert!(refused.is_some_and(|why| why.contains("has no variance")));
    frozen.step_on(&mut net, &one)
}

#[test]
fn wrong_rates_are_refused() -> Result<()> {
    let mut net = networks()?.swap_remove(1);
    let layers = "first, norm, second, head";
    for (rates, why) in [
        (
            r#"{ "third": 1 }"#,
            format!(r#"rates: "third" is no layer with parameters of its own; those are {layers}"#),
        ),
        (
            r#"{ "activation1": 0 }"#,
            format!(r#"rates: "activation1" is no layer with parameters of its own; those are {layers}"#),
        ),
        (r#"{ "first": -1 }"#, "rates: first must be a finite number of at least 0, got -1".to_owned()),
        (r#"{ "first": 1e300 }"#, "rates: first must be a finite number of at least 0, got 1e300".to_owned()),
        (r#"{ "*": 0 }"#, "rates: all layers are frozen, so that there is nothing to train".to_owned()),
        (
            r#"{ "*": 0, "head": 1e-60 }"#,
            "rates: all layers are frozen, so that there is nothing to train".to_owned(),
        ),
    ] {
        let error = Fit::new(&mut net, Feed::Data(data()?), options(RULES[0], rates)).err();
        let error = error.map(|error| (error.code, error.message));
        let expected = why.replace("1e300", &format!("{}", 1e300));
        assert_eq!(error, Some((Code::Option, expected)));
    }
    for (rates, why) in [
        ("3", "rates must be an object, got 3"),
        (r#"{ "first": null }"#, "rates: first must be a number, got null"),
    ] {
        let json = format!(
            r#"{{ "epochs": 1, "batchSize": 1, "rates": {rates},
            "loss": {{ "type": "crossEntropy" }}, "optimizer": {{ "type": "sgd", "learningRate": 1 }} }}"#
        );
        let error = serde_json::from_str::<FitOptions>(&json).err().map(|error| error.to_string());
        assert!(error.as_ref().is_some_and(|error| error.contains(why)), "{error:?}");
    }
    Ok(())
}
