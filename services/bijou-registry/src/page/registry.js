// The registry's page. It shows what the watch tells, as it is told, and asks the rest now and then. Whatever comes from
// instances goes into text nodes only; a link of theirs is one only if it is http or https.
'use strict'

const ROWS_MAX = 400
const CHANGES_MAX = 80
const SUMMARY_EVERY_MS = 4000

const instances = new Map()
let changes = []
let revision = 0
let opened = null

const at = (id) => document.getElementById(id)
const keyOf = (instance) => `${instance.app}\n${idOf(instance)}`
const idOf = (instance) => instance.instanceId || amazon(instance)['instance-id'] || instance.hostName
const amazon = (instance) => (instance.dataCenterInfo?.name === 'Amazon' && instance.dataCenterInfo.metadata) || {}
const zoneOf = (instance) => amazon(instance)['availability-zone'] || instance.metadata?.zone || ''
const count = (number, one, many = `${one}s`) => `${number.toLocaleString('en')} ${number === 1 ? one : many}`

/** An element with text and children. Text is text, whatever is in it. */
function make(name, properties = {}, ...children) {
  const element = document.createElement(name)
  Object.assign(element, properties)
  element.append(...children)
  return element
}

function fill(id, ...children) {
  at(id).replaceChildren(...children)
}

function ago(ms) {
  const seconds = Math.max(0, Math.round((Date.now() - ms) / 1000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

const clock = (ms) => new Date(ms).toLocaleTimeString('en-GB')

function state(status) {
  const kind = { UP: 'up', DOWN: 'down' }[status] ?? 'other'
  return make('span', { className: `state state--${kind}` }, make('i'), status)
}

// ---- the watch

function watch() {
  const source = new EventSource('eureka/watch')
  const said = (text, isOn) => {
    at('live').classList.toggle('live--on', isOn)
    at('live').lastChild.textContent = text
  }
  source.onopen = () => said('Live', true)
  source.onerror = () => {
    said('Lost, trying again', false)
    // A refusal ends an event source for good.
    if (source.readyState === EventSource.CLOSED) setTimeout(watch, 5000)
  }
  source.addEventListener('snapshot', (event) => {
    const told = JSON.parse(event.data)
    revision = told.revision
    instances.clear()
    for (const application of told.applications) {
      for (const instance of application.instance) instances.set(keyOf(instance), { instance, freshUntil: 0 })
    }
    soon()
  })
  source.addEventListener('change', (event) => {
    const told = JSON.parse(event.data)
    revision = told.revision
    const key = keyOf(told.instance)
    if (told.kind === 'remove') instances.delete(key)
    else instances.set(key, { instance: told.instance, freshUntil: Date.now() + 1600 })
    const what = told.kind === 'remove' ? 'ended' : told.instance.actionType === 'ADDED' ? 'registered' : 'changed'
    note({ at_ms: Date.now(), app: told.instance.app, instance_id: idOf(told.instance), status: told.instance.status, what })
    soon()
  })
}

let isDue = false
/** Draws a moment later, however much happens until then. */
function soon() {
  if (isDue) return
  isDue = true
  setTimeout(() => { isDue = false; draw() }, 120)
}

function draw() {
  drawFacts()
  drawZones()
  drawRows()
  drawChanges()
  if (opened) drawDetail()
}

function drawFacts() {
  const all = [...instances.values()]
  const up = all.filter(({ instance }) => instance.status === 'UP').length
  const applications = new Set(all.map(({ instance }) => instance.app)).size
  const fact = (name, value) => make('div', {}, make('dt', { textContent: name }), make('dd', { textContent: value.toLocaleString('en') }))
  fill('facts', fact('Applications', applications), fact('Instances', all.length), fact('Up', up), fact('Not up', all.length - up), fact('Revision', revision))
}

function drawZones() {
  const zones = new Map()
  for (const { instance } of instances.values()) {
    const zone = zoneOf(instance) || '(none)'
    const known = zones.get(zone) ?? { all: 0, up: 0 }
    zones.set(zone, { all: known.all + 1, up: known.up + (instance.status === 'UP') })
  }
  const names = [...zones.keys()].sort()
  const line = (zone) => make('li', {}, make('span', { textContent: zone }),
    make('span', { textContent: `${zones.get(zone).up} of ${count(zones.get(zone).all, 'instance')} up` }))
  fill('zones', ...(names.length ? names.map(line) : [make('li', { className: 'quiet', textContent: 'Zones show up with the first instance.' })]))
  const select = at('zone')
  const options = ['', ...names]
  if (options.join('\n') !== [...select.options].map((option) => option.value).join('\n')) {
    const chosen = select.value
    select.replaceChildren(...options.map((value) => make('option', { value, textContent: value || 'any' })))
    select.value = options.includes(chosen) ? chosen : ''
  }
}

// ---- the table

function isWanted(instance, words, status, zone) {
  if (status && instance.status !== status) return false
  if (zone && (zoneOf(instance) || '(none)') !== zone) return false
  if (!words.length) return true
  const metadata = Object.entries(instance.metadata ?? {}).map((pair) => pair.join('='))
  const text = [instance.app, idOf(instance), instance.hostName, instance.ipAddr, instance.status, instance.vipAddress, ...metadata].join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}

const kept = new Map()

function drawRows() {
  const words = at('query').value.toLowerCase().split(/\s+/).filter(Boolean)
  const [status, zone] = [at('status').value, at('zone').value]
  const wanted = [...instances.values()].filter(({ instance }) => isWanted(instance, words, status, zone))
  wanted.sort((a, b) => (keyOf(a.instance) < keyOf(b.instance) ? -1 : 1))
  const sizes = new Map()
  for (const { instance } of wanted) sizes.set(instance.app, (sizes.get(instance.app) ?? 0) + 1)
  const rows = []
  let app = null
  for (const entry of wanted.slice(0, ROWS_MAX)) {
    if (entry.instance.app !== app) {
      app = entry.instance.app
      rows.push(row(`app ${app}`, `${app} ${sizes.get(app)}`, () => make('tr', { className: 'app' },
        make('th', { colSpan: 5, scope: 'colgroup' }, app, make('small', { textContent: count(sizes.get(app), 'instance') })))))
    }
    rows.push(row(keyOf(entry.instance), JSON.stringify(entry.instance), () => instanceRow(entry)))
  }
  place(at('rows'), rows)
  at('shown').textContent = wanted.length > ROWS_MAX
    ? `The first ${ROWS_MAX} of ${wanted.length.toLocaleString('en')}: narrow the search for the others`
    : count(wanted.length, 'instance')
  at('empty').hidden = wanted.length > 0
  at('empty').textContent = instances.size ? 'Nothing matches this search.' : 'Nobody is registered yet. Whoever registers shows up here at once.'
}

/** The row of this key, made anew only when what it shows has changed. */
function row(key, shows, build) {
  const known = kept.get(key)
  if (known?.shows === shows) return known.element
  const element = build()
  kept.set(key, { shows, element })
  return element
}

/** Puts rows in place without moving those that are where they belong: what has the focus keeps it. */
function place(body, rows) {
  rows.forEach((element, index) => {
    if (body.children[index] !== element) body.insertBefore(element, body.children[index] ?? null)
  })
  while (body.children.length > rows.length) body.lastChild.remove()
  const used = new Set(rows)
  for (const [key, { element }] of kept) if (!used.has(element)) kept.delete(key)
}

function instanceRow({ instance, freshUntil }) {
  const open = make('button', { type: 'button', className: 'open mono', textContent: idOf(instance) })
  const key = keyOf(instance)
  open.addEventListener('click', () => show(key))
  const isOverridden = instance.overriddenStatus && instance.overriddenStatus !== 'UNKNOWN'
  const registered = make('td', { className: 'number', textContent: ago(instance.leaseInfo?.registrationTimestamp ?? 0) })
  registered.dataset.at = instance.leaseInfo?.registrationTimestamp ?? 0
  registered.title = new Date(instance.leaseInfo?.registrationTimestamp ?? 0).toISOString()
  return make('tr', { className: freshUntil > Date.now() ? 'fresh' : '' },
    make('td', {}, open),
    make('td', { className: 'word' }, state(instance.status), isOverridden ? make('span', { className: 'under', textContent: 'by an operator' }) : ''),
    make('td', { className: 'mono', textContent: `${instance.ipAddr}:${instance.port?.$ ?? ''}` }),
    make('td', { textContent: zoneOf(instance) || '–' }),
    registered)
}

// ---- changes, and what is asked now and then

function note(change) {
  changes.unshift(change)
  changes = changes.slice(0, CHANGES_MAX)
}

function drawChanges() {
  const line = (change) => make('li', {},
    make('span', {}, `${change.app} `, make('span', { className: 'mono', textContent: change.instance_id })),
    make('span', { textContent: `${change.what === 'changed' ? change.status : change.what} ${clock(change.at_ms)}` }))
  fill('changes', ...(changes.length ? changes.map(line) : [make('li', { className: 'quiet', textContent: 'Nothing has changed yet.' })]))
}

async function ask(path) {
  const response = await fetch(path, { headers: { accept: 'application/json' } })
  return response.ok ? response.json() : null
}

async function lately() {
  const told = await ask('lastn')
  if (!told) return
  const all = ['registered', 'changed', 'ended'].flatMap((what) => told[what].map((change) => ({ ...change, what })))
  changes = [...changes, ...all.sort((a, b) => b.at_ms - a.at_ms)].slice(0, CHANGES_MAX)
  soon()
}

async function summary() {
  try {
    const report = await ask('eureka/leases?summary=true')
    if (report) drawSummary(report)
    const audit = at('audit-panel').dataset.isRefused ? null : await ask('eureka/audit')
    if (audit) drawAudit(audit.items)
    else at('audit-panel').dataset.isRefused = 'yes'
  } catch {
    // The watch says that the registry is lost.
  }
  setTimeout(summary, SUMMARY_EVERY_MS)
}

function drawSummary(report) {
  const own = report.self_preservation
  const isKeeping = (one) => one.state === 'preserving' || one.state === 'catching-up'
  const renewals = `Renewals: ${own.renewals_expected_per_minute.toLocaleString('en')} a minute expected, ${own.renewals_last_minute.toLocaleString('en')} came in the last minute.`
  at('preservation').textContent = isKeeping(own) ? sentence(own.explanation) : `${sentence(own.explanation)} ${renewals}`
  const keeping = [own, ...own.applications].filter(isKeeping)
  at('preserving').hidden = keeping.length === 0
  at('preserving').textContent = keeping.map((one) => sentence(one.explanation)).join(' ')
  fill('preservation-apps', ...own.applications.filter((one) => one.state !== 'off').map((one) => make('li', {}, make('span', { textContent: one.explanation }), make('span', { textContent: one.state }))))
  const peers = report.peers.filter((peer) => peer.state !== 'self').map((peer) => make('li', {},
    make('span', { className: 'mono', textContent: peer.url }),
    make('span', { className: peer.state === 'down' ? 'bad' : '', textContent: `${peer.state}${peer.kind ? `, ${peer.kind}` : ''}` }),
    make('span', { className: 'under', textContent: `${peer.queued} waiting, ${peer.lag_ms} ms behind; ${peer.sent} sent, ${peer.repaired} repaired, ${peer.dropped} dropped${peer.last_error ? `: ${peer.last_error}` : ''}` })))
  const regions = report.regions.map((region) => make('li', {},
    make('span', { textContent: `region ${region.name}` }),
    make('span', { className: region.state === 'down' ? 'bad' : '', textContent: `${region.state}, ${count(region.instances, 'instance')}` }),
    make('span', { className: 'under mono', textContent: region.url })))
  const none = make('li', { className: 'quiet', textContent: 'This registry stands alone: no peers and no other regions are configured.' })
  fill('peers', ...(peers.length + regions.length ? [...peers, ...regions] : [none]))
}

const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

function drawAudit(items) {
  at('audit-panel').hidden = false
  const line = (item) => make('li', {},
    make('span', {}, `${item.app} `, make('span', { className: 'mono', textContent: item.instance_id })),
    make('span', { textContent: clock(item.at_ms) }),
    make('span', { className: 'under', textContent: `${item.action}${item.status ? ` ${item.status}` : ''} by ${item.caller} from ${item.address}: ${item.outcome}${item.reason ? ` (${item.reason})` : ''}` }))
  const none = make('li', { className: 'quiet', textContent: 'No overrides since this registry started.' })
  fill('audit', ...(items.length ? items.slice(0, 30).map(line) : [none]))
}

// ---- one instance

function show(key) {
  opened = { key, lease: null }
  at('override-said').textContent = ''
  drawDetail()
  at('detail').showModal()
  refreshLease()
}

async function refreshLease() {
  const shown = opened
  const instance = shown && instances.get(shown.key)?.instance
  if (!instance) return
  const report = await ask(`eureka/leases?app=${encodeURIComponent(instance.app)}`).catch(() => null)
  if (opened !== shown) return
  shown.lease = report?.leases.find((lease) => lease.instance_id === idOf(instance)) ?? shown.lease
  drawDetail()
  setTimeout(() => { if (opened === shown) refreshLease() }, 1000)
}

function pairs(id, entries) {
  fill(id, ...entries.filter(([, value]) => value !== undefined && value !== '').flatMap(([name, value]) => [
    make('dt', { textContent: name }), make('dd', {}, value instanceof Node ? value : String(value))]))
}

function link(url) {
  if (!/^https?:\/\//i.test(url ?? '')) return url
  return make('a', { href: url, rel: 'noreferrer noopener', target: '_blank', textContent: url })
}

function drawDetail() {
  const instance = instances.get(opened.key)?.instance
  at('override').hidden = !instance
  if (!instance) {
    at('override-said').textContent = ''
    at('detail-title').textContent = `${opened.key.replace('\n', ' ')} is gone`
    return
  }
  const { lease } = opened
  at('detail-title').textContent = `${instance.app} ${idOf(instance)}`
  pairs('detail-facts', [
    ['Status', state(instance.status)],
    ['Address', `${instance.ipAddr}:${instance.port.$}${instance.securePort?.['@enabled'] === 'true' ? `, TLS ${instance.securePort.$}` : ''}`],
    ['Host name', instance.hostName],
    ['Zone', zoneOf(instance)],
    ['VIP', [instance.vipAddress, instance.secureVipAddress].filter(Boolean).join(', ')],
    ['Registered', `${new Date(instance.leaseInfo.registrationTimestamp).toLocaleString('en-GB')} (${ago(instance.leaseInfo.registrationTimestamp)})`],
    ['Lease', `${instance.leaseInfo.durationInSecs} s, renewed every ${instance.leaseInfo.renewalIntervalInSecs} s`],
    ['Ends in', lease ? `${(lease.expires_in_ms / 1000).toFixed(1)} s, heard from its ${lease.heard_from}` : undefined],
    ['Status page', link(instance.statusPageUrl)],
    ['Home page', link(instance.homePageUrl)],
    ['Health check', link(instance.healthCheckUrl)],
  ])
  const metadata = Object.entries(instance.metadata ?? {}).filter(([name]) => name !== '@class')
  pairs('detail-metadata', metadata.length ? metadata : [['none', '–']])
  const overridden = instance.overriddenStatus !== 'UNKNOWN'
  at('override-now').textContent = overridden
    ? `Overridden to ${instance.overriddenStatus}${lease?.override_reason ? `: ${lease.override_reason}` : ''}. It stays so until it is removed.`
    : 'Not overridden: the instance says its own status. OUT_OF_SERVICE takes it out of traffic and leaves it running.'
  at('override-remove').disabled = !overridden
}

async function operate(method, query) {
  const instance = instances.get(opened.key)?.instance
  if (!instance) return
  const path = `eureka/apps/${encodeURIComponent(instance.app)}/${encodeURIComponent(idOf(instance))}/status`
  const said = at('override-said')
  said.textContent = ''
  try {
    const response = await fetch(`${path}?${new URLSearchParams(query)}`, { method })
    // Eureka keeps no override to what the instance says already.
    const isKept = method !== 'PUT' || query.value !== instance.status || instance.overriddenStatus === query.value
    const done = isKept ? 'Done.' : `It is ${query.value} already: no override was set, and it may say another status any time.`
    said.textContent = response.ok ? done : `Refused: ${response.headers.get('bijou-reason') ?? response.status}`
    said.className = response.ok ? '' : 'bad'
  } catch {
    said.textContent = 'The registry cannot be reached; nothing was changed.'
    said.className = 'bad'
  }
}

at('override').addEventListener('submit', (event) => {
  event.preventDefault()
  operate('PUT', { value: at('override-status').value, reason: at('override-reason').value })
})
at('override-remove').addEventListener('click', () => operate('DELETE', { reason: at('override-reason').value }))
at('detail-close').addEventListener('click', () => at('detail').close())
at('detail').addEventListener('close', () => { opened = null })
at('search').addEventListener('submit', (event) => event.preventDefault())
for (const id of ['query', 'status', 'zone']) at(id).addEventListener('input', drawRows)
// Ages grow by themselves, in place.
setInterval(() => {
  for (const cell of document.querySelectorAll('td[data-at]')) cell.textContent = ago(Number(cell.dataset.at))
}, 10_000)

watch()
lately().catch(() => {})
summary()
