//! The initial distributions of weights.

use super::json::{Fields, Read, one_of};
use serde_json::Value;

/// The initial distribution of a layer's weights. Biases start at zero.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    /// Uniform within ± this bound.
    Uniform(f32),
    /// Normal with this standard deviation.
    Normal(f32),
    /// All zero.
    Zeros,
}

impl Read for Initializer {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let names = [
            ("glorotUniform", Initializer::GlorotUniform),
            ("glorotNormal", Initializer::GlorotNormal),
            ("heUniform", Initializer::HeUniform),
            ("heNormal", Initializer::HeNormal),
            ("lecunUniform", Initializer::LecunUniform),
            ("lecunNormal", Initializer::LecunNormal),
            ("zeros", Initializer::Zeros),
        ];
        let Value::Object(distribution) = json else { return one_of(name, &json, &names) };
        let mut f = Fields::new(distribution);
        let read = match f.optional("uniform") {
            Some(bound) => Initializer::Uniform(bound),
            None => Initializer::Normal(f.required("normal")?),
        };
        match read {
            Initializer::Uniform(size) | Initializer::Normal(size) if !(size > 0.0 && size <= 1e6) => {
                Err(format!("{name} must be above 0, at most 1e6, got {size}"))
            }
            read => f.end(read),
        }
    }
}
