//! Whole networks of random layers: the gradient against finite differences of the loss.

use super::within;
use crate::data::Dataset;
use crate::losses::{CompiledLoss, Loss, Losses, Reduction, TargetKind};
use crate::network::Network;
use crate::network::spec::Spec;
use crate::options::{Rates, Regularization};
use crate::plan::Trained;
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;

/// A random smooth network of images, of sequences or of tokens, with every kind of layer, odd sizes, samples for it, and one of the losses. (ReLU and max
/// pooling have kinks, which finite differences cannot handle; they are compared with their twins and with PyTorch.)
pub(super) fn drawn(random: &mut Random, level: Level) -> Result<(Network, Dataset, Loss, String), String> {
    let huber = r#"[["output"],["target"],["minus",0,1],["power",2,2],["number",1],["plus",3,4],["sqrt",5]]"#;
    let expression = serde_json::from_str(huber).map_err(|error| error.to_string())?;
    let losses: [(Loss, &str); 8] = [
        (Loss::Elementwise { expression, targets: TargetKind::Numbers }, "tanh"),
        (Loss::SumSquaredError {}, "tanh"),
        (Loss::MeanSquaredError { reduction: Reduction::Samples }, "identity"),
        (Loss::MeanSquaredError { reduction: Reduction::Elements }, "softmax"),
        (
            Loss::CrossEntropy {
                smoothing: 0.3 * random.below(2) as f32,
                weights: Vec::new(),
                rubbish: [None, Some(random.uniform(-1.0, 1.0))][random.below(2)],
            },
            ["softmax", "identity"][random.below(2)],
        ),
        (
            Loss::BinaryCrossEntropy { positive: (1 + random.below(3)) as f32 },
            ["sigmoid", "identity"][random.below(2)],
        ),
        (Loss::RootMeanSquaredError { reduction: Reduction::Samples }, "tanh"),
        (Loss::NormalizedSquaredError { variance: 0.0 }, "sigmoid"),
    ];
    let (loss, last) = losses[random.below(8)].clone();
    let inner = [
        r#""sigmoid""#,
        r#""tanh""#,
        r#""silu""#,
        r#"{"elementwise":[["x"],["sigmoid",0],["times",0,1],["number",0.5],["tanh",2],["over",4,3]]}"#,
    ][random.below(4)];
    let (channels, size, units) = (random.below(2) + 1, random.below(3) + 6, random.below(3) + 2);
    let filters = 2 * (random.below(2) + 1);
    let padding = ["[1,0]", "[[2,0],[0,1]]", r#""same""#][random.below(3)];
    let norm = [
        r#"{"type":"batchNorm","name":"norm"}"#,
        r#"{"type":"localResponseNorm","name":"norm","size":3,"alpha":0.5,"beta":0.7}"#,
    ][random.below(2)];
    let merge = ["add", "multiply", "concat"][random.below(3)];
    let merged = if merge == "concat" { 2 * filters } else { filters };
    let excitation = [
        String::new(),
        format!(
            r#"{{"type":"globalAveragePool2d"}},{{"type":"dense","units":{merged},"activation":"sigmoid","name":"gate"}},
            {{"type":"multiply","from":["gate","{merge}1"],"name":"excited"}},"#
        ),
    ];
    let excitation = &excitation[random.below(2)];
    let end = [
        r#"{"type":"globalAveragePool2d"}"#,
        r#"{"type":"averagePool2d","kernel":[2,3],"stride":[1,2],"padding":[1,1],"ceilMode":true},{"type":"flatten"}"#,
        r#"{"type":"zeroPadding2d","padding":[[0,1],[2,0]]},{"type":"flatten"}"#,
        r#"{"type":"subsample2d","kernel":[2,1],"activation":"lecunTanh"},{"type":"flatten"}"#,
    ][random.below(4)];
    let branch = match random.below(2) {
        0 => r#""groups":2"#.to_owned(),
        _ => {
            let table = ["[[1],[0,1]]", "[[1],[0,3],[2,1],[3,0,1]]"][filters / 2 - 1];
            format!(r#""connections":{table}"#)
        }
    };
    let images = format!(
        r#"{{"type":"standardize","mean":0.1,"deviation":0.7}},
        {{"type":"conv2d","filters":{filters},"kernel":[3,2],"padding":{padding},"stride":[1,2],"activation":{inner}}},
        {norm},
        {{"type":"conv2d","filters":{filters},"kernel":[2,2],"dilation":[2,1],{branch},"padding":"same","name":"branch"}},
        {{"type":"{merge}","from":["branch","norm"]}},
        {excitation}{end}"#
    );
    let (steps, mean) = (random.below(5) + 1, &[0.3, -0.2, 0.1][..random.below(3) + 1]);
    let sequences = format!(
        r#"{{"type":"standardize","mean":{mean:?},"deviation":0.7,"name":"scaled"}},
        {{"type":"dense","units":{filters},"activation":{inner},"name":"left"}},
        {{"type":"dropout","rate":0.2}},
        {{{right},"units":{filters},"name":"right"}},
        {{"type":"{merge}","from":["left","right"]}},
        {states},
        {{"type":"concat","from":["scaled","{merge}1","left","states"]}},
        {end}"#,
        right = [r#""type":"dense","bias":false"#, r#""type":"rbf","widths":1.5"#][random.below(2)],
        states = [
            r#"{"type":"rnn","units":3,"bias":false,"returns":"all","name":"states"}"#,
            r#"{"type":"gru","units":3,"returns":"all","name":"states"}"#,
            r#"{"type":"gru","units":3,"reset":"before","bias":false,"returns":"all","name":"states"}"#,
            r#"{"type":"lstm","units":3,"returns":"all","name":"states"}"#,
        ][random.below(4)],
        end = [
            r#"{"type":"flatten"}"#,
            r#"{"type":"rnn","units":4,"activation":"sigmoid"}"#,
            r#"{"type":"gru","units":4}"#,
            r#"{"type":"gru","units":4,"reset":"before"}"#,
            r#"{"type":"lstm","units":4,"bias":false}"#,
        ][random.below(5)],
    );
    let vocabulary = random.below(6) + 1;
    let tokens =
        format!(r#"{{"type":"embedding","units":{},"vocabulary":{vocabulary}}},{sequences}"#, mean.len());
    let (shape, head, reads_tokens) = match random.below(6) {
        0 => (vec![steps, mean.len()], sequences, false),
        1 => (vec![steps], tokens, true),
        2 => (
            vec![units],
            format!(
                r#"{{"type":"dense","name":"code","units":{}}},{{"type":"repeatVector","steps":{steps}}},{sequences}"#,
                mean.len()
            ),
            false,
        ),
        _ => (vec![channels, size, size], images, false),
    };
    let json = format!(
        r#"{{"input":{shape:?},"seed":{seed},"layers":[
        {head},
        {{"type":"dense","name":"dense1","units":5,"bias":false,"activation":"tanh"}},
        {{"type":"rbf","units":5}},
        {{"type":"dense","name":"dense2","units":5,"activation":"sigmoid"}},{euclidean}
        {{"type":"shared","of":"dense2"}},
        {{"type":"dropout","rate":0.3}},
        {{"type":"dense","units":{units},"activation":"{last}"}}]}}"#,
        euclidean = [
            "",
            r#"{"type":"euclideanRbf","centers":[[0.2,0.7,0.1,0.4,0.5],[0.9,0.1,0.3,0.6,0.2],[0.5,0.5,0.8,0.2,0.4]]},
            {"type":"dense","units":5},"#
        ][random.below(2)],
        seed = random.bits() % 1000,
    );
    let spec: Spec = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let network = Network::with_level(spec, level).map_err(|error| error.to_string())?;
    let samples = random.below(11) + 2;
    let input: usize = shape.iter().product();
    let mut value = || match reads_tokens {
        true => random.below(vocabulary) as f32,
        false => random.uniform(-1.0, 1.0),
    };
    let x = (0..samples * input).map(|_| value()).collect();
    let mut t: Vec<f32> = (0..samples * units).map(|_| random.unit()).collect();
    if let Loss::CrossEntropy { .. } = loss {
        for row in t.chunks_exact_mut(units) {
            let sum: f32 = row.iter().sum();
            row.iter_mut().for_each(|t| *t /= sum);
        }
    }
    let data = Dataset::from_floats(&shape, x).and_then(|data| data.with_values(t));
    let data = data.map_err(|error| error.to_string())?;
    Ok((network, data, loss, json))
}

/// Rates that freeze a random half of the layers with parameters of their own, but not all.
fn half(random: &mut Random, network: &Network) -> Rates {
    let layers = network.layers().iter().filter(|layer| layer.parameters > 0);
    let mut factors: Vec<(String, f64)> =
        layers.map(|layer| (layer.name.clone(), random.below(2) as f64)).collect();
    let kept = random.below(factors.len());
    factors[kept].1 = 0.5;
    Rates { factors }
}

/// The gradient of a random network against differences of its loss; in every other case by the layers that are not frozen.
pub(super) fn finite_differences(random: &mut Random, level: Level) -> Result<(), String> {
    let (mut network, data, loss, json) = drawn(random, level)?;
    let rows = data.order(false, 0, 0);
    let index = Losses {
        regularization: Regularization {
            // It has kinks too.
            l1: 0.0,
            l2: 0.1 * random.below(2) as f32,
        },
        ..loss.clone().into()
    };
    let text = |error: hebb_kernels::error::Error| error.to_string();
    let (arranged, mut compiled) = network.fitting(&data, &index).map_err(text)?;
    let pass = |network: &mut Network, compiled: &CompiledLoss| {
        network.pass(&arranged, &rows, compiled, 7, None, true).map_err(text)
    };
    // Then a batch normalisation has running statistics of its own. What is rounded is as large as the gradient by all layers.
    pass(&mut network, &compiled)?;
    let all = network.gradient().map_err(text)?;
    let largest = all.iter().fold(1e-3, |most: f64, &g| most.max(f64::from(g.abs())));
    let rates = if random.below(2) == 0 { half(random, &network) } else { Rates::default() };
    compiled.trained = Trained::new(&network.plan, &rates).map_err(text)?;
    let measure = |network: &mut Network| pass(network, &compiled);
    measure(&mut network)?;
    let gradient = network.gradient().map_err(text)?.to_vec();
    let frozen = |at: &usize| !compiled.trained.has(*at);
    if (0..gradient.len()).filter(frozen).any(|at| gradient[at] != 0.0) {
        return Err(format!("frozen layers of {json} have a gradient, with {rates:?}"));
    }
    let chosen = (0..gradient.len()).step_by(1 + gradient.len() / 60);
    let chosen: Vec<usize> = chosen.filter(|at| !frozen(at)).collect();
    let slopes = slopes(&mut network, &chosen, |network| Ok(measure(network)?.loss))?;
    within(
        &format!("dE/dw of {json} with {loss:?} and {rates:?}"),
        chosen.iter().map(|&i| gradient[i]),
        slopes.into_iter(),
        5e-3 * largest,
    )
}

/// The slopes of a loss by some parameters: its differences.
pub(super) fn slopes(
    network: &mut Network,
    chosen: &[usize],
    loss: impl Fn(&mut Network) -> Result<f64, String>,
) -> Result<Vec<f64>, String> {
    let start = network.parameters().to_vec();
    // A step that balances f32's rounding against the curvature.
    let step = 4e-3f32;
    let mut at = |i: usize, change: f32| {
        let mut moved = start.clone();
        moved[i] += change;
        network.set_parameters(&moved).map_err(|error| error.to_string())?;
        loss(network)
    };
    chosen.iter().map(|&i| Ok((at(i, step)? - at(i, -step)?) / (2.0 * f64::from(step)))).collect()
}
