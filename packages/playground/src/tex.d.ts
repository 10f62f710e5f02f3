declare module '*.tex' {
  /** The formulas as HTML. */
  const html: string
  export default html
}
