// The rivals' types are missing when our sources are checked: npm run bench installs them separately.
declare module '@jax-js/jax'
declare module '@tensorflow/tfjs'
declare module '@tensorflow/tfjs-backend-wasm'
declare module 'brain.js'
declare module 'onnxruntime-node'
declare module 'onnxruntime-web'
