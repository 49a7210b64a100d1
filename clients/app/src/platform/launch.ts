/* What the address says that opened the app: a poster's QR code carries /?campaign=demo&union=630102.
 * A mini-program code carries the same in its scene, shortened: c=demo&u=630102. */
import { IS_H5, IS_MINI } from './kind'

export interface Launch {
  campaign?: string
  union?: string
}

const CAMPAIGN = /^[a-z0-9][a-z0-9-]{0,62}$/
const UNION = /^[A-Za-z0-9-]{1,32}$/

/* Only what can be a campaign or a union is taken: the address is anybody's. */
export function readLaunch(pairs: Record<string, string | undefined>): Launch {
  const campaign = pairs.campaign ?? pairs.c
  const union = pairs.union ?? pairs.u
  const launch: Launch = {}
  if (campaign && CAMPAIGN.test(campaign)) launch.campaign = campaign
  if (union && UNION.test(union)) launch.union = union
  return launch
}

export function readQuery(text: string): Record<string, string> {
  const pairs: Record<string, string> = {}
  for (const part of text.replace(/^\?/, '').split('&')) {
    const at = part.indexOf('=')
    if (at <= 0) continue
    try {
      pairs[decodeURIComponent(part.slice(0, at))] = decodeURIComponent(part.slice(at + 1).replace(/\+/g, ' '))
    } catch {
      /* A broken escape: this part says nothing. */
    }
  }
  return pairs
}

export function launchAddress(): Launch {
  if (IS_H5) return readLaunch(readQuery(location.search))
  if (IS_MINI) {
    const query = (uni.getLaunchOptionsSync().query ?? {}) as Record<string, string>
    return readLaunch({ ...(query.scene ? readQuery(decodeURIComponent(query.scene)) : {}), ...query })
  }
  return {}
}

/* The address a poster's QR code should carry.  A mini-program has no address of its own: give it the server's. */
export function posterAddress(launch: Launch): string {
  const base = IS_H5 ? location.origin + location.pathname : (import.meta.env.VITE_JINGDA_SERVER ?? '') + '/'
  const parts: string[] = []
  if (launch.campaign) parts.push('campaign=' + encodeURIComponent(launch.campaign))
  if (launch.union) parts.push('union=' + encodeURIComponent(launch.union))
  return parts.length ? base + '?' + parts.join('&') : base
}
