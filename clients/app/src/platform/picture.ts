/* From a drawing to a picture the person can keep. */
import type { ComponentPublicInstance } from 'vue'
import { IS_H5, IS_MINI } from './kind'

export interface Drawing {
  width: number // of the drawing's own units
  height: number
  scale: number // pixels to a unit
  draw: (pen: CanvasRenderingContext2D) => void
}

type Sheet = HTMLCanvasElement

function drawOn(sheet: Sheet, { width, height, scale, draw }: Drawing): void {
  sheet.width = Math.round(width * scale)
  sheet.height = Math.round(height * scale)
  const pen = sheet.getContext('2d')
  if (!pen) throw new Error('no canvas')
  pen.scale(scale, scale)
  draw(pen)
}

/* A mini-program has no canvas but in its page: <canvas type="2d" id="…"> in the component `owner`. */
function sheetOf(id: string, owner: ComponentPublicInstance | null): Promise<Sheet> {
  return new Promise((resolve, reject) => {
    const fields = (found: { node?: Sheet } | null) => (found?.node ? resolve(found.node) : reject(new Error('no canvas')))
    uni.createSelectorQuery().in(owner).select('#' + id).fields({ node: true } as UniApp.NodeField, fields as (result: UniApp.NodeInfo | UniApp.NodeInfo[]) => void).exec()
  })
}

/* The drawing as a data: address (H5) or a file (mini-program). */
export async function makePicture(drawing: Drawing, id: string, owner: ComponentPublicInstance | null): Promise<string> {
  if (IS_H5) {
    const sheet = document.createElement('canvas')
    drawOn(sheet, drawing)
    return sheet.toDataURL('image/png')
  }
  const sheet = await sheetOf(id, owner)
  drawOn(sheet, drawing)
  return new Promise((resolve, reject) => {
    const asked = { canvas: sheet, fileType: 'png', success: (made: { tempFilePath: string }) => resolve(made.tempFilePath), fail: (why: { errMsg?: string }) => reject(new Error(why.errMsg)) }
    uni.canvasToTempFilePath(asked as unknown as UniApp.CanvasToTempFilePathOptions, owner ?? undefined)
  })
}

/* 'saved': it is in the album.  'hold': shown it must be, for a long press to keep it (WeChat's browser lets no page save). */
export function savePicture(path: string): Promise<'saved' | 'hold' | 'refused'> {
  if (!IS_MINI) return Promise.resolve('hold')
  return new Promise((resolve) => {
    uni.saveImageToPhotosAlbum({ filePath: path, success: () => resolve('saved'), fail: () => resolve('refused') })
  })
}
