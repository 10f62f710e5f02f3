// The reader's camera.

/** Milliseconds between two pictures: each goes into the address, which browsers let a page change so often. */
const PAUSE = 400

/** Shows pictures of the camera one after another, until `signal` is aborted. Rejects with a sentence if there is no camera. */
export async function film(show: (frame: ImageBitmap) => void, signal: AbortSignal): Promise<void> {
  const stream = await navigator.mediaDevices?.getUserMedia({ video: true }).catch((error: Error) => {
    throw new Error(`This page gets no pictures from a camera: ${error.message}.`)
  })
  if (!stream) throw new Error('This page gets no pictures from a camera: its address needs https.')
  const video = document.createElement('video')
  video.muted = video.playsInline = true
  video.srcObject = stream
  try {
    await video.play()
    while (!signal.aborted) {
      const frame = await createImageBitmap(video)
      show(frame)
      frame.close()
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  } finally {
    for (const track of stream.getTracks()) track.stop()
  }
}
