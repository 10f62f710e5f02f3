//! What is known of the activations.

use super::Network;
use super::spec::{Activation, Inputs, LayerSpec, Spec};
use crate::data::Dataset;
use crate::error::Result;
use crate::expression::{Expression, Operation};
use crate::layers::activation::ActivationLayer;
use crate::layers::{Draw, Layer};
use crate::losses::{Loss, TargetKind};

/// What is known of an activation.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// No value lies outside.
    pub range: [f64; 2],
    /// |f′| is nowhere larger, and comes as near as one likes.
    pub bound: f64,
    /// Where it has no derivative.
    pub kinks: Vec<f64>,
}

impl Activation {
    /// What is known of it; of parametric ReLU, whose slopes are trained, and of formulas of the user's own nothing.
    pub fn facts(&self) -> Option<Facts> {
        const ALL: f64 = f64::INFINITY;
        let (low, high, bound, kinks): (f64, f64, f64, &[f64]) = match *self {
            Activation::Identity => (-ALL, ALL, 1.0, &[]),
            Activation::Step => (0.0, 1.0, 0.0, &[0.0]),
            Activation::Sign => (-1.0, 1.0, 0.0, &[0.0]),
            Activation::Sigmoid => (0.0, 1.0, 0.25, &[]),
            Activation::HardSigmoid => (0.0, 1.0, 1.0 / 6.0, &[-3.0, 3.0]),
            Activation::Tanh | Activation::Softsign => (-1.0, 1.0, 1.0, &[]),
            Activation::LecunTanh => (-1.7159, 1.7159, 1.7159 * 2.0 / 3.0, &[]),
            Activation::Relu => (0.0, ALL, 1.0, &[0.0]),
            Activation::LeakyRelu { slope } => {
                below(slope.into(), if slope > 0.0 { -ALL } else { 0.0 }, slope != 1.0)
            }
            Activation::Elu { alpha } => below(alpha.into(), (-f64::from(alpha)).min(0.0), alpha != 1.0),
            Activation::Selu => (-1.758_099_340_847_376_6, ALL, 1.758_099_340_847_376_6, &[0.0]),
            // Where f′ = 0; and f′ is largest at √2.
            Activation::Gelu => (-0.169_971_207_479_903_66, ALL, 1.128_904_145_185_155, &[]),
            Activation::Silu => (-0.278_464_542_761_073_8, ALL, 1.099_839_320_128_867, &[]),
            Activation::Mish => (-0.308_843_413_017_250_43, ALL, 1.088_498_161_251_728, &[]),
            Activation::Softplus => (0.0, ALL, 1.0, &[]),
            // |f′| = 2|x|·e^−x² is largest at 1/√2: √2·e^−½.
            Activation::Gaussian => (0.0, 1.0, 0.857_763_884_960_706_8, &[]),
            // Of an output by its own net input.
            Activation::Softmax => (0.0, 1.0, 0.25, &[]),
            Activation::LogSoftmax => (-ALL, 0.0, 1.0, &[]),
            Activation::Prelu | Activation::Elementwise(_) => return None,
        };
        Some(Facts { range: [low, high], bound, kinks: kinks.to_vec() })
    }

    /// f and f′ at some places, computed as in any network; places may be infinite. Of softmax the derivatives are those of
    /// the sum of all outputs.
    pub fn at(&self, places: &[f32]) -> Result<[Vec<f32>; 2]> {
        let layer = Layer::Activation(ActivationLayer { activation: self.clone() });
        let spec = Spec {
            input: Inputs::One(vec![places.len()]),
            seed: 0,
            layers: vec![LayerSpec { name: None, from: None, layer }],
            outputs: None,
        };
        // Of E = Σ a, ∂E/∂net is f′.
        let expression = Expression { operations: vec![Operation::Input(0)] };
        let loss = Loss::Elementwise { expression, targets: TargetKind::Numbers };
        let draw = Draw { seed: 0, step: 0, sample: 0 };
        let mut layers =
            Network::new(spec)?.open(&Dataset::of_places(places), &[0], &loss.into(), draw, -1.0)?;
        let [_, value, derivative] = layers.swap_remove(0);
        Ok([value, derivative])
    }
}

/// x above 0, and below it something from `low` on with slopes up to `slope`.
fn below(slope: f64, low: f64, kink: bool) -> (f64, f64, f64, &'static [f64]) {
    (low, f64::INFINITY, slope.abs().max(1.0), if kink { &[0.0] } else { &[] })
}
