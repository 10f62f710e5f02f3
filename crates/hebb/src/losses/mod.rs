//! The losses: what training makes small, and its gradient at the network's output. Each reads the last
//! layer: cross-entropies work on the net input of softmax or sigmoid, where they are stable and their
//! gradient is simply (a − t).

mod bound;

pub(crate) use bound::{Bound, Outcome};

use crate::error::{Error, Result};
use crate::expression::Expression;
use crate::network::plan::Plan;
use serde::{Deserialize, Serialize};

/// What a mean is taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reduction {
    /// Divided by the samples.
    #[default]
    Samples,
    /// Divided by the samples and the outputs, as PyTorch's `mean`.
    Elements,
}

/// A loss.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub enum Loss {
    /// E = ½ ΣΣ (t − a)², over outputs and batch.
    SumSquaredError {},
    /// ΣΣ (a − t)² / samples.
    MeanSquaredError {
        /// What the sum is divided by.
        #[serde(default)]
        reduction: Reduction,
    },
    /// −ΣΣ t·ln p / samples, behind softmax or a linear layer (then its outputs are logits).
    CrossEntropy {},
    /// −ΣΣ (t·ln p + (1 − t)·ln(1 − p)) / samples, behind sigmoid or a linear layer.
    BinaryCrossEntropy {},
    /// A function of the user's own of an output and its target: ΣΣ f(a, t) / samples.
    Elementwise {
        /// f.
        expression: Expression,
    },
}

crate::json::tagged!(Loss);

/// The loss of a network: one for every output, or the same for all. Their sum is what training makes small.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Losses {
    /// The same for all.
    Same(Loss),
    /// One for each output, in their order.
    Each(Vec<Loss>),
}

impl From<Loss> for Losses {
    fn from(loss: Loss) -> Self {
        Losses::Same(loss)
    }
}

impl Losses {
    /// Whether it is a sum over the samples, not a mean.
    pub(crate) fn is_sum(&self) -> bool {
        let losses = match self {
            Losses::Same(loss) => std::slice::from_ref(loss),
            Losses::Each(losses) => losses,
        };
        losses.contains(&Loss::SumSquaredError {})
    }

    /// As [`Losses::bind`], for training.
    pub(crate) fn bind_to_train(&self, plan: &Plan) -> Result<Bound> {
        match &plan.flat {
            Some(layer) => Err(Error::option(format!(
                "layer {layer} cannot be trained through: its derivative is 0 wherever it exists, so nothing before it would learn. Train with sigmoid or tanh, or use the perceptron's own rule"
            ))),
            None => self.bind(plan),
        }
    }

    pub(crate) fn bind(&self, plan: &Plan) -> Result<Bound> {
        let losses = match self {
            Losses::Same(loss) => vec![loss.clone(); plan.outputs.len()],
            Losses::Each(losses) => losses.clone(),
        };
        if losses.len() != plan.outputs.len() {
            return Err(Error::option(format!(
                "{} losses for a network with {} outputs",
                losses.len(),
                plan.outputs.len()
            )));
        }
        if self.is_sum() && losses.iter().any(|loss| *loss != (Loss::SumSquaredError {})) {
            return Err(Error::option(
                "sumSquaredError is a sum over the samples, the other losses are means: use meanSquaredError beside them",
            ));
        }
        let parts: Result<Vec<_>> =
            losses.iter().zip(&plan.outputs).map(|(loss, output)| loss.bind(plan, output)).collect();
        Ok(Bound { parts: parts? })
    }
}
