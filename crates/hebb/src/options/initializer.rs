//! The initial distributions of weights.

use serde::{Deserialize, Serialize};

/// The initial distribution of a layer's weights. Biases start at zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Initializer {
    /// Uniform within ±√(6 / (fan in + fan out)) (Glorot and Bengio 2010). The default.
    GlorotUniform,
    /// Normal with variance 2 / (fan in + fan out).
    GlorotNormal,
    /// Uniform within ±√(6 / fan in).
    HeUniform,
    /// Normal with variance 2 / fan in (He et al. 2015). The default before ReLU.
    HeNormal,
    /// Uniform within ±√(3 / fan in).
    LecunUniform,
    /// Normal with variance 1 / fan in (LeCun et al. 1998).
    LecunNormal,
    /// All zero.
    Zeros,
}
