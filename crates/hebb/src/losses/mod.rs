//! The losses that training minimises, and their gradients at the network's output. Cross-entropies work on the net input of
//! softmax or sigmoid, where they are stable and their gradient is simply (a − t).

mod binary_cross_entropy;
mod compiled;
mod constant;
mod cross_entropy;
mod decision;
mod elementwise;
mod mean_squared_error;
mod normalized_squared_error;
mod penalty;
mod root_mean_squared_error;
mod squares;
mod sum_squared_error;
mod targets;
mod term;

pub(crate) use compiled::{CompiledLoss, Outcome};
pub use decision::{Decision, Score};
use targets::check_reach;
use term::ErrorTerm;

use crate::data::Dataset;
use crate::expression::Expression;
use crate::options::Regularization;
use crate::options::json::{Fields, Read, deserialize};
use crate::plan::{Plan, Trained};
use hebb_kernels::error::{Error, Result};
use serde_json::Value;
use std::borrow::Cow;

/// The divisor of a mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// The number of samples.
    #[default]
    Samples,
    /// The number of samples times outputs, as PyTorch's `mean`.
    Elements,
}

/// A loss.
#[derive(Clone, Debug, PartialEq)]
pub enum Loss {
    /// E = ½ ΣΣ (t − a)², over outputs and batch.
    SumSquaredError {},
    /// ΣΣ (a − t)² / samples.
    MeanSquaredError {
        /// The divisor.
        reduction: Reduction,
    },
    /// The root of the mean squared error of a batch; for networks with one output.
    RootMeanSquaredError {
        /// The divisor.
        reduction: Reduction,
    },
    /// ΣΣ (a − t)² / ΣΣ (t − t̄)²: 1 if the network predicts the mean of the targets (OpenNN).
    NormalizedSquaredError {
        /// Σ(t − t̄)² / samples, summed over outputs; 0 to use that of the data set.
        variance: f64,
    },
    /// −ΣΣ w·t′·ln p / samples, after softmax or a linear layer (then its outputs are logits), with t′ = (1 − s)·t + s/classes.
    CrossEntropy {
        /// s, 0 to 1 (Szegedy et al. 2016).
        smoothing: f32,
        /// w of each class; empty for 1.
        weights: Vec<f32>,
        /// j: one more class that is never right, with the logit −j (LeCun et al. 1998).
        rubbish: Option<f32>,
    },
    /// −ΣΣ (w·t·ln p + (1 − t)·ln(1 − p)) / samples, after sigmoid or a linear layer.
    BinaryCrossEntropy {
        /// w, above 0.
        positive: f32,
    },
    /// A user-defined function of an output and its target: ΣΣ f(a, t) / samples.
    Elementwise {
        /// f.
        expression: Expression,
        /// The targets that it accepts.
        targets: TargetKind,
    },
}

/// The targets that a user-defined loss accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TargetKind {
    /// Any number.
    #[default]
    Numbers,
    /// −1 and 1, as for the hinge loss.
    Signs,
    /// Probabilities that sum to 1, as for the Kullback–Leibler divergence.
    Probabilities,
}

impl Loss {
    /// Its implementation, not yet compiled.
    fn term(&self) -> Box<dyn ErrorTerm> {
        match self.clone() {
            Loss::SumSquaredError {} => Box::new(sum_squared_error::SumSquaredError),
            Loss::MeanSquaredError { reduction } => {
                Box::new(mean_squared_error::MeanSquaredError { reduction })
            }
            Loss::RootMeanSquaredError { reduction } => {
                Box::new(root_mean_squared_error::RootMeanSquaredError { reduction })
            }
            Loss::NormalizedSquaredError { variance } => {
                Box::new(normalized_squared_error::NormalizedSquaredError { variance })
            }
            Loss::CrossEntropy { smoothing, weights, rubbish } => {
                Box::new(cross_entropy::CrossEntropy { smoothing, weights, rubbish })
            }
            Loss::BinaryCrossEntropy { positive } => {
                Box::new(binary_cross_entropy::BinaryCrossEntropy { positive })
            }
            Loss::Elementwise { expression, targets } => {
                Box::new(elementwise::Elementwise { expression, targets, program: None })
            }
        }
    }

    fn read(value: Value) -> std::result::Result<Self, String> {
        let Value::Object(fields) = value else { return Err("a loss is an object".to_owned()) };
        let mut f = Fields::new(fields);
        let text =
            |value: Option<Value>| value.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        let kind = text(f.take("type"));
        let squared = kind == "meanSquaredError" || kind == "rootMeanSquaredError";
        let reduction = match squared.then(|| text(f.take("reduction"))).as_deref() {
            Some("elements") => Reduction::Elements,
            _ => Reduction::Samples,
        };
        let loss = match kind.as_str() {
            "sumSquaredError" => Loss::SumSquaredError {},
            "meanSquaredError" => Loss::MeanSquaredError { reduction },
            "rootMeanSquaredError" => Loss::RootMeanSquaredError { reduction },
            "normalizedSquaredError" => {
                Loss::NormalizedSquaredError { variance: f.number("variance", Some(0.0)) }
            }
            "crossEntropy" => {
                let weights = f.take("classWeights");
                let weights = weights.as_ref().and_then(Value::as_array).into_iter().flatten();
                Loss::CrossEntropy {
                    smoothing: f.float("labelSmoothing", 0.0),
                    rubbish: f.optional("rubbish"),
                    weights: weights.map(|w| w.as_f64().unwrap_or(f64::NAN) as f32).collect(),
                }
            }
            "binaryCrossEntropy" => Loss::BinaryCrossEntropy { positive: f.float("positiveWeight", 1.0) },
            "elementwise" => Loss::Elementwise {
                expression: Expression::parse(&f.take("expression").unwrap_or_default())?,
                targets: match text(f.take("targets")).as_str() {
                    "" => TargetKind::Numbers,
                    "signs" => TargetKind::Signs,
                    "probabilities" => TargetKind::Probabilities,
                    other => return Err(format!("a loss has no targets \"{other}\"")),
                },
            },
            _ => return Err(format!("there is no loss \"{kind}\"")),
        };
        f.end(loss)
    }
}

/// The loss index of a network, which training minimises: the sum of an error term per output, and a regularisation term.
#[derive(Clone, Debug, PartialEq)]
pub struct Losses {
    /// One per output, in their order, or a single one for all.
    pub errors: Vec<Loss>,
    /// The regularisation of layers without one of their own.
    pub regularization: Regularization,
}

impl From<Loss> for Losses {
    fn from(loss: Loss) -> Self {
        Self { errors: vec![loss], regularization: Regularization::default() }
    }
}

deserialize! { Losses, "loss"; }

// A loss, a list of them, or `{ errors, regularization }`.
impl Read for Losses {
    fn read(_: &str, mut value: Value) -> std::result::Result<Self, String> {
        let mut regularization = Regularization::default();
        if let Some(errors) = value.get_mut("errors").map(Value::take) {
            if let Some(own) = value.get_mut("regularization").map(Value::take) {
                regularization = Regularization::read("regularization", own)?;
            }
            value = errors;
        }
        let errors = match value {
            Value::Array(all) => all.into_iter().map(Loss::read).collect(),
            one => Loss::read(one).map(|one| vec![one]),
        };
        Ok(Self { errors: errors?, regularization })
    }
}

impl Losses {
    /// Whether it is a sum over the samples, not a mean.
    pub(crate) fn is_sum(&self) -> bool {
        self.errors.contains(&Loss::SumSquaredError {})
    }

    /// Whether it is a root, so that losses of parts of a batch do not add up.
    pub(crate) fn is_root(&self) -> bool {
        self.errors.iter().any(|loss| matches!(loss, Loss::RootMeanSquaredError { .. }))
    }

    /// Refuses terms of a batch that do not add up from parts of it.
    pub(crate) fn check_parts(&self, compiled: &CompiledLoss) -> Result<()> {
        if self.is_root() || (self.is_sum() && compiled.is_regularized()) {
            return Err(Error::option(
                "rootMeanSquaredError, and sumSquaredError with regularization, do not add up from parts of the samples: use meanSquaredError",
            ));
        }
        Ok(())
    }

    /// The same, with missing variances set to those of a data set's targets.
    pub(crate) fn normalized(&self, data: &Dataset, plan: &Plan) -> Result<Cow<'_, Losses>> {
        let unknown = |loss: &Loss| *loss == Loss::NormalizedSquaredError { variance: 0.0 };
        if !self.errors.iter().any(unknown) {
            return Ok(Cow::Borrowed(self));
        }
        data.check_targets(&plan.named_outputs())?;
        let (mut from, mut all) = (0, self.clone());
        all.errors = self.all(plan);
        for (loss, output) in all.errors.iter_mut().zip(&plan.outputs) {
            let to = from + output.features();
            if unknown(loss) {
                let variance = data.variance(from..to) / output.steps() as f64;
                if variance <= 0.0 {
                    return Err(Error::data(format!(
                        "normalizedSquaredError divides by the variance of the targets, and all targets are the same ({})",
                        output.name
                    )));
                }
                *loss = Loss::NormalizedSquaredError { variance };
            }
            from = to;
        }
        Ok(Cow::Owned(all))
    }

    /// The loss of an output.
    fn of_output(&self, number: usize) -> &Loss {
        self.errors.get(number).unwrap_or(&self.errors[0])
    }

    /// One per output.
    fn all(&self, plan: &Plan) -> Vec<Loss> {
        match self.errors.as_slice() {
            [one] => vec![one.clone(); plan.outputs.len()],
            _ => self.errors.clone(),
        }
    }

    /// As [`Losses::compile`], for training with samples like those of a data set.
    pub(crate) fn compile_for(&self, data: &Dataset, plan: &Plan) -> Result<CompiledLoss> {
        let mut compiled = self.normalized(data, plan)?.compile_to_train(plan)?;
        compiled.measure_by(data, plan);
        Ok(compiled)
    }

    /// As [`Losses::compile`], for training.
    pub(crate) fn compile_to_train(&self, plan: &Plan) -> Result<CompiledLoss> {
        match &plan.flat {
            Some(layer) => Err(Error::option(format!(
                "layer {layer} cannot be trained through: its derivative is 0 wherever it exists, so nothing before it would learn. Train with sigmoid or tanh, or use the perceptron's own rule"
            ))),
            None => self.compile(plan),
        }
    }

    pub(crate) fn compile(&self, plan: &Plan) -> Result<CompiledLoss> {
        let losses = self.all(plan);
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
        if self.is_root() && losses.len() > 1 {
            return Err(Error::option("rootMeanSquaredError is for one output: use meanSquaredError"));
        }
        let parts: Result<Vec<_>> =
            losses.iter().zip(&plan.outputs).map(|(loss, output)| loss.compile(plan, output)).collect();
        Ok(CompiledLoss {
            parts: parts?,
            root: self.is_root(),
            penalties: self.regularization.penalties(plan)?,
            first: 0,
            trained: Trained::all(plan),
        })
    }
}
