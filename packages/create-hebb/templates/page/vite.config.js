// The headers with which a page may share memory, and so have threads: any server of the page must send them.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export default { server: { headers }, preview: { headers } }
