/**
 * What a control needs on each side. H5 reads role and tabindex, a mini-program aria-role; the wrong one of the two
 * would be an error to an accessibility checker, so h5() and mp() leave it off where it does not belong.
 */
const H5 = process.env.UNI_PLATFORM === 'h5'

export const h5 = <T>(value: T): T | undefined => H5 ? value : undefined
export const mp = <T>(value: T): T | undefined => H5 ? undefined : value
export const yes = (flag: boolean | undefined): 'true' | 'false' => flag ? 'true' : 'false'

/** A key that presses: Enter or Space, not held down. */
export function presses(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' && event.key !== ' ' && event.key !== 'Spacebar') return false
  event.preventDefault()
  return !event.repeat
}
