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

export function Picture(props: PictureProps) {
  return (
    <img class={props.class} src={props.picture.url} srcset={srcsetOf(props.picture.url)} sizes={props.sizes}
      width={props.picture.width} height={props.picture.height} alt={props.alt} decoding="async" draggable={false}
      fetchpriority={props.when === 'first' ? 'high' : 'auto'} loading={props.when === 'lazy' ? 'lazy' : 'eager'} />
  )
}
