//! The boundary between the core of Hebb and JavaScript: conversions, errors, threads. No maths.
//!
//! Few fat handles (a network, a data set, a training) and one call a minibatch. `Raw` marks what people
//! do not see: the TypeScript package wraps it.

mod classic;
mod data;
mod network;
mod optimizer_state;
#[cfg(feature = "selftest")]
mod selftest;
mod threads;

use hebb::error::Error;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
#[cfg(target_arch = "wasm32")]
pub use wasm_bindgen_rayon::init_thread_pool;

/// An error as the JSON string that the TypeScript package turns into a `HebbError`.
fn throw(error: Error) -> JsValue {
    let json = serde_json::json!({ "code": error.code.as_str(), "message": error.message });
    JsValue::from_str(&json.to_string())
}

/// Options from JSON.
fn parse<T: DeserializeOwned>(json: &str) -> Result<T, JsValue> {
    // By way of a value: then all types are read from the same source, which halves the code that reads them.
    let value = serde_json::from_str::<serde_json::Value>(json).and_then(serde_json::from_value);
    value.map_err(|error| throw(Error::option(error.to_string())))
}
