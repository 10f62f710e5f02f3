// Distorted images to train on. An entry of its own, `hebb/augment`.

export { augmented } from './augmented'
export { type CropOptions, crop } from './crop'
export { type DistortOptions, distort } from './distort'
export { flip } from './flip'
export type { Image, Random, Range, Transform } from './transform'
