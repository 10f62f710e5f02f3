//! The boundary between the core of Hebb and JavaScript: conversions, errors, threads. No maths.
//!
//! Few fat handles (a network, a data set, a training) and one call a minibatch. `Raw` marks what people
//! do not see: the TypeScript package wraps it.
//!
//! Each of the features `networks` and `classic` makes an artifact of its own, so that a program loads only what it uses.

#[cfg(feature = "classic")]
mod classic;
#[cfg(feature = "classic")]
mod continuous_hopfield;
#[cfg(feature = "networks")]
mod data;
#[cfg(feature = "networks")]
mod fit;
#[cfg(feature = "classic")]
mod hopfield;
#[cfg(feature = "classic")]
mod kernel_methods;
mod memory;
#[cfg(feature = "networks")]
mod network;
#[cfg(feature = "networks")]
mod optimizer_state;
#[cfg(feature = "classic")]
mod radial;
#[cfg(feature = "selftest")]
mod selftest;
mod threads;

use hebb::error::Error;
#[cfg(feature = "networks")]
use js_sys::Float32Array;
#[cfg(feature = "classic")]
use js_sys::Float64Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
#[cfg(target_arch = "wasm32")]
pub use wasm_bindgen_rayon::init_thread_pool;

/// A value as an object of JavaScript's: fields are properties, and none is undefined.
fn to_js(value: &impl Serialize) -> JsValue {
    serde_wasm_bindgen::to_value(value).unwrap_throw()
}

/// An error as the object `{ code, message }`, which the TypeScript package turns into a `HebbError`.
fn throw(error: Error) -> JsValue {
    #[derive(Serialize)]
    struct Failure<'a> {
        code: &'a str,
        message: &'a str,
    }
    to_js(&Failure { code: error.code.as_str(), message: &error.message })
}

/// Values in a field of an object, as one typed array instead of numbers one by one.
#[cfg(feature = "networks")]
#[derive(Serialize)]
#[serde(transparent)]
struct Floats(#[serde(with = "serde_wasm_bindgen::preserve")] Float32Array);

#[cfg(feature = "networks")]
impl From<&[f32]> for Floats {
    fn from(values: &[f32]) -> Self {
        Self(values.into())
    }
}

/// The same in 64 bits.
#[cfg(feature = "classic")]
#[derive(Serialize)]
#[serde(transparent)]
struct Doubles(#[serde(with = "serde_wasm_bindgen::preserve")] Float64Array);

#[cfg(feature = "classic")]
impl From<&[f64]> for Doubles {
    fn from(values: &[f64]) -> Self {
        Self(values.into())
    }
}

/// Options from JSON.
fn parse<T: DeserializeOwned>(json: &str) -> Result<T, JsValue> {
    // Through a value, so that all types are read from the same source: half the code.
    let value = serde_json::from_str::<serde_json::Value>(json).and_then(serde_json::from_value);
    value.map_err(|error| throw(Error::option(error.to_string())))
}
