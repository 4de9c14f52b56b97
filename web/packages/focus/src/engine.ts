//! The engine on a page: keys in, focus out. Real focus of the browser, no second cursor, so that screen readers, Tab and
//! the mouse see the same one.
//!
//! It listens on the window: whatever a component takes for itself by `preventDefault` never comes here.

import { keyboard, type Keyed, type Meaning } from './keys.ts'
import { neighbourOf, type Seen } from './neighbour.ts'
import { Hold, Pace } from './pace.ts'
import { next, type Step } from './place.ts'
import { groupsIn, isOwnKey, isStop, Memory, stopsIn, topScope, type FoundGroup } from './stops.ts'
import { needed } from './windowed.ts'

export interface FocusOptions {
  /** Names of keys besides those of a keyboard, such as a remote control's. */
  keys?: (event: Keyed) => Meaning | undefined
  /** True where nothing but keys leads (a television): something always has focus, also before the first key. */
  always?: () => boolean
  /** Back, when no layer on the page took it. Says whether there was anything to go back to. */
  back?: () => boolean
}

export interface FocusEngine {
  /** A new screen is shown. `left` is the id that had focus when the person was here last. */
  arrive(left?: string): void
  /** To the first stop of the page and its top; false when it was there already. */
  top(): boolean
  stop(): void
}

interface Arrival { left: string | undefined; announced: boolean }

export function installFocus(root: HTMLElement, options: FocusOptions = {}): FocusEngine {
  return new Engine(root, options)
}

class Engine implements FocusEngine {
  readonly #gone = new AbortController()
  readonly #memory = new Memory()
  readonly #page: Document
  readonly #changes: MutationObserver
  readonly #sizes: ResizeObserver
  #looking: ReturnType<typeof setTimeout> | undefined
  #seen: Seen | undefined
  #had: HTMLElement | undefined
  #arrival: Arrival | undefined
  /** Whom focus goes back to when a layer is closed, innermost last. */
  #openers: { scope: HTMLElement; opener: HTMLElement | undefined }[] = []
  readonly #pace = new Pace((then) => void requestAnimationFrame(then))
  readonly #hold = new Hold<HTMLElement>(timer(), {
    press: (stop) => stop === this.#page.activeElement && stop.click(),
    more: (stop) => void stop.dispatchEvent(new CustomEvent('focusmore', { bubbles: true })),
  })

  constructor(readonly root: HTMLElement, readonly options: FocusOptions) {
    this.#page = root.ownerDocument
    const { signal } = this.#gone
    const led = (by: 'keys' | 'pointer') => () => void (this.#page.documentElement.dataset['led'] = by)
    // While keys lead, a mouse left lying on a card must not make a second one look chosen.
    addEventListener('keydown', led('keys'), { signal, capture: true })
    addEventListener('pointermove', led('pointer'), { signal, passive: true })
    addEventListener('pointerdown', led('pointer'), { signal, passive: true })
    addEventListener('keydown', (event) => this.#onKey(event), { signal })
    addEventListener('keyup', (event) => this.#meaning(event) === 'ok' && this.#hold.up(), { signal })
    this.#page.addEventListener('focusin', (event) => this.#onFocus(event.target), { signal })
    // Pictures that come and rows above that grow move the page without changing it: the browser scrolls after we looked.
    addEventListener('scroll', () => this.#look(), { signal, capture: true, passive: true })
    this.#sizes = new ResizeObserver(() => this.#look())
    this.#sizes.observe(this.#page.body)
    this.#changes = new MutationObserver(() => this.#onChange())
    this.#changes.observe(this.#page.body, {
      childList: true, subtree: true, attributes: true, attributeFilter: ['hidden', 'disabled', 'inert', 'aria-hidden', 'open', 'class', 'style'],
    })
  }

  arrive(left?: string): void {
    this.#seen = undefined
    this.#had = undefined
    this.#openers = []
    this.#arrival = { left, announced: false }
    // The screen that is left may still be in the page.
    requestAnimationFrame(() => this.#settle())
  }

  top(): boolean {
    const first = this.#first()
    if (!first || (first === this.#page.activeElement && scrollY < 4)) return false
    land(first, 'smooth')
    scrollTo({ top: 0, behavior: isStill() ? 'auto' : 'smooth' })
    return true
  }

  stop(): void {
    this.#gone.abort()
    this.#changes.disconnect()
    this.#sizes.disconnect()
    clearTimeout(this.#looking)
  }

  #onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const meaning = this.#meaning(event)
    if (!meaning) return
    if (meaning !== 'ok') this.#hold.forget()
    if (meaning === 'back') return this.#back(event)
    const at = this.#page.activeElement
    if (meaning === 'ok') return this.#ok(event, at)
    if (meaning === 'more') return void (this.#always() && isStop(at) && at.matches(MORE) && at.dispatchEvent(new CustomEvent('focusmore', { bubbles: true })))
    if (isOwnKey(at, meaning)) return
    if (!this.#pace.takes(event.repeat)) return event.preventDefault()
    if (!this.#step(meaning, event.repeat)) return
    event.preventDefault()
    this.#pace.stepped()
  }

  #ok(event: KeyboardEvent, at: Element | null): void {
    // On a television the finger that opened something is still down when it is there: it must not press that as well.
    if (this.#always() && event.repeat) return event.preventDefault()
    if (this.#always() && isStop(at) && at.matches(MORE)) {
      event.preventDefault()
      this.#hold.down(at)
    } else if (event.key !== 'Enter' && isStop(at)) {
      // Enter presses what has focus by itself; a remote's own OK does not.
      event.preventDefault()
      at.click()
    } else if (!isStop(at) && this.#always() && this.#find()) event.preventDefault()
  }

  /** True when the key was for us, whether or not there was anywhere to go. */
  #step(step: Step, held: boolean): boolean {
    const scope = topScope(this.#page.body)
    const at = this.#page.activeElement
    if (!isStop(at) || !scope.contains(at)) {
      // Nobody has entered the page yet: down goes in, the other arrows scroll. Where keys alone lead, all go in.
      this.#arrival = undefined
      return step === 'down' || this.#always() || this.#seen ? this.#find() : false
    }
    const groups = groupsIn(scope, this.#memory)
    const group = groups.findIndex((each) => each.elements.includes(at))
    const found = groups[group]
    if (!found) return false
    const drawn = needed(found.element, at, found.shape, step)
    if (drawn) {
      this.#arrival = undefined
      land(drawn, held ? 'auto' : 'smooth')
    } else {
      const to = next(groups, { group, stop: found.elements.indexOf(at) }, step, held)
      const stop = to && groups[to.group]?.elements[to.stop]
      if (stop) {
        // Somebody has gone on by themselves. Where there was nowhere to go, the screen may still be coming.
        this.#arrival = undefined
        this.#land(stop, held)
      } else if (step === 'up' || step === 'down') this.#scroll(at, step, held)
    }
    return true
  }

  /** The end of the page: shows what no stop leads to, such as words below the last row, as far as what has focus stays. */
  #scroll(at: HTMLElement, step: 'up' | 'down', held: boolean): void {
    const { top, bottom } = at.getBoundingClientRect()
    const room = Math.max(0, Math.min(innerHeight / 3, step === 'up' ? innerHeight - bottom : top))
    scrollBy({ top: step === 'up' ? -room : room, behavior: held || isStill() ? 'auto' : 'smooth' })
  }

  #land(stop: HTMLElement, held: boolean): void {
    land(stop, held ? 'auto' : 'smooth')
    // What stands above the first stops of a page belongs to them.
    const { bottom } = stop.getBoundingClientRect()
    if (this.#page.activeElement === stop && scrollY > 0 && bottom + scrollY < innerHeight * 0.9 && stop.closest('dialog, [data-focus-scope]') === null) {
      scrollTo({ top: 0, behavior: held || isStill() ? 'auto' : 'smooth' })
    }
  }

  #back(event: KeyboardEvent): void {
    const at = this.#page.activeElement ?? this.#page.body
    const scope = topScope(this.#page.body)
    const taken = !(scope.contains(at) ? at : scope).dispatchEvent(new CustomEvent('focusback', { bubbles: true, cancelable: true }))
    if (taken) return event.preventDefault()
    // Escape of a keyboard closes layers and leaves no screen; only a remote's Back does that.
    if (event.key === 'Escape' && !this.#always()) return
    // A field that is being written in keeps its own Backspace.
    if (this.options.back?.()) event.preventDefault()
  }

  #onFocus(target: EventTarget | null): void {
    if (!(target instanceof HTMLElement) || !isStop(target)) return
    const groups = groupsIn(topScope(this.#page.body), this.#memory)
    const group = groups.find((each) => each.elements.includes(target))
    if (!group) return
    const stop = group.elements.indexOf(target)
    this.#memory.keep(group.key, target.id, stop)
    this.#seen = { id: target.id, stop, group: group.key, groups: groups.map((each) => each.key) }
    this.#had = target
  }

  #onChange(): void {
    if (this.#arrival) return this.#settle()
    this.#followLayers()
    const at = this.#page.activeElement
    if (this.#had && this.#had !== at && !isStop(this.#had) && (at === null || at === this.#page.body)) this.#find()
    else if (at === this.#had && at instanceof HTMLElement && !isStop(at)) this.#find()
    else if (this.#always() && !this.#seen && (at === null || at === this.#page.body)) this.#find()
    // A row that comes late pushes what is below it off the screen, focus with it.
    else this.#follow()
  }

  /** Once the page stands still: where nothing but keys scrolls, what has focus is on the screen. */
  #look(): void {
    if (!this.#always()) return
    clearTimeout(this.#looking)
    this.#looking = setTimeout(() => this.#follow(), STILL_MS)
  }

  #follow(): void {
    const at = this.#page.activeElement
    if (this.#always() && isStop(at) && isBeside(at)) show(at, 'auto')
  }

  /** A layer that opens takes focus, one that closes gives it back to what opened it. */
  #followLayers(): void {
    const scope = topScope(this.#page.body)
    const at = this.#page.activeElement
    while (this.#openers.length > 0 && this.#openers.at(-1)?.scope !== scope && !this.#openers.at(-1)?.scope.isConnected) {
      const { opener } = this.#openers.pop()!
      if (opener && isStop(opener) && (at === null || at === this.#page.body)) return land(opener, 'auto')
    }
    if (scope === this.#page.body || scope.contains(at)) return
    if (this.#openers.at(-1)?.scope !== scope) this.#openers.push({ scope, opener: at instanceof HTMLElement && isStop(at) ? at : this.#had })
    const stop = firstOf(scope)
    if (stop) land(stop, 'auto')
  }

  #settle(): void {
    const arrival = this.#arrival
    if (!arrival) return
    const left = arrival.left === undefined ? null : this.#page.getElementById(arrival.left)
    if (isStop(left)) {
      this.#arrival = undefined
      return land(left, 'auto')
    }
    const main = this.#page.querySelector<HTMLElement>('main')
    if (this.#always()) {
      const stop = (main && firstOf(main)) ?? undefined
      if (stop) {
        // What was left may still come: rows are drawn as they arrive.
        if (arrival.left === undefined) this.#arrival = undefined
        if (!arrival.announced) land(stop, 'auto')
        arrival.announced = true
      } else if (!isStop(this.#page.activeElement)) {
        const any = stopsIn(this.#page.body)[0]
        if (any) land(any, 'auto')
      }
      return
    }
    // A screen reader hears the heading; the first arrow down goes on from there.
    const heading = main?.querySelector<HTMLElement>('h1[tabindex]')
    if (!heading || arrival.announced) return
    arrival.announced = true
    if (arrival.left === undefined) this.#arrival = undefined
    heading.focus({ preventScroll: arrival.left === undefined })
  }

  /** Puts focus somewhere sensible when nothing has it. */
  #find(): boolean {
    const scope = topScope(this.#page.body)
    const groups = groupsIn(scope, this.#memory)
    const place = this.#seen && neighbourOf(this.#seen, groups.map(asLeft))
    const stop = place ? groups[place.group]?.elements[place.stop] : this.#first(scope)
    if (!stop) return false
    const byKeys = this.#always() || this.#page.documentElement.dataset['led'] === 'keys'
    if (byKeys) land(stop, 'auto')
    else stop.focus({ preventScroll: true })
    return true
  }

  #first(scope: HTMLElement = topScope(this.#page.body)): HTMLElement | undefined {
    const main = scope === this.#page.body ? scope.querySelector<HTMLElement>('main') : null
    return (main && firstOf(main)) ?? firstOf(scope)
  }

  #always = () => this.options.always?.() ?? false

  #meaning = (event: Keyed): Meaning | undefined => this.options.keys?.(event) ?? keyboard(event)
}

/** Stops that have more to them than a press: the event `focusmore`, when OK is held. */
const MORE = '[data-focus-more]'

function timer() {
  let running: ReturnType<typeof setTimeout> | undefined
  return {
    start: (ms: number, then: () => void) => {
      clearTimeout(running)
      running = setTimeout(then, ms)
    },
    stop: () => clearTimeout(running),
  }
}

const asLeft = (group: FoundGroup) => ({ key: group.key, ids: group.elements.map((each) => each.id) })

function firstOf(scope: HTMLElement): HTMLElement | undefined {
  const named = scope.querySelector('[data-focus-first]')
  if (isStop(named)) return named
  return (named instanceof HTMLElement ? stopsIn(named)[0] : undefined) ?? stopsIn(scope)[0]
}

/** So long without a scroll, and a smooth one has ended. */
const STILL_MS = 150

const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches

/** Focuses a stop and brings it into view, whole, without moving more than needed. */
export function land(stop: HTMLElement, how: 'smooth' | 'auto'): void {
  // `focusVisible` is newer than some browsers of televisions, which ignore it; the style of the TV mode does not need it.
  stop.focus({ preventScroll: true, focusVisible: true } as FocusOptions & { preventScroll: boolean })
  show(stop, how)
}

function show(stop: HTMLElement, how: 'smooth' | 'auto'): void {
  stop.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: isStill() ? 'auto' : how })
}

/** Whether its middle is off the screen. */
function isBeside(stop: HTMLElement): boolean {
  const { top, left, width, height } = stop.getBoundingClientRect()
  const [x, y] = [left + width / 2, top + height / 2]
  return x < 0 || y < 0 || x > innerWidth || y > innerHeight
}
