//! Starts the viewer app.

import { render } from 'solid-js/web'
import { installArrowKeys } from '@bijou/focus/dom.ts'
import '@bijou/ui/fonts.css'
import '@bijou/ui/tokens.css'
import '@bijou/ui/base.css'
import { App } from './App.tsx'
import { enter } from './platform.ts'
import { installRouter } from './router.ts'

const root = document.getElementById('app')
if (!root) throw new Error('index.html has no element with id `app`')

installRouter()
installArrowKeys(root)
void enter()
render(() => <App />, root)
