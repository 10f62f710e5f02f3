//! The optimizer's state of a network, for files.

use crate::network::RawNetwork;
use crate::{Floats, parse, throw, to_js};
use hebb::error::Error;
use hebb::network::{OptimizerState, StateTensor, Steps};
use hebb::optimizers::Rule;
use serde::Serialize;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// The optimizer's state as a file has it.
#[derive(Serialize)]
struct Saved {
    /// JSON: { rule, updates, minibatches, epochs, trained: [[from, to], …], tensors: [{ name, shape }, …] }.
    state: String,
    /// The values of these tensors, one after another.
    values: Floats,
}

#[wasm_bindgen]
impl RawNetwork {
    /// The optimizer's state, if there is one: { state, values }.
    #[wasm_bindgen(js_name = optimizerState)]
    pub fn optimizer_state(&self) -> Result<JsValue, JsValue> {
        let Some(OptimizerState { rule, steps, trained, tensors }) =
            self.0.optimizer_state().map_err(throw)?
        else {
            return Ok(JsValue::UNDEFINED);
        };
        let tensor = |one: &StateTensor| json!({ "name": one.name, "shape": one.shape });
        let state = json!({
            "rule": rule.to_json(),
            "updates": steps.updates,
            "minibatches": steps.minibatches,
            "epochs": steps.epochs,
            "trained": trained,
            "tensors": tensors.iter().map(tensor).collect::<Vec<Value>>(),
        });
        let values: Vec<f32> = tensors.into_iter().flat_map(|one| one.values).collect();
        Ok(to_js(&Saved { state: state.to_string(), values: values.as_slice().into() }))
    }

    /// Replaces the optimizer's state.
    #[wasm_bindgen(js_name = setOptimizerState)]
    pub fn set_optimizer_state(&mut self, state: &str, values: &[f32]) -> Result<(), JsValue> {
        let mut state: Value = parse(state)?;
        let count = |name: &str| state.get(name).and_then(Value::as_u64).unwrap_or(0);
        let (updates, minibatches, epochs) = (count("updates"), count("minibatches"), count("epochs"));
        let rule = Rule::from_json(state["rule"].take()).map_err(throw)?;
        // The ranges of a damaged file continue nothing.
        let trained = serde_json::from_value(state["trained"].take()).unwrap_or_default();
        let mut rest = values;
        let mut tensors = Vec::new();
        for one in state["tensors"].as_array().into_iter().flatten() {
            let name = one["name"].as_str().unwrap_or_default();
            // The caller has compared the shapes with the file; here they are those of the network.
            let of = name.rsplit_once('/').map_or(name, |(tensor, _)| tensor);
            let own = self.0.tensors().iter().find(|tensor| tensor.name == of);
            let Some((own, (values, others))) =
                own.and_then(|own| Some((own, rest.split_at_checked(own.size)?)))
            else {
                return Err(throw(Error::shape(format!(
                    "the optimizer's state does not fit the network: \"{name}\" has no tensor, or too few values"
                ))));
            };
            rest = others;
            tensors.push(StateTensor {
                name: name.to_owned(),
                shape: own.shape.clone(),
                values: values.to_vec(),
            });
        }
        let steps = Steps { updates, minibatches, epochs };
        self.0.set_optimizer_state(&OptimizerState { rule, steps, trained, tensors }).map_err(throw)
    }
}
