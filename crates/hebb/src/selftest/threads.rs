//! Networks on any number of threads: outputs, loss and gradient have the same bits.

use super::{THREADS, gradients::drawn};
use crate::data::Dataset;
use crate::losses::Loss;
use crate::metrics::Metrics;
use crate::network::{Evaluator, Network};
use hebb_kernels::parallel;
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;

/// From one sample to more than threads times samples per block.
pub(super) fn same_bits(random: &mut Random, level: Level) -> Result<(), String> {
    let most = [1, level.block(), 5 * level.block(), 33 * level.block() + 40][random.below(4)];
    let samples = random.below(most) + 1;
    let (mut network, data, loss, json) = match random.below(3) {
        0 => dense(random, level, samples)?,
        1 => product(random, level, samples)?,
        _ => drawn(random, level)?,
    };
    let mut expected: Option<Vec<u64>> = None;
    for threads in THREADS {
        let bits = parallel::with_threads(threads, || bits(&mut network, &data, &loss))?;
        match &expected {
            None => expected = Some(bits),
            Some(one) if *one != bits => {
                let at = one.iter().zip(&bits).position(|(a, b)| a != b);
                return Err(format!(
                    "{json}, {samples} samples: {threads} threads differ from one at {at:?}"
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Everything that uses arenas: outputs, activations, evaluation, gradients, the statistics of batch norm.
fn bits(network: &mut Network, data: &Dataset, loss: &Loss) -> Result<Vec<u64>, String> {
    let text = |error: hebb_kernels::error::Error| error.to_string();
    let start = network.parameters().to_vec();
    let loss = loss.clone().into();
    let mut bits = Vec::new();
    let mut add = |values: &[f32]| bits.extend(values.iter().map(|value| u64::from(value.to_bits())));
    add(&network.predict(data, 0, data.len()).map_err(text)?);
    network.activations(data, 0, data.len()).map_err(text)?.iter().for_each(|layer| add(layer));
    let report = network.gradients(data, &data.order(true, 3, 0), &loss, 5).map_err(text)?;
    add(network.gradient().map_err(text)?);
    add(network.parameters());
    bits.push(report.loss.to_bits());
    network.set_parameters(&start).map_err(text)?;
    let mut evaluator = Evaluator::new(network, loss, Metrics::None, Some(data)).map_err(text)?;
    evaluator.add(network, data, 0, data.len()).map_err(text)?;
    bits.push(evaluator.finish(network).map_err(text)?.loss.to_bits());
    Ok(bits)
}

/// A small network, each block of which goes through all layers in one task.
fn dense(
    random: &mut Random,
    level: Level,
    samples: usize,
) -> Result<(Network, Dataset, Loss, String), String> {
    let units = random.below(40) + 1;
    let json = format!(
        r#"{{"input":[64],"layers":[{{"type":"dense","units":{units},"activation":"tanh"}},{{"type":"dropout","rate":0.2}},
        {{"type":"dense","units":10,"activation":"softmax"}}]}}"#
    );
    made(random, level, samples, json)
}

/// A large one, each operator of which is a region.
fn product(
    random: &mut Random,
    level: Level,
    samples: usize,
) -> Result<(Network, Dataset, Loss, String), String> {
    // By fewer multiplications, in several parts.
    let size = [3, 5][random.below(2)];
    let convolution = format!(
        r#"{{"type":"reshape","shape":[1,8,8]}},{{"type":"conv2d","filters":16,"kernel":[1,1]}},
        {{"type":"conv2d","filters":60,"kernel":[{size},{size}],"padding":"same"}},{{"type":"flatten"}},"#
    );
    let (before, units, most) =
        [("", random.below(9) + 4100, 80), (convolution.as_str(), 70, 12)][random.below(2)];
    let json = format!(
        r#"{{"input":[64],"layers":[{before}{{"type":"dense","units":{units},"activation":"relu"}},
        {{"type":"dense","units":10,"activation":"softmax"}}]}}"#
    );
    made(random, level, samples.min(most), json)
}

fn made(
    random: &mut Random,
    level: Level,
    samples: usize,
    json: String,
) -> Result<(Network, Dataset, Loss, String), String> {
    let text = |error: hebb_kernels::error::Error| error.to_string();
    let spec = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let network = Network::with_level(spec, level).map_err(text)?;
    let x = (0..samples * 64).map(|_| random.uniform(-1.0, 1.0)).collect();
    let t = (0..samples).map(|_| random.below(10) as u32).collect();
    let data = Dataset::from_floats(&[64], x).and_then(|data| data.with_classes(t)).map_err(text)?;
    Ok((network, data, Loss::CrossEntropy { smoothing: 0.0, weights: Vec::new(), rubbish: None }, json))
}
