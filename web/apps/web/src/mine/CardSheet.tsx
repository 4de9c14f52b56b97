//! Everything one may do with a card, without leaving the page: play, keep, judge, hide, and ask why it is there.

import { createSignal, Show } from 'solid-js'
import type { Card } from '@bijou/api-client/types.ts'
import { Dialog } from '@bijou/ui/Dialog.tsx'
import { PlayIcon } from '@bijou/ui/icons.tsx'
import { Picture } from '@bijou/ui/Picture.tsx'
import { dropCard, outdateHome } from '../home/state.ts'
import { pathOf } from '../places.ts'
import { bijou } from '../platform.ts'
import { age } from '../words.ts'
import { Verdict } from './Verdict.tsx'
import { Why } from './Why.tsx'
import './CardSheet.css'

/** `kind`: of the row it hangs in, `list` for the list's own page. */
export function CardSheet(props: { card: Card; kind: string; href: string; close: () => void }) {
  const [said, setSaid] = createSignal('')
  const title = () => pathOf({ kind: 'title', id: props.card.title_id })
  const isBegun = () => props.kind === 'continue'
  const hide = async () => {
    const { title_id } = props.card
    const answer = await bijou.mine.hide(title_id)
    if (!answer.ok) return void setSaid('It is still there: profiles does not answer. Try again in a moment.')
    props.close()
    dropCard(title_id, 'continue')
    outdateHome()
  }
  return (
    <Dialog labelledby="card-sheet" class="card-sheet" close={props.close}>
      <div class="card-sheet__picture">
        <Picture picture={props.card.artwork.backdrop} alt="" sizes="34rem" />
      </div>
      <h2 id="card-sheet">{props.card.name}</h2>
      <p class="quiet card-sheet__facts">{props.card.year} · {age(props.card.certification_age)}{props.card.kind === 'show' ? ' · Show' : ''}</p>
      <Show when={props.card.synopsis_short}>{(text) => <p>{text()}</p>}</Show>
      <div class="ways" data-focus-row>
        <Show when={props.card.playable && (props.card.kind === 'movie' || props.card.progress?.episode_id)}>
          <a class="button button--main" id="sheet-play"
            href={props.href === title() ? pathOf({ kind: 'watch', id: props.card.title_id }) : props.href}>
            <PlayIcon />{props.card.progress && props.card.progress.position_s > 0 ? 'Resume' : 'Play'}
          </a>
        </Show>
        <a class="button" id="sheet-title" href={title()}>{props.card.kind === 'show' ? 'About the show' : 'About the film'}</a>
      </div>
      <div class="ways" data-focus-row>
        <Verdict titleId={props.card.title_id} name={props.card.name}
          onThumb={(value) => value === 'down' && !isBegun() && dropCard(props.card.title_id)} />
      </div>
      <Show when={props.card.card} fallback={<p class="quiet">{props.card.reason.text}</p>}>
        {(card) => <Why card={card()} reason={props.card.reason.text} />}
      </Show>
      <Show when={isBegun()}>
        <div class="ways" data-focus-row>
          <button type="button" class="button button--small button--quiet" id="sheet-hide" onClick={() => void hide()}>Remove from Continue watching</button>
        </div>
      </Show>
      <p class="said" role="alert">{said()}</p>
    </Dialog>
  )
}
