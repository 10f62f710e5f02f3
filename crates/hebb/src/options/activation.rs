//! The activations and their properties.

use super::json::{Fields, Read, deserialize};
use crate::expression::Expression;
use serde::Serialize;
use serde_json::Value;

/// An activation: by name, with options, or `{ elementwise: … }`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Activation {
    /// x.
    #[default]
    Identity,
    /// 0 below 0, else 1: the threshold unit. It has no gradient to learn by.
    Step,
    /// −1 below 0, else 1. It has no gradient to learn by.
    Sign,
    /// 1 / (1 + e⁻ˣ).
    Sigmoid,
    /// x/6 + ½, clamped to 0 … 1.
    HardSigmoid,
    /// tanh x.
    Tanh,
    /// 1.7159·tanh(2x/3) (LeCun et al. 1998).
    LecunTanh,
    /// max(0, x).
    Relu,
    /// x above 0, else slope·x (Maas et al. 2013).
    LeakyRelu {
        /// Finite.
        slope: f32,
    },
    /// x above 0, else a·x with a trained slope per channel or feature, initially 0.25 (He et al. 2015).
    Prelu,
    /// x above 0, else α·(eˣ − 1) (Clevert et al. 2016).
    Elu {
        /// α, finite.
        alpha: f32,
    },
    /// ELU scaled so that mean 0 and variance 1 are preserved (Klambauer et al. 2017).
    Selu,
    /// x·Φ(x), exactly (Hendrycks and Gimpel 2016).
    Gelu,
    /// x / (1 + e⁻ˣ) (Elfwing et al. 2018), also called swish.
    Silu,
    /// x·tanh(ln(1 + eˣ)) (Misra 2019).
    Mish,
    /// ln(1 + eˣ).
    Softplus,
    /// x / (1 + |x|).
    Softsign,
    /// e^−x².
    Gaussian,
    /// A user-defined function.
    Elementwise(Expression),
    /// e^x / Σ e^x over the features of a sample; only after a layer with a flat output.
    Softmax,
    /// x − ln Σ e^x, likewise.
    LogSoftmax,
}

deserialize! { Activation, "activation"; }

impl Read for Activation {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        if let Some(plain) = PLAIN.into_iter().find(|activation| json == activation.name()) {
            return Ok(plain);
        }
        let none = format!("there is no {name} {json}");
        let mut f = Fields::of(name, json).map_err(|_| none.clone())?;
        let read = if let Some(options) = f.take("leakyRelu") {
            let mut f = Fields::of("leakyRelu", options)?;
            let slope = f.required("slope")?;
            f.end(Activation::LeakyRelu { slope })?
        } else if let Some(options) = f.take("elu") {
            let mut f = Fields::of("elu", options)?;
            let alpha = f.required("alpha")?;
            f.end(Activation::Elu { alpha })?
        } else if let Some(formula) = f.take("elementwise") {
            Activation::Elementwise(Expression::parse(&formula)?)
        } else {
            return Err(none);
        };
        f.end(read)
    }
}

/// Those without options.
const PLAIN: [Activation; 18] = [
    Activation::Identity,
    Activation::Step,
    Activation::Sign,
    Activation::Sigmoid,
    Activation::HardSigmoid,
    Activation::Tanh,
    Activation::LecunTanh,
    Activation::Relu,
    Activation::Prelu,
    Activation::Selu,
    Activation::Gelu,
    Activation::Silu,
    Activation::Mish,
    Activation::Softplus,
    Activation::Softsign,
    Activation::Gaussian,
    Activation::Softmax,
    Activation::LogSoftmax,
];

impl Activation {
    /// Its name, for messages.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Activation::Identity => "identity",
            Activation::Step => "step",
            Activation::Sign => "sign",
            Activation::Sigmoid => "sigmoid",
            Activation::HardSigmoid => "hardSigmoid",
            Activation::Tanh => "tanh",
            Activation::LecunTanh => "lecunTanh",
            Activation::Relu => "relu",
            Activation::LeakyRelu { .. } => "leakyRelu",
            Activation::Prelu => "prelu",
            Activation::Elu { .. } => "elu",
            Activation::Selu => "selu",
            Activation::Gelu => "gelu",
            Activation::Silu => "silu",
            Activation::Mish => "mish",
            Activation::Softplus => "softplus",
            Activation::Softsign => "softsign",
            Activation::Gaussian => "gaussian",
            Activation::Elementwise(_) => "elementwise",
            Activation::Softmax => "softmax",
            Activation::LogSoftmax => "logSoftmax",
        }
    }

    /// Whether its derivative is 0 wherever it exists.
    pub(crate) fn is_flat(&self) -> bool {
        matches!(self, Activation::Step | Activation::Sign)
    }
}

/// Properties of an activation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActivationProperties {
    /// Least and greatest value, or the limits.
    pub range: [f64; 2],
    /// The supremum of |f′|.
    pub bound: f64,
    /// Where f has no derivative.
    pub kinks: Vec<f64>,
}

impl Activation {
    /// Range, derivative bound and kinks; `None` for PReLU and user-defined formulas.
    pub fn properties(&self) -> Option<ActivationProperties> {
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
            // The minimum is where f′ = 0; f′ is largest at √2.
            Activation::Gelu => (-0.169_971_207_479_903_66, ALL, 1.128_904_145_185_155, &[]),
            Activation::Silu => (-0.278_464_542_761_073_8, ALL, 1.099_839_320_128_867, &[]),
            Activation::Mish => (-0.308_843_413_017_250_43, ALL, 1.088_498_161_251_728, &[]),
            Activation::Softplus => (0.0, ALL, 1.0, &[]),
            // |f′| = 2|x|·e^−x² is largest at 1/√2: √2·e^−½.
            Activation::Gaussian => (0.0, 1.0, 0.857_763_884_960_706_8, &[]),
            // For an output by its own net input.
            Activation::Softmax => (0.0, 1.0, 0.25, &[]),
            Activation::LogSoftmax => (-ALL, 0.0, 1.0, &[]),
            Activation::Prelu | Activation::Elementwise(_) => return None,
        };
        Some(ActivationProperties { range: [low, high], bound, kinks: kinks.to_vec() })
    }
}

/// x above 0; below 0 values from `low` on, with slopes up to `slope`.
fn below(slope: f64, low: f64, kink: bool) -> (f64, f64, f64, &'static [f64]) {
    (low, f64::INFINITY, slope.abs().max(1.0), if kink { &[0.0] } else { &[] })
}
