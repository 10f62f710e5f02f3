//! The pool's threads: workers of JavaScript's, which rayon takes through wasm-bindgen-rayon.
//!
//! `initThreadPool(n)` returns a builder, `wbg_rayon_start_worker(builder.receiver())` makes a worker a thread of rayon's and
//! never returns, and `builder.build()` returns when all `n` workers are threads. (By itself wasm-bindgen-rayon starts the
//! workers too, by a script that Node cannot run; `workerHelpers.js` stands in for it.)

use crate::throw;
use hebb::parallel;
use wasm_bindgen::prelude::*;

/// Lets so many threads take part: the calling one, which opens regions, and those of the pool that has been built.
#[wasm_bindgen(js_name = startThreads)]
pub fn start_threads(threads: usize) -> Result<(), JsValue> {
    parallel::start(threads).map_err(throw)
}
