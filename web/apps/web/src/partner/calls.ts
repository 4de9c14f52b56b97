//! The calls an app makes, as the reference lists them; and how their answers are shown.

export interface Call { name: string; path: string; says: string }

/** In the order in which somebody who begins wants them. */
export const CALLS: Call[] = [
  { name: 'Titles', path: '/partner/v1/titles?limit=5', says: 'Every title with artwork and deep links, in parts.' },
  { name: 'Snapshot', path: '/partner/v1/snapshot', says: 'Everything at once: a cursor, a title a line, a count.' },
  { name: 'Changes', path: '/partner/v1/changes?limit=5', says: 'What changed since a cursor; titles that went come without a title.' },
  { name: 'As Google sees it', path: '/partner/v1/feeds/google?territory=US', says: 'schema.org DataFeed with WatchAction, in JSON-LD.' },
  { name: 'As Amazon sees it', path: '/partner/v1/feeds/amazon?territory=US', says: 'Catalog Data Format for Fire TV, version 1.3.' },
  { name: 'As Roku sees it', path: '/partner/v1/feeds/roku?territory=US', says: 'Search feed, version 1.' },
  { name: 'As Apple sees it', path: '/partner/v1/feeds/apple-catalog', says: 'Universal Media Catalog, version 3.6: everything, in one feed.' },
  { name: 'As Apple sees it: availability', path: '/partner/v1/feeds/apple-availability?territory=US', says: 'From when until when each film is offered, a feed for each country.' },
  { name: 'As aggregators see it', path: '/partner/v1/feeds/mrss?territory=US', says: 'Media RSS.' },
  { name: 'Feeds', path: '/partner/v1/feeds?territory=US', says: 'What is in each, what came and went, what is left out and why.' },
]

/** More would only make the page slow. */
const SHOWN_MAX = 6000

/** JSON in lines; anything else as it came; the end left out. */
export function shown(body: string): string {
  let text = body
  try {
    text = JSON.stringify(JSON.parse(body), undefined, 2)
  } catch {
    // Lines of JSON and XML are shown as they are.
  }
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}\n… ${text.length - SHOWN_MAX} characters more` : text
}

/** As a developer would type it. */
export const curl = (origin: string, path: string): string => `curl "${origin}${path}" -H "x-api-key: $KEY"`
