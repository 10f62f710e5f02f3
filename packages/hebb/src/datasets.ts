// Where data comes from, and what is done to it before training: the names of `datasets`.
//
// A module of its own, not an object: bundlers leave out what a program does not use of it.

export { fromArrays } from './data/dataset'
export { fromCsv } from './data/formats/fromCsv'
export { fromIdx } from './data/formats/fromIdx'
export { fromImageFolder } from './data/formats/fromImageFolder'
export { fromImages } from './data/formats/fromImages'
export { imageToTensor } from './data/formats/images'
export { mnist } from './data/formats/mnist'
export { scaling } from './data/scaling'
export { batches } from './data/streams/batches'
export { shuffled } from './data/streams/minibatches'
