//! One picture in the size that fits, its place kept before it is there.

import type { Artwork } from '@bijou/api-client/types.ts'
import { srcsetOf } from './picture.ts'

export interface PictureProps {
  picture: Artwork
  /** How wide it is shown, in the words of `sizes`. */
  sizes: string
  /** Empty when the words beside it say the same. */
  alt: string
  class?: string
  /** What is looked at first is fetched first; `lazy` waits until it is near. */
  when?: 'first' | 'soon' | 'lazy'
}

/** Pauses before a picture that did not come is asked for again: it may only just have been painted. */
const AGAIN_MS = [1_000, 3_000, 9_000]

function askAgain(image: HTMLImageElement): void {
  const tried = Number(image.dataset['tried'] ?? 0)
  const pause = AGAIN_MS[tried]
  if (pause === undefined) return
  image.dataset['tried'] = String(tried + 1)
  setTimeout(() => { image.src = image.getAttribute('src') ?? '' }, pause)
}

export function Picture(props: PictureProps) {
  return (
    <img class={props.class} src={props.picture.url} srcset={srcsetOf(props.picture.url)} sizes={props.sizes}
      width={props.picture.width} height={props.picture.height} alt={props.alt} decoding="async" draggable={false}
      onError={(event) => askAgain(event.currentTarget)}
      fetchpriority={props.when === 'first' ? 'high' : 'auto'} loading={props.when === 'lazy' ? 'lazy' : 'eager'} />
  )
}
