//! A layer over the page: the browser's own `dialog`, so that focus stays inside and Escape closes it everywhere.
//!
//! A remote's Back comes as `focusback` from the focus engine; a press beside it closes it, too.

import { onCleanup, onMount, type JSX } from 'solid-js'
import { CloseIcon } from './icons.tsx'
import './Dialog.css'

export interface DialogProps {
  /** Id of the heading inside. */
  labelledby: string
  close: () => void
  children: JSX.Element
  class?: string
  /** Without the cross in its corner, where the choice must be made by one of its buttons. */
  plain?: boolean
}

export function Dialog(props: DialogProps) {
  let dialog!: HTMLDialogElement
  onMount(() => {
    dialog.addEventListener('focusback', (event) => {
      event.preventDefault()
      props.close()
    })
    dialog.showModal()
  })
  onCleanup(() => dialog.open && dialog.close())
  return (
    <dialog ref={dialog} class={`dialog ${props.class ?? ''}`} aria-labelledby={props.labelledby}
      onCancel={(event) => {
        event.preventDefault()
        props.close()
      }}
      onClick={(event) => event.target === dialog && props.close()}>
      <div class="dialog__inside">
        {props.children}
        {!props.plain && (
          <button type="button" class="dialog__close" aria-label="Close" onClick={() => props.close()}><CloseIcon /></button>
        )}
      </div>
    </dialog>
  )
}
