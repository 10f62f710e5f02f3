/** Formulas that the build has typeset. A wide one scrolls, so it takes the focus. */
export function Formula({ html }: { html: string }) {
  // Made from the project's own files by the build.
  const own = { dangerouslySetInnerHTML: { __html: html } }
  // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll what has the focus.
  return <section class="formula" aria-label="Formulas" tabIndex={0} {...own} />
}
