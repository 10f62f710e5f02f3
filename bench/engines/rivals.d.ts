// The rivals' types are not here when ours are checked: npm run bench installs them apart.
declare module '@tensorflow/tfjs'
declare module '@tensorflow/tfjs-backend-wasm'
declare module 'brain.js'
declare module 'onnxruntime-node'
declare module 'onnxruntime-web'
