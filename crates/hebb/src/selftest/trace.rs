//! Traces of steps, for random networks with every kind of layer, against the formulas of dense layers.

use super::{close, gradients::drawn};
use crate::optimizers::Optimizer;
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;

/// net = W·a + b, ∂E/∂W = −Σ δ·a and ∂E/∂b = −Σ δ of dense layers; the gradient, Δw and the previous Δw equal those of
/// training; and `check_gradients` agrees.
pub(super) fn steps(random: &mut Random, level: Level) -> Result<(), String> {
    let text = |error: hebb_kernels::error::Error| error.to_string();
    let (mut network, data, loss, json) = drawn(random, level)?;
    let (loss, rows) = (loss.into(), data.order(false, 0, 0));
    let optimizer = [
        r#"{"type":"sgd","learningRate":0.01,"momentum":0.9}"#,
        r#"{"type":"sgd","learningRate":0.01,"clip":{"norm":0.1}}"#,
        r#"{"type":"adam","learningRate":0.001}"#,
    ][random.below(3)];
    let optimizer: Optimizer = serde_json::from_str(optimizer).map_err(|error| error.to_string())?;
    let mut before = vec![0.0; network.trained()];
    for step in 0..3 {
        let start = network.parameters().to_vec();
        let trace = network.trace(&data, &loss, &optimizer).map_err(text)?;
        if network.parameters() != start || trace.previous != before {
            return Err(format!("{json}, step {step}: the network, or the step before, is another one"));
        }
        for (layer, [net, a, delta]) in network.layers().iter().zip(&trace.layers) {
            let own = |part: &str| {
                let name = format!("{}.{part}", layer.name);
                network
                    .tensors()
                    .iter()
                    .find(|tensor| tensor.name == name)
                    .map(|t| t.offset..t.offset + t.size)
            };
            let from = network.layers().iter().position(|other| other.name == layer.from[0]);
            // The weights of dense2 are also those of a shared layer.
            let (Some(weight), Some(from), "dense") = (own("weight"), from, layer.kind) else { continue };
            let (units, x) = (layer.output[layer.output.len() - 1], &trace.layers[from][1]);
            // A time step is like a sample.
            let inputs = weight.len() / units;
            let samples = x.len() / inputs;
            let bias = own("bias");
            let wide = |values: &[f32]| values.iter().map(|&v| f64::from(v)).collect::<Vec<f64>>();
            let (w, x, d) = (wide(&start[weight.clone()]), wide(x), wide(delta));
            let b = bias.clone().map_or(vec![0.0; units], |bias| wide(&start[bias]));
            let expected = (0..samples * units).map(|at| {
                let (n, u) = (at / units, at % units);
                (0..inputs).fold(b[u], |sum, i| sum + w[u * inputs + i] * x[n * inputs + i])
            });
            let what = |what: &str| format!("{json}, step {step}: {what} of {}", layer.name);
            close(&what("net"), net.iter().copied(), expected, 1e-5)?;
            if layer.name == "dense2" {
                continue;
            }
            let slopes = (0..units * inputs).map(|at| {
                let (u, i) = (at / inputs, at % inputs);
                -(0..samples).map(|n| d[n * units + u] * x[n * inputs + i]).sum::<f64>()
            });
            close(&what("dE/dw"), trace.gradient[weight].iter().copied(), slopes, 1e-4)?;
            if let Some(bias) = bias {
                let slopes = (0..units).map(|u| -(0..samples).map(|n| d[n * units + u]).sum::<f64>());
                close(&what("dE/db"), trace.gradient[bias].iter().copied(), slopes, 1e-4)?;
            }
            if layer.name == "dense1" {
                let tanh = net.iter().map(|&net| f64::from(net).tanh());
                close(&what("a"), a.iter().copied(), tanh, 1e-5)?;
            }
        }
        network.keep_last_step();
        // Dropout draws by the updates in the optimizer state.
        let draw = network.steps();
        let report = network.gradients(&data, &rows, &loss, draw).map_err(text)?;
        if report.loss != trace.loss || network.gradient().map_err(text)? != trace.gradient {
            return Err(format!("{json}, step {step}: the gradient is not that of training"));
        }
        // Batch norm's running statistics are not changed by the optimizer.
        let start = network.parameters().to_vec();
        network.update(&optimizer, None).map_err(text)?;
        let moved = start.iter().zip(&trace.step).map(|(w, step)| w + step);
        if !moved.eq(network.parameters()[..network.trained()].iter().copied()) {
            return Err(format!("{json}, step {step}: the weights are not w + dw"));
        }
        before = trace.step;
    }
    if random.below(10) > 0 {
        return Ok(());
    }
    let checks = network.check_gradients(&data, &loss).map_err(text)?;
    match checks.iter().find(|check| check.error > 1e-3) {
        Some(wrong) => Err(format!("{json}: {wrong:?}")),
        None => Ok(()),
    }
}
