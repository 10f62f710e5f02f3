//! Weights in fewer bits (`stored` of the kernels): outside they are numbers as all parameters, and come after all others.

use super::Network;
use crate::plan::{Stored, Tensor};
use hebb_kernels::error::{Error, Result};
use hebb_kernels::simd::LARGEST_HALF;
use hebb_kernels::stored::{PANEL, Storage};
use std::borrow::Cow;

impl Network {
    /// All parameters, as [`Network::set_parameters`] takes them; those in fewer bits are decoded.
    pub fn values(&self) -> Cow<'_, [f32]> {
        if self.plan.count == self.parameters.len() {
            return Cow::Borrowed(&self.parameters);
        }
        let mut all = self.parameters[..self.plan.stored].to_vec();
        all.resize(self.plan.count, 0.0);
        for (tensor, stored) in stored(&self.plan.tensors) {
            let inputs = tensor.size / tensor.shape[0];
            let rows = all[tensor.offset..tensor.offset + tensor.size].chunks_exact_mut(inputs).enumerate();
            for (unit, row) in rows {
                let panel = &self.parameters[self.plan.stored + stored.panel(inputs, unit)..];
                // SAFETY: the plan gave the tensor whole panels.
                unsafe { stored.storage.decode(panel.as_ptr(), unit % PANEL, row) }
            }
        }
        Cow::Owned(all)
    }

    /// Replaces weights in fewer bits from parameter `from` on: whole rows of one tensor or of several.
    pub(super) fn store(&mut self, mut from: usize, mut values: &[f32]) -> Result<()> {
        while !values.is_empty() {
            let (tensor, stored) = stored(&self.plan.tensors)
                .find(|(tensor, _)| (tensor.offset..tensor.offset + tensor.size).contains(&from))
                .expect("the range was checked");
            let inputs = tensor.size / tensor.shape[0];
            let unit = (from - tensor.offset) / inputs;
            if !(from - tensor.offset).is_multiple_of(inputs) || values.len() < inputs {
                return Err(Error::shape(format!("the weights \"{}\" are set by whole rows", tensor.name)));
            }
            let (row, rest) = values.split_at(inputs);
            let large = row.iter().find(|value| value.abs() > LARGEST_HALF);
            if let (Storage::F16, Some(value)) = (stored.storage, large) {
                let name = &tensor.name;
                return Err(Error::data(format!(
                    "the weights \"{name}\" contain {value}, but f16 ends at {LARGEST_HALF}: keep this layer in 32 bits"
                )));
            }
            let panel = &mut self.parameters[self.plan.stored + stored.panel(inputs, unit)..];
            // SAFETY: the plan gave the tensor whole panels.
            unsafe { stored.storage.encode(row, panel.as_mut_ptr(), unit % PANEL) }
            (from, values) = (from + inputs, rest);
        }
        Ok(())
    }
}

/// The tensors in fewer bits.
fn stored(tensors: &[Tensor]) -> impl Iterator<Item = (&Tensor, Stored)> {
    tensors.iter().filter_map(|tensor| Some((tensor, tensor.stored?)))
}
