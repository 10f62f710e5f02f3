//! Data sets.

use crate::{parse, throw};
use hebb::data::Dataset;
use hebb::error::room;
use std::hint::black_box;
use wasm_bindgen::prelude::*;

/// Refuses samples of this many bytes if there is no memory for them: wasm-bindgen would abort when it copies them.
#[wasm_bindgen(js_name = checkRoom)]
pub fn check_room(bytes: f64) -> Result<(), JsValue> {
    // Without the black box the compiler may leave the allocation out.
    room::<u8>(bytes as usize, "the samples").map(|room| drop(black_box(room))).map_err(throw)
}

/// A data set, or a part of one.
#[wasm_bindgen]
pub struct RawDataset(Dataset);

#[wasm_bindgen]
impl RawDataset {
    /// Of samples of this shape, given as bytes, read as value / 255, or as floats; with class numbers or target values, if
    /// there are targets. `names` is JSON of two lists of [name, shape of one sample], of inputs and outputs; messages name the
    /// samples by `numbers`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        shape: &[u32],
        bytes: Option<Vec<u8>>,
        floats: Option<Vec<f32>>,
        classes: Option<Vec<u32>>,
        targets: Option<Vec<f32>>,
        names: Option<String>,
        numbers: Option<Vec<u32>>,
    ) -> Result<RawDataset, JsValue> {
        let shape: Vec<usize> = shape.iter().map(|&size| size as usize).collect();
        let mut data = match bytes {
            Some(bytes) => Dataset::from_bytes(&shape, bytes),
            None => Dataset::from_floats(&shape, floats.unwrap_or_default()),
        }
        .map_err(throw)?;
        if let Some(classes) = classes {
            data = data.with_classes(classes).map_err(throw)?;
        }
        if let Some(targets) = targets {
            data = data.with_values(targets).map_err(throw)?;
        }
        if let Some(names) = names {
            let (inputs, outputs) = parse(&names)?;
            data = data.with_names(inputs, outputs).map_err(throw)?;
        }
        if let Some(numbers) = numbers {
            data = data.with_numbers(numbers).map_err(throw)?;
        }
        Ok(Self(data))
    }

    /// Some of the samples; the data is shared.
    pub fn subset(&self, indices: &[u32]) -> Result<RawDataset, JsValue> {
        self.0.subset(indices).map(Self).map_err(throw)
    }

    /// The inputs of all samples, if they are held as bytes.
    pub fn bytes(&self) -> Result<Option<Vec<u8>>, JsValue> {
        self.0.x_bytes().map_err(throw)
    }

    /// The inputs of all samples, if they are held as floats.
    pub fn floats(&self) -> Result<Option<Vec<f32>>, JsValue> {
        self.0.x_floats().map_err(throw)
    }

    /// The class numbers of all samples, if these are the targets.
    pub fn classes(&self) -> Option<Vec<u32>> {
        self.0.classes()
    }

    /// The target values of all samples, if these are the targets.
    pub fn targets(&self) -> Result<Option<Vec<f32>>, JsValue> {
        self.0.target_values().map_err(throw)
    }

    /// How many samples there are.
    pub fn samples(&self) -> u32 {
        self.0.len() as u32
    }
}

impl RawDataset {
    pub(crate) fn get(&self) -> &Dataset {
        &self.0
    }
}
