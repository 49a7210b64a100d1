/* When the app comes to the front, when it goes (perhaps for ever), when the network is back.
 * Each function returns one that ends the listening. */
import { IS_H5 } from './kind'

type Stop = () => void

export function onFront(act: () => void): Stop {
  if (IS_H5) {
    const seen = () => {
      if (document.visibilityState === 'visible') act()
    }
    document.addEventListener('visibilitychange', seen)
    window.addEventListener('pageshow', act)
    return () => {
      document.removeEventListener('visibilitychange', seen)
      window.removeEventListener('pageshow', act)
    }
  }
  uni.onAppShow(act)
  return () => uni.offAppShow(act)
}

/* Called once or twice on the way out: WeChat gives a page no more certain moment. */
export function onAway(act: () => void): Stop {
  if (IS_H5) {
    const hidden = () => {
      if (document.visibilityState === 'hidden') act()
    }
    document.addEventListener('visibilitychange', hidden)
    window.addEventListener('pagehide', act)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      window.removeEventListener('pagehide', act)
    }
  }
  uni.onAppHide(act)
  return () => uni.offAppHide(act)
}

export function onNetwork(act: (connected: boolean) => void): Stop {
  if (IS_H5) {
    const on = () => act(true)
    const off = () => act(false)
    window.addEventListener('online', on)
    window.addEventListener('offline', off)
    return () => {
      window.removeEventListener('online', on)
      window.removeEventListener('offline', off)
    }
  }
  const changed = (status: { isConnected: boolean }) => act(status.isConnected)
  uni.onNetworkStatusChange(changed)
  return () => uni.offNetworkStatusChange(changed)
}
