/* Reads the QR code that is in sight, as a phone's camera does. */
import jsQR from 'jsqr'

export async function readQr(page, locator) {
  const picture = (await locator.screenshot()).toString('base64')
  const { width, height, pixels } = await page.evaluate(async (data) => {
    const image = new Image()
    image.src = `data:image/png;base64,${data}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth
    canvas.height = image.naturalHeight
    const pen = canvas.getContext('2d')
    pen.drawImage(image, 0, 0)
    return { width: canvas.width, height: canvas.height, pixels: Array.from(pen.getImageData(0, 0, canvas.width, canvas.height).data) }
  }, picture)
  return jsQR(Uint8ClampedArray.from(pixels), width, height)?.data ?? null
}
