interface InlineOptions {
    simd?: Simd;
}

type InlinedFiles = Required<Pick<InitOptions, 'simd' | 'wasm' | 'worker' | 'classic' | 'images'>>;

declare function inline(options?: InlineOptions): Promise<InlinedFiles>;

// Not exported.
