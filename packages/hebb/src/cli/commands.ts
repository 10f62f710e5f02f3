// The work of each command.

export { bench } from './bench'
export { convert } from './convert'
export { doctor } from './doctor'
export { evaluate } from './evaluate'
export { playground } from './playground'
export { predict } from './predict'
export { summary } from './summary'
export { train } from './train'
