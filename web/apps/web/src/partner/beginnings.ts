//! Where somebody begins: the calls that are made first, and the feeds as their readers see them. Each fills in the form of an
//! operation of the contract; the reference has all the others.

import type { Values } from '@bijou/reference/call.ts'

export interface Beginning { name: string; operation: string; values: Values }

const feed = (name: string, territory = true): Values => ({ 'path name': name, ...(territory && { 'query territory': 'US' }) })

export const BEGINNINGS: readonly Beginning[] = [
  { name: 'Titles', operation: 'list_titles', values: { 'query limit': '5' } },
  { name: 'Snapshot', operation: 'get_snapshot', values: {} },
  { name: 'Changes', operation: 'list_changes', values: { 'query limit': '5' } },
  { name: 'As Google sees it', operation: 'get_feed', values: feed('google') },
  { name: 'As Amazon sees it', operation: 'get_feed', values: feed('amazon') },
  { name: 'As Roku sees it', operation: 'get_feed', values: feed('roku') },
  { name: 'As Apple sees it', operation: 'get_feed', values: feed('apple-catalog', false) },
  { name: 'As Apple sees it: availability', operation: 'get_feed', values: feed('apple-availability') },
  { name: 'As aggregators see it', operation: 'get_feed', values: feed('mrss') },
  { name: 'Feeds', operation: 'list_feeds', values: { 'query territory': 'US' } },
]
