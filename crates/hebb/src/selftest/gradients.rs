//! Whole networks of random layers: the gradient against finite differences of the loss.

use super::close;
use crate::data::Dataset;
use crate::losses::{Loss, Reduction};
use crate::network::Network;
use crate::network::spec::Spec;
use crate::random::Random;
use crate::simd::Level;

/// A random smooth network with every kind of layer, odd sizes, and one of the losses. (ReLU and max pooling,
/// whose kinks finite differences trip over, are compared with their twins and with PyTorch.)
pub(super) fn finite_differences(random: &mut Random, level: Level) -> Result<(), String> {
    let losses: [(Loss, &str); 5] = [
        (Loss::SumSquaredError, "tanh"),
        (Loss::MeanSquaredError { reduction: Reduction::Samples }, "identity"),
        (Loss::MeanSquaredError { reduction: Reduction::Elements }, "softmax"),
        (Loss::CrossEntropy, ["softmax", "identity"][random.below(2)]),
        (Loss::BinaryCrossEntropy, ["sigmoid", "identity"][random.below(2)]),
    ];
    let (loss, last) = losses[random.below(5)];
    let inner = ["sigmoid", "tanh"][random.below(2)];
    let (channels, size, filters, units) =
        (random.below(2) + 1, random.below(3) + 5, random.below(3) + 1, random.below(3) + 2);
    let padding = random.below(2);
    let json = format!(
        r#"{{"input":[{channels},{size},{size}],"seed":{seed},"layers":[
        {{"type":"standardize","mean":0.1,"deviation":0.7}},
        {{"type":"conv2d","filters":{filters},"kernel":[3,2],"padding":[{padding},0],"stride":[1,2],"activation":"{inner}"}},
        {{"type":"averagePool2d","kernel":[2,2],"stride":[1,1]}},
        {{"type":"flatten"}},
        {{"type":"dense","units":5,"bias":false}},
        {{"type":"activation","activation":"tanh"}},
        {{"type":"dropout","rate":0.3}},
        {{"type":"dense","units":{units},"activation":"{last}"}}]}}"#,
        seed = random.bits() % 1000,
    );
    let spec: Spec = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let mut network = Network::with_level(spec, level).map_err(|error| error.to_string())?;
    let samples = random.below(11) + 1;
    let input = channels * size * size;
    let x = (0..samples * input).map(|_| random.uniform(-1.0, 1.0)).collect();
    let t = (0..samples * units).map(|_| random.unit()).collect();
    let data = Dataset::from_floats(&[channels, size, size], x).and_then(|data| data.with_values(t));
    let data = data.map_err(|error| error.to_string())?;
    let rows = data.order(false, 0, 0);
    let measure =
        |network: &mut Network| network.gradients(&data, &rows, loss, 7).map_err(|error| error.to_string());
    measure(&mut network)?;
    let gradient = network.gradient().map_err(|error| error.to_string())?.to_vec();
    let start = network.parameters().to_vec();
    let mut slopes = Vec::new();
    // A step that balances f32's rounding against the curvature.
    let step = 4e-3f32;
    let chosen: Vec<usize> = (0..start.len()).step_by(1 + start.len() / 60).collect();
    for &i in &chosen {
        let mut at = |change: f32| {
            let mut moved = start.clone();
            moved[i] += change;
            network.set_parameters(&moved).map_err(|error| error.to_string())?;
            measure(&mut network).map(|report| report.loss)
        };
        slopes.push((at(step)? - at(-step)?) / (2.0 * f64::from(step)));
    }
    close(
        &format!("dE/dw of {json} with {loss:?}"),
        chosen.iter().map(|&i| gradient[i]),
        slopes.into_iter(),
        5e-3,
    )
}
