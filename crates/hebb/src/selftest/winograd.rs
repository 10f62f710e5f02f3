//! Networks with a convolution that is computed by fewer multiplications, against the same with a table of connections, which is
//! computed directly, and against finite differences.

use super::close;
use super::gradients::slopes;
use super::layers::{network, text, values};
use crate::data::Dataset;
use crate::losses::Loss;
use crate::network::Network;
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;

/// The outputs, the loss and the gradients of all weights before and in it, for groups, borders and any number of samples.
pub(super) fn as_connections(random: &mut Random, level: Level) -> Result<(), String> {
    let (size, groups) = ([3, 5][random.below(2)], random.below(2) + 1);
    let [channels, filters] = [0; 2].map(|_| 16 + random.below(if groups == 1 { 40 } else { 4 }));
    let [height, width] = [0; 2].map(|_| random.below(4) + 5);
    let padding = [0; 4].map(|_| (size - 1) / 2 + random.below(2));
    let padding = format!("[[{},{}],[{},{}]]", padding[0], padding[1], padding[2], padding[3]);
    let table: Vec<Vec<usize>> = (0..groups * filters)
        .map(|filter| (0..channels).map(|c| filter / filters * channels + c).collect())
        .collect();
    let bias = random.below(2) == 0;
    let json = |how: &str| {
        format!(
            r#"{{"input":[1,{height},{width}],"layers":[
            {{"type":"conv2d","filters":{},"kernel":[1,1],"activation":"tanh"}},
            {{"type":"conv2d","filters":{},"kernel":[{size},{size}],"padding":{padding},"bias":{bias},{how}}},
            {{"type":"flatten"}}]}}"#,
            groups * channels,
            groups * filters,
        )
    };
    let json = [json(&format!(r#""groups":{groups}"#)), json(&format!(r#""connections":{table:?}"#))];
    let samples = random.below(2 * level.block()) + 1;
    let x = values(random, samples * height * width);
    let mut results = Vec::new();
    let (mut parameters, mut targets) = (Vec::new(), Vec::new());
    for json in &json {
        let mut network = network(json, level)?;
        let data = Dataset::from_floats(&[1, height, width], x.clone()).map_err(text)?;
        if parameters.is_empty() {
            parameters = values(random, network.parameters().len());
        }
        network.set_parameters(&parameters).map_err(text)?;
        let y = network.predict(&data, 0, samples).map_err(text)?;
        let first = network.predict(&data, 0, 1).map_err(text)?;
        if first[..] != y[..first.len()] {
            return Err(format!("a sample alone is not what it is among {samples} in {json}"));
        }
        if targets.is_empty() {
            targets = values(random, y.len());
        }
        let data = data.with_values(targets.clone()).map_err(text)?;
        let loss = Loss::SumSquaredError {}.into();
        let report = network.gradients(&data, &data.order(false, 0, 0), &loss, 0).map_err(text)?;
        let gradient = network.gradient().map_err(text)?.to_vec();
        results.push([y, vec![report.loss as f32], gradient]);
    }
    for ((what, own), direct) in ["y", "the loss", "the gradient"].iter().zip(&results[0]).zip(&results[1]) {
        let direct = direct.iter().map(|&value| f64::from(value));
        close(&format!("{what} of {}, batch {samples}", json[0]), own.iter().copied(), direct, 2e-5)?;
    }
    Ok(())
}

/// The gradient against differences of the loss.
pub(super) fn finite_differences(random: &mut Random, level: Level) -> Result<(), String> {
    let (size, filters) = ([3, 5][random.below(2)], 16 + random.below(3));
    let [height, width] = [0; 2].map(|_| random.below(3) + 4);
    let json = format!(
        r#"{{"input":[1,{height},{width}],"seed":{},"layers":[
        {{"type":"conv2d","filters":16,"kernel":[1,1],"activation":"tanh"}},
        {{"type":"conv2d","filters":{filters},"kernel":[{size},{size}],"padding":"same","activation":"tanh"}},
        {{"type":"globalAveragePool2d"}}]}}"#,
        random.bits() % 1000,
    );
    let mut network = network(&json, level)?;
    let samples = random.below(11) + 1;
    let data = Dataset::from_floats(&[1, height, width], values(random, samples * height * width))
        .and_then(|data| data.with_values(values(random, samples * filters)))
        .map_err(text)?;
    let (loss, rows) = (Loss::SumSquaredError {}.into(), data.order(false, 0, 0));
    let measure = |network: &mut Network| network.gradients(&data, &rows, &loss, 7).map_err(text);
    measure(&mut network)?;
    let gradient = network.gradient().map_err(text)?.to_vec();
    let chosen: Vec<usize> = (0..gradient.len()).step_by(1 + gradient.len() / 8).collect();
    let slopes = slopes(&mut network, &chosen, |network| Ok(measure(network)?.loss))?;
    close(&format!("dE/dw of {json}"), chosen.iter().map(|&i| gradient[i]), slopes.into_iter(), 5e-3)
}
