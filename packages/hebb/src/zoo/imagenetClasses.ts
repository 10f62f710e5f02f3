/**
 * The names of ImageNet's 1,000 classes, in the order of their numbers: for the option `classes` of a network. They are in a
 * file of their own, which is loaded when they are asked for.
 *
 * @example (await imagenetClasses())[285] // 'Egyptian cat'
 */
export async function imagenetClasses(): Promise<string[]> {
  const { NAMES } = await import('./imagenetNames')
  return NAMES.trim().split(/,\s+/)
}
