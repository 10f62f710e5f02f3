//! Dense layers without activations, multiplied out into one.

use crate::network::Network;
use crate::options::Activation;
use hebb_kernels::error::{Error, Result};

impl Network {
    /// The single dense layer equivalent to a sequence of dense layers without activations: W `[outputs, inputs]` and b,
    /// computed in 64 bits: W₂·(W₁·x + b₁) + b₂ = (W₂·W₁)·x + (W₂·b₁ + b₂). The error names the first layer that is not linear.
    pub fn collapse(&self) -> Result<(Vec<f32>, Vec<f32>)> {
        let values = self.values();
        let mut before = self.inputs().swap_remove(0).0;
        // A row per output: weights, then the bias. `None` is the identity.
        let mut all: Option<Vec<Vec<f64>>> = None;
        for layer in self.layers() {
            let name = &layer.name;
            let refuse = |why: String| Err(Error::option(format!("collapse: layer \"{name}\" {why}")));
            if layer.activation != Activation::Identity {
                let activation = layer.activation.name();
                return refuse(format!(
                    "has the activation {activation}: only without one layers are one matrix"
                ));
            }
            if layer.from != [before] || self.inputs().len() > 1 {
                return refuse(
                    "does not read the layer before alone: collapse takes layers in a row".to_owned(),
                );
            }
            before = name.clone();
            match layer.kind {
                "flatten" | "reshape" | "activation" | "dropout" => continue,
                "dense" if layer.output.len() == 2 => {
                    return refuse("acts on each time step: collapse takes layers of flat values".to_owned());
                }
                "dense" => {}
                kind => return refuse(format!("is a {kind}: collapse takes dense layers")),
            }
            let tensor = |part: &str| {
                let found = self.tensors().iter().find(|tensor| tensor.name == format!("{name}.{part}"));
                found.map(|tensor| &values[tensor.offset..][..tensor.size])
            };
            let (weight, bias) = (tensor("weight").unwrap_or_default(), tensor("bias"));
            let row = |(u, weights): (usize, &[f32])| {
                let bias = bias.map_or(0.0, |bias| f64::from(bias[u]));
                let Some(all) = &all else {
                    return weights.iter().map(|&w| w.into()).chain([bias]).collect();
                };
                let mut row = vec![0.0; all[0].len()];
                for (&w, inner) in weights.iter().zip(all) {
                    row.iter_mut().zip(inner).for_each(|(sum, value)| *sum += f64::from(w) * value);
                }
                *row.last_mut().expect("a bias") += bias;
                row
            };
            let next = weight.chunks_exact(weight.len() / layer.output[0]).enumerate().map(row).collect();
            all = Some(next);
        }
        let Some(all) = all else {
            return Err(Error::option("collapse: there is no dense layer"));
        };
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for row in &all {
            let (last, weights) = row.split_last().expect("a bias");
            weight.extend(weights.iter().map(|&w| w as f32));
            bias.push(*last as f32);
        }
        Ok((weight, bias))
    }
}
