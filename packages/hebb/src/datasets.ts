// Where data comes from, and what is done to it before training: the names of `datasets`.
//
// A module of its own, not an object: bundlers leave out what a program does not use of it.
export { batches } from './data/batches'
export { fromArrays } from './data/dataset'
export { fromCsv } from './data/fromCsv'
export { fromIdx } from './data/fromIdx'
export { fromImageFolder } from './data/fromImageFolder'
export { fromImages } from './data/fromImages'
export { imageToTensor } from './data/images'
export { mnist } from './data/mnist'
export { scaling } from './data/scaling'
export { shuffled } from './data/stream'
