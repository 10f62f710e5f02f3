type EdgeOptions = Required<Pick<InitOptions, 'simd' | 'wasm' | 'thread' | 'threads'>>;

declare function edge(wasm: WebAssembly.Module): EdgeOptions;

// Not exported.
