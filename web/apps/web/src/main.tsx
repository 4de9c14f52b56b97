//! Starts the viewer app.

import { render } from 'solid-js/web'
import '@bijou/ui/fonts.css'
import '@bijou/ui/tokens.css'
import '@bijou/ui/base.css'
import { App } from './App.tsx'
import { becomeTv } from './focus.ts'
import { enter } from './platform.ts'
import { installRouter } from './router.ts'
import './watch/positions.ts'

const root = document.getElementById('app')
if (!root) throw new Error('index.html has no element with id `app`')

installRouter()
void enter()
// The shell without a network, for phones that keep the app; after the first picture, which it must not delay.
if (import.meta.env.PROD) addEventListener('load', () => void navigator.serviceWorker?.register('/sw.js').catch(() => undefined))
void becomeTv().finally(() => render(() => <App />, root))
