//! Layers that compute nothing: the memory of a value does not depend on its shape.

use super::only_input;
use crate::options::json::Fields;
use crate::plan::{Builder, Value};
use hebb_kernels::error::Result;

/// `[C, H, W]` → `[C·H·W]`, `[T, features]` → `[T·features]`.
#[derive(Clone, Debug)]
pub struct Flatten {}

/// The same values in another shape.
#[derive(Clone, Debug)]
pub struct Reshape {
    /// `[features]`, `[T, features]` or `[C, H, W]`, with as many values as the input.
    pub shape: Vec<usize>,
}

/// An earlier layer again, with the same weights.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The name of that layer.
    pub of: String,
}

impl Flatten {
    pub(super) fn read(_: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self {})
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        Ok(Value { shape: vec![x.features()], ..x.clone() })
    }
}

impl Reshape {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { shape: f.required("shape")? })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, inputs: &[Value]) -> Result<Value> {
        let x = only_input(builder, inputs)?;
        let size = self.shape.iter().try_fold(1usize, |all, &one| all.checked_mul(one));
        if !(1..=3).contains(&self.shape.len()) || size != Some(x.features()) {
            return Err(builder.shape(format!(
                "{:?} must be [features], [T, features] or [C, H, W] of as many values as its input {:?} has",
                self.shape, x.shape
            )));
        }
        Ok(Value { shape: self.shape.clone(), ..x.clone() })
    }
}

impl Shared {
    pub(super) fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        Ok(Self { of: f.required("of")? })
    }

    pub(crate) fn plan(&self, builder: &mut Builder, _inputs: &[Value]) -> Result<Value> {
        // The compiler puts the shared layer in its place.
        Err(builder.option("cannot share a layer that is shared itself"))
    }
}
