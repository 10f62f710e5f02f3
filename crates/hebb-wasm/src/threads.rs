//! The pool's threads, which JavaScript starts: workers that call [`run_thread`], at any time.

use crate::throw;
use hebb::parallel;
use wasm_bindgen::prelude::*;

/// Makes the calling thread the first of so many.
#[wasm_bindgen(js_name = startThreads)]
pub fn start_threads(threads: usize) -> Result<(), JsValue> {
    parallel::start(threads).map_err(throw)
}

/// Lends the calling worker to the pool. Never returns while the engine lives.
#[wasm_bindgen(js_name = runThread)]
pub fn run_thread() {
    parallel::join()
}
