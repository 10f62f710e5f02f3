declare const module: WebAssembly.Module;

// Not exported.
