//! Is this a television? By `?tv` in the address (remembered; `?tv=0` forgets it), else by what the browser says it is.

const KEY = 'bijou.screen'

/** Browsers of televisions and of the boxes below them. */
const TELEVISIONS = /\b(Web0S|webOS|Tizen|SMART-TV|SmartTV|BRAVIA|AFT[A-Z]+|CrKey|GoogleTV|Android TV|HbbTV|NetCast|VIDAA|Roku)\b/i

export function tvBy(search: string, kept: string | null, agent: string): boolean {
  const asked = new URLSearchParams(search).get('tv')
  if (asked !== null) return asked !== '0'
  if (kept !== null) return kept === 'tv'
  return TELEVISIONS.test(agent) && !/Mobile/i.test(agent)
}

let tv: boolean | undefined

/** Decided once for the life of the page. */
export function isTv(): boolean {
  if (tv !== undefined) return tv
  tv = tvBy(location.search, localStorage.getItem(KEY), navigator.userAgent)
  if (new URLSearchParams(location.search).has('tv')) {
    if (tv) localStorage.setItem(KEY, 'tv')
    else localStorage.removeItem(KEY)
  }
  if (tv) document.documentElement.dataset['screen'] = 'tv'
  return tv
}
