//! The operator's page: the door, and behind it the house.

import { Match, Switch } from 'solid-js'
import { WaitingBulbs } from '@bijou/ui/Bulbs.tsx'
import { operator } from './operator.ts'
import { Shell } from './Shell.tsx'
import { SignIn } from './SignIn.tsx'

export function App() {
  return (
    <Switch>
      <Match when={operator() === 'unknown'}><main class="sign-in"><h1 class="hidden-text">Operator</h1><WaitingBulbs large label="The console is coming up" /></main></Match>
      <Match when={operator() === 'nobody'}><SignIn /></Match>
      <Match when={operator() === 'signed-in'}><Shell /></Match>
    </Switch>
  )
}
