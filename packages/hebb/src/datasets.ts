// The names of `datasets`: reading data and preparing it for training.
//
// This is a module, not an object, so that bundlers can omit what a program does not use.

export { fromArrays } from './data/dataset'
export { fromCsv } from './data/formats/fromCsv'
export { fromIdx } from './data/formats/fromIdx'
export { mnist } from './data/formats/mnist'
export { fromImageFolder } from './data/images/fromImageFolder'
export { fromImages } from './data/images/fromImages'
export { imageToTensor } from './data/images/imageToTensor'
export { prepare } from './data/images/prepare'
export { preprocessing } from './data/images/preprocessing'
export { scaling } from './data/scaling'
export { fromSequences } from './data/sequences'
export { batches } from './data/streams/batches'
export { shuffled } from './data/streams/minibatches'
export { windows } from './data/windows'
