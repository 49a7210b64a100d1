/* Which of the two targets this is.  Folded at build time: the other branch is gone from the output. */
export const IS_H5 = process.env.UNI_PLATFORM === 'h5'
export const IS_MINI = process.env.UNI_PLATFORM === 'mp-weixin'
