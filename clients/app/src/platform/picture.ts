/* From a canvas to a picture the person can keep. */
import type { ComponentPublicInstance } from 'vue'
import { IS_MINI } from './kind'

/* The canvas's picture as a file path or a data: address. */
export function canvasPicture(canvasId: string, owner?: ComponentPublicInstance | null): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.canvasToTempFilePath(
      { canvasId, fileType: 'png', success: (made) => resolve(made.tempFilePath), fail: (why: { errMsg?: string }) => reject(new Error(why.errMsg)) },
      owner ?? undefined,
    )
  })
}

/* 'saved': it is in the album.  'hold': shown it must be, for a long press to keep it (WeChat's browser lets no page save). */
export function savePicture(path: string): Promise<'saved' | 'hold' | 'refused'> {
  if (!IS_MINI) return Promise.resolve('hold')
  return new Promise((resolve) => {
    uni.saveImageToPhotosAlbum({ filePath: path, success: () => resolve('saved'), fail: () => resolve('refused') })
  })
}
