//! Data sets.

use crate::{parse, throw};
use hebb::data::Dataset;
use hebb::error::Error;
use wasm_bindgen::prelude::*;

/// A data set, or a part of one.
#[wasm_bindgen]
pub struct RawDataset(Option<Dataset>);

#[wasm_bindgen]
impl RawDataset {
    /// Bytes, read as value / 255.
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(shape: &[u32], x: Vec<u8>) -> Result<RawDataset, JsValue> {
        Dataset::from_bytes(&sizes(shape), x).map(|data| Self(Some(data))).map_err(throw)
    }

    /// Floats.
    #[wasm_bindgen(js_name = fromFloats)]
    pub fn from_floats(shape: &[u32], x: Vec<f32>) -> Result<RawDataset, JsValue> {
        Dataset::from_floats(&sizes(shape), x).map(|data| Self(Some(data))).map_err(throw)
    }

    /// Adds class numbers.
    #[wasm_bindgen(js_name = setClasses)]
    pub fn set_classes(&mut self, classes: Vec<u32>) -> Result<(), JsValue> {
        self.change(|data| data.with_classes(classes))
    }

    /// Adds target values.
    #[wasm_bindgen(js_name = setTargets)]
    pub fn set_targets(&mut self, values: Vec<f32>) -> Result<(), JsValue> {
        self.change(|data| data.with_values(values))
    }

    /// Names its inputs and outputs: JSON of two lists of [name, shape of one sample].
    #[wasm_bindgen(js_name = setNames)]
    pub fn set_names(&mut self, names: &str) -> Result<(), JsValue> {
        let (inputs, outputs) = parse(names)?;
        self.change(|data| data.with_names(inputs, outputs))
    }

    /// Gives the samples the numbers by which messages name them.
    #[wasm_bindgen(js_name = setNumbers)]
    pub fn set_numbers(&mut self, numbers: Vec<u32>) -> Result<(), JsValue> {
        self.change(|data| data.with_numbers(numbers))
    }

    /// Some of the samples; the data is shared.
    pub fn subset(&self, indices: &[u32]) -> Result<RawDataset, JsValue> {
        self.get()?.subset(indices).map(|data| Self(Some(data))).map_err(throw)
    }

    /// The inputs of all samples, if they are held as bytes.
    pub fn bytes(&self) -> Result<Option<Vec<u8>>, JsValue> {
        self.get()?.x_bytes().map_err(throw)
    }

    /// The inputs of all samples, if they are held as floats.
    pub fn floats(&self) -> Result<Option<Vec<f32>>, JsValue> {
        self.get()?.x_floats().map_err(throw)
    }

    /// The class numbers of all samples, if these are the targets.
    pub fn classes(&self) -> Result<Option<Vec<u32>>, JsValue> {
        Ok(self.get()?.classes())
    }

    /// The target values of all samples, if these are the targets.
    pub fn targets(&self) -> Result<Option<Vec<f32>>, JsValue> {
        self.get()?.target_values().map_err(throw)
    }

    /// How many samples there are.
    pub fn samples(&self) -> Result<u32, JsValue> {
        Ok(self.get()?.len() as u32)
    }
}

impl RawDataset {
    /// The data set, unless a failed change has consumed it.
    pub(crate) fn get(&self) -> Result<&Dataset, JsValue> {
        self.0.as_ref().ok_or_else(|| throw(Error::data("this data set failed to be made")))
    }

    fn change(
        &mut self,
        change: impl FnOnce(Dataset) -> hebb::error::Result<Dataset>,
    ) -> Result<(), JsValue> {
        let data = self.0.take().ok_or_else(|| throw(Error::data("this data set failed to be made")))?;
        self.0 = Some(change(data).map_err(throw)?);
        Ok(())
    }
}

fn sizes(shape: &[u32]) -> Vec<usize> {
    shape.iter().map(|&size| size as usize).collect()
}
