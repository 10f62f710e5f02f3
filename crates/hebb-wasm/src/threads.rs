//! The thread pool of rayon, with threads that JavaScript starts.
//!
//! The engine's own thread is the first of the `threads` (rayon's `use_current_thread`), so that N
//! threads are N and not N + 1. The others are workers in which JavaScript calls [`run_thread`]; they
//! may arrive before or after [`start_threads`]. wasm-bindgen-rayon offers neither this nor Node.

use rayon::{ThreadBuilder, ThreadPoolBuilder};
use std::sync::{Condvar, Mutex};
use wasm_bindgen::prelude::*;

static WAITING: Mutex<Vec<ThreadBuilder>> = Mutex::new(Vec::new());
static ARRIVED: Condvar = Condvar::new();

/// Makes the calling thread the first of `threads` and waits until the others have called
/// [`run_thread`]. With one thread it waits for nobody, as a page's main thread must.
#[wasm_bindgen(js_name = startThreads)]
pub fn start_threads(threads: usize) -> Result<(), JsValue> {
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .use_current_thread()
        .spawn_handler(|thread| {
            WAITING.lock().expect("no thread panics while it holds this lock").push(thread);
            ARRIVED.notify_one();
            Ok(())
        })
        .build_global()
        .map_err(|error| JsValue::from_str(&error.to_string()))
}

/// Lends the calling worker to the pool. Never returns while the engine lives.
#[wasm_bindgen(js_name = runThread)]
pub fn run_thread() {
    let mut waiting = WAITING.lock().expect("no thread panics while it holds this lock");
    let thread = loop {
        if let Some(thread) = waiting.pop() {
            break thread;
        }
        waiting = ARRIVED.wait(waiting).expect("no thread panics while it holds this lock");
    };
    drop(waiting);
    thread.run();
}
