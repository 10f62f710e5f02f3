// Networks from files of Keras and TensorFlow.js. An entry of its own, `hebb/keras`.

export { type LoadKerasOptions, loadKeras } from './loadKeras'
