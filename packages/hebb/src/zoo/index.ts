// Well-known networks, ready to train, what they say of images, and new heads for them. An entry of its own, `hebb/zoo`.

export { type WithHeadOptions, withHead } from '../network/withHead'
export { type AlexnetOptions, alexnet } from './alexnet'
export { type CharRnnOptions, charRnn } from './charRnn'
export { classifyImage } from './classifyImage'
export { type ElmanOptions, elman } from './elman'
export { imagenetClasses } from './imagenetClasses'
export { type Lenet5Options, lenet5 } from './lenet5'
