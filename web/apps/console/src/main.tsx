//! Starts the operator's page.

import { render } from 'solid-js/web'
import '@bijou/ui/fonts.css'
import '@bijou/ui/tokens.css'
import '@bijou/ui/daylight.css'
import '@bijou/ui/base.css'
import './console.css'
import { App } from './App.tsx'
import { enter } from './operator.ts'
import { installLight } from './light.ts'

const root = document.getElementById('app')
if (!root) throw new Error('index.html has no element with id `app`')

installLight()
void enter()
render(() => <App />, root)
