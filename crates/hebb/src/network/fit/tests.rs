//! A stream trains as a data set does.

use super::*;
use crate::error::Code;

const SAMPLES: usize = 10;

fn data() -> Result<Dataset> {
    let x = (0..SAMPLES * 3).map(|i| (i * i % 17) as f32 / 17.0).collect();
    Dataset::from_floats(&[3], x)?.with_classes((0..SAMPLES as u32).map(|i| i % 4).collect())
}

fn network() -> Result<Network> {
    let spec = r#"{ "input": [3], "seed": 1, "layers": [
        { "type": "dense", "units": 40, "activation": "tanh" },
        { "type": "dropout", "rate": 0.3 },
        { "type": "dense", "units": 4, "activation": "softmax" }
    ] }"#;
    Network::new(serde_json::from_str(spec).expect("a spec"))
}

fn options(rate: &str) -> FitOptions {
    let json = format!(
        r#"{{ "epochs": 3, "batchSize": 4, "seed": 5, "loss": {{ "type": "crossEntropy" }},
            "optimizer": {{ "type": "sgd", "momentum": 0.9, "learningRate": {rate} }} }}"#
    );
    serde_json::from_str(&json).expect("options")
}

const COSINE: &str = r#"{ "type": "cosine", "from": 0.1, "warmup": 0.2 }"#;

#[test]
fn a_stream_trains_to_the_bits_of_its_data_set() -> Result<()> {
    let (mut a, mut b, data) = (network()?, network()?, data()?);
    let mut whole = Fit::new(&mut a, Feed::Data(data.clone()), options(COSINE))?;
    let mut fed = Fit::new(&mut b, Feed::Stream { steps: Some(3) }, options(COSINE))?;
    for epoch in 0..3 {
        let order = data.order(true, 5, epoch);
        for (batch, rows) in order.chunks(4).enumerate() {
            assert_eq!(whole.step(&mut a)?, batch == 2);
            fed.step_on(&mut b, &data.subset(rows)?)?;
            assert_eq!(format!("{:?}", fed.progress()), format!("{:?}", whole.progress()));
        }
        fed.end_epoch(&mut b)?;
    }
    assert_eq!(a.parameters(), b.parameters());
    assert!(whole.step(&mut a).is_err() && fed.step_on(&mut b, &data).is_err());
    Ok(())
}

#[test]
fn a_stream_is_checked_as_a_data_set_is() -> Result<()> {
    let (mut net, data) = (network()?, data()?);
    let stream = |steps| Feed::Stream { steps };
    let refused = Fit::new(&mut net, stream(None), options(COSINE)).err().map(|error| error.message);
    assert!(refused.is_some_and(|message| message.contains("give stepsPerEpoch")));
    let steps = r#"{ "type": "step", "from": 0.1, "factor": 0.5 }"#;
    let mut fit = Fit::new(&mut net, stream(None), options(steps))?;
    assert_eq!(fit.end_epoch(&mut net).err().map(|error| error.code), Some(Code::Data));
    let before = net.parameters().to_vec();
    let wrong = Dataset::from_floats(&[3], vec![0.0; 3])?.with_classes(vec![4])?;
    assert_eq!(fit.step_on(&mut net, &wrong).err().map(|error| error.code), Some(Code::Data));
    let wrong = Dataset::from_floats(&[2], vec![0.0; 2])?.with_classes(vec![0])?;
    assert_eq!(fit.step_on(&mut net, &wrong).err().map(|error| error.code), Some(Code::Shape));
    assert_eq!(net.parameters(), before);
    fit.step_on(&mut net, &data)?;
    fit.end_epoch(&mut net)?;
    fit.step_on(&mut net, &data)?;
    assert_eq!((fit.progress().epoch, fit.progress().learning_rate), (2, 0.05));
    assert!(fit.step(&mut net).is_err());
    Ok(())
}
