//! The kernels' own tests, for the artifacts that carry them.

use wasm_bindgen::prelude::*;

/// The names of the tests, as JSON.
#[wasm_bindgen(js_name = selftestNames)]
pub fn names() -> String {
    serde_json::json!(hebb::selftest::names()).to_string()
}

/// Runs a test's case for a seed: empty if it passed, else what differed.
#[wasm_bindgen(js_name = selftest)]
pub fn run(name: &str, seed: u32) -> String {
    hebb::selftest::run(name, seed.into()).err().unwrap_or_default()
}

/// Checks a fixture file: empty if all cases passed, else the first that differed.
#[wasm_bindgen(js_name = selftestFixtures)]
pub fn fixtures(json: &str) -> String {
    hebb::selftest::fixtures(json).err().unwrap_or_default()
}
