//! Layers that work in the plan or across the batch, as networks, against their naive twins.

use super::{close, within};
use crate::data::Dataset;
use crate::losses::Loss;
use crate::network::Network;
use crate::network::spec::Spec;
use hebb_kernels::naive;
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;
use ndarray::{Array2, Array3, Array4, Axis, concatenate, s};

pub(super) fn text(error: impl ToString) -> String {
    error.to_string()
}

pub(super) fn network(json: &str, level: Level) -> Result<Network, String> {
    let spec: Spec = serde_json::from_str(json).map_err(text)?;
    Network::with_level(spec, level).map_err(text)
}

pub(super) fn values(random: &mut Random, count: usize) -> Vec<f32> {
    (0..count).map(|_| random.uniform(-1.0, 1.0)).collect()
}

/// Batch normalisation after a 1×1 convolution, which exposes its dx: loss, all gradients, running statistics and the
/// inference that follows.
pub(super) fn batch_norm(random: &mut Random, level: Level) -> Result<(), String> {
    let [channels, height, width] = [0; 3].map(|_| random.below(4) + 1);
    let (filters, samples) = (random.below(5) + 1, random.below(40) + 2);
    let (momentum, epsilon) = (random.uniform(0.0, 1.0), random.uniform(1e-5, 0.1));
    let json = format!(
        r#"{{"input":[{channels},{height},{width}],"layers":[
        {{"type":"conv2d","filters":{filters},"kernel":[1,1]}},
        {{"type":"batchNorm","momentum":{momentum},"epsilon":{epsilon}}},{{"type":"flatten"}}]}}"#
    );
    let mut network = network(&json, level)?;
    let mut parameters = values(random, network.parameters().len());
    let states = network.trained();
    parameters[states..].iter_mut().for_each(|state| *state += 1.5);
    network.set_parameters(&parameters).map_err(text)?;
    let (plane, size) = (height * width, filters * height * width);
    let x = values(random, samples * channels * plane);
    let t = values(random, samples * size);
    let data = Dataset::from_floats(&[channels, height, width], x.clone());
    let data = data.and_then(|data| data.with_values(t.clone())).map_err(text)?;
    let report = network.gradients(&data, &data.order(false, 0, 0), &Loss::SumSquaredError {}.into(), 0);
    let report = report.map_err(text)?;

    let wide = |values: &[f32]| values.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();
    let p = wide(&parameters);
    let w = Array2::from_shape_vec((filters, channels), p[..filters * channels].to_vec()).map_err(text)?;
    let part = |i: usize| &p[filters * channels + i * filters..][..filters];
    let (b, gamma, beta, mean, variance) = (part(0), part(1), part(2), part(3), part(4));
    // [samples, plane] for each filter.
    let x = Array4::from_shape_vec((samples, channels, plane, 1), wide(&x)).map_err(text)?;
    let t = Array3::from_shape_vec((samples, filters, plane), wide(&t)).map_err(text)?;
    let (mut loss, mut expected, mut gamma_beta) = (0.0, vec![0.0; filters * channels + filters], Vec::new());
    let mut running = (Vec::new(), Vec::new());
    for f in 0..filters {
        let net = Array2::from_shape_fn((samples, plane), |(n, p)| {
            (0..channels).fold(b[f], |sum, c| sum + w[[f, c]] * x[[n, c, p, 0]])
        });
        let epsilon = f64::from(epsilon);
        let (y, statistics) = naive::batch_norm(net.view(), gamma[f], beta[f], epsilon);
        let dy = &y - &t.slice(s![.., f, ..]);
        loss += 0.5 * dy.mapv(|d| d * d).sum();
        let (dx, dgamma, dbeta) = naive::batch_norm_backward(net.view(), dy.view(), gamma[f], epsilon);
        gamma_beta.push((dgamma, dbeta));
        for c in 0..channels {
            let plane_c = x.slice(s![.., c, .., 0]);
            expected[f * channels + c] = (&dx * &plane_c).sum();
        }
        expected[filters * channels + f] = dx.sum();
        let step = |old: f64, new: f64| old + f64::from(momentum) * (new - old);
        running.0.push(step(mean[f], statistics.0));
        running.1.push(step(variance[f], statistics.1));
    }
    expected.extend(gamma_beta.iter().map(|one| one.0).chain(gamma_beta.iter().map(|one| one.1)));
    let shown = |what: &str| format!("{what} of {json}, batch {samples}");
    close(&shown("the loss"), [report.loss as f32].into_iter(), [loss].into_iter(), 1e-5)?;
    // The gradients of the layers before cancel to nearly nothing; their error is that of their terms.
    let error = 1e-6 * (samples * plane) as f64 * (1.0 + 1.0 / f64::from(epsilon).sqrt().max(0.05));
    let gradient = network.gradient().map_err(text)?.to_vec();
    within(&shown("the gradient"), gradient.into_iter(), expected.into_iter(), error)?;
    let states: Vec<f32> = network.parameters()[states..].to_vec();
    within(&shown("the running statistics"), states.into_iter(), running.0.into_iter().chain(running.1), 1e-5)
}

/// Padding, sums, products, concatenation, shared scaling and reshaping, against ndarray's own.
pub(super) fn moves(random: &mut Random, level: Level) -> Result<(), String> {
    let [channels, height, width] = [0; 3].map(|_| random.below(4) + 1);
    let [top, bottom, left, right] = [0; 4].map(|_| random.below(3));
    let (mean, deviation) = (values(random, channels), random.uniform(0.5, 2.0));
    let features = channels * height * width;
    let json = format!(
        r#"{{"input":[{channels},{height},{width}],"layers":[
        {{"type":"standardize","mean":{mean:?},"deviation":{deviation},"name":"scaled"}},
        {{"type":"shared","of":"scaled","name":"twice"}},
        {{"type":"add","from":["scaled","twice","input"],"name":"sum"}},
        {{"type":"globalAveragePool2d","from":"scaled","name":"means"}},
        {{"type":"multiply","from":["means","sum","input"],"name":"product"}},
        {{"type":"concat","from":["sum","product"],"name":"both"}},
        {{"type":"zeroPadding2d","padding":[[{top},{bottom}],[{left},{right}]]}},
        {{"type":"reshape","shape":[{size}]}}]}}"#,
        size = 2 * channels * (top + height + bottom) * (left + width + right),
    );
    let mut network = network(&json, level)?;
    let samples = random.below(20) + 1;
    let x = values(random, samples * features);
    let data = Dataset::from_floats(&[channels, height, width], x.clone()).map_err(text)?;
    let y = network.predict(&data, 0, samples).map_err(text)?;
    let per = y.len() / samples;
    for (x, y) in x.chunks_exact(features).zip(y.chunks_exact(per)) {
        let x = Array3::from_shape_fn((channels, height, width), |(c, h, w)| {
            f64::from(x[(c * height + h) * width + w])
        });
        let scale = |x: &Array3<f64>| {
            let mut y = x.clone();
            for (mut plane, &mean) in y.axis_iter_mut(Axis(0)).zip(&mean) {
                plane.mapv_inplace(|x| (x - f64::from(mean)) / f64::from(deviation));
            }
            y
        };
        let sum = scale(&x) + scale(&scale(&x)) + &x;
        let mut product = &sum * &x;
        for (mut plane, scaled) in product.axis_iter_mut(Axis(0)).zip(scale(&x).axis_iter(Axis(0))) {
            plane *= scaled.mean().unwrap_or_default();
        }
        let both = concatenate(Axis(0), &[sum.view(), product.view()]).map_err(text)?;
        let mut padded = Array3::zeros((2 * channels, top + height + bottom, left + width + right));
        padded.slice_mut(s![.., top..top + height, left..left + width]).assign(&both);
        close(&json, y.iter().copied(), padded.into_iter(), 1e-5)?;
    }
    Ok(())
}

/// A network on `[T, features]` whose layers act on each time step is the same network on `[features]` with T times as many
/// samples: outputs with the same bits, the loss, and gradients that are the sums over the steps.
pub(super) fn steps(random: &mut Random, level: Level) -> Result<(), String> {
    let [steps, features] = [7, 19].map(|most| random.below(most) + 1);
    // The weights of more units are not packed for a single sample; more yet make the network a large one.
    let units = [random.below(40) + 1, random.below(40) + 1, 520, 700][random.below(4)];
    let most = [1, level.block(), 3 * level.block() + 2][random.below(3)];
    let samples = random.below(most) + 1;
    let inner = ["prelu", "tanh", "identity"][random.below(3)];
    let merge = ["add", "multiply", "concat"][random.below(3)];
    let (mean, deviation) = (values(random, features), random.uniform(0.5, 2.0));
    let layers = format!(
        r#"{{"type":"standardize","mean":{mean:?},"deviation":{deviation},"name":"scaled"}},
        {{"type":"dense","units":{units},"activation":"{inner}","name":"left"}},
        {{"type":"dense","units":{units},"bias":false,"name":"right"}},
        {{"type":"{merge}","from":["left","right"]}},
        {{"type":"concat","from":["scaled","{merge}1"]}},
        {{"type":"dense","units":3,"activation":"sigmoid"}}"#
    );
    let x = values(random, samples * steps * features);
    let t = values(random, samples * steps * 3);
    let loss = [r#"{"type":"sumSquaredError"}"#, r#"{"type":"meanSquaredError","reduction":"elements"}"#];
    let loss = serde_json::from_str(loss[random.below(2)]).map_err(text)?;
    let mut made = None;
    let mut all = Vec::new();
    for (shape, samples) in [(vec![steps, features], samples), (vec![features], samples * steps)] {
        let mut network = network(&format!(r#"{{"input":{shape:?},"layers":[{layers}]}}"#), level)?;
        let parameters = made.get_or_insert_with(|| values(random, network.parameters().len()));
        network.set_parameters(parameters).map_err(text)?;
        let data = Dataset::from_floats(&shape, x.clone());
        let data = data.and_then(|data| data.with_values(t.clone())).map_err(text)?;
        let y = network.predict(&data, 0, samples).map_err(text)?;
        let single = network.predict(&data, samples - 1, 1).map_err(text)?;
        if single != y[y.len() - single.len()..] {
            return Err(format!("{layers}, {shape:?}: the last of {samples} samples is another one alone"));
        }
        let loss = network.gradients(&data, &data.order(false, 0, 0), &loss, 0).map_err(text)?.loss;
        all.push((y, loss, network.gradient().map_err(text)?.to_vec()));
    }
    let (flat, sequence) = (all.pop().unwrap_or_default(), all.pop().unwrap_or_default());
    let what = |what: &str| format!("{what} of {steps} steps, {samples} samples: {layers}");
    close(&what("outputs"), sequence.0.into_iter(), flat.0.iter().map(|&y| f64::from(y)), 0.0)?;
    close(&what("the loss"), [sequence.1 as f32].into_iter(), [flat.1].into_iter(), 1e-6)?;
    close(&what("the gradient"), sequence.2.into_iter(), flat.2.iter().map(|&d| f64::from(d)), 2e-5)
}

/// Dropout: in training the loss under its mask, drawn value by value; in inference no effect.
pub(super) fn dropout(random: &mut Random, level: Level) -> Result<(), String> {
    let (features, samples, rate) =
        (random.below(40) + 1, random.below(20) + 1, [0.0, 0.25, 0.5, 0.9][random.below(4)]);
    let (seed, step) = (u64::from(random.bits() % 1000), random.below(1000) as u64);
    let json = format!(
        r#"{{"input":[{features}],"seed":{seed},"layers":[{{"type":"dropout","rate":{rate}}},{{"type":"dropout","rate":{rate}}}]}}"#
    );
    let mut network = network(&json, level)?;
    let x = values(random, samples * features);
    let data = Dataset::from_floats(&[features], x.clone());
    let data = data.and_then(|data| data.with_values(vec![0.0; x.len()])).map_err(text)?;
    let inferred = network.predict(&data, 0, samples).map_err(text)?;
    close("inference", inferred.into_iter(), x.iter().map(|&x| f64::from(x)), 0.0)?;
    let report = network.gradients(&data, &data.order(false, 0, 0), &Loss::SumSquaredError {}.into(), step);
    let mut loss = 0.0;
    for (at, &x) in x.iter().enumerate() {
        let kept = (0..2).all(|layer| naive::keeps(rate, seed, layer, step, at / features, at % features));
        let y = if kept { f64::from(x) / (1.0 - f64::from(rate)).powi(2) } else { 0.0 };
        loss += 0.5 * y * y;
    }
    close(&json, [report.map_err(text)?.loss as f32].into_iter(), [loss].into_iter(), 1e-5)
}
