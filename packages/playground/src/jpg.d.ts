declare module '*.jpg' {
  /** Where the built page has the picture. */
  const url: string
  export default url
}
