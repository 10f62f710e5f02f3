//! The weights of the epoch with the lowest loss.

use crate::archive::Archive;
use crate::network::Network;
use hebb_kernels::error::Result;

/// Keeps the lowest loss, and the weights that have it.
pub struct BestWeights {
    loss: f64,
    /// None unless they are kept.
    weights: Option<Vec<f32>>,
    /// Whether the network has them.
    present: bool,
}

impl BestWeights {
    /// With `keep` it keeps the weights for [`BestWeights::restore`].
    pub fn new(keep: bool) -> Self {
        Self { loss: f64::INFINITY, weights: keep.then(Vec::new), present: false }
    }

    /// Notes the loss of the network's weights; returns whether it is the lowest so far.
    pub fn note(&mut self, network: &Network, loss: f64) -> bool {
        self.present = loss < self.loss;
        if self.present {
            self.loss = loss;
            if let Some(weights) = &mut self.weights {
                weights.clear();
                weights.extend_from_slice(network.parameters());
            }
        }
        self.present
    }

    /// Exchanges them with an archive; `parameters` is their number.
    pub(super) fn exchange(&mut self, archive: &mut Archive, parameters: usize) {
        archive.number(&mut self.loss);
        archive.flag(&mut self.present);
        if let Some(weights) = &mut self.weights {
            archive.floats(weights, parameters);
        }
    }

    /// The network has trained since.
    pub fn outdate(&mut self) {
        self.present = false;
    }

    /// Restores the weights, unless the network has them.
    pub fn restore(&self, network: &mut Network) -> Result<()> {
        match &self.weights {
            Some(weights) if !self.present && !weights.is_empty() => network.set_parameters(weights),
            _ => Ok(()),
        }
    }
}
