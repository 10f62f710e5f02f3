//! NaN, infinities, zeros of both signs, subnormal and extreme numbers through every operator: a NaN reaches everything that
//! depends on it and nothing else, and results without rounded sums have the same bits on every back end.

use crate::data::Dataset;
use crate::losses::Losses;
use crate::network::Network;
use crate::network::spec::Spec;
use hebb_kernels::random::Random;
use hebb_kernels::simd::{FUSED, Level};

/// Values that data sets refuse, made from finite numbers: above 10³⁵ a value becomes NaN, above 10³³ +∞, below −10³³ −∞.
const MARKED: &str = r#"{"type":"activation","name":"marked","activation":{"elementwise":[["x"],["number",1e35],
    ["number",-1],["log",2],["number",100],["exp",4],["times",2,5],["number",1e33],["number",-1e33],["where",8,0,6,0],
    ["where",0,7,5,9],["where",0,1,3,10]]}}"#;
const NAN: f32 = 1e36;
const INFINITE: f32 = 1e34;

/// An operator on an input of a shape, and whether it computes no sum or product.
const LAYERS: &[(&str, &str, bool)] = &[
    ("[7]", r#"{"type":"activation","activation":"identity"}"#, true),
    ("[7]", r#"{"type":"activation","activation":"step"}"#, true),
    ("[7]", r#"{"type":"activation","activation":"sign"}"#, true),
    ("[7]", r#"{"type":"activation","activation":"sigmoid"}"#, false),
    ("[7]", r#"{"type":"activation","activation":"hardSigmoid"}"#, true),
    ("[7]", r#"{"type":"activation","activation":"tanh"}"#, false),
    ("[7]", r#"{"type":"activation","activation":"lecunTanh"}"#, false),
    ("[7]", r#"{"type":"activation","activation":"softsign"}"#, true),
    ("[7]", r#"{"type":"activation","activation":"gaussian"}"#, false),
    ("[7]", r#"{"type":"activation","activation":"relu"}"#, true),
    ("[7]", r#"{"type":"activation","activation":{"leakyRelu":{"slope":0.1}}}"#, true),
    ("[7]", r#"{"type":"activation","activation":"prelu"}"#, true),
    ("[7]", r#"{"type":"activation","activation":"softplus"}"#, false),
    ("[7]", r#"{"type":"activation","activation":{"elu":{"alpha":1.5}}}"#, false),
    ("[7]", r#"{"type":"activation","activation":"selu"}"#, false),
    ("[7]", r#"{"type":"activation","activation":"gelu"}"#, false),
    ("[7]", r#"{"type":"activation","activation":"silu"}"#, false),
    ("[7]", r#"{"type":"activation","activation":"mish"}"#, false),
    ("[7]", r#"{"type":"activation","activation":"softmax"}"#, false),
    ("[7]", r#"{"type":"activation","activation":"logSoftmax"}"#, false),
    (
        "[7]",
        r#"{"type":"activation","activation":{"elementwise":[["x"],["number",0],["maximum",0,1]]}}"#,
        true,
    ),
    (
        "[7]",
        r#"{"type":"activation","activation":{"elementwise":[["x"],["number",0],["maximum",1,0]]}}"#,
        true,
    ),
    (
        "[7]",
        r#"{"type":"activation","activation":{"elementwise":[["x"],["number",0.5],["minimum",0,1]]}}"#,
        true,
    ),
    (
        "[7]",
        r#"{"type":"activation","activation":{"elementwise":[["x"],["number",0.5],["minimum",1,0]]}}"#,
        true,
    ),
    (
        "[7]",
        r#"{"type":"activation","activation":{"elementwise":[["x"],["number",0],["number",1],["where",0,1,2,1]]}}"#,
        true,
    ),
    (
        "[7]",
        r#"{"type":"activation","activation":{"elementwise":[["x"],["number",0],["number",1],["where",1,0,2,1]]}}"#,
        true,
    ),
    ("[7]", r#"{"type":"activation","activation":{"elementwise":[["x"],["abs",0],["sqrt",1]]}}"#, true),
    ("[7]", r#"{"type":"activation","activation":{"elementwise":[["x"],["power",0,3]]}}"#, true),
    ("[7]", r#"{"type":"activation","activation":{"elementwise":[["x"],["power",0,-67]]}}"#, false),
    ("[7]", r#"{"type":"activation","activation":{"elementwise":[["x"],["expm1",0],["erf",1]]}}"#, false),
    ("[2,5,4]", r#"{"type":"maxPool2d","kernel":[2,2]}"#, true),
    ("[2,5,4]", r#"{"type":"maxPool2d","kernel":[3,2],"stride":[2,1],"padding":[1,1]}"#, true),
    ("[2,5,4]", r#"{"type":"averagePool2d","kernel":[2,3],"stride":[1,2]}"#, true),
    ("[2,5,4]", r#"{"type":"globalAveragePool2d"}"#, true),
    ("[5,2,2]", r#"{"type":"localResponseNorm","size":3,"alpha":0.5,"beta":0.7}"#, false),
    ("[2,3,3]", r#"{"type":"batchNorm"}"#, true),
    ("[2,3,3]", r#"{"type":"standardize","mean":0.5,"deviation":2}"#, true),
    ("[2,3,3]", r#"{"type":"zeroPadding2d","padding":[[1,0],[0,2]]}"#, true),
    ("[2,3,3]", r#"{"type":"dropout","rate":0.5}"#, true),
    ("[5]", r#"{"type":"repeatVector","steps":3}"#, true),
    ("[2,3,3]", r#"{"type":"permute","axes":[2,0,1]}"#, true),
    ("[7]", r#"{"type":"dense","units":9}"#, false),
    ("[3,5]", r#"{"type":"dense","units":9}"#, false),
    ("[3,5]", r#"{"type":"activation","activation":"prelu"}"#, true),
    ("[3,2]", r#"{"type":"standardize","mean":[0.5,-1],"deviation":[2,0.5]}"#, true),
    ("[7]", r#"{"type":"rbf","units":9}"#, false),
    ("[3,5]", r#"{"type":"rbf","units":9,"widths":2}"#, false),
    ("[2,5,4]", r#"{"type":"conv2d","filters":3,"kernel":[3,3],"padding":"same"}"#, false),
    ("[2,9,9]", r#"{"type":"conv2d","filters":2,"kernel":[2,2],"stride":[2,1],"groups":2}"#, false),
    ("[2,4,5]", r#"{"type":"conv2d","filters":3,"kernel":[2,2],"connections":[[1],[0,1],[0]]}"#, false),
    ("[2,5,4]", r#"{"type":"subsample2d","kernel":[2,3]}"#, true),
    ("[3]", r#"{"type":"euclideanRbf","centers":[[1,-1,1],[0,0.5,2]]}"#, false),
];

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn network(shape: &str, layers: &str, level: Level) -> Result<Network, String> {
    let json = format!(r#"{{"input":{shape},"seed":3,"layers":[{layers}]}}"#);
    let spec: Spec = serde_json::from_str(&json).map_err(|error| format!("{json}: {error}"))?;
    Network::with_level(spec, level).map_err(|error| format!("{json}: {error}"))
}

/// The network's outputs for samples: each sample alone, and all together.
fn predict(network: &mut Network, samples: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, String> {
    let shape = network.input().to_vec();
    let all = Dataset::from_floats(&shape, samples.concat()).map_err(text)?;
    let together = network.predict(&all, 0, samples.len()).map_err(text)?;
    let size = together.len() / samples.len();
    for number in 0..samples.len() {
        let alone = network.predict(&all, number, 1).map_err(text)?;
        if !alone.iter().zip(&together[number * size..]).all(|(a, b)| same(*a, *b)) {
            return Err(format!("sample {:?} is {alone:?} alone, another in company", samples[number]));
        }
    }
    Ok(together.chunks(size).map(<[f32]>::to_vec).collect())
}

/// Whether both have the same bits, or both are NaN, whose bits differ between hosts.
fn same(a: f32, b: f32) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

/// A NaN at a random position of a random layer's input: outputs that depend on it are NaN, the others do not change.
pub(super) fn layers(random: &mut Random, level: Level) -> Result<(), String> {
    let (shape, layer, _) = LAYERS[random.below(LAYERS.len())];
    let mut network = network(shape, &format!("{MARKED},{layer}"), level)?;
    let size = network.input().iter().product();
    let x: Vec<f32> = (0..size).map(|_| random.uniform(-1.0, 1.0)).collect();
    let at = random.below(size);
    let changed = |value: f32| {
        let mut x = x.clone();
        x[at] = value;
        x
    };
    let samples = [x.clone(), changed(50.0), changed(-50.0), changed(NAN)];
    let y = predict(&mut network, &samples)?;
    for (i, &value) in y[3].iter().enumerate() {
        let matters = y[1][i] != y[0][i] || y[2][i] != y[0][i];
        if matters != value.is_nan() || (!matters && value != y[0][i]) {
            return Err(format!("{layer}, NaN at {at} of {x:?}: output {i} is {value}, else {}", y[0][i]));
        }
    }
    Ok(())
}

/// A NaN on the way to any loss: the step is refused, and the error names the layer.
pub(super) fn losses(random: &mut Random, level: Level) -> Result<(), String> {
    let (loss, last) = [
        (r#"{"type":"sumSquaredError"}"#, "relu"),
        (r#"{"type":"meanSquaredError"}"#, "step"),
        (r#"{"type":"rootMeanSquaredError"}"#, "softplus"),
        (r#"{"type":"normalizedSquaredError","variance":2}"#, "selu"),
        (r#"{"type":"crossEntropy"}"#, "softmax"),
        (r#"{"type":"crossEntropy","labelSmoothing":0.1}"#, "logSoftmax"),
        (r#"{"type":"crossEntropy"}"#, "identity"),
        (r#"{"type":"binaryCrossEntropy","positiveWeight":2}"#, "sigmoid"),
        (r#"{"type":"binaryCrossEntropy"}"#, "identity"),
        (r#"{"type":"elementwise","expression":[["output"],["target"],["minus",0,1],["abs",2]]}"#, "elu"),
        (r#"{"type":"elementwise","expression":[["output"],["target"],["maximum",0,1]]}"#, "hardSigmoid"),
    ][random.below(11)];
    let last = if last == "elu" { r#"{"elu":{"alpha":1}}"#.to_owned() } else { format!("\"{last}\"") };
    let middle = [r#"{"type":"activation","activation":"relu"}"#, r#"{"type":"batchNorm"}"#][random.below(2)];
    // The marks come before all weights, so that no step stops a gradient.
    let layers = format!("{MARKED},{middle},{{\"type\":\"activation\",\"activation\":{last}}}");
    let mut network = network("[3]", &layers, level)?;
    let loss: Losses = serde_json::from_str(loss).map_err(text)?;
    let samples = random.below(11) + 2;
    let mut x: Vec<f32> = (0..samples * 3).map(|_| random.uniform(-1.0, 1.0)).collect();
    // For a class that is the target of no sample, too.
    let t: Vec<f32> = (0..samples * 3).map(|i| if i % 3 == 0 { 1.0 } else { 0.0 }).collect();
    let mut step = |x: &[f32]| {
        let data = Dataset::from_floats(&[3], x.to_vec()).and_then(|data| data.with_values(t.clone()));
        let data = data.map_err(text)?;
        network.gradients(&data, &data.order(false, 0, 0), &loss, 0).map_err(text)
    };
    // A step stops the gradient of a batch normalisation before it; then there is no such loss.
    let before = step(&x);
    let at = random.below(x.len());
    x[at] = NAN;
    match (before, step(&x)) {
        (Err(error), _) if error.contains("cannot be trained through") => Ok(()),
        (Err(error), _) => Err(format!("{layers}, {loss:?}: {error}")),
        (_, Err(error)) if error.contains("NaN") && error.contains("\"marked\"") => Ok(()),
        (_, other) => Err(format!("{layers}, {loss:?}, NaN at {at}: {other:?}")),
    }
}

/// Numbers of all kinds through an operator: results without rounded sums are the same on the scalar back end and this one;
/// without fused multiply–adds all results are.
pub(super) fn bits(random: &mut Random, level: Level) -> Result<(), String> {
    const KINDS: [f32; 16] = [
        NAN,
        INFINITE,
        -INFINITE,
        0.0,
        -0.0,
        1e-45,
        -1e-45,
        1e-39,
        f32::MIN_POSITIVE,
        1e-20,
        0.7,
        -0.7,
        104.0,
        -88.5,
        3e32,
        -3e32,
    ];
    let (shape, layer, exact) = LAYERS[random.below(LAYERS.len())];
    let unfused = matches!(level, Level::Scalar) || !FUSED;
    if !exact && !unfused {
        return Ok(());
    }
    let layers = format!("{MARKED},{layer}");
    let (mut own, mut scalar) = (network(shape, &layers, level)?, network(shape, &layers, Level::Scalar)?);
    let size = own.input().iter().product();
    let mut value = || if random.below(2) == 0 { random.uniform(-3.0, 3.0) } else { KINDS[random.below(16)] };
    let samples: Vec<Vec<f32>> = (0..5).map(|_| (0..size).map(|_| value()).collect()).collect();
    let (a, b) = (predict(&mut own, &samples)?, predict(&mut scalar, &samples)?);
    for (sample, (a, b)) in samples.iter().zip(a.iter().zip(&b)) {
        if let Some(i) = a.iter().zip(b).position(|(a, b)| !same(*a, *b)) {
            return Err(format!("{layer} of {sample:?}: {i} is {:e}, by itself {:e}", a[i], b[i]));
        }
    }
    Ok(())
}
