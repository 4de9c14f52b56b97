//! The mark: five bulbs in an arc over a doorway. With the name beside it, or alone.

import './Logo.css'

export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 40 40" aria-hidden="true">
      <path class="mark__door" d="M11 37V22a9 9 0 0 1 18 0v15z" />
      <path class="mark__light" d="M14.5 37V22.4a5.5 5.5 0 0 1 11 0V37z" />
      <g class="mark__bulbs">
        <circle cx="4.6" cy="21" r="2.1" />
        <circle cx="9.3" cy="11.3" r="2.1" />
        <circle cx="20" cy="6.4" r="2.1" />
        <circle cx="30.7" cy="11.3" r="2.1" />
        <circle cx="35.4" cy="21" r="2.1" />
      </g>
    </svg>
  )
}

export function Logo() {
  return (
    <span class="logo">
      <Mark />
      <span class="logo__name">Bijou</span>
    </span>
  )
}
