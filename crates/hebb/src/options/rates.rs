//! The option `rates`: factors on the learning rate, layer by layer.

use super::json::{Fields, Read, deserialize};
use serde_json::Value;

/// A factor on the learning rate for some layers: 0 freezes a layer.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    /// By name; `*` stands for all layers that have none. Without it, the factor of these is 1.
    pub factors: Vec<(String, f64)>,
}

deserialize! { Rates, "rates"; }

impl Read for Rates {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let mut factors = Vec::new();
        for (layer, factor) in Fields::of(name, json)?.all() {
            let factor = f64::read(&format!("{name}: {layer}"), factor)?;
            factors.push((layer, factor));
        }
        Ok(Self { factors })
    }
}

impl Rates {
    /// The factor of a layer.
    pub(crate) fn of(&self, layer: &str) -> f32 {
        let named = |name: &str| self.factors.iter().find(|(own, _)| own == name);
        named(layer).or_else(|| named("*")).map_or(1.0, |one| one.1 as f32)
    }
}
