//! The initial values of the parameters.

use crate::options::{Activation, Initializer};
use hebb_kernels::random::{Stream, fill_normal, fill_uniform};

/// The initial value of a tensor.
#[derive(Clone, Debug)]
pub(crate) enum InitialValue {
    /// Random weights.
    Weight {
        kind: Initializer,
        /// Inputs and outputs per unit.
        fan: (usize, usize),
    },
    /// A parameter with this value everywhere.
    Constant(f32),
    /// A parameter with these values.
    Given(Vec<f32>),
    /// As `Constant`, for a tensor that is not trained: a statistic.
    Statistic(f32),
}

impl InitialValue {
    /// Random weights; the default depends on the activation after them.
    pub fn weight(kind: Option<Initializer>, activation: &Activation, fan: (usize, usize)) -> Self {
        let usual = match activation {
            Activation::Relu
            | Activation::LeakyRelu { .. }
            | Activation::Prelu
            | Activation::Elu { .. }
            | Activation::Gelu
            | Activation::Silu
            | Activation::Mish
            | Activation::Softplus => Initializer::HeNormal,
            Activation::Selu => Initializer::LecunNormal,
            _ => Initializer::GlorotUniform,
        };
        InitialValue::Weight { kind: kind.unwrap_or(usual), fan }
    }

    /// Fills a tensor; `number` selects its random stream.
    pub fn fill(&self, values: &mut [f32], seed: u64, number: u32) {
        match self {
            &InitialValue::Weight { kind, fan } => {
                draw(values, kind, fan, seed, Stream::Initialisation(number))
            }
            InitialValue::Constant(value) | InitialValue::Statistic(value) => values.fill(*value),
            InitialValue::Given(given) => values.copy_from_slice(given),
        }
    }
}

fn draw(values: &mut [f32], kind: Initializer, fan: (usize, usize), seed: u64, stream: Stream) {
    use Initializer::*;
    let (fan_in, fan_out) = (fan.0 as f64, fan.1 as f64);
    let variance = match kind {
        GlorotUniform | GlorotNormal => 2.0 / (fan_in + fan_out),
        HeUniform | HeNormal => 2.0 / fan_in,
        LecunUniform | LecunNormal => 1.0 / fan_in,
        Uniform(bound) => f64::from(bound).powi(2) / 3.0,
        Normal(deviation) => f64::from(deviation).powi(2),
        Zeros => 0.0,
    };
    match kind {
        GlorotUniform | HeUniform | LecunUniform | Uniform(_) => {
            let bound = (3.0 * variance).sqrt() as f32;
            fill_uniform(values, -bound, bound, seed, stream);
        }
        _ => fill_normal(values, variance.sqrt() as f32, seed, stream),
    }
}
