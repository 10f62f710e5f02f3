// Networks from and to ONNX files. An entry of its own, `hebb/onnx`.

export { type LoadOnnxOptions, loadOnnx } from './loadOnnx'
export { saveOnnx, toOnnx } from './toOnnx'
