// In place of wasm-bindgen-rayon's script of this name, which starts workers in browsers only: the engine starts and
// supervises its workers itself, and gets the builder of the pool.
export const startWorkers = (_module, _memory, builder) => builder
