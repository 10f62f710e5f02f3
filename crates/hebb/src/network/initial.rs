//! The initial values of the parameters.

use super::spec::{Activation, Initializer};
use crate::random::{Random, Stream};

/// Fills a weight tensor. `fan` is (inputs, outputs) of a unit; `tensor` is the tensor's number, its stream.
pub(crate) fn fill(
    values: &mut [f32],
    kind: Option<Initializer>,
    activation: Activation,
    fan: (usize, usize),
    seed: u64,
    tensor: u32,
) {
    use Initializer::*;
    let kind = kind.unwrap_or(if activation == Activation::Relu { HeNormal } else { GlorotUniform });
    let (fan_in, fan_out) = (fan.0 as f64, fan.1 as f64);
    let variance = match kind {
        GlorotUniform | GlorotNormal => 2.0 / (fan_in + fan_out),
        HeUniform | HeNormal => 2.0 / fan_in,
        LecunUniform | LecunNormal => 1.0 / fan_in,
        Zeros => 0.0,
    };
    let mut random = Random::new(seed, Stream::Initialisation(tensor));
    match kind {
        GlorotUniform | HeUniform | LecunUniform => {
            let bound = (3.0 * variance).sqrt() as f32;
            values.iter_mut().for_each(|value| *value = random.uniform(-bound, bound));
        }
        _ => {
            let deviation = variance.sqrt() as f32;
            values.iter_mut().for_each(|value| *value = random.normal() * deviation);
        }
    }
}
