//! An activation and its derivative at given inputs.

use crate::data::Dataset;
use crate::expression::{Expression, Operation};
use crate::layers::Layer;
use crate::layers::activation::ActivationLayer;
use crate::losses::{Loss, TargetKind};
use crate::network::Network;
use crate::network::spec::{Inputs, LayerSpec, Spec};
use crate::options::Activation;
use crate::plan::Draw;
use hebb_kernels::error::Result;

impl Activation {
    /// f and f′ at the given inputs, computed by the same kernels as in a network; inputs may be infinite. For softmax the
    /// derivatives are those of the sum of all outputs.
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
