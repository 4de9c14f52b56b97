//! Every page of the console, one line each. A page is loaded when somebody first goes there.

import { lazy, type Component } from 'solid-js'
import type { Live } from './live.ts'
import type { Kind, Parameters } from './places.ts'

export type PageProps<K extends Kind> = { live: Live; held: boolean; to: Parameters<K> }

/** In the order of the navigation; a group without a page is not shown. */
export const GROUPS = ['', 'Signals', 'Viewers', 'Tools', 'Record'] as const

export interface Page<K extends Kind = Kind> {
  name: string
  /** Where the navigation has it; a page about one thing is reached from its list instead, and lights that up. */
  in: { group: (typeof GROUPS)[number] } | { list: Kind }
  show: Component<PageProps<K>>
}

export const PAGES: { [K in Kind]: Page<K> } = {
  overview: { name: 'Overview', in: { group: '' }, show: lazy(() => import('./overview/OverviewPage.tsx')) },
  requests: { name: 'Requests', in: { group: 'Signals' }, show: lazy(() => import('./requests/RequestsPage.tsx')) },
  story: { name: 'A request’s story', in: { list: 'requests' }, show: lazy(() => import('./story/StoryPage.tsx')) },
  logs: { name: 'Logs', in: { group: 'Signals' }, show: lazy(() => import('./logs/LogsPage.tsx')) },
  metrics: { name: 'Metrics', in: { group: 'Signals' }, show: lazy(() => import('./metrics/MetricsPage.tsx')) },
  instances: { name: 'Instances', in: { group: 'Signals' }, show: lazy(() => import('./instances/InstancesPage.tsx')) },
  instance: { name: 'An instance', in: { list: 'instances' }, show: lazy(() => import('./instances/InstancePage.tsx')) },
  sessions: { name: 'Sessions', in: { group: 'Viewers' }, show: lazy(() => import('./sessions/SessionsPage.tsx')) },
  session: { name: 'A session', in: { list: 'sessions' }, show: lazy(() => import('./sessions/SessionPage.tsx')) },
  checks: { name: 'Checks', in: { group: 'Viewers' }, show: lazy(() => import('./checks/ChecksPage.tsx')) },
  doctor: { name: 'Doctor', in: { group: 'Viewers' }, show: lazy(() => import('./doctor/DoctorPage.tsx')) },
  explain: { name: 'Explain', in: { group: 'Tools' }, show: lazy(() => import('./explain/ExplainPage.tsx')) },
  api: { name: 'API', in: { group: 'Tools' }, show: lazy(() => import('./explorer/ExplorerPage.tsx')) },
  faults: { name: 'Faults', in: { group: 'Tools' }, show: lazy(() => import('./faults/FaultsPage.tsx')) },
  partners: { name: 'Partners', in: { group: 'Tools' }, show: lazy(() => import('./partners/PartnersPage.tsx')) },
  audit: { name: 'Audit', in: { group: 'Record' }, show: lazy(() => import('./audit/AuditPage.tsx')) },
}
