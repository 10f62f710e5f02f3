// Distorted images to train on. An entry of its own, `hebb/augment`.

export { augmented } from './augmented'
export { colorComponents } from './colorComponents'
export { type ColorJitterOptions, colorJitter, type Factors } from './colorJitter'
export { type CropOptions, crop } from './crop'
export { type DistortOptions, distort } from './distort'
export { flip } from './flip'
export { type ColorComponents, pcaColor } from './pcaColor'
export type { Image, Random, Range, Transform } from './transform'
